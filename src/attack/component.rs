//! Hidden cells that are tied to each other, bounded by the engines and proved by adding up.
//!
//! The engines ask how far a cell can go from a table that is possible. A reader has none, so one is made: with every cell
//! at its lower bound and the constants of all statements multiplied by one more unknown, zero everywhere is possible, and
//! taking that unknown to one makes a table (the homogeneous form of a system; a limit on the way there is a contradiction
//! of the statements). From it, every end is asked for: a limit becomes a [`Step`](super::Step) that adds up, a change that
//! reaches it shows that it is the tightest. Where whole numbers keep a cell from its limit, halving finds how far it goes.

use std::collections::BTreeMap;

use super::Published;
use super::derivation::{Premise, Reasoning};
use super::linear::Linear;
use super::system::{Assumption, Conflict, Subject, System, Target};
use crate::extremes::{Case, Extremes, Reach};
use crate::relations::{Matrix, Outsider, UNBOUNDED, Witness};

/// Questions that may be asked to find one end in whole numbers.
const QUESTIONS: usize = 24;
/// Work, in steps times columns and rows, that questions about one component may take in whole numbers.
const WORK: u64 = 400_000_000;

/// One end of a sum, with what proves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct End {
    /// As an upper bound of the sum with its sign.
    pub(super) at_most: i64,
    pub(super) premise: Premise,
    /// Whether a possible table reaches it.
    pub(super) reached: bool,
}

/// An end as an engine found it, before its reasoning became a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RawEnd {
    pub(super) at_most: i64,
    pub(super) why: Why,
    pub(super) reached: bool,
}

/// What proves an end: a premise that stands already, or reasoning of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Why {
    Premise(Premise),
    Reasoning(Reasoning),
}

impl RawEnd {
    /// The end with its reasoning among the steps.
    pub(super) fn adopted(self, system: &mut System<'_>, signed: Vec<(usize, i64)>) -> End {
        let RawEnd { at_most, why, reached } = self;
        let premise = match why {
            Why::Premise(premise) => premise,
            Why::Reasoning(reasoning) => system.adopt(signed, at_most, reasoning),
        };
        End { at_most, premise, reached }
    }

    /// The end's reasoning by itself.
    pub(super) fn reasoning(self) -> Reasoning {
        match self.why {
            Why::Premise(premise) => Reasoning::Sum(vec![(1, premise), (1, Premise::Contrary)]),
            Why::Reasoning(reasoning) => reasoning,
        }
    }
}

/// Both ends of a sum, lower first.
pub(super) type RawEnds = [Option<RawEnd>; 2];

/// The terms with the signs of one end.
pub(super) fn signed(terms: &[(usize, i64)], upward: bool) -> Vec<(usize, i64)> {
    terms.iter().map(|&(c, k)| (c, if upward { k } else { -k })).collect()
}

/// Cells and statements tied to each other, by number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Component {
    pub(super) cells: Vec<usize>,
    pub(super) statements: Vec<usize>,
}

/// Hidden cells that are not known, grouped by the statements that tie them.
pub(super) fn components(system: &System<'_>) -> Vec<Component> {
    let mut root: Vec<usize> = (0..system.low.len()).collect();
    fn find(root: &mut [usize], mut i: usize) -> usize {
        while root[i] != i {
            root[i] = root[root[i]];
            i = root[i];
        }
        i
    }
    let open = |s: usize| {
        let terms = system.published.statements[s].terms.iter();
        terms.map(|t| t.0).filter(|&c| system.fixed(c).is_none()).collect::<Vec<_>>()
    };
    let statements: Vec<(usize, Vec<usize>)> = (0..system.active.len())
        .filter(|&s| system.active[s])
        .map(|s| (s, open(s)))
        .filter(|(_, cells)| cells.len() >= 2)
        .collect();
    for (_, cells) in &statements {
        for pair in cells.windows(2) {
            let (a, b) = (find(&mut root, pair[0]), find(&mut root, pair[1]));
            root[a.max(b)] = a.min(b);
        }
    }
    let mut groups: BTreeMap<usize, Component> = BTreeMap::new();
    for cell in (0..root.len()).filter(|&c| system.fixed(c).is_none()) {
        groups.entry(find(&mut root, cell)).or_default().cells.push(cell);
    }
    for (s, cells) in statements {
        groups.entry(find(&mut root, cells[0])).or_default().statements.push(s);
    }
    groups.into_values().collect()
}

