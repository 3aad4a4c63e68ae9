//! Cells that change together, and how sums over them are told in sums of relations.
//!
//! A relation in which one cell may change keeps it as it is; one in which two may ties them: they change together. Done
//! until nothing more follows, this leaves groups of cells and far fewer relations among them, many of them equal. On the
//! four-way table of the benchmarks 890 hidden cells in 2016 relations become some 500 groups in 610.
//!
//! What it must guarantee: a sum of relations among groups is told as a sum of the table's relations that weighs, in each
//! group, one cell ([`Groups::told`]). The steps that tied the cells are undone for that, last first, each by the relation that
//! tied them. Whoever uses such a sum adds it up again in integers.
//!
//! Cost: the entries of the changing cells' columns to build, the cells that were ties, times the logarithm of their number,
//! to tell a sum.

use std::collections::{BTreeMap, BTreeSet};

use crate::number::{self, gcd};
use crate::relations::Outsider;

const NONE: usize = usize::MAX;

/// Cells that change together, each with its sign: its change is so many times the group's. The first one's is 1.
pub(super) type Group = Vec<(usize, i64)>;

/// A relation among groups: relation `from` of the table says `times` what the terms say.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) terms: Vec<(usize, i64)>,
    from: usize,
    times: i64,
}

/// By this relation, these cells follow from others, or cannot change.
#[derive(Debug, Clone)]
struct Step {
    row: usize,
    cells: Vec<(usize, i64)>,
}

/// An end of a group's change, and the cell that sets it.
pub(super) type End = (f64, usize);

/// How far down and how far up.
pub(super) type Ends = [End; 2];

/// No end at all.
pub(super) const OPEN: Ends = [(f64::NEG_INFINITY, NONE), (f64::INFINITY, NONE)];

/// The tighter end of two, each way.
pub(super) fn tighter(a: Ends, b: Ends) -> Ends {
    [if b[0].0 > a[0].0 { b[0] } else { a[0] }, if b[1].0 < a[1].0 { b[1] } else { a[1] }]
}

fn is_empty([low, high]: Ends) -> bool {
    low.0 > high.0
}

/// What a question asks: a cell, whether upward, and how far.
pub(super) type Asked = (usize, bool, i64);

#[derive(Debug, Default)]
pub(super) struct Groups {
    pub(super) groups: Vec<Group>,
    pub(super) rows: Vec<Row>,
    /// By group, how far it may change.
    pub(super) ends: Vec<Ends>,
    /// By cell, its group and sign; [`NONE`] where it cannot change.
    of: Vec<(usize, i64)>,
    steps: Vec<Step>,
    entries: u64,
}

impl Groups {
    /// Groups of the cells that may change, each so far, upward or downward.
    pub(super) fn new(outsider: &Outsider, room: impl Fn(usize, bool) -> f64) -> Self {
        let mut ties = Ties::new(outsider, |c| room(c, true) > 0.0 || room(c, false) > 0.0);
        ties.follow();
        let mut groups: Vec<Group> = Vec::new();
        let mut of = vec![(NONE, 0); outsider.len()];
        for members in ties.members.iter_mut().filter(|m| !m.is_empty()) {
            members.sort_unstable();
            let unit = ties.root[members[0]].1;
            for &cell in members.iter() {
                of[cell] = (groups.len(), ties.root[cell].1 * unit);
            }
            groups.push(members.iter().map(|&c| (c, of[c].1)).collect());
        }
        let mut rows: BTreeMap<Vec<(usize, i64)>, (usize, i64)> = BTreeMap::new();
        let mut sums = Sums::new(groups.len());
        for row in 0..outsider.matrix.rows() {
            let grouped = outsider.matrix.row(row).iter().filter(|t| of[t.0].0 != NONE);
            let mut terms = sums.of(grouped.map(|&(c, a)| (of[c].0, a * of[c].1)));
            let Some(&(_, first)) = terms.first() else { continue };
            let divisor = terms.iter().fold(0, |g, t| gcd(g, t.1.unsigned_abs().into()));
            let times = i64::try_from(divisor).unwrap_or(1).max(1) * first.signum();
            terms.iter_mut().for_each(|t| t.1 /= times);
            rows.entry(terms).or_insert((row, times));
        }
        let rows = rows.into_iter().map(|(terms, (from, times))| Row { terms, from, times }).collect();
        let entries = ties.entries + outsider.len() as u64;
        let mut groups = Groups { groups, rows, ends: Vec::new(), of, steps: ties.steps, entries };
        groups.set_rooms(room);
        groups
    }

    /// Lets cells change so far instead. The same cells may change.
    pub(super) fn set_rooms(&mut self, room: impl Fn(usize, bool) -> f64) {
        let ends = |group: &Group| {
            let one = |&(cell, sign): &(usize, i64)| [(-room(cell, sign < 0), cell), (room(cell, sign > 0), cell)];
            group.iter().map(one).fold(OPEN, tighter)
        };
        self.ends = self.groups.iter().map(ends).collect();
    }

