//! Why cells are hidden, as facts: a tree of steps built from the ids in a trail when somebody asks. The words are elsewhere.
//!
//! A proof of need is a weighted sum of rows. Told as it stands, nobody follows it. So its rows are replayed: as long as
//! one of them leaves a single figure open, that figure is computed, a step each; what is left when none does is added up
//! in one step. Steps that no conclusion uses are dropped, equal steps are told once.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::{HiddenCell, Reason, Trail};
use crate::error::{Error, TrailFault};
use crate::policy::{Policy, Protection, Zeros};
use crate::relations::{End, Needed, Why};
use crate::table::{CellId, Key, Origin, Table};

/// A cell with its count, in persons or in the figures' own unit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Counted {
    /// Its name.
    pub cell: Key,
    /// Its count.
    pub count: Decimal,
}

/// Why some cells are hidden, with the steps that several of them may share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// The steps, each after those that it uses.
    pub steps: Vec<Step>,
    /// The cells, in the order in which they were asked for.
    pub cells: Vec<Explanation>,
}

/// Why one cell is hidden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The cell.
    pub cell: Counted,
    /// Why.
    pub ground: Ground,
    /// What asks for it, where that is not articles 53 and 54: the policy's name.
    pub law: Option<String>,
    /// Whether counts are of persons.
    pub whole: bool,
}

/// Why a cell is hidden.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ground {
    /// The rule hides it, because its count is below this.
    Below(Decimal),
    /// The rule hides it, because the table declares it primary.
    DeclaredPrimary,
    /// The table declares that it must be hidden.
    Declared,
    /// The table does not display it, but a reader computes it when all around it is shown.
    Undisplayed,
    /// Shown, it would give a primary cell away.
    Gives {
        /// The primary cell.
        falls: Counted,
        /// The threshold that it is below, where the promise is that nobody can prove it.
        below: Option<Decimal>,
        /// What a reader would know of it.
        known: Known,
        /// The steps that lead there, by number; the last one gives it.
        steps: Vec<usize>,
    },
    /// Shown, it is taken to give this primary cell away: no other pattern of its kind was found, but no proof either.
    Unproved {
        /// The primary cell.
        falls: Counted,
    },
}

/// What a reader would know of a primary cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Known {
    /// Its count.
    Computed(Decimal),
    /// Its count is at most this.
    AtMost(Decimal),
    /// Its count is at least this.
    AtLeast(Decimal),
    /// Its count is between these.
    Between(Decimal, Decimal),
    /// The same, but only because counts are whole numbers: so many cases were tried, and none is possible.
    Whole {
        /// At least.
        low: Option<Decimal>,
        /// At most.
        high: Option<Decimal>,
        /// How many cases.
        cases: usize,
    },
}

/// A sum that every reader can do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Line {
    /// The sum of a total, which is this cell; with its count where it is shown or was computed.
    Total {
        /// The total.
        total: Key,
        /// The axis that is summed over.
        axis: String,
        /// Its count.
        count: Option<Decimal>,
    },
    /// A relation stated under this name.
    Stated(String),
    /// Another fact that every reader knows: an order, a part, an earlier figure.
    Fact(String),
}

/// One step of a reader's reasoning.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Step {
    /// A sum leaves one figure open, and so gives it.
    Computes {
        /// The sum.
        line: Line,
        /// What it gives, with the figure.
        gives: Counted,
        /// Whether what it gives is the total of the sum.
        total: bool,
        /// Steps whose figures it uses.
        from: Vec<usize>,
    },
    /// Sums, added and subtracted so that what both sides hold falls away, leave this to some figures together.
    Together {
        /// The sums that are added, as often as told.
        added: Vec<(Line, i64)>,
        /// The sums that are subtracted.
        subtracted: Vec<(Line, i64)>,
        /// What remains, and how often each.
        cells: Vec<(Key, i64)>,
        /// What they sum to.
        rest: Decimal,
        /// What each of them is at least, where that is known to all.
        at_least: Decimal,
        /// Steps whose figures it uses.
        from: Vec<usize>,
    },
    /// Facts and sums that bound a figure together, too entangled to be told one by one.
    Bounds {
        /// All of them.
        lines: Vec<Line>,
        /// Steps whose figures it uses.
        from: Vec<usize>,
    },
}

impl Trail {
    /// Why a hidden cell is hidden, step by step.
    ///
    /// # Errors
    /// A cell that the trail does not hide, or a table that does not add up. What a trail claims is explained as it is
    /// claimed: [`verify`](Self::verify) it first.
    pub fn explain(&self, cell: impl Into<Key>) -> Result<Explained, Error> {
        let key = cell.into();
        let entry = self.find(key.clone());
        let entry = entry.ok_or_else(|| Error::of_trail(TrailFault::NoCell(key.to_string())))?;
        self.explain_entries([entry])
    }

