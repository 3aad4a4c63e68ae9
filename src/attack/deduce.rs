//! From a published table alone: intervals, sums, contradictions.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::component::{self, Component};
use super::contradiction::{self, Contradiction};
use super::derivation::{Derivations, Premise, Reasoning, premises};
use super::ends::{End, RawEnds, Side, signed};
use super::linear::{Linear, Start};
use super::polytope::Polytope;
use super::rule::rule;
use super::system::{Conflict, System, Target};
use super::{Item, Knowledge, Published};
use crate::table::Key;

/// Contradictions that are told one by one before all figures of the least trusted kind are left aside.
const CONTRADICTIONS: usize = 200;

/// The lowest and the highest count that a hidden cell can have, as far as the reader can tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interval {
    /// The cell, by number.
    pub cell: usize,
    /// The lowest value, in the table's unit; none where no bound was proved.
    pub lowest: Option<i64>,
    /// The highest value.
    pub highest: Option<i64>,
    /// Whether possible tables reach the lowest value and the highest, or, where there is none, go as far as one likes.
    /// Where not, a tighter bound may hold: it was beyond the work that a deduction does.
    pub reached: (bool, bool),
    /// The lowest and the highest value that some possible table was seen to have; no proof stands beside them.
    pub seen: (Option<i64>, Option<i64>),
    /// What proves the lowest value, and the highest.
    pub why: (Option<Premise>, Option<Premise>),
}

/// What a sum asked for is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// What the hidden cells of one sum hold together.
    Remainder,
    /// One that the caller asked for.
    Asked,
}

/// The lowest and the highest value of a sum of cells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SumInterval {
    /// What it is called: for a remainder, the total.
    pub name: String,
    /// What it is.
    pub part: Part,
    /// `(cell, coefficient)`.
    pub terms: Vec<(usize, i64)>,
    /// The lowest value, in the table's unit; none where nothing bounds it.
    pub lowest: Option<i64>,
    /// The highest value.
    pub highest: Option<i64>,
    /// Whether possible tables reach both.
    pub reached: (bool, bool),
    /// What proves the lowest value, and the highest.
    pub why: (Option<Premise>, Option<Premise>),
}

/// All that a published table gives away.
#[derive(Debug, Clone, PartialEq)]
pub struct Deduction {
    pub(super) published: Published,
    pub(super) knowledge: Knowledge,
    /// One interval for each cell whose figure is not shown, undisplayed ones included, by cell.
    pub intervals: Vec<Interval>,
    /// Sums: what hidden cells of one total hold together, and what was asked for.
    pub sums: Vec<SumInterval>,
    /// Figures that contradict each other, and which of them were left aside.
    pub contradictions: Vec<Contradiction>,
    /// Why each bound holds.
    pub derivations: Derivations,
    /// The items that some bound rests on.
    pub used: BTreeSet<Item>,
}

/// Everything needed to add a deduction up: who reads it needs nothing else.
///
/// Serialised (`caviardage-proofs/1`): `schema`; `whole`, whether counts are known to be whole; `decimals` of the unit, in
/// which all figures are whole numbers; `cells`, each a `name` and, where it is shown, its `count`; `statements`, each
/// `low ≤ Σ coefficient·cell ≤ high` with its `item` and `name`; `intervals` and `sums`, with the premises that prove
/// their ends; `steps`, each `Σ coefficient·cell ≤ at_most` and its reasoning, `groups` and `threshold` for the rule, as
/// [`Derivations`] describes them. Cells, statements and steps are told by number, from 0.
#[derive(Debug, Clone, Serialize)]
pub struct Proofs<'a> {
    schema: &'static str,
    whole: bool,
    decimals: u32,
    cells: Vec<ProofCell>,
    statements: Vec<ProofStatement<'a>>,
    intervals: &'a [Interval],
    sums: &'a [SumInterval],
    #[serde(flatten)]
    derivations: &'a Derivations,
}

#[derive(Debug, Clone, Serialize)]
struct ProofCell {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<i64>,
}

#[derive(Debug, Clone, Serialize)]
struct ProofStatement<'a> {
    item: Item,
    name: &'a str,
    terms: &'a [(usize, i64)],
    #[serde(skip_serializing_if = "Option::is_none")]
    low: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    high: Option<i64>,
}

