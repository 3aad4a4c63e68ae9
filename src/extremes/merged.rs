//! Whole witnesses from a program that is first made small.
//!
//! Under a pattern, a relation with one hidden cell fixes it, and a relation with two ties them: they change together. Done
//! until nothing more follows, this leaves groups of cells and far fewer relations among them, some of which are equal. On
//! the four-way table of the benchmarks 890 hidden cells in 2016 relations become some 200 groups.
//!
//! Cost: the entries of the hidden cells' columns a pattern; then one small program a question, in whole numbers by branch
//! and bound. Only witnesses come from here. That there is none is for the whole program to prove.

use std::collections::{BTreeMap, BTreeSet};

use super::general::{STEPS, float};
use crate::lp::{Lp, Status, scatter};
use crate::number::{gcd, near_integer};
use crate::relations::{Outsider, UNBOUNDED, Witness};

/// Nodes visited for one question.
const NODES: usize = 60;
/// What a unit of change costs in cells that are not free.
const DEAR: f64 = 3.0;
const NONE: usize = usize::MAX;

/// Cells that change together.
#[derive(Debug, Clone)]
struct Group {
    /// Each with its sign: the cell's change is so many times the group's.
    cells: Vec<(usize, i64)>,
    down: i64,
    up: i64,
}

#[derive(Debug)]
pub(super) struct Merged {
    /// Cells that are moved rather than others.
    free: Vec<bool>,
    /// Whether the pattern changed since.
    stale: bool,
    groups: Vec<Group>,
    group_of: Vec<usize>,
    rows: Vec<Vec<(usize, i64)>>,
    /// By group, its change upward, then its change downward, from where the search starts.
    lp: Lp,
    start: Vec<i64>,
    farthest: i64,
}

impl Merged {
    pub(super) fn new(free: &[bool], most: i64) -> Self {
        Merged {
            free: free.to_vec(),
            stale: true,
            groups: Vec::new(),
            group_of: Vec::new(),
            rows: Vec::new(),
            lp: Lp::default(),
            start: Vec::new(),
            farthest: most.saturating_mul(1000).clamp(100_000, 10_000_000_000_000),
        }
    }

    pub(super) fn work(&self) -> u64 {
        self.lp.work()
    }

    pub(super) fn forget(&mut self) {
        self.stale = true;
    }

    fn build(&mut self, outsider: &Outsider, hidden: &[bool]) {
        let mut ties = Ties::new(outsider, hidden);
        ties.follow(outsider);
        self.group_of = vec![NONE; hidden.len()];
        self.groups.clear();
        for cell in 0..hidden.len() {
            if ties.root[cell].0 == cell {
                let mut group = Group { cells: Vec::new(), down: UNBOUNDED, up: UNBOUNDED };
                for &member in &ties.members[cell] {
                    let sign = ties.root[member].1;
                    group.cells.push((member, sign));
                    group.up = group.up.min(outsider.room(member, sign > 0));
                    group.down = group.down.min(outsider.room(member, sign < 0));
                    self.group_of[member] = self.groups.len();
                }
                self.groups.push(group);
            }
        }
        let mut rows: BTreeSet<Vec<(usize, i64)>> = BTreeSet::new();
        for row in 0..outsider.matrix.rows() {
            let mut terms: Vec<(usize, i64)> =
                ties.terms(outsider, row).into_iter().map(|(root, a)| (self.group_of[root], a)).collect();
            terms.sort_unstable();
            let Some(&(_, first)) = terms.first() else { continue };
            let divisor = terms.iter().fold(0, |g, t| gcd(g, t.1.unsigned_abs().into()));
            let divisor = i64::try_from(divisor).unwrap_or(1).max(1) * first.signum();
            terms.iter_mut().for_each(|t| t.1 /= divisor);
            rows.insert(terms);
        }
        self.rows = rows.into_iter().collect();
        let cost = |group: &Group, up: bool| -> f64 {
            let one = |&(cell, sign): &(usize, i64)| {
                let way = if (sign > 0) == up { 1 } else { 2 };
                let unit = if self.free[cell] { 1.0 } else { DEAR };
                unit + scatter(cell as u64, way)
            };
            group.cells.iter().map(one).sum()
        };
        let columns = self.groups.iter().flat_map(|g| [cost(g, true), cost(g, false)]).map(|cost| (cost, 0.0, 0.0));
        self.lp = self.lp.succeeded_by(Lp::new(columns));
        self.start = vec![0; self.groups.len()];
        for group in 0..self.groups.len() {
            self.bound(group, (i64::MIN, i64::MAX));
        }
        for row in &self.rows {
            let terms: Vec<(usize, f64)> =
                row.iter().flat_map(|&(g, a)| [(2 * g, float(a)), (2 * g + 1, -float(a))]).collect();
            self.lp.add_row(&terms, 0.0, 0.0);
        }
        self.stale = false;
    }

