use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Parser;
use serde::Deserialize;
use thiserror::Error;
use yilian_core::document::Network;
use yilian_core::sync::limits::Limits;
use yilian_node::store::CompactorSettings;
use yilian_node::verifier::VerifierSettings;

mod limits;

pub use limits::LimitSetting;

/// More would cost more than they bring.
const SHARDS_MAX: usize = 256;

/// What the relay can be told on its command line and by its environment. What is given there
/// counts before what the file says, and that before the default.
#[derive(Clone, Debug, Default, Parser)]
#[command(
    name = "yilian-relay",
    version,
    about = "驿联中继：浏览器与各站点的同步服务 / The Yilian relay: syncs browsers and sites",
    after_help = "每个选项也可用环境变量 YILIAN_… 或 TOML 文件设置。\nEvery option can also be set by an environment variable YILIAN_… or in a TOML file (listen = \"127.0.0.1:3030\", max_connections = 1000, …)."
)]
pub struct Flags {
    /// 配置文件（TOML） / Settings file (TOML)
    #[arg(long, value_name = "FILE", env = "YILIAN_CONFIG")]
    pub config: Option<PathBuf>,
    /// 监听地址，端口 0 由系统选择 / Address to listen on; port 0 picks one; default 127.0.0.1:3030
    #[arg(long, value_name = "ADDR", env = "YILIAN_LISTEN")]
    pub listen: Option<SocketAddr>,
    /// 数据目录 / Where documents are kept
    #[arg(long, value_name = "DIR", env = "YILIAN_DATA")]
    pub data: Option<PathBuf>,
    /// 网页目录 / Static files to serve beside /sync
    #[arg(long, value_name = "DIR", env = "YILIAN_WEB")]
    pub web: Option<PathBuf>,
    /// 把这个网络的排班和预订发布为日历订阅，知道地址的人都能看 / Serve this network's rosters and bookings as calendars, to whoever has the address
    #[arg(long, value_name = "NETWORK", env = "YILIAN_CALENDAR")]
    pub calendar: Option<Network>,
    /// 允许在无认证时监听外网地址 / Listen beyond loopback although nobody is asked who they are
    #[arg(long, env = "YILIAN_INSECURE_NO_AUTH")]
    pub insecure_no_auth: bool,
    /// 分片数，默认为处理器核数 / Shards; default: one for each core
    #[arg(long, value_name = "N", env = "YILIAN_SHARDS")]
    pub shards: Option<usize>,
    /// 最大连接数 / Connections at a time, default 10000
    #[arg(long, value_name = "N", env = "YILIAN_MAX_CONNECTIONS")]
    pub max_connections: Option<usize>,
    /// 同一地址的最大连接数 / Connections at a time from one address, default half of all
    #[arg(long, value_name = "N", env = "YILIAN_MAX_CONNECTIONS_PER_ADDRESS")]
    pub max_connections_per_address: Option<usize>,
    /// 同一地址违规多少次后其新连接须等待 / Breaches after which new connections from an address have to wait, default 20
    #[arg(long, value_name = "N", env = "YILIAN_MAX_BREACHES")]
    pub max_breaches: Option<usize>,
    /// 反向代理的地址，来访者取自其 X-Forwarded-For / Addresses of reverse proxies: who calls is read from their X-Forwarded-For
    #[arg(long, value_name = "ADDR", env = "YILIAN_PROXY", value_delimiter = ',')]
    pub proxy: Vec<IpAddr>,
    /// 其余限制，可重复 / Any other limit, may be repeated: orphans=5000; README lists them
    #[arg(
        long = "limit",
        value_name = "NAME=N",
        env = "YILIAN_LIMITS",
        value_delimiter = ','
    )]
    pub limits: Vec<LimitSetting>,
    /// 单帧最大字节数 / Largest frame, in bytes, default 67108864
    #[arg(long, value_name = "BYTES", env = "YILIAN_MAX_FRAME_BYTES")]
    pub max_frame_bytes: Option<usize>,
    /// 内存中 1 MiB 以上消息的总字节数，超出时断开发送最久的一条 / Bytes of messages above 1 MiB in memory, default 268435456: beyond, the one that takes longest is cut off
    #[arg(long, value_name = "BYTES", env = "YILIAN_MAX_LARGE_BYTES")]
    pub max_large_bytes: Option<usize>,
    /// 每个连接的最大文档数 / Documents that one connection may open, default 100000
    #[arg(long, value_name = "N", env = "YILIAN_MAX_DOCUMENTS_PER_CONNECTION")]
    pub max_documents_per_connection: Option<usize>,
    /// 单个变更的最大操作数 / Operations in one change, default 1000000
    #[arg(long, value_name = "N", env = "YILIAN_MAX_OPS_PER_CHANGE")]
    pub max_ops_per_change: Option<u64>,
    /// 自报身份的时限（秒） / Time to introduce oneself, in seconds, default 10
    #[arg(long, value_name = "SECONDS", env = "YILIAN_JOIN_TIMEOUT")]
    pub join_timeout: Option<u64>,
    /// 发出 HTTP 请求的时限（秒） / Time to send a request, and for an idle HTTP connection, in seconds, default 10
    #[arg(long, value_name = "SECONDS", env = "YILIAN_REQUEST_TIMEOUT")]
    pub request_timeout: Option<u64>,
    /// 无任何数据多少秒后断开 / Seconds of silence after which a connection is closed, default 60
    #[arg(long, value_name = "SECONDS", env = "YILIAN_SILENCE_TIMEOUT")]
    pub silence_timeout: Option<u64>,
    /// 每隔多少秒整理一次旧变更 / Seconds between two looks for old changes to pack, default 30
    #[arg(long, value_name = "SECONDS", env = "YILIAN_COMPACT_EVERY")]
    pub compact_every: Option<u64>,
    /// 整理旧变更最多占用一个核的百分之几 / Percent of one core that packing may take, default 10
    #[arg(long, value_name = "PERCENT", env = "YILIAN_COMPACT_PERCENT")]
    pub compact_percent: Option<u8>,
    /// 每隔多少秒检验新的变更 / Seconds between two looks for changes that break documents, default 5
    #[arg(long, value_name = "SECONDS", env = "YILIAN_VERIFY_EVERY")]
    pub verify_every: Option<u64>,
    /// 检验最多占用一个核的百分之几 / Percent of one core that this may take, default 10
    #[arg(long, value_name = "PERCENT", env = "YILIAN_VERIFY_PERCENT")]
    pub verify_percent: Option<u8>,
}

