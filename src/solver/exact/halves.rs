//! Cuts that are rounded sums of others: halved, with coefficients and right side rounded up (Gomory 1958, Chvátal 1973).
//!
//! Hidden cells are whole, so a nonnegative sum of cuts stays true when its coefficients are rounded up, and then its right
//! side can be. Halves say most where fractional points stand at halves, as they do where primary cells protect each other
//! in odd rings (Caprara and Fischetti 1996). Two ways of seeking them, both modulo two. Rows that bind with two fractional
//! cells tie these together: the shortest ring through each cell whose right sides are odd together (as odd cycles of stable
//! sets: Grötschel, Lovász and Schrijver 1988). And fractional cells are eliminated from all rows that bind, from the row with
//! the fewest first, so that few are summed up (Koster, Zymolka and Kutschka 2009): where none is left and the right side is
//! odd, rounding gains a half. Sums of many rows hide nearly every cell a little, and only slow the program down.
//!
//! Guarantee: every cut found is summed up and rounded in whole numbers. Cost: the rows that bind, squared, times the
//! fractional cells, a word of 64 at a time.

use std::collections::{BTreeSet, VecDeque};

use super::Search;
use crate::relations::add_up;
use crate::solver::cuts::{Cut, Reason, float};

/// How often sums are summed up again.
const RANKS: u32 = 12;
/// Cuts added at once.
const MOST: usize = 40;
/// Rows summed up for one cut.
const SUMMED: u32 = 16;
/// Steps of the elimination, in words.
const STEPS: u64 = 100_000_000;
/// What is nearer to a whole number is one.
const WHOLE: f64 = 1e-6;

/// Some rows' sum modulo two.
struct Parity {
    /// Fractional cells with odd coefficients.
    odd: Vec<u64>,
    /// The rows summed up.
    rows: Vec<u64>,
    right: bool,
    slack: f64,
}

impl Parity {
    fn has(&self, column: usize) -> bool {
        self.odd[column / 64] >> (column % 64) & 1 == 1
    }

    fn add(&mut self, other: &Parity) {
        self.odd.iter_mut().zip(&other.odd).for_each(|(a, b)| *a ^= b);
        self.rows.iter_mut().zip(&other.rows).for_each(|(a, b)| *a ^= b);
        self.right ^= other.right;
        self.slack += other.slack;
    }

    /// How many rows are summed up, and how many fractional cells are left.
    fn count(&self) -> u32 {
        self.rows.iter().map(|w| w.count_ones()).sum()
    }

    fn left(&self) -> u32 {
        self.odd.iter().map(|w| w.count_ones()).sum()
    }

    /// The two fractional cells that are left, if there are two.
    fn ends(&self) -> Option<(usize, usize)> {
        let mut ends = (0..64 * self.odd.len()).filter(|&column| self.has(column));
        if self.left() == 2 { ends.next().zip(ends.next()) } else { None }
    }
}

/// The shortest rings of rows with two fractional cells, through each cell one, whose right sides are odd together. Twice the
/// cells are walked through: each with an even sum of right sides on the way, and with an odd one.
fn odd_rings(rows: &[Parity], columns: usize) -> BTreeSet<Vec<usize>> {
    let mut ties: Vec<Vec<(usize, usize)>> = vec![Vec::new(); columns];
    for (at, row) in rows.iter().enumerate() {
        if let Some((one, other)) = row.ends() {
            ties[one].push((other, at));
            ties[other].push((one, at));
        }
    }
    let mut rings = BTreeSet::new();
    for start in 0..columns {
        // By place, the place before and the row between.
        let mut from: Vec<Option<(usize, usize)>> = vec![None; 2 * columns];
        let mut open = VecDeque::from([2 * start]);
        while let Some(place) = open.pop_front().filter(|_| from[2 * start + 1].is_none()) {
            for &(other, row) in &ties[place / 2] {
                let next = 2 * other + usize::from((place % 2 == 1) != rows[row].right);
                if next != 2 * start && from[next].is_none() {
                    from[next] = Some((place, row));
                    open.push_back(next);
                }
            }
        }
        // A row that is passed twice is none.
        let (mut ring, mut place) = (BTreeSet::new(), 2 * start + 1);
        while let Some((before, row)) = from[place] {
            if !ring.insert(row) {
                ring.remove(&row);
            }
            place = before;
        }
        let slack: f64 = ring.iter().map(|&row| rows[row].slack).sum();
        if !ring.is_empty() && slack < 1.0 - WHOLE {
            rings.insert(ring.into_iter().collect());
        }
    }
    rings
}

