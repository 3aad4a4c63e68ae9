//! Why a cell cannot go further: multipliers of the relations, in exact integers.
//!
//! For any integers `Y` and any change `z` that keeps every relation, `Σ Yᵢ·(row i)·z = 0`. With `E = Σ Yᵢ·(row i)`, a
//! cell `p` and a direction `s = ±1`, that is `−s·E_p · (s·z_p) = Σ_{j≠p} Eⱼ·zⱼ`, and the right side is at most
//! `Σ |Eⱼ|·(room of j in the direction of Eⱼ)` over the hidden cells. It holds whatever engine suggested `Y`.

use crate::relations::{Outsider, UNBOUNDED};

/// A room without end, as a coefficient.
pub(crate) const ENDLESS: i128 = i128::MAX;

/// `scale · (how far the cell goes) ≤ Σ coefficient of every hidden cell`. The cell itself is not among the terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Limit {
    pub(crate) scale: i128,
    pub(crate) terms: Vec<(usize, i128)>,
    /// The multipliers that prove it, by row.
    pub(crate) rows: Vec<(usize, i128)>,
}

impl Limit {
    /// The limit that multipliers of the rows prove, if they prove one at all.
    pub(crate) fn from_multipliers(
        outsider: &Outsider,
        (cell, upward): (usize, bool),
        multipliers: &[i128],
    ) -> Option<Self> {
        let rows: Vec<(usize, i128)> = multipliers.iter().copied().enumerate().filter(|m| m.1 != 0).collect();
        Limit::from_rows(outsider, (cell, upward), rows)
    }

    /// The limit that a single sum is, for a cell in it.
    pub(crate) fn of_sum(outsider: &Outsider, (cell, upward): (usize, bool), (row, a): (usize, i64)) -> Option<Self> {
        let weight = if (a > 0) == upward { -1 } else { 1 };
        Limit::from_rows(outsider, (cell, upward), vec![(row, weight)])
    }

    /// The limit that a sum of rows is, if it is one.
    pub(crate) fn from_rows(
        outsider: &Outsider,
        (cell, upward): (usize, bool),
        rows: Vec<(usize, i128)>,
    ) -> Option<Self> {
        let sums = outsider.matrix.combined(&rows)?;
        let own = sums.binary_search_by_key(&cell, |s| s.0).map_or(0, |at| sums[at].1);
        let scale = if upward { -own } else { own };
        if scale <= 0 {
            return None;
        }
        let mut terms = Vec::with_capacity(sums.len());
        for (other, sum) in sums {
            let room = outsider.room(other, sum > 0);
            if other != cell && room != 0 {
                let coefficient = if room == UNBOUNDED { ENDLESS } else { sum.abs().checked_mul(i128::from(room))? };
                terms.push((other, coefficient));
            }
        }
        Some(Limit { scale, terms, rows })
    }

    /// How far the cell goes at most when these cells are hidden, or nothing if that is without end.
    pub(crate) fn most(&self, hidden: impl Fn(usize) -> bool) -> Option<i128> {
        let mut sum: i128 = 0;
        for &(cell, coefficient) in &self.terms {
            if hidden(cell) {
                if coefficient == ENDLESS {
                    return None;
                }
                sum = sum.checked_add(coefficient)?;
            }
        }
        Some(sum.div_euclid(self.scale))
    }

    /// How far the cell goes at most when each cell is hidden in part, as a share of `amount`, each coefficient counted
    /// no larger than what is asked. For choosing among limits only.
    #[expect(clippy::cast_precision_loss, reason = "a score, not a proof")]
    pub(crate) fn in_part(&self, parts: &[f64], amount: i64) -> f64 {
        let whole = (self.scale * i128::from(amount)) as f64;
        self.terms.iter().map(|&(c, a)| ((a as f64) / whole).min(1.0) * parts[c]).sum()
    }
}