/// The same in a TOML file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    listen: Option<SocketAddr>,
    data: Option<PathBuf>,
    web: Option<PathBuf>,
    calendar: Option<Network>,
    insecure_no_auth: Option<bool>,
    shards: Option<usize>,
    max_connections: Option<usize>,
    max_connections_per_address: Option<usize>,
    max_breaches: Option<usize>,
    #[serde(default)]
    proxy: Vec<IpAddr>,
    max_frame_bytes: Option<usize>,
    max_large_bytes: Option<usize>,
    max_documents_per_connection: Option<usize>,
    max_ops_per_change: Option<u64>,
    join_timeout: Option<u64>,
    request_timeout: Option<u64>,
    silence_timeout: Option<u64>,
    compact_every: Option<u64>,
    compact_percent: Option<u8>,
    verify_every: Option<u64>,
    verify_percent: Option<u8>,
    #[serde(default)]
    limits: BTreeMap<String, u64>,
}

/// How a relay runs.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address to listen on.
    pub listen: SocketAddr,
    /// Where documents are kept.
    pub data: PathBuf,
    /// Static files to serve, if any.
    pub web: Option<PathBuf>,
    /// The network whose rosters and bookings are served as calendars, if any.
    pub calendar: Option<Network>,
    /// Whether an address beyond loopback is accepted although nobody is asked who they are.
    pub insecure_no_auth: bool,
    /// Shards.
    pub shards: usize,
    /// Connections at a time.
    pub connections_max: usize,
    /// Connections at a time from one address.
    pub connections_per_address_max: usize,
    /// How often somebody at an address may break a rule before new connections from there have to wait.
    pub breaches_max: usize,
    /// Reverse proxies, whose word on who calls is taken.
    pub proxies: Vec<IpAddr>,
    /// Bytes of messages above 1 MiB that may be in memory, of all connections together.
    pub large_bytes_max: usize,
    /// Bounds on what peers may do.
    pub limits: Limits,
    /// Time to introduce oneself.
    pub introduction: Duration,
    /// Time to send a request, and how long an HTTP connection may be idle.
    pub request: Duration,
    /// Silence after which a connection is closed.
    pub silence_max: Duration,
    /// When old changes are packed.
    pub compaction: CompactorSettings,
    /// When new changes are tried on a copy.
    pub verification: VerifierSettings,
}

