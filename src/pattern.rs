//! Which cells are shown and which are hidden, and which percentages are printed beside hidden ones.

use std::collections::BTreeMap;

use crate::table::CellId;

/// A pattern of suppression: for every cell of a table, shown or hidden. It claims nothing of its safety.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    hidden: Vec<bool>,
    /// By number of the table's percentage, the decimals it is printed with although its count or its base is hidden.
    printed: BTreeMap<usize, u32>,
}

impl Pattern {
    /// A pattern for a table of so many cells that hides these.
    ///
    /// Cells beyond the table are left out.
    pub fn hiding(cells: usize, hidden: impl IntoIterator<Item = CellId>) -> Self {
        let mut pattern = Pattern { hidden: vec![false; cells], printed: BTreeMap::new() };
        for cell in hidden {
            if let Some(entry) = pattern.hidden.get_mut(cell.index()) {
                *entry = true;
            }
        }
        pattern
    }

    pub(crate) fn from_flags(hidden: Vec<bool>) -> Self {
        Pattern { hidden, printed: BTreeMap::new() }
    }

    /// Prints a percentage, by its number among [`Table::percentages`](crate::table::Table::percentages), with so many
    /// decimals although its count or its base is hidden. Every proof then respects it. Others follow their cells.
    #[must_use]
    pub fn printing(mut self, percentage: usize, decimals: u32) -> Self {
        self.printed.insert(percentage, decimals);
        self
    }

    /// The percentages that are printed beside hidden figures, by number, with their decimals.
    pub fn printed(&self) -> impl Iterator<Item = (usize, u32)> + '_ {
        self.printed.iter().map(|(&p, &d)| (p, d))
    }

    /// Whether the cell is hidden.
    pub fn is_hidden(&self, cell: CellId) -> bool {
        self.hidden.get(cell.index()).copied().unwrap_or(false)
    }

    /// The hidden cells, in order.
    pub fn hidden(&self) -> impl Iterator<Item = CellId> + '_ {
        self.hidden.iter().enumerate().filter(|h| *h.1).map(|h| CellId(h.0))
    }

    /// How many cells the pattern speaks of.
    pub fn len(&self) -> usize {
        self.hidden.len()
    }

    /// Whether the pattern speaks of no cell.
    pub fn is_empty(&self) -> bool {
        self.hidden.is_empty()
    }

    pub(crate) fn flags(&self) -> &[bool] {
        &self.hidden
    }
}
