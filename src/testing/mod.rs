//! A kit for other crates' property tests: assertions, and, with the feature `proptest`, [`strategies`].
//!
//! The assertions attack a release as its reader would, and panic with the cell, the bound and the derivation where it breaks
//! the policy's promise.
//!
//! ```
//! use caviardage::policy::Policy;
//! use caviardage::table::{Axis, Cube};
//! use caviardage::{suppress, testing};
//! let table = Cube::new([Axis::flat("région", ["Nord", "Sud", "Est"]).total("Total")]).counts([3, 40, 25]).build()?;
//! let done = suppress(&table)?;
//! testing::assert_protected(&done.release, &Policy::articles_53_54());
//! testing::assert_kept(&table, &Policy::articles_53_54(), &done);
//! testing::assert_minimal(&table, &Policy::articles_53_54(), &testing::pattern_of(&done));
//! testing::assert_no_leak(&done, serde_json::to_string(&done.release)?.as_bytes());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod leak;
#[cfg(feature = "proptest")]
pub mod strategies;

use std::collections::BTreeSet;
use std::fmt;

pub use leak::assert_no_leak;

use crate::attack::{Deduction, Interval, Knowledge, Published, deduce, judge};
use crate::error::{Error, Problem};
use crate::pattern::Pattern;
use crate::policy::{Percentages, Policy, Protection, Zeros};
use crate::release::Release;
use crate::suppress::Suppression;
use crate::table::{CellId, Standing, Table};
use crate::verify::verify;

/// How a release breaks its promise: a cell, what is known of it, and why.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Broken {
    /// A count below the threshold is shown.
    Shown {
        /// The cell.
        cell: String,
        /// Its count.
        count: String,
    },
    /// A hidden count is computed exactly.
    Computed {
        /// The cell.
        cell: String,
        /// Its count.
        count: String,
        /// Why, sum by sum.
        derivation: String,
    },
    /// A hidden count is proved to be below the threshold.
    Below {
        /// The cell.
        cell: String,
        /// What it is at most.
        at_most: String,
        /// Why, sum by sum.
        derivation: String,
    },
    /// It was beyond the work of a deduction to tell what a hidden count can be: not taken for protected.
    Undecided {
        /// The cell.
        cell: String,
    },
    /// The trail's witnesses, added up in whole numbers on the table, do not show that the promise is kept.
    Unverified {
        /// What is missing.
        problem: Problem,
    },
    /// Figures of the release contradict each other.
    Contradiction {
        /// How many contradictions there are.
        count: usize,
    },
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Broken::Shown { cell, count } => write!(f, "{cell} shows {count}, which is below the threshold"),
            Broken::Computed { cell, count, derivation } => {
                write!(f, "{cell} is hidden, but a reader computes that it is {count}:\n{derivation}")
            }
            Broken::Below { cell, at_most, derivation } => {
                write!(f, "{cell} is hidden, but a reader proves that it is at most {at_most}:\n{derivation}")
            }
            Broken::Undecided { cell } => {
                write!(f, "{cell} is hidden, and it was not found out whether a reader can prove it to be small")
            }
            Broken::Unverified { problem } => write!(f, "not verified: {problem}"),
            Broken::Contradiction { count } => write!(f, "figures of the release contradict each other, {count} times"),
        }
    }
}

