//! A noun for every kind of record, made from its table: what can be asked of one kind can be asked of all.

use clap::{ArgMatches, Args, Command, FromArgMatches, Subcommand, ValueEnum};
use yilian_core::document::Month;
use yilian_core::records::{Collection, Record, RecordId, RecordKind};

use super::args::{CalendarArguments, FileArguments, Format, OutFile, OutputArguments};
use super::context::Context;
use super::failure::Failure;
use super::site::{AtSite, OnlySite, RowSite};

mod calendar;
mod claim;
mod desk;
mod edit;
mod file;
mod school;
mod show;

pub(crate) use claim::{confirmer, distance};
pub(crate) use file::write;

/// The kinds whose nouns are written by hand, `case`, and `roster` in `args`; and issues, which are written with certificates.
const BY_HAND: [Collection; 3] = [Collection::Case, Collection::Issues, Collection::Shifts];

/// A kind of record, and what is asked of it.
#[derive(Debug)]
pub(crate) struct Noun {
    kind: &'static RecordKind,
    asked: Asked,
}

#[derive(Debug)]
enum Asked {
    Verb(Verb),
    Claim(ClaimVerb),
    School(school::SchoolVerb),
}

/// What is asked of records that claim something.
#[derive(Debug, Subcommand)]
enum ClaimVerb {
    #[command(about = "确认：所属站点或中心答应了 | confirm: the site or the hub promises it")]
    Confirm {
        #[command(flatten)]
        several: Several,
    },
    #[command(
        about = "写成日历文件（.ics）：谁用哪个场地 | write a calendar file (.ics): who has which venue"
    )]
    Calendar {
        #[command(flatten)]
        of: CalendarArguments,
        #[arg(
            long,
            value_name = "VENUE",
            help = "只写这个场地：名称或编号 | of this venue only: its name or its id"
        )]
        venue: Option<String>,
    },
    #[command(about = "取消：不再需要 | cancel: nobody needs it any more")]
    Cancel {
        #[command(flatten)]
        several: Several,
    },
}

#[derive(Debug, Subcommand)]
enum Verb {
    #[command(about = "列出 | list them")]
    List {
        #[command(flatten)]
        scope: Scope,
        #[arg(long, help = "只看已移除的 | those that were removed")]
        removed: bool,
        #[command(flatten)]
        output: OutputArguments,
    },
    #[command(about = "从 CSV 或 .xlsx 导入 | import from CSV or .xlsx")]
    Import {
        #[command(flatten)]
        file: FileArguments,
        #[command(flatten)]
        site: RowSite,
    },
    #[command(flatten)]
    Record(RecordVerb),
}

/// What is asked of single records.
#[derive(Debug, Subcommand)]
pub(crate) enum RecordVerb {
    #[command(about = "查看一条 | show one")]
    Show {
        #[command(flatten)]
        one: One,
    },
    #[command(about = "增加一条，如 名称=… | add one, such as name=…")]
    Add {
        #[command(flatten)]
        site: AtSite,
        #[arg(
            value_name = "FIELD=VALUE",
            required = true,
            help = "字段和值 | fields and their values"
        )]
        fields: Vec<String>,
    },
    #[command(about = "修改一条的字段 | set fields of one")]
    Set {
        #[command(flatten)]
        one: One,
        #[arg(
            value_name = "FIELD=VALUE",
            required = true,
            help = "要改的字段 | fields to set"
        )]
        fields: Vec<String>,
    },
    #[command(about = "移除（留有记录，可恢复） | remove (kept as removed; can be restored)")]
    Remove {
        #[command(flatten)]
        several: Several,
    },
    #[command(about = "恢复已移除的 | restore what was removed")]
    Restore {
        #[command(flatten)]
        several: Several,
    },
    #[command(about = "一条的历史：谁、何时、改了什么 | who changed what of one, and when")]
    History {
        #[command(flatten)]
        one: One,
    },
    #[command(about = "导出，可再导入 | export, to be imported again")]
    Export {
        #[command(flatten)]
        scope: Scope,
        #[command(flatten)]
        output: FileOutput,
    },
}

/// One record.
#[derive(Debug, Args)]
pub(crate) struct One {
    #[arg(
        value_name = "RECORD",
        help = "名称，或编号，或编号的开头、结尾几位 | its name, or its id, or the first or last digits of that"
    )]
    record: String,
    #[command(flatten)]
    site: OnlySite,
}

impl One {
    /// The record of an id.
    pub(crate) fn of(record: RecordId) -> Self {
        Self {
            record: record.to_string(),
            site: OnlySite::default(),
        }
    }

    /// What it is called on the command line, and the site to look at.
    pub(crate) const fn asked(&self) -> (&str, &OnlySite) {
        (self.record.as_str(), &self.site)
    }
}

/// Some records.
#[derive(Debug, Args)]
pub(crate) struct Several {
    #[arg(
        value_name = "RECORD",
        required = true,
        help = "名称或编号 | names or ids"
    )]
    records: Vec<String>,
    #[command(flatten)]
    site: OnlySite,
}

