//! The least cost, by cutting planes and branching.
//!
//! A master program over "hide cell i" is cut by limits that the attacker's problem gives at fractional points
//! (Fischetti and Salazar-González 2000, 2001), by bridges on networks (a hidden complement must be on a cycle of hidden
//! cells; Fischetti and Salazar-González 1999), and, where relations allow what whole numbers do not, by "one more of the
//! cells shown must be hidden". Then branch and bound. Bounds are rebuilt in integers from rounded multipliers before a
//! node is closed by them: an engine's error costs time, never truth.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use super::construct;
use super::cuts::{Cut, float};
use super::state::{Snapshot, State};
use super::{Effort, Limit, Outcome};
use crate::extremes::Reach;
use crate::lp::{INFINITE, Lp, Status};
use crate::number;

/// Cuts added in one round at most.
const CUTS_A_ROUND: usize = 60;
const ROOT_ROUNDS: usize = 400;
const NODE_ROUNDS: usize = 8;
const LP_STEPS: u64 = 50_000;
/// Multipliers are multiples of 2⁻³².
const FINE: i128 = 1 << 32;

/// Fixed variables of a node and a bound that holds for everything below it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Node {
    bound: u64,
    fixed: Vec<(usize, bool)>,
}

enum Relaxed {
    /// Nothing below this node is cheaper than what is known.
    Closed,
    /// A fractional point to branch on, and the node's bound.
    Point(Vec<f64>, u64),
    /// Nothing more can be said here; the bound holds, but the node is not explored further.
    Lost(u64),
}

struct Search<'s, 'a> {
    state: &'s mut State<'a>,
    missing: Vec<usize>,
    cells: Vec<usize>,
    index: BTreeMap<usize, usize>,
    weights: Vec<u64>,
    lp: Lp,
    /// Every cut ever found; `rows` are those in the program, by row.
    pool: Vec<Cut>,
    known: BTreeSet<Cut>,
    rows: Vec<usize>,
    in_program: Vec<bool>,
    /// Hidden in no pattern that is cheaper than the best known.
    never: Vec<bool>,
    best: u64,
    found: Snapshot,
    /// Least bound of the nodes that were given up.
    lost: Option<u64>,
    turn: usize,
    start: u64,
    /// Work done by heuristics outside the engines that count their own.
    work: u64,
    effort: Effort,
    parts: Vec<f64>,
}

/// Improves the state's pattern and proves a lower bound of the cost of complementary cells chosen.
pub(super) fn prove(state: &mut State<'_>, candidates: &[usize], missing: &[usize], effort: &Effort) -> (u64, Outcome) {
    if effort.work == 0 {
        return (0, Outcome::Stopped { limit: Limit::Work });
    }
    let mut search = Search::new(state, candidates, missing, *effort);
    let answer = search.run();
    let Search { state, found, .. } = search;
    // Heuristics may have left another pattern behind than the best one.
    state.restore(found);
    state.reduce();
    answer
}

impl<'s, 'a> Search<'s, 'a> {
    fn new(state: &'s mut State<'a>, candidates: &[usize], missing: &[usize], effort: Effort) -> Self {
        let weights: Vec<u64> = candidates.iter().map(|&c| state.needs.weights[c]).collect();
        let mut parts = vec![0.0; state.outsider.len()];
        for (cell, part) in parts.iter_mut().enumerate() {
            *part = f64::from(u8::from(state.needs.certain[cell]));
        }
        Search {
            missing: missing.to_vec(),
            cells: candidates.to_vec(),
            index: candidates.iter().enumerate().map(|(v, &c)| (c, v)).collect(),
            lp: Lp::new(weights.iter().map(|&w| (float(w.into()), 0.0, 1.0))),
            weights,
            pool: Vec::new(),
            known: BTreeSet::new(),
            rows: Vec::new(),
            in_program: Vec::new(),
            never: vec![false; candidates.len()],
            best: state.cost(),
            found: state.snapshot(),
            lost: None,
            turn: 0,
            start: state.extremes.work(),
            work: 0,
            effort,
            parts,
            state,
        }
    }

    fn spent(&self) -> bool {
        self.state.extremes.work() - self.start + self.lp.work() + self.work > self.effort.work
    }

    fn close_enough(&self, bound: u64) -> bool {
        bound >= self.best || float((self.best - bound).into()) <= self.effort.gap * float(self.best.into())
    }