/// All the ways in which a release breaks a policy's promise against a reader with this knowledge.
///
/// What the policy declares of single cells (levels by cell) is not in a release, so [`Protection::Interval`] is held to
/// what can be seen from outside: no hidden count is computed.
///
/// Where zeros are published, a figure that is not displayed may be known to be zero. Nobody outside can tell such a zero from
/// a small count when all that is known of it is that it is below the threshold: [`Broken::Below`] is told of both. Whoever has
/// the table asks [`unkept`].
///
/// # Errors
/// A release whose statements make no table, as one that was altered may be.
pub fn broken(release: &Release, policy: &Policy, knowledge: &Knowledge) -> Result<Vec<Broken>, Error> {
    let published = Published::new(&release.statements())?;
    let found = deduce(&published, knowledge);
    let known = found.published();
    let threshold = policy.threshold_count().saturating_mul(10_i64.pow(published.decimals()));
    let value = |figure: i64| known.value(figure).to_string();
    let mut broken = Vec::new();
    if !found.contradictions.is_empty() {
        broken.push(Broken::Contradiction { count: found.contradictions.len() });
    }
    let publish = policy.treats_zeros() == Zeros::Publish;
    for cell in (0..known.len()).filter(|&c| known.is_displayed(c) && !known.is_structural_zero(c)) {
        if let Some(count) = known.shown(cell).filter(|&v| v < threshold && !(publish && v == 0)) {
            broken.push(Broken::Shown { cell: known.key(cell).to_string(), count: value(count) });
        }
    }
    let promises_threshold = *policy.asked_protection() == Protection::Threshold;
    for interval in &found.intervals {
        let cell = known.key(interval.cell).to_string();
        let displayed = known.is_displayed(interval.cell);
        match (interval.lowest, interval.highest) {
            (Some(low), Some(high)) if low == high && displayed => {
                let derivation = derivation(&found, interval, true);
                broken.push(Broken::Computed { cell, count: value(low), derivation });
            }
            (_, Some(high)) if promises_threshold && high < threshold && !(publish && high == 0) => {
                let derivation = derivation(&found, interval, false);
                broken.push(Broken::Below { cell, at_most: value(high), derivation });
            }
            _ if displayed && !is_shown_possible(interval, promises_threshold.then_some(threshold)) => {
                broken.push(Broken::Undecided { cell })
            }
            _ => {}
        }
    }
    Ok(broken)
}

/// All the ways in which a suppression breaks its promise, told with the table at hand.
///
/// What [`broken`] cannot tell from the release alone is settled: a figure that is not displayed and is zero where zeros are
/// published breaks nothing; and beside percentages of hidden counts, where a reader's deduction may be beyond its work, the
/// trail's witnesses decide, which are added up on this table, with those percentages, without any engine.
///
/// # Errors
/// A policy that does not fit the table, or a release whose statements make no table.
pub fn unkept(table: &Table, policy: &Policy, done: &Suppression) -> Result<Vec<Broken>, Error> {
    let mut unkept = broken(&done.release, policy, &Knowledge::of(policy))?;
    let named = |c: CellId| table.key(c).to_string();
    let publish = policy.treats_zeros() == Zeros::Publish;
    let zeros = table.cells().filter(|&c| publish && !table.is_displayed(c) && table.count(c) == 0);
    let zeros: BTreeSet<String> = zeros.map(named).collect();
    let printed = policy.treats_percentages() != Percentages::Follow;
    unkept.retain(|one| match one {
        Broken::Below { cell, .. } => !zeros.contains(cell),
        Broken::Undecided { .. } => !printed,
        _ => true,
    });
    if let Err(error) = verify(table, policy, &pattern_of(done), done.trail.witnesses()) {
        unkept.extend(error.problems().iter().map(|problem| Broken::Unverified { problem: problem.clone() }));
    }
    Ok(unkept)
}

/// Panics unless a suppression keeps the policy's promise: [`assert_protected`] for whoever has the table, and so certain where
/// a reader of the release alone cannot be.
///
/// # Panics
/// With the cell and what is known of it, for every way in which the promise is broken.
#[expect(clippy::panic, reason = "an assertion panics")]
#[track_caller]
pub fn assert_kept(table: &Table, policy: &Policy, done: &Suppression) {
    match unkept(table, policy, done) {
        Ok(unkept) => {
            let told: Vec<String> = unkept.iter().map(ToString::to_string).collect();
            assert!(told.is_empty(), "the promise is not kept:\n{}", told.join("\n"));
        }
        Err(error) => panic!("{error}"),
    }
}

