use jiff::civil::DateTime;

use super::{MediationError, Proceedings, take};
use crate::document::{Name, SiteKey};
use crate::import::blanks;
use crate::records::{Collection, Edit, Mediator, RecordId, Stage, Step, Typed};

/// Somebody is to mediate a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// Their name, as rosters write it.
    pub name: String,
    /// Their post.
    pub post: String,
    /// The site on whose roster they are.
    pub of: Option<SiteKey>,
    /// The person, where known.
    pub person: Option<RecordId>,
    /// When they are told.
    pub at: DateTime,
    /// A remark.
    pub note: String,
}

/// The edits that give a case to somebody, with new ids for two steps. A case that nobody has taken up is taken up with it.
///
/// Who was given it before goes on mediating it: to take them off, their record is removed.
///
/// # Errors
/// The case is past that, or they are a party to it.
pub fn assign(
    document: &Name,
    proceedings: &Proceedings<'_>,
    assignment: Assignment,
    ids: [RecordId; 2],
    by: &str,
) -> Result<Vec<Edit>, MediationError> {
    let Assignment {
        name,
        post,
        of,
        person,
        at,
        note,
    } = assignment;
    let case = proceedings.case;
    let name = blanks(&name);
    let mediator = Mediator {
        id: Mediator::id_of(&case.site, &case.case, &name),
        site: case.site.clone(),
        case: case.case.clone(),
        name,
        post,
        of,
        person,
        note: String::new(),
        removed_at: None,
    };
    let [first, second] = ids;
    let step = |id, stage, by: &str, made, note| Step {
        id,
        about: None,
        after: None,
        stage,
        at,
        by: by.to_owned(),
        note,
        made,
        removed_at: None,
    };
    let accepts = proceedings.stage == Stage::Registered;
    let accepted = accepts.then(|| step(first, Stage::Accepted, by, None, String::new()));
    let made = Some(mediator.id);
    let assigned = step(second, Stage::Assigned, &mediator.name, made, note);
    let steps = accepted.into_iter().chain([assigned]).collect();
    let mut edits = take(document, proceedings, steps)?;
    // Whoever was taken off the case is on it again.
    edits.push(Edit::restore(document, Collection::Mediators, mediator.id));
    edits.extend(mediator.create(document));
    Ok(edits)
}
