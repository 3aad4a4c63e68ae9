//! The least cost, by cutting planes and branching.
//!
//! A master program over "hide cell i" is cut by limits that the attacker's problem gives at fractional points
//! (Fischetti and Salazar-González 2000, 2001) with the knapsack covers of these (Carr, Fleischer, Leung and Phillips 2000),
//! by bridges (a hidden complement is in no sum alone; Fischetti and Salazar-González 1999), by rounded halves of sums of
//! these (Caprara and Fischetti 1996), and, where relations allow
//! what whole numbers do not, by "one more of the cells shown must be hidden". Then branch and bound. Bounds are rebuilt in
//! integers from rounded multipliers before a node is closed by them: an engine's error costs time, never truth.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

mod bounds;
mod halves;
mod patterns;
mod separate;

use super::contract::Matter;
use super::cuts::{Asked, Cut, Reason, float};
use super::improve;
use super::pieces::{self, Told};
use super::state::{Snapshot, State};
use super::{Effort, Limit, Outcome, Stage};
use crate::lp::{Lp, Status};
use crate::relations::{self, Bound, Needed, Weights};

const ROOT_ROUNDS: usize = 400;
const NODE_ROUNDS: usize = 8;
/// A gap is narrow that is no larger part of the cost.
const NARROW: f64 = 0.02;
/// A search follows a node down as long as its bound is no further above the least than this part of the gap.
const NEAR: f64 = 0.25;
/// Programs in a row that may leave a root's bound as it is: before the first point that is rounded up, and later, where cuts
/// leave sooner and some come back.
const STALLS: [usize; 2] = [12, 60];
const LP_STEPS: u64 = 50_000;
/// In *improve*, one part in so many of the work allowed goes into pieces.
const IMPROVING: u64 = 8;

/// Fixed variables of a node and a bound that holds for everything below it, with the number of the sum that gives it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Node {
    bound: u64,
    fixed: Vec<(usize, bool)>,
    sum: usize,
}

/// A leaf of the tree: what is fixed, the number of its sum, and whether that leaves no pattern.
type Case = (Vec<(usize, bool)>, usize, bool);

enum Relaxed {
    /// Nothing below this node is cheaper than what is known, as the sum of this number shows.
    Closed(usize),
    /// No pattern below this node satisfies the cuts, as the sum of this number shows.
    Empty(usize),
    /// A fractional point to branch on, and the node's bound with its sum.
    Point(Vec<f64>, u64, usize),
    /// Nothing more can be said here; the bound holds, but the node is not explored further.
    Lost(u64, usize),
}

/// What becomes of a whole point that violates no limit.
enum Judged {
    /// It is a pattern, at this cost.
    Pattern(u64),
    /// It is none, and a cut says so.
    Cut,
    /// It could not be told.
    Unknown,
}

fn is_whole(point: &[f64]) -> bool {
    point.iter().all(|x| (x - x.round()).abs() < 1e-6)
}

struct Search<'s, 'a> {
    state: &'s mut State<'a>,
    missing: Vec<usize>,
    cells: Vec<usize>,
    /// On a network, by node the first node that it is tied to.
    groups: Option<Vec<usize>>,
    /// By cell, its variable.
    index: Vec<Option<usize>>,
    weights: Vec<u64>,
    lp: Lp,
    /// Every cut ever found; `rows` are those in the program, by row.
    pool: Vec<Cut>,
    pool_entries: u64,
    /// By cut, why it holds; nothing where that is beyond what a proof carries.
    whys: Vec<Option<Reason>>,
    /// Sums of cuts that gave bounds, and how many entries they have in all.
    sums: Vec<Weights>,
    entries: usize,
    /// What was fixed by cost, with the sums that show it.
    fixings: Vec<(Vec<usize>, usize)>,
    /// Leaves of the tree, with the numbers of their sums.
    leaves: Vec<Case>,
    /// What was proved of pieces, which stands in the leaves' place.
    parts_proved: Vec<Bound>,
    known: BTreeSet<Cut>,
    rows: Vec<usize>,
    /// By row, in how many programs it has not bound.
    idle: Vec<u32>,
    /// While the root is solved, a point that no cut is known to violate.
    good: Option<Vec<f64>>,
    /// Work done to find cuts.
    separating: u64,
    in_program: Vec<bool>,
    /// Whether the root has ended, for the first time.
    later: bool,
    /// Hidden in no pattern that is cheaper than the best known.
    never: Vec<bool>,
    best: u64,
    found: Snapshot,
    /// Least bound of the nodes that were given up.
    lost: Option<u64>,
    turn: usize,
    /// Whether the best pattern is still to be improved, after the root.
    improves: bool,
    /// Where improving waits for the root, the root ends when so much work was done, and goes on later.
    root_ends: Option<u64>,
    /// Whether it did end there.
    unfinished: bool,
    effort: Effort,
    parts: Vec<f64>,
}

