//! Flows: what people wait for goes from stage to stage by steps, written once and never changed.
//!
//! A [`Flow`] is a table of moves. Steps come from replicas that did not know of each other, so each names the step it follows
//! on, and where two follow on the same one the table decides which is taken first: the earlier stage of the flow, then the
//! smaller id. No clock decides, so every replica that has the same steps sees the same course. A step that does not fit where it
//! is taken moves nothing and stays in sight. What is sent to a site goes through a flow, and so does a case.

mod timeline;

use crate::ordered::{BTreeMap, BTreeSet};
use crate::records::RecordId;

pub(crate) use timeline::counting;
pub use timeline::{PlacedStep, Timeline};

/// The stages of something, and who may move it from which to which.
#[derive(Debug)]
pub struct Flow<S: 'static, P: 'static> {
    /// Every stage; the first is where it begins. Of steps that follow on the same one, the one of the earlier stage is taken first.
    pub stages: &'static [S],
    /// The stages at which nobody waits for anything any more.
    pub over: &'static [S],
    /// The moves there are.
    pub moves: &'static [Move<S, P>],
}

/// One move of a flow.
#[derive(Debug)]
pub struct Move<S: 'static, P> {
    /// The stages it may be made from.
    pub from: &'static [S],
    /// The stage it leads to.
    pub to: S,
    /// Whose it is.
    pub by: P,
}

/// A step as a flow looks at it.
#[derive(Clone, Copy, Debug)]
pub struct Link<S> {
    /// The step.
    pub id: RecordId,
    /// The step that it follows on; none for the first.
    pub after: Option<RecordId>,
    /// The stage it leads to.
    pub stage: S,
    /// Whether it was removed: it moves nothing.
    pub void: bool,
}

/// Where steps led.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course<S> {
    /// The stage reached.
    pub stage: S,
    /// Every step, in the order in which they were taken.
    pub placed: Vec<Placed>,
}

/// A step in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Its index among the steps handed in.
    pub step: usize,
    /// What it did.
    pub fit: Fit,
}

/// What a step did where it was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// It led to its stage.
    Moves,
    /// It led to its stage and ended the course, and whoever wrote it did not know of the steps placed from here on.
    Crosses {
        /// The place of the first of them.
        from: usize,
    },
    /// The stage was reached already, by somebody else.
    Repeats,
    /// No move leads there from the stage that was reached.
    Illegal,
    /// It was removed.
    Void,
}

impl Fit {
    /// What programs call it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Moves => "moves",
            Self::Crosses { .. } => "crosses",
            Self::Repeats => "repeats",
            Self::Illegal => "illegal",
            Self::Void => "void",
        }
    }

    /// Whether the step counts: its stage was reached with it, or before.
    #[must_use]
    pub const fn counts(self) -> bool {
        !matches!(self, Self::Illegal | Self::Void)
    }
}

impl<S: Copy + PartialEq, P: Copy + PartialEq> Flow<S, P> {
    /// Whether a move leads from one stage to another.
    pub fn allows(&self, from: S, to: S) -> bool {
        self.moves
            .iter()
            .any(|step| step.to == to && step.from.contains(&from))
    }

    /// Whether somebody may make that move.
    pub fn lets(&self, by: P, from: S, to: S) -> bool {
        let theirs = |step: &&Move<S, P>| step.by == by && step.to == to;
        self.moves
            .iter()
            .filter(theirs)
            .any(|step| step.from.contains(&from))
    }

    /// Where somebody may move it from a stage.
    pub fn next(&self, by: P, from: S) -> impl Iterator<Item = S> {
        let can = move |step: &&Move<S, P>| step.by == by && step.from.contains(&from);
        self.moves.iter().filter(can).map(|step| step.to)
    }

    /// Whether nobody waits for anything at that stage.
    pub fn is_over(&self, stage: S) -> bool {
        self.over.contains(&stage)
    }

    /// Takes the steps in their order; none where the flow has no stage at all.
    pub fn run(&self, steps: &[Link<S>]) -> Option<Course<S>> {
        let rank = |stage: S| self.stages.iter().position(|of| *of == stage);
        let ranked: Vec<_> = steps
            .iter()
            .map(|step| (step.id, step.after, rank(step.stage).unwrap_or(usize::MAX)))
            .collect();
        let order = order(&ranked);
        let ids = steps.iter().enumerate();
        let ids: BTreeMap<RecordId, usize> = ids.map(|(index, step)| (step.id, index)).collect();
        let mut stage = *self.stages.first()?;
        let mut placed: Vec<Placed> = Vec::with_capacity(steps.len());
        for index in order {
            let Some(step) = steps.get(index) else {
                continue;
            };
            let fit = match () {
                () if step.void => Fit::Void,
                () if !self.allows(stage, step.stage) => match step.stage == stage {
                    true => Fit::Repeats,
                    false => Fit::Illegal,
                },
                () if self.is_over(step.stage) => fit_of_end(&placed, known(step, steps, &ids)),
                () => Fit::Moves,
            };
            if fit.counts() {
                stage = step.stage;
            }
            placed.push(Placed { step: index, fit });
        }
        Some(Course { stage, placed })
    }
}

