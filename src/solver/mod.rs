//! Hides enough else at least cost.
//!
//! Three stages, each leaving a pattern whose witnesses were added up: *construct* hides cells until every need is met,
//! *improve* shows again what is not needed and looks for cheaper ways, *prove* looks for a cheaper pattern and a lower
//! bound by cutting planes and branching. Where relations are no network, improving is dear and a fractional optimum shows
//! where cheap patterns are: there what was found is improved after the root of the master. What says nothing
//! of each other is searched in pieces, each by the whole search. See DESIGN.md for what each guarantees and costs.

mod construct;
mod contract;
mod cuts;
mod exact;
mod improve;
mod needs;
mod neighbourhoods;
mod outcome;
mod part;
mod pieces;
mod printed;
mod state;

pub use crate::lp::Engine;
pub(crate) use needs::Needs;
pub(crate) use outcome::Watch;
pub use outcome::{Effort, Limit, Outcome, Presolve, Progress, Stage, Watcher};
use part::Scope;
use pieces::Told;
pub(crate) use printed::keep;
pub(crate) use state::{Lack, Solution};

use crate::relations::{Bound, Leaf, Outsider};
use state::State;

/// Why no pattern was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// These cells cannot be protected even with everything else hidden.
    Unprotectable(Vec<Lack>),
    /// For these cells, no witness was found with everything hidden, and no proof that there is none.
    NotFound(Vec<usize>),
}

/// A pattern with its witnesses, a lower bound of the cost, and how the search ended.
pub(crate) fn solve(
    outsider: &Outsider,
    needs: &Needs,
    effort: &Effort,
    engine: Engine,
    watch: &Watch<'_>,
) -> Result<Solution, Failure> {
    let mut state = State::new(outsider, needs, engine, watch);
    let missing = state.meet_all();
    state.presolve.protected = needs.needs.len() - missing.len();
    if missing.is_empty() {
        // Nothing is hidden by choice.
        let leaves = vec![Leaf::nothing()];
        return Ok(state.into_solution(0, Outcome::Optimal, Some(Bound { leaves, ..Bound::default() })));
    }
    let mut proof = Bound::default();
    let mut matter = match &needs.scope {
        Scope::Piece { start, .. } => {
            start.iter().for_each(|&cell| state.hide(cell));
            contract::all(needs)
        }
        Scope::Table | Scope::Neighbourhood => contract::useful(outsider, needs, &mut state, &missing, &mut proof),
    };
    state.presolve.useless = proof.dropped.len();
    let blocks = matter.groups.as_ref().and_then(|groups| {
        let mut live = needs.certain.clone();
        matter.cells.iter().for_each(|&cell| live[cell] = true);
        pieces::pieces(&mut state, Some(groups), live, &missing)
    });
    let (bound, outcome, proof) = match blocks {
        Some(blocks) if pieces::construct(&mut state, &blocks, &missing) => {
            state.drop_idle();
            let told = Told { stage: effort.stage, bound: 0, work: 0 };
            let together = pieces::search(&mut state, &blocks, effort, false, &told);
            let bound = together.bound.min(state.cost());
            (bound, together.outcome(state.cost(), bound), Some(together.proof(proof)))
        }
        _ => {
            construct::hide_enough(&mut state, &matter.cells, &missing)?;
            state.drop_idle();
            let most = state.cost().max(1);
            matter.cells.retain(|&c| needs.weights[c] < most || state.is_hidden(c));
            exact::prove(&mut state, matter, &missing, effort, proof)
        }
    };
    if effort.stage >= Stage::Improve && needs.scope == Scope::Table {
        // Networks tell every reason briefly; elsewhere what was not tried yet is tried with the work that is left.
        let left = if state.extremes.network().is_some() { u64::MAX } else { effort.work.saturating_sub(state.work()) };
        state.reduce_briefly(effort.share().min(left));
    }
    Ok(state.into_solution(bound, outcome, proof))
}
