use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;

use crate::cli::args::{OutputArguments, date};
use crate::cli::site::AtSiteOrAll;

#[derive(Debug, Subcommand)]
pub(crate) enum ReportCommand {
    #[command(
        about = "场地：预订、时长、使用率、人数、外站借用，和每天的预订 | venues: bookings, hours, use, people and lending, and the bookings by day"
    )]
    Bookings {
        #[command(flatten)]
        asked: ReportArguments,
        #[arg(
            long,
            value_enum,
            value_name = "BY",
            help = "按场地或按天（默认都有，CSV 默认按场地） | by venue or by day (default: both; in CSV by venue)"
        )]
        by: Option<BookingsBy>,
    },
    #[command(
        about = "来件：各站各类多少、办到哪一步、几天办结、超期 | submissions: how many of each kind, how far they came, days to done, overdue"
    )]
    Requests {
        #[command(flatten)]
        asked: ReportArguments,
    },
    #[command(
        about = "排班：每人的班次、工时、夜班、缺勤、外借，和每天的班次 | rosters: shifts, hours, nights, absences and lending by person, and the shifts by day"
    )]
    Roster {
        #[command(flatten)]
        asked: ReportArguments,
        #[arg(
            long,
            value_enum,
            value_name = "BY",
            help = "按人或按天（默认都有，CSV 默认按人） | by person or by day (default: both; in CSV by person)"
        )]
        by: Option<RosterBy>,
    },
    #[command(
        about = "物资：谁捐了、去了哪里、还剩多少，和发放明细 | goods: who gave, what went where and what is left, and each gift"
    )]
    Supplies {
        #[command(flatten)]
        asked: ReportArguments,
        #[arg(long, value_name = "NAME", help = "只看这个活动 | of this event only")]
        drive: Option<String>,
        #[arg(
            long,
            value_enum,
            value_name = "BY",
            help = "按物资、站点、捐赠方，或发放明细（默认都有，CSV 默认按物资） | by item, site or giver, or each gift (default: all; in CSV by item)"
        )]
        by: Option<SuppliesBy>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum BookingsBy {
    Venue,
    Day,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RosterBy {
    Person,
    Day,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SuppliesBy {
    Item,
    Site,
    Giver,
    Gift,
}

/// What every report is asked: of when, of where, and how to write it.
#[derive(Debug, Args)]
pub(crate) struct ReportArguments {
    #[command(flatten)]
    pub(crate) period: PeriodArguments,
    #[command(flatten)]
    pub(crate) site: AtSiteOrAll,
    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

/// Days from one to another; the current month where neither is said.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct PeriodArguments {
    #[arg(
        long,
        value_name = "YYYY-MM-DD",
        value_parser = date,
        help = "从哪天起（默认月初） | from this day (default: the first of the month)"
    )]
    pub(crate) from: Option<Date>,
    #[arg(
        long,
        value_name = "YYYY-MM-DD",
        value_parser = date,
        help = "到哪天止（默认月末） | to this day (default: the last of the month)"
    )]
    pub(crate) to: Option<Date>,
}
