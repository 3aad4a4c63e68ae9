//! Limits under rooms in part: what the master of the exact method asks at a fractional point.
//!
//! One program of [`Pushed`] groups, at the point's rooms. Where a cell does not go far enough, the multipliers are the limit
//! that leaves it least.
//!
//! Cost: the entries of the hidden cells' columns a point; then a few dozen simplex steps a question. Changes that went far
//! enough are kept: at the next point most of them still do.

use std::collections::BTreeMap;

use super::Limit;
use super::general::float;
use super::groups::Asked;
use super::pushed::{Kept, Pushed};
use crate::lp::Engine;
use crate::relations::Outsider;

/// A point does not violate a limit that leaves so much of what is asked.
const ENOUGH: f64 = 0.999;
/// Changes kept by question.
const KEPT: usize = 12;

#[derive(Debug)]
pub(super) struct Parts {
    /// No cell goes further than this at the moment: what the last question asked.
    farthest: i64,
    program: Pushed,
    /// Changes that went so far.
    reached: Kept<Asked>,
}

impl Parts {
    pub(super) fn new(engine: Engine, farthest: i64) -> Self {
        Parts { farthest, program: Pushed::new(engine), reached: Kept::new(KEPT) }
    }

    pub(super) fn work(&self) -> u64 {
        self.program.work()
    }

    /// Goes to a point: a cell hidden by half goes half as far.
    pub(super) fn begin(&mut self, outsider: &Outsider, parts: &[f64]) {
        self.program.begin(outsider, room(outsider, parts, self.farthest));
    }

    /// A limit that keeps the cell from going so far at the point begun with, if there is one and it can be told.
    pub(super) fn limit(&mut self, outsider: &Outsider, parts: &[f64], asked: Asked) -> Option<Limit> {
        if self.is_known(outsider, parts, asked) {
            return None;
        }
        self.go_at_most(outsider, parts, asked.2);
        let (groups, amount) = (&self.program.groups, float(asked.2));
        let bounds: BTreeMap<_, _> = groups.at_least(asked.0, asked.1, amount).into_iter().collect();
        if let Some((&group, [low, _])) = bounds.first_key_value()
            && !groups.contradict(&bounds)
        {
            let upward = low.1 == asked.0;
            let gone = self.program.push(group, upward, amount)?;
            if gone >= amount * ENOUGH {
                self.reached.keep(asked, self.program.change());
                return None;
            }
        }
        let Pushed { groups, lp, .. } = &self.program;
        let sums = groups.refutations(outsider, asked, &bounds, lp.multipliers());
        let mut limits = sums.filter_map(|rows| Limit::from_rows(outsider, (asked.0, asked.1), rows));
        limits.find(|limit| limit.in_part(parts, asked.2) < ENOUGH)
    }

    /// No cell need go further than what is asked: a cut counts none for more (capacity constraints tightened; Fischetti and
    /// Salazar-González 2001).
    fn go_at_most(&mut self, outsider: &Outsider, parts: &[f64], farthest: i64) {
        if std::mem::replace(&mut self.farthest, farthest) == farthest {
            return;
        }
        self.program.set_rooms(outsider, room(outsider, parts, farthest));
    }

    /// Whether a change that is known goes far enough here too.
    fn is_known(&mut self, outsider: &Outsider, parts: &[f64], asked: Asked) -> bool {
        let room = room(outsider, parts, asked.2);
        self.reached.answers(&asked, |change| change.iter().all(|&(c, by)| by.abs() * ENOUGH <= room(c, by > 0.0)))
    }
}

/// How far cells go at most that are hidden in part, and in no case further than so far.
fn room<'r>(outsider: &'r Outsider, parts: &'r [f64], farthest: i64) -> impl Fn(usize, bool) -> f64 + 'r {
    move |cell, upward| float(outsider.room(cell, upward).min(farthest)) * parts[cell]
}
