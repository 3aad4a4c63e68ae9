//! How far a cell can go under a pattern: a witness in exact integers, or a limit in exact integers.
//!
//! Both the search and the attack ask this room; it chooses the engine (a network where the relations are one, linear
//! programs otherwise). What it must guarantee: a [`Witness`] keeps every relation and every room, a [`Limit`] holds for
//! every change; both are added up in integers before they are handed out. `Unknown` is an answer.

mod bridges;
mod general;
mod groups;
mod kernel;
mod limit;
mod need;
mod parts;
mod pushed;
mod sparse;

pub(crate) use bridges::SLACK;
use general::General;
pub(crate) use limit::{ENDLESS, Limit};
pub(crate) use need::{Ends, Met, Need, Short, common, whole};

use crate::lp;
use crate::network::{Flow, Network};
use crate::relations::{Outsider, UNBOUNDED, Witness};

/// How far a cell was found to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reach {
    /// As far as was asked.
    Witness(Witness),
    /// Not as far as was asked, by relations alone.
    Limit(Limit),
    /// Not as far as was asked, because no whole numbers do it; shown by exhausting them, case by case.
    NotWhole(Vec<Case>),
    /// Neither shown.
    Unknown,
}

/// One leaf of a tree of cases: under these assumptions, the multipliers of the rows leave no change that goes so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Case {
    /// From the root: a cell's change is at most this (`true`) or more than this.
    pub(crate) path: Vec<(usize, bool, i64)>,
    /// Empty where the assumptions alone contradict each other or a room.
    pub(crate) rows: Vec<(usize, i128)>,
}

/// Cells of which one must change when the cell asked about does, and the multipliers of the rows that show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bridge {
    pub(crate) cells: Vec<usize>,
    pub(crate) rows: Vec<(usize, i128)>,
}

/// How long a question may be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Patience {
    /// For whoever has many questions: what is hard to tell may stay unknown.
    Short,
    Usual,
    /// For whoever asks once more what stayed unknown: whole numbers are looked for at length.
    Long,
}

#[derive(Debug)]
enum Engine {
    Network(Box<Net>),
    General(Box<General>),
}

#[derive(Debug)]
struct Net {
    /// Cells of the pattern of the moment are live.
    network: Network,
    /// The same where cells are hidden in part: those are live.
    parts: Option<Network>,
    flow: Flow,
}

impl Net {
    /// Makes those cells live that are hidden in part.
    fn begin(&mut self, parts: &[f64]) {
        let network = self.parts.get_or_insert_with(|| self.network.clone());
        for (cell, &part) in parts.iter().enumerate() {
            network.set_live(cell, part > 0.0);
        }
    }
}

/// Plays one pattern after another on one table.
#[derive(Debug)]
pub(crate) struct Extremes<'a> {
    outsider: &'a Outsider,
    programs: lp::Engine,
    engine: Engine,
    hidden: Vec<bool>,
    /// Whether most questions ask for more than there is.
    far: bool,
    /// Whether nobody wants to know why a cell cannot go so far: to tell it looks at all rows of the cut.
    silent: bool,
}

/// A limit with so few rows is told as it is; of others the other side of the cut is looked at.
const BRIEF: usize = 3;
/// What a look at an arc costs in looks at an entry: arcs lie far apart.
pub(crate) const ARC: u64 = 8;
/// Fractions of a cell, in flows: one whole cell.
const WHOLE: i64 = 1 << 20;

impl<'a> Extremes<'a> {
    /// Starts with a pattern; `most` is the farthest that any question will ask. Where relations are no network, linear
    /// programs go to this engine.
    pub(crate) fn new(programs: lp::Engine, outsider: &'a Outsider, hidden: Vec<bool>, most: i64) -> Self {
        let engine = match Network::recognise(outsider) {
            Some(mut network) => {
                let flow = Flow::new(&network);
                hidden.iter().enumerate().for_each(|(cell, &hidden)| network.set_live(cell, hidden));
                Engine::Network(Box::new(Net { network, parts: None, flow }))
            }
            None => Engine::General(Box::new(General::new(programs, outsider, &hidden, most))),
        };
        Extremes { outsider, programs, engine, hidden, far: false, silent: false }
    }

