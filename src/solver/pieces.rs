//! Pieces of the table that say nothing of each other, each searched by itself.
//!
//! Elsewhere than on networks, two cells are in one piece when a relation ties them. On a network, nodes that are tied are
//! one node (see [`contract`](super::contract)), and a piece is a block: every change is a sum of circuits, each within one
//! block, and between tied nodes there is room for all that any need asks. So a need is met by a pattern exactly when it is
//! met by the pattern's cells of its own piece, and least costs add up. A piece's relations are those of its few nodes, not of
//! the table. Once cells are left out that no cheaper pattern hides, pieces fall apart in turn.
//!
//! No pattern and no proof rests on this: patterns are met anew in the whole, and a proof adds the pieces' bounds up without
//! asking why they were taken apart ([`Bound::parts`]). What the search claims beyond the proof does, where that has no room
//! for all of it. Cost: the arcs, or the entries of the relations.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use super::part::{Part, Scope};
use super::state::State;
use super::{Effort, Limit, Outcome, Progress, Solution, Stage, Watch, construct, contract, solve};
use crate::network::{Network, blocks};
use crate::relations::{Bound, Case, Cut, End, Leaf, Matrix, Needed, Never, Side, Why, Witness};

/// A row of a piece: its terms, by cell of the piece, and the rows of the whole whose sum it is there.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    terms: Vec<(usize, i64)>,
    sums: Vec<(usize, i64)>,
}

/// Cells in order, their relations, and the needs that they have to meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    cells: Vec<usize>,
    rows: Vec<Row>,
    fallen: Vec<usize>,
}

/// The pieces of the live cells that have needs, those with the fewest open cells first. On a network, by node, the first
/// that it is tied to. Nothing where a need is in no piece.
pub(super) fn pieces(
    state: &mut State<'_>,
    groups: Option<&[usize]>,
    mut live: Vec<bool>,
    missing: &[usize],
) -> Option<Vec<Piece>> {
    let outsider = state.outsider;
    (0..live.len()).for_each(|cell| live[cell] &= outsider.is_movable(cell));
    let network = state.extremes.network();
    let mut work = live.len();
    let group = |node: usize| groups.map_or(node, |groups| groups[node]);
    let ends: Vec<(usize, usize)> =
        network.into_iter().flat_map(|n| &n.ends).map(|&(tail, head)| (group(tail), group(head))).collect();
    let piece_of = if let Some(network) = network {
        let between = |c: &usize| live[*c] && ends[*c].0 != ends[*c].1;
        let cells: Vec<usize> = (0..live.len()).filter(between).collect();
        let arcs: Vec<(usize, usize)> = cells.iter().map(|&c| ends[c]).collect();
        let mut piece_of = vec![None; live.len()];
        for (&cell, block) in cells.iter().zip(blocks(network.nodes(), &arcs)) {
            piece_of[cell] = Some(block);
        }
        piece_of
    } else {
        work += (0..outsider.matrix.rows()).map(|row| outsider.matrix.row(row).len()).sum::<usize>();
        tied(&outsider.matrix, &live)
    };
    let mut fallen: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for &need in missing {
        fallen.entry(piece_of[state.needs.needs[need].cell]?).or_default().push(need);
    }
    let mut cells: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (cell, piece) in piece_of.iter().enumerate() {
        if let Some(piece) = piece {
            cells.entry(*piece).or_default().push(cell);
        }
    }
    let rows = match network {
        Some(network) => rows_of_blocks(network, group, &ends, &cells),
        None => rows_of_tied(&outsider.matrix, &cells, &piece_of),
    };
    let mut pieces: Vec<Piece> = rows
        .into_iter()
        .filter_map(|(piece, rows)| Some(Piece { cells: cells.remove(&piece)?, rows, fallen: fallen.remove(&piece)? }))
        .collect();
    let open = |piece: &Piece| piece.cells.iter().filter(|&&c| !state.needs.certain[c]).count();
    pieces.sort_by_cached_key(|piece| (open(piece), piece.cells[0]));
    state.work += work as u64;
    Some(pieces)
}