/// Improves the state's pattern and proves a lower bound of the cost of complementary cells chosen. What was dropped
/// before is in the proof already.
pub(super) fn prove(
    state: &mut State<'_>,
    matter: Matter,
    missing: &[usize],
    effort: &Effort,
    proof: Bound,
) -> (u64, Outcome, Option<Bound>) {
    let mut search = Search::new(state, matter, missing, *effort);
    let root = search.ascend();
    let (bound, outcome) = search.run(root);
    let proof = search.proof(bound, proof);
    let Search { state, found, lp, .. } = search;
    state.count(lp.work());
    // Heuristics may have left another pattern behind than the best one.
    state.restore(&found);
    (bound, outcome, proof)
}

impl<'s, 'a> Search<'s, 'a> {
    fn new(state: &'s mut State<'a>, matter: Matter, missing: &[usize], effort: Effort) -> Self {
        let Matter { cells: candidates, groups } = matter;
        let weights: Vec<u64> = candidates.iter().map(|&c| state.needs.weights[c]).collect();
        let mut parts = vec![0.0; state.outsider.len()];
        for (cell, part) in parts.iter_mut().enumerate() {
            *part = f64::from(u8::from(state.needs.certain[cell]));
        }
        let mut index = vec![None; state.outsider.len()];
        candidates.iter().enumerate().for_each(|(v, &c)| index[c] = Some(v));
        let improves = improve::waits_for_the_root(state, &effort);
        Search {
            missing: missing.to_vec(),
            groups,
            index,
            lp: Lp::new(state.extremes.programs(), weights.iter().map(|&w| (float(w.into()), 0.0, 1.0))),
            weights,
            pool: Vec::new(),
            pool_entries: 0,
            whys: Vec::new(),
            sums: vec![Vec::new()],
            entries: 0,
            fixings: Vec::new(),
            leaves: Vec::new(),
            parts_proved: Vec::new(),
            known: BTreeSet::new(),
            rows: Vec::new(),
            idle: Vec::new(),
            good: None,
            separating: 0,
            in_program: Vec::new(),
            later: false,
            never: vec![false; candidates.len()],
            cells: candidates,
            best: state.cost(),
            found: state.snapshot(),
            lost: None,
            turn: 0,
            improves,
            root_ends: improves.then(|| state.work() + improve::share_of_the_root(state, &effort)),
            unfinished: false,
            effort,
            parts,
            state,
        }
    }

    fn work(&self) -> u64 {
        self.state.work() + self.lp.work()
    }

    fn spent(&self) -> bool {
        self.work() > self.effort.work || self.state.is_stopped()
    }

    /// What ends the search here, if anything does.
    fn stop(&self) -> Option<Limit> {
        // Where improving waits for the root, the root belongs to it.
        if self.effort.stage < Stage::Prove && !self.improves {
            Some(Limit::Stage)
        } else if self.state.is_stopped() {
            Some(Limit::Watcher)
        } else if self.spent() {
            Some(Limit::Work)
        } else {
            (self.effort.stage >= Stage::Prove && self.state.nodes >= self.effort.nodes).then_some(Limit::Nodes)
        }
    }

