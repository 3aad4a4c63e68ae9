//! Figures that contradict each other: where, by how much, and what explains it simply.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::deduce::intervals_without;
use super::{Item, Knowledge, Printed, Published};

/// Contradictions for which the consequences of the figure left aside are worked out.
const FOLLOWED: usize = 5;

/// A contradiction as it was met: statements that cannot all hold, and those that were left aside for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) statements: BTreeSet<usize>,
    pub(super) aside: BTreeSet<usize>,
}

/// What contradicts what.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Dispute {
    /// A printed percentage, rate or mean that its count and base do not give.
    Printed {
        /// The figure.
        printed: Printed,
        /// Its count, where it is shown.
        count: Option<i64>,
        /// Its base, where it is shown.
        base: Option<i64>,
        /// The counts that it would mean, where the base is shown.
        means: Option<(i64, i64)>,
    },
    /// A total that is not the sum of its parts.
    Sum {
        /// The statement, by number.
        statement: usize,
        /// The total as printed, where all figures are shown.
        given: Option<i64>,
        /// The sum of its parts.
        computed: Option<i64>,
    },
    /// One figure printed twice, differently.
    Same {
        /// The two cells' names and figures.
        first: (crate::table::Key, i64),
        /// The other.
        second: (crate::table::Key, i64),
    },
    /// Another statement that does not agree with the rest.
    Statement {
        /// The statement, by number.
        statement: usize,
    },
}

/// A simple explanation that fits. It is offered, not proved.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Explanation {
    /// The percentage was computed before rows were folded into this one (`true`) or taken out of it.
    Regrouped {
        /// Whether rows were added after the percentage was computed.
        added: bool,
        /// How many persons at least.
        least: i64,
        /// How many at most.
        most: i64,
    },
    /// The total counts rows that the table does not list.
    TotalIncludes {
        /// How many persons they hold.
        persons: i64,
    },
    /// One digit off, two digits exchanged, or the decimal mark misplaced.
    Slip {
        /// The figure as printed.
        printed: Decimal,
        /// What it may have been meant to be.
        meant: Decimal,
        /// The cell whose count it is; none for the percentage itself.
        cell: Option<usize>,
    },
    /// The percentage was computed on the base before it was rounded.
    RoundedBase {
        /// The least base that fits.
        least: i64,
        /// The largest.
        most: i64,
    },
}

/// What the figure that was left aside would imply: these cells together would hold between the two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Implied {
    /// Hidden cells, by number.
    pub cells: Vec<usize>,
    /// The lowest they would hold together.
    pub lowest: Option<i64>,
    /// The highest.
    pub highest: Option<i64>,
}

/// Figures that contradict each other.
#[derive(Debug, Clone, PartialEq)]
pub struct Contradiction {
    /// What contradicts what.
    pub dispute: Dispute,
    /// Statements that cannot all hold, by number.
    pub statements: Vec<usize>,
    /// Those that the deduction then left aside.
    pub aside: Vec<usize>,
    /// Simple explanations that fit, the likeliest first.
    pub explanations: Vec<Explanation>,
    /// What the figure that was left aside would imply, if the count that it disputes were the wrong one.
    pub implied: Vec<Implied>,
}

