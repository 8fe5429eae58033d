use std::error::Error;
use std::io::Write as _;
use std::process::ExitCode;

use serde_json::json;
use yilian_core::records::{ChangeError, FieldError};
use yilian_core::rules::Text;
use yilian_node::errors::{chain, chain_zh};
use yilian_node::store::{CommitError, OpenError, StoreError};
use yilian_node::{EditFailed, NodeError, OpenNodeError, ReadError, SupplyFailed};

use super::context::Context;

const FAILED: u8 = 1;
const USAGE: u8 = 2;

/// What is printed instead of running a command.
#[derive(Debug)]
pub(crate) enum Answer {
    /// Help or version, as asked.
    Asked(String),
    /// Help, since nothing was asked for.
    Help(String),
    /// What is wrong with the arguments, and whether to say it as JSON.
    Usage(String, bool),
}

impl Answer {
    pub(crate) fn print(self) -> ExitCode {
        match self {
            // Whoever asked may have closed the pipe; there is nobody to tell then.
            Self::Asked(text) => {
                let _ = std::io::stdout().write_all(text.as_bytes());
                ExitCode::SUCCESS
            }
            Self::Help(text) => {
                let _ = std::io::stderr().write_all(text.as_bytes());
                ExitCode::from(USAGE)
            }
            Self::Usage(text, json) => {
                let _ = match json {
                    true => writeln!(std::io::stderr(), "{}", json!({ "error": text })),
                    false => writeln!(std::io::stderr(), "yilian: {text}"),
                };
                ExitCode::from(USAGE)
            }
        }
    }
}

/// Why a command ends early.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It was asked for wrongly.
    Usage(Text),
    /// It did not work: a sentence, and perhaps a list.
    Failed(Text, Vec<Text>),
    /// Nobody reads on, as with `| head`: no failure.
    ClosedPipe,
}

impl Failure {
    pub(crate) fn usage(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Usage(Text::new(zh, en))
    }

    pub(crate) fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Failed(Text::new(zh, en), Vec::new())
    }

    /// A sentence of ours with an error's own words after it.
    pub(crate) fn from_error((zh, en): (&str, &str), error: &(dyn Error + 'static)) -> Self {
        let (said, cause) = (chain_zh(error), chain(error));
        Self::new(format!("{zh}（{said}）"), format!("{en}: {cause}"))
    }

    pub(crate) fn print(self, context: &Context) -> ExitCode {
        let (text, list, code) = match self {
            Self::Usage(text) => (text, Vec::new(), USAGE),
            Self::Failed(text, list) => (text, list, FAILED),
            Self::ClosedPipe => return ExitCode::SUCCESS,
        };
        let text = text.in_language(context.language);
        let list: Vec<&str> = list
            .iter()
            .map(|text| text.in_language(context.language))
            .collect();
        let mut stderr = std::io::stderr().lock();
        // The exit code says it to those who do not read.
        let _ = if context.json {
            writeln!(stderr, "{}", json!({"error": text, "details": list}))
        } else {
            list.iter()
                .try_for_each(|line| writeln!(stderr, "{line}"))
                .and_then(|()| writeln!(stderr, "yilian: {text}"))
        };
        ExitCode::from(code)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::BrokenPipe => Self::ClosedPipe,
            _ => Self::from_error(("写不出去", "cannot write"), &error),
        }
    }
}

impl From<FieldError> for Failure {
    fn from(error: FieldError) -> Self {
        let en = error.to_string();
        let zh = match &error {
            FieldError::Unknown { field, known } => format!("没有字段“{field}”，有 {known}"),
            FieldError::Empty { field } => format!("{field} 不能为空"),
            FieldError::Malformed {
                field,
                text,
                expected,
            } => format!("{field} 不能是“{text}”，应为{}", expected.zh),
            _ => en.clone(),
        };
        Self::new(zh, en)
    }
}

impl From<ChangeError> for Failure {
    fn from(error: ChangeError) -> Self {
        let en = error.to_string();
        let zh = match &error {
            ChangeError::KnownBy { field } => {
                format!("{field} 不能改：记录由它识别；请移除这一条，另外增加一条")
            }
            ChangeError::OtherSite { site } => {
                format!("记录不能离开 {site}：在这里移除，到那个站点增加")
            }
            ChangeError::Once { .. } => "这种记录写下后不再改动".to_owned(),
            _ => en.clone(),
        };
        Self::new(zh, en)
    }
}

