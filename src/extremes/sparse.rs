//! Sparse witnesses where relations are not a network, in whole numbers where the reader knows that figures are whole.
//!
//! The program minimises a cost of every unit of change, each cell's a little different, so that its vertices are sparse,
//! their fractions small and mostly whole already; for whole numbers it then branches on what is fractional (Land and
//! Doig 1960). A node is closed only when integers confirm it.

use std::collections::{BTreeMap, BTreeSet};

use super::general::{STEPS, exact_change, float};
use super::{Case, ENDLESS, Limit, Reach};
use crate::lp::{Lp, Status, scatter};
use crate::number;
use crate::relations::{Outsider, UNBOUNDED, Witness};

/// Nodes visited for one question.
const NODES: usize = 200;
/// What a unit of change costs in cells that are not free.
const DEAR: f64 = 3.0;
/// Multipliers are rounded to multiples of one over these: those of additive tables are small fractions.
const SCALES: [i32; 5] = [1, 2, 12, 2520, 1 << 20];

/// Bounds of one cell's change at a node.
type Bounds = (usize, i64, i64);

#[derive(Default)]
struct Node {
    path: Vec<(usize, bool, i64)>,
    bounds: Vec<Bounds>,
}

/// One program for all questions. Each starts at the basis of row activities, near which sparse changes are; or, where
/// a change is known that has to be mended, at that change, which the columns are then counted from.
#[derive(Debug)]
pub(super) struct Sparse {
    /// By cell, its change upward, then its change downward, from where the search starts.
    lp: Lp,
    start: BTreeMap<usize, i64>,
    /// No change is taken larger than this, so that every column is bounded; far beyond what is asked.
    farthest: i64,
}

/// A question with the pattern it is asked under.
#[derive(Clone, Copy)]
struct Question<'a> {
    outsider: &'a Outsider,
    hidden: &'a [bool],
    cell: usize,
    upward: bool,
    amount: i64,
}

impl Sparse {
    /// `free` cells are moved rather than others.
    pub(super) fn new(outsider: &Outsider, free: &[bool], most: i64) -> Self {
        let cost = |cell: usize, way: u64| if free[cell] { 1.0 } else { DEAR } + scatter(cell as u64, way);
        let mut lp = Lp::new((0..outsider.len()).flat_map(|c| [cost(c, 1), cost(c, 2)]).map(|cost| (cost, 0.0, 0.0)));
        let mut terms = Vec::new();
        for row in 0..outsider.matrix.rows() {
            terms.clear();
            for &(cell, a) in outsider.matrix.row(row) {
                terms.extend([(2 * cell, float(a)), (2 * cell + 1, -float(a))]);
            }
            lp.add_row(&terms, 0.0, 0.0);
        }
        Sparse { lp, start: BTreeMap::new(), farthest: most.saturating_mul(1000).clamp(100_000, 10_000_000_000_000) }
    }

    pub(super) fn work(&self) -> u64 {
        self.lp.work()
    }

    pub(super) fn set(&mut self, outsider: &Outsider, cell: usize, hidden: bool) {
        let room = |upward: bool| if hidden { outsider.room(cell, upward) } else { 0 };
        self.bound(cell, -room(false), room(true));
    }

    /// Bounds a cell's change.
    fn bound(&mut self, cell: usize, low: i64, high: i64) {
        let start = self.start.get(&cell).copied().unwrap_or(0);
        let (low, high) = (low.max(-self.farthest) - start, high.min(self.farthest) - start);
        self.lp.set_bounds(2 * cell, float(low.max(0)), float(high.max(low).max(0)));
        self.lp.set_bounds(2 * cell + 1, float((-high).max(0)), float((-low).max(-high).max(0)));
    }

    /// Rooms in part, down and up, for [`limit_in_part`](Self::limit_in_part).
    pub(super) fn set_part(&mut self, cell: usize, (down, up): (f64, f64)) {
        self.lp.set_bounds(2 * cell, 0.0, up);
        self.lp.set_bounds(2 * cell + 1, 0.0, down);
    }

