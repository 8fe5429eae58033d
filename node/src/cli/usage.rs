//! From arguments to what they ask for, or to what to answer instead.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory as _, FromArgMatches as _};
use yilian_core::rules::{Language, Text};

use super::args::Arguments;
use super::failure::Answer;
use super::language;

/// Reads the arguments, the program's name first.
pub(crate) fn parse(arguments: &[OsString], language: Language) -> Result<Arguments, Answer> {
    let command = language::localized(Arguments::command(), language);
    let json = arguments.iter().any(|argument| argument == "--json");
    command
        .try_get_matches_from(arguments)
        .and_then(|matches| Arguments::from_arg_matches(&matches))
        .map_err(|error| answer(&error, json, language))
}

fn answer(error: &clap::Error, json: bool, language: Language) -> Answer {
    let help = || language::usage(&error.render().to_string(), language);
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Answer::Asked(help()),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand if !json => Answer::Help(help()),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let text = Text::new(
                "还缺一个命令；用 --help 看用法",
                "a command is missing; see --help",
            );
            Answer::Usage(text.in_language(language).to_owned(), json)
        }
        _ => Answer::Usage(sentence(error).in_language(language).to_owned(), json),
    }
}

/// A usage error in one sentence.
fn sentence(error: &clap::Error) -> Text {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(ContextValue::Strings(texts)) => Some(texts.join(", ")),
        _ => None,
    };
    let argument = context(ContextKind::InvalidArg).unwrap_or_default();
    let value = context(ContextKind::InvalidValue).unwrap_or_default();
    let text = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let name = context(ContextKind::InvalidSubcommand).unwrap_or_default();
            Text::new(
                format!("没有命令“{name}”"),
                format!("there is no command \"{name}\""),
            )
        }
        ErrorKind::MissingSubcommand => Text::new("还缺一个子命令", "a subcommand is missing"),
        ErrorKind::MissingRequiredArgument => {
            Text::new(format!("还缺 {argument}"), format!("{argument} is missing"))
        }
        ErrorKind::UnknownArgument => Text::new(
            format!("没有参数 {argument}"),
            format!("there is no argument {argument}"),
        ),
        ErrorKind::ArgumentConflict => {
            let other = context(ContextKind::PriorArg).unwrap_or_default();
            if other == argument {
                Text::new(
                    format!("{argument} 只能写一次"),
                    format!("{argument} can be given once only"),
                )
            } else {
                Text::new(
                    format!("{argument} 不能与 {other} 一起用"),
                    format!("{argument} cannot go with {other}"),
                )
            }
        }
        ErrorKind::InvalidUtf8 => Text::new("参数不是有效的文字", "an argument is not valid text"),
        ErrorKind::InvalidValue if value.is_empty() => Text::new(
            format!("{argument} 要有一个值"),
            format!("{argument} needs a value"),
        ),
        _ => {
            let hint = match context(ContextKind::ValidValue) {
                Some(valid) => Text::new(
                    format!("，可以是 {}", valid.replace(", ", "、")),
                    format!(": it can be {valid}"),
                ),
                None => form(&argument),
            };
            Text::new(
                format!("{argument} 不能是“{value}”{}", hint.zh),
                format!("{argument} cannot be \"{value}\"{}", hint.en),
            )
        }
    };
    Text::new(
        format!("{}；用 --help 看用法", text.zh),
        format!("{}; see --help", text.en),
    )
}