/// Which records: all, or those of a site, or of a month.
#[derive(Debug, Default, Args)]
pub(crate) struct Scope {
    #[command(flatten)]
    site: OnlySite,
    #[arg(long, value_name = "YYYY-MM", help = "只看这个月 | of this month only")]
    month: Option<Month>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FileFormat {
    Csv,
    Json,
    Xlsx,
}

/// How records are exported, and where to.
#[derive(Debug, Args)]
pub(crate) struct FileOutput {
    #[arg(
        long,
        value_enum,
        value_name = "FORMAT",
        help = "格式（默认看文件名，否则 csv） | the format (default: as the file's name says, else csv)"
    )]
    format: Option<FileFormat>,
    #[command(flatten)]
    out: OutFile,
}

impl From<FileOutput> for OutputArguments {
    fn from(asked: FileOutput) -> Self {
        let format = asked.format.map(|format| match format {
            FileFormat::Csv => Format::Csv,
            FileFormat::Json => Format::Json,
            FileFormat::Xlsx => Format::Xlsx,
        });
        Self {
            format,
            out: asked.out,
        }
    }
}

/// The kinds that people write, and that nobody wrote a noun for.
fn kinds() -> impl Iterator<Item = &'static RecordKind> {
    Record::KINDS.iter().filter(|kind| {
        kind.document_kind().is_some() && !kind.once && !BY_HAND.contains(&kind.collection)
    })
}

/// Whether what records of a kind claim is a venue.
fn has_claim_verbs(kind: &RecordKind) -> bool {
    kind.collection == Collection::Bookings
}

fn noun(kind: &RecordKind) -> String {
    kind.label.en.replace(' ', "-")
}

impl Subcommand for Noun {
    fn augment_subcommands(command: Command) -> Command {
        kinds().fold(command, |command, kind| {
            let (zh, en) = (kind.label.zh, kind.label.en);
            let about = format!("{zh}：列出、增改、导入、导出 | {en}: list, edit, import, export");
            let noun = Verb::augment_subcommands(Command::new(noun(kind)));
            let noun = match has_claim_verbs(kind) {
                true => ClaimVerb::augment_subcommands(noun),
                false => school::augment(kind, noun),
            };
            // What the derived ones say about themselves is about the code.
            let noun = noun.about(about).subcommand_required(true);
            command.subcommand(noun.arg_required_else_help(true))
        })
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        kinds().any(|kind| noun(kind) == name)
    }
}

impl FromArgMatches for Noun {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let missing = || clap::Error::new(clap::error::ErrorKind::MissingSubcommand);
        let (name, matches) = matches.subcommand().ok_or_else(missing)?;
        let kind = kinds()
            .find(|kind| noun(kind) == name)
            .ok_or_else(missing)?;
        let claims = |name| has_claim_verbs(kind) && ClaimVerb::has_subcommand(name);
        let of_school = school::parse(kind, matches)?;
        let asked = match (of_school, matches.subcommand_name().is_some_and(claims)) {
            (Some(verb), _) => Asked::School(verb),
            (None, true) => Asked::Claim(ClaimVerb::from_arg_matches(matches)?),
            (None, false) => Asked::Verb(Verb::from_arg_matches(matches)?),
        };
        Ok(Self { kind, asked })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

pub(crate) async fn run(context: &Context, noun: Noun) -> Result<(), Failure> {
    let kind = noun.kind;
    let verb = match noun.asked {
        Asked::Verb(verb) => verb,
        Asked::School(verb) => return school::run(context, kind, verb).await,
        Asked::Claim(ClaimVerb::Confirm { several }) => {
            return claim::confirm(context, kind, &several).await;
        }
        Asked::Claim(ClaimVerb::Calendar { of, venue }) => {
            return calendar::run(context, of, venue).await;
        }
        Asked::Claim(ClaimVerb::Cancel { several }) => {
            return claim::cancel(context, kind, &several).await;
        }
    };
    match verb {
        Verb::List {
            scope,
            removed,
            output,
        } => show::list(context, kind, &scope, removed, output).await,
        Verb::Import { file, site } => file::import(context, kind, &file, &site).await,
        Verb::Record(verb) => record(context, kind, verb).await,
    }
}

/// What can be asked of single records of a kind.
pub(crate) async fn record(
    context: &Context,
    kind: &'static RecordKind,
    verb: RecordVerb,
) -> Result<(), Failure> {
    match verb {
        RecordVerb::Show { one } => show::one(context, kind, &one).await,
        RecordVerb::Add { site, fields } => edit::add(context, kind, &site, &fields).await,
        RecordVerb::Set { one, fields } => edit::set(context, kind, &one, &fields).await,
        RecordVerb::Remove { several } => edit::remove(context, kind, &several).await,
        RecordVerb::Restore { several } => edit::restore(context, kind, &several).await,
        RecordVerb::History { one } => show::history(context, kind, &one).await,
        RecordVerb::Export { scope, output } => file::export(context, kind, &scope, output).await,
    }
}
