//! The field's known failures: each a small table, what goes wrong elsewhere, and what holds here.
//!
//! The file under `elsewhere` is what a careless hand or program publishes: `check` finds the fault. The table itself is
//! suppressed, twice to the same bytes, and `check` finds nothing in the release; or it cannot be protected, and is not
//! released.

#![allow(clippy::unwrap_used, reason = "a test may panic and print")]

use std::fs;
use std::path::Path;

use caviardage::attack::{Gravity, Knowledge, report};
use caviardage::files::{Plan, Sheet};
use caviardage::policy::{Policy, Zeros};
use caviardage::{Request, suppress};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Failure {
    what: String,
    source: String,
    table: String,
    elsewhere: String,
    fault: String,
    count: usize,
    /// More faults than that may be found.
    #[serde(default)]
    at_least: bool,
    #[serde(default)]
    plan: String,
    zeros: Option<Zeros>,
    /// Whether the table can be released at all.
    #[serde(default = "yes")]
    released: bool,
    /// Whether the release is the table as it is.
    #[serde(default)]
    unchanged: bool,
}

fn yes() -> bool {
    true
}

#[test]
fn every_known_failure_is_found_elsewhere_and_absent_here() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/known-failures");
    let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    names.sort();
    assert!(names.len() >= 11);
    for path in names {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let case: Failure = toml::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        assert!(!case.what.is_empty() && !case.source.is_empty(), "{name}");
        let plan = Plan::read(&case.plan).unwrap();
        let zeros = case.zeros.unwrap_or_default();
        let policy = Policy::articles_53_54().zeros(zeros);
        let knowledge = Knowledge::of(&policy);

        let (published, _) = Sheet::read_published(case.elsewhere.as_bytes(), &plan, &[]).unwrap();
        let found = report(&published, &knowledge);
        let of = |gravity: Gravity| found.findings.iter().filter(|f| f.gravity == gravity && f.objection).count();
        let count = match case.fault.as_str() {
            "computed" => of(Gravity::Computed),
            "below" => of(Gravity::Below),
            "shown" => of(Gravity::Shown),
            "contradiction" => found.contradictions.len(),
            other => unreachable!("{other}"),
        };
        assert!(count == case.count || (case.at_least && count > case.count), "{name}: {count} {:?}", found.findings);
        assert!(!found.is_clean(), "{name}");

        let sheet = Sheet::read(case.table.as_bytes(), &plan).unwrap();
        let request = Request::new(sheet.table()).policy(policy.clone());
        match suppress(request.clone()) {
            Ok(done) => {
                assert!(case.released, "{name}");
                let out = sheet.render(&done.release).unwrap();
                let again = sheet.render(&suppress(request).unwrap().release).unwrap();
                assert_eq!(out, again, "{name}: two runs differ");
                assert_eq!(out == case.table.as_bytes(), case.unchanged, "{name}");
                assert_eq!(done.trail.cost(), done.trail.lower_bound(), "{name}: no more is hidden than must be");
                let (published, _) = Sheet::read_published(&out, &plan, &[]).unwrap();
                let found = report(&published, &knowledge);
                assert!(found.is_clean(), "{name}: {:?}\n{}", found.findings, String::from_utf8_lossy(&out));
            }
            Err(error) => {
                assert!(
                    !case.released && error.is_unprotectable() && error.to_string().contains("Alma"),
                    "{name}: {error}"
                );
            }
        }
    }
}
