//! One component as a linear program: a first bound of every end, and possible tables where vertices are whole.
//!
//! What it must guarantee: nothing. A bound is believed when [`System::bound`] has added the multipliers up, a table when
//! every statement was. Cost: one dual run to a possible point, then a warm primal run an end.

use std::collections::BTreeMap;

use super::derivation::Parts;
use super::system::{Assumption, System, Target};
use crate::lp::{Engine, Lp, Status, scatter};
use crate::number;

/// Simplex steps that one end may take.
const STEPS: u64 = 50_000;
/// The scale of multipliers for bounds that small fractions do not prove: 2³⁶, which a float holds exactly.
const FINE: i64 = 1 << 36;
/// Rows for which multipliers are solved for exactly.
const MOST_EXACT: usize = 1500;
/// Scales at which multipliers are rounded: those of additive tables are small fractions.
const SCALES: [i32; 5] = [1, 2, 6, 60, 2520];

/// How near to its bound a cell has to be to stand there.
const TOUCH: f64 = 1e-9;

/// How the search for a possible point ended.
pub(super) enum Start {
    Possible(Box<Linear>),
    /// There is none: these weights of statements refute it.
    Impossible(Vec<(Target, i128)>),
    Unknown,
}

pub(super) struct Linear {
    lp: Lp,
    cells: Vec<usize>,
    column: BTreeMap<usize, usize>,
    statements: Vec<usize>,
}

#[expect(clippy::cast_precision_loss, reason = "what floats suggest, integers judge")]
fn float(value: i64) -> f64 {
    value as f64
}

impl Linear {
    pub(super) fn start(system: &System<'_>, cells: &[usize], statements: &[usize]) -> Start {
        let end = |bound: Option<super::system::Bound>, open: f64| bound.map_or(open, |b| float(b.value));
        let bounds = |&c: &usize| (end(system.low[c], f64::NEG_INFINITY), end(system.high[c], f64::INFINITY));
        // Costs that differ keep the dual from walking in circles; a cell without a lower bound must cost nothing.
        let columns = cells.iter().enumerate().map(|(i, c)| {
            let (low, high) = bounds(c);
            (if low.is_finite() { 1.0 + scatter(i as u64, 3) } else { 0.0 }, low, high)
        });
        let mut lp = Lp::new(Engine::Simplex, columns);
        let column: BTreeMap<usize, usize> = cells.iter().enumerate().map(|(i, &c)| (c, i)).collect();
        for &s in statements {
            let statement = &system.published.statements[s];
            let (open, shown) = &system.open[s];
            let mut known = float(*shown);
            let mut terms = Vec::new();
            for &(cell, k) in open {
                match column.get(&cell) {
                    Some(&i) => terms.push((i, float(k))),
                    None => known += float(k) * system.fixed(cell).map_or(0.0, float),
                }
            }
            let low = statement.low.map_or(f64::NEG_INFINITY, |l| float(l) - known);
            let high = statement.high.map_or(f64::INFINITY, |h| float(h) - known);
            lp.add_row(&terms, low, high);
        }
        let mut linear = Linear { lp, cells: cells.to_vec(), column, statements: statements.to_vec() };
        match linear.lp.dual(STEPS * 4) {
            Status::Optimal => {
                (0..cells.len()).for_each(|i| linear.lp.set_cost(i, 0.0));
                Start::Possible(Box::new(linear))
            }
            Status::Infeasible => {
                let found = [1, -1].into_iter().find_map(|sign| {
                    linear.weights(sign).into_iter().find(|weights| system.refute(weights, None, &[]).is_some())
                });
                found.map_or(Start::Unknown, Start::Impossible)
            }
            _ => Start::Unknown,
        }
    }

    /// The multipliers of the moment as whole weights of statements, several ways rounded.
    fn weights(&self, sign: i128) -> Vec<Vec<(Target, i128)>> {
        self.scaled().into_iter().map(|(_, m)| self.of_statements(&m, sign)).collect()
    }

    fn of_statements(&self, multipliers: &[i128], sign: i128) -> Vec<(Target, i128)> {
        let weighted = self.statements.iter().zip(multipliers).filter(|w| *w.1 != 0);
        weighted.map(|(&s, &m)| (Target::Statement(s), sign * m)).collect()
    }

    /// Whole multipliers with the number that they were multiplied by.
    fn scaled(&self) -> Vec<(i128, Vec<i128>)> {
        let values = self.lp.multipliers();
        let rounded =
            SCALES.into_iter().filter_map(|scale| Some((i128::from(scale), number::scaled(values, scale.into())?)));
        // One more value, the unit itself, comes back as the common denominator.
        let with_unit: Vec<f64> = values.iter().copied().chain([1.0]).collect();
        let exact = number::fractions(&with_unit).and_then(|mut all| Some((all.pop()?, all)));
        rounded.chain(exact).collect()
    }

