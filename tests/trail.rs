//! Trails: whole, checked from the file alone; reasons that hold with nothing but what they cite; no figure changes unseen.

#![allow(clippy::unwrap_used, reason = "a test may panic and print")]

mod common;

use std::collections::BTreeSet;

use caviardage::policy::{Policy, Zeros};
use caviardage::relations::Why;
use caviardage::solver::Outcome;
use caviardage::table::{Axis, Cube, Key, Record, Standing, Table};
use caviardage::testing::pattern_of;
use caviardage::testing::strategies::{Shape, Suppressed, Tables, policies, suppressions};
use caviardage::trail::{Ground, Log, Reason, Trail};
use caviardage::{Pattern, Problem, attack, suppress, verify};
use common::Oracle;
use proptest::prelude::*;
use serde_json::Value;

fn any_suppressed() -> BoxedStrategy<Suppressed> {
    suppressions(Tables::new().sizes(1..=5).strategy(), policies())
}

fn threshold_only() -> BoxedStrategy<Policy> {
    any::<bool>()
        .prop_map(|publish| Policy::articles_53_54().zeros(if publish { Zeros::Publish } else { Zeros::Hide }))
        .boxed()
}

/// Every way to change one thing in a JSON value: a figure, a text, an entry left out, two entries swapped.
fn changes(value: &Value, path: &str, all: &mut Vec<(String, Value)>, whole: &dyn Fn(Value) -> Value) {
    let mut add = |what: &str, changed: Value| all.push((format!("{path} {what}"), whole(changed)));
    match value {
        Value::Number(n) => {
            if let Some(i) = n.as_i64() {
                add("up", i.saturating_add(1).into());
                add("down", i.saturating_sub(1).into());
                // Numbers of nothing, and beyond what is carried.
                add("beyond", i.saturating_add(99).into());
                add("far", i64::MAX.into());
            }
        }
        Value::Bool(b) => add("turned", (!b).into()),
        Value::String(s) => {
            add("longer", format!("{s}0").into());
            if let Some(last) = s.chars().last() {
                let other = if last == '0' { '1' } else { '0' };
                add("other", format!("{}{other}", &s[..s.len() - last.len_utf8()]).into());
            }
        }
        Value::Array(list) => {
            for i in 0..list.len() {
                let mut less = list.clone();
                less.remove(i);
                add(&format!("without {i}"), less.into());
            }
            for i in 1..list.len() {
                if list[i] != list[i - 1] {
                    let mut swapped = list.clone();
                    swapped.swap(i - 1, i);
                    add(&format!("swapped {i}"), swapped.into());
                }
            }
            for (i, one) in list.iter().enumerate() {
                let inner = |changed: Value| {
                    let mut copy = list.clone();
                    copy[i] = changed;
                    whole(copy.into())
                };
                changes(one, &format!("{path}/{i}"), all, &inner);
            }
        }
        Value::Object(members) => {
            for (name, one) in members {
                let inner = |changed: Value| {
                    let mut copy = members.clone();
                    copy.insert(name.clone(), changed);
                    whole(copy.into())
                };
                changes(one, &format!("{path}/{name}"), all, &inner);
                let mut less = members.clone();
                less.remove(name);
                all.push((format!("{path} without {name}"), whole(less.into())));
            }
        }
        Value::Null => {}
    }
}

fn changed(trail: &Trail) -> Vec<(String, Value)> {
    let value: Value = serde_json::from_str(&trail.to_json()).unwrap();
    let mut all = Vec::new();
    changes(&value, "", &mut all, &|changed| changed);
    all
}

