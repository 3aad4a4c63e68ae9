//! Sparse LU factors of a basis, and the product-form updates between two factorisations.
//!
//! Left-looking elimination (Gilbert and Peierls, 1988) with threshold pivoting; columns and rows of one entry are taken
//! first, which leaves little to eliminate in the bases of additive tables. Updates are eta vectors (Dantzig and
//! Orchard-Hays, 1954).

/// A pivot smaller than this, relative to its column, is refused.
const RELATIVE_PIVOT: f64 = 0.05;
const ABSOLUTE_PIVOT: f64 = 1e-9;
const DROP: f64 = 1e-14;

type Sparse = Vec<(usize, f64)>;

#[derive(Debug, Clone, Default)]
pub(super) struct Factor {
    size: usize,
    /// By step: the row and the basis position that the step pivots on, and the pivot.
    pivot_row: Vec<usize>,
    pivot_position: Vec<usize>,
    diagonal: Vec<f64>,
    lower: Vec<Sparse>,
    upper: Vec<Sparse>,
    etas: Vec<(usize, f64, Sparse)>,
    scratch: Vec<f64>,
}

impl Factor {
    /// Factors the basis whose columns are given; positions that turn out dependent are returned with the row whose
    /// logical column (−1 on the row) took their place.
    pub(super) fn new(size: usize, column: impl Fn(usize) -> Sparse) -> (Self, Vec<(usize, usize)>) {
        let columns: Vec<Sparse> = (0..size).map(column).collect();
        let mut factor = Factor { size, scratch: vec![0.0; size], ..Factor::default() };
        let order = singletons_first(size, &columns);
        let mut step_of_row = vec![usize::MAX; size];
        let mut row_count = vec![0_usize; size];
        columns.iter().flatten().for_each(|e| row_count[e.0] += 1);
        let mut dense = vec![0.0; size];
        let mut mark = vec![usize::MAX; size];
        let mut dependent = Vec::new();
        for (turn, &(position, hint)) in order.iter().enumerate() {
            let pattern = factor.reach(&columns[position], &step_of_row, &mut mark, turn);
            for &(row, value) in &columns[position] {
                dense[row] += value;
            }
            let mut upper = Sparse::new();
            let mut rest = Sparse::new();
            for &row in &pattern {
                let value = std::mem::replace(&mut dense[row], 0.0);
                let step = step_of_row[row];
                if step == usize::MAX {
                    if value.abs() > DROP {
                        rest.push((row, value));
                    }
                } else if value.abs() > DROP {
                    for &(r, l) in &factor.lower[step] {
                        dense[r] -= l * value;
                    }
                    upper.push((row, value));
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
                    step_of_row[row] = factor.pivot_row.len();
                    rest.retain(|e| e.0 != row);
                    rest.iter_mut().for_each(|e| e.1 /= value);
                    factor.push(row, position, value, rest, upper);
                }
                _ => dependent.push(position),
            }
        }
        let mut free_rows = (0..size).filter(|&r| step_of_row[r] == usize::MAX);
        let mut replaced = Vec::new();
        for position in dependent {
            if let Some(row) = free_rows.next() {
                factor.push(row, position, -1.0, Sparse::new(), Sparse::new());
                replaced.push((position, row));
            }
        }
        (factor, replaced)
    }

    fn push(&mut self, row: usize, position: usize, pivot: f64, lower: Sparse, upper: Sparse) {
        self.pivot_row.push(row);
        self.pivot_position.push(position);
        self.diagonal.push(pivot);
        self.lower.push(lower);
        self.upper.push(upper);
    }

    /// Rows that the solved column can fill, each after those it depends on.
    fn reach(&self, column: &Sparse, step_of_row: &[usize], mark: &mut [usize], turn: usize) -> Vec<usize> {
        let mut post = Vec::new();
        let mut stack: Vec<(usize, usize)> = Vec::new();
        for &(start, _) in column {
            if mark[start] == turn {
                continue;
            }
            mark[start] = turn;
            stack.push((start, 0));
            while let Some(&mut (row, ref mut next)) = stack.last_mut() {
                let step = step_of_row[row];
                let below: &[(usize, f64)] = if step == usize::MAX { &[] } else { &self.lower[step] };
                match below.get(*next) {
                    Some(&(child, _)) => {
                        *next += 1;
                        if mark[child] != turn {
                            mark[child] = turn;
                            stack.push((child, 0));
                        }
                    }
                    None => {
                        post.push(row);
                        stack.pop();
                    }
                }
            }
        }
        post.reverse();
        post
    }

