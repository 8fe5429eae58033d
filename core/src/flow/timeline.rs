use super::{Course, Fit, Flow, Link};
use crate::records::{RecordId, Stage, Step, View};

/// The steps that were taken with something, and where they led.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline<'a> {
    /// The stage it is at.
    pub stage: Stage,
    /// Every step, in the order that is the same on every replica; those that moved nothing are among them.
    pub steps: Vec<PlacedStep<'a>>,
}

/// A step and what it did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlacedStep<'a> {
    /// The step.
    pub step: &'a Step,
    /// What it did.
    pub fit: Fit,
}

impl<P: Copy + PartialEq> Flow<Stage, P> {
    /// The steps about a record that `view` holds, in the order in which they count; none where the flow has no stage at all.
    pub fn timeline<'a>(&self, view: &'a View, about: RecordId) -> Option<Timeline<'a>> {
        let steps: Vec<(&Step, bool)> = view
            .all::<Step>()
            .filter(|(step, _)| step.about == Some(about))
            .map(|(step, entry)| (step, entry.removed_at().is_some()))
            .collect();
        let links: Vec<Link<Stage>> = steps
            .iter()
            .map(|(step, void)| Link {
                id: step.id,
                after: step.after,
                stage: step.stage,
                void: *void,
            })
            .collect();
        let Course { stage, placed } = self.run(&links)?;
        let placed = placed.into_iter().filter_map(|placed| {
            let (step, _) = steps.get(placed.step)?;
            Some(PlacedStep {
                step,
                fit: placed.fit,
            })
        });
        Some(Timeline {
            stage,
            steps: placed.collect(),
        })
    }
}

impl<'a> Timeline<'a> {
    /// The steps that count.
    pub fn counting(&self) -> impl DoubleEndedIterator<Item = &'a Step> {
        counting(&self.steps)
    }

    /// The last step that counts.
    pub fn last(&self) -> Option<&'a Step> {
        self.counting().next_back()
    }
}

/// The steps that count.
pub(crate) fn counting<'a>(steps: &[PlacedStep<'a>]) -> impl DoubleEndedIterator<Item = &'a Step> {
    let counting = steps.iter().filter(|placed| placed.fit.counts());
    counting.map(|placed| placed.step)
}