impl Search<'_, '_> {
    /// Adds halves of sums of the program's rows that a point violates.
    pub(super) fn add_halves(&mut self, point: &[f64]) -> usize {
        let columns: Vec<usize> = (0..point.len()).filter(|&v| point[v] > WHOLE && point[v] < 1.0 - WHOLE).collect();
        let mut column_of = vec![None; point.len()];
        columns.iter().enumerate().for_each(|(at, &v)| column_of[v] = Some(at));
        let tight: Vec<usize> = self.rows.iter().copied().filter(|&n| self.binds(n, point)).collect();
        let words = (columns.len().div_ceil(64), tight.len().div_ceil(64));
        let step = (words.0 + words.1) as u64;
        if columns.is_empty() || (columns.len() * tight.len()) as u64 * step > STEPS {
            return 0;
        }
        let mut active: Vec<Parity> = Vec::with_capacity(tight.len());
        for (at, &number) in tight.iter().enumerate() {
            let cut = &self.pool[number];
            let slack = cut.left(point) - float(cut.right.into());
            let mut row = Parity {
                odd: vec![0; words.0],
                rows: vec![0; words.1],
                right: cut.right % 2 != 0,
                slack: slack.max(0.0),
            };
            row.rows[at / 64] |= 1 << (at % 64);
            for &(v, _) in cut.terms.iter().filter(|t| t.1 % 2 != 0) {
                match column_of[v] {
                    Some(column) => row.odd[column / 64] ^= 1 << (column % 64),
                    None => row.right ^= point[v] > 0.5,
                }
            }
            active.push(row);
        }
        let rings = odd_rings(&active, columns.len());
        self.state.work += (columns.len() * active.len()) as u64;
        let mut sums: Vec<Vec<usize>> = rings.into_iter().filter(|ring| ring.len() <= SUMMED as usize).collect();
        let mut order: Vec<usize> = (0..columns.len()).collect();
        let distance = |column: &usize| (point[columns[*column]] - 0.5).abs();
        order.sort_by(|a, b| distance(a).total_cmp(&distance(b)).then(a.cmp(b)));
        for column in order {
            let has = (0..active.len()).filter(|&row| active[row].has(column));
            let Some(pivot) = has.min_by_key(|&row| (active[row].left(), active[row].count(), row)) else { continue };
            let pivot = active.swap_remove(pivot);
            for row in active.iter_mut().filter(|row| row.has(column)) {
                row.add(&pivot);
                self.state.work += step;
            }
            active.retain(|row| row.slack < 1.0 - WHOLE);
        }
        for row in active.iter().filter(|row| row.left() <= 2 && row.count() <= SUMMED) {
            sums.push((0..tight.len()).filter(|at| row.rows[at / 64] >> (at % 64) & 1 == 1).collect());
        }
        let numbers = |sum: Vec<usize>| sum.into_iter().map(|at| tight[at]).collect::<Vec<_>>();
        let mut found: Vec<(Cut, Reason, f64)> =
            sums.into_iter().filter_map(|sum| self.half(&numbers(sum), point)).collect();
        found.sort_by(|a, b| a.2.total_cmp(&b.2));
        let mut added = 0;
        for (cut, why, _) in found {
            added += usize::from(added < MOST && self.add(cut, Some(why)));
        }
        added
    }

    /// Whether a cut leaves a point so little that half of it could be rounded away, and can be told in a proof.
    fn binds(&self, number: usize, point: &[f64]) -> bool {
        let cut = &self.pool[number];
        cut.left(point) - float(cut.right.into()) < 1.0 - WHOLE
            && self.whys[number].as_ref().is_some_and(|why| why.rank() < RANKS)
    }

    /// Half of the sum of these cuts, rounded, if a point violates it; with how far the point is from satisfying it, below
    /// nothing.
    fn half(&self, numbers: &[usize], point: &[f64]) -> Option<(Cut, Reason, f64)> {
        if numbers.len() < 2 {
            return None;
        }
        let all = numbers.iter().flat_map(|&n| &self.pool[n].terms);
        let mut terms: Vec<(usize, i128)> = all.map(|&(v, a)| (v, a.into())).collect();
        if !add_up(&mut terms) {
            return None;
        }
        let mut right: i128 = numbers.iter().map(|&n| i128::from(self.pool[n].right)).sum();
        // A cell that is nearly hidden is rounded down instead: it is hidden once at most.
        let mut less = Vec::new();
        for term in terms.iter_mut().filter(|t| t.1 % 2 != 0 && point[t.0] > 0.5) {
            term.1 -= 1;
            right -= 1;
            less.push((self.cells[term.0], 1));
        }
        let up = |a: i128| i64::try_from(a.div_euclid(2) + a.rem_euclid(2)).ok();
        let terms: Vec<(usize, i64)> = terms.into_iter().map(|(v, a)| Some((v, up(a)?))).collect::<Option<_>>()?;
        let cut = Cut { terms: terms.into_iter().filter(|t| t.1 != 0).collect(), right: up(right)? };
        // The program asks for something, or for nothing at least: not for less.
        let left = cut.left(point) - float(cut.right.into());
        if cut.right < 0 || left > -0.01 {
            return None;
        }
        let far = cut.terms.iter().map(|t| float(i128::from(t.1) * i128::from(t.1))).sum::<f64>().sqrt();
        let rank = numbers.iter().filter_map(|&n| self.whys[n].as_ref()).map(Reason::rank).max().unwrap_or(0);
        Some((cut, Reason::Half { cuts: numbers.to_vec(), less, rank: rank + 1 }, left / far))
    }
}
