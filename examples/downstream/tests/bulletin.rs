//! The bulletin keeps caviardage's promises: what a wrapper should test, with the kit's strategies and assertions.

use caviardage::policy::Policy;
use caviardage::table::Table;
use caviardage::testing::strategies::{OneShown, Tables, one_shown, policies};
use caviardage::testing::{assert_kept, assert_minimal, assert_no_leak, needless, pattern_of};
use proptest::prelude::*;

/// Labels of these tables hold small numbers (`r1`, `c2`), and the notes 10, 53 and 54: counts that could be looked for in
/// the text are large.
fn tables() -> BoxedStrategy<Table> {
    Tables::new().sizes(1..=4).small(25).largest(90_000).strategy()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, max_global_rejects: 10_000, ..ProptestConfig::default() })]

    #[test]
    fn what_is_printed_is_safe_needed_and_silent(table in tables(), policy in policies()) {
        let Ok(done) = bulletin::prepare(&table, &policy) else { return Ok(()) };
        assert_kept(&table, &policy, &done);
        assert_minimal(&table, &policy, &pattern_of(&done));
        assert_no_leak(&done, bulletin::print(&done).as_bytes());
        done.trail.verify().unwrap();
    }

    /// The kit is worth its place: it finds what a careless wrapper would do.
    #[test]
    fn a_careless_bulletin_is_caught(one in one_shown(tables(), Just(Policy::articles_53_54()).boxed())) {
        let OneShown { table, policy, pattern, shown, done } = one;
        let found = caviardage::attack::judge(&table, &policy, &pattern).unwrap();
        prop_assert!(!found.fallen.is_empty());
        // A figure printed by hand beside the table.
        if table.count(shown) > 1000 {
            let careless = format!("{}\nPour information : {}", bulletin::print(&done), table.count(shown));
            let silent = std::panic::catch_unwind(|| assert_no_leak(&done, careless.as_bytes()));
            let public = bulletin::print(&done).contains(&table.count(shown).to_string());
            prop_assert!(silent.is_err() || public);
        }
        // A cell hidden for good measure.
        let whole = pattern_of(&done);
        let more = table.cells().find(|&c| {
            let open = policy.assess(&table).unwrap().standing(c) == caviardage::table::Standing::Open;
            open && !whole.is_hidden(c)
        });
        if let Some(more) = more {
            let pattern = caviardage::Pattern::hiding(table.len(), whole.hidden().chain([more]));
            prop_assert!(needless(&table, &policy, &pattern).unwrap().contains(&more));
        }
    }
}
