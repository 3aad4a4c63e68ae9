//! Sparse LU factors of a basis, and the product-form updates between two factorisations.
//!
//! Left-looking elimination (Gilbert and Peierls, 1988) with threshold pivoting; columns and rows of one entry are taken
//! first, which leaves little to eliminate in the bases of additive tables. Updates are eta vectors (Dantzig and
//! Orchard-Hays, 1954). Solves visit only steps that the right side reaches, in the order of elimination.

use super::vector::{Lists, Vector};

/// A pivot smaller than this, relative to its column, is refused.
const RELATIVE_PIVOT: f64 = 0.05;
const ABSOLUTE_PIVOT: f64 = 1e-9;
const DROP: f64 = 1e-14;
const NONE: usize = usize::MAX;

/// `B = L·U` by steps of elimination: each step pivots on one row, for one basis position.
#[derive(Debug, Clone, Default)]
pub(super) struct Factor {
    row_of: Vec<usize>,
    position_of: Vec<usize>,
    step_of_row: Vec<usize>,
    step_of_position: Vec<usize>,
    diagonal: Vec<f64>,
    /// By step, entries by step: of a column of L or U, and of a row.
    lower: Lists,
    lower_rows: Lists,
    upper: Lists,
    upper_rows: Lists,
    /// By update: the position, its pivot; the other entries are a list.
    etas: Vec<(usize, f64)>,
    eta_entries: Lists,
    /// All zero between uses.
    scratch: Vector,
    /// Entries looked at.
    pub(super) work: u64,
}

impl Factor {
    /// The basis of row activities.
    pub(super) fn of_rows(size: usize) -> Self {
        let all: Vec<usize> = (0..size).collect();
        Factor {
            row_of: all.clone(),
            position_of: all.clone(),
            step_of_row: all.clone(),
            step_of_position: all,
            diagonal: vec![-1.0; size],
            lower: Lists::empty(size),
            lower_rows: Lists::empty(size),
            upper: Lists::empty(size),
            upper_rows: Lists::empty(size),
            etas: Vec::new(),
            eta_entries: Lists::default(),
            scratch: Vector::with_size(size),
            work: 0,
        }
    }

    /// Factors the basis whose columns are given, one a position; positions that turn out dependent are returned with the
    /// row whose logical column (−1 on the row) took their place.
    pub(super) fn new(columns: &Lists) -> (Self, Vec<(usize, usize)>) {
        let size = columns.len();
        let mut factor = Factor { scratch: Vector::with_size(size), ..Factor::default() };
        let order = singletons_first(size, columns);
        let mut step_of_row = vec![NONE; size];
        let mut row_count = vec![0_usize; size];
        (0..size).flat_map(|p| columns.of(p)).for_each(|e| row_count[e.0] += 1);
        let mut dense = vec![0.0; size];
        let mut walk = Walk { mark: vec![NONE; size], post: Vec::new(), stack: Vec::new() };
        let mut dependent = Vec::new();
        let mut rest: Vec<(usize, f64)> = Vec::new();
        for (turn, &(position, hint)) in order.iter().enumerate() {
            walk.reach(columns.of(position), &factor.lower, &step_of_row, turn);
            for &(row, value) in columns.of(position) {
                dense[row] += value;
            }
            rest.clear();
            let before = factor.upper.entries();
            for &row in walk.post.iter().rev() {
                let value = std::mem::replace(&mut dense[row], 0.0);
                if value.abs() <= DROP {
                    continue;
                }
                let step = step_of_row[row];
                if step == NONE {
                    rest.push((row, value));
                } else {
                    for &(r, l) in factor.lower.of(step) {
                        dense[r] -= l * value;
                    }
                    factor.upper.push((step, value));
                }
            }
            let largest = rest.iter().fold(0.0_f64, |m, e| m.max(e.1.abs()));
            let hinted = rest.iter().find(|e| e.0 == hint && e.1.abs() >= RELATIVE_PIVOT * largest);
            let pivot = hinted
                .or_else(|| {
                    rest.iter().filter(|e| e.1.abs() >= RELATIVE_PIVOT * largest).min_by(|a, b| {
                        row_count[a.0].cmp(&row_count[b.0]).then(b.1.abs().total_cmp(&a.1.abs())).then(a.0.cmp(&b.0))
                    })
                })
                .copied();
            match pivot {
                Some((row, value)) if largest > ABSOLUTE_PIVOT => {
                    step_of_row[row] = factor.row_of.len();
                    rest.iter().filter(|e| e.0 != row).for_each(|e| factor.lower.push((e.0, e.1 / value)));
                    factor.push(row, position, value);
                }
                _ => {
                    factor.upper.cut(before);
                    dependent.push(position);
                }
            }
        }
        let mut free_rows = (0..size).filter(|&r| step_of_row[r] == NONE).collect::<Vec<_>>().into_iter();
        let mut replaced = Vec::new();
        for position in dependent {
            if let Some(row) = free_rows.next() {
                step_of_row[row] = factor.row_of.len();
                factor.push(row, position, -1.0);
                replaced.push((position, row));
            }
        }
        factor.lower.renumber(|row| step_of_row[row]);
        factor.lower_rows = factor.lower.turned(size);
        factor.upper_rows = factor.upper.turned(size);
        factor.step_of_position = vec![0; size];
        for (step, &position) in factor.position_of.iter().enumerate() {
            factor.step_of_position[position] = step;
        }
        factor.step_of_row = step_of_row;
        factor.work = 2 * (factor.lower.entries() + factor.upper.entries() + columns.entries()) as u64;
        (factor, replaced)
    }

