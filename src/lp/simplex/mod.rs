//! A bounded revised simplex, primal and dual, warm after any change that leaves the needed side feasible.
//!
//! Deterministic: no clock, no randomness, the same operations in the same order on every machine. A step's cost
//! follows what is not zero in its row and its column, not the size of the program.

mod dual;
mod factor;
mod primal;
mod vector;

use factor::Factor;
use vector::{Lists, Places, Vector};

use super::retain;

const FEASIBLE: f64 = 1e-7;
const REDUCED: f64 = 1e-7;
const PIVOT: f64 = 1e-7;
const NONE: usize = usize::MAX;

/// `min cost·x` with `low ≤ A x ≤ high` row by row and bounds on every column.
///
/// Row activities are variables too ("logicals", numbered after the columns), tied by `a·x − activity = 0`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Simplex {
    columns: Vec<Vec<(usize, f64)>>,
    rows: Vec<Vec<(usize, f64)>>,
    /// By row, the terms whose columns can move: the others never enter, so their reduced costs need no care.
    live: Vec<Vec<(usize, f64)>>,
    /// By variable, as the next four.
    cost: Vec<f64>,
    bounds: Vec<(f64, f64)>,
    value: Vec<f64>,
    reduced: Vec<f64>,
    /// The place in the basis, or [`NONE`].
    place: Vec<usize>,
    /// By place in the basis, the variable there.
    head: Vec<usize>,
    /// Places whose variable is outside its bounds, while the dual runs.
    outside: Places,
    /// Variables that would lower the cost, while the primal runs.
    tempting: Places,
    factor: Factor,
    /// The basis as it was factored, for its memory.
    basis: Lists,
    stale: bool,
    multipliers: Vec<f64>,
    iterations: u64,
    work: u64,
    /// The work beyond which solves stop, if they do.
    most_work: Option<u64>,
    /// A row of the inverse, by row, and its products with the columns that are not in the basis.
    rho: Vector,
    alphas: Vec<(usize, f64)>,
    /// A column solved for, by place in the basis.
    solved: Vector,
    /// All zero between uses.
    right: Vector,
    dense: Vec<f64>,
    /// What could enter the basis in a step of the dual, for its memory.
    candidates: Vec<dual::Candidate>,
}

impl Simplex {
    /// A program with these columns, `(cost, lower, upper)`, and no row; every column starts at its bound nearest zero.
    pub(crate) fn new(columns: impl IntoIterator<Item = (f64, f64, f64)>) -> Self {
        let mut lp = Simplex::default();
        for (cost, lower, upper) in columns {
            lp.columns.push(Vec::new());
            lp.new_variable(cost, (lower, upper), NONE);
        }
        lp.dense.resize(lp.columns.len(), 0.0);
        lp.stale = true;
        lp
    }

    fn new_variable(&mut self, cost: f64, (lower, upper): (f64, f64), place: usize) {
        self.cost.push(cost);
        self.bounds.push((lower, upper));
        self.value.push(0.0_f64.clamp(lower, upper));
        self.reduced.push(0.0);
        self.place.push(place);
    }

    /// Adds a row; its activity joins the basis.
    pub(crate) fn add_row(&mut self, terms: &[(usize, f64)], low: f64, high: f64) -> usize {
        let row = self.rows.len();
        for &(column, a) in terms {
            self.columns[column].push((row, a));
        }
        self.live.push(terms.iter().filter(|t| self.is_movable(t.0)).copied().collect());
        self.rows.push(terms.to_vec());
        self.new_variable(0.0, (low, high), self.head.len());
        self.head.push(self.columns.len() + row);
        self.multipliers.push(0.0);
        self.stale = true;
        row
    }

    /// Takes rows away whose activities are in the basis, which stays as it is; the others move up. Tells which went.
    pub(crate) fn drop_rows(&mut self, gone: impl Fn(usize) -> bool) -> Vec<bool> {
        let columns = self.columns.len();
        let gone: Vec<bool> = (0..self.rows.len()).map(|row| self.place[columns + row] != NONE && gone(row)).collect();
        if !gone.contains(&true) {
            return gone;
        }
        let kept = || gone.iter().map(|gone| !gone);
        let mut number = Vec::with_capacity(gone.len());
        let mut next = 0;
        for stays in kept() {
            number.push(next);
            next += usize::from(stays);
        }
        let stays = |entry: &mut (usize, f64)| {
            let stays = !gone[entry.0];
            entry.0 = number[entry.0];
            stays
        };
        self.columns.iter_mut().for_each(|column| column.retain_mut(stays));
        retain(&mut self.rows, kept());
        retain(&mut self.live, kept());
        retain(&mut self.multipliers, kept());
        let variables = || std::iter::repeat_n(true, columns).chain(kept());
        retain(&mut self.cost, variables());
        retain(&mut self.bounds, variables());
        retain(&mut self.value, variables());
        retain(&mut self.reduced, variables());
        self.head.retain(|&variable| variable < columns || !gone[variable - columns]);
        for variable in self.head.iter_mut().filter(|v| **v >= columns) {
            *variable = columns + number[*variable - columns];
        }
        self.place = vec![NONE; self.cost.len()];
        self.head.iter().enumerate().for_each(|(place, &variable)| self.place[variable] = place);
        self.work += self.rows.iter().map(|row| row.len() as u64).sum::<u64>();
        self.stale = true;
        gone
    }

