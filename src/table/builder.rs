//! Statements about a table, recorded as they come and resolved together.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Cube, FactKind, Standing, Table, build};
use crate::error::Error;

/// The name of a cell: the block it is in (empty where there is only one) and one label an axis.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    block: String,
    labels: Vec<String>,
}

impl Key {
    /// A cell of a named block.
    pub fn new<S: Into<String>>(block: impl Into<String>, labels: impl IntoIterator<Item = S>) -> Self {
        Key { block: block.into(), labels: labels.into_iter().map(Into::into).collect() }
    }

    /// The block's name.
    pub fn block(&self) -> &str {
        &self.block
    }

    /// One label an axis.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }
}

impl<S: Into<String>, const N: usize> From<[S; N]> for Key {
    fn from(labels: [S; N]) -> Self {
        Key::new("", labels)
    }
}

impl<B: Into<String>, S: Into<String>, const N: usize> From<(B, [S; N])> for Key {
    fn from((block, labels): (B, [S; N])) -> Self {
        Key::new(block, labels)
    }
}

impl From<&str> for Key {
    fn from(label: &str) -> Self {
        Key::new("", [label])
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let labels = self.labels.join(" × ");
        match (self.block.is_empty(), labels.is_empty()) {
            (true, _) => f.write_str(&labels),
            (false, true) => f.write_str(&self.block),
            (false, false) => write!(f, "{} › {labels}", self.block),
        }
    }
}

