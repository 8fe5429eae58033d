use std::ops::RangeInclusive;

use uuid::Uuid;

use super::Line;
use super::line::Row;
use super::names::Names;
use crate::document::{RecordChange, RecordPatch, SiteKey};
use crate::ordered::{BTreeMap, BTreeSet};
use crate::records::{Collection, Device, EntryKind, Item, LedgerEntry, RecordId, View};

/// The ledgers of sites, counted: who may give out how much of what.
///
/// It is a function of the lines alone. Received goods count only where the ledger they came from is given too: see
/// [`super::sources`].
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    pub(super) names: Names,
    pub(super) rows: Vec<Row>,
    /// Where a line is, by its site and id.
    places: BTreeMap<(u32, RecordId), usize>,
    /// Where the transfers are, received or not.
    transfers: Vec<usize>,
    /// The lines that answer a line.
    pub(super) answers: BTreeMap<RecordId, Vec<usize>>,
    /// By site, item and holder.
    pub(super) rights: BTreeMap<(u32, RecordId, u32), i64>,
    pub(super) items: BTreeMap<(u32, RecordId), Item>,
    /// By site and holder.
    pub(super) devices: BTreeMap<(u32, u32), Device>,
    /// Lines of which not even the holder, the item or the number can be read: of no effect.
    pub(super) unreadable: Vec<(SiteKey, RecordId)>,
    sites: Vec<SiteKey>,
    /// Of each site, how often what it has, sent or expects became another.
    versions: BTreeMap<u32, u64>,
    counted: u64,
}