    /// For whoever asks how far cells go, rather than whether they go so far.
    pub(crate) fn far(mut self) -> Self {
        self.far = true;
        self
    }

    pub(crate) fn network(&self) -> Option<&Network> {
        match &self.engine {
            Engine::Network(net) => Some(&net.network),
            Engine::General(_) => None,
        }
    }

    /// What solves linear programs.
    pub(crate) fn programs(&self) -> lp::Engine {
        self.programs
    }

    pub(crate) fn hidden(&self) -> &[bool] {
        &self.hidden
    }

    pub(crate) fn set(&mut self, cell: usize, hidden: bool) {
        if self.hidden[cell] != hidden {
            self.hidden[cell] = hidden;
            match &mut self.engine {
                Engine::Network(net) => net.network.set_live(cell, hidden),
                Engine::General(general) => general.set(self.outsider, cell, hidden),
            }
        }
    }

    pub(crate) fn set_all(&mut self, hidden: &[bool]) {
        for (cell, &flag) in hidden.iter().enumerate() {
            self.set(cell, flag);
        }
    }

    /// Whether the cell, hidden with the pattern of the moment, can go so far.
    pub(crate) fn reach(&mut self, cell: usize, upward: bool, amount: i64) -> Reach {
        self.reach_near(cell, upward, amount, None)
    }

    /// The same, beginning at a change that went so far with other cells hidden.
    fn reach_near(&mut self, cell: usize, upward: bool, amount: i64, near: Option<&Witness>) -> Reach {
        let own = self.outsider.room(cell, upward);
        if amount <= 0 {
            return Reach::Witness(Witness::new([], 1));
        }
        if own < amount || !self.hidden[cell] {
            let most = if self.hidden[cell] { i128::from(own) } else { 0 };
            return Reach::Limit(Limit { scale: 1, terms: vec![(cell, most)], rows: Vec::new() });
        }
        match &mut self.engine {
            Engine::Network(net) => {
                let Net { network, flow, .. } = &mut **net;
                let (outsider, hidden) = (self.outsider, &self.hidden);
                let (tail, head) = network.ends[cell];
                let ends = if upward { (head, tail) } else { (tail, head) };
                let room = |c: usize, up: bool| if hidden[c] { outsider.room(c, up) } else { 0 };
                let sent = flow.send(network, room, ends, Some(cell), amount);
                if sent < amount && self.silent {
                    return Reach::Unknown;
                }
                if sent < amount {
                    // The side of the cut that has fewer rows to name.
                    let (side, sinks) = flow.side();
                    let named = network.named(&side);
                    let other =
                        if named > BRIEF { flow.other_side(network, room, ends, Some(cell), named - 1) } else { None };
                    return Reach::Limit(match other.filter(|other| network.named(other) < named) {
                        Some(other) => cut(outsider, network, cell, &other, !sinks),
                        None => cut(outsider, network, cell, &side, sinks),
                    });
                }
                let mut terms = flow.changes();
                let at = terms.partition_point(|t| t.0 < cell);
                terms.insert(at, (cell, if upward { amount } else { -amount }));
                let witness = Witness { terms, denominator: 1 };
                if witness.holds(outsider, hidden) { Reach::Witness(witness) } else { Reach::Unknown }
            }
            Engine::General(general) => {
                general.reach(self.outsider, &self.hidden, (cell, upward, amount), self.far, near)
            }
        }
    }

    /// How long the questions from now on may be looked at; flows answer theirs at once.
    pub(crate) fn set_patience(&mut self, patience: Patience) {
        if let Engine::General(general) = &mut self.engine {
            general.set_patience(patience);
        }
    }

    /// Hides each cell only in part, between 0 and 1, for questions to [`limit_at`](Self::limit_at).
    pub(crate) fn begin_parts(&mut self, parts: &[f64]) {
        match &mut self.engine {
            Engine::Network(net) => net.begin(parts),
            Engine::General(general) => general.begin_parts(self.outsider, parts),
        }
    }

