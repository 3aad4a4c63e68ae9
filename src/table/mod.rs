//! What the statistician holds: axes, hierarchies, cells, linked tables. This room knows no risk.
//!
//! A [`Table`] is a finite set of cells, each a count, tied by relations `Σ coefficient·cell = constant`. It is made by
//! a [`TableBuilder`], which reports every problem of the input at once.

mod axis;
mod build;
mod builder;
mod cube;
mod record;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

pub use axis::Axis;
pub(crate) use build::{Frame, frame};
pub use builder::{Key, Order, TableBuilder};
pub use cube::{Cube, Missing};
pub use record::{AxisRecord, BlockRecord, CellRecord, FactRecord, PercentageRecord, Record, RelationRecord};

/// A cell of a [`Table`], by its number in the table's own order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellId(pub(crate) usize);

impl CellId {
    /// The cell's number, from 0.
    pub fn index(self) -> usize {
        self.0
    }
}

/// What was declared of a cell before any rule is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// Nothing: the rule and the search decide.
    #[default]
    Open,
    /// It must be shown.
    Shown,
    /// It must be hidden, without asking that it be protected.
    Hidden,
    /// It must be hidden and protected, whatever its count.
    Primary,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cell {
    pub(crate) count: i64,
    pub(crate) standing: Standing,
    pub(crate) displayed: bool,
    /// Declared impossible: every reader knows it is zero.
    pub(crate) structural: bool,
    /// What the reader is declared to know of it, in the table's unit.
    pub(crate) known: (Option<i64>, Option<i64>),
    /// Its first name: block and position in it.
    pub(crate) home: (usize, usize),
}

/// A figure computed from two counts and printed beside the first: a percentage, a rate, a mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Percentage {
    /// The cell it speaks of.
    pub cell: CellId,
    /// The cell it is a share of.
    pub base: CellId,
    /// The figure is `per·cell/base`: 100 for a percentage, 1000 for a rate per thousand, 1 for a mean.
    pub per: u32,
    /// How many decimals are printed.
    pub decimals: u32,
    /// The figure as given, or as computed where none was given.
    pub value: Decimal,
}

/// What kind of fact a reader is declared to know beside the sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FactKind {
    /// Rows stand in the order of their counts.
    Order,
    /// A cell is a part of another: « dont ».
    Part,
    /// An earlier release gave it.
    Earlier,
    /// Known from elsewhere.
    Elsewhere,
}

/// `low ≤ Σ coefficient·cell ≤ high`, known to every reader.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fact {
    pub(crate) name: String,
    pub(crate) kind: FactKind,
    pub(crate) terms: Vec<(usize, i64)>,
    pub(crate) low: Option<i64>,
    pub(crate) high: Option<i64>,
}

impl Fact {
    /// How far the sum may go down and up from these counts, or no end.
    pub(crate) fn room(&self, count: impl Fn(usize) -> i64) -> (Option<i128>, Option<i128>) {
        let sum: i128 = self.terms.iter().map(|&(c, k)| i128::from(k) * i128::from(count(c))).sum();
        (self.low.map(|l| sum - i128::from(l)), self.high.map(|h| i128::from(h) - sum))
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Block {
    pub(crate) name: String,
    pub(crate) axes: Vec<axis::Laid>,
    /// `(position, cell)`, by position; the last axis varies fastest.
    pub(crate) cells: Vec<(usize, usize)>,
    /// Positions that the table does not display.
    pub(crate) undisplayed: std::collections::BTreeSet<usize>,
}

impl Block {
    pub(crate) fn labels(&self, position: usize) -> Vec<&str> {
        let mut rest = position;
        let mut labels: Vec<&str> = Vec::with_capacity(self.axes.len());
        for axis in self.axes.iter().rev() {
            labels.push(&axis.labels[rest % axis.labels.len()]);
            rest /= axis.labels.len();
        }
        labels.reverse();
        labels
    }

    pub(crate) fn find(&self, position: usize) -> Option<usize> {
        if let Some(&(at, cell)) = self.cells.get(position)
            && at == position
        {
            return Some(cell);
        }
        self.cells.binary_search_by_key(&position, |c| c.0).ok().map(|i| self.cells[i].1)
    }
}

/// Where a relation comes from; its wording is made on demand.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Origin {
    /// A sum of an axis; the total's block and position.
    Sum { block: usize, axis: usize, total: usize },
    /// Stated by name.
    Stated(String),
}

/// `Σ coefficient·cell = constant`, stored row after row.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Relations {
    pub(crate) terms: Vec<(usize, i64)>,
    pub(crate) starts: Vec<usize>,
    pub(crate) constants: Vec<i64>,
    pub(crate) origins: Vec<Origin>,
}

impl Relations {
    pub(crate) fn len(&self) -> usize {
        self.constants.len()
    }

    pub(crate) fn row(&self, index: usize) -> &[(usize, i64)] {
        &self.terms[self.starts[index]..self.starts[index + 1]]
    }

