//! Bounds of all hidden cells, from the published table alone.

#![allow(clippy::unwrap_used, missing_docs, reason = "a benchmark may panic")]

use caviardage::attack::{Knowledge, Published, deduce};
use caviardage::table::{Axis, Cube, Table};
use criterion::{Criterion, criterion_group, criterion_main};

/// A generator that is the same everywhere (Steele and Vigna's splitmix64).
struct Random(u64);

impl Random {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % below
    }
}

/// A table with totals along every axis, of which this share of the inner cells is hidden, in per cent.
fn published(sizes: &[usize], share: u64) -> Published {
    let axes: Vec<Axis> = sizes
        .iter()
        .enumerate()
        .map(|(i, &size)| Axis::flat(format!("{i}"), (0..size).map(|l| format!("{i}.{l}"))).total("T"))
        .collect();
    let mut random = Random(7);
    let inner: usize = sizes.iter().product();
    // Skewed counts: most are small, few are large.
    let counts: Vec<u64> = (0..inner).map(|_| 1 + random.next(100) * random.next(100) / 40).collect();
    let full = Cube::new(axes.clone()).counts(counts).build().unwrap();
    let mut cube = Cube::new(axes);
    for cell in full.cells() {
        let key = full.key(cell);
        let total = key.labels().iter().any(|l| l == "T");
        if total || random.next(100) >= share {
            cube = cube.count(key.labels().to_vec(), full.count(cell));
        }
    }
    Published::new(&Table::builder().cube(cube)).unwrap()
}

fn bounds(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("deduce");
    group.sample_size(10);
    for sizes in [&[100, 100][..], &[20, 20, 20]] {
        let published = published(sizes, 15);
        let knowledge = Knowledge::default();
        let found = deduce(&published, &knowledge);
        assert!(found.holds(), "every bound adds up");
        let tight = found.intervals.iter().filter(|i| i.reached == (true, true)).count();
        let name = sizes.iter().map(ToString::to_string).collect::<Vec<_>>().join("x");
        let hidden = found.intervals.len();
        let name = format!("{name}, {hidden} hidden, {tight} of them tight");
        group.bench_function(name, |b| b.iter(|| deduce(&published, &knowledge)));
    }
    group.finish();
}

criterion_group!(benches, bounds);
criterion_main!(benches);
