//! What a reader holds: shown figures, hidden cells, and every statement that ties them.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::derivation::Inequality;
use super::{Item, Knowledge, Premise};
use crate::error::Error;
use crate::pattern::Pattern;
use crate::policy::Zeros;
use crate::relations::inequalities;
use crate::table::{Frame, Key, Percentage, Table, TableBuilder, frame};

/// Where a figure stands in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The line, from 1.
    pub line: u64,
    /// The heading of the column.
    pub column: String,
}

/// A cell as a reader sees it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Seen {
    pub(super) key: Key,
    pub(super) shown: Option<i64>,
    pub(super) displayed: bool,
    pub(super) structural: bool,
    /// Declared hidden without asking that it be protected.
    pub(super) declared: bool,
    pub(super) place: Option<Place>,
    /// It stood in an earlier release.
    pub(super) stood: bool,
}

/// A printed percentage, rate or mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Printed {
    /// The figure.
    pub value: Decimal,
    /// It is `per·cell/base`.
    pub per: u32,
    /// The cell that it speaks of, by number.
    pub cell: usize,
    /// Its base, by number.
    pub base: usize,
}

/// `low ≤ Σ coefficient·cell ≤ high`, as the release or the reader's knowledge states it.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// The kind of knowledge that it is.
    pub item: Item,
    /// What it is called: for a sum, its total.
    pub name: String,
    /// `(cell, coefficient)`, by cell.
    pub terms: Vec<(usize, i64)>,
    /// The lower end, in the table's unit.
    pub low: Option<i64>,
    /// The upper end.
    pub high: Option<i64>,
    /// The printed figure that it comes from.
    pub printed: Option<Printed>,
    /// Where that figure stands.
    pub place: Option<Place>,
}

/// How an earlier release relates to this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Overlap {
    /// The same persons: cells of the same name are the same figure.
    Same,
    /// This release counts the persons of the earlier one and others: the difference is a table of its own.
    Part,
}

/// A published table as its reader has it. No hidden count is in here, because no reader has one.
///
/// ```
/// use caviardage::attack::{Knowledge, Published, deduce};
/// use caviardage::table::{Axis, Cube, Table};
/// let axis = Axis::flat("région", ["Nord", "Sud", "Est"]).total("Total");
/// let cube = Cube::new([axis]).hidden(["Nord"]).count(["Sud"], 40).count(["Est"], 25).count(["Total"], 72);
/// let published = Published::new(&Table::builder().cube(cube))?;
/// let found = deduce(&published, &Knowledge::default());
/// let nord = found.interval("Nord").unwrap();
/// assert_eq!((nord.lowest, nord.highest), (Some(7), Some(7)));
/// # Ok::<(), caviardage::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    pub(super) cells: Vec<Seen>,
    pub(super) statements: Vec<Statement>,
    pub(super) clashes: Vec<(Key, Key, i64, i64)>,
    pub(super) asked: Vec<(String, Vec<(usize, i64)>)>,
    index: BTreeMap<Key, usize>,
    decimals: u32,
    pub(super) whole: bool,
}

impl Published {
    /// A published table from statements about it: cells without a count are hidden. Figures that contradict each other
    /// are no error here; the deduction reports them.
    ///
    /// # Errors
    /// What makes no table at all: unknown or duplicate labels, hierarchies with a cycle, counts below zero or too large.
    pub fn new(builder: &TableBuilder) -> Result<Self, Error> {
        Ok(Published::of_frame(frame(builder)?))
    }

    /// What the reader of a table has when this pattern hides its cells. For judging from inside the house.
    pub fn of_pattern(table: &Table, pattern: &Pattern) -> Self {
        let shown = |c: usize| !pattern.flags().get(c).is_some_and(|h| *h) && table.cells[c].displayed;
        let mut seen = table.clone();
        let printed: BTreeMap<usize, u32> = pattern.printed().collect();
        let percentages = table.percentages.iter().enumerate().filter_map(|(number, p)| {
            let follows = shown(p.cell.index()) && shown(p.base.index());
            if follows { Some(p.clone()) } else { table.printed(number, *printed.get(&number)?) }
        });
        seen.percentages = percentages.collect();
        let shown = (0..table.len()).map(|c| shown(c).then_some(table.cells[c].count)).collect();
        Published::of_frame(Frame { table: seen, shown, clashes: Vec::new() })
    }

