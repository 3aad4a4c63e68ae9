//! What a deduction found, sorted by gravity, as facts for whoever words or counts them.
//!
//! Serialised form: `caviardage-check/1`, described at [`Report`].

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use serde::{Serialize, Serializer};

use super::contradiction::{self, Contradiction, Dispute, Explanation};
use super::deduce::{Deduction, Part};
use super::derivation::{Premise, Reasoning, premises};
use super::{Item, Place, Published, deduce};
use crate::attack::Knowledge;
use crate::policy::Zeros;

/// The version of the serialised form.
pub(super) const SCHEMA: &str = "caviardage-check/1";

/// How many values a cell may still have and be told as narrowed.
const FEW: i64 = 5;
/// Columns of one block that are compared with each other.
const COLUMNS: usize = 8;

/// How grave a finding is, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gravity {
    /// A hidden figure is computed exactly.
    Computed,
    /// A hidden or undisplayed figure is proved to be below the threshold.
    Below,
    /// A hidden figure can have few values only. No promise is broken: it is told, and is no objection.
    Narrowed,
    /// A figure below the threshold is shown.
    Shown,
}

/// A figure in the table's unit, as a JSON number where it is whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figure(pub Decimal);

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match i64::try_from(self.0) {
            Ok(whole) if self.0.fract().is_zero() => serializer.serialize_i64(whole),
            _ => serializer.collect_str(&self.0),
        }
    }
}

/// What a bound rests on.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Cause {
    /// A sum: its name, its shown total less its shown parts, what is left, and the hidden parts that share it.
    Sum {
        /// The total's name.
        name: String,
        /// `(sign, figure)` of the shown cells, the total first.
        shown: Vec<(bool, Figure)>,
        /// What the hidden parts hold together.
        left: Figure,
        /// The hidden parts.
        parts: Vec<String>,
    },
    /// A sum in which nothing is shown but what it sums to, or whose terms have weights.
    Relation {
        /// Its name.
        name: String,
    },
    /// A percentage, rate or mean as printed, and the values that it leaves.
    Printed {
        /// The cell that it speaks of.
        name: String,
        /// The figure.
        value: Figure,
        /// It is `per·cell/base`.
        per: u32,
        /// The base's name.
        base: String,
        /// The base, where it is shown.
        of: Option<Figure>,
    },
    /// An order, a part, an earlier figure, a mark, or something known from elsewhere.
    Known {
        /// What kind of knowledge it is.
        item: Item,
        /// Its name.
        name: String,
    },
}

/// A cell that the report speaks of.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// How grave it is.
    pub gravity: Gravity,
    /// Whether it breaks the promise; otherwise it is told for what it is worth.
    pub objection: bool,
    /// The cell's name.
    pub cell: String,
    /// Where its figure stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Whether the cell stands in the table; otherwise anyone can compute it.
    pub displayed: bool,
    /// The lowest value that remains possible.
    pub lowest: Option<Figure>,
    /// The highest.
    pub highest: Option<Figure>,
    /// The percentage, rate or mean printed of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub printed: Option<Figure>,
    /// What it rests on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<Cause>,
    /// Other statements that give it away, each by itself: hiding what it rests on would not be enough.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Cause>,
}

/// Hidden cells that share one sum.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Together {
    /// The total.
    pub name: String,
    /// The hidden cells.
    pub cells: Vec<String>,
    /// What they hold together at least.
    pub lowest: Option<Figure>,
    /// What they hold together at most.
    pub highest: Option<Figure>,
    /// What each can hold by itself.
    pub each: Vec<(Option<Figure>, Option<Figure>)>,
}

/// A figure that is not displayed and that anyone computes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Computable {
    /// Its name.
    pub name: String,
    /// Its lowest value.
    pub lowest: Option<Figure>,
    /// Its highest value.
    pub highest: Option<Figure>,
}

/// A column less another, which nothing says is a part of it, although no figure speaks against it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// The larger column.
    pub whole: String,
    /// The smaller.
    pub part: String,
    /// Row by row.
    pub rows: Vec<Computable>,
}

