//! What the change of a group costs, and where along a step that turns.

use std::cmp::Ordering;

use super::{BEYOND, NEAR};

/// What a group's change costs: nothing at the kink, so much a unit up and down from it, dearly beyond the ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cost {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) kink: f64,
    pub(super) up: f64,
    pub(super) down: f64,
}

impl Cost {
    /// What a unit more costs here, and what a unit less.
    pub(super) fn slopes(&self, at: f64) -> (f64, f64) {
        let more = if at >= self.high - NEAR {
            BEYOND
        } else if at < self.low - NEAR {
            -BEYOND
        } else if at >= self.kink - NEAR {
            self.up
        } else {
            -self.down
        };
        let less = if at <= self.low + NEAR {
            BEYOND
        } else if at > self.high + NEAR {
            -BEYOND
        } else if at <= self.kink + NEAR {
            self.down
        } else {
            -self.up
        };
        (more, less)
    }

    pub(super) fn is_beyond(&self, at: f64) -> bool {
        at < self.low - NEAR || at > self.high + NEAR
    }

    pub(super) fn is_fixed(&self) -> bool {
        self.low >= self.high
    }
}

/// A point on the way of a step where its slope changes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Turn {
    pub(super) after: f64,
    pub(super) gain: f64,
    pub(super) row: usize,
    pub(super) level: f64,
}

impl Eq for Turn {}

impl Ord for Turn {
    /// The greatest comes first, then has the lowest row.
    fn cmp(&self, other: &Self) -> Ordering {
        other.after.total_cmp(&self.after).then(other.row.cmp(&self.row)).then(other.level.total_cmp(&self.level))
    }
}

impl PartialOrd for Turn {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
