//! Sparse changes where relations are not a network, in whole numbers where the reader knows that figures are whole; or
//! sums of relations that show that there are none.
//!
//! The program is one over [`Groups`] of cells that change together. It minimises a cost of every unit of change, each
//! cell's a little different, so that its vertices are sparse, their fractions small and mostly whole already; for whole
//! numbers it then branches on what is fractional (Land and Doig 1960). A node is closed only when integers confirm it.
//!
//! Cost: the entries of the hidden cells' columns a pattern; then one small program a question and node.

use std::collections::{BTreeMap, BTreeSet};

use super::general::{STEPS, WORK, exact_change, float};
use super::groups::{Asked, Ends, Group, Groups, OPEN, tighter};
use super::{Case, Limit, Patience, Reach};
use crate::lp::{Engine, Lp, Status, scatter};
use crate::number;
use crate::relations::{Outsider, UNBOUNDED, Witness};

/// Nodes visited for one question; and for one that is asked at length.
const NODES: usize = 200;
const LONG: usize = 5000;
/// What a unit of change costs in cells that are not free.
const DEAR: f64 = 3.0;
/// What a unit costs, as a part of that, by which a change that is mended becomes smaller.
pub(super) const BACK: f64 = 0.1;

/// One program for all questions under a pattern. Each starts at the basis of row activities, near which sparse changes
/// are; or, where a change is known that has to be mended, at that change, which the columns are then counted from.
#[derive(Debug)]
pub(super) struct Sparse {
    /// Cells that are moved rather than others.
    free: Vec<bool>,
    /// No change is taken larger than this, so that every column is bounded; far beyond what is asked.
    farthest: i64,
    /// Whether the pattern changed since the program was built.
    stale: bool,
    groups: Groups,
    /// By group, its change upward, then its change downward, from where the search starts.
    lp: Lp,
    /// By column, what a unit of it costs where no change is mended.
    costs: Vec<f64>,
    start: Vec<i64>,
    nodes: usize,
    /// Entries looked at outside the program.
    built: u64,
}

/// A question with the pattern it is asked under.
#[derive(Clone, Copy)]
struct Question<'a> {
    outsider: &'a Outsider,
    hidden: &'a [bool],
    asked: Asked,
}

/// Ends of groups at a node, those of what is asked among them, and the path to it in changes of cells.
#[derive(Clone, Default)]
struct Node {
    path: Vec<(usize, bool, i64)>,
    bounds: BTreeMap<usize, Ends>,
}

/// What a unit of a group's change costs: each cell's a little different, so that few changes cost alike.
pub(super) fn unit(free: &[bool], group: &Group, up: bool) -> f64 {
    let one = |&(cell, sign): &(usize, i64)| {
        let way = if (sign > 0) == up { 1 } else { 2 };
        let unit = if free[cell] { 1.0 } else { DEAR };
        unit + scatter(cell as u64, way)
    };
    group.iter().map(one).sum()
}

impl Sparse {
    /// `free` cells are moved rather than others.
    pub(super) fn new(engine: Engine, free: &[bool], farthest: i64) -> Self {
        Sparse {
            free: free.to_vec(),
            farthest,
            stale: true,
            groups: Groups::default(),
            lp: Lp::new(engine, []),
            costs: Vec::new(),
            start: Vec::new(),
            nodes: NODES,
            built: 0,
        }
    }

    pub(super) fn work(&self) -> u64 {
        self.lp.work() + self.built
    }

    pub(super) fn set_patience(&mut self, patience: Patience) {
        self.nodes = if patience == Patience::Long { LONG } else { NODES };
    }

    /// The pattern changed.
    pub(super) fn forget(&mut self) {
        self.stale = true;
    }

    fn build(&mut self, outsider: &Outsider, hidden: &[bool]) {
        let far = self.farthest;
        self.groups = Groups::new(outsider, |c, up| if hidden[c] { float(outsider.room(c, up).min(far)) } else { 0.0 });
        let cost = |group: &Group, up: bool| unit(&self.free, group, up);
        self.costs = self.groups.groups.iter().flat_map(|g| [cost(g, true), cost(g, false)]).collect();
        self.lp.begin(self.costs.iter().map(|&cost| (cost, 0.0, 0.0)));
        self.start = vec![0; self.groups.groups.len()];
        for group in 0..self.start.len() {
            self.bound(group, OPEN);
        }
        for row in &self.groups.rows {
            let terms: Vec<(usize, f64)> =
                row.terms.iter().flat_map(|&(g, a)| [(2 * g, float(a)), (2 * g + 1, -float(a))]).collect();
            self.lp.add_row(&terms, 0.0, 0.0);
        }
        self.built += self.groups.entries();
        self.stale = false;
    }

