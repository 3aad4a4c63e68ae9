//! Hidden cells that are tied to each other, bounded by the engines and proved by adding up.
//!
//! The engines ask how far a cell can go from a table that is possible. A reader has none, so one is made: with every cell
//! at its lower bound and the constants of all statements multiplied by one more unknown, zero everywhere is possible, and
//! taking that unknown to one makes a table (the homogeneous form of a system; a limit on the way there is a contradiction
//! of the statements). From it, every end is asked for: a limit becomes a [`Step`](super::Step) that adds up, a change that
//! reaches it shows that it is the tightest. Where whole numbers keep a cell from its limit, halving finds how far it goes.

use std::collections::BTreeMap;

use super::Published;
use super::asking::{Asking, known, weights_of};
use super::component::Component;
use super::derivation::Reasoning;
use super::ends::{RawEnd, RawEnds, Side, Why, signed};
use super::linear::Linear;
use super::system::{Assumption, Conflict, System, Target};
use crate::extremes::{Extremes, Reach};
use crate::lp::{Engine, Status};
use crate::relations::{Matrix, Outsider, UNBOUNDED};

/// Work, in steps times columns and rows, that questions about one component may take in whole numbers.
const WORK: u64 = 400_000_000;

/// The columns of a component's engine: its cells, then one slack a statement that is a range, then one a sum asked for.
pub(super) struct Polytope {
    pub(super) cells: Vec<usize>,
    pub(super) column: BTreeMap<usize, usize>,
    pub(super) statements: Vec<usize>,
    /// By row, its slack's column.
    slack: Vec<Option<usize>>,
    /// By slack, in the order of columns, its statement.
    pub(super) slack_of: Vec<usize>,
    /// By row, what the known cells sum to.
    pub(super) known: Vec<i64>,
    lows: Vec<Option<i64>>,
    highs: Vec<Option<i64>>,
    /// A possible table, by column; values times `scale`.
    base: Vec<i64>,
    pub(super) scale: i64,
    pub(super) whole: bool,
    pub(super) most: i64,
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
            let (open, shown) = &system.open[s];
            let fixed: i128 =
                open.iter().filter_map(|&(c, k)| Some(i128::from(k) * i128::from(system.fixed(c)?))).sum();
            let known = fixed + i128::from(*shown);
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

    /// A table of the component's cells, with what its slacks are; empty where one does not fit 64 bits.
    fn with_slacks(&self, published: &Published, point: &[i64]) -> Vec<i64> {
        let slack = |s: &usize| {
            let terms = published.statements[*s].terms.iter();
            let mut terms = terms.filter_map(|&(c, k)| self.column.get(&c).map(|&i| (i, k)));
            terms.try_fold(0_i64, |sum, (i, k)| sum.checked_add(k.checked_mul(point[i])?))
        };
        let slacks: Option<Vec<i64>> = self.slack_of.iter().map(slack).collect();
        slacks.map_or_else(Vec::new, |slacks| point.iter().copied().chain(slacks).collect())
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
        let mut extremes = Extremes::new(Engine::Simplex, &outsider, vec![true; columns + 1], largest).far();
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
        let standing = |terms: &[(usize, i64)], upward: bool| {
            let known = known(system, assumed, terms, upward);
            Side::or_unknown(known.map(|(at_most, why)| RawEnd { at_most, why, reached: false, seen: None }))
        };
        let Some(linear) = linear.as_mut() else {
            return targets.iter().map(|t| [false, true].map(|upward| standing(t, upward))).collect();
        };
        let mut seen = Seen::new(self, &targets);
        if !self.base.is_empty() && self.scale == 1 {
            seen.see(&self.base);
        }
        let mut raw: Vec<RawEnds> = Vec::with_capacity(targets.len());
        let mut touched = vec![[false, false]; self.cells.len()];
        for (i, terms) in targets.iter().enumerate() {
            raw.push([false, true].map(|upward| {
                let known = known(system, assumed, terms, upward);
                if let Some((at_most, why)) = &known
                    && seen.reaches(i, upward, *at_most)
                {
                    return Side::At(RawEnd { at_most: *at_most, why: why.clone(), reached: true, seen: None });
                }
                if let Some((at_most, why)) = &known
                    && sums.is_none()
                    && assumed.is_empty()
                    && touched[i][usize::from(upward)]
                {
                    return Side::At(RawEnd { at_most: *at_most, why: why.clone(), reached: false, seen: None });
                }
                let (bound, status) = linear.bound(system, &signed(terms, upward), assumed);
                let ended = matches!(status, Status::Optimal | Status::Unbounded);
                for (i, sides) in touched.iter_mut().enumerate().filter(|_| ended) {
                    *sides = [sides[0] || linear.touches(i, false), sides[1] || linear.touches(i, true)];
                }
                if ended && let Some(point) = linear.whole_point(system) {
                    if self.base.is_empty() {
                        self.base = self.with_slacks(system.published, &point);
                    }
                    seen.see(&point);
                }
                let found = bound.map(|(value, parts)| (value, Why::Reasoning(Reasoning::Sum(parts))));
                match known.into_iter().chain(found).min_by_key(|b| b.0) {
                    Some((at_most, why)) => {
                        Side::At(RawEnd { at_most, why, reached: seen.reaches(i, upward, at_most), seen: None })
                    }
                    None if status == Status::Unbounded => Side::Open,
                    None => Side::Unknown,
                }
            }));
        }
        // Tables seen later may reach ends that were bounded before.
        for (i, pair) in raw.iter_mut().enumerate() {
            for (side, end) in pair.iter_mut().enumerate() {
                if let Side::At(end) = end {
                    end.reached |= seen.reaches(i, side == 1, end.at_most);
                    end.seen = seen.best[i][side];
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
                if let Side::At(raw) = end
                    && !raw.reached
                    && asking.extremes.work() < WORK
                {
                    let question = asking.question(offset + i, upward, &targets[i]);
                    asking.saw(&question, seen.best[i][side]);
                    let narrowed = asking.whole(system, &question, (raw.at_most, raw.why.clone()));
                    *end = Side::At(narrowed);
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
