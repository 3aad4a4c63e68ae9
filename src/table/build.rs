//! From statements to a table, or to the list of every problem.
//!
//! The order: lay the axes, name the cells, merge those declared the same, gather counts, write the relations, compute
//! what is missing, add everything up. Cost: linear in the non-zeros of the relations, times log of the cells to find
//! positions.

mod printed;
mod sums;

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::builder::{Key, Stated, TableBuilder};
use super::cube::{Cube, Missing};
use super::{Block, Cell, Fact, Origin, Percentage, Relations, Standing, Table, axis};
use crate::error::{Error, Problem};

/// Largest magnitude held: sums of many stay far from the end of `i64` and exact in the engines' floats.
const LARGEST: i64 = 1_000_000_000_000_000;
/// Largest coefficient of a relation.
const LARGEST_COEFFICIENT: u64 = 1_000_000;
/// Most cells that one block may span.
const MOST_CELLS: usize = 100_000_000;

pub(super) fn build(input: &TableBuilder) -> Result<Table, Error> {
    let mut work = Work { decimals: input.decimals, ..Work::default() };
    if !work.blocks(input) {
        // Without axes no cell has a name.
        return Err(Error::input(work.problems));
    }
    work.merge(&input.same);
    work.declare(input);
    work.relate(&input.stated);
    work.compute();
    work.add_up();
    let percentages = work.percentages(input);
    let facts = work.facts(input);
    if !work.problems.is_empty() {
        return Err(Error::input(work.problems));
    }
    Ok(work.into_table(percentages, facts))
}

/// A table as a reader sees it: its frame, with the counts that are shown. Nothing was added up.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    /// Counts that are not shown are zero here, and mean nothing.
    pub(crate) table: Table,
    pub(crate) shown: Vec<Option<i64>>,
    /// Figures declared the same that differ: their names and counts.
    pub(crate) clashes: Vec<(Key, Key, i64, i64)>,
}

/// Builds the frame of a table in which counts may be missing, and may contradict each other.
pub(crate) fn frame(input: &TableBuilder) -> Result<Frame, Error> {
    let mut work = Work { decimals: input.decimals, lenient: true, ..Work::default() };
    if !work.blocks(input) {
        return Err(Error::input(work.problems));
    }
    work.merge(&input.same);
    work.declare(input);
    work.relate(&input.stated);
    let percentages = work.percentages(input);
    let facts = work.facts(input);
    if !work.problems.is_empty() {
        return Err(Error::input(work.problems));
    }
    let known = work.known_count.clone();
    let clashes = std::mem::take(&mut work.clashes);
    let table = work.into_table(percentages, facts);
    let shown = table.cells.iter().zip(known).map(|(c, k)| (k && c.displayed).then_some(c.count)).collect();
    Ok(Frame { table, shown, clashes })
}

#[derive(Default)]
struct Work {
    problems: Vec<Problem>,
    decimals: u32,
    blocks: Vec<Block>,
    block_index: BTreeMap<String, usize>,
    /// Before merging: one entry a (block, position).
    given: Vec<Option<i64>>,
    computable: Vec<bool>,
    /// A problem was told of this count already.
    faulty: Vec<bool>,
    cells: Vec<Cell>,
    known_count: Vec<bool>,
    relations: Relations,
    /// Counts may be missing or contradict each other: a reader has what is shown.
    lenient: bool,
    clashes: Vec<(Key, Key, i64, i64)>,
}

/// Leaves, closed under the sums of each axis: positions that the cube has, and which of them are leaves.
fn positions(axes: &[axis::Laid], cube: &Cube, given: impl Iterator<Item = usize>) -> Vec<usize> {
    let size: usize = axes.iter().map(|a| a.labels.len()).product();
    if cube.missing != Missing::Absent {
        return (0..size).collect();
    }
    if size == 0 {
        return Vec::new();
    }
    let mut all: BTreeSet<usize> = given.collect();
    let mut stride = size;
    for axis in axes {
        stride /= axis.labels.len();
        let mut parents = vec![Vec::new(); axis.labels.len()];
        for (parent, children) in &axis.sums {
            children.iter().for_each(|&c| parents[c].push(*parent));
        }
        let mut open: Vec<usize> = all.iter().copied().collect();
        while let Some(position) = open.pop() {
            let at = position / stride % axis.labels.len();
            for parent in &parents[at] {
                let above = position - at * stride + parent * stride;
                if all.insert(above) {
                    open.push(above);
                }
            }
        }
    }
    all.into_iter().collect()
}

