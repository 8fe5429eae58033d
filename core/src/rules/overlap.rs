//! A person is on two shifts at once.
//!
//! Reads every roster held, of any site and month, and the people of their sites, to tell who is the same person. Shifts that were
//! removed, swapped or not come to do not count; shifts that only touch do not overlap.

use jiff::civil::DateTime;

use super::context::{Context, PlacedShift, not_checked};
use super::wording::{clocks, day, list};
use super::{Finding, NotChecked, RecordRef, Repair, Rule, Severity, Text};
use crate::document::{Month, Name, SiteKey};
use crate::import::name_key;
use crate::ordered::{self, BTreeSet};
use crate::records::{Collection, Edit, RecordId, write_date_time};

/// As many shifts at once are a mistake of another kind: one finding for all, not one for each pair.
const PAIRED_MAX: usize = 6;

#[derive(Debug, Clone, Copy)]
struct Span<'a> {
    placed: PlacedShift<'a>,
    start: DateTime,
    end: DateTime,
}

pub(super) fn find(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let spans = context.working().filter_map(|(placed, start, end)| {
        let person = context.people.identity(&placed)?;
        Some((person, Span { placed, start, end }))
    });
    let mut spans: Vec<(RecordId, Span<'_>)> = spans.collect();
    ordered::sort_by_key(&mut spans, |(person, span)| {
        (*person, span.start, span.end, span.placed.shift.id)
    });
    // Runs of shifts of one person, each of which starts before an earlier one has ended.
    let mut run: Vec<Span<'_>> = Vec::new();
    let mut until = (None, DateTime::MIN);
    for (person, span) in spans {
        if until.0 != Some(person) || span.start >= until.1 {
            report(context, &run, findings);
            run.clear();
            until = (Some(person), DateTime::MIN);
        }
        until.1 = until.1.max(span.end);
        run.push(span);
    }
    report(context, &run, findings);
}

fn report(context: &Context<'_>, run: &[Span<'_>], findings: &mut Vec<Finding>) {
    if run.len() < 2 {
        return;
    }
    let concerns = |run: &[&Span<'_>]| {
        let documents = run.iter().map(|span| span.placed.document);
        context.concerns(documents)
    };
    if run.len() > PAIRED_MAX {
        if concerns(&run.iter().collect::<Vec<_>>()) {
            findings.push(crowd(context, run));
        }
        return;
    }
    for (index, first) in run.iter().enumerate() {
        for second in run.iter().skip(index + 1) {
            // The same record in two documents has moved, and nobody is there twice.
            let overlap =
                second.start < first.end && first.placed.shift.id != second.placed.shift.id;
            if overlap && concerns(&[first, second]) {
                findings.push(pair(context, first, second));
            }
        }
    }
}

fn pair(context: &Context<'_>, first: &Span<'_>, second: &Span<'_>) -> Finding {
    let name = first.placed.name();
    let said = |span: &Span<'_>| describe(context, span);
    let (a, b) = (said(first), said(second));
    let text = if a == b {
        Text::of(
            format_args!("{name} 的同一个班登记了两次：{}", a.zh),
            format_args!("one shift of {name} is entered twice: {}", a.en),
        )
    } else {
        Text::of(
            format_args!("{name} 同一时间有两个班：{}，与 {}", a.zh, b.zh),
            format_args!("{name} is on two shifts at once: {} and {}", a.en, b.en),
        )
    };
    let mut repairs = Vec::new();
    let shortened = (first.start < second.start).then(|| shorten(context, first, second.start));
    // On one post of one site they are likely one shift, entered again with a corrected start.
    let one_post = first.placed.site == second.placed.site
        && name_key(&first.placed.shift.post) == name_key(&second.placed.shift.post);
    if !one_post {
        repairs.extend(shortened.clone());
    }
    repairs.push(remove(context, second));
    repairs.push(remove(context, first));
    if one_post {
        repairs.extend(shortened);
    }
    if a != b {
        repairs.push(swap(context, second));
        repairs.push(swap(context, first));
    }
    Finding::new(
        Rule::Overlap,
        Severity::Error,
        vec![first.placed.reference(), second.placed.reference()],
        None,
        text,
    )
    .on(Some(second.start.date()))
    .with_repairs(repairs)
}