    /// Entries looked at to find them, as work is counted.
    pub(super) fn entries(&self) -> u64 {
        self.entries
    }

    /// A cell's group and its sign in it, if it can change at all.
    pub(super) fn of(&self, cell: usize) -> Option<(usize, i64)> {
        Some(self.of[cell]).filter(|of| of.0 != NONE)
    }

    /// A cell's change of at least so much, as ends of its group; none if the cell cannot change.
    pub(super) fn at_least(&self, cell: usize, upward: bool, amount: f64) -> Option<(usize, Ends)> {
        let (group, sign) = self.of(cell)?;
        let mut ends = OPEN;
        if upward == (sign > 0) {
            ends[0] = (amount, cell);
        } else {
            ends[1] = (-amount, cell);
        }
        Some((group, ends))
    }

    /// Whether these ends of some groups, with their own, leave one of them nothing.
    pub(super) fn contradict(&self, bounds: &BTreeMap<usize, Ends>) -> bool {
        bounds.iter().any(|(&group, &ends)| is_empty(tighter(self.ends[group], ends)))
    }

    /// Sums of relations that may show that no change goes as far as asked within these ends: by a cell that cannot change,
    /// by a group whose ends contradict each other, or by a program's multipliers as fractions of several fineness.
    pub(super) fn refutations<'r>(
        &'r self,
        outsider: &'r Outsider,
        (cell, upward, _): Asked,
        bounds: &'r BTreeMap<usize, Ends>,
        multipliers: &'r [f64],
    ) -> impl Iterator<Item = Vec<(usize, i128)>> + 'r {
        let ends = |group: usize| tighter(self.ends[group], bounds.get(&group).copied().unwrap_or(OPEN));
        let at_once = if bounds.is_empty() {
            Some(vec![(cell, if upward { -1 } else { 1 })])
        } else {
            let empty = bounds.keys().map(|&g| ends(g)).find(|&ends| is_empty(ends));
            // A cell that sets both ends needs no relation.
            let weights = |[low, high]: Ends| [self.weight(low.1, -1), self.weight(high.1, 1)];
            empty.map(|[low, high]| if low.1 == high.1 { Vec::new() } else { weights([low, high]).to_vec() })
        };
        let by_program = move || {
            number::ever_finer(multipliers).filter_map(move |multipliers| {
                let sum: Vec<(usize, i128)> = multipliers.into_iter().enumerate().filter(|m| m.1 != 0).collect();
                let mut over: BTreeMap<usize, i128> = BTreeMap::new();
                for &(row, weight) in &sum {
                    for &(group, a) in &self.rows[row].terms {
                        let total = over.entry(group).or_insert(0);
                        *total = weight.checked_mul(a.into()).and_then(|w| total.checked_add(w))?;
                    }
                }
                // Of each group, the cell that sets the end which counts carries the weight.
                let carried =
                    |(group, weight): (usize, i128)| self.weight(ends(group)[usize::from(weight > 0)].1, weight);
                let weights: Vec<(usize, i128)> = over.into_iter().filter(|o| o.1 != 0).map(carried).collect();
                self.told(outsider, &sum, &weights)
            })
        };
        let by_program = at_once.is_none().then(by_program).into_iter().flatten();
        at_once.into_iter().filter_map(|weights| self.told(outsider, &[], &weights)).chain(by_program)
    }

    /// The weight of a cell that gives its group this one.
    fn weight(&self, cell: usize, weight: i128) -> (usize, i128) {
        let sign = self.of(cell).map_or(1, |of| of.1);
        (cell, weight * i128::from(sign))
    }

    /// A sum of relations among groups, told as a sum of the table's. Of all cells that change, those that are named get
    /// the weights asked for, up to one common factor, and no other has any; their sum by group, with signs, must be the
    /// sum's. Nothing where numbers are beyond what is carried.
    fn told(
        &self,
        outsider: &Outsider,
        sum: &[(usize, i128)],
        weights: &[(usize, i128)],
    ) -> Option<Vec<(usize, i128)>> {
        let mut told = Told { rows: BTreeMap::new(), over: vec![0; outsider.len()] };
        for &(cell, weight) in weights {
            told.over[cell] = told.over[cell].checked_sub(weight)?;
        }
        let unit = sum.iter().try_fold(1_i128, |unit, &(row, _)| {
            let times = i128::from(self.rows[row].times).abs();
            unit.checked_mul(times / gcd(unit, times))
        })?;
        if unit != 1 {
            told.scale(unit)?;
        }
        for &(row, weight) in sum {
            let Row { from, times, .. } = self.rows[row];
            told.add(outsider, from, weight.checked_mul(unit / i128::from(times))?)?;
        }
        for step in self.steps.iter().rev() {
            let mut over: i128 = 0;
            for &(cell, sign) in &step.cells {
                over = over.checked_add(told.over[cell] * i128::from(sign))?;
            }
            if over == 0 {
                continue;
            }
            let signs = |c: usize| step.cells.binary_search_by_key(&c, |s| s.0).ok().map(|at| step.cells[at].1);
            let row = outsider.matrix.row(step.row);
            let by: i64 = row.iter().filter_map(|&(c, a)| Some(signs(c)? * a)).sum();
            let by = i128::from(by);
            let unit = by.abs() / gcd(by.abs(), over.abs());
            if unit != 1 {
                told.scale(unit)?;
            }
            told.add(outsider, step.row, -(over.checked_mul(unit)? / by))?;
        }
        Some(told.rows.into_iter().filter(|r| r.1 != 0).collect())
    }
}

