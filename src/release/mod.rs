//! What leaves the house: shown counts, and hidden cells without their counts.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::table::{CellId, Key};
use crate::verify::Verified;

/// The version of the serialised form.
pub const SCHEMA: &str = "caviardage-release/1";

/// A table as it may be published. Hidden counts are not in it, in any form.
///
/// Serialised (`caviardage-release/1`): `schema`; `symbol`; `notes`; `tables`, each with its `name`, its `axes` (name,
/// labels, sums `[parent, [children]]` by label number, and the labels that are not displayed) and its displayed `cells`
/// in order, each with its `labels` and a `count` that is absent where it is hidden; `relations` that were stated, each
/// a list of `[coefficient, table, labels]` and a constant; `same`, pairs of cells that are one figure; `percentages`
/// that are shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Release {
    schema: String,
    symbol: String,
    notes: Vec<String>,
    tables: Vec<ReleasedTable>,
    relations: Vec<ReleasedRelation>,
    same: Vec<Vec<ReleasedKey>>,
    percentages: Vec<ReleasedPercentage>,
}

/// One block of a release.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReleasedTable {
    /// Its name; empty where there is only one.
    pub name: String,
    /// Its axes.
    pub axes: Vec<ReleasedAxis>,
    /// Its displayed cells, in order.
    pub cells: Vec<ReleasedCell>,
}

/// One axis of a block, with the sums that every reader can do along it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleasedAxis {
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

/// A displayed cell: its labels, and its count if it is shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReleasedCell {
    /// One label an axis.
    pub labels: Vec<String>,
    /// The count; absent where it is hidden.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub count: Option<Decimal>,
}

/// A cell's name in a release: block and labels.
pub type ReleasedKey = (String, Vec<String>);

/// A relation stated beside the sums of the axes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReleasedRelation {
    /// Its name.
    pub name: String,
    /// Coefficients and cells.
    pub terms: Vec<(i64, ReleasedKey)>,
    /// What they sum to.
    pub constant: Decimal,
}

/// A percentage that is shown, because its count and its base are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReleasedPercentage {
    /// The cell it speaks of.
    pub cell: ReleasedKey,
    /// The cell it is a share of.
    pub base: ReleasedKey,
    /// The figure, with its printed decimals.
    pub value: Decimal,
}

impl Release {
    /// Builds the release of a verified pattern; there is no other way to make one from a table.
    pub fn new(verified: &Verified<'_>) -> Self {
        let table = verified.table();
        let pattern = verified.pattern();
        let shown = |cell: usize| !pattern.is_hidden(CellId(cell)) && table.is_displayed(CellId(cell));
        let key = |cell: usize| named(&table.key(CellId(cell)));
        let mut homes: Vec<Vec<ReleasedKey>> = vec![Vec::new(); table.len()];
        let tables = table
            .blocks
            .iter()
            .map(|block| {
                let axes = block.axes.iter().map(|axis| ReleasedAxis {
                    name: axis.name.clone(),
                    labels: axis.labels.clone(),
                    sums: axis.sums.clone(),
                    undisplayed: (0..axis.labels.len()).filter(|&l| axis.undisplayed[l]).collect(),
                });
                let mut cells = Vec::new();
                for &(position, cell) in &block.cells {
                    let labels: Vec<String> = block.labels(position).into_iter().map(str::to_owned).collect();
                    homes[cell].push((block.name.clone(), labels.clone()));
                    if !block.undisplayed.contains(&position) {
                        cells.push(ReleasedCell { labels, count: shown(cell).then(|| table.value(CellId(cell))) });
                    }
                }
                ReleasedTable { name: block.name.clone(), axes: axes.collect(), cells }
            })
            .collect();
        let stated = (0..table.relations.len()).filter_map(|row| match &table.relations.origins[row] {
            crate::table::Origin::Stated(name) => Some(ReleasedRelation {
                name: name.clone(),
                terms: table.relations.row(row).iter().map(|&(cell, k)| (k, key(cell))).collect(),
                constant: Decimal::new(table.relations.constants[row], table.decimals),
            }),
            crate::table::Origin::Sum { .. } => None,
        });
        let percentages = table.percentages().iter().filter(|p| shown(p.cell.index()) && shown(p.base.index()));
        Release {
            schema: SCHEMA.to_owned(),
            symbol: verified.policy().hidden_symbol().to_owned(),
            notes: notes(verified),
            tables,
            relations: stated.collect(),
            percentages: percentages
                .map(|p| ReleasedPercentage { cell: key(p.cell.index()), base: key(p.base.index()), value: p.value })
                .collect(),
            same: homes.into_iter().filter(|h| h.len() > 1).collect(),
        }
    }

    /// The one symbol of all hidden cells.
    pub fn symbol(&self) -> &str {
        &self.symbol
    }

    /// Sentences to print under the table, French first.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The blocks.
    pub fn tables(&self) -> &[ReleasedTable] {
        &self.tables
    }

    /// The percentages that are shown.
    pub fn percentages(&self) -> &[ReleasedPercentage] {
        &self.percentages
    }

    /// How many displayed cells are hidden; a figure displayed twice counts twice.
    pub fn hidden(&self) -> usize {
        self.tables.iter().flat_map(|t| &t.cells).filter(|c| c.count.is_none()).count()
    }

    /// The count of a displayed cell: `None` if there is no such cell, `Some(None)` if it is hidden.
    pub fn count(&self, key: impl Into<Key>) -> Option<Option<Decimal>> {
        let key = key.into();
        let table = self.tables.iter().find(|t| t.name == key.block())?;
        table.cells.iter().find(|c| c.labels == key.labels()).map(|c| c.count)
    }
}

fn named(key: &Key) -> ReleasedKey {
    (key.block().to_owned(), key.labels().to_vec())
}

fn notes(verified: &Verified<'_>) -> Vec<String> {
    let policy = verified.policy();
    if verified.pattern().hidden().all(|c| !verified.table().is_displayed(c)) {
        return Vec::new();
    }
    let (symbol, threshold) = (policy.hidden_symbol(), policy.threshold_count());
    if threshold == 0 {
        return vec![
            format!("{symbol} : donnée masquée, ou permettant d’en calculer une qui l’est."),
            format!("{symbol}: figure withheld, or one that would let a withheld figure be computed."),
        ];
    }
    vec![
        format!(
            "{symbol} : donnée inférieure à {threshold}, ou permettant d’en calculer une qui l’est (art. 53 et 54)."
        ),
        format!("{symbol}: count below {threshold}, or one that would let such a count be computed (s. 53 and 54)."),
    ]
}