    fn of_frame(frame: Frame) -> Self {
        let Frame { table, shown, clashes } = frame;
        let mut published = Published {
            cells: Vec::with_capacity(table.len()),
            statements: Vec::new(),
            clashes,
            asked: Vec::new(),
            index: BTreeMap::new(),
            decimals: table.decimals,
            whole: table.decimals == 0,
        };
        for block in &table.blocks {
            for &(position, cell) in &block.cells {
                published.index.insert(Key::new(block.name.clone(), block.labels(position)), cell);
            }
        }
        for (cell, id) in table.cells.iter().zip(table.cells()) {
            published.cells.push(Seen {
                key: table.key(id),
                shown: if cell.structural { Some(0) } else { shown[id.index()] },
                displayed: cell.displayed,
                structural: cell.structural,
                declared: cell.standing == crate::table::Standing::Hidden,
                place: None,
                stood: false,
            });
            if cell.known != (None, None) {
                let name = table.name(id.index());
                published.state(Item::Elsewhere, name, vec![(id.index(), 1)], cell.known);
            }
        }
        for row in 0..table.relations.len() {
            let constant = Some(table.relations.constants[row]);
            let name = match &table.relations.origins[row] {
                crate::table::Origin::Sum { block, total, .. } => {
                    Key::new(table.blocks[*block].name.clone(), table.blocks[*block].labels(*total)).to_string()
                }
                crate::table::Origin::Stated(name) => name.clone(),
            };
            published.state(Item::Totals, name, table.relations.row(row).to_vec(), (constant, constant));
        }
        for fact in &table.facts {
            published.state(fact.kind.into(), fact.name.clone(), fact.terms.clone(), (fact.low, fact.high));
        }
        for one in table.percentages.iter().filter(|p| p.cell != p.base) {
            published.print(one);
        }
        published
    }

    fn state(&mut self, item: Item, name: String, mut terms: Vec<(usize, i64)>, range: (Option<i64>, Option<i64>)) {
        terms.sort_unstable();
        let (low, high) = range;
        self.statements.push(Statement { item, name, terms, low, high, printed: None, place: None });
    }

    fn print(&mut self, one: &Percentage) {
        let (cell, base) = (one.cell.index(), one.base.index());
        for row in inequalities(one.per, one.value).into_iter().flatten() {
            let name = self.cells[cell].key.to_string();
            self.state(Item::Percentages, name, vec![(cell, row.cell), (base, row.base)], (Some(0), None));
            if let Some(last) = self.statements.last_mut() {
                last.printed = Some(Printed { value: one.value, per: one.per, cell, base });
            }
        }
    }

    /// The number of cells, undisplayed ones included.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether there is no cell.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Decimals of the unit: 0 for counts of persons.
    pub fn decimals(&self) -> u32 {
        self.decimals
    }

    /// A figure in the table's unit as a decimal number.
    pub fn value(&self, figure: i64) -> Decimal {
        Decimal::new(figure, self.decimals)
    }

    /// The name of a cell, by number.
    pub fn key(&self, cell: usize) -> &Key {
        &self.cells[cell].key
    }

    /// Where a cell's figure stands in the file that it was read from.
    pub fn place(&self, cell: usize) -> Option<&Place> {
        self.cells[cell].place.as_ref()
    }

    /// The number of the cell of that name.
    pub fn find(&self, key: impl Into<Key>) -> Option<usize> {
        self.index.get(&key.into()).copied()
    }

    /// Every name with the number of its cell, in the order of names.
    #[cfg(feature = "files")]
    pub(crate) fn names(&self) -> impl Iterator<Item = (&Key, usize)> {
        self.index.iter().map(|(key, &cell)| (key, cell))
    }

    /// The figure shown in a cell.
    pub fn shown(&self, cell: usize) -> Option<i64> {
        self.cells[cell].shown
    }

