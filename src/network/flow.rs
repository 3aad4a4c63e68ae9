//! Maximum flows, up to what is asked: blocking flows in layered networks (Dinic 1970).

use std::collections::VecDeque;

use super::{Arc, Network};
use crate::relations::UNBOUNDED;

/// Scratch memory for many flows on one network.
#[derive(Debug, Clone)]
pub(crate) struct Flow {
    /// Change of each cell in the flow of the moment.
    change: Vec<i64>,
    touched: Vec<usize>,
    /// By node: the search that saw it last, its layer there, and the next of its arcs to try.
    seen: Vec<u64>,
    layer: Vec<usize>,
    next: Vec<usize>,
    search: u64,
    queue: VecDeque<usize>,
    /// Nodes that the last search saw, in its order.
    reached: Vec<usize>,
    /// Arcs of the path of the moment, each with the node that it leaves.
    path: Vec<(usize, Arc)>,
    /// Arcs looked at since the start.
    pub(crate) work: u64,
}

impl Flow {
    pub(crate) fn new(network: &Network) -> Self {
        Flow {
            change: vec![0; network.ends.len()],
            touched: Vec::new(),
            seen: vec![0; network.nodes()],
            layer: vec![0; network.nodes()],
            next: vec![0; network.nodes()],
            search: 0,
            queue: VecDeque::new(),
            reached: Vec::new(),
            path: Vec::new(),
            work: 0,
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
        for cell in self.touched.drain(..) {
            self.change[cell] = 0;
        }
        if source == sink {
            return amount;
        }
        let room = |cell: usize, upward: bool| if Some(cell) == barred { 0 } else { room(cell, upward) };
        let mut sent = 0;
        while sent < amount && self.lay(network, &room, source, sink) {
            sent += self.block(network, &room, source, sink, amount - sent);
        }
        sent
    }

    fn left(&self, room: &impl Fn(usize, bool) -> i64, arc: Arc) -> i64 {
        let all = room(arc.cell, arc.raises);
        let used = self.change[arc.cell];
        if all == UNBOUNDED { UNBOUNDED } else { all - if arc.raises { used } else { -used } }
    }

    /// Numbers the nodes by their distance from the source; whether the sink is among them.
    fn lay(&mut self, network: &Network, room: &impl Fn(usize, bool) -> i64, source: usize, sink: usize) -> bool {
        self.search += 1;
        self.queue.clear();
        self.queue.push_back(source);
        self.reached.clear();
        self.reached.push(source);
        (self.seen[source], self.layer[source], self.next[source]) = (self.search, 0, 0);
        while let Some(node) = self.queue.pop_front() {
            let arcs = network.arcs(node);
            self.work += arcs.len() as u64;
            for &arc in arcs {
                if self.seen[arc.to] == self.search || self.left(room, arc) <= 0 {
                    continue;
                }
                (self.seen[arc.to], self.layer[arc.to], self.next[arc.to]) = (self.search, self.layer[node] + 1, 0);
                if arc.to == sink {
                    return true;
                }
                self.reached.push(arc.to);
                self.queue.push_back(arc.to);
            }
        }
        false
    }

    /// Sends along layers until every such path is blocked.
    fn block(
        &mut self,
        network: &Network,
        room: &impl Fn(usize, bool) -> i64,
        source: usize,
        sink: usize,
        amount: i64,
    ) -> i64 {
        let mut sent = 0;
        self.path.clear();
        let mut node = source;
        loop {
            if node == sink {
                let step = self.path.iter().map(|p| self.left(room, p.1)).min().unwrap_or(0).min(amount - sent);
                sent += step;
                for &(_, arc) in &self.path {
                    if self.change[arc.cell] == 0 {
                        self.touched.push(arc.cell);
                    }
                    self.change[arc.cell] += if arc.raises { step } else { -step };
                }
                if sent == amount {
                    return sent;
                }
                let full = self.path.iter().position(|p| self.left(room, p.1) <= 0).unwrap_or(0);
                node = self.path[full].0;
                self.path.truncate(full);
                continue;
            }
            let arcs = network.arcs(node);
            let open = |flow: &Self, arc: Arc| {
                flow.seen[arc.to] == flow.search
                    && flow.layer[arc.to] == flow.layer[node] + 1
                    && flow.left(room, arc) > 0
            };
            let start = self.next[node];
            let found = (start..arcs.len()).find(|&i| open(self, arcs[i]));
            let at = found.unwrap_or(arcs.len());
            self.work += (at - start) as u64;
            self.next[node] = at;
            match found {
                Some(at) => {
                    self.path.push((node, arcs[at]));
                    node = arcs[at].to;
                }
                None => match self.path.pop() {
                    Some((before, _)) => {
                        self.next[before] += 1;
                        node = before;
                    }
                    None => return sent,
                },
            }
        }
    }

    /// After a flow that fell short: the nodes from which more could still be sent to the sink, in order, if they are no more
    /// than `most`. Like the source's side, they are one side of a smallest cut.
    pub(crate) fn sink_side(
        &mut self,
        network: &Network,
        room: impl Fn(usize, bool) -> i64,
        sink: usize,
        barred: Option<usize>,
        most: usize,
    ) -> Option<Vec<usize>> {
        let room = |cell: usize, upward: bool| if Some(cell) == barred { 0 } else { room(cell, upward) };
        self.search += 1;
        self.seen[sink] = self.search;
        let mut side = vec![sink];
        let mut at = 0;
        while let Some(&node) = side.get(at).filter(|_| side.len() <= most) {
            at += 1;
            let arcs = network.arcs(node);
            self.work += arcs.len() as u64;
            for &arc in arcs {
                // The same cell from its other end.
                let towards = Arc { cell: arc.cell, to: node, raises: !arc.raises };
                if self.seen[arc.to] != self.search && self.left(&room, towards) > 0 {
                    self.seen[arc.to] = self.search;
                    side.push(arc.to);
                }
            }
        }
        side.sort_unstable();
        Some(side).filter(|side| side.len() <= most)
    }

    /// The changes of the last flow.
    pub(crate) fn changes(&self) -> Vec<(usize, i64)> {
        let mut changes: Vec<(usize, i64)> =
            self.touched.iter().map(|&c| (c, self.change[c])).filter(|c| c.1 != 0).collect();
        changes.sort_unstable();
        changes.dedup();
        changes
    }

    /// After a flow that fell short: the nodes on the source's side of a smallest cut, in order.
    pub(crate) fn source_side(&self) -> Vec<usize> {
        let mut side = self.reached.clone();
        side.sort_unstable();
        side
    }
}