    fn is_movable(&self, variable: usize) -> bool {
        self.bounds[variable].0 < self.bounds[variable].1
    }

    pub(crate) fn set_cost(&mut self, column: usize, cost: f64) {
        self.cost[column] = cost;
    }

    /// Changes a column's bounds; a nonbasic column moves inside them.
    pub(crate) fn set_bounds(&mut self, column: usize, lower: f64, upper: f64) {
        let before = self.is_movable(column);
        self.bounds[column] = (lower, upper);
        match (before, lower < upper) {
            (false, true) => {
                for &(row, a) in &self.columns[column] {
                    self.live[row].push((column, a));
                }
            }
            (true, false) => {
                for &(row, _) in &self.columns[column] {
                    if let Some(at) = self.live[row].iter().position(|t| t.0 == column) {
                        self.live[row].swap_remove(at);
                    }
                }
            }
            _ => {}
        }
        if self.place[column] == NONE {
            self.value[column] = self.value[column].clamp(lower, upper);
        }
    }

    /// Changes a row's bounds.
    pub(crate) fn set_row(&mut self, row: usize, low: f64, high: f64) {
        let variable = self.columns.len() + row;
        self.bounds[variable] = (low, high);
        if self.place[variable] == NONE {
            self.value[variable] = self.value[variable].clamp(low, high);
        }
    }

    pub(crate) fn value(&self, column: usize) -> f64 {
        self.value[column]
    }

    pub(crate) fn bounds(&self, column: usize) -> (f64, f64) {
        self.bounds[column]
    }

    /// A row's terms.
    pub(crate) fn row(&self, row: usize) -> &[(usize, f64)] {
        &self.rows[row]
    }

    pub(crate) fn is_basic_column(&self, column: usize) -> bool {
        self.place[column] != NONE
    }

    /// Moves every column and row to zero, keeping the basis; a feasible point where every bound admits zero.
    pub(crate) fn rest(&mut self) {
        self.value.fill(0.0);
    }

    /// Like [`rest`](Self::rest), and back to the basis of row activities.
    pub(crate) fn restart(&mut self) {
        self.rest();
        let columns = self.columns.len();
        for place in 0..self.head.len() {
            self.place[self.head[place]] = NONE;
        }
        for row in 0..self.rows.len() {
            self.head[row] = columns + row;
            self.place[columns + row] = row;
        }
        self.work += self.factor.work;
        self.factor.begin(self.rows.len());
        self.make_room();
    }

    /// One multiplier a row: the optimal duals after `Optimal`, a Farkas combination after `Infeasible`.
    pub(crate) fn multipliers(&self) -> &[f64] {
        &self.multipliers
    }

    pub(crate) fn rows(&self) -> usize {
        self.rows.len()
    }

    /// Counts work that was done before.
    pub(crate) fn add_work(&mut self, work: u64) {
        self.work += work;
    }

    /// Lets solves look at so many entries more.
    pub(crate) fn allow(&mut self, work: u64) {
        self.most_work = Some(self.work().saturating_add(work));
    }

    fn is_spent(&self) -> bool {
        self.most_work.is_some_and(|most| self.work() > most)
    }

    /// Entries looked at so far.
    pub(crate) fn work(&self) -> u64 {
        self.work + self.factor.work
    }

    fn variables(&self) -> usize {
        self.columns.len() + self.rows.len()
    }

    /// Fits what is solved with to factors made anew.
    fn make_room(&mut self) {
        let size = self.rows.len();
        for vector in [&mut self.rho, &mut self.solved, &mut self.right] {
            vector.reset(size);
        }
        self.outside.clear();
        self.outside.resize(size);
        self.tempting.resize(self.variables());
        self.stale = false;
    }

    /// Factors the basis anew where it has to be, then values and reduced costs from scratch.
    fn refresh(&mut self) {
        if self.stale || self.is_worn() {
            self.factorise();
        }
        self.recompute();
    }