/// A contradiction, with names for cells.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Contradicted {
    /// The cell or total in dispute.
    pub name: String,
    /// Where it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// What contradicts what.
    pub dispute: Disputed,
    /// Simple explanations that fit, the likeliest first.
    pub explanations: Vec<Explained>,
    /// What the figure left aside would imply.
    pub implied: Vec<Together>,
}

/// What contradicts what, with names for cells.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Disputed {
    /// A percentage, rate or mean that its count and base do not give.
    Printed {
        /// The figure.
        value: Figure,
        /// It is `per·cell/base`.
        per: u32,
        /// The count, where it is shown.
        count: Option<Figure>,
        /// The base's name.
        base: String,
        /// The base, where it is shown.
        of: Option<Figure>,
        /// The figure that count and base give, with two decimals more.
        computed: Option<Figure>,
        /// The lowest count that the figure means of this base.
        least: Option<Figure>,
        /// The highest.
        most: Option<Figure>,
    },
    /// A total that is not the sum of its parts.
    Sum {
        /// As printed.
        given: Option<Figure>,
        /// As added up.
        computed: Option<Figure>,
    },
    /// One figure printed twice, differently.
    Same {
        /// The other place.
        other: String,
        /// The first figure.
        first: Figure,
        /// The second.
        second: Figure,
    },
    /// Another statement that does not agree with the rest.
    Statement {
        /// What kind of knowledge it is.
        item: Item,
    },
}

/// A simple explanation, with names for cells.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Explained {
    /// The figure was computed before rows were folded in (`added`) or taken out.
    Regrouped {
        /// Whether rows were added.
        added: bool,
        /// Persons, at least.
        least: Figure,
        /// Persons, at most.
        most: Figure,
    },
    /// The total counts rows that are not listed.
    TotalIncludes {
        /// Persons in them.
        persons: Figure,
    },
    /// A slip of the pen.
    Slip {
        /// The cell; none for the percentage itself.
        cell: Option<String>,
        /// As printed.
        printed: Figure,
        /// As it may have been meant.
        meant: Figure,
    },
    /// A base that was rounded.
    RoundedBase {
        /// The least base that fits.
        least: Figure,
        /// The largest.
        most: Figure,
    },
}

/// What was not checked, and how it could be.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Unchecked {
    /// An item of knowledge that was switched off.
    Item {
        /// The item.
        item: Item,
    },
    /// The shown figures of a column stand in order; that the hidden ones do too was not taken into account.
    LooksSorted {
        /// The block; empty where there is only one.
        block: String,
        /// The column; empty where there is only one.
        column: String,
        /// Whether the largest comes first.
        descending: bool,
    },
    /// Bounds for which the work ran out before the tightest was found.
    NotTight {
        /// How many hidden cells.
        cells: usize,
    },
    /// Nothing ties the counts: no total was found.
    NoRelations,
    /// Other releases of the same persons.
    OtherReleases,
    /// What somebody knows who is among the persons counted.
    Insiders,
}

/// A report on a published table.
///
/// Serialised (`caviardage-check/1`), in this order: `schema`; `threshold`; `zeros`, `hide` or `publish`; `knowledge`, the
/// items that the reader was taken to know, and `used`, those that some bound rests on; `cells`, `hidden`, `statements`,
/// how many; `objections`, how many things break the promise; `findings`, gravest first; `contradictions`; `together`,
/// hidden cells that share one sum; `computable`, undisplayed figures that anyone computes; `differences` of columns that
/// may be parts of each other; `unchecked`. Figures are numbers where they are whole, otherwise texts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The version of the form.
    pub schema: &'static str,
    /// Counts below this should be hidden.
    pub threshold: i64,
    /// Whether zeros are hidden too.
    pub zeros: Zeros,
    /// What the reader was taken to know, of what there is: an order that nobody declared is not here.
    pub knowledge: Vec<Item>,
    /// What some bound rests on.
    pub used: Vec<Item>,
    /// How many cells stand in the table.
    pub cells: usize,
    /// How many of them are hidden.
    pub hidden: usize,
    /// How many statements tie them.
    pub statements: usize,
    /// How many things break the promise.
    pub objections: usize,
    /// Gravest first.
    pub findings: Vec<Finding>,
    /// Figures that contradict each other.
    pub contradictions: Vec<Contradicted>,
    /// Hidden cells that share one sum.
    pub together: Vec<Together>,
    /// Undisplayed figures that anyone computes.
    pub computable: Vec<Computable>,
    /// Columns that may be parts of each other.
    pub differences: Vec<Difference>,
    /// What was not checked.
    pub unchecked: Vec<Unchecked>,
}