    /// Bounds a group's change, within its room.
    fn bound(&mut self, group: usize, (low, high): (i64, i64)) {
        let start = self.start[group];
        let low = low.max(-self.groups[group].down).max(-self.farthest) - start;
        let high = high.min(self.groups[group].up).min(self.farthest) - start;
        self.lp.set_bounds(2 * group, float(low.max(0)), float(high.max(low).max(0)));
        self.lp.set_bounds(2 * group + 1, float((-high).max(0)), float((-low).max(-high).max(0)));
    }

    fn change(&self, group: usize) -> f64 {
        float(self.start[group]) + self.lp.value(2 * group) - self.lp.value(2 * group + 1)
    }

    /// Looks for a whole change that takes the cell so far, near one that did with other cells hidden if one is known.
    pub(super) fn search(
        &mut self,
        outsider: &Outsider,
        hidden: &[bool],
        (cell, upward, amount): (usize, bool, i64),
        near: Option<&Witness>,
    ) -> Option<Witness> {
        if self.stale {
            self.build(outsider, hidden);
        }
        let asked = self.group_of[cell];
        if asked == NONE {
            return None;
        }
        let sign = self.groups[asked].cells.iter().find(|c| c.0 == cell)?.1;
        let range = if upward == (sign > 0) { (amount, i64::MAX) } else { (i64::MIN, -amount) };
        if range.0 > self.groups[asked].up || range.1 < -self.groups[asked].down {
            return None;
        }
        let mut touched = BTreeSet::from([asked]);
        if let Some(near) = near.filter(|w| w.denominator == 1) {
            for &(cell, change) in &near.terms {
                let group = self.group_of[cell];
                if group != NONE && self.start[group] == 0 {
                    let sign = self.groups[group].cells.iter().find(|c| c.0 == cell).map_or(1, |c| c.1);
                    self.start[group] = (sign * change).clamp(-self.groups[group].down, self.groups[group].up);
                    touched.insert(group);
                }
            }
        }
        self.balance(&touched);
        self.lp.restart();
        let answer = self.branch(&mut touched, asked, range);
        for &group in &touched {
            self.start[group] = 0;
        }
        for &group in &touched {
            self.bound(group, (i64::MIN, i64::MAX));
        }
        let witness = answer?;
        let gone = if upward { witness.at(cell) } else { -witness.at(cell) };
        (gone >= amount && witness.holds(outsider, hidden)).then_some(witness)
    }

    /// Lets each row make up for what the start leaves open in it.
    fn balance(&mut self, touched: &BTreeSet<usize>) {
        let started = touched.iter().any(|&g| self.start[g] != 0);
        for (number, row) in self.rows.iter().enumerate() {
            let sum: i64 = if started { row.iter().map(|&(g, a)| a.saturating_mul(self.start[g])).sum() } else { 0 };
            self.lp.set_row(number, -float(sum), -float(sum));
        }
    }

