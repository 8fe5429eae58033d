//! What can be asked. Every text is written `中文 | English`; one of the two is shown.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;
use yilian_core::document::{Month, Network, SiteKey};

use super::case::args::CaseCommand;
use super::noun::{Noun, One, Several};
use super::open_now::OpenNow;
use super::qr::Qr;
use super::refused::RefusedCommand;
use super::report::args::ReportCommand;
use super::request::args::{REQUEST_HELP, RequestCommand};
use super::site::{AtSite, AtSiteOrAll, RowSite};
use super::supply::args::{SUPPLY_HELP, SupplyCommand};

#[derive(Debug, Parser)]
#[command(
    name = "yilian",
    version,
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true,
    about = "驿联：各站断网照常排班，联网后由中心合并 | Yilian: sites keep rosters without a network, the hub merges them"
)]
pub(crate) struct Arguments {
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        default_value = "yilian-data",
        help = "数据目录 | where this node keeps its data"
    )]
    pub(crate) data: PathBuf,
    #[arg(
        long,
        global = true,
        help = "输出 JSON，供程序读取 | print JSON, for programs"
    )]
    pub(crate) json: bool,
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "LANG",
        help = "语言 | language"
    )]
    pub(crate) lang: Option<Lang>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Lang {
    Zh,
    En,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    #[command(about = "建立本机的数据目录 | set up this computer")]
    Init(Init),
    #[command(about = "排班 | rosters", after_help = ROSTER_HELP)]
    Roster {
        #[command(subcommand)]
        command: RosterCommand,
    },
    #[command(about = "统计报表 | reports")]
    Report {
        #[command(subcommand)]
        command: ReportCommand,
    },
    #[command(
        about = "合并后不合理之处，及其修复 | what makes no sense after merging, and how to mend it"
    )]
    Findings(Findings),
    #[command(
        about = "一条记录的历史：谁、何时、改了什么 | who changed what of a record, and when"
    )]
    History {
        #[arg(
            value_name = "RECORD",
            help = "记录编号，或其开头、结尾几位 | a record's id, or its first or last digits"
        )]
        record: String,
    },
    #[command(
        about = "来件：群众的预订、领物、诉求 | what people without an account send",
        after_help = REQUEST_HELP
    )]
    Request {
        #[command(subcommand)]
        command: RequestCommand,
    },
    #[command(
        about = "案件：登记、指派、调解、确认 | disputes: register, assign, mediate, confirm"
    )]
    Case {
        #[command(subcommand)]
        command: CaseCommand,
    },
    #[command(about = "与中心同步 | sync with the hub")]
    Sync(Sync),
    #[command(about = "本机与中心的状态 | how this node and the hub stand")]
    Status,
    #[command(
        about = "物资：捐入、发放、调拨 | shared goods: put in, give out, send on",
        after_help = SUPPLY_HELP
    )]
    Supply {
        #[command(subcommand)]
        command: SupplyCommand,
    },
    #[command(about = "导出为普通的 .automerge 文件 | export plain .automerge files")]
    Export {
        #[arg(value_name = "DIR", help = "导出到哪里 | where to")]
        directory: PathBuf,
    },
    #[command(
        about = "检查数据是否完好，修复损坏的文件 | check that the data is sound, and repair a damaged file"
    )]
    Doctor(Doctor),
    #[command(
        about = "被拒收的改动：列出、重做、放弃 | what was refused: list it, make it again, give it up"
    )]
    Refused {
        #[command(subcommand)]
        command: RefusedCommand,
    },
    #[command(about = "现在哪里开放 | what is open now")]
    OpenNow(OpenNow),
    #[command(
        about = "二维码：扫码学、扫码办，供打印 | codes to print: scan to enrol or to ask for something"
    )]
    Qr(Qr),
    #[command(flatten)]
    Noun(Noun),
}

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    #[arg(
        long,
        help = "文件损坏时用读得出的内容重写，原文件留在旁边 | where the file is damaged, write it anew from what can be read, and keep the old one beside it"
    )]
    pub(crate) repair: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    #[arg(
        long,
        value_name = "NAME",
        help = "网络名，如 jiaozuo | the network, such as jiaozuo"
    )]
    pub(crate) network: Network,
    #[arg(
        long,
        value_name = "KEY",
        help = "本机所在站点 | the site this computer stands at"
    )]
    pub(crate) site: Option<SiteKey>,
    #[arg(
        long,
        value_enum,
        default_value = "site",
        value_name = "ROLE",
        help = "角色：site 站点，hub 中心，guest 群众 | what it is for"
    )]
    pub(crate) role: RoleArgument,
    #[arg(
        long,
        value_name = "WS_URL",
        help = "中心的中继地址，ws:// 或 wss:// | the hub's relay, ws:// or wss://"
    )]
    pub(crate) hub: Option<String>,
    #[arg(long, value_name = "NAME", help = "在这里编辑的人 | who edits here")]
    pub(crate) author: Option<String>,
    #[arg(
        long,
        value_name = "TOKEN",
        help = "中继的访问令牌 | what to show the relay"
    )]
    pub(crate) token: Option<String>,
    #[arg(
        long,
        value_name = "ZONE",
        help = "网络的时区 | the network's time zone"
    )]
    pub(crate) zone: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RoleArgument {
    Site,
    Hub,
    Guest,
}

#[derive(Debug, Args)]
pub(crate) struct FileArguments {
    #[arg(
        value_name = "FILE",
        help = "文件：CSV（UTF-8、GB18030）或 .xlsx | a file: CSV (UTF-8, GB18030) or .xlsx"
    )]
    pub(crate) file: PathBuf,
    #[arg(
        long,
        value_name = "NAME",
        help = "工作表（默认第一个） | the workbook's sheet (default: the first)"
    )]
    pub(crate) sheet: Option<String>,
    #[arg(
        long,
        help = "只看会怎样，什么也不写 | say what would be done, and write nothing"
    )]
    pub(crate) dry_run: bool,
}

