use super::{MediationError, Proceedings};
use crate::document::{Name, SiteKey};
use crate::records::{Edit, RecordId, Referral, ReferralKind, Typed, View};

/// The edits that hand a case to another site, which reads it from then on. Its id, its case and what it is for are filled in.
///
/// A site keeps the documents whose names begin with its own cases', so the same is written down there, in a document of its own:
/// [`shared_with`] reads it.
///
/// # Errors
/// It is that site's own case, or was handed to it already, or no site is named.
pub fn share(
    document: &Name,
    proceedings: &Proceedings<'_>,
    referral: Referral,
) -> Result<Vec<Edit>, MediationError> {
    let case = proceedings.case;
    let to = referral.to_site.clone();
    let to = to.ok_or(MediationError::Missing(crate::records::Label {
        zh: "转交站点",
        en: "a site to hand it to",
    }))?;
    let id = Referral::id_of_share(&case.site, &case.case, &to);
    if to == case.site || proceedings.referrals.iter().any(|known| known.id == id) {
        return Err(MediationError::Shared(to));
    }
    let pointer = pointer(&to, id).ok_or(MediationError::Empty)?;
    let referral = Referral {
        id,
        site: case.site.clone(),
        case: case.case.clone(),
        kind: ReferralKind::Site,
        removed_at: None,
        ..referral
    };
    let here = referral.create(document).into_iter();
    // What it is about stays between those who read the case.
    let there = Referral {
        note: String::new(),
        ..referral
    };
    Ok(here.chain(there.create(&pointer)).collect())
}

/// The document that tells a site of a case that was handed to it.
fn pointer(to: &SiteKey, referral: RecordId) -> Option<Name> {
    Name::case(to.clone(), &referral.to_string())
}

/// Whether a document may tell its site of a case that was handed to it: its name is made as those that do.
#[must_use]
pub fn may_point(document: &Name) -> bool {
    matches!(document, Name::Case { case, .. } if case.parse::<RecordId>().is_ok())
}

/// The case that was handed to a site, if that is what a document of its cases says.
pub fn shared_with(document: &Name, view: &View) -> Option<Name> {
    let Name::Case { site, case } = document else {
        return None;
    };
    let told = view.present::<Referral>().map(|(referral, _)| referral);
    let mut told = told.filter(|referral| {
        referral.id.to_string() == *case
            && referral.to_site.as_ref() == Some(site)
            && referral.site != *site
    });
    let referral = told.next()?;
    Name::case(referral.site.clone(), &referral.case)
}
