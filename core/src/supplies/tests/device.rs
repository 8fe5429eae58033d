//! Devices of a network, each with its own documents and its own count of them.

use std::collections::BTreeMap;

use jiff::civil::{DateTime, date};

use super::super::clerk::duties;
use super::super::{Desk, GivingBy, Ledger, Order, SupplyError, document, giving, holder};
use crate::document::{DocumentId, LiveDocument, Name, SiteKey};
use crate::records::{Collection, Edit, Item, RecordId, View};

pub(super) fn key(text: &str) -> SiteKey {
    text.parse().unwrap()
}

pub(super) fn date_time() -> DateTime {
    date(2026, 12, 5).at(9, 30, 0, 0)
}

pub(super) fn item_id() -> RecordId {
    Item::id_of("手套")
}

pub(super) fn glove() -> Item {
    Item {
        id: item_id(),
        name: "手套".to_owned(),
        unit: "双".to_owned(),
        category: String::new(),
        at_once: None,
        low: None,
        note: String::new(),
        removed_at: None,
    }
}

#[derive(Clone, Debug)]
pub(super) struct Desktop {
    pub(super) site: SiteKey,
    pub(super) holder: String,
    pub(super) documents: BTreeMap<Name, LiveDocument>,
    /// Kept up to date line by line.
    pub(super) ledger: Ledger,
    /// Kept up to date by looking at each document that changed.
    pub(super) looked: Ledger,
}

impl Desktop {
    /// What is said of a site under one version of it is always the same.
    fn look(&mut self, name: &Name) {
        let said = |ledger: &Ledger, site: &SiteKey| {
            let by = GivingBy {
                site: Some(site.clone()),
                ..GivingBy::default()
            };
            format!("{:?}", giving(ledger, &by))
        };
        let before: Vec<_> = self
            .looked
            .sites()
            .map(|site| {
                (
                    site.clone(),
                    self.looked.version(site),
                    said(&self.looked, site),
                )
            })
            .collect();
        let view = self.documents[name].view();
        self.looked.update(name.site().unwrap(), view);
        for (site, version, before) in before {
            if version == self.looked.version(&site) {
                assert_eq!(before, said(&self.looked, &site));
            }
        }
    }
}

pub(super) struct Network {
    pub(super) devices: Vec<Desktop>,
    lines: u64,
    actors: u64,
}

pub(super) type Done = Result<(), SupplyError>;

impl Network {
    /// A device for each of the sites named, which know of each other.
    pub(super) fn new(sites: &[&str]) -> Self {
        let mut network = Self {
            devices: Vec::new(),
            lines: 0,
            actors: 0,
        };
        for site in sites {
            network.add(site);
        }
        network.merge_all();
        network
    }

    /// One more device, new or under a new incarnation; answers which.
    pub(super) fn add(&mut self, site: &str) -> usize {
        let number = self.devices.len();
        let device = uuid::Uuid::from_u128(u128::try_from(number).unwrap());
        self.devices.push(Desktop {
            site: key(site),
            holder: holder(&device, 1),
            documents: BTreeMap::new(),
            ledger: Ledger::default(),
            looked: Ledger::default(),
        });
        self.register(number);
        number
    }

    pub(super) fn register(&mut self, number: usize) {
        let device = &self.devices[number];
        let edits =
            device
                .ledger
                .plan_device(&device.site, &device.holder, &format!("电脑{number}"));
        self.edit(number, &edits);
    }

    pub(super) fn holder(&self, device: usize) -> &str {
        &self.devices[device].holder
    }

