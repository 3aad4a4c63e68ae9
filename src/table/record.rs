//! A table written down in full, so that anyone can read it again and add it up.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{Axis, Cube, FactKind, Key, Missing, Origin, Standing, Table, TableBuilder, axis};
use crate::error::{Error, Problem};

/// A table as it is written in a trail. Numbers are in the table's unit, cells and rows are told by number.
///
/// Serialised: `decimals` of the unit; `blocks`, each with its `name`, its `axes`, its `cells` as `[position, cell]`
/// (a position is read like digits, one label number an axis, the last axis fastest; one cell may stand at several
/// positions) and the positions that are not displayed although their labels are; `cells`; `relations`; `facts`;
/// `percentages`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Record {
    /// Decimals of the unit; 0 for counts of persons.
    #[serde(skip_serializing_if = "is_default", default)]
    pub decimals: u32,
    /// The blocks.
    pub blocks: Vec<BlockRecord>,
    /// The cells.
    pub cells: Vec<CellRecord>,
    /// Every relation that ties them: sums of the axes, block after block, then those that were stated.
    pub relations: Vec<RelationRecord>,
    /// What else every reader knows.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub facts: Vec<FactRecord>,
    /// Percentages, rates and means beside the counts.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub percentages: Vec<PercentageRecord>,
}

/// One block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockRecord {
    /// Its name; empty where there is only one.
    pub name: String,
    /// Its axes.
    pub axes: Vec<AxisRecord>,
    /// `(position, cell)`.
    pub cells: Vec<(usize, usize)>,
    /// Positions that are not displayed although their labels are.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub undisplayed: Vec<usize>,
}

/// One axis, with the sums that every reader can do along it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AxisRecord {
    /// Its name.
    pub name: String,
    /// Its labels.
    pub labels: Vec<String>,
    /// `(total, parts)` by label number.
    pub sums: Vec<(usize, Vec<usize>)>,
    /// Labels that the table does not display.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub undisplayed: Vec<usize>,
}

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellRecord {
    /// Its count.
    pub count: i64,
    /// What was declared of it.
    #[serde(skip_serializing_if = "is_default", default)]
    pub standing: Standing,
    /// Not displayed anywhere, although anyone can compute it.
    #[serde(skip_serializing_if = "is_default", default)]
    pub undisplayed: bool,
    /// Declared impossible.
    #[serde(skip_serializing_if = "is_default", default)]
    pub structural: bool,
    /// What every reader knows of it, at least and at most.
    #[serde(skip_serializing_if = "is_default", default)]
    pub known: (Option<i64>, Option<i64>),
}

/// `Σ coefficient·cell = constant`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelationRecord {
    /// The name it was stated under; sums of the axes have none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub name: Option<String>,
    /// `(cell, coefficient)`. The first cell of a sum is its total.
    pub terms: Vec<(usize, i64)>,
    /// What they sum to.
    #[serde(skip_serializing_if = "is_default", default)]
    pub constant: i64,
}

/// `at least ≤ Σ coefficient·cell ≤ at most`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactRecord {
    /// Its name.
    pub name: String,
    /// What kind of fact it is.
    pub kind: FactKind,
    /// `(cell, coefficient)`.
    pub terms: Vec<(usize, i64)>,
    /// What they sum to at least.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub at_least: Option<i64>,
    /// What they sum to at most.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub at_most: Option<i64>,
}

/// A figure `per·cell/base` printed beside a count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PercentageRecord {
    /// The cell it speaks of.
    pub cell: usize,
    /// The cell it is a share of.
    pub base: usize,
    /// 100 for a percentage.
    pub per: u32,
    /// Decimals printed.
    pub decimals: u32,
    /// The figure.
    pub value: Decimal,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl AxisRecord {
    pub(crate) fn of(axis: &axis::Laid) -> Self {
        AxisRecord {
            name: axis.name.clone(),
            labels: axis.labels.clone(),
            sums: axis.sums.clone(),
            undisplayed: (0..axis.labels.len()).filter(|&l| axis.undisplayed[l]).collect(),
        }
    }

    /// The axis; label numbers that it does not have become empty labels, which no axis has.
    pub(crate) fn axis(&self) -> Axis {
        let label = |l: &usize| self.labels.get(*l).cloned().unwrap_or_default();
        let laid = Axis::flat(self.name.clone(), self.labels.clone());
        let sums = self.sums.iter().map(|(total, parts)| (label(total), parts.iter().map(label).collect()));
        let laid = sums.fold(laid, |laid, sum| laid.hierarchy_of([sum]));
        self.undisplayed.iter().fold(laid, |laid, l| laid.undisplayed(label(l)))
    }
}