    /// Why every hidden cell is hidden; steps that several share stand there once.
    ///
    /// # Errors
    /// A table that does not add up.
    pub fn explain_all(&self) -> Result<Explained, Error> {
        self.explain_entries(&self.hidden)
    }

    /// Why these cells are hidden.
    ///
    /// # Errors
    /// A table that does not add up.
    pub fn explain_entries<'a>(
        &'a self,
        entries: impl IntoIterator<Item = &'a HiddenCell>,
    ) -> Result<Explained, Error> {
        let table = self.table.table()?;
        let blocks = table.blocks.iter().enumerate();
        let places =
            blocks.flat_map(|(b, block)| block.cells.iter().map(move |&(position, cell)| ((b, cell), position)));
        let mut teller = Teller {
            table: &table,
            policy: &self.policy,
            hidden: self.hidden.iter().map(|h| h.cell).collect(),
            steps: Vec::new(),
            numbers: BTreeMap::new(),
            places: places.collect(),
        };
        let needs: BTreeMap<usize, &Needed> = self.needed.iter().map(|n| (n.cell, n)).collect();
        let cells = entries.into_iter().map(|entry| {
            let ground = match entry.reason {
                Reason::Primary { below: Some(below), .. } => Ground::Below(Decimal::new(below, table.decimals())),
                Reason::Primary { below: None, .. } => Ground::DeclaredPrimary,
                Reason::Declared => Ground::Declared,
                Reason::Undisplayed => Ground::Undisplayed,
                Reason::Complementary { protects } => match needs.get(&entry.cell) {
                    Some(need) if need.is_proved() => teller.ground(need),
                    _ => Ground::Unproved { falls: teller.named(protects) },
                },
            };
            let law = (self.policy.name != Policy::default().name).then(|| self.policy.name.clone());
            Explanation { cell: teller.named(entry.cell), ground, law, whole: table.decimals() == 0 }
        });
        let cells = cells.collect();
        Ok(Explained { steps: teller.steps, cells })
    }
}

struct Teller<'t> {
    table: &'t Table,
    policy: &'t Policy,
    hidden: BTreeSet<usize>,
    steps: Vec<Step>,
    numbers: BTreeMap<Step, usize>,
    /// By block and cell, a position.
    places: BTreeMap<(usize, usize), usize>,
}

/// What is computed on the way of one explanation: the figures, and the steps that gave them.
#[derive(Default)]
struct Found {
    values: BTreeMap<usize, i128>,
    steps: BTreeMap<usize, usize>,
}