/// Whether possible tables were seen that leave the cell two values, and the threshold or more where that is promised. A
/// bound that no table reaches may hide a tighter one.
fn is_shown_possible(interval: &Interval, threshold: Option<i64>) -> bool {
    let (low, high) = (interval.seen.0, interval.seen.1);
    let two = matches!((low, high), (Some(low), Some(high)) if low < high) || (interval.reached == (true, true));
    let far =
        threshold.is_none_or(|t| high.is_some_and(|h| h >= t) || (interval.reached.1 && interval.highest.is_none()));
    two && far
}

fn derivation(found: &Deduction, interval: &Interval, both: bool) -> String {
    let ends = [interval.why.0.filter(|_| both), interval.why.1];
    ends.into_iter().flatten().map(|why| found.in_words(why)).collect::<Vec<_>>().join("\n")
}

/// Panics unless a release keeps the policy's promise against a reader of the release alone.
///
/// # Panics
/// With the cell, the bound and its derivation, for every way in which the promise is broken.
#[expect(clippy::panic, reason = "an assertion panics")]
#[track_caller]
pub fn assert_protected(release: &Release, policy: &Policy) {
    match broken(release, policy, &Knowledge::of(policy)) {
        Ok(broken) if broken.is_empty() => {}
        Ok(broken) => {
            let told: Vec<String> = broken.iter().map(ToString::to_string).collect();
            panic!("the release is not protected:\n{}", told.join("\n"));
        }
        Err(error) => panic!("the release makes no table: {error}"),
    }
}

/// Panics unless every hidden count of a release keeps at least two possible values: the bare letter of the law.
///
/// # Panics
/// With the cell, its count and the derivation.
#[track_caller]
pub fn assert_not_computed(release: &Release, knowledge: &Knowledge) {
    let policy = Policy::articles_53_54().threshold(0).protection(Protection::Exact);
    match broken(release, &policy, knowledge) {
        Ok(broken) => {
            let told: Vec<String> = broken.iter().map(ToString::to_string).collect();
            assert!(told.is_empty(), "hidden counts can be computed:\n{}", told.join("\n"));
        }
        Err(error) => assert!(error.problems().is_empty(), "the release makes no table: {error}"),
    }
}

/// The pattern of a suppression.
pub fn pattern_of(done: &Suppression) -> Pattern {
    done.trail.pattern()
}

/// Cells that a pattern hides without need: shown alone, all else equal, every promise would still hold.
///
/// The pattern may come from any program. Cost: an attack for each cell that it hides by choice.
///
/// # Errors
/// A policy that does not fit the table.
pub fn needless(table: &Table, policy: &Policy, pattern: &Pattern) -> Result<Vec<CellId>, Error> {
    let assessment = policy.assess(table)?;
    let mut needless = Vec::new();
    for cell in pattern.hidden().filter(|&c| assessment.standing(c) == Standing::Open) {
        let fewer = Pattern::hiding(table.len(), pattern.hidden().filter(|&c| c != cell));
        if judge(table, policy, &fewer)?.fallen.is_empty() {
            needless.push(cell);
        }
    }
    Ok(needless)
}

/// Panics if a pattern hides a cell without need: article 14 asks that only what may not be given is withheld.
///
/// # Panics
/// With every such cell.
#[expect(clippy::panic, reason = "an assertion panics")]
#[track_caller]
pub fn assert_minimal(table: &Table, policy: &Policy, pattern: &Pattern) {
    match needless(table, policy, pattern) {
        Ok(cells) => {
            let named: Vec<String> = cells.iter().map(|c| table.key(*c).to_string()).collect();
            assert!(named.is_empty(), "hidden without need: {}", named.join(", "));
        }
        Err(error) => panic!("the policy does not fit the table: {error}"),
    }
}