    pub(crate) fn push(&mut self, terms: impl IntoIterator<Item = (usize, i64)>, constant: i64, origin: Origin) {
        if self.starts.is_empty() {
            self.starts.push(0);
        }
        self.terms.extend(terms);
        self.starts.push(self.terms.len());
        self.constants.push(constant);
        self.origins.push(origin);
    }
}

/// A table of counts whose every total was added up. Make one with [`Table::builder`] or [`Cube::build`].
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    pub(crate) blocks: Vec<Block>,
    pub(crate) cells: Vec<Cell>,
    pub(crate) relations: Relations,
    pub(crate) percentages: Vec<Percentage>,
    pub(crate) facts: Vec<Fact>,
    /// Decimals of the unit: 0 for counts of persons; magnitudes may have some.
    pub(crate) decimals: u32,
}

impl Table {
    /// Starts a table of several blocks, linked cells or explicit relations.
    pub fn builder() -> TableBuilder {
        TableBuilder::default()
    }

    /// How many cells the table has, undisplayed ones included.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether the table has no cell.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Every cell, in order.
    pub fn cells(&self) -> impl ExactSizeIterator<Item = CellId> + '_ {
        (0..self.cells.len()).map(CellId)
    }

    /// How many relations tie the cells.
    pub fn relations(&self) -> usize {
        self.relations.len()
    }

    /// The cell's count, in units of 10^-[`decimals`](Self::decimals).
    pub fn count(&self, cell: CellId) -> i64 {
        self.cells[cell.0].count
    }

    /// The cell's count as a decimal number.
    pub fn value(&self, cell: CellId) -> Decimal {
        Decimal::new(self.cells[cell.0].count, self.decimals)
    }

    /// What was declared of the cell.
    pub fn standing(&self, cell: CellId) -> Standing {
        self.cells[cell.0].standing
    }

    /// Whether the table displays the cell; an undisplayed cell is one that anyone can compute.
    pub fn is_displayed(&self, cell: CellId) -> bool {
        self.cells[cell.0].displayed
    }

    /// Whether the cell is declared impossible, so that every reader knows it is zero.
    pub fn is_structural_zero(&self, cell: CellId) -> bool {
        self.cells[cell.0].structural
    }

    /// Decimals of the unit that counts are held in; 0 for counts of persons.
    pub fn decimals(&self) -> u32 {
        self.decimals
    }

    /// The percentages attached to cells.
    pub fn percentages(&self) -> &[Percentage] {
        &self.percentages
    }

    /// A percentage, by its number, as it is printed with so many decimals: as given where they are the file's own,
    /// otherwise rounded from the counts, halves up. `None` where there is no such percentage or its base is zero.
    pub fn printed(&self, percentage: usize, decimals: u32) -> Option<Percentage> {
        let mut one = self.percentages.get(percentage)?.clone();
        if decimals != one.value.scale() {
            let (count, base) = (i128::from(self.count(one.cell)), i128::from(self.count(one.base)));
            if base <= 0 || decimals > 12 {
                return None;
            }
            let scaled = 2 * i128::from(one.per) * count * 10_i128.pow(decimals) + base;
            one.value = Decimal::try_from_i128_with_scale(scaled.div_euclid(2 * base), decimals).ok()?;
            one.decimals = decimals;
        }
        Some(one)
    }

    /// The cell's name: its block and one label an axis.
    pub fn key(&self, cell: CellId) -> Key {
        let (block, position) = self.cells[cell.0].home;
        let block = &self.blocks[block];
        Key::new(block.name.clone(), block.labels(position))
    }

    /// The cell of that name, if there is one.
    pub fn find(&self, key: impl Into<Key>) -> Option<CellId> {
        let key = key.into();
        let block = self.blocks.iter().find(|b| b.name == key.block())?;
        if key.labels().len() != block.axes.len() {
            return None;
        }
        let mut position = 0;
        for (axis, label) in block.axes.iter().zip(key.labels()) {
            position = position * axis.labels.len() + axis.position(label)?;
        }
        block.find(position).map(CellId)
    }

    /// The names of the table's blocks, in order.
    pub fn blocks(&self) -> impl Iterator<Item = &str> {
        self.blocks.iter().map(|b| b.name.as_str())
    }

    /// A relation's terms, `(cell, coefficient)`, and the constant that they sum to, in the table's unit.
    pub fn relation(&self, index: usize) -> (Vec<(CellId, i64)>, i64) {
        let terms = self.relations.row(index).iter().map(|&(cell, k)| (CellId(cell), k)).collect();
        (terms, self.relations.constants[index])
    }

    /// A relation in words: the total that it computes, or the name it was stated under.
    pub fn relation_name(&self, index: usize) -> String {
        self.relations.origins[index].describe(&self.blocks)
    }

    pub(crate) fn name(&self, cell: usize) -> String {
        self.key(CellId(cell)).to_string()
    }
}

impl Origin {
    pub(crate) fn describe(&self, blocks: &[Block]) -> String {
        match self {
            Origin::Sum { block, axis, total } => {
                let block = &blocks[*block];
                let key = Key::new(block.name.clone(), block.labels(*total));
                format!("{key} (sum over {})", block.axes[*axis].name)
            }
            Origin::Stated(name) => name.clone(),
        }
    }
}