pub(super) fn explain(published: &Published, knowledge: &Knowledge, found: &[Found]) -> Vec<Contradiction> {
    let mut all: Vec<Contradiction> = Vec::new();
    for (first, second, x, y) in &published.clashes {
        all.push(Contradiction {
            dispute: Dispute::Same { first: (first.clone(), *x), second: (second.clone(), *y) },
            statements: Vec::new(),
            aside: Vec::new(),
            explanations: slip(Decimal::from(*x), Decimal::from(*y))
                .then(|| Explanation::Slip {
                    printed: published.value(*x),
                    meant: published.value(*y),
                    cell: published.find(first.clone()),
                })
                .into_iter()
                .collect(),
            implied: Vec::new(),
        });
    }
    let mut followed = 0;
    for one in found {
        let Some(&least) = one.aside.first() else { continue };
        let statement = &published.statements[least];
        let mut contradiction = Contradiction {
            dispute: Dispute::Statement { statement: least },
            statements: one.statements.iter().copied().collect(),
            aside: one.aside.iter().copied().collect(),
            explanations: Vec::new(),
            implied: Vec::new(),
        };
        if let Some(printed) = &statement.printed {
            let (count, base) = (published.shown(printed.cell), published.shown(printed.base));
            let means = base.and_then(|base| meant(printed, base));
            contradiction.dispute = Dispute::Printed { printed: printed.clone(), count, base, means };
            if let (Some(count), Some(base), Some(means)) = (count, base, means) {
                contradiction.explanations = of_printed(published, printed, count, base, means);
                let others = together(published, printed.cell);
                if !others.is_empty() && followed < FOLLOWED {
                    followed += 1;
                    let aside: BTreeSet<usize> =
                        found.iter().filter(|f| *f != one).flat_map(|f| f.aside.iter().copied()).collect();
                    let known = published.forgetting(printed.cell);
                    contradiction.implied = intervals_without(&known, knowledge, aside, &others)
                        .into_iter()
                        .zip(others)
                        .map(|((lowest, highest), cells)| Implied { cells, lowest, highest })
                        .collect();
                }
            }
        } else if statement.item == Item::Totals {
            let sum = of_sum(published, least);
            let (given, computed) = sum.map_or((None, None), |(given, computed)| (Some(given), Some(computed)));
            contradiction.dispute = Dispute::Sum { statement: least, given, computed };
            if let Some((given, computed)) = sum {
                contradiction.explanations = of_total(published, least, given, computed);
            }
        }
        all.push(contradiction);
    }
    all
}

/// The counts that a printed figure means of a base.
pub(super) fn meant(printed: &Printed, base: i64) -> Option<(i64, i64)> {
    let rows = crate::relations::inequalities(printed.per, printed.value)?;
    let base = i128::from(base);
    // cell·x + base·b ≥ 0: from below with a positive coefficient, from above with a negative one.
    let low = -(i128::from(rows[0].base) * base).div_euclid(i128::from(rows[0].cell));
    let high = (i128::from(rows[1].base) * base).div_euclid(-i128::from(rows[1].cell));
    Some((i64::try_from(low).ok()?.max(0), i64::try_from(high).ok()?))
}

/// For each sum with a shown total that this cell is a part of: its hidden parts.
fn together(published: &Published, cell: usize) -> Vec<Vec<usize>> {
    let mut found = Vec::new();
    for statement in published.statements.iter().filter(|s| s.item == Item::Totals) {
        let own = statement.terms.iter().find(|t| t.0 == cell);
        let hidden: Vec<(usize, i64)> =
            statement.terms.iter().copied().filter(|t| published.cells[t.0].shown.is_none()).collect();
        let alike = own.is_some_and(|own| hidden.iter().all(|t| t.1 == own.1));
        let cells: Vec<usize> = hidden.into_iter().map(|t| t.0).collect();
        if alike && !cells.is_empty() && !found.contains(&cells) {
            found.push(cells);
        }
    }
    found
}

/// A total and the sum of its parts, where all are shown. The total is the term whose sign differs from all others, or the
/// right side.
fn of_sum(published: &Published, statement: usize) -> Option<(i64, i64)> {
    let statement = &published.statements[statement];
    let values: Option<Vec<(i64, i64)>> =
        statement.terms.iter().map(|&(c, k)| Some((k, published.shown(c)?))).collect();
    let values = values?;
    let sum: i64 = values.iter().try_fold(0_i64, |sum, &(k, v)| sum.checked_add(k.checked_mul(v)?))?;
    let total = values.iter().find(|t| t.0 == -1).filter(|_| values.iter().filter(|t| t.0 < 0).count() == 1);
    match total {
        Some(&(_, total)) if statement.low == Some(0) => Some((total, sum.checked_add(total)?)),
        _ => Some((statement.low?, sum)),
    }
}

