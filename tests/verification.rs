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

/// Of two small ones and a larger one in each line: 2 × 2 with totals, 3 and 40, 25 and 60.
fn square() -> (Table, caviardage::Suppression) {
    let axes = [Axis::flat("r", ["a", "b"]).total("T"), Axis::flat("c", ["d", "e"]).total("T")];
    let table = Cube::new(axes).counts([3, 40, 25, 60]).build().unwrap();
    let done = suppress(&table).unwrap();
    (table, done)
}

fn verified<'t>(table: &'t Table, done: &caviardage::Suppression) -> verify::Verified<'t> {
    let pattern = Pattern::hiding(table.len(), done.trail.hidden().iter().map(|h| table.cells().nth(h.cell).unwrap()));
    verify::verify(table, done.trail.policy(), &pattern, done.trail.witnesses()).unwrap()
}

#[test]
fn each_way_in_which_a_need_is_not_shown_is_told() {
    use caviardage::relations::{Case, End, Needed, Why};
    let (table, done) = square();
    let verified = verified(&table, &done);
    let needs = done.trail.needed().to_vec();
    // The cheapest square hides the small one and the three around it.
    assert_eq!(needs.len(), 3);
    assert_eq!(verify::needed(&verified, &needs).unwrap(), 0);
    let refused = |needs: &[Needed]| verify::needed(&verified, needs).unwrap_err().to_string();
    assert!(refused(&needs[1..]).contains("no proof is given"));
    assert!(refused(&[]).contains("3 problems"));
    let twice = [needs.clone(), vec![needs[2].clone()]].concat();
    assert!(refused(&twice).contains("twice"));
    let turned: Vec<Needed> = needs.iter().rev().cloned().collect();
    assert!(refused(&turned).contains("no complementary cell, or appears twice"));
    let first = |change: &dyn Fn(&mut Needed)| {
        let mut needs = needs.clone();
        change(&mut needs[0]);
        refused(&needs)
    };
    let sums = |sums: &[(usize, i64)]| Why::Sums(sums.to_vec());
    assert!(first(&|n| n.cell = 0).contains("it is no complementary cell"));
    assert!(first(&|n| n.falls = n.cell).contains("no primary cell"));
    assert!(first(&|n| n.falls = 99).contains("no primary cell"));
    assert!(first(&|n| n.ends[0].most += 1).contains("by 0 at most, not 1"));
    assert!(first(&|n| n.ends[0].most = -1).contains("by 0 at most, not -1"));
    assert!(first(&|n| n.ends[0].upward = false).contains("says nothing of it in this direction"));
    assert!(first(&|n| n.ends[0].why = sums(&[])).contains("no proof"));
    assert!(first(&|n| n.ends[0].why = sums(&[(99, 1)])).contains("no such row"));
    assert!(first(&|n| n.ends[0].why = sums(&[(1, 1)])).contains("says nothing of it in this direction"));
    assert!(first(&|n| n.ends.push(n.ends[0].clone())).contains("one end, or both"));
    let End { upward, .. } = needs[0].ends[0];
    assert!(upward);
    // With the opposite weight the sum bounds the other direction, which nobody asks about.
    let Why::Sums(own) = &needs[0].ends[0].why else { panic!("relations alone prove it") };
    let turned: Vec<(usize, i64)> = own.iter().map(|s| (s.0, -s.1)).collect();
    assert!(first(&|n| n.ends[0].why = Why::Sums(turned.clone())).contains("says nothing of it in this direction"));
    let down = |n: &mut Needed| n.ends[0] = End { upward: false, most: 0, why: Why::Sums(turned.clone()) };
    assert!(first(&down).contains("leaves it all that is asked"));
    // Cases: one that leaves something out, one that is not refuted, one about nothing.
    let cases = |cases: Vec<Case>| move |n: &mut Needed| n.ends[0].why = Why::Cases(cases.clone());
    let case = |path: &[(usize, bool, i64)], sums: &[(usize, i64)]| Case { path: path.to_vec(), sums: sums.to_vec() };
    assert!(first(&cases(vec![])).contains("leave something out"));
    assert!(first(&cases(vec![case(&[(0, true, 3)], own)])).contains("leave something out"));
    assert!(
        first(&cases(vec![case(&[(0, true, 3)], own), case(&[(0, false, 4)], own)])).contains("leave something out")
    );
    assert!(first(&cases(vec![case(&[], &[])])).contains("not refuted"));
    let nothing = [case(&[(99, true, 3)], own), case(&[(99, false, 3)], own)];
    assert!(first(&cases(nothing.to_vec())).contains("about no cell"));
    // What relations prove, cases prove too: in one, or in two, the multipliers turned so that the sum cannot be zero.
    for cases in [vec![case(&[], own)], vec![case(&[(0, true, 3)], own), case(&[(0, false, 3)], own)]] {
        let mut needs = needs.clone();
        needs[0].ends[0].why = Why::Cases(cases);
        let either = verify::needed(&verified, &needs);
        let mut other = needs.clone();
        if let Why::Cases(cases) = &mut other[0].ends[0].why {
            cases.iter_mut().for_each(|c| c.sums.iter_mut().for_each(|s| s.1 = -s.1));
        }
        assert!(either.is_ok() != verify::needed(&verified, &other).is_ok());
    }
    // Nobody claims what has no ends.
    let mut modest = needs.clone();
    modest[1].ends.clear();
    assert_eq!(verify::needed(&verified, &modest).unwrap(), 1);
    modest[2].ends.clear();
    assert_eq!(verify::needed(&verified, &modest).unwrap(), 2);
}

