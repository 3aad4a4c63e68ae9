//! Primal simplex from a feasible point: Harris' ratio test, devex pricing (Harris 1973; Forrest and Goldfarb 1992).

use super::super::{Status, scatter};
use super::{FEASIBLE, NONE, PIVOT, REDUCED, Simplex};

/// Steps of no length before the choice of columns is scattered.
const IDLE: u64 = 200;

impl Simplex {
    /// Minimises from the current point, which must be feasible; nonbasic columns may lie between their bounds.
    pub(crate) fn primal(&mut self, most: u64) -> Status {
        self.refresh();
        self.look_for_all();
        let end = self.iterations + most;
        let mut weights = vec![1.0; self.variables()];
        let mut confirmed = true;
        let mut idle = 0;
        loop {
            let Some((entering, direction)) = self.price(&weights, idle > IDLE) else {
                if confirmed {
                    return Status::Optimal;
                }
                self.recompute();
                self.look_for_all();
                confirmed = true;
                continue;
            };
            if self.iterations >= end || self.is_spent() {
                return Status::Stopped;
            }
            self.solve_column(entering);
            let (low, high) = self.bounds[entering];
            let at = self.value[entering];
            let flip = if direction > 0.0 { high - at } else { at - low };
            let blocked = self.ratio(direction);
            let step = blocked.map_or(f64::INFINITY, |b| b.1).min(flip);
            if step == f64::INFINITY {
                if confirmed {
                    return Status::Unbounded;
                }
                self.recompute();
                self.look_for_all();
                confirmed = true;
                continue;
            }
            if step > 0.0 {
                for (position, alpha) in self.solved.iter() {
                    self.value[self.head[position]] -= direction * step * alpha;
                }
            }
            self.value[entering] = if step < flip {
                at + direction * step
            } else if direction > 0.0 {
                high
            } else {
                low
            };
            confirmed = false;
            idle = if step > 0.0 { 0 } else { idle + 1 };
            let Some((position, _)) = blocked.filter(|b| b.1 < flip) else {
                self.look_for(entering);
                self.iterations += 1;
                continue;
            };
            let leaving = self.head[position];
            let (low, high) = self.bounds[leaving];
            let pivot = self.solved.get(position);
            let bound = if direction * pivot > 0.0 { low } else { high };
            self.pivot_row(position);
            let ratio = self.reduced[entering] / pivot;
            let reference = weights[entering];
            let alphas = std::mem::take(&mut self.alphas);
            for &(variable, alpha) in &alphas {
                self.reduced[variable] -= ratio * alpha;
                let scaled = alpha / pivot;
                weights[variable] = f64::max(weights[variable], scaled * scaled * reference);
            }
            self.reduced[leaving] = -ratio;
            self.reduced[entering] = 0.0;
            weights[leaving] = (reference / (pivot * pivot)).max(1.0);
            self.exchange(position, entering, bound);
            alphas.iter().for_each(|a| self.look_for(a.0));
            self.look_for(leaving);
            self.look_for(entering);
            self.alphas = alphas;
            if self.is_worn() {
                self.refresh();
                self.look_for_all();
                confirmed = true;
            }
        }
    }

    /// Which way a variable would lower the cost, if it would.
    fn tempts(&self, variable: usize) -> Option<f64> {
        let (low, high) = self.bounds[variable];
        let (reduced, value) = (self.reduced[variable], self.value[variable]);
        if self.place[variable] != NONE {
            None
        } else if reduced < -REDUCED && value < high {
            Some(1.0)
        } else if reduced > REDUCED && value > low {
            Some(-1.0)
        } else {
            None
        }
    }

    fn look_for(&mut self, variable: usize) {
        self.tempting.put(variable, self.tempts(variable).is_some());
    }

    fn look_for_all(&mut self) {
        (0..self.variables()).for_each(|v| self.look_for(v));
    }

    /// The entering variable and its direction; scattered among the candidates when the walk may be going in circles.
    fn price(&self, weights: &[f64], scattered: bool) -> Option<(usize, f64)> {
        let mut best = None;
        let mut best_score = 0.0;
        for variable in self.tempting.iter() {
            let reduced = self.reduced[variable];
            let shake = if scattered { scatter(variable as u64, self.iterations) } else { 1.0 };
            let score = reduced * reduced / weights[variable] * shake;
            if score > best_score {
                best_score = score;
                best = Some(variable);
            }
        }
        best.and_then(|variable| Some((variable, self.tempts(variable)?)))
    }

    /// The basic variable that stops the step, and the step.
    fn ratio(&self, direction: f64) -> Option<(usize, f64)> {
        let room = |position: usize, alpha: f64| {
            let variable = self.head[position];
            let (low, high) = self.bounds[variable];
            let rate = direction * alpha;
            if rate > 0.0 { (self.value[variable] - low, rate) } else { (high - self.value[variable], -rate) }
        };
        let mut longest = f64::INFINITY;
        for (position, alpha) in self.solved.iter().filter(|e| e.1.abs() > PIVOT) {
            let (slack, rate) = room(position, alpha);
            longest = longest.min((slack.max(0.0) + FEASIBLE * 0.1) / rate);
        }
        if longest == f64::INFINITY {
            return None;
        }
        let mut best: Option<(usize, f64, f64)> = None;
        for (position, alpha) in self.solved.iter().filter(|e| e.1.abs() > PIVOT) {
            let (slack, rate) = room(position, alpha);
            let step = slack.max(0.0) / rate;
            if step <= longest && best.is_none_or(|b| rate > b.2) {
                best = Some((position, step, rate));
            }
        }
        best.map(|b| (b.0, b.1))
    }
}
