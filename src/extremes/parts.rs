//! Limits under rooms in part: what the master of the exact method asks at a fractional point.
//!
//! One program over [`Groups`], at the point's rooms; each question pushes its cell as far as it goes, from no change at the
//! last question's basis (primal, warm). Where that is not far enough, the multipliers are the limit that leaves it least.
//!
//! Cost: the entries of the hidden cells' columns a point; then a few dozen simplex steps a question. Changes that went far
//! enough are kept: at the next point most of them still do.

use std::collections::{BTreeMap, VecDeque};

use super::Limit;
use super::general::{STEPS, WORK, float};
use super::groups::{Asked, Groups};
use crate::lp::{Lp, Status};
use crate::relations::Outsider;

/// A point does not violate a limit that leaves so much of what is asked.
const ENOUGH: f64 = 0.999;
/// Changes kept by question.
const KEPT: usize = 12;

#[derive(Debug)]
pub(super) struct Parts {
    /// No cell goes further than this at the moment: what the last question asked.
    farthest: i64,
    groups: Groups,
    /// By group, its change.
    lp: Lp,
    /// By question, changes that went so far, the last one used first.
    reached: BTreeMap<Asked, VecDeque<Vec<(usize, f64)>>>,
    built: u64,
}

impl Parts {
    pub(super) fn new(farthest: i64) -> Self {
        Parts { farthest, groups: Groups::default(), lp: Lp::default(), reached: BTreeMap::new(), built: 0 }
    }

    pub(super) fn work(&self) -> u64 {
        self.lp.work() + self.built
    }

    /// Goes to a point: a cell hidden by half goes half as far.
    pub(super) fn begin(&mut self, outsider: &Outsider, parts: &[f64]) {
        self.groups = Groups::new(outsider, room(outsider, parts, self.farthest));
        let columns = self.groups.ends.iter().map(|[low, high]| (0.0, low.0, high.0));
        self.lp = self.lp.succeeded_by(Lp::new(columns));
        for row in &self.groups.rows {
            let terms: Vec<(usize, f64)> = row.terms.iter().map(|&(g, a)| (g, float(a))).collect();
            self.lp.add_row(&terms, 0.0, 0.0);
        }
        self.built += self.groups.entries();
    }

    /// A limit that keeps the cell from going so far at the point begun with, if there is one and it can be told.
    pub(super) fn limit(&mut self, outsider: &Outsider, parts: &[f64], asked: Asked) -> Option<Limit> {
        if self.is_known(outsider, parts, asked) {
            return None;
        }
        self.go_at_most(outsider, parts, asked.2);
        let bounds: BTreeMap<_, _> = self.groups.asked(asked).into_iter().collect();
        if let Some((&group, [low, _])) = bounds.first_key_value()
            && !self.groups.contradict(&bounds)
        {
            let upward = low.1 == asked.0;
            let gone = self.push(group, upward, float(asked.2))?;
            if gone >= float(asked.2) * ENOUGH {
                let reached = self.reached.entry(asked).or_default();
                let changes = self.groups.groups.iter().enumerate().map(|(g, cells)| (self.lp.value(g), cells));
                let moved = changes.filter(|c| c.0.abs() > 1e-7);
                let cells = moved.flat_map(|(by, cells)| cells.iter().map(move |&(c, sign)| (c, float(sign) * by)));
                reached.push_front(cells.collect());
                reached.truncate(KEPT);
                return None;
            }
        }
        let sums = self.groups.refutations(outsider, asked, &bounds, self.lp.multipliers());
        let mut limits = sums.filter_map(|rows| Limit::from_rows(outsider, (asked.0, asked.1), rows));
        limits.find(|limit| limit.in_part(parts, asked.2) < ENOUGH)
    }

    /// No cell need go further than what is asked: a cut counts none for more (capacity constraints tightened; Fischetti and
    /// Salazar-González 2001).
    fn go_at_most(&mut self, outsider: &Outsider, parts: &[f64], farthest: i64) {
        if std::mem::replace(&mut self.farthest, farthest) == farthest {
            return;
        }
        self.groups.set_rooms(room(outsider, parts, farthest));
        self.lp.rest();
        for (group, [low, high]) in self.groups.ends.iter().enumerate() {
            self.lp.set_bounds(group, low.0, high.0);
        }
        self.built += outsider.len() as u64;
    }

    /// Pushes one group as far as asked at most, from no change, and gives how far it went.
    fn push(&mut self, group: usize, upward: bool, amount: f64) -> Option<f64> {
        let [(low, _), (high, _)] = self.groups.ends[group];
        self.lp.rest();
        self.lp.allow(WORK);
        self.lp.set_cost(group, if upward { -1.0 } else { 1.0 });
        let (least, most) = if upward { (low, high.min(amount)) } else { (low.max(-amount), high) };
        self.lp.set_bounds(group, least, most);
        let status = self.lp.primal(STEPS);
        let gone = if upward { self.lp.value(group) } else { -self.lp.value(group) };
        self.lp.set_cost(group, 0.0);
        self.lp.set_bounds(group, low, high);
        (status == Status::Optimal).then_some(gone)
    }

    /// Whether a change that is known goes far enough here too.
    fn is_known(&mut self, outsider: &Outsider, parts: &[f64], asked: Asked) -> bool {
        let Some(reached) = self.reached.get_mut(&asked) else { return false };
        let room = room(outsider, parts, asked.2);
        let fits = |change: &Vec<(usize, f64)>| change.iter().all(|&(c, by)| by.abs() * ENOUGH <= room(c, by > 0.0));
        let known = reached.iter().position(fits);
        if let Some(change) = known.and_then(|at| reached.remove(at)) {
            reached.push_front(change);
        }
        known.is_some()
    }
}

/// How far cells go at most that are hidden in part, and in no case further than so far.
fn room<'r>(outsider: &'r Outsider, parts: &'r [f64], farthest: i64) -> impl Fn(usize, bool) -> f64 + 'r {
    move |cell, upward| float(outsider.room(cell, upward).min(farthest)) * parts[cell]
}