/// The columns of a component's engine: its cells, then one slack a statement that is a range, then one a sum asked for.
pub(super) struct Polytope {
    cells: Vec<usize>,
    column: BTreeMap<usize, usize>,
    statements: Vec<usize>,
    /// By row, its slack's column.
    slack: Vec<Option<usize>>,
    /// By slack, in the order of columns, its statement.
    slack_of: Vec<usize>,
    /// By row, what the known cells sum to.
    known: Vec<i64>,
    lows: Vec<Option<i64>>,
    highs: Vec<Option<i64>>,
    /// A possible table, by column; values times `scale`.
    base: Vec<i64>,
    scale: i64,
    whole: bool,
    most: i64,
}

impl Polytope {
    /// A possible table of the component, or the statements that leave none; `None` if neither was found.
    pub(super) fn new(
        system: &System<'_>,
        component: &Component,
        hint: Option<&[i64]>,
        linear: Option<&Linear>,
    ) -> Result<Option<Self>, Conflict> {
        let mut polytope = Polytope {
            cells: component.cells.clone(),
            column: component.cells.iter().enumerate().map(|(i, &c)| (c, i)).collect(),
            statements: component.statements.clone(),
            slack: Vec::new(),
            slack_of: Vec::new(),
            known: Vec::new(),
            lows: component.cells.iter().map(|&c| system.low[c].map(|b| b.value)).collect(),
            highs: component.cells.iter().map(|&c| system.high[c].map(|b| b.value)).collect(),
            base: Vec::new(),
            scale: 1,
            whole: system.published.is_whole(),
            most: 1000,
        };
        for &s in &component.statements {
            let statement = &system.published.statements[s];
            let known: i128 =
                statement.terms.iter().filter_map(|&(c, k)| Some(i128::from(k) * i128::from(system.fixed(c)?))).sum();
            let Ok(known) = i64::try_from(known) else { return Ok(None) };
            polytope.known.push(known);
            polytope.slack.push(if statement.low.is_some() && statement.low == statement.high {
                None
            } else {
                polytope.lows.push(statement.low.map(|l| l.saturating_sub(known)));
                polytope.highs.push(statement.high.map(|h| h.saturating_sub(known)));
                polytope.slack_of.push(s);
                Some(polytope.lows.len() - 1)
            });
        }
        let hint = hint.map(|values| component.cells.iter().map(|&c| values[c]).collect::<Vec<i64>>());
        let point = hint.or_else(|| linear.and_then(|l| l.whole_point(system)));
        let base = match point {
            Some(point) => polytope.with_slacks(system.published, &point),
            None => match polytope.base_or_limit(system) {
                Found::Base(base, scale) => {
                    polytope.scale = scale;
                    base
                }
                Found::Limit(rows) => {
                    let used: Vec<usize> = rows.iter().map(|r| component.statements[r.0]).collect();
                    let near: Vec<usize> =
                        used.iter().flat_map(|&s| &system.published.statements[s].terms).map(|t| t.0).collect();
                    return Err(system.conflict(used, &near));
                }
                Found::NotWhole => return Err(system.conflict(component.statements.clone(), &component.cells)),
                Found::Unknown => Vec::new(),
            },
        };
        polytope.base = base;
        let largest = polytope.base.iter().chain(&polytope.known).map(|v| v.saturating_abs()).max().unwrap_or(0);
        polytope.most = largest.saturating_mul(10).clamp(1000, 1_000_000_000_000);
        Ok(Some(polytope))
    }

    /// A table of the component's cells, with what its slacks are.
    fn with_slacks(&self, published: &Published, point: &[i64]) -> Vec<i64> {
        let slacks = self.slack_of.iter().map(|&s| {
            let terms = published.statements[s].terms.iter();
            terms.filter_map(|&(c, k)| self.column.get(&c).map(|&i| k.saturating_mul(point[i]))).sum()
        });
        point.iter().copied().chain(slacks).collect()
    }

