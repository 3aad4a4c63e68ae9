//! Pieces of the table that say nothing of each other, each searched by itself.
//!
//! Once cells are left out that no cheaper pattern hides, what is left may fall apart. Elsewhere than on networks, two cells
//! are in one piece when a relation ties them. On a network, nodes that are tied are one node (see
//! [`contract`](crate::solver::contract)), and a piece is a block: every change is a sum of circuits, each within one block,
//! and between tied nodes there is room for all that any need asks. So a need is met by a pattern exactly when it is met by
//! the pattern's cells of its own piece, and least costs add up. Pieces fall apart in turn.
//!
//! Nothing that is claimed rests on this: patterns are met anew in the whole, and the proof adds the pieces' bounds up without
//! asking why they were taken apart ([`Bound::parts`]). Cost: the arcs, or the entries of the relations.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use super::{Node, Search};
use crate::network::{Network, blocks};
use crate::relations::{Bound, Case, Cut, End, Leaf, Matrix, Needed, Never, Side, Why, Witness};
use crate::solver::part::{Part, Scope};
use crate::solver::{Limit, Outcome, Progress, Watch, solve};

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

impl Search<'_, '_> {
    /// The pieces that have needs, smallest first; none where there are fewer than two.
    pub(super) fn pieces(&mut self) -> Vec<Piece> {
        let outsider = self.state.outsider;
        let mut live: Vec<bool> = self.state.needs.certain.clone();
        // The best pattern stays one, though none of its cells may be in a cheaper one.
        let open = self.cells.iter().zip(&self.never).filter(|c| !c.1 || self.found.hides(*c.0));
        open.for_each(|(&cell, _)| live[cell] = true);
        (0..live.len()).for_each(|cell| live[cell] &= outsider.is_movable(cell));
        let mut work = live.len() as u64;
        let network = self.state.extremes.network();
        let ends = network.map(|n| self.ends(n));
        let piece_of = match (network, &ends) {
            (Some(network), Some(ends)) => {
                let inner = |cell: usize| !live[cell] || ends[cell].0 == ends[cell].1;
                let cells: Vec<usize> = (0..live.len()).filter(|&c| !inner(c)).collect();
                let arcs: Vec<(usize, usize)> = cells.iter().map(|&c| ends[c]).collect();
                let mut piece_of = vec![None; live.len()];
                for (&cell, block) in cells.iter().zip(blocks(network.nodes(), &arcs)) {
                    piece_of[cell] = Some(block);
                }
                piece_of
            }
            _ => {
                let entries: usize = (0..outsider.matrix.rows()).map(|row| outsider.matrix.row(row).len()).sum();
                work += entries as u64;
                tied(&outsider.matrix, &live)
            }
        };
        self.state.work += work;
        let mut fallen: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for &need in &self.missing {
            let Some(piece) = piece_of[self.state.needs.needs[need].cell] else { return Vec::new() };
            fallen.entry(piece).or_default().push(need);
        }
        if fallen.len() < 2 {
            return Vec::new();
        }
        let mut cells: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (cell, piece) in piece_of.iter().enumerate() {
            if let Some(piece) = piece {
                cells.entry(*piece).or_default().push(cell);
            }
        }
        let rows = match (network, &ends) {
            (Some(network), Some(ends)) => self.rows_of_blocks(network, ends, &cells),
            _ => self.rows_of_tied(&cells, &piece_of),
        };
        let mut pieces: Vec<Piece> = rows
            .into_iter()
            .filter_map(|(piece, rows)| {
                Some(Piece { cells: cells.remove(&piece)?, rows, fallen: fallen.remove(&piece)? })
            })
            .collect();
        let open = |piece: &Piece| piece.cells.iter().filter(|&&c| !self.state.needs.certain[c]).count();
        pieces.sort_by_cached_key(|piece| (open(piece), piece.cells[0]));
        pieces
    }

    /// By cell, its two nodes, each told by the first that it is tied to.
    fn ends(&self, network: &Network) -> Vec<(usize, usize)> {
        let group = |node: usize| self.groups.as_ref().map_or(node, |groups| groups[node]);
        network.ends.iter().map(|&(tail, head)| (group(tail), group(head))).collect()
    }

