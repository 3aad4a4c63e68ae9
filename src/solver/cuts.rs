//! Inequalities that every good pattern satisfies, in whole numbers.
//!
//! A limit says `scale·reach ≤ Σ coefficient` over hidden cells; a need asks `reach ≥ amount`. So
//! `Σ coefficient·x ≥ scale·amount` for the pattern `x` (Fischetti and Salazar-González 2001). What is hidden for certain
//! moves to the right; no coefficient need exceed the right side; large numbers are rounded up to a common right side, which
//! weakens the cut and keeps it true.

use std::collections::BTreeMap;

use crate::extremes::{ENDLESS, Limit};
use crate::number::gcd;

/// Largest right side kept.
const FINE: i128 = 1 << 20;

/// `Σ coefficient·x ≥ right`, over variables of the master.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cut {
    pub(super) terms: Vec<(usize, i64)>,
    pub(super) right: i64,
}

#[expect(clippy::cast_precision_loss, reason = "a float guides, it proves nothing")]
pub(super) fn float(value: i128) -> f64 {
    value as f64
}

impl Cut {
    /// The cut that a limit of one side of a need gives; `variable` says which variable a cell is, `certain` which cells
    /// are hidden anyway. Nothing if the certain cells alone go far enough.
    pub(super) fn new(limit: &Limit, amount: i64, certain: &[bool], variable: &BTreeMap<usize, usize>) -> Option<Self> {
        let right = limit.scale.checked_mul(amount.into())?;
        Cut::build(&limit.terms, right, certain, variable)
    }

    /// The cut of a need that asks for a width, from the limits of its two sides.
    pub(super) fn of_width(
        sides: [&Limit; 2],
        width: i64,
        certain: &[bool],
        variable: &BTreeMap<usize, usize>,
    ) -> Option<Self> {
        let [a, b] = sides;
        let mut terms: BTreeMap<usize, i128> = BTreeMap::new();
        for (limit, factor) in [(a, b.scale), (b, a.scale)] {
            for &(cell, coefficient) in &limit.terms {
                let entry = terms.entry(cell).or_insert(0);
                *entry = if coefficient == ENDLESS || *entry == ENDLESS {
                    ENDLESS
                } else {
                    coefficient.checked_mul(factor).and_then(|c| c.checked_add(*entry)).unwrap_or(ENDLESS)
                };
            }
        }
        let right = a.scale.checked_mul(b.scale)?.checked_mul(width.into())?;
        Cut::build(&terms.into_iter().collect::<Vec<_>>(), right, certain, variable)
    }

    fn build(
        terms: &[(usize, i128)],
        right: i128,
        certain: &[bool],
        variable: &BTreeMap<usize, usize>,
    ) -> Option<Self> {
        let mut right = right;
        for &(_, coefficient) in terms.iter().filter(|t| certain[t.0]) {
            if coefficient == ENDLESS {
                return None;
            }
            right = right.checked_sub(coefficient)?;
        }
        if right <= 0 {
            return None;
        }
        let mut kept: Vec<(usize, i128)> = terms
            .iter()
            .filter(|t| !certain[t.0])
            .filter_map(|&(cell, coefficient)| Some((*variable.get(&cell)?, coefficient.min(right))))
            .collect();
        if right > FINE {
            kept.iter_mut().for_each(|t| t.1 = (t.1 * FINE + right - 1) / right);
            right = FINE;
        }
        let divisor = kept.iter().fold(right, |g, t| gcd(g, t.1)).max(1);
        let mut small = Vec::with_capacity(kept.len());
        for (variable, coefficient) in kept {
            small.push((variable, i64::try_from(coefficient / divisor).ok()?));
        }
        small.sort_unstable();
        Some(Cut { terms: small, right: i64::try_from(right / divisor).ok()? })
    }

    /// At least one of these is hidden.
    pub(super) fn one_of(variables: impl IntoIterator<Item = usize>) -> Self {
        let mut terms: Vec<(usize, i64)> = variables.into_iter().map(|v| (v, 1)).collect();
        terms.sort_unstable();
        Cut { terms, right: 1 }
    }

    /// Left over right: below 1 the point violates the cut.
    pub(super) fn share(&self, point: &[f64]) -> f64 {
        let left: f64 = self.terms.iter().map(|&(v, a)| float(a.into()) * point[v]).sum();
        if self.right <= 0 { left + 1.0 } else { left / float(self.right.into()) }
    }
}
