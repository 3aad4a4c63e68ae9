#![expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "numbers below a hundred")]

use super::*;
use crate::extremes::Reach;
use crate::extremes::sparse::Sparse;
use crate::lp::Engine;
use crate::relations::Matrix;

/// A cube whose lines of five cells each keep their sum.
fn cube(integral: bool) -> Outsider {
    let cell = |i: usize, j: usize, k: usize| 25 * i + 5 * j + k;
    let line = |axis: usize, a: usize, b: usize| {
        let at = move |c: usize| [cell(c, a, b), cell(a, c, b), cell(a, b, c)][axis];
        (0..5).map(move |c| (at(c), 1)).collect::<Vec<(usize, i64)>>()
    };
    let pairs = || (0..5).flat_map(|a| (0..5).map(move |b| (a, b)));
    let rows = (0..3).flat_map(|axis| pairs().map(move |(a, b)| line(axis, a, b)));
    let room = |way: u64| (0..125).map(|c: u64| [0, 1, 2, 5, 9][(scatter(c, way) * 5.0).floor() as usize]).collect();
    Outsider { down: room(1), up: room(2), matrix: Matrix::new(125, rows), integral, cells: 125 }
}

/// Both engines for a cube.
fn engines() -> (Sparse, Kernel) {
    (Sparse::new(Engine::default(), &[false; 125], 100_000), Kernel::new(&[false; 125], 100_000))
}

/// Shows one cell after the other that a change moves: what mends it holds, and is found wherever a program finds it,
/// but for a few.
#[test]
fn what_is_mended_holds_and_little_is_missed() {
    for integral in [true, false] {
        let outsider = cube(integral);
        let (mut found, mut missed, mut wrong) = (0, 0, 0);
        for case in 0..150_u64 {
            let mut hidden: Vec<bool> = (0..125).map(|c| scatter(c, 100 + case) < 0.6).collect();
            let asked = ((scatter(case, 7) * 125.0) as usize, true, 1);
            hidden[asked.0] = true;
            let (mut sparse, mut kernel) = engines();
            let mut near = match sparse.search(&outsider, &hidden, asked, None) {
                Reach::Witness(witness) => witness,
                _ => continue,
            };
            for _ in 0..12 {
                let Some(&(shown, _)) = near.terms.iter().find(|t| t.0 != asked.0) else { break };
                hidden[shown] = false;
                sparse.forget();
                kernel.set(shown, false);
                let program = sparse.search(&outsider, &hidden, asked, Some(&near));
                match (kernel.mend(&outsider, &hidden, asked, &near), program) {
                    (Mended::Witness(witness), program) => {
                        assert!(witness.holds(&outsider, &hidden) && witness.at(asked.0) >= witness.denominator);
                        wrong += usize::from(matches!(program, Reach::Limit(_) | Reach::NotWhole(_)));
                        found += 1;
                        near = witness;
                    }
                    (_, Reach::Witness(witness)) => {
                        missed += 1;
                        near = witness;
                    }
                    _ => {
                        hidden[shown] = true;
                        kernel.set(shown, true);
                        break;
                    }
                }
            }
        }
        assert_eq!(wrong, 0);
        assert!(found > 100 && missed * 10 <= found, "{integral}: {found} found, {missed} missed");
    }
}

/// With no change to begin at, what is found holds, and it is found for nearly all that a program finds one for.
#[test]
fn no_change_at_all_is_mended() {
    let outsider = cube(true);
    let nothing = Witness::new([], 1);
    let (mut found, mut missed) = (0, 0);
    for case in 0..150_u64 {
        let mut hidden: Vec<bool> = (0..125).map(|c| scatter(c, 300 + case) < 0.6).collect();
        let asked = ((scatter(case, 9) * 125.0) as usize, case % 2 == 0, 1 + (case % 3).cast_signed());
        hidden[asked.0] = true;
        let (mut sparse, mut kernel) = engines();
        let program = sparse.search(&outsider, &hidden, asked, None);
        match (kernel.mend(&outsider, &hidden, asked, &nothing), program) {
            (Mended::Witness(witness), program) => {
                let gone = if asked.1 { witness.at(asked.0) } else { -witness.at(asked.0) };
                assert!(witness.holds(&outsider, &hidden) && gone >= asked.2);
                assert!(!matches!(program, Reach::Limit(_) | Reach::NotWhole(_)), "{asked:?}");
                found += 1;
            }
            (_, Reach::Witness(_)) => missed += 1,
            _ => {}
        }
    }
    assert!(found > 30 && missed * 10 < found, "{found} found, {missed} missed");
}
