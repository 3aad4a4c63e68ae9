//! Random tables: every release verified, the oracle agreed with, nothing hidden in the bytes, order and runs irrelevant.

#![allow(clippy::unwrap_used, reason = "a test may panic and print")]

mod common;

use caviardage::policy::{Interval, Policy, Protection, Zeros};
use caviardage::solver::{Effort, Outcome, Progress, Stage};
use caviardage::table::{Axis, Cube, Key, Missing, Table};
use caviardage::{Pattern, Request, attack, suppress, verify};
use common::Oracle;
use proptest::prelude::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Flat,
    Hierarchy,
    Cube,
    Linked,
    Free,
    Sparse,
    Part,
}

fn axis(name: &str, size: usize) -> Axis {
    Axis::flat(name, (0..size).map(|i| format!("{name}{i}"))).total("Total")
}

/// A table of the shape with these counts, as many as it needs of them.
fn table(shape: Shape, sizes: (usize, usize), counts: &[u32]) -> Table {
    let take = |n: usize| counts.iter().copied().cycle().take(n);
    let (a, b) = sizes;
    match shape {
        Shape::Flat => Cube::new([axis("r", a), axis("c", b)]).counts(take(a * b)).build(),
        Shape::Hierarchy => {
            let tree =
                Axis::tree("lieu", [("Tout", ["N", "S"].as_slice()), ("N", &["N1", "N2"]), ("S", &["S1", "S2"])])
                    .hierarchy([("Tout", ["U", "V"].as_slice()), ("U", &["N1", "S1"]), ("V", &["N2", "S2"])]);
            Cube::new([tree, Axis::flat("c", (0..b).map(|i| format!("c{i}")))]).counts(take(4 * b)).build()
        }
        Shape::Cube => Cube::new([axis("x", 2), axis("y", 2), axis("z", 2)]).counts(take(8)).build(),
        Shape::Linked => {
            let first: Vec<u32> = take(a).collect();
            let tied = first[0];
            let part = tied / 3;
            Table::builder()
                .cube(Cube::new([axis("an", a)]).named("années").counts(first))
                .cube(Cube::new([axis("sexe", 2)]).named("sexe").counts([part, tied - part]))
                .same(("années", ["an0"]), ("sexe", ["Total"]))
                .build()
        }
        Shape::Free => {
            let v: Vec<i64> = take(5).map(i64::from).collect();
            Table::builder()
                .cell("a", v[0])
                .cell("b", v[1])
                .cell("c", v[2])
                .cell("d", v[3])
                .cell("e", v[0] + 2 * v[1] + v[2])
                .cell("f", v[2] + v[3])
                .relation("e", [(1, "a"), (2, "b"), (1, "c"), (-1, "e")], 0)
                .relation("f", [(1, "c"), (1, "d"), (-1, "f")], 0)
                .relation("b+d", [(1, "b"), (1, "d")], v[1] + v[3])
                .build()
        }
        Shape::Sparse => {
            let mut cube = Cube::new([axis("r", a), axis("c", b)]).missing(Missing::Absent);
            for (i, count) in take(a * b).enumerate() {
                if (i + a) % 3 != 0 {
                    cube = cube.count([format!("r{}", i / b), format!("c{}", i % b)], count);
                }
            }
            cube.build()
        }
        Shape::Part => {
            let lieu = Axis::flat("lieu", ["dedans", "dehors"]).total("tous").undisplayed("dehors");
            Cube::new([axis("r", a), lieu]).counts(take(2 * a)).build()
        }
    }
    .expect("the table is well made")
}

fn shapes() -> impl Strategy<Value = Shape> {
    prop_oneof![
        Just(Shape::Flat),
        Just(Shape::Hierarchy),
        Just(Shape::Cube),
        Just(Shape::Linked),
        Just(Shape::Free),
        Just(Shape::Sparse),
        Just(Shape::Part),
    ]
}

fn policies(threshold: u32) -> impl Strategy<Value = Policy> {
    let protection = prop_oneof![
        2 => Just(Protection::Threshold),
        1 => Just(Protection::Exact),
        1 => (0_i64..3, 0_i64..5).prop_map(|(lower, upper)| {
            Protection::Interval(Interval { lower, upper, sliding: 0 }, std::collections::BTreeMap::new())
        }),
    ];
    (any::<bool>(), protection).prop_map(move |(publish, protection)| {
        Policy::articles_53_54()
            .threshold(threshold)
            .zeros(if publish { Zeros::Publish } else { Zeros::Hide })
            .protection(protection)
    })
}

/// Many small counts, some zeros, a few large.
fn small_counts() -> impl Strategy<Value = Vec<u32>> {
    prop::collection::vec(prop_oneof![3 => 0_u32..4, 2 => 4_u32..9, 1 => Just(0), 1 => 9_u32..30], 12)
}

