//! What stands beside the counts: percentages and rates, and facts that every reader knows.

use rust_decimal::Decimal;

use super::{Work, fitted};
use crate::error::Problem;
use crate::table::builder::TableBuilder;
use crate::table::{CellId, Fact, Percentage};

impl Work {
    pub(super) fn percentages(&mut self, input: &TableBuilder) -> Vec<Percentage> {
        let mut percentages = Vec::new();
        for one in &input.percentages {
            if one.decimals.max(one.given.map_or(0, |g| g.scale())) > 12 {
                let reason = format!("{}: a percentage has at most 12 decimals", one.cell).into();
                self.problems.push(Problem::File { reason });
                continue;
            }
            let (Some(cell), Some(base)) = (self.resolve(&one.cell), self.resolve(&one.base)) else { continue };
            let (count, of) = (i128::from(self.cells[cell].count), i128::from(self.cells[base].count));
            let per = i128::from(one.per);
            let decimals = one.given.map_or(0, |g| g.scale()).max(one.decimals);
            let unit = 10_i128.pow(decimals);
            let value = match one.given {
                None if self.lenient => continue,
                Some(given) if self.lenient => given,
                None if of == 0 => Decimal::ZERO,
                None => fitted((2 * per * count * unit + of) / (2 * of), decimals),
                Some(given) => {
                    // Within half a unit of the last decimal, either way of rounding a tie.
                    let printed = given.mantissa().saturating_mul(10_i128.pow(decimals - given.scale()));
                    let gap = (per * count * unit).checked_sub(printed.saturating_mul(of)).unwrap_or(i128::MAX);
                    if gap.unsigned_abs().saturating_mul(2) > of.unsigned_abs() {
                        let more = (100 * per * count * unit).checked_div(of).unwrap_or(0);
                        self.problems.push(Problem::DerivedDiffers {
                            cell: one.cell.to_string(),
                            given,
                            computed: fitted(more, decimals + 2),
                            count: self.wide(count),
                            base: self.wide(of),
                        });
                    }
                    given
                }
            };
            percentages.push(Percentage { cell: CellId(cell), base: CellId(base), per: one.per, decimals, value });
        }
        percentages
    }

    pub(super) fn facts(&mut self, input: &TableBuilder) -> Vec<Fact> {
        let mut facts = Vec::new();
        for one in &input.facts {
            let before = self.problems.len();
            // Those of a percentage's inequalities are large.
            let terms = self.terms(&one.name, &one.terms, 1 << 40);
            let low = one.at_least.and_then(|d| self.scaled_signed(&one.name, d));
            let high = one.at_most.and_then(|d| self.scaled_signed(&one.name, d));
            let Some(terms) = terms.filter(|_| self.problems.len() == before) else { continue };
            let fact = Fact { name: one.name.clone(), kind: one.kind, terms, low, high };
            let known = fact.terms.iter().all(|t| self.known_count[t.0]);
            let room = fact.room(|c| self.cells[c].count);
            if !self.lenient && known && (room.0.is_some_and(|r| r < 0) || room.1.is_some_and(|r| r < 0)) {
                let sum = i128::from(low.unwrap_or(0)) + room.0.unwrap_or(0);
                let sum = if low.is_some() { sum } else { i128::from(high.unwrap_or(0)) - room.1.unwrap_or(0) };
                self.problems.push(Problem::OutsideKnown {
                    cell: one.name.clone(),
                    count: self.wide(sum),
                    lowest: low.map(|v| self.decimal(v)),
                    highest: high.map(|v| self.decimal(v)),
                });
            }
            facts.push(fact);
        }
        facts
    }
}
