//! Tables that searches trip over. What comes out is judged by the attack, and its trail is checked.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test may panic and print")]

use std::ops::ControlFlow;

use caviardage::policy::{Cost, Policy, Zeros};
use caviardage::solver::{Effort, Limit, Outcome, Progress, Stage};
use caviardage::table::{Axis, Cube, Standing, Table, TableBuilder};
use caviardage::{Pattern, Request, Suppression, attack, suppress, testing};

fn axis(name: &str, size: usize) -> Axis {
    Axis::flat(name, (0..size).map(|i| format!("{name}{i}"))).total("Total")
}

fn published() -> Policy {
    Policy::articles_53_54().zeros(Zeros::Publish)
}

/// Always the same numbers below `most`.
fn numbers(count: usize, most: u64) -> Vec<u32> {
    let mut state = 7_u64;
    let next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((state >> 33) % most).unwrap()
    };
    std::iter::repeat_with(next).take(count).collect()
}

/// Every stage in turn: safe, bounded, proved, and no dearer than the one before.
fn all_stages(table: &Table, policy: &Policy, work: u64) -> Suppression {
    let mut before: Option<Suppression> = None;
    for stage in [Stage::Construct, Stage::Improve, Stage::Prove] {
        let effort = Effort::default().stage(stage).work(work);
        let done = suppress(Request::new(table).policy(policy.clone()).effort(effort)).unwrap();
        let hidden: Vec<_> = {
            let all: Vec<_> = table.cells().collect();
            done.trail.hidden().iter().map(|h| all[h.cell]).collect()
        };
        let findings = attack::judge(table, policy, &Pattern::hiding(table.len(), hidden)).unwrap();
        assert!(findings.fallen.is_empty(), "{:?}", findings.fallen);
        let checked = done.trail.verify().unwrap();
        assert!(checked.proved_bound.is_some_and(|b| b <= done.trail.cost()));
        assert!(done.trail.lower_bound() <= done.trail.cost());
        if let Some(before) = before {
            assert!(done.trail.cost() <= before.trail.cost(), "{stage:?}");
            assert!(done.trail.lower_bound() >= before.trail.lower_bound().min(done.trail.cost()), "{stage:?}");
        }
        before = Some(done);
    }
    before.unwrap()
}

/// The work that a trail tells.
fn work(done: &Suppression) -> u64 {
    let trail: serde_json::Value = serde_json::from_str(&done.trail.to_json()).unwrap();
    trail["work"].as_u64().unwrap()
}

#[test]
fn a_search_stopped_while_it_constructs_ends_soon_and_safe() {
    let counts = numbers(1296, 60);
    let cube = Cube::new([axis("a", 6), axis("b", 6), axis("c", 6), axis("d", 6)]).counts(counts);
    let table = cube.build().unwrap();
    let whole = suppress(Request::new(&table).policy(published()).effort(Effort::construct())).unwrap();
    let told = std::cell::Cell::new(0);
    let watcher = |_: &Progress| {
        told.set(told.get() + 1);
        ControlFlow::Break(())
    };
    let stopped = suppress(Request::new(&table).policy(published()).watch(&watcher)).unwrap();
    assert_eq!(told.get(), 1);
    assert_eq!(stopped.trail.outcome(), Outcome::Stopped { limit: Limit::Watcher });
    assert!(work(&stopped) < work(&whole) / 4, "{} {}", work(&stopped), work(&whole));
    stopped.trail.verify().unwrap();
    testing::assert_kept(&table, &published(), &stopped);
}

#[test]
fn all_inner_cells_are_primary() {
    let counts = numbers(36, 9).into_iter().map(|n| n + 1);
    let table = Cube::new([axis("r", 6), axis("c", 6)]).counts(counts).build().unwrap();
    assert_eq!(all_stages(&table, &published(), 100_000_000).trail.outcome(), Outcome::Optimal);
}

#[test]
fn every_cell_is_primary_with_its_totals() {
    let table = Cube::new([axis("r", 2), axis("c", 2)]).counts([1, 1, 1, 2]).build().unwrap();
    let done = all_stages(&table, &published(), 100_000_000);
    assert_eq!((done.trail.primaries(), done.trail.complements()), (9, 0));
}

#[test]
fn one_primary_in_a_corner_of_a_large_table() {
    let mut counts: Vec<u32> = numbers(200 * 200, 900).into_iter().map(|n| n + 10).collect();
    counts[0] = 3;
    let table = Cube::new([axis("r", 200), axis("c", 200)]).counts(counts).build().unwrap();
    let done = all_stages(&table, &published(), 2_000_000_000);
    // Five cheap cells cost less than the three of a rectangle may.
    assert_eq!(done.trail.outcome(), Outcome::Optimal);
    assert!(done.trail.complements() >= 3);
}

