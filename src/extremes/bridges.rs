//! Bridges outside networks: sums in which a cell is hidden in larger part than all others together.
//!
//! A cell that is worth hiding moves in some change, and then another cell of every sum that it is in moves too. At a
//! fractional point that is asked as a program over [`Pushed`] groups in which each cell moves as far as it is hidden: where a
//! cell cannot go so far itself, the multipliers are a sum whose other cells are hidden too little, if they count alike
//! (Fischetti and Salazar-González 1999, for networks). Single sums are looked at first.
//!
//! Cost: as [`Parts`](super::parts::Parts), a question for each cell that is hidden in part.

use std::collections::BTreeMap;

use super::Bridge;
use super::pushed::{Kept, Pushed};
use crate::lp::Engine;
use crate::relations::Outsider;

/// A cell's part may exceed those of the others by so little.
pub(crate) const SLACK: f64 = 0.02;
/// Changes kept by cell.
const KEPT: usize = 4;

#[derive(Debug)]
pub(super) struct Bridges {
    program: Pushed,
    /// By cell, changes that moved it as far as it was hidden, by units of its own.
    reached: Kept<usize>,
}

impl Bridges {
    pub(super) fn new(engine: Engine) -> Self {
        Bridges { program: Pushed::new(engine), reached: Kept::new(KEPT) }
    }

    pub(super) fn work(&self) -> u64 {
        self.program.work()
    }

    /// Goes to a point: every cell moves as far as it is hidden.
    pub(super) fn begin(&mut self, outsider: &Outsider, parts: &[f64]) {
        self.program.begin(outsider, |c, _| if outsider.is_movable(c) { parts[c] } else { 0.0 });
    }

    /// Cells of a sum that this cell is in, hidden in smaller part than it all together.
    pub(super) fn at(&mut self, outsider: &Outsider, parts: &[f64], cell: usize) -> Option<Bridge> {
        let asked = parts[cell];
        let fits = |by: f64, c: usize| by.abs() * (asked - SLACK) <= parts[c];
        if self.reached.answers(&cell, |change| change.iter().all(|&(c, by)| fits(by, c))) {
            return None;
        }
        let (group, sign) = self.program.groups.of(cell)?;
        let gone = self.program.push(group, sign > 0, asked)?;
        if gone >= asked - SLACK {
            let change = self.program.change().into_iter().map(|(c, by)| (c, by / gone));
            self.reached.keep(cell, change.collect());
            return None;
        }
        let bounds = BTreeMap::from([self.program.groups.at_least(cell, true, asked)?]);
        let multipliers = self.program.lp.multipliers();
        let mut sums = self.program.groups.refutations(outsider, (cell, true, 0), &bounds, multipliers);
        sums.find_map(|rows| {
            let sum = outsider.matrix.combined(&rows)?;
            let cells: Vec<usize> = sum.iter().map(|t| t.0).filter(|&c| c != cell && outsider.is_movable(c)).collect();
            let given: f64 = cells.iter().map(|&c| parts[c]).sum();
            (sum.binary_search_by_key(&cell, |t| t.0).is_ok() && given < asked - SLACK)
                .then_some(Bridge { cells, rows })
        })
    }
}