/// Why settings are of no use. Whoever started the relay has to change them.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// The file cannot be read.
    #[error("the settings file {} cannot be read", file.display())]
    Read {
        /// Which.
        file: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file is not TOML, or has a setting that there is not.
    #[error("the settings file {} is not valid", file.display())]
    Parse {
        /// Which.
        file: PathBuf,
        /// Why.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// Nobody said where to keep documents.
    #[error("where to keep documents is not set: give --data DIR")]
    NoData,
    /// A setting is outside its range.
    #[error("{setting} is {value}: set it to something from {least} to {most}")]
    Range {
        /// Which.
        setting: String,
        /// What it was set to.
        value: u64,
        /// The least it may be.
        least: u64,
        /// The most it may be.
        most: u64,
    },
    /// There is no such limit.
    #[error("there is no limit {name}: there are {known}")]
    NoLimit {
        /// What it was called.
        name: String,
        /// Those that there are.
        known: String,
    },
}

impl Settings {
    /// A relay on loopback that keeps its documents in `data`, on a port that the system picks.
    #[must_use]
    pub fn local(data: impl Into<PathBuf>) -> Self {
        let flags = Flags {
            listen: Some(SocketAddr::from(([127, 0, 0, 1], 0))),
            ..Flags::default()
        };
        Self::of(flags, File::default(), data.into(), Limits::default())
    }

    /// Settings from flags, and the file that they name.
    ///
    /// # Errors
    /// See [`SettingsError`].
    pub fn read(flags: Flags) -> Result<Self, SettingsError> {
        let file = match &flags.config {
            Some(file) => File::read(file)?,
            None => File::default(),
        };
        let data = flags
            .data
            .clone()
            .or_else(|| file.data.clone())
            .ok_or(SettingsError::NoData)?;
        check(&flags, &file)?;
        let limits = named_limits(&flags, &file)?;
        Ok(Self::of(flags, file, data, limits))
    }

    fn of(flags: Flags, file: File, data: PathBuf, limits: Limits) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let seconds = |flag: Option<u64>, file: Option<u64>, default| {
            Duration::from_secs(flag.or(file).unwrap_or(default))
        };
        let percent =
            |flag: Option<u8>, file: Option<u8>| f64::from(flag.or(file).unwrap_or(10)) / 100.0;
        let connections_max = flags
            .max_connections
            .or(file.max_connections)
            .unwrap_or(10_000);
        Self {
            listen: flags
                .listen
                .or(file.listen)
                .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 3030))),
            data,
            web: flags.web.or(file.web),
            calendar: flags.calendar.or(file.calendar),
            insecure_no_auth: flags.insecure_no_auth || file.insecure_no_auth.unwrap_or(false),
            shards: flags
                .shards
                .or(file.shards)
                .unwrap_or(cores.min(SHARDS_MAX)),
            connections_max,
            connections_per_address_max: flags
                .max_connections_per_address
                .or(file.max_connections_per_address)
                .unwrap_or(connections_max.div_ceil(2)),
            breaches_max: flags.max_breaches.or(file.max_breaches).unwrap_or(20),
            proxies: match flags.proxy.is_empty() {
                true => file.proxy,
                false => flags.proxy,
            },
            // One message always fits.
            large_bytes_max: (flags.max_large_bytes.or(file.max_large_bytes))
                .unwrap_or(256 << 20)
                .max(limits.frame_bytes),
            limits,
            introduction: seconds(flags.join_timeout, file.join_timeout, 10),
            request: seconds(flags.request_timeout, file.request_timeout, 10),
            silence_max: seconds(flags.silence_timeout, file.silence_timeout, 60),
            compaction: CompactorSettings {
                every: seconds(flags.compact_every, file.compact_every, 30),
                share: percent(flags.compact_percent, file.compact_percent),
                ..CompactorSettings::default()
            },
            verification: VerifierSettings {
                every: seconds(flags.verify_every, file.verify_every, 5),
                share: percent(flags.verify_percent, file.verify_percent),
            },
        }
    }
}

