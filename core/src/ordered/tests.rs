#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections;

use proptest::prelude::*;

use super::map::BTreeMap;
use super::set::BTreeSet;

#[derive(Clone, Debug)]
enum Step {
    Insert(u16, u8),
    Remove(u16),
    Entry(u16),
    PopFirst,
    PopLast,
    Retain(u16),
    SplitOff(u16),
}

fn step() -> impl Strategy<Value = Step> {
    let key = 0..3_000_u16;
    prop_oneof![
        20 => (key.clone(), any::<u8>()).prop_map(|(key, value)| Step::Insert(key, value)),
        4 => key.clone().prop_map(Step::Remove),
        4 => key.clone().prop_map(Step::Entry),
        1 => Just(Step::PopFirst),
        1 => Just(Step::PopLast),
        1 => (2..50_u16).prop_map(Step::Retain),
        1 => (2_000..3_000_u16).prop_map(Step::SplitOff),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn it_behaves_as_the_standard_library_s(
        start in prop::collection::vec((0..3_000_u16, any::<u8>()), 0..2_500),
        steps in prop::collection::vec(step(), 0..200),
        low in 0..3_000_u16,
        length in 0..1_500_u16,
    ) {
        let mut ours: BTreeMap<u16, u8> = start.iter().copied().collect();
        let mut theirs: collections::BTreeMap<u16, u8> = start.into_iter().collect();
        for step in steps {
            match step {
                Step::Insert(key, value) => {
                    prop_assert_eq!(ours.insert(key, value), theirs.insert(key, value));
                }
                Step::Remove(key) => prop_assert_eq!(ours.remove(&key), theirs.remove(&key)),
                Step::Entry(key) => {
                    *ours.entry(key).or_default() ^= 1;
                    *theirs.entry(key).or_default() ^= 1;
                }
                Step::PopFirst => prop_assert_eq!(ours.pop_first(), theirs.pop_first()),
                Step::PopLast => prop_assert_eq!(ours.pop_last(), theirs.pop_last()),
                Step::Retain(out) => {
                    ours.retain(|key, _| key % out != 0);
                    theirs.retain(|key, _| key % out != 0);
                }
                Step::SplitOff(key) => {
                    let (left, right) = (ours.split_off(&key), theirs.split_off(&key));
                    prop_assert!(left.iter().eq(right.iter()));
                }
            }
            prop_assert_eq!(ours.len(), theirs.len());
        }
        prop_assert!(ours.iter().eq(theirs.iter()));
        prop_assert!(ours.iter().rev().eq(theirs.iter().rev()));
        prop_assert_eq!(ours.first_key_value(), theirs.first_key_value());
        prop_assert_eq!(ours.last_key_value(), theirs.last_key_value());
        let high = low + length;
        prop_assert!(ours.range(low..high).eq(theirs.range(low..high)));
        prop_assert!(ours.range(low..=high).rev().eq(theirs.range(low..=high).rev()));
        prop_assert!(ours.range(..high).eq(theirs.range(..high)));
        ours.values_mut().for_each(|value| *value = value.wrapping_add(3));
        theirs.values_mut().for_each(|value| *value = value.wrapping_add(3));
        prop_assert!(ours.clone().into_iter().eq(theirs.clone()));
        prop_assert!(theirs.keys().all(|key| ours.get(key) == theirs.get(key)));
        let (set, standard): (BTreeSet<u16>, collections::BTreeSet<u16>) =
            (ours.into_keys().collect(), theirs.into_keys().collect());
        prop_assert!(set.iter().eq(standard.iter()));
    }
}

#[test]
fn both_ends_meet_in_the_middle() {
    let set: BTreeSet<u32> = (0..2_000).collect();
    let mut members = set.iter();
    for number in 0..1_000 {
        assert_eq!(members.next(), Some(&number));
        assert_eq!(members.next_back(), Some(&(1_999 - number)));
    }
    assert_eq!((members.next(), members.next_back()), (None, None));
}

#[test]
fn sorting_by_swaps_is_a_stable_sort() {
    let mut random = 7_u32;
    for len in 0..60 {
        let mut items: Vec<(u32, usize)> = Vec::new();
        for index in 0..len {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            items.push((random >> 28, index));
        }
        let mut expected = items.clone();
        expected.sort_by_key(|item| item.0);
        super::sort::by_swaps(&mut items, |a, b| a.0.cmp(&b.0));
        assert_eq!(items, expected);
    }
}
