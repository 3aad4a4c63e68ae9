//! A file understood: its table, and the field that each figure stands in.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use serde::Serialize;

use super::columns::Heading;
use super::plan::{Layout, Plan};
use super::{Earlier, Grid, crosstab, earlier, long, numbers};
use crate::attack::{Item, Place, Published};
use crate::error::{Error, Problem};
use crate::release::{Release, ReleasedKey, ReleasedPercentage};
use crate::table::{Key, Table, TableBuilder};

/// A file with the table that it holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    grid: Grid,
    table: Table,
    placed: Vec<Placed>,
    understood: Understood,
}

/// A field with a figure: a count, or a percentage of a count and its base.
#[derive(Debug, Clone, PartialEq)]
struct Placed {
    record: usize,
    field: usize,
    cell: Key,
    base: Option<Key>,
}

/// How a file was understood: facts to be told before anything is believed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Understood {
    /// Whether the file is a crosstab (`true`) or lists one cell a line.
    pub crosstab: bool,
    /// The separator.
    pub delimiter: char,
    /// How many fields hold counts, shown or hidden.
    pub counts: usize,
    /// How many of them are hidden, in a file that was published.
    pub hidden: usize,
    /// How many fields hold percentages.
    pub percentages: usize,
    /// The columns of counts.
    pub columns: Vec<String>,
    /// Whether there are several columns of counts and nothing says what they are to each other.
    pub columns_apart: bool,
    /// The blocks, where there are several.
    pub blocks: Vec<String>,
    /// The labels taken for totals.
    pub totals: Vec<String>,
    /// How many relations tie the counts.
    pub relations: usize,
    /// How many cells anyone can compute although the file does not show them.
    pub undisplayed: usize,
    /// How many lines before and after the table are kept as they are.
    pub other_lines: usize,
}

/// What a layout reads, before the table is built.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) builder: TableBuilder,
    pub(super) problems: Vec<Problem>,
    pub(super) counts: BTreeMap<Key, Decimal>,
    /// Cells without a figure, in a file that was published; below which number, where their mark says so.
    pub(super) hidden: BTreeMap<Key, Option<i64>>,
    /// Names of cells whose figure could not be read.
    pub(super) unread: BTreeSet<String>,
    placed: Vec<Placed>,
    pub(super) columns: Vec<String>,
    pub(super) columns_tied: bool,
    pub(super) blocks: Vec<String>,
    pub(super) totals: Vec<String>,
}

/// A percentage field, with the cells that it may be a share of, the likeliest first.
pub(super) struct Share {
    pub(super) record: usize,
    pub(super) field: usize,
    pub(super) cell: Key,
    pub(super) bases: Vec<Key>,
    pub(super) given: Decimal,
}

impl Draft {
    pub(super) fn place(&mut self, record: usize, field: usize, cell: Key) {
        self.placed.push(Placed { record, field, cell, base: None });
    }

    pub(super) fn hide(&mut self, record: usize, field: usize, cell: Key, below: Option<i64>) {
        self.hidden.insert(cell.clone(), below);
        self.place(record, field, cell);
    }

    pub(super) fn rate(&mut self, record: usize, field: usize, (cell, base): (Key, Key), per: u32, given: Decimal) {
        let builder = std::mem::take(&mut self.builder);
        self.builder = builder.rate(cell.clone(), base.clone(), per, given.scale(), Some(given));
        self.placed.push(Placed { record, field, cell, base: Some(base) });
    }

    /// Ties the percentages of one column to the base that fits all of them, or else to the likeliest.
    pub(super) fn tie(&mut self, shares: Vec<Share>) {
        let choices = shares.iter().map(|s| s.bases.len()).max().unwrap_or(0);
        let fits = |share: &Share, choice: usize| {
            let base = share.bases.get(choice.min(share.bases.len().saturating_sub(1)));
            match (self.counts.get(&share.cell), base.and_then(|b| self.counts.get(b))) {
                (Some(&count), Some(&base)) => agrees(count, base, share.given),
                _ => false,
            }
        };
        let best = (0..choices).max_by_key(|&c| {
            let good = shares.iter().filter(|s| fits(s, c)).count();
            (good, choices - c)
        });
        for share in shares {
            let choice = best.unwrap_or(0).min(share.bases.len().saturating_sub(1));
            let Some(base) = share.bases.get(choice).cloned() else { continue };
            self.builder = std::mem::take(&mut self.builder).percentage(
                share.cell.clone(),
                base.clone(),
                share.given.scale(),
                Some(share.given),
            );
            self.placed.push(Placed { record: share.record, field: share.field, cell: share.cell, base: Some(base) });
        }
    }
}

