//! What the columns of a published table look like, where nobody says it: parts of each other, or sorted.

use std::collections::{BTreeMap, BTreeSet};

use super::report::Unchecked;
use super::{Item, Published};

/// Columns of one block that are compared with each other.
const COLUMNS: usize = 8;

/// A column's name, and its cells by row.
type Column<'a> = (&'a str, BTreeMap<&'a [String], usize>);

/// Two columns of one block, the smaller perhaps a part of the larger: their cells row by row.
pub(super) struct Pair {
    pub(super) whole: String,
    pub(super) part: String,
    pub(super) cells: Vec<(usize, usize)>,
}

/// Pairs of labels of the last axis such that no row speaks against one being a part of the other.
pub(super) fn column_pairs(published: &Published) -> Vec<Pair> {
    // By block and column, in order: the cells by row.
    let mut blocks: BTreeMap<&str, Vec<Column<'_>>> = BTreeMap::new();
    for (cell, seen) in published.cells.iter().enumerate().filter(|c| c.1.displayed) {
        let [row @ .., column] = seen.key.labels() else { continue };
        if row.len() != 1 {
            continue;
        }
        let columns = blocks.entry(seen.key.block()).or_default();
        let at = columns.iter().position(|c| c.0 == column).unwrap_or_else(|| {
            columns.push((column, BTreeMap::new()));
            columns.len() - 1
        });
        columns[at].1.insert(row, cell);
    }
    // By cell, the sums and parts that speak of it: two cells of one are tied.
    let mut users: Vec<Vec<usize>> = vec![Vec::new(); published.len()];
    for (s, statement) in published.statements.iter().enumerate() {
        if matches!(statement.item, Item::Totals | Item::Part) {
            statement.terms.iter().for_each(|t| users[t.0].push(s));
        }
    }
    let tied = |&(a, b): &(usize, usize)| users[a].iter().any(|s| users[b].binary_search(s).is_ok());
    let mut pairs = Vec::new();
    for columns in blocks.values().filter(|c| c.len() <= COLUMNS) {
        for (whole, rows) in columns {
            for (part, others) in columns.iter().filter(|c| c.0 != *whole) {
                let mut cells: Vec<(usize, usize)> =
                    rows.iter().filter_map(|(row, &cell)| Some((cell, *others.get(row)?))).collect();
                cells.sort_unstable();
                let shown: Vec<(i64, i64)> =
                    cells.iter().filter_map(|&(a, b)| Some((published.shown(a)?, published.shown(b)?))).collect();
                let known = cells.iter().any(tied);
                let fits = shown.iter().all(|(a, b)| a >= b) && shown.iter().any(|(a, b)| a > b);
                if !known && shown.len() >= 3 && fits {
                    pairs.push(Pair { whole: (*whole).to_owned(), part: (*part).to_owned(), cells });
                }
            }
        }
    }
    pairs
}

/// Columns with hidden cells whose shown figures stand in order, row by row, totals and one residual row aside.
pub(super) fn looks_sorted(published: &Published) -> Vec<Unchecked> {
    let totals: BTreeSet<usize> = published
        .statements
        .iter()
        .filter(|s| s.item == Item::Totals)
        .flat_map(|s| s.terms.iter().filter(|t| t.1 < 0).map(|t| t.0))
        .collect();
    let mut columns: BTreeMap<(&str, &str), Vec<Option<i64>>> = BTreeMap::new();
    for (cell, seen) in published.cells.iter().enumerate() {
        if seen.displayed && !totals.contains(&cell) {
            let column = seen.key.labels().get(1).map_or("", String::as_str);
            columns.entry((seen.key.block(), column)).or_default().push(seen.shown);
        }
    }
    let mut found = Vec::new();
    for ((block, column), figures) in columns {
        let shown: Vec<i64> = figures.iter().flatten().copied().collect();
        if shown.len() < 5 || shown.len() == figures.len() || shown[0] == shown[shown.len() - 1] {
            continue;
        }
        let breaks = |before: fn(&i64, &i64) -> bool| shown.windows(2).filter(|w| !before(&w[0], &w[1])).count();
        let (down, up) = (breaks(|a, b| a >= b), breaks(|a, b| a <= b));
        // One row may stand apart: « autres ».
        if down.min(up) <= usize::from(shown.len() >= 10) {
            let descending = down <= up;
            found.push(Unchecked::LooksSorted { block: block.to_owned(), column: column.to_owned(), descending });
        }
    }
    found
}
