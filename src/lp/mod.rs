//! Linear programs: a bounded revised simplex, primal and dual, warm after any change that leaves the needed side feasible.
//!
//! This engine computes in floats and may err; nothing that it says is believed until integers confirm it. It knows no
//! cells. Deterministic: no clock, no randomness, the same operations in the same order on every machine.

mod dual;
mod factor;
mod primal;

use factor::Factor;

/// How a solve ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Optimal,
    Infeasible,
    Unbounded,
    /// Out of iterations, or numerically lost: nothing is known.
    Stopped,
}

pub(crate) const INFINITE: f64 = f64::INFINITY;
const FEASIBLE: f64 = 1e-7;
const REDUCED: f64 = 1e-7;
const PIVOT: f64 = 1e-7;
const REFACTOR: usize = 60;
const NONE: usize = usize::MAX;

/// A fraction in 0..1 that looks random and is always the same (the finaliser of splitmix64).
#[expect(clippy::cast_precision_loss, reason = "53 bits of it are kept")]
pub(crate) fn scatter(a: u64, b: u64) -> f64 {
    let mut x = a.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(b).wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((x ^ (x >> 31)) >> 11) as f64 / 9_007_199_254_740_992.0
}

/// `min cost·x` with `low ≤ A x ≤ high` row by row and bounds on every column.
///
/// Row activities are variables too ("logicals", numbered after the columns), tied by `a·x − activity = 0`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lp {
    columns: Vec<Vec<(usize, f64)>>,
    rows: Vec<Vec<(usize, f64)>>,
    /// By row, the terms whose columns can move: the others never enter, so their reduced costs need no care.
    live: Vec<Vec<(usize, f64)>>,
    cost: Vec<f64>,
    column_bounds: Vec<(f64, f64)>,
    row_bounds: Vec<(f64, f64)>,
    column_value: Vec<f64>,
    row_value: Vec<f64>,
    /// By basis position, the variable there: a column, or `columns + row`.
    head: Vec<usize>,
    place_of_column: Vec<usize>,
    place_of_row: Vec<usize>,
    factor: Factor,
    stale: bool,
    reduced_column: Vec<f64>,
    reduced_row: Vec<f64>,
    multipliers: Vec<f64>,
    iterations: u64,
    work: u64,
    /// All zero between uses.
    scratch: Vec<f64>,
}

impl Lp {
    /// A program with these columns, `(cost, lower, upper)`, and no row; every column starts at its bound nearest zero.
    pub(crate) fn new(columns: impl IntoIterator<Item = (f64, f64, f64)>) -> Self {
        let mut lp = Lp::default();
        for (cost, lower, upper) in columns {
            lp.columns.push(Vec::new());
            lp.cost.push(cost);
            lp.column_bounds.push((lower, upper));
            lp.column_value.push(0.0_f64.clamp(lower, upper));
            lp.place_of_column.push(NONE);
            lp.reduced_column.push(0.0);
        }
        lp
    }

    /// Adds a row; its activity joins the basis.
    pub(crate) fn add_row(&mut self, terms: &[(usize, f64)], low: f64, high: f64) -> usize {
        let row = self.rows.len();
        for &(column, a) in terms {
            self.columns[column].push((row, a));
        }
        let movable = |t: &&(usize, f64)| self.column_bounds[t.0].0 < self.column_bounds[t.0].1;
        self.live.push(terms.iter().filter(movable).copied().collect());
        self.rows.push(terms.to_vec());
        self.row_bounds.push((low, high));
        self.row_value.push(0.0);
        self.place_of_row.push(self.head.len());
        self.head.push(self.columns.len() + row);
        self.reduced_row.push(0.0);
        self.multipliers.push(0.0);
        self.stale = true;
        row
    }

    pub(crate) fn set_cost(&mut self, column: usize, cost: f64) {
        self.cost[column] = cost;
    }

