//! Tables, policies, suppressions and broken patterns to test with. Whatever shrinks stays a valid table: counts and sizes
//! shrink, totals are added up anew.

use std::ops::RangeInclusive;

use proptest::prelude::*;

use super::pattern_of;
use crate::pattern::Pattern;
use crate::policy::{Cost, Percentages, Policy, Protection, Zeros};
use crate::solver::Effort;
use crate::suppress::{Request, Suppression, suppress};
use crate::table::{Axis, CellId, Cube, Missing, Table};

/// The shape of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Shape {
    /// One axis with a total.
    Line,
    /// Two axes with totals.
    Flat,
    /// Three axes with totals.
    Cube,
    /// A hierarchy of three levels by a flat axis.
    Hierarchy,
    /// Two hierarchies over the same leaves.
    TwoHierarchies,
    /// Two blocks that share a figure.
    Linked,
    /// Two axes where nobody can be in some of the cells.
    Sparse,
    /// A part that is not displayed but that anyone can compute.
    Undisplayed,
    /// Two axes, with a percentage beside each count.
    Percentages,
}

/// All shapes.
pub const SHAPES: [Shape; 9] = [
    Shape::Line,
    Shape::Flat,
    Shape::Cube,
    Shape::Hierarchy,
    Shape::TwoHierarchies,
    Shape::Linked,
    Shape::Sparse,
    Shape::Undisplayed,
    Shape::Percentages,
];

/// What tables to make.
///
/// ```
/// use caviardage::testing::strategies::{Shape, Tables};
/// use proptest::prelude::*;
/// proptest!(|(table in Tables::new().shapes([Shape::Flat]).sizes(2..=4).strategy())| {
///     prop_assert!(table.len() >= 9);
/// });
/// ```
#[derive(Debug, Clone)]
pub struct Tables {
    shapes: Vec<Shape>,
    sizes: RangeInclusive<usize>,
    small: u32,
    zeros: u32,
    largest: u32,
    threshold: u32,
}

impl Default for Tables {
    fn default() -> Self {
        Tables { shapes: SHAPES.to_vec(), sizes: 1..=5, small: 30, zeros: 10, largest: 5_000, threshold: 10 }
    }
}

impl Tables {
    /// All shapes, one to five labels an axis, three counts of ten small, one of ten zero, the others skewed up to 5000.
    pub fn new() -> Self {
        Tables::default()
    }

    /// Only these shapes.
    #[must_use]
    pub fn shapes(mut self, shapes: impl IntoIterator<Item = Shape>) -> Self {
        self.shapes = shapes.into_iter().collect();
        self
    }

    /// So many labels an axis, totals not counted.
    #[must_use]
    pub fn sizes(mut self, sizes: RangeInclusive<usize>) -> Self {
        self.sizes = sizes;
        self
    }

    /// So many counts of a hundred are small, but not zero.
    #[must_use]
    pub fn small(mut self, percent: u32) -> Self {
        self.small = percent;
        self
    }

    /// So many counts of a hundred are zero.
    #[must_use]
    pub fn zeros(mut self, percent: u32) -> Self {
        self.zeros = percent;
        self
    }

    /// No count is larger.
    #[must_use]
    pub fn largest(mut self, largest: u32) -> Self {
        self.largest = largest;
        self
    }

    /// Counts below this are small.
    #[must_use]
    pub fn threshold(mut self, threshold: u32) -> Self {
        self.threshold = threshold;
        self
    }

    /// The strategy.
    pub fn strategy(self) -> BoxedStrategy<Table> {
        let shapes = proptest::sample::select(self.shapes.clone());
        let sizes = (self.sizes.clone(), self.sizes.clone(), self.sizes.clone());
        let most = self.sizes.end().pow(3).max(4 * self.sizes.end()).max(12);
        (shapes, sizes, proptest::collection::vec(self.count(), most))
            .prop_filter_map("a table", |(shape, (a, b, c), counts)| table(shape, (a, b, c), &counts))
            .boxed()
    }

    fn count(&self) -> BoxedStrategy<u32> {
        let threshold = self.threshold.max(2);
        let room = self.largest.saturating_sub(threshold).max(1);
        // Most counts are near the threshold, some far: a random number, cut to a random length.
        let large = (any::<u32>(), 0_u32..32).prop_map(move |(x, cut)| threshold + (x >> cut) % room);
        let rest = 100_u32.saturating_sub(self.small + self.zeros);
        prop_oneof![
            self.zeros => Just(0),
            self.small => 1..threshold,
            rest => large,
        ]
        .boxed()
    }
}

fn axis(name: &str, size: usize) -> Axis {
    Axis::flat(name, (0..size).map(|i| format!("{name}{i}"))).total("Total")
}

