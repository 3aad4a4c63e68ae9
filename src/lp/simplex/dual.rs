//! Dual simplex: bound-flipping ratio test (Fourer 1994; Maros 2003), devex pricing of rows.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::super::{Status, scatter};
use super::{FEASIBLE, NONE, PIVOT, REDUCED, Simplex};

/// Steps before costs are moved apart.
const STALL: u64 = 400;

/// A column that could enter the basis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Candidate {
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

impl Simplex {
    /// Minimises after bounds were changed or rows added.
    ///
    /// Columns with two finite bounds are put at the one that suits their reduced cost. Where that bound is missing, the
    /// cost is moved until none is needed, and the primal finishes from where the dual ends.
    pub(crate) fn dual(&mut self, most: u64) -> Status {
        let end = self.iterations + most;
        let costs = self.cost.clone();
        let mut status = self.dual_steps(STALL.min(most));
        if status == Status::Stopped && most > STALL {
            // So long a walk is likely one in circles among equal reduced costs: costs are moved apart for a while.
            self.move_apart();
            status = self.dual_steps(end.saturating_sub(self.iterations));
        }
        if self.cost == costs {
            return status;
        }
        self.cost = costs;
        match status {
            Status::Optimal => self.primal(end.saturating_sub(self.iterations)),
            status => status,
        }
    }

    /// Adds a small amount to the cost of each column outside the basis, in the direction that keeps it where it is.
    fn move_apart(&mut self) {
        for column in (0..self.columns.len()).filter(|&c| self.place[c] == NONE) {
            let (low, high) = self.bounds[column];
            let amount = 1e-4 * (1.0 + scatter(column as u64, 0)) * (1.0 + self.cost[column].abs());
            let at_top = self.value[column] >= high && low < high;
            self.cost[column] += if at_top { -amount } else { amount };
        }
    }

    fn dual_steps(&mut self, most: u64) -> Status {
        self.refresh();
        self.settle();
        let end = self.iterations + most;
        let mut weights = vec![1.0; self.head.len()];
        let mut confirmed = true;
        loop {
            let Some((position, excess)) = self.worst_row(&weights) else {
                if confirmed {
                    return Status::Optimal;
                }
                self.recompute();
                self.settle();
                confirmed = true;
                continue;
            };
            if self.iterations >= end || self.is_spent() {
                return Status::Stopped;
            }
            let sign = excess.signum();
            self.pivot_row(position);
            let entering = self.enter(sign, excess.abs());
            let pivot = entering.as_ref().map_or(0.0, |(entering, flips)| {
                if !flips.is_empty() {
                    self.flip(flips);
                }
                self.solve_column(*entering);
                self.solved.get(position)
            });
            if pivot.abs() < PIVOT {
                if !confirmed {
                    self.stale |= entering.is_some();
                    self.refresh();
                    self.settle();
                    confirmed = true;
                    continue;
                }
                if entering.is_some() {
                    return Status::Stopped;
                }
                self.multipliers.fill(0.0);
                for (row, weight) in self.rho.iter() {
                    self.multipliers[row] = weight * sign;
                }
                return Status::Infeasible;
            }
            let Some((entering, _)) = entering else { return Status::Stopped };
            let leaving = self.head[position];
            let (low, high) = self.bounds[leaving];
            let bound = if sign > 0.0 { high } else { low };
            let step = (self.value[leaving] - bound) / pivot;
            let reference = weights[position];
            for (other, alpha) in self.solved.iter() {
                self.value[self.head[other]] -= step * alpha;
                if other != position {
                    let scaled = alpha / pivot;
                    weights[other] = f64::max(weights[other], scaled * scaled * reference);
                }
            }
            weights[position] = (reference / (pivot * pivot)).max(1.0);
            self.value[entering] += step;
            let ratio = self.reduced[entering] / pivot;
            for &(variable, alpha) in &self.alphas {
                self.reduced[variable] -= ratio * alpha;
            }
            self.reduced[leaving] = -ratio;
            self.reduced[entering] = 0.0;
            self.exchange(position, entering, bound);
            self.watch_solved();
            self.watch(position);
            confirmed = false;
            if self.is_worn() {
                self.refresh();
                self.settle();
                confirmed = true;
            }
        }
    }