    /// The statement's terms over the component's cells, and its slack.
    fn row(&self, published: &Published, row: usize) -> Vec<(usize, i64)> {
        let terms = published.statements[self.statements[row]].terms.iter();
        let mut terms: Vec<(usize, i64)> =
            terms.filter_map(|&(c, k)| self.column.get(&c).map(|&column| (column, k))).collect();
        terms.extend(self.slack[row].map(|slack| (slack, -1)));
        terms
    }

    fn base_or_limit(&self, system: &System<'_>) -> Found {
        let columns = self.lows.len();
        // Where each column starts: at its lower bound, or its upper, or zero.
        let start: Vec<i64> = (0..columns).map(|c| self.lows[c].or(self.highs[c]).unwrap_or(0)).collect();
        let room = |end: Option<i64>, start: i64, sign: i64| {
            end.map_or(UNBOUNDED, |e| e.saturating_sub(start).saturating_mul(sign))
        };
        let mut down: Vec<i64> = (0..columns).map(|c| room(self.lows[c], start[c], -1)).collect();
        let mut up: Vec<i64> = (0..columns).map(|c| room(self.highs[c], start[c], 1)).collect();
        down.push(0);
        up.push(1);
        let mut rows = Vec::with_capacity(self.statements.len());
        let mut largest = 1000;
        for (row, &s) in self.statements.iter().enumerate() {
            let mut terms = self.row(system.published, row);
            let at_start: i128 = terms.iter().map(|&(c, k)| i128::from(k) * i128::from(start[c])).sum();
            let constant = match self.slack[row] {
                Some(_) => 0,
                None => system.published.statements[s].low.unwrap_or(0).saturating_sub(self.known[row]),
            };
            let Ok(gap) = i64::try_from(i128::from(constant) - at_start) else { return Found::Unknown };
            if gap != 0 {
                terms.push((columns, -gap));
            }
            largest = largest.max(gap.saturating_abs());
            rows.push(terms);
        }
        let matrix = Matrix::new(columns + 1, rows);
        let outsider = Outsider { down, up, matrix, integral: self.whole, cells: columns + 1 };
        let mut extremes = Extremes::new(&outsider, vec![true; columns + 1], largest);
        match extremes.reach(columns, true, 1) {
            Reach::Witness(witness) => {
                let scale = witness.denominator();
                let mut base: Vec<i64> = start.iter().map(|s| s.saturating_mul(scale)).collect();
                for &(column, change) in witness.terms.iter().filter(|t| t.0 < columns) {
                    base[column] = base[column].saturating_add(change);
                }
                Found::Base(base, scale)
            }
            Reach::Limit(limit) => Found::Limit(limit.rows),
            Reach::NotWhole(_) => Found::NotWhole,
            Reach::Unknown => Found::Unknown,
        }
    }

    /// The polytope around the base, with one more column a sum.
    fn outsider(&self, published: &Published, sums: &[Vec<(usize, i64)>]) -> (Outsider, Vec<i64>) {
        let mut base = self.base.clone();
        let room = |end: Option<i64>, base: i64, sign: i64| {
            end.map_or(UNBOUNDED, |e| e.saturating_mul(self.scale).saturating_sub(base).saturating_mul(sign))
        };
        let mut down: Vec<i64> = (0..base.len()).map(|c| room(self.lows[c], base[c], -1)).collect();
        let mut up: Vec<i64> = (0..base.len()).map(|c| room(self.highs[c], base[c], 1)).collect();
        let mut rows: Vec<Vec<(usize, i64)>> = (0..self.statements.len()).map(|r| self.row(published, r)).collect();
        for sum in sums {
            let mut terms: Vec<(usize, i64)> = sum.iter().map(|&(c, k)| (self.column[&c], k)).collect();
            let value = terms.iter().fold(0_i64, |v, &(c, k)| v.saturating_add(base[c].saturating_mul(k)));
            terms.push((base.len(), -1));
            base.push(value);
            down.push(UNBOUNDED);
            up.push(UNBOUNDED);
            rows.push(terms);
        }
        let columns = base.len();
        let matrix = Matrix::new(columns, rows);
        (Outsider { down, up, matrix, integral: self.whole, cells: columns }, base)
    }

