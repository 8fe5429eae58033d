use std::cmp::Reverse;

use super::timetable::{ExceptionList, Exceptions};
use super::tree::Tree;
use super::{Timetable, distance};
use crate::document::SiteKey;
use crate::import::name_key;
use crate::ordered::{self, BTreeMap};
use crate::records::{
    Drive, Hours, HoursException, Level, Post, RecordId, Service, Site, Typed, Venue, View,
};

/// What `sites` holds, indexed: the sites by key and as a tree, with what belongs to each. Removed records are left out.
#[derive(Debug)]
pub struct Directory<'a> {
    sites: BTreeMap<&'a SiteKey, Node<'a>>,
    venues: BTreeMap<RecordId, &'a Venue>,
    posts: BTreeMap<String, &'a Post>,
    drives: Vec<&'a Drive>,
    hub: Option<&'a SiteKey>,
    cycles: Vec<Vec<&'a SiteKey>>,
}

#[derive(Debug)]
struct Node<'a> {
    site: &'a Site,
    parent: Option<&'a SiteKey>,
    children: Vec<&'a SiteKey>,
    venues: Vec<&'a Venue>,
    services: Vec<&'a Service>,
    exceptions: ExceptionList<'a>,
}

impl<'a> Directory<'a> {
    /// The directory that the view of `sites` shows.
    pub fn new(view: &'a View) -> Self {
        let mut directory = Self {
            sites: sites(view),
            venues: present(view)
                .map(|venue: &Venue| (venue.id, venue))
                .collect(),
            posts: present(view)
                .map(|post: &Post| (name_key(&post.name), post))
                .collect(),
            drives: present(view).collect(),
            hub: None,
            cycles: Vec::new(),
        };
        for venue in present::<Venue>(view) {
            if let Some(node) = directory.sites.get_mut(&venue.site) {
                node.venues.push(venue);
            }
        }
        for service in present::<Service>(view) {
            if let Some(node) = directory.sites.get_mut(&service.site) {
                node.services.push(service);
            }
        }
        let mut exceptions: BTreeMap<&SiteKey, Vec<&HoursException>> = BTreeMap::new();
        for exception in present::<HoursException>(view) {
            exceptions
                .entry(&exception.site)
                .or_default()
                .push(exception);
        }
        for (site, exceptions) in exceptions {
            if let Some(node) = directory.sites.get_mut(site) {
                node.exceptions = ExceptionList::of(exceptions);
            }
        }
        for node in directory.sites.values_mut() {
            ordered::sort_by_key(&mut node.venues, |venue| (&venue.name, venue.id));
            ordered::sort_by_key(&mut node.services, |service| (&service.name, service.id));
        }
        directory.plant();
        directory
    }

    /// An empty one: `sites` is not held.
    pub fn empty() -> Self {
        Self {
            sites: BTreeMap::new(),
            venues: BTreeMap::new(),
            posts: BTreeMap::new(),
            drives: Vec::new(),
            hub: None,
            cycles: Vec::new(),
        }
    }

    /// Makes a tree of the parents that are stated, whatever they are, with the hub at its root.
    fn plant(&mut self) {
        let keys: Vec<&'a SiteKey> = self.sites.keys().copied().collect();
        let number = |key: &SiteKey| keys.binary_search(&key).ok();
        let stated = self.sites.values();
        let stated = stated.map(|node| node.site.parent.as_ref().and_then(number));
        let tree = Tree::of(stated.collect());
        let key = |number: usize| keys.get(number).copied();
        let keyed = |cycle: Vec<usize>| cycle.into_iter().filter_map(key).collect();
        self.cycles = tree.cycles.into_iter().map(keyed).collect();

        let mut below = vec![0_usize; keys.len()];
        for root in &tree.roots {
            if let Some(count) = below.get_mut(*root) {
                *count += 1;
            }
        }
        let homes = keys.iter().zip(&tree.parents).zip(&below);
        let homes = homes.filter(|((key, parent), _)| {
            let level = self.sites.get(*key).map(|node| node.site.level);
            parent.is_none() && level == Some(Level::Home)
        });
        // Of several with as many below, the first is the one with the smallest key.
        self.hub = homes
            .min_by_key(|(_, below)| Reverse(**below))
            .map(|((key, _), _)| *key);

        let hub = self.hub;
        for (child, parent) in keys.iter().zip(&tree.parents) {
            // Who belongs nowhere is looked after by the hub.
            let parent = parent.and_then(key).or(hub.filter(|hub| hub != child));
            let Some(parent) = parent else { continue };
            if let Some(node) = self.sites.get_mut(child) {
                node.parent = Some(parent);
            }
            if let Some(node) = self.sites.get_mut(parent) {
                node.children.push(child);
            }
        }
    }

