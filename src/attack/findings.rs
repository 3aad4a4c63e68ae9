//! What a deduction found, sorted by gravity.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::columns::{Pair, column_pairs, looks_sorted};
use super::contradiction::{self, Contradiction, Dispute, Explanation};
use super::deduce::{Deduction, Part};
use super::derivation::{Premise, Reasoning, premises};
use super::report::{
    Cause, Computable, Contradicted, Difference, Disputed, Explained, Figure, Finding, Gravity, Report, SCHEMA,
    Together, Unchecked,
};
use super::{Item, Knowledge, Published, deduce};
use crate::policy::Zeros;

/// How many values a cell may still have and be told as narrowed.
const FEW: i64 = 5;

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
            deduction: found.clone(),
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
        let mut printed = statements.filter_map(|s| s.printed.as_ref()).filter(|p| p.cell == cell && p.per == 100);
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
