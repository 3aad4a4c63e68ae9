//! Bounds in whole numbers, and their proof.

use std::collections::BTreeMap;

use super::{Node, Search};
use crate::number;
use crate::relations::{self, Bound, Leaf, Never, Weights};
use crate::solver::cuts::{Reason, float};

/// Multipliers are multiples of 2⁻³².
const FINE: i128 = 1 << 32;
/// Entries of all sums that a proof may keep. What is beyond is proved by the sum of a node above, which proves less.
const MOST_ENTRIES: usize = 2_000_000;

impl Search<'_, '_> {
    /// A first bound, by dual ascent over the single sums (Bilde and Krarup 1977): each is weighted as far as the costs of
    /// its cells still bear. Cost: the entries of the sums.
    pub(super) fn ascend(&mut self) -> Node {
        self.add_sums();
        let mut left: Vec<i128> = self.weights.iter().map(|&w| i128::from(w) * FINE).collect();
        let mut order: Vec<usize> = (0..self.pool.len()).collect();
        order.sort_by_key(|&n| (self.pool[n].terms.len(), n));
        let mut sum = Weights::new();
        for number in order {
            let terms = &self.pool[number].terms;
            let weight = terms.iter().map(|&(v, a)| left[v] / i128::from(a)).min().unwrap_or(0);
            let weight = weight - weight % self.divisor(number);
            if weight > 0 {
                terms.iter().for_each(|&(v, a)| left[v] -= weight * i128::from(a));
                sum.push((number, weight));
            }
        }
        sum.sort_unstable();
        let root = Node { bound: 0, fixed: Vec::new(), sum: 0 };
        let bound = self.exact_bound(&root, &sum).min(self.best);
        match self.keep(sum) {
            Some(sum) => Node { bound, sum, ..root },
            None => root,
        }
    }

    /// Keeps a sum for the proof, and gives its number; nothing where the proof is large enough.
    pub(super) fn keep(&mut self, sum: Weights) -> Option<usize> {
        let entries = self.entries + sum.len();
        (entries <= MOST_ENTRIES).then(|| {
            self.entries = entries;
            self.sums.push(sum);
            self.sums.len() - 1
        })
    }

    /// The number of a node's best sum, or of the one above it.
    pub(super) fn keep_or(&mut self, sum: Option<Weights>, node: &Node) -> usize {
        sum.and_then(|sum| self.keep(sum)).unwrap_or(node.sum)
    }

    /// Multipliers of the cuts as whole numbers over [`FINE`], none below zero.
    pub(super) fn whole_multipliers(&self) -> Weights {
        let multipliers = self.lp.multipliers();
        let mut whole = Vec::new();
        for (row, &number) in self.rows.iter().enumerate() {
            let scale = if self.pool[number].right > 0 { float(self.pool[number].right.into()) } else { 1.0 };
            let value = multipliers.get(row).copied().unwrap_or(0.0) / scale;
            if value > 0.0
                && let Some(multiplier) = number::fixed_point(value)
            {
                whole.push((number, multiplier - multiplier % self.divisor(number)));
            }
        }
        whole
    }

    /// A cut's multipliers are multiples of what it was divided by, so that they are whole for what is in the proof.
    fn divisor(&self, number: usize) -> i128 {
        self.whys[number].as_ref().map_or(1, |why| why.divisor().into())
    }

    /// `FINE·cost − Σ multiplier·coefficient` by variable, and `Σ multiplier·right`.
    pub(super) fn exact_reduced(&self, cost: bool, sum: &[(usize, i128)]) -> (Vec<i128>, i128) {
        let unit = if cost { FINE } else { 0 };
        let mut reduced: Vec<i128> = self.weights.iter().map(|&w| i128::from(w) * unit).collect();
        let mut base = 0;
        for &(number, multiplier) in sum {
            let cut = &self.pool[number];
            base += multiplier * i128::from(cut.right);
            for &(v, a) in &cut.terms {
                reduced[v] -= multiplier * i128::from(a);
            }
        }
        (reduced, base)
    }

    pub(super) fn ranges(&self, fixed: &[(usize, bool)]) -> Vec<(i128, i128)> {
        let mut ranges: Vec<(i128, i128)> = self.never.iter().map(|&n| (0, i128::from(!n))).collect();
        for &(v, value) in fixed {
            ranges[v] = (value.into(), value.into());
        }
        ranges
    }

    /// A bound that holds whatever the engine rounded: any multipliers not below zero give one.
    pub(super) fn exact_bound(&self, node: &Node, sum: &[(usize, i128)]) -> u64 {
        let bound = self.least(true, &node.fixed, sum);
        u64::try_from((bound + FINE - 1).div_euclid(FINE)).unwrap_or(0)
    }

