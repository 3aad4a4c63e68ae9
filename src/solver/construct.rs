//! Hides cells until every need is met.
//!
//! On a network, need by need along cheapest augmenting paths, where a cell already hidden costs nothing (Dijkstra 1959;
//! the fixed-charge heuristic of Kelly, Golden and Assad 1992). Elsewhere, need by need by a linear program that pays
//! for each unit of change what hiding would cost a unit of its room; what it uses is hidden, and integers judge. Where
//! whole numbers do not follow, more is hidden around what was used, everything in the end: `reduce` shows it again.
//!
//! Guarantee: on success every need has a witness. Cost: a path search over the arcs, or a few dozen simplex steps, a need.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use super::state::State;
use super::{Failure, Stage};
use crate::extremes::{ARC, Reach};
use crate::lp::{Lp, Status};
use crate::network::Network;
use crate::relations::UNBOUNDED;

pub(super) fn hide_enough(state: &mut State<'_>, candidates: &[usize], missing: &[usize]) -> Result<(), Failure> {
    let prices = state.needs.weights.iter().map(|&w| price(w)).collect();
    with_prices(state, candidates, missing, prices)
}

#[expect(clippy::cast_precision_loss, reason = "a price guides, it proves nothing")]
pub(super) fn price(weight: u64) -> f64 {
    weight as f64
}

/// The same with other prices, as an improvement may set them.
pub(super) fn with_prices(
    state: &mut State<'_>,
    candidates: &[usize],
    missing: &[usize],
    prices: Vec<f64>,
) -> Result<(), Failure> {
    let mut order = missing.to_vec();
    order.sort_by_key(|&n| (Reverse(state.needs.needs[n].most()), n));
    let mut ways = Ways::new(state, candidates, prices);
    for &need in &order {
        state.tell(Stage::Construct);
        if !ways.meet(state, need) {
            widen_all(state, candidates, need);
        }
        if !state.is_met(need) {
            return hide_all(state, missing);
        }
    }
    Ok(())
}

/// Ways of meeting needs by hiding more.
pub(super) struct Ways {
    paths: Option<Paths>,
    allowed: Vec<bool>,
    prices: Vec<f64>,
    program: Option<Program>,
}

impl Ways {
    /// Through these candidates, at these prices, by cell.
    pub(super) fn new(state: &State<'_>, candidates: &[usize], prices: Vec<f64>) -> Self {
        let mut allowed = vec![false; state.outsider.len()];
        candidates.iter().for_each(|&c| allowed[c] = true);
        let paths = state.extremes.network().map(|n| Paths::new(n.clone(), state.outsider.len()));
        Ways { paths, allowed, prices, program: None }
    }

    pub(super) fn allow(&mut self, cell: usize, allowed: bool) {
        self.allowed[cell] = allowed;
    }

    /// Meets a need by hiding what is cheapest; false if no way was found, though cells may have been hidden.
    pub(super) fn meet(&mut self, state: &mut State<'_>, need: usize) -> bool {
        if state.try_meet(need).is_ok() {
            return true;
        }
        match &mut self.paths {
            Some(paths) => {
                let before = paths.work;
                paths.widen(state, &self.allowed, &self.prices, need);
                state.work += (paths.work - before) * ARC;
            }
            None => {
                let program =
                    self.program.get_or_insert_with(|| Program::new(state, &self.allowed, self.prices.clone()));
                let before = program.lp.work();
                program.widen(state, &self.allowed, need);
                state.work += program.lp.work() - before;
            }
        }
        state.try_meet(need).is_ok()
    }
}

/// Hides what touches what is hidden near a need, wave after wave, until the need is met or nothing is left to hide.
fn widen_all(state: &mut State<'_>, candidates: &[usize], need: usize) {
    let mut allowed = vec![false; state.outsider.len()];
    candidates.iter().for_each(|&c| allowed[c] = true);
    let mut frontier: BTreeSet<usize> = [state.needs.needs[need].cell].into();
    let mut seen = frontier.clone();
    while !frontier.is_empty() {
        let mut next = BTreeSet::new();
        let mut more = false;
        for &cell in &frontier {
            for &(row, _) in state.outsider.matrix.column(cell) {
                for &(other, _) in state.outsider.matrix.row(row) {
                    if (allowed[other] || state.is_hidden(other)) && seen.insert(other) {
                        next.insert(other);
                        if !state.is_hidden(other) {
                            state.hide(other);
                            more = true;
                        }
                    }
                }
            }
        }
        if more && state.try_meet(need).is_ok() {
            return;
        }
        frontier = next;
    }
}