    /// A limit that keeps the cell from going so far with rooms in part. Without one, whether it does go so far.
    pub(super) fn limit_in_part(
        &mut self,
        outsider: &Outsider,
        (cell, upward, amount): (usize, bool, i64),
        parts: &[f64],
        rooms: (f64, f64),
    ) -> Result<Limit, bool> {
        let asked = float(amount);
        let (way, other) = if upward { (2 * cell, 2 * cell + 1) } else { (2 * cell + 1, 2 * cell) };
        self.lp.set_bounds(way, asked, asked.max(if upward { rooms.1 } else { rooms.0 }));
        self.lp.set_bounds(other, 0.0, 0.0);
        self.lp.restart();
        let status = self.lp.dual(STEPS);
        self.set_part(cell, rooms);
        if status != Status::Infeasible {
            return Err(status == Status::Optimal);
        }
        let rounded = SCALES.into_iter().map(|scale| number::scaled(self.lp.multipliers(), scale));
        let mut limits = rounded
            .chain([number::fractions(self.lp.multipliers())])
            .flatten()
            .filter_map(|multipliers| Limit::from_multipliers(outsider, (cell, upward), &multipliers));
        limits.find(|limit| limit.in_part(parts, amount) < 0.999).ok_or(false)
    }

    fn change(&self, cell: usize) -> f64 {
        let start = self.start.get(&cell).map_or(0.0, |&s| float(s));
        start + self.lp.value(2 * cell) - self.lp.value(2 * cell + 1)
    }

    /// Looks for a sparse change that takes the cell so far, in whole numbers where figures are; near a change that does
    /// with other cells hidden, if one is known.
    pub(super) fn search(
        &mut self,
        outsider: &Outsider,
        hidden: &[bool],
        (cell, upward, amount): (usize, bool, i64),
        near: Option<&Witness>,
    ) -> Reach {
        let question = Question { outsider, hidden, cell, upward, amount };
        let mut touched = BTreeSet::from([cell]);
        if let Some(near) = near.filter(|w| w.denominator == 1) {
            self.start = near.terms.iter().copied().collect();
            touched.extend(self.start.keys());
        }
        self.lp.restart();
        let answer = self.branch(question, &mut touched, if outsider.integral { NODES } else { 1 });
        self.start.clear();
        for cell in touched {
            self.set(outsider, cell, hidden[cell]);
        }
        answer
    }

    fn solve(&mut self) -> Status {
        match self.lp.dual(STEPS) {
            Status::Stopped => {
                self.lp.restart();
                self.lp.dual(STEPS)
            }
            status => status,
        }
    }

    /// The program's vertex in exact fractions.
    fn fractions(&self, question: Question<'_>) -> Reach {
        let basic = |c: usize| self.lp.is_basic_column(2 * c) || self.lp.is_basic_column(2 * c + 1);
        let point = (0..question.hidden.len()).map(|c| (c, self.change(c), basic(c)));
        let asked = (question.cell, question.upward, question.amount);
        match exact_change(question.outsider, point, asked, usize::MAX) {
            Some(witness) if witness.holds(question.outsider, question.hidden) => Reach::Witness(witness),
            _ => Reach::Unknown,
        }
    }

    fn branch(&mut self, question: Question<'_>, touched: &mut BTreeSet<usize>, most: usize) -> Reach {
        let mut open: Vec<Node> = vec![Node::default()];
        let mut all_closed = true;
        let mut cases = Vec::new();
        for _ in 0..most {
            let Some(Node { path, bounds }) = open.pop() else {
                return if all_closed { Reach::NotWhole(cases) } else { Reach::Unknown };
            };
            let at = |c: usize| bounds.iter().find(|b| b.0 == c).map_or((i64::MIN, i64::MAX), |b| (b.1, b.2));
            touched.extend(bounds.iter().map(|b| b.0));
            for &cell in touched.iter() {
                let (low, high) = question.room(cell, at(cell));
                self.bound(cell, low, high);
            }
            let status = self.solve();
            if status != Status::Optimal {
                match self.closing(question, &bounds).filter(|_| status == Status::Infeasible) {
                    Some(rows) if path.is_empty() => return question.limit(rows),
                    Some(rows) => cases.push(Case { path, rows }),
                    None => all_closed = false,
                }
                continue;
            }
            if !question.outsider.integral {
                return self.fractions(question);
            }
            let split = (0..question.hidden.len())
                .filter(|&c| question.hidden[c])
                .map(|c| (c, self.change(c)))
                .filter(|v| (v.1 - v.1.round()).abs() > 1e-6)
                .max_by(|a, b| {
                    let half = |v: f64| 0.5 - ((v - v.floor()) - 0.5).abs();
                    half(a.1).total_cmp(&half(b.1)).then(b.0.cmp(&a.0))
                });
            let Some((cell, value)) = split else {
                match self.witness(question) {
                    Some(witness) => return Reach::Witness(witness),
                    None => {
                        all_closed = false;
                        continue;
                    }
                }
            };
            let Some(floor) = number::near_integer(value.floor()) else {
                all_closed = false;
                continue;
            };
            let part = |low: i64, high: i64| {
                let mut next = Node { path: path.clone(), bounds: bounds.clone() };
                match next.bounds.iter_mut().find(|b| b.0 == cell) {
                    Some(b) => (b.1, b.2) = (b.1.max(low), b.2.min(high)),
                    None => next.bounds.push((cell, low, high)),
                }
                next.path.push((cell, low == i64::MIN, floor));
                next
            };
            let (lower, higher) = (part(i64::MIN, floor), part(floor + 1, i64::MAX));
            // The side nearer to zero is tried last: changes that go on tend to close their loops.
            open.extend(if value > 0.0 { [lower, higher] } else { [higher, lower] });
        }
        Reach::Unknown
    }

