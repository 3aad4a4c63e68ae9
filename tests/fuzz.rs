//! Every reader on bytes that nobody meant for it: an answer or an error, never a panic, and derivations that add up.
//!
//! `PROPTEST_CASES=1000000 cargo test --release --features files --test fuzz` runs for long; what it finds becomes a case of
//! `tests/data/fuzz`, which are run first.

#![allow(clippy::unwrap_used, reason = "a test may panic and print")]

use std::fs;
use std::path::Path;

use caviardage::attack::{Item, Knowledge, Overlap, Published, deduce, report};
use caviardage::files::{Earlier, Plan, Sheet, jj};
use caviardage::policy::Policy;
use caviardage::release::Release;
use caviardage::solver::Effort;
use caviardage::{Request, suppress};
use proptest::prelude::*;

/// Everything that reads a table, on these bytes, with this plan.
fn read_all(bytes: &[u8], plan: &Plan) {
    if let Ok((published, _)) = Sheet::read_published(bytes, plan, &["z".to_owned()]) {
        // The reader's work grows with the table; these are small.
        if published.len() < 200 {
            let knowledge = Knowledge::default().with(Item::Rule);
            let found = deduce(&published, &knowledge);
            assert!(found.holds(), "a derivation does not add up");
            let _ = report(&published, &knowledge);
        }
    }
    if let Ok(sheet) = Sheet::read(bytes, plan)
        && sheet.table().len() < 200
    {
        let request =
            Request::new(sheet.table()).policy(Policy::articles_53_54()).effort(Effort::default().work(200_000));
        if let Ok(done) = suppress(request) {
            let out = sheet.render(&done.release).unwrap();
            let json = serde_json::to_string(&done.release).unwrap();
            let back: Release = serde_json::from_str(&json).unwrap();
            assert_eq!(back, done.release);
            Published::new(&back.statements()).unwrap();
            // Headings of such files mean little: once figures are hidden, the same columns may read otherwise.
            let _ = Sheet::read_published(&out, plan, &[]);
        }
        let earlier = Earlier { name: "avant", release: bytes, counts: Some(bytes), overlap: None };
        let _ = Sheet::read_after(bytes, plan, &[earlier]);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = Plan::read(text);
        if let Ok(problem) = jj::read(text) {
            let _ = jj::read_pattern(text, &problem.table);
        }
        let _ = serde_json::from_str::<Release>(text).map(|r| Published::new(&r.statements()));
    }
}

fn plans() -> Vec<Plan> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/quebec");
    let named = |name: &str| Plan::read(&fs::read_to_string(folder.join(name)).unwrap()).unwrap();
    vec![
        Plan::default(),
        Plan::default().total("Tout"),
        named("portrait-bas-saint-laurent-2019.plan.toml"),
        named("presence-hors-cmm-par-region-2026.plan.toml"),
        Plan::read("[[sorted]]\ncolumn = \"n\"\norder = \"descending\"\n").unwrap(),
        Plan::read("layout = \"long\"\n").unwrap(),
    ]
}

/// Fields as tables have them, in any disorder.
fn field() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => (0_u32..60).prop_map(|n| n.to_string()),
        2 => prop::sample::select(vec!["", "x", "<10", "-", "..", "c", "F", "100,0", "12,5", "0,7 %", "8,5%", "1 234", "−3", "1e9"])
            .prop_map(str::to_owned),
        2 => prop::sample::select(vec!["Total", "Ensemble", "Alma", "Amos", "Autres", "n", "%", "dont femmes", "\"q;\"\"", "é\u{a0}"])
            .prop_map(str::to_owned),
        1 => "\\PC{0,6}",
        1 => (0_u64..u64::MAX).prop_map(|n| n.to_string()),
    ]
}

fn table() -> impl Strategy<Value = Vec<u8>> {
    let rows = prop::collection::vec(prop::collection::vec(field(), 1..6), 1..9);
    (rows, prop::sample::select(vec![";", ",", "\t"]), prop::sample::select(vec!["\n", "\r\n"])).prop_map(
        |(rows, separator, end)| {
            let lines: Vec<String> = rows.into_iter().map(|r| r.join(separator)).collect();
            lines.join(end).into_bytes()
        },
    )
}

/// Small tables that read well, before they are damaged.
fn well_made() -> impl Strategy<Value = Vec<u8>> {
    (prop::collection::vec((0_u32..40, prop::bool::weighted(0.3)), 3..6), any::<bool>()).prop_map(
        |(counts, percent)| {
            let total: u32 = counts.iter().map(|c| c.0).sum();
            let mut lines = vec![if percent { "Ville;n;%".to_owned() } else { "Ville;n".to_owned() }];
            for (i, (count, hidden)) in counts.iter().enumerate() {
                let shown = if *hidden { "x".to_owned() } else { count.to_string() };
                let share = format!("{:.1}", 100.0 * f64::from(*count) / f64::from(total.max(1))).replace('.', ",");
                lines.push(if percent { format!("V{i};{shown};{share}") } else { format!("V{i};{shown}") });
            }
            lines.push(if percent { format!("Total;{total};100,0") } else { format!("Total;{total}") });
            lines.join("\n").into_bytes()
        },
    )
}

fn real() -> impl Strategy<Value = Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    let names = [
        "quebec/invitations-par-municipalite-2026.csv",
        "quebec/presence-hors-cmm-par-region-2026.csv",
        "quebec/portrait-bas-saint-laurent-2019.csv",
        "quebec/portrait-bas-saint-laurent-2019.plan.toml",
        "literature/willenborg.jj",
    ];
    prop::sample::select(names.iter().map(|n| fs::read(root.join(n)).unwrap()).collect::<Vec<_>>())
}