    fn rows_of_tied(
        &self,
        cells: &BTreeMap<usize, Vec<usize>>,
        piece_of: &[Option<usize>],
    ) -> BTreeMap<usize, Vec<Row>> {
        let mut rows: BTreeMap<usize, Vec<Row>> = cells.keys().map(|&piece| (piece, Vec::new())).collect();
        let matrix = &self.state.outsider.matrix;
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
        &self,
        network: &Network,
        ends: &[(usize, usize)],
        cells: &BTreeMap<usize, Vec<usize>>,
    ) -> BTreeMap<usize, Vec<Row>> {
        let group = |node: usize| self.groups.as_ref().map_or(node, |groups| groups[node]);
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
        let mut hangs: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let mut rows: BTreeMap<usize, Vec<Row>> = BTreeMap::new();
        for &(node, by) in order.iter().rev() {
            let mut all = members.remove(&node).unwrap_or_default();
            all.extend(hangs.remove(&node).unwrap_or_default());
            let Some(block) = by else { continue };
            let own = &cells[&block];
            let terms = own.iter().enumerate().filter_map(|(at, &cell)| match ends[cell] {
                (_, head) if head == node => Some((at, 1)),
                (tail, _) if tail == node => Some((at, -1)),
                _ => None,
            });
            let sums = all.iter().map(|&row| (row, if sides[row] { 1 } else { -1 })).collect();
            rows.entry(block).or_default().push(Row { terms: terms.collect(), sums });
            hangs.entry(above[&block]).or_default().extend(all);
        }
        rows
    }

    /// Searches pieces one after the other, the smallest first, each with its share of the work that is left; the bound that
    /// they give together, how it ended, and its parts. The best pattern is kept.
    pub(super) fn in_pieces(&mut self, pieces: &[Piece], root: &Node) -> (u64, Outcome) {
        let most = self.best;
        self.state.restore(&self.found);
        let mut bound: u64 = 0;
        let mut limit = None;
        for (done, piece) in pieces.iter().enumerate() {
            let left = self.effort.work.saturating_sub(self.work()) / (pieces.len() - done) as u64;
            let part = self.part(piece);
            let effort = self.effort.work(left).nodes(self.effort.nodes.saturating_sub(self.state.nodes));
            let found = {
                let (state, work, best) = (&*self.state, self.lp.work(), self.best);
                let watcher = |progress: &Progress| {
                    state.tell_proof(best, root.bound.max(bound), work + progress.work);
                    if state.is_stopped() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
                };
                let watch = Watch::new(Some(&watcher));
                solve(&part.outsider, &part.needs, &effort, state.extremes.programs(), &watch)
            };
            let Ok(found) = found else {
                limit = limit.or(Some(Limit::Engine));
                continue;
            };
            self.state.work += found.work;
            self.state.nodes += found.nodes;
            bound += found.bound;
            if let Outcome::Stopped { limit: reached } = found.outcome {
                limit = limit.or(Some(reached));
            }
            self.exchange(&part, found.hidden, found.witnesses);
            let open = part.cells.iter().zip(&part.needs.certain).filter(|c| !c.1).map(|c| *c.0);
            let whole = found.proof.filter(|proof| proof.claim > 0).and_then(|proof| piece.whole(proof));
            self.parts_proved.extend(whole.map(|proof| Bound { cells: open.collect(), ..proof }));
        }
        (self.best, self.found) = (self.state.cost(), self.state.snapshot());
        let bound = bound.min(most).max(root.bound).min(self.best);
        let outcome = match limit {
            _ if bound == self.best => Outcome::Optimal,
            _ if self.close_enough(bound) => Outcome::within(self.best, bound),
            limit => Outcome::Stopped { limit: limit.unwrap_or(Limit::Engine) },
        };
        (bound, outcome)
    }

    fn part(&self, piece: &Piece) -> Part {
        let chosen = |c: &usize| self.state.is_hidden(*c) && !self.state.needs.certain[*c];
        let start = piece.cells.iter().enumerate().filter(|c| chosen(c.1)).map(|c| c.0).collect();
        let rows = piece.rows.iter().map(|row| row.terms.clone());
        let certain = |c: usize| self.state.needs.certain[c];
        Part::new(self.state, piece.cells.clone(), rows, piece.fallen.clone(), certain, Scope::Piece(start))
    }

    /// Takes a piece's pattern if it is cheaper.
    fn exchange(&mut self, part: &Part, hidden: Vec<bool>, witnesses: Vec<Witness>) {
        let choice = part.choice(&hidden);
        let weight = |cell: usize| i128::from(self.state.needs.weights[cell]);
        let change = |&(cell, hides): &(usize, bool)| match (self.state.is_hidden(cell), hides) {
            (true, false) => -weight(cell),
            (false, true) => weight(cell),
            _ => 0,
        };
        if choice.iter().map(change).sum::<i128>() >= 0 {
            return;
        }
        let mut fallen: BTreeSet<usize> = part.fallen.iter().copied().collect();
        for &(cell, _) in choice.iter().filter(|c| !c.1) {
            fallen.extend(self.state.using(cell));
        }
        let witnesses: Vec<_> = witnesses.into_iter().map(|w| part.whole(w)).collect();
        self.state.exchange(&choice, &fallen.into_iter().collect::<Vec<_>>(), &witnesses);
    }
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
