//! A change of hidden counts that no reader can rule out.

use serde::{Deserialize, Serialize};

use super::{Outsider, UNBOUNDED};
use crate::table::CellId;

/// A sparse change `z` of hidden cells with `Σ coefficient·z = 0` on every relation: true counts plus `z` is a table that
/// the reader cannot rule out. Whole numbers over one denominator, in the table's unit.
///
/// A witness claims something; [`verify`](crate::verify::verify) adds it up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Witness {
    /// `(cell, change)`, by cell.
    pub(crate) terms: Vec<(usize, i64)>,
    pub(crate) denominator: i64,
}

impl Witness {
    /// A witness from changes of cells, in units over `denominator`.
    pub fn new(changes: impl IntoIterator<Item = (CellId, i64)>, denominator: i64) -> Self {
        let mut terms: Vec<(usize, i64)> = changes.into_iter().map(|(c, z)| (c.index(), z)).collect();
        terms.sort_unstable();
        Witness { terms, denominator }
    }

    /// The cells that change, and by how much times the denominator.
    pub fn changes(&self) -> impl Iterator<Item = (CellId, i64)> + '_ {
        self.terms.iter().map(|&(cell, change)| (CellId(cell), change))
    }

    /// What the changes are divided by; 1 where they are whole.
    pub fn denominator(&self) -> i64 {
        self.denominator
    }

    /// The same change without slacks, which follow from it.
    pub(crate) fn of_cells(mut self, cells: usize) -> Self {
        self.terms.retain(|t| t.0 < cells);
        self
    }

    /// The change of one cell, times the denominator.
    pub(crate) fn at(&self, cell: usize) -> i64 {
        self.terms.binary_search_by_key(&cell, |t| t.0).map_or(0, |i| self.terms[i].1)
    }

    /// The change the other way, if numbers carry it.
    pub(crate) fn turned(&self) -> Option<Self> {
        let turned = |&(cell, by): &(usize, i64)| Some((cell, by.checked_neg()?));
        let terms = self.terms.iter().map(turned).collect::<Option<_>>()?;
        Some(Witness { terms, denominator: self.denominator })
    }

    /// This change and so many times another, if numbers carry it. It keeps the relations that both keep.
    pub(crate) fn plus(&self, times: i64, other: &[(usize, i64)]) -> Option<Self> {
        let mut terms = Vec::with_capacity(self.terms.len() + other.len());
        let (mut a, mut b) = (self.terms.iter().peekable(), other.iter().peekable());
        loop {
            let (cell, change) = match (a.peek(), b.peek()) {
                (None, None) => return Some(Witness { terms, denominator: self.denominator }),
                (Some(&&(c, x)), Some(&&(d, y))) if c == d => {
                    a.next();
                    b.next();
                    (c, y.checked_mul(times)?.checked_add(x)?)
                }
                (Some(&&(c, x)), Some(&&(d, _))) if c < d => {
                    a.next();
                    (c, x)
                }
                (Some(&&(c, x)), None) => {
                    a.next();
                    (c, x)
                }
                (_, Some(&&(d, y))) => {
                    b.next();
                    (d, y.checked_mul(times)?)
                }
            };
            if change != 0 {
                terms.push((cell, change));
            }
        }
    }

    /// Whether the change keeps every relation and every room.
    pub(crate) fn holds(&self, outsider: &Outsider, hidden: &[bool]) -> bool {
        self.is_balanced(outsider) && self.fits(outsider, hidden)
    }

    /// Whether the change moves only hidden cells, each within its room.
    pub(crate) fn fits(&self, outsider: &Outsider, hidden: &[bool]) -> bool {
        self.terms.iter().all(|&(cell, change)| {
            let room = outsider.room(cell, change > 0);
            let far = i128::from(change.unsigned_abs());
            hidden[cell] && (room == UNBOUNDED || far <= i128::from(room) * i128::from(self.denominator))
        })
    }

    /// Whether the change keeps every relation.
    pub(crate) fn is_balanced(&self, outsider: &Outsider) -> bool {
        let mut sums = std::collections::BTreeMap::new();
        for &(cell, change) in &self.terms {
            for &(row, coefficient) in outsider.matrix.column(cell) {
                *sums.entry(row).or_insert(0_i128) += i128::from(coefficient) * i128::from(change);
            }
        }
        sums.values().all(|&s| s == 0)
    }
}
