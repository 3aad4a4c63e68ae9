//! Sparse LU factors of a basis, and the product-form updates between two factorisations.
//!
//! Columns and rows of one entry are taken first, which leaves little to eliminate in the bases of additive tables; the
//! rest by Markowitz's count with threshold pivoting (Markowitz 1957; Suhl and Suhl 1990). Updates are eta vectors (Dantzig and
//! Orchard-Hays, 1954). Solves visit only steps that the right side reaches, in the order of elimination.

use std::cmp::Ordering;

use super::vector::{Lists, Vector};

/// Updates before which nothing is factored anew, and those after which it is in any case.
const FEW: u64 = 20;
const MANY: u64 = 120;
/// A pivot smaller than this, relative to its row, is refused.
const RELATIVE_PIVOT: f64 = 0.1;
const ABSOLUTE_PIVOT: f64 = 1e-9;
const DROP: f64 = 1e-14;
/// What is left of an entry where rows cancel out.
const TINY: f64 = 1e-12;
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
    /// What is left to eliminate, for its memory.
    rest: Rest,
    /// Entries looked at.
    pub(super) work: u64,
    /// What a step cost at least, with its share of the factors.
    least_step: u64,
}

impl Factor {
    /// Becomes the factors of the basis of row activities.
    pub(super) fn begin(&mut self, size: usize) {
        self.empty(size);
        for numbers in [&mut self.row_of, &mut self.position_of, &mut self.step_of_row, &mut self.step_of_position] {
            numbers.clear();
            numbers.extend(0..size);
        }
        self.diagonal.resize(size, -1.0);
        for lists in [&mut self.lower, &mut self.lower_rows, &mut self.upper, &mut self.upper_rows] {
            lists.reset(size);
        }
    }

    fn empty(&mut self, size: usize) {
        self.row_of.clear();
        self.position_of.clear();
        for steps in [&mut self.step_of_row, &mut self.step_of_position] {
            steps.clear();
            steps.resize(size, NONE);
        }
        self.diagonal.clear();
        self.lower.reset(0);
        self.upper_rows.reset(0);
        self.etas.clear();
        self.eta_entries.reset(0);
        self.scratch.reset(size);
        self.work = 0;
        self.least_step = u64::MAX;
    }

    /// Factors the basis whose columns are given, one a position; positions that turn out dependent are returned with the
    /// row whose logical column (−1 on the row) took their place.
    pub(super) fn renew(&mut self, columns: &Lists) -> Vec<(usize, usize)> {
        let size = columns.len();
        self.empty(size);
        columns.turn(size, &mut self.lower_rows);
        // What needs no elimination: where a column has one row left, or a row one column.
        for (position, row) in singletons_first(columns, &self.lower_rows) {
            let pivot: f64 = columns.of(position).iter().filter(|e| e.0 == row).map(|e| e.1).sum();
            if pivot.abs() <= ABSOLUTE_PIVOT {
                break;
            }
            for &(other, value) in columns.of(position).iter().filter(|e| e.0 != row) {
                if self.step_of_row[other] == NONE {
                    self.lower.push((other, value / pivot));
                }
            }
            self.push(row, position, pivot);
        }
        // By step, what is above it in the columns; by position there, until all steps are known.
        for (step, (&row, &own)) in self.row_of.iter().zip(&self.position_of).enumerate() {
            for &entry in self.lower_rows.of(row) {
                if entry.0 != own && self.step_of_position[entry.0] > step {
                    self.upper_rows.push(entry);
                }
            }
            self.upper_rows.end();
        }
        let mut rest = std::mem::take(&mut self.rest);
        rest.begin(columns, &self.step_of_row, &self.step_of_position);
        while let Some((row, position)) = rest.pivot() {
            let pivot = rest.eliminate((row, position), &mut self.lower, &mut self.upper_rows);
            self.push(row, position, pivot);
        }
        self.work = rest.work + 2 * columns.entries() as u64;
        self.rest = rest;
        let dependent = (0..size).filter(|&p| self.step_of_position[p] == NONE);
        let free = (0..size).filter(|&r| self.step_of_row[r] == NONE);
        let replaced: Vec<(usize, usize)> = dependent.zip(free).collect();
        if !replaced.is_empty() {
            // What replaced columns say above is gone with them.
            self.upper_rows.retain(|e| self.step_of_position[e.0] != NONE);
            for &(position, row) in &replaced {
                self.upper_rows.end();
                self.push(row, position, -1.0);
            }
        }
        self.lower.renumber(|row| self.step_of_row[row]);
        self.upper_rows.renumber(|position| self.step_of_position[position]);
        self.lower.turn(size, &mut self.lower_rows);
        self.upper_rows.turn(size, &mut self.upper);
        self.work += 2 * (self.lower.entries() + self.upper.entries()) as u64;
        replaced
    }