    /// The sites in the order of their keys.
    pub fn sites(&self) -> impl Iterator<Item = &'a Site> {
        self.sites.values().map(|node| node.site)
    }

    /// The site of a key.
    pub fn site(&self, key: &SiteKey) -> Option<&'a Site> {
        Some(self.sites.get(key)?.site)
    }

    /// The county's centre: the home that belongs to no other site; of several the one with the most below it, then the one with
    /// the smallest key.
    pub const fn hub(&self) -> Option<&'a SiteKey> {
        self.hub
    }

    /// The site that a site belongs to. It is the hub where none is stated that there is, or the statement is the first of a
    /// circle; none for the hub itself.
    pub fn parent(&self, key: &SiteKey) -> Option<&'a SiteKey> {
        self.sites.get(key)?.parent
    }

    /// The sites that belong to a site, in the order of their keys.
    pub fn children(&self, key: &SiteKey) -> &[&'a SiteKey] {
        self.sites.get(key).map_or(&[], |node| &node.children)
    }

    /// A site, the site that it belongs to, and so on, up to the hub; empty where there is no such site.
    pub fn path(&self, key: &SiteKey) -> Vec<&'a SiteKey> {
        let first = self.site(key).map(|site| &site.key);
        std::iter::successors(first, |at| self.parent(at)).collect()
    }

    /// How many steps a site is below the hub, or below the topmost site where there is no hub.
    pub fn level(&self, key: &SiteKey) -> Option<usize> {
        self.path(key).len().checked_sub(1)
    }

    /// The sites that are stated to belong to each other in a circle: each before the one it belongs to, from the smallest key.
    pub fn cycles(&self) -> &[Vec<&'a SiteKey>] {
        &self.cycles
    }

    /// The venue of an id.
    pub fn venue(&self, id: RecordId) -> Option<&'a Venue> {
        self.venues.get(&id).copied()
    }

    /// Every venue, those of unknown sites too, in the order of their ids.
    pub fn venues(&self) -> impl Iterator<Item = &'a Venue> {
        self.venues.values().copied()
    }

    /// The venues of a site, by name.
    pub fn venues_of(&self, site: &SiteKey) -> &[&'a Venue] {
        self.sites.get(site).map_or(&[], |node| &node.venues)
    }

    /// The services of a site, by name.
    pub fn services_of(&self, site: &SiteKey) -> &[&'a Service] {
        self.sites.get(site).map_or(&[], |node| &node.services)
    }

    /// The exceptions to a site's hours, the one that starts last first.
    pub fn exceptions_of(&self, site: &SiteKey) -> &[&'a HoursException] {
        let node = self.sites.get(site);
        node.map_or(&[], |node| node.exceptions.all())
    }

    /// The drives, in the order of their ids.
    pub fn drives(&self) -> &[&'a Drive] {
        &self.drives
    }

    /// The post of a name, however it is spaced.
    pub fn post(&self, name: &str) -> Option<&'a Post> {
        self.posts.get(&name_key(name)).copied()
    }

    /// When a site is open; that of a site that there is not is never stated.
    pub fn site_hours(&self, key: &SiteKey) -> Timetable<'_> {
        let Some(node) = self.sites.get(key) else {
            return Timetable::new(None, Exceptions::none());
        };
        Timetable::new(node.site.hours.as_ref(), Exceptions::of(&node.exceptions))
            .in_state(Some(node.site.state))
    }

    /// When a venue can be used: its own hours take the place of its site's, whose exceptions and closures hold for it too.
    pub fn venue_hours(&self, venue: &'a Venue) -> Timetable<'_> {
        self.own_hours(&venue.site, venue.hours.as_ref())
            .in_state(Some(venue.state))
    }

    /// When a service is offered: on its days, in its own hours or its site's, whose exceptions and closures hold for it too.
    pub fn service_hours(&self, service: &'a Service) -> Timetable<'_> {
        self.own_hours(&service.site, service.hours.as_ref())
            .in_state(Some(service.state))
            .on_days(service.days)
    }

    fn own_hours(&self, site: &SiteKey, own: Option<&'a Hours>) -> Timetable<'_> {
        self.site_hours(site).with_own(own)
    }

    /// Where a site is, in degrees north and east, where that is stated and on the globe.
    pub fn place(&self, key: &SiteKey) -> Option<(f64, f64)> {
        let site = self.site(key)?;
        distance::place(site.lat?, site.lng?)
    }

    /// Metres from one site to another, where it is known where both are.
    pub fn distance_m(&self, from: &SiteKey, to: &SiteKey) -> Option<u32> {
        Some(distance::metres(self.place(from)?, self.place(to)?))
    }
}

fn present<T: Typed>(view: &View) -> impl Iterator<Item = &T> {
    view.present::<T>().map(|(record, _)| record)
}

/// The sites by key. Where two claim one key, the one whose id follows from it is it.
fn sites(view: &View) -> BTreeMap<&SiteKey, Node<'_>> {
    let mut sites: BTreeMap<&SiteKey, Node<'_>> = BTreeMap::new();
    let nameless = SiteKey::unreadable();
    for site in present::<Site>(view).filter(|site| site.key != nameless) {
        if !sites.contains_key(&site.key) || site.id == Site::id_of(&site.key) {
            let node = Node {
                site,
                parent: None,
                children: Vec::new(),
                venues: Vec::new(),
                services: Vec::new(),
                exceptions: ExceptionList::default(),
            };
            sites.insert(&site.key, node);
        }
    }
    sites
}