/// One damage: where, as a share of the file, and what.
#[derive(Debug, Clone)]
enum Damage {
    Cut(f64, usize),
    Put(f64, Vec<u8>),
    Double(f64, usize),
}

fn damages() -> impl Strategy<Value = Vec<Damage>> {
    let put = prop_oneof![
        prop::collection::vec(any::<u8>(), 1..4),
        prop::sample::select(vec![";", "\n", "\"", "x", "0", "9", "%", ",", "Total", "<10", "\u{feff}", "-"])
            .prop_map(|t| t.as_bytes().to_vec()),
    ];
    let one = prop_oneof![
        (0.0..1.0, 1_usize..20).prop_map(|(at, n)| Damage::Cut(at, n)),
        (0.0..1.0, put).prop_map(|(at, what)| Damage::Put(at, what)),
        (0.0..1.0, 1_usize..80).prop_map(|(at, n)| Damage::Double(at, n)),
    ];
    prop::collection::vec(one, 0..5)
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a place in a file"
)]
fn damaged(mut bytes: Vec<u8>, damages: &[Damage]) -> Vec<u8> {
    for damage in damages {
        let place = |share: f64| ((bytes.len() as f64) * share) as usize;
        match damage {
            Damage::Cut(at, n) => {
                let at = place(*at);
                bytes.drain(at..(at + n).min(bytes.len()));
            }
            Damage::Put(at, what) => {
                let at = place(*at);
                bytes.splice(at..at, what.iter().copied());
            }
            Damage::Double(at, n) => {
                let at = place(*at);
                let part = bytes[at..(at + n).min(bytes.len())].to_vec();
                bytes.splice(at..at, part);
            }
        }
    }
    bytes
}

proptest! {
    #[test]
    fn random_tables(bytes in table(), plan in 0_usize..6) {
        read_all(&bytes, &plans()[plan]);
    }

    #[test]
    fn small_tables_damaged(bytes in well_made(), how in damages(), plan in 0_usize..2) {
        read_all(&damaged(bytes, &how), &plans()[plan]);
    }

    #[test]
    fn real_files_damaged(bytes in real(), how in damages(), plan in 0_usize..4) {
        read_all(&damaged(bytes, &how), &plans()[plan]);
    }

    #[test]
    fn random_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        read_all(&bytes, &Plan::default());
    }
}

#[test]
fn what_was_found_before() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/fuzz");
    let mut seen = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        plans().iter().for_each(|plan| read_all(&bytes, plan));
        seen += 1;
    }
    assert!(seen > 0);
}

proptest! {
    /// Two releases of one table, the second counting more persons: what the second shows gives away no difference.
    #[test]
    fn what_is_added_since_an_earlier_release_is_protected(
        first in prop::collection::vec((0_u32..30, prop::bool::weighted(0.3)), 3..6),
        more in prop::collection::vec(0_u32..30, 5),
        percent in any::<bool>(),
        same in any::<bool>(),
    ) {
        let lines = |counts: &[u32], hidden: &[bool]| {
            let total: u32 = counts.iter().sum();
            let mut lines = vec![if percent { "Ville;n;%".to_owned() } else { "Ville;n".to_owned() }];
            for (i, &count) in counts.iter().enumerate() {
                let shown = if hidden[i] { "x".to_owned() } else { count.to_string() };
                let share = format!(";{:.0}", 100.0 * f64::from(count) / f64::from(total.max(1)));
                let share = if !percent { "" } else if hidden[i] { ";x" } else { &share };
                lines.push(format!("V{i};{shown}{share}"));
            }
            lines.push(format!("Total;{total}{}", if percent { ";100" } else { "" }));
            lines.join("\n")
        };
        let then: Vec<u32> = first.iter().map(|f| f.0).collect();
        // Marked small counts were hidden then, with whatever else; that first release need not have been safe.
        let hidden: Vec<bool> = first.iter().map(|f| f.1).collect();
        let now: Vec<u32> = if same { then.clone() } else { then.iter().zip(&more).map(|(a, b)| a + b).collect() };
        prop_assume!(now.iter().sum::<u32>() > 0 && then.iter().sum::<u32>() > 0);
        let open = vec![false; now.len()];
        let (release, counts, table) = (lines(&then, &hidden), lines(&then, &open), lines(&now, &open));
        let overlap = if same { Overlap::Same } else { Overlap::Part };
        let earlier = Earlier { name: "avant", release: release.as_bytes(), counts: Some(counts.as_bytes()), overlap: Some(overlap) };
        let plan = Plan::default();
        // An earlier release whose rounded percentages do not agree with each other tells nothing that can be kept.
        let Ok(sheet) = Sheet::read_after(table.as_bytes(), &plan, &[earlier]) else { return Ok(()) };
        let policy = Policy::articles_53_54().threshold(5);
        match suppress(Request::new(sheet.table()).policy(policy.clone())) {
            Ok(done) => {
                let out = sheet.render(&done.release).unwrap();
                let (published, _) = Sheet::read_published(&out, &plan, &[]).unwrap();
                let (before, _) = Sheet::read_published(release.as_bytes(), &plan, &[]).unwrap();
                let known = published.with_earlier(&before, overlap, "avant");
                let found = report(&known, &Knowledge::of(&policy));
                // What the earlier release itself gave away is not this release's doing.
                let before = report(&before, &Knowledge::of(&policy));
                if before.is_clean() {
                    prop_assert!(found.is_clean(), "{:?}\n{}", found.findings, String::from_utf8_lossy(&out));
                }
            }
            Err(error) => prop_assert!(error.is_unprotectable(), "{}", error),
        }
    }
}