    /// The same polytope with one cell below a number.
    pub(super) fn assuming(&self, cell: usize, at_most: i64) -> Self {
        let mut highs = self.highs.clone();
        let column = self.column[&cell];
        highs[column] = Some(highs[column].map_or(at_most, |h| h.min(at_most)));
        Polytope {
            cells: self.cells.clone(),
            column: self.column.clone(),
            statements: self.statements.clone(),
            slack: self.slack.clone(),
            slack_of: self.slack_of.clone(),
            known: self.known.clone(),
            lows: self.lows.clone(),
            highs,
            base: Vec::new(),
            scale: 1,
            whole: self.whole,
            most: self.most,
        }
    }

    /// Finds a possible table for a polytope without one.
    pub(super) fn settle(&mut self, system: &System<'_>) -> Settled {
        match self.base_or_limit(system) {
            Found::Base(base, scale) => {
                (self.base, self.scale) = (base, scale);
                Settled::Possible
            }
            Found::Limit(rows) => Settled::Impossible(weights_of(&self.statements, &rows, true)),
            Found::NotWhole | Found::Unknown => Settled::Unknown,
        }
    }

    /// Both ends of every cell of the component, or of sums of its cells.
    ///
    /// A network with a possible table answers by itself. Otherwise the linear program gives a bound of every end first,
    /// and tables where its vertices are whole; what no such table reaches is then asked for in whole numbers, as long as
    /// the work lasts.
    pub(super) fn ends(
        &mut self,
        system: &System<'_>,
        sums: Option<&[Vec<(usize, i64)>]>,
        assumed: &[Assumption],
        mut linear: Option<&mut Linear>,
    ) -> Vec<RawEnds> {
        let targets: Vec<Vec<(usize, i64)>> = match sums {
            Some(sums) => sums.to_vec(),
            None => self.cells.iter().map(|&c| vec![(c, 1)]).collect(),
        };
        let offset = if sums.is_some() { self.lows.len() } else { 0 };
        let defined: &[Vec<(usize, i64)>] = sums.unwrap_or(&[]);
        if !self.base.is_empty() {
            let (outsider, base) = self.outsider(system.published, defined);
            let mut asking = Asking::new(self, &outsider, base, assumed);
            if linear.is_none() || asking.extremes.network().is_some() {
                let end = |(i, t): (usize, &Vec<(usize, i64)>)| {
                    [false, true].map(|upward| asking.end(system, offset + i, upward, t))
                };
                return targets.iter().enumerate().map(end).collect();
            }
        }
        let Some(linear) = linear.as_mut() else { return vec![[None, None]; targets.len()] };
        let mut seen = Seen::new(self, &targets);
        if !self.base.is_empty() && self.scale == 1 {
            seen.see(&self.base);
        }
        let mut raw: Vec<RawEnds> = Vec::with_capacity(targets.len());
        for (i, terms) in targets.iter().enumerate() {
            raw.push([false, true].map(|upward| {
                let known = known(system, assumed, terms, upward);
                if let Some((at_most, why)) = &known
                    && seen.reaches(i, upward, *at_most)
                {
                    return Some(RawEnd { at_most: *at_most, why: why.clone(), reached: true });
                }
                let (bound, ended) = linear.bound(system, &signed(terms, upward), assumed);
                if ended && let Some(point) = linear.whole_point(system) {
                    if self.base.is_empty() {
                        self.base = self.with_slacks(system.published, &point);
                    }
                    seen.see(&point);
                }
                let found = bound.map(|(value, parts)| (value, Why::Reasoning(Reasoning::Sum(parts))));
                let best = known.into_iter().chain(found).min_by_key(|b| b.0)?;
                Some(RawEnd { at_most: best.0, why: best.1, reached: seen.reaches(i, upward, best.0) })
            }));
        }
        // Tables seen later may reach ends that were bounded before.
        for (i, pair) in raw.iter_mut().enumerate() {
            for (side, end) in pair.iter_mut().enumerate() {
                if let Some(end) = end {
                    end.reached |= seen.reaches(i, side == 1, end.at_most);
                }
            }
        }
        if self.base.is_empty() || !self.whole {
            return raw;
        }
        let (outsider, base) = self.outsider(system.published, defined);
        let mut asking = Asking::new(self, &outsider, base, assumed);
        for (i, pair) in raw.iter_mut().enumerate() {
            for (side, end) in pair.iter_mut().enumerate() {
                let upward = side == 1;
                if let Some(raw) = end.as_ref().filter(|e| !e.reached)
                    && asking.extremes.work() < WORK
                {
                    let question = asking.question(offset + i, upward, &targets[i]);
                    asking.saw(&question, seen.best[i][side]);
                    let narrowed = asking.whole(system, &question, (raw.at_most, raw.why.clone()));
                    *end = Some(narrowed);
                }
            }
        }
        raw
    }
}