impl Deduction {
    /// The deduction with everything that its derivations speak of, for whoever adds them up.
    pub fn proofs(&self) -> Proofs<'_> {
        let published = &self.published;
        let cells = (0..published.len())
            .map(|c| ProofCell { name: published.key(c).to_string(), count: published.shown(c) })
            .collect();
        let statements = published.statements.iter().map(|s| ProofStatement {
            item: s.item,
            name: &s.name,
            terms: &s.terms,
            low: s.low,
            high: s.high,
        });
        Proofs {
            schema: "caviardage-proofs/1",
            whole: published.is_whole(),
            decimals: published.decimals(),
            cells,
            statements: statements.collect(),
            intervals: &self.intervals,
            sums: &self.sums,
            derivations: &self.derivations,
        }
    }

    /// The published table as the reader knows it: premises speak of its cells and statements.
    pub fn published(&self) -> &Published {
        &self.published
    }

    /// What the reader was taken to know.
    pub fn knowledge(&self) -> &Knowledge {
        &self.knowledge
    }

    /// The interval of a cell whose figure is not shown.
    pub fn interval(&self, key: impl Into<Key>) -> Option<&Interval> {
        let cell = self.published.find(key)?;
        self.of_cell(cell)
    }

    /// The interval of a cell, by number.
    pub fn of_cell(&self, cell: usize) -> Option<&Interval> {
        self.intervals.binary_search_by_key(&cell, |i| i.cell).ok().map(|i| &self.intervals[i])
    }

    /// A derivation in plain words, a line a step: what was added up, and what follows.
    pub fn in_words(&self, why: Premise) -> String {
        super::derivation::in_words(&self.published, &self.derivations, why)
    }

    /// Whether every derivation adds up, in integers and without any engine.
    pub fn holds(&self) -> bool {
        self.derivations.holds(&self.published)
    }
}

/// Deduces from a published table all that its reader can, with this knowledge.
///
/// Bounds are exact in whole numbers wherever [`Interval::reached`] says so: a possible table reaches them. Every bound has
/// a derivation ([`Deduction::derivations`]) that adds up. Figures that contradict others are reported, the least trusted
/// one is left aside, and the deduction goes on.
///
/// Cost: two questions a hidden cell to the engine of its component (a maximum flow where its relations are a network, a
/// warm linear program otherwise, branching where whole numbers ask for it).
pub fn deduce(published: &Published, knowledge: &Knowledge) -> Deduction {
    deduce_near(published, knowledge, None)
}

/// The same, where a table that is possible is known already.
pub(crate) fn deduce_near(published: &Published, knowledge: &Knowledge, possible: Option<&[i64]>) -> Deduction {
    let known = published.known_as(knowledge);
    let mut run = Run { published: &known, knowledge, possible, ignored: BTreeSet::new(), found: Vec::new() };
    let (system, settlement) = run.settle();
    let found = std::mem::take(&mut run.found);
    let (intervals, sums, mut derivations) = answers(&known, knowledge, system, settlement);
    derivations.groups.sort_unstable();
    let mut used = BTreeSet::new();
    let ends = intervals.iter().flat_map(|i| [i.why.0, i.why.1]).chain(sums.iter().flat_map(|s| [s.why.0, s.why.1]));
    for premise in ends.flatten() {
        note(&known, &derivations, premise, &mut used);
    }
    let contradictions = contradiction::explain(&known, knowledge, &found);
    let knowledge = knowledge.clone();
    Deduction { published: known, knowledge, intervals, sums, contradictions, derivations, used }
}

/// The ranges of sums of these cells, where some statements are left aside beforehand.
pub(super) fn intervals_without(
    published: &Published,
    knowledge: &Knowledge,
    aside: BTreeSet<usize>,
    groups: &[Vec<usize>],
) -> Vec<(Option<i64>, Option<i64>)> {
    let mut asking = published.clone();
    asking.asked.clear();
    for group in groups {
        asking.ask(String::new(), group.iter().map(|&c| (c, 1)).collect());
    }
    let mut run = Run { published: &asking, knowledge, possible: None, ignored: aside, found: Vec::new() };
    let (system, settlement) = run.settle();
    let (_, sums, _) = answers(&asking, knowledge, system, settlement);
    sums.into_iter().filter(|s| s.part == Part::Asked).map(|s| (s.lowest, s.highest)).collect()
}

/// The items behind a premise.
fn note(published: &Published, derivations: &Derivations, premise: Premise, used: &mut BTreeSet<Item>) {
    let mut tell = |premise: Premise| match premise {
        Premise::Statement(s, _) => {
            used.insert(published.statements[s].item);
        }
        Premise::NotNegative(_) => {
            used.insert(Item::Whole);
        }
        _ => {}
    };
    tell(premise);
    let Premise::Step(step) = premise else { return };
    let chain = derivations.chain(step);
    for &number in &chain {
        premises(&derivations.steps[number].reasoning, &mut tell);
    }
    if chain.iter().any(|&n| matches!(derivations.steps[n].reasoning, Reasoning::Rule(_))) {
        used.insert(Item::Rule);
    }
}

