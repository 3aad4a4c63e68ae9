//! What the search is asked: who must be protected how far, who may be hidden, and at what cost.

use super::part::Scope;
use crate::extremes::Need;
use crate::policy::Assessment;
use crate::relations::Outsider;
use crate::table::Standing;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Needs {
    pub(crate) needs: Vec<Need>,
    /// Hidden whatever the search does: primary, undisplayed, or declared.
    pub(crate) certain: Vec<bool>,
    /// May be hidden as a complement.
    pub(crate) open: Vec<bool>,
    pub(crate) weights: Vec<u64>,
    /// Cost of what is hidden for certain without being primary.
    pub(crate) base_cost: u64,
    /// Whether all of a table is asked about, or a part of it: only the whole is improved and explained.
    pub(crate) scope: Scope,
}

impl Needs {
    pub(crate) fn new(outsider: &Outsider, assessment: &Assessment) -> Self {
        let needs = assessment.primaries.iter().map(Need::from);
        let is = |wanted: Standing| assessment.standings.iter().map(move |s| *s == wanted);
        let certain: Vec<bool> = is(Standing::Primary).zip(is(Standing::Hidden)).map(|(p, h)| p || h).collect();
        let open = is(Standing::Open).enumerate().map(|(c, o)| o && outsider.is_movable(c)).collect();
        let hidden = is(Standing::Hidden).zip(&assessment.weights);
        Needs {
            needs: needs.collect(),
            certain: outsider.with_slacks(certain, true),
            open: outsider.with_slacks(open, false),
            weights: outsider.with_slacks(assessment.weights.clone(), 0),
            base_cost: hidden.filter(|h| h.0).map(|h| h.1).sum(),
            scope: Scope::Table,
        }
    }

    pub(crate) fn most(&self) -> i64 {
        self.needs.iter().map(Need::most).max().unwrap_or(1).max(1)
    }
}
