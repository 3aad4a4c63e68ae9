//! What leaves the house: shown counts, and hidden cells without their counts.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::pattern::Pattern;
use crate::table::{AxisRecord, CellId, Cube, FactKind, Key, Missing, Percentage, Table, TableBuilder};
use crate::verify::Verified;

/// The version of the serialised form.
pub const SCHEMA: &str = "caviardage-release/1";

/// A table as it may be published. Hidden counts are not in it, in any form.
///
/// Serialised (`caviardage-release/1`): `schema`; `symbol`; `notes`; `tables`, each with its `name`, its `axes` (name,
/// labels, sums `[parent, [children]]` by label number, and the labels that are not displayed) and its displayed `cells`
/// in order, each with its `labels` and a `count` that is absent where it is hidden, and the labels of cells that are `undisplayed`; `relations` that were stated, each
/// a list of `[coefficient, table, labels]` and a constant; `same`, pairs of cells that are one figure; `percentages`
/// that are shown; what else is `known` (orders, parts, earlier figures); `structural_zeros`; `decimals` of the unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Release {
    schema: String,
    symbol: String,
    notes: Vec<String>,
    tables: Vec<ReleasedTable>,
    relations: Vec<ReleasedRelation>,
    same: Vec<Vec<ReleasedKey>>,
    percentages: Vec<ReleasedPercentage>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    known: Vec<ReleasedFact>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    structural_zeros: Vec<ReleasedKey>,
    #[serde(skip_serializing_if = "is_zero", default)]
    decimals: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(value: &u32) -> bool {
    *value == 0
}

/// One block of a release.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReleasedTable {
    /// Its name; empty where there is only one.
    pub name: String,
    /// Its axes.
    pub axes: Vec<AxisRecord>,
    /// Its displayed cells, in order.
    pub cells: Vec<ReleasedCell>,
    /// Labels of the cells that it does not display although sums speak of them.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub undisplayed: Vec<Vec<String>>,
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

/// A range of a sum that every reader is declared to know: an order, a part, an earlier figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReleasedFact {
    /// Its name.
    pub name: String,
    /// What kind of fact it is.
    pub kind: FactKind,
    /// Coefficients and cells.
    pub terms: Vec<(i64, ReleasedKey)>,
    /// What they sum to at least.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub at_least: Option<Decimal>,
    /// What they sum to at most.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub at_most: Option<Decimal>,
}

