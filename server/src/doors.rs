use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Who may come in, and when: how many connections each address has, and how often somebody there broke a rule.
///
/// Whoever breaks a rule is cut off and may come back at once, some times. After that, new connections from the address wait,
/// each longer than the one before for every breach more, and are then let in: an honest neighbour behind the same router
/// comes in late, and is never shut out; connections that are there are not touched. Breaches are forgotten one by one.
#[derive(Clone, Debug)]
pub(crate) struct Doors(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    connections_max: usize,
    breaches_max: f64,
    addresses: Mutex<BTreeMap<IpAddr, Address>>,
}

/// What is known of an address that has connections, or had one that broke a rule.
#[derive(Debug)]
struct Address {
    connections: usize,
    waiting: usize,
    breaches: f64,
    /// When `breaches` was right.
    at: Instant,
    /// Before this nobody is let in.
    next: Instant,
}

/// One connection's place; it is given back when this is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    doors: Doors,
    address: IpAddr,
    is_in: bool,
}

/// Why somebody is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turned {
    /// The address has as many connections as it may.
    TooMany,
    /// It has broken rules, and enough wait already.
    Crowded,
}

/// A breach is forgotten after so long.
const FORGOTTEN: Duration = Duration::from_secs(10);
/// What each breach above those that are free adds to the wait.
const WAIT: Duration = Duration::from_secs(1);
/// The longest between two that are let in.
const WAIT_MAX: Duration = Duration::from_secs(30);
/// So many of one address may wait.
const WAITING_MAX: usize = 8;
/// Addresses whose breaches are remembered: when there are more, those that broke least are forgotten first.
const ADDRESSES_MAX: usize = 10_000;

impl Doors {
    pub(crate) fn new(connections_max: usize, breaches_max: usize) -> Self {
        Self(Arc::new(Shared {
            connections_max,
            breaches_max: breaches_max as f64,
            addresses: Mutex::default(),
        }))
    }

    /// Whether somebody from there need not even be listened to.
    pub(crate) fn is_crowded(&self, address: IpAddr) -> bool {
        let addresses = self.addresses();
        let address = addresses.get(&one(address));
        address
            .is_some_and(|address| address.waiting >= WAITING_MAX && address.next > Instant::now())
    }

    /// A place for a connection from an address, and how long it has to wait before it is let in.
    pub(crate) fn knock(&self, address: IpAddr, now: Instant) -> Result<(Place, Duration), Turned> {
        let key = one(address);
        let mut addresses = self.addresses();
        let address = addresses.entry(key).or_insert_with(|| Address::new(now));
        address.forget(now);
        if address.connections + address.waiting >= self.0.connections_max {
            return Err(Turned::TooMany);
        }
        let wait = address.next.saturating_duration_since(now);
        if !wait.is_zero() && address.waiting >= WAITING_MAX {
            return Err(Turned::Crowded);
        }
        address.waiting += 1;
        address.next = address.next.max(now) + address.pause(self.0.breaches_max);
        let place = Place {
            doors: self.clone(),
            address: key,
            is_in: false,
        };
        Ok((place, wait))
    }

    fn addresses(&self) -> MutexGuard<'_, BTreeMap<IpAddr, Address>> {
        // Whoever panicked left a whole table behind: each change of it is one step.
        self.0
            .addresses
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Address {
    fn new(now: Instant) -> Self {
        Self {
            connections: 0,
            waiting: 0,
            breaches: 0.0,
            at: now,
            next: now,
        }
    }

    fn forget(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.at).as_secs_f64();
        self.breaches = (self.breaches - passed / FORGOTTEN.as_secs_f64()).max(0.0);
        self.at = now;
    }

    /// Between one that is let in and the next.
    fn pause(&self, free: f64) -> Duration {
        WAIT.mul_f64((self.breaches - free).max(0.0)).min(WAIT_MAX)
    }

    /// Whether there is nothing to remember.
    fn is_blank(&self) -> bool {
        self.connections == 0 && self.waiting == 0 && self.breaches == 0.0
    }
}

impl Place {
    /// It is let in.
    pub(crate) fn enter(&mut self) {
        if let Some(address) = self.doors.addresses().get_mut(&self.address) {
            address.waiting = address.waiting.saturating_sub(1);
            address.connections += 1;
            self.is_in = true;
        }
    }

    /// It broke a rule; whether others from there have to wait for it.
    pub(crate) fn breach(&self, now: Instant) -> bool {
        let mut addresses = self.doors.addresses();
        let Some(address) = addresses.get_mut(&self.address) else {
            return false;
        };
        address.forget(now);
        address.breaches += 1.0;
        let pause = address.pause(self.doors.0.breaches_max);
        address.next = address.next.max(now + pause);
        !pause.is_zero()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut addresses = self.doors.addresses();
        let Some(address) = addresses.get_mut(&self.address) else {
            return;
        };
        let count = match self.is_in {
            true => &mut address.connections,
            false => &mut address.waiting,
        };
        *count = count.saturating_sub(1);
        if address.is_blank() {
            addresses.remove(&self.address);
        }
        if addresses.len() > ADDRESSES_MAX {
            tidy(&mut addresses, Instant::now());
        }
    }
}