    /// Changes a column's bounds; a nonbasic column moves inside them.
    pub(crate) fn set_bounds(&mut self, column: usize, lower: f64, upper: f64) {
        let (before, after) = (self.column_bounds[column], (lower, upper));
        self.column_bounds[column] = after;
        match (before.0 < before.1, lower < upper) {
            (false, true) => {
                for &(row, a) in &self.columns[column] {
                    self.live[row].push((column, a));
                }
            }
            (true, false) => {
                for &(row, _) in &self.columns[column] {
                    if let Some(at) = self.live[row].iter().position(|t| t.0 == column) {
                        self.live[row].swap_remove(at);
                    }
                }
            }
            _ => {}
        }
        if self.place_of_column[column] == NONE {
            self.column_value[column] = self.column_value[column].clamp(lower, upper);
        }
    }

    pub(crate) fn value(&self, column: usize) -> f64 {
        self.column_value[column]
    }

    pub(crate) fn bounds(&self, column: usize) -> (f64, f64) {
        self.column_bounds[column]
    }

    /// A row's terms.
    pub(crate) fn row(&self, row: usize) -> &[(usize, f64)] {
        &self.rows[row]
    }

    pub(crate) fn is_basic_column(&self, column: usize) -> bool {
        self.place_of_column[column] != NONE
    }

    /// Moves every column and row to zero, keeping the basis; a feasible point where every bound admits zero.
    pub(crate) fn rest(&mut self) {
        self.column_value.fill(0.0);
        self.row_value.fill(0.0);
    }

    /// Like [`rest`](Self::rest), and back to the basis of row activities.
    pub(crate) fn restart(&mut self) {
        self.rest();
        self.place_of_column.fill(NONE);
        for row in 0..self.rows.len() {
            self.head[row] = self.columns.len() + row;
            self.place_of_row[row] = row;
        }
        self.stale = true;
    }

    /// One multiplier a row: the optimal duals after `Optimal`, a Farkas combination after `Infeasible`.
    pub(crate) fn multipliers(&self) -> &[f64] {
        &self.multipliers
    }

    pub(crate) fn rows(&self) -> usize {
        self.rows.len()
    }

    /// Hands the count of work on to a program that takes this one's place.
    pub(crate) fn succeeded_by(&self, mut next: Lp) -> Lp {
        next.work += self.work;
        next
    }

    /// Steps so far, each counted as one look at every column and row.
    pub(crate) fn work(&self) -> u64 {
        self.work
    }

    fn column_of(&self, variable: usize) -> Vec<(usize, f64)> {
        match variable.checked_sub(self.columns.len()) {
            Some(row) => vec![(row, -1.0)],
            None => self.columns[variable].clone(),
        }
    }

    fn bounds_of(&self, variable: usize) -> (f64, f64) {
        match variable.checked_sub(self.columns.len()) {
            Some(row) => self.row_bounds[row],
            None => self.column_bounds[variable],
        }
    }

    fn value_of(&self, variable: usize) -> f64 {
        match variable.checked_sub(self.columns.len()) {
            Some(row) => self.row_value[row],
            None => self.column_value[variable],
        }
    }

    fn set_value(&mut self, variable: usize, value: f64) {
        match variable.checked_sub(self.columns.len()) {
            Some(row) => self.row_value[row] = value,
            None => self.column_value[variable] = value,
        }
    }

    fn is_basic(&self, variable: usize) -> bool {
        self.place_of(variable) != NONE
    }

    fn place_of(&self, variable: usize) -> usize {
        match variable.checked_sub(self.columns.len()) {
            Some(row) => self.place_of_row[row],
            None => self.place_of_column[variable],
        }
    }

    fn set_place(&mut self, variable: usize, place: usize) {
        match variable.checked_sub(self.columns.len()) {
            Some(row) => self.place_of_row[row] = place,
            None => self.place_of_column[variable] = place,
        }
    }

    fn reduced_of(&mut self, variable: usize) -> &mut f64 {
        match variable.checked_sub(self.columns.len()) {
            Some(row) => &mut self.reduced_row[row],
            None => &mut self.reduced_column[variable],
        }
    }

    fn variables(&self) -> usize {
        self.columns.len() + self.rows.len()
    }