impl Ledger {
    /// Counts the ledgers of some sites, each given by its document's view.
    pub fn new<'a>(views: impl IntoIterator<Item = (&'a SiteKey, &'a View)>) -> Self {
        let mut ledger = Self::default();
        for (site, view) in views {
            ledger.read(site, view);
        }
        ledger.count_all();
        ledger
    }

    /// Takes in what changed in a site's document: `view` is that after the change. New lines cost what they are; a line that
    /// is no longer as it was, or a device that is lost or found, costs counting anew.
    pub fn apply(&mut self, site: &SiteKey, view: &View, patches: &[RecordPatch]) {
        if !patches.iter().all(|patch| self.is_simple(site, patch)) {
            return self.replace(site, view);
        }
        let number = self.begin(site);
        self.touch(number);
        for patch in patches {
            match patch.collection {
                Collection::Items => self.read_item(number, view, patch.record),
                Collection::Devices => self.read_device(number, view, patch.record),
                _ => {
                    if let Some(index) = self.read_line(site, view, patch.record) {
                        self.count(index);
                    }
                }
            }
        }
    }

    /// Takes in a site's document as it is now, whatever changed in it. That costs reading its lines, and counting those that are
    /// new; where one is no longer as it was, or a device was lost or found, all are counted anew.
    pub fn update(&mut self, site: &SiteKey, view: &View) {
        let number = self.begin(site);
        let Some(new) = self.new_lines(site, number, view) else {
            return self.replace(site, view);
        };
        self.items.retain(|(of, _), _| *of != number);
        self.devices.retain(|(of, _), _| *of != number);
        self.read_others(number, view);
        for row in new {
            self.rows.push(row);
            self.count(self.rows.len() - 1);
        }
        self.touch(number);
    }

    /// The lines that are not known yet; none where what is known does not hold any more.
    fn new_lines(&mut self, site: &SiteKey, number: u32, view: &View) -> Option<Vec<Row>> {
        let is_lost = |device: &&Device| device.lost_at.is_some();
        let holder = |device: &Device| device.holder.clone();
        let devices = view.present::<Device>().map(|(device, _)| device);
        let devices = devices.filter(|device| device.id == Device::id_of(&device.holder));
        let lost: BTreeSet<String> = devices.filter(is_lost).map(holder).collect();
        let known = self.devices(site).into_iter();
        let is_as_it_was = lost == known.filter(is_lost).map(holder).collect();
        let unreadable = self.unreadable.iter().filter(|(of, _)| of == site).count();
        let (mut new, mut known, mut unread) = (Vec::new(), 0, 0);
        for (line, entry) in view.all::<LedgerEntry>() {
            let Some(row) = Row::read(site, line, entry, &mut self.names) else {
                unread += 1;
                continue;
            };
            let place = self.place(number, row.id);
            match place.and_then(|place| self.rows.get(place)) {
                Some(before) if before.is_as(&row) => known += 1,
                Some(_) => return None,
                None => new.push(row),
            }
        }
        let all = self.rows_of(number).count();
        (is_as_it_was && (unread, known) == (unreadable, all)).then_some(new)
    }

    fn touch(&mut self, site: u32) {
        *self.versions.entry(site).or_default() += 1;
    }

    /// What is another whenever something is that a site has, gave, sent or expects.
    #[must_use]
    pub fn version(&self, site: &SiteKey) -> u64 {
        let site = self.names.find(site.as_str());
        let version = site.and_then(|site| self.versions.get(&site));
        version.copied().unwrap_or(0)
    }

    /// Whether nothing that was counted counts otherwise after it.
    fn is_simple(&self, site: &SiteKey, patch: &RecordPatch) -> bool {
        let number = self.names.find(site.as_str());
        match patch.collection {
            Collection::Items => true,
            Collection::Devices => patch
                .fields
                .iter()
                .all(|change| !matches!(change.field.as_str(), "lost_at" | "removed_at")),
            Collection::Ledger => {
                let known = |number| self.places.contains_key(&(number, patch.record));
                patch.change == RecordChange::Added && !number.is_some_and(known)
            }
            _ => false,
        }
    }

    /// The number of a site that it counts from now on.
    fn begin(&mut self, site: &SiteKey) -> u32 {
        if !self.sites.contains(site) {
            self.sites.push(site.clone());
        }
        self.names.number(site.as_str())
    }

    /// Reads a site's document instead of what was known of it.
    fn replace(&mut self, site: &SiteKey, view: &View) {
        let number = self.names.number(site.as_str());
        self.rows.retain(|row| row.site != number);
        self.items.retain(|(of, _), _| *of != number);
        self.devices.retain(|(of, _), _| *of != number);
        self.unreadable.retain(|(of, _)| of != site);
        self.read(site, view);
        self.count_all();
        self.touch(number);
    }

    fn read(&mut self, site: &SiteKey, view: &View) {
        let number = self.begin(site);
        self.read_others(number, view);
        for (line, entry) in view.all::<LedgerEntry>() {
            match Row::read(site, line, entry, &mut self.names) {
                Some(row) => self.rows.push(row),
                None => self.unreadable.push((site.clone(), line.id)),
            }
        }
    }

    /// Items and devices.
    fn read_others(&mut self, number: u32, view: &View) {
        for (item, _) in view.present::<Item>() {
            self.items.insert((number, item.id), item.clone());
        }
        for (device, _) in view.present::<Device>() {
            self.put_device(number, device);
        }
    }

    fn read_item(&mut self, site: u32, view: &View, id: RecordId) {
        match view
            .get::<Item>(id)
            .filter(|item| item.removed_at.is_none())
        {
            Some(item) => self.items.insert((site, id), item.clone()),
            None => self.items.remove(&(site, id)),
        };
    }

    fn read_device(&mut self, site: u32, view: &View, id: RecordId) {
        if let Some(device) = view.get::<Device>(id) {
            self.put_device(site, device);
        }
    }

    fn put_device(&mut self, site: u32, device: &Device) {
        // The record that a holder is known by; another that names it is none.
        if device.id == Device::id_of(&device.holder) {
            let holder = self.names.number(&device.holder);
            self.devices.insert((site, holder), device.clone());
        }
    }

    fn read_line(&mut self, site: &SiteKey, view: &View, id: RecordId) -> Option<usize> {
        let entry = view.entry(Collection::Ledger, id)?;
        let row = Row::read(site, view.get::<LedgerEntry>(id)?, entry, &mut self.names);
        let Some(row) = row else {
            self.unreadable.push((site.clone(), id));
            return None;
        };
        self.rows.push(row);
        Some(self.rows.len() - 1)
    }

    fn count_all(&mut self) {
        self.places.clear();
        self.transfers.clear();
        self.answers.clear();
        self.rights.clear();
        for index in 0..self.rows.len() {
            if let Some(row) = self.rows.get_mut(index) {
                row.is_settled = false;
            }
            self.count(index);
        }
    }

    fn count(&mut self, index: usize) {
        let Some(row) = self.rows.get(index).cloned() else {
            return;
        };
        self.counted += 1;
        self.touch(row.site);
        if row.kind == EntryKind::Transfer {
            self.touch(row.to_site);
        }
        self.places.insert((row.site, row.id), index);
        self.gain(&row, row.holder, -row.taken());
        if let Some((holder, count)) = row.gained() {
            self.gain(&row, holder, count);
        }
        if let Some(about) = row.about {
            self.answers.entry(about).or_default().push(index);
        }
        match row.kind {
            EntryKind::Receipt => {
                let transfer = row.about.and_then(|about| self.place(row.to_site, about));
                if let Some(transfer) = transfer {
                    self.settle(index, transfer);
                }
            }
            EntryKind::Transfer => {
                self.transfers.push(index);
                // The receipt may have come first.
                let answers = self.answers.get(&row.id).cloned().unwrap_or_default();
                for receipt in answers {
                    self.settle(receipt, index);
                }
            }
            _ => {}
        }
    }

    /// Credits a receipt if it is that of the transfer, and by whom that was for. Where that device was lost, another of its
    /// site may receive: the receipt's id allows one only.
    fn settle(&mut self, receipt: usize, transfer: usize) {
        let (Some(received), Some(sent)) = (self.rows.get(receipt), self.rows.get(transfer)) else {
            return;
        };
        let meant = received.holder == sent.to || self.is_lost(received.site, sent.to);
        if !meant || received.is_settled || !received.receives(sent) {
            return;
        }
        let (received, sender) = (received.clone(), sent.site);
        self.touch(received.site);
        self.touch(sender);
        for index in [receipt, transfer] {
            if let Some(row) = self.rows.get_mut(index) {
                row.is_settled = true;
            }
        }
        self.gain(&received, received.holder, received.count);
    }

    fn gain(&mut self, row: &Row, holder: u32, count: i64) {
        if count != 0 {
            *self.rights.entry((row.site, row.item, holder)).or_default() += count;
        }
    }

    /// The lines of a site.
    pub(super) fn rows_of(&self, site: u32) -> impl Iterator<Item = &Row> {
        let places = self.places.range(of_site(site));
        places.filter_map(|(_, index)| self.rows.get(*index))
    }

    /// The transfers that are on their way.
    pub(super) fn on_their_way(&self) -> impl Iterator<Item = &Row> {
        let transfers = self.transfers.iter();
        let rows = transfers.filter_map(|index| self.rows.get(*index));
        rows.filter(|row| row.is_in_transit())
    }

    fn place(&self, site: u32, id: RecordId) -> Option<usize> {
        self.places.get(&(site, id)).copied()
    }

    pub(super) fn row(&self, site: &SiteKey, id: RecordId) -> Option<&Row> {
        let site = self.names.find(site.as_str())?;
        self.rows.get(self.place(site, id)?)
    }

    pub(super) fn is_lost(&self, site: u32, holder: u32) -> bool {
        let device = self.devices.get(&(site, holder));
        device.is_some_and(|device| device.lost_at.is_some())
    }

    /// How many lines were counted, ever: the work that keeping it took.
    #[must_use]
    pub const fn lines_counted(&self) -> u64 {
        self.counted
    }

    /// The sites whose ledgers it counts.
    pub fn sites(&self) -> impl Iterator<Item = &SiteKey> {
        self.sites.iter()
    }

    /// The lines, in no order that means anything.
    pub fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.rows.iter().map(|row| row.line(&self.names))
    }

    /// The lines of a site, by their ids.
    pub fn lines_of(&self, site: &SiteKey) -> impl Iterator<Item = Line<'_>> {
        let site = self.names.find(site.as_str());
        let rows = site.into_iter().flat_map(|site| self.rows_of(site));
        rows.map(|row| row.line(&self.names))
    }

    /// A line of a site's ledger.
    #[must_use]
    pub fn line(&self, site: &SiteKey, id: RecordId) -> Option<Line<'_>> {
        Some(self.row(site, id)?.line(&self.names))
    }
}

/// The keys of all that a site has.
pub(super) fn of_site(site: u32) -> RangeInclusive<(u32, RecordId)> {
    (site, Uuid::nil().into())..=(site, Uuid::max().into())
}