    /// Bounds a group's change, within its own ends.
    fn bound(&mut self, group: usize, bounds: Ends) {
        let start = float(self.start[group]);
        let [(low, _), (high, _)] = tighter(self.groups.ends[group], bounds);
        let (low, high) = (low - start, high - start);
        self.lp.set_bounds(2 * group, low.max(0.0), high.max(low).max(0.0));
        self.lp.set_bounds(2 * group + 1, (-high).max(0.0), (-low).max(-high).max(0.0));
    }

    fn change(&self, group: usize) -> f64 {
        float(self.start[group]) + self.lp.value(2 * group) - self.lp.value(2 * group + 1)
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

    /// Looks for a sparse change that takes the cell so far, in whole numbers where figures are; near a change that does
    /// with other cells hidden, if one is known.
    pub(super) fn search(
        &mut self,
        outsider: &Outsider,
        hidden: &[bool],
        asked: Asked,
        near: Option<&Witness>,
    ) -> Reach {
        if self.stale {
            self.build(outsider, hidden);
        }
        let mut touched: BTreeSet<usize> = self.groups.of(asked.0).map(|of| of.0).into_iter().collect();
        for &(cell, change) in near.filter(|w| w.denominator == 1).iter().flat_map(|w| &w.terms) {
            if let Some((group, sign)) = self.groups.of(cell).filter(|of| self.start[of.0] == 0) {
                let [low, high] = self.groups.ends[group];
                let start = number::near_integer(float(sign * change).clamp(low.0, high.0));
                self.start[group] = start.unwrap_or(0);
                if self.start[group] != 0 {
                    let back = 2 * group + usize::from(self.start[group] > 0);
                    self.lp.set_cost(back, BACK * self.costs[back]);
                }
                touched.insert(group);
            }
        }
        self.balance(&touched);
        self.lp.restart();
        self.lp.allow(WORK);
        let answer = self.branch(Question { outsider, hidden, asked }, &mut touched);
        for &group in &touched {
            self.start[group] = 0;
            for column in [2 * group, 2 * group + 1] {
                self.lp.set_cost(column, self.costs[column]);
            }
            self.bound(group, OPEN);
        }
        answer
    }

    /// Lets each relation make up for what the start leaves open in it.
    fn balance(&mut self, touched: &BTreeSet<usize>) {
        let started = touched.iter().any(|&g| self.start[g] != 0);
        for (number, row) in self.groups.rows.iter().enumerate() {
            let one = |&(g, a): &(usize, i64)| a.saturating_mul(self.start[g]);
            let sum = if started { row.terms.iter().map(one).fold(0, i64::saturating_add) } else { 0 };
            self.lp.set_row(number, -float(sum), -float(sum));
        }
    }

    fn branch(&mut self, question: Question<'_>, touched: &mut BTreeSet<usize>) -> Reach {
        let (cell, upward, amount) = question.asked;
        let bounds = self.groups.at_least(cell, upward, float(amount)).into_iter().collect();
        let mut open = vec![Node { path: Vec::new(), bounds }];
        let mut all_closed = true;
        let mut cases = Vec::new();
        for _ in 0..if question.outsider.integral { self.nodes } else { 1 } {
            let Some(node) = open.pop() else {
                return if all_closed { Reach::NotWhole(cases) } else { Reach::Unknown };
            };
            touched.extend(node.bounds.keys());
            let status = if node.bounds.is_empty() || self.groups.contradict(&node.bounds) {
                Status::Infeasible
            } else {
                for &group in touched.iter() {
                    self.bound(group, node.bounds.get(&group).copied().unwrap_or(OPEN));
                }
                self.solve()
            };
            if status != Status::Optimal {
                match self.closing(question, &node).filter(|_| status == Status::Infeasible) {
                    Some(rows) if node.path.is_empty() => return question.limit(rows),
                    Some(rows) => cases.push(Case { path: node.path, rows }),
                    None => all_closed = false,
                }
                continue;
            }
            if !question.outsider.integral {
                return self.fractions(question);
            }
            let Some((group, value)) = self.split() else {
                match self.witness(question) {
                    Some(witness) => return Reach::Witness(witness),
                    None => all_closed = false,
                }
                continue;
            };
            let Some(floor) = number::near_integer(value.floor()) else {
                all_closed = false;
                continue;
            };
            let first = self.groups.groups[group][0].0;
            let part = |lower: bool| {
                let ends = if lower { [OPEN[0], (float(floor), first)] } else { [(float(floor + 1), first), OPEN[1]] };
                let mut part = node.clone();
                let entry = part.bounds.entry(group).or_insert(OPEN);
                *entry = tighter(*entry, ends);
                part.path.push((first, lower, floor));
                part
            };
            // The side nearer to zero is tried last: changes that go on tend to close their loops.
            open.extend(if value > 0.0 { [part(true), part(false)] } else { [part(false), part(true)] });
        }
        Reach::Unknown
    }

    /// The group whose change is farthest from whole, and its change.
    fn split(&self) -> Option<(usize, f64)> {
        let changes = (0..self.start.len()).map(|g| (g, self.change(g)));
        let half = |v: f64| 0.5 - ((v - v.floor()) - 0.5).abs();
        let split = changes.filter(|v| (v.1 - v.1.round()).abs() > 1e-6);
        split.max_by(|a, b| half(a.1).total_cmp(&half(b.1)).then(b.0.cmp(&a.0)))
    }

    /// The program's vertex in exact fractions.
    fn fractions(&self, question: Question<'_>) -> Reach {
        let is_basic = |group: usize| self.lp.is_basic_column(2 * group) || self.lp.is_basic_column(2 * group + 1);
        let point = self.groups.groups.iter().enumerate().flat_map(|(number, group)| {
            let (change, basic) = (self.change(number), is_basic(number));
            group.iter().map(move |&(cell, sign)| (cell, float(sign) * change, basic))
        });
        match exact_change(question.outsider, point, question.asked, usize::MAX) {
            Some(witness) if witness.holds(question.outsider, question.hidden) => Reach::Witness(witness),
            _ => Reach::Unknown,
        }
    }

    fn witness(&self, question: Question<'_>) -> Option<Witness> {
        let mut terms = Vec::new();
        for (number, group) in self.groups.groups.iter().enumerate() {
            let change = number::near_integer(self.change(number))?;
            if change != 0 {
                terms.extend(group.iter().map(|&(cell, sign)| (cell, sign * change)));
            }
        }
        terms.sort_unstable();
        let witness = Witness { terms, denominator: 1 };
        let (cell, upward, amount) = question.asked;
        let gone = if upward { witness.at(cell) } else { -witness.at(cell) };
        (gone >= amount && witness.holds(question.outsider, question.hidden)).then_some(witness)
    }

    /// A sum of relations with which integers confirm that a node holds no change: its largest value over the node's rooms
    /// is below zero, which it would have to be. It is empty where a cell's bounds alone contradict each other.
    fn closing(&self, question: Question<'_>, node: &Node) -> Option<Vec<(usize, i128)>> {
        let (outsider, multipliers) = (question.outsider, self.lp.multipliers());
        let mut sums = self.groups.refutations(outsider, question.asked, &node.bounds, multipliers);
        sums.find(|rows| question.refutes(&node.path, rows))
    }
}

impl Question<'_> {
    /// How far a cell's change may go within its room, what is asked, and the bounds of a path.
    fn room(&self, cell: usize, path: &[(usize, bool, i64)]) -> (i64, i64) {
        if !self.hidden[cell] {
            return (0, 0);
        }
        let (mut low, mut high) = (-self.outsider.down[cell], self.outsider.up[cell]);
        let (asked, upward, amount) = self.asked;
        if cell == asked && upward {
            low = low.max(amount);
        } else if cell == asked {
            high = high.min(-amount);
        }
        for &(_, lower, value) in path.iter().filter(|p| p.0 == cell) {
            if lower {
                high = high.min(value);
            } else {
                low = low.max(value + 1);
            }
        }
        (low, high)
    }

