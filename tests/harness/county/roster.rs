//! `roster/<site>/<month>`: who is on duty, as it was planned, confirmed, corrected, and got wrong.

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime, Time};
use yilian_core::document::{Author, Month, Name, SiteKey};
use yilian_core::records::{Collection, Edit, Level, RecordId, Shift, ShiftState, Typed as _};

use super::desk::Desk;
use super::dice::Dice;
use super::directory::services;
use super::place::{Member, Place, Roll};
use super::school::duty;
use super::words::{FRONT, HOTLINE, NOTES, SLIPS, WATCH, WINDOW};
use super::{County, Document, Mess, rota};

/// A post, and from when to when, in hours; past 24 is the next day.
type Slot = (&'static str, i8, i8);

/// How far ahead a service has to be staffed.
const FORTNIGHT_DAYS: i64 = 14;

const HOME: &[Slot] = &[(FRONT, 8, 14), (WATCH, 14, 20), (HOTLINE, 20, 32)];
const STATION: &[Slot] = &[(FRONT, 8, 14), (WATCH, 14, 20)];
const POINT: &[Slot] = &[(WATCH, 9, 17)];

const fn slots(level: Level) -> &'static [Slot] {
    match level {
        Level::Home => HOME,
        Level::Station => STATION,
        Level::Point => POINT,
    }
}

/// The roster while it is planned.
struct Plan<'a> {
    county: &'a County,
    place: &'a Place,
    month: Month,
    name: Name,
    roll: Roll,
    dice: Dice,
    /// By day and slot.
    base: BTreeMap<(Date, usize), Shift>,
    /// What is rostered beside, right or wrong.
    more: Vec<Shift>,
    /// Days on which nothing odd has happened yet: one thing a day, so that each is counted once.
    free: Vec<Date>,
    wrong: Vec<Mess>,
    /// Whether nobody is on a post of the coming fortnight that somebody should be on.
    gap: bool,
    /// Fields that hold what no such field can.
    spoilt: Vec<Edit>,
}

pub(super) fn document(county: &County, place: &Place, month: Month) -> Document {
    let mut plan = Plan::new(county, place, month);
    plan.names();
    plan.times();
    plan.lent();
    plan.mediators();
    plan.certified();
    plan.write()
}

fn at(day: Date, hour: i8) -> DateTime {
    let midnight = day.to_datetime(Time::midnight());
    midnight.checked_add(i64::from(hour).hours()).unwrap()
}

/// The day in a month on which a site's people may be wanted elsewhere: it does nothing odd itself then.
fn lending_day(place: &Place, month: Month) -> Date {
    let day = 21 + (place.index + usize::try_from(month.month()).unwrap()) % 5;
    Date::new(month.year(), month.month(), i8::try_from(day).unwrap()).unwrap()
}

