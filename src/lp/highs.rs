//! HiGHS behind the same questions as our own simplex (Huangfu and Hall 2018, "Parallelizing the dual revised simplex
//! method").
//!
//! A row's activity is a column of its own, `a·x − activity = 0`, so that its bounds may change and rows may go (their
//! activity becomes free) without the basis being lost. HiGHS is told to be quiet, to keep to one thread and to presolve
//! nothing, so that it starts warm. Where it finds a program infeasible, the multipliers come from a second program that
//! lets every row miss by something and minimises that.

use highs::{Col, HighsModelStatus, Model, RowProblem, Sense};

use super::{Status, retain};

/// What a simplex step costs, in entries looked at, for each row and column: an estimate.
const STEP: u64 = 2;
/// A column this near to a bound stands at it.
const NEAR: f64 = 1e-9;

#[derive(Debug)]
pub(crate) struct Highs {
    cost: Vec<f64>,
    bounds: Vec<(f64, f64)>,
    value: Vec<f64>,
    rows: Vec<Vec<(usize, f64)>>,
    row_bounds: Vec<(f64, f64)>,
    multipliers: Vec<f64>,
    built: Option<Built>,
    work: u64,
    most_work: Option<u64>,
}

/// The program as HiGHS has it.
#[derive(Debug)]
struct Built {
    model: Model,
    columns: Vec<Col>,
    /// By row, its activity and its number there.
    activities: Vec<(Col, usize)>,
    /// Rows there, those that are gone included.
    rows: usize,
}

impl Built {
    fn add(&mut self, terms: &[(usize, f64)], (low, high): (f64, f64)) -> Option<()> {
        let activity = self.model.try_add_column(0.0, low..=high, []).ok()?;
        let entries: Vec<(Col, f64)> =
            terms.iter().map(|&(c, a)| (self.columns[c], a)).chain([(activity, -1.0)]).collect();
        self.model.try_add_row(0.0..=0.0, entries).ok()?;
        self.activities.push((activity, self.rows));
        self.rows += 1;
        Some(())
    }
}

impl Highs {
    pub(crate) fn new(columns: impl IntoIterator<Item = (f64, f64, f64)>) -> Self {
        let (cost, bounds): (Vec<f64>, Vec<(f64, f64)>) = columns.into_iter().map(|(c, l, h)| (c, (l, h))).unzip();
        Highs {
            value: bounds.iter().map(|b| 0.0_f64.clamp(b.0, b.1)).collect(),
            cost,
            bounds,
            rows: Vec::new(),
            row_bounds: Vec::new(),
            multipliers: Vec::new(),
            built: None,
            work: 0,
            most_work: None,
        }
    }

    pub(crate) fn add_row(&mut self, terms: &[(usize, f64)], low: f64, high: f64) -> usize {
        if self.built.as_mut().is_some_and(|built| built.add(terms, (low, high)).is_none()) {
            self.built = None;
        }
        self.rows.push(terms.to_vec());
        self.row_bounds.push((low, high));
        self.multipliers.push(0.0);
        self.rows.len() - 1
    }

    pub(crate) fn drop_rows(&mut self, gone: impl Fn(usize) -> bool) -> Vec<bool> {
        let idle = |row: usize| self.multipliers[row].abs() <= NEAR;
        let gone: Vec<bool> = (0..self.rows.len()).map(|row| idle(row) && gone(row)).collect();
        let kept = || gone.iter().map(|gone| !gone);
        if let Some(built) = &mut self.built {
            for (activity, _) in built.activities.iter().zip(&gone).filter(|a| *a.1).map(|a| *a.0) {
                built.model.change_column_bounds::<f64, _>(activity, ..);
            }
            retain(&mut built.activities, kept());
        }
        retain(&mut self.rows, kept());
        retain(&mut self.row_bounds, kept());
        retain(&mut self.multipliers, kept());
        // Free rows are dead weight once they are most of the program.
        if self.built.as_ref().is_some_and(|built| built.rows > 100 + 2 * self.rows.len()) {
            self.built = None;
        }
        gone
    }

    pub(crate) fn set_cost(&mut self, column: usize, cost: f64) {
        if self.cost[column].to_bits() != cost.to_bits() {
            self.cost[column] = cost;
            if let Some(built) = &mut self.built {
                built.model.change_column_cost(built.columns[column], cost);
            }
        }
    }

    pub(crate) fn set_bounds(&mut self, column: usize, lower: f64, upper: f64) {
        if self.bounds[column] != (lower, upper) {
            self.bounds[column] = (lower, upper);
            if let Some(built) = &mut self.built {
                built.model.change_column_bounds(built.columns[column], lower..=upper);
            }
        }
        self.value[column] = self.value[column].clamp(lower, upper);
    }

