//! Primal simplex from a feasible point: Harris' ratio test, devex pricing (Harris 1973; Forrest and Goldfarb 1992).

use super::{FEASIBLE, Lp, PIVOT, REDUCED, REFACTOR, Status, scatter};

/// Steps of no length before the choice of columns is scattered.
const IDLE: u64 = 200;

impl Lp {
    /// Minimises from the current point, which must be feasible; nonbasic columns may lie between their bounds.
    pub(crate) fn primal(&mut self, most: u64) -> Status {
        self.refresh();
        let end = self.iterations + most;
        let mut weights = vec![1.0; self.variables()];
        let mut confirmed = true;
        let mut idle = 0;
        loop {
            let Some((entering, direction)) = self.price(&weights, idle > IDLE) else {
                if confirmed {
                    return Status::Optimal;
                }
                self.refresh();
                confirmed = true;
                continue;
            };
            if self.iterations >= end {
                return Status::Stopped;
            }
            let solved = self.solved_column(entering);
            let (low, high) = self.bounds_of(entering);
            let at = self.value_of(entering);
            let flip = if direction > 0.0 { high - at } else { at - low };
            let blocked = self.ratio(&solved, direction);
            let step = blocked.map_or(f64::INFINITY, |b| b.1).min(flip);
            if step == f64::INFINITY {
                if confirmed {
                    return Status::Unbounded;
                }
                self.refresh();
                confirmed = true;
                continue;
            }
            for (position, &alpha) in solved.iter().enumerate() {
                if alpha != 0.0 {
                    let variable = self.head[position];
                    self.set_value(variable, self.value_of(variable) - direction * step * alpha);
                }
            }
            self.set_value(
                entering,
                if step < flip {
                    at + direction * step
                } else if direction > 0.0 {
                    high
                } else {
                    low
                },
            );
            confirmed = false;
            idle = if step > 0.0 { 0 } else { idle + 1 };
            let Some((position, _)) = blocked.filter(|b| b.1 < flip) else {
                self.iterations += 1;
                continue;
            };
            let leaving = self.head[position];
            let (low, high) = self.bounds_of(leaving);
            let bound = if direction * solved[position] > 0.0 { low } else { high };
            let (_, alphas) = self.pivot_row(position);
            let pivot = solved[position];
            let ratio = *self.reduced_of(entering) / pivot;
            let reference = weights[entering];
            for (variable, alpha) in alphas {
                *self.reduced_of(variable) -= ratio * alpha;
                let scaled = alpha / pivot;
                weights[variable] = f64::max(weights[variable], scaled * scaled * reference);
            }
            *self.reduced_of(leaving) = -ratio;
            *self.reduced_of(entering) = 0.0;
            weights[leaving] = (reference / (pivot * pivot)).max(1.0);
            self.exchange(position, entering, &solved, bound);
            if self.factor.updates() >= REFACTOR {
                self.refresh();
                confirmed = true;
            }
        }
    }

    /// The entering variable and its direction; scattered among the candidates when the walk may be going in circles.
    fn price(&self, weights: &[f64], scattered: bool) -> Option<(usize, f64)> {
        let iterations = self.iterations;
        let mut best = None;
        let mut best_score = 0.0;
        let mut consider = |variable: usize, reduced: f64, value: f64, (low, high): (f64, f64)| {
            let up = reduced < -REDUCED && value < high;
            let down = reduced > REDUCED && value > low;
            if up || down {
                let shake = if scattered { scatter(variable as u64, iterations) } else { 1.0 };
                let score = reduced * reduced / weights[variable] * shake;
                if score > best_score {
                    best_score = score;
                    best = Some((variable, if up { 1.0 } else { -1.0 }));
                }
            }
        };
        for column in 0..self.columns.len() {
            let reduced = self.reduced_column[column];
            consider(column, reduced, self.column_value[column], self.column_bounds[column]);
        }
        for row in 0..self.rows.len() {
            let reduced = self.reduced_row[row];
            consider(self.columns.len() + row, reduced, self.row_value[row], self.row_bounds[row]);
        }
        best
    }

    /// The basic variable that stops the step, and the step.
    fn ratio(&self, solved: &[f64], direction: f64) -> Option<(usize, f64)> {
        let room = |position: usize, alpha: f64| {
            let variable = self.head[position];
            let (low, high) = self.bounds_of(variable);
            let rate = direction * alpha;
            if rate > 0.0 { (self.value_of(variable) - low, rate) } else { (high - self.value_of(variable), -rate) }
        };
        let mut longest = f64::INFINITY;
        for (position, &alpha) in solved.iter().enumerate() {
            if alpha.abs() > PIVOT {
                let (slack, rate) = room(position, alpha);
                longest = longest.min((slack.max(0.0) + FEASIBLE * 0.1) / rate);
            }
        }
        if longest == f64::INFINITY {
            return None;
        }
        let mut best: Option<(usize, f64, f64)> = None;
        for (position, &alpha) in solved.iter().enumerate() {
            if alpha.abs() > PIVOT {
                let (slack, rate) = room(position, alpha);
                let step = slack.max(0.0) / rate;
                if step <= longest && best.is_none_or(|b| rate > b.2) {
                    best = Some((position, step, rate));
                }
            }
        }
        best.map(|b| (b.0, b.1))
    }
}
