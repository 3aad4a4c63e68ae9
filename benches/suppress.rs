//! The stages side by side: building, assessing and constructing, proving, judging. Ratios within one run are what counts.
//!
//! Instances of the literature are read from the folder that `CSPLIB_DIR` names, or from `../shared/data/csplib`; where
//! there is none, they are skipped, and it is said so.

use std::hint::black_box;
use std::path::{Path, PathBuf};

use caviardage::files::jj;
use caviardage::policy::{Policy, Zeros};
use caviardage::solver::Effort;
use caviardage::table::{Axis, Cube, Table};
use caviardage::{Pattern, Request, attack, suppress};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};

/// Counts of which about a sixth is small, always the same.
fn counts(cells: usize, seed: u64) -> Vec<u32> {
    let mut state = seed;
    let mut random = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from(state >> 40).unwrap_or(0)
    };
    (0..cells).map(|_| if random() % 100 < 15 { random() % 10 } else { 10 + random() % (1 + random() % 200) }).collect()
}

fn flat(size: usize) -> Table {
    let axes = ["r", "c"].map(|n| Axis::flat(n, (0..size).map(|i| i.to_string())).total("Total"));
    Cube::new(axes).counts(counts(size * size, size as u64)).build().expect("the table is well made")
}

fn cube(size: usize) -> Table {
    let axes = ["x", "y", "z"].map(|n| Axis::flat(n, (0..size).map(|i| i.to_string())).total("Total"));
    Cube::new(axes).counts(counts(size * size * size, 7)).build().expect("the table is well made")
}

fn stages(c: &mut Criterion) {
    let policy = Policy::articles_53_54().zeros(Zeros::Publish);
    let mut group = c.benchmark_group("stages");
    group.sample_size(10);
    for (name, table) in [("20×20", flat(20)), ("50×50", flat(50)), ("100×100", flat(100)), ("5×5×5", cube(5))] {
        let request = Request::new(&table).policy(policy.clone());
        group.bench_with_input(BenchmarkId::new("construct", name), &request, |b, request| {
            b.iter(|| suppress(black_box(request.clone()).effort(Effort::construct())));
        });
        group.bench_with_input(BenchmarkId::new("prove", name), &request, |b, request| {
            b.iter(|| suppress(black_box(request.clone())));
        });
        let done = suppress(request.clone()).expect("the table can be protected");
        let pattern =
            Pattern::hiding(table.len(), done.trail.hidden().iter().filter_map(|h| table.cells().nth(h.cell)));
        group.bench_with_input(BenchmarkId::new("judge", name), &pattern, |b, pattern| {
            b.iter(|| attack::judge(&table, &policy, black_box(pattern)));
        });
    }
    group.bench_function("build/100×100", |b| b.iter(|| flat(black_box(100))));
    group.finish();
}

fn literature(c: &mut Criterion) {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = std::env::var_os("CSPLIB_DIR").map_or_else(|| here.join("../shared/data/csplib"), PathBuf::from);
    let mut group = c.benchmark_group("csplib");
    group.sample_size(10);
    for name in ["targus", "osorio", "cbs"] {
        let Ok(text) = std::fs::read_to_string(folder.join(format!("{name}.jj"))) else {
            eprintln!("{name}: skipped, {} does not have it", folder.display());
            continue;
        };
        let problem = jj::read(&text).expect("the instance is well made");
        group.bench_function(name, |b| {
            b.iter(|| suppress(Request::new(black_box(&problem.table)).policy(problem.policy.clone())));
        });
    }
    group.finish();
}

criterion_group!(benches, stages, literature);
criterion_main!(benches);
