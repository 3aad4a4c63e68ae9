//! Relations that are a network: every cell in at most two relations, once on each side.
//!
//! Each relation is a node, each cell an arc; cells that fewer than two relations tie hang on one more node, the outside.
//! A change that keeps every sum is then a circulation, and how far a cell can go is a maximum flow: exact in integers
//! (Ford and Fulkerson 1956). Recognised from the relations alone, by two-colouring the signs of the rows. A flat
//! two-way table is such a network, so is any set of one-way trees, and, without the rows that the others imply, a
//! hierarchy by a flat axis.

use crate::relations::{Matrix, Outsider};

mod blocks;
mod flow;
mod redundant;

pub(crate) use blocks::blocks;
pub(crate) use flow::Flow;
pub(crate) use redundant::Dropped;

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
    /// Rows that the others imply, and that are no nodes.
    dropped: Vec<Dropped>,
    is_node: Vec<bool>,
    starts: Vec<usize>,
    arcs: Vec<Arc>,
    /// By node, where the arcs of live cells end; they come first.
    live_ends: Vec<usize>,
    /// By cell, where its arcs are: seen from its head, and from its tail.
    places: Vec<[usize; 2]>,
}

impl Network {
    /// Recognises a network, if the relations are one, or are one without rows that the others imply.
    pub(crate) fn recognise(outsider: &Outsider) -> Option<Self> {
        if let Some(sides) = two_colour(&outsider.matrix) {
            return Some(Network::new(&outsider.matrix, sides, Vec::new()));
        }
        let dropped = redundant::droppable(&outsider.matrix)?;
        let rest = redundant::without(&outsider.matrix, &dropped);
        let sides = two_colour(&rest)?;
        Some(Network::new(&rest, sides, dropped))
    }

    fn new(matrix: &Matrix, sides: Vec<bool>, dropped: Vec<Dropped>) -> Self {
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
        let mut network = Network::of(ends, sides);
        for gone in &dropped {
            network.is_node[gone.row] = false;
        }
        network.dropped = dropped;
        network
    }

    fn of(ends: Vec<(usize, usize)>, sides: Vec<bool>) -> Self {
        let nodes = sides.len() + 1;
        let mut starts = vec![0; nodes + 1];
        for &(tail, head) in &ends {
            starts[tail + 1] += 1;
            starts[head + 1] += 1;
        }
        for node in 0..nodes {
            starts[node + 1] += starts[node];
        }
        let mut next = starts.clone();
        let mut arcs = vec![Arc { cell: 0, to: 0, raises: false }; starts[nodes]];
        let mut places = vec![[usize::MAX; 2]; ends.len()];
        for (cell, &(tail, head)) in ends.iter().enumerate() {
            for (from, to, raises) in [(tail, head, true), (head, tail, false)] {
                arcs[next[from]] = Arc { cell, to, raises };
                places[cell][usize::from(raises)] = next[from];
                next[from] += 1;
            }
        }
        let is_node = vec![true; sides.len()];
        Network { ends, sides, dropped: Vec::new(), is_node, starts, arcs, live_ends: next, places }
    }

    /// Makes a cell live, as all are at first, or not.
    pub(crate) fn set_live(&mut self, cell: usize, live: bool) {
        let (tail, head) = self.ends[cell];
        for (node, raises) in [(tail, true), (head, false)] {
            let place = self.places[cell][usize::from(raises)];
            let end = self.live_ends[node];
            if (place < end) == live {
                continue;
            }
            let other = if live { end } else { end - 1 };
            self.live_ends[node] = if live { end + 1 } else { end - 1 };
            self.arcs.swap(place, other);
            for at in [place, other] {
                let arc = self.arcs[at];
                self.places[arc.cell][usize::from(arc.raises)] = at;
            }
        }
    }

    /// The multipliers of the rows whose sum is what crosses from these nodes to the others, or, if they are the sink's, from
    /// the others to these. Nodes are in order.
    pub(crate) fn multipliers(&self, nodes: &[usize], sinks: bool) -> Vec<(usize, i128)> {
        let outside_in = nodes.last() == Some(&self.sides.len());
        let weight = |r: usize| (r, if self.sides[r] == (outside_in != sinks) { 1 } else { -1 });
        if !outside_in {
            return nodes.iter().map(|&r| weight(r)).collect();
        }
        let others = (0..self.sides.len()).filter(|r| self.is_node[*r] && nodes.binary_search(r).is_err());
        others.map(weight).collect()
    }

    /// How many rows [`multipliers`](Self::multipliers) names for these nodes, or somewhat more.
    pub(crate) fn named(&self, nodes: &[usize]) -> usize {
        if nodes.last() == Some(&self.outside()) { self.sides.len() + 1 - nodes.len() } else { nodes.len() }
    }

    /// What crosses from these nodes to the others, or, if they are the sink's, from the others to these: cells, and whether
    /// crossing raises them. Nodes are in order. Cost: the arcs of these nodes.
    pub(crate) fn crossing(&self, nodes: &[usize], sinks: bool) -> Vec<(usize, bool)> {
        let arcs = nodes.iter().flat_map(|&node| self.arcs(node));
        let leaving = arcs.filter(|arc| nodes.binary_search(&arc.to).is_err());
        let mut cells: Vec<(usize, bool)> = leaving.map(|arc| (arc.cell, arc.raises != sinks)).collect();
        cells.sort_unstable();
        cells
    }

    /// By row: whether a positive coefficient enters its node.
    pub(crate) fn sides(&self) -> &[bool] {
        &self.sides
    }

    /// Rows that the others imply.
    pub(crate) fn dropped(&self) -> &[Dropped] {
        &self.dropped
    }

    /// The node beyond all relations.
    pub(crate) fn outside(&self) -> usize {
        self.sides.len()
    }

    pub(crate) fn nodes(&self) -> usize {
        self.starts.len() - 1
    }

    pub(crate) fn arcs(&self, node: usize) -> &[Arc] {
        &self.arcs[self.starts[node]..self.starts[node + 1]]
    }

    /// The arcs of live cells, in no order that means anything.
    pub(crate) fn live(&self, node: usize) -> &[Arc] {
        &self.arcs[self.starts[node]..self.live_ends[node]]
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