proptest! {
    #![proptest_config(ProptestConfig { max_global_rejects: 100_000, ..ProptestConfig::default() })]

    #[test]
    fn the_oracle_agrees(
        shape in shapes(), sizes in (1_usize..4, 1_usize..4), counts in small_counts(), policy in policies(4),
    ) {
        let table = table(shape, sizes, &counts);
        let oracle = Oracle::new(&table, &policy);
        prop_assume!(oracle.open_cells() <= 11);
        let optimum = oracle.optimum();
        match suppress(Request::new(&table).policy(policy.clone())) {
            Ok(done) => {
                let hidden = done.trail.hidden().iter().filter_map(|h| table.cells().nth(h.cell));
                let pattern = Pattern::hiding(table.len(), hidden);
                prop_assert!(oracle.is_safe(&pattern), "unsafe: {:?}", pattern);
                let best = optimum.expect("a pattern was found, so one exists");
                prop_assert!(done.trail.lower_bound() <= best, "bound {} above the optimum {best}", done.trail.lower_bound());
                prop_assert_eq!(done.trail.outcome(), Outcome::Optimal);
                prop_assert_eq!(done.trail.cost(), best);
            }
            Err(error) => {
                prop_assert!(error.is_unprotectable(), "{error}");
                prop_assert_eq!(optimum, None, "{}", error);
            }
        }
    }

    #[test]
    fn any_stage_and_any_interruption_leaves_a_verified_pattern_and_a_true_bound(
        shape in shapes(), sizes in (1_usize..4, 1_usize..4), counts in small_counts(), policy in policies(4),
        stage in prop_oneof![Just(Stage::Construct), Just(Stage::Improve), Just(Stage::Prove)],
        patience in prop_oneof![Just(u64::MAX), 0_u64..30], work in prop_oneof![Just(u64::MAX), 0_u64..20_000],
    ) {
        let table = table(shape, sizes, &counts);
        let oracle = Oracle::new(&table, &policy);
        prop_assume!(oracle.open_cells() <= 11);
        let told = std::cell::Cell::new(0);
        let last = std::cell::Cell::new(0);
        let watcher = |progress: &Progress| {
            told.set(told.get() + 1);
            last.set(progress.bound);
            if told.get() > patience { std::ops::ControlFlow::Break(()) } else { std::ops::ControlFlow::Continue(()) }
        };
        let effort = Effort::default().stage(stage).work(work);
        let Ok(done) = suppress(Request::new(&table).policy(policy.clone()).effort(effort).watch(&watcher)) else {
            prop_assert_eq!(oracle.optimum(), None);
            return Ok(());
        };
        prop_assert!(told.get() <= patience.saturating_add(1), "told after it broke");
        let hidden = done.trail.hidden().iter().filter_map(|h| table.cells().nth(h.cell));
        prop_assert!(oracle.is_safe(&Pattern::hiding(table.len(), hidden)));
        let best = oracle.optimum().expect("a pattern was found, so one exists");
        prop_assert!(done.trail.lower_bound() <= best && best <= done.trail.cost());
        prop_assert!(last.get() <= best, "told a bound of {} above the optimum {best}", last.get());
        let checked = done.trail.verify().unwrap();
        prop_assert!(checked.proved_bound.is_some_and(|b| b <= best));
        if matches!(done.trail.outcome(), Outcome::Optimal) {
            prop_assert_eq!(done.trail.cost(), best);
        }
    }

    #[test]
    fn judging_any_pattern_agrees_with_the_oracle(
        shape in shapes(), sizes in (1_usize..4, 1_usize..4), counts in small_counts(), policy in policies(4),
        choice in prop::collection::vec(any::<bool>(), 64),
    ) {
        let table = table(shape, sizes, &counts);
        let oracle = Oracle::new(&table, &policy);
        let assessment = policy.assess(&table).unwrap();
        use caviardage::table::Standing;
        let hidden = table.cells().filter(|&c| match assessment.standing(c) {
            Standing::Primary | Standing::Hidden => true,
            Standing::Shown => false,
            Standing::Open => choice[c.index() % choice.len()],
        });
        let pattern = Pattern::hiding(table.len(), hidden);
        let findings = attack::judge(&table, &policy, &pattern).unwrap();
        prop_assert_eq!(findings.fallen.is_empty(), oracle.is_safe(&pattern), "{:?}", findings.fallen);
        let verified = verify::verify(&table, &policy, &pattern, &findings.witnesses);
        prop_assert_eq!(verified.is_ok(), findings.fallen.is_empty());
    }

    #[test]
    fn larger_tables_verify_and_leave_nothing_in_the_bytes(
        shape in shapes(), sizes in (2_usize..9, 2_usize..9), seed in prop::collection::vec(0_u32..4000, 12),
        policy in policies(10),
    ) {
        // Small counts beside large ones, all different enough that a hidden one can be looked for as text.
        let counts: Vec<u32> = seed.iter().enumerate().map(|(i, s)| if s % 4 == 0 { s / 400 } else { 12_347 + 977 * u32::try_from(i).unwrap() + s }).collect();
        let table = table(shape, sizes, &counts);
        let request = Request::new(&table).policy(policy.clone()).effort(Effort::default().work(3_000_000));
        let done = match suppress(request.clone()) {
            Ok(done) => done,
            Err(error) => {
                prop_assert!(error.is_unprotectable(), "{error}");
                return Ok(());
            }
        };
        let pattern = Pattern::hiding(table.len(), done.trail.hidden().iter().filter_map(|h| table.cells().nth(h.cell)));
        prop_assert!(verify::verify(&table, &policy, &pattern, done.trail.witnesses()).is_ok());
        let release = serde_json::to_string(&done.release).unwrap();
        let attestation = serde_json::to_string(&done.attestation()).unwrap();
        // What relations sum to is public, as shown counts are.
        let constants = (0..table.relations()).map(|r| table.relation(r).1);
        let shown: Vec<i64> =
            table.cells().filter(|&c| !pattern.is_hidden(c)).map(|c| table.count(c)).chain(constants).collect();
        for hidden in done.trail.hidden().iter().filter(|h| h.count >= 1000 && !shown.contains(&h.count)) {
            let text = hidden.count.to_string();
            let beside = shown.iter().any(|s| s.to_string().contains(&text));
            prop_assert!(beside || !release.contains(&text), "{text} in {release}");
            // Digests may hold any digits.
            prop_assert!(attestation.split(|c: char| !c.is_ascii_alphanumeric()).all(|word| word != text));
        }
        for cell in done.release.tables().iter().flat_map(|t| &t.cells) {
            let id = table.find(Key::new(done.release.tables()[0].name.clone(), cell.labels.clone()));
            if let Some(id) = id.filter(|_| done.release.tables().len() == 1) {
                prop_assert_eq!(cell.count.is_none(), pattern.is_hidden(id));
            }
        }
        let again = suppress(request).unwrap();
        prop_assert_eq!(serde_json::to_string(&again.release).unwrap(), release);
        prop_assert_eq!(serde_json::to_string(&again.trail).unwrap(), serde_json::to_string(&done.trail).unwrap());
    }

    #[test]
    fn a_reordered_table_costs_the_same(
        sizes in (2_usize..6, 2_usize..6), counts in prop::collection::vec(0_u32..40, 36), shift in 1_usize..5,
    ) {
        let (a, b) = sizes;
        let build = |row: &dyn Fn(usize) -> usize, column: &dyn Fn(usize) -> usize| {
            let axes = [
                Axis::flat("r", (0..a).map(|i| format!("r{}", row(i)))).total("Total"),
                Axis::flat("c", (0..b).map(|i| format!("c{}", column(i)))).total("Total"),
            ];
            let cells = (0..a * b).map(|i| counts[row(i / b) * b + column(i % b)]);
            Cube::new(axes).counts(cells).build().unwrap()
        };
        let straight = build(&|i| i, &|i| i);
        let turned = build(&|i| (i + shift) % a, &|i| b - 1 - i);
        let cost = |table: &Table| suppress(table).ok().map(|d| (d.trail.outcome(), d.trail.cost()));
        let (first, second) = (cost(&straight), cost(&turned));
        prop_assert_eq!(first, second);
        prop_assert!(first.is_none_or(|f| f.0 == Outcome::Optimal));
    }
}

/// The generator still makes a wide spread of problems.
#[test]
fn the_spread_is_wide() {
    use proptest::strategy::ValueTree as _;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let strategy = (shapes(), (1_usize..4, 1_usize..4), small_counts(), policies(4));
    let (mut none, mut free, mut paid, mut impossible) = (0, 0, 0, 0);
    for _ in 0..300 {
        let (shape, sizes, counts, policy) = strategy.new_tree(&mut runner).unwrap().current();
        let table = table(shape, sizes, &counts);
        match suppress(Request::new(&table).policy(policy)) {
            Err(_) => impossible += 1,
            Ok(done) if done.trail.primaries() == 0 => none += 1,
            Ok(done) if done.trail.complements() == 0 => free += 1,
            Ok(_) => paid += 1,
        }
    }
    assert!(free > 20 && paid > 60 && none > 20 && impossible > 4, "{none} {free} {paid} {impossible}");
}