    /// Whether the cell stands in the table, shown or hidden.
    pub fn is_displayed(&self, cell: usize) -> bool {
        self.cells[cell].displayed
    }

    /// Whether the cell is declared impossible, so that every reader knows it is zero.
    pub fn is_structural_zero(&self, cell: usize) -> bool {
        self.cells[cell].structural
    }

    /// Hidden cells that stand in the table, by number.
    pub fn hidden(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.len()).filter(|&c| self.cells[c].displayed && self.cells[c].shown.is_none())
    }

    /// Every statement, by number.
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }

    pub(super) fn is_whole(&self) -> bool {
        self.whole
    }

    /// Asks for the interval of one more sum.
    #[must_use]
    pub fn asking<K: Into<Key>>(mut self, name: impl Into<String>, terms: impl IntoIterator<Item = (i64, K)>) -> Self {
        let terms: Option<Vec<(usize, i64)>> =
            terms.into_iter().map(|(k, key)| self.find(key).map(|cell| (cell, k))).collect();
        if let Some(terms) = terms {
            self.ask(name.into(), terms);
        }
        self
    }

    pub(crate) fn ask(&mut self, name: String, terms: Vec<(usize, i64)>) {
        let mut merged: BTreeMap<usize, i64> = BTreeMap::new();
        terms.into_iter().for_each(|(c, k)| *merged.entry(c).or_insert(0) += k);
        self.asked.push((name, merged.into_iter().filter(|t| t.1 != 0).collect()));
    }

    /// Records that the mark of a hidden cell says it is below a number.
    #[cfg(feature = "files")]
    pub(crate) fn mark_below(&mut self, cell: usize, below: i64) {
        let name = self.cells[cell].key.to_string();
        let most = below.saturating_mul(10_i64.pow(self.decimals)).saturating_sub(1);
        self.state(Item::Marks, name, vec![(cell, 1)], (None, Some(most)));
    }

    /// Records where figures stand in a file: counts by cell, printed figures by cell and base.
    #[cfg(feature = "files")]
    pub(crate) fn locate(&mut self, cell: usize, base: Option<usize>, place: Place) {
        match base {
            None => self.cells[cell].place = Some(place),
            Some(base) => {
                let is_it = |s: &&mut Statement| s.printed.as_ref().is_some_and(|p| p.cell == cell && p.base == base);
                self.statements.iter_mut().filter(is_it).for_each(|s| s.place = Some(place.clone()));
            }
        }
    }

    /// Hides one figure, as if it had not been printed.
    pub(super) fn forgetting(&self, cell: usize) -> Self {
        let mut other = self.clone();
        other.cells[cell].shown = None;
        other
    }

    /// Adds an earlier release of the same table: figures that it shows are known, and so is what differs.
    ///
    /// Cells of the same name belong together; others of the earlier release stay by themselves, with their statements.
    /// With [`Overlap::Part`], the difference of each pair is one more cell that nobody displays, zero or more.
    #[must_use]
    pub fn with_earlier(mut self, earlier: &Published, overlap: Overlap, name: &str) -> Self {
        let start = self.cells.len();
        let named = |key: &Key, what: &str| {
            let block = if key.block().is_empty() { what.to_owned() } else { format!("{what} › {}", key.block()) };
            Key::new(block, key.labels().to_vec())
        };
        for seen in &earlier.cells {
            let key = named(&seen.key, name);
            self.index.insert(key.clone(), self.cells.len());
            let stood = seen.displayed || seen.stood;
            self.cells.push(Seen { key, displayed: false, place: None, stood, ..seen.clone() });
        }
        for statement in &earlier.statements {
            let mut statement = statement.clone();
            statement.terms.iter_mut().for_each(|t| t.0 += start);
            statement.name = format!("{name} › {}", statement.name);
            if let Some(printed) = &mut statement.printed {
                (printed.cell, printed.base) = (printed.cell + start, printed.base + start);
            }
            self.statements.push(statement);
        }
        let pairs: Vec<(usize, usize)> =
            earlier.index.iter().filter_map(|(key, &old)| Some((self.find(key.clone())?, old + start))).collect();
        for (now, before) in pairs {
            let key = self.cells[now].key.clone();
            match overlap {
                Overlap::Same => {
                    self.state(Item::Earlier, key.to_string(), vec![(now, 1), (before, -1)], (Some(0), Some(0)));
                }
                Overlap::Part => {
                    let gap = named(&key, &format!("Δ {name}"));
                    if self.index.contains_key(&gap) {
                        continue;
                    }
                    let number = self.cells.len();
                    self.index.insert(gap.clone(), number);
                    let structural = self.cells[now].structural && self.cells[before].structural;
                    let shown = structural.then_some(0);
                    let displayed = false;
                    let (declared, place, stood) = (false, None, false);
                    self.cells.push(Seen { key: gap, shown, displayed, structural, declared, place, stood });
                    let terms = vec![(now, 1), (before, -1), (number, -1)];
                    self.state(Item::Earlier, key.to_string(), terms, (Some(0), Some(0)));
                }
            }
        }
        self
    }

    /// How an earlier release seems to relate to this one, judged by the figures that both show; `None` if they share
    /// none, or if some went down and others up.
    pub fn overlap(&self, earlier: &Published) -> Option<Overlap> {
        let pairs = earlier.index.iter().filter_map(|(key, &old)| Some((self.find(key.clone())?, old)));
        let gaps: Vec<i64> =
            pairs.filter_map(|(now, old)| self.cells[now].shown?.checked_sub(earlier.cells[old].shown?)).collect();
        if gaps.is_empty() || gaps.iter().any(|g| *g < 0) {
            return None;
        }
        Some(if gaps.iter().all(|g| *g == 0) { Overlap::Same } else { Overlap::Part })
    }

    /// The same with what this knowledge adds to each cell, and without what the reader does not know.
    pub(super) fn known_as(&self, knowledge: &Knowledge) -> Self {
        let mut known = self.clone();
        known.statements.retain(|s| knowledge.has(s.item));
        known.whole &= knowledge.has(Item::Whole);
        if knowledge.treats_zeros() == Zeros::Publish && knowledge.has(Item::Marks) && knowledge.has(Item::Whole) {
            let stands =
                |c: &usize| self.cells[*c].shown.is_none() && (self.cells[*c].displayed || self.cells[*c].stood);
            for cell in (0..self.len()).filter(stands) {
                let name = self.cells[cell].key.to_string();
                known.state(Item::Marks, name, vec![(cell, 1)], (Some(1), None));
            }
        }
        if !knowledge.has(Item::Totals) {
            known.clashes.clear();
        }
        known
    }

    /// A statement's terms that are not shown, and what those that are shown sum to.
    pub(super) fn substituted(&self, number: usize) -> Option<(Vec<(usize, i64)>, i64)> {
        let mut open = Vec::new();
        let mut shown: i64 = 0;
        for &(cell, k) in &self.statements.get(number)?.terms {
            match self.cells[cell].shown {
                Some(value) => shown = shown.checked_add(k.checked_mul(value)?)?,
                None => open.push((cell, k)),
            }
        }
        Some((open, shown))
    }

    /// The inequality of a premise that stands in the release.
    pub(super) fn inequality(&self, premise: Premise) -> Option<Inequality> {
        let turned = |terms: &[(usize, i64)]| terms.iter().map(|&(c, k)| (c, -k)).collect::<Vec<_>>();
        match premise {
            Premise::Statement(number, upper) => {
                let statement = self.statements.get(number)?;
                let (open, shown) = self.substituted(number)?;
                if upper {
                    Some((open, statement.high?.checked_sub(shown)?))
                } else {
                    Some((turned(&open), shown.checked_sub(statement.low?)?))
                }
            }
            Premise::Shown(cell, true) => Some((vec![(cell, 1)], self.cells.get(cell)?.shown?)),
            Premise::Shown(cell, false) => Some((vec![(cell, -1)], -self.cells.get(cell)?.shown?)),
            Premise::NotNegative(cell) => (cell < self.len()).then(|| (vec![(cell, -1)], 0)),
            _ => None,
        }
    }
}
