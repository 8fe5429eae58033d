use crate::rules::Text;

/// Who holds how much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    /// What people call the device.
    pub device: String,
    /// How much it may give out.
    pub count: i64,
}

/// Why goods were not moved. Nothing was planned then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SupplyError {
    // Input: ask for something else.
    /// A number that no line can be about: 1 to 1,000,000, or for a stocktaking anything but 0.
    #[error("{0} is no number of goods: expected 1 to 1000000")]
    Count(i64),
    /// The item is counted in another unit here: convert the number.
    #[error("{item} is counted in {known}, not in {given}")]
    Unit {
        /// What people call the item.
        item: String,
        /// What it is counted in.
        known: String,
        /// What was said.
        given: String,
    },
    /// Nobody knows the item: contribute it first.
    #[error("there is no such item here")]
    UnknownItem,
    /// No such device is known at the site.
    #[error("no device {0} is known here")]
    UnknownDevice(String),
    /// The line is not there, or no transfer that this site may receive.
    #[error("no such transfer is on its way here")]
    UnknownTransfer,
    /// The line is not there, or no claim.
    #[error("there is no such claim")]
    UnknownClaim,
    /// Goods go to another site.
    #[error("goods are sent to another site, not to the own one")]
    OwnSite,
    /// Only the device that claimed takes a claim back, and only the one that is asked answers it.
    #[error("the claim is for {device}, not for this device")]
    NotYourClaim {
        /// What people call the device.
        device: String,
    },
    /// The transfer is for another device of the site: receive it there.
    #[error("the goods are for {device}: receive them there")]
    NotYourTransfer {
        /// What people call the device.
        device: String,
    },
    /// It was done before.
    #[error("that was answered before")]
    Answered,
    // How things stand: wait, or ask elsewhere.
    /// This device holds too little.
    #[error(
        "{item}: {asked} are asked for, and this device may give out {here}; other devices of the site hold {}, on their way are {arriving}",
        sum(.others)
    )]
    Short {
        /// What people call the item.
        item: String,
        /// How much was asked for.
        asked: i64,
        /// How much this device may give out.
        here: i64,
        /// Other devices of the site that hold some.
        others: Vec<Holding>,
        /// How much is on its way to the site.
        arriving: i64,
    },
    /// The hub declared this device lost: its rights went to another.
    #[error("this device was declared lost, and holds nothing any more")]
    Lost,
    /// The other site has no device that could receive.
    #[error("no device of {0} is known that could receive goods")]
    NoDevice(String),
}

fn sum(holdings: &[Holding]) -> i64 {
    holdings.iter().map(|holding| holding.count).sum()
}

impl SupplyError {
    /// What is wrong and what to do, for people.
    #[must_use]
    pub fn text(&self) -> Text {
        let (zh, en) = match self {
            Self::Count(count) => (
                format!("{count} 不是可以登记的数量，应为 1 到 1000000；盘点少了的写负数"),
                format!(
                    "{count} is no number of goods: expected 1 to 1000000, below 0 where a stocktaking finds fewer"
                ),
            ),
            Self::Unit { item, known, given } => (
                format!("{item}按“{known}”计数，不按“{given}”；请换算成{known}"),
                format!("{item} is counted in {known}, not in {given}: give the number in {known}"),
            ),
            Self::UnknownItem => (
                "这里没有这种物资；先登记捐入".to_owned(),
                "there is no such item here: contribute it first".to_owned(),
            ),
            Self::UnknownDevice(device) => (
                format!("本站没有设备 {device}"),
                format!("no device {device} is known here"),
            ),
            Self::UnknownTransfer => (
                "没有这样一批调来的物资".to_owned(),
                "no such transfer is on its way here".to_owned(),
            ),
            Self::UnknownClaim => (
                "没有这条申领".to_owned(),
                "there is no such claim".to_owned(),
            ),
            Self::OwnSite => (
                "调出要写另一个站点".to_owned(),
                "goods are sent to another site, not to the own one".to_owned(),
            ),
            Self::NotYourClaim { device } => (
                format!("这条申领归设备“{device}”，请在那台设备上操作"),
                format!("the claim is for {device}: do it there"),
            ),
            Self::NotYourTransfer { device } => (
                format!("这批物资发给设备“{device}”，请在那台设备上收货；那台丢了就请中心报失"),
                format!(
                    "the goods are for {device}: receive them there, or have the hub declare it lost"
                ),
            ),
            Self::Answered => (
                "已经办过了".to_owned(),
                "that was answered before".to_owned(),
            ),
            Self::Short {
                item,
                asked,
                here,
                others,
                arriving,
            } => return short(item, *asked, *here, others, *arriving),
            Self::Lost => (
                "这台设备已被中心报失，手里的物资已转给别的设备".to_owned(),
                "this device was declared lost: what it held went to another device".to_owned(),
            ),
            Self::NoDevice(site) => (
                format!("{site} 还没有登记能收货的设备；请对方先登记一次物资"),
                format!(
                    "no device of {site} is known that could receive goods: let it contribute once"
                ),
            ),
        };
        Text::new(zh, en)
    }
}

fn short(item: &str, asked: i64, here: i64, others: &[Holding], arriving: i64) -> Text {
    let said = |blank: &str| {
        let one = |holding: &Holding| format!("{} {}", holding.device, holding.count);
        others.iter().map(one).collect::<Vec<_>>().join(blank)
    };
    let (elsewhere, way) = (sum(others), arriving);
    let mut zh = format!("{item}要 {asked}，本机只能发 {here}");
    let mut en = format!("{item}: {asked} are asked for, this device may give out {here}");
    if elsewhere > 0 {
        zh.push_str(&format!("；站内其他设备有 {elsewhere}（{}）", said("、")));
        en.push_str(&format!(
            "; other devices of the site hold {elsewhere} ({})",
            said(", ")
        ));
    }
    if way > 0 {
        zh.push_str(&format!("；还有 {way} 在路上"));
        en.push_str(&format!("; {way} are on their way"));
    }
    let (then, after) = if elsewhere >= asked {
        (
            "。先记一条申领，联网后由有货的设备发放；或设常备数，联网时自动补足",
            ". Claim them: the device that has them gives them out once connected; or keep some here, and they are topped up",
        )
    } else if way > 0 {
        ("。货到后先收货", ". Receive what is on its way first")
    } else {
        (
            "。站内也不够，请别的站点调来",
            ". The site has not enough: ask another site to send some",
        )
    };
    zh.push_str(then);
    en.push_str(after);
    Text::new(zh, en)
}
