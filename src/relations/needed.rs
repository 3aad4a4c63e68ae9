//! Why a complementary cell is needed: the primary cell that falls when it is shown, and the sums that prove it.

use serde::{Deserialize, Serialize};

/// The claim that a complementary cell is needed: were it shown, all else equal, this primary cell would fall short.
///
/// It claims something; [`verify::needed`](crate::verify::needed) adds it up. Cells and rows are told by number. A row
/// below the number of relations is that relation; the next ones are the facts beside the sums, each as `Σ
/// coefficient·cell − its own variable = 0`, whose variable is numbered after the cells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Needed {
    /// The complementary cell.
    pub cell: usize,
    /// The primary cell that falls; where that is not proved, one that the complementary cell helps to protect.
    pub falls: usize,
    /// How far that cell then goes at most: one way, or both where a width is asked. Empty where no engine could prove it.
    pub ends: Vec<End>,
}

/// How far a cell goes at most one way, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// Upward or downward.
    pub upward: bool,
    /// The farthest whole change that is not excluded, in the table's unit.
    pub most: i64,
    /// The proof.
    #[serde(flatten)]
    pub why: Why,
}

/// A proof of an [`End`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Why {
    /// Whole multipliers `Y` of rows, as `(row, multiplier)`. With `E = Σ Yᵢ·rowᵢ`, every change `z` has `E·z = 0`; so
    /// `∓E_p·z_p` is at most `Σ |Eⱼ|·room` over the hidden cells `j`. Empty: the cell's own room is the bound.
    Sums(Vec<(usize, i64)>),
    /// Relations alone allow it, whole numbers do not: one case after the other, each refuted.
    Cases(Vec<Case>),
}

/// One leaf of a tree of cases: under its assumptions, the sum of these rows has no change that goes further than the end
/// says, because `E·z` would be below zero where it must be zero.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// From the root: a variable's change is at most this (`true`), or more than this (`false`).
    pub path: Vec<(usize, bool, i64)>,
    /// Whole multipliers of rows. Empty where the assumptions contradict each other or a room.
    pub sums: Vec<(usize, i64)>,
}

impl Needed {
    /// Whether a proof is given.
    pub fn is_proved(&self) -> bool {
        !self.ends.is_empty()
    }

    /// How many rows the proof sums.
    pub(crate) fn rows(&self) -> usize {
        let of = |why: &Why| match why {
            Why::Sums(rows) => rows.len(),
            Why::Cases(cases) => cases.iter().map(|case| case.sums.len()).sum(),
        };
        self.ends.iter().map(|end| of(&end.why)).sum()
    }
}