impl Work {
    fn scaled(&mut self, cell: &str, count: Decimal) -> Option<i64> {
        let cell = cell.to_owned();
        if count.is_sign_negative() && !count.is_zero() {
            self.problems.push(Problem::Negative { cell, count });
            return None;
        }
        self.scaled_signed(&cell, count)
    }

    fn scaled_signed(&mut self, cell: &str, count: Decimal) -> Option<i64> {
        let unit = fitted(10_i128.pow(self.decimals), 0);
        let cell = cell.to_owned();
        match count.checked_mul(unit) {
            Some(value) if !value.fract().is_zero() => self.problems.push(Problem::Fractional { cell, count }),
            Some(value) if value.abs() <= Decimal::from(LARGEST) => return value.to_i64(),
            _ => self.problems.push(Problem::Overflow { cell, count }),
        }
        None
    }

    fn decimal(&self, value: i64) -> Decimal {
        Decimal::new(value, self.decimals)
    }

    fn wide(&self, value: i128) -> Decimal {
        fitted(value, self.decimals)
    }

    /// Lays every block; whether all have axes.
    fn blocks(&mut self, input: &TableBuilder) -> bool {
        let mut all = true;
        for cube in &input.cubes {
            all &= self.cube(cube);
        }
        if !input.free.is_empty() {
            let names = input.free.iter().map(|f| f.0.clone());
            let free = Cube {
                counts: input.free.iter().map(|(name, count)| (vec![name.clone()], *count)).collect(),
                ..Cube::new([super::Axis::flat("", names)])
            };
            all &= self.cube(&free);
        }
        all
    }

    fn cube(&mut self, cube: &Cube) -> bool {
        let before = self.problems.len();
        if self.block_index.insert(cube.name.clone(), self.blocks.len()).is_some() {
            let label = cube.name.clone();
            self.problems.push(Problem::DuplicateLabel { place: "tables".to_owned(), label });
        }
        let axes: Vec<_> = cube.axes.iter().filter_map(|a| a.lay(&cube.name, &mut self.problems)).collect();
        if self.problems.len() > before {
            return false;
        }
        let spanned = axes.iter().try_fold(1_usize, |n, a| n.checked_mul(a.labels.len()));
        let Some(size) = spanned.filter(|&n| n <= MOST_CELLS || cube.missing == Missing::Absent) else {
            let reason = format!("{}: the axes span more than {MOST_CELLS} cells", cube.name).into();
            self.problems.push(Problem::File { reason });
            return false;
        };
        let mut block = Block { name: cube.name.clone(), axes, cells: Vec::new(), undisplayed: BTreeSet::new() };
        let leaf: Vec<Vec<bool>> = block.axes.iter().map(axis::Laid::leaves).collect();
        let is_leaf = |position: usize| {
            let mut rest = position;
            leaf.iter().rev().all(|leaves| {
                let at = rest % leaves.len();
                rest /= leaves.len();
                leaves[at]
            })
        };
        let mut given: BTreeMap<usize, Decimal> = BTreeMap::new();
        let mut unlisted = false;
        if let Some(leaves) = &cube.leaves {
            let all: Vec<usize> = (0..size).filter(|&p| is_leaf(p)).collect();
            if all.len() == leaves.len() {
                given.extend(all.into_iter().zip(leaves.iter().copied()));
            } else {
                unlisted = true;
                self.problems.push(Problem::WrongLength {
                    place: cube.name.clone(),
                    given: leaves.len(),
                    expected: all.len(),
                });
            }
        }
        for (labels, count) in &cube.counts {
            let key = Key::new(cube.name.clone(), labels.clone());
            if let Some(position) = locate(&block, &key, &mut self.problems)
                && let Some(first) = given.insert(position, *count)
            {
                let cell = key.to_string();
                self.problems.push(Problem::Duplicate { cell, first, second: *count });
            }
        }
        let mut listed: BTreeSet<usize> = given.keys().copied().collect();
        for labels in &cube.hidden {
            let key = Key::new(cube.name.clone(), labels.clone());
            if let Some(position) = locate(&block, &key, &mut self.problems)
                && !listed.insert(position)
            {
                self.problems.push(Problem::DuplicateLabel { place: "cells".to_owned(), label: key.to_string() });
            }
        }
        let positions = positions(&block.axes, cube, listed.into_iter());
        let mut counts = given.into_iter().peekable();
        for position in positions {
            let mut count = counts.next_if(|c| c.0 == position).map(|c| c.1);
            if count.is_none() && cube.missing == Missing::Zero && is_leaf(position) {
                count = Some(Decimal::ZERO);
            }
            let was_given = count.is_some();
            let count = count.and_then(|c| {
                let name = Key::new(cube.name.clone(), block.labels(position)).to_string();
                self.scaled(&name, c)
            });
            let faulty = unlisted || (was_given && count.is_none());
            block.cells.push((position, self.given.len()));
            self.given.push(count);
            self.computable.push(!is_leaf(position) && !faulty);
            self.faulty.push(faulty);
        }
        self.blocks.push(block);
        true
    }

