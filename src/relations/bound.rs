//! Why no pattern costs less: a proof that integers check, without searching again.

use serde::{Deserialize, Serialize};

use super::Needed;

/// The claim that complementary cells cost at least so much in every pattern that keeps the promise, with its proof.
///
/// It claims something; [`verify::bound`](crate::verify::bound) adds it up. Variables and rows are numbered as in
/// [`Needed`]. The proof is a tree of cases over "this cell is hidden"; in every leaf, a sum of inequalities that all good
/// patterns satisfy gives the claim. Multipliers are whole numbers over 2³².
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Bound {
    /// What is claimed, in the policy's cost, without what is hidden by declaration.
    pub claim: u64,
    /// Where relations are a network: by row, whether a positive coefficient enters it. Empty where nothing was dropped.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub sides: Vec<bool>,
    /// Rows that the others imply, and that are no nodes of the network: each with whole multipliers of rows, its own among
    /// them and none of those that went before, whose sum is nothing.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub implied: Vec<(usize, Vec<(usize, i64)>)>,
    /// Pairs of nodes between which cells that are hidden anyway carry all that any need could ask.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub ties: Vec<Tie>,
    /// Cells that need not be hidden in some cheapest pattern: their ends are tied, or another cell between the same
    /// groups of nodes costs no more and carries all that any need could ask.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub dropped: Vec<(usize, Option<usize>)>,
    /// Inequalities that every good pattern satisfies.
    pub cuts: Vec<Cut>,
    /// Cells hidden in no pattern that costs less than the claim, in the order in which this is shown.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub never: Vec<Never>,
    /// The leaves of the tree. None where parts stand in its place.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub leaves: Vec<Leaf>,
    /// In a part of a larger bound, the cells whose cost it speaks of; in the whole, where all count, none.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub cells: Vec<usize>,
    /// Once what is never hidden is left out: bounds of the cost of some cells each, of no cell twice, which add up to
    /// the claim. What is dropped in the whole is dropped in them, and nothing else.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub parts: Vec<Bound>,
}

/// Two nodes of a network, rows by number or the outside by the number after the last, and flows over cells that are
/// hidden anyway between them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tie {
    /// The two nodes.
    pub nodes: (usize, usize),
    /// Changes `(cell, change)` that carry from the first to the second.
    pub there: Vec<(usize, i64)>,
    /// Changes that carry from the second to the first.
    pub back: Vec<(usize, i64)>,
}

/// An inequality over patterns, from which its coefficients follow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cut {
    /// A primary cell must be able to go as far as is asked: the hidden cells of sums have to leave it that room.
    Room {
        /// The primary cell.
        cell: usize,
        /// One way, or both for a width, upward first.
        sides: Vec<Side>,
        /// Cells left apart: even if all of them are hidden, the others have to leave the rest.
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        apart: Vec<usize>,
    },
    /// A cell is worth hiding only where another of this sum is hidden too.
    Bridge {
        /// The cell.
        cell: usize,
        /// The sum.
        sums: Vec<(usize, i64)>,
    },
    /// With only these cells hidden by choice a primary cell falls, so one of the others is hidden.
    Other {
        /// The cells hidden by choice.
        hidden: Vec<usize>,
        /// Who falls, and why; its `cell` says nothing.
        falls: Needed,
    },
    /// Hidden cells are whole: a sum of inequalities, divided, with its coefficients and then its right side rounded up.
    Rounded {
        /// Inequalities before this one, by number, each so many times.
        sums: Vec<(usize, i64)>,
        /// Cells taken off so many times: each is hidden once at most.
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        less: Vec<(usize, i64)>,
        /// What the sum is divided by.
        over: i64,
    },
}

/// One way of a [`Cut::Room`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    /// Upward or downward.
    pub upward: bool,
    /// Multipliers of rows.
    pub sums: Vec<(usize, i64)>,
}

/// Multipliers of cuts, `(cut, multiplier)`.
pub type Weights = Vec<(usize, i128)>;

/// Cells that are not hidden in any pattern that costs less than the claim: hiding one of them alone lifts the sum of the
/// cuts to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Never {
    /// The cells.
    pub cells: Vec<usize>,
    /// The sum.
    pub sum: Weights,
}

/// One case: some cells hidden, some shown, the rest free.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leaf {
    /// From the root: a cell, and whether it is hidden.
    pub fixed: Vec<(usize, bool)>,
    /// The sum of cuts that gives the claim, or that no pattern of this case satisfies.
    pub sum: Weights,
    /// Whether no pattern of this case satisfies the cuts.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub empty: bool,
}

impl Leaf {
    /// Everything, of which nothing is known.
    pub(crate) fn nothing() -> Self {
        Leaf { fixed: Vec::new(), sum: Vec::new(), empty: false }
    }
}