#[test]
fn each_way_in_which_a_bound_is_not_shown_is_told() {
    use caviardage::relations::{Bound, Cut, Leaf, Never};
    // Both zeros: a table whose proof has cuts, a tree or fixings.
    let axes = [Axis::flat("r", ["a", "b", "c"]).total("T"), Axis::flat("c", ["d", "e", "f"]).total("T")];
    let table = Cube::new(axes).counts([3, 40, 25, 60, 4, 90, 31, 55, 72]).build().unwrap();
    let done = suppress(&table).unwrap();
    let verified = verified(&table, &done);
    let proof = done.trail.bound().unwrap().clone();
    assert_eq!(verify::bound(&verified, &proof).unwrap(), done.trail.cost());
    assert_eq!(verify::cost(&verified), done.trail.cost());
    assert!(!proof.cuts.is_empty(), "{proof:?}");
    let refused = |change: &dyn Fn(&mut Bound)| {
        let mut proof = proof.clone();
        change(&mut proof);
        verify::bound(&verified, &proof).unwrap_err().to_string()
    };
    assert!(refused(&|b| b.claim += 1).contains("proves less"));
    assert!(refused(&|b| b.leaves.clear()).contains("leave something out"));
    assert!(refused(&|b| b.leaves[0].fixed.push((1, true))).contains("leave something out"));
    assert!(refused(&|b| b.leaves[0].fixed.push((0, true))).contains("not hidden by choice"));
    assert!(refused(&|b| b.leaves[0].fixed.push((99, true))).contains("not hidden by choice"));
    assert!(refused(&|b| b.leaves[0].empty = true).contains("proves less"));
    assert!(refused(&|b| b.leaves[0].sum.clear()).contains("proves less"));
    assert!(refused(&|b| b.leaves[0].sum.iter_mut().for_each(|s| s.1 = -s.1)).contains("beyond what is carried"));
    assert!(refused(&|b| b.leaves[0].sum[0].0 = 99).contains("beyond what is carried"));
    let leaf = || Leaf { fixed: Vec::new(), sum: Vec::new(), empty: false };
    assert!(refused(&|b| b.leaves = vec![leaf()]).contains("proves less"));
    let any = table.cells().find(|&c| verified.assessment().standing(c) == Standing::Open).unwrap().index();
    assert!(refused(&|b| b.never = vec![Never { cells: vec![any], sum: Vec::new() }]).contains("could cost less"));
    assert!(refused(&|b| b.never = vec![Never { cells: vec![0], sum: Vec::new() }]).contains("not hidden by choice"));
    // The same as a part of a whole, and parts that do not add up.
    let open = table.cells().filter(|&c| verified.assessment().standing(c) == Standing::Open).map(|c| c.index());
    let open: Vec<usize> = open.collect();
    let Bound { claim, cuts, never, leaves, .. } = proof.clone();
    let part = Bound { claim, cuts, never, leaves, cells: open, ..Bound::default() };
    let mut whole = Bound { parts: vec![part.clone()], ..proof.clone() };
    (whole.cuts, whole.never, whole.leaves) = (Vec::new(), Vec::new(), Vec::new());
    assert_eq!(verify::bound(&verified, &whole).unwrap(), done.trail.cost());
    let parts_refused = |change: &dyn Fn(&mut Bound)| {
        let mut proof = whole.clone();
        change(&mut proof);
        verify::bound(&verified, &proof).unwrap_err().to_string()
    };
    assert!(parts_refused(&|b| b.claim += 1).contains("the parts prove less"));
    assert!(
        parts_refused(&|b| (b.claim, b.parts[0].claim) = (claim + 1, claim + 1)).contains("part 0: leaf 0 proves less")
    );
    assert!(parts_refused(&|b| b.parts.push(part.clone())).contains("part 1 counts a cell twice"));
    assert!(parts_refused(&|b| b.parts[0].cells.push(99)).contains("one that is not counted"));
    assert!(parts_refused(&|b| b.parts[0].cells.clear()).contains("proves less"));
    assert!(parts_refused(&|b| b.leaves = vec![leaf()]).contains("leaves beside them"));
    assert!(parts_refused(&|b| b.cells = vec![any]).contains("a part of no whole"));
    // Cells left out without reason.
    assert!(
        refused(&|b| b.dropped.push((any, None))).contains("nothing shows that it can be left out")
            || refused(&|b| b.dropped.push((any, None))).contains("sides for")
    );
    if !proof.dropped.is_empty() {
        assert!(refused(&|b| b.sides.truncate(1)).contains("sides for"));
        assert!(refused(&|b| b.sides.iter_mut().take(1).for_each(|s| *s = !*s)).contains("no network"));
        assert!(refused(&|b| b.implied.push((0, vec![(0, 1)]))).contains("is not implied"));
        assert!(refused(&|b| b.dropped.push((0, None))).contains("not open"));
    }
    for (number, cut) in proof.cuts.iter().enumerate() {
        match cut {
            Cut::Room { .. } => {
                let room = |change: &dyn Fn(&mut usize, &mut Vec<caviardage::relations::Side>)| {
                    refused(&|b| {
                        if let Cut::Room { cell, sides, .. } = &mut b.cuts[number] {
                            change(cell, sides);
                        }
                    })
                };
                assert!(room(&|cell, _| *cell = any).contains("is not primary"));
                assert!(room(&|_, sides| sides.clear()).contains("one way, or both"));
                assert!(room(&|_, sides| sides[0].upward = false).contains("inequality"));
                assert!(room(&|_, sides| sides[0].sums = vec![(99, 1)]).contains("no such row"));
                assert!(room(&|_, sides| sides[0].sums.clear()).contains("inequality"));
            }
            Cut::Bridge { .. } => {
                let told = refused(&|b| b.cuts[number] = Cut::Bridge { cell: 0, sums: vec![(0, 1)] });
                assert!(told.contains("says nothing of the cell"), "{told}");
            }
            _ => {}
        }
    }
    // "One of the others is hidden" asks for a proof that what is hidden does not do.
    let falls = done.trail.needed()[0].clone();
    let chosen: Vec<usize> = done.trail.needed().iter().map(|n| n.cell).filter(|&c| c != falls.cell).collect();
    let with = |hidden: Vec<usize>| {
        let mut proof = proof.clone();
        proof.cuts.push(Cut::Other { hidden, falls: falls.clone() });
        verify::bound(&verified, &proof)
    };
    assert!(with(chosen.clone()).is_ok());
    assert!(with([chosen, vec![falls.cell]].concat()).is_err());
}

