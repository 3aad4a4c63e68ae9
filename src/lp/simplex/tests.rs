//! The engine against its own proofs, and against another engine's optima.

use super::*;
use crate::lp::{Status, scatter};

struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 += 1;
        scatter(self.0, 77)
    }

    fn below(&mut self, most: f64) -> f64 {
        (self.next() * most).floor()
    }
}

/// Columns between 0 and a small bound, rows with small coefficients and ranges that often bind.
fn program(random: &mut Random) -> Simplex {
    let columns = 3 + usize::try_from(random.0 % 9).unwrap();
    let rows = 2 + usize::try_from(random.0 % 7).unwrap();
    let mut lp = Simplex::new((0..columns).map(|_| (random.below(9.0) - 4.0, -random.below(3.0), random.below(6.0))));
    for _ in 0..rows {
        let terms: Vec<(usize, f64)> =
            (0..columns).map(|c| (c, random.below(5.0) - 2.0)).filter(|t| t.1 != 0.0).collect();
        let low = random.below(8.0) - 4.0;
        let high = if random.next() < 0.3 { low } else { low + random.below(6.0) };
        lp.add_row(&terms, low, high);
    }
    lp
}

/// Sparse programs of up to sixty columns, some without a bound or two, with many ties.
pub(in crate::lp) fn mixed(number: u64) -> Simplex {
    let mut random = Random(number * 1_000_000);
    let columns = 2 + usize::try_from(number % 59).unwrap();
    let rows = usize::try_from(number % 41).unwrap();
    let end = |random: &mut Random, chance: f64, at: f64| if random.next() < chance { f64::INFINITY } else { at };
    let mut lp = Simplex::new((0..columns).map(|_| {
        let (low, high) = (random.below(4.0), random.below(12.0));
        (random.below(7.0) - 3.0, -end(&mut random, 0.05, low), end(&mut random, 0.1, high))
    }));
    for _ in 0..rows {
        let mut terms = Vec::new();
        for column in 0..columns {
            if random.next() < 0.25 {
                terms.push((column, if random.next() < 0.8 { 1.0 } else { random.below(6.0) - 3.5 }));
            }
        }
        let at = random.below(9.0) - 4.0;
        let low = -end(&mut random, 0.3, -at);
        let wide = if random.next() < 0.3 { 0.0 } else { 5.0 };
        lp.add_row(&terms, low, end(&mut random, 0.3, at + wide));
    }
    lp
}

pub(in crate::lp) const MIXED: u64 = 4000;

/// What another engine found of each of them: an optimum, or a word.
pub(in crate::lp) fn optima() -> impl Iterator<Item = &'static str> {
    include_str!("../../../tests/data/lp/optima.txt").lines().filter(|l| !l.starts_with('#'))
}

#[cfg(feature = "highs")]
impl Simplex {
    /// Columns as `(cost, lower, upper)`, and rows with their bounds.
    #[expect(clippy::type_complexity, reason = "what a program is made of")]
    pub(in crate::lp) fn parts(&self) -> (Vec<(f64, f64, f64)>, Vec<(&[(usize, f64)], (f64, f64))>) {
        let columns = self.columns.len();
        let column = |c: usize| (self.cost[c], self.bounds[c].0, self.bounds[c].1);
        let rows = self.rows.iter().enumerate().map(|(r, terms)| (terms.as_slice(), self.bounds[columns + r]));
        ((0..columns).map(column).collect(), rows.collect())
    }
}

#[test]
fn rows_that_do_not_bind_may_go() {
    let mut gone = 0;
    for number in 0..500 {
        let mut lp = mixed(number);
        if lp.dual(10_000) != Status::Optimal {
            continue;
        }
        let cost = |lp: &Simplex| (0..lp.columns.len()).map(|c| lp.cost[c] * lp.value(c)).sum::<f64>();
        let (before, steps) = (cost(&lp), lp.iterations);
        let rows: Vec<Vec<(usize, f64)>> = lp.rows.clone();
        let idle: Vec<bool> = lp.multipliers().iter().map(|m| m.abs() <= 1e-9).collect();
        let went = lp.drop_rows(|row| idle[row] && row % 3 != 0);
        let kept = rows.iter().zip(&went).filter(|r| !r.1).map(|r| r.0);
        assert!(kept.eq(&lp.rows), "program {number}");
        gone += went.iter().filter(|w| **w).count();
        assert_eq!(lp.dual(10_000), Status::Optimal, "program {number}");
        assert_eq!(lp.iterations, steps, "program {number}: still optimal");
        assert!((cost(&lp) - before).abs() < 1e-6 * (1.0 + before.abs()), "program {number}");
        // Rows that come back bind nothing either.
        for (row, terms) in rows.iter().enumerate().filter(|r| went[r.0]) {
            let (low, high) = mixed(number).bounds[lp.columns.len() + row];
            lp.add_row(terms, low, high);
        }
        assert_eq!(lp.dual(10_000), Status::Optimal, "program {number}");
        assert!((cost(&lp) - before).abs() < 1e-6 * (1.0 + before.abs()), "program {number}");
    }
    assert!(gone > 500, "{gone}");
}

