//! Tables of the families that other tools were measured on: same shapes and sizes, drawn anew.
//!
//! Counts are Poisson around a product of effects of the axes and noise, shifted so that about a sixth of the inner cells is
//! below ten, with four in a hundred emptied. In the family h, which is ours, one in a hundred is below ten, wherever
//! that falls, and none is emptied: primary cells lie far apart and seldom protect each other.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// An axis: so many labels, or a tree of so many branches a level, which may vary by half.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shape {
    Flat(usize),
    Tree(&'static [usize], bool),
}

use Shape::{Flat, Tree};

pub(crate) const FAMILIES: [(&str, &[Shape]); 15] = [
    ("a50", &[Flat(50)]),
    ("a1000", &[Flat(1000)]),
    ("b20", &[Flat(20), Flat(20)]),
    ("b50", &[Flat(50), Flat(50)]),
    ("b100", &[Flat(100), Flat(100)]),
    ("b300", &[Flat(300), Flat(300)]),
    ("c10", &[Flat(10), Flat(10), Flat(10)]),
    ("c20", &[Flat(20), Flat(20), Flat(20)]),
    ("d", &[Tree(&[17, 6, 10], true), Flat(12)]),
    ("e", &[Flat(8), Flat(8), Flat(6), Flat(6)]),
    ("f", &[Tree(&[10, 10, 10], false), Flat(200)]),
    ("g", &[Tree(&[10, 10, 10], false), Flat(1000)]),
    ("h60", &[Flat(60), Flat(60)]),
    ("h100", &[Flat(100), Flat(100)]),
    ("h200", &[Flat(200), Flat(200)]),
];

/// Labels of an axis with their place in a tree, and inner counts.
#[derive(Debug, Clone)]
pub(crate) struct Family {
    pub(crate) axes: Vec<Level>,
    /// By inner cell, the last axis first to change.
    pub(crate) counts: Vec<u32>,
}

/// An axis as a tree: by inner label, the labels from the top down to it.
#[derive(Debug, Clone)]
pub(crate) struct Level {
    pub(crate) name: String,
    pub(crate) paths: Vec<Vec<String>>,
}

struct Random(u64);

impl Random {
    /// The finaliser of splitmix64.
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        #[expect(clippy::cast_precision_loss, reason = "53 bits of it are kept")]
        let part = ((x ^ (x >> 31)) >> 11) as f64 / 9_007_199_254_740_992.0;
        part
    }

    fn below(&mut self, most: usize) -> usize {
        (0..most).rev().find(|&k| self.next() * (whole(k) + 1.0) < 1.0).unwrap_or(0)
    }

    /// Box and Muller.
    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * libm::log(1.0 - self.next())).sqrt();
        radius * libm::cos(std::f64::consts::TAU * self.next())
    }

    /// One in a hundred from one to nine, the others ten or more.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked")]
    fn sparse(&mut self) -> u32 {
        let (small, large) = (self.next() < 0.01, 1.2 * self.normal());
        if small { 1 + self.below(9) as u32 } else { 10 + libm::exp((4.0 + large).min(14.0)) as u32 }
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked")]
    fn poisson(&mut self, mean: f64) -> u32 {
        if mean > 50.0 {
            return (mean + mean.sqrt() * self.normal()).round().clamp(0.0, 1e9) as u32;
        }
        let (end, mut product, mut count) = (libm::exp(-mean), self.next(), 0);
        while product > end {
            product *= self.next();
            count += 1;
        }
        count
    }
}

#[expect(clippy::cast_precision_loss, reason = "small numbers")]
fn whole(k: usize) -> f64 {
    k as f64
}

/// The family's table of this name.
pub(crate) fn family(name: &str) -> Family {
    let (rows, columns) = name.split_once('×').unwrap_or_default();
    let size = |text: &str| text.parse().unwrap_or(1);
    let seed = name.bytes().fold(20_240_611, |s: u64, b| s.wrapping_mul(31).wrapping_add(b.into()));
    match FAMILIES.iter().find(|f| f.0 == name) {
        Some(&(name, shapes)) => draw(shapes, name.starts_with('h'), seed),
        // Shapes of the growth series.
        None if rows == "10·10·10" => draw(&[Tree(&[10, 10, 10], false), Flat(size(columns))], false, seed),
        None if !rows.is_empty() => draw(&[Flat(size(rows)), Flat(size(columns))], false, seed),
        None => panic!("no family is called {name}"),
    }
}