/// Settles contradictions until what is left is possible.
struct Run<'a> {
    published: &'a Published,
    knowledge: &'a Knowledge,
    possible: Option<&'a [i64]>,
    ignored: BTreeSet<usize>,
    /// Each contradiction: its statements, and those that were left aside for it.
    found: Vec<contradiction::Found>,
}

/// A component with its program and its polytope, where it has statements and the programs came to an end.
struct Settled {
    component: Component,
    linear: Option<Box<Linear>>,
    polytope: Option<Polytope>,
}

type Settlement = Vec<Settled>;

impl<'a> Run<'a> {
    fn settle(&mut self) -> (System<'a>, Settlement) {
        loop {
            match self.attempt() {
                Ok(settled) => return settled,
                Err(conflict) => self.leave_aside(&conflict),
            }
        }
    }

    fn attempt(&mut self) -> Result<(System<'a>, Settlement), Conflict> {
        let mut system = System::new(self.published, self.knowledge, &self.ignored);
        let alone = system.false_alone();
        if !alone.is_empty() {
            for s in alone {
                if !self.ignored.contains(&s) {
                    self.leave_aside(&Conflict { statements: [s].into() });
                }
            }
            system = System::new(self.published, self.knowledge, &self.ignored);
        }
        system.tighten()?;
        let mut settlement = Vec::new();
        for component in component::components(&system) {
            let mut settled = Settled { component, linear: None, polytope: None };
            let component = &settled.component;
            if !component.statements.is_empty() {
                match Linear::start(&system, &component.cells, &component.statements) {
                    Start::Possible(linear) => settled.linear = Some(linear),
                    Start::Impossible(weights) => {
                        let used = weights.into_iter().filter_map(|w| match w.0 {
                            Target::Statement(s) => Some(s),
                            _ => None,
                        });
                        let used: Vec<usize> = used.collect();
                        let statements = used.iter().flat_map(|&s| &self.published.statements[s].terms);
                        let near: Vec<usize> = statements.map(|t| t.0).collect();
                        return Err(system.conflict(used, &near));
                    }
                    Start::Unknown => {}
                }
                settled.polytope = Polytope::new(&system, component, self.possible, settled.linear.as_deref())?;
            }
            settlement.push(settled);
        }
        Ok((system, settlement))
    }

    /// Leaves the least trusted statement of a conflict aside, with whatever the same printed figure states besides.
    fn leave_aside(&mut self, conflict: &Conflict) {
        let statements = &self.published.statements;
        let least =
            conflict.statements.iter().copied().min_by_key(|&s| (statements[s].item.trust(), std::cmp::Reverse(s)));
        let Some(least) = least else {
            // Nothing to blame: give everything up rather than go round for ever.
            self.ignored.extend(0..statements.len());
            return;
        };
        let mut aside: BTreeSet<usize> = [least].into();
        if let Some(printed) = &statements[least].printed {
            aside.extend((0..statements.len()).filter(|&s| statements[s].printed.as_ref() == Some(printed)));
        }
        if self.found.len() >= CONTRADICTIONS {
            let item = statements[least].item;
            aside.extend((0..statements.len()).filter(|&s| statements[s].item == item));
        }
        self.ignored.extend(&aside);
        self.found.push(contradiction::Found { statements: conflict.statements.clone(), aside });
    }
}

type Ends = [Side<End>; 2];

