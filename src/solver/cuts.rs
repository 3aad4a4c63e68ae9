//! Inequalities that every good pattern satisfies, in whole numbers.
//!
//! A limit says `scale·reach ≤ Σ coefficient` over hidden cells; a need asks `reach ≥ amount`. So
//! `Σ coefficient·x ≥ scale·amount` for the pattern `x` (Fischetti and Salazar-González 2001). What is hidden for certain
//! moves to the right; no coefficient need exceed the right side; large numbers are rounded up to a common right side, which
//! weakens the cut and keeps it true.

use std::collections::BTreeSet;

use crate::extremes::{ENDLESS, Limit, common, whole};
use crate::number::gcd;
use crate::relations::{self, Side};

/// Largest right side kept.
const FINE: i128 = 1 << 20;
/// Variables, beside those that are hidden in full, that a cover leaves apart at most.
const COVERS: usize = 100;

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

/// Why a cut holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reason {
    /// As a proof tells it, and what it was divided by.
    Told { cut: relations::Cut, divisor: i64 },
    /// Half of the sum of these cuts, by number, less these cells so many times, rounded up; so often was a sum of sums
    /// taken.
    Half { cuts: Vec<usize>, less: Vec<(usize, i64)>, rank: u32 },
}

impl Reason {
    /// What the cut of the proof was divided by.
    pub(super) fn divisor(&self) -> i64 {
        if let Reason::Told { divisor, .. } = self { *divisor } else { 1 }
    }

    pub(super) fn rank(&self) -> u32 {
        if let Reason::Half { rank, .. } = self { *rank } else { 0 }
    }
}

impl From<relations::Cut> for Reason {
    fn from(cut: relations::Cut) -> Self {
        Reason::Told { cut, divisor: 1 }
    }
}

/// A cut, and why it holds; nothing where that is beyond what a proof carries.
pub(super) type Proved = (Cut, Option<Reason>);

/// How far a need asks its cell to go, and limits of that, by "upward": of one way, or of both where a width is asked.
pub(super) struct Asked<'l> {
    pub(super) cell: usize,
    pub(super) amount: i64,
    pub(super) sides: Vec<(bool, &'l Limit)>,
}

impl Asked<'_> {
    /// The cut over these variables; nothing if the certain cells alone go far enough.
    pub(super) fn cut(&self, certain: &[bool], variable: &[Option<usize>]) -> Option<Proved> {
        self.rest(|cell| certain[cell], variable, Vec::new())
    }

    /// The same, with the knapsack cover that a point violates most, if one says more there.
    pub(super) fn cuts(
        &self,
        certain: &[bool],
        variable: &[Option<usize>],
        cells: &[usize],
        point: &[f64],
    ) -> Vec<Proved> {
        let Some(plain) = self.cut(certain, variable) else { return Vec::new() };
        let apart: BTreeSet<usize> = plain.0.cover(point).into_iter().map(|v| cells[v]).collect();
        let cover = (!apart.is_empty()).then(|| {
            let taken = |cell: usize| certain[cell] || apart.contains(&cell);
            self.rest(taken, variable, apart.iter().copied().collect())
        });
        cover.flatten().into_iter().chain([plain]).collect()
    }

    /// What the cells that are not taken must give, even if all that are taken are hidden.
    fn rest(&self, taken: impl Fn(usize) -> bool, variable: &[Option<usize>], apart: Vec<usize>) -> Option<Proved> {
        // In the multiples that the proof has, whose multipliers have no common factor.
        let own = |limit: &Limit| limit.scale / common(&limit.rows);
        let scale = self.sides.iter().try_fold(1_i128, |all, side| all.checked_mul(own(side.1)))?;
        let mut terms: Vec<(usize, i128)> = Vec::new();
        for &(_, limit) in &self.sides {
            let (common, times) = (common(&limit.rows), scale / own(limit));
            let more = |a: i128| if a == ENDLESS { a } else { (a / common).checked_mul(times).unwrap_or(ENDLESS) };
            terms.extend(limit.terms.iter().map(|&(cell, a)| (cell, more(a))));
        }
        if self.sides.len() > 1 {
            terms.sort_unstable();
            terms.dedup_by(|next, kept| {
                let same = next.0 == kept.0;
                if same {
                    kept.1 = kept.1.checked_add(next.1).unwrap_or(ENDLESS);
                }
                same
            });
        }
        let right = scale.checked_mul(self.amount.into())?;
        let (cut, divisor) = Cut::build(&terms, right, taken, variable)?;
        Some((cut, self.why(apart).map(|cut| Reason::Told { cut, divisor })))
    }

    fn why(&self, apart: Vec<usize>) -> Option<relations::Cut> {
        let side = |&(upward, limit): &(bool, &Limit)| Some(Side { upward, sums: whole(&limit.rows)? });
        let sides = self.sides.iter().map(side).collect::<Option<_>>()?;
        Some(relations::Cut::Room { cell: self.cell, sides, apart })
    }
}

