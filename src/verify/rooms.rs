//! What a reader leaves open, and sums of what every reader can add up: all that a proof about cells is made of.

use std::collections::BTreeMap;

use crate::policy::{Policy, Zeros};
use crate::table::Table;

/// Whole multipliers of rows.
pub(super) type Sums = [(usize, i64)];

/// Variables are the table's cells, followed by one a fact; rows are its relations, followed by one a fact.
pub(super) struct Rooms<'t> {
    table: &'t Table,
    /// By variable, how far it may go down and up from the true counts, or no end.
    rooms: Vec<(Option<i128>, Option<i128>)>,
}

impl<'t> Rooms<'t> {
    pub(super) fn new(table: &'t Table, policy: &Policy) -> Self {
        let mut rooms: Vec<_> = table
            .cells
            .iter()
            .map(|cell| {
                if cell.structural {
                    return (Some(0), Some(0));
                }
                let positive = policy.treats_zeros() == Zeros::Publish && cell.displayed && cell.count > 0;
                let least = cell.known.0.unwrap_or(0).max(i64::from(positive));
                let count = i128::from(cell.count);
                (Some(count - i128::from(least)), cell.known.1.map(|most| i128::from(most) - count))
            })
            .collect();
        rooms.extend(table.facts.iter().map(|fact| fact.room(|c| table.cells[c].count)));
        Rooms { table, rooms }
    }

    pub(super) fn variables(&self) -> usize {
        self.rooms.len()
    }

    pub(super) fn rows(&self) -> usize {
        self.table.relations.len() + self.table.facts.len()
    }

    /// How far a variable may go one way; nothing where there is no end.
    pub(super) fn room(&self, variable: usize, upward: bool) -> Option<i128> {
        let (down, up) = self.rooms[variable];
        if upward { up } else { down }
    }

    /// `E = Σ multiplier·row`, by variable, without zeros; nothing for a row that does not exist or a sum beyond 128 bits.
    pub(super) fn combine(&self, sums: &Sums) -> Option<BTreeMap<usize, i128>> {
        let mut combined: BTreeMap<usize, i128> = BTreeMap::new();
        let mut add = |variable: usize, multiplier: i64, coefficient: i64| {
            let sum = combined.entry(variable).or_insert(0);
            *sum = i128::from(multiplier).checked_mul(coefficient.into()).and_then(|w| sum.checked_add(w))?;
            Some(())
        };
        for &(row, multiplier) in sums {
            let relations = self.table.relations.len();
            if row < relations {
                for &(cell, coefficient) in self.table.relations.row(row) {
                    add(cell, multiplier, coefficient)?;
                }
            } else {
                let fact = row - relations;
                for &(cell, coefficient) in &self.table.facts.get(fact)?.terms {
                    add(cell, multiplier, coefficient)?;
                }
                add(self.table.len() + fact, multiplier, -1)?;
            }
        }
        combined.retain(|_, sum| *sum != 0);
        Some(combined)
    }
}