/// Numbers below what is asked for, the same for the same seed.
fn draws(mut state: u64) -> impl FnMut(u64) -> u32 {
    move |most| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((state >> 33) % most).unwrap()
    }
}

/// Primary cells far apart protect each other in odd rings, where halves of sums, rounded, close the gap.
#[test]
fn a_sum_is_rounded_only_as_whole_patterns_allow() {
    use caviardage::relations::{Bound, Cut};
    type Terms = Vec<(usize, i64)>;
    let mut seen = (0, 0);
    for seed in 1_u64..30 {
        let mut next = draws(seed);
        let axis = |name: &str| Axis::flat(name, (0..16).map(|i| format!("{name}{i}"))).total("T");
        let counts: Vec<u32> = (0..256).map(|_| if next(16) == 0 { 1 + next(9) } else { 10 + next(90) }).collect();
        let table = Cube::new([axis("r"), axis("c")]).counts(counts).build().unwrap();
        let done = suppress(&table).unwrap();
        assert_eq!(done.trail.outcome(), caviardage::solver::Outcome::Optimal, "{seed}");
        let verified = verified(&table, &done);
        let proof = done.trail.bound().unwrap().clone();
        assert_eq!(verify::bound(&verified, &proof).unwrap(), done.trail.cost());
        // In parts of the whole, cuts are theirs.
        let of = |bound: &Bound| bound.cuts.iter().position(|cut| matches!(cut, Cut::Rounded { .. }));
        let Some(at) = of(&proof) else { continue };
        seen.0 += 1;
        let refused = |change: &dyn Fn(&mut Terms, &mut Terms, &mut i64)| {
            let mut proof = proof.clone();
            let Cut::Rounded { sums, less, over } = &mut proof.cuts[at] else { unreachable!() };
            change(sums, less, over);
            verify::bound(&verified, &proof).err().map(|e| e.to_string())
        };
        let told = |change: &dyn Fn(&mut Terms, &mut Terms, &mut i64), part: &str| {
            let told = refused(change).unwrap_or_default();
            assert!(told.contains(part), "{part} in {told}");
        };
        told(&|_, _, over| *over = 0, "nonnegative multiples");
        told(&|_, _, over| *over = -2, "nonnegative multiples");
        told(&|sums, _, _| sums[0].1 = -1, "nonnegative multiples");
        told(&|_, less, _| less.push((0, -1)), "nonnegative multiples");
        told(&|_, less, _| less.push((9999, 1)), "nonnegative multiples");
        // Itself, and what comes after it.
        told(&|sums, _, _| sums[0].0 = at, "no inequality before");
        told(&|sums, _, _| sums[0].0 = 9999, "no inequality before");
        told(&|sums, _, _| sums[0].1 = i64::MAX, "");
        // Without one of its sums it says less, and is not taken for what it was.
        seen.1 += usize::from(refused(&|sums, _, _| sums.truncate(1)).is_some());
    }
    assert!(seen.0 > 3 && seen.1 > 0, "{seen:?}");
}

