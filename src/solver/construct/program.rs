//! Cheapest ways where relations are no network, by a linear program.

use crate::extremes::Reach;
use crate::lp::{Lp, Status};
use crate::relations::UNBOUNDED;
use crate::solver::cuts::float;
use crate::solver::state::State;

/// The linear program of the general case: each cell's change up and down, as shares of what is asked.
///
/// Most cells are too dear to be of use, so it begins with the cheapest of each sum and takes in others when their reduced
/// costs say so (column generation, Dantzig and Wolfe 1960): the same optimum, from a program a few times smaller.
pub(super) struct Program {
    lp: Lp,
    cells: Vec<usize>,
    column: Vec<usize>,
    prices: Vec<f64>,
    /// Cells that take part.
    working: Vec<bool>,
    /// Questions that took too long.
    pub(super) given_up: usize,
    /// Work that the state counts already.
    counted: u64,
}

/// Cells of each sum that take part from the beginning.
const CHEAPEST: usize = 3;
/// Cells taken in at once.
const TAKEN: usize = 200;

/// What a hidden cell costs a unit, so that idle ones stay idle.
const IDLE: f64 = 1e-4;
/// Simplex steps that one program may take.
const STEPS: u64 = 200_000;
/// Work that one question may take, and after how much of it the watcher is asked.
const WORK: u64 = 1_000_000_000;
const SLICE: u64 = 100_000_000;
/// Changes rounded for one question.
const ROUNDED: usize = 100;

impl Program {
    pub(super) fn new(state: &State<'_>, allowed: &[bool], weights: Vec<f64>) -> Self {
        let takes_part = |c: &usize| allowed[*c] || state.needs.certain[*c] || state.is_hidden(*c);
        let cells: Vec<usize> = (0..state.outsider.len()).filter(takes_part).collect();
        let mut column = vec![usize::MAX; state.outsider.len()];
        cells.iter().enumerate().for_each(|(i, &c)| column[c] = i);
        let mut lp = Lp::new(state.extremes.programs(), (0..2 * cells.len()).map(|_| (0.0, 0.0, 0.0)));
        let mut terms = Vec::new();
        for row in 0..state.outsider.matrix.rows() {
            terms.clear();
            for &(cell, a) in state.outsider.matrix.row(row) {
                if column[cell] != usize::MAX {
                    let a = float(i128::from(a));
                    terms.extend([(2 * column[cell], a), (2 * column[cell] + 1, -a)]);
                }
            }
            if !terms.is_empty() {
                lp.add_row(&terms, 0.0, 0.0);
            }
        }
        let prices: Vec<f64> = cells.iter().map(|&c| weights[c]).collect();
        let mut working = vec![false; cells.len()];
        for row in 0..lp.rows() {
            let mut by_price: Vec<usize> = lp.row(row).iter().map(|t| t.0 / 2).step_by(2).collect();
            by_price.sort_by(|&a, &b| prices[a].total_cmp(&prices[b]).then(a.cmp(&b)));
            by_price.into_iter().take(CHEAPEST).for_each(|i| working[i] = true);
        }
        Program { counted: lp.work(), lp, cells, column, prices, working, given_up: 0 }
    }

    /// Hides the cells that the cheapest change uses, for each way that the need asks; with `whole`, of a change in whole
    /// numbers.
    pub(super) fn widen(&mut self, state: &mut State<'_>, allowed: &[bool], need: usize, whole: bool) {
        let need = state.needs.needs[need];
        for (upward, amount) in need.asks() {
            if state.is_stopped() {
                return;
            }
            if !matches!(state.extremes.reach(need.cell, upward, amount), Reach::Witness(_)) {
                for cell in self.used(state, allowed, (need.cell, upward, amount), whole) {
                    state.hide(cell);
                }
            }
        }
    }