/// Whether `given` is `100·count/base` rounded to its decimals, either way of rounding a tie.
fn agrees(count: Decimal, base: Decimal, given: Decimal) -> bool {
    let half = Decimal::new(5, given.scale() + 1);
    let hundred = count.checked_mul(Decimal::from(100));
    match (hundred, given.checked_mul(base), half.checked_mul(base)) {
        (Some(hundred), Some(product), Some(room)) => (hundred - product).abs() <= room,
        _ => false,
    }
}

/// Reads a file into a draft, or tells all that keeps it from being one.
fn draft(grid: &Grid, plan: &Plan) -> Result<(Draft, Heading), Error> {
    let heading = Heading::read(grid, plan)?;
    let draft = match heading.layout {
        Layout::Crosstab => crosstab::read(grid, &heading, plan),
        Layout::Long => long::read(grid, &heading, plan),
    };
    if draft.problems.is_empty() {
        return Ok((draft, heading));
    }
    let Draft { mut problems, unread, builder, .. } = draft;
    // Where only figures could not be read, all others are counted and added up all the same.
    let only_figures = problems.iter().all(|p| matches!(p, Problem::Text { .. }));
    if only_figures
        && !plan.published
        && let Err(error) = builder.build()
    {
        problems.extend(error.problems().iter().filter(|problem| is_apart(problem, &unread)).cloned());
    }
    Err(Error::input(problems))
}

/// Whether a problem of a table has nothing to do with these cells, which could not be read.
fn is_apart(problem: &Problem, unread: &BTreeSet<String>) -> bool {
    match problem {
        Problem::Missing { cell } => !unread.contains(cell),
        Problem::NotAdditive { .. }
        | Problem::Negative { .. }
        | Problem::Fractional { .. }
        | Problem::Overflow { .. } => true,
        _ => false,
    }
}

fn understood(grid: &Grid, heading: &Heading, draft: Draft, (relations, undisplayed): (usize, usize)) -> Understood {
    let crosstab = heading.layout == Layout::Crosstab;
    let percentages = draft.placed.iter().filter(|p| p.base.is_some()).count();
    let mut totals = draft.totals;
    let mut seen = BTreeSet::new();
    totals.retain(|t| seen.insert(t.clone()));
    Understood {
        columns_apart: crosstab && draft.columns.len() > 1 && !draft.columns_tied,
        crosstab,
        delimiter: grid.delimiter(),
        counts: draft.placed.len() - percentages,
        hidden: draft.hidden.len(),
        percentages,
        columns: draft.columns,
        blocks: draft.blocks,
        totals,
        relations,
        undisplayed,
        other_lines: grid.records().len() - heading.rows.len() - 1,
    }
}

impl Sheet {
    /// Reads a file as it was published: figures may be hidden in it, under any usual mark (blank, `x`, `-`, `*`, `..`,
    /// `<10`, `F`, `c`, `[x]`, …) or one of these symbols, and may contradict each other.
    ///
    /// # Errors
    /// What keeps the file from being a table: no headings, ragged lines, text among figures, a plan that does not fit.
    pub fn read_published(bytes: &[u8], plan: &Plan, symbols: &[String]) -> Result<(Published, Understood), Error> {
        let mut grid = Grid::read(bytes)?;
        grid.mark(symbols);
        let plan = plan.of_published();
        let (draft, heading) = draft(&grid, &plan)?;
        let mut published = Published::new(&draft.builder)?;
        for (key, below) in &draft.hidden {
            if let (Some(cell), Some(below)) = (published.find(key.clone()), below) {
                published.mark_below(cell, *below);
            }
        }
        for placed in &draft.placed {
            let column = heading.names.get(placed.field).cloned().unwrap_or_default();
            let place = Place { line: grid.records()[placed.record].line, column };
            if let Some(cell) = published.find(placed.cell.clone()) {
                match &placed.base {
                    None => published.locate(cell, None, place),
                    Some(base) => {
                        let base = published.find(base.clone());
                        published.locate(cell, base.or(Some(cell)), place);
                    }
                }
            }
        }
        let relations = published.statements().iter().filter(|s| s.item == Item::Totals).count();
        let undisplayed = (0..published.len()).filter(|&c| !published.is_displayed(c)).count();
        let understood = understood(&grid, &heading, draft, (relations, undisplayed));
        Ok((published, understood))
    }

