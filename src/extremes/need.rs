//! All that one primary cell asks, put to the engine.

use super::{Extremes, Limit, Reach, limit_of_a_sum};
use crate::number::gcd;
use crate::policy::Primary;
use crate::relations::{Case, End, Why, Witness};

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
    /// No, and this proves it.
    No(Vec<Short>),
    /// Neither was found out.
    Unknown,
}

/// One way in which a need's cell provably goes less far than this. A need that asks for a width may fall short by both
/// ways together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Short {
    pub(crate) upward: bool,
    /// How far it was asked to go.
    pub(crate) asked: i64,
    /// [`Reach::Limit`] or [`Reach::NotWhole`].
    pub(crate) why: Reach,
}

impl Short {
    fn of(upward: bool, asked: i64, why: Reach) -> Option<Self> {
        matches!(why, Reach::Limit(_) | Reach::NotWhole(_)).then_some(Short { upward, asked, why })
    }

    /// The limit that shows it, if sums alone do.
    pub(crate) fn limit(&self) -> Option<&Limit> {
        if let Reach::Limit(limit) = &self.why { Some(limit) } else { None }
    }
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
    /// What is asked each way, upward or downward and how far; a width may be asked besides.
    pub(crate) fn ways(&self) -> impl Iterator<Item = (bool, i64)> + use<> {
        [(true, self.up), (false, self.down)].into_iter().filter(|way| way.1 > 0)
    }

    /// Questions whose answers meet the need, upward or downward and how far.
    pub(crate) fn asks(&self) -> impl Iterator<Item = (bool, i64)> + use<> {
        let wider = if self.sliding > self.up.saturating_add(self.down) { self.sliding - self.down } else { 0 };
        [(true, self.up.max(wider)), (false, self.down)].into_iter().filter(|a| a.1 > 0)
    }

    /// Whether changes that keep all relations and rooms meet it.
    pub(crate) fn is_met_by(&self, witnesses: &[Witness]) -> bool {
        let reaches = |upward: bool, asked: i64| {
            let far = |w: &Witness| {
                let gone = if upward { w.at(self.cell) } else { -w.at(self.cell) };
                i128::from(gone) >= i128::from(asked) * i128::from(w.denominator)
            };
            asked <= 0 || witnesses.iter().any(far)
        };
        let wide = |w: &Witness| {
            let up = i128::from(w.at(self.cell));
            let rest = i128::from(self.sliding) * i128::from(w.denominator) - up;
            let down = |v: &Witness| {
                i128::from(-v.at(self.cell)) * i128::from(w.denominator) >= rest * i128::from(v.denominator)
            };
            rest <= 0 || witnesses.iter().any(down)
        };
        let is_wide = self.sliding <= self.up.saturating_add(self.down) || witnesses.iter().any(wide);
        reaches(true, self.up) && reaches(false, self.down) && is_wide
    }

    /// The farthest that any question about this need asks.
    pub(crate) fn most(&self) -> i64 {
        self.up.max(self.down).max(self.sliding)
    }
}

impl Extremes<'_> {
    /// What shows a cell to be short, for the record; empty where its numbers are beyond what a record carries.
    pub(crate) fn ends_of(&self, cell: usize, short: &[Short]) -> Vec<End> {
        let ends: Option<Vec<End>> = short.iter().map(|one| self.end_of(cell, one)).collect();
        ends.unwrap_or_default()
    }

    fn end_of(&self, cell: usize, short: &Short) -> Option<End> {
        let (upward, own) = (short.upward, self.outsider.room(cell, short.upward));
        match &short.why {
            Reach::Limit(limit) => {
                let most = limit.most(|c| self.hidden[c]).and_then(|m| i64::try_from(m).ok());
                let most = if limit.rows.is_empty() { own } else { most?.min(own) };
                Some(End { upward, most, why: Why::Sums(whole(&limit.rows)?) })
            }
            Reach::NotWhole(cases) => {
                let one = |case: &super::Case| Some(Case { path: case.path.clone(), sums: whole(&case.rows)? });
                let cases: Option<Vec<Case>> = cases.iter().map(one).collect();
                Some(End { upward, most: short.asked - 1, why: Why::Cases(cases?) })
            }
            Reach::Witness(_) | Reach::Unknown => None,
        }
    }

    /// Why a need is short with the pattern of the moment, where a single sum says so: asks no engine.
    pub(crate) fn short_at_once(&self, need: &Need) -> Option<Short> {
        need.ways().find_map(|(upward, asked)| {
            let limit = limit_of_a_sum(self.outsider, &self.hidden, (need.cell, upward, asked))?;
            Some(Short { upward, asked, why: Reach::Limit(limit) })
        })
    }

    /// Asks for all that one need wants, with the pattern of the moment.
    pub(crate) fn meet(&mut self, need: &Need) -> Met {
        self.meet_near(need, &[])
    }

    /// The same for whoever does not want to know why not.
    pub(crate) fn witnesses(&mut self, need: &Need) -> Option<Vec<Witness>> {
        // A width is looked for from how far one way goes.
        self.silent = need.sliding <= need.up.saturating_add(need.down);
        let met = self.meet(need);
        self.silent = false;
        if let Met::Yes(witnesses) = met { Some(witnesses) } else { None }
    }

    /// The same, beginning at witnesses that met it with other cells hidden.
    pub(crate) fn meet_near(&mut self, need: &Need, before: &[Witness]) -> Met {
        let mut witnesses = Vec::new();
        for (upward, amount) in need.ways() {
            let gone = |w: &&Witness| if upward { w.at(need.cell) } else { -w.at(need.cell) };
            let near = before.iter().find(|w| gone(w) >= amount);
            match self.reach_near(need.cell, upward, amount, near) {
                Reach::Witness(witness) => witnesses.push(witness),
                why => return Short::of(upward, amount, why).map_or(Met::Unknown, |short| Met::No(vec![short])),
            }
        }
        if need.sliding <= need.up.saturating_add(need.down) {
            return Met::Yes(witnesses);
        }
        // As far up as the width asks beyond what is below already; failing that, as far up as possible, the rest down.
        let asked = need.sliding - need.down;
        let short = match self.reach(need.cell, true, asked) {
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
        } else if asked > reached + 1 {
            proved = false;
        }
        let rest = need.sliding - reached;
        match self.reach(need.cell, false, rest) {
            Reach::Witness(witness) => {
                witnesses.push(witness);
                Met::Yes(witnesses)
            }
            down if proved => match (Short::of(true, asked, short), Short::of(false, rest, down)) {
                (Some(up), Some(down)) => Met::No(vec![up, down]),
                _ => Met::Unknown,
            },
            _ => Met::Unknown,
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

/// The common factor of multipliers, or 1.
pub(crate) fn common(rows: &[(usize, i128)]) -> i128 {
    rows.iter().fold(0, |g, r| gcd(g, r.1.abs())).max(1)
}

/// Multipliers without their common factor, if they are carried.
pub(crate) fn whole(rows: &[(usize, i128)]) -> Option<Vec<(usize, i64)>> {
    let divisor = common(rows);
    rows.iter().map(|&(row, weight)| Some((row, i64::try_from(weight / divisor).ok()?))).collect()
}
