//! What can be asked of `yilian case`.

use clap::{Args, Subcommand};
use jiff::civil::DateTime;

use crate::cli::args::FileArguments;
use crate::cli::noun::RecordVerb;
use crate::cli::site::{AtSite, OnlySite, RowSite};

#[derive(Debug, Subcommand)]
pub(crate) enum CaseCommand {
    #[command(
        about = "列出案件：到哪一步、谁在办、何时到期 | list cases: how far, with whom, due when"
    )]
    List {
        #[command(flatten)]
        site: OnlySite,
        #[arg(
            long,
            value_name = "STAGE",
            help = "只看这个阶段，如 调解中 | at this stage only, such as mediating"
        )]
        stage: Option<String>,
        #[arg(long, help = "只看还没有结果的 | only those that wait for an outcome")]
        open: bool,
        #[arg(long, help = "只看超期的 | only those that are late")]
        overdue: bool,
    },
    #[command(
        about = "从 CSV 或 .xlsx 导入登记簿；以往案件的结果（调解员、结果、办结时间等）成为进展 | import a register from CSV or .xlsx; what came of past cases becomes their timeline"
    )]
    Import {
        #[command(flatten)]
        file: FileArguments,
        #[command(flatten)]
        site: RowSite,
    },
    #[command(about = "受理 | take it up")]
    Accept(StepArguments),
    #[command(about = "不予受理，要说明原因 | decline it, and say why")]
    Decline(StepArguments),
    #[command(
        about = "指派调解员；不写姓名即正在值班的 | give it to a mediator; without a name, to who is on duty"
    )]
    Assign {
        #[command(flatten)]
        case: CaseArgument,
        #[arg(value_name = "NAME", help = "调解员 | the mediator")]
        name: Option<String>,
        #[arg(
            long,
            value_name = "POST",
            help = "岗位，如 仲裁员 | the post, such as arbitrator"
        )]
        post: Option<String>,
        #[arg(
            long,
            value_name = "SITE",
            help = "在哪个站点的排班上（默认本案站点） | on whose roster (default: the case's site)"
        )]
        of: Option<String>,
        #[command(flatten)]
        said: Said,
    },
    #[command(about = "开始调解 | begin to hear the parties")]
    Begin(StepArguments),
    #[command(
        about = "达成协议，如 协议金额=10000 申请司法确认=是 | they agree, such as amount=10000 confirm=yes"
    )]
    Agree {
        #[command(flatten)]
        case: CaseArgument,
        #[arg(
            value_name = "FIELD=VALUE",
            help = "协议的内容；不写即用已登记的协议 | the agreement; without any, the one on the record"
        )]
        fields: Vec<String>,
        #[command(flatten)]
        said: Said,
    },
    #[command(about = "调解不成，要说明原因 | they do not agree, and why")]
    Fail(StepArguments),
    #[command(about = "撤回申请 | the application is withdrawn")]
    Withdraw(StepArguments),
    #[command(about = "提请司法确认 | hand the agreement in to be confirmed")]
    Refer {
        #[command(flatten)]
        case: CaseArgument,
        #[arg(
            long,
            value_name = "NAME",
            help = "哪个法院或仲裁委 | to which court or commission"
        )]
        to: Option<String>,
        #[arg(
            long,
            value_name = "NUMBER",
            help = "受理案号 | the number that it has there"
        )]
        reference: Option<String>,
        #[command(flatten)]
        said: Said,
    },
    #[command(about = "已司法确认 | it was confirmed")]
    Ratify(StepArguments),
    #[command(about = "未获司法确认，要说明原因 | it was not confirmed, and why")]
    Reject(StepArguments),
    #[command(about = "结案 | close it")]
    Close(StepArguments),
    #[command(
        about = "转交给另一个站点，它从此能看到本案 | hand it to another site, which reads it from then on"
    )]
    Share {
        #[command(flatten)]
        case: CaseArgument,
        #[arg(
            value_name = "SITE",
            help = "站点的代码或名称 | the site's key or name"
        )]
        to: String,
        #[command(flatten)]
        said: Said,
    },
    #[command(about = "现在谁值班调解 | who is on duty to mediate now")]
    OnDuty {
        #[command(flatten)]
        site: AtSite,
    },
    #[command(flatten)]
    Record(RecordVerb),
}

/// Which case.
#[derive(Debug, Args)]
pub(crate) struct CaseArgument {
    #[arg(
        value_name = "CASE",
        help = "案件编号，或其结尾几位，或当事人姓名 | its number, or the end of it, or a party's name"
    )]
    pub(crate) case: String,
    #[command(flatten)]
    pub(crate) site: OnlySite,
}

/// Who takes a step, when, and what they say.
#[derive(Debug, Args)]
pub(crate) struct Said {
    #[arg(
        long,
        value_name = "NAME",
        help = "经办人（默认本机的编辑人） | who does it (default: this computer's author)"
    )]
    pub(crate) by: Option<String>,
    #[arg(
        long,
        value_name = "TIME",
        value_parser = time,
        help = "何时，如 2026-12-03T08:00（默认现在） | when, such as 2026-12-03T08:00 (default: now)"
    )]
    pub(crate) at: Option<DateTime>,
    #[arg(long, value_name = "TEXT", help = "说明 | a note")]
    pub(crate) note: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct StepArguments {
    #[command(flatten)]
    pub(crate) case: CaseArgument,
    #[command(flatten)]
    pub(crate) said: Said,
}

fn time(text: &str) -> Result<DateTime, String> {
    let read = yilian_core::records::parse_date_time(text);
    read.ok_or_else(|| "2026-12-03T08:00".to_owned())
}