impl Report {
    /// Whether nothing was found that breaks the promise, and no figures contradict each other.
    pub fn is_clean(&self) -> bool {
        self.objections == 0
    }
}

/// Deduces, and sorts what was found.
///
/// Objections are hidden figures that are computed or proved to be below the threshold, small figures shown, and
/// contradictions. A cell declared to be hidden without protection, or said to be small by its own mark, is none.
pub fn report(published: &Published, knowledge: &Knowledge) -> Report {
    let mut asking = published.clone();
    let pairs = column_pairs(published);
    for pair in &pairs {
        for &(whole, part) in &pair.cells {
            asking.ask(published.key(whole).to_string(), vec![(whole, 1), (part, -1)]);
        }
    }
    let found = deduce(&asking, knowledge);
    let threshold = knowledge.threshold_count().saturating_mul(10_i64.pow(found.published.decimals()));
    let mut by_cell: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let aside: BTreeSet<usize> = found.contradictions.iter().flat_map(|c| c.aside.iter().copied()).collect();
    for (s, statement) in found.published.statements.iter().enumerate().filter(|s| !aside.contains(&s.0)) {
        for &(cell, _) in statement.terms.iter().filter(|t| found.published.shown(t.0).is_none()) {
            by_cell.entry(cell).or_default().push(s);
        }
    }
    Sorting { found: &found, threshold, by_cell }.report(&pairs, published)
}

/// Two columns of one block, the smaller perhaps a part of the larger: their cells row by row.
struct Pair {
    whole: String,
    part: String,
    cells: Vec<(usize, usize)>,
}

/// Pairs of labels of the last axis such that no row speaks against one being a part of the other.
fn column_pairs(published: &Published) -> Vec<Pair> {
    // By block and column, in order: the cells by row.
    let mut blocks: BTreeMap<&str, Vec<(&str, BTreeMap<&[String], usize>)>> = BTreeMap::new();
    for (cell, seen) in published.cells.iter().enumerate().filter(|c| c.1.displayed) {
        let [row @ .., column] = seen.key.labels() else { continue };
        if row.len() != 1 {
            continue;
        }
        let columns = blocks.entry(seen.key.block()).or_default();
        let at = columns.iter().position(|c| c.0 == column).unwrap_or_else(|| {
            columns.push((column, BTreeMap::new()));
            columns.len() - 1
        });
        columns[at].1.insert(row, cell);
    }
    let tied: BTreeSet<(usize, usize)> = published
        .statements
        .iter()
        .filter(|s| s.item == Item::Totals || s.item == Item::Part)
        .flat_map(|s| s.terms.iter().flat_map(|a| s.terms.iter().map(|b| (a.0, b.0))))
        .collect();
    let mut pairs = Vec::new();
    for columns in blocks.values().filter(|c| c.len() <= COLUMNS) {
        for (whole, rows) in columns {
            for (part, others) in columns.iter().filter(|c| c.0 != *whole) {
                let mut cells: Vec<(usize, usize)> =
                    rows.iter().filter_map(|(row, &cell)| Some((cell, *others.get(row)?))).collect();
                cells.sort_unstable();
                let shown: Vec<(i64, i64)> =
                    cells.iter().filter_map(|&(a, b)| Some((published.shown(a)?, published.shown(b)?))).collect();
                let known = cells.iter().any(|pair| tied.contains(pair));
                let fits = shown.iter().all(|(a, b)| a >= b) && shown.iter().any(|(a, b)| a > b);
                if !known && shown.len() >= 3 && fits {
                    pairs.push(Pair { whole: (*whole).to_owned(), part: (*part).to_owned(), cells });
                }
            }
        }
    }
    pairs
}

struct Sorting<'a> {
    found: &'a Deduction,
    threshold: i64,
    /// By hidden cell, the statements that speak of it.
    by_cell: BTreeMap<usize, Vec<usize>>,
}

