use super::define::record;
use super::{Collection, RecordId};

record! {
    /// A post that people are rostered on.
    Post: Posts = "岗位", "post";
    known by [name];
    {
        /// Its name, as rosters write it.
        name: String = "名称", "name", required;
        /// Whether its shifts may run while the site is closed, like a night hotline's.
        any_hours: bool = "不限开放时间", "any hours";
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