fn draw(shapes: &[Shape], sparse: bool, seed: u64) -> Family {
    let mut random = Random(seed);
    let spread = 1.6 / whole(shapes.len()).sqrt();
    let mut axes = Vec::new();
    let mut effects: Vec<Vec<f64>> = Vec::new();
    for (number, shape) in shapes.iter().enumerate() {
        let name = char::from(b'A' + u8::try_from(number).unwrap_or(0)).to_string();
        let mut paths: Vec<(Vec<String>, f64)> = vec![(Vec::new(), 0.0)];
        let (fans, vary): (Vec<usize>, bool) = match *shape {
            Flat(size) => (vec![size], false),
            Tree(fans, vary) => (fans.to_vec(), vary),
        };
        let one = spread / whole(fans.len()).sqrt();
        for (level, &fan) in fans.iter().enumerate() {
            let mut next = Vec::new();
            for (path, effect) in &paths {
                let branches = if vary && level > 0 { fan - fan / 2 + random.below(fan / 2 * 2 + 1) } else { fan };
                for branch in 0..branches {
                    let label = match path.last() {
                        Some(parent) => format!("{parent}_{branch:02}"),
                        None => format!("{name}{branch:04}"),
                    };
                    next.push(([path.as_slice(), &[label]].concat(), effect + one * random.normal()));
                }
            }
            paths = next;
        }
        let (paths, effect) = paths.into_iter().unzip();
        axes.push(Level { name, paths });
        effects.push(effect);
    }
    let mut logs = vec![0.0];
    for effect in &effects {
        logs = logs.iter().flat_map(|log| effect.iter().map(move |e| log + e)).collect();
    }
    let counts = if sparse {
        logs.iter().map(|_| random.sparse()).collect()
    } else {
        logs.iter_mut().for_each(|log| *log += 1.2 * random.normal());
        let mut sorted = logs.clone();
        sorted.sort_by(f64::total_cmp);
        let shift = libm::log(9.5) - sorted[sorted.len() * 17 / 100];
        let mut dense = |log: f64| {
            let count = random.poisson(libm::exp((log + shift).min(14.0)));
            if random.next() < 0.04 { 0 } else { count }
        };
        logs.into_iter().map(&mut dense).collect()
    };
    Family { counts, axes }
}

/// A label of an axis, with the inner labels below it and the labels of which it is the sum.
#[derive(Debug, Clone)]
pub(crate) struct Label {
    pub(crate) code: String,
    leaves: Vec<usize>,
    children: Vec<usize>,
}

impl Level {
    /// All labels, the total first.
    pub(crate) fn labels(&self) -> Vec<Label> {
        let all: Vec<usize> = (0..self.paths.len()).collect();
        let mut labels = vec![Label { code: "Total".to_owned(), leaves: all, children: Vec::new() }];
        let mut at = BTreeMap::new();
        for (leaf, path) in self.paths.iter().enumerate() {
            let mut parent = 0;
            for code in path {
                let number = *at.entry(code.clone()).or_insert_with(|| {
                    let number = labels.len();
                    labels[parent].children.push(number);
                    labels.push(Label { code: code.clone(), leaves: Vec::new(), children: Vec::new() });
                    number
                });
                labels[number].leaves.push(leaf);
                parent = number;
            }
        }
        labels
    }
}

impl Family {
    /// Counts of all cells, the last axis first to change, totals among them.
    pub(crate) fn cells(&self) -> Vec<u64> {
        let mut counts: Vec<u64> = self.counts.iter().map(|&c| c.into()).collect();
        let (mut before, mut after) = (1, counts.len());
        for level in &self.axes {
            let size = level.paths.len();
            after /= size;
            let labels = level.labels();
            let mut next = Vec::with_capacity(before * labels.len() * after);
            for b in 0..before {
                for label in &labels {
                    let one = |a: usize| label.leaves.iter().map(|l| counts[(b * size + l) * after + a]).sum::<u64>();
                    next.extend((0..after).map(one));
                }
            }
            counts = next;
            before *= labels.len();
        }
        counts
    }

    /// The table with all its totals as a JJ problem under the threshold rule: a count below ten is primary and asks to be
    /// possibly ten; a hidden cell may count anything from zero on.
    pub(crate) fn problem(&self, hide_zeros: bool) -> String {
        let counts = self.cells();
        let mut text = format!("0\n{}\n", counts.len());
        for (cell, &count) in counts.iter().enumerate() {
            let (status, upper) = match count {
                0 if !hide_zeros => ('z', 0),
                0..10 => ('u', 10 - count),
                _ => ('s', 0),
            };
            let _ = writeln!(text, "{cell} {count} {} {status} 0 1000000000 0 {upper} 0", count.max(1));
        }
        let axes: Vec<Vec<Label>> = self.axes.iter().map(Level::labels).collect();
        let sums = |labels: &[Label]| labels.iter().filter(|l| !l.children.is_empty()).count();
        let relations: usize = axes.iter().map(|labels| sums(labels) * (counts.len() / labels.len())).sum();
        let _ = writeln!(text, "{relations}");
        let (mut before, mut after) = (1, counts.len());
        for labels in &axes {
            after /= labels.len();
            for b in 0..before {
                let cell = |label: usize, a: usize| (b * labels.len() + label) * after + a;
                for (number, label) in labels.iter().enumerate().filter(|l| !l.1.children.is_empty()) {
                    for a in 0..after {
                        let _ = write!(text, "0 {} : {} (-1)", label.children.len() + 1, cell(number, a));
                        label.children.iter().for_each(|&child| {
                            let _ = write!(text, " {} (1)", cell(child, a));
                        });
                        text.push('\n');
                    }
                }
            }
            before *= labels.len();
        }
        text
    }
}
