//! All that one primary cell asks, put to the engine.

use super::{Extremes, Reach};
use crate::policy::Primary;
use crate::relations::Witness;

/// What one primary cell asks, in the table's unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Need {
    pub(crate) cell: usize,
    pub(crate) up: i64,
    pub(crate) down: i64,
    pub(crate) sliding: i64,
}

/// How a question about a need was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Met {
    Yes(Vec<Witness>),
    /// No; the last answer of the engine says why.
    No(Reach),
}

/// How far a cell goes at most, each way, where that was proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ends {
    pub(crate) down: Option<i128>,
    pub(crate) up: Option<i128>,
}

impl From<&Primary> for Need {
    fn from(primary: &Primary) -> Self {
        let asked = primary.asked;
        Need { cell: primary.cell.index(), up: asked.upper, down: asked.lower, sliding: asked.sliding }
    }
}

impl Need {
    /// The farthest that any question about this need asks.
    pub(crate) fn most(&self) -> i64 {
        self.up.max(self.down).max(self.sliding)
    }
}

impl Extremes<'_> {
    /// Asks for all that one need wants, with the pattern of the moment.
    pub(crate) fn meet(&mut self, need: &Need) -> Met {
        let mut witnesses = Vec::new();
        for (upward, amount) in [(true, need.up), (false, need.down)] {
            if amount > 0 {
                match self.reach(need.cell, upward, amount) {
                    Reach::Witness(witness) => witnesses.push(witness),
                    short => return Met::No(short),
                }
            }
        }
        if need.sliding <= need.up.saturating_add(need.down) {
            return Met::Yes(witnesses);
        }
        // As far up as the width asks beyond what is below already; failing that, as far up as possible, the rest down.
        let short = match self.reach(need.cell, true, need.sliding - need.down) {
            Reach::Witness(witness) => {
                witnesses.push(witness);
                return Met::Yes(witnesses);
            }
            short => short,
        };
        let mut reached = need.up;
        // Whether nothing more is possible upward: shown for whole numbers, where the limit is attained or is where
        // we are already.
        let mut proved = self.outsider.integral && matches!(short, Reach::Limit(_) | Reach::NotWhole(_));
        if let Reach::Limit(limit) = &short {
            let most = limit.most(|c| self.hidden[c]).and_then(|m| i64::try_from(m).ok()).unwrap_or(0);
            if most > reached {
                match self.reach(need.cell, true, most) {
                    Reach::Witness(witness) => {
                        reached = most;
                        witnesses.push(witness);
                    }
                    _ => proved = false,
                }
            }
        } else if need.sliding - need.down > reached + 1 {
            proved = false;
        }
        match self.reach(need.cell, false, need.sliding - reached) {
            Reach::Witness(witness) => {
                witnesses.push(witness);
                Met::Yes(witnesses)
            }
            down if proved && down != Reach::Unknown => {
                Met::No(if matches!(short, Reach::NotWhole(_)) { short } else { down })
            }
            _ => Met::No(Reach::Unknown),
        }
    }

    /// How far the need's cell goes at most with the pattern of the moment. A direction in which no end was proved, by
    /// relations or by whole numbers, has none: how far we looked is not an end.
    pub(crate) fn ends(&mut self, need: &Need) -> Ends {
        let mut end = |upward: bool, wanted: i64| {
            let own = self.outsider.room(need.cell, upward);
            let asked = own.min(need.most().saturating_mul(1000).max(1000));
            let most = match self.reach(need.cell, upward, asked) {
                Reach::Limit(limit) => limit.most(|c| self.hidden[c]).map(|m| m.min(own.into())),
                Reach::Witness(_) if asked == own => Some(i128::from(own)),
                _ => None,
            };
            let short = wanted > 0
                && most.is_none_or(|m| m >= i128::from(wanted))
                && matches!(self.reach(need.cell, upward, wanted), Reach::NotWhole(_));
            if short { Some(i128::from(wanted) - 1) } else { most }
        };
        Ends { up: end(true, need.up), down: end(false, need.down) }
    }
}