    pub(super) fn updates(&self) -> usize {
        self.etas.len()
    }

    /// Solves `B x = right`: rows in, basis positions out.
    pub(super) fn ftran(&mut self, right: &mut [f64]) {
        for step in 0..self.size {
            let value = right[self.pivot_row[step]];
            if value != 0.0 {
                for &(row, l) in &self.lower[step] {
                    right[row] -= l * value;
                }
            }
        }
        for step in (0..self.size).rev() {
            let row = self.pivot_row[step];
            if right[row] != 0.0 {
                let value = right[row] / self.diagonal[step];
                for &(above, u) in &self.upper[step] {
                    right[above] -= u * value;
                }
                self.scratch[self.pivot_position[step]] = value;
            }
        }
        right.copy_from_slice(&self.scratch);
        self.scratch.fill(0.0);
        for (position, pivot, column) in &self.etas {
            let value = right[*position];
            if value != 0.0 {
                let value = value / pivot;
                right[*position] = value;
                for &(other, a) in column {
                    right[other] -= a * value;
                }
            }
        }
    }

    /// Solves `Bᵀ y = right`: basis positions in, rows out.
    pub(super) fn btran(&mut self, right: &mut [f64]) {
        for (position, pivot, column) in self.etas.iter().rev() {
            let sum: f64 = column.iter().map(|&(other, a)| a * right[other]).sum();
            right[*position] = (right[*position] - sum) / pivot;
        }
        for step in 0..self.size {
            let sum: f64 = self.upper[step].iter().map(|&(row, u)| u * self.scratch[row]).sum();
            self.scratch[self.pivot_row[step]] = (right[self.pivot_position[step]] - sum) / self.diagonal[step];
        }
        for step in (0..self.size).rev() {
            let sum: f64 = self.lower[step].iter().map(|&(row, l)| l * self.scratch[row]).sum();
            self.scratch[self.pivot_row[step]] -= sum;
        }
        right.copy_from_slice(&self.scratch);
        self.scratch.fill(0.0);
    }

    /// Replaces the column at a position; `solved` is the new column after [`ftran`](Self::ftran).
    pub(super) fn update(&mut self, position: usize, solved: &[f64]) {
        let column = solved.iter().enumerate().filter(|e| e.0 != position && e.1.abs() > DROP).map(|e| (e.0, *e.1));
        self.etas.push((position, solved[position], column.collect()));
    }
}

/// Columns with one entry in the rows not yet taken come first, then rows with one such column, then the rest by count.
/// Gives basis positions, each with the row it should pivot on where that is known.
fn singletons_first(size: usize, columns: &[Sparse]) -> Vec<(usize, usize)> {
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); size];
    let mut open: Vec<usize> = columns.iter().map(Vec::len).collect();
    for (position, column) in columns.iter().enumerate() {
        column.iter().for_each(|e| rows[e.0].push(position));
    }
    let (mut row_done, mut done) = (vec![false; size], vec![false; size]);
    let mut order = Vec::with_capacity(size);
    let mut ready: Vec<usize> = (0..size).rev().filter(|&p| open[p] == 1).collect();
    while let Some(position) = ready.pop() {
        if done[position] || open[position] != 1 {
            continue;
        }
        let Some(&(row, _)) = columns[position].iter().find(|e| !row_done[e.0]) else { continue };
        done[position] = true;
        row_done[row] = true;
        order.push((position, row));
        for &other in &rows[row] {
            open[other] -= 1;
            if open[other] == 1 && !done[other] {
                ready.push(other);
            }
        }
    }
    let mut row_open: Vec<usize> = rows.iter().map(|users| users.iter().filter(|&&p| !done[p]).count()).collect();
    let mut ready: Vec<usize> = (0..size).rev().filter(|&r| !row_done[r] && row_open[r] == 1).collect();
    while let Some(row) = ready.pop() {
        if row_done[row] || row_open[row] != 1 {
            continue;
        }
        let Some(&position) = rows[row].iter().find(|&&p| !done[p]) else { continue };
        done[position] = true;
        row_done[row] = true;
        order.push((position, row));
        for &(other, _) in &columns[position] {
            row_open[other] -= 1;
            if row_open[other] == 1 && !row_done[other] {
                ready.push(other);
            }
        }
    }
    let mut rest: Vec<usize> = (0..size).filter(|&p| !done[p]).collect();
    rest.sort_by_key(|&p| (columns[p].len(), p));
    order.extend(rest.into_iter().map(|p| (p, usize::MAX)));
    order
}