/// Constructs a pattern in pieces, and meets the needs with it in the whole; whether that met them all.
pub(super) fn construct(state: &mut State<'_>, pieces: &[Piece], missing: &[usize]) -> bool {
    for piece in pieces {
        let part = piece.part(state, false);
        let watcher = |_: &Progress| {
            state.tell(Stage::Construct);
            if state.is_stopped() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let watch = Watch::new(Some(&watcher));
        let mut own = State::new(&part.outsider, &part.needs, state.extremes.programs(), &watch);
        let missing = own.meet_all();
        if construct::hide_enough(&mut own, &contract::all(&part.needs).cells, &missing).is_err() {
            return false;
        }
        own.drop_idle();
        let (chosen, work) = (own.chosen(), own.work());
        drop(own);
        state.work += work;
        chosen.into_iter().for_each(|cell| state.hide(part.cells[cell]));
    }
    missing.iter().all(|&need| {
        state.tell(Stage::Construct);
        state.meets(need)
    })
}

/// For whoever watches: the stage of the moment, a bound that is known, and work that was done elsewhere.
pub(super) struct Told {
    pub(super) stage: Stage,
    pub(super) bound: u64,
    pub(super) work: u64,
}

/// What the pieces give together.
pub(super) struct Together {
    pub(super) bound: u64,
    /// What stopped a piece.
    pub(super) limit: Option<Limit>,
    /// What was proved of pieces.
    pub(super) proofs: Vec<Bound>,
}

impl Together {
    /// How the search for a pattern that costs this ended.
    pub(super) fn outcome(&self, cost: u64, bound: u64) -> Outcome {
        match self.limit {
            _ if bound == cost => Outcome::Optimal,
            None => Outcome::within(cost, bound),
            Some(limit) => Outcome::Stopped { limit },
        }
    }

    /// The proof of the whole, in which this was dropped.
    pub(super) fn proof(mut self, dropped: Bound) -> Bound {
        match self.proofs.pop() {
            // One piece is the whole.
            Some(only) if self.proofs.is_empty() => {
                let Bound { claim, cuts, never, leaves, parts, .. } = only;
                Bound { claim, cuts, never, leaves, parts, ..dropped }
            }
            Some(last) => {
                self.proofs.push(last);
                let claim = self.proofs.iter().map(|part| part.claim).sum();
                Bound { claim, parts: self.proofs, ..dropped }
            }
            None => Bound { leaves: vec![Leaf::nothing()], ..dropped },
        }
    }
}

/// Searches pieces one after the other, from the pattern at hand, each with its share of the work that is left; takes what is
/// cheaper.
pub(super) fn search(
    state: &mut State<'_>,
    pieces: &[Piece],
    effort: &Effort,
    improved: bool,
    told: &Told,
) -> Together {
    let stage = Cell::new(Stage::Improve);
    let mut together = Together { bound: 0, limit: None, proofs: Vec::new() };
    for (done, piece) in pieces.iter().enumerate() {
        let left = effort.work.saturating_sub(state.work() + told.work) / (pieces.len() - done) as u64;
        let part = piece.part(state, improved);
        let effort = effort.work(left).nodes(effort.nodes.saturating_sub(state.nodes));
        let before: u64 = part
            .cells
            .iter()
            .filter(|&&c| state.is_hidden(c) && !state.needs.certain[c])
            .map(|&c| state.needs.weights[c])
            .sum();
        let best = Cell::new((0, told.bound.max(together.bound)));
        let worked = Cell::new(0);
        let tell = |progress: &Progress| {
            worked.set(progress.work);
            stage.set(stage.get().max(progress.stage).min(told.stage));
            let cheaper = progress.cost.map_or(0, |cost| before.saturating_sub(cost));
            let (cheapest, bound) = best.get();
            let (cheaper, bound) = (cheaper.max(cheapest), bound.max(together.bound + progress.bound));
            best.set((cheaper, bound));
            match stage.get() {
                Stage::Prove => {
                    state.tell_bound(Stage::Prove, state.cost() - cheaper, bound, told.work + progress.work);
                }
                earlier => state.tell(earlier),
            }
        };
        let Ok(found) = ask(state, &part, &effort, tell) else {
            state.work += worked.get();
            together.limit = together.limit.or(Some(Limit::Engine));
            continue;
        };
        state.work += found.work;
        state.nodes += found.nodes;
        together.bound += found.bound;
        if let Outcome::Stopped { limit } = found.outcome {
            together.limit = together.limit.or(Some(limit));
        }
        exchange(state, &part, &found.hidden, found.witnesses);
        let open = part.cells.iter().zip(&part.needs.certain).filter(|c| !c.1).map(|c| *c.0);
        let whole = found.proof.filter(|proof| proof.claim > 0).and_then(|proof| piece.whole(proof));
        together.proofs.extend(whole.map(|proof| Bound { cells: open.collect(), ..proof }));
    }
    together
}

/// Asks the whole search for a part, told to whoever watches.
fn ask(state: &State<'_>, part: &Part, effort: &Effort, tell: impl Fn(&Progress)) -> Result<Solution, super::Failure> {
    let watcher = |progress: &Progress| {
        tell(progress);
        if state.is_stopped() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    solve(&part.outsider, &part.needs, effort, state.extremes.programs(), &Watch::new(Some(&watcher)))
}

/// Takes a part's pattern if it is cheaper.
fn exchange(state: &mut State<'_>, part: &Part, hidden: &[bool], witnesses: Vec<Witness>) {
    let choice = part.choice(hidden);
    let weight = |cell: usize| i128::from(state.needs.weights[cell]);
    let change = |&(cell, hides): &(usize, bool)| match (state.is_hidden(cell), hides) {
        (true, false) => -weight(cell),
        (false, true) => weight(cell),
        _ => 0,
    };
    if choice.iter().map(change).sum::<i128>() >= 0 {
        return;
    }
    let mut fallen: BTreeSet<usize> = part.fallen.iter().copied().collect();
    for &(cell, _) in choice.iter().filter(|c| !c.1) {
        fallen.extend(state.using(cell));
    }
    let witnesses: Vec<_> = witnesses.into_iter().map(|w| part.whole(w)).collect();
    state.exchange(&choice, &fallen.into_iter().collect::<Vec<_>>(), &witnesses);
}

fn rows_of_tied(
    matrix: &Matrix,
    cells: &BTreeMap<usize, Vec<usize>>,
    piece_of: &[Option<usize>],
) -> BTreeMap<usize, Vec<Row>> {
    let mut rows: BTreeMap<usize, Vec<Row>> = cells.keys().map(|&piece| (piece, Vec::new())).collect();
    for row in 0..matrix.rows() {
        let mut terms = Vec::new();
        let mut own = None;
        for &(cell, coefficient) in matrix.row(row) {
            if let Some(piece) = piece_of[cell] {
                own = Some(piece);
                terms.extend(cells[&piece].binary_search(&cell).map(|at| (at, coefficient)));
            }
        }
        if let Some(rows) = own.and_then(|piece| rows.get_mut(&piece)) {
            rows.push(Row { terms, sums: vec![(row, 1)] });
        }
    }
    rows
}

/// A row for each node of a block but one. What a node of a block sums is all that hangs on it beyond the block, so that
/// nothing of other blocks is left; on the node left out hangs what has no row, the outside.
fn rows_of_blocks(
    network: &Network,
    group: impl Fn(usize) -> usize,
    ends: &[(usize, usize)],
    cells: &BTreeMap<usize, Vec<usize>>,
) -> BTreeMap<usize, Vec<Row>> {
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let sides = network.sides();
    let gone: BTreeSet<usize> = network.dropped().iter().map(|d| d.row).collect();
    for row in (0..sides.len()).filter(|row| !gone.contains(row)) {
        members.entry(group(row)).or_default().push(row);
    }
    let mut nodes_of: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    let mut blocks_of: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (&block, cells) in cells {
        for node in cells.iter().flat_map(|&c| [ends[c].0, ends[c].1]) {
            nodes_of.entry(block).or_default().insert(node);
            blocks_of.entry(node).or_default().insert(block);
        }
    }
    // Nodes after those above them, each with the block that leads there; by block, the node above it.
    let mut order: Vec<(usize, Option<usize>)> = Vec::new();
    let mut above: BTreeMap<usize, usize> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let outside = group(network.outside());
    for root in [outside].into_iter().chain(blocks_of.keys().copied()) {
        if !seen.insert(root) {
            continue;
        }
        let mut next = order.len();
        order.push((root, None));
        while let Some(&(node, _)) = order.get(next) {
            next += 1;
            for &block in blocks_of.get(&node).into_iter().flatten() {
                if above.contains_key(&block) {
                    continue;
                }
                above.insert(block, node);
                let below = nodes_of[&block].iter().filter(|&&n| seen.insert(n));
                order.extend(below.map(|&n| (n, Some(block))));
            }
        }
    }
    let mut terms_of: BTreeMap<(usize, usize), Vec<(usize, i64)>> = BTreeMap::new();
    for (&block, cells) in cells {
        for (at, &cell) in cells.iter().enumerate() {
            let (tail, head) = ends[cell];
            terms_of.entry((block, tail)).or_default().push((at, -1));
            terms_of.entry((block, head)).or_default().push((at, 1));
        }
    }
    let mut hangs: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut rows: BTreeMap<usize, Vec<Row>> = BTreeMap::new();
    for &(node, by) in order.iter().rev() {
        let mut all = members.remove(&node).unwrap_or_default();
        all.extend(hangs.remove(&node).unwrap_or_default());
        let Some(block) = by else { continue };
        let terms = terms_of.remove(&(block, node)).unwrap_or_default();
        let sums = all.iter().map(|&row| (row, if sides[row] { 1 } else { -1 })).collect();
        rows.entry(block).or_default().push(Row { terms, sums });
        hangs.entry(above[&block]).or_default().extend(all);
    }
    rows
}

/// By live cell, a number that it shares with all to which relations tie it.
fn tied(matrix: &Matrix, live: &[bool]) -> Vec<Option<usize>> {
    let mut piece_of = vec![None; live.len()];
    let mut seen = vec![false; matrix.rows()];
    for start in (0..live.len()).filter(|&c| live[c]) {
        let mut open = vec![start];
        while let Some(cell) = open.pop() {
            if piece_of[cell].is_some() {
                continue;
            }
            piece_of[cell] = Some(start);
            for &(row, _) in matrix.column(cell) {
                if !std::mem::replace(&mut seen[row], true) {
                    open.extend(matrix.row(row).iter().map(|t| t.0).filter(|&c| live[c] && piece_of[c].is_none()));
                }
            }
        }
    }
    piece_of
}

impl Piece {
    /// As a problem of its own, from the pattern at hand.
    fn part(&self, state: &State<'_>, improved: bool) -> Part {
        let chosen = |c: &usize| state.is_hidden(*c) && !state.needs.certain[*c];
        let start = self.cells.iter().enumerate().filter(|c| chosen(c.1)).map(|c| c.0).collect();
        let rows = self.rows.iter().map(|row| row.terms.clone());
        let certain = |c: usize| state.needs.certain[c];
        let scope = Scope::Piece { start, improved };
        Part::new(state, self.cells.clone(), rows, self.fallen.clone(), certain, scope)
    }

    /// A bound of the piece as one of the whole; nothing where numbers are beyond what is carried.
    fn whole(&self, bound: Bound) -> Option<Bound> {
        let cells = |cells: Vec<usize>| cells.into_iter().map(|c| self.cells[c]).collect();
        Some(Bound {
            claim: bound.claim,
            cuts: bound.cuts.into_iter().map(|cut| self.cut(cut)).collect::<Option<_>>()?,
            never: bound.never.into_iter().map(|n| Never { cells: cells(n.cells), sum: n.sum }).collect(),
            leaves: bound.leaves.into_iter().map(|leaf| self.leaf(leaf)).collect(),
            cells: cells(bound.cells),
            parts: bound.parts.into_iter().map(|part| self.whole(part)).collect::<Option<_>>()?,
            ..Bound::default()
        })
    }

    fn leaf(&self, leaf: Leaf) -> Leaf {
        Leaf { fixed: leaf.fixed.into_iter().map(|(c, hidden)| (self.cells[c], hidden)).collect(), ..leaf }
    }

    fn cut(&self, cut: Cut) -> Option<Cut> {
        let cell = |c: usize| self.cells[c];
        Some(match cut {
            Cut::Room { cell: own, sides, apart } => {
                let side = |side: Side| Some(Side { upward: side.upward, sums: self.sums(&side.sums)? });
                let sides = sides.into_iter().map(side).collect::<Option<_>>()?;
                Cut::Room { cell: cell(own), sides, apart: apart.into_iter().map(cell).collect() }
            }
            Cut::Rounded { sums, less, over } => {
                Cut::Rounded { sums, less: less.into_iter().map(|(c, times)| (cell(c), times)).collect(), over }
            }
            Cut::Bridge { cell: own, sums } => Cut::Bridge { cell: cell(own), sums: self.sums(&sums)? },
            Cut::Other { hidden, falls } => {
                let ends = falls.ends.into_iter().map(|end| self.end(end)).collect::<Option<_>>()?;
                let falls = Needed { cell: cell(falls.cell), falls: cell(falls.falls), ends };
                Cut::Other { hidden: hidden.into_iter().map(cell).collect(), falls }
            }
        })
    }

    fn end(&self, end: End) -> Option<End> {
        let case = |case: Case| {
            let path = case.path.into_iter().map(|(v, low, at)| (self.cells[v], low, at)).collect();
            Some(Case { path, sums: self.sums(&case.sums)? })
        };
        let why = match end.why {
            Why::Sums(sums) => Why::Sums(self.sums(&sums)?),
            Why::Cases(cases) => Why::Cases(cases.into_iter().map(case).collect::<Option<_>>()?),
        };
        Some(End { why, ..end })
    }

    /// Multipliers of the piece's rows as multipliers of the whole's.
    fn sums(&self, sums: &[(usize, i64)]) -> Option<Vec<(usize, i64)>> {
        let mut whole: BTreeMap<usize, i64> = BTreeMap::new();
        for &(row, weight) in sums {
            for &(of, times) in &self.rows[row].sums {
                let entry = whole.entry(of).or_insert(0);
                *entry = entry.checked_add(weight.checked_mul(times)?)?;
            }
        }
        Some(whole.into_iter().filter(|s| s.1 != 0).collect())
    }
}