impl Record {
    /// Writes a table down.
    pub fn of(table: &Table) -> Self {
        let relation = |row: usize| RelationRecord {
            name: match &table.relations.origins[row] {
                Origin::Stated(name) => Some(name.clone()),
                Origin::Sum { .. } => None,
            },
            terms: table.relations.row(row).to_vec(),
            constant: table.relations.constants[row],
        };
        let block = |block: &super::Block| {
            let labelled = |position: &usize| {
                let mut rest = *position;
                block.axes.iter().rev().any(|axis| {
                    let at = rest % axis.labels.len();
                    rest /= axis.labels.len();
                    axis.undisplayed[at]
                })
            };
            BlockRecord {
                name: block.name.clone(),
                axes: block.axes.iter().map(AxisRecord::of).collect(),
                cells: block.cells.clone(),
                undisplayed: block.undisplayed.iter().filter(|p| !labelled(p)).copied().collect(),
            }
        };
        Record {
            decimals: table.decimals,
            blocks: table.blocks.iter().map(block).collect(),
            cells: table
                .cells
                .iter()
                .map(|c| CellRecord {
                    count: c.count,
                    standing: c.standing,
                    undisplayed: !c.displayed,
                    structural: c.structural,
                    known: c.known,
                })
                .collect(),
            relations: (0..table.relations.len()).map(relation).collect(),
            facts: table
                .facts
                .iter()
                .map(|f| FactRecord {
                    name: f.name.clone(),
                    kind: f.kind,
                    terms: f.terms.clone(),
                    at_least: f.low,
                    at_most: f.high,
                })
                .collect(),
            percentages: table
                .percentages
                .iter()
                .map(|p| PercentageRecord {
                    cell: p.cell.index(),
                    base: p.base.index(),
                    per: p.per,
                    decimals: p.decimals,
                    value: p.value,
                })
                .collect(),
        }
    }

    /// Builds the table again, adding every total up.
    ///
    /// # Errors
    /// What is wrong with the table that is written, or that it is not written as [`Record::of`] would: a relation that
    /// its axes do not make, cells in another order.
    pub fn table(&self) -> Result<Table, Error> {
        let table = self.statements().ok_or_else(|| faulty("cells"))?.build()?;
        let again = Record::of(&table);
        if again == *self {
            return Ok(table);
        }
        Err(faulty(if again.blocks != self.blocks || again.cells.len() != self.cells.len() {
            "blocks"
        } else if again.relations != self.relations {
            "relations"
        } else if again.facts != self.facts {
            "facts"
        } else {
            "cells"
        }))
    }

    fn statements(&self) -> Option<TableBuilder> {
        let decimal = |value: i64| Decimal::new(value, self.decimals);
        let mut homes: Vec<Vec<Key>> = vec![Vec::new(); self.cells.len()];
        let mut builder = Table::builder().decimals(self.decimals);
        if self.decimals > 12 {
            return None;
        }
        for block in &self.blocks {
            let key = |position: usize| {
                let mut rest = position;
                let mut labels = Vec::with_capacity(block.axes.len());
                for axis in block.axes.iter().rev() {
                    labels.push(axis.labels.get(rest.checked_rem(axis.labels.len())?)?.clone());
                    rest /= axis.labels.len();
                }
                labels.reverse();
                (rest == 0).then(|| Key::new(block.name.clone(), labels))
            };
            let mut cube = Cube::new(block.axes.iter().map(AxisRecord::axis)).named(block.name.clone());
            cube = cube.missing(Missing::Absent);
            for &(position, cell) in &block.cells {
                let key = key(position)?;
                cube = cube.count(key.labels().to_vec(), decimal(self.cells.get(cell)?.count));
                homes[cell].push(key);
            }
            for &position in &block.undisplayed {
                builder = builder.undisplayed(key(position)?);
            }
            builder = builder.cube(cube);
        }
        for (cell, homes) in self.cells.iter().zip(&homes) {
            let home = homes.first()?;
            for pair in homes.windows(2) {
                builder = builder.same(pair[0].clone(), pair[1].clone());
            }
            if cell.standing != Standing::Open {
                builder = builder.standing(home.clone(), cell.standing);
            }
            if cell.structural {
                builder = builder.structural_zero(home.clone());
            }
            if cell.known != (None, None) {
                builder = builder.known(home.clone(), cell.known.0.map(decimal), cell.known.1.map(decimal));
            }
        }
        let named = |terms: &[(usize, i64)]| -> Option<Vec<(i64, Key)>> {
            terms.iter().map(|&(cell, k)| Some((k, homes.get(cell)?.first()?.clone()))).collect()
        };
        for relation in &self.relations {
            if let Some(name) = &relation.name {
                builder = builder.relation(name.clone(), named(&relation.terms)?, decimal(relation.constant));
            }
        }
        for fact in &self.facts {
            let ends = (fact.at_least.map(decimal), fact.at_most.map(decimal));
            builder = builder.known_sum(fact.name.clone(), fact.kind, named(&fact.terms)?, ends);
        }
        for one in &self.percentages {
            let (cell, base) = (homes.get(one.cell)?.first()?, homes.get(one.base)?.first()?);
            builder = builder.rate(cell.clone(), base.clone(), one.per, one.decimals, Some(one.value));
        }
        Some(builder)
    }
}

fn faulty(part: &str) -> Error {
    let reason = format!("the {part} of a recorded table are not as they were written").into();
    Error::input(vec![Problem::File { reason }])
}