    fn witness(&self, question: Question<'_>) -> Option<Witness> {
        let mut terms = Vec::new();
        for cell in (0..question.hidden.len()).filter(|&c| question.hidden[c]) {
            let change = number::near_integer(self.change(cell))?;
            if change != 0 {
                terms.push((cell, change));
            }
        }
        let witness = Witness { terms, denominator: 1 };
        let gone = witness.at(question.cell);
        let far = if question.upward { gone } else { -gone };
        (far >= question.amount && witness.holds(question.outsider, question.hidden)).then_some(witness)
    }

    /// Multipliers with which integers confirm that a node holds no change: a combination of relations whose largest
    /// value over the node's rooms is below zero, which it would have to be. None are needed where a room is empty.
    fn closing(&self, question: Question<'_>, bounds: &[Bounds]) -> Option<Vec<(usize, i128)>> {
        let node = |c: usize| bounds.iter().find(|b| b.0 == c).map_or((i64::MIN, i64::MAX), |b| (b.1, b.2));
        if bounds.iter().any(|&(c, low, high)| {
            let (low, high) = question.room(c, (low, high));
            low > high
        }) {
            return Some(Vec::new());
        }
        let rounded = SCALES.into_iter().map(|scale| number::scaled(self.lp.multipliers(), scale));
        rounded.chain([number::fractions(self.lp.multipliers())]).flatten().find_map(|multipliers| {
            let used: Vec<(usize, i128)> = multipliers.into_iter().enumerate().filter(|m| m.1 != 0).collect();
            let mut sums: BTreeMap<usize, i128> = BTreeMap::new();
            for &(row, weight) in &used {
                for &(other, coefficient) in question.outsider.matrix.row(row) {
                    let sum = sums.entry(other).or_insert(0);
                    *sum = weight.checked_mul(i128::from(coefficient)).and_then(|w| sum.checked_add(w))?;
                }
            }
            let mut most: i128 = 0;
            for (other, sum) in sums.into_iter().filter(|s| s.1 != 0 && question.hidden[s.0]) {
                let (low, high) = question.room(other, node(other));
                let end = match if sum > 0 { high } else { low } {
                    UNBOUNDED => ENDLESS,
                    end => i128::from(end),
                };
                most = sum.checked_mul(end).and_then(|m| most.checked_add(m))?;
            }
            (most < 0).then_some(used)
        })
    }
}

impl Question<'_> {
    /// How far a cell's change may go within these bounds, its room, and what is asked.
    fn room(&self, cell: usize, (low, high): (i64, i64)) -> (i64, i64) {
        if !self.hidden[cell] {
            return (0, 0);
        }
        let mut low = low.max(-self.outsider.down[cell]);
        let mut high = high.min(self.outsider.up[cell]);
        if cell == self.cell && self.upward {
            low = low.max(self.amount);
        } else if cell == self.cell {
            high = high.min(-self.amount);
        }
        (low, high)
    }

    /// The limit that these rows prove.
    fn limit(&self, rows: Vec<(usize, i128)>) -> Reach {
        let limit = Limit::from_rows(self.outsider, (self.cell, self.upward), rows);
        let short = |limit: &Limit| limit.most(|c| self.hidden[c]).is_some_and(|m| m < i128::from(self.amount));
        limit.filter(short).map_or(Reach::Unknown, Reach::Limit)
    }
}