fn crowd(context: &Context<'_>, run: &[Span<'_>]) -> Finding {
    let said: Vec<Text> = run.iter().map(|span| describe(context, span)).collect();
    let all = list(&said, "个班");
    let name = run
        .first()
        .map_or_else(String::new, |span| span.placed.name());
    let count = run.len();
    let text = Text::of(
        format_args!("{name} 有{count}个班互相重叠：{}", all.zh),
        format_args!("{name} is on {count} shifts that overlap: {}", all.en),
    );
    let records: Vec<RecordRef> = run.iter().map(|span| span.placed.reference()).collect();
    let date = run.first().map(|span| span.start.date());
    Finding::new(Rule::Overlap, Severity::Error, records, None, text).on(date)
}

fn describe(context: &Context<'_>, span: &Span<'_>) -> Text {
    let (date, times) = (
        day(span.start.date(), context.year()),
        clocks(span.start, span.end),
    );
    let (post, at) = (span.placed.post(), context.site_name(span.placed.site));
    Text::of(
        format_args!("{} {} {post}（{at}）", date.zh, times.zh),
        format_args!("{} {} {post} ({at})", date.en, times.en),
    )
}

fn shorten(context: &Context<'_>, span: &Span<'_>, end: DateTime) -> Repair {
    let (what, times) = (describe(context, span), clocks(span.start, end));
    let label = Text::of(
        format_args!("把 {} 改为 {}", what.zh, times.zh),
        format_args!("make {} {}", what.en, times.en),
    );
    let shift = span.placed.shift.id;
    let edit = Edit::set(
        span.placed.document,
        Collection::Shifts,
        shift,
        "end",
        write_date_time(end),
    );
    Repair::new(label, vec![edit])
}

fn remove(context: &Context<'_>, span: &Span<'_>) -> Repair {
    let what = describe(context, span);
    let label = Text::of(
        format_args!("移除 {}", what.zh),
        format_args!("remove {}", what.en),
    );
    let edit = Edit::remove(
        span.placed.document,
        Collection::Shifts,
        span.placed.shift.id,
        context.holdings.now,
    );
    Repair::new(label, vec![edit])
}

fn swap(context: &Context<'_>, span: &Span<'_>) -> Repair {
    let what = describe(context, span);
    let label = Text::of(
        format_args!("{} 由别人顶班，标为已调班", what.zh),
        format_args!("someone else takes {}: mark it swapped", what.en),
    );
    let edit = Edit::set(
        span.placed.document,
        Collection::Shifts,
        span.placed.shift.id,
        "state",
        crate::records::ShiftState::Swapped.as_str(),
    );
    Repair::new(label, vec![edit])
}

/// The rosters that were not compared: those of other sites in the same months, and those of the months beside.
pub(super) fn missing(context: &Context<'_>, month: Option<Month>, out: &mut Vec<NotChecked>) {
    let holdings = context.holdings;
    let held: BTreeSet<(Month, &SiteKey)> = holdings
        .documents
        .keys()
        .filter(|name| matches!(name, Name::Roster { .. }))
        .filter_map(|name| Some((name.month()?, name.site()?)))
        .filter(|(of, _)| month.is_none_or(|month| month == *of))
        .collect();
    let months: BTreeSet<Month> = held.iter().map(|(month, _)| *month).collect();
    let roster = |month: Month, site: &SiteKey| Name::Roster {
        site: site.clone(),
        month,
    };
    let missing = |name: &Name| holdings.is_missing(name);

    let sites = || context.sites.keys().copied();
    let of_month = |month: &Month| sites().map(|site| roster(*month, site)).collect::<Vec<_>>();
    let others: Vec<Name> = months.iter().flat_map(of_month).filter(missing).collect();
    let text = Text::of(
        format_args!("没有比对另外{}个站点的排班：本机没有", others.len()),
        format_args!(
            "{} of other sites not compared: not held here",
            rosters(others.len())
        ),
    );
    out.extend(not_checked(Rule::Overlap, others, text));

    let beside = |(month, site): &(Month, &SiteKey)| {
        let beside = [month.prev(), month.next()].into_iter().flatten();
        let outside = beside.filter(|month| !months.contains(month));
        outside.map(|month| roster(month, site)).collect::<Vec<_>>()
    };
    let beside: BTreeSet<Name> = held.iter().flat_map(beside).filter(missing).collect();
    let text = Text::of(
        format_args!("没有比对前后月份的{}份排班：本机没有", beside.len()),
        format_args!(
            "{} of the months before and after not compared: not held here",
            rosters(beside.len())
        ),
    );
    out.extend(not_checked(
        Rule::Overlap,
        beside.into_iter().collect(),
        text,
    ));
}

fn rosters(count: usize) -> String {
    if count == 1 {
        "1 roster".to_owned()
    } else {
        format!("{count} rosters")
    }
}
