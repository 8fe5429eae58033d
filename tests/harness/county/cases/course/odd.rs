//! What goes wrong with cases.

use jiff::civil::DateTime;
use yilian_core::mediation::step;
use yilian_core::records::{
    Case, Collection, Edit, Mediator, Party, RecordId, Side, Stage, Typed as _,
};

use super::super::super::Mess;
use super::super::super::desk::Desk;
use super::Course;

/// The one odd thing about a case, if there is any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Odd {
    Nothing,
    /// The hub writes down that it was withdrawn, while the parties agree.
    WithdrawnMeanwhile,
    /// The hub does, while the site gives it to somebody.
    WithdrawnBefore,
    /// Site and hub write different remarks.
    Remarks,
    /// It is mediated by somebody who is on no rota.
    OffRota,
    /// Its mediator is taken off it, and nobody follows.
    Unmediated,
    /// Its mediator turns out to be a party.
    Party,
    /// A step is edited.
    Edited,
    /// Its agreement is taken off the record.
    AgreementGone,
}

/// Of a thousand cases: often enough that a county has some of each, and no more.
pub(super) const ODD: [(Odd, usize); 9] = [
    (Odd::Nothing, 880),
    (Odd::WithdrawnMeanwhile, 14),
    (Odd::WithdrawnBefore, 12),
    (Odd::Remarks, 28),
    (Odd::OffRota, 30),
    (Odd::Unmediated, 12),
    (Odd::Party, 6),
    (Odd::Edited, 8),
    (Odd::AgreementGone, 10),
];

impl Course<'_> {
    /// A step that the hub takes without a network, knowing what is on the desk now.
    pub(super) fn apart(&mut self, stage: Stage, at: DateTime) -> (Desk, RecordId) {
        let mut hub = self.desk.branch(&self.county.hub());
        let new = self.new_step(stage, at, "");
        let id = new.id;
        let edits = step(&self.name, hub.view(), new).unwrap();
        hub.write(&edits, "", at);
        (hub, id)
    }

    pub(super) fn void(&mut self, step: RecordId, at: DateTime) {
        let edit = Edit::remove(&self.name, Collection::Timeline, step, at);
        self.desk.write(&[edit], "", at);
    }

    pub(super) fn odd_mediator(&mut self, name: &str, at: DateTime) {
        match self.odd {
            Odd::Party => {
                let third = Party::new(&self.place.key, &self.code, name, Side::Third);
                self.desk.write(&third.create(&self.name), "", at);
                self.desk.wrong(Mess::CasePartyMediates);
            }
            Odd::Unmediated => {
                let id = Mediator::id_of(&self.place.key, &self.code, name);
                let edit = Edit::remove(&self.name, Collection::Mediators, id, at);
                self.desk.write(&[edit], "", at);
            }
            Odd::Remarks => {
                let case = Case::id_of(&self.place.key, &self.code);
                let note = |note: &str| Edit::set(&self.name, Collection::Case, case, "note", note);
                let mut hub = self.desk.branch(&self.county.hub());
                hub.write(&[note("请法官旁听")], "", at);
                self.desk.write(&[note("先背对背谈")], "", at);
                hub.wrong(Mess::FieldConflict);
                self.desk.merge(hub);
            }
            _ => {}
        }
    }

    /// The agreement is taken off the record.
    pub(super) fn lose_agreement(&mut self, at: DateTime) {
        if let Some(agreement) = self.agreement.take() {
            let edit = Edit::remove(&self.name, Collection::Agreements, agreement.id, at);
            self.desk.write(&[edit], "", at);
            self.desk.wrong(Mess::CaseAgreementGone);
            self.facts.secured = 0;
        }
    }
}
