//! The kit for other crates: wide enough to find something, and assertions that fail when they should.

#![allow(clippy::unwrap_used, reason = "a test may panic and print")]

use std::collections::BTreeMap;
use std::panic::catch_unwind;

use caviardage::policy::{Policy, Zeros};
use caviardage::solver::Effort;
use caviardage::table::{Axis, Cube, Standing, Table};
use caviardage::testing::strategies::{Shape, Tables, one_shown, policies, suppressions, tables};
use caviardage::testing::{assert_kept, assert_minimal, assert_no_leak, needless, pattern_of, unkept};
use caviardage::{Pattern, Request, suppress};
use proptest::prelude::*;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

fn line(counts: [u32; 4]) -> Table {
    Cube::new([Axis::flat("lieu", ["a", "b", "c", "d"]).total("Total")]).counts(counts).build().unwrap()
}

/// Whoever narrows the generators will hear of it.
#[test]
fn the_spread_is_wide() {
    let mut runner = TestRunner::deterministic();
    let strategy = (tables(), policies());
    let (mut cells, mut counts, mut kinds) = (Vec::new(), Vec::new(), BTreeMap::new());
    for _ in 0..600 {
        let (table, policy) = strategy.new_tree(&mut runner).unwrap().current();
        cells.push(table.len());
        let leaves = table.cells().filter(|&c| table.is_displayed(c)).map(|c| table.count(c));
        counts.extend(leaves);
        let request = Request::new(&table).policy(policy).effort(Effort::default().work(5_000_000));
        let kind = match suppress(request) {
            Err(error) if error.is_unprotectable() => "impossible",
            Err(error) => panic!("{error}"),
            Ok(done) if done.trail.primaries() == 0 => "nothing to hide",
            Ok(done) if done.trail.complements() == 0 => "only the rule",
            Ok(done) if done.release.percentages().is_empty() => "complements",
            Ok(_) => "complements and percentages",
        };
        *kinds.entry(kind).or_insert(0) += 1;
    }
    let share = |of: &dyn Fn(i64) -> bool| 100 * counts.iter().filter(|c| of(**c)).count() / counts.len();
    assert!(cells.iter().min() < Some(&4) && cells.iter().max() > Some(&100), "{cells:?}");
    // Totals are among the counts, so that shares of small ones are lower than those that leaves are drawn with.
    let shares = (share(&|c| c == 0), share(&|c| (1..10).contains(&c)), share(&|c| c >= 1000));
    assert!((2..15).contains(&shares.0) && (8..35).contains(&shares.1) && (5..60).contains(&shares.2), "{shares:?}");
    assert!(kinds.len() >= 4 && kinds.values().all(|n| *n >= 10), "{kinds:?}");
}

/// What shrinks is still a table, and gets no larger.
#[test]
fn shrinking_keeps_tables_valid() {
    let mut runner = TestRunner::deterministic();
    for shape in caviardage::testing::strategies::SHAPES {
        let mut tree = Tables::new().shapes([shape]).sizes(2..=4).strategy().new_tree(&mut runner).unwrap();
        let first = tree.current();
        for _ in 0..300 {
            if !tree.simplify() {
                break;
            }
            let table = tree.current();
            assert!(table.len() <= first.len(), "{shape:?}");
            let policy = Policy::articles_53_54().zeros(Zeros::Publish);
            if let Ok(done) = suppress(Request::new(&table).policy(policy)) {
                done.trail.verify().unwrap();
            }
        }
        assert!(
            tree.current()
                .cells()
                .all(|c| tree.current().count(c) <= first.cells().map(|c| first.count(c)).max().unwrap())
        );
    }
}

#[test]
fn a_cell_hidden_without_need_is_named() {
    let table = line([3, 40, 25, 60]);
    let policy = Policy::articles_53_54();
    let done = suppress(&table).unwrap();
    let pattern = pattern_of(&done);
    assert_minimal(&table, &policy, &pattern);
    let d = table.find("d").unwrap();
    let more = Pattern::hiding(table.len(), pattern.hidden().chain([d]));
    // Either of the two protects the small one: each alone is too much.
    assert_eq!(needless(&table, &policy, &more).unwrap().len(), 2);
    let told = catch_unwind(|| assert_minimal(&table, &policy, &more)).unwrap_err();
    assert!(told.downcast_ref::<String>().unwrap().contains("hidden without need: c, d"), "{told:?}");
}

#[test]
fn a_promise_that_is_not_kept_is_told() {
    let table = line([3, 40, 25, 60]);
    let done = suppress(&table).unwrap();
    assert!(unkept(&table, &Policy::articles_53_54(), &done).unwrap().is_empty());
    // What protects 3 from being below ten does not protect 25 from being below thirty.
    let policy = Policy::articles_53_54().threshold(30);
    let told: Vec<String> = unkept(&table, &policy, &done).unwrap().iter().map(ToString::to_string).collect();
    assert!(told.iter().any(|t| t.starts_with("not verified: a: a reader cannot rule out")), "{told:?}");
    assert!(catch_unwind(|| assert_kept(&table, &policy, &done)).is_err());
}

#[test]
fn a_hidden_count_in_any_bytes_is_found() {
    let done = suppress(&line([3, 1_234_567, 2_345_678, 3_456_789])).unwrap();
    let hidden = done.trail.hidden().iter().map(|h| h.count).max().unwrap();
    assert_eq!(hidden, 1_234_567);
    assert_no_leak(&done, serde_json::to_string(&done.release).unwrap().as_bytes());
    assert_no_leak(&done, "a: x, b: x, c: 2 345 678, d: 3\u{202f}456\u{202f}789".as_bytes());
    let leak = |bytes: &[u8]| catch_unwind(|| assert_no_leak(&done, bytes)).is_err();
    for text in ["1234567", "b: 1 234 567", "<td>1\u{a0}234\u{a0}567</td>", "1,234,567.0", "total 3 hidden"] {
        assert!(leak(text.as_bytes()), "{text}");
    }
    // A trail where a release is expected; another release.
    assert!(leak(done.trail.to_json().as_bytes()));
    let other = suppress(&line([3, 1_234_567, 2_345_678, 9])).unwrap();
    assert!(leak(serde_json::to_string(&other.release).unwrap().as_bytes()));
}

proptest! {
    #![proptest_config(ProptestConfig { max_global_rejects: 100_000, ..ProptestConfig::default() })]

    #[test]
    fn what_is_made_keeps_every_promise(done in suppressions(tables(), policies())) {
        assert_kept(&done.table, &done.policy, &done.done);
        assert_minimal(&done.table, &done.policy, &pattern_of(&done.done));
    }

    #[test]
    fn one_cell_too_many_shown_breaks_the_promise(one in one_shown(tables(), policies())) {
        let standing = one.policy.assess(&one.table).unwrap().standing(one.shown);
        prop_assert!(matches!(standing, Standing::Primary | Standing::Open));
        prop_assert!(!caviardage::attack::judge(&one.table, &one.policy, &one.pattern).unwrap().fallen.is_empty());
    }

    #[test]
    fn sizes_and_shares_are_kept(table in Tables::new().shapes([Shape::Flat]).sizes(2..=3).small(0).zeros(0).largest(40).strategy()) {
        prop_assert!((9..=16).contains(&table.len()));
        prop_assert!(table.cells().all(|c| (10..=40 * 9).contains(&table.count(c))));
    }
}
