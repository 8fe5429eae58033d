//! Seats: who has one, who promises one, and who gives one up.

use std::collections::BTreeMap;

use clap::Subcommand;
use yilian_core::records::{
    CONFIRMED_BY, Enrolment, EnrolmentState, RecordId, RecordKind, Typed as _,
};
use yilian_core::school::{School, Seat};

use super::super::Several;
use super::super::claim::{confirmer, write};
use super::super::desk::Desk;
use super::{hub, read};
use crate::cli::context::Context;
use crate::cli::failure::Failure;
use crate::cli::label::label;
use crate::cli::shift_id::Found;

/// What is asked of enrolments alone.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    #[command(
        about = "确认名额：夜校所在站点或中心答应了 | confirm: the school's site or the hub promises a seat"
    )]
    Confirm {
        #[command(flatten)]
        several: Several,
    },
    #[command(about = "退出：不上了 | withdraw: they do not take the course any more")]
    Withdraw {
        #[command(flatten)]
        several: Several,
    },
}

/// Whether a course has room for another promise.
#[derive(Clone, Copy, Debug)]
struct Room {
    seats: Option<i64>,
    promised: i64,
}

pub(super) async fn run(
    context: &Context,
    kind: &'static RecordKind,
    verb: Verb,
) -> Result<(), Failure> {
    match verb {
        Verb::Confirm { several } => confirm(context, kind, &several).await,
        Verb::Withdraw { several } => withdraw(context, kind, &several).await,
    }
}

/// Who has a seat, by enrolment.
pub(in crate::cli::noun) async fn seats(desk: &Desk) -> Result<BTreeMap<RecordId, Seat>, Failure> {
    read(&desk.node, None, |schools, _| {
        let classes = schools.iter().flat_map(School::classes);
        let enrolled = classes.flat_map(|class| class.enrolled());
        enrolled.map(|one| (one.enrolment.id, one.seat)).collect()
    })
    .await
}

async fn confirm(
    context: &Context,
    kind: &'static RecordKind,
    several: &Several,
) -> Result<(), Failure> {
    let desk = Desk::at(context, kind, several.site.site.as_ref()).await?;
    let hub = hub(&desk.node).await?;
    let mut rooms = rooms(&desk).await?;
    let mut found = Vec::new();
    for asked in &several.records {
        let one = desk.find(asked).await?;
        let by = confirmer(desk.node.profile(), one.document.site(), hub.as_ref())?;
        promise(&one, &mut rooms)?;
        found.push((one, CONFIRMED_BY, by.into()));
    }
    write(context, &desk, found, "confirm", ("已确认", "confirmed")).await
}

/// The room in every course that is here.
async fn rooms(desk: &Desk) -> Result<BTreeMap<RecordId, Room>, Failure> {
    read(&desk.node, None, |schools, _| {
        let classes = schools.iter().flat_map(School::classes);
        classes
            .map(|class| {
                let promised = class.enrolled().filter(|one| one.seat == Seat::Confirmed);
                let room = Room {
                    seats: class.course.capacity,
                    promised: i64::try_from(promised.count()).unwrap_or(i64::MAX),
                };
                (class.course.id, room)
            })
            .collect()
    })
    .await
}

/// Takes a seat, if there is one that nobody was promised.
fn promise(one: &Found, rooms: &mut BTreeMap<RecordId, Room>) -> Result<(), Failure> {
    let called = label(&one.entry);
    let enrolment = Enrolment::of(one.entry.record());
    let holds = |of: &&Enrolment| of.state == EnrolmentState::Enrolled && of.removed_at.is_none();
    let Some(enrolment) = enrolment.filter(holds) else {
        return Err(Failure::new(
            format!("“{called}”已退出或移除，不能确认"),
            format!("{called} has withdrawn or was removed, and cannot be confirmed"),
        ));
    };
    let room = enrolment.course.and_then(|course| rooms.get_mut(&course));
    let Some(room) = room else {
        return Err(Failure::new(
            format!("“{called}”报的课程不在这里"),
            format!("the course of {called} is not here"),
        ));
    };
    if !enrolment.confirmed_by.is_empty() {
        return Ok(());
    }
    match room.seats {
        Some(seats) if room.promised >= seats => Err(Failure::new(
            format!("名额 {seats} 人已经全部确认，不能再确认“{called}”"),
            format!("all {seats} seats are promised: {called} cannot have one as well"),
        )),
        _ => {
            room.promised += 1;
            Ok(())
        }
    }
}

async fn withdraw(
    context: &Context,
    kind: &'static RecordKind,
    several: &Several,
) -> Result<(), Failure> {
    let desk = Desk::at(context, kind, several.site.site.as_ref()).await?;
    let mut found = Vec::new();
    for asked in &several.records {
        let withdrawn = EnrolmentState::Withdrawn.as_str().to_owned();
        found.push((desk.find(asked).await?, "state", withdrawn));
    }
    write(context, &desk, found, "withdraw", ("已退出", "withdrawn")).await
}
