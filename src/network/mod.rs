//! Relations that are a network: every cell in at most two relations, once on each side.
//!
//! Each relation is a node, each cell an arc; cells that fewer than two relations tie hang on one more node, the outside.
//! A change that keeps every sum is then a circulation, and how far a cell can go is a maximum flow: exact in integers
//! (Ford and Fulkerson 1956). Recognised from the relations alone, by two-colouring the signs of the rows. A flat
//! two-way table is such a network, and so is any set of one-way trees.

use crate::relations::{Matrix, Outsider};

mod flow;

pub(crate) use flow::Flow;

/// An arc as seen from one of its ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Arc {
    pub(crate) cell: usize,
    /// The node at the other end.
    pub(crate) to: usize,
    /// Whether going this way raises the cell.
    pub(crate) raises: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Network {
    /// By cell: raising it carries flow from the first node to the second.
    pub(crate) ends: Vec<(usize, usize)>,
    /// By row: whether a positive coefficient enters its node.
    sides: Vec<bool>,
    starts: Vec<usize>,
    arcs: Vec<Arc>,
}

impl Network {
    /// Recognises a network, if the relations are one.
    pub(crate) fn recognise(outsider: &Outsider) -> Option<Self> {
        let matrix = &outsider.matrix;
        let sides = two_colour(matrix)?;
        let outside = matrix.rows();
        let ends: Vec<(usize, usize)> = (0..matrix.columns())
            .map(|cell| {
                let (mut tail, mut head) = (outside, outside);
                for &(row, coefficient) in matrix.column(cell) {
                    if (coefficient > 0) == sides[row] {
                        head = row;
                    } else {
                        tail = row;
                    }
                }
                (tail, head)
            })
            .collect();
        Some(Network::of(ends, sides, |_| true))
    }

    fn of(ends: Vec<(usize, usize)>, sides: Vec<bool>, kept: impl Fn(usize) -> bool) -> Self {
        let nodes = sides.len() + 1;
        let mut starts = vec![0; nodes + 1];
        for (_, &(tail, head)) in ends.iter().enumerate().filter(|e| kept(e.0)) {
            starts[tail + 1] += 1;
            starts[head + 1] += 1;
        }
        for node in 0..nodes {
            starts[node + 1] += starts[node];
        }
        let mut next = starts.clone();
        let mut arcs = vec![Arc { cell: 0, to: 0, raises: false }; starts[nodes]];
        for (cell, &(tail, head)) in ends.iter().enumerate().filter(|e| kept(e.0)) {
            for (from, to, raises) in [(tail, head, true), (head, tail, false)] {
                arcs[next[from]] = Arc { cell, to, raises };
                next[from] += 1;
            }
        }
        Network { ends, sides, starts, arcs }
    }

    /// The same nodes with only some of the arcs.
    pub(crate) fn only(&self, kept: &[bool]) -> Self {
        Network::of(self.ends.clone(), self.sides.clone(), |cell| kept[cell])
    }

    /// The multipliers of the rows whose sum is what crosses from one side to the other.
    pub(crate) fn multipliers(&self, is_source: impl Fn(usize) -> bool) -> Vec<(usize, i128)> {
        let outside = is_source(self.sides.len());
        let rows = (0..self.sides.len()).filter(|&r| is_source(r) != outside);
        rows.map(|r| (r, if self.sides[r] == outside { 1 } else { -1 })).collect()
    }

    /// By row: whether a positive coefficient enters its node.
    pub(crate) fn sides(&self) -> &[bool] {
        &self.sides
    }

    pub(crate) fn nodes(&self) -> usize {
        self.starts.len() - 1
    }

    pub(crate) fn arcs(&self, node: usize) -> &[Arc] {
        &self.arcs[self.starts[node]..self.starts[node + 1]]
    }
}

/// A side for each row such that every column leaves one row and enters another, or nothing.
fn two_colour(matrix: &Matrix) -> Option<Vec<bool>> {
    let mut neighbours: Vec<Vec<(usize, bool)>> = vec![Vec::new(); matrix.rows()];
    for column in 0..matrix.columns() {
        match matrix.column(column) {
            [] => {}
            [(_, a)] if a.abs() == 1 => {}
            [(r, a), (s, b)] if a.abs() == 1 && b.abs() == 1 && r != s => {
                neighbours[*r].push((*s, a == b));
                neighbours[*s].push((*r, a == b));
            }
            _ => return None,
        }
    }
    let mut side: Vec<Option<bool>> = vec![None; matrix.rows()];
    for start in 0..matrix.rows() {
        if side[start].is_some() {
            continue;
        }
        side[start] = Some(true);
        let mut open = vec![start];
        while let Some(row) = open.pop() {
            let here = side[row]?;
            for &(other, differs) in &neighbours[row] {
                match side[other] {
                    None => {
                        side[other] = Some(here != differs);
                        open.push(other);
                    }
                    Some(there) if there != (here != differs) => return None,
                    Some(_) => {}
                }
            }
        }
    }
    side.into_iter().collect()
}
