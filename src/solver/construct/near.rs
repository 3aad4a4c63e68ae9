//! Ways near a cell: in systems where a cell moves only with cells of many relations, the cheapest change spreads over
//! thousands of cells, each a little, and is a walk of tens of thousands of steps away. A change of few cells is near.
//!
//! Cells are taken in ring by ring (a ring's cells share a relation with the ring's before), at first those only that may
//! change by all that is asked, so that one circuit carries it; then the cell is pushed, everything else at no cost: the
//! first way that a push finds moves few cells, and is mostly whole.
//!
//! Guarantee: none; whoever takes a way adds it up. Cost: a simplex from nothing for each ring, limited by `work`.

use std::collections::BTreeSet;

use crate::extremes::Need;
use crate::lp::{Lp, Status};
use crate::number;
use crate::relations::{UNBOUNDED, Witness};
use crate::solver::cuts::float;
use crate::solver::state::State;

const STEPS: u64 = 50_000;
/// So many times what is asked is without end.
const ENDLESS: i64 = 100;

/// Changes that meet a need, one for each direction that it asks, and the entries looked at; no changes where a direction
/// has none, or none was found with so much work.
pub(super) fn ways(state: &State<'_>, allowed: &[bool], need: &Need, work: u64) -> (Option<Vec<Witness>>, u64) {
    let mut near = Near { state, allowed, cell: need.cell, work: 0, most_work: work };
    let mut ways: Vec<Witness> = Vec::new();
    for asked in need.asks() {
        let turned = ways.first().and_then(Witness::turned).filter(|w| near.goes(w, asked));
        match turned.or_else(|| near.way(asked)) {
            Some(way) => ways.push(way),
            None => return (None, near.work),
        }
    }
    (Some(ways), near.work)
}

/// A search for ways of one cell.
struct Near<'s, 'a> {
    state: &'s State<'a>,
    allowed: &'s [bool],
    cell: usize,
    work: u64,
    most_work: u64,
}

impl Near<'_, '_> {
    fn room(&self, cell: usize, upward: bool) -> i64 {
        let may = self.allowed[cell] || self.state.is_hidden(cell);
        if may { self.state.outsider.room(cell, upward) } else { 0 }
    }

    /// Whether a change goes so far, each of its cells within its room.
    fn goes(&self, way: &Witness, (upward, amount): (bool, i64)) -> bool {
        let gone = if upward { way.at(self.cell) } else { -way.at(self.cell) };
        gone >= amount && way.terms.iter().all(|&(cell, by)| by.abs() <= self.room(cell, by > 0))
    }

    fn way(&mut self, asked: (bool, i64)) -> Option<Witness> {
        let narrow = (asked.1 > 1).then_some(1);
        std::iter::once(asked.1).chain(narrow).find_map(|least| self.way_of(asked, least))
    }

    /// A way through cells that may change so far, whichever way.
    fn way_of(&mut self, asked: (bool, i64), least: i64) -> Option<Witness> {
        let matrix = &self.state.outsider.matrix;
        let mut cells = vec![self.cell];
        let mut seen: BTreeSet<usize> = [self.cell].into();
        let mut from = 0;
        while self.work <= self.most_work {
            let before = cells.len();
            for at in from..before {
                for &(row, _) in matrix.column(cells[at]) {
                    self.work += matrix.row(row).len() as u64;
                    for &(other, _) in matrix.row(row) {
                        let wide = self.room(other, true) >= least && self.room(other, false) >= least;
                        if wide && seen.insert(other) {
                            cells.push(other);
                        }
                    }
                }
            }
            if cells.len() == before {
                return None;
            }
            from = before;
            let found = self.push(&cells, asked);
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// A change of these cells, the first of which is asked, if one is found and whole.
    fn push(&mut self, cells: &[usize], (upward, amount): (bool, i64)) -> Option<Witness> {
        let outsider = self.state.outsider;
        let far = amount.saturating_mul(ENDLESS);
        let room = |cell: usize, up: bool| {
            let room = self.room(cell, up);
            float(i128::from(if room == UNBOUNDED { far } else { room.min(far) }))
        };
        let mut lp =
            Lp::new(self.state.extremes.programs(), cells.iter().map(|&c| (0.0, -room(c, false), room(c, true))));
        let rows: BTreeSet<usize> = cells.iter().flat_map(|&c| outsider.matrix.column(c)).map(|t| t.0).collect();
        let mut order: Vec<(usize, usize)> = cells.iter().enumerate().map(|(at, &c)| (c, at)).collect();
        order.sort_unstable();
        for row in rows {
            let own = outsider.matrix.row(row).iter();
            let place = |&(c, a): &(usize, i64)| {
                let at = order.binary_search_by_key(&c, |o| o.0).ok()?;
                Some((order[at].1, float(a.into())))
            };
            lp.add_row(&own.filter_map(place).collect::<Vec<_>>(), 0.0, 0.0);
        }
        let asked = float(amount.into());
        let (low, high) = lp.bounds(0);
        lp.set_cost(0, if upward { -1.0 } else { 1.0 });
        if upward {
            lp.set_bounds(0, low, high.min(asked));
        } else {
            lp.set_bounds(0, low.max(-asked), high);
        }
        lp.allow(self.most_work.saturating_sub(self.work));
        let status = lp.primal(STEPS);
        self.work += lp.work();
        let gone = if upward { lp.value(0) } else { -lp.value(0) };
        if status != Status::Optimal || gone < asked - 0.5 {
            return None;
        }
        let mut terms = Vec::new();
        for (at, &cell) in cells.iter().enumerate() {
            match number::near_integer(lp.value(at))? {
                0 => {}
                by => terms.push((cell, by)),
            }
        }
        terms.sort_unstable();
        Some(Witness { terms, denominator: 1 })
    }
}
