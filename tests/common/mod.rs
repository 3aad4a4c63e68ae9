//! A brute-force oracle for tiny tables, independent of every engine: it tries all whole numbers.

#![allow(dead_code, unreachable_pub, missing_docs, clippy::unwrap_used, reason = "each test file uses its own part")]

use caviardage::Pattern;
use caviardage::policy::{Policy, Primary, Protection, Zeros};
use caviardage::table::{CellId, Standing, Table};

/// No change larger than this is tried; far beyond the small thresholds that the tests use.
const FARTHEST: i64 = 40;

pub struct Oracle<'a> {
    table: &'a Table,
    policy: &'a Policy,
    rows: Vec<(Vec<(usize, i64)>, i64)>,
}

impl<'a> Oracle<'a> {
    pub fn new(table: &'a Table, policy: &'a Policy) -> Self {
        let rows = (0..table.relations())
            .map(|r| {
                let (terms, constant) = table.relation(r);
                (terms.into_iter().map(|(c, k)| (c.index(), k)).collect(), constant)
            })
            .collect();
        Oracle { table, policy, rows }
    }

    fn range(&self, cell: CellId, hidden: bool) -> (i64, i64) {
        let count = self.table.count(cell);
        if !hidden || self.table.is_structural_zero(cell) {
            return (count, count);
        }
        let positive = self.policy.treats_zeros() == Zeros::Publish && self.table.is_displayed(cell) && count > 0;
        (i64::from(positive), count + FARTHEST)
    }

    /// Narrows ranges until every relation allows both ends of each; false if one becomes empty.
    fn narrow(&self, ranges: &mut [(i64, i64)]) -> bool {
        loop {
            let mut changed = false;
            for (terms, constant) in &self.rows {
                let low = |k: i64, r: (i64, i64)| if k > 0 { k * r.0 } else { k * r.1 };
                let high = |k: i64, r: (i64, i64)| if k > 0 { k * r.1 } else { k * r.0 };
                let lows: i64 = terms.iter().map(|&(c, k)| low(k, ranges[c])).sum();
                let highs: i64 = terms.iter().map(|&(c, k)| high(k, ranges[c])).sum();
                for &(c, k) in terms {
                    // k·x between constant − others' highs and constant − others' lows.
                    let most = constant - (lows - low(k, ranges[c]));
                    let least = constant - (highs - high(k, ranges[c]));
                    let (a, b) = if k > 0 {
                        (ceil_div(least, k), most.div_euclid(k))
                    } else {
                        (ceil_div(-most, -k), (-least).div_euclid(-k))
                    };
                    let next = (ranges[c].0.max(a), ranges[c].1.min(b));
                    if next != ranges[c] {
                        if next.0 > next.1 {
                            return false;
                        }
                        ranges[c] = next;
                        changed = true;
                        break;
                    }
                }
            }
            if !changed {
                return true;
            }
        }
    }

    fn exists(&self, mut ranges: Vec<(i64, i64)>) -> bool {
        if !self.narrow(&mut ranges) {
            return false;
        }
        let Some(split) =
            (0..ranges.len()).filter(|&c| ranges[c].0 < ranges[c].1).min_by_key(|&c| ranges[c].1 - ranges[c].0)
        else {
            return true;
        };
        (ranges[split].0..=ranges[split].1).any(|value| {
            let mut next = ranges.clone();
            next[split] = (value, value);
            self.exists(next)
        })
    }

    /// Whether a table that the reader cannot rule out has this cell in the range.
    fn possible(&self, hidden: &[bool], cell: CellId, low: i64, high: i64) -> bool {
        let mut ranges: Vec<(i64, i64)> = self.table.cells().map(|c| self.range(c, hidden[c.index()])).collect();
        let own = &mut ranges[cell.index()];
        *own = (own.0.max(low), own.1.min(high));
        own.0 <= own.1 && self.exists(ranges)
    }

    pub fn is_protected(&self, hidden: &[bool], primary: &Primary) -> bool {
        let count = self.table.count(primary.cell);
        let cell = primary.cell;
        match self.policy.asked_protection() {
            Protection::Threshold => self.possible(hidden, cell, self.policy.threshold_count(), i64::MAX),
            Protection::Exact => {
                self.possible(hidden, cell, count + 1, i64::MAX) || self.possible(hidden, cell, 0, count - 1)
            }
            Protection::Interval(..) => {
                let asked = primary.asked;
                let up = asked.upper == 0 || self.possible(hidden, cell, count + asked.upper, i64::MAX);
                let down = asked.lower == 0 || self.possible(hidden, cell, i64::MIN, count - asked.lower);
                assert_eq!(asked.sliding, 0, "the oracle knows no widths");
                up && down
            }
        }
    }

    pub fn is_safe(&self, pattern: &Pattern) -> bool {
        let assessment = self.policy.assess(self.table).unwrap();
        let hidden: Vec<bool> = self.table.cells().map(|c| pattern.is_hidden(c)).collect();
        assessment.primaries().iter().all(|p| hidden[p.cell.index()] && self.is_protected(&hidden, p))
    }

    /// The least cost of any safe pattern, trying all; `None` if there is none.
    pub fn optimum(&self) -> Option<u64> {
        let assessment = self.policy.assess(self.table).ok()?;
        let open: Vec<CellId> = self.table.cells().filter(|&c| assessment.standing(c) == Standing::Open).collect();
        assert!(open.len() <= 14, "{} cells are open: too many to try", open.len());
        let hidden_anyway: Vec<bool> = self
            .table
            .cells()
            .map(|c| matches!(assessment.standing(c), Standing::Primary | Standing::Hidden))
            .collect();
        let declared: u64 = self
            .table
            .cells()
            .filter(|&c| assessment.standing(c) == Standing::Hidden)
            .map(|c| assessment.weight(c))
            .sum();
        let mut patterns: Vec<(u64, u32)> = (0_u32..1 << open.len())
            .map(|set| {
                let chosen = open.iter().enumerate().filter(|c| set >> c.0 & 1 == 1);
                (chosen.map(|c| assessment.weight(*c.1)).sum(), set)
            })
            .collect();
        patterns.sort_unstable();
        patterns.into_iter().find_map(|(cost, set)| {
            let mut hidden = hidden_anyway.clone();
            for (i, cell) in open.iter().enumerate() {
                hidden[cell.index()] |= set >> i & 1 == 1;
            }
            let safe = assessment.primaries().iter().all(|p| self.is_protected(&hidden, p));
            safe.then_some(cost + declared)
        })
    }

    pub fn open_cells(&self) -> usize {
        let Ok(assessment) = self.policy.assess(self.table) else { return 0 };
        self.table.cells().filter(|&c| assessment.standing(c) == Standing::Open).count()
    }
}

fn ceil_div(a: i64, b: i64) -> i64 {
    -(-a).div_euclid(b)
}