    /// Reads a crosstab or a long file; the plan says what the file cannot.
    ///
    /// # Errors
    /// Every problem of the file, of the plan, or of the table that they make.
    pub fn read(bytes: &[u8], plan: &Plan) -> Result<Self, Error> {
        Sheet::read_after(bytes, plan, &[])
    }

    /// Reads a file about persons of whom earlier releases told something already: their figures are known to every
    /// reader, and so is what this file adds to them.
    ///
    /// # Errors
    /// As [`read`](Self::read); besides, a release that seems to be neither of the same persons nor of a part of them, or
    /// one that hides cells of which nothing gives the counts.
    pub fn read_after(bytes: &[u8], plan: &Plan, earlier: &[Earlier<'_>]) -> Result<Self, Error> {
        let grid = Grid::read(bytes)?;
        let (mut draft, heading) = draft(&grid, plan)?;
        let mut table = draft.builder.build()?;
        if !earlier.is_empty() {
            for one in earlier {
                draft.builder = earlier::add(std::mem::take(&mut draft.builder), plan, *one)?;
            }
            table = draft.builder.build()?;
        }
        let mut placed = draft.placed.clone();
        placed.sort_by_key(|p| (p.record, p.field));
        let undisplayed = table.cells().filter(|&c| !table.is_displayed(c)).count();
        let understood = understood(&grid, &heading, draft, (table.relations(), undisplayed));
        Ok(Sheet { grid, table, placed, understood })
    }

    /// The table that the file holds.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// How the file was understood.
    pub fn understood(&self) -> &Understood {
        &self.understood
    }

    /// The file with the release's symbol in the field of every hidden figure, and nothing else changed.
    ///
    /// # Errors
    /// A release of another table, or a symbol that the file's encoding does not have.
    pub fn render(&self, release: &Release) -> Result<Vec<u8>, Error> {
        let mut shown: BTreeMap<(&str, &[String]), bool> = BTreeMap::new();
        for table in release.tables() {
            for cell in &table.cells {
                shown.insert((&table.name, &cell.labels), cell.count.is_some());
            }
        }
        let printed: BTreeMap<(&ReleasedKey, &ReleasedKey), &ReleasedPercentage> =
            release.percentages().iter().map(|p| ((&p.cell, &p.base), p)).collect();
        // A cell of several names stands in the release under one of them.
        let name = |key: &Key| {
            let key = self.table.find(key.clone()).map_or(key.clone(), |cell| self.table.key(cell));
            (key.block().to_owned(), key.labels().to_vec())
        };
        let mut replaced: Vec<((usize, usize), String)> = Vec::new();
        for placed in &self.placed {
            let is_shown = |key: &Key| shown.get(&(key.block(), key.labels())).copied();
            let Some(cell) = is_shown(&placed.cell) else {
                let reason = format!("the release has no cell {}", placed.cell).into();
                return Err(Error::input(vec![Problem::File { reason }]));
            };
            let at = (placed.record, placed.field);
            match &placed.base {
                None if cell => {}
                Some(base) if cell && is_shown(base).unwrap_or(false) => {}
                None => replaced.push((at, release.symbol().to_owned())),
                Some(base) => match printed.get(&(&name(&placed.cell), &name(base))) {
                    Some(one) => {
                        let written = self.grid.written(placed.record, placed.field);
                        let rounded = numbers::with_decimals(written, one.value);
                        if rounded != written {
                            replaced.push((at, rounded));
                        }
                    }
                    None => replaced.push((at, release.symbol().to_owned())),
                },
            }
        }
        let fields: Vec<((usize, usize), &str)> = replaced.iter().map(|(at, by)| (*at, by.as_str())).collect();
        self.grid.replaced(&fields)
    }
}
