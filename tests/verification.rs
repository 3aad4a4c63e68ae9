//! What `verify` refuses: every way in which a pattern or a witness can be wrong.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use caviardage::policy::{Interval, Policy, Protection, Zeros};
use caviardage::relations::Witness;
use caviardage::solver::Outcome;
use caviardage::table::{Axis, CellId, Cube, Standing, Table};
use caviardage::{Error, Pattern, Problem, Request, suppress, verify};
use proptest::prelude::*;

/// 3, 20, 30 and their total 53; 3 and 20 hidden, 7 moved from one to the other.
fn line() -> (Table, Vec<CellId>) {
    let table = Cube::new([Axis::flat("a", ["p", "q", "r"]).total("Total")]).counts([3, 20, 30]).build().unwrap();
    let cells = table.cells().collect();
    (table, cells)
}

fn refused(result: Result<verify::Verified<'_>, Error>) -> String {
    let error = result.unwrap_err();
    assert!(error.is_unverified());
    error.to_string()
}

#[test]
fn each_way_to_be_wrong_is_told() {
    let (table, c) = line();
    let policy = Policy::articles_53_54();
    let pattern = Pattern::hiding(4, [c[0], c[1]]);
    let check = |changes: &[(usize, i64)], denominator: i64| {
        let witness = Witness::new(changes.iter().map(|&(i, z)| (c[i], z)), denominator);
        verify::verify(&table, &policy, &pattern, &[witness])
    };
    assert!(check(&[(0, 7), (1, -7)], 1).is_ok());
    assert!(check(&[(0, 17), (1, -17)], 1).is_ok());
    for (changes, denominator, part) in [
        (vec![(0, 6), (1, -6)], 1, "a reader cannot rule out 3 to 9"),
        (vec![(0, 7), (1, -6)], 1, "off by 1"),
        (vec![(0, 7)], 1, "off by 7"),
        (vec![(0, 21), (1, -21)], 1, "goes below what is known"),
        (vec![(0, 7), (2, -7)], 1, "r is shown"),
        (vec![(0, 14), (1, -14)], 2, "a denominator of 2"),
        (vec![(0, 7), (1, -7)], 0, "a denominator of 0"),
        (vec![(0, 7), (0, 7), (1, -14)], 1, "twice"),
        (vec![], 1, "a reader cannot rule out 3 to 3"),
    ] {
        let told = refused(check(&changes, denominator));
        assert!(told.contains(part), "{part} in {told}");
    }
    let good = [Witness::new([(c[0], 7), (c[1], -7)], 1)];
    let with = |hidden: &[CellId]| verify::verify(&table, &policy, &Pattern::hiding(4, hidden.iter().copied()), &good);
    assert!(refused(with(&[c[1]])).contains("p: primary but shown"));
    assert!(refused(with(&[c[0]])).contains("q is shown"));
    let short = verify::verify(&table, &policy, &Pattern::hiding(3, [c[0], c[1]]), &good);
    assert!(refused(short).contains("3 cells, the table 4"));
}

#[test]
fn what_the_reader_knows_is_respected() {
    // With zeros published, a hidden cell holds at least one: q may go down by 19 only.
    let table = Cube::new([Axis::flat("a", ["p", "q"]).total("Total")]).counts([3, 7]).build().unwrap();
    let c: Vec<CellId> = table.cells().collect();
    let pattern = Pattern::hiding(3, [c[0], c[1]]);
    let witnesses = [Witness::new([(c[0], 7), (c[1], -7)], 1), Witness::new([(c[0], -3), (c[1], 3)], 1)];
    assert!(verify::verify(&table, &Policy::articles_53_54(), &pattern, &witnesses).is_ok());
    let publish = Policy::articles_53_54().zeros(Zeros::Publish);
    let told = refused(verify::verify(&table, &publish, &pattern, &witnesses));
    assert!(told.contains("q goes below"), "{told}");
    // Declared knowledge, above and below.
    let known = |low: Option<i64>, high: Option<i64>| {
        let table = Table::builder()
            .cube(Cube::new([Axis::flat("a", ["p", "q"]).total("Total")]).counts([3, 20]))
            .known("p", low.map(Into::into), high.map(Into::into))
            .build()
            .unwrap();
        let witness = [Witness::new([(c[0], 7), (c[1], -7)], 1)];
        verify::verify(&table, &Policy::articles_53_54(), &pattern, &witness).map(|_| ())
    };
    assert!(known(Some(0), Some(10)).is_ok());
    assert!(known(None, Some(9)).unwrap_err().to_string().contains("p goes above"));
}