    fn branch(&mut self, touched: &mut BTreeSet<usize>, asked: usize, range: (i64, i64)) -> Option<Witness> {
        let mut open: Vec<BTreeMap<usize, (i64, i64)>> = vec![BTreeMap::from([(asked, range)])];
        for _ in 0..NODES {
            let bounds = open.pop()?;
            touched.extend(bounds.keys());
            for &group in touched.iter() {
                self.bound(group, bounds.get(&group).copied().unwrap_or((i64::MIN, i64::MAX)));
            }
            match self.lp.dual(STEPS) {
                Status::Optimal => {}
                Status::Stopped => return None,
                _ => continue,
            }
            let split = (0..self.groups.len())
                .map(|g| (g, self.change(g)))
                .filter(|v| (v.1 - v.1.round()).abs() > 1e-6)
                .max_by(|a, b| {
                    let half = |v: f64| 0.5 - ((v - v.floor()) - 0.5).abs();
                    half(a.1).total_cmp(&half(b.1)).then(b.0.cmp(&a.0))
                });
            let Some((group, value)) = split else { return self.witness() };
            let floor = near_integer(value.floor())?;
            let part = |low: i64, high: i64| {
                let mut next = bounds.clone();
                let entry = next.entry(group).or_insert((i64::MIN, i64::MAX));
                *entry = (entry.0.max(low), entry.1.min(high));
                next
            };
            let (lower, higher) = (part(i64::MIN, floor), part(floor + 1, i64::MAX));
            // The side nearer to zero is tried last: changes that go on tend to close their loops.
            open.extend(if value > 0.0 { [lower, higher] } else { [higher, lower] });
        }
        None
    }

    fn witness(&self) -> Option<Witness> {
        let mut terms = Vec::new();
        for (number, group) in self.groups.iter().enumerate() {
            let change = near_integer(self.change(number))?;
            if change != 0 {
                terms.extend(group.cells.iter().map(|&(cell, sign)| (cell, sign * change)));
            }
        }
        terms.sort_unstable();
        Some(Witness { terms, denominator: 1 })
    }
}

/// Which cells follow from which.
struct Ties<'a> {
    hidden: &'a [bool],
    /// The cell that stands for a cell's group, with the sign; `NONE` where the cell cannot change.
    root: Vec<(usize, i64)>,
    members: Vec<Vec<usize>>,
}

impl<'a> Ties<'a> {
    fn new(outsider: &Outsider, hidden: &'a [bool]) -> Self {
        let moves = |c: usize| hidden[c] && (outsider.up[c] > 0 || outsider.down[c] > 0);
        Ties {
            hidden,
            root: (0..hidden.len()).map(|c| if moves(c) { (c, 1) } else { (NONE, 0) }).collect(),
            members: (0..hidden.len()).map(|c| if moves(c) { vec![c] } else { Vec::new() }).collect(),
        }
    }

    /// What a relation says of groups.
    fn terms(&self, outsider: &Outsider, row: usize) -> Vec<(usize, i64)> {
        let mut terms: Vec<(usize, i64)> = Vec::new();
        for &(cell, a) in outsider.matrix.row(row).iter().filter(|t| self.hidden[t.0]) {
            let (root, sign) = self.root[cell];
            if root == NONE {
                continue;
            }
            match terms.iter_mut().find(|t| t.0 == root) {
                Some(term) => term.1 += a * sign,
                None => terms.push((root, a * sign)),
            }
        }
        terms.retain(|t| t.1 != 0);
        terms
    }

    fn follow(&mut self, outsider: &Outsider) {
        let mut waiting: BTreeSet<usize> = (0..outsider.matrix.rows()).collect();
        while let Some(row) = waiting.pop_first() {
            let again = match *self.terms(outsider, row).as_slice() {
                [(root, _)] => {
                    let cells = std::mem::take(&mut self.members[root]);
                    cells.iter().for_each(|&c| self.root[c] = (NONE, 0));
                    cells
                }
                [(a, x), (b, y)] if x.abs() == y.abs() => {
                    let (kept, gone) = if self.members[a].len() >= self.members[b].len() { (a, b) } else { (b, a) };
                    let cells = std::mem::take(&mut self.members[gone]);
                    let sign = if x == y { -1 } else { 1 };
                    cells.iter().for_each(|&c| self.root[c] = (kept, self.root[c].1 * sign));
                    self.members[kept].extend(&cells);
                    cells
                }
                _ => continue,
            };
            waiting.extend(again.iter().flat_map(|&c| outsider.matrix.column(c)).map(|t| t.0));
        }
    }
}