    fn tell(&self, bound: u64) {
        self.state.tell_bound(self.effort.stage, self.best, bound.min(self.best), self.lp.work());
    }

    /// Whether the root has taken its part of the work.
    fn root_is_due(&self) -> bool {
        self.root_ends.is_some_and(|ends| self.work() > ends)
    }

    fn close_enough(&self, bound: u64) -> bool {
        self.is_within(self.effort.gap, bound)
    }

    /// Whether the best pattern costs so small a part more than the bound.
    fn is_within(&self, gap: f64, bound: u64) -> bool {
        bound >= self.best || float((self.best - bound).into()) <= gap * float(self.best.into())
    }

    /// Whether a node is worth following down: others may be nearer to the least bound by so much that it is sooner raised there.
    fn is_near(&self, bound: u64, least: u64) -> bool {
        let gap = self.best.saturating_sub(least);
        float(bound.saturating_sub(least).into()) <= NEAR * float(gap.into())
    }

    fn run(&mut self, root: Node) -> (u64, Outcome) {
        let mut open: BinaryHeap<Reverse<Node>> = BinaryHeap::new();
        if improve::comes_before_the_root(self.state, &self.effort) {
            self.take();
            let ended = self.fall_apart(&root);
            if let Some((bound, outcome)) =
                ended.filter(|e| e.1 == Outcome::Optimal || self.effort.stage >= Stage::Prove)
            {
                return (bound, outcome);
            }
            self.improve();
            if let Some((bound, _)) = ended {
                let bound = bound.min(self.best);
                return (bound, Outcome::Stopped { limit: Limit::Stage }.of(self.best, bound));
            }
        }
        if let Some(ended) = self.fall_apart(&root) {
            return ended;
        }
        let mut current = Some(root);
        let mut root = true;
        let stopped = loop {
            let Some(node) = current.take().or_else(|| open.pop().map(|n| n.0)) else { break None };
            let least = open.peek().map_or(node.bound, |n| n.0.bound.min(node.bound));
            if self.close_enough(least) {
                open.push(Reverse(node));
                break None;
            }
            if node.bound >= self.best {
                self.leaves.push((node.fixed, node.sum, false));
                continue;
            }
            self.tell(least);
            if let Some(limit) = self.stop() {
                open.push(Reverse(node));
                break Some(limit);
            }
            self.state.nodes += 1;
            let rounds = if root { ROOT_ROUNDS } else { NODE_ROUNDS };
            if root {
                let found = |&c: &usize| f64::from(u8::from(self.state.is_hidden(c)));
                self.good = Some(self.cells.iter().map(found).collect());
            }
            let relaxed = self.relax(&node, rounds, root);
            self.good = None;
            self.later = true;
            match relaxed {
                Relaxed::Closed(sum) => self.leaves.push((node.fixed, sum, false)),
                Relaxed::Empty(sum) => self.leaves.push((node.fixed, sum, true)),
                Relaxed::Lost(bound, sum) => {
                    self.lost = Some(self.lost.map_or(bound, |l| l.min(bound)));
                    self.leaves.push((node.fixed, sum, false));
                }
                Relaxed::Point(point, bound, sum) => {
                    if root && self.improves {
                        // What is nearly proved is sooner proved than improved cell by cell.
                        if !self.is_within(NARROW, bound) {
                            self.improve();
                        }
                        self.improves = false;
                    }
                    let here = Node { bound, sum, fixed: node.fixed };
                    if root && let Some(ended) = self.fall_apart(&here) {
                        return ended;
                    }
                    if std::mem::take(&mut self.unfinished) {
                        // Nothing else raises the bound as fast, and its last point leads to another pattern.
                        self.root_ends = improve::next_end_of_the_root(self.work(), &self.effort);
                        current = Some(here);
                        continue;
                    }
                    let Node { fixed, .. } = here;
                    match self.branch_on(&point) {
                        Some(variable) => {
                            let child = |value: bool| {
                                let mut fixed = fixed.clone();
                                fixed.push((variable, value));
                                Node { bound, fixed, sum }
                            };
                            open.push(Reverse(child(false)));
                            if self.is_near(bound, least) {
                                current = Some(child(true));
                            } else {
                                open.push(Reverse(child(true)));
                            }
                        }
                        None => {
                            self.lost = Some(self.lost.map_or(bound, |l| l.min(bound)));
                            self.leaves.push((fixed, sum, false));
                        }
                    }
                }
            }
            root = false;
        };
        let left = open.iter().map(|n| n.0.bound).chain(self.lost).min();
        let left_open = open.into_iter().map(|Reverse(node)| (node.fixed, node.sum, false));
        self.leaves.extend(left_open);
        let bound = left.unwrap_or(self.best).min(self.best);
        let outcome = match stopped {
            _ if bound == self.best => Outcome::Optimal,
            None if self.close_enough(bound) => Outcome::within(self.best, bound),
            Some(limit) => Outcome::Stopped { limit },
            None => Outcome::Stopped { limit: Limit::Engine },
        };
        (bound, outcome)
    }

