//! Random histories: whatever devices do without a network, in whatever order they hear of each other, with stores that are copied
//! and restored, what is given out was put in.

use proptest::prelude::*;

use super::device::{Network, item_id, key};
use crate::records::EntryKind;
use crate::rules::Rule;
use crate::supplies::Ledger;

const SITES: [&str; 5] = ["keyun", "keyun", "keyun", "hualian", "hualian"];

#[derive(Clone, Copy, Debug)]
enum Step {
    Claim(usize, i64),
    Contribute(usize, i64),
    Copy(usize),
    Gift(usize, i64),
    Grant(usize, i64, usize),
    Keep(usize, i64),
    Lose(usize, usize),
    Pull(usize, usize),
    Receive(usize),
    Restore(usize),
    Save(usize),
    Send(usize, i64),
    Tend(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let device = 0..SITES.len();
    let count = 1..20_i64;
    let one = (device.clone(), count.clone());
    prop_oneof![
        2 => one.clone().prop_map(|(device, count)| Step::Claim(device, count)),
        4 => one.clone().prop_map(|(device, count)| Step::Contribute(device, count)),
        1 => device.clone().prop_map(Step::Copy),
        8 => one.clone().prop_map(|(device, count)| Step::Gift(device, count)),
        3 => (device.clone(), count, device.clone()).prop_map(|(a, count, b)| Step::Grant(a, count, b)),
        1 => one.clone().prop_map(|(device, count)| Step::Keep(device, count)),
        1 => (device.clone(), device.clone()).prop_map(|(a, b)| Step::Lose(a, b)),
        12 => (device.clone(), device.clone()).prop_map(|(a, b)| Step::Pull(a, b)),
        3 => device.clone().prop_map(Step::Receive),
        1 => device.clone().prop_map(Step::Restore),
        1 => device.clone().prop_map(Step::Save),
        4 => one.prop_map(|(device, count)| Step::Send(device, count)),
        4 => device.prop_map(Step::Tend),
    ]
}

/// Runs a history; answers the network after everybody has heard everything.
fn run(steps: &[Step]) -> Network {
    let mut network = Network::new(&SITES);
    let mut saved: Vec<_> = network.devices.clone();
    for step in steps {
        match *step {
            Step::Claim(device, count) => drop(network.claim(device, count)),
            Step::Contribute(device, count) if !network.is_lost(device) => {
                network.contribute(device, count);
            }
            Step::Contribute(..) => {}
            // A copy of a store goes on beside the first, under an incarnation of its own.
            Step::Copy(device) => {
                let copy = network.devices[device].clone();
                let new = network.add(copy.site.as_str());
                network.pull(new, device);
            }
            Step::Gift(device, count) => drop(network.gift(device, count)),
            Step::Grant(device, count, to) => drop(network.grant(device, count, to)),
            Step::Keep(device, count) => network.keep(device, count),
            Step::Lose(device, lost) => {
                let lost = network.holder(lost).to_owned();
                drop(network.lose(device, &lost));
            }
            Step::Pull(to, from) if to != from => network.pull(to, from),
            Step::Pull(..) => {}
            Step::Receive(device) => {
                let site = network.devices[device].site.clone();
                let transits = network.devices[device].ledger.in_transit(&site);
                let ids: Vec<_> = transits.iter().map(|transit| transit.id).collect();
                for id in ids {
                    drop(network.receive(device, id));
                }
            }
            Step::Restore(device) => network.restore(device, &saved[device]),
            Step::Save(device) => saved[device] = network.devices[device].clone(),
            Step::Send(device, count) => {
                let to = match network.devices[device].site.as_str() {
                    "keyun" => "hualian",
                    _ => "keyun",
                };
                drop(network.send(device, count, to));
            }
            Step::Tend(device) => {
                network.tend(device);
            }
        }
    }
    network.merge_all();
    network
}

/// What a ledger says, in an order that does not depend on how it came about.
fn said(ledger: &Ledger) -> String {
    let mut balances: Vec<_> = ledger.balances().filter(|balance| balance.3 != 0).collect();
    balances.sort();
    let sites = [key("hualian"), key("keyun")];
    let stocks: Vec<_> = sites.iter().map(|site| ledger.stocks(site)).collect();
    let claims: Vec<_> = sites.iter().map(|site| ledger.claims(site)).collect();
    let transits: Vec<_> = sites.iter().map(|site| ledger.in_transit(site)).collect();
    format!(
        "{balances:?}\n{stocks:?}\n{claims:?}\n{transits:?}\n{:?}",
        ledger.faults()
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_given_out_twice(steps in prop::collection::vec(step(), 1..60)) {
        let network = run(&steps);
        let ledger = &network.devices[0].ledger;
        let sum = |wanted: EntryKind| -> i64 {
            let lines = ledger.lines().filter(|line| line.kind == wanted);
            lines.map(|line| line.count).sum()
        };
        let (given, put_in) = (sum(EntryKind::Gift), sum(EntryKind::Contribution));
        let returned = sum(EntryKind::Return) > 0;
        let rules = super::rules_of(&network, 0);
        if given > put_in {
            prop_assert!(returned, "{given} of {put_in} without a loss");
            prop_assert!(rules.contains(&Rule::LateSpend));
        }
        if !returned {
            prop_assert!(ledger.balances().all(|(_, _, _, rights)| rights >= 0));
            prop_assert_eq!(rules, vec![]);
        }
        // Every right is somewhere: held, on its way, or given out.
        let held: i64 = ledger.balances().map(|(_, _, _, rights)| rights).sum();
        let on_way: i64 = ledger.all_in_transit().map(|transit| transit.count).sum();
        prop_assert_eq!(held + on_way + given, put_in);
        // Counted line by line up to now, a site holds what its devices hold together.
        for site in [key("hualian"), key("keyun")] {
            for stock in ledger.stocks(&site) {
                let counted = ledger.held_at(&site, stock.item, super::device::date_time());
                prop_assert_eq!(counted, stock.held, "{} of {}", stock.item, site);
            }
        }
        // Below zero only where the device was declared lost, and then a finding says so.
        for (site, item, holder, rights) in ledger.balances() {
            if rights < 0 {
                prop_assert_eq!(item, item_id());
                let device = ledger.device(&key(site), holder).unwrap();
                prop_assert!(device.lost_at.is_some());
            }
        }
        for device in 0..network.devices.len() {
            let other = &network.devices[device].ledger;
            prop_assert_eq!(said(ledger), said(other), "device {}", device);
            prop_assert_eq!(said(other), said(&network.reread(device)), "restarted {}", device);
            let looked = &network.devices[device].looked;
            prop_assert_eq!(said(other), said(looked), "looked at {}", device);
        }
    }
}

impl Network {
    fn is_lost(&self, device: usize) -> bool {
        let device = &self.devices[device];
        let known = device.ledger.device(&device.site, &device.holder);
        known.is_some_and(|known| known.lost_at.is_some())
    }

    /// The store of a device is replaced by an older one of its own: what it wrote since is known to those who heard of it, and it
    /// goes on as a new holder.
    fn restore(&mut self, device: usize, saved: &super::device::Desktop) {
        let incarnation = self.devices[device].holder.rsplit_once('.').unwrap().1;
        let next = u32::from_str_radix(incarnation, 16).unwrap() + 1;
        let uuid = uuid::Uuid::from_u128(u128::try_from(device).unwrap());
        let mut restored = saved.clone();
        restored.holder = crate::supplies::holder(&uuid, next);
        for document in restored.documents.values_mut() {
            *document = self.under_new_actor(document);
        }
        self.devices[device] = restored;
        self.register(device);
    }
}
