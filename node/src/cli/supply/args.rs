//! What can be asked about goods. Every text is written `中文 | English`, as in `super::super::args`.

use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::super::args::{FileArguments, date};
use super::super::noun::FileOutput;
use super::super::site::AtSite;

/// What other nouns have and this one has not, and why.
pub(crate) const SUPPLY_HELP: &str = "\
台账没有 set 和 remove：每一笔登记后不改，登记错了用 correct 更正，写明原因。物资的名称、单位、补货线在 yilian item 里改。 | \
There is no set and no remove: what is entered stays, and what is wrong is put right with correct, which says why. An item's name, unit and lowest stock are set with yilian item.";

/// What a file of goods holds.
const IMPORT_HELP: &str = "\
列：物资、数量、日期（必有）；单位、对方（谁捐的）、电话、活动、备注、站点、编号、类型。
捐入按物资、日期或时间、对方识别：同一文件导入两次不会多记，登记过的行也不会被改；同一天同一方的第二笔请写明时间。
整个文件要么全部登记，要么一行也不登记；物资归导入的这台设备发放，所以一份清单只在一台设备上导入。 | \
Columns: item, count, date (required); unit, party (who gave), phone, drive, note, site, id, kind.
A contribution is known by its item, its day or time and who gave it: a file that is imported twice adds nothing, and lines that are entered are not changed. Where somebody gave twice in a day, give the times.
Either every row is entered or none. The goods are given out by the device that imports, so import a list on one device only.";

#[derive(Debug, Subcommand)]
pub(crate) enum SupplyCommand {
    #[command(about = "库存：本机、其他设备、路上 | stock: here, at other devices, on its way")]
    List(AtSite),
    #[command(
        about = "一种物资：各设备、路上、申领 | one item: devices, goods on their way, claims"
    )]
    Show {
        #[arg(value_name = "ITEM", help = "物资名称 | the item's name")]
        item: String,
        #[command(flatten)]
        at: AtSite,
    },
    #[command(visible_alias = "add", about = "登记捐入 | enter a contribution")]
    Contribute {
        #[command(flatten)]
        goods: Goods,
        #[arg(long, value_name = "NAME", help = "谁捐的 | who gave it")]
        from: String,
        #[arg(long, value_name = "UNIT", help = "计量单位 | what it is counted in")]
        unit: Option<String>,
        #[command(flatten)]
        more: More,
    },
    #[command(about = "发放 | give goods out")]
    Give {
        #[command(flatten)]
        goods: Goods,
        #[arg(long, value_name = "NAME", help = "发给谁 | who receives it")]
        to: String,
        #[command(flatten)]
        more: More,
    },
    #[command(about = "调给别的站点，收货前算在途 | send goods to another site")]
    Send {
        #[command(flatten)]
        goods: Goods,
        #[arg(
            long,
            value_name = "SITE",
            help = "调给哪个站点（代码或名称） | the site that gets them (its key or name)"
        )]
        to_site: String,
        #[command(flatten)]
        more: More,
    },
    #[command(about = "收货：别的站点调来的物资到了 | receive what another site sent")]
    Receive {
        #[arg(
            value_name = "ID",
            help = "调出的编号，或其开头、结尾几位（只有一批时可省） | the transfer; may be left out where there is one"
        )]
        transfer: Option<String>,
    },
    #[command(
        about = "申领：本机不够，请有货的设备联网后发放 | claim goods that another device holds"
    )]
    Claim {
        #[command(flatten)]
        goods: Goods,
        #[arg(long, value_name = "NAME", help = "发给谁 | who is to receive it")]
        to: String,
        #[command(flatten)]
        more: More,
    },
    #[command(about = "申领的情况 | what became of claims")]
    Claims(AtSite),
    #[command(about = "撤回本机的申领 | take a claim of this device back")]
    Withdraw {
        #[arg(value_name = "ID", help = "申领的编号，或其开头、结尾几位 | the claim")]
        claim: String,
    },
    #[command(
        about = "盘点：本机多了或少了多少 | stocktaking: how many more or fewer there are here"
    )]
    Correct {
        #[command(flatten)]
        goods: Goods,
        #[arg(long, value_name = "TEXT", help = "原因 | why")]
        note: String,
    },
    #[command(
        about = "从 CSV 或 .xlsx 导入捐入清单或盘点表 | import a list of contributions or a stocktaking from CSV or .xlsx",
        after_help = IMPORT_HELP
    )]
    Import {
        #[command(flatten)]
        file: FileArguments,
        #[arg(
            long,
            help = "盘点表：数量是全站实有数，与台账的差额记为盘点 | a stocktaking: the counts are what the site has, what differs is corrected"
        )]
        stocktaking: bool,
        #[arg(
            long,
            value_name = "YYYY-MM-DD",
            value_parser = date,
            help = "未写日期的行是哪天的 | for rows that give no day"
        )]
        date: Option<Date>,
    },
    #[command(about = "导出台账，可再导入 | export the ledger, to be imported again")]
    Export {
        #[arg(
            long,
            help = "导出库存：可改成盘点表，用 import --stocktaking 导入 | export the stock instead: a list to count by, for import --stocktaking"
        )]
        stock: bool,
        #[command(flatten)]
        at: AtSite,
        #[command(flatten)]
        output: FileOutput,
    },
    #[command(about = "本站的设备 | the site's devices")]
    Device {
        #[command(subcommand)]
        command: DeviceCommand,
    },
    #[command(about = "台账：谁在何时捐入、发放、调拨 | the ledger")]
    History {
        #[arg(value_name = "ITEM", help = "只看这种物资 | of this item only")]
        item: Option<String>,
        #[command(flatten)]
        at: AtSite,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum DeviceCommand {
    #[command(about = "列出 | list them")]
    List(AtSite),
    #[command(
        about = "本机每种物资想常备多少，联网时自动补足 | how many of each item this device wants at hand"
    )]
    Keep {
        #[arg(value_name = "N", help = "数量 | how many", value_parser = clap::value_parser!(i64).range(0..=1_000_000))]
        count: i64,
    },
    #[command(about = "报失（仅中心）：它的物资转给别的设备 | declare a device lost (hub only)")]
    Lost {
        #[arg(
            value_name = "DEVICE",
            help = "设备的编号或名称 | the device, by what it holds as or by name"
        )]
        device: String,
        #[arg(
            long,
            value_name = "SITE",
            help = "它的站点（代码或名称） | its site (its key or name)"
        )]
        site: String,
        #[arg(
            long,
            value_name = "DEVICE",
            help = "转给哪台（默认存货最多的） | who takes over (default: who has the most)"
        )]
        to: Option<String>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Goods {
    #[arg(value_name = "ITEM", help = "物资名称 | the item's name")]
    pub(crate) item: String,
    #[arg(
        value_name = "COUNT",
        allow_negative_numbers = true,
        help = "数量 | how many"
    )]
    pub(crate) count: i64,
}

#[derive(Debug, Args)]
pub(crate) struct More {
    #[arg(long, value_name = "PHONE", help = "对方电话 | their telephone number")]
    pub(crate) phone: Option<String>,
    #[arg(
        long,
        value_name = "NAME",
        help = "属于哪个活动 | the event it belongs to"
    )]
    pub(crate) drive: Option<String>,
    #[arg(long, value_name = "TEXT", help = "备注 | a remark")]
    pub(crate) note: Option<String>,
}
