//! Maximum flows, up to what is asked: blocking flows in layered networks (Dinic 1970), laid from both ends (Pohl 1971).
//! A flow that falls short looks at little more than the smaller side of its cut.

use super::{Arc, Network};
use crate::relations::UNBOUNDED;

/// Scratch memory for many flows on one network.
#[derive(Debug, Clone)]
pub(crate) struct Flow {
    /// Change of each cell in the flow of the moment.
    change: Vec<i64>,
    touched: Vec<usize>,
    /// By node: the side that saw it last, its distance from that side's end, and the next of its arcs to try.
    seen: Vec<u64>,
    layer: Vec<usize>,
    next: Vec<usize>,
    /// The search of the moment, as the source's side of it in `seen`; the sink's side is the number after it.
    search: u64,
    /// Nodes that the last search reached from the source and from the sink, in its order.
    reached: [Vec<usize>; 2],
    /// Whether it was the sink's side that had nowhere further to go.
    sinks: bool,
    /// How long the paths of the moment are.
    length: usize,
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
            reached: [Vec::new(), Vec::new()],
            sinks: false,
            length: 0,
            path: Vec::new(),
            work: 0,
        }
    }

    /// Sends up to `amount` from `source` to `sink` through live cells, never through `barred`; `room(cell, upward)` is how far a cell may go.
    /// Gives what was sent.
    pub(crate) fn send(
        &mut self,
        network: &Network,
        room: impl Fn(usize, bool) -> i64,
        ends: (usize, usize),
        barred: Option<usize>,
        amount: i64,
    ) -> i64 {
        for cell in self.touched.drain(..) {
            self.change[cell] = 0;
        }
        if ends.0 == ends.1 {
            return amount;
        }
        let room = |cell: usize, upward: bool| if Some(cell) == barred { 0 } else { room(cell, upward) };
        let mut sent = 0;
        while sent < amount && self.lay(network, &room, ends) {
            sent += self.block(network, &room, ends, amount - sent);
        }
        sent
    }

    fn left(&self, room: &impl Fn(usize, bool) -> i64, arc: Arc) -> i64 {
        let all = room(arc.cell, arc.raises);
        let used = self.change[arc.cell];
        if all == UNBOUNDED { UNBOUNDED } else { all - if arc.raises { used } else { -used } }
    }

    /// Numbers nodes by their distance from the source or to the sink, always on the side that has fewer arcs to look at,
    /// until the sides meet: whether they do.
    fn lay(&mut self, network: &Network, room: &impl Fn(usize, bool) -> i64, (source, sink): (usize, usize)) -> bool {
        self.search += 2;
        // By side: where its last layer begins, how far away that is, and how many arcs it has.
        let (mut starts, mut depth) = ([0, 0], [0, 0]);
        let mut arcs = [source, sink].map(|node| network.live(node).len());
        for (side, node) in [source, sink].into_iter().enumerate() {
            self.reached[side].clear();
            self.reached[side].push(node);
            (self.seen[node], self.layer[node], self.next[node]) = (self.search + side as u64, 0, 0);
        }
        loop {
            let side = usize::from(arcs[1] < arcs[0]);
            let layer = starts[side]..self.reached[side].len();
            if layer.is_empty() {
                self.sinks = side == 1;
                return false;
            }
            (starts[side], arcs[side]) = (layer.end, 0);
            depth[side] += 1;
            for at in layer {
                let node = self.reached[side][at];
                let from_here = network.live(node);
                self.work += from_here.len() as u64;
                for &arc in from_here {
                    // Towards the sink, from whichever end it is seen.
                    let way = if side == 0 { arc } else { Arc { cell: arc.cell, to: node, raises: !arc.raises } };
                    let mark = self.seen[arc.to];
                    if mark == self.search + side as u64 || self.left(room, way) <= 0 {
                        continue;
                    }
                    if mark >= self.search {
                        self.length = depth[0] + depth[1];
                        return true;
                    }
                    self.seen[arc.to] = self.search + side as u64;
                    (self.layer[arc.to], self.next[arc.to]) = (depth[side], 0);
                    self.reached[side].push(arc.to);
                    arcs[side] += network.live(arc.to).len();
                }
            }
        }
    }

    /// How far a node lies from the source, if the last search saw it.
    fn distance(&self, node: usize) -> Option<usize> {
        match self.seen[node].checked_sub(self.search)? {
            0 => Some(self.layer[node]),
            _ => Some(self.length - self.layer[node]),
        }
    }

    /// Sends along layers until every such path is blocked.
    fn block(
        &mut self,
        network: &Network,
        room: &impl Fn(usize, bool) -> i64,
        (source, sink): (usize, usize),
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
            let arcs = network.live(node);
            let beyond = Some(self.path.len() + 1);
            let open = |flow: &Self, arc: Arc| flow.distance(arc.to) == beyond && flow.left(room, arc) > 0;
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

    /// After a flow that fell short: the nodes of the other side than [`side`](Self::side), in order, if they are no more
    /// than `most`. They too are one side of a smallest cut.
    pub(crate) fn other_side(
        &mut self,
        network: &Network,
        room: impl Fn(usize, bool) -> i64,
        (source, sink): (usize, usize),
        barred: Option<usize>,
        most: usize,
    ) -> Option<Vec<usize>> {
        let room = |cell: usize, upward: bool| if Some(cell) == barred { 0 } else { room(cell, upward) };
        let start = if self.sinks { source } else { sink };
        self.search += 2;
        self.seen[start] = self.search;
        let mut side = vec![start];
        let mut at = 0;
        while let Some(&node) = side.get(at).filter(|_| side.len() <= most) {
            at += 1;
            let arcs = network.live(node);
            self.work += arcs.len() as u64;
            for &arc in arcs {
                let way = if self.sinks { arc } else { Arc { cell: arc.cell, to: node, raises: !arc.raises } };
                if self.seen[arc.to] != self.search && self.left(&room, way) > 0 {
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

    /// After a flow that fell short: the nodes on one side of a smallest cut, in order, and whether it is the sink's.
    pub(crate) fn side(&self) -> (Vec<usize>, bool) {
        let mut side = self.reached[usize::from(self.sinks)].clone();
        side.sort_unstable();
        (side, self.sinks)
    }
}