fn answers(
    published: &Published,
    knowledge: &Knowledge,
    mut system: System<'_>,
    mut settlement: Settlement,
) -> (Vec<Interval>, Vec<SumInterval>, Derivations) {
    let mut ends: BTreeMap<usize, Ends> = BTreeMap::new();
    let standing = |system: &System<'_>, cell: usize, reached: bool| {
        // Without a bound, there is none where nothing ties the cell; otherwise no engine said anything.
        let end = |bound: Option<super::system::Bound>, sign: i64| match bound {
            Some(b) => Side::At(End { at_most: b.value * sign, premise: b.premise, reached, seen: None }),
            None if reached => Side::Open,
            None => Side::Unknown,
        };
        [end(system.low[cell], -1), end(system.high[cell], 1)]
    };
    let mut component_of: BTreeMap<usize, usize> = BTreeMap::new();
    for (number, settled) in settlement.iter_mut().enumerate() {
        let Settled { component, linear, polytope } = settled;
        component_of.extend(component.cells.iter().map(|&c| (c, number)));
        let raw = polytope.as_mut().map(|p| p.ends(&system, None, &[], linear.as_deref_mut()));
        let ruled = rule(published, knowledge, &mut system, component, polytope.as_ref(), raw.as_deref());
        match ruled.or(raw) {
            Some(raw) => {
                for (&cell, pair) in component.cells.iter().zip(raw) {
                    let adopted = adopt(&mut system, &[(cell, 1)], pair);
                    ends.insert(cell, adopted);
                }
            }
            None => {
                let reached = component.statements.is_empty();
                ends.extend(component.cells.iter().map(|&c| (c, standing(&system, c, reached))));
            }
        }
    }
    let mut intervals = Vec::new();
    for (cell, seen) in published.cells.iter().enumerate() {
        if seen.shown.is_none() {
            let pair = ends.get(&cell).copied().unwrap_or_else(|| standing(&system, cell, true));
            let (lowest, highest, reached, why) = read(&pair);
            let farthest = |side: Side<End>| side.at().and_then(|e| if e.reached { Some(e.at_most) } else { e.seen });
            let seen = (farthest(pair[0]).map(|v| -v), farthest(pair[1]));
            intervals.push(Interval { cell, lowest, highest, reached, seen, why });
            ends.insert(cell, pair);
        }
    }
    let mut sums = remainders(&mut system);
    sums.extend(asked(published, &mut system, &mut settlement, &component_of, &ends));
    (intervals, sums, system.derivations)
}

/// The sums that the caller asks for. Each falls apart into what is known and one part a component; parts of different
/// components vary independently, so their ends add up.
fn asked(
    published: &Published,
    system: &mut System<'_>,
    settlement: &mut Settlement,
    component_of: &BTreeMap<usize, usize>,
    ends: &BTreeMap<usize, Ends>,
) -> Vec<SumInterval> {
    let split = |terms: &[(usize, i64)]| {
        let mut split: BTreeMap<usize, Vec<(usize, i64)>> = BTreeMap::new();
        for &(cell, k) in terms {
            if let Some(&number) = component_of.get(&cell) {
                split.entry(number).or_default().push((cell, k));
            }
        }
        split
    };
    let mut parts: BTreeMap<usize, BTreeSet<Vec<(usize, i64)>>> = BTreeMap::new();
    for (_, terms) in &published.asked {
        for (number, part) in split(terms).into_iter().filter(|p| p.1.len() > 1) {
            parts.entry(number).or_default().insert(part);
        }
    }
    let mut part_ends: BTreeMap<Vec<(usize, i64)>, Ends> = BTreeMap::new();
    for (number, wanted) in parts {
        let Settled { linear, polytope, .. } = &mut settlement[number];
        let Some(polytope) = polytope else { continue };
        let wanted: Vec<Vec<(usize, i64)>> = wanted.into_iter().collect();
        let raw = polytope.ends(system, Some(&wanted), &[], linear.as_deref_mut());
        for (terms, pair) in wanted.into_iter().zip(raw) {
            let adopted = adopt(system, &terms, pair);
            part_ends.insert(terms, adopted);
        }
    }
    let mut sums = Vec::new();
    for (name, terms) in &published.asked {
        let whole: Ends = [false, true].map(|upward| {
            let mut sum = Adding { at_most: Some(0), open: false, reached: true, used: vec![(1, Premise::Contrary)] };
            for &(cell, k) in terms.iter().filter(|t| !component_of.contains_key(&t.0)) {
                let side = (k > 0) == upward;
                let bound = if side { system.high[cell] } else { system.low[cell] };
                let sign = if side { 1 } else { -1 };
                let end = bound.map(|b| End { at_most: b.value * sign, premise: b.premise, reached: true, seen: None });
                sum.take(Side::or_unknown(end), k);
            }
            for (_, part) in split(terms) {
                match (&part[..], part_ends.get(&part)) {
                    (_, Some(pair)) => sum.take(pair[usize::from(upward)], 1),
                    (cells, None) => {
                        sum.reached &= cells.len() == 1;
                        for &(cell, k) in cells {
                            sum.take(ends[&cell][usize::from((k > 0) == upward)], k);
                        }
                    }
                }
            }
            let Adding { at_most, open, reached, used } = sum;
            let Some(at_most) = at_most else { return if open { Side::Open } else { Side::Unknown } };
            if let [_, (1, premise)] = used[..] {
                return Side::At(End { at_most, premise, reached, seen: None });
            }
            let premise = system.adopt(signed(terms, upward), at_most, Reasoning::Sum(used));
            Side::At(End { at_most, premise, reached, seen: None })
        });
        let (lowest, highest, reached, why) = read(&whole);
        let (name, part, terms) = (name.clone(), Part::Asked, terms.clone());
        sums.push(SumInterval { name, part, terms, lowest, highest, reached, why });
    }
    sums
}

