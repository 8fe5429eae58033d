use clap::{Arg, ArgAction, Command};
use yilian_core::rules::Language;

/// The language of this run: what `--lang` says, else the computer's own. Chinese comes first: only
/// a computer that is set to English is spoken to in English.
pub(crate) fn of_process() -> Language {
    let arguments = std::env::args_os().map(|argument| argument.to_string_lossy().into_owned());
    asked(arguments).unwrap_or_else(|| match sys_locale::get_locale() {
        Some(locale) if locale.to_ascii_lowercase().starts_with("en") => Language::En,
        _ => Language::Zh,
    })
}

/// What `--lang` says, read before anything else so that errors are in that language already.
fn asked(arguments: impl Iterator<Item = String>) -> Option<Language> {
    let mut arguments =
        arguments.skip_while(|argument| argument != "--lang" && !argument.starts_with("--lang="));
    let found = arguments.next()?;
    let value = match found.split_once('=') {
        Some((_, value)) => value.to_owned(),
        None => arguments.next()?,
    };
    match value.as_str() {
        "zh" => Some(Language::Zh),
        "en" => Some(Language::En),
        _ => None,
    }
}

/// Picks the texts of one language, and gives every command its help flag.
pub(crate) fn localized(command: Command, language: Language) -> Command {
    let (usage, arguments, commands, help, version) = match language {
        Language::Zh => ("用法", "参数", "命令", "显示帮助", "显示版本"),
        Language::En => (
            "Usage",
            "Arguments",
            "Commands",
            "show this help",
            "show the version",
        ),
    };
    let template = format!("{{about}}\n\n{usage}: {{usage}}\n\n{{all-args}}{{after-help}}");
    let is_root = command.get_name() == "yilian";
    let about = command
        .get_about()
        .map(|about| one(&about.to_string(), language));
    let more = command
        .get_after_help()
        .map(|more| one(&more.to_string(), language));
    let names: Vec<String> = command
        .get_subcommands()
        .map(|sub| sub.get_name().to_owned())
        .collect();
    let ids: Vec<_> = command
        .get_arguments()
        .map(|argument| argument.get_id().clone())
        .collect();
    let mut command = command
        .help_template(template)
        .subcommand_help_heading(commands)
        .disable_help_flag(true)
        .arg(
            Arg::new("help")
                .short('h')
                .long("help")
                .action(ArgAction::Help)
                .help(help)
                .help_heading(arguments),
        );
    if is_root {
        command = command.arg(
            Arg::new("version")
                .short('V')
                .long("version")
                .action(ArgAction::Version)
                .help(version)
                .help_heading(arguments),
        );
    }
    if let Some(about) = about {
        command = command.about(about);
    }
    if let Some(more) = more {
        command = command.after_help(more);
    }
    for id in ids {
        command = command.mut_arg(id, |argument| {
            let text = argument
                .get_help()
                .map(|text| one(&text.to_string(), language));
            let values = values(&argument, language);
            let takes = argument.get_action().takes_values();
            argument
                .help_heading(arguments)
                .hide_possible_values(takes)
                .hide_default_value(takes)
                .help(format!("{}{values}", text.unwrap_or_default()))
        });
    }
    for name in names {
        command = command.mut_subcommand(name, |sub| localized(sub, language));
    }
    command
}

/// What an argument can be, and what it is where nobody says.
fn values(argument: &Arg, language: Language) -> String {
    if !argument.get_action().takes_values() {
        return String::new();
    }
    let possible: Vec<String> = argument
        .get_possible_values()
        .iter()
        .map(|value| value.get_name().to_owned())
        .collect();
    let default: Vec<_> = argument
        .get_default_values()
        .iter()
        .map(|value| value.to_string_lossy())
        .collect();
    let (between, before, after) = match language {
        Language::Zh => ("、", "（", "）"),
        Language::En => (", ", " (", ")"),
    };
    let default = match (default.join(" "), language) {
        (default, _) if default.is_empty() => String::new(),
        (default, Language::Zh) => format!("默认 {default}"),
        (default, Language::En) => format!("default {default}"),
    };
    let parts: Vec<String> = [possible.join(between), default]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    match (parts.is_empty(), language) {
        (true, _) => String::new(),
        (false, Language::Zh) => format!("{before}{}{after}", parts.join("；")),
        (false, Language::En) => format!("{before}{}{after}", parts.join("; ")),
    }
}

/// What clap has no setting for: the placeholders in the line that shows how to use a command.
pub(crate) fn usage(help: &str, language: Language) -> String {
    match language {
        Language::Zh => help
            .replace("[OPTIONS]", "[选项]")
            .replace("<COMMAND>", "<命令>")
            .replace("[alias: ", "[也可写 "),
        Language::En => help.to_owned(),
    }
}

fn one(text: &str, language: Language) -> String {
    match (text.split_once(" | "), language) {
        (Some((zh, _)), Language::Zh) => zh.to_owned(),
        (Some((_, en)), Language::En) => en.to_owned(),
        (None, _) => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(arguments: &[&str]) -> Option<Language> {
        asked(arguments.iter().map(|argument| (*argument).to_owned()))
    }

    #[test]
    fn the_flag_is_found_in_either_form_and_place() {
        assert_eq!(
            of(&["yilian", "--lang", "en", "status"]),
            Some(Language::En)
        );
        assert_eq!(of(&["yilian", "status", "--lang=zh"]), Some(Language::Zh));
        assert_eq!(of(&["yilian", "--lang"]), None);
        assert_eq!(of(&["yilian", "--lang", "fr"]), None);
    }

    #[test]
    fn one_language_is_shown() {
        assert_eq!(one("数据目录 | where", Language::Zh), "数据目录");
        assert_eq!(one("数据目录 | where", Language::En), "where");
        assert_eq!(one("both", Language::En), "both");
    }
}