    fn push(&mut self, row: usize, position: usize, pivot: f64) {
        self.step_of_row[row] = self.row_of.len();
        self.step_of_position[position] = self.row_of.len();
        self.row_of.push(row);
        self.position_of.push(position);
        self.diagonal.push(pivot);
        self.lower.end();
    }

    /// Whether it is time to factor anew: when a step has become dearer, with its share of the factors, than it was, or after
    /// so many updates that numbers may have lost their precision. `besides` is what factoring anew costs elsewhere.
    pub(super) fn is_worn(&mut self, besides: u64) -> bool {
        let updates = self.etas.len() as u64;
        if updates < FEW {
            return false;
        }
        let step = (self.work + besides) / updates;
        let dearer = step > self.least_step;
        self.least_step = self.least_step.min(step);
        dearer || updates >= MANY
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

    /// Replaces the column at a position; `solved` is the new column after [`ftran`](Self::ftran). Gives its entries.
    pub(super) fn update(&mut self, position: usize, solved: &Vector) -> u64 {
        let before = self.eta_entries.entries();
        for (other, value) in solved.iter().filter(|e| e.0 != position && e.1.abs() > DROP) {
            self.eta_entries.push((other, value));
        }
        self.eta_entries.end();
        self.etas.push((position, solved.get(position)));
        (self.eta_entries.entries() - before) as u64
    }
}

/// Pivots looked for in so many rows and columns.
const SOUGHT: usize = 4;

/// A row and a position to eliminate.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Pivot {
    fill: usize,
    size: f64,
    row: usize,
    position: usize,
}

impl Eq for Pivot {}

impl Ord for Pivot {
    /// The greatest leaves least to be filled, then is largest, then has the lowest numbers.
    fn cmp(&self, other: &Self) -> Ordering {
        let fill = other.fill.cmp(&self.fill).then(self.size.total_cmp(&other.size));
        fill.then((other.row, other.position).cmp(&(self.row, self.position)))
    }
}

impl PartialOrd for Pivot {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// What is left to eliminate: by row its entries by position, and by position its rows.
#[derive(Debug, Clone, Default)]
struct Rest {
    rows: Vec<Vec<(usize, f64)>>,
    columns: Vec<Vec<usize>>,
    /// Rows and positions by how many entries they have.
    by_row: Counts,
    by_column: Counts,
    /// By position, the pivot row's entry; zero between uses.
    pivot_row: Vec<f64>,
    work: u64,
}

impl Rest {
    fn begin(&mut self, columns: &Lists, step_of_row: &[usize], step_of_position: &[usize]) {
        let size = columns.len();
        self.rows.iter_mut().for_each(Vec::clear);
        self.rows.resize_with(size, Vec::new);
        self.columns.iter_mut().for_each(Vec::clear);
        self.columns.resize_with(size, Vec::new);
        self.by_row.begin(size);
        self.by_column.begin(size);
        self.pivot_row.resize(size, 0.0);
        self.work = 0;
        for position in (0..size).filter(|&p| step_of_position[p] == NONE) {
            for &(row, value) in columns.of(position).iter().filter(|e| step_of_row[e.0] == NONE) {
                self.rows[row].push((position, value));
                self.columns[position].push(row);
            }
            self.by_column.put(position, self.columns[position].len());
        }
        for row in (0..size).filter(|&r| step_of_row[r] == NONE) {
            self.by_row.put(row, self.rows[row].len());
        }
    }

    /// The row and position to eliminate next: few others in both (Markowitz 1957), and no small entry of its row.
    fn pivot(&mut self) -> Option<(usize, usize)> {
        let mut best: Option<Pivot> = None;
        let mut sought = 0;
        let mut count = 1;
        while !self.by_row.is_past(count) || !self.by_column.is_past(count) {
            let mut next = self.by_column.first(count);
            while let Some(position) = next.filter(|_| sought < SOUGHT) {
                for at in 0..self.columns[position].len() {
                    let found = self.pivot_in(self.columns[position][at], Some(position));
                    best = best.max(found);
                }
                sought += 1;
                next = self.by_column.after(position);
            }
            let mut next = self.by_row.first(count);
            // A row always has a pivot, a column may have none.
            while let Some(row) = next.filter(|_| sought < SOUGHT || best.is_none()) {
                let found = self.pivot_in(row, None);
                best = best.max(found);
                sought += 1;
                next = self.by_row.after(row);
            }
            if best.as_ref().is_some_and(|b| sought >= SOUGHT || b.fill <= count * count) {
                break;
            }
            count += 1;
        }
        best.map(|b| (b.row, b.position))
    }

