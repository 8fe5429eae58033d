use crate::import::{name_key, phone_key};
use crate::ordered::BTreeMap;
use crate::records::RecordId;

/// Whom a record of a school names: by name, and by telephone number where that is given.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Learner {
    pub(super) name: String,
    pub(super) phone: String,
}

impl Learner {
    pub(super) fn of(name: &str, phone: &str) -> Self {
        Self {
            name: name_key(name),
            phone: phone_key(phone),
        }
    }
}

/// The enrolments of a class, found by whom they name.
#[derive(Debug, Default)]
pub(super) struct Roll {
    names: BTreeMap<String, Vec<(String, RecordId)>>,
}

impl Roll {
    pub(super) fn add(&mut self, learner: Learner, enrolment: RecordId) {
        let of_name = self.names.entry(learner.name).or_default();
        of_name.push((learner.phone, enrolment));
    }

    /// The enrolment of a learner: the one with that number, or the only one of that name where either does not say one.
    pub(super) fn find(&self, learner: &Learner) -> Option<RecordId> {
        let of_name = self.names.get(&learner.name)?;
        let mut exact = of_name.iter().filter(|(phone, _)| *phone == learner.phone);
        if let (Some((phone, id)), None) = (exact.next(), exact.next())
            && (!phone.is_empty() || of_name.len() == 1)
        {
            return Some(*id);
        }
        match of_name.as_slice() {
            [(phone, id)] if phone.is_empty() || learner.phone.is_empty() => Some(*id),
            _ => None,
        }
    }

    /// Those of one name of which at least one does not say its number, or two say the same: they are one person entered twice.
    pub(super) fn twice(&self) -> impl Iterator<Item = Vec<RecordId>> {
        self.names.values().filter_map(|of_name| {
            let numbers: Vec<&str> = of_name.iter().map(|(phone, _)| phone.as_str()).collect();
            let is_same = |(index, phone): (usize, &&str)| {
                phone.is_empty() || numbers.iter().take(index).any(|before| before == phone)
            };
            let twice = of_name.len() > 1 && numbers.iter().enumerate().any(is_same);
            twice.then(|| of_name.iter().map(|(_, id)| *id).collect())
        })
    }
}