fn of_total(published: &Published, statement: usize, given: i64, computed: i64) -> Vec<Explanation> {
    let mut fitting = Vec::new();
    let gap = given - computed;
    if gap > 0 {
        fitting.push(Explanation::TotalIncludes { persons: gap });
    }
    let mut slips = Vec::new();
    for &(cell, k) in &published.statements[statement].terms {
        let Some(value) = published.shown(cell) else { continue };
        let meant = if k < 0 { value - gap } else { value + gap };
        if k.abs() == 1 && meant >= 0 && slip(Decimal::from(value), Decimal::from(meant)) {
            let (printed, meant) = (published.value(value), published.value(meant));
            slips.push(Explanation::Slip { printed, meant, cell: Some(cell) });
        }
    }
    // Where many figures could have slipped, none is an explanation.
    if slips.len() <= 2 {
        fitting.extend(slips);
    }
    fitting
}

fn of_printed(published: &Published, printed: &Printed, count: i64, base: i64, means: (i64, i64)) -> Vec<Explanation> {
    let mut fitting = Vec::new();
    let per = i128::from(printed.per);
    let unit = 10_i128.pow(printed.value.scale());
    if base > 0 {
        let rounded = (2 * per * i128::from(count) * unit + i128::from(base)).div_euclid(2 * i128::from(base));
        if let Ok(right) = Decimal::try_from_i128_with_scale(rounded, printed.value.scale())
            && slip(printed.value, right)
        {
            fitting.push(Explanation::Slip { printed: printed.value, meant: right, cell: None });
        }
    }
    // A base that was rounded for print: the percentage fits one that rounds to it.
    let value = printed.value.mantissa();
    let round = [1000, 100, 50, 10, 5].into_iter().find(|u| base % u == 0 && base > 10 * u);
    if let Some(round) = round
        && value > 0
    {
        let (twice, count) = (2 * per * unit, i128::from(count));
        let low = (twice * count + 2 * value).div_euclid(2 * value + 1);
        let high = (twice * count).div_euclid(2 * value - 1);
        let (low, high) = (low.max(i128::from(base - round / 2)), high.min(i128::from(base + round / 2)));
        if let (Ok(least), Ok(most)) = (i64::try_from(low), i64::try_from(high))
            && least <= most
        {
            // A base that ends in zeros was rounded sooner than a figure was mistyped.
            let at = if round >= 100 { 0 } else { fitting.len() };
            fitting.insert(at, Explanation::RoundedBase { least, most });
        }
    }
    let key = published.key(printed.cell).to_string().to_lowercase();
    let residual = ["autre", "other", "reste", "divers", "remain"].iter().any(|w| key.contains(w));
    if residual || !together(published, printed.cell).is_empty() {
        let (low, high) = means;
        fitting.push(if count > high {
            Explanation::Regrouped { added: true, least: count - high, most: count - low }
        } else {
            Explanation::Regrouped { added: false, least: low - count, most: high - count }
        });
    }
    fitting
}

/// Whether two figures differ by one digit, by two neighbouring digits exchanged, or by the place of the decimal mark.
fn slip(first: Decimal, second: Decimal) -> bool {
    if first == second {
        return false;
    }
    let scale = first.scale().max(second.scale());
    let digits = |d: Decimal| {
        let mut d = d;
        d.rescale(scale);
        d.mantissa().unsigned_abs().to_string().into_bytes()
    };
    let (a, b) = (digits(first), digits(second));
    let trimmed = |d: &[u8]| d.iter().rev().skip_while(|c| **c == b'0').copied().collect::<Vec<u8>>();
    if a.len() != b.len() {
        // The decimal mark: the same digits, ten times as much.
        return a.len().abs_diff(b.len()) == 1 && trimmed(&a) == trimmed(&b) && scale > 0;
    }
    let differ: Vec<usize> = (0..a.len()).filter(|&i| a[i] != b[i]).collect();
    match differ[..] {
        // A one-digit figure differs by one digit from any other: that explains nothing.
        [_] => a.len() > 1,
        [i, j] => j == i + 1 && a[i] == b[j] && a[j] == b[i],
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips() {
        let d = |text: &str| text.parse::<Decimal>().unwrap();
        assert!(slip(d("123"), d("132")) && slip(d("123"), d("193")) && slip(d("12.0"), d("1.2")));
        assert!(!slip(d("8.5"), d("12.0")) && !slip(d("613"), d("434")) && !slip(d("3"), d("4")));
    }
}