    fn run(&mut self) -> (u64, Outcome) {
        let mut open: BinaryHeap<Reverse<Node>> = BinaryHeap::new();
        let mut current = Some(Node { bound: 0, fixed: Vec::new() });
        let mut nodes = 0;
        let mut root = true;
        let stopped = loop {
            let Some(node) = current.take().or_else(|| open.pop().map(|n| n.0)) else { break None };
            let least = open.peek().map_or(node.bound, |n| n.0.bound.min(node.bound));
            if self.close_enough(least) {
                open.push(Reverse(node));
                break None;
            }
            if node.bound >= self.best {
                continue;
            }
            if nodes >= self.effort.nodes || self.spent() {
                open.push(Reverse(node));
                break Some(if self.spent() { Limit::Work } else { Limit::Nodes });
            }
            nodes += 1;
            let rounds = if root { ROOT_ROUNDS } else { NODE_ROUNDS };
            match self.relax(&node, rounds, root) {
                Relaxed::Closed => {}
                Relaxed::Lost(bound) => self.lost = Some(self.lost.map_or(bound, |l| l.min(bound))),
                Relaxed::Point(point, bound) => {
                    let Some(variable) = self.branch_on(&point) else {
                        self.lost = Some(self.lost.map_or(bound, |l| l.min(bound)));
                        continue;
                    };
                    let child = |value: bool| {
                        let mut fixed = node.fixed.clone();
                        fixed.push((variable, value));
                        Node { bound, fixed }
                    };
                    open.push(Reverse(child(false)));
                    current = Some(child(true));
                }
            }
            root = false;
        };
        let left = open.into_iter().map(|n| n.0.bound).chain(self.lost).min();
        let bound = left.unwrap_or(self.best).min(self.best);
        let outcome = match stopped {
            _ if bound == self.best => Outcome::Optimal,
            None if self.close_enough(bound) => {
                Outcome::Within { gap: float((self.best - bound).into()) / float(self.best.into()) }
            }
            Some(limit) => Outcome::Stopped { limit },
            None => Outcome::Stopped { limit: Limit::Engine },
        };
        (bound, outcome)
    }

    fn fix(&mut self, node: &Node) {
        for variable in 0..self.cells.len() {
            let high = if self.never[variable] { 0.0 } else { 1.0 };
            self.lp.set_bounds(variable, 0.0, high);
        }
        for &(variable, value) in &node.fixed {
            let at = f64::from(u8::from(value));
            self.lp.set_bounds(variable, at, at);
        }
    }

    fn relax(&mut self, node: &Node, rounds: usize, root: bool) -> Relaxed {
        if self.lp.rows() > 400 + 2 * self.cells.len() {
            self.purge();
        }
        self.fix(node);
        let mut bound = node.bound;
        let mut round = 0;
        let mut stalled = 0;
        loop {
            match self.lp.dual(LP_STEPS) {
                Status::Optimal => {}
                Status::Infeasible if self.is_infeasible(node) => return Relaxed::Closed,
                _ => {
                    self.purge();
                    self.fix(node);
                    match self.lp.dual(LP_STEPS) {
                        Status::Optimal => {}
                        Status::Infeasible if self.is_infeasible(node) => return Relaxed::Closed,
                        _ => return Relaxed::Lost(bound),
                    }
                }
            }
            let exact = self.exact_bound(node);
            stalled = if exact > bound { 0 } else { stalled + 1 };
            bound = bound.max(exact);
            if bound >= self.best {
                return Relaxed::Closed;
            }
            let point: Vec<f64> = (0..self.cells.len()).map(|v| self.lp.value(v)).collect();
            let whole = point.iter().all(|x| (x - x.round()).abs() < 1e-6);
            if self.spent() {
                return Relaxed::Point(point, bound);
            }
            let patience = if whole {
                usize::MAX
            } else if root {
                12
            } else {
                3
            };
            if (whole || (round < rounds && stalled < patience)) && self.add_violated(&point) {
                round += 1;
                continue;
            }
            if !whole {
                if root || node.fixed.len() % 8 == 4 {
                    self.round_up(&point);
                    if root {
                        self.fix_by_cost(node);
                    }
                    if bound >= self.best {
                        return Relaxed::Closed;
                    }
                }
                return Relaxed::Point(point, bound);
            }
            if let Some(answer) = self.judge(&point, bound) {
                return answer;
            }
        }
    }

    /// A whole point that violates no limit: either a pattern, or a new cut.
    fn judge(&mut self, point: &[f64], bound: u64) -> Option<Relaxed> {
        let chosen: Vec<usize> = self.cells.iter().zip(point).filter(|c| *c.1 > 0.5).map(|c| *c.0).collect();
        let cost: u64 = chosen.iter().map(|&c| self.state.needs.weights[c]).sum();
        match self.state.adopt(&chosen) {
            Ok(()) => {
                self.take();
                // The point is the cheapest of its node as far as the program can tell.
                (cost <= bound).then_some(Relaxed::Closed).or(Some(Relaxed::Lost(bound)))
            }
            Err((need, why)) => {
                let need = self.state.needs.needs[need];
                let cut = match &why {
                    // Asked one way only, so the limit is of that way.
                    Reach::Limit(limit) if need.sliding == 0 && (need.up == 0 || need.down == 0) => {
                        Cut::new(limit, need.most(), &self.state.needs.certain, &self.index)
                    }
                    _ => None,
                };
                let proved = matches!(why, Reach::NotWhole(_) | Reach::Limit(_));
                let cut = cut.filter(|c| c.share(point) < 0.999 && !self.known.contains(c));
                let others = (0..self.cells.len()).filter(|&v| point[v] < 0.5);
                let cut = cut.unwrap_or_else(|| Cut::one_of(others));
                if !proved {
                    self.lost = Some(self.lost.map_or(cost, |l| l.min(cost)));
                }
                if !self.add(cut) {
                    return Some(Relaxed::Lost(bound));
                }
                None
            }
        }
    }