/// A percentage, rate or mean that is shown: its count and its base are, or every proof respects it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReleasedPercentage {
    /// The cell it speaks of.
    pub cell: ReleasedKey,
    /// The cell it is a share of.
    pub base: ReleasedKey,
    /// It is `per·cell/base`.
    pub per: u32,
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
        let mut homes = vec![0_usize; table.len()];
        table.blocks.iter().flat_map(|b| &b.cells).for_each(|&(_, cell)| homes[cell] += 1);
        let mut same: BTreeMap<usize, Vec<ReleasedKey>> = BTreeMap::new();
        let tables = table
            .blocks
            .iter()
            .map(|block| {
                let axes = block.axes.iter().map(AxisRecord::of);
                let (mut cells, mut undisplayed) = (Vec::new(), Vec::new());
                for &(position, cell) in &block.cells {
                    let labels: Vec<String> = block.labels(position).into_iter().map(str::to_owned).collect();
                    if homes[cell] > 1 {
                        same.entry(cell).or_default().push((block.name.clone(), labels.clone()));
                    }
                    if !block.undisplayed.contains(&position) {
                        cells.push(ReleasedCell { labels, count: shown(cell).then(|| table.value(CellId(cell))) });
                    } else {
                        undisplayed.push(labels);
                    }
                }
                ReleasedTable { name: block.name.clone(), axes: axes.collect(), cells, undisplayed }
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
        let decimal = |value: Option<i64>| value.map(|v| Decimal::new(v, table.decimals));
        let facts = table.facts.iter().map(|fact| ReleasedFact {
            name: fact.name.clone(),
            kind: fact.kind,
            terms: fact.terms.iter().map(|&(cell, k)| (k, key(cell))).collect(),
            at_least: decimal(fact.low),
            at_most: decimal(fact.high),
        });
        let bounds =
            table.cells.iter().enumerate().filter(|c| c.1.known != (None, None)).map(|(cell, c)| ReleasedFact {
                name: table.name(cell),
                kind: FactKind::Elsewhere,
                terms: vec![(1, key(cell))],
                at_least: decimal(c.known.0),
                at_most: decimal(c.known.1),
            });
        Release {
            schema: SCHEMA.to_owned(),
            symbol: verified.policy().hidden_symbol().to_owned(),
            notes: notes(verified),
            tables,
            relations: stated.collect(),
            percentages: printed(table, pattern)
                .map(|p| {
                    let (cell, base) = (key(p.cell.index()), key(p.base.index()));
                    ReleasedPercentage { cell, base, per: p.per, value: p.value }
                })
                .collect(),
            known: facts.chain(bounds).collect(),
            structural_zeros: (0..table.len()).filter(|&c| table.cells[c].structural).map(key).collect(),
            decimals: table.decimals,
            same: same.into_values().collect(),
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

    /// Decimals of the unit; 0 for counts of persons.
    pub fn decimals(&self) -> u32 {
        self.decimals
    }

    /// Relations stated beside the sums of the axes.
    pub fn relations(&self) -> &[ReleasedRelation] {
        &self.relations
    }

    /// Cells that are one figure, under all their names.
    pub fn same(&self) -> &[Vec<ReleasedKey>] {
        &self.same
    }

    /// What else every reader is declared to know.
    pub fn known(&self) -> &[ReleasedFact] {
        &self.known
    }

    /// Cells that are declared impossible, and shown as zero.
    pub fn structural_zeros(&self) -> &[ReleasedKey] {
        &self.structural_zeros
    }

    /// The blocks.
    pub fn tables(&self) -> &[ReleasedTable] {
        &self.tables
    }

    /// The percentages that are shown.
    pub fn percentages(&self) -> &[ReleasedPercentage] {
        &self.percentages
    }

    /// The statements that the release makes, for anyone who attacks it:
    /// `Published::new(&release.statements())`, in [`attack`](crate::attack::Published).
    pub fn statements(&self) -> TableBuilder {
        let key = |key: &ReleasedKey| Key::new(key.0.clone(), key.1.clone());
        let mut builder = Table::builder().decimals(self.decimals);
        for table in &self.tables {
            let axes = table.axes.iter().map(AxisRecord::axis);
            let mut cube = Cube::new(axes).named(table.name.clone()).missing(Missing::Absent);
            for cell in &table.cells {
                cube = match cell.count {
                    Some(count) => cube.count(cell.labels.clone(), count),
                    None => cube.hidden(cell.labels.clone()),
                };
            }
            for labels in &table.undisplayed {
                cube = cube.hidden(labels.clone());
                builder = builder.undisplayed(Key::new(table.name.clone(), labels.clone()));
            }
            builder = builder.cube(cube);
        }
        for same in &self.same {
            for pair in same.windows(2) {
                builder = builder.same(key(&pair[0]), key(&pair[1]));
            }
        }
        for relation in &self.relations {
            let terms = relation.terms.iter().map(|(k, cell)| (*k, key(cell)));
            builder = builder.relation(relation.name.clone(), terms, relation.constant);
        }
        for known in &self.known {
            let terms = known.terms.iter().map(|(k, cell)| (*k, key(cell)));
            builder = builder.known_sum(known.name.clone(), known.kind, terms, (known.at_least, known.at_most));
        }
        for one in &self.percentages {
            builder = builder.rate(key(&one.cell), key(&one.base), one.per, one.value.scale(), Some(one.value));
        }
        for structural in &self.structural_zeros {
            builder = builder.structural_zero(key(structural));
        }
        builder
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

/// Percentages that leave the house: those whose count and base are shown, and those that the pattern prints besides.
fn printed<'a>(table: &'a Table, pattern: &'a Pattern) -> impl Iterator<Item = Percentage> + 'a {
    let shown = |cell: CellId| !pattern.is_hidden(cell) && table.is_displayed(cell);
    let besides: BTreeMap<usize, u32> = pattern.printed().collect();
    table.percentages().iter().enumerate().filter_map(move |(number, p)| {
        if shown(p.cell) && shown(p.base) { Some(p.clone()) } else { table.printed(number, *besides.get(&number)?) }
    })
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