    /// Leaves out what no cheaper pattern hides, as the root's sum shows, and where the rest falls apart, searches the pieces.
    /// In *improve*, on networks, they are neighbourhoods that are solved exactly, as far as a little work goes.
    fn fall_apart(&mut self, root: &Node) -> Option<(u64, Outcome)> {
        let stage = self.effort.stage;
        let is_due = stage >= Stage::Prove || (stage == Stage::Improve && self.state.extremes.network().is_some());
        if !is_due || self.spent() || self.close_enough(root.bound) {
            return None;
        }
        self.fix_by_cost(root, root.sum);
        let mut live = self.state.needs.certain.clone();
        // The best pattern stays one, though none of its cells may be in a cheaper one.
        let open = self.cells.iter().zip(&self.never).filter(|c| !c.1 || self.found.hides(*c.0));
        open.for_each(|(&cell, _)| live[cell] = true);
        let pieces = pieces::pieces(self.state, self.groups.as_deref(), live, &self.missing)?;
        if pieces.len() < 2 {
            return None;
        }
        self.leaves.push((Vec::new(), root.sum, false));
        let most = self.best;
        self.state.restore(&self.found);
        let told = Told { stage, bound: root.bound, work: self.lp.work() };
        let work = if stage < Stage::Prove { self.work() + self.effort.work / IMPROVING } else { u64::MAX };
        let effort = self.effort.stage(Stage::Prove).work(self.effort.work.min(work));
        let together = pieces::search(self.state, &pieces, &effort, true, &told);
        (self.best, self.found) = (self.state.cost(), self.state.snapshot());
        let bound = together.bound.min(most).max(root.bound).min(self.best);
        let outcome = together.outcome(self.best, bound);
        self.parts_proved = together.proofs;
        Some((bound, outcome))
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
        let mut best: Option<Weights> = None;
        let mut round = 0;
        let mut stalled = 0;
        loop {
            for last in [false, true] {
                let status = self.lp.dual(LP_STEPS);
                if status == Status::Optimal {
                    break;
                }
                if status == Status::Infeasible
                    && let Some(sum) = self.is_infeasible(node)
                {
                    return match self.keep(sum) {
                        Some(number) => Relaxed::Empty(number),
                        None => Relaxed::Closed(node.sum),
                    };
                }
                if last {
                    return Relaxed::Lost(bound, self.keep_or(best, node));
                }
                self.purge();
                self.fix(node);
            }
            self.retire();
            // What is looked at in every round beside the engines.
            self.state.work += 8 * self.cells.len() as u64;
            let sum = self.whole_multipliers();
            let exact = self.exact_bound(node, &sum);
            stalled = if exact > bound { 0 } else { stalled + 1 };
            if exact > bound {
                bound = exact;
                best = Some(sum);
            }
            if bound >= self.best {
                return Relaxed::Closed(self.keep_or(best, node));
            }
            if root {
                self.tell(bound);
            }
            let point = self.point();
            let whole = is_whole(&point);
            if self.spent() {
                return Relaxed::Point(point, bound, self.keep_or(best, node));
            }
            let patience = if whole {
                usize::MAX
            } else if root && self.root_is_due() {
                self.unfinished = true;
                0
            } else if root {
                STALLS[usize::from(self.later)]
            } else {
                3
            };
            if (whole || (round < rounds && stalled < patience)) && self.add_violated(&point, true) {
                round += 1;
                continue;
            }
            if !whole {
                let sum = self.keep_or(best, node);
                if root || node.fixed.len() % 8 == 4 {
                    let before = self.best;
                    let below = if root { self.dive(node, bound, &point) } else { None };
                    if self.best == before {
                        self.round_up(below.as_ref().unwrap_or(&point));
                    }
                    if root {
                        self.fix_by_cost(node, sum);
                    }
                    if bound >= self.best {
                        return Relaxed::Closed(sum);
                    }
                }
                return Relaxed::Point(point, bound, sum);
            }
            match self.judge(&point) {
                Judged::Cut => {}
                // The point is the cheapest of its node as far as the program can tell.
                Judged::Pattern(cost) if cost <= bound => return Relaxed::Closed(self.keep_or(best, node)),
                Judged::Pattern(_) | Judged::Unknown => return Relaxed::Lost(bound, self.keep_or(best, node)),
            }
        }
    }