/// Makes room: half of those without connections go, those that broke least first.
fn tidy(addresses: &mut BTreeMap<IpAddr, Address>, now: Instant) {
    addresses
        .values_mut()
        .for_each(|address| address.forget(now));
    addresses.retain(|_, address| !address.is_blank());
    let mut absent: Vec<(f64, IpAddr)> = addresses
        .iter()
        .filter(|(_, address)| address.connections + address.waiting == 0)
        .map(|(key, address)| (address.breaches, *key))
        .collect();
    absent.sort_by(|one, other| one.0.total_cmp(&other.0));
    for (_, key) in absent.iter().take(absent.len().div_ceil(2)) {
        addresses.remove(key);
    }
}

/// What counts as one address: of IPv6, the network that one subscriber is given.
fn one(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        short @ IpAddr::V4(_) => short,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 1));

    fn enter(doors: &Doors, address: IpAddr) -> (Place, Duration) {
        let (mut place, wait) = doors.knock(address, Instant::now()).unwrap();
        place.enter();
        (place, wait)
    }

    #[test]
    fn an_address_has_so_many_places_and_gets_them_back() {
        let doors = Doors::new(2, 20);
        let first = enter(&doors, HERE);
        let second = doors.knock(HERE, Instant::now()).unwrap();
        assert_eq!(
            doors.knock(HERE, Instant::now()).unwrap_err(),
            Turned::TooMany
        );
        enter(&doors, IpAddr::from([10, 0, 0, 2]));
        drop(first);
        drop(second);
        assert!(doors.addresses().is_empty());
        enter(&doors, HERE);
    }

    #[test]
    fn who_breaks_rules_waits_longer_each_time_and_a_neighbour_is_let_in_in_the_end() {
        let doors = Doors::new(100, 3);
        let now = Instant::now();
        for _ in 0..3 {
            let (mut place, wait) = doors.knock(HERE, now).unwrap();
            place.enter();
            assert!(wait.is_zero());
            assert!(!place.breach(now));
        }
        let (mut place, _) = doors.knock(HERE, now).unwrap();
        place.enter();
        assert!(place.breach(now));
        drop(place);
        let (bad, wait) = doors.knock(HERE, now).unwrap();
        assert_eq!(wait, Duration::from_secs(1));
        // Whoever comes next from there waits for its turn, and nobody else does.
        let (_, wait) = doors.knock(HERE, now).unwrap();
        assert_eq!(wait, Duration::from_secs(2));
        let elsewhere = IpAddr::from([10, 0, 0, 2]);
        assert!(doors.knock(elsewhere, now).unwrap().1.is_zero());
        // All is forgotten after a while.
        drop(bad);
        let later = now + Duration::from_secs(100);
        assert!(doors.knock(HERE, later).unwrap().1.is_zero());
    }

    #[test]
    fn few_wait_and_the_rest_is_turned_away() {
        let doors = Doors::new(100, 0);
        let (place, _) = enter(&doors, HERE);
        assert!(place.breach(Instant::now()));
        let waiting: Vec<_> = (0..WAITING_MAX)
            .map(|_| doors.knock(HERE, Instant::now()).unwrap())
            .collect();
        assert!(doors.is_crowded(HERE));
        assert_eq!(
            doors.knock(HERE, Instant::now()).unwrap_err(),
            Turned::Crowded
        );
        drop(waiting);
        assert!(!doors.is_crowded(HERE));
    }

    #[test]
    fn of_very_many_addresses_those_that_broke_least_are_forgotten() {
        let doors = Doors::new(100, 0);
        let address = |number: usize| IpAddr::V4(u32::try_from(number).unwrap().into());
        for number in 0..=ADDRESSES_MAX {
            let (place, _) = enter(&doors, address(number));
            for _ in 0..=usize::from(number % 2 == 1) {
                place.breach(Instant::now());
            }
        }
        let addresses = doors.addresses();
        assert!(addresses.len() <= ADDRESSES_MAX);
        assert!(addresses.values().all(|address| address.breaches > 1.5));
    }

    #[test]
    fn a_subscriber_s_network_is_one_address() {
        let one = |text: &str| super::one(text.parse().unwrap());
        assert_eq!(one("2001:db8:1:2:3::4"), one("2001:db8:1:2:ffff::1"));
        assert_ne!(one("2001:db8:1:2::1"), one("2001:db8:1:3::1"));
        assert_eq!(one("::ffff:10.0.0.1"), HERE);
    }
}