/// Limits of the table and of flags, and those that have a flag of their own.
fn named_limits(flags: &Flags, file: &File) -> Result<Limits, SettingsError> {
    let own = [
        (
            "frame_bytes",
            flags.max_frame_bytes.or(file.max_frame_bytes),
        ),
        (
            "documents",
            flags
                .max_documents_per_connection
                .or(file.max_documents_per_connection),
        ),
    ];
    let mut limits = limits::read(&file.limits, &flags.limits)?;
    for (name, value) in own {
        if let Some(value) = value {
            limits::set(&mut limits, name, value as u64)?;
        }
    }
    if let Some(ops) = flags.max_ops_per_change.or(file.max_ops_per_change) {
        limits::set(&mut limits, "change_ops", ops)?;
    }
    Ok(limits)
}

/// Whether everything that was set is within its range.
fn check(flags: &Flags, file: &File) -> Result<(), SettingsError> {
    const DAY_S: u64 = 86_400;
    const MANY: u64 = 1_000_000;
    let count = |flag: Option<usize>, file: Option<usize>| flag.or(file).map(|value| value as u64);
    let percent = |flag: Option<u8>, file: Option<u8>| flag.or(file).map(u64::from);
    let settings = [
        (
            "shards",
            count(flags.shards, file.shards),
            SHARDS_MAX as u64,
        ),
        (
            "max_connections",
            count(flags.max_connections, file.max_connections),
            MANY,
        ),
        (
            "max_connections_per_address",
            count(
                flags.max_connections_per_address,
                file.max_connections_per_address,
            ),
            MANY,
        ),
        (
            "max_breaches",
            count(flags.max_breaches, file.max_breaches),
            MANY,
        ),
        (
            "join_timeout",
            flags.join_timeout.or(file.join_timeout),
            DAY_S,
        ),
        (
            "request_timeout",
            flags.request_timeout.or(file.request_timeout),
            DAY_S,
        ),
        (
            "silence_timeout",
            flags.silence_timeout.or(file.silence_timeout),
            DAY_S,
        ),
        (
            "compact_every",
            flags.compact_every.or(file.compact_every),
            365 * DAY_S,
        ),
        (
            "compact_percent",
            percent(flags.compact_percent, file.compact_percent),
            100,
        ),
        (
            "verify_every",
            flags.verify_every.or(file.verify_every),
            365 * DAY_S,
        ),
        (
            "verify_percent",
            percent(flags.verify_percent, file.verify_percent),
            100,
        ),
    ];
    for (setting, value, most) in settings {
        if let Some(value) = value.filter(|value| !(1..=most).contains(value)) {
            return Err(SettingsError::Range {
                setting: setting.to_owned(),
                value,
                least: 1,
                most,
            });
        }
    }
    Ok(())
}

impl File {
    fn read(file: &Path) -> Result<Self, SettingsError> {
        let text = std::fs::read_to_string(file).map_err(|source| SettingsError::Read {
            file: file.to_owned(),
            source,
        })?;
        toml::from_str(&text).map_err(|source| SettingsError::Parse {
            file: file.to_owned(),
            source: Box::new(source),
        })
    }
}

#[cfg(test)]
mod tests;
