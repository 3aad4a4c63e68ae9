//! The rule: which cells are primary and why, how wide they must stay, what hiding costs.

mod assess;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use assess::{Assessment, Fact, Primary, Rule};

use crate::table::CellId;

/// Whether zero counts are hidden like other small counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Zeros {
    /// Zero is below the threshold: it is hidden.
    #[default]
    Hide,
    /// Zeros are always shown and never hidden to protect others; a reader then knows that every hidden cell holds at
    /// least one person.
    Publish,
}

/// How far a reader's interval for a primary cell must reach, in the table's unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Interval {
    /// The lowest value that the reader cannot rule out is at most the count less this.
    pub lower: i64,
    /// The highest value that the reader cannot rule out is at least the count plus this.
    pub upper: i64,
    /// Highest less lowest is at least this.
    pub sliding: i64,
}

/// What a release promises of its primary cells.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Protection {
    /// For every primary cell, a table that the reader cannot rule out gives it the threshold or more.
    #[default]
    Threshold,
    /// For every primary cell at least two counts remain possible: the bare letter of the law, looser than the default.
    Exact,
    /// Intervals cell by cell, as statistical offices set them; the second part gives cells that differ from the first.
    Interval(Interval, BTreeMap<usize, Interval>),
}

/// What hiding a complementary cell costs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cost {
    /// Its count, at least 1.
    #[default]
    Count,
    /// One a cell.
    Cells,
    /// A thousand times ln(1 + count), rounded down, at least 1.
    Log,
    /// A weight for every cell of the table, in order.
    Weights(Vec<u64>),
}

/// What becomes of a percentage, rate or mean whose count or base is hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Percentages {
    /// It is hidden with them.
    #[default]
    Follow,
    /// It is shown where every promise holds against a reader who has it, otherwise hidden.
    Keep,
    /// It is shown with as many decimals as every promise allows, or hidden where none does.
    Round,
}

/// The rule that a release obeys.
///
/// ```
/// use caviardage::policy::{Policy, Zeros};
/// let policy = Policy::articles_53_54().zeros(Zeros::Publish);
/// assert_eq!(policy.threshold_count(), 10);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    pub(crate) name: String,
    pub(crate) threshold: i64,
    pub(crate) zeros: Zeros,
    pub(crate) protection: Protection,
    pub(crate) cost: Cost,
    pub(crate) symbol: String,
    #[serde(default)]
    pub(crate) percentages: Percentages,
}

impl Default for Policy {
    fn default() -> Self {
        Policy::articles_53_54()
    }
}

impl Policy {
    /// Articles 53 and 54 of Québec's *Loi sur l'accès* (A-2.1) as public bodies apply them: counts below ten and whatever
    /// lets them be computed are hidden, zero included, under one symbol `x`.
    pub fn articles_53_54() -> Self {
        Policy {
            name: "articles 53 et 54".to_owned(),
            threshold: 10,
            zeros: Zeros::Hide,
            protection: Protection::Threshold,
            cost: Cost::Count,
            symbol: "x".to_owned(),
            percentages: Percentages::Follow,
        }
    }

    /// Intervals declared cell by cell, as statistical offices do: primary cells are those that the table declares
    /// ([`Standing::Primary`](crate::table::Standing::Primary)); no count is primary by its size.
    pub fn declared(levels: BTreeMap<CellId, Interval>) -> Self {
        Policy {
            name: "declared levels".to_owned(),
            threshold: 0,
            zeros: Zeros::Hide,
            protection: Protection::Interval(
                Interval::default(),
                levels.into_iter().map(|(cell, level)| (cell.index(), level)).collect(),
            ),
            cost: Cost::Count,
            symbol: "x".to_owned(),
            percentages: Percentages::Follow,
        }
    }

    /// Counts below this are primary, in persons.
    #[must_use]
    pub fn threshold(mut self, threshold: u32) -> Self {
        self.threshold = i64::from(threshold);
        self
    }

    /// Whether zeros are hidden or published.
    #[must_use]
    pub fn zeros(mut self, zeros: Zeros) -> Self {
        self.zeros = zeros;
        self
    }

    /// What is promised of primary cells.
    #[must_use]
    pub fn protection(mut self, protection: Protection) -> Self {
        self.protection = protection;
        self
    }

    /// What hiding costs.
    #[must_use]
    pub fn cost(mut self, cost: Cost) -> Self {
        self.cost = cost;
        self
    }

    /// What is printed in place of a hidden figure, the same for all.
    #[must_use]
    pub fn symbol(mut self, symbol: impl Into<String>) -> Self {
        self.symbol = symbol.into();
        self
    }

    /// What becomes of percentages beside hidden counts.
    #[must_use]
    pub fn percentages(mut self, percentages: Percentages) -> Self {
        self.percentages = percentages;
        self
    }

    /// What becomes of percentages beside hidden counts.
    pub fn treats_percentages(&self) -> Percentages {
        self.percentages
    }

    /// The threshold, in persons.
    pub fn threshold_count(&self) -> i64 {
        self.threshold
    }

    /// The symbol.
    pub fn hidden_symbol(&self) -> &str {
        &self.symbol
    }

    /// The protection asked for.
    pub fn asked_protection(&self) -> &Protection {
        &self.protection
    }

    /// How zeros are treated.
    pub fn treats_zeros(&self) -> Zeros {
        self.zeros
    }
}