fn table(shape: Shape, (a, b, c): (usize, usize, usize), counts: &[u32]) -> Option<Table> {
    let take = |n: usize| counts.iter().copied().cycle().take(n);
    let tree = || Axis::tree("lieu", [("Tout", ["N", "S"].as_slice()), ("N", &["N1", "N2"]), ("S", &["S1", "S2"])]);
    let columns = || Axis::flat("c", (0..b).map(|i| format!("c{i}")));
    match shape {
        Shape::Line => Cube::new([axis("r", a)]).counts(take(a)).build(),
        Shape::Flat => Cube::new([axis("r", a), axis("c", b)]).counts(take(a * b)).build(),
        Shape::Cube => Cube::new([axis("x", a), axis("y", b), axis("z", c)]).counts(take(a * b * c)).build(),
        Shape::Hierarchy => Cube::new([tree(), axis("c", b)]).counts(take(4 * b)).build(),
        Shape::TwoHierarchies => {
            let other = [("Tout", ["U", "V"].as_slice()), ("U", &["N1", "S1"]), ("V", &["N2", "S2"])];
            Cube::new([tree().hierarchy(other), columns()]).counts(take(4 * b)).build()
        }
        Shape::Linked => {
            let first: Vec<u32> = take(a).collect();
            let part = first[0] / 3;
            Table::builder()
                .cube(Cube::new([axis("an", a)]).named("années").counts(first.iter().copied()))
                .cube(Cube::new([axis("sexe", 2)]).named("sexe").counts([part, first[0] - part]))
                .same(("années", ["an0"]), ("sexe", ["Total"]))
                .build()
        }
        Shape::Sparse => {
            let mut cube = Cube::new([axis("r", a), axis("c", b)]).missing(Missing::Absent);
            for (i, count) in take(a * b).enumerate().filter(|(i, _)| (i + a) % 3 != 0) {
                cube = cube.count([format!("r{}", i / b), format!("c{}", i % b)], count);
            }
            cube.build()
        }
        Shape::Undisplayed => {
            let lieu = Axis::flat("lieu", ["dedans", "dehors"]).total("tous").undisplayed("dehors");
            Cube::new([axis("r", a), lieu]).counts(take(2 * a)).build()
        }
        Shape::Percentages => {
            let mut builder = Table::builder().cube(Cube::new([axis("r", a), axis("c", b)]).counts(take(a * b)));
            for (row, column) in (0..a).flat_map(|r| (0..b).map(move |c| (r, c))) {
                let column = format!("c{column}");
                let (cell, base) = ([format!("r{row}"), column.clone()], ["Total".to_owned(), column]);
                builder = builder.percentage(cell, base, 1, None);
            }
            builder.build()
        }
    }
    .ok()
}

/// Tables of all shapes.
pub fn tables() -> BoxedStrategy<Table> {
    Tables::new().strategy()
}

/// Articles 53 and 54, most often as they are; zeros either way, all costs, percentages in every way, and the bare letter
/// now and then.
pub fn policies() -> BoxedStrategy<Policy> {
    let protection = prop_oneof![3 => Just(Protection::Threshold), 1 => Just(Protection::Exact)];
    let cost = prop_oneof![2 => Just(Cost::Count), 1 => Just(Cost::Cells), 1 => Just(Cost::Log)];
    let percentages = prop_oneof![
        2 => Just(Percentages::Follow),
        1 => Just(Percentages::Keep),
        1 => Just(Percentages::Round),
    ];
    (any::<bool>(), protection, cost, percentages)
        .prop_map(|(publish, protection, cost, percentages)| {
            Policy::articles_53_54()
                .zeros(if publish { Zeros::Publish } else { Zeros::Hide })
                .protection(protection)
                .cost(cost)
                .percentages(percentages)
        })
        .boxed()
}

/// Tables with a policy and what [`suppress`] makes of them; those that nobody can protect are left out.
pub fn suppressions(tables: BoxedStrategy<Table>, policies: BoxedStrategy<Policy>) -> BoxedStrategy<Suppressed> {
    (tables, policies)
        .prop_filter_map("a table that can be protected", |(table, policy)| {
            // Tests are many and small: a proof that takes longer is not waited for.
            let request = Request::new(&table).policy(policy.clone()).effort(Effort::default().work(5_000_000));
            let done = suppress(request).ok()?;
            Some(Suppressed { table, policy, done })
        })
        .boxed()
}

/// A table, a policy, and what [`suppress`] made of them.
#[derive(Debug, Clone)]
pub struct Suppressed {
    /// The table.
    pub table: Table,
    /// The policy.
    pub policy: Policy,
    /// The release and its trail.
    pub done: Suppression,
}

/// Patterns in which one cell too many is shown: the table, the policy, the pattern and that cell. Each breaks the promise.
pub fn one_shown(tables: BoxedStrategy<Table>, policies: BoxedStrategy<Policy>) -> BoxedStrategy<OneShown> {
    (suppressions(tables, policies), any::<proptest::sample::Index>())
        .prop_filter_map("a hidden cell", |(Suppressed { table, policy, done }, which)| {
            let whole = pattern_of(&done);
            let hidden: Vec<CellId> = whole.hidden().filter(|&c| table.is_displayed(c)).collect();
            let shown = *hidden.get(which.index(hidden.len().max(1)))?;
            let pattern = Pattern::hiding(table.len(), whole.hidden().filter(|&c| c != shown));
            Some(OneShown { table, policy, pattern, shown, done })
        })
        .boxed()
}

/// A pattern in which one cell too many is shown.
#[derive(Debug, Clone)]
pub struct OneShown {
    /// The table.
    pub table: Table,
    /// The policy.
    pub policy: Policy,
    /// The pattern, which breaks the promise.
    pub pattern: Pattern,
    /// The cell that it should hide.
    pub shown: CellId,
    /// The suppression that it was made from.
    pub done: Suppression,
}
