//! The rule applied to a table: primary cells with the fact that made each so, what is asked for each, what each costs.

use serde::{Deserialize, Serialize};

use super::{Cost, Interval, Policy, Protection, Zeros};
use crate::error::{Error, Problem};
use crate::table::{CellId, Standing, Table};

/// Weights of all cells of any table then add up in 64 bits.
const LARGEST_WEIGHT: u64 = 1_000_000_000_000_000;

/// The rule that made a cell primary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// Its count is below the threshold.
    BelowThreshold,
    /// The table declares it primary.
    Declared,
}

/// The fact that made a cell primary: its count, and what it was compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// The count, in the table's unit.
    pub count: i64,
    /// The threshold, in the table's unit, where the rule has one.
    pub below: Option<i64>,
}

/// A primary cell, why it is one, and what its protection asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Primary {
    /// The cell.
    pub cell: CellId,
    /// The rule.
    pub rule: Rule,
    /// The fact.
    pub fact: Fact,
    /// The interval that must remain possible.
    pub asked: Interval,
}

/// What the policy says of every cell of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    pub(crate) primaries: Vec<Primary>,
    pub(crate) standings: Vec<Standing>,
    pub(crate) weights: Vec<u64>,
}

impl Assessment {
    /// Every primary cell, in the table's order.
    pub fn primaries(&self) -> &[Primary] {
        &self.primaries
    }

    /// What hiding a cell costs.
    pub fn weight(&self, cell: CellId) -> u64 {
        self.weights[cell.index()]
    }

    /// Whether the policy lets the search choose freely for a cell, or what it decides: primary, hidden, or shown.
    pub fn standing(&self, cell: CellId) -> Standing {
        self.standings[cell.index()]
    }

    /// How far a primary cell, by number, must be able to go; nothing for any other.
    pub(crate) fn asked(&self, cell: usize) -> Option<Interval> {
        let at = self.primaries.binary_search_by_key(&cell, |p| p.cell.index()).ok()?;
        Some(self.primaries[at].asked)
    }
}

impl Policy {
    /// Applies the rule to a table.
    ///
    /// # Errors
    /// A policy that does not fit the table (a list of weights of another length, an empty symbol, a symbol that reads
    /// as a number), or cells that must be shown although the rule hides them.
    pub fn assess(&self, table: &Table) -> Result<Assessment, Error> {
        let mut problems = Vec::new();
        let mut reject = |reason: String| problems.push(Problem::Policy { reason });
        if self.symbol.trim().is_empty() {
            reject("the symbol is empty".to_owned());
        } else if self.symbol.chars().any(|c| c.is_ascii_digit()) {
            reject(format!("the symbol `{}` could be read as a figure", self.symbol));
        }
        if let Cost::Weights(weights) = &self.cost
            && weights.len() != table.len()
        {
            reject(format!("{} weights for {} cells", weights.len(), table.len()));
        }
        if let Cost::Weights(weights) = &self.cost
            && let Some(cell) = weights.iter().position(|&w| w > LARGEST_WEIGHT)
        {
            reject(format!("the weight of cell {cell} is above {LARGEST_WEIGHT}"));
        }
        if let Protection::Interval(all, some) = &self.protection {
            for (cell, level) in some.iter().map(|(c, l)| (Some(*c), l)).chain([(None, all)]) {
                if level.lower < 0 || level.upper < 0 || level.sliding < 0 {
                    reject(format!(
                        "a negative protection level{}",
                        cell.map_or(String::new(), |c| format!(" at {c}"))
                    ));
                }
                if cell.is_some_and(|c| c >= table.len()) {
                    reject("a protection level for a cell that the table does not have".to_owned());
                }
            }
        }
        if !problems.is_empty() {
            return Err(Error::input(problems));
        }
        let unit = 10_i64.pow(table.decimals);
        let threshold = self.threshold.saturating_mul(unit);
        let mut assessment = Assessment {
            primaries: Vec::new(),
            standings: Vec::with_capacity(table.len()),
            weights: Vec::with_capacity(table.len()),
        };
        for id in table.cells() {
            let cell = &table.cells[id.index()];
            let published_zero = cell.count == 0 && self.zeros == Zeros::Publish;
            let small = cell.count < threshold && !published_zero;
            let declared = cell.standing == Standing::Primary;
            let standing = if cell.structural {
                Standing::Shown
            } else if declared || small {
                if cell.standing == Standing::Shown {
                    problems.push(Problem::MustBeShown { cell: table.name(id.index()) });
                }
                let rule = if declared { Rule::Declared } else { Rule::BelowThreshold };
                let fact = Fact { count: cell.count, below: small.then_some(threshold) };
                let asked = self.asked(id, cell.count, threshold);
                assessment.primaries.push(Primary { cell: id, rule, fact, asked });
                Standing::Primary
            } else if !cell.displayed {
                Standing::Hidden
            } else if published_zero && cell.standing == Standing::Open {
                Standing::Shown
            } else {
                cell.standing
            };
            assessment.standings.push(standing);
            assessment.weights.push(if cell.displayed { self.weight(id.index(), cell.count, unit) } else { 0 });
        }
        if problems.is_empty() { Ok(assessment) } else { Err(Error::unprotectable(problems)) }
    }

    fn asked(&self, cell: CellId, count: i64, threshold: i64) -> Interval {
        match &self.protection {
            // A declared primary cell that holds the threshold or more must not be computed: two counts remain.
            Protection::Threshold if count >= threshold => Interval { sliding: 1, ..Interval::default() },
            Protection::Threshold => Interval { upper: threshold - count, ..Interval::default() },
            Protection::Exact => Interval { sliding: 1, ..Interval::default() },
            Protection::Interval(all, some) => *some.get(&cell.index()).unwrap_or(all),
        }
    }

    fn weight(&self, cell: usize, count: i64, unit: i64) -> u64 {
        match &self.cost {
            Cost::Count => (count / unit).unsigned_abs().max(1),
            Cost::Cells => 1,
            Cost::Log => log_weight((count / unit).unsigned_abs()),
            Cost::Weights(weights) => weights[cell],
        }
    }
}

/// ⌊1000·ln(1 + count)⌋, at least 1, the same on every machine (`libm` is computed in software everywhere).
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts are at most 10^15, logarithms of them at most 35"
)]
fn log_weight(count: u64) -> u64 {
    ((1000.0 * libm::log1p(count as f64)) as u64).max(1)
}