/// What a network's ties leave out: every reason is checked.
#[test]
fn nothing_is_left_out_of_a_bound_without_reason() {
    use caviardage::relations::{Bound, Cut};
    let mut seen = (false, false);
    for seed in 1_u64..40 {
        let mut next = draws(seed);
        let axis = |name: &str| Axis::flat(name, (0..9).map(|i| format!("{name}{i}"))).total("T");
        let counts: Vec<u32> = (0..81).map(|_| if next(3) == 0 { next(10) } else { 10 + next(60) }).collect();
        let table = Cube::new([axis("r"), axis("c")]).counts(counts).build().unwrap();
        let done = suppress(&table).unwrap();
        let verified = verified(&table, &done);
        let proof = done.trail.bound().unwrap().clone();
        if proof.ties.is_empty() || proof.cuts.is_empty() {
            continue;
        }
        let refused = |part: &str, change: &dyn Fn(&mut Bound)| {
            let mut proof = proof.clone();
            change(&mut proof);
            let told = verify::bound(&verified, &proof).unwrap_err().to_string();
            assert!(told.contains(part), "{part} in {told}");
        };
        seen.0 = true;
        refused("carries too little", &|b| b.ties[0].there.clear());
        refused("carries too little", &|b| b.ties[0].back.clear());
        refused("does not add up", &|b| b.ties[0].there[0].1 += 1);
        refused("between no nodes", &|b| b.ties[0].nodes.0 = 999);
        refused("not open", &|b| b.dropped.push((999, None)));
        let Cut::Room { cell, .. } = proof.cuts[0] else { continue };
        // An inequality that what is hidden anyway satisfies says nothing, and must not be used.
        let row = |times: i64| vec![(0, times)];
        let empty = |sums: Vec<(usize, i64)>| {
            let mut proof = proof.clone();
            if let Cut::Room { sides, .. } = &mut proof.cuts[0] {
                sides[0].sums = sums;
            }
            verify::bound(&verified, &proof)
        };
        assert!(empty(row(1)).is_err() || empty(row(-1)).is_err(), "{cell}");
        // Two cells that would each be left out because of the other.
        if let Some(&(first, Some(twin))) = proof.dropped.iter().find(|d| d.1.is_some()) {
            seen.1 = true;
            refused("left out", &|b| b.dropped.push((twin, Some(first))));
            // The dearer one does not make the cheaper one useless.
            let weight = |c: usize| verified.assessment().weight(table.cells().nth(c).unwrap());
            if weight(first) > weight(twin) {
                refused("left out", &|b| {
                    b.dropped.retain(|d| d.0 != first);
                    b.dropped.push((twin, Some(first)));
                });
            }
        }
    }
    assert!(seen == (true, true), "{seen:?}");
}