/// With `WRITE_PROGRAMS=FILE` the programs are written for another engine to solve: see `tests/data/lp/solve.py`.
#[test]
fn optima_are_those_of_another_engine() {
    if let Some(file) = std::env::var_os("WRITE_PROGRAMS") {
        let line = |lp: Simplex| format!("{} {:?} {:?} {:?}\n", lp.columns.len(), lp.cost, lp.bounds, lp.rows);
        std::fs::write(file, (0..MIXED).map(|n| line(mixed(n))).collect::<String>()).unwrap();
    }
    let mut counts = [0_u64; 3];
    for (number, optimum) in (0..MIXED).zip(optima()) {
        let mut lp = mixed(number);
        let status = lp.dual(100_000);
        match optimum {
            "infeasible" => assert_eq!(status, Status::Infeasible, "{number}"),
            "unbounded" => assert_eq!(status, Status::Unbounded, "{number}"),
            optimum => {
                let optimum: f64 = optimum.parse().unwrap();
                assert_eq!(status, Status::Optimal, "{number}");
                assert!(is_feasible(&lp), "{number}");
                assert!((objective(&lp) - optimum).abs() < 1e-6 * (1.0 + optimum.abs()), "{number} {optimum}");
            }
        }
        counts[["infeasible", "unbounded"].iter().position(|s| *s == optimum).unwrap_or(2)] += 1;
    }
    assert!(counts.iter().all(|&c| c > 100) && counts.iter().sum::<u64>() == MIXED, "{counts:?}");
}

/// The least of `cost·x` that the multipliers prove, with `cost` zero for a proof that nothing is feasible.
fn proved(lp: &Simplex, with_cost: bool) -> f64 {
    let y = lp.multipliers();
    let ends = |k: f64, (low, high): (f64, f64)| if k > 0.0 { k * low } else { k * high };
    let columns: f64 = (0..lp.columns.len())
        .map(|c| {
            let sum: f64 = lp.columns[c].iter().map(|&(r, a)| a * y[r]).sum();
            ends(if with_cost { lp.cost[c] } else { 0.0 } - sum, lp.bounds[c])
        })
        .sum();
    columns + (0..lp.rows.len()).map(|r| ends(y[r], lp.bounds[lp.columns.len() + r])).sum::<f64>()
}

fn objective(lp: &Simplex) -> f64 {
    lp.cost.iter().zip(&lp.value).map(|(c, x)| c * x).sum()
}

fn is_feasible(lp: &Simplex) -> bool {
    let inside = |v: f64, (low, high): (f64, f64)| v > low - 1e-6 && v < high + 1e-6;
    let columns = lp.value.iter().zip(&lp.bounds).all(|(&v, &b)| inside(v, b));
    columns
        && (0..lp.rows.len()).all(|r| {
            let sum: f64 = lp.rows[r].iter().map(|&(c, a)| a * lp.value[c]).sum();
            inside(sum, lp.bounds[lp.columns.len() + r])
        })
}

#[test]
fn every_answer_comes_with_its_proof() {
    let mut random = Random(0);
    let (mut optimal, mut infeasible) = (0, 0);
    for _ in 0..3000 {
        let mut lp = program(&mut random);
        match lp.dual(10_000) {
            Status::Optimal => {
                optimal += 1;
                assert!(is_feasible(&lp));
                assert!((objective(&lp) - proved(&lp, true)).abs() < 1e-6);
                // Warm: other costs from here by the primal, then a bound moved and back to the dual.
                let costs: Vec<f64> = (0..lp.columns.len()).map(|_| random.below(9.0) - 4.0).collect();
                costs.iter().enumerate().for_each(|(c, &cost)| lp.set_cost(c, cost));
                assert_eq!(lp.primal(10_000), Status::Optimal);
                assert!(is_feasible(&lp));
                assert!((objective(&lp) - proved(&lp, true)).abs() < 1e-6);
                lp.set_bounds(0, 0.0, 1.0);
                match lp.dual(10_000) {
                    Status::Optimal => assert!((objective(&lp) - proved(&lp, true)).abs() < 1e-6),
                    status => assert_eq!(status, Status::Infeasible),
                }
            }
            status => {
                assert_eq!(status, Status::Infeasible);
                infeasible += 1;
                assert!(proved(&lp, false) > 1e-7);
            }
        }
    }
    assert!(optimal > 500 && infeasible > 500, "{optimal} {infeasible}");
}
