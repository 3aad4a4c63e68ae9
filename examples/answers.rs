//! Suppresses small tables of each kind and prints their trails. `examples/wasm` does the same in WebAssembly, and both must
//! give the same bytes.

use caviardage::policy::{Cost, Policy, Zeros};
use caviardage::solver::Effort;
use caviardage::table::{Axis, Cube, Table};
use caviardage::{Request, suppress};

/// Always the same numbers below 60, a third of them below 10.
fn counts(cells: usize) -> Vec<u32> {
    let mut state = 11_u64;
    let next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let value = u32::try_from((state >> 33) % 80).expect("small");
        if value < 20 { value / 2 } else { value }
    };
    std::iter::repeat_with(next).take(cells).collect()
}

fn table(sizes: &[usize]) -> Table {
    let axis = |(number, &size): (usize, &usize)| {
        Axis::flat(format!("axis {number}"), (0..size).map(|i| format!("{number}.{i}"))).total("Total")
    };
    let axes = sizes.iter().enumerate().map(axis);
    Cube::new(axes).counts(counts(sizes.iter().product())).build().expect("a whole table")
}

/// One line a table and policy: the whole trail.
pub fn answers() -> String {
    let mut lines = String::new();
    let shapes: [&[usize]; 5] = [&[12], &[7, 9], &[20, 20], &[4, 4, 4], &[3, 3, 3, 2]];
    for shape in shapes {
        for (zeros, cost) in [(Zeros::Publish, Cost::Count), (Zeros::Hide, Cost::Cells), (Zeros::Publish, Cost::Log)] {
            let table = table(shape);
            let policy = Policy::articles_53_54().zeros(zeros).cost(cost);
            let effort = Effort::default().work(100_000_000);
            let line = match suppress(Request::new(&table).policy(policy).effort(effort)) {
                Ok(done) => serde_json::to_string(&done.trail).expect("a trail is JSON"),
                Err(error) => error.to_string(),
            };
            lines.push_str(&line);
            lines.push('\n');
        }
    }
    lines
}

fn main() {
    print!("{}", answers());
}