    fn push(&mut self, row: usize, position: usize, pivot: f64) {
        self.row_of.push(row);
        self.position_of.push(position);
        self.diagonal.push(pivot);
        self.lower.end();
        self.upper.end();
    }

    pub(super) fn updates(&self) -> usize {
        self.etas.len()
    }

    /// Solves `B x = right`: rows in, which are left empty, basis positions out.
    pub(super) fn ftran(&mut self, right: &mut Vector, solved: &mut Vector) {
        let x = &mut self.scratch;
        right.pour(x, &self.step_of_row, 0.0);
        let mut at = 0;
        while let Some(step) = x.next(at) {
            at = step + 1;
            let value = x.get(step);
            if value != 0.0 {
                let entries = self.lower.of(step);
                self.work += 1 + entries.len() as u64;
                for &(later, l) in entries {
                    x.add(later, -l * value);
                }
            }
        }
        solved.clear();
        let mut end = self.diagonal.len();
        while let Some(step) = x.before(end) {
            end = step;
            let value = x.take(step);
            if value.abs() > DROP {
                let value = value / self.diagonal[step];
                let entries = self.upper.of(step);
                self.work += 1 + entries.len() as u64;
                for &(earlier, u) in entries {
                    x.add(earlier, -u * value);
                }
                solved.set(self.position_of[step], value);
            }
        }
        self.work += self.etas.len() as u64;
        for (number, &(position, pivot)) in self.etas.iter().enumerate() {
            let value = solved.get(position);
            if value != 0.0 {
                let value = value / pivot;
                solved.set(position, value);
                let entries = self.eta_entries.of(number);
                self.work += entries.len() as u64;
                for &(other, a) in entries {
                    solved.add(other, -a * value);
                }
            }
        }
    }

    /// Solves `Bᵀ y = right`: basis positions in, which are left empty, rows out.
    pub(super) fn btran(&mut self, right: &mut Vector, solved: &mut Vector) {
        self.work += (self.etas.len() + self.eta_entries.entries()) as u64;
        for (number, &(position, pivot)) in self.etas.iter().enumerate().rev() {
            let sum: f64 = self.eta_entries.of(number).iter().map(|&(other, a)| a * right.get(other)).sum();
            let before = right.get(position);
            if sum != 0.0 || before != 0.0 {
                right.set(position, (before - sum) / pivot);
            }
        }
        let x = &mut self.scratch;
        right.pour(x, &self.step_of_position, DROP);
        let mut at = 0;
        while let Some(step) = x.next(at) {
            at = step + 1;
            let value = x.get(step);
            if value != 0.0 {
                let value = value / self.diagonal[step];
                x.set(step, value);
                let entries = self.upper_rows.of(step);
                self.work += 1 + entries.len() as u64;
                for &(later, u) in entries {
                    x.add(later, -u * value);
                }
            }
        }
        solved.clear();
        let mut end = self.diagonal.len();
        while let Some(step) = x.before(end) {
            end = step;
            let value = x.take(step);
            if value.abs() > DROP {
                let entries = self.lower_rows.of(step);
                self.work += 1 + entries.len() as u64;
                for &(earlier, l) in entries {
                    x.add(earlier, -l * value);
                }
                solved.set(self.row_of[step], value);
            }
        }
    }