/// How far targets went in possible tables, with the sign of each end.
struct Seen {
    /// By target, `(column, coefficient)`.
    targets: Vec<Vec<(usize, i64)>>,
    best: Vec<[Option<i64>; 2]>,
}

impl Seen {
    fn new(polytope: &Polytope, targets: &[Vec<(usize, i64)>]) -> Self {
        let columns = |t: &Vec<(usize, i64)>| t.iter().map(|&(c, k)| (polytope.column[&c], k)).collect();
        Seen { targets: targets.iter().map(columns).collect(), best: vec![[None, None]; targets.len()] }
    }

    fn see(&mut self, point: &[i64]) {
        for (terms, best) in self.targets.iter().zip(&mut self.best) {
            let value = terms.iter().fold(0_i64, |v, &(i, k)| v.saturating_add(k.saturating_mul(point[i])));
            *best = [best[0].max(Some(value.saturating_neg())), best[1].max(Some(value))];
        }
    }

    fn reaches(&self, target: usize, upward: bool, at_most: i64) -> bool {
        self.best[target][usize::from(upward)].is_some_and(|b| b >= at_most)
    }
}

/// The bound that stands already for a single cell, assumptions included.
fn known(system: &System<'_>, assumed: &[Assumption], terms: &[(usize, i64)], upward: bool) -> Option<(i64, Why)> {
    let &[(cell, 1)] = terms else { return None };
    let bound = if upward { system.high[cell] } else { system.low[cell] };
    let bound = bound.map(|b| (if upward { b.value } else { -b.value }, b.premise));
    let assumed = assumed.iter().enumerate().filter(|a| a.1.target == Target::Cell(cell) && a.1.at_most && upward);
    let assumed = assumed.map(|(depth, a)| (a.value, Premise::Assumed(depth)));
    bound.into_iter().chain(assumed).min_by_key(|b| b.0).map(|(value, premise)| (value, Why::Premise(premise)))
}

/// How the search for a possible table under an assumption ended.
pub(super) enum Settled {
    Possible,
    /// There is none; these weights refute it.
    Impossible(Vec<(Target, i128)>),
    Unknown,
}

/// A possible table with its scale, or why there is none.
enum Found {
    Base(Vec<i64>, i64),
    Limit(Vec<(usize, i128)>),
    NotWhole,
    Unknown,
}

/// Multipliers of rows as weights of what they speak of. A limit adds rows up to zero, a derivation up to a bound: the
/// signs turn. The row that defines a sum speaks of the sum with the sign of its end.
fn weights_of(statements: &[usize], rows: &[(usize, i128)], upward: bool) -> Vec<(Target, i128)> {
    rows.iter()
        .map(|&(row, weight)| match statements.get(row) {
            Some(&s) => (Target::Statement(s), -weight),
            None => (Target::Subject, if upward { -weight } else { weight }),
        })
        .collect()
}

/// One end of one column.
struct Question {
    column: usize,
    upward: bool,
    signed: Vec<(usize, i64)>,
    /// Where the base stands, with the sign of the end.
    start: i64,
}

/// What a tree of cases has to refute.
struct Asked<'a, 'b> {
    system: &'b System<'a>,
    subject: Subject<'b>,
    upward: bool,
}

/// Asks one engine for ends, and remembers how far each cell was seen to go in possible tables.
struct Asking<'a> {
    polytope: &'a Polytope,
    outsider: &'a Outsider,
    extremes: Extremes<'a>,
    assumed: &'a [Assumption],
    base: Vec<i64>,
    seen: Vec<(i64, i64)>,
}