    fn resolve(&mut self, key: &Key) -> Option<usize> {
        let Some(&block) = self.block_index.get(key.block()) else {
            let label = key.block().to_owned();
            self.problems.push(Problem::UnknownLabel { place: key.to_string(), label });
            return None;
        };
        let block = &self.blocks[block];
        let position = locate(block, key, &mut self.problems)?;
        let cell = block.find(position);
        if cell.is_none() {
            let place = "cells".to_owned();
            self.problems.push(Problem::UnknownLabel { place, label: key.to_string() });
        }
        cell
    }

    /// Cells declared the same become one, numbered by first appearance.
    fn merge(&mut self, same: &[(Key, Key)]) {
        let mut root: Vec<usize> = (0..self.given.len()).collect();
        fn find(root: &mut [usize], mut i: usize) -> usize {
            while root[i] != i {
                root[i] = root[root[i]];
                i = root[i];
            }
            i
        }
        for (first, second) in same {
            let (Some(a), Some(b)) = (self.resolve(first), self.resolve(second)) else { continue };
            let (ra, rb) = (find(&mut root, a), find(&mut root, b));
            if let (Some(x), Some(y)) = (self.given[a].or(self.given[ra]), self.given[b].or(self.given[rb]))
                && x != y
                && self.lenient
            {
                self.clashes.push((first.clone(), second.clone(), x, y));
            } else if let (Some(x), Some(y)) = (self.given[a].or(self.given[ra]), self.given[b].or(self.given[rb]))
                && x != y
            {
                self.problems.push(Problem::SameDiffer {
                    first: first.to_string(),
                    second: second.to_string(),
                    first_count: self.decimal(x),
                    second_count: self.decimal(y),
                });
            }
            let (low, high) = (ra.min(rb), ra.max(rb));
            root[high] = low;
            self.given[low] = self.given[low].or(self.given[high]);
            self.computable[low] |= self.computable[high];
            self.faulty[low] |= self.faulty[high];
        }
        let mut number = vec![usize::MAX; root.len()];
        let mut cells = Vec::new();
        let (mut known, mut computable, mut faulty) = (Vec::new(), Vec::new(), Vec::new());
        for (index, block) in self.blocks.iter_mut().enumerate() {
            for (position, cell) in &mut block.cells {
                let top = find(&mut root, *cell);
                if number[top] == usize::MAX {
                    number[top] = cells.len();
                    known.push(self.given[top].is_some());
                    computable.push(self.computable[top]);
                    faulty.push(self.faulty[top]);
                    cells.push(Cell {
                        count: self.given[top].unwrap_or(0),
                        standing: Standing::Open,
                        displayed: true,
                        structural: false,
                        known: (None, None),
                        home: (index, *position),
                    });
                }
                *cell = number[top];
            }
        }
        self.cells = cells;
        self.known_count = known;
        self.computable = computable;
        self.faulty = faulty;
        self.given = Vec::new();
    }

