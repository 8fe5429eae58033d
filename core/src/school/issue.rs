use jiff::civil::Date;

use super::Proof;
use crate::document::{Name, Network, SiteKey};
use crate::inbox::progress;
use crate::records::{
    Certificate, Collection, Edit, Issue, RecordId, SubmissionKind, Typed, Value, View, write_date,
};

/// The field of a certificate and of an issue that says since when it is not valid any more.
const REVOKED_ON: &str = "revoked_on";

/// The document in which a school keeps records of a collection: what everybody may read is apart from what names people.
#[must_use]
pub fn document(site: &SiteKey, collection: Collection) -> Name {
    let site = site.clone();
    match collection {
        Collection::Courses | Collection::Sessions | Collection::Issues => Name::Courses { site },
        _ => Name::School { site },
    }
}

/// The issue that makes a certificate known: none where it does not say whose or what it is, or since when it is valid.
#[must_use]
pub fn expected(site: &SiteKey, certificate: &Certificate) -> Option<Issue> {
    let seal = Proof::seal_of(site, certificate)?;
    Some(Issue {
        id: Issue::id_of(&seal),
        seal,
        site: site.clone(),
        issued_on: certificate.issued_on,
        expires_on: certificate.expires_on,
        revoked_on: certificate.revoked_on,
        removed_at: None,
    })
}

/// The edits that issue a certificate to whoever made an enrolment: the certificate in `school/<site>`, where all can check it
/// in `courses/<site>`, and its proof in what they sent, if that is how they enrolled. `views` are what is held of these documents.
///
/// One that was removed or revoked is valid again; where it says something else than before, what was printed before is replaced and no more
/// valid.
pub fn issue<'a>(
    network: &Network,
    site: &SiteKey,
    (certificate, enrolment): (&Certificate, RecordId),
    views: impl IntoIterator<Item = (&'a Name, &'a View)>,
) -> Vec<Edit> {
    let known = expected(site, certificate);
    let proof = Proof::of(network, site, certificate);
    let own = document(site, Collection::Certificates);
    let public = document(site, Collection::Issues);
    let views: Vec<(&Name, &View)> = views.into_iter().collect();
    let mut edits = certificate.create(&own);
    edits.extend(known.iter().flat_map(|known| known.create(&public)));
    let before = views.iter().filter(|(name, _)| **name == own);
    let mut before = before.filter_map(|(_, view)| view.get::<Certificate>(certificate.id));
    let before = before.next().and_then(|before| expected(site, before));
    for (name, view) in views {
        let mut again = |of: Collection, id: RecordId| {
            let held = view.entry(of, id).map(|entry| entry.fields());
            let Some(held) = held else { return };
            edits.push(Edit::restore(name, of, id));
            let revoked = held.contains_key(REVOKED_ON);
            edits.extend(revoked.then(|| Edit::clear(name, of, id, REVOKED_ON)));
        };
        if *name == own {
            again(Collection::Certificates, certificate.id);
        } else if *name == public {
            if let Some(known) = &known {
                again(Collection::Issues, known.id);
            }
            edits.extend(replace(&public, view, before.as_ref(), known.as_ref()));
        } else if let Some(proof) = proof.as_ref().filter(|_| name.site() == Some(site)) {
            edits.extend(deliver(name, view, enrolment, proof));
        }
    }
    edits
}

/// What was issued before is not valid any more from the day on which another takes its place.
fn replace(
    public: &Name,
    view: &View,
    before: Option<&Issue>,
    known: Option<&Issue>,
) -> Option<Edit> {
    let (before, known) = before.zip(known)?;
    let held = view.get::<Issue>(before.id)?;
    let is_valid = held.removed_at.is_none() && held.revoked_on.is_none();
    let on = known
        .issued_on
        .filter(|_| is_valid && before.id != known.id)?;
    Some(Edit::set(
        public,
        Collection::Issues,
        before.id,
        REVOKED_ON,
        Value::from(write_date(on)),
    ))
}

/// The edit that puts a proof into what was sent, if an enrolment was made of that, and it is not there.
pub(crate) fn deliver(
    name: &Name,
    view: &View,
    enrolment: RecordId,
    proof: &Proof,
) -> Option<Edit> {
    let Name::Inbox { .. } = name else {
        return None;
    };
    let progress = progress(view)?;
    let submission = progress.submission;
    let (text, of) = (proof.to_string(), Collection::Submission);
    let is_theirs =
        submission.kind == SubmissionKind::Enrolment && progress.made() == Some(enrolment);
    (is_theirs && submission.proof != text)
        .then(|| Edit::set(name, of, submission.id, "proof", text))
}

/// The edits that revoke a certificate from a day on, and say so where all can check it.
pub fn revoke(site: &SiteKey, certificate: &Certificate, on: Date) -> Vec<Edit> {
    let revoked = Certificate {
        revoked_on: Some(on),
        ..certificate.clone()
    };
    let own = document(site, Collection::Certificates);
    let set = Edit::set(
        &own,
        Collection::Certificates,
        certificate.id,
        REVOKED_ON,
        Value::from(write_date(on)),
    );
    let known =
        expected(site, &revoked).map(|known| known.create(&document(site, Collection::Issues)));
    [set]
        .into_iter()
        .chain(known.into_iter().flatten())
        .collect()
}

/// The edits that put what all can check of a certificate in step with its record: none where it is, or where it proves nothing.
pub(crate) fn publish(site: &SiteKey, courses: &View, certificate: &Certificate) -> Vec<Edit> {
    let Some(issue) = expected(site, certificate) else {
        return Vec::new();
    };
    let held = courses.get::<Issue>(issue.id);
    if held == Some(&issue) {
        return Vec::new();
    }
    let (public, of) = (document(site, Collection::Issues), Collection::Issues);
    let mut edits = issue.create(&public);
    if held.is_some_and(|held| held.removed_at.is_some()) {
        edits.push(Edit::restore(&public, of, issue.id));
    }
    if held.is_some_and(|held| held.revoked_on.is_some()) && issue.revoked_on.is_none() {
        edits.push(Edit::clear(&public, of, issue.id, REVOKED_ON));
    }
    edits
}