/// The index of the step that whoever wrote `step` saw last, of those that were not removed since.
fn known<S>(step: &Link<S>, steps: &[Link<S>], ids: &BTreeMap<RecordId, usize>) -> Option<usize> {
    let mut after = step.after;
    // A made-up circle ends the search, not the program.
    for _ in 0..steps.len() {
        let index = *ids.get(&after?)?;
        match steps.get(index) {
            Some(other) if other.void => after = other.after,
            _ => return Some(index),
        }
    }
    None
}

/// An end crosses what counts, was placed since the step it follows on, and so was not known to its writer.
fn fit_of_end(placed: &[Placed], known: Option<usize>) -> Fit {
    let seen = placed
        .iter()
        .position(|place| Some(place.step) == known)
        .map_or(0, |place| place + 1);
    let unknown = placed.iter().skip(seen);
    match unknown.filter(|place| place.fit.counts()).count() {
        0 => Fit::Moves,
        _ => Fit::Crosses { from: seen },
    }
}

/// The order of steps, each with what it follows on and the rank of its stage: none before the one it follows on, and else by
/// rank and id.
fn order(steps: &[(RecordId, Option<RecordId>, usize)]) -> Vec<usize> {
    let ids: BTreeSet<RecordId> = steps.iter().map(|(id, ..)| *id).collect();
    let mut following: BTreeMap<RecordId, Vec<usize>> = BTreeMap::new();
    let mut ready = BTreeSet::new();
    let mut all = BTreeSet::new();
    for (index, (id, after, rank)) in steps.iter().enumerate() {
        all.insert((*rank, *id, index));
        match after.filter(|after| ids.contains(after) && after != id) {
            Some(after) => following.entry(after).or_default().push(index),
            None => {
                ready.insert((*rank, *id, index));
            }
        }
    }
    let mut order = Vec::with_capacity(steps.len());
    // What is left once nothing is ready follows on itself in a circle, which only a forger writes: it comes last.
    while let Some(next) = ready.pop_first().or_else(|| all.first().copied()) {
        if !all.remove(&next) {
            continue;
        }
        let (_, id, index) = next;
        order.push(index);
        for after in following.remove(&id).unwrap_or_default() {
            if let Some((id, _, rank)) = steps.get(after) {
                ready.insert((*rank, *id, after));
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    enum Stage {
        Open,
        Taken,
        Closed,
    }

    const FLOW: Flow<Stage, ()> = Flow {
        stages: &[Stage::Open, Stage::Taken, Stage::Closed],
        over: &[Stage::Closed],
        moves: &[
            Move {
                from: &[Stage::Open],
                to: Stage::Taken,
                by: (),
            },
            Move {
                from: &[Stage::Open, Stage::Taken],
                to: Stage::Closed,
                by: (),
            },
        ],
    };

    fn link(id: u8, after: Option<u8>, stage: Stage) -> Link<Stage> {
        let id_of = |n: u8| RecordId::new(0, [n; 10]);
        Link {
            id: id_of(id),
            after: after.map(id_of),
            stage,
            void: false,
        }
    }

    fn fits(steps: &[Link<Stage>]) -> Vec<(usize, Fit)> {
        let course = FLOW.run(steps).unwrap();
        let pair = |placed: &Placed| (placed.step, placed.fit);
        course.placed.iter().map(pair).collect()
    }

    #[test]
    fn an_end_that_knew_of_what_it_ends_is_a_plain_move() {
        let steps = [link(9, None, Stage::Taken), link(1, Some(9), Stage::Closed)];
        assert_eq!(fits(&steps), [(0, Fit::Moves), (1, Fit::Moves)]);
    }

    #[test]
    fn an_end_crosses_what_it_did_not_know_of_until_that_is_removed() {
        let mut steps = [link(1, None, Stage::Closed), link(9, None, Stage::Taken)];
        assert_eq!(
            fits(&steps),
            [(1, Fit::Moves), (0, Fit::Crosses { from: 0 })]
        );
        steps[1].void = true;
        assert_eq!(fits(&steps), [(1, Fit::Void), (0, Fit::Moves)]);
    }

    #[test]
    fn what_follows_an_end_is_illegal_and_what_says_the_same_repeats() {
        let steps = [
            link(1, None, Stage::Closed),
            link(2, Some(1), Stage::Taken),
            link(3, Some(2), Stage::Closed),
        ];
        assert_eq!(
            fits(&steps),
            [(0, Fit::Moves), (1, Fit::Illegal), (2, Fit::Repeats)]
        );
    }

    #[test]
    fn circles_lose_nothing() {
        let steps = [
            link(1, Some(2), Stage::Taken),
            link(2, Some(1), Stage::Closed),
            link(3, Some(3), Stage::Taken),
            link(4, Some(99), Stage::Taken),
        ];
        let mut indices: Vec<usize> = fits(&steps).iter().map(|(step, _)| *step).collect();
        indices.sort_unstable();
        assert_eq!(indices, [0, 1, 2, 3]);
    }
}
