//! Cheapest ways on a network.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::extremes::Reach;
use crate::network::Network;
use crate::relations::UNBOUNDED;
use crate::solver::state::State;

/// Looks for cheapest paths on a network, many times; scratch is kept from one to the next.
pub(super) struct Paths {
    network: Network,
    /// By cell, its change along the paths of the moment; zero between needs.
    change: Vec<i64>,
    /// By node: length and arcs of the best path, where it came from, and in which search.
    best: Vec<(f64, usize)>,
    came: Vec<(usize, usize, bool)>,
    seen: Vec<u64>,
    done: Vec<u64>,
    search: u64,
    open: BinaryHeap<Reverse<(Order, usize, usize)>>,
    /// Arcs looked at.
    pub(super) work: u64,
}

type Path = Vec<(usize, bool)>;

impl Paths {
    pub(super) fn new(network: Network, cells: usize) -> Self {
        let nodes = network.nodes();
        Paths {
            network,
            change: vec![0; cells],
            best: vec![(0.0, 0); nodes],
            came: vec![(0, 0, false); nodes],
            seen: vec![0; nodes],
            done: vec![0; nodes],
            search: 0,
            open: BinaryHeap::new(),
            work: 0,
        }
    }

    /// Hides the cells of cheapest paths that carry what the need asks, both ways where it asks both.
    /// Nothing is hidden along paths dearer than `most`.
    pub(super) fn widen(&mut self, state: &mut State<'_>, allowed: &[bool], prices: &[f64], most: f64, need: usize) {
        let need = state.needs.needs[need];
        let outsider = state.outsider;
        for (upward, amount) in need.asks() {
            if matches!(state.extremes.reach(need.cell, upward, amount), Reach::Witness(_)) {
                continue;
            }
            let ends = self.network.ends[need.cell];
            let ends = if upward { (ends.1, ends.0) } else { ends };
            let mut sent = 0;
            let mut chosen: Vec<usize> = Vec::new();
            let mut moved: Vec<usize> = Vec::new();
            while sent < amount {
                let rest = amount - sent;
                let left = |change: &[i64], cell: usize, raises: bool| {
                    let room = outsider.room(cell, raises);
                    if room == UNBOUNDED { room } else { room - if raises { change[cell] } else { -change[cell] } }
                };
                let cheapest = |paths: &mut Self, least: i64| {
                    let hidden = state.extremes.hidden();
                    paths.cheapest(ends, most, |change, cell, raises| {
                        let taken = hidden[cell] || chosen.contains(&cell);
                        let may = cell != need.cell && (taken || allowed[cell]) && left(change, cell, raises) >= least;
                        may.then(|| if taken { 0.0 } else { prices[cell] })
                    })
                };
                let Some((price, mut path)) = cheapest(self, 1) else { break };
                let mut step = path.iter().map(|&(c, r)| left(&self.change, c, r)).min().unwrap_or(rest).min(rest);
                // One path for all that is left, unless it is far dearer.
                if step < rest
                    && let Some(wide) = cheapest(self, rest).filter(|wide| wide.0 <= 2.0 * price)
                {
                    (path, step) = (wide.1, rest);
                }
                for (cell, raises) in path {
                    self.change[cell] += if raises { step } else { -step };
                    moved.push(cell);
                    if !state.is_hidden(cell) && !chosen.contains(&cell) {
                        chosen.push(cell);
                    }
                }
                sent += step;
            }
            moved.into_iter().for_each(|c| self.change[c] = 0);
            chosen.into_iter().for_each(|c| state.hide(c));
        }
    }

    /// The cheapest path, with its cost; ties go to fewer arcs, then to the lower numbers. `length` is told of the changes
    /// of the moment.
    fn cheapest(
        &mut self,
        (source, sink): (usize, usize),
        most: f64,
        length: impl Fn(&[i64], usize, bool) -> Option<f64>,
    ) -> Option<(f64, Path)> {
        self.search += 1;
        self.open.clear();
        (self.best[source], self.seen[source]) = ((0.0, 0), self.search);
        self.open.push(Reverse((Order(0.0), 0, source)));
        while let Some(Reverse((Order(cost), arcs, node))) = self.open.pop().filter(|next| next.0.0.0 <= most) {
            if std::mem::replace(&mut self.done[node], self.search) == self.search {
                continue;
            }
            if node == sink {
                let mut path = Vec::new();
                let mut at = sink;
                while at != source {
                    let (from, cell, raises) = self.came[at];
                    path.push((cell, raises));
                    at = from;
                }
                return Some((cost, path));
            }
            let from_here = self.network.arcs(node);
            self.work += from_here.len() as u64;
            for arc in from_here {
                if self.done[arc.to] == self.search {
                    continue;
                }
                let Some(more) = length(&self.change, arc.cell, arc.raises) else { continue };
                let reached = (cost + more, arcs + 1);
                let before = self.best[arc.to];
                let is_new = self.seen[arc.to] != self.search;
                if is_new || reached.0 < before.0 || (reached.0 <= before.0 && reached.1 < before.1) {
                    (self.best[arc.to], self.seen[arc.to]) = (reached, self.search);
                    self.came[arc.to] = (node, arc.cell, arc.raises);
                    self.open.push(Reverse((Order(reached.0), reached.1, arc.to)));
                }
            }
        }
        None
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Order(f64);

impl Eq for Order {}

impl Ord for Order {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Order {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
