//! Sparse witnesses where relations are not a network, in whole numbers where the reader knows that figures are whole.
//!
//! The program minimises a cost of every unit of change, each cell's a little different, so that its vertices are sparse,
//! their fractions small and mostly whole already; for whole numbers it then branches on what is fractional (Land and
//! Doig 1960). A node is closed only when integers confirm it.

use std::collections::{BTreeMap, BTreeSet};

use super::general::{STEPS, exact_change, float};
use super::{Case, ENDLESS, Reach};
use crate::lp::{Lp, Status, scatter};
use crate::number;
use crate::relations::{Outsider, UNBOUNDED, Witness};

/// Nodes visited for one question.
const NODES: usize = 200;
/// Multipliers are rounded to multiples of one over these: those of additive tables are small fractions.
const SCALES: [i32; 5] = [1, 2, 12, 2520, 1 << 20];

/// Bounds of one cell's change at a node.
type Bounds = (usize, i64, i64);

#[derive(Default)]
struct Node {
    path: Vec<(usize, bool, i64)>,
    bounds: Vec<Bounds>,
}

struct Program<'a> {
    outsider: &'a Outsider,
    hidden: &'a [bool],
    /// The cell, the direction and how far.
    question: (usize, bool, i64),
    lp: Lp,
    cells: Vec<usize>,
    column: BTreeMap<usize, usize>,
    rows: Vec<usize>,
    farthest: i64,
}

/// Nodes visited for one question about a neighbourhood.
const NEAR_NODES: usize = 12;
/// Hidden cells of a neighbourhood.
const NEAR: usize = 700;

/// Looks for a sparse change that takes the cell so far, in whole numbers where figures are.
pub(super) fn search(outsider: &Outsider, hidden: &[bool], cell: usize, upward: bool, amount: i64) -> (Reach, u64) {
    let cells = (0..hidden.len()).filter(|&c| hidden[c]).collect();
    let mut program = Program::new(outsider, hidden, cells, (cell, upward, amount));
    let answer = if outsider.integral { program.run(NODES) } else { program.fractions() };
    (answer, program.lp.work())
}

/// The same among the hidden cells nearest to the cell: a witness if there is one, and nothing said if not.
pub(super) fn search_near(
    outsider: &Outsider,
    hidden: &[bool],
    cell: usize,
    upward: bool,
    amount: i64,
) -> (Option<Witness>, u64) {
    let cells = nearest(outsider, hidden, cell);
    let mut program = Program::new(outsider, hidden, cells, (cell, upward, amount));
    let answer = if outsider.integral { program.run(NEAR_NODES) } else { program.fractions() };
    let found = if let Reach::Witness(witness) = answer { Some(witness) } else { None };
    (found, program.lp.work())
}

/// Hidden cells around a cell, ring after ring, in order.
fn nearest(outsider: &Outsider, hidden: &[bool], cell: usize) -> Vec<usize> {
    let mut seen = BTreeSet::from([cell]);
    let mut ring = vec![cell];
    while !ring.is_empty() && seen.len() < NEAR {
        let mut next = Vec::new();
        for &(row, _) in ring.iter().flat_map(|&c| outsider.matrix.column(c)) {
            for &(other, _) in outsider.matrix.row(row) {
                if hidden[other] && seen.len() < NEAR && seen.insert(other) {
                    next.push(other);
                }
            }
        }
        ring = next;
    }
    seen.into_iter().collect()
}

impl<'a> Program<'a> {
    fn new(outsider: &'a Outsider, hidden: &'a [bool], cells: Vec<usize>, question: (usize, bool, i64)) -> Self {
        let column: BTreeMap<usize, usize> = cells.iter().enumerate().map(|(i, &c)| (c, i)).collect();
        let costs = cells.iter().flat_map(|&c| [scatter(c as u64, 1), scatter(c as u64, 2)]);
        let mut lp = Lp::new(costs.map(|s| (1.0 + s, 0.0, 0.0)));
        let mut rows: Vec<usize> = cells.iter().flat_map(|&c| outsider.matrix.column(c)).map(|t| t.0).collect();
        rows.sort_unstable();
        rows.dedup();
        let mut terms = Vec::new();
        for &row in &rows {
            terms.clear();
            for (cell, a) in outsider.matrix.row(row) {
                if let Some(&i) = column.get(cell) {
                    terms.extend([(2 * i, float(*a)), (2 * i + 1, -float(*a))]);
                }
            }
            lp.add_row(&terms, 0.0, 0.0);
        }
        let farthest = question.2.saturating_mul(1000).clamp(100_000, 10_000_000_000_000);
        let mut program = Program { outsider, hidden, question, lp, cells, column, rows, farthest };
        for i in 0..program.cells.len() {
            program.set(i, i64::MIN, i64::MAX);
        }
        program
    }