impl Cut {
    /// With what its numbers were divided by.
    fn build(
        terms: &[(usize, i128)],
        right: i128,
        taken: impl Fn(usize) -> bool,
        variable: &[Option<usize>],
    ) -> Option<(Self, i64)> {
        let mut right = right;
        for &(_, coefficient) in terms.iter().filter(|t| taken(t.0)) {
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
            .filter(|t| !taken(t.0))
            .filter_map(|&(cell, coefficient)| Some((variable[cell]?, coefficient.min(right))))
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
        let cut = Cut { terms: small, right: i64::try_from(right / divisor).ok()? };
        Some((cut, i64::try_from(divisor).ok()?))
    }

    /// At least one of these is hidden.
    pub(super) fn one_of(variables: impl IntoIterator<Item = usize>) -> Self {
        let mut terms: Vec<(usize, i64)> = variables.into_iter().map(|v| (v, 1)).collect();
        terms.sort_unstable();
        Cut { terms, right: 1 }
    }

    /// The variables to leave apart so that what the others must still give, each counted no further, is violated most
    /// (the knapsack covers of Carr, Fleischer, Leung and Phillips 2000): those with the largest parts, down to some part.
    /// None where the cut itself is violated more. Cost: the terms, and the positive ones times [`COVERS`].
    fn cover(&self, point: &[f64]) -> Vec<usize> {
        let positive = self.terms.iter().filter(|t| point[t.0] > 1e-6);
        let mut likely: Vec<(f64, i64, usize)> = positive.map(|&(v, a)| (point[v], a, v)).collect();
        likely.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)).then(a.2.cmp(&b.2)));
        let sure = likely.iter().take_while(|l| l.0 > 0.999).count();
        let (mut least, mut taken) = (self.share(point).min(0.999), 0);
        let mut right = self.right;
        for (at, one) in likely.iter().enumerate().take(sure + COVERS) {
            right -= one.1;
            if right <= 0 {
                break;
            }
            if at + 1 < sure {
                continue;
            }
            let left: f64 = likely[at + 1..].iter().map(|&(x, a, _)| x * float(a.min(right).into())).sum();
            let share = left / float(right.into());
            if share < least - 1e-6 {
                (least, taken) = (share, at + 1);
            }
        }
        likely.truncate(taken);
        likely.into_iter().map(|l| l.2).collect()
    }

    pub(super) fn left(&self, point: &[f64]) -> f64 {
        self.terms.iter().map(|&(v, a)| float(a.into()) * point[v]).sum()
    }

    /// Left over right: below 1 the point violates the cut.
    pub(super) fn share(&self, point: &[f64]) -> f64 {
        let left = self.left(point);
        if self.right <= 0 { left + 1.0 } else { left / float(self.right.into()) }
    }
}

#[cfg(test)]
#[expect(clippy::cast_possible_truncation, reason = "numbers below a hundred")]
mod tests {
    use super::*;
    use crate::lp::scatter;

    /// Random rows and points: whatever set of variables satisfies the row satisfies every cover, and where a cover is
    /// told, the point violates it more than the row.
    #[test]
    fn covers_hold_wherever_their_row_does() {
        let (count, mut told) = (8_usize, 0);
        for case in 0..400_u64 {
            let draw = |i: u64| scatter(case, i);
            let limit = Limit {
                scale: 1,
                terms: (0..count).map(|c| (c, (draw(c as u64) * 30.0) as i128 + 1)).collect(),
                rows: vec![(0, 1)],
            };
            let point: Vec<f64> = (0..count as u64).map(|v| (draw(100 + v) * 2.5).clamp(0.0, 1.0)).collect();
            let (cells, amount): (Vec<usize>, i64) = ((0..count).collect(), (draw(50) * 90.0) as i64 + 1);
            let variable: Vec<Option<usize>> = cells.iter().map(|&c| Some(c)).collect();
            let asked = Asked { cell: count, amount, sides: vec![(true, &limit)] };
            let found = asked.cuts(&vec![false; count], &variable, &cells, &point);
            let plain = &found.last().unwrap().0;
            for (cover, why) in &found[..found.len() - 1] {
                told += 1;
                assert!(
                    matches!(why, Some(Reason::Told { cut: relations::Cut::Room { apart, .. }, .. }) if !apart.is_empty())
                );
                assert!(cover.share(&point) < plain.share(&point));
                for set in 0..1_u32 << count {
                    let hidden: Vec<f64> = (0..count).map(|v| f64::from(set >> v & 1)).collect();
                    let given: i128 = limit.terms.iter().filter(|t| hidden[t.0] > 0.5).map(|t| t.1).sum();
                    assert!(given < amount.into() || cover.share(&hidden) >= 1.0, "{case}: {cover:?} {hidden:?}");
                }
            }
        }
        assert!(told > 40, "{told} covers");
    }
}
