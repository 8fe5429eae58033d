//! Events into files that calendars read: iCalendar, RFC 5545.
//!
//! The file says nothing but what the events say, so the same events give the same bytes: whoever publishes it may compare.

use std::fmt::Write as _;

use icalendar::{Component as _, Event as Vevent, EventLike as _, EventStatus as Status, Property};
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use thiserror::Error;
use yilian_core::document::Network;
use yilian_core::report::calendar::{Event, EventStatus};
use yilian_core::rules::Language;

/// What a calendar's file says beside its events.
#[derive(Clone, Debug)]
pub struct Calendar<'a> {
    /// The network: part of what identifies an event everywhere.
    pub network: &'a Network,
    /// The network's zone, as the IANA database names it.
    pub zone: &'a str,
    /// What people call the calendar.
    pub name: &'a str,
    /// The language of the words that are ours.
    pub language: Language,
}

/// Why a calendar was not written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CalendarError {
    /// The caller names a zone that there is not.
    #[error("there is no time zone {zone:?}")]
    Zone {
        /// The zone.
        zone: String,
    },
    /// An event cannot be written. It is not the caller's fault.
    #[error("an event cannot be written")]
    Write(#[from] std::fmt::Error),
}

/// How often a calendar that subscribed should ask again.
const REFRESH: &str = "PT1H";
/// The longest text of an event, in characters; the rest is cut off.
const TEXT_CHARS_MAX: usize = 1_000;
/// The most changes of a zone's clock that are written.
const TRANSITIONS_MAX: usize = 64;

/// Writes a calendar's file.
///
/// # Errors
/// See [`CalendarError`].
pub fn write(calendar: &Calendar<'_>, events: &[Event]) -> Result<String, CalendarError> {
    let zone = TimeZone::get(calendar.zone).map_err(|_| CalendarError::Zone {
        zone: calendar.zone.to_owned(),
    })?;
    let mut text = String::from("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n");
    text.push_str("PRODID:-//Yilian//yilian//ZH\r\nCALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n");
    for key in ["NAME", "X-WR-CALNAME"] {
        // The library takes only the properties of the first RFC for texts, unless it is told.
        let mut name = Property::new(key, cleaned(calendar.name));
        let name: String = name.add_parameter("VALUE", "TEXT").done().try_into()?;
        text.push_str(&name);
    }
    write!(text, "X-WR-TIMEZONE:{}\r\n", calendar.zone)?;
    write!(text, "REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}\r\n")?;
    write!(text, "X-PUBLISHED-TTL:{REFRESH}\r\n")?;
    write_zone(&mut text, calendar.zone, &zone, events)?;
    for event in events {
        text.push_str(&vevent(calendar, event).try_into_string()?);
    }
    text.push_str("END:VCALENDAR\r\n");
    Ok(text)
}

fn vevent(calendar: &Calendar<'_>, event: &Event) -> Vevent {
    let at = |key: &str, at: DateTime| {
        let mut property = Property::new(key, local(at));
        property.add_parameter("TZID", calendar.zone).done()
    };
    let uid = format!("{}@{}.yilian", event.record, calendar.network);
    let mut vevent = Vevent::with_uid(&uid);
    vevent
        .append_property(at("DTSTART", event.start))
        .append_property(at("DTEND", event.end))
        .summary(&cleaned(&event.summary))
        .location(&cleaned(&event.location))
        .status(match event.status {
            EventStatus::Cancelled => Status::Cancelled,
            EventStatus::Confirmed => Status::Confirmed,
            EventStatus::Tentative => Status::Tentative,
        });
    let description = event.description.in_language(calendar.language);
    if !description.is_empty() {
        vevent.description(&cleaned(description));
    }
    // Where nothing is known of changes the stamp is still the same every time.
    let written = event.written.map_or(0, |written| written.last);
    let stamp = utc(written);
    vevent.add_property("DTSTAMP", &stamp);
    if let Some(written) = event.written {
        vevent.add_property("LAST-MODIFIED", &stamp);
        vevent.sequence(written.times.saturating_sub(1));
    }
    vevent.done()
}

/// Without what a text must not have, and not too long.
fn cleaned(text: &str) -> String {
    let kept = text.chars().filter(|c| *c == '\n' || !c.is_control());
    kept.take(TEXT_CHARS_MAX).collect()
}