/// What other nouns call otherwise.
const ROSTER_HELP: &str = "\
列出和导出都用 show：--format 选 csv、json 或 xlsx，--out 写到文件，CSV 和工作簿可再导入。 | \
To list and to export there is show: --format says csv, json or xlsx, --out writes a file, and import reads both CSV and workbooks back.";

#[derive(Debug, Subcommand)]
pub(crate) enum RosterCommand {
    #[command(about = "导入一个月的排班 | import a month's roster")]
    Import {
        #[command(flatten)]
        file: FileArguments,
        #[arg(long, value_name = "YYYY-MM", help = "月份 | the month")]
        month: Month,
        #[command(flatten)]
        site: RowSite,
    },
    #[command(about = "查看一个月的排班 | show a month's roster")]
    Show {
        #[arg(long, value_name = "YYYY-MM", help = "月份 | the month")]
        month: Month,
        #[command(flatten)]
        site: AtSiteOrAll,
        #[command(flatten)]
        output: OutputArguments,
    },
    #[command(
        about = "写成日历文件（.ics），供手机和电脑的日历导入 | write a calendar file (.ics) for the calendars of phones and computers"
    )]
    Calendar {
        #[command(flatten)]
        of: CalendarArguments,
        #[arg(
            long,
            value_name = "NAME",
            help = "只写这个人的班次，不论站点：姓名或编号 | this person's shifts only, wherever they work: a name or an id"
        )]
        person: Option<String>,
    },
    #[command(
        about = "修改一个班次，如 state=confirmed 备注=顶班 | set fields of a shift, such as state=confirmed note=…"
    )]
    Set {
        #[arg(
            value_name = "SHIFT",
            help = "班次编号，或其开头、结尾几位 | a shift's id, or its first or last digits"
        )]
        shift: String,
        #[arg(
            value_name = "FIELD=VALUE",
            required = true,
            help = "要改的字段 | fields to set"
        )]
        fields: Vec<String>,
    },
    #[command(about = "增加一个班次 | add a shift")]
    Add {
        #[command(flatten)]
        site: AtSite,
        #[arg(
            value_name = "FIELD=VALUE",
            required = true,
            help = "name=、post=、start=、end=… | name=, post=, start=, end=…"
        )]
        fields: Vec<String>,
    },
    #[command(
        about = "移除班次（留有记录，可撤销） | remove shifts (kept as removed; can be undone)"
    )]
    Remove {
        #[arg(value_name = "SHIFT", required = true, help = "班次编号 | shifts")]
        shifts: Vec<String>,
    },
    #[command(about = "恢复已移除的班次 | restore shifts that were removed")]
    Restore {
        #[command(flatten)]
        several: Several,
    },
    #[command(about = "一个班次的历史：谁、何时、改了什么 | who changed what of a shift, and when")]
    History {
        #[command(flatten)]
        one: One,
    },
    #[command(
        about = "撤销自己上一次对该月排班的修改 | undo one's own last edit of a month's roster"
    )]
    Undo {
        #[arg(long, value_name = "YYYY-MM", help = "月份 | the month")]
        month: Month,
        #[command(flatten)]
        site: AtSite,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Table,
    Csv,
    Json,
    Xlsx,
}

/// What a calendar's file is of, and where it goes.
#[derive(Debug, Args)]
pub(crate) struct CalendarArguments {
    #[arg(
        long,
        value_name = "YYYY-MM",
        help = "月份（默认本月） | the month (default: this one)"
    )]
    pub(crate) month: Option<Month>,
    #[command(flatten)]
    pub(crate) site: AtSiteOrAll,
    #[command(flatten)]
    pub(crate) out: OutFile,
}

/// Where what a command makes goes.
#[derive(Debug, Args)]
pub(crate) struct OutFile {
    #[arg(
        long,
        value_name = "FILE",
        help = "写到文件（默认显示） | write to a file (default: show it)"
    )]
    pub(crate) out: Option<PathBuf>,
}

/// How a table is written, and where to.
#[derive(Debug, Args)]
pub(crate) struct OutputArguments {
    #[arg(
        long,
        value_enum,
        value_name = "FORMAT",
        help = "格式（默认看文件名，否则 table） | the format (default: as the file's name says, else table)"
    )]
    pub(crate) format: Option<Format>,
    #[command(flatten)]
    pub(crate) out: OutFile,
}

#[derive(Debug, Args)]
pub(crate) struct Findings {
    #[arg(long, value_name = "YYYY-MM", help = "只看这个月 | of this month only")]
    pub(crate) month: Option<Month>,
    #[arg(long, value_name = "ID", help = "采用修复 | make a repair")]
    pub(crate) fix: Option<String>,
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1,
        requires = "fix",
        help = "第几个修复 | which repair"
    )]
    pub(crate) repair: usize,
}

#[derive(Debug, Args)]
pub(crate) struct Sync {
    #[arg(
        long,
        conflicts_with = "watch",
        help = "同步完就结束 | end when everything is in step"
    )]
    pub(crate) once: bool,
    #[arg(
        long,
        help = "一直同步，显示变化（默认） | stay, and show what changes (default)"
    )]
    pub(crate) watch: bool,
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 30,
        help = "多少秒没有进展就放弃（--once） | give up after so long without progress (--once)"
    )]
    pub(crate) timeout: u64,
}

/// A day in the one form that is asked for: `2026-12-01`.
pub(crate) fn date(text: &str) -> Result<Date, jiff::Error> {
    Date::strptime("%Y-%m-%d", text)
}