    pub(crate) fn set_row(&mut self, row: usize, low: f64, high: f64) {
        if self.row_bounds[row] != (low, high) {
            self.row_bounds[row] = (low, high);
            if let Some(built) = &mut self.built {
                built.model.change_column_bounds(built.activities[row].0, low..=high);
            }
        }
    }

    pub(crate) fn value(&self, column: usize) -> f64 {
        self.value[column]
    }

    pub(crate) fn bounds(&self, column: usize) -> (f64, f64) {
        self.bounds[column]
    }

    pub(crate) fn row(&self, row: usize) -> &[(usize, f64)] {
        &self.rows[row]
    }

    pub(crate) fn rows(&self) -> usize {
        self.rows.len()
    }

    /// As far as the point tells: what is between its bounds is in the basis.
    pub(crate) fn is_basic_column(&self, column: usize) -> bool {
        let (low, high) = self.bounds[column];
        let at = self.value[column];
        (at - low).abs() > NEAR && (high - at).abs() > NEAR
    }

    pub(crate) fn rest(&mut self) {
        self.value.fill(0.0);
    }

    pub(crate) fn restart(&mut self) {
        self.rest();
        self.built = None;
    }

    pub(crate) fn multipliers(&self) -> &[f64] {
        &self.multipliers
    }

    pub(crate) fn allow(&mut self, work: u64) {
        self.most_work = Some(self.work.saturating_add(work));
    }

    pub(crate) fn work(&self) -> u64 {
        self.work
    }

    pub(crate) fn add_work(&mut self, work: u64) {
        self.work += work;
    }

    pub(crate) fn primal(&mut self, most: u64) -> Status {
        self.solve(PRIMAL, most).unwrap_or(Status::Stopped)
    }

    pub(crate) fn dual(&mut self, most: u64) -> Status {
        self.solve(DUAL, most).unwrap_or(Status::Stopped)
    }

    /// What a step is taken to cost.
    fn step(&self) -> u64 {
        STEP * (self.cost.len() + self.rows.len()) as u64
    }

    fn solve(&mut self, strategy: i32, most: u64) -> Option<Status> {
        let left = self.most_work.map_or(u64::MAX, |most| most.saturating_sub(self.work));
        let steps = i32::try_from(most.min(left / self.step().max(1))).unwrap_or(i32::MAX);
        let mut built = match self.built.take() {
            Some(built) => built,
            None => self.build()?,
        };
        built.model.try_set_option("simplex_strategy", strategy).ok()?;
        built.model.try_set_option("simplex_iteration_limit", steps).ok()?;
        let solved = built.model.try_solve().ok()?;
        self.work += self.step() * (1 + u64::try_from(solved.simplex_iteration_count()).unwrap_or(0));
        let status = match solved.status() {
            HighsModelStatus::Optimal | HighsModelStatus::ModelEmpty => Status::Optimal,
            HighsModelStatus::Infeasible => Status::Infeasible,
            HighsModelStatus::Unbounded => Status::Unbounded,
            _ => Status::Stopped,
        };
        if status == Status::Optimal {
            let solution = solved.get_solution();
            self.value = solution.columns()[..self.cost.len()].to_vec();
            for (y, activity) in self.multipliers.iter_mut().zip(&built.activities) {
                *y = solution.dual_rows()[activity.1];
            }
        }
        built.model = solved.into();
        self.built = Some(built);
        if status == Status::Infeasible {
            self.multipliers = self.refute()?;
        }
        Some(status)
    }

    fn build(&mut self) -> Option<Built> {
        let mut problem = RowProblem::new();
        let columns = self.cost.iter().zip(&self.bounds).map(|(&c, b)| problem.add_column(c, b.0..=b.1)).collect();
        let model = problem.try_optimise(Sense::Minimise).ok()?;
        let mut built = Built { model: plain(model)?, columns, activities: Vec::new(), rows: 0 };
        for (terms, &bounds) in self.rows.iter().zip(&self.row_bounds) {
            built.add(terms, bounds)?;
        }
        self.work += self.rows.iter().map(|row| row.len() as u64).sum::<u64>();
        Some(built)
    }