    /// A limit that keeps this cell from going so far with cells hidden in part; the most violated that the engine
    /// finds, if any.
    pub(crate) fn limit_at(&mut self, parts: &[f64], cell: usize, upward: bool, amount: i64) -> Option<Limit> {
        let own = self.outsider.room(cell, upward);
        let limit = match &mut self.engine {
            Engine::Network(net) => {
                let Net { network, parts: Some(live), flow } = &mut **net else { return None };
                let outsider = self.outsider;
                let room = |c: usize, up: bool| portion(outsider.room(c, up).min(amount), parts[c]);
                let (tail, head) = network.ends[cell];
                let ends = if upward { (head, tail) } else { (tail, head) };
                let asked = amount.saturating_mul(WHOLE);
                let sent = flow.send(live, room, ends, Some(cell), asked);
                (sent < asked - asked / 1000).then(|| {
                    let (side, sinks) = flow.side();
                    cut(outsider, network, cell, &side, sinks)
                })
            }
            Engine::General(general) => general.limit_at(self.outsider, parts, (cell, upward, amount)),
        };
        limit.or_else(|| (own < amount).then(|| Limit { scale: 1, terms: vec![(cell, own.into())], rows: Vec::new() }))
    }

    /// Hides each cell only in part, for questions to [`bridge_at`](Self::bridge_at); what is hidden anyway more than in
    /// full, so that no bridge passes over it.
    pub(crate) fn begin_bridges(&mut self, parts: &[f64]) {
        match &mut self.engine {
            Engine::Network(net) => net.begin(parts),
            Engine::General(general) => general.begin_bridges(self.outsider, parts),
        }
    }

    /// Cells that any change of this cell must pass through, hidden in smaller part than this cell is.
    pub(crate) fn bridge_at(&mut self, parts: &[f64], cell: usize) -> Option<Bridge> {
        let outsider = self.outsider;
        let net = match &mut self.engine {
            Engine::Network(net) => &mut **net,
            Engine::General(general) => return general.bridge_at(outsider, parts, cell),
        };
        let Net { network, parts: Some(live), flow } = net else { return None };
        let movable = |c: usize| outsider.is_movable(c);
        let room = |c: usize, _: bool| if movable(c) { portion(1, parts[c]) } else { 0 };
        let asked = portion(1, parts[cell]);
        let sent = flow.send(live, room, live.ends[cell], Some(cell), asked);
        (sent < asked - WHOLE / 100).then(|| {
            let (side, sinks) = flow.side();
            let crossing = network.crossing(&side, sinks).into_iter().map(|c| c.0);
            let cells = crossing.filter(|&c| c != cell && movable(c)).collect();
            Bridge { cells, rows: network.multipliers(&side, sinks) }
        })
    }

    /// Work done so far, in entries looked at.
    pub(crate) fn work(&self) -> u64 {
        match &self.engine {
            Engine::Network(net) => net.flow.work * ARC,
            Engine::General(general) => general.work(),
        }
    }
}

/// A single sum that keeps a cell from going so far, which is also what is easiest to tell.
fn limit_of_a_sum(outsider: &Outsider, hidden: &[bool], (cell, upward, amount): groups::Asked) -> Option<Limit> {
    let mut limits =
        outsider.matrix.column(cell).iter().filter_map(|&sum| Limit::of_sum(outsider, (cell, upward), sum));
    limits.find(|limit| limit.most(|c| hidden[c]).is_some_and(|m| m < i128::from(amount)))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "a part of a room of at most 2^40 times 2^20; rounding only moves where a cut is looked for"
)]
fn portion(room: i64, part: f64) -> i64 {
    (part.clamp(0.0, 1.0) * (room as f64) * (WHOLE as f64)) as i64
}

/// The cut that a flow which fell short leaves behind, as a limit over all cells: the nodes of one of its sides, in order.
fn cut(outsider: &Outsider, network: &Network, cell: usize, nodes: &[usize], sinks: bool) -> Limit {
    let mut terms = Vec::new();
    for (other, raises) in network.crossing(nodes, sinks) {
        let room = outsider.room(other, raises);
        if other != cell && room != 0 {
            terms.push((other, if room == UNBOUNDED { ENDLESS } else { i128::from(room) }));
        }
    }
    Limit { scale: 1, terms, rows: network.multipliers(nodes, sinks) }
}
