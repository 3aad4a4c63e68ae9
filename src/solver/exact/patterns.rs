//! Cheaper patterns that the master's fractional points lead to.

use super::{Judged, LP_STEPS, Node, Search, is_whole};
use crate::lp::Status;
use crate::solver::cuts::float;
use crate::solver::{construct, improve};

/// Rounds of cuts between two steps of a dive.
const DIVE_ROUNDS: usize = 4;
/// What is hidden in so large a part is taken for hidden.
const NEARLY: f64 = 0.9;

impl Search<'_, '_> {
    /// Takes the state's pattern as the best, after showing what it does not need.
    pub(super) fn take(&mut self) {
        self.state.reduce(self.effort.share().min(self.effort.work.saturating_sub(self.work())));
        let cost = self.state.cost();
        if cost < self.best {
            self.best = cost;
            self.found = self.state.snapshot();
        }
    }

    /// Improves the best pattern.
    pub(super) fn improve(&mut self) {
        self.state.restore(&self.found);
        improve::improve(self.state, &self.cells, &self.effort);
        (self.best, self.found) = (self.state.cost(), self.state.snapshot());
    }

    /// A pattern near a fractional point: what the point hides is cheap to hide.
    pub(super) fn round_up(&mut self, point: &[f64]) {
        let mut prices: Vec<f64> = self.state.needs.weights.iter().map(|&w| construct::price(w)).collect();
        for (&cell, x) in self.cells.iter().zip(point) {
            prices[cell] *= 1.0 - 0.999 * x.clamp(0.0, 1.0);
        }
        let sure: Vec<usize> = self.cells.iter().zip(point).filter(|c| *c.1 > NEARLY).map(|c| *c.0).collect();
        self.state.take_over(&sure);
        let missing = self.missing.clone();
        let cells = self.cells.clone();
        let limit = self.state.work() + self.effort.share() / if self.unfinished { 1 } else { 4 };
        if construct::with_prices(self.state, &cells, &missing, prices, Some((&self.found, limit))).is_ok() {
            self.take();
        }
    }

    /// A pattern below a fractional point, or a point nearer to one: what is nearly hidden there is hidden, the program is
    /// solved and cut again, until it is whole, no cheaper than what is known, or enough work was done. Every step leaves a
    /// way, because hiding more breaks no cut. From a root that is not at its end nothing is cut on the way, which would be
    /// long and seldom end: a whole point that satisfies the cuts there are is soon found, and near a pattern.
    pub(super) fn dive(&mut self, node: &Node, bound: u64, point: &[f64]) -> Option<Vec<f64>> {
        let limit = self.work() + self.effort.share();
        let cuts = !self.unfinished;
        let mut held = vec![false; point.len()];
        let mut point = point.to_vec();
        let below = loop {
            let mut open: Vec<usize> = (0..point.len()).filter(|&v| point[v] > 1e-6 && !held[v]).collect();
            open.sort_by(|&a, &b| point[b].total_cmp(&point[a]).then(a.cmp(&b)));
            let nearly = open.iter().take_while(|&&v| point[v] > NEARLY).count();
            let likely = open.iter().take_while(|&&v| point[v] > 0.5).count();
            open.truncate(nearly.max(likely.div_ceil(4)).max(1));
            for v in open {
                held[v] = true;
                self.lp.set_bounds(v, 1.0, 1.0);
            }
            for _ in 0..DIVE_ROUNDS {
                if self.spent() || self.lp.dual(LP_STEPS) != Status::Optimal {
                    self.fix(node);
                    return None;
                }
                self.tell(bound);
                if cuts {
                    self.retire();
                }
                self.state.work += 8 * self.cells.len() as u64;
                point = self.point();
                if !cuts || !self.add_violated(&point, false) {
                    break;
                }
            }
            let cost: f64 = point.iter().zip(&self.weights).map(|(x, &w)| x * float(w.into())).sum();
            if cost >= float(self.best.into()) {
                break None;
            }
            let ends = is_whole(&point) && !(cuts && matches!(self.judge(&point), Judged::Cut));
            if self.work() > limit || ends {
                break Some(point);
            }
        };
        self.fix(node);
        below
    }
}