    /// `FINE` times the least cost that a sum of cuts leaves; without cost, above zero where nothing satisfies it.
    pub(super) fn least(&self, cost: bool, fixed: &[(usize, bool)], sum: &[(usize, i128)]) -> i128 {
        let (reduced, base) = self.exact_reduced(cost, sum);
        base + rest(&reduced, &self.ranges(fixed))
    }

    /// The sum that no pattern of the node satisfies, if integers confirm it.
    pub(super) fn is_infeasible(&self, node: &Node) -> Option<Weights> {
        let sum = self.whole_multipliers();
        (self.least(false, &node.fixed, &sum) > 0).then_some(sum)
    }

    /// At the root: a variable whose hiding alone would lift the bound that a sum gives to the best cost is never hidden
    /// again.
    pub(super) fn fix_by_cost(&mut self, node: &Node, sum: usize) {
        let (reduced, base) = self.exact_reduced(true, &self.sums[sum]);
        let ranges = self.ranges(&node.fixed);
        let least = base + rest(&reduced, &ranges);
        let dear = |v: &usize| {
            let d = reduced[*v];
            d > 0 && ranges[*v] == (0, 1) && least + d > (i128::from(self.best) - 1) * FINE
        };
        let never: Vec<usize> = (0..reduced.len()).filter(dear).collect();
        if never.is_empty() {
            return;
        }
        for &v in &never {
            self.never[v] = true;
            self.lp.set_bounds(v, 0.0, 0.0);
        }
        self.fixings.push((never, sum));
    }

    /// A cut's number in the proof, once those that it is made of are told.
    fn told(&self, cut: usize, number: &mut BTreeMap<usize, usize>, told: &mut Vec<relations::Cut>) -> Option<usize> {
        if let Some(&at) = number.get(&cut) {
            return Some(at);
        }
        let own = match self.whys[cut].as_ref()? {
            Reason::Told { cut, .. } => cut.clone(),
            Reason::Half { cuts, less, .. } => {
                // The proof's cuts are multiples of these.
                let divisor = |n: usize| i64::try_from(self.divisor(n)).ok();
                let common = |all: i64, n: usize| {
                    let other = divisor(n)?;
                    all.checked_mul(other / i64::try_from(number::gcd(all.into(), other.into())).ok()?)
                };
                let all = cuts.iter().try_fold(1_i64, |all, &n| common(all, n))?;
                let one = |&n: &usize| Some((self.told(n, number, told)?, all / divisor(n)?));
                let sums = cuts.iter().map(one).collect::<Option<_>>()?;
                let less = less.iter().map(|&(cell, times)| Some((cell, times.checked_mul(all)?)));
                relations::Cut::Rounded { sums, less: less.collect::<Option<_>>()?, over: all.checked_mul(2)? }
            }
        };
        told.push(own);
        number.insert(cut, told.len() - 1);
        Some(told.len() - 1)
    }

    /// The proof of the bound, or of as much of it as the kept sums give.
    pub(super) fn proof(&mut self, bound: u64, dropped: Bound) -> Option<Bound> {
        let parts = std::mem::take(&mut self.parts_proved);
        let worth = |fixed: &[(usize, bool)], sum: usize| {
            let least = self.least(true, fixed, &self.sums[sum]);
            u64::try_from((least + FINE - 1).div_euclid(FINE)).unwrap_or(0)
        };
        let worths = self.leaves.iter().filter(|leaf| !leaf.2).map(|leaf| worth(&leaf.0, leaf.1));
        let claim = worths.min().unwrap_or(bound).min(bound);
        let mut number: BTreeMap<usize, usize> = BTreeMap::new();
        let mut cuts = Vec::new();
        let mut renumbered = |sum: usize| -> Option<Weights> {
            let one = |&(cut, weight): &(usize, i128)| {
                Some((self.told(cut, &mut number, &mut cuts)?, weight / self.divisor(cut)))
            };
            self.sums[sum].iter().map(one).collect()
        };
        let cell = |v: usize| self.cells[v];
        let mut never = Vec::new();
        for (cells, sum) in &self.fixings {
            never.push(Never { cells: cells.iter().map(|&v| cell(v)).collect(), sum: renumbered(*sum)? });
        }
        let together = parts.iter().map(|part| part.claim).sum::<u64>().min(bound);
        if together > claim {
            return Some(Bound { claim: together, cuts, never, parts, ..dropped });
        }
        let mut leaves = Vec::new();
        for (fixed, sum, empty) in &self.leaves {
            let fixed = fixed.iter().map(|&(v, hidden)| (cell(v), hidden)).collect();
            leaves.push(Leaf { fixed, sum: renumbered(*sum)?, empty: *empty });
        }
        Some(Bound { claim, cuts, never, leaves, ..dropped })
    }
}

/// What variables within their ranges leave at least, each at its reduced cost.
fn rest(reduced: &[i128], ranges: &[(i128, i128)]) -> i128 {
    reduced.iter().zip(ranges).map(|(d, (low, high))| d * if *d < 0 { high } else { low }).sum()
}
