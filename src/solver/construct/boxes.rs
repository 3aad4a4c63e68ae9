//! Boxes: a cell and, in each of its relations, another; then the cells that close the squares between those, and so on: 2^k
//! corners for k relations, each going the other way than its neighbours. In a table of k flat axes every box keeps all
//! relations (the hypercubes of Giessing and Repsilber 2002).
//!
//! Corner `i`'s neighbour along relation `a` is corner `i + 2^a`. The cell for it is the one that shares a relation both
//! with corner `i` and with the neighbour of a corner found before: no axis has to be known, only the relations.
//!
//! Guarantee: none; whoever takes a box adds it up. Cost: at most [`LOOKS`] corners a question, each a look at a few
//! relations.

use std::collections::BTreeMap;

use crate::extremes::Need;
use crate::relations::{UNBOUNDED, Witness};
use crate::solver::state::State;

/// Corners looked at for one box.
const LOOKS: u64 = 20_000;
/// Boxes that one question may take: where none goes all the way, several may together.
const MOST: usize = 40;

/// A search for the cheapest box at one cell.
struct Boxes<'s, 'a> {
    state: &'s State<'a>,
    allowed: &'s [bool],
    prices: &'s [f64],
    /// What boxes before have changed.
    changed: BTreeMap<usize, i64>,
    best: Option<(f64, Vec<Corner>)>,
    looks: u64,
    /// Entries looked at.
    work: u64,
}

/// A cell and its change.
type Corner = (usize, i64);

/// Changes made of boxes that meet a need, one for each direction that it asks, and the entries looked at; no changes where
/// a direction has none.
pub(super) fn ways(state: &State<'_>, allowed: &[bool], prices: &[f64], need: &Need) -> (Option<Vec<Witness>>, u64) {
    let mut work = 0;
    let mut way = |(upward, amount): (bool, i64)| {
        let changed = BTreeMap::new();
        let mut boxes = Boxes { state, allowed, prices, changed, best: None, looks: 0, work: 0 };
        let found = boxes.go(need.cell, if upward { amount } else { -amount });
        work += boxes.work;
        let terms = boxes.changed.into_iter().filter(|t| t.1 != 0).collect();
        found.then_some(Witness { terms, denominator: 1 })
    };
    let ways = need.asks().map(&mut way).collect();
    (ways, work)
}

impl Boxes<'_, '_> {
    /// Changes the cell by so much with its cheapest box, or with several where no box has the room.
    fn go(&mut self, cell: usize, by: i64) -> bool {
        let mut left = by;
        let mut step = by;
        for _ in 0..MOST {
            (self.best, self.looks) = (None, 0);
            let rows = self.state.outsider.matrix.column(cell).len();
            if self.price(cell, step).is_some() {
                self.extend(&mut vec![(cell, step)], rows, 0.0);
            }
            match self.best.take() {
                Some((_, corners)) => {
                    corners.into_iter().for_each(|(c, by)| *self.changed.entry(c).or_insert(0) += by);
                    left -= step;
                    step = if step.abs() > left.abs() { left } else { step };
                    if left == 0 {
                        return true;
                    }
                }
                None if step.abs() > 1 => step /= 2,
                None => return false,
            }
        }
        false
    }

    /// What a cell costs in a box; nothing if it may not or cannot change so.
    fn price(&self, cell: usize, by: i64) -> Option<f64> {
        let to = self.changed.get(&cell).copied().unwrap_or(0) + by;
        let room = self.state.outsider.room(cell, to > 0);
        let hidden = self.state.is_hidden(cell);
        let may = (hidden || self.allowed[cell]) && (room == UNBOUNDED || to.abs() <= room);
        may.then(|| if hidden || self.changed.contains_key(&cell) { 0.0 } else { self.prices[cell] })
    }

    /// Doubles a box along its first cell's next relation, in every way that has the room, cheapest first.
    fn extend(&mut self, corners: &mut Vec<Corner>, rows: usize, cost: f64) {
        let (first, by) = corners[0];
        let axis = corners.len().trailing_zeros() as usize;
        if axis == rows {
            if self.best.as_ref().is_none_or(|b| cost < b.0) {
                self.best = Some((cost, corners.clone()));
            }
            return;
        }
        let matrix = &self.state.outsider.matrix;
        let (row, a) = matrix.column(first)[axis];
        let mut sides: Vec<(f64, Vec<Corner>)> = Vec::new();
        for &(other, b) in matrix.row(row) {
            let Some(other_by) = answer((a, by), b).filter(|_| other != first && self.looks <= LOOKS) else { continue };
            let side = self.side(corners, (other, other_by));
            sides.extend(side.filter(|s| self.best.as_ref().is_none_or(|best| cost + s.0 < best.0)));
        }
        sides.sort_by(|x, y| x.0.total_cmp(&y.0).then(x.1[0].0.cmp(&y.1[0].0)));
        for (more, side) in sides {
            if self.looks > LOOKS || self.best.as_ref().is_some_and(|best| cost + more >= best.0) {
                return;
            }
            let size = corners.len();
            corners.extend(side);
            self.extend(corners, rows, cost + more);
            corners.truncate(size);
        }
    }

    /// The other side of a box, from the neighbour of its first corner, with what it costs.
    fn side(&mut self, corners: &[Corner], neighbour: Corner) -> Option<(f64, Vec<Corner>)> {
        let mut side = vec![neighbour];
        let mut cost = self.price(neighbour.0, neighbour.1)?;
        self.looks += 1;
        for i in 1..corners.len() {
            // Corner `i` came from corner `before`, whose neighbour is known.
            let before = i & (i - 1);
            let at = self.fourth(corners[i], corners[before].0, side[before].0)?;
            if corners.iter().chain(&side).any(|c| c.0 == at.0) {
                return None;
            }
            cost += self.price(at.0, at.1)?;
            self.looks += 1;
            side.push(at);
        }
        Some((cost, side))
    }

    /// The cell that shares a relation with a corner and another with `known`, closing a square; `opposite` does so too.
    fn fourth(&mut self, (corner, by): Corner, opposite: usize, known: usize) -> Option<Corner> {
        let matrix = &self.state.outsider.matrix;
        for &(row, a) in matrix.column(corner) {
            let terms = matrix.row(row);
            if terms.iter().any(|t| t.0 == opposite) {
                continue;
            }
            for &(row, _) in matrix.column(known) {
                let shared = matrix.row(row);
                self.work += (terms.len() + shared.len()) as u64;
                // Where a relation does not tell its cells in order, a square may be missed, no more.
                if let Some(&(cell, b)) = terms.iter().find(|t| shared.binary_search_by_key(&t.0, |s| s.0).is_ok()) {
                    return answer((a, by), b).filter(|_| cell != known && cell != corner).map(|by| (cell, by));
                }
            }
        }
        None
    }
}

/// What a cell with coefficient `b` changes so that a relation bears another's change, if that is whole and carried.
fn answer((a, by): (i64, i64), b: i64) -> Option<i64> {
    let lack = a.checked_mul(by)?.checked_neg()?;
    (lack % b == 0).then(|| lack / b)
}