/// A sum in the making: the table's relations in it, and how much it weighs each cell beyond what it should.
struct Told {
    rows: BTreeMap<usize, i128>,
    over: Vec<i128>,
}

impl Told {
    fn scale(&mut self, by: i128) -> Option<()> {
        for value in self.rows.values_mut().chain(&mut self.over) {
            *value = value.checked_mul(by)?;
        }
        Some(())
    }

    fn add(&mut self, outsider: &Outsider, row: usize, weight: i128) -> Option<()> {
        let total = self.rows.entry(row).or_insert(0);
        *total = total.checked_add(weight)?;
        for &(cell, a) in outsider.matrix.row(row) {
            self.over[cell] = weight.checked_mul(i128::from(a)).and_then(|w| self.over[cell].checked_add(w))?;
        }
        Some(())
    }
}

/// Adds terms of few variables among many.
struct Sums {
    at: Vec<i64>,
    seen: Vec<bool>,
}

impl Sums {
    fn new(variables: usize) -> Self {
        Sums { at: vec![0; variables], seen: vec![false; variables] }
    }

    /// Each variable once, in order, without those that cancel out.
    fn of(&mut self, terms: impl Iterator<Item = (usize, i64)>) -> Vec<(usize, i64)> {
        let mut variables = Vec::new();
        for (variable, a) in terms {
            if !std::mem::replace(&mut self.seen[variable], true) {
                variables.push(variable);
            }
            self.at[variable] += a;
        }
        variables.sort_unstable();
        let take = |v: usize| {
            self.seen[v] = false;
            (v, std::mem::take(&mut self.at[v]))
        };
        variables.into_iter().map(take).filter(|t| t.1 != 0).collect()
    }
}

/// Which cells follow from which.
struct Ties<'a> {
    outsider: &'a Outsider,
    /// The cell that stands for a cell's group, with the sign; [`NONE`] where the cell cannot change.
    root: Vec<(usize, i64)>,
    members: Vec<Vec<usize>>,
    steps: Vec<Step>,
    sums: Sums,
    entries: u64,
}

impl<'a> Ties<'a> {
    fn new(outsider: &'a Outsider, may: impl Fn(usize) -> bool) -> Self {
        let root: Vec<(usize, i64)> = (0..outsider.len()).map(|c| if may(c) { (c, 1) } else { (NONE, 0) }).collect();
        let members = root.iter().map(|r| if r.0 == NONE { Vec::new() } else { vec![r.0] }).collect();
        Ties { outsider, root, members, steps: Vec::new(), sums: Sums::new(outsider.len()), entries: 0 }
    }

    /// What a relation says of groups.
    fn terms(&mut self, row: usize) -> Vec<(usize, i64)> {
        let root = &self.root;
        self.entries += self.outsider.matrix.row(row).len() as u64;
        let grouped = self.outsider.matrix.row(row).iter().filter(|t| root[t.0].0 != NONE);
        self.sums.of(grouped.map(|&(c, a)| (root[c].0, a * root[c].1)))
    }

    fn follow(&mut self) {
        let mut waiting: BTreeSet<usize> = (0..self.outsider.matrix.rows()).collect();
        while let Some(row) = waiting.pop_first() {
            let (gone, kept) = match *self.terms(row).as_slice() {
                [(root, _)] => (root, None),
                [(a, x), (b, y)] if x.abs() == y.abs() => {
                    let sign = if x == y { -1 } else { 1 };
                    if self.members[a].len() >= self.members[b].len() {
                        (b, Some((a, sign)))
                    } else {
                        (a, Some((b, sign)))
                    }
                }
                _ => continue,
            };
            let mut cells = std::mem::take(&mut self.members[gone]);
            cells.sort_unstable();
            waiting.extend(cells.iter().flat_map(|&c| self.outsider.matrix.column(c)).map(|t| t.0));
            self.steps.push(Step { row, cells: cells.iter().map(|&c| (c, self.root[c].1)).collect() });
            for &cell in &cells {
                self.root[cell] = kept.map_or((NONE, 0), |(root, sign)| (root, self.root[cell].1 * sign));
            }
            if let Some((root, _)) = kept {
                self.members[root].extend(&cells);
            }
        }
    }
}
