//! What can be asked of `yilian request`.

use crate::cli::noun::FileOutput;
use crate::cli::site::{AtSite, OnlySite};
use clap::{Args, Subcommand, ValueEnum};
use yilian_core::document::Month;

/// What other nouns have and this one has not, and why.
pub(crate) const REQUEST_HELP: &str = "\
来件没有 set 和 remove：提交后不改，每一步（accept、assign、done、decline、withdraw……）都是一条新记录，谁也抹不掉。
也没有 import：每件要由提交的人各自收好查询码；电话里受理的，用 send 替来电的人提交，把查询码告诉他。 | \
There is no set and no remove: what was sent stays, and each step (accept, assign, done, decline, withdraw ...) is one more record.
There is no import either, since each has a code that whoever sent it keeps: for somebody on the telephone, use send, and tell them the code.";

#[derive(Debug, Subcommand)]
pub(crate) enum RequestCommand {
    #[command(
        visible_alias = "add",
        about = "提交，得到查询码 | send something, and get a code to follow it by"
    )]
    Send(Box<Send>),
    #[command(about = "凭查询码看进展 | see how far something has come")]
    Follow {
        #[arg(value_name = "CODE", help = "查询码 | its code")]
        code: String,
        #[arg(
            long,
            value_name = "SECONDS",
            default_value_t = 15,
            help = "等中继多少秒 | how long to wait for the relay"
        )]
        timeout: u64,
    },
    #[command(about = "撤回自己提交的 | take back what one sent")]
    Withdraw(StepArguments),
    #[command(about = "确认已办好 | confirm that it is done")]
    Confirm(StepArguments),
    #[command(about = "没办好或未受理，再次提交 | it is not done: send it again")]
    Reopen(StepArguments),
    #[command(about = "列出收到的 | list what was received")]
    List(Which),
    #[command(about = "查看一件 | show one of them")]
    Show {
        #[command(flatten)]
        code: CodeArgument,
    },
    #[command(about = "导出收到的，供登记和统计 | export what was received, for the office")]
    Export {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        output: FileOutput,
    },
    #[command(about = "受理；预订即答应场地 | accept it; a booking gets its venue")]
    Accept(StepArguments),
    #[command(about = "派给某人办 | give it to somebody")]
    Assign(StepArguments),
    #[command(about = "不受理，要说明原因 | decline it, and say why")]
    Decline(StepArguments),
    #[command(
        about = "办结；领物由本机发放 | say that it is done; what was claimed is given out by this computer"
    )]
    Done(StepArguments),
    #[command(about = "一件的历史：谁、何时、做了什么 | who did what with it, and when")]
    History {
        #[command(flatten)]
        code: CodeArgument,
    },
}

/// Which of them: all, or those of a site, at a stage, or late.
#[derive(Debug, Args)]
pub(crate) struct Which {
    #[command(flatten)]
    pub(crate) site: OnlySite,
    #[arg(
        long,
        value_name = "YYYY-MM",
        help = "只看这个月收到的 | those of this month only"
    )]
    pub(crate) month: Option<Month>,
    #[arg(
        long,
        value_name = "STAGE",
        help = "只看这个阶段，如 已受理 | at this stage only, such as accepted"
    )]
    pub(crate) stage: Option<String>,
    #[arg(long, help = "只看超期的 | only those that are late")]
    pub(crate) overdue: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Send {
    #[command(flatten)]
    pub(crate) site: AtSite,
    #[arg(
        long,
        value_enum,
        value_name = "KIND",
        help = "类型：booking 预订，claim 领物，request 诉求 | what it asks for"
    )]
    pub(crate) kind: KindArgument,
    #[arg(long, value_name = "NAME", help = "您的姓名 | your name")]
    pub(crate) name: String,
    #[arg(long, value_name = "NUMBER", help = "电话 | your telephone number")]
    pub(crate) phone: Option<String>,
    #[arg(long, value_name = "TEXT", help = "内容 | what it is about")]
    pub(crate) text: Option<String>,
    #[arg(long, value_name = "NAME", help = "场地 | the venue")]
    pub(crate) venue: Option<String>,
    #[arg(
        long,
        value_name = "TIME",
        help = "开始，如 2026-12-20T09:00 | from when, such as 2026-12-20T09:00"
    )]
    pub(crate) start: Option<String>,
    #[arg(long, value_name = "TIME", help = "结束 | until when")]
    pub(crate) end: Option<String>,
    #[arg(long, value_name = "NAME", help = "物资 | the item")]
    pub(crate) item: Option<String>,
    #[arg(long, value_name = "N", help = "数量或人数 | how many")]
    pub(crate) count: Option<i64>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum KindArgument {
    Booking,
    Claim,
    Request,
}

/// One of those that are here.
#[derive(Debug, Args)]
pub(crate) struct CodeArgument {
    #[arg(
        value_name = "CODE",
        help = "查询码，或其最后几位 | its code, or the end of it"
    )]
    pub(crate) code: String,
}

#[derive(Debug, Args)]
pub(crate) struct StepArguments {
    #[command(flatten)]
    pub(crate) code: CodeArgument,
    #[arg(
        long,
        value_name = "NAME",
        help = "经办人（默认本机的编辑人） | who does it (default: this computer's author)"
    )]
    pub(crate) by: Option<String>,
    #[arg(long, value_name = "TEXT", help = "说明 | a note")]
    pub(crate) note: Option<String>,
}