    /// Puts every nonbasic variable at the bound that its reduced cost asks for; where there is none, moves its cost.
    fn settle(&mut self) {
        let mut moved = false;
        for variable in 0..self.variables() {
            let (low, high) = self.bounds[variable];
            let at = self.value[variable];
            if self.place[variable] != NONE || (low >= high && at >= low && at <= high) {
                continue;
            }
            let reduced = self.reduced[variable];
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
            } else {
                if reduced.abs() > REDUCED {
                    self.cost[variable] -= reduced;
                    self.reduced[variable] = 0.0;
                }
                [low, high].into_iter().find(|bound| bound.is_finite()).unwrap_or(0.0)
            };
            if (wanted - at).abs() > 0.0 {
                self.value[variable] = wanted;
                moved = true;
            }
        }
        if moved {
            self.recompute_values();
        }
        (0..self.head.len()).for_each(|position| self.watch(position));
    }

    /// How far the variable at a place is outside its bounds: positive above, negative below.
    fn excess(&self, position: usize) -> f64 {
        let variable = self.head[position];
        let (low, high) = self.bounds[variable];
        let value = self.value[variable];
        let tolerance = FEASIBLE * (1.0 + value.abs().min(1e4) * 1e-2);
        if value > high + tolerance {
            value - high
        } else if value < low - tolerance {
            value - low
        } else {
            0.0
        }
    }

    fn watch(&mut self, position: usize) {
        let is_outside = self.excess(position).abs() > 0.0;
        self.outside.put(position, is_outside);
    }

    /// Looks again at what the solved column moved.
    fn watch_solved(&mut self) {
        let mut at = 0;
        while let Some(position) = self.solved.next(at) {
            at = position + 1;
            self.watch(position);
        }
    }

    /// The basic variable most outside its bounds for its weight, and by how much (positive above, negative below).
    fn worst_row(&mut self, weights: &[f64]) -> Option<(usize, f64)> {
        let mut best = None;
        let mut best_score = 0.0;
        let mut looks = 0;
        for position in self.outside.iter() {
            looks += 1;
            let excess = self.excess(position);
            let score = excess * excess / weights[position];
            if score > best_score {
                best_score = score;
                best = Some((position, excess));
            }
        }
        self.work += looks;
        best
    }

    /// The entering variable, and those that jump to their other bound on the way.
    fn enter(&mut self, sign: f64, excess: f64) -> Option<(usize, Vec<usize>)> {
        let mut candidates = std::mem::take(&mut self.candidates);
        candidates.clear();
        for &(variable, alpha) in &self.alphas {
            let tilted = sign * alpha;
            if tilted.abs() < PIVOT {
                continue;
            }
            let (low, high) = self.bounds[variable];
            if high <= low {
                continue;
            }
            let at = self.value[variable];
            let free = low == f64::NEG_INFINITY && high == f64::INFINITY;
            if free || (tilted > 0.0 && at <= low) || (tilted < 0.0 && at >= high) {
                // Not `max`, which leaves the sign of a zero to the machine, while the order of candidates tells signs.
                let ratio = self.reduced[variable] / tilted;
                let ratio = if ratio > 0.0 { ratio } else { 0.0 };
                candidates.push(Candidate { ratio, alpha: tilted.abs(), variable });
            }
        }
        // Few are passed of many: a heap gives them in order without sorting the rest.
        let mut candidates = BinaryHeap::from(candidates);
        let entering = self.choose(&mut candidates, excess);
        self.candidates = candidates.into_vec();
        entering
    }

    fn choose(&self, candidates: &mut BinaryHeap<Candidate>, excess: f64) -> Option<(usize, Vec<usize>)> {
        let mut slope = excess;
        let mut flips = Vec::new();
        let mut chosen = loop {
            // None left: even with every candidate at its other bound the row stays outside.
            let next = candidates.pop()?;
            let (low, high) = self.bounds[next.variable];
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
        let columns = self.columns.len();
        for &variable in variables {
            let (low, high) = self.bounds[variable];
            let to = if self.value[variable] <= low { high } else { low };
            let by = to - self.value[variable];
            match variable.checked_sub(columns) {
                Some(row) => self.right.add(row, by),
                None => self.columns[variable].iter().for_each(|&(row, a)| self.right.add(row, -a * by)),
            }
            self.value[variable] = to;
        }
        self.factor.ftran(&mut self.right, &mut self.solved);
        for (position, change) in self.solved.iter() {
            self.value[self.head[position]] += change;
        }
        self.watch_solved();
    }
}
