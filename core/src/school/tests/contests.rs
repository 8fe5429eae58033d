//! Contests: ranks with ties, and who goes on to the next.

use super::{put, *};
use crate::records::Best;

fn contest(replica: &mut Replica, fields: &[(&str, Value)]) -> RecordId {
    let own = [
        ("site", "keyun".into()),
        ("name", "急救技能赛".into()),
        ("advance", Value::Int(2)),
    ];
    let own: Vec<(&str, Value)> = own.into_iter().chain(fields.iter().cloned()).collect();
    put(replica, &document(), &Contest::KIND, &own)
}

fn enter(replica: &mut Replica, contest: RecordId, name: &str, score: Option<f64>, state: &str) {
    let mut fields = vec![
        ("contest", contest.to_string().into()),
        ("name", name.into()),
        ("state", state.into()),
    ];
    fields.extend(score.map(|score| ("score", Value::Float(score))));
    put(replica, &document(), &ContestEntry::KIND, &fields);
}

fn ranks(replica: &Replica) -> Vec<(String, Option<usize>, bool)> {
    let (site, name) = (key("keyun"), document());
    let school = School::new(&site, None, Some(replica.view(&name)), None);
    let (contest, entries) = school.contests().next().unwrap();
    let standings = ranking(contest, entries);
    let row = |standing: &Standing<'_>| {
        let name = standing.entry.name.clone();
        (name, standing.rank, standing.advances)
    };
    standings.iter().map(row).collect()
}

#[test]
fn those_who_are_level_share_a_rank_and_go_on_together() {
    let mut replica = Replica::numbered(1);
    let of = contest(&mut replica, &[]);
    for (name, score, state) in [
        ("丁", Some(80.0), "entered"),
        ("甲", Some(95.5), "entered"),
        ("丙", Some(90.0), "entered"),
        ("乙", Some(90.0), "entered"),
        ("己", None, "entered"),
        ("戊", Some(99.0), "disqualified"),
    ] {
        enter(&mut replica, of, name, score, state);
    }
    let row = |name: &str, rank, advances| (name.to_owned(), rank, advances);
    assert_eq!(
        ranks(&replica),
        [
            row("甲", Some(1), true),
            row("丙", Some(2), true),
            row("乙", Some(2), true),
            row("丁", Some(4), false),
            row("己", None, false),
            row("戊", None, false),
        ]
    );
    // Where the shortest time wins.
    let lowest = [("best", Best::Lowest.as_str())];
    replica.set(&document(), Collection::Contests, of, &lowest);
    let first: Vec<_> = ranks(&replica).into_iter().map(|(name, ..)| name).collect();
    assert_eq!(first, ["丁", "丙", "乙", "甲", "己", "戊"]);
}

#[test]
fn the_best_are_entered_in_the_next_contest_once() {
    let mut replica = Replica::numbered(1);
    let of = contest(&mut replica, &[]);
    enter(&mut replica, of, "甲", Some(1.0), "entered");
    let go = |replica: &Replica| {
        let (site, name) = (key("keyun"), document());
        let school = School::new(&site, None, Some(replica.view(&name)), None);
        let (contest, entries) = school.contests().next().unwrap();
        advance(contest, entries)
    };
    assert_eq!(
        go(&replica).unwrap_err().text().zh,
        "“急救技能赛”没有写明几人晋级、晋级到哪个竞赛"
    );
    let next = [("leads_to", "急救决赛"), ("leads_to_site", "hub")];
    replica.set(&document(), Collection::Contests, of, &next);
    let (first, second) = (go(&replica).unwrap(), go(&replica).unwrap());
    assert_eq!(first, second);
    replica.apply(&first);
    let finals = Name::School { site: key("hub") };
    let final_id = Contest::id_of(&key("hub"), "急救决赛");
    let entered: Vec<&ContestEntry> = replica.view(&finals).all().map(|(one, _)| one).collect();
    assert_eq!(entered.len(), 1);
    assert_eq!(entered[0].contest, Some(final_id));
    assert_eq!(entered[0].home, Some(key("keyun")));
    assert_eq!(entered[0].score, None);
}