    /// Takes the state's pattern as the best, after showing what it does not need.
    fn take(&mut self) {
        self.state.reduce();
        let cost = self.state.cost();
        if cost < self.best {
            self.best = cost;
            self.found = self.state.snapshot();
        }
    }

    /// A pattern near a fractional point: what the point hides is cheap to hide.
    fn round_up(&mut self, point: &[f64]) {
        let mut prices: Vec<f64> = self.state.needs.weights.iter().map(|&w| construct::price(w)).collect();
        for (&cell, x) in self.cells.iter().zip(point) {
            prices[cell] *= 1.0 - 0.999 * x.clamp(0.0, 1.0);
        }
        self.state.show_chosen();
        let missing = self.missing.clone();
        let cells = self.cells.clone();
        let work = &mut self.work;
        if construct::with_weights(self.state, &cells, &missing, &prices, work).is_ok() {
            self.take();
        }
    }

    fn branch_on(&self, point: &[f64]) -> Option<usize> {
        let score = |v: usize| {
            let x = point[v];
            (x - x.floor()).min(x.ceil() - x) * float(i128::from(self.weights[v]) + 1).sqrt()
        };
        let open = (0..point.len()).filter(|&v| (point[v] - point[v].round()).abs() > 1e-6);
        open.max_by(|&a, &b| score(a).total_cmp(&score(b)).then(b.cmp(&a)))
    }

    fn add(&mut self, cut: Cut) -> bool {
        if !self.known.insert(cut.clone()) {
            return false;
        }
        self.pool.push(cut);
        self.in_program.push(false);
        self.enter(self.pool.len() - 1);
        true
    }

    fn enter(&mut self, number: usize) {
        let cut = &self.pool[number];
        let scale = if cut.right > 0 { float(cut.right.into()) } else { 1.0 };
        let terms: Vec<(usize, f64)> = cut.terms.iter().map(|&(v, a)| (v, float(a.into()) / scale)).collect();
        let low = if cut.right > 0 { 1.0 } else { 0.0 };
        self.lp.add_row(&terms, low, INFINITE);
        self.rows.push(number);
        self.in_program[number] = true;
    }

    /// Leaves only the cuts that bind in the program; the others stay in the pool.
    fn purge(&mut self) {
        let rows = std::mem::take(&mut self.rows);
        let multipliers = self.lp.multipliers().to_vec();
        let weights = self.weights.iter().map(|&w| (float(w.into()), 0.0, 1.0));
        self.lp = self.lp.succeeded_by(Lp::new(weights));
        self.in_program.fill(false);
        for (row, number) in rows.into_iter().enumerate() {
            if multipliers.get(row).is_some_and(|m| m.abs() > 1e-9) {
                self.enter(number);
            }
        }
    }

    /// Adds cuts that the point violates, from the pool or new; false if there are none.
    fn add_violated(&mut self, point: &[f64]) -> bool {
        let waiting: Vec<usize> = (0..self.pool.len())
            .filter(|&n| !self.in_program[n] && self.pool[n].share(point) < 0.999)
            .take(CUTS_A_ROUND)
            .collect();
        if !waiting.is_empty() {
            waiting.into_iter().for_each(|n| self.enter(n));
            return true;
        }
        for (&cell, &x) in self.cells.iter().zip(point) {
            self.parts[cell] = x.clamp(0.0, 1.0);
        }
        let most = self.state.needs.most();
        self.state.extremes.begin_parts(&self.parts, most);
        let mut added = 0;
        for step in 0..self.missing.len() {
            let number = self.missing[(self.turn + step) % self.missing.len()];
            for cut in self.violated(number) {
                if cut.share(point) < 0.999 && self.add(cut) {
                    added += 1;
                }
            }
            if added >= CUTS_A_ROUND {
                self.turn = (self.turn + step + 1) % self.missing.len();
                break;
            }
        }
        self.state.extremes.end_parts();
        if added < CUTS_A_ROUND {
            added += self.add_bridges(point);
        }
        added > 0
    }

