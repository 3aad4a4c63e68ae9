//! Counts that follow from others, and whether everything adds up.

use std::collections::{BTreeMap, VecDeque};

use super::{LARGEST, Work};
use crate::error::Problem;
use crate::table::Origin;

impl Work {
    /// Counts that a single relation determines are computed, bottom up.
    pub(super) fn compute(&mut self) {
        let open = |work: &Self, cell: usize| !work.known_count[cell];
        let mut users: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let mut unknown = vec![0_usize; self.relations.len()];
        for (row, missing) in unknown.iter_mut().enumerate() {
            for &(cell, _) in self.relations.row(row) {
                if open(self, cell) {
                    *missing += 1;
                    users.entry(cell).or_default().push(row);
                }
            }
        }
        let mut ready: VecDeque<usize> = (0..unknown.len()).filter(|&r| unknown[r] == 1).collect();
        while let Some(row) = ready.pop_front() {
            let Some(&(cell, coefficient)) = self.relations.row(row).iter().find(|t| open(self, t.0)) else { continue };
            if !self.computable[cell] {
                continue;
            }
            let rest: i128 = self
                .relations
                .row(row)
                .iter()
                .filter(|t| t.0 != cell)
                .map(|&(c, k)| i128::from(self.cells[c].count) * i128::from(k))
                .sum();
            let right = i128::from(self.relations.constants[row]) - rest;
            let value = right / i128::from(coefficient);
            let whole = value * i128::from(coefficient) == right;
            match i64::try_from(value).ok().filter(|v| v.abs() <= LARGEST) {
                Some(value) if whole && value >= 0 => self.cells[cell].count = value,
                Some(value) if whole => {
                    let (cell, count) = (self.name(cell), self.decimal(value));
                    self.problems.push(Problem::Negative { cell, count });
                }
                Some(value) => {
                    let (cell, count) = (self.name(cell), self.decimal(value));
                    self.problems.push(Problem::Fractional { cell, count });
                }
                None => {
                    let (cell, count) = (self.name(cell), self.wide(value));
                    self.problems.push(Problem::Overflow { cell, count });
                }
            }
            self.known_count[cell] = true;
            for &row in &users[&cell] {
                unknown[row] -= 1;
                if unknown[row] == 1 {
                    ready.push_back(row);
                }
            }
        }
        // A total that nobody can compute because a part is missing or wrong is no further problem.
        let missing = |work: &Self, computable: bool| -> Vec<Problem> {
            (0..work.cells.len())
                .filter(|&c| !work.known_count[c] && !work.faulty[c] && work.computable[c] == computable)
                .map(|c| Problem::Missing { cell: work.name(c) })
                .collect()
        };
        self.problems.extend(missing(self, false));
        if self.problems.is_empty() {
            self.problems.extend(missing(self, true));
        }
    }

    /// Every relation whose counts are known must hold, and every count be where all know it to be.
    pub(super) fn add_up(&mut self) {
        for row in 0..self.relations.len() {
            let terms = self.relations.row(row);
            if terms.iter().any(|t| !self.known_count[t.0]) {
                continue;
            }
            let value = |&(cell, k): &(usize, i64)| i128::from(self.cells[cell].count) * i128::from(k);
            let sum: i128 = terms.iter().map(value).sum();
            let constant = i128::from(self.relations.constants[row]);
            if sum == constant {
                continue;
            }
            // A sum of parts is judged at its total, a stated relation at its right side.
            let (given, computed) = match (&self.relations.origins[row], terms.first()) {
                (Origin::Sum { .. }, Some(total)) => (-value(total), sum - value(total)),
                _ => (constant, sum),
            };
            self.problems.push(Problem::NotAdditive {
                relation: self.relations.origins[row].describe(&self.blocks),
                given: self.wide(given),
                computed: self.wide(computed),
                difference: self.wide(given - computed),
            });
        }
        for cell in 0..self.cells.len() {
            let (c, (low, high)) = (&self.cells[cell], self.cells[cell].known);
            if low.is_some_and(|l| c.count < l) || high.is_some_and(|h| c.count > h) {
                self.problems.push(Problem::OutsideKnown {
                    cell: self.name(cell),
                    count: self.decimal(c.count),
                    lowest: low.map(|v| self.decimal(v)),
                    highest: high.map(|v| self.decimal(v)),
                });
            }
        }
    }
}