    /// Bounds a cell's change, within its room and the question.
    fn set(&mut self, i: usize, low: i64, high: i64) {
        let (low, high) = self.room(self.cells[i], low, high);
        let (low, high) = (low.max(-self.farthest), high.min(self.farthest));
        self.lp.set_bounds(2 * i, float(low.max(0)), float(high.max(low).max(0)));
        self.lp.set_bounds(2 * i + 1, float((-high).max(0)), float((-low).max(-high).max(0)));
    }

    fn room(&self, cell: usize, low: i64, high: i64) -> (i64, i64) {
        let mut low = low.max(-self.outsider.down[cell]);
        let mut high = high.min(self.outsider.up[cell]);
        let (asked, upward, amount) = self.question;
        if cell == asked && upward {
            low = low.max(amount);
        } else if cell == asked {
            high = high.min(-amount);
        }
        (low, high)
    }

    fn change(&self, i: usize) -> f64 {
        self.lp.value(2 * i) - self.lp.value(2 * i + 1)
    }

    /// The program's vertex in exact fractions.
    fn fractions(&mut self) -> Reach {
        if self.lp.dual(STEPS) != Status::Optimal {
            return Reach::Unknown;
        }
        let basic = |i: usize| self.lp.is_basic_column(2 * i) || self.lp.is_basic_column(2 * i + 1);
        let point = self.cells.iter().enumerate().map(|(i, &c)| (c, self.change(i), basic(i)));
        match exact_change(self.outsider, point, self.question, usize::MAX) {
            Some(witness) if witness.holds(self.outsider, self.hidden) => Reach::Witness(witness),
            _ => Reach::Unknown,
        }
    }

    fn run(&mut self, most: usize) -> Reach {
        let mut open: Vec<Node> = vec![Node::default()];
        let mut applied: Vec<usize> = Vec::new();
        let mut all_closed = true;
        let mut cases = Vec::new();
        for _ in 0..most {
            let Some(Node { path, bounds }) = open.pop() else {
                return if all_closed { Reach::NotWhole(cases) } else { Reach::Unknown };
            };
            for i in applied.drain(..) {
                self.set(i, i64::MIN, i64::MAX);
            }
            for &(cell, low, high) in &bounds {
                let i = self.column[&cell];
                self.set(i, low, high);
                applied.push(i);
            }
            let status = self.lp.dual(STEPS);
            if status != Status::Optimal {
                match self.closing(&bounds).filter(|_| status == Status::Infeasible) {
                    Some(rows) => cases.push(Case { path, rows }),
                    None => all_closed = false,
                }
                continue;
            }
            let split = (0..self.cells.len())
                .map(|i| (i, self.change(i)))
                .filter(|v| (v.1 - v.1.round()).abs() > 1e-6)
                .max_by(|a, b| {
                    let half = |v: f64| 0.5 - ((v - v.floor()) - 0.5).abs();
                    half(a.1).total_cmp(&half(b.1)).then(b.0.cmp(&a.0))
                });
            let Some((i, value)) = split else {
                match self.witness() {
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
            let cell = self.cells[i];
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

    fn witness(&self) -> Option<Witness> {
        let (cell, upward, amount) = self.question;
        let mut terms = Vec::new();
        for (i, &other) in self.cells.iter().enumerate() {
            let change = number::near_integer(self.change(i))?;
            if change != 0 {
                terms.push((other, change));
            }
        }
        let witness = Witness { terms, denominator: 1 };
        let far = if upward { witness.at(cell) } else { -witness.at(cell) };
        (far >= amount && witness.holds(self.outsider, self.hidden)).then_some(witness)
    }

    /// Multipliers with which integers confirm that a node holds no change: a combination of relations whose largest
    /// value over the node's rooms is below zero, which it would have to be. None are needed where a room is empty.
    fn closing(&self, bounds: &[Bounds]) -> Option<Vec<(usize, i128)>> {
        let node = |c: usize| bounds.iter().find(|b| b.0 == c).map_or((i64::MIN, i64::MAX), |b| (b.1, b.2));
        if bounds.iter().any(|&(c, low, high)| {
            let (low, high) = self.room(c, low, high);
            low > high
        }) {
            return Some(Vec::new());
        }
        let rounded = SCALES.into_iter().map(|scale| number::scaled(self.lp.multipliers(), scale));
        rounded.chain([number::fractions(self.lp.multipliers())]).flatten().find_map(|multipliers| {
            let used = self.rows.iter().copied().zip(multipliers).filter(|m| m.1 != 0);
            let used: Vec<(usize, i128)> = used.collect();
            let mut sums: BTreeMap<usize, i128> = BTreeMap::new();
            for &(row, weight) in &used {
                for &(other, coefficient) in self.outsider.matrix.row(row) {
                    let sum = sums.entry(other).or_insert(0);
                    *sum = weight.checked_mul(i128::from(coefficient)).and_then(|w| sum.checked_add(w))?;
                }
            }
            let mut most: i128 = 0;
            for (other, sum) in sums.into_iter().filter(|s| s.1 != 0 && self.hidden[s.0]) {
                let (low, high) = node(other);
                let (low, high) = self.room(other, low, high);
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