    /// The best pivot of a row, at one position or anywhere.
    fn pivot_in(&mut self, row: usize, only: Option<usize>) -> Option<Pivot> {
        self.work += self.rows[row].len() as u64;
        let largest = self.rows[row].iter().fold(0.0_f64, |m, e| m.max(e.1.abs()));
        let fits = |e: &&(usize, f64)| e.1.abs() >= RELATIVE_PIVOT * largest && only.is_none_or(|o| o == e.0);
        let others = self.rows[row].len() - 1;
        let pivot = |&(position, value): &(usize, f64)| {
            let fill = others * (self.columns[position].len() - 1);
            Pivot { fill, size: value.abs(), row, position }
        };
        self.rows[row].iter().filter(fits).map(pivot).max()
    }

    /// Eliminates a position from all rows but one; what that row holds goes up, what was subtracted goes down.
    fn eliminate(&mut self, (row, position): (usize, usize), lower: &mut Lists, upper: &mut Lists) -> f64 {
        let mut entries = std::mem::take(&mut self.rows[row]);
        let mut pivot = 0.0;
        for &(other, value) in &entries {
            let column = &mut self.columns[other];
            if let Some(at) = column.iter().position(|&r| r == row) {
                column.swap_remove(at);
            }
            if other == position {
                pivot = value;
            } else {
                self.pivot_row[other] = value;
                upper.push((other, value));
            }
            self.work += 1;
        }
        upper.end();
        self.by_row.remove(row);
        self.by_column.remove(position);
        let mut column = std::mem::take(&mut self.columns[position]);
        for &below in &column {
            let Some(at) = self.rows[below].iter().position(|e| e.0 == position) else { continue };
            let times = self.rows[below].swap_remove(at).1 / pivot;
            lower.push((below, times));
            self.subtract(below, times, &entries, position);
            self.by_row.put(below, self.rows[below].len());
        }
        for &(other, _) in entries.iter().filter(|e| e.0 != position) {
            self.pivot_row[other] = 0.0;
            self.by_column.put(other, self.columns[other].len());
        }
        // Their memory serves again.
        entries.clear();
        column.clear();
        self.rows[row] = entries;
        self.columns[position] = column;
        pivot
    }

    /// Takes the pivot row so many times from another.
    fn subtract(&mut self, below: usize, times: f64, entries: &[(usize, f64)], position: usize) {
        let mut at = 0;
        while let Some(&(other, value)) = self.rows[below].get(at) {
            let by = std::mem::replace(&mut self.pivot_row[other], 0.0);
            if by == 0.0 {
                at += 1;
                continue;
            }
            let value = value - times * by;
            if value.abs() <= TINY {
                self.rows[below].swap_remove(at);
                let column = &mut self.columns[other];
                if let Some(at) = column.iter().position(|&r| r == below) {
                    column.swap_remove(at);
                }
            } else {
                self.rows[below][at].1 = value;
                at += 1;
            }
        }
        self.work += (self.rows[below].len() + entries.len()) as u64;
        for &(other, value) in entries.iter().filter(|e| e.0 != position) {
            // What was met is zero now.
            let by = std::mem::replace(&mut self.pivot_row[other], value);
            if by != 0.0 {
                self.rows[below].push((other, -times * by));
                self.columns[other].push(below);
            }
        }
    }
}

/// Numbers listed by a count, the last one put first.
#[derive(Debug, Clone, Default)]
struct Counts {
    first: Vec<usize>,
    after: Vec<usize>,
    before: Vec<usize>,
    count: Vec<usize>,
    most: usize,
}

impl Counts {
    fn begin(&mut self, size: usize) {
        for numbers in [&mut self.first, &mut self.after, &mut self.before, &mut self.count] {
            numbers.clear();
            numbers.resize(size + 1, NONE);
        }
        self.most = 0;
    }

    fn put(&mut self, number: usize, count: usize) {
        if self.count[number] == count {
            return;
        }
        self.remove(number);
        let next = std::mem::replace(&mut self.first[count], number);
        if next != NONE {
            self.before[next] = number;
        }
        self.after[number] = next;
        self.before[number] = NONE;
        self.count[number] = count;
        self.most = self.most.max(count);
    }

    fn remove(&mut self, number: usize) {
        let count = std::mem::replace(&mut self.count[number], NONE);
        if count == NONE {
            return;
        }
        let (before, after) = (self.before[number], self.after[number]);
        if before == NONE {
            self.first[count] = after;
        } else {
            self.after[before] = after;
        }
        if after != NONE {
            self.before[after] = before;
        }
    }

    fn first(&self, count: usize) -> Option<usize> {
        Some(self.first[count]).filter(|&n| n != NONE)
    }

    fn after(&self, number: usize) -> Option<usize> {
        Some(self.after[number]).filter(|&n| n != NONE)
    }

    /// Whether none has so many or more.
    fn is_past(&self, count: usize) -> bool {
        count > self.most
    }
}

/// Columns with one entry in the rows not yet taken, then rows with one such column: basis positions, each with its row.
fn singletons_first(columns: &Lists, rows: &Lists) -> Vec<(usize, usize)> {
    let size = columns.len();
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
    order
}