/// One end of a sum, put together from the ends of its parts.
struct Adding {
    /// None where some part has no end that was proved.
    at_most: Option<i64>,
    /// Whether every part without an end goes as far as one likes.
    open: bool,
    reached: bool,
    used: super::derivation::Parts,
}

impl Adding {
    fn take(&mut self, side: Side<End>, k: i64) {
        let Some(at_most) = self.at_most else {
            // A part that is not known leaves the sum unknown; others do not mend it.
            self.open &= side != Side::Unknown;
            return;
        };
        let Side::At(end) = side else {
            (self.at_most, self.open) = (None, side == Side::Open);
            return;
        };
        let times = k.saturating_abs();
        self.at_most = end.at_most.checked_mul(times).and_then(|more| at_most.checked_add(more));
        self.reached &= end.reached;
        self.used.push((i128::from(times), end.premise));
    }
}

fn adopt(system: &mut System<'_>, terms: &[(usize, i64)], raw: RawEnds) -> Ends {
    let [low, high] = raw;
    let low = low.map(|end| end.adopted(system, signed(terms, false)));
    let high = high.map(|end| end.adopted(system, signed(terms, true)));
    [low, high]
}

type Reading = (Option<i64>, Option<i64>, (bool, bool), (Option<Premise>, Option<Premise>));

fn read(ends: &Ends) -> Reading {
    let [low, high] = ends;
    // Where there is no end, tables go as far as one likes; where none was found, nothing was reached.
    let reached = |side: &Side<End>| match side {
        Side::At(end) => end.reached,
        Side::Open => true,
        Side::Unknown => false,
    };
    let reached = (reached(low), reached(high));
    let (low, high) = (low.at(), high.at());
    (low.map(|e| -e.at_most), high.map(|e| e.at_most), reached, (low.map(|e| e.premise), high.map(|e| e.premise)))
}

/// For every sum whose total is shown and that hides several cells, what those hold together: the sum alone says it.
fn remainders(system: &mut System<'_>) -> Vec<SumInterval> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for (s, statement) in system.published.statements.iter().enumerate() {
        if !system.active[s] || statement.item != Item::Totals || statement.low != statement.high {
            continue;
        }
        let open: Vec<(usize, i64)> =
            statement.terms.iter().copied().filter(|t| system.published.cells[t.0].shown.is_none()).collect();
        let (Some(first), true) = (open.first().copied(), open.len() >= 2) else { continue };
        if open.iter().any(|t| t.1 != first.1) || first.1.abs() != 1 {
            continue;
        }
        let terms: Vec<(usize, i64)> = open.into_iter().map(|t| (t.0, 1)).collect();
        if !seen.insert(terms.clone()) {
            continue;
        }
        let ends: Ends = [false, true].map(|upward| {
            let signed = signed(&terms, upward);
            let weight = i128::from(first.1) * if upward { 1 } else { -1 };
            let found = system.bound(&signed, &[(Target::Statement(s), weight), (Target::Subject, -1)], &[]);
            Side::or_unknown(found).map(|(at_most, parts)| {
                let premise = system.adopt(signed, at_most, Reasoning::Sum(parts));
                End { at_most, premise, reached: true, seen: None }
            })
        });
        let (lowest, highest, reached, why) = read(&ends);
        let (name, part) = (statement.name.clone(), Part::Remainder);
        found.push(SumInterval { name, part, terms, lowest, highest, reached, why });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_engine_found_out_is_not_told_as_boundless() {
        let end = End { at_most: 3, premise: Premise::NotNegative(0), reached: true, seen: None };
        assert_eq!(read(&[Side::Unknown, Side::Open]).2, (false, true));
        assert_eq!(read(&[Side::At(end), Side::Unknown]).2, (true, false));
        for (sides, open) in [
            (vec![Side::At(end), Side::Open], true),
            (vec![Side::Open, Side::Unknown], false),
            (vec![Side::Unknown, Side::Open], false),
            (vec![Side::Open, Side::Open], true),
        ] {
            let mut sum = Adding { at_most: Some(0), open: false, reached: true, used: Vec::new() };
            sides.iter().for_each(|side| sum.take(*side, 1));
            assert_eq!((sum.at_most, sum.open), (None, open), "{sides:?}");
        }
    }
}
