//! Large neighbourhoods, each solved by the exact method.
//!
//! Some cells hidden by choice are freed that the same witnesses move, with everything around that those witnesses and a few
//! cheap cells more make up. That part of the table is a table of its own: what is outside stands still, so every change of
//! the part is one of the whole, and a pattern that protects the part's needs protects them in the whole. The whole search is
//! asked for it (large neighbourhood search, Shaw 1998). Parts grow as long as they are proved optimal at little cost, and
//! shrink where they are not (Ropke and Pisinger 2006).
//!
//! Guarantee: the pattern meets every need at every moment, and never becomes dearer: what the part answers is added up in the
//! whole before it is taken. Cost: the work allowed.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use super::part::{Part, Scope};
use super::state::State;
use super::{Effort, Outcome, Progress, Stage, Watch, solve};
use crate::relations::Witness;

/// Cells freed at once, to begin with and at least.
const FREED: [usize; 2] = [6, 2];
/// Cells around that take part, for each cell freed: of each ring, and of each relation.
const AROUND: (usize, usize) = (24, 4);
/// Rings of cells around.
const RINGS: usize = 2;
/// Parts that share the work allowed, at least.
const PARTS: u64 = 10;
/// What a look at a cell in an ordered set costs in looks at an entry.
const LOOK: u64 = 8;

/// Looks for cheaper patterns, with so much work.
pub(super) fn search(state: &mut State<'_>, candidates: &[usize], work: u64) {
    let limit = state.work().saturating_add(work);
    let each = Effort::default().stage(Stage::Prove).work(work / PARTS);
    let around = Around::new(state, candidates);
    let mut size = FREED[0];
    let mut better = true;
    while better {
        better = false;
        let mut chosen = state.chosen();
        chosen.sort_by_key(|&c| (Reverse(state.needs.weights[c]), c));
        for cell in chosen {
            state.tell(Stage::Improve);
            if state.work() > limit || state.is_stopped() {
                return;
            }
            if !state.is_hidden(cell) {
                continue;
            }
            let part = Neighbourhood::new(state, &around, cell, size);
            let answer = part.solve(state, &each);
            better |= answer.cheaper;
            // Where fewer are freed than could be, nothing is to be had by more.
            if answer.proved && part.freed == size && answer.work < each.work / 4 {
                size += 1 + size / 8;
            } else if !answer.proved {
                size = (size - size / 8 - 1).max(FREED[1]);
            }
        }
    }
}

/// By relation, the cells that may move, cheapest first.
struct Around {
    cheapest: Vec<Vec<usize>>,
}

impl Around {
    fn new(state: &mut State<'_>, candidates: &[usize]) -> Self {
        let outsider = state.outsider;
        let mut moves = state.needs.certain.clone();
        candidates.iter().for_each(|&c| moves[c] = true);
        let price = |c: usize| if state.needs.certain[c] { 0 } else { state.needs.weights[c] };
        let of_row = |row: usize| {
            let cells = outsider.matrix.row(row).iter().map(|t| t.0);
            let mut cells: Vec<usize> = cells.filter(|&c| moves[c] && outsider.is_movable(c)).collect();
            cells.sort_by_key(|&c| (price(c), c));
            cells
        };
        let cheapest: Vec<Vec<usize>> = (0..outsider.matrix.rows()).map(of_row).collect();
        state.work += LOOK * cheapest.iter().map(|row| row.len() as u64).sum::<u64>();
        Around { cheapest }
    }
}

struct Neighbourhood {
    part: Part,
    /// How many cells are freed, and what they cost.
    freed: usize,
    cost: u64,
}

struct Answer {
    cheaper: bool,
    proved: bool,
    work: u64,
}

impl Neighbourhood {
    /// The part around a chosen cell in which so many are freed.
    fn new(state: &mut State<'_>, around: &Around, seed: usize, size: usize) -> Self {
        let (outsider, weights) = (state.outsider, &state.needs.weights);
        let freed = state.moved_with(seed, size);
        let cost = freed.iter().map(|&c| weights[c]).sum();
        let mut fallen: BTreeSet<usize> = BTreeSet::new();
        for &cell in &freed {
            fallen.extend(state.using(cell));
        }
        let mut cells = freed.clone();
        for &need in &fallen {
            cells.insert(state.needs.needs[need].cell);
            cells.extend(state.witnesses_of(need).flat_map(|w| w.terms.iter().map(|t| t.0)));
        }
        let mut looks = cells.len();
        let rows_of = |cells: &BTreeSet<usize>| -> BTreeSet<usize> {
            cells.iter().flat_map(|&c| outsider.matrix.column(c)).map(|t| t.0).collect()
        };
        for _ in 0..RINGS {
            let of_row = |row: usize| around.cheapest[row].iter().copied().take(AROUND.1 * size);
            let price = |c: usize| if state.is_hidden(c) { 0 } else { weights[c] };
            let near = rows_of(&cells).into_iter().flat_map(of_row).inspect(|_| looks += 1);
            let near: BTreeSet<(u64, usize)> =
                near.filter(|c| !cells.contains(c)).map(|c| (price(c), c)).filter(|n| n.0 < cost).collect();
            cells.extend(near.into_iter().take(AROUND.0 * size).map(|n| n.1));
        }
        let rows = rows_of(&cells);
        let cells: Vec<usize> = cells.into_iter().collect();
        let place: BTreeMap<usize, usize> = cells.iter().enumerate().map(|(at, &c)| (c, at)).collect();
        let of_row = |row: usize| {
            let terms = outsider.matrix.row(row).iter();
            terms.filter_map(|&(c, a)| Some((*place.get(&c)?, a))).collect::<Vec<_>>()
        };
        looks += rows.iter().map(|&row| outsider.matrix.row(row).len()).sum::<usize>();
        let rows: Vec<Vec<(usize, i64)>> = rows.into_iter().map(of_row).collect();
        let certain = |c: usize| state.is_hidden(c) && !freed.contains(&c);
        let fallen: Vec<usize> = fallen.into_iter().collect();
        let part = Part::new(state, cells, rows, fallen, certain, Scope::Neighbourhood);
        state.work += LOOK * looks as u64;
        Neighbourhood { part, freed: freed.len(), cost }
    }

    /// Asks the whole search, and takes its pattern of the part if that is cheaper.
    fn solve(&self, state: &mut State<'_>, effort: &Effort) -> Answer {
        let watcher = |_: &Progress| {
            state.tell(Stage::Improve);
            if state.is_stopped() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let watch = Watch::new(Some(&watcher));
        let part = &self.part;
        let found = solve(&part.outsider, &part.needs, effort, state.extremes.programs(), &watch);
        let Ok(found) = found else { return Answer { cheaper: false, proved: false, work: 0 } };
        state.work += found.work;
        let proved = found.outcome == Outcome::Optimal;
        let answer = |cheaper| Answer { cheaper, proved, work: found.work };
        if found.cost >= self.cost {
            return answer(false);
        }
        let witnesses: Vec<Witness> = found.witnesses.into_iter().map(|w| part.whole(w)).collect();
        answer(state.exchange(&part.choice(&found.hidden), &part.fallen, &witnesses))
    }
}
