//! Dual simplex: bound-flipping ratio test (Fourer 1994; Maros 2003), devex pricing of rows.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::{FEASIBLE, Lp, PIVOT, REDUCED, REFACTOR, Status, scatter};

/// Steps before costs are moved apart.
const STALL: u64 = 400;

/// A column that could enter the basis.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Candidate {
    ratio: f64,
    alpha: f64,
    variable: usize,
}

impl Eq for Candidate {}

impl Ord for Candidate {
    /// The greatest has the smallest ratio, then the largest pivot, then the lowest number.
    fn cmp(&self, other: &Self) -> Ordering {
        let ratio = other.ratio.total_cmp(&self.ratio);
        ratio.then(self.alpha.total_cmp(&other.alpha)).then(other.variable.cmp(&self.variable))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Lp {
    /// Minimises after bounds were changed or rows added.
    ///
    /// Columns with two finite bounds are put at the one that suits their reduced cost; any other column must have a
    /// reduced cost of the right sign already, or the answer is `Stopped`.
    pub(crate) fn dual(&mut self, most: u64) -> Status {
        let end = self.iterations + most;
        match self.dual_steps(STALL.min(most)) {
            Status::Stopped if most > STALL => {}
            status => return status,
        }
        // So long a walk is likely one in circles among equal reduced costs: costs are moved apart for a while.
        let costs = self.cost.clone();
        self.move_apart();
        let status = self.dual_steps(end.saturating_sub(self.iterations));
        self.cost = costs;
        match status {
            Status::Optimal => self.primal(end.saturating_sub(self.iterations)),
            status => status,
        }
    }

    /// Adds a small amount to each cost, in the direction that keeps nonbasic columns where they are.
    fn move_apart(&mut self) {
        for column in 0..self.columns.len() {
            let (low, high) = self.column_bounds[column];
            let amount = 1e-4 * (1.0 + scatter(column as u64, 0)) * (1.0 + self.cost[column].abs());
            let at_top = self.place_of_column[column] == super::NONE && self.column_value[column] >= high && low < high;
            self.cost[column] += if at_top { -amount } else { amount };
        }
    }

    fn dual_steps(&mut self, most: u64) -> Status {
        self.refresh();
        if !self.settle() {
            return Status::Stopped;
        }
        let end = self.iterations + most;
        let mut weights = vec![1.0; self.head.len()];
        let mut confirmed = true;
        loop {
            let Some((position, excess)) = self.worst_row(&weights) else {
                if confirmed {
                    return Status::Optimal;
                }
                self.refresh();
                if !self.settle() {
                    return Status::Stopped;
                }
                confirmed = true;
                continue;
            };
            if self.iterations >= end {
                return Status::Stopped;
            }
            let sign = excess.signum();
            let (rho, alphas) = self.pivot_row(position);
            let Some((entering, flips)) = self.enter(&alphas, sign, excess.abs()) else {
                if confirmed {
                    self.multipliers = rho.iter().map(|r| r * sign).collect();
                    return Status::Infeasible;
                }
                self.refresh();
                if !self.settle() {
                    return Status::Stopped;
                }
                confirmed = true;
                continue;
            };
            if !flips.is_empty() {
                self.flip(&flips);
            }
            let solved = self.solved_column(entering);
            let pivot = solved[position];
            let leaving = self.head[position];
            let (low, high) = self.bounds_of(leaving);
            let bound = if sign > 0.0 { high } else { low };
            if pivot.abs() < PIVOT {
                if confirmed {
                    return Status::Stopped;
                }
                self.refresh();
                if !self.settle() {
                    return Status::Stopped;
                }
                confirmed = true;
                continue;
            }
            let step = (self.value_of(leaving) - bound) / pivot;
            for (other, &alpha) in solved.iter().enumerate() {
                if alpha != 0.0 {
                    let variable = self.head[other];
                    self.set_value(variable, self.value_of(variable) - step * alpha);
                }
            }
            self.set_value(entering, self.value_of(entering) + step);
            let ratio = *self.reduced_of(entering) / pivot;
            for (variable, alpha) in alphas {
                *self.reduced_of(variable) -= ratio * alpha;
            }
            *self.reduced_of(leaving) = -ratio;
            *self.reduced_of(entering) = 0.0;
            let reference = weights[position];
            for (other, &alpha) in solved.iter().enumerate() {
                if alpha != 0.0 && other != position {
                    let scaled = alpha / pivot;
                    weights[other] = f64::max(weights[other], scaled * scaled * reference);
                }
            }
            weights[position] = (reference / (pivot * pivot)).max(1.0);
            self.exchange(position, entering, &solved, bound);
            confirmed = false;
            if self.factor.updates() >= REFACTOR {
                self.refresh();
                if !self.settle() {
                    return Status::Stopped;
                }
                confirmed = true;
            }
        }
    }

    /// Puts every nonbasic variable at the bound that its reduced cost asks for.
    fn settle(&mut self) -> bool {
        let mut moved = false;
        for variable in 0..self.variables() {
            if self.is_basic(variable) {
                continue;
            }
            let (low, high) = self.bounds_of(variable);
            let reduced = *self.reduced_of(variable);
            let at = self.value_of(variable);
            let wanted = if reduced > REDUCED {
                low
            } else if reduced < -REDUCED {
                high
            } else if at - low <= high - at {
                low
            } else {
                high
            };
            let wanted = if wanted.is_finite() {
                wanted
            } else if reduced.abs() > REDUCED {
                return false;
            } else if low.is_finite() {
                low
            } else if high.is_finite() {
                high
            } else {
                0.0
            };
            if (wanted - at).abs() > 0.0 {
                self.set_value(variable, wanted);
                moved = true;
            }
        }
        if moved {
            self.recompute_values();
        }
        true
    }

    /// The basic variable most outside its bounds for its weight, and by how much (positive above, negative below).
    fn worst_row(&self, weights: &[f64]) -> Option<(usize, f64)> {
        let mut best = None;
        let mut best_score = 0.0;
        for (position, &variable) in self.head.iter().enumerate() {
            let (low, high) = self.bounds_of(variable);
            let value = self.value_of(variable);
            let tolerance = FEASIBLE * (1.0 + value.abs().min(1e4) * 1e-2);
            let excess = if value > high + tolerance {
                value - high
            } else if value < low - tolerance {
                value - low
            } else {
                continue;
            };
            let score = excess * excess / weights[position];
            if score > best_score {
                best_score = score;
                best = Some((position, excess));
            }
        }
        best
    }

    /// The entering variable, and those that jump to their other bound on the way.
    fn enter(&mut self, alphas: &[(usize, f64)], sign: f64, excess: f64) -> Option<(usize, Vec<usize>)> {
        let mut candidates: Vec<Candidate> = Vec::new();
        for &(variable, alpha) in alphas {
            let tilted = sign * alpha;
            if tilted.abs() < PIVOT {
                continue;
            }
            let (low, high) = self.bounds_of(variable);
            if high <= low {
                continue;
            }
            let at = self.value_of(variable);
            let free = low == f64::NEG_INFINITY && high == f64::INFINITY;
            if free || (tilted > 0.0 && at <= low) || (tilted < 0.0 && at >= high) {
                let ratio = (*self.reduced_of(variable) / tilted).max(0.0);
                candidates.push(Candidate { ratio, alpha: tilted.abs(), variable });
            }
        }
        // Few are passed of many: a heap gives them in order without sorting the rest.
        let mut candidates = BinaryHeap::from(candidates);
        let mut slope = excess;
        let mut flips = Vec::new();
        let mut chosen = loop {
            // None left: even with every candidate at its other bound the row stays outside.
            let next = candidates.pop()?;
            let (low, high) = self.bounds_of(next.variable);
            slope -= next.alpha * (high - low);
            // What is within tolerance counts as inside: a row that exactly fits must not look impossible.
            if slope <= FEASIBLE {
                break next;
            }
            flips.push(next.variable);
        };
        // Among near ties around the breakpoint, the largest pivot is the safest.
        let limit = chosen.ratio + 1e-9;
        while let Some(next) = candidates.pop().filter(|c| c.ratio <= limit) {
            if next.alpha > chosen.alpha {
                chosen = next;
            }
        }
        Some((chosen.variable, flips))
    }

    fn flip(&mut self, variables: &[usize]) {
        let mut right = vec![0.0; self.head.len()];
        for &variable in variables {
            let (low, high) = self.bounds_of(variable);
            let at = self.value_of(variable);
            let to = if at <= low { high } else { low };
            for (row, a) in self.column_of(variable) {
                right[row] -= a * (to - at);
            }
            self.set_value(variable, to);
        }
        self.factor.ftran(&mut right);
        for (position, change) in right.into_iter().enumerate() {
            if change != 0.0 {
                let variable = self.head[position];
                self.set_value(variable, self.value_of(variable) + change);
            }
        }
    }
}
