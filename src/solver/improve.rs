//! A cheaper pattern near the one at hand.
//!
//! First every cell that is not needed is shown again; outside networks, where the work for that does not suffice, that is
//! all. Then, on networks, large neighbourhoods are solved by the exact method. Then, as long as work is left for it, each cell
//! that is needed is shown: the needs that fall without it are met by other cells at least cost, and where that is cheaper the
//! pattern changes.
//!
//! Guarantee: the pattern meets every need at every moment, and never becomes dearer. Cost: a construction of the needs that
//! use a cell, for each cell.

use super::construct::{Ways, price};
use super::part::Scope;
use super::state::State;
use super::{Effort, Stage, neighbourhoods};

/// Neighbourhoods may take so many times the work done before, and one part in so many of what is allowed in all.
const NEIGHBOURHOODS: (u64, u64) = (4, 100);

/// One part in so many of a step's work may go into cells that no way leads around.
const PATIENCE: u64 = 4;

/// Work that a root may always take.
const ROOT: u64 = 500_000_000;

/// Whether what a search constructs is to be improved.
fn is_due(state: &State<'_>, effort: &Effort) -> bool {
    effort.stage >= Stage::Improve
        && match state.needs.scope {
            Scope::Table => true,
            Scope::Neighbourhood => false,
            Scope::Piece { improved, .. } => !improved,
        }
}

/// Whether a search improves before the root of the master, which then is for the proof alone.
pub(super) fn comes_before_the_root(state: &State<'_>, effort: &Effort) -> bool {
    is_due(state, effort) && !waits_for_the_root(state, effort)
}

/// Whether a search improves after the root of the master: outside networks improving is dear, and a fractional optimum shows
/// where cheap patterns are.
pub(super) fn waits_for_the_root(state: &State<'_>, effort: &Effort) -> bool {
    is_due(state, effort) && state.extremes.network().is_none()
}

/// Work that the root takes before what waits for it: where nothing is proved afterwards, no more than was done so far. Whoever
/// allows more than the default has the root rounded up more often, not later.
pub(super) fn share_of_the_root(state: &State<'_>, effort: &Effort) -> u64 {
    let share = effort.share().min(Effort::default().share());
    if effort.stage >= Stage::Prove { share } else { share.min(state.work().max(ROOT)) }
}

/// When the root ends again that went on after improving, if it does: in the end four fifths of all work are done.
pub(super) fn next_end_of_the_root(work: u64, effort: &Effort) -> Option<u64> {
    let last = effort.work / 5 * 4;
    (work < last).then(|| last.min(work + 3 * Effort::default().share()))
}

pub(super) fn improve(state: &mut State<'_>, candidates: &[usize], effort: &Effort) {
    let is_network = state.extremes.network().is_some();
    if !state.reduce(effort.share()) && !is_network {
        // What is not needed is found for less work than a way around what is.
        return;
    }
    if is_network {
        neighbourhoods::search(
            state,
            candidates,
            (NEIGHBOURHOODS.0 * state.work()).min(effort.work / NEIGHBOURHOODS.1),
        );
    }
    let limit = state.work() + effort.share();
    let mut ways = Ways::new(state, candidates, state.needs.weights.iter().map(|&w| price(w)).collect());
    // Outside networks a way around costs programs, and the root that goes on afterwards has better use for them.
    let patience = if is_network { u64::MAX } else { effort.share() / PATIENCE };
    let mut last = state.work();
    let mut better = true;
    while better {
        better = false;
        let mut chosen = state.chosen();
        chosen.sort_by_key(|&c| (std::cmp::Reverse(state.needs.weights[c]), c));
        for cell in chosen {
            state.tell(Stage::Improve);
            if state.work() > limit || state.work() - last > patience || state.is_stopped() {
                return;
            }
            if state.is_hidden(cell) && around(state, &mut ways, cell) {
                better = true;
                last = state.work();
            }
        }
        if better {
            state.reduce(effort.share());
            last = state.work();
        }
    }
}

/// Shows a cell and meets what falls in other ways, if that is cheaper.
fn around(state: &mut State<'_>, ways: &mut Ways, cell: usize) -> bool {
    let trial = state.try_without(cell);
    let most = state.needs.weights[cell];
    ways.allow(cell, false);
    let mut met = true;
    for need in trial.needs() {
        ways.at_most(price(most - state.cost_since(&trial)));
        met = ways.meet(state, need) && state.cost_since(&trial) < most;
        if !met {
            break;
        }
    }
    ways.allow(cell, true);
    if !met {
        state.undo(trial);
    }
    met
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The default ends the root once more, at four fifths; three times the work no later than that from the same start, and
    /// then again and again, to four fifths of all.
    #[test]
    fn more_work_ends_the_root_more_often() {
        let all = Effort::default();
        let ends = |effort: Effort| {
            let next = |&work: &u64| next_end_of_the_root(work, &effort);
            std::iter::successors(Some(all.share()), next).skip(1).collect::<Vec<_>>()
        };
        assert_eq!(ends(all), [4 * all.share()]);
        let (share, more) = (all.share(), ends(all.work(3 * all.work)));
        assert_eq!(more, [4 * share, 7 * share, 10 * share, 12 * share]);
    }
}