    /// Replaces the column at a position; `solved` is the new column after [`ftran`](Self::ftran).
    pub(super) fn update(&mut self, position: usize, solved: &Vector) {
        for (other, value) in solved.iter().filter(|e| e.0 != position && e.1.abs() > DROP) {
            self.eta_entries.push((other, value));
        }
        self.eta_entries.end();
        self.etas.push((position, solved.get(position)));
    }
}

/// A walk through the columns of L that a column reaches.
struct Walk {
    mark: Vec<usize>,
    /// Rows reached, each after all that it leads to.
    post: Vec<usize>,
    stack: Vec<(usize, usize)>,
}

impl Walk {
    fn reach(&mut self, column: &[(usize, f64)], lower: &Lists, step_of_row: &[usize], turn: usize) {
        self.post.clear();
        for &(start, _) in column {
            if self.mark[start] == turn {
                continue;
            }
            self.mark[start] = turn;
            self.stack.push((start, 0));
            while let Some(&mut (row, ref mut next)) = self.stack.last_mut() {
                let step = step_of_row[row];
                let below: &[(usize, f64)] = if step == NONE { &[] } else { lower.of(step) };
                match below.get(*next) {
                    Some(&(child, _)) => {
                        *next += 1;
                        if self.mark[child] != turn {
                            self.mark[child] = turn;
                            self.stack.push((child, 0));
                        }
                    }
                    None => {
                        self.post.push(row);
                        self.stack.pop();
                    }
                }
            }
        }
    }
}

/// Columns with one entry in the rows not yet taken come first, then rows with one such column, then the rest by count.
/// Gives basis positions, each with the row it should pivot on where that is known.
fn singletons_first(size: usize, columns: &Lists) -> Vec<(usize, usize)> {
    let rows = columns.turned(size);
    let mut open: Vec<usize> = (0..size).map(|p| columns.of(p).len()).collect();
    let (mut row_done, mut done) = (vec![false; size], vec![false; size]);
    let mut order = Vec::with_capacity(size);
    let mut ready: Vec<usize> = (0..size).rev().filter(|&p| open[p] == 1).collect();
    while let Some(position) = ready.pop() {
        if done[position] || open[position] != 1 {
            continue;
        }
        let Some(&(row, _)) = columns.of(position).iter().find(|e| !row_done[e.0]) else { continue };
        done[position] = true;
        row_done[row] = true;
        order.push((position, row));
        for &(other, _) in rows.of(row) {
            open[other] -= 1;
            if open[other] == 1 && !done[other] {
                ready.push(other);
            }
        }
    }
    let mut row_open: Vec<usize> = (0..size).map(|r| rows.of(r).iter().filter(|e| !done[e.0]).count()).collect();
    let mut ready: Vec<usize> = (0..size).rev().filter(|&r| !row_done[r] && row_open[r] == 1).collect();
    while let Some(row) = ready.pop() {
        if row_done[row] || row_open[row] != 1 {
            continue;
        }
        let Some(&(position, _)) = rows.of(row).iter().find(|e| !done[e.0]) else { continue };
        done[position] = true;
        row_done[row] = true;
        order.push((position, row));
        for &(other, _) in columns.of(position) {
            row_open[other] -= 1;
            if row_open[other] == 1 && !row_done[other] {
                ready.push(other);
            }
        }
    }
    let mut rest: Vec<usize> = (0..size).filter(|&p| !done[p]).collect();
    rest.sort_by_key(|&p| (columns.of(p).len(), p));
    order.extend(rest.into_iter().map(|p| (p, usize::MAX)));
    order
}
