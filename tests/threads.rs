//! Whatever the number of threads, the same bytes.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;

use caviardage::files::jj;
use caviardage::solver::Effort;
use caviardage::{Pattern, Request, attack, suppress};
use rayon::ThreadPoolBuilder;

/// The whole trail of an instance, and what an attack on its pattern finds, both by so many threads.
fn answers(name: &str, threads: usize) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/csplib").join(name);
    let problem = jj::read(&std::fs::read_to_string(path).unwrap()).unwrap();
    let solve = || {
        let effort = Effort::default().work(100_000_000);
        let done = suppress(Request::new(&problem.table).policy(problem.policy.clone()).effort(effort)).unwrap();
        let hidden: Vec<usize> = done.trail.hidden().iter().map(|h| h.cell).collect();
        // Less is hidden than must be, so that some fall.
        let less = problem.table.cells().filter(|c| hidden.iter().skip(3).any(|&h| h == c.index()));
        let pattern = Pattern::hiding(problem.table.len(), less);
        let findings = attack::judge(&problem.table, &problem.policy, &pattern).unwrap();
        assert!(!findings.fallen.is_empty() && !findings.witnesses.is_empty());
        format!("{}\n{findings:?}", serde_json::to_string(&done.trail).unwrap())
    };
    let pool = ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(solve)
}

#[test]
fn one_two_and_four_threads_three_times_each_give_the_same_bytes() {
    // The first two are no networks: their primary cells are attacked on all threads.
    for name in ["table7.jj", "hier13x7x7d.jj", "targus.jj"] {
        let first = answers(name, 1);
        for threads in [1, 2, 4] {
            for _ in 0..3 {
                assert!(answers(name, threads) == first, "{name}: other bytes on {threads} threads");
            }
        }
    }
}
