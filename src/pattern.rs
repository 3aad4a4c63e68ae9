//! Which cells are shown and which are hidden.

use crate::table::CellId;

/// A pattern of suppression: for every cell of a table, shown or hidden. It claims nothing of its safety.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    hidden: Vec<bool>,
}

impl Pattern {
    /// A pattern for a table of so many cells that hides these.
    ///
    /// Cells beyond the table are left out.
    pub fn hiding(cells: usize, hidden: impl IntoIterator<Item = CellId>) -> Self {
        let mut pattern = Pattern { hidden: vec![false; cells] };
        for cell in hidden {
            if let Some(entry) = pattern.hidden.get_mut(cell.index()) {
                *entry = true;
            }
        }
        pattern
    }

    pub(crate) fn from_flags(hidden: Vec<bool>) -> Self {
        Pattern { hidden }
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