impl Sorting<'_> {
    fn report(&self, pairs: &[Pair], published: &Published) -> Report {
        let found = self.found;
        let knowledge = &found.knowledge;
        let mut findings = self.hidden();
        findings.extend(self.shown());
        findings.sort_by_key(|f| f.gravity);
        let contradictions: Vec<Contradicted> = found.contradictions.iter().map(|c| self.contradicted(c)).collect();
        let objections = findings.iter().filter(|f| f.objection).count() + contradictions.len();
        let mut asked = found.sums.iter().filter(|s| s.part == Part::Asked).skip(published.asked.len());
        let differences = pairs.iter().map(|pair| Difference {
            whole: pair.whole.clone(),
            part: pair.part.clone(),
            rows: pair
                .cells
                .iter()
                .zip(asked.by_ref())
                .map(|(&(cell, _), sum)| Computable {
                    name: self.row(cell),
                    lowest: self.figure(sum.lowest),
                    highest: self.figure(sum.highest),
                })
                .collect(),
        });
        Report {
            schema: SCHEMA,
            threshold: knowledge.threshold_count(),
            zeros: knowledge.treats_zeros(),
            knowledge: knowledge.items().filter(|i| self.is_in_play(*i)).collect(),
            used: found.used.iter().copied().collect(),
            cells: found.published.cells.iter().filter(|c| c.displayed).count(),
            hidden: found.published.hidden().count(),
            statements: found.published.statements.len(),
            objections,
            differences: differences.collect(),
            findings,
            contradictions,
            together: self.together(),
            computable: self.computable(),
            unchecked: self.unchecked(published),
        }
    }

    /// Whether the table has anything of the kind.
    fn is_in_play(&self, item: Item) -> bool {
        matches!(item, Item::Whole | Item::Rule) || self.found.published.statements.iter().any(|s| s.item == item)
    }

    fn figure(&self, value: Option<i64>) -> Option<Figure> {
        value.map(|v| Figure(self.found.published.value(v)))
    }

    fn name(&self, cell: usize) -> String {
        self.found.published.key(cell).to_string()
    }

    /// A row's label, where a column's name goes without saying.
    fn row(&self, cell: usize) -> String {
        let key = self.found.published.key(cell);
        let row = key.labels().first().cloned().unwrap_or_default();
        if key.block().is_empty() { row } else { format!("{} › {row}", key.block()) }
    }

    /// Cells that the mark or another statement by itself says are small: nothing is deduced of them.
    fn marked(&self) -> BTreeSet<usize> {
        let small = |s: &&super::Statement| s.item == Item::Marks && s.high.is_some_and(|h| h < self.threshold);
        self.found.published.statements.iter().filter(small).map(|s| s.terms[0].0).collect()
    }

    fn hidden(&self) -> Vec<Finding> {
        let published = &self.found.published;
        let marked = self.marked();
        let mut findings = Vec::new();
        for interval in &self.found.intervals {
            let seen = &published.cells[interval.cell];
            let exact = interval.lowest.is_some() && interval.lowest == interval.highest;
            let low = interval.highest.is_some_and(|h| h < self.threshold);
            let zero_shown = self.found.knowledge.treats_zeros() == Zeros::Publish && interval.highest == Some(0);
            let few = matches!((interval.lowest, interval.highest), (Some(l), Some(h)) if h - l < FEW);
            let gravity = match (exact, low, seen.displayed) {
                (true, _, true) => Gravity::Computed,
                (_, true, _) if !zero_shown => Gravity::Below,
                (false, _, true) if few => Gravity::Narrowed,
                _ => continue,
            };
            let by_mark = gravity == Gravity::Below && marked.contains(&interval.cell);
            if by_mark && interval.lowest.is_none_or(|l| l <= 1) {
                continue;
            }
            let because = [interval.why.0, interval.why.1].into_iter().flatten();
            let because =
                if gravity == Gravity::Below && !exact { self.causes(interval.why.1) } else { self.causes(because) };
            findings.push(Finding {
                gravity,
                objection: gravity != Gravity::Narrowed && !seen.declared && !by_mark,
                cell: self.name(interval.cell),
                place: seen.place.clone(),
                displayed: seen.displayed,
                lowest: self.figure(interval.lowest),
                highest: self.figure(interval.highest),
                printed: self.printed(interval.cell),
                also: self.also(interval.cell, exact, &because),
                because,
            });
        }
        findings
    }

    fn printed(&self, cell: usize) -> Option<Figure> {
        let statements = self.found.published.statements.iter();
        let mut printed = statements.filter_map(|s| s.printed.as_ref()).filter(|p| p.cell == cell);
        printed.next().map(|p| Figure(p.value))
    }

    fn shown(&self) -> Vec<Finding> {
        let published = &self.found.published;
        let publish = self.found.knowledge.treats_zeros() == Zeros::Publish;
        let small = published.cells.iter().enumerate().filter(|(_, seen)| {
            let value = seen.shown.filter(|_| seen.displayed && !seen.structural);
            value.is_some_and(|v| v < self.threshold && !(publish && v == 0))
        });
        small
            .map(|(cell, seen)| Finding {
                gravity: Gravity::Shown,
                objection: true,
                cell: self.name(cell),
                place: seen.place.clone(),
                displayed: true,
                lowest: self.figure(seen.shown),
                highest: self.figure(seen.shown),
                printed: self.printed(cell),
                because: Vec::new(),
                also: Vec::new(),
            })
            .collect()
    }

    /// What bounds rest on, each statement once, in the order of use.
    fn causes(&self, whys: impl IntoIterator<Item = Premise>) -> Vec<Cause> {
        let published = &self.found.published;
        let mut order: Vec<usize> = Vec::new();
        let mut tell = |premise: Premise| {
            if let Premise::Statement(s, _) = premise
                && !order.contains(&s)
            {
                order.push(s);
            }
        };
        let mut rule = false;
        for why in whys {
            tell(why);
            if let Premise::Step(step) = why {
                for number in self.found.derivations.chain(step) {
                    let reasoning = &self.found.derivations.steps[number].reasoning;
                    rule |= matches!(reasoning, Reasoning::Rule(_));
                    premises(reasoning, &mut tell);
                }
            }
        }
        let mut causes: Vec<Cause> = Vec::new();
        for s in order {
            let cause = self.cause(published, s);
            if !causes.contains(&cause) {
                causes.push(cause);
            }
        }
        if rule {
            causes.push(Cause::Known { item: Item::Rule, name: String::new() });
        }
        causes
    }

    /// Statements in which this cell alone is hidden and that compute it, or prove it small, without any other.
    fn also(&self, cell: usize, exact: bool, because: &[Cause]) -> Vec<Cause> {
        let published = &self.found.published;
        let mut found = Vec::new();
        for &s in self.by_cell.get(&cell).into_iter().flatten() {
            let statement = &published.statements[s];
            let alone = statement.terms.iter().all(|t| t.0 == cell || published.shown(t.0).is_some());
            let ends = if !alone {
                None
            } else if let Some(printed) = statement.printed.as_ref().filter(|p| p.cell == cell) {
                published.shown(printed.base).and_then(|base| contradiction::meant(printed, base))
            } else if statement.item == Item::Totals {
                self.found.of_cell(cell).and_then(|i| i.lowest.zip(i.highest)).filter(|e| e.0 == e.1)
            } else {
                None
            };
            if ends.is_some_and(|(low, high)| if exact { low == high } else { high < self.threshold }) {
                let cause = self.cause(published, s);
                if !because.contains(&cause) && !found.contains(&cause) {
                    found.push(cause);
                }
            }
        }
        found
    }

    fn cause(&self, published: &Published, s: usize) -> Cause {
        let statement = &published.statements[s];
        if let Some(printed) = &statement.printed {
            return Cause::Printed {
                name: self.name(printed.cell),
                value: Figure(printed.value),
                per: printed.per,
                base: self.name(printed.base),
                of: self.figure(published.shown(printed.base)),
            };
        }
        if statement.item != Item::Totals {
            return Cause::Known { item: statement.item, name: statement.name.clone() };
        }
        let hidden: Vec<(usize, i64)> =
            statement.terms.iter().copied().filter(|t| published.shown(t.0).is_none()).collect();
        let Some(sign) = hidden.first().map(|h| h.1).filter(|k| k.abs() == 1) else {
            return Cause::Relation { name: statement.name.clone() };
        };
        if hidden.iter().any(|h| h.1 != sign) || statement.low != statement.high {
            return Cause::Relation { name: statement.name.clone() };
        }
        // sign·Σ hidden = constant − Σ shown.
        let mut left = i128::from(statement.low.unwrap_or(0));
        let mut shown: Vec<(bool, Figure)> = Vec::new();
        for &(cell, k) in &statement.terms {
            if let Some(value) = published.shown(cell) {
                left -= i128::from(k) * i128::from(value);
                for _ in 0..k.unsigned_abs().min(1) {
                    let plus = (k < 0) == (sign > 0);
                    let figure = Figure(published.value(value));
                    if plus { shown.insert(0, (true, figure)) } else { shown.push((false, figure)) }
                }
            }
        }
        let left = i64::try_from(left * i128::from(sign)).unwrap_or(i64::MAX);
        let parts = hidden.iter().map(|h| self.name(h.0)).collect();
        Cause::Sum { name: statement.name.clone(), shown, left: Figure(published.value(left)), parts }
    }

    /// Hidden cells of one sum, where the sum says more than that each is computed.
    fn together(&self) -> Vec<Together> {
        let mut told = Vec::new();
        for sum in self.found.sums.iter().filter(|s| s.part == Part::Remainder) {
            let cells: Vec<usize> = sum.terms.iter().map(|t| t.0).collect();
            let shown = |c: &usize| self.found.published.cells[*c].displayed;
            let exact = |c: &usize| self.found.of_cell(*c).is_some_and(|i| i.lowest == i.highest && i.lowest.is_some());
            if cells.iter().all(exact) || !cells.iter().all(shown) {
                continue;
            }
            told.push(self.group(sum.name.clone(), &cells, (sum.lowest, sum.highest)));
        }
        told
    }

    fn group(&self, name: String, cells: &[usize], (lowest, highest): (Option<i64>, Option<i64>)) -> Together {
        let each = cells.iter().map(|&c| match self.found.of_cell(c) {
            Some(interval) => (self.figure(interval.lowest), self.figure(interval.highest)),
            None => (self.figure(self.found.published.shown(c)), self.figure(self.found.published.shown(c))),
        });
        Together {
            name,
            cells: cells.iter().map(|&c| self.name(c)).collect(),
            lowest: self.figure(lowest),
            highest: self.figure(highest),
            each: each.collect(),
        }
    }

    fn computable(&self) -> Vec<Computable> {
        let undisplayed = self.found.intervals.iter().filter(|i| !self.found.published.cells[i.cell].displayed);
        let known = undisplayed.filter(|i| i.lowest.is_some() && i.lowest == i.highest);
        known
            .map(|i| Computable {
                name: self.name(i.cell),
                lowest: self.figure(i.lowest),
                highest: self.figure(i.highest),
            })
            .collect()
    }

    fn contradicted(&self, one: &Contradiction) -> Contradicted {
        let published = &self.found.published;
        let figure = |value: i64| Figure(published.value(value));
        let explained = |e: &Explanation| match e {
            Explanation::Regrouped { added, least, most } => {
                Explained::Regrouped { added: *added, least: figure(*least), most: figure(*most) }
            }
            Explanation::TotalIncludes { persons } => Explained::TotalIncludes { persons: figure(*persons) },
            Explanation::Slip { printed, meant, cell } => {
                Explained::Slip { cell: cell.map(|c| self.name(c)), printed: Figure(*printed), meant: Figure(*meant) }
            }
            Explanation::RoundedBase { least, most } => {
                Explained::RoundedBase { least: figure(*least), most: figure(*most) }
            }
        };
        let aside = one.aside.first().map(|&s| &published.statements[s]);
        let (name, dispute) = match &one.dispute {
            Dispute::Printed { printed, count, base, means } => {
                let computed = count.zip(*base).filter(|b| b.1 != 0).and_then(|(count, base)| {
                    let scaled = i128::from(printed.per) * i128::from(count) * 10_i128.pow(printed.value.scale() + 2);
                    Decimal::try_from_i128_with_scale(scaled / i128::from(base), printed.value.scale() + 2).ok()
                });
                let dispute = Disputed::Printed {
                    value: Figure(printed.value),
                    per: printed.per,
                    count: self.figure(*count),
                    base: self.name(printed.base),
                    of: self.figure(*base),
                    computed: computed.map(Figure),
                    least: means.map(|m| figure(m.0)),
                    most: means.map(|m| figure(m.1)),
                };
                (self.name(printed.cell), dispute)
            }
            Dispute::Sum { statement, given, computed } => {
                let dispute = Disputed::Sum { given: self.figure(*given), computed: self.figure(*computed) };
                (published.statements[*statement].name.clone(), dispute)
            }
            Dispute::Same { first, second } => {
                let dispute =
                    Disputed::Same { other: second.0.to_string(), first: figure(first.1), second: figure(second.1) };
                (first.0.to_string(), dispute)
            }
            Dispute::Statement { statement } => {
                let statement = &published.statements[*statement];
                (statement.name.clone(), Disputed::Statement { item: statement.item })
            }
        };
        let place = aside.and_then(|s| s.place.clone()).or_else(|| {
            let total = aside.filter(|s| s.item == Item::Totals)?.terms.iter().find(|t| t.1 < 0)?;
            published.place(total.0).cloned()
        });
        Contradicted {
            name,
            place,
            dispute,
            explanations: one.explanations.iter().map(explained).collect(),
            implied: one.implied.iter().map(|i| self.group(String::new(), &i.cells, (i.lowest, i.highest))).collect(),
        }
    }

    fn unchecked(&self, published: &Published) -> Vec<Unchecked> {
        let knowledge = &self.found.knowledge;
        let off = Item::ALL.into_iter().filter(|i| !knowledge.has(*i)).map(|item| Unchecked::Item { item });
        let mut unchecked: Vec<Unchecked> = off.collect();
        if published.statements.iter().all(|s| s.item != Item::Totals) {
            unchecked.push(Unchecked::NoRelations);
        }
        if !published.statements.iter().any(|s| s.item == Item::Order) {
            unchecked.extend(looks_sorted(published));
        }
        let loose = self.found.intervals.iter().filter(|i| {
            let displayed = self.found.published.cells[i.cell].displayed;
            displayed && i.reached != (true, true)
        });
        let cells = loose.count();
        if cells > 0 {
            unchecked.push(Unchecked::NotTight { cells });
        }
        if !published.statements.iter().any(|s| s.item == Item::Earlier) {
            unchecked.push(Unchecked::OtherReleases);
        }
        unchecked.push(Unchecked::Insiders);
        unchecked
    }
}