/// Hides everything that may be hidden; fails if some need is still not met.
fn hide_all(state: &mut State<'_>, missing: &[usize]) -> Result<(), Failure> {
    for cell in 0..state.outsider.len() {
        if state.needs.open[cell] {
            state.hide(cell);
        }
    }
    let (mut proved, mut unknown) = (Vec::new(), Vec::new());
    for &need in missing {
        match state.try_meet(need) {
            Ok(()) => {}
            Err(why) if !why.is_empty() => proved.push(need),
            Err(_) => unknown.push(state.needs.needs[need].cell),
        }
    }
    match (proved.is_empty(), unknown.is_empty()) {
        (true, true) => Ok(()),
        (true, false) => Err(Failure::NotFound(unknown)),
        _ => Err(Failure::Unprotectable(proved.into_iter().map(|n| state.lack(n)).collect())),
    }
}

/// Looks for cheapest paths on a network, many times; scratch is kept from one to the next.
struct Paths {
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
    work: u64,
}

type Path = Vec<(usize, bool)>;

impl Paths {
    fn new(network: Network, cells: usize) -> Self {
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
    fn widen(&mut self, state: &mut State<'_>, allowed: &[bool], prices: &[f64], need: usize) {
        let need = state.needs.needs[need];
        let outsider = state.outsider;
        let asks = [(true, need.up), (false, need.down), (true, need.sliding - need.down)];
        for (upward, amount) in asks {
            if amount <= 0 || matches!(state.extremes.reach(need.cell, upward, amount), Reach::Witness(_)) {
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
                let mut cheapest = |least: i64| {
                    let hidden = state.extremes.hidden();
                    self.cheapest(ends, |change, cell, raises| {
                        let taken = hidden[cell] || chosen.contains(&cell);
                        let may = cell != need.cell && (taken || allowed[cell]) && left(change, cell, raises) >= least;
                        may.then(|| if taken { 0.0 } else { prices[cell] })
                    })
                };
                let path = match (cheapest(rest), cheapest(1)) {
                    (Some(wide), Some(narrow)) if wide.0 <= 2.0 * narrow.0 => wide.1,
                    (_, Some(narrow)) => narrow.1,
                    _ => break,
                };
                let step = path.iter().map(|&(c, r)| left(&self.change, c, r)).min().unwrap_or(rest).min(rest);
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
        length: impl Fn(&[i64], usize, bool) -> Option<f64>,
    ) -> Option<(f64, Path)> {
        self.search += 1;
        self.open.clear();
        (self.best[source], self.seen[source]) = ((0.0, 0), self.search);
        self.open.push(Reverse((Order(0.0), 0, source)));
        while let Some(Reverse((Order(cost), arcs, node))) = self.open.pop() {
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

/// The linear program of the general case: each cell's change up and down, as shares of what is asked.
///
/// Most cells are too dear to be of use, so it begins with the cheapest of each sum and takes in others when their reduced
/// costs say so (column generation, Dantzig and Wolfe 1960): the same optimum, from a program a few times smaller.
struct Program {
    lp: Lp,
    cells: Vec<usize>,
    column: Vec<usize>,
    prices: Vec<f64>,
    /// Cells that take part.
    working: Vec<bool>,
}

/// Cells of each sum that take part from the beginning.
const CHEAPEST: usize = 3;
/// Cells taken in at once.
const TAKEN: usize = 200;

/// What a hidden cell costs a unit, so that idle ones stay idle.
const IDLE: f64 = 1e-4;
/// Simplex steps that one program may take.
const STEPS: u64 = 200_000;

impl Program {
    fn new(state: &State<'_>, allowed: &[bool], weights: Vec<f64>) -> Self {
        let takes_part = |c: &usize| allowed[*c] || state.needs.certain[*c] || state.is_hidden(*c);
        let cells: Vec<usize> = (0..state.outsider.len()).filter(takes_part).collect();
        let mut column = vec![usize::MAX; state.outsider.len()];
        cells.iter().enumerate().for_each(|(i, &c)| column[c] = i);
        let mut lp = Lp::new((0..2 * cells.len()).map(|_| (0.0, 0.0, 0.0)));
        let mut terms = Vec::new();
        for row in 0..state.outsider.matrix.rows() {
            terms.clear();
            for &(cell, a) in state.outsider.matrix.row(row) {
                if column[cell] != usize::MAX {
                    let a = super::cuts::float(i128::from(a));
                    terms.extend([(2 * column[cell], a), (2 * column[cell] + 1, -a)]);
                }
            }
            if !terms.is_empty() {
                lp.add_row(&terms, 0.0, 0.0);
            }
        }
        let prices: Vec<f64> = cells.iter().map(|&c| weights[c]).collect();
        let mut working = vec![false; cells.len()];
        for row in 0..lp.rows() {
            let mut by_price: Vec<usize> = lp.row(row).iter().map(|t| t.0 / 2).step_by(2).collect();
            by_price.sort_by(|&a, &b| prices[a].total_cmp(&prices[b]).then(a.cmp(&b)));
            by_price.into_iter().take(CHEAPEST).for_each(|i| working[i] = true);
        }
        Program { lp, cells, column, prices, working }
    }

    /// Hides the cells that the cheapest change uses, for each way that the need asks.
    fn widen(&mut self, state: &mut State<'_>, allowed: &[bool], need: usize) {
        let need = state.needs.needs[need];
        let asks = [(true, need.up), (false, need.down), (true, need.sliding - need.down)];
        for (upward, amount) in asks {
            if amount > 0 && !matches!(state.extremes.reach(need.cell, upward, amount), Reach::Witness(_)) {
                for cell in self.used(state, allowed, need.cell, upward, amount) {
                    state.hide(cell);
                }
            }
        }
    }

    fn used(&mut self, state: &State<'_>, allowed: &[bool], cell: usize, upward: bool, amount: i64) -> Vec<usize> {
        let asked = super::cuts::float(i128::from(amount));
        let share = |cell: usize, up: bool| {
            let may = allowed[cell] || state.is_hidden(cell);
            let room = if may { state.outsider.room(cell, up) } else { 0 };
            if room == UNBOUNDED { 50.0 } else { (super::cuts::float(room.into()) / asked).min(50.0) }
        };
        let mut costs = vec![0.0; 2 * self.cells.len()];
        let own = self.column[cell];
        for (i, &other) in self.cells.iter().enumerate() {
            let hidden = state.is_hidden(other);
            self.working[i] |= hidden || i == own;
            for (way, up) in [(0, true), (1, false)] {
                let share = share(other, up);
                let price = if hidden { IDLE } else { self.prices[i].max(1e-3) / share.clamp(1e-3, 1.0) };
                costs[2 * i + way] = price;
                self.lp.set_cost(2 * i + way, price);
                self.lp.set_bounds(2 * i + way, 0.0, if self.working[i] { share } else { 0.0 });
            }
        }
        let forced = 2 * own + usize::from(!upward);
        self.lp.set_bounds(4 * own + 1 - forced, 0.0, 0.0);
        self.lp.set_bounds(forced, 1.0, 50.0);
        self.lp.restart();

        let mut status = self.lp.dual(STEPS);

        loop {
            let more = match status {
                Status::Optimal => self.tempting(&costs),
                Status::Infeasible => (0..self.cells.len()).filter(|&i| !self.working[i]).collect(),
                _ => return Vec::new(),
            };
            if more.is_empty() {
                break;
            }
            for i in more {
                self.working[i] = true;
                self.lp.set_bounds(2 * i, 0.0, share(self.cells[i], true));
                self.lp.set_bounds(2 * i + 1, 0.0, share(self.cells[i], false));
            }
            self.lp.restart();
            status = self.lp.dual(STEPS);
        }
        if status != Status::Optimal {
            return Vec::new();
        }
        let moves = |i: usize| (self.lp.value(2 * i) - self.lp.value(2 * i + 1)).abs() > 1e-6;
        (0..self.cells.len()).filter(|&i| moves(i)).map(|i| self.cells[i]).collect()
    }

    /// Cells outside whose part in the change would make it cheaper; the most promising, if they are many.
    fn tempting(&self, costs: &[f64]) -> Vec<usize> {
        let mut reduced = costs.to_vec();
        for (row, &y) in self.lp.multipliers().iter().enumerate().filter(|m| m.1.abs() > 1e-12) {
            self.lp.row(row).iter().for_each(|&(column, a)| reduced[column] -= a * y);
        }
        let gain = |i: usize| reduced[2 * i].min(reduced[2 * i + 1]);
        let mut outside: Vec<usize> = (0..self.cells.len()).filter(|&i| !self.working[i] && gain(i) < -1e-6).collect();
        outside.sort_by(|&a, &b| gain(a).total_cmp(&gain(b)).then(a.cmp(&b)));
        outside.truncate(TAKEN);
        outside
    }
}
