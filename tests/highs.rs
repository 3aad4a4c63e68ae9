//! HiGHS instead of our own simplex: the same optima, as safe, and limits of work that hold.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;

use caviardage::files::jj;
use caviardage::solver::{Effort, Engine, Outcome};
use caviardage::table::{Axis, Cube, Table};
use caviardage::{Pattern, Request, attack, suppress, verify};

/// Three axes, so that relations are no network and every question goes to a linear program.
fn cube(seed: u64, sides: [usize; 3]) -> Table {
    let axis = |name: &str, n: usize| Axis::flat(name, (0..n).map(|i| format!("{name}{i}"))).total("Total");
    let mut x = seed;
    let mut count = || {
        x = x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let draw = x >> 33;
        if draw.is_multiple_of(6) { draw % 13 } else { 10 + draw % 90 }
    };
    let counts: Vec<u64> = (0..sides.iter().product::<usize>()).map(|_| count()).collect();
    Cube::new([axis("a", sides[0]), axis("b", sides[1]), axis("c", sides[2])]).counts(counts).build().unwrap()
}

#[test]
fn random_cubes_have_the_same_optimum() {
    let mut proved = 0;
    for seed in 0..12 {
        let table = cube(seed, [4, 3, 3 + usize::try_from(seed % 2).unwrap()]);
        let solve = |engine| suppress(Request::new(&table).engine(engine));
        let (Ok(own), Ok(highs)) = (solve(Engine::Simplex), solve(Engine::Highs)) else { continue };
        assert_eq!(highs.trail.cost(), own.trail.cost(), "{seed}");
        if own.trail.outcome() == Outcome::Optimal {
            assert_eq!(highs.trail.outcome(), Outcome::Optimal, "{seed}");
            proved += 1;
        }
        highs.trail.verify().unwrap();
        highs.trail.verify_release(&highs.release).unwrap();
    }
    assert!(proved > 8, "{proved}");
}

#[test]
fn an_instance_of_the_literature() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/csplib/table7.jj");
    let problem = jj::read(&std::fs::read_to_string(path).unwrap()).unwrap();
    for work in [20_000_000, 400_000_000] {
        let request = Request::new(&problem.table).policy(problem.policy.clone());
        let done = suppress(request.engine(Engine::Highs).effort(Effort::default().work(work))).unwrap();
        assert!(done.trail.lower_bound() <= 3_906_958 && done.trail.cost() >= 3_906_958);
        let hidden: Vec<usize> = done.trail.hidden().iter().map(|h| h.cell).collect();
        let text = jj::write_pattern(&problem.table, |c| hidden.contains(&c.index()));
        let pattern: Pattern = jj::read_pattern(&text, &problem.table).unwrap();
        let findings = attack::judge(&problem.table, &problem.policy, &pattern).unwrap();
        assert_eq!(findings.fallen, []);
        verify::verify(&problem.table, &problem.policy, &pattern, &findings.witnesses).unwrap();
    }
}