    fn is_worn(&mut self) -> bool {
        let besides = 8 * self.variables() as u64;
        self.factor.is_worn(besides)
    }

    fn recompute(&mut self) {
        self.work += 8 * self.variables() as u64;
        self.recompute_values();
        self.recompute_reduced_costs();
    }

    fn factorise(&mut self) {
        let columns = self.columns.len();
        let basis = &mut self.basis;
        basis.reset(0);
        for &variable in &self.head {
            match variable.checked_sub(columns) {
                Some(row) => basis.push((row, -1.0)),
                None => self.columns[variable].iter().for_each(|&e| basis.push(e)),
            }
            basis.end();
        }
        self.work += self.factor.work;
        for (position, row) in self.factor.renew(&self.basis) {
            let out = self.head[position];
            let (low, high) = self.bounds[out];
            self.place[out] = NONE;
            self.value[out] = self.value[out].clamp(low, high);
            self.head[position] = columns + row;
            self.place[columns + row] = position;
        }
        self.make_room();
    }

    fn recompute_values(&mut self) {
        let columns = self.columns.len();
        for (column, entries) in self.columns.iter().enumerate() {
            let value = self.value[column];
            if value != 0.0 && self.place[column] == NONE {
                for &(row, a) in entries {
                    self.right.add(row, -a * value);
                }
            }
        }
        for row in 0..self.rows.len() {
            let value = self.value[columns + row];
            if value != 0.0 && self.place[columns + row] == NONE {
                self.right.add(row, value);
            }
        }
        self.factor.ftran(&mut self.right, &mut self.solved);
        for &variable in &self.head {
            self.value[variable] = 0.0;
        }
        for (position, value) in self.solved.iter() {
            self.value[self.head[position]] = value;
        }
    }

    fn recompute_reduced_costs(&mut self) {
        let columns = self.columns.len();
        for (position, &variable) in self.head.iter().enumerate() {
            if self.cost[variable] != 0.0 {
                self.right.set(position, self.cost[variable]);
            }
        }
        self.factor.btran(&mut self.right, &mut self.rho);
        self.reduced.copy_from_slice(&self.cost);
        self.multipliers.fill(0.0);
        for (row, weight) in self.rho.iter() {
            self.multipliers[row] = weight;
            self.work += self.live[row].len() as u64;
            for &(column, a) in &self.live[row] {
                self.reduced[column] -= a * weight;
            }
            self.reduced[columns + row] += weight;
        }
        for &variable in &self.head {
            self.reduced[variable] = 0.0;
        }
    }

    /// Row `position` of `B⁻¹` in row space, and its product with every nonbasic column that it meets.
    fn pivot_row(&mut self, position: usize) {
        self.right.set(position, 1.0);
        self.factor.btran(&mut self.right, &mut self.rho);
        let columns = self.columns.len();
        self.alphas.clear();
        let mut touched = 0;
        for (row, weight) in self.rho.iter() {
            if weight.abs() < 1e-12 {
                continue;
            }
            touched += self.live[row].len() as u64;
            for &(column, a) in &self.live[row] {
                if self.place[column] == NONE {
                    let sum = &mut self.dense[column];
                    if *sum == 0.0 {
                        self.alphas.push((column, 0.0));
                    }
                    *sum += weight * a;
                }
            }
            if self.place[columns + row] == NONE {
                self.alphas.push((columns + row, -weight));
            }
        }
        self.work += touched + 2 * self.alphas.len() as u64;
        let dense = &mut self.dense;
        self.alphas.retain_mut(|(variable, alpha)| {
            if *variable < columns {
                *alpha = std::mem::replace(&mut dense[*variable], 0.0);
            }
            alpha.abs() > 1e-11
        });
    }

    /// Solves for a variable's column.
    fn solve_column(&mut self, variable: usize) {
        match variable.checked_sub(self.columns.len()) {
            Some(row) => self.right.set(row, -1.0),
            None => self.columns[variable].iter().for_each(|&(row, a)| self.right.add(row, a)),
        }
        self.factor.ftran(&mut self.right, &mut self.solved);
    }

    /// Puts `entering` in the basis at `position`; the variable there leaves at the given value.
    fn exchange(&mut self, position: usize, entering: usize, leaving_value: f64) {
        let leaving = self.head[position];
        self.value[leaving] = leaving_value;
        self.place[leaving] = NONE;
        self.place[entering] = position;
        self.head[position] = entering;
        let entries = self.factor.update(position, &self.solved);
        self.iterations += 1;
        self.work += 10 + entries;
    }
}

#[cfg(test)]
pub(super) mod tests;