/// Columns with hidden cells whose shown figures stand in order, row by row, totals and one residual row aside.
fn looks_sorted(published: &Published) -> Vec<Unchecked> {
    let totals: BTreeSet<usize> = published
        .statements
        .iter()
        .filter(|s| s.item == Item::Totals)
        .flat_map(|s| s.terms.iter().filter(|t| t.1 < 0).map(|t| t.0))
        .collect();
    let mut columns: BTreeMap<(&str, &str), Vec<Option<i64>>> = BTreeMap::new();
    for (cell, seen) in published.cells.iter().enumerate() {
        if seen.displayed && !totals.contains(&cell) {
            let column = seen.key.labels().get(1).map_or("", String::as_str);
            columns.entry((seen.key.block(), column)).or_default().push(seen.shown);
        }
    }
    let mut found = Vec::new();
    for ((block, column), figures) in columns {
        let shown: Vec<i64> = figures.iter().flatten().copied().collect();
        if shown.len() < 5 || shown.len() == figures.len() || shown[0] == shown[shown.len() - 1] {
            continue;
        }
        let breaks = |before: fn(&i64, &i64) -> bool| shown.windows(2).filter(|w| !before(&w[0], &w[1])).count();
        let (down, up) = (breaks(|a, b| a >= b), breaks(|a, b| a <= b));
        // One row may stand apart: « autres ».
        if down.min(up) <= usize::from(shown.len() >= 10) {
            let descending = down <= up;
            found.push(Unchecked::LooksSorted { block: block.to_owned(), column: column.to_owned(), descending });
        }
    }
    found
}