    /// A whole point that violates no limit: either a pattern, or a new cut.
    fn judge(&mut self, point: &[f64]) -> Judged {
        let chosen: Vec<usize> = self.cells.iter().zip(point).filter(|c| *c.1 > 0.5).map(|c| *c.0).collect();
        let cost: u64 = chosen.iter().map(|&c| self.state.needs.weights[c]).sum();
        match self.state.adopt(&chosen) {
            Ok(()) => {
                self.take();
                Judged::Pattern(cost)
            }
            Err((_, why, _)) if why.is_empty() => Judged::Unknown,
            Err((need, why, ends)) => {
                let need = self.state.needs.needs[need];
                let sides: Vec<_> = why.iter().filter_map(|short| Some((short.upward, short.limit()?))).collect();
                let amount = if let [short] = why.as_slice() { short.asked } else { need.sliding };
                let asked = Asked { cell: need.cell, amount, sides };
                let certain = &self.state.needs.certain;
                let mut cuts = match asked.sides.len() == why.len() {
                    true => asked.cuts(certain, &self.index, &self.cells, point),
                    false => Vec::new(),
                };
                cuts.retain(|c| c.0.share(point) < 0.999 && !self.known.contains(&c.0));
                if cuts.is_empty() {
                    let others = (0..self.cells.len()).filter(|&v| point[v] < 0.5);
                    let falls = Needed { cell: need.cell, falls: need.cell, ends };
                    let why = falls.is_proved().then_some(relations::Cut::Other { hidden: chosen, falls }.into());
                    cuts.push((Cut::one_of(others), why));
                }
                let mut added = false;
                for (cut, why) in cuts {
                    added |= self.add(cut, why);
                }
                if added { Judged::Cut } else { Judged::Unknown }
            }
        }
    }

    fn point(&self) -> Vec<f64> {
        (0..self.cells.len()).map(|v| self.lp.value(v)).collect()
    }

    fn branch_on(&self, point: &[f64]) -> Option<usize> {
        let score = |v: usize| {
            let x = point[v];
            (x - x.floor()).min(x.ceil() - x) * float(i128::from(self.weights[v]) + 1).sqrt()
        };
        let open = (0..point.len()).filter(|&v| (point[v] - point[v].round()).abs() > 1e-6);
        open.max_by(|&a, &b| score(a).total_cmp(&score(b)).then(b.cmp(&a)))
    }
}