    fn name(&self, cell: usize) -> String {
        let (block, position) = self.cells[cell].home;
        Key::new(self.blocks[block].name.clone(), self.blocks[block].labels(position)).to_string()
    }

    fn declare(&mut self, input: &TableBuilder) {
        // A figure printed at several places is displayed if one of them is.
        for block in &mut self.blocks {
            for &(position, _) in &block.cells {
                let mut rest = position;
                let hidden = block.axes.iter().rev().any(|axis| {
                    let at = rest % axis.labels.len();
                    rest /= axis.labels.len();
                    axis.undisplayed[at]
                });
                if hidden {
                    block.undisplayed.insert(position);
                }
            }
        }
        for key in &input.undisplayed {
            if self.resolve(key).is_some()
                && let Some(&number) = self.block_index.get(key.block())
                && let Some(position) = locate(&self.blocks[number], key, &mut self.problems)
            {
                self.blocks[number].undisplayed.insert(position);
            }
        }
        self.cells.iter_mut().for_each(|c| c.displayed = false);
        for block in &self.blocks {
            for &(position, cell) in &block.cells {
                self.cells[cell].displayed |= !block.undisplayed.contains(&position);
            }
        }
        for (cell, c) in self.cells.iter().enumerate() {
            self.computable[cell] |= !c.displayed;
        }
        for key in &input.structural {
            let Some(cell) = self.resolve(key) else { continue };
            if self.known_count[cell] && self.cells[cell].count != 0 {
                let count = self.decimal(self.cells[cell].count);
                self.problems.push(Problem::StructuralNotZero { cell: key.to_string(), count });
            }
            self.cells[cell].structural = true;
            self.known_count[cell] = true;
        }
        for (key, standing) in &input.standings {
            let Some(cell) = self.resolve(key) else { continue };
            let before = self.cells[cell].standing;
            let word = |s: Standing| match s {
                Standing::Open => "open",
                Standing::Shown => "must be shown",
                Standing::Hidden => "must be hidden",
                Standing::Primary => "primary",
            };
            if before != Standing::Open && before != *standing {
                let (first, second) = (word(before), word(*standing));
                self.problems.push(Problem::Conflict { cell: key.to_string(), first, second });
            } else if self.cells[cell].structural && matches!(standing, Standing::Hidden | Standing::Primary) {
                let (first, second) = ("a structural zero", word(*standing));
                self.problems.push(Problem::Conflict { cell: key.to_string(), first, second });
            }
            self.cells[cell].standing = *standing;
        }
        for known in &input.known {
            let Some(cell) = self.resolve(&known.key) else { continue };
            let name = known.key.to_string();
            let low = known.at_least.and_then(|d| self.scaled_signed(&name, d));
            let high = known.at_most.and_then(|d| self.scaled_signed(&name, d));
            let before = self.cells[cell].known;
            self.cells[cell].known = (before.0.max(low), [before.1, high].into_iter().flatten().min());
        }
    }

