//! What earlier releases add to a table before it is suppressed: known figures, and the differences that anyone computes.

use std::collections::BTreeMap;

use super::{Plan, Sheet};
use crate::attack::{Item, Overlap, Published};
use crate::error::{Error, Problem, Reason};
use crate::table::{Axis, Cube, FactKind, Key, TableBuilder};

/// A release that left the house before, about the same persons or a part of them.
#[derive(Debug, Clone, Copy)]
pub struct Earlier<'a> {
    /// What it is called in names of cells.
    pub name: &'a str,
    /// The file as it was published.
    pub release: &'a [u8],
    /// The file before its cells were hidden; needed where the release hides cells of which this table says nothing.
    pub counts: Option<&'a [u8]>,
    /// How it relates to this table; judged by the figures where it is not said.
    pub overlap: Option<Overlap>,
}

/// Adds an earlier release to the statements of a table.
pub(super) fn add(builder: TableBuilder, plan: &Plan, earlier: Earlier<'_>) -> Result<TableBuilder, Error> {
    let now = Published::new(&builder)?;
    let (then, _) = Sheet::read_published(earlier.release, plan, &[])?;
    let fault = |reason: Reason| Error::input(vec![Problem::File { reason }]);
    let name = earlier.name.to_owned();
    let Some(overlap) = earlier.overlap.or_else(|| now.overlap(&then)) else {
        return Err(fault(Reason::EarlierUnclear { name }));
    };
    let counts = match earlier.counts {
        Some(bytes) => Some(Sheet::read(bytes, plan)?),
        None => None,
    };
    let same = overlap == Overlap::Same;
    // The first name of each earlier cell that this table has, too.
    let mut matched: BTreeMap<usize, Key> = BTreeMap::new();
    for (key, cell) in then.names().filter(|n| now.find(n.0.clone()).is_some()) {
        matched.entry(cell).or_insert_with(|| key.clone());
    }
    let mut combined = Combined { builder, missing: 0, counts: BTreeMap::new(), keys: BTreeMap::new() };
    let block = name.clone();
    for cell in 0..then.len() {
        let own = Key::new(block.clone(), [then.key(cell).to_string()]);
        match (then.shown(cell), matched.get(&cell)) {
            (Some(value), Some(key)) if same => {
                let value = Some(then.value(value));
                combined.builder = std::mem::take(&mut combined.builder).known(key.clone(), value, value);
            }
            (None, Some(key)) if same => {
                combined.keys.insert(cell, key.clone());
            }
            (Some(_), _) => {}
            (None, _) => {
                let table = counts.as_ref().map(Sheet::table);
                let count = table.and_then(|t| Some(t.value(t.find(then.key(cell).clone())?)));
                // What is not displayed follows from what is.
                combined.missing += usize::from(count.is_none() && then.is_displayed(cell));
                // Where zeros are published a hidden cell holds somebody; a reader is taken to know it in any case.
                if count.is_some_and(|c| c >= rust_decimal::Decimal::ONE) && then.is_displayed(cell) {
                    let one = Some(rust_decimal::Decimal::ONE);
                    combined.builder = std::mem::take(&mut combined.builder).known(own.clone(), one, None);
                }
                combined.counts.insert(own.clone(), count);
                combined.keys.insert(cell, own);
            }
        }
    }
    if combined.missing > 0 {
        return Err(fault(Reason::EarlierCounts { name, cells: combined.missing }));
    }
    combined.statements(&then, &matched, same, &name);
    if !same {
        combined.differences(&now, &then, &matched, &name)?;
    }
    Ok(combined.finish(&name))
}

struct Combined {
    builder: TableBuilder,
    missing: usize,
    /// Cells that this table does not have, with their counts where they are given.
    counts: BTreeMap<Key, Option<rust_decimal::Decimal>>,
    /// By earlier cell that is not shown, its name here.
    keys: BTreeMap<usize, Key>,
}

impl Combined {
    fn state(
        &mut self,
        name: String,
        terms: &[(i64, Key)],
        (low, high): (Option<rust_decimal::Decimal>, Option<rust_decimal::Decimal>),
    ) {
        let builder = std::mem::take(&mut self.builder);
        let terms = terms.iter().cloned();
        self.builder = match (low, high) {
            (Some(low), Some(high)) if low == high => builder.relation(name, terms, low),
            range => builder.known_sum(name, FactKind::Earlier, terms, range),
        };
    }

    /// What the earlier release states of cells that it hides.
    fn statements(&mut self, then: &Published, matched: &BTreeMap<usize, Key>, same: bool, name: &str) {
        for statement in then.statements() {
            let hidden: Vec<(usize, i64)> =
                statement.terms.iter().copied().filter(|t| then.shown(t.0).is_none()).collect();
            // This table states the sums of its own cells itself.
            let own = same && statement.item == Item::Totals && hidden.iter().all(|t| matched.contains_key(&t.0));
            if hidden.is_empty() || own {
                continue;
            }
            let known: i64 =
                statement.terms.iter().filter_map(|&(c, k)| then.shown(c).map(|v| k.saturating_mul(v))).sum();
            let end = |end: Option<i64>| end.map(|e| then.value(e.saturating_sub(known)));
            let terms: Vec<(i64, Key)> = hidden.iter().map(|(c, k)| (*k, self.keys[c].clone())).collect();
            let range = (end(statement.low), end(statement.high));
            self.state(format!("{name} › {}", statement.name), &terms, range);
        }
    }

    /// Each figure of this table less the earlier one: persons who were not counted then.
    fn differences(
        &mut self,
        now: &Published,
        then: &Published,
        matched: &BTreeMap<usize, Key>,
        name: &str,
    ) -> Result<(), Error> {
        let mut problems = Vec::new();
        for (&cell, key) in matched {
            let Some(here) = now.find(key.clone()) else { continue };
            let gap = Key::new(format!("Δ {name}"), [key.to_string()]);
            let (terms, constant) = match then.shown(cell) {
                Some(value) => {
                    if let Some(count) = now.shown(here)
                        && count < value
                    {
                        let count = now.value(count - value);
                        problems.push(Problem::Negative { cell: gap.to_string(), count });
                    }
                    (vec![(1, key.clone()), (-1, gap.clone())], then.value(value))
                }
                None => {
                    let terms = vec![(1, key.clone()), (-1, self.keys[&cell].clone()), (-1, gap.clone())];
                    (terms, rust_decimal::Decimal::ZERO)
                }
            };
            self.counts.insert(gap.clone(), None);
            self.state(gap.to_string(), &terms, (Some(constant), Some(constant)));
        }
        if problems.is_empty() { Ok(()) } else { Err(Error::input(problems)) }
    }

    /// The statements with one block of undisplayed cells a name.
    fn finish(self, name: &str) -> TableBuilder {
        let mut builder = self.builder;
        for block in [name.to_owned(), format!("Δ {name}")] {
            let cells: Vec<(&Key, &Option<rust_decimal::Decimal>)> =
                self.counts.iter().filter(|c| c.0.block() == block).collect();
            if cells.is_empty() {
                continue;
            }
            let labels: Vec<String> = cells.iter().map(|c| c.0.labels()[0].clone()).collect();
            let axis = labels.iter().fold(Axis::flat("", labels.clone()), |axis, l| axis.undisplayed(l.clone()));
            let mut cube = Cube::new([axis]).named(block);
            for (key, count) in cells {
                if let Some(count) = count {
                    cube = cube.count(key.labels().to_vec(), *count);
                }
            }
            builder = builder.cube(cube);
        }
        builder
    }
}