    /// The multipliers of the moment in exact fractions, with their common denominator: they leave no rest of any cell in
    /// the basis, which is what makes them. For a program that maximises these terms.
    fn exactly(&self, terms: &[(usize, i64)]) -> Option<(i128, Vec<i128>)> {
        let values = self.lp.multipliers();
        let rows: Vec<usize> = (0..values.len()).filter(|&r| values[r].abs() > 1e-9).collect();
        if rows.len() > MOST_EXACT {
            return None;
        }
        let place: BTreeMap<usize, usize> = rows.iter().enumerate().map(|(i, &r)| (r, i)).collect();
        let mut equations: BTreeMap<usize, number::Equation> = BTreeMap::new();
        for &row in &rows {
            for &(column, a) in self.lp.row(row) {
                if self.lp.is_basic_column(column) {
                    equations.entry(column).or_default().0.push((place[&row], number::near_integer(a)?));
                }
            }
        }
        for &(cell, k) in terms {
            // Minimising −Σ terms: the rows have to add up to −k at a cell of the basis.
            if let Some(equation) = equations.get_mut(&self.column[&cell]) {
                equation.1 = -i128::from(k);
            }
        }
        let equations: Vec<number::Equation> = equations.into_values().collect();
        let (numerators, common) = number::solve(rows.len(), &equations)?;
        let mut all = vec![0; values.len()];
        rows.into_iter().zip(numerators).for_each(|(row, n)| all[row] = n);
        Some((common, all))
    }

    /// The best bound of `Σ terms` from above that the program suggests and integers confirm, and how the program ended.
    pub(super) fn bound(
        &mut self,
        system: &System<'_>,
        terms: &[(usize, i64)],
        assumed: &[Assumption],
    ) -> (Option<(i64, Parts)>, Status) {
        for &(cell, k) in terms {
            self.lp.set_cost(self.column[&cell], -float(k));
        }
        let mut status = self.lp.primal(STEPS);
        if status == Status::Stopped {
            status = self.lp.primal(STEPS);
        }
        let mut best: Option<(i64, Parts)> = None;
        if status == Status::Optimal {
            let mut attempt = |(scale, multipliers): (i128, Vec<i128>)| {
                let mut weights = self.of_statements(&multipliers, -1);
                if terms.len() > 1 {
                    weights.push((Target::Subject, -scale));
                }
                if let Some(found) = system.bound(terms, &weights, assumed)
                    && best.as_ref().is_none_or(|b| found.0 < b.0)
                {
                    best = Some(found);
                }
                best.as_ref().map(|b| b.0)
            };
            // The program's own value, rounded outwards as a bound is: what simple weights do not prove, fine ones may.
            let value: f64 = terms.iter().map(|&(c, k)| float(k) * self.lp.value(self.column[&c])).sum();
            let slack = 1e-6 * (1.0 + value.abs() * 1e-3);
            let goal = if system.published.is_whole() { (value + slack).floor() } else { (value - slack).ceil() };
            let is_loose = |bound: Option<i64>| bound.is_none_or(|b| float(b) > goal + 0.5);
            let mut bound = None;
            for scaled in self.scaled() {
                bound = attempt(scaled);
            }
            if is_loose(bound) {
                let fine = number::scaled(self.lp.multipliers(), float(FINE));
                bound = fine.and_then(|fine| attempt((i128::from(FINE), fine))).or(bound);
            }
            if is_loose(bound)
                && let Some(exact) = self.exactly(terms)
            {
                attempt(exact);
            }
        }
        for &(cell, _) in terms {
            self.lp.set_cost(self.column[&cell], 0.0);
        }
        (best, status)
    }

    /// Whether the point of the moment has a cell at its bound: no combination of statements then proves a tighter one.
    pub(super) fn touches(&self, column: usize, upward: bool) -> bool {
        let (low, high) = self.lp.bounds(column);
        let value = self.lp.value(column);
        if upward { value >= high - TOUCH } else { value <= low + TOUCH }
    }

    /// The point of the moment, if it is whole and every bound and statement holds there exactly.
    pub(super) fn whole_point(&self, system: &System<'_>) -> Option<Vec<i64>> {
        let point: Option<Vec<i64>> =
            (0..self.cells.len()).map(|i| self.lp.value(i)).map(number::near_integer).collect();
        let point = point?;
        let inside =
            self.cells.iter().zip(&point).all(|(&c, &v)| {
                system.low[c].is_none_or(|b| b.value <= v) && system.high[c].is_none_or(|b| b.value >= v)
            });
        let holds = |&s: &usize| {
            let statement = &system.published.statements[s];
            let value = |c: usize| self.column.get(&c).map(|&i| point[i]).or_else(|| system.fixed(c));
            let (open, shown) = &system.open[s];
            let sum: Option<i128> = open.iter().map(|&(c, k)| Some(i128::from(k) * i128::from(value(c)?))).sum();
            sum.map(|sum| sum + i128::from(*shown)).is_some_and(|sum| {
                statement.low.is_none_or(|l| sum >= l.into()) && statement.high.is_none_or(|h| sum <= h.into())
            })
        };
        (inside && self.statements.iter().all(holds)).then_some(point)
    }
}
