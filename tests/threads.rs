//! Whatever the number of threads, the same bytes.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;

use caviardage::files::jj;
use caviardage::solver::Effort;
use caviardage::{Request, suppress};
use rayon::ThreadPoolBuilder;

/// The whole trail of an instance, found by so many threads.
fn trail(name: &str, threads: usize) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/csplib").join(name);
    let problem = jj::read(&std::fs::read_to_string(path).unwrap()).unwrap();
    let solve = || {
        let effort = Effort::default().work(100_000_000);
        suppress(Request::new(&problem.table).policy(problem.policy.clone()).effort(effort)).unwrap()
    };
    let pool = ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    serde_json::to_string(&pool.install(solve).trail).unwrap()
}

#[test]
fn one_two_and_four_threads_three_times_each_give_the_same_bytes() {
    // The first two are no networks: there questions are asked on all threads.
    for name in ["table7.jj", "hier13x7x7d.jj", "targus.jj"] {
        let first = trail(name, 1);
        for threads in [1, 2, 4] {
            for _ in 0..3 {
                assert!(trail(name, threads) == first, "{name}: other bytes on {threads} threads");
            }
        }
    }
}