/// Only these relations, over cells that are free otherwise.
fn only(done: &Trail, rows: &BTreeSet<usize>) -> Table {
    let record = done.table();
    let name = |cell: usize| format!("cell {cell}");
    let mut builder = Table::builder();
    for (number, cell) in record.cells.iter().enumerate() {
        builder = builder.cell(name(number), cell.count);
        if cell.structural {
            builder = builder.structural_zero(name(number).as_str());
        }
        // What is not displayed may be zero although zeros are published.
        if cell.undisplayed {
            builder = builder.undisplayed(name(number).as_str());
        }
        if cell.standing != Standing::Open {
            builder = builder.standing(name(number).as_str(), cell.standing);
        }
    }
    for &row in rows {
        let relation = &record.relations[row];
        let terms = relation.terms.iter().map(|&(cell, k)| (k, Key::from(name(cell).as_str())));
        builder = builder.relation(format!("row {row}"), terms, relation.constant);
    }
    builder.build().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { max_global_rejects: 100_000, ..ProptestConfig::default() })]

    #[test]
    fn a_trail_is_checked_from_the_file_alone(Suppressed { table, done, .. } in any_suppressed()) {
        let trail = Trail::read(&done.trail.to_json()).unwrap();
        prop_assert_eq!(&trail, &done.trail);
        prop_assert_eq!(&trail.table().table().unwrap(), &table);
        let checked = trail.verify().unwrap();
        prop_assert_eq!(&checked.release, &done.release);
        prop_assert_eq!(checked.unproved, 0);
        if done.trail.outcome() == Outcome::Optimal {
            prop_assert_eq!(checked.proved_bound, Some(done.trail.cost()));
        }
        // Whatever hides a cell is told, in steps that use only steps before them.
        let explained = trail.explain_all().unwrap();
        prop_assert_eq!(explained.cells.len(), trail.hidden().len());
        for (cell, entry) in explained.cells.iter().zip(trail.hidden()) {
            match (&cell.ground, entry.reason.clone()) {
                (Ground::Below(_) | Ground::DeclaredPrimary, Reason::Primary { .. }) => {}
                (Ground::Undisplayed, Reason::Undisplayed) => {}
                (Ground::Gives { steps, falls, .. }, Reason::Complementary { protects }) => {
                    prop_assert!(!steps.is_empty());
                    prop_assert_eq!(table.find(falls.cell.clone()).unwrap().index(), protects);
                }
                other => prop_assert!(false, "{other:?}"),
            }
        }
    }

    #[test]
    fn a_reason_needs_no_more_than_it_cites(
        Suppressed { table, policy, done } in suppressions(Tables::new().strategy(), threshold_only()),
    ) {
        for need in done.trail.needed() {
            let rows: BTreeSet<usize> = need.ends.iter().flat_map(|end| match &end.why {
                Why::Sums(sums) => sums.iter().map(|s| s.0).collect::<Vec<_>>(),
                Why::Cases(cases) => cases.iter().flat_map(|c| &c.sums).map(|s| s.0).collect(),
            }).collect();
            let cited = only(&done.trail, &rows);
            let hidden = pattern_of(&done).hidden().filter(|c| c.index() != need.cell).collect::<Vec<_>>();
            let pattern = Pattern::hiding(table.len(), hidden);
            let fallen = attack::judge(&cited, &policy, &pattern).unwrap().fallen;
            prop_assert!(fallen.iter().any(|f| f.cell.index() == need.falls && f.proved), "{need:?} {fallen:?}");
        }
    }

    #[test]
    fn without_any_one_complement_the_named_primary_cell_fails(Suppressed { table, policy, done } in any_suppressed()) {
        prop_assume!(!done.trail.needed().is_empty());
        let whole = pattern_of(&done);
        for need in done.trail.needed().iter().filter(|need| need.is_proved()) {
            let fewer = Pattern::hiding(table.len(), whole.hidden().filter(|c| c.index() != need.cell));
            let falls = table.key(table.cells().nth(need.falls).unwrap()).to_string();
            // With the trail's own witnesses, and with the best that an attack finds.
            let found = attack::judge(&table, &policy, &fewer).unwrap();
            for witnesses in [done.trail.witnesses(), &found.witnesses] {
                let error = verify::verify(&table, &policy, &fewer, witnesses).unwrap_err();
                let named = |p: &Problem| matches!(p, Problem::TooNarrow { cell, .. } if *cell == falls);
                prop_assert!(error.problems().iter().any(named), "{falls} in {error}");
            }
        }
    }

    /// Every table that the release leaves possible could have come with this attestation: it rules out none of them.
    #[test]
    fn the_attestation_rules_out_nothing_that_the_release_allows(
        Suppressed { table, policy, done } in suppressions(Tables::new().strategy(), threshold_only()),
        times in prop::collection::vec(-2_i64..3, 8),
    ) {
        let attestation = done.attestation();
        prop_assert!(attestation.fits(&done.release, &policy));
        let pattern = pattern_of(&done);
        let base = Record { percentages: Vec::new(), ..Record::of(&table) };
        let publish = policy.treats_zeros() == Zeros::Publish;
        // Witnesses, times a little, and sums of two of them: tables that a reader cannot rule out.
        let witnesses = done.trail.witnesses();
        for (i, first) in witnesses.iter().enumerate().take(8) {
            for second in witnesses.iter().skip(i).take(3) {
                let mut record = base.clone();
                for (witness, times) in [(first, times[i]), (second, times[(i + 3) % 8])] {
                    for (cell, change) in witness.changes() {
                        record.cells[cell.index()].count += times * change;
                    }
                }
                let low = |cell: usize| {
                    let positive = publish && !record.cells[cell].undisplayed && base.cells[cell].count > 0;
                    record.cells[cell].count < i64::from(positive)
                };
                if pattern.hidden().any(|c| low(c.index())) {
                    continue;
                }
                let other = record.table().unwrap();
                let found = attack::judge(&other, &policy, &pattern).unwrap();
                let verified = verify::verify(&other, &policy, &pattern, &found.witnesses);
                prop_assert!(verified.is_ok(), "{:?}", verified.err());
                if table.percentages().is_empty() {
                    let release = caviardage::release::Release::new(&verified.unwrap());
                    prop_assert!(release == done.release && attestation.fits(&release, &policy));
                }
            }
        }
        // No hidden count stands in it, nor what the trail alone knows.
        let value: Value = serde_json::from_str(&attestation.to_json()).unwrap();
        let reader = value["reader"].as_object().unwrap().values();
        let figures: Vec<i64> = value.as_object().unwrap().values().chain(reader).filter_map(Value::as_i64).collect();
        for hidden in done.trail.hidden().iter().filter(|h| h.count > 200) {
            prop_assert!(!figures.contains(&hidden.count), "{} in {figures:?}", hidden.count);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_global_rejects: 100_000, ..ProptestConfig::default() })]

    #[test]
    fn no_change_of_a_trail_goes_unseen(
        Suppressed { done, .. } in suppressions(Tables::new().sizes(1..=3).strategy(), policies()),
    ) {
        let trail = done.trail.clone().of_files(b"in", b"out");
        for (what, value) in changed(&trail) {
            let seen = match Trail::read(&value.to_string()) {
                Err(_) => true,
                // A member that was left out may stand for itself: what stands there is then the same.
                Ok(other) => other == trail || other.verify().is_err(),
            };
            prop_assert!(seen, "{what}");
        }
        let release = serde_json::to_value(&done.release).unwrap();
        let mut all = Vec::new();
        changes(&release, "", &mut all, &|changed| changed);
        for (what, value) in all {
            if let Ok(other) = serde_json::from_value::<caviardage::release::Release>(value.clone()) {
                let same = serde_json::to_value(&other).unwrap() == release;
                prop_assert!(trail.verify_release(&other).is_err() || same, "{what}");
            }
        }
    }

    /// Whoever also makes the seal anew can only say what is true.
    #[test]
    fn a_forged_trail_proves_nothing_false(
        Suppressed { table, policy, done } in suppressions(
            Tables::new().shapes([Shape::Line, Shape::Flat, Shape::Linked, Shape::Undisplayed]).sizes(1..=3).largest(25).strategy(),
            threshold_only(),
        ),
    ) {
        let oracle = Oracle::new(&table, &policy);
        prop_assume!(oracle.open_cells() <= 10);
        let optimum = oracle.optimum().unwrap();
        for (what, value) in changed(&done.trail) {
            let part = what.split(['/', ' ']).nth(1).unwrap_or("");
            if !["hidden", "witnesses", "needed", "cost", "lower_bound", "outcome", "bound", "printed"].contains(&part) {
                continue;
            }
            let Ok(forged) = Trail::read(&value.to_string()) else { continue };
            let forged = forged.of_files(b"in", b"out");
            let Ok(checked) = forged.verify() else { continue };
            let pattern = Pattern::hiding(table.len(), forged.hidden().iter().map(|h| table.cells().nth(h.cell).unwrap()));
            prop_assert!(oracle.is_safe(&pattern), "{what}");
            prop_assert_eq!(forged.cost(), done.trail.cost(), "{}", what);
            prop_assert!(checked.proved_bound.unwrap_or(0) <= optimum, "{what}");
            let hidden: Vec<bool> = table.cells().map(|c| pattern.is_hidden(c)).collect();
            let assessment = policy.assess(&table).unwrap();
            for need in forged.needed().iter().filter(|n| n.is_proved()) {
                let mut fewer = hidden.clone();
                fewer[need.cell] = false;
                let primary = assessment.primaries().iter().find(|p| p.cell.index() == need.falls).unwrap();
                prop_assert!(!oracle.is_protected(&fewer, primary), "{what}");
            }
        }
    }
}

