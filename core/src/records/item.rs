use super::define::record;
use super::{Collection, RecordId};

record! {
    /// A sort of goods that stations share: gloves, towels, drinking water. One name is one item at every site.
    Item: Items = "物资", "item";
    known by [name];
    {
        /// Its name.
        name: String = "名称", "name", required;
        /// What it is counted in.
        unit: String = "单位", "unit";
        /// What sort it is, such as `clothing`.
        category: String = "类别", "category";
        /// How many one person may take at a time.
        at_once: Option<i64> = "每次限领", "at once" in 1 to 1_000_000;
        /// The stock below which the site wants more.
        low: Option<i64> = "低于则补货", "low" in 0 to 1_000_000;
        /// A remark.
        note: String = "备注", "note";
    }
}

impl Item {
    /// An item of which nothing but the name is known.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self {
            id: Self::id_of(name),
            name: name.to_owned(),
            unit: String::new(),
            category: String::new(),
            at_once: None,
            low: None,
            note: String::new(),
            removed_at: None,
        }
    }

    /// The id of the item of a name.
    pub fn id_of(name: &str) -> RecordId {
        RecordId::natural(Collection::Items, &[name])
    }
}