/// A count known to lie in a range, as far as the reader goes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Known {
    pub(super) key: Key,
    pub(super) at_least: Option<Decimal>,
    pub(super) at_most: Option<Decimal>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stated {
    pub(super) name: String,
    pub(super) terms: Vec<(i64, Key)>,
    pub(super) constant: Decimal,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct GivenPercentage {
    pub(super) cell: Key,
    pub(super) base: Key,
    pub(super) per: u32,
    pub(super) decimals: u32,
    pub(super) given: Option<Decimal>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct StatedFact {
    pub(super) name: String,
    pub(super) kind: FactKind,
    pub(super) terms: Vec<(i64, Key)>,
    pub(super) at_least: Option<Decimal>,
    pub(super) at_most: Option<Decimal>,
}

/// Which way rows are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// Collects cubes, free cells, ties and declarations, then builds a [`Table`] or reports every problem.
///
/// ```
/// use caviardage::table::{Axis, Cube, Key, Table};
/// let table = Table::builder()
///     .cube(Cube::new([Axis::flat("an", ["2018", "2019"]).total("Total")]).named("années").counts([20, 15]))
///     .cube(Cube::new([Axis::flat("sexe", ["F", "M"]).total("Total")]).named("sexe, 2019").counts([8, 7]))
///     .same(("années", ["2019"]), ("sexe, 2019", ["Total"]))
///     .build()?;
/// assert_eq!(table.len(), 5);
/// # Ok::<(), caviardage::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TableBuilder {
    pub(super) cubes: Vec<Cube>,
    pub(super) free: Vec<(String, Decimal)>,
    pub(super) stated: Vec<Stated>,
    pub(super) same: Vec<(Key, Key)>,
    pub(super) standings: Vec<(Key, Standing)>,
    pub(super) structural: Vec<Key>,
    pub(super) undisplayed: Vec<Key>,
    pub(super) known: Vec<Known>,
    pub(super) percentages: Vec<GivenPercentage>,
    pub(super) facts: Vec<StatedFact>,
    pub(super) decimals: u32,
}

impl TableBuilder {
    /// Adds a breakdown. Blocks of one table have different names.
    #[must_use]
    pub fn cube(mut self, cube: Cube) -> Self {
        self.cubes.push(cube);
        self
    }

    /// Adds a free cell, tied to others only by explicit relations. Its key is its name alone.
    #[must_use]
    pub fn cell(mut self, name: impl Into<String>, count: impl Into<Decimal>) -> Self {
        self.free.push((name.into(), count.into()));
        self
    }

    /// States that `Σ coefficient·cell = constant`, which every reader can add up.
    #[must_use]
    pub fn relation<K: Into<Key>>(
        mut self,
        name: impl Into<String>,
        terms: impl IntoIterator<Item = (i64, K)>,
        constant: impl Into<Decimal>,
    ) -> Self {
        let terms = terms.into_iter().map(|(c, k)| (c, k.into())).collect();
        self.stated.push(Stated { name: name.into(), terms, constant: constant.into() });
        self
    }

    /// States that two cells are one figure printed twice.
    #[must_use]
    pub fn same(mut self, first: impl Into<Key>, second: impl Into<Key>) -> Self {
        self.same.push((first.into(), second.into()));
        self
    }

    /// Declares that a cell must be shown, must be hidden, or is primary whatever its count.
    #[must_use]
    pub fn standing(mut self, cell: impl Into<Key>, standing: Standing) -> Self {
        self.standings.push((cell.into(), standing));
        self
    }

    /// Declares that nobody can be in a cell: it is shown, and every reader knows it is zero.
    #[must_use]
    pub fn structural_zero(mut self, cell: impl Into<Key>) -> Self {
        self.structural.push(cell.into());
        self
    }

    /// Declares that the table does not display a cell, although anyone can compute it.
    #[must_use]
    pub fn undisplayed(mut self, cell: impl Into<Key>) -> Self {
        self.undisplayed.push(cell.into());
        self
    }

    /// Declares that the reader knows bounds of a cell's count from elsewhere.
    #[must_use]
    pub fn known(mut self, cell: impl Into<Key>, at_least: Option<Decimal>, at_most: Option<Decimal>) -> Self {
        self.known.push(Known { key: cell.into(), at_least, at_most });
        self
    }

    /// Declares that every reader knows these cells stand in the order of their counts, as in a sorted table.
    #[must_use]
    pub fn sorted<K: Into<Key>>(mut self, cells: impl IntoIterator<Item = K>, order: Order) -> Self {
        let cells: Vec<Key> = cells.into_iter().map(Into::into).collect();
        for pair in cells.windows(2) {
            let (more, less) = match order {
                Order::Ascending => (&pair[1], &pair[0]),
                Order::Descending => (&pair[0], &pair[1]),
            };
            self.facts.push(StatedFact {
                name: format!("{more} ≥ {less}"),
                kind: FactKind::Order,
                terms: vec![(1, more.clone()), (-1, less.clone())],
                at_least: Some(Decimal::ZERO),
                at_most: None,
            });
        }
        self
    }

    /// Declares that every reader knows one cell to be a part of another: « 40, dont 12 femmes ».
    #[must_use]
    pub fn part_of(mut self, part: impl Into<Key>, whole: impl Into<Key>) -> Self {
        let (part, whole) = (part.into(), whole.into());
        self.facts.push(StatedFact {
            name: format!("{whole}, dont {part}"),
            kind: FactKind::Part,
            terms: vec![(1, whole), (-1, part)],
            at_least: Some(Decimal::ZERO),
            at_most: None,
        });
        self
    }

    /// Declares that every reader knows a range of `Σ coefficient·cell`, from an earlier release or from elsewhere.
    #[must_use]
    pub fn known_sum<K: Into<Key>>(
        mut self,
        name: impl Into<String>,
        kind: FactKind,
        terms: impl IntoIterator<Item = (i64, K)>,
        (at_least, at_most): (Option<Decimal>, Option<Decimal>),
    ) -> Self {
        let terms = terms.into_iter().map(|(c, k)| (c, k.into())).collect();
        self.facts.push(StatedFact { name: name.into(), kind, terms, at_least, at_most });
        self
    }

    /// Attaches a rate, `per·cell/base` to so many decimals: per thousand, per hundred thousand, or a mean (`per` is 1).
    #[must_use]
    pub fn rate(
        mut self,
        cell: impl Into<Key>,
        base: impl Into<Key>,
        per: u32,
        decimals: u32,
        given: Option<Decimal>,
    ) -> Self {
        self.percentages.push(GivenPercentage { cell: cell.into(), base: base.into(), per, decimals, given });
        self
    }

    /// Attaches a percentage, `100·cell/base` to so many decimals; checked where it is given, computed where not.
    #[must_use]
    pub fn percentage(self, cell: impl Into<Key>, base: impl Into<Key>, decimals: u32, given: Option<Decimal>) -> Self {
        self.rate(cell, base, 100, decimals, given)
    }

    /// Declares that figures are magnitudes with so many decimals instead of counts of persons.
    ///
    /// With decimals, a reader is not taken to know that figures are whole numbers, and witnesses are exact fractions.
    #[must_use]
    pub fn decimals(mut self, decimals: u32) -> Self {
        self.decimals = decimals;
        self
    }

    /// Builds the table.
    ///
    /// # Errors
    /// Every problem at once, each with its place and its size: totals that do not add up, negative, fractional,
    /// missing, duplicate or overflowing counts, unknown or duplicate labels, hierarchies with a cycle or two parents,
    /// relations that contradict each other, percentages that their counts do not give.
    pub fn build(&self) -> Result<Table, Error> {
        build::build(self)
    }
}
