use super::define::record;
use super::{Collection, RecordId};
use crate::ordered::BTreeSet;

record! {
    /// A post that people are rostered on.
    Post: Posts = "岗位", "post";
    known by [name];
    {
        /// Its name, as rosters write it.
        name: String = "名称", "name", required;
        /// Whether its shifts may run while the site is closed, like a night hotline's.
        any_hours: bool = "不限开放时间", "any hours";
        /// The certificates that whoever is on it has to have, each valid: see [`crate::school::Credentials`].
        certificates: BTreeSet<String> = "所需证书", "certificates";
        /// Whether who is on it mediates disputes: a judge, an arbitrator, a counsellor on the specialists' rota.
        mediates: bool = "调解岗位", "mediates";
    }
}

impl Post {
    /// The id of the post of a name.
    pub fn id_of(name: &str) -> RecordId {
        RecordId::natural(Collection::Posts, &[name])
    }
}
