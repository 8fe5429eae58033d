use jiff::civil::Date;

use super::RecordId;
use super::define::record;
use crate::document::SiteKey;

record! {
    /// That a site's night school issued a certificate, where everybody can read it, without saying to whom.
    ///
    /// Whoever is shown a certificate works out its seal from what its code says, and finds this: see
    /// [`Proof::check`](crate::school::Proof::check).
    Issue: Issues = "发证登记", "issue";
    known by [seal];
    {
        /// The hash over what the certificate's code says: see [`Proof::seal`](crate::school::Proof::seal).
        seal: String = "印记", "seal", required;
        /// The site whose school issued it.
        site: SiteKey = "站点", "site", required;
        /// The first day on which it is valid.
        issued_on: Option<Date> = "发证日期", "issued on", required;
        /// The last day on which it is valid.
        expires_on: Option<Date> = "有效期至", "expires on";
        /// The first day on which it is valid no more although it has not expired.
        revoked_on: Option<Date> = "吊销日期", "revoked on";
    }
}

impl Issue {
    /// The id of the issue of a seal.
    pub fn id_of(seal: &str) -> RecordId {
        RecordId::natural(super::Collection::Issues, &[seal])
    }
}
