//! One table of a breakdown by any number of axes.

use rust_decimal::Decimal;

use super::{Axis, Table};
use crate::error::Error;

/// What a leaf cell without a count is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Missing {
    /// A problem to report.
    #[default]
    Error,
    /// A count of zero.
    Zero,
    /// No cell at all: nobody can be there, and every reader knows it.
    Absent,
}

/// A breakdown: axes, and counts of its leaf cells, of some totals, or of both.
///
/// Totals that are not given are computed; those that are given are checked.
///
/// ```
/// use caviardage::table::{Axis, Cube};
/// let table = Cube::new([Axis::flat("région", ["Nord", "Sud"]).total("Total"), Axis::flat("an", ["2018", "2019"])])
///     .counts([12, 3, 40, 25])
///     .count(["Total", "2019"], 28)
///     .build()?;
/// assert_eq!(table.count(table.find(["Total", "2018"]).unwrap()), 52);
/// # Ok::<(), caviardage::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Cube {
    pub(crate) name: String,
    pub(crate) axes: Vec<Axis>,
    pub(crate) leaves: Option<Vec<Decimal>>,
    pub(crate) counts: Vec<(Vec<String>, Decimal)>,
    pub(crate) hidden: Vec<Vec<String>>,
    pub(crate) missing: Missing,
}

impl Cube {
    /// A breakdown by these axes, without counts yet.
    pub fn new(axes: impl IntoIterator<Item = Axis>) -> Self {
        Cube {
            name: String::new(),
            axes: axes.into_iter().collect(),
            leaves: None,
            counts: Vec::new(),
            hidden: Vec::new(),
            missing: Missing::default(),
        }
    }

    /// Names the cube, as tables of several blocks need.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Counts of all leaf cells, the last axis varying fastest, leaves in the order of each axis' labels.
    #[must_use]
    pub fn counts<C: Into<Decimal>>(mut self, counts: impl IntoIterator<Item = C>) -> Self {
        self.leaves = Some(counts.into_iter().map(Into::into).collect());
        self
    }

    /// The count of one cell, leaf or total, named by one label an axis.
    #[must_use]
    pub fn count<S: Into<String>>(mut self, labels: impl IntoIterator<Item = S>, count: impl Into<Decimal>) -> Self {
        self.counts.push((labels.into_iter().map(Into::into).collect(), count.into()));
        self
    }

    /// A cell that stands in the table without its count, as a reader sees it; for
    /// [`Published`](crate::attack::Published). A [`Table`] needs every count.
    #[must_use]
    pub fn hidden<S: Into<String>>(mut self, labels: impl IntoIterator<Item = S>) -> Self {
        self.hidden.push(labels.into_iter().map(Into::into).collect());
        self
    }

    /// What leaf cells without a count are.
    #[must_use]
    pub fn missing(mut self, missing: Missing) -> Self {
        self.missing = missing;
        self
    }

    /// Builds a table of this cube alone.
    ///
    /// # Errors
    /// Every problem of the input, as [`TableBuilder::build`](super::TableBuilder::build) does.
    pub fn build(self) -> Result<Table, Error> {
        Table::builder().cube(self).build()
    }
}