#[test]
fn declarations_are_respected() {
    let build = |standing: Standing| {
        Table::builder()
            .cube(Cube::new([Axis::flat("a", ["p", "q", "r"]).total("Total")]).counts([3, 20, 30]))
            .standing("q", standing)
            .build()
            .unwrap()
    };
    let c: Vec<CellId> = build(Standing::Open).cells().collect();
    let policy = Policy::articles_53_54();
    let q = [Witness::new([(c[0], 7), (c[1], -7)], 1)];
    let r = [Witness::new([(c[0], 7), (c[2], -7)], 1)];
    let shown = build(Standing::Shown);
    let told = refused(verify::verify(&shown, &policy, &Pattern::hiding(4, [c[0], c[1]]), &q));
    assert!(told.contains("q: must be shown but is hidden"), "{told}");
    let hidden = build(Standing::Hidden);
    let told = refused(verify::verify(&hidden, &policy, &Pattern::hiding(4, [c[0], c[2]]), &r));
    assert!(told.contains("q: must be hidden but is shown"), "{told}");
    assert!(suppress(&hidden).unwrap().release.count("q").unwrap().is_none());
    // A primary cell by declaration, whatever its count: two counts must remain possible.
    let primary = build(Standing::Primary);
    assert!(verify::verify(&primary, &policy, &Pattern::hiding(4, [c[0], c[1]]), &q).is_ok());
    let error = verify::verify(&primary, &policy, &Pattern::hiding(4, [c[0], c[1], c[2]]), &r).unwrap_err();
    assert!(matches!(error.problems(), [Problem::TooNarrow { cell, .. }] if cell == "q"), "{error}");
}

#[test]
fn widths_and_fractions_are_exact() {
    // Magnitudes with one decimal: a third of what is asked three times is what is asked, not nearly so.
    let table = Table::builder()
        .decimals(1)
        .cell("p", rust_decimal::Decimal::new(100, 1))
        .cell("q", rust_decimal::Decimal::new(200, 1))
        .relation("sum", [(1, "p"), (1, "q")], 30)
        .standing("p", Standing::Primary)
        .build()
        .unwrap();
    let c: Vec<CellId> = table.cells().collect();
    let policy = |interval: Interval| {
        Policy::articles_53_54()
            .threshold(0)
            .protection(Protection::Interval(interval, std::collections::BTreeMap::new()))
    };
    let pattern = Pattern::hiding(2, c.iter().copied());
    let witnesses = [Witness::new([(c[0], 10), (c[1], -10)], 3), Witness::new([(c[0], -10), (c[1], 10)], 3)];
    let check = |interval: Interval| verify::verify(&table, &policy(interval), &pattern, &witnesses).is_ok();
    assert!(check(Interval { lower: 3, upper: 3, sliding: 6 }));
    assert!(!check(Interval { lower: 0, upper: 4, sliding: 0 }));
    assert!(!check(Interval { lower: 4, upper: 0, sliding: 0 }));
    assert!(!check(Interval { lower: 3, upper: 3, sliding: 7 }));
}

proptest! {
    #[test]
    fn no_part_of_a_proof_can_be_changed_or_left_out(
        counts in prop::collection::vec(prop_oneof![2 => 0_u32..10, 3 => 10_u32..60], 16), at in any::<prop::sample::Index>(),
        by in prop_oneof![-3_i64..0, 1_i64..4], publish in any::<bool>(),
    ) {
        let axes = ["r", "c"].map(|n| Axis::flat(n, (0..4).map(|i| i.to_string())).total("Total"));
        let table = Cube::new(axes).counts(counts).build().unwrap();
        let policy = Policy::articles_53_54().zeros(if publish { Zeros::Publish } else { Zeros::Hide });
        let Ok(done) = suppress(Request::new(&table).policy(policy.clone())) else { return Ok(()) };
        prop_assert_eq!(done.trail.outcome(), Outcome::Optimal);
        let cells: Vec<CellId> = table.cells().collect();
        let hidden: Vec<CellId> = done.trail.hidden().iter().map(|h| cells[h.cell]).collect();
        let pattern = Pattern::hiding(table.len(), hidden.iter().copied());
        let witnesses = done.trail.witnesses().to_vec();
        prop_assert!(verify::verify(&table, &policy, &pattern, &witnesses).is_ok());
        if witnesses.is_empty() {
            return Ok(());
        }
        // One figure of one witness changed: no cell stands outside all relations, so some sum is off.
        let which = at.index(witnesses.len());
        let changes: Vec<(CellId, i64)> = witnesses[which].changes().collect();
        let term = at.index(changes.len());
        let mut changed = changes.clone();
        changed[term].1 += by;
        let mut tampered = witnesses.clone();
        tampered[which] = Witness::new(changed, 1);
        prop_assert!(verify::verify(&table, &policy, &pattern, &tampered).is_err());
        // One cell left out of it.
        let mut shorter = changes;
        shorter.remove(term);
        tampered[which] = Witness::new(shorter, 1);
        prop_assert!(verify::verify(&table, &policy, &pattern, &tampered).is_err());
        // Any one hidden cell shown instead: primary cells may not be, and every complement is needed by somebody.
        let shown = hidden[at.index(hidden.len())];
        let fewer = Pattern::hiding(table.len(), hidden.into_iter().filter(|&h| h != shown));
        prop_assert!(verify::verify(&table, &policy, &fewer, &witnesses).is_err());
        let findings = caviardage::attack::judge(&table, &policy, &fewer).unwrap();
        prop_assert!(!findings.fallen.is_empty());
    }
}
