use jiff::civil::DateTime;

use super::RecordId;
use super::define::{choices, record};
use crate::document::SiteKey;

choices! {
    /// What a line of the ledger does with rights to give out goods.
    EntryKind else Claim {
        /// Goods come in: `holder` gains rights.
        Contribution = "contribution", "捐入", "contribution";
        /// `holder` hands rights to `to`, a device of the same site.
        Grant = "grant", "划拨", "grant";
        /// `holder` gives goods out.
        Gift = "gift", "发放", "gift";
        /// `holder` sends goods to `to`, a device of the site `to_site`: they are in transit.
        Transfer = "transfer", "调出", "transfer";
        /// `holder` has received the transfer `about`.
        Receipt = "receipt", "收货", "receipt";
        /// A stocktaking: `holder` gains or loses rights.
        Correction = "correction", "盘点", "correction";
        /// Somebody asks for goods of a device that has no rights: `to` is asked to grant them.
        Claim = "claim", "申领", "claim";
        /// The claim `about` is withdrawn.
        Withdrawal = "withdrawal", "撤回", "withdrawal";
        /// The hub takes the rights of the lost device `holder`, and `to` gains them.
        Return = "return", "收回", "return";
    }
}

record! {
    /// A line of a site's ledger: written once, by one device, and never changed. The balance is derived: see
    /// [`crate::supplies`].
    LedgerEntry: Ledger = "台账", "ledger entry";
    written once;
    {
        /// The item.
        item: Option<RecordId> = "物资", "item", required -> Items;
        /// What it does.
        kind: EntryKind = "类型", "kind", required;
        /// How many; only a correction may be below zero.
        count: Option<i64> = "数量", "count", required in -1_000_000 to 1_000_000;
        /// The holder whose rights it is about; the device that writes it, but for a return.
        holder: String = "持有者", "holder", required;
        /// The holder at the other end.
        to: String = "转给", "to";
        /// The site at the other end.
        to_site: Option<SiteKey> = "转往站点", "to site";
        /// The line it answers: of a receipt its transfer, of a gift its claim.
        about: Option<RecordId> = "对应", "about" -> Ledger;
        /// The event it belongs to.
        drive: Option<RecordId> = "活动", "drive" -> Drives;
        /// Who gave, or who received.
        party: String = "对方", "party";
        /// Their telephone number.
        phone: String = "电话", "phone";
        /// When.
        at: DateTime = "时间", "at", required;
        /// A remark.
        note: String = "备注", "note";
    }
}