    /// Factors the basis anew, then values and reduced costs from scratch.
    fn refresh(&mut self) {
        if self.stale || self.factor.updates() > 0 {
            let (factor, replaced) = Factor::new(self.head.len(), |p| self.column_of(self.head[p]));
            for (position, row) in replaced {
                let out = self.head[position];
                let (low, high) = self.bounds_of(out);
                self.set_place(out, NONE);
                self.set_value(out, self.value_of(out).clamp(low, high));
                self.head[position] = self.columns.len() + row;
                self.place_of_row[row] = position;
            }
            self.factor = factor;
            self.stale = false;
        }
        self.work += 4 * (self.columns.len() + self.rows.len()) as u64;
        self.recompute_values();
        self.recompute_reduced_costs();
    }

    fn recompute_values(&mut self) {
        let mut right = vec![0.0; self.head.len()];
        for (column, entries) in self.columns.iter().enumerate() {
            if self.place_of_column[column] == NONE && self.column_value[column] != 0.0 {
                for &(row, a) in entries {
                    right[row] -= a * self.column_value[column];
                }
            }
        }
        for (row, value) in self.row_value.iter().enumerate() {
            if self.place_of_row[row] == NONE {
                right[row] += value;
            }
        }
        self.factor.ftran(&mut right);
        for (position, value) in right.into_iter().enumerate() {
            self.set_value(self.head[position], value);
        }
    }

    fn recompute_reduced_costs(&mut self) {
        let columns = self.columns.len();
        let mut y: Vec<f64> = self.head.iter().map(|&v| if v < columns { self.cost[v] } else { 0.0 }).collect();
        self.factor.btran(&mut y);
        for (column, entries) in self.columns.iter().enumerate() {
            let basic = self.place_of_column[column] != NONE;
            let sum: f64 = entries.iter().map(|&(row, a)| a * y[row]).sum();
            self.reduced_column[column] = if basic { 0.0 } else { self.cost[column] - sum };
        }
        for (row, value) in y.iter().enumerate() {
            self.reduced_row[row] = if self.place_of_row[row] == NONE { *value } else { 0.0 };
        }
        self.multipliers = y;
    }

    /// Row `position` of `B⁻¹` in row space, and its product with every nonbasic column that it meets.
    fn pivot_row(&mut self, position: usize) -> (Vec<f64>, Vec<(usize, f64)>) {
        let mut rho = vec![0.0; self.head.len()];
        rho[position] = 1.0;
        self.factor.btran(&mut rho);
        let columns = self.columns.len();
        let mut dense = std::mem::take(&mut self.scratch);
        dense.resize(columns, 0.0);
        let mut touched = Vec::new();
        let mut alphas = Vec::new();
        for (row, &weight) in rho.iter().enumerate() {
            if weight.abs() < 1e-12 {
                continue;
            }
            for &(column, a) in &self.live[row] {
                if self.place_of_column[column] == NONE {
                    if dense[column] == 0.0 {
                        touched.push(column);
                    }
                    dense[column] += weight * a;
                }
            }
            if self.place_of_row[row] == NONE {
                alphas.push((columns + row, -weight));
            }
        }
        for column in touched {
            let alpha = std::mem::replace(&mut dense[column], 0.0);
            if alpha.abs() > 1e-11 {
                alphas.push((column, alpha));
            }
        }
        self.scratch = dense;
        (rho, alphas)
    }

    fn solved_column(&mut self, variable: usize) -> Vec<f64> {
        let mut right = vec![0.0; self.head.len()];
        for (row, a) in self.column_of(variable) {
            right[row] = a;
        }
        self.factor.ftran(&mut right);
        right
    }