fn three() -> Vec<Trail> {
    [[3, 40, 25], [0, 12, 9], [100, 8, 31]]
        .into_iter()
        .map(|counts| {
            let table = Cube::new([Axis::flat("lieu", ["a", "b", "c"]).total("Total")]).counts(counts).build().unwrap();
            suppress(&table).unwrap().trail
        })
        .collect()
}

#[test]
fn a_log_names_the_entry_that_was_touched() {
    let mut log = Log::default();
    for (number, trail) in three().into_iter().enumerate() {
        log.append(trail, format!("demande {number}"));
    }
    let text = log.to_lines();
    assert_eq!(Log::read(&text).unwrap(), log);
    assert!(log.ends_with(log.head()).is_ok());
    let lines: Vec<&str> = text.lines().collect();
    let broken = |lines: &[&str]| {
        let text: String = lines.iter().map(|l| format!("{l}\n")).collect();
        Log::read(&text).unwrap_err().to_string()
    };
    for (lines, entry) in [
        (vec![lines[1], lines[2]], 1),
        (vec![lines[0], lines[2]], 2),
        (vec![lines[1], lines[0], lines[2]], 1),
        (vec![lines[0], lines[2], lines[1]], 2),
        (vec![lines[0], lines[1], lines[1], lines[2]], 3),
    ] {
        let told = broken(&lines);
        assert!(told.contains(&format!("entry {entry} of the log does not follow")), "{told}");
    }
    // The end of a log is guarded by its digest, noted elsewhere.
    let shorter = Log::read(&format!("{}\n{}\n", lines[0], lines[1])).unwrap();
    assert!(shorter.ends_with(log.head()).unwrap_err().to_string().contains("the log ends with"));
    // Any figure or letter of any line.
    for number in 0..lines.len() {
        for (at, c) in lines[number].char_indices().filter(|(_, c)| c.is_ascii_alphanumeric()).step_by(7) {
            let other = if c == '1' { '2' } else { '1' };
            let line = format!("{}{other}{}", &lines[number][..at], &lines[number][at + 1..]);
            let mut copy = lines.clone();
            copy[number] = &line;
            let told = broken(&copy);
            assert!(told.contains(&format!("entry {}", number + 1)), "{told}");
        }
    }
}

#[test]
fn a_trail_of_another_kind_is_refused_with_its_place() {
    let told = |text: &str| Trail::read(text).unwrap_err().to_string();
    assert!(told("{").contains("this is no trail"));
    assert!(told("{\"schema\":\"caviardage-trail/1\"}").contains("caviardage-trail/1"));
    let trail = three().remove(0);
    let text = trail.to_json().replace("\"count\":3", "\"count\":4");
    assert!(Trail::read(&text).unwrap().verify().unwrap_err().to_string().contains("the seal of the trail is broken"));
    assert!(trail.explain("d").unwrap_err().is_input());
}
