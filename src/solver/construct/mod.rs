//! Hides cells until every need is met.
//!
//! On a network, need by need along cheapest augmenting paths, where a cell already hidden costs nothing (Dijkstra 1959;
//! the fixed-charge heuristic of Kelly, Golden and Assad 1992). Elsewhere, need by need by a linear program that pays
//! for each unit of change what hiding would cost a unit of its room; what it uses is hidden, and integers judge. In
//! tables too large for that, by boxes, or by a way near the cell. Where whole numbers do not follow, or there is no box,
//! more is hidden around what was used, everything in the end, and what a need does not use is shown again.
//!
//! Guarantee: on success every need has a witness. Cost: a path search over the arcs, or a few dozen simplex steps, a need.

mod boxes;
mod near;
mod paths;
mod program;

use std::cmp::Reverse;
use std::collections::BTreeSet;

use self::paths::Paths;
use self::program::Program;
use super::state::{Snapshot, State};
use super::{Failure, Stage};
use crate::extremes::ARC;
use crate::relations::Witness;

pub(super) fn hide_enough(state: &mut State<'_>, candidates: &[usize], missing: &[usize]) -> Result<(), Failure> {
    let prices = state.needs.weights.iter().map(|&w| price(w)).collect();
    with_prices(state, candidates, missing, prices, None)
}

#[expect(clippy::cast_precision_loss, reason = "a price guides, it proves nothing")]
pub(super) fn price(weight: u64) -> f64 {
    weight as f64
}

/// The same with other prices, as an improvement may set them, and with a pattern that meets all needs, if one is known: what
/// is met in no other way is met as there. Beyond this work nothing more is hidden for what is not met but as there, and soon
/// no engine is asked.
pub(super) fn with_prices(
    state: &mut State<'_>,
    candidates: &[usize],
    missing: &[usize],
    prices: Vec<f64>,
    known: Option<(&Snapshot, u64)>,
) -> Result<(), Failure> {
    let mut order = missing.to_vec();
    order.sort_by_key(|&n| (Reverse(state.needs.needs[n].most()), n));
    let mut ways = Ways::new(state, candidates, prices);
    let begun = state.work();
    for &need in &order {
        match known {
            Some(_) => state.tell_on(),
            None => state.tell(Stage::Construct),
        }
        if state.is_stopped() {
            if known.is_some() {
                return Err(Failure::NotFound(Vec::new()));
            }
            ways.hurry();
        }
        let met = match known {
            Some((_, limit)) if state.work() > limit + limit.saturating_sub(begun) / GRACE => state.is_met(need),
            Some((_, limit)) if state.work() > limit => state.meets(need),
            _ => ways.meet(state, need),
        };
        if !met {
            match known {
                Some((known, _)) => state.meet_as(need, known),
                None => widen_all(state, candidates, need),
            }
        }
        if !state.is_met(need) {
            return hide_all(state, missing);
        }
    }
    Ok(())
}

/// One part in so many of the work allowed, beyond it, goes into what is met already without anybody knowing.
const GRACE: u64 = 8;

/// Cells beyond which a program of all of them takes too long.
const LARGE: usize = 10_000;

/// Questions that programs may give up before nobody asks them.
const PATIENCE: usize = 2;

/// Ways near a cell that may be looked for in vain, beyond those found, before nobody looks for one.
const IN_VAIN: usize = 3;

/// Work that a way near a cell may take to be found.
const NEAR: u64 = 100_000_000;

/// Ways of meeting needs by hiding more.
pub(super) struct Ways {
    paths: Option<Paths>,
    allowed: Vec<bool>,
    prices: Vec<f64>,
    /// What is dearer need not be found.
    most: f64,
    program: Option<Program>,
    /// Programs take too long: boxes and ways near a cell are looked for.
    is_large: bool,
    /// Ways near a cell that may still be looked for in vain.
    patience: usize,
}