impl<'a> Asking<'a> {
    fn new(polytope: &'a Polytope, outsider: &'a Outsider, base: Vec<i64>, assumed: &'a [Assumption]) -> Self {
        let extremes = Extremes::new(outsider, vec![true; outsider.len()], polytope.most);
        let seen = base.iter().map(|&b| (b, b)).collect();
        Asking { polytope, outsider, extremes, assumed, base, seen }
    }

    fn see(&mut self, witness: &Witness) {
        if witness.denominator() == 1 {
            for &(column, change) in &witness.terms {
                let value = self.base[column].saturating_add(change);
                let seen = &mut self.seen[column];
                *seen = (seen.0.min(value), seen.1.max(value));
            }
        }
    }

    /// One end of a column, whose value is the sum of these terms.
    fn end(&mut self, system: &System<'_>, column: usize, upward: bool, terms: &[(usize, i64)]) -> Option<RawEnd> {
        let question = self.question(column, upward, terms);
        let known = known(system, self.assumed, terms, upward);
        let scale = self.polytope.scale;
        if let Some((at_most, why)) = &known
            && self.seen(&question) == at_most.saturating_mul(scale)
        {
            return Some(RawEnd { at_most: *at_most, why: why.clone(), reached: true });
        }
        let unreached = known.clone().map(|(at_most, why)| RawEnd { at_most, why, reached: false });
        let far = self.polytope.most.saturating_mul(100).saturating_mul(scale);
        let own = self.outsider.room(column, upward);
        let asked = own.min(far);
        match self.extremes.reach(column, upward, asked) {
            Reach::Witness(witness) => {
                self.see(&witness);
                match known {
                    Some((at_most, why)) if asked == own => Some(RawEnd { at_most, why, reached: true }),
                    _ => unreached,
                }
            }
            Reach::Limit(limit) => {
                let weights = weights_of(&self.polytope.statements, &limit.rows, upward);
                let Some((at_most, parts)) = system.bound(&question.signed, &weights, self.assumed) else {
                    return unreached;
                };
                if self.polytope.whole {
                    return Some(self.whole(system, &question, (at_most, Why::Reasoning(Reasoning::Sum(parts)))));
                }
                let most = limit.most(|_| true).and_then(|m| i64::try_from(m).ok());
                let reached = most.is_some_and(|most| {
                    question.start.saturating_add(most) == at_most.saturating_mul(scale)
                        && matches!(self.extremes.reach(column, upward, most), Reach::Witness(_))
                });
                Some(RawEnd { at_most, why: Why::Reasoning(Reasoning::Sum(parts)), reached })
            }
            Reach::NotWhole(cases) => {
                let at_most = question.start.saturating_add(asked).saturating_sub(1);
                match self.tree(system, &question, at_most, &cases) {
                    Some(reasoning) => Some(self.whole(system, &question, (at_most, Why::Reasoning(reasoning)))),
                    None => unreached,
                }
            }
            Reach::Unknown => unreached,
        }
    }

    fn seen(&self, question: &Question) -> i64 {
        let seen = self.seen[question.column];
        if question.upward { seen.1 } else { -seen.0 }
    }

    fn question(&self, column: usize, upward: bool, terms: &[(usize, i64)]) -> Question {
        let start = if upward { self.base[column] } else { -self.base[column] };
        Question { column, upward, signed: signed(terms, upward), start }
    }

    /// Some possible table has the question's sum at this value, with the sign of its end.
    fn saw(&mut self, question: &Question, value: Option<i64>) {
        if let Some(value) = value {
            let seen = &mut self.seen[question.column];
            *seen = if question.upward { (seen.0, seen.1.max(value)) } else { (seen.0.min(-value), seen.1) };
        }
    }