#[test]
fn sums_that_say_nothing_and_rows_implied_twice_are_refused() {
    use caviardage::relations::{Cut, Side};
    let tree = Axis::tree("l", [("T", ["N", "S"].as_slice()), ("N", &["a", "b", "c"]), ("S", &["d", "e", "f"])]);
    let (mut nothing, mut twice) = (0, 0);
    for seed in 1_u64..60 {
        let mut next = draws(seed);
        let flat = Axis::flat("c", (0..8).map(|i| format!("c{i}"))).total("T");
        let counts: Vec<u32> = (0..48).map(|_| if next(3) == 0 { next(10) } else { 10 + next(60) }).collect();
        let table = Cube::new([tree.clone(), flat]).counts(counts).build().unwrap();
        let request = Request::new(&table).policy(Policy::articles_53_54().cost(caviardage::policy::Cost::Cells));
        let done = suppress(request).unwrap();
        let verified = verified(&table, &done);
        let proof = done.trail.bound().unwrap().clone();
        let refuses = |part: &str, proof: &caviardage::relations::Bound| {
            let told = verify::bound(&verified, proof).unwrap_err().to_string();
            assert!(told.contains(part), "{part} in {told}");
        };
        if let Some(last) = proof.implied.last().filter(|_| !proof.dropped.is_empty()) {
            let mut again = proof.clone();
            again.implied.push(last.clone());
            refuses("is not implied", &again);
            twice += 1;
        }
        // Of two cells as dear as each other, each left out because of the other.
        if let Some(&(first, Some(twin))) = proof.dropped.iter().find(|d| d.1.is_some()) {
            let mut both = proof.clone();
            both.dropped.push((twin, Some(first)));
            refuses("left out", &both);
        }
        // Other small ones in its line leave a primary cell all that it asks: that sum asks nothing of a pattern.
        for row in 0..table.relations() {
            let (terms, _) = table.relation(row);
            let (total, parts) = terms.split_first().unwrap();
            let primary = |c: CellId| verified.assessment().standing(c) == Standing::Primary;
            let small: Vec<CellId> = parts.iter().map(|t| t.0).filter(|&c| primary(c)).collect();
            let Some(&cell) = small.first().filter(|_| !primary(total.0)) else { continue };
            let room: i64 = small.iter().skip(1).map(|&c| table.count(c)).sum();
            if room >= 10 - table.count(cell) {
                let mut idle = proof.clone();
                let sides = vec![Side { upward: true, sums: vec![(row, -1)] }];
                idle.cuts.push(Cut::Room { cell: cell.index(), sides, apart: Vec::new() });
                refuses("goes far enough", &idle);
                nothing += 1;
            }
        }
    }
    assert!(nothing > 10 && twice > 5, "{nothing} {twice}");
}