/// What a value should look like, by what stands for it in the usage.
fn form(argument: &str) -> Text {
    let key = Text::new(
        "，应为小写字母、数字、连字符",
        ": expected lower-case letters, digits and hyphens",
    );
    match argument.split_once('<').map(|(_, value)| value) {
        Some("YYYY-MM>") => Text::new(
            "，应为形如 2026-12 的月份",
            ": expected a month like 2026-12",
        ),
        Some("YYYY-MM-DD>") => Text::new(
            "，应为形如 2026-12-01 的日期",
            ": expected a date like 2026-12-01",
        ),
        Some("KEY>") => key,
        Some("NAME>") if argument.starts_with("--network") => key,
        Some("LAT,LNG>") => Text::new(
            "，应为形如 35.23,113.31 的纬度和经度",
            ": expected degrees north and east like 35.23,113.31",
        ),
        Some("TIME>") => Text::new(
            "，应为形如 2026-12-03T08:00 的时间",
            ": expected a time like 2026-12-03T08:00",
        ),
        Some("N>" | "SECONDS>") => Text::new("，应为整数", ": expected a whole number"),
        _ => Text::new("", ""),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "tests")]

    use super::*;
    use crate::cli::args::{Command, RosterCommand};

    fn read(line: &str, language: Language) -> Result<Arguments, Answer> {
        let arguments: Vec<OsString> = std::iter::once("yilian")
            .chain(line.split_whitespace())
            .map(OsString::from)
            .collect();
        parse(&arguments, language)
    }

    fn refusal(line: &str, language: Language) -> String {
        match read(line, language) {
            Err(Answer::Usage(text, _)) => text,
            other => panic!("{line}: {other:?}"),
        }
    }

    #[test]
    fn the_definition_holds_together_in_both_languages() {
        for language in [Language::Zh, Language::En] {
            language::localized(Arguments::command(), language).debug_assert();
        }
    }

    #[test]
    fn global_options_stand_anywhere() {
        let read = read("roster show --month 2026-12 --json --data x", Language::Zh);
        let Ok(arguments) = read else {
            panic!("{read:?}")
        };
        assert!(arguments.json);
        assert_eq!(arguments.data, std::path::PathBuf::from("x"));
        let shown = matches!(
            arguments.command,
            Command::Roster {
                command: RosterCommand::Show { .. }
            }
        );
        assert!(shown);
    }

    #[test]
    fn usage_errors_are_one_sentence_in_the_language() {
        for (line, zh, en) in [
            (
                "dance",
                "没有命令“dance”；用 --help 看用法",
                "there is no command \"dance\"; see --help",
            ),
            (
                "roster show",
                "还缺 --month <YYYY-MM>；用 --help 看用法",
                "--month <YYYY-MM> is missing; see --help",
            ),
            (
                "roster show --month 2026-13",
                "--month <YYYY-MM> 不能是“2026-13”，应为形如 2026-12 的月份；用 --help 看用法",
                "--month <YYYY-MM> cannot be \"2026-13\": expected a month like 2026-12; see --help",
            ),
            (
                "--lang fr status",
                "--lang <LANG> 不能是“fr”，可以是 zh、en；用 --help 看用法",
                "--lang <LANG> cannot be \"fr\": it can be zh, en; see --help",
            ),
            (
                "open-now --at morning",
                "--at <TIME> 不能是“morning”，应为形如 2026-12-03T08:00 的时间；用 --help 看用法",
                "--at <TIME> cannot be \"morning\": expected a time like 2026-12-03T08:00; see --help",
            ),
            (
                "sync --once --watch",
                "--once 不能与 --watch 一起用；用 --help 看用法",
                "--once cannot go with --watch; see --help",
            ),
            (
                "status --colour",
                "没有参数 --colour；用 --help 看用法",
                "there is no argument --colour; see --help",
            ),
            (
                "status --json --json",
                "--json 只能写一次；用 --help 看用法",
                "--json can be given once only; see --help",
            ),
        ] {
            assert_eq!(refusal(line, Language::Zh), zh);
            assert_eq!(refusal(line, Language::En), en);
        }
    }

    #[test]
    fn help_is_in_one_language() {
        for line in ["--help", "roster show --help", "init --help", "sync --help"] {
            let Err(Answer::Asked(english)) = read(line, Language::En) else {
                panic!("{line} is no help")
            };
            let chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
            assert!(!english.contains(chinese), "{english}");
            let Err(Answer::Asked(text)) = read(line, Language::Zh) else {
                panic!("{line} is no help")
            };
            for word in ["Usage", "OPTIONS", "COMMAND", "default", "possible", " | "] {
                assert!(!text.contains(word), "{word} in\n{text}");
            }
        }
    }
}
