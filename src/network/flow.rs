//! Flows of a few units along shortest augmenting paths (Edmonds and Karp 1972).

use std::collections::VecDeque;

use super::Network;
use crate::relations::UNBOUNDED;

/// Scratch memory for many small flows on one network.
#[derive(Debug, Clone)]
pub(crate) struct Flow {
    /// Change of each cell in the flow of the moment.
    change: Vec<i64>,
    touched: Vec<usize>,
    /// By node: the round that saw it, and the arc that led there.
    seen: Vec<u64>,
    came: Vec<(usize, usize, bool)>,
    round: u64,
    queue: VecDeque<usize>,
    /// Arcs looked at since the start.
    pub(crate) work: u64,
}

impl Flow {
    pub(crate) fn new(network: &Network) -> Self {
        Flow {
            change: vec![0; network.ends.len()],
            touched: Vec::new(),
            seen: vec![0; network.nodes()],
            came: vec![(0, 0, false); network.nodes()],
            round: 0,
            queue: VecDeque::new(),
            work: 0,
        }
    }

    fn clear(&mut self) {
        for cell in self.touched.drain(..) {
            self.change[cell] = 0;
        }
    }

    /// Sends up to `amount` from `source` to `sink`, never through `barred`; `room(cell, upward)` is how far a cell may go.
    /// Gives what was sent.
    pub(crate) fn send(
        &mut self,
        network: &Network,
        room: impl Fn(usize, bool) -> i64,
        (source, sink): (usize, usize),
        barred: Option<usize>,
        amount: i64,
    ) -> i64 {
        self.clear();
        if source == sink {
            return amount;
        }
        let mut sent = 0;
        while sent < amount {
            if !self.search(network, &room, source, sink, barred) {
                break;
            }
            let mut step = amount - sent;
            let mut node = sink;
            while node != source {
                let (from, cell, raises) = self.came[node];
                step = step.min(self.left(&room, cell, raises));
                node = from;
            }
            node = sink;
            while node != source {
                let (from, cell, raises) = self.came[node];
                if self.change[cell] == 0 {
                    self.touched.push(cell);
                }
                self.change[cell] += if raises { step } else { -step };
                node = from;
            }
            sent += step;
        }
        sent
    }

    fn left(&self, room: &impl Fn(usize, bool) -> i64, cell: usize, raises: bool) -> i64 {
        let all = room(cell, raises);
        let used = if raises { self.change[cell] } else { -self.change[cell] };
        if all == UNBOUNDED { UNBOUNDED } else { all - used }
    }

    fn search(
        &mut self,
        network: &Network,
        room: &impl Fn(usize, bool) -> i64,
        source: usize,
        sink: usize,
        barred: Option<usize>,
    ) -> bool {
        self.round += 1;
        self.queue.clear();
        self.queue.push_back(source);
        self.seen[source] = self.round;
        while let Some(node) = self.queue.pop_front() {
            let arcs = network.arcs(node);
            self.work += arcs.len() as u64;
            for arc in arcs {
                if self.seen[arc.to] == self.round
                    || Some(arc.cell) == barred
                    || self.left(room, arc.cell, arc.raises) <= 0
                {
                    continue;
                }
                self.seen[arc.to] = self.round;
                self.came[arc.to] = (node, arc.cell, arc.raises);
                if arc.to == sink {
                    return true;
                }
                self.queue.push_back(arc.to);
            }
        }
        false
    }

    /// The changes of the last flow.
    pub(crate) fn changes(&self) -> Vec<(usize, i64)> {
        let mut changes: Vec<(usize, i64)> =
            self.touched.iter().map(|&c| (c, self.change[c])).filter(|c| c.1 != 0).collect();
        changes.sort_unstable();
        changes.dedup();
        changes
    }

    /// After a flow that fell short: whether the node is on the source's side of a smallest cut.
    pub(crate) fn on_source_side(&self, node: usize) -> bool {
        self.seen[node] == self.round
    }
}