    fn relate(&mut self, stated: &[Stated]) {
        let mut relations = Relations { starts: vec![0], ..Relations::default() };
        for (index, block) in self.blocks.iter().enumerate().filter(|b| !b.1.cells.is_empty()) {
            let mut stride: usize = block.axes.iter().map(|a| a.labels.len()).product();
            for (number, axis) in block.axes.iter().enumerate() {
                stride /= axis.labels.len();
                let mut lines = vec![Vec::new(); axis.labels.len()];
                for &(position, cell) in &block.cells {
                    lines[position / stride % axis.labels.len()].push((position, cell));
                }
                for (parent, children) in &axis.sums {
                    for &(total, cell) in &lines[*parent] {
                        let line = total - parent * stride;
                        let parts = children.iter().filter_map(|c| block.find(line + c * stride)).map(|c| (c, 1));
                        let terms = std::iter::once((cell, -1)).chain(parts);
                        relations.push(terms, 0, Origin::Sum { block: index, axis: number, total });
                    }
                }
            }
        }
        let mut seen: BTreeMap<Vec<(usize, i64)>, (i128, String)> = BTreeMap::new();
        for one in stated {
            let constant = self.scaled_signed(&one.name, one.constant);
            let terms = self.terms(&one.name, &one.terms, LARGEST_COEFFICIENT);
            let (Some(constant), Some(terms)) = (constant, terms) else { continue };
            self.contradicts(&mut seen, &terms, constant, &one.name);
            relations.push(terms, constant, Origin::Stated(one.name.clone()));
        }
        self.relations = relations;
    }

    /// Terms with their cells found, or nothing where a problem was told.
    fn terms(&mut self, name: &str, said: &[(i64, Key)], most: u64) -> Option<Vec<(usize, i64)>> {
        let mut terms: BTreeMap<usize, i64> = BTreeMap::new();
        let before = self.problems.len();
        for (coefficient, key) in said {
            let Some(cell) = self.resolve(key) else { continue };
            if coefficient.unsigned_abs() > most {
                let cell = format!("{name}, coefficient of {key}");
                self.problems.push(Problem::Overflow { cell, count: Decimal::from(*coefficient) });
            }
            let sum = terms.entry(cell).or_insert(0);
            *sum = sum.saturating_add(*coefficient);
        }
        (self.problems.len() == before).then(|| terms.into_iter().filter(|t| t.1 != 0).collect())
    }

    /// Two relations whose left sides are multiples of each other leave room for one right side only.
    fn contradicts(
        &mut self,
        seen: &mut BTreeMap<Vec<(usize, i64)>, (i128, String)>,
        terms: &[(usize, i64)],
        constant: i64,
        name: &str,
    ) {
        let divisor = terms.iter().fold(0, |g, t| gcd(g, t.1.abs())).max(1);
        let sign = terms.first().map_or(1, |t| t.1.signum());
        let left: Vec<(usize, i64)> = terms.iter().map(|t| (t.0, t.1 / divisor * sign)).collect();
        // Right sides are compared times the least common multiple: a divisor is at most 10^6.
        let right = i128::from(constant) * i128::from(sign) * 1_000_000_000_000 / i128::from(divisor);
        match seen.get(&left) {
            Some((other, first)) if *other != right => self.problems.push(Problem::Contradiction {
                first: first.clone(),
                second: name.to_owned(),
                difference: self.wide((right - other) / 1_000_000_000_000),
            }),
            Some(_) => {}
            None => {
                seen.insert(left, (right, name.to_owned()));
            }
        }
    }

    fn into_table(self, percentages: Vec<Percentage>, facts: Vec<Fact>) -> Table {
        Table {
            blocks: self.blocks,
            cells: self.cells,
            relations: self.relations,
            percentages,
            facts,
            decimals: self.decimals,
        }
    }
}

fn locate(block: &Block, key: &Key, problems: &mut Vec<Problem>) -> Option<usize> {
    if key.labels().len() != block.axes.len() {
        let (given, expected) = (key.labels().len(), block.axes.len());
        problems.push(Problem::WrongArity { place: key.to_string(), given, expected });
        return None;
    }
    let mut position = Some(0);
    for (axis, label) in block.axes.iter().zip(key.labels()) {
        match axis.position(label) {
            Some(at) => position = position.map(|p| p * axis.labels.len() + at),
            None => {
                position = None;
                problems.push(Problem::UnknownLabel { place: key.to_string(), label: label.clone() });
            }
        }
    }
    position
}

/// A decimal number for a message; one that does not fit is shown as the largest that does.
fn fitted(value: i128, scale: u32) -> Decimal {
    Decimal::try_from_i128_with_scale(value, scale).unwrap_or(Decimal::MAX)
}

fn gcd(mut a: i64, mut b: i64) -> i64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