    fn violated(&mut self, number: usize) -> Vec<Cut> {
        let need = self.state.needs.needs[number];
        let state = &mut *self.state;
        let certain = &state.needs.certain;
        let mut cuts = Vec::new();
        for (upward, amount) in [(true, need.up), (false, need.down)] {
            if amount > 0
                && let Some(limit) = state.extremes.limit_at(&self.parts, need.cell, upward, amount)
            {
                cuts.extend(Cut::new(&limit, amount, certain, &self.index));
            }
        }
        if need.sliding > need.up.saturating_add(need.down)
            && let Some(up) = state.extremes.limit_at(&self.parts, need.cell, true, need.sliding)
            && let Some(down) = state.extremes.limit_at(&self.parts, need.cell, false, need.sliding)
        {
            cuts.extend(Cut::of_width([&up, &down], need.sliding, certain, &self.index));
        }
        cuts
    }

    fn add_bridges(&mut self, point: &[f64]) -> usize {
        let mut added = 0;
        for (v, &x) in point.iter().enumerate() {
            if x < 0.02 {
                continue;
            }
            let Some(crossing) = self.state.extremes.bridge_at(&self.parts, self.cells[v]) else { continue };
            if crossing.iter().any(|&c| self.state.needs.certain[c]) {
                continue;
            }
            let mut terms: Vec<(usize, i64)> =
                crossing.iter().filter_map(|c| self.index.get(c)).map(|&other| (other, 1)).collect();
            terms.push((v, -1));
            terms.sort_unstable();
            let cut = Cut { terms, right: 0 };
            if cut.share(point) < 0.999 && self.add(cut) {
                added += 1;
            }
        }
        added
    }

    /// Multipliers of the cuts as whole numbers over [`FINE`], none below zero.
    fn whole_multipliers(&self) -> Vec<(usize, i128)> {
        let multipliers = self.lp.multipliers();
        let mut whole = Vec::new();
        for (row, &number) in self.rows.iter().enumerate() {
            let scale = if self.pool[number].right > 0 { float(self.pool[number].right.into()) } else { 1.0 };
            let value = multipliers.get(row).copied().unwrap_or(0.0) / scale;
            if value > 0.0
                && let Some(multiplier) = number::fixed_point(value)
            {
                whole.push((number, multiplier));
            }
        }
        whole
    }

    /// `FINE·cost − Σ multiplier·coefficient` by variable, and `Σ multiplier·right`.
    fn exact_reduced(&self, cost: bool) -> (Vec<i128>, i128) {
        let unit = if cost { FINE } else { 0 };
        let mut reduced: Vec<i128> = self.weights.iter().map(|&w| i128::from(w) * unit).collect();
        let mut base = 0;
        for (number, multiplier) in self.whole_multipliers() {
            let cut = &self.pool[number];
            base += multiplier * i128::from(cut.right);
            for &(v, a) in &cut.terms {
                reduced[v] -= multiplier * i128::from(a);
            }
        }
        (reduced, base)
    }

    fn ranges(&self, node: &Node) -> Vec<(i128, i128)> {
        let mut ranges: Vec<(i128, i128)> = self.never.iter().map(|&n| (0, i128::from(!n))).collect();
        for &(v, value) in &node.fixed {
            ranges[v] = (value.into(), value.into());
        }
        ranges
    }

    /// A bound that holds whatever the engine rounded: any multipliers not below zero give one.
    fn exact_bound(&self, node: &Node) -> u64 {
        let (reduced, base) = self.exact_reduced(true);
        let sum: i128 =
            reduced.iter().zip(self.ranges(node)).map(|(d, (low, high))| d * if *d < 0 { high } else { low }).sum();
        let bound = base + sum;
        u64::try_from((bound + FINE - 1).div_euclid(FINE)).unwrap_or(0)
    }

    fn is_infeasible(&self, node: &Node) -> bool {
        let (reduced, base) = self.exact_reduced(false);
        let sum: i128 =
            reduced.iter().zip(self.ranges(node)).map(|(d, (low, high))| d * if *d < 0 { high } else { low }).sum();
        base + sum > 0
    }

    /// At the root: a variable whose hiding alone would lift the bound to the best cost is never hidden again.
    fn fix_by_cost(&mut self, node: &Node) {
        let (reduced, base) = self.exact_reduced(true);
        let ranges = self.ranges(node);
        let sum: i128 = reduced.iter().zip(&ranges).map(|(d, (low, high))| d * if *d < 0 { high } else { low }).sum();
        for (v, d) in reduced.iter().enumerate() {
            if *d > 0 && ranges[v] == (0, 1) && base + sum + d > (i128::from(self.best) - 1) * FINE {
                self.never[v] = true;
                self.lp.set_bounds(v, 0.0, 0.0);
            }
        }
    }
}