    /// Multipliers of a sum of rows that no point satisfies: those of the program that lets every row miss by something, and
    /// minimises by how much they miss together.
    fn refute(&mut self) -> Option<Vec<f64>> {
        let mut problem = RowProblem::new();
        let columns: Vec<Col> = self.bounds.iter().map(|b| problem.add_column(0.0, b.0..=b.1)).collect();
        for (terms, &(low, high)) in self.rows.iter().zip(&self.row_bounds) {
            let (over, under) = (problem.add_column(1.0, 0.0..), problem.add_column(1.0, 0.0..));
            let entries = terms.iter().map(|&(c, a)| (columns[c], a)).chain([(over, -1.0), (under, 1.0)]);
            problem.add_row(low..=high, entries.collect::<Vec<_>>());
        }
        let model = plain(problem.try_optimise(Sense::Minimise).ok()?)?;
        let solved = model.try_solve().ok()?;
        self.work += self.step() * (1 + u64::try_from(solved.simplex_iteration_count()).unwrap_or(0));
        (solved.status() == HighsModelStatus::Optimal).then(|| solved.get_solution().dual_rows().to_vec())
    }
}

/// HiGHS' numbers for its simplex.
const DUAL: i32 = 1;
const PRIMAL: i32 = 4;

/// Quiet, simplex alone, on one thread, nothing presolved.
fn plain(mut model: Model) -> Option<Model> {
    model.make_quiet();
    for (option, value) in [("solver", "simplex"), ("presolve", "off"), ("parallel", "off")] {
        model.try_set_option(option, value).ok()?;
    }
    model.try_set_option("threads", 1).ok()?;
    Some(model)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lp::simplex::tests::{MIXED, mixed, optima};

    /// What multipliers prove of `cost·x` at least; with `cost` zero, above zero where nothing is feasible.
    fn proved(lp: &Highs, cost: &[f64]) -> f64 {
        let mut reduced = cost.to_vec();
        for (terms, y) in lp.rows.iter().zip(&lp.multipliers) {
            terms.iter().for_each(|&(c, a)| reduced[c] -= a * y);
        }
        let ends = |k: f64, (low, high): (f64, f64)| match k {
            k if k.abs() < 1e-9 => 0.0,
            k => k * if k > 0.0 { low } else { high },
        };
        let columns: f64 = reduced.iter().zip(&lp.bounds).map(|(&k, &b)| ends(k, b)).sum();
        columns + lp.multipliers.iter().zip(&lp.row_bounds).map(|(&y, &b)| ends(y, b)).sum::<f64>()
    }

    fn objective(lp: &Highs) -> f64 {
        lp.cost.iter().zip(&lp.value).map(|(c, x)| c * x).sum()
    }

    fn is_near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-6 * (1.0 + b.abs())
    }

    #[test]
    fn optima_and_their_proofs() {
        for (number, optimum) in (0..MIXED).step_by(7).zip(optima().step_by(7)) {
            let program = mixed(number);
            let (columns, rows) = program.parts();
            let mut lp = Highs::new(columns);
            for &(terms, (low, high)) in &rows {
                lp.add_row(terms, low, high);
            }
            match (lp.dual(100_000), optimum) {
                (Status::Infeasible, "infeasible") => {
                    assert!(proved(&lp, &vec![0.0; lp.cost.len()]) > 1e-7, "{number}");
                }
                (Status::Unbounded, "unbounded") => {}
                (Status::Optimal, optimum) => {
                    let optimum: f64 = optimum.parse().unwrap();
                    assert!(is_near(objective(&lp), optimum), "{number}");
                    assert!(is_near(proved(&lp, &lp.cost.clone()), optimum), "{number}");
                    // Rows that do not bind may go, and come back.
                    let went = lp.drop_rows(|row| row % 3 != 0);
                    assert_eq!(lp.dual(100_000), Status::Optimal, "{number}");
                    assert!(is_near(objective(&lp), optimum), "{number}");
                    for (&(terms, (low, high)), _) in rows.iter().zip(&went).filter(|r| *r.1) {
                        lp.add_row(terms, low, high);
                    }
                    assert_eq!(lp.primal(100_000), Status::Optimal, "{number}");
                    assert!(is_near(objective(&lp), optimum), "{number}");
                    // Another cost from here, as a question that is asked again.
                    lp.set_cost(0, -3.0);
                    let warm = lp.primal(100_000);
                    let value = objective(&lp);
                    lp.restart();
                    assert_eq!(lp.dual(100_000), warm, "{number}");
                    assert!(warm != Status::Optimal || is_near(objective(&lp), value), "{number}");
                }
                (status, _) => panic!("{number}: {status:?}, {optimum}"),
            }
        }
    }

    #[test]
    fn limits_hold() {
        let program = mixed(58);
        let (columns, rows) = program.parts();
        let mut lp = Highs::new(columns);
        for (terms, (low, high)) in rows {
            lp.add_row(terms, low, high);
        }
        lp.allow(0);
        assert_eq!(lp.dual(100_000), Status::Stopped);
        assert_eq!(lp.primal(0), Status::Stopped);
    }
}
