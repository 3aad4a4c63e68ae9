//! The sums everyone can do, and what a reader knows beforehand: the outsider's polytope, modelled once.
//!
//! A reader of a release does not know the hidden counts, but knows that `count + change` stays within known bounds and
//! that every relation still holds: `Σ coefficient·change = 0` over the hidden cells of each. Everything that follows
//! (search, attack, verification) speaks of such changes.

mod bound;
mod needed;
mod printed;
mod witness;

pub use bound::{Bound, Cut, Leaf, Never, Side, Tie, Weights};
pub use needed::{Case, End, Needed, Why};
pub(crate) use printed::inequalities;
pub use witness::Witness;

use crate::policy::{Policy, Zeros};
use crate::table::{Percentage, Table};

/// "No bound" for a room of change.
pub(crate) const UNBOUNDED: i64 = i64::MAX;

/// Sparse integer rows and the same matrix by columns.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Matrix {
    row_starts: Vec<usize>,
    row_terms: Vec<(usize, i64)>,
    column_starts: Vec<usize>,
    column_terms: Vec<(usize, i64)>,
}

impl Matrix {
    pub(crate) fn new<R: IntoIterator<Item = (usize, i64)>>(columns: usize, rows: impl IntoIterator<Item = R>) -> Self {
        let mut matrix = Matrix { row_starts: vec![0], ..Matrix::default() };
        for row in rows {
            matrix.row_terms.extend(row);
            matrix.row_starts.push(matrix.row_terms.len());
        }
        let mut starts = vec![0; columns + 1];
        for &(column, _) in &matrix.row_terms {
            starts[column + 1] += 1;
        }
        for column in 0..columns {
            starts[column + 1] += starts[column];
        }
        let mut next = starts.clone();
        matrix.column_terms = vec![(0, 0); matrix.row_terms.len()];
        for row in 0..matrix.rows() {
            for &(column, coefficient) in &matrix.row_terms[matrix.row_starts[row]..matrix.row_starts[row + 1]] {
                matrix.column_terms[next[column]] = (row, coefficient);
                next[column] += 1;
            }
        }
        matrix.column_starts = starts;
        matrix
    }

    pub(crate) fn rows(&self) -> usize {
        self.row_starts.len() - 1
    }

    pub(crate) fn columns(&self) -> usize {
        self.column_starts.len() - 1
    }

    pub(crate) fn row(&self, row: usize) -> &[(usize, i64)] {
        &self.row_terms[self.row_starts[row]..self.row_starts[row + 1]]
    }

    pub(crate) fn column(&self, column: usize) -> &[(usize, i64)] {
        &self.column_terms[self.column_starts[column]..self.column_starts[column + 1]]
    }

    /// So many times each of these rows, added up, in the columns' order without zeros; nothing where that is beyond what is
    /// carried.
    pub(crate) fn combined(&self, rows: &[(usize, i128)]) -> Option<Vec<(usize, i128)>> {
        let mut sums: Vec<(usize, i128)> = Vec::with_capacity(rows.iter().map(|&(row, _)| self.row(row).len()).sum());
        for &(row, weight) in rows {
            for &(column, coefficient) in self.row(row) {
                sums.push((column, weight.checked_mul(i128::from(coefficient))?));
            }
        }
        add_up(&mut sums).then_some(sums)
    }
}

/// Adds what has the same key, in the keys' order, and drops what comes to nothing; false beyond 128 bits.
pub(crate) fn add_up(terms: &mut Vec<(usize, i128)>) -> bool {
    terms.sort_by_key(|t| t.0);
    let mut fits = true;
    terms.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 = kept.1.checked_add(next.1).unwrap_or_else(|| {
                fits = false;
                0
            });
        }
        same
    });
    terms.retain(|t| t.1 != 0);
    fits
}

