//! A program over [`Groups`] at one point, asked again and again: each question pushes a cell as far as it goes, from no
//! change at the last question's basis (primal, warm).

use std::collections::{BTreeMap, VecDeque};

use super::general::{STEPS, WORK, float};
use super::groups::Groups;
use crate::lp::{Engine, Lp, Status};
use crate::relations::Outsider;

/// Cells and how far they move.
pub(super) type Change = Vec<(usize, f64)>;

/// Changes that answered a question, the last one used first: at the next point most of them still do.
#[derive(Debug)]
pub(super) struct Kept<K> {
    by_question: BTreeMap<K, VecDeque<Change>>,
    /// How many are kept of each question.
    most: usize,
}

impl<K: Ord> Kept<K> {
    pub(super) fn new(most: usize) -> Self {
        Kept { by_question: BTreeMap::new(), most }
    }

    /// Whether one that is known answers the question here too.
    pub(super) fn answers(&mut self, question: &K, fits: impl Fn(&Change) -> bool) -> bool {
        let Some(kept) = self.by_question.get_mut(question) else { return false };
        let known = kept.iter().position(fits);
        if let Some(change) = known.and_then(|at| kept.remove(at)) {
            kept.push_front(change);
        }
        known.is_some()
    }

    pub(super) fn keep(&mut self, question: K, change: Change) {
        let kept = self.by_question.entry(question).or_default();
        kept.push_front(change);
        kept.truncate(self.most);
    }
}

#[derive(Debug)]
pub(super) struct Pushed {
    pub(super) groups: Groups,
    /// By group, its change.
    pub(super) lp: Lp,
    built: u64,
}

impl Pushed {
    pub(super) fn new(engine: Engine) -> Self {
        Pushed { groups: Groups::default(), lp: Lp::new(engine, []), built: 0 }
    }

    pub(super) fn work(&self) -> u64 {
        self.lp.work() + self.built
    }

    /// Goes to a point, where cells have these rooms.
    pub(super) fn begin(&mut self, outsider: &Outsider, room: impl Fn(usize, bool) -> f64) {
        self.groups = Groups::new(outsider, room);
        let columns = self.groups.ends.iter().map(|[low, high]| (0.0, low.0, high.0));
        self.lp.begin(columns);
        for row in &self.groups.rows {
            let terms: Vec<(usize, f64)> = row.terms.iter().map(|&(g, a)| (g, float(a))).collect();
            self.lp.add_row(&terms, 0.0, 0.0);
        }
        self.built += self.groups.entries();
    }

    /// Other rooms for the same cells.
    pub(super) fn set_rooms(&mut self, outsider: &Outsider, room: impl Fn(usize, bool) -> f64) {
        self.groups.set_rooms(room);
        self.lp.rest();
        for (group, [low, high]) in self.groups.ends.iter().enumerate() {
            self.lp.set_bounds(group, low.0, high.0);
        }
        self.built += outsider.len() as u64;
    }

    /// Pushes one group as far as asked at most, from no change, and gives how far it went.
    pub(super) fn push(&mut self, group: usize, upward: bool, amount: f64) -> Option<f64> {
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

    /// How cells move at the program's point.
    pub(super) fn change(&self) -> Change {
        let changes = self.groups.groups.iter().enumerate().map(|(g, cells)| (self.lp.value(g), cells));
        let moved = changes.filter(|c| c.0.abs() > 1e-7);
        moved.flat_map(|(by, cells)| cells.iter().map(move |&(c, sign)| (c, float(sign) * by))).collect()
    }
}