    fn used(
        &mut self,
        state: &mut State<'_>,
        allowed: &[bool],
        (cell, upward, amount): (usize, bool, i64),
        whole: bool,
    ) -> Vec<usize> {
        let asked = float(i128::from(amount));
        let share = |state: &State<'_>, cell: usize, up: bool| {
            let may = allowed[cell] || state.is_hidden(cell);
            let room = if may { state.outsider.room(cell, up) } else { 0 };
            if room == UNBOUNDED { 50.0 } else { (float(room.into()) / asked).min(50.0) }
        };
        let mut costs = vec![0.0; 2 * self.cells.len()];
        let own = self.column[cell];
        for (i, &other) in self.cells.iter().enumerate() {
            let hidden = state.is_hidden(other);
            self.working[i] |= hidden || i == own;
            for (way, up) in [(0, true), (1, false)] {
                let share = share(state, other, up);
                let price = if hidden { IDLE } else { self.prices[i].max(1e-3) / share.clamp(1e-3, 1.0) };
                costs[2 * i + way] = price;
                self.lp.set_cost(2 * i + way, price);
                self.lp.set_bounds(2 * i + way, 0.0, if self.working[i] { share } else { 0.0 });
            }
        }
        let forced = 2 * own + usize::from(!upward);
        self.lp.set_bounds(4 * own + 1 - forced, 0.0, 0.0);
        self.lp.set_bounds(forced, 1.0, 50.0);
        self.lp.restart();
        let most = self.lp.work() + WORK;
        let mut status = self.least(state, most);
        loop {
            let more = match status {
                Status::Optimal => self.tempting(&costs),
                Status::Infeasible => (0..self.cells.len()).filter(|&i| !self.working[i]).collect(),
                _ => {
                    self.given_up += 1;
                    return Vec::new();
                }
            };
            if more.is_empty() {
                break;
            }
            for i in more {
                self.working[i] = true;
                self.lp.set_bounds(2 * i, 0.0, share(state, self.cells[i], true));
                self.lp.set_bounds(2 * i + 1, 0.0, share(state, self.cells[i], false));
            }
            self.lp.restart();
            status = self.least(state, most);
        }
        self.lp.allow(most.saturating_sub(self.lp.work()));
        let serves = status == Status::Optimal && (!whole || self.make_whole(asked));
        self.count(state);
        if !serves {
            return Vec::new();
        }
        let moves = |i: usize| (self.lp.value(2 * i) - self.lp.value(2 * i + 1)).abs() > 1e-6;
        (0..self.cells.len()).filter(|&i| moves(i)).map(|i| self.cells[i]).collect()
    }

    /// The cheapest change, unless that takes more work than this or the watcher stops it.
    fn least(&mut self, state: &mut State<'_>, most: u64) -> Status {
        loop {
            let slice = most.min(self.lp.work() + SLICE);
            self.lp.allow(slice.saturating_sub(self.lp.work()));
            let status = self.lp.dual(STEPS);
            self.count(state);
            state.tell_on();
            let spent = self.lp.work() >= slice && slice < most;
            if status != Status::Stopped || !spent || state.is_stopped() {
                return status;
            }
        }
    }

    fn count(&mut self, state: &mut State<'_>) {
        state.work += self.lp.work() - self.counted;
        self.counted = self.lp.work();
    }

    /// Rounds one change after the other away from nothing, or else towards it, until all are whole; false if no way is left.
    fn make_whole(&mut self, asked: f64) -> bool {
        for _ in 0..ROUNDED {
            let parts = (0..2 * self.cells.len()).map(|v| (v, self.lp.value(v) * asked));
            let off = |value: f64| (value - value.round()).abs();
            let Some((v, value)) = parts.filter(|p| off(p.1) > 1e-6).max_by(|a, b| off(a.1).total_cmp(&off(b.1)))
            else {
                return true;
            };
            let (low, high) = self.lp.bounds(v);
            self.lp.set_bounds(v, (value.ceil() / asked).min(high), high);
            if self.lp.dual(STEPS) == Status::Optimal {
                continue;
            }
            self.lp.set_bounds(v, low, (value.floor() / asked).max(low));
            self.lp.restart();
            if self.lp.dual(STEPS) != Status::Optimal {
                return false;
            }
        }
        false
    }

    /// Cells outside whose part in the change would make it cheaper; the most promising, if they are many.
    fn tempting(&self, costs: &[f64]) -> Vec<usize> {
        let mut reduced = costs.to_vec();
        for (row, &y) in self.lp.multipliers().iter().enumerate().filter(|m| m.1.abs() > 1e-12) {
            self.lp.row(row).iter().for_each(|&(column, a)| reduced[column] -= a * y);
        }
        let gain = |i: usize| reduced[2 * i].min(reduced[2 * i + 1]);
        let mut outside: Vec<usize> = (0..self.cells.len()).filter(|&i| !self.working[i] && gain(i) < -1e-6).collect();
        outside.sort_by(|&a, &b| gain(a).total_cmp(&gain(b)).then(a.cmp(&b)));
        outside.truncate(TAKEN);
        outside
    }
}