    /// Puts `entering` in the basis at `position`; the variable there leaves at the given value.
    fn exchange(&mut self, position: usize, entering: usize, solved: &[f64], leaving_value: f64) {
        let leaving = self.head[position];
        self.set_value(leaving, leaving_value);
        self.set_place(leaving, NONE);
        self.set_place(entering, position);
        self.head[position] = entering;
        self.factor.update(position, solved);
        self.iterations += 1;
        self.work += (self.columns.len() + self.rows.len()) as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Random(u64);

    impl Random {
        fn next(&mut self) -> f64 {
            self.0 += 1;
            scatter(self.0, 77)
        }

        fn below(&mut self, most: f64) -> f64 {
            (self.next() * most).floor()
        }
    }

    /// Columns between 0 and a small bound, rows with small coefficients and ranges that often bind.
    fn program(random: &mut Random) -> Lp {
        let columns = 3 + usize::try_from(random.0 % 9).unwrap();
        let rows = 2 + usize::try_from(random.0 % 7).unwrap();
        let mut lp = Lp::new((0..columns).map(|_| (random.below(9.0) - 4.0, -random.below(3.0), random.below(6.0))));
        for _ in 0..rows {
            let terms: Vec<(usize, f64)> =
                (0..columns).map(|c| (c, random.below(5.0) - 2.0)).filter(|t| t.1 != 0.0).collect();
            let low = random.below(8.0) - 4.0;
            let high = if random.next() < 0.3 { low } else { low + random.below(6.0) };
            lp.add_row(&terms, low, high);
        }
        lp
    }

    /// The least of `cost·x` that the multipliers prove, with `cost` zero for a proof that nothing is feasible.
    fn proved(lp: &Lp, with_cost: bool) -> f64 {
        let y = lp.multipliers();
        let ends = |k: f64, (low, high): (f64, f64)| if k > 0.0 { k * low } else { k * high };
        let columns: f64 = (0..lp.columns.len())
            .map(|c| {
                let sum: f64 = lp.columns[c].iter().map(|&(r, a)| a * y[r]).sum();
                ends(if with_cost { lp.cost[c] } else { 0.0 } - sum, lp.column_bounds[c])
            })
            .sum();
        columns + (0..lp.rows.len()).map(|r| ends(y[r], lp.row_bounds[r])).sum::<f64>()
    }

    fn objective(lp: &Lp) -> f64 {
        lp.cost.iter().zip(&lp.column_value).map(|(c, x)| c * x).sum()
    }

    fn is_feasible(lp: &Lp) -> bool {
        let inside = |v: f64, (low, high): (f64, f64)| v > low - 1e-6 && v < high + 1e-6;
        let columns = lp.column_value.iter().zip(&lp.column_bounds).all(|(&v, &b)| inside(v, b));
        columns
            && (0..lp.rows.len()).all(|r| {
                let sum: f64 = lp.rows[r].iter().map(|&(c, a)| a * lp.column_value[c]).sum();
                inside(sum, lp.row_bounds[r])
            })
    }

    #[test]
    fn every_answer_comes_with_its_proof() {
        let mut random = Random(0);
        let (mut optimal, mut infeasible) = (0, 0);
        for _ in 0..3000 {
            let mut lp = program(&mut random);
            match lp.dual(10_000) {
                Status::Optimal => {
                    optimal += 1;
                    assert!(is_feasible(&lp));
                    assert!((objective(&lp) - proved(&lp, true)).abs() < 1e-6);
                    // Warm: other costs from here by the primal, then a bound moved and back to the dual.
                    let costs: Vec<f64> = (0..lp.cost.len()).map(|_| random.below(9.0) - 4.0).collect();
                    costs.iter().enumerate().for_each(|(c, &cost)| lp.set_cost(c, cost));
                    assert_eq!(lp.primal(10_000), Status::Optimal);
                    assert!(is_feasible(&lp));
                    assert!((objective(&lp) - proved(&lp, true)).abs() < 1e-6);
                    lp.set_bounds(0, 0.0, 1.0);
                    match lp.dual(10_000) {
                        Status::Optimal => assert!((objective(&lp) - proved(&lp, true)).abs() < 1e-6),
                        status => assert_eq!(status, Status::Infeasible),
                    }
                }
                status => {
                    assert_eq!(status, Status::Infeasible);
                    infeasible += 1;
                    assert!(proved(&lp, false) > 1e-7);
                }
            }
        }
        assert!(optimal > 500 && infeasible > 500, "{optimal} {infeasible}");
    }
}