impl Ways {
    /// Through these candidates, at these prices, by cell.
    pub(super) fn new(state: &State<'_>, candidates: &[usize], prices: Vec<f64>) -> Self {
        let mut allowed = vec![false; state.outsider.len()];
        candidates.iter().for_each(|&c| allowed[c] = true);
        let paths = state.extremes.network().map(|n| Paths::new(n.clone(), state.outsider.len()));
        let is_large = paths.is_none() && state.outsider.len() > LARGE;
        Ways { paths, allowed, prices, most: f64::INFINITY, program: None, is_large, patience: IN_VAIN }
    }

    pub(super) fn allow(&mut self, cell: usize, allowed: bool) {
        self.allowed[cell] = allowed;
    }

    /// From now on any way will do that is found soon.
    fn hurry(&mut self) {
        self.is_large = self.paths.is_none();
        self.patience = 0;
    }

    /// No way dearer than this is of use.
    pub(super) fn at_most(&mut self, price: f64) {
        self.most = price;
    }

    /// Meets a need by hiding what is cheapest; false if no way was found, though cells may have been hidden.
    pub(super) fn meet(&mut self, state: &mut State<'_>, need: usize) -> bool {
        if state.is_met(need) || (self.is_large && self.meet_by_boxes(state, need)) || state.meets(need) {
            return true;
        }
        match &mut self.paths {
            Some(paths) => {
                let before = paths.work;
                paths.widen(state, &self.allowed, &self.prices, self.most, need);
                state.work += (paths.work - before) * ARC;
            }
            None if self.is_large => return self.meet_near(state, need),
            None => {
                let program =
                    self.program.get_or_insert_with(|| Program::new(state, &self.allowed, self.prices.clone()));
                let given_up = program.given_up;
                program.widen(state, &self.allowed, need, false);
                let short = !state.meets(need);
                let gave_up = program.given_up > given_up;
                if short && !gave_up && state.outsider.integral {
                    program.widen(state, &self.allowed, need, true);
                }
                self.is_large = program.given_up >= PATIENCE;
                if short && program.given_up > given_up {
                    return self.meet_near(state, need);
                }
                if !short || !state.outsider.integral {
                    return !short;
                }
            }
        }
        state.meets(need)
    }

    fn meet_by_boxes(&mut self, state: &mut State<'_>, need: usize) -> bool {
        let (ways, work) = boxes::ways(state, &self.allowed, &self.prices, &state.needs.needs[need]);
        state.work += work;
        Self::hide_ways(state, need, ways)
    }

    fn meet_near(&mut self, state: &mut State<'_>, need: usize) -> bool {
        if self.patience == 0 {
            return false;
        }
        let (ways, work) = near::ways(state, &self.allowed, &state.needs.needs[need], NEAR);
        state.work += work;
        self.patience = if ways.is_some() { self.patience + 1 } else { self.patience - 1 };
        Self::hide_ways(state, need, ways)
    }

    fn hide_ways(state: &mut State<'_>, need: usize, ways: Option<Vec<Witness>>) -> bool {
        let Some(ways) = ways else { return false };
        ways.iter().flat_map(|w| &w.terms).for_each(|t| state.hide(t.0));
        state.offer(need, ways)
    }
}

/// Hides what touches what is hidden near a need, wave after wave, until the need is met or nothing is left to hide; then
/// shows again what it does not use.
fn widen_all(state: &mut State<'_>, candidates: &[usize], need: usize) {
    let mut allowed = vec![false; state.outsider.len()];
    candidates.iter().for_each(|&c| allowed[c] = true);
    let mut frontier: BTreeSet<usize> = [state.needs.needs[need].cell].into();
    let mut seen = frontier.clone();
    let mut hidden = Vec::new();
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
                            hidden.push(other);
                            more = true;
                        }
                    }
                }
            }
        }
        if more && state.meets(need) {
            state.show_idle(need, &hidden);
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
