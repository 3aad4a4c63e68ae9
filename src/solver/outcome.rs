//! How a search ended, and how much work it may do: typed parts of the answer.

use serde::{Deserialize, Serialize};

/// How much work the proof of optimality may take, counted in steps of the engines, never by a clock.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Effort {
    /// Arcs looked at by flows and entries touched by simplex steps, in all.
    pub work: u64,
    /// Nodes of the branching.
    pub nodes: u64,
    /// The search may end when cost and bound are this close, as a share of the cost.
    pub gap: f64,
}

impl Default for Effort {
    fn default() -> Self {
        Effort { work: 400_000_000, nodes: 100_000, gap: 0.0 }
    }
}

impl Effort {
    /// Construct and reduce only: a verified release whose bound is what construction proves, often zero.
    pub fn construct() -> Self {
        Effort { work: 0, nodes: 0, gap: 0.0 }
    }

    /// So much work.
    #[must_use]
    pub fn work(mut self, work: u64) -> Self {
        self.work = work;
        self
    }

    /// So many nodes.
    #[must_use]
    pub fn nodes(mut self, nodes: u64) -> Self {
        self.nodes = nodes;
        self
    }

    /// So close a bound.
    #[must_use]
    pub fn gap(mut self, gap: f64) -> Self {
        self.gap = gap;
        self
    }
}

/// What stopped a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Limit {
    /// The work allowed by the [`Effort`].
    Work,
    /// The nodes allowed by the [`Effort`].
    Nodes,
    /// An engine could neither show nor refute something, so that part of the search proves nothing.
    Engine,
}

/// How the search ended. Cost and lower bound stand beside it in the trail.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// No pattern that keeps the promise costs less.
    Optimal,
    /// The gap that was asked for is reached.
    Within {
        /// `(cost − bound) / cost`. Written as text, which every program reads back alike.
        #[serde(with = "text")]
        gap: f64,
    },
    /// A limit came first. The pattern is as safe as any.
    Stopped {
        /// Which limit.
        limit: Limit,
    },
}

mod text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
    pub(super) fn serialize<S: Serializer>(gap: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&gap.to_string())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|_| D::Error::custom("a gap expected"))
    }
}