    /// Whether integers confirm that this sum of relations leaves no change on this path.
    fn refutes(&self, path: &[(usize, bool, i64)], rows: &[(usize, i128)]) -> bool {
        let is_empty = |cell: usize| {
            let (low, high) = self.room(cell, path);
            low > high
        };
        if rows.is_empty() {
            return is_empty(self.asked.0) || path.iter().any(|p| is_empty(p.0));
        }
        let most = || -> Option<i128> {
            let mut most: i128 = 0;
            for (cell, weight) in self.outsider.matrix.combined(rows)? {
                let (low, high) = self.room(cell, path);
                let end = if weight > 0 { high } else { low };
                if end == UNBOUNDED || end == -UNBOUNDED {
                    return None;
                }
                most = weight.checked_mul(end.into()).and_then(|m| most.checked_add(m))?;
            }
            Some(most)
        };
        most().is_some_and(|most| most < 0)
    }

    /// The limit that these rows prove.
    fn limit(&self, rows: Vec<(usize, i128)>) -> Reach {
        let (cell, upward, amount) = self.asked;
        let limit = Limit::from_rows(self.outsider, (cell, upward), rows);
        let short = |limit: &Limit| limit.most(|c| self.hidden[c]).is_some_and(|m| m < i128::from(amount));
        limit.filter(short).map_or(Reach::Unknown, Reach::Limit)
    }
}