    pub(super) fn desk(&self, device: usize) -> Desk<'static> {
        // Tests leak a few names, and borrow nothing of what they edit.
        let device = &self.devices[device];
        Desk {
            site: Box::leak(Box::new(device.site.clone())),
            holder: Box::leak(device.holder.clone().into_boxed_str()),
            at: date_time(),
        }
    }

    pub(super) fn view(&self, device: usize, site: &str) -> &View {
        self.devices[device].documents[&document(&key(site))].view()
    }

    /// What a device may give out, as it counts.
    pub(super) fn held(&self, device: usize) -> i64 {
        self.held_by(device, device)
    }

    /// What another may give out, as a device counts.
    pub(super) fn held_by(&self, device: usize, other: usize) -> i64 {
        let other = &self.devices[other];
        let ledger = &self.devices[device].ledger;
        ledger.rights(&other.site, item_id(), &other.holder)
    }

    fn open(&mut self, device: usize, name: &Name) -> &mut LiveDocument {
        self.actors += 1;
        let mut actor = [0; 16];
        actor[..8].copy_from_slice(&self.actors.to_be_bytes());
        let open = self.devices[device].documents.entry(name.clone());
        open.or_insert_with(|| {
            let id = DocumentId::of(&"test".parse().unwrap(), name);
            LiveDocument::new(id, name.clone(), actor)
        })
    }

    pub(super) fn edit(&mut self, device: usize, edits: &[Edit]) {
        let Some(name) = edits.first().map(|edit| edit.document().clone()) else {
            return;
        };
        let Name::Supplies { site } = &name else {
            panic!("only supplies are edited");
        };
        let edited = self.open(device, &name).edit(edits, "test", 1).unwrap();
        let device = &mut self.devices[device];
        let view = device.documents[&name].view();
        device.ledger.apply(site, view, &edited.patches);
        device.look(&name);
    }

    /// Gives `to` all that `from` has.
    pub(super) fn pull(&mut self, to: usize, from: usize) {
        let documents = self.devices[from].documents.clone();
        for (name, theirs) in documents {
            let Name::Supplies { site } = &name else {
                continue;
            };
            let ours = self.open(to, &name);
            let changes = ours.automerge().get_changes_added(theirs.automerge());
            let patches = ours.apply(changes).unwrap();
            let device = &mut self.devices[to];
            let view = device.documents[&name].view();
            device.ledger.apply(site, view, &patches);
            device.look(&name);
        }
    }

    pub(super) fn merge_all(&mut self) {
        for device in 1..self.devices.len() {
            self.pull(0, device);
        }
        for device in 1..self.devices.len() {
            self.pull(device, 0);
        }
    }

    /// The count after a restart, of what was stored.
    pub(super) fn reread(&self, device: usize) -> Ledger {
        let documents = self.devices[device].documents.iter();
        let documents: Vec<(SiteKey, LiveDocument)> = documents
            .map(|(name, document)| {
                let changes = document.automerge().get_changes(&[]);
                let id = document.id();
                let again = LiveDocument::load(id, Some(name.clone()), [255; 16], changes);
                (name.site().unwrap().clone(), again.unwrap())
            })
            .collect();
        Ledger::new(
            documents
                .iter()
                .map(|(site, document)| (site, document.view())),
        )
    }

    pub(super) fn plan(
        &mut self,
        device: usize,
        plan: impl FnOnce(&Ledger, &Desk<'_>, RecordId) -> Result<Vec<Edit>, SupplyError>,
    ) -> Result<Vec<Edit>, SupplyError> {
        self.lines += 1;
        let mut random = [0; 10];
        random[..8].copy_from_slice(&self.lines.to_be_bytes());
        let id = RecordId::new(self.lines, random);
        plan(&self.devices[device].ledger, &self.desk(device), id)
    }

    fn make(
        &mut self,
        device: usize,
        plan: impl FnOnce(&Ledger, &Desk<'_>, RecordId) -> Result<Vec<Edit>, SupplyError>,
    ) -> Result<RecordId, SupplyError> {
        let edits = self.plan(device, plan)?;
        self.edit(device, &edits);
        let (_, line, _) = edits.last().unwrap().place();
        Ok(line)
    }

    pub(super) fn contribute(&mut self, device: usize, count: i64) -> RecordId {
        let order = Order::of(item_id(), count);
        self.make(device, |ledger, desk, id| {
            ledger.plan_contribution(desk, id, &order, Some(&glove()))
        })
        .unwrap()
    }

    pub(super) fn gift(&mut self, device: usize, count: i64) -> Done {
        let order = Order {
            party: "李师傅",
            ..Order::of(item_id(), count)
        };
        self.make(device, |ledger, desk, id| {
            ledger.plan_gift(desk, id, &order)
        })
        .map(|_| ())
    }

    pub(super) fn grant(&mut self, device: usize, count: i64, to: usize) -> Done {
        let (order, to) = (Order::of(item_id(), count), self.holder(to).to_owned());
        self.make(device, |ledger, desk, id| {
            ledger.plan_grant(desk, id, &order, &to)
        })
        .map(|_| ())
    }

    pub(super) fn send(&mut self, device: usize, count: i64, to: &str) -> Done {
        let order = Order::of(item_id(), count);
        self.make(device, |ledger, desk, id| {
            ledger.plan_transfer(desk, id, &order, &key(to))
        })
        .map(|_| ())
    }

    pub(super) fn receive(&mut self, device: usize, transfer: RecordId) -> Done {
        self.make(device, |ledger, desk, _| {
            ledger.plan_receipt(desk, transfer)
        })
        .map(|_| ())
    }

    pub(super) fn claim(&mut self, device: usize, count: i64) -> Result<RecordId, SupplyError> {
        let order = Order::of(item_id(), count);
        self.make(device, |ledger, desk, id| {
            ledger.plan_claim(desk, id, &order)
        })
    }

    pub(super) fn withdraw(&mut self, device: usize, claim: RecordId) -> Done {
        self.make(device, |ledger, desk, id| {
            ledger.plan_withdrawal(desk, id, claim)
        })
        .map(|_| ())
    }

    /// Declares a holder of the device's site lost.
    pub(super) fn lose(&mut self, device: usize, lost: &str) -> Done {
        self.make(device, |ledger, desk, _| ledger.plan_loss(desk, lost, None))
            .map(|_| ())
    }

    pub(super) fn keep(&mut self, device: usize, keeps: i64) {
        let name = document(&self.devices[device].site);
        let id = crate::records::Device::id_of(self.holder(device));
        self.edit(
            device,
            &[Edit::set(&name, Collection::Devices, id, "keeps", keeps)],
        );
    }

    /// Lets the clerk of a device do what it has to; answers how much that was.
    pub(super) fn tend(&mut self, device: usize) -> usize {
        let mut lines = self.lines;
        let desk = self.desk(device);
        let duties = duties(&self.devices[device].ledger, &desk, || {
            lines += 1;
            RecordId::new(lines, [7; 10])
        });
        self.lines = lines;
        self.edit(device, &duties.edits);
        duties.answered + duties.granted
    }
}

impl Network {
    /// A document as a restarted store has it: an actor is never used again.
    pub(super) fn under_new_actor(&mut self, document: &LiveDocument) -> LiveDocument {
        self.actors += 1;
        let mut actor = [0; 16];
        actor[..8].copy_from_slice(&self.actors.to_be_bytes());
        let changes = document.automerge().get_changes(&[]);
        let name = document.name().cloned();
        LiveDocument::load(document.id(), name, actor, changes).unwrap()
    }
}