impl<'a> Plan<'a> {
    fn new(county: &'a County, place: &'a Place, month: Month) -> Plan<'a> {
        let name = Name::Roster {
            site: place.key.clone(),
            month,
        };
        let mut dice = Dice::of(county.seed, &name.to_string());
        let roll = place.roll(county);
        let (closed, lending) = (place.closed(month), lending_day(place, month));
        let days = month.first_day().series(1.day());
        let days = days.take_while(|day| month.contains(*day));
        let open: Vec<Date> = days.filter(|day| Some(*day) != closed).collect();
        let mut base = BTreeMap::new();
        for day in &open {
            let slots = slots(place.level);
            for (slot, (post, from, to)) in slots.iter().enumerate() {
                let member = roll.turn(*day, slot, slots.len());
                base.insert(
                    (*day, slot),
                    shift(place, member, post, at(*day, *from), at(*day, *to)),
                );
            }
        }
        let mut free: Vec<Date> = open.into_iter().filter(|day| *day != lending).collect();
        dice.shuffle(&mut free);
        Plan {
            county,
            place,
            month,
            name,
            roll,
            dice,
            base,
            more: Vec::new(),
            free,
            wrong: Vec::new(),
            gap: false,
            spoilt: Vec::new(),
        }
    }

    fn day(&mut self) -> Date {
        self.free.pop().expect("a month has days enough")
    }

    /// Whoever is first on duty on a day.
    fn first(&self, day: Date) -> Member {
        self.roll
            .turn(day, 0, slots(self.place.level).len())
            .clone()
    }

    /// The first shift of a day is somebody's whom the roster only names.
    fn only_named(&mut self, day: Date, name: &str, person: Option<RecordId>) {
        let shift = self.base.get_mut(&(day, 0)).unwrap();
        shift.name = name.to_owned();
        shift.person = person;
        shift.id = Shift::id_of_row(&shift.site, shift.start, &shift.post, name);
    }

    fn names(&mut self) {
        if self.dice.percent(40) {
            let day = self.day();
            let right = self.first(day).name;
            let stem: String = right.chars().take(right.chars().count() - 1).collect();
            let slipped = SLIPS.map(|slip| format!("{stem}{slip}"));
            if let Some(typo) = slipped.iter().find(|name| !self.roll.has(name)) {
                self.only_named(day, typo, None);
                self.wrong.push(Mess::UnknownPerson);
            }
        }
        if self.dice.percent(6) {
            let day = self.day();
            let nobody = RecordId::new(1, self.dice.bytes());
            self.only_named(day, "赵临时", Some(nobody));
            self.wrong.push(Mess::UnknownPerson);
        }
        if let Some(namesake) = self.roll.namesake
            && self.dice.percent(30)
        {
            let day = self.day();
            let name = self.roll.members[namesake].name.clone();
            self.only_named(day, &name, None);
            self.wrong.push(Mess::Namesakes);
        }
    }

    fn times(&mut self) {
        if self.dice.percent(25) {
            let day = self.day();
            let member = self.first(day);
            self.more
                .push(shift(self.place, &member, WINDOW, at(day, 10), at(day, 12)));
            self.wrong.push(Mess::Overlap);
        }
        if self.dice.percent(12) {
            let day = self.day();
            let member = self.first(day);
            self.more
                .push(shift(self.place, &member, WINDOW, at(day, 16), at(day, 10)));
            self.wrong.push(Mess::BackwardShift);
        }
        if self.dice.percent(12) {
            let day = self.day();
            let member = self.first(day);
            self.more
                .push(shift(self.place, &member, WINDOW, at(day, 4), at(day, 6)));
            self.wrong.push(Mess::OutsideHours);
        }
        if self.dice.percent(10) {
            let day = self.day();
            let member = self.first(day);
            let shift = shift(self.place, &member, WINDOW, at(day, 18), at(day, 19));
            self.spoilt.push(Edit::set(
                &self.name,
                Collection::Shifts,
                shift.id,
                "end",
                "下午六点",
            ));
            self.more.push(shift);
            self.wrong.push(Mess::Unreadable);
        }
    }

    /// People of another site. Each month has another round, in which each lends to one only.
    fn lent(&mut self) {
        let places = &self.county.places;
        let round = usize::try_from(self.month.month()).unwrap() % (places.len() - 1) + 1;
        let lender = &places[(self.place.index + round) % places.len()];
        let roll = lender.roll(self.county);
        let day = lending_day(lender, self.month);
        let slots = slots(lender.level).len();
        let mut lend = |member: &Member, from: i8, to: i8, lent_by: &SiteKey| {
            let mut shift = shift(self.place, member, WINDOW, at(day, from), at(day, to));
            shift.lent_by = Some(lent_by.clone());
            self.more.push(shift);
        };
        if self.dice.percent(25) {
            // Two days later it is another's turn.
            let member = roll.turn(day.checked_add(2.days()).unwrap(), 0, slots);
            lend(member, 9, 11, &lender.key);
        }
        if self.dice.percent(15) {
            lend(roll.turn(day, 0, slots), 11, 13, &lender.key);
            self.wrong.push(Mess::Overlap);
        }
        let number = self.place.index * 24 + usize::try_from(self.month.month()).unwrap();
        if number % 41 == 12 {
            let gone: SiteKey = format!("laozhan-{number}-{}", self.month.year())
                .parse()
                .unwrap();
            let mut member = roll.members[0].clone();
            member.name = "钱借调".to_owned();
            member.id = RecordId::new(2, self.dice.bytes());
            lend(&member, 15, 17, &gone);
            self.wrong.push(Mess::UnknownSite);
        }
    }

    /// Those who mediate disputes, beside who keeps the site.
    fn mediators(&mut self) {
        let turns = rota::turns(self.place, &self.roll, self.month);
        let shifts =
            turns.map(|turn| shift(self.place, turn.member, turn.post, turn.start, turn.end));
        self.more.extend(shifts);
    }

    /// Those on posts that take a certificate.
    fn certified(&mut self) {
        let (duties, lacking) = duty::duties(self.county, self.place, &self.roll, self.month);
        for duty in duties {
            let [from, to] = duty.hours.map(|hour| at(duty.day, hour));
            let member = &self.roll.members[duty.member];
            self.more
                .push(shift(self.place, member, duty.post, from, to));
        }
        self.wrong.extend(vec![Mess::Uncertified; lacking]);
    }

    fn write(mut self) -> Document {
        let [coordinator, clerk] = [0, 1].map(|member| self.place.author(&self.roll, member));
        let planned = self
            .month
            .first_day()
            .checked_sub(5.days())
            .unwrap()
            .at(17, 0, 0, 0);
        let mut desk = Desk::begin(self.county, &self.name, &coordinator);
        let shifts = self.base.values().chain(&self.more);
        let mut edits: Vec<Edit> = shifts.flat_map(|shift| shift.create(&self.name)).collect();
        // Of several edits of one field the last counts.
        edits.append(&mut self.spoilt);
        desk.write(&edits, "import roster", planned);
        for mess in std::mem::take(&mut self.wrong) {
            desk.wrong(mess);
        }
        self.month_goes_by(&mut desk, &clerk);
        self.apart(&mut desk, &coordinator);
        let staffed = services(self.place).into_iter();
        for _ in staffed.filter(|service| self.gap && service.post == FRONT) {
            desk.wrong(Mess::UnstaffedService);
        }
        desk.finish()
    }

    fn set(&self, day: Date, field: &str, value: &str) -> Edit {
        let shift = &self.base[&(day, 0)];
        Edit::set(&self.name, Collection::Shifts, shift.id, field, value)
    }

    /// Whoever is first on duty that day does not come.
    fn missed(&mut self, day: Date) {
        let today = self.county.now().date();
        let fortnight = today..today.checked_add(FORTNIGHT_DAYS.days()).unwrap();
        self.gap |= self.place.level != Level::Point && fortnight.contains(&day);
    }

    fn remove(&mut self, day: Date) -> Edit {
        self.missed(day);
        let shift = &self.base[&(day, 0)];
        Edit::remove(&self.name, Collection::Shifts, shift.id, at(day, 7))
    }

    /// People say that they come; some do not. The clerk's computer is offline now and then.
    fn month_goes_by(&mut self, desk: &mut Desk, clerk: &Author) {
        let mut branch = desk.branch(clerk);
        for number in 0..6 {
            let day = self.day();
            let state = match number {
                0 => ShiftState::Absent,
                1 => ShiftState::Swapped,
                _ => ShiftState::Confirmed,
            };
            if state != ShiftState::Confirmed {
                self.missed(day);
            }
            branch.write(&[self.set(day, "state", state.as_str())], "", at(day, 7));
        }
        let day = self.day();
        let note = *self.dice.pick(&NOTES);
        desk.write(&[self.set(day, "note", note)], "", at(day, 7));
        if self.dice.percent(20) {
            let day = self.day();
            desk.write(&[self.remove(day)], "", at(day, 7));
        }
        desk.merge(branch);
    }

    /// The site and the hub edit the same, neither knowing of the other.
    fn apart(&mut self, desk: &mut Desk, coordinator: &Author) {
        let mut hub = desk.branch(&self.county.hub());
        desk.sign(coordinator);
        if self.dice.percent(30) {
            let day = self.day();
            desk.write(&[self.set(day, "note", "带钥匙")], "", at(day, 6));
            hub.write(&[self.set(day, "note", "改到后门")], "", at(day, 6));
            hub.wrong(Mess::FieldConflict);
        }
        if self.dice.percent(12) {
            let day = self.day();
            desk.write(&[self.remove(day)], "", at(day, 6));
            hub.write(&[self.set(day, "note", "照常上班")], "", at(day, 6));
            hub.wrong(Mess::LateEdit);
        }
        let settled = self.dice.percent(10).then(|| self.day());
        if let Some(day) = settled {
            desk.write(&[self.set(day, "note", "走东门")], "", at(day, 6));
            hub.write(&[self.set(day, "note", "走西门")], "", at(day, 6));
        }
        desk.merge(hub);
        if let Some(day) = settled {
            desk.write(&[self.set(day, "note", "走东门")], "", at(day, 8));
        }
    }
}

fn shift(place: &Place, member: &Member, post: &str, start: DateTime, end: DateTime) -> Shift {
    Shift {
        id: Shift::id_of_row(&place.key, start, post, &member.name),
        site: place.key.clone(),
        name: member.name.clone(),
        person: Some(member.id),
        lent_by: None,
        post: post.to_owned(),
        start,
        end,
        state: ShiftState::Planned,
        note: String::new(),
        removed_at: None,
    }
}