fn local(at: DateTime) -> String {
    at.strftime("%Y%m%dT%H%M%S").to_string()
}

/// Seconds since 1970; a time that no calendar has is its start.
fn utc(unix_s: i64) -> String {
    let at = Timestamp::from_second(unix_s).unwrap_or(Timestamp::UNIX_EPOCH);
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// Writes what a zone's clock does while the events take place. By hand: the library would give it an identity and a stamp as
/// if it were an event, which RFC 5545 forbids. There is nothing in it that needs escaping.
fn write_zone(
    text: &mut String,
    id: &str,
    zone: &TimeZone,
    events: &[Event],
) -> Result<(), std::fmt::Error> {
    let instant = |civil: DateTime| zone.to_timestamp(civil);
    let starts = events.iter().map(|event| event.start).min();
    let ends = events.iter().map(|event| event.end).max();
    let first = starts.and_then(|start| instant(start).ok());
    let first = first.unwrap_or(Timestamp::UNIX_EPOCH);
    let last = ends.and_then(|end| instant(end).ok()).unwrap_or(first);
    write!(text, "BEGIN:VTIMEZONE\r\nTZID:{id}\r\n")?;
    let before = zone.preceding(first).take(1);
    let meanwhile = zone
        .following(first)
        .take_while(|change| change.timestamp() <= last);
    let mut any = false;
    for change in before.chain(meanwhile.take(TRANSITIONS_MAX)) {
        let moment_before = change.timestamp() - SignedDuration::from_secs(1);
        let from = zone.to_offset(moment_before);
        let kind = match change.dst().is_dst() {
            true => "DAYLIGHT",
            false => "STANDARD",
        };
        let onset = from.to_datetime(change.timestamp());
        let name = change.abbreviation().to_string();
        write_observance(text, kind, onset, (from, change.offset()), &name)?;
        any = true;
    }
    if !any {
        // It never was another.
        let info = zone.to_offset_info(first);
        let offset = info.offset();
        let onset = offset.to_datetime(Timestamp::UNIX_EPOCH);
        write_observance(
            text,
            "STANDARD",
            onset,
            (offset, offset),
            info.abbreviation(),
        )?;
    }
    text.push_str("END:VTIMEZONE\r\n");
    Ok(())
}

fn write_observance(
    text: &mut String,
    kind: &str,
    onset: DateTime,
    (from, to): (Offset, Offset),
    name: &str,
) -> Result<(), std::fmt::Error> {
    let (onset, from, to) = (local(onset), offset(from), offset(to));
    write!(text, "BEGIN:{kind}\r\nDTSTART:{onset}\r\n")?;
    write!(text, "TZOFFSETFROM:{from}\r\nTZOFFSETTO:{to}\r\n")?;
    write!(text, "TZNAME:{name}\r\nEND:{kind}\r\n")
}

/// `+0800`; with seconds where it has some.
fn offset(offset: Offset) -> String {
    let seconds = offset.seconds();
    let sign = if seconds < 0 { '-' } else { '+' };
    let seconds = seconds.unsigned_abs();
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match rest {
        0 => format!("{sign}{hours:02}{minutes:02}"),
        rest => format!("{sign}{hours:02}{minutes:02}{rest:02}"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use jiff::civil::date;
    use yilian_core::document::Written;
    use yilian_core::records::RecordId;
    use yilian_core::rules::Text;

    use super::*;

    fn event(n: u8, month: i8) -> Event {
        Event {
            record: RecordId::new(0, [n; 10]),
            start: date(2026, month, 1).at(20, 0, 0, 0),
            end: date(2026, month, 2).at(8, 0, 0, 0),
            summary: "热线 冯国庆".to_owned(),
            location: "客运之家，党群服务区".to_owned(),
            description: Text::new("计划", "planned"),
            status: EventStatus::Tentative,
            written: Some(Written {
                last: 1_796_083_200,
                times: 3,
            }),
        }
    }

    fn file(zone: &str, events: &[Event]) -> String {
        let network = "jiaozuo".parse().unwrap();
        let calendar = Calendar {
            network: &network,
            zone,
            name: "客运之家, 排班",
            language: Language::Zh,
        };
        write(&calendar, events).unwrap()
    }

    /// Lines as they were before they were folded.
    fn lines(file: &str) -> Vec<String> {
        let lines = file.replace("\r\n ", "");
        lines.split_terminator("\r\n").map(str::to_owned).collect()
    }

    fn between(file: &str, kind: &str) -> Vec<String> {
        let (begin, end) = (format!("BEGIN:{kind}"), format!("END:{kind}"));
        let lines = lines(file).into_iter();
        lines
            .skip_while(|line| *line != begin)
            .skip(1)
            .take_while(|line| *line != end)
            .collect()
    }

    #[test]
    fn an_event_is_written_with_its_identity_times_and_age() {
        let file = file("Asia/Shanghai", &[event(1, 12)]);
        let expected = [
            "DESCRIPTION:计划",
            "DTEND;TZID=Asia/Shanghai:20261202T080000",
            "DTSTAMP:20261201T000000Z",
            "DTSTART;TZID=Asia/Shanghai:20261201T200000",
            "LAST-MODIFIED:20261201T000000Z",
            "LOCATION:客运之家，党群服务区",
            "SEQUENCE:2",
            "STATUS:TENTATIVE",
            "SUMMARY:热线 冯国庆",
        ];
        let mut found = between(&file, "VEVENT");
        found.sort();
        let uid = found.remove(found.len() - 1);
        assert_eq!(found, expected);
        assert_eq!(uid, format!("UID:{}@jiaozuo.yilian", event(1, 12).record));
        assert!(
            file.contains("NAME;VALUE=TEXT:客运之家\\, 排班\r\n"),
            "{file}"
        );
    }

    #[test]
    fn shanghai_has_kept_one_time_since_1991() {
        let file = file("Asia/Shanghai", &[event(1, 12)]);
        let expected = [
            "TZID:Asia/Shanghai",
            "BEGIN:STANDARD",
            "DTSTART:19910915T020000",
            "TZOFFSETFROM:+0900",
            "TZOFFSETTO:+0800",
            "TZNAME:CST",
            "END:STANDARD",
        ];
        assert_eq!(between(&file, "VTIMEZONE"), expected);
    }

    #[test]
    fn a_zone_that_changes_its_clock_says_when() {
        let file = file("Europe/Berlin", &[event(1, 1), event(2, 12)]);
        let onsets: Vec<_> = between(&file, "VTIMEZONE")
            .into_iter()
            .filter(|line| line.starts_with("DTSTART") || line.starts_with("TZOFFSETTO"))
            .collect();
        let expected = [
            "DTSTART:20251026T030000",
            "TZOFFSETTO:+0100",
            "DTSTART:20260329T020000",
            "TZOFFSETTO:+0200",
            "DTSTART:20261025T030000",
            "TZOFFSETTO:+0100",
        ];
        assert_eq!(onsets, expected);
        assert!(self::file("UTC", &[]).contains("TZOFFSETTO:+0000"));
    }

    #[test]
    fn what_somebody_wrote_stays_in_its_line() {
        let mut hostile = event(1, 12);
        hostile.summary = "a;b,c\\d\r\nEND:VEVENT\u{0}".to_owned();
        hostile.description = Text::new("长".repeat(100_000), "");
        let file = file("Asia/Shanghai", &[hostile]);
        let lines = lines(&file);
        let is = |wanted: &&String| wanted.as_str() == "END:VEVENT";
        assert_eq!(lines.iter().filter(is).count(), 1);
        assert!(lines.contains(&"SUMMARY:a\\;b\\,c\\\\d\\nEND:VEVENT".to_owned()));
        assert!(file.split("\r\n").all(|line| line.len() <= 75), "folded");
        assert!(file.len() < 5_000);
    }

    #[test]
    fn the_same_events_give_the_same_bytes_and_no_zone_is_an_error() {
        let mut unknown = event(1, 12);
        unknown.written = None;
        let events = [unknown, event(2, 12)];
        assert_eq!(
            file("Asia/Shanghai", &events),
            file("Asia/Shanghai", &events)
        );
        let network = "jiaozuo".parse().unwrap();
        let calendar = Calendar {
            network: &network,
            zone: "Asia/Atlantis",
            name: "",
            language: Language::En,
        };
        assert!(write(&calendar, &[]).is_err());
    }
}