/// What any holder of the release knows of the hidden counts, as room of change around the true ones.
///
/// After the table's cells stand *slacks*, one a fact: `Σ coefficient·cell − slack = 0`, so that a range of a sum is the
/// room of a cell that nobody displays and that costs nothing.
///
/// The true counts are in here: this is for the house, never for a reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outsider {
    /// How far each count may go down: `count − known lower bound`.
    pub(crate) down: Vec<i64>,
    /// How far each count may go up, or [`UNBOUNDED`].
    pub(crate) up: Vec<i64>,
    /// The relations. Structural zeros are left out: nobody doubts them.
    pub(crate) matrix: Matrix,
    /// Whether the reader knows that figures are whole numbers.
    pub(crate) integral: bool,
    /// How many of the columns are cells of the table; slacks come after.
    pub(crate) cells: usize,
}

impl Outsider {
    pub(crate) fn new(table: &Table, policy: &Policy) -> Self {
        Outsider::reading(table, policy, &[])
    }

    /// The same reader, who also sees these figures beside hidden counts, as they are printed.
    pub(crate) fn reading(table: &Table, policy: &Policy, printed: &[Percentage]) -> Self {
        let mut down = Vec::with_capacity(table.len());
        let mut up = Vec::with_capacity(table.len());
        for cell in &table.cells {
            // Where zeros are shown, a displayed cell that is hidden holds at least one person, and everybody knows it.
            let shown_if_zero = policy.treats_zeros() == Zeros::Publish && cell.displayed && cell.count > 0;
            let least = cell.known.0.unwrap_or(0).max(i64::from(shown_if_zero));
            if cell.structural {
                down.push(0);
                up.push(0);
            } else {
                down.push(cell.count - least);
                up.push(cell.known.1.map_or(UNBOUNDED, |most| most - cell.count));
            }
        }
        let free = |cell: usize| !table.cells[cell].structural;
        let mut slacks: Vec<Vec<(usize, i64)>> = Vec::new();
        let mut slack = |terms: Vec<(usize, i64)>, below: Option<i128>, above: Option<i128>| {
            let room = |end: Option<i128>| end.map_or(UNBOUNDED, |r| i64::try_from(r).unwrap_or(UNBOUNDED));
            let mut terms: Vec<(usize, i64)> = terms.into_iter().filter(|t| free(t.0)).collect();
            terms.push((down.len(), -1));
            down.push(room(below));
            up.push(room(above));
            slacks.push(terms);
        };
        for fact in &table.facts {
            let (below, above) = fact.room(|c| table.cells[c].count);
            slack(fact.terms.clone(), below, above);
        }
        for one in printed.iter().filter(|p| p.cell != p.base) {
            for row in inequalities(one.per, one.value).into_iter().flatten() {
                let (cell, base) = (one.cell.index(), one.base.index());
                let count = |c: usize| i128::from(table.cells[c].count);
                let sum = i128::from(row.cell) * count(cell) + i128::from(row.base) * count(base);
                slack(vec![(cell, row.cell), (base, row.base)], Some(sum), None);
            }
        }
        let rows = (0..table.relations.len()).map(|row| {
            let terms = table.relations.row(row).iter();
            terms.copied().filter(|&(cell, _)| free(cell)).collect::<Vec<_>>()
        });
        let matrix = Matrix::new(down.len(), rows.chain(slacks));
        Outsider { down, up, matrix, integral: table.decimals == 0, cells: table.len() }
    }

    pub(crate) fn len(&self) -> usize {
        self.down.len()
    }

    /// How far a count may go in one direction.
    pub(crate) fn room(&self, cell: usize, upward: bool) -> i64 {
        if upward { self.up[cell] } else { self.down[cell] }
    }

    /// Whether a count may change at all.
    pub(crate) fn is_movable(&self, cell: usize) -> bool {
        self.up[cell] > 0 || self.down[cell] > 0
    }

    /// Flags for the table's cells, followed by the same flag for every slack.
    pub(crate) fn with_slacks<T: Clone>(&self, mut flags: Vec<T>, slack: T) -> Vec<T> {
        flags.resize(self.len(), slack);
        flags
    }
}
