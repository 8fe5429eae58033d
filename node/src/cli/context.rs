use std::path::PathBuf;

use yilian_core::document::{Month, Name, SiteKey};
use yilian_core::rules::{Language, Text};
use yilian_node::{Node, Role};

use super::args::Arguments;
use super::failure::Failure;
use super::out;

/// What every command knows.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) data: PathBuf,
    pub(crate) json: bool,
    pub(crate) language: Language,
}

impl Context {
    pub(crate) fn new(arguments: &Arguments, language: Language) -> Self {
        Self {
            data: arguments.data.clone(),
            json: arguments.json,
            language,
        }
    }

    pub(crate) async fn open(&self) -> Result<Node, Failure> {
        Ok(Node::open(&self.data).await?)
    }

    /// One of two wordings.
    pub(crate) fn pick<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        match self.language {
            Language::Zh => zh,
            Language::En => en,
        }
    }

    /// Prints a sentence in the language of this run.
    pub(crate) fn say(&self, zh: &str, en: &str) -> Result<(), Failure> {
        out::line(self.pick(zh, en))
    }

    /// A text in the language of this run.
    pub(crate) fn text<'a>(&self, text: &'a Text) -> &'a str {
        text.in_language(self.language)
    }
}

/// The site that a command is about: the one given, else the node's own.
pub(crate) fn site_of(node: &Node, given: Option<SiteKey>) -> Result<SiteKey, Failure> {
    given
        .or_else(|| node.profile().site.clone())
        .ok_or_else(|| {
            let (zh, en) = match node.profile().role {
                Role::Guest => ("这台机器不属于站点", "stands at no site"),
                Role::Site | Role::Hub => ("这台机器是中心", "is the hub"),
            };
            Failure::usage(
                format!("{zh}，要用 --site 指明站点"),
                format!("this computer {en}: name the site with --site"),
            )
        })
}

/// The month given, else this one.
pub(crate) fn this_month(node: &Node, given: Option<Month>) -> Result<Month, Failure> {
    match given {
        Some(month) => Ok(month),
        None => Month::of(node.clock().civil().date()).map_err(|error| {
            Failure::from_error(("电脑的日期不对", "this computer's date is wrong"), &error)
        }),
    }
}

/// The names of documents that are here, and those of `more` that nobody has begun.
pub(crate) async fn names(
    node: &Node,
    wanted: impl Fn(&Name) -> bool,
    more: Vec<Name>,
) -> Result<Vec<Name>, Failure> {
    let mut names: Vec<Name> = node.names().await?.into_iter().filter(wanted).collect();
    names.extend(more);
    names.sort_unstable();
    names.dedup();
    Ok(names)
}