impl From<OpenNodeError> for Failure {
    fn from(error: OpenNodeError) -> Self {
        match &error {
            OpenNodeError::Missing { directory } => Self::new(
                format!(
                    "{} 里还没有数据；先用 yilian init 建立",
                    directory.display()
                ),
                format!(
                    "there is no data in {}; set it up with yilian init",
                    directory.display()
                ),
            ),
            OpenNodeError::Exists { directory } => Self::new(
                format!(
                    "{} 已经建立过了；网络、角色和站点不能再改，要改中继或编辑人，用 init 加上 --hub 或 --author",
                    directory.display()
                ),
                format!(
                    "{} is set up already: network, role and site stay; for another relay or author, init with --hub or --author",
                    directory.display()
                ),
            ),
            OpenNodeError::Open(error) => Self::of_store(error),
            _ => Self::from_error(("数据打不开", "the data cannot be opened"), &error),
        }
    }
}

impl Failure {
    /// Why a store cannot be opened.
    pub(crate) fn of_store(error: &OpenError) -> Self {
        let zh = match error {
            OpenError::InUse { directory, process } => {
                let process =
                    process.map_or_else(String::new, |process| format!("（进程 {process}）"));
                let directory = directory.display();
                format!("{directory} 的数据正被另一个 yilian{process}使用，请先停止它")
            }
            OpenError::NotAStore { path } => {
                format!("{} 不是驿联的数据，或开头已损坏", path.display())
            }
            OpenError::Malformed { path, .. } => format!(
                "{} 已损坏，打不开：请留一份副本，再用备份替换，或换一个数据目录 init 后从中心 sync",
                path.display()
            ),
            OpenError::Rebuild { path, .. } => format!(
                "{} 已损坏，读得出的内容又写不成新文件（{}）：腾出空间后再试，原文件没有动",
                path.display(),
                chain_zh(error)
            ),
            OpenError::TooNew { path, .. } => {
                format!("{} 是更新版本的程序写的，请升级 yilian", path.display())
            }
            OpenError::TooOld { path, .. } => {
                format!("{} 太旧，请先用较早的版本打开一次", path.display())
            }
            _ => {
                return Self::from_error(("数据打不开", "the data cannot be opened"), error);
            }
        };
        Self::new(zh, format!("the data cannot be opened: {}", chain(error)))
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        match &error {
            ReadError::Damaged { name } => Self::new(
                format!("{name} 的数据损坏，用 yilian doctor 查看"),
                format!("the data of {name} is damaged; see yilian doctor"),
            ),
            _ => Self::from_error(("读不出来", "cannot read"), &error),
        }
    }
}

impl From<NodeError> for Failure {
    fn from(error: NodeError) -> Self {
        Self::from_error(("节点已停止", "the node is gone"), &error)
    }
}

impl From<EditFailed> for Failure {
    fn from(error: EditFailed) -> Self {
        match error {
            EditFailed::Read(error) => error.into(),
            EditFailed::Store {
                source: CommitError::Store(source),
                ..
            } => Self::of_commit(source.as_ref()),
            other => Self::from_error(("没有改成", "the edit was not made"), &other),
        }
    }
}

impl Failure {
    /// Why an edit was not stored.
    fn of_commit(error: &(dyn Error + Send + Sync + 'static)) -> Self {
        match error.downcast_ref() {
            Some(StoreError::Full { .. }) => Self::new(
                "没有改成：磁盘满了，什么也没有保存；腾出空间后再做一次",
                "the edit was not made: the disk is full, and nothing of it was kept; make room and do it again",
            ),
            Some(StoreError::ReadOnly { .. }) => Self::new(
                "没有改成：磁盘或数据文件只能读，什么也没有保存",
                "the edit was not made: the disk or the data on it is read-only, and nothing of it was kept",
            ),
            _ => Self::from_error(
                (
                    "没有改成，什么也没有保存",
                    "the edit was not made, and nothing of it was kept",
                ),
                error,
            ),
        }
    }
}

impl From<SupplyFailed> for Failure {
    fn from(error: SupplyFailed) -> Self {
        match error {
            SupplyFailed::Supply(error) => Self::Failed(error.text(), Vec::new()),
            SupplyFailed::NoSite => Self::new(
                "这台机器是中心，不经手物资；请在站点的机器上操作",
                "this computer is the hub and holds no goods: do it at a site",
            ),
            SupplyFailed::Read(error) => error.into(),
            SupplyFailed::Edit(error) => error.into(),
            other => Self::from_error(("没有登记成", "nothing was entered"), &other),
        }
    }
}

impl From<yilian_node::identity::RandomError> for Failure {
    fn from(error: yilian_node::identity::RandomError) -> Self {
        Self::from_error(
            (
                "系统不给随机数",
                "the operating system gives no random bytes",
            ),
            &error,
        )
    }
}