#[test]
fn a_total_is_the_only_possible_complement() {
    let cube = Cube::new([axis("r", 5)]).named("t").counts([4, 50, 60, 70, 80]);
    let shown = |b: TableBuilder, i: usize| b.standing(("t", [format!("r{i}")]), Standing::Shown);
    let table = (1..5).fold(Table::builder().cube(cube), shown).build().unwrap();
    let done = all_stages(&table, &published(), 100_000_000);
    assert_eq!((done.trail.complements(), done.trail.cost()), (1, 264));
}

#[test]
fn everything_around_a_primary_is_forced_shown() {
    let cube = Cube::new([axis("r", 3), axis("c", 3)]).named("t").counts([4, 50, 60, 70, 80, 90, 11, 12, 13]);
    let keys = ["c1", "c2", "Total"].map(|c| ("t", ["r0", c]));
    let shown = keys.into_iter().fold(Table::builder().cube(cube), |b, key| b.standing(key, Standing::Shown));
    let error = suppress(Request::new(&shown.build().unwrap()).policy(published())).unwrap_err();
    assert!(error.is_unprotectable(), "{error}");
    assert!(error.to_string().contains("r0"), "{error}");
}

#[test]
fn equal_costs_everywhere() {
    let counts = (0..100).map(|i| if i % 17 == 3 { 4 } else { 40 });
    let table = Cube::new([axis("r", 10), axis("c", 10)]).counts(counts).build().unwrap();
    for cost in [Cost::Count, Cost::Cells] {
        let done = all_stages(&table, &published().cost(cost), 3_000_000_000);
        assert_eq!(done.trail.outcome(), Outcome::Optimal);
    }
    let cube = Cube::new([axis("x", 4), axis("y", 4), axis("z", 4)]);
    let table = cube.counts((0..64).map(|i| if i % 13 == 3 { 4 } else { 40 })).build().unwrap();
    all_stages(&table, &published().cost(Cost::Cells), 300_000_000);
}

#[test]
fn a_thousand_disjoint_tables_in_one() {
    let mut builder = Table::builder();
    for block in 0..1000_u32 {
        let counts = [3 + block % 5, 20 + block % 7, 30 + block % 11, 40 + block % 3];
        builder = builder.cube(Cube::new([axis("r", 2), axis("c", 2)]).named(format!("t{block}")).counts(counts));
    }
    let done = all_stages(&builder.build().unwrap(), &published(), 3_000_000_000);
    assert_eq!((done.trail.complements(), done.trail.outcome()), (3000, Outcome::Optimal));
}

#[test]
fn long_chains() {
    // Running totals: each is the one before and one more figure.
    let (mut builder, mut sum) = (Table::builder().cell("t0", 20), 20);
    for (i, n) in numbers(600, 40).into_iter().enumerate() {
        let before = format!("t{i}");
        sum += n;
        let (step, after) = (format!("s{}", i + 1), format!("t{}", i + 1));
        builder = builder.cell(step.as_str(), n).cell(after.as_str(), sum);
        builder = builder.relation(after.clone(), [(1, before.as_str()), (1, step.as_str()), (-1, after.as_str())], 0);
    }
    all_stages(&builder.build().unwrap(), &published(), 3_000_000_000);
}

#[test]
fn every_margin_is_forced_shown() {
    let cube = Cube::new([axis("r", 8), axis("c", 8)]).named("t").counts(numbers(64, 60));
    let margins = (0..8).flat_map(|i| [[format!("r{i}"), "Total".to_owned()], ["Total".to_owned(), format!("c{i}")]]);
    let margins = margins.chain([["Total".to_owned(), "Total".to_owned()]]);
    let table = margins.fold(Table::builder().cube(cube), |b, key| b.standing(("t", key), Standing::Shown));
    all_stages(&table.build().unwrap(), &published(), 1_000_000_000);
}

#[test]
fn many_axes() {
    let axes = ["a", "b", "c", "d", "e"].map(|name| axis(name, 3));
    let counts = numbers(243, 400).into_iter().map(|n| if n < 12 { n } else { n + 10 });
    let table = Cube::new(axes).counts(counts).build().unwrap();
    all_stages(&table, &published(), 200_000_000);
}

#[test]
fn six_axes_of_four() {
    let axes = ["a", "b", "c", "d", "e", "f"].map(|name| axis(name, 4));
    let table = Cube::new(axes).counts(numbers(4096, 60)).build().unwrap();
    // Far too little work to finish, and too large for the attack: its trail's witnesses show that every stage is safe.
    for stage in [Stage::Construct, Stage::Prove] {
        let effort = Effort::default().stage(stage).work(100_000_000);
        let done = suppress(Request::new(&table).policy(published()).effort(effort)).unwrap();
        assert!(done.trail.verify().unwrap().proved_bound.is_some_and(|b| b <= done.trail.cost()));
    }
}
