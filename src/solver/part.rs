//! A part of the table as a problem of its own.

use std::collections::BTreeMap;

use super::Needs;
use super::state::State;
use crate::extremes::Need;
use crate::relations::{Matrix, Outsider, Witness};

/// What a search is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Scope {
    /// All of a table.
    Table,
    /// A part in which everything else stands still, so that it says nothing of the whole's least cost.
    Neighbourhood,
    /// A part whose changes are independent of all others. Presolve was done.
    Piece {
        /// What is hidden to begin with, by cell of the part.
        start: Vec<usize>,
        /// Whether that was improved.
        improved: bool,
    },
}

/// Some cells, relations among them, and needs of the whole.
pub(super) struct Part {
    /// By cell of the part, the cell it is.
    pub(super) cells: Vec<usize>,
    /// By need of the part, the need it is.
    pub(super) fallen: Vec<usize>,
    pub(super) outsider: Outsider,
    pub(super) needs: Needs,
}

impl Part {
    /// Of these cells of the whole, in order; with relations between cells of the part, the needs told by number, and what is
    /// hidden anyway, by cell of the whole.
    pub(super) fn new(
        state: &State<'_>,
        cells: Vec<usize>,
        rows: impl IntoIterator<Item = Vec<(usize, i64)>>,
        fallen: Vec<usize>,
        certain: impl Fn(usize) -> bool,
        scope: Scope,
    ) -> Self {
        let (outsider, needs) = (state.outsider, state.needs);
        let place: BTreeMap<usize, usize> = cells.iter().enumerate().map(|(at, &c)| (c, at)).collect();
        let part = Outsider {
            down: cells.iter().map(|&c| outsider.down[c]).collect(),
            up: cells.iter().map(|&c| outsider.up[c]).collect(),
            matrix: Matrix::new(cells.len(), rows),
            integral: outsider.integral,
            cells: cells.len(),
        };
        let certain: Vec<bool> = cells.iter().map(|&c| certain(c)).collect();
        let own = |&n: &usize| Need { cell: place[&needs.needs[n].cell], ..needs.needs[n] };
        let needs = Needs {
            needs: fallen.iter().map(own).collect(),
            open: certain.iter().map(|c| !c).collect(),
            certain,
            weights: cells.iter().map(|&c| needs.weights[c]).collect(),
            base_cost: 0,
            scope,
        };
        Part { cells, fallen, outsider: part, needs }
    }

    /// A witness of the part as one of the whole.
    pub(super) fn whole(&self, witness: Witness) -> Witness {
        let terms = witness.terms.into_iter().map(|(at, by)| (self.cells[at], by));
        Witness { terms: terms.collect(), denominator: witness.denominator }
    }

    /// By cell of the whole that the part may hide or show, whether this pattern of the part hides it.
    pub(super) fn choice(&self, hidden: &[bool]) -> Vec<(usize, bool)> {
        let free = self.cells.iter().zip(hidden).zip(&self.needs.certain).filter(|c| !c.1);
        free.map(|((&cell, &hidden), _)| (cell, hidden)).collect()
    }
}
