//! How a search ended, and how much work it may do: typed parts of the answer.

use std::cell::Cell;
use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use super::cuts::float;

/// A stage of the search. Each leaves a pattern whose witnesses were added up, and a proved lower bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Hides cells until every primary cell is protected. Hides more than is needed.
    Construct,
    /// Shows again what is not needed, and looks for cheaper ways: around dear cells, in large neighbourhoods, and, where
    /// relations are no network, near the fractional optimum. Afterwards no cell can be shown alone, as far as the
    /// work sufficed to try and whole numbers were found.
    Improve,
    /// Looks for the cheapest pattern, and for the proof that there is no cheaper one.
    Prove,
}

/// How far a search goes, in stages and in counted work, never by a clock: the same request gives the same answer on every
/// machine. Each stage is of use alone; what stops early is as safe as what does not.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Effort {
    /// The last stage.
    pub stage: Stage,
    /// Work in all, in the engines' unit: entries and arcs looked at, some 10⁸ to 3·10⁸ a second on the machine of the published
    /// figures. A pattern is constructed whatever it takes, and what is not needed may be shown again for a fifth more,
    /// or 10⁹ if that is more.
    pub work: u64,
    /// Nodes of the branching.
    pub nodes: u64,
    /// The search may end when cost and bound are this close, as a share of the cost.
    pub gap: f64,
}

impl Default for Effort {
    /// All stages: up to four minutes or so, for tables that are no networks; others are mostly done in seconds.
    fn default() -> Self {
        Effort { stage: Stage::Prove, work: 28_000_000_000, nodes: 1_000_000, gap: 0.0 }
    }
}

impl Effort {
    /// The work that one step of a stage may take of the whole.
    pub(super) fn share(&self) -> u64 {
        self.work / 5
    }

    /// Ends after *construct*.
    pub fn construct() -> Self {
        Effort::default().stage(Stage::Construct)
    }

    /// Ends after *improve*, with two fifths of the default's work: a minute or two at most.
    pub fn improve() -> Self {
        let all = Effort::default();
        all.stage(Stage::Improve).work(all.work / 5 * 2)
    }

    /// Ends after this stage.
    #[must_use]
    pub fn stage(mut self, last: Stage) -> Self {
        self.stage = last;
        self
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

/// Where a search stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// The stage of the moment.
    pub stage: Stage,
    /// Cost of the cheapest pattern so far, as in the trail; none while the first is being constructed.
    pub cost: Option<u64>,
    /// A proved lower bound of the cost.
    pub bound: u64,
    /// Work done, in the unit of [`Effort::work`].
    pub work: u64,
    /// In *construct*: primary cells protected so far, and in all.
    pub protected: (usize, usize),
}

/// Is told of progress, and may stop the search by breaking: what was found is then returned, as safe as any. While the
/// first pattern is being constructed there is nothing to return yet: the search goes on until there is, by what is quickest,
/// which hides far more.
pub type Watcher<'w> = &'w dyn Fn(&Progress) -> ControlFlow<()>;

/// A watcher, and whether it broke.
pub(crate) struct Watch<'w> {
    watcher: Option<Watcher<'w>>,
    stopped: Cell<bool>,
}

impl<'w> Watch<'w> {
    pub(crate) fn new(watcher: Option<Watcher<'w>>) -> Self {
        Watch { watcher, stopped: Cell::new(false) }
    }

    pub(crate) fn tell(&self, progress: impl FnOnce() -> Progress) {
        if let Some(watcher) = self.watcher.filter(|_| !self.stopped.get()) {
            self.stopped.set(watcher(&progress()).is_break());
        }
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped.get()
    }
}

/// What presolve found, before anything was hidden by choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Presolve {
    /// Primary cells that ask for protection.
    pub primary: usize,
    /// Those of them that what is hidden anyway protects.
    pub protected: usize,
    /// Cells that may be hidden by choice.
    pub open: usize,
    /// Those of them that can never matter: both ends are tied by what is hidden anyway, or another cell does the same for less.
    pub useless: usize,
    /// Relations.
    pub relations: usize,
    /// Those of them that the others imply, left out so that the rest is a network.
    pub implied: usize,
    /// Whether the rest is a network, for which an exact engine in whole numbers serves.
    pub network: bool,
}

/// What stopped a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Limit {
    /// The work allowed by the [`Effort`].
    Work,
    /// The nodes allowed by the [`Effort`].
    Nodes,
    /// The last stage that the [`Effort`] asked for.
    Stage,
    /// The watcher.
    Watcher,
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

impl Outcome {
    /// Within a gap of the cost.
    pub(super) fn within(cost: u64, bound: u64) -> Self {
        Outcome::Within { gap: float(cost.saturating_sub(bound).into()) / float(cost.into()) }
    }

    /// How the search ended, told of its last cost and bound: what is shown at the very end may make the pattern cheaper.
    pub(super) fn of(self, cost: u64, bound: u64) -> Self {
        match self {
            _ if cost == bound => Outcome::Optimal,
            Outcome::Within { .. } => Outcome::within(cost, bound),
            ended => ended,
        }
    }
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
