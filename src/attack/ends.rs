//! Ends of sums, with what proves them.

use super::derivation::{Premise, Reasoning};
use super::system::System;

/// One end of a sum, with what proves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct End {
    /// As an upper bound of the sum with its sign.
    pub(super) at_most: i64,
    pub(super) premise: Premise,
    /// Whether a possible table reaches it.
    pub(super) reached: bool,
    /// How far possible tables were seen to go, with the sign of the end.
    pub(super) seen: Option<i64>,
}

/// What is known of one side of a sum. That nothing was found is never told as "nothing bounds it".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side<T> {
    /// It ends there.
    At(T),
    /// Possible tables go as far as one likes.
    Open,
    /// No end was proved, nor that there is none.
    Unknown,
}

impl<T> Side<T> {
    pub(super) fn at(self) -> Option<T> {
        match self {
            Side::At(end) => Some(end),
            Side::Open | Side::Unknown => None,
        }
    }

    /// An end that was proved, or else nothing known.
    pub(super) fn or_unknown(end: Option<T>) -> Self {
        end.map_or(Side::Unknown, Side::At)
    }

    pub(super) fn map<U>(self, f: impl FnOnce(T) -> U) -> Side<U> {
        match self {
            Side::At(end) => Side::At(f(end)),
            Side::Open => Side::Open,
            Side::Unknown => Side::Unknown,
        }
    }
}

/// An end as an engine found it, before its reasoning became a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RawEnd {
    pub(super) at_most: i64,
    pub(super) why: Why,
    pub(super) reached: bool,
    pub(super) seen: Option<i64>,
}

/// What proves an end: a premise that stands already, or reasoning of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Why {
    Premise(Premise),
    Reasoning(Reasoning),
}

impl RawEnd {
    /// The end with its reasoning among the steps.
    pub(super) fn adopted(self, system: &mut System<'_>, signed: Vec<(usize, i64)>) -> End {
        let RawEnd { at_most, why, reached, seen } = self;
        let premise = match why {
            Why::Premise(premise) => premise,
            Why::Reasoning(reasoning) => system.adopt(signed, at_most, reasoning),
        };
        End { at_most, premise, reached, seen: if reached { Some(at_most) } else { seen } }
    }

    /// The end's reasoning by itself.
    pub(super) fn reasoning(self) -> Reasoning {
        match self.why {
            Why::Premise(premise) => Reasoning::Sum(vec![(1, premise), (1, Premise::Contrary)]),
            Why::Reasoning(reasoning) => reasoning,
        }
    }
}

/// Both ends of a sum, lower first.
pub(super) type RawEnds = [Side<RawEnd>; 2];

/// The terms with the signs of one end.
pub(super) fn signed(terms: &[(usize, i64)], upward: bool) -> Vec<(usize, i64)> {
    terms.iter().map(|&(c, k)| (c, if upward { k } else { -k })).collect()
}
