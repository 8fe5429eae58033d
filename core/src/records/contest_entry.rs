use super::define::{choices, record};
use super::{Collection, RecordId};
use crate::document::SiteKey;

choices! {
    /// Whether somebody takes part in a contest.
    EntryState else Entered {
        /// They do.
        Entered = "entered", "参赛", "entered";
        /// They do not any more.
        Withdrawn = "withdrawn", "弃权", "withdrawn";
        /// They were ruled out.
        Disqualified = "disqualified", "取消资格", "disqualified";
    }
}

record! {
    /// Somebody, or a team, who takes part in a contest.
    ContestEntry: Entries = "参赛", "contest entry";
    known by [contest, name, home];
    {
        /// The contest.
        contest: Option<RecordId> = "竞赛", "contest", required -> Contests;
        /// Who takes part: a person's name, or a team's.
        name: String = "姓名", "name", required;
        /// The site they stand for, where that is another than the one that holds the contest.
        home: Option<SiteKey> = "代表站点", "home";
        /// Which of the people of a site they are, where that is known.
        person: Option<RecordId> = "人员", "person" -> Persons;
        /// Their telephone number.
        phone: String = "电话", "phone";
        /// How they did.
        score: Option<f64> = "成绩", "score" in -1_000_000 to 1_000_000;
        /// Whether they take part.
        state: EntryState = "状态", "state";
        /// A remark.
        note: String = "备注", "note";
    }
}

impl ContestEntry {
    /// The id of the entry of somebody who stands for a site in a contest.
    pub fn id_of(contest: RecordId, name: &str, home: Option<&SiteKey>) -> RecordId {
        let home = home.map_or("", SiteKey::as_str);
        RecordId::natural(Collection::Entries, &[&contest.to_string(), name, home])
    }
}
