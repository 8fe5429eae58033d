use jiff::civil::{Date, DateTime};

use super::Proof;
use crate::document::{Name, Network, SiteKey};
use crate::inbox::progress;
use crate::records::{
    Certificate, Collection, Edit, Issue, RecordId, SubmissionKind, Typed, Value, View, write_date,
};

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
/// One that was removed is there again.
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
    let mut edits = certificate.create(&own);
    edits.extend(known.iter().flat_map(|known| known.create(&public)));
    for (name, view) in views {
        let record = match (name == &own, name == &public, &known) {
            (true, ..) => Some((Collection::Certificates, certificate.id)),
            (_, true, Some(known)) => Some((Collection::Issues, known.id)),
            _ => None,
        };
        let is_there = |(of, id): &(Collection, RecordId)| view.entry(*of, *id).is_some();
        edits.extend(
            record
                .filter(is_there)
                .map(|(of, id)| Edit::restore(name, of, id)),
        );
        let proof = proof.as_ref().filter(|_| name.site() == Some(site));
        edits.extend(proof.and_then(|proof| deliver(name, view, enrolment, proof)));
    }
    edits
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
        "revoked_on",
        Value::from(write_date(on)),
    );
    let known =
        expected(site, &revoked).map(|known| known.create(&document(site, Collection::Issues)));
    [set]
        .into_iter()
        .chain(known.into_iter().flatten())
        .collect()
}

/// The edits that put what all can check in step with the certificates of a school: issues that are missing or say something else,
/// and those of certificates that are gone or say something else now.
pub(crate) fn publish(
    site: &SiteKey,
    courses: &View,
    certificates: &[&Certificate],
    all: &[&Certificate],
    now: DateTime,
) -> Vec<Edit> {
    let public = document(site, Collection::Issues);
    let wanted = certificates.iter().filter_map(|one| expected(site, one));
    let mut edits = Vec::new();
    for issue in wanted {
        let held = courses.get::<Issue>(issue.id);
        if held == Some(&issue) {
            continue;
        }
        edits.extend(issue.create(&public));
        let Some(held) = held else { continue };
        if held.removed_at.is_some() {
            edits.push(Edit::restore(&public, Collection::Issues, issue.id));
        }
        if held.revoked_on.is_some() && issue.revoked_on.is_none() {
            edits.push(Edit::clear(
                &public,
                Collection::Issues,
                issue.id,
                "revoked_on",
            ));
        }
    }
    let known: crate::ordered::BTreeSet<RecordId> = all
        .iter()
        .filter_map(|one| Some(expected(site, one)?.id))
        .collect();
    for (issue, _) in courses.present::<Issue>() {
        if !known.contains(&issue.id) {
            edits.push(Edit::remove(&public, Collection::Issues, issue.id, now));
        }
    }
    edits
}