    /// Narrows a proved end down to what whole numbers reach, by halving.
    fn whole(&mut self, system: &System<'_>, question: &Question, claimed: (i64, Why)) -> RawEnd {
        let (mut at_most, mut why) = claimed;
        let Question { column, upward, ref signed, start } = *question;
        let mut reached = self.seen(question);
        let mut next = at_most;
        for _ in 0..QUESTIONS {
            if reached >= at_most {
                break;
            }
            match self.extremes.reach(column, upward, next.saturating_sub(start)) {
                Reach::Witness(witness) => {
                    self.see(&witness);
                    reached = reached.max(next);
                }
                Reach::Limit(limit) => {
                    let weights = weights_of(&self.polytope.statements, &limit.rows, upward);
                    match system.bound(signed, &weights, self.assumed) {
                        Some((value, parts)) if value < at_most => {
                            (at_most, why) = (value, Why::Reasoning(Reasoning::Sum(parts)));
                        }
                        _ => break,
                    }
                }
                Reach::NotWhole(cases) => match self.tree(system, question, next - 1, &cases) {
                    Some(tree) => (at_most, why) = (next - 1, Why::Reasoning(tree)),
                    None => break,
                },
                Reach::Unknown => break,
            }
            next = if reached + 3 >= at_most { at_most } else { reached + (at_most - reached) / 2 + 1 };
        }
        RawEnd { at_most, why, reached: reached >= at_most }
    }

    /// The tree of cases that leaves no table with the sum above `at_most`.
    fn tree(&self, system: &System<'_>, question: &Question, at_most: i64, cases: &[Case]) -> Option<Reasoning> {
        let cases: Vec<&Case> = cases.iter().collect();
        let subject = Subject { terms: &question.signed, at_most: Some(at_most) };
        let asked = Asked { system, subject, upward: question.upward };
        self.branch(&asked, &cases, 0, &mut self.assumed.to_vec())
    }

    fn branch(
        &self,
        asked: &Asked<'_, '_>,
        cases: &[&Case],
        depth: usize,
        assumed: &mut Vec<Assumption>,
    ) -> Option<Reasoning> {
        let system = asked.system;
        let first = cases.first()?;
        if cases.len() == 1 && first.path.len() == depth {
            return self.leaf(asked, &first.rows, assumed).map(Reasoning::Sum);
        }
        let &(column, _, by) = first.path.get(depth)?;
        let polytope = self.polytope;
        let (target, terms) = if let Some(&cell) = polytope.cells.get(column) {
            (Target::Cell(cell), vec![(cell, 1)])
        } else if let Some(&s) = polytope.slack_of.get(column - polytope.cells.len()) {
            (Target::Statement(s), system.published.statements[s].terms.clone())
        } else {
            (Target::Subject, asked.subject.terms.to_vec())
        };
        // A slack is the statement's sum over what is not known; an assumption speaks of the whole sum.
        let mut at = self.base[column].checked_add(by)?;
        if let Target::Statement(s) = target {
            let row = polytope.statements.iter().position(|&other| other == s)?;
            at = at.checked_add(polytope.known[row])?;
        }
        // The subject has the sign of its end; where that turns, so do the sides.
        let turned = target == Target::Subject && !asked.upward;
        if turned {
            at = -at.checked_add(1)?;
        }
        let mut part = |at_most: bool| {
            let side: Vec<&Case> = cases
                .iter()
                .copied()
                .filter(|c| c.path.get(depth).is_some_and(|p| (p.0, p.1 != turned, p.2) == (column, at_most, by)))
                .collect();
            assumed.push(Assumption { target, at_most, value: at });
            let reasoning = self.branch(asked, &side, depth + 1, assumed);
            assumed.pop();
            reasoning.map(|r| (side.len(), r))
        };
        let ((few, below), (rest, above)) = (part(true)?, part(false)?);
        let (below, above) = (Box::new(below), Box::new(above));
        (few + rest == cases.len()).then_some(Reasoning::Cases { terms, at, below, above })
    }

    fn leaf(
        &self,
        asked: &Asked<'_, '_>,
        rows: &[(usize, i128)],
        assumed: &[Assumption],
    ) -> Option<Vec<(i128, Premise)>> {
        let &Asked { system, subject, upward } = asked;
        if !rows.is_empty() {
            let weights = weights_of(&self.polytope.statements, rows, upward);
            return system.refute(&weights, Some(subject), assumed);
        }
        // The assumptions contradict each other, or a bound: some target has its lower end above its upper.
        let mut targets: Vec<Target> = assumed.iter().map(|a| a.target).collect();
        targets.extend(subject.terms.iter().map(|t| Target::Cell(t.0)));
        targets.into_iter().find_map(|target| system.refute(&[(target, 1), (target, -1)], Some(subject), assumed))
    }
}