impl Teller<'_> {
    fn decimal(&self, value: i128) -> Decimal {
        Decimal::try_from_i128_with_scale(value, self.table.decimals()).unwrap_or(Decimal::MAX)
    }

    /// A cell that the table does not have is told as nothing: a trail that was not verified may name it.
    fn named(&self, cell: usize) -> Counted {
        if cell >= self.table.len() {
            return Counted { cell: Key::new("", Vec::<String>::new()), count: Decimal::ZERO };
        }
        Counted { cell: self.key(cell), count: self.decimal(self.table.cells[cell].count.into()) }
    }

    fn key(&self, cell: usize) -> Key {
        self.table.key(CellId(cell))
    }

    /// The cell's name in the block of a sum, where it has one there; one figure may stand in several blocks.
    fn key_in(&self, row: usize, cell: usize) -> Key {
        let Some(Origin::Sum { block, .. }) = self.table.relations.origins.get(row) else { return self.key(cell) };
        match self.places.get(&(*block, cell)) {
            Some(&position) => {
                let block = &self.table.blocks[*block];
                Key::new(block.name.clone(), block.labels(position))
            }
            None => self.key(cell),
        }
    }

    fn step(&mut self, step: Step) -> usize {
        if let Some(&number) = self.numbers.get(&step) {
            return number;
        }
        let number = self.steps.len();
        self.numbers.insert(step.clone(), number);
        self.steps.push(step);
        number
    }

    fn ground(&mut self, need: &Needed) -> Ground {
        let falls = self.named(need.falls);
        let count = i128::from(self.table.cells.get(need.falls).map_or(0, |c| c.count));
        let threshold = i128::from(self.policy.threshold_count()) * 10_i128.pow(self.table.decimals());
        let promised = *self.policy.asked_protection() == Protection::Threshold && count < threshold;
        let below = promised.then(|| self.decimal(threshold));
        let least = self.least(need.falls);
        let mut known = self.known(&need.ends, count, least);
        let cases: usize = need.ends.iter().map(|e| if let Why::Cases(c) = &e.why { c.len() } else { 0 }).sum();
        let mut rows: BTreeSet<usize> = BTreeSet::new();
        for end in &need.ends {
            match &end.why {
                Why::Sums(sums) => rows.extend(sums.iter().map(|s| s.0)),
                Why::Cases(cases) => rows.extend(cases.iter().flat_map(|c| &c.sums).map(|s| s.0)),
            }
        }
        let shown = |cell: usize| !self.hidden.contains(&cell) || cell == need.cell;
        let open: BTreeMap<usize, Vec<usize>> = rows
            .iter()
            .map(|&row| {
                let terms = self.terms(row);
                (row, terms.into_iter().filter(|t| !shown(t.0) && !self.is_certain(t.0)).map(|t| t.0).collect())
            })
            .collect();
        let mut found = Found::default();
        let mut used = BTreeSet::new();
        loop {
            let ready = open.iter().find_map(|(&row, cells)| {
                let mut left = cells.iter().filter(|c| !found.values.contains_key(c));
                let only = *left.next()?;
                let relation = row < self.table.relations.len() && !used.contains(&row);
                (relation && left.next().is_none()).then_some((row, only))
            });
            let Some((row, cell)) = ready else { break };
            used.insert(row);
            let step = self.computes(row, cell, &open[&row], &found);
            found.steps.insert(cell, step);
            found.values.insert(cell, self.table.cells[cell].count.into());
            if cell == need.falls {
                break;
            }
        }
        let last = match found.steps.get(&need.falls) {
            Some(&step) => {
                known = Known::Computed(falls.count);
                step
            }
            None if cases > 0 => {
                if let Known::Between(..) | Known::AtMost(_) | Known::AtLeast(_) | Known::Computed(_) = known {
                    known = whole(known, cases);
                }
                self.bounds(rows.iter().copied().filter(|r| !used.contains(r)), &open, &found)
            }
            None => self.together(need, rows.iter().copied().filter(|r| !used.contains(r)), &open, &found),
        };
        let mut steps = Vec::new();
        self.below(last, &mut steps);
        Ground::Gives { falls, below, known, steps }
    }

    /// What the ends of a proof leave, in counts.
    fn known(&self, ends: &[End], count: i128, least: i128) -> Known {
        let (mut low, mut high) = (None, None);
        for end in ends {
            let far = i128::from(end.most);
            if end.upward { high = Some(count + far) } else { low = Some(count - far) }
        }
        match (low.map(|l| l.max(least)), high) {
            (Some(low), Some(high)) if low == high => Known::Computed(self.decimal(low)),
            (Some(low), Some(high)) => Known::Between(self.decimal(low), self.decimal(high)),
            (Some(low), None) => Known::AtLeast(self.decimal(low)),
            (None, Some(high)) if high == least => Known::Computed(self.decimal(high)),
            (None, high) => Known::AtMost(self.decimal(high.unwrap_or(count))),
        }
    }

    /// What everybody knows a hidden cell to be at least.
    fn least(&self, cell: usize) -> i128 {
        let Some(cell) = self.table.cells.get(cell) else { return 0 };
        let positive = self.policy.treats_zeros() == Zeros::Publish && cell.displayed && cell.count > 0;
        cell.known.0.unwrap_or(0).max(i64::from(positive)).into()
    }

    fn is_certain(&self, cell: usize) -> bool {
        self.table.cells.get(cell).is_some_and(|c| c.structural)
    }

    fn terms(&self, row: usize) -> Vec<(usize, i64)> {
        let relations = self.table.relations.len();
        if row < relations {
            return self.table.relations.row(row).to_vec();
        }
        self.table.facts.get(row - relations).map_or_else(Vec::new, |f| f.terms.clone())
    }

    fn line(&self, row: usize, open: &[usize]) -> Line {
        let relations = self.table.relations.len();
        if row >= relations {
            let fact = self.table.facts.get(row - relations);
            return Line::Fact(fact.map_or_else(String::new, |f| f.name.clone()));
        }
        match &self.table.relations.origins[row] {
            Origin::Stated(name) => Line::Stated(name.clone()),
            Origin::Sum { block, axis, .. } => {
                let total = self.table.relations.row(row).first().map_or(0, |t| t.0);
                let count = (!open.contains(&total)).then(|| self.named(total).count);
                let axis = self.table.blocks[*block].axes[*axis].name.clone();
                Line::Total { total: self.key_in(row, total), axis, count }
            }
        }
    }

    /// Steps that gave figures which these rows use.
    fn from(&self, cells: impl IntoIterator<Item = usize>, found: &Found) -> Vec<usize> {
        let steps: BTreeSet<usize> = cells.into_iter().filter_map(|c| found.steps.get(&c).copied()).collect();
        steps.into_iter().collect()
    }

    fn computes(&mut self, row: usize, cell: usize, open: &[usize], found: &Found) -> usize {
        let from = self.from(open.iter().copied().filter(|&c| c != cell), found);
        let terms = self.terms(row);
        let sum = matches!(self.table.relations.origins[row], Origin::Sum { .. });
        let total = sum && terms.first().is_some_and(|t| t.0 == cell);
        let still: Vec<usize> = open.iter().copied().filter(|c| *c == cell).collect();
        let line = self.line(row, &still);
        let gives = Counted { cell: self.key_in(row, cell), count: self.named(cell).count };
        self.step(Step::Computes { line, gives, total, from })
    }

    fn bounds(
        &mut self,
        rows: impl Iterator<Item = usize>,
        open: &BTreeMap<usize, Vec<usize>>,
        found: &Found,
    ) -> usize {
        let rows: Vec<usize> = rows.collect();
        let lines = rows.iter().map(|row| self.line(*row, &still_open(&open[row], found))).collect();
        let from = self.from(rows.iter().flat_map(|row| open[row].iter().copied()), found);
        self.step(Step::Bounds { lines, from })
    }

    /// One step for what is left of a proof when no sum leaves a single figure open.
    fn together(
        &mut self,
        need: &Needed,
        rows: impl Iterator<Item = usize>,
        open: &BTreeMap<usize, Vec<usize>>,
        found: &Found,
    ) -> usize {
        let rows: Vec<usize> = rows.collect();
        let relations = self.table.relations.len();
        let sums = match need.ends.as_slice() {
            [End { why: Why::Sums(sums), .. }] if rows.iter().all(|&r| r < relations) => sums,
            _ => return self.bounds(rows.into_iter(), open, found),
        };
        let multiplier: BTreeMap<usize, i64> = sums.iter().copied().collect();
        let mut combined: BTreeMap<usize, i128> = BTreeMap::new();
        let mut rest: i128 = 0;
        for &row in &rows {
            let weight = i128::from(multiplier.get(&row).copied().unwrap_or(0));
            rest += weight * i128::from(self.table.relations.constants[row]);
            for (cell, coefficient) in self.terms(row) {
                let part = weight * i128::from(coefficient);
                if open[&row].contains(&cell) && !found.values.contains_key(&cell) {
                    *combined.entry(cell).or_insert(0) += part;
                } else {
                    rest -= part * i128::from(self.table.cells[cell].count);
                }
            }
        }
        combined.retain(|_, c| *c != 0);
        let sign = if combined.get(&need.falls).is_some_and(|c| *c < 0) { -1 } else { 1 };
        let from = self.from(rows.iter().flat_map(|row| open[row].iter().copied()), found);
        let small = |c: i128| i64::try_from(c * sign).unwrap_or(0);
        let mut cells: Vec<(usize, i64)> = combined.into_iter().map(|(cell, c)| (cell, small(c))).collect();
        // The cell that falls first.
        cells.sort_by_key(|c| c.0 != need.falls);
        let at_least = cells.iter().skip(1).map(|c| self.least(c.0)).min().unwrap_or(0);
        let (mut added, mut subtracted) = (Vec::new(), Vec::new());
        for &row in &rows {
            let line = self.line(row, &still_open(&open[&row], found));
            let weight = small(multiplier.get(&row).copied().unwrap_or(0).into());
            if weight > 0 { added.push((line, weight)) } else { subtracted.push((line, -weight)) }
        }
        let cells: Vec<(Key, i64)> = cells.into_iter().map(|(c, k)| (self.key(c), k)).collect();
        self.step(Step::Together {
            added,
            subtracted,
            cells,
            rest: self.decimal(rest * sign),
            at_least: self.decimal(at_least),
            from,
        })
    }

    /// A step with all that it uses, in order.
    fn below(&self, step: usize, all: &mut Vec<usize>) {
        if all.contains(&step) {
            return;
        }
        let (Step::Computes { from, .. } | Step::Together { from, .. } | Step::Bounds { from, .. }) = &self.steps[step];
        for &one in from {
            self.below(one, all);
        }
        all.push(step);
    }
}

fn still_open(open: &[usize], found: &Found) -> Vec<usize> {
    open.iter().copied().filter(|c| !found.values.contains_key(c)).collect()
}

fn whole(known: Known, cases: usize) -> Known {
    let (low, high) = match known {
        Known::Computed(value) => (Some(value), Some(value)),
        Known::AtMost(high) => (None, Some(high)),
        Known::AtLeast(low) => (Some(low), None),
        Known::Between(low, high) => (Some(low), Some(high)),
        whole @ Known::Whole { .. } => return whole,
    };
    Known::Whole { low, high, cases }
}
