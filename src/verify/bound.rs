//! Adds up the proof that no pattern costs less. Uses no engine.
//!
//! # Proof
//! Let `x` say which cells are hidden. (1) *Room*: with `E = Σ Y·row`, a pattern that lets the primary cell go as far as
//! asked has `Σ |Eⱼ|·room·xⱼ ≥ scale·asked`; what is hidden anyway moves to the right, as does whatever is left apart: the
//! others have to give the rest even where all of that is hidden. No coefficient need exceed the right side. (2) *Other*: hiding more never protects less, so if a pattern fails, one of the cells that it shows is
//! hidden. (3) *Bridge*: in a pattern that needs each of its cells, every cell hidden by choice moves in some witness, so
//! another cell of any sum that it is in moves too. (4) *Dropped*: on a network, a pattern serves a need exactly when no
//! smallest cut stops it (Ford and Fulkerson 1956). A cut that separates tied nodes stops nothing, so a cell between them
//! does not matter, and of several between the same two groups one that carries enough makes dearer ones useless. Some
//! cheapest pattern for the primary cells that the cuts name satisfies all four at once; other primary cells only make
//! patterns dearer. (5) Nonnegative multiples of the inequalities add up to a bound of the cost over each leaf, and the
//! leaves leave nothing out. As `x` is whole, coefficients of such a sum may be rounded up, then its right side; and no `x`
//! is above 1 (Chvátal 1973). (6) Parts bound the cost of some cells each, every other cell being free to hide at no cost; as
//! no cell counts in two of them, their claims add up. What (2) names in a part falls even with all of those hidden.

use std::collections::{BTreeMap, BTreeSet};

use super::Verified;
use super::needed::{covers, falls_short};
use super::rooms::{Rooms, Sums};
use crate::policy::Interval;
use crate::relations::{Bound, Cut, Leaf, Side};
use crate::table::Standing;

/// Multipliers are whole numbers over this.
const FINE: i128 = 1 << 32;
/// Right sides are brought down to this, coefficients rounded up.
const COARSE: i128 = 1 << 20;

/// `Σ coefficient·x ≥ right`, over cells that are hidden by choice.
struct Inequality {
    terms: BTreeMap<usize, i128>,
    right: i128,
}

pub(super) fn holds(verified: &Verified<'_>, rooms: &Rooms<'_>, bound: &Bound) -> Result<(), String> {
    let judge = Judge { verified, rooms };
    let asked = judge.asked(bound)?;
    let dropped = judge.dropped(bound, &asked)?;
    let cells = verified.table.len();
    let mut tally = Tally {
        judge: &judge,
        counts: vec![0; cells],
        depth: 0,
        free: (0..cells).map(|cell| judge.is_open(cell) && !dropped.contains(&cell)).collect(),
        gains: vec![0; cells],
        touched: Vec::new(),
    };
    tally.bound(bound)
}

/// A scale, and coefficients by variable.
type Way = (i128, Vec<(usize, Option<i128>)>);

/// Adds sums of inequalities up, one after the other.
struct Tally<'a> {
    judge: &'a Judge<'a>,
    /// By cell, how deep the innermost part lies that counts its cost; and how deep the part of the moment lies.
    counts: Vec<usize>,
    depth: usize,
    /// By cell, whether a pattern may choose to hide it.
    free: Vec<bool>,
    /// By cell, what the sum of the moment gives for hiding it; zero but where touched.
    gains: Vec<i128>,
    touched: Vec<usize>,
}

impl Tally<'_> {
    /// Whether this bound holds for the cost of the cells that count. Cost: the entries of its sums; for the
    /// whole, the table once besides.
    fn bound(&mut self, bound: &Bound) -> Result<(), String> {
        // A pattern that hides a cell at least as dear as the claim costs that much.
        let own = |cell: &usize| self.counts[*cell] == self.depth;
        let dear = |cell: &usize| self.free[*cell] && self.weight(*cell) >= bound.claim.into();
        let mut gone: Vec<usize> = if self.depth == 0 {
            (0..self.free.len()).filter(dear).collect()
        } else {
            bound.cells.iter().copied().filter(|c| own(c) && dear(c)).collect()
        };
        gone.iter().for_each(|&cell| self.free[cell] = false);
        let mut cuts: Vec<Inequality> = Vec::with_capacity(bound.cuts.len());
        for (number, cut) in bound.cuts.iter().enumerate() {
            cuts.push(self.inequality(cut, bound, &cuts).map_err(|why| format!("inequality {number}: {why}"))?);
        }
        let fixed = bound.leaves.iter().flat_map(|l| &l.fixed).map(|f| f.0);
        if fixed.chain(bound.never.iter().flat_map(|n| n.cells.iter().copied())).any(|cell| !self.judge.is_open(cell)) {
            return Err("a case about a cell that is not hidden by choice".to_owned());
        }
        let beyond = "a sum beyond what is carried";
        let goal = i128::from(bound.claim) * FINE;
        for never in &bound.never {
            let base = self.add_up(&cuts, &never.sum).ok_or(beyond)?;
            let all = self.least(true, base, &[]).ok_or(beyond)?;
            for &cell in &never.cells {
                if self.with(all, cell).ok_or(beyond)? <= goal - FINE {
                    return Err(format!("{}: hiding it could cost less", self.judge.verified.table.name(cell)));
                }
            }
            gone.extend(never.cells.iter().filter(|&&cell| self.free[cell]));
            never.cells.iter().for_each(|&cell| self.free[cell] = false);
        }
        match bound.parts.as_slice() {
            [] => self.leaves(bound, &cuts, goal)?,
            _ => self.parts(bound)?,
        }
        gone.into_iter().for_each(|cell| self.free[cell] = true);
        Ok(())
    }

    fn leaves(&mut self, bound: &Bound, cuts: &[Inequality], goal: i128) -> Result<(), String> {
        let paths: Vec<Vec<_>> =
            bound.leaves.iter().map(|l| l.fixed.iter().map(|&(c, hidden)| (c, hidden, 0)).collect()).collect();
        if !covers(paths.iter().map(Vec::as_slice).collect()) {
            return Err("the leaves leave something out".to_owned());
        }
        let beyond = "a sum beyond what is carried";
        for (number, Leaf { fixed, sum, empty }) in bound.leaves.iter().enumerate() {
            let base = self.add_up(cuts, sum).ok_or(beyond)?;
            let least = self.least(!empty, base, fixed).ok_or(beyond)?;
            if least <= if *empty { 0 } else { goal - FINE } {
                return Err(format!("leaf {number} proves less"));
            }
        }
        Ok(())
    }

    /// The costs of different cells add up.
    fn parts(&mut self, bound: &Bound) -> Result<(), String> {
        let claims = bound.parts.iter().try_fold(0_u64, |sum, part| sum.checked_add(part.claim));
        if claims.is_none_or(|claims| claims < bound.claim) {
            return Err("the parts prove less".to_owned());
        }
        if !bound.leaves.is_empty() {
            return Err("parts, and leaves beside them".to_owned());
        }
        let mut counted = BTreeSet::new();
        for (number, part) in bound.parts.iter().enumerate() {
            for &cell in &part.cells {
                if self.counts.get(cell) != Some(&self.depth) || !counted.insert(cell) {
                    return Err(format!("part {number} counts a cell twice, or one that is not counted"));
                }
            }
            part.cells.iter().for_each(|&cell| self.counts[cell] = self.depth + 1);
            self.depth += 1;
            self.bound(part).map_err(|why| format!("part {number}: {why}"))?;
            self.depth -= 1;
            part.cells.iter().for_each(|&cell| self.counts[cell] = self.depth);
        }
        Ok(())
    }

    fn inequality(&self, cut: &Cut, bound: &Bound, before: &[Inequality]) -> Result<Inequality, String> {
        match cut {
            Cut::Rounded { sums, less, over } => self.judge.rounded(before, sums, less, *over),
            Cut::Room { cell, sides, apart } => self.judge.room(*cell, sides, apart),
            Cut::Bridge { cell, sums } => self.judge.bridge(*cell, sums),
            Cut::Other { hidden, falls } => {
                let chosen: BTreeSet<usize> = hidden.iter().copied().collect();
                // It falls even if all is hidden that does not count here.
                let counts = |v: usize| self.counts.get(v) == Some(&self.depth);
                let elsewhere = |v: usize| self.free.get(v) == Some(&true) && !counts(v);
                let is_hidden = |v: usize| self.judge.is_certain(v) || chosen.contains(&v) || elsewhere(v);
                let asked = self.judge.asked_of(falls.falls)?;
                let whole = self.judge.verified.table.decimals == 0;
                falls_short(self.judge.rooms, whole, &is_hidden, falls.falls, &falls.ends, asked)?;
                let is_other = |cell: &usize| self.free[*cell] && counts(*cell) && !chosen.contains(cell);
                let others: Vec<usize> = match self.depth {
                    0 => (0..self.free.len()).filter(is_other).collect(),
                    _ => bound.cells.iter().copied().filter(is_other).collect(),
                };
                Ok(Inequality { terms: others.into_iter().map(|cell| (cell, 1)).collect(), right: 1 })
            }
        }
    }

    /// What hiding a cell costs here.
    fn weight(&self, cell: usize) -> i128 {
        if self.counts[cell] == self.depth { self.judge.verified.assessment.weights[cell].into() } else { 0 }
    }

    /// Makes this the sum of the moment, and gives its right side.
    fn add_up(&mut self, cuts: &[Inequality], sum: &[(usize, i128)]) -> Option<i128> {
        self.touched.drain(..).for_each(|cell| self.gains[cell] = 0);
        let mut base: i128 = 0;
        for &(cut, multiplier) in sum {
            let cut = cuts.get(cut).filter(|_| multiplier >= 0)?;
            base = base.checked_add(cut.right.checked_mul(multiplier)?)?;
            for (&cell, coefficient) in &cut.terms {
                let gain = self.gains.get_mut(cell)?;
                *gain = gain.checked_add(coefficient.checked_mul(multiplier)?)?;
                self.touched.push(cell);
            }
        }
        self.touched.sort_unstable();
        self.touched.dedup();
        Some(base)
    }

    fn own(&self, cost: bool, cell: usize) -> Option<i128> {
        if cost { self.weight(cell).checked_mul(FINE) } else { Some(0) }
    }

    /// [`FINE`] times the least cost that the sum of the moment leaves where these cells are fixed; without cost, above zero
    /// where nothing satisfies the sum.
    fn least(&self, cost: bool, base: i128, fixed: &[(usize, bool)]) -> Option<i128> {
        let fixed: BTreeMap<usize, bool> = fixed.iter().copied().collect();
        let mut least = base;
        for (&cell, _) in fixed.iter().filter(|f| *f.1) {
            least = least.checked_add(self.own(cost, cell)?)?.checked_sub(*self.gains.get(cell)?)?;
        }
        for &cell in self.touched.iter().filter(|&&cell| self.free[cell] && !fixed.contains_key(&cell)) {
            least = least.checked_add(self.own(cost, cell)?.checked_sub(self.gains[cell])?.min(0))?;
        }
        Some(least)
    }

    /// The least cost with one more cell hidden, from that with nothing fixed.
    fn with(&self, all: i128, cell: usize) -> Option<i128> {
        let rest = self.own(true, cell)?.checked_sub(self.gains[cell])?;
        let before = if self.free[cell] { rest.min(0) } else { 0 };
        all.checked_sub(before)?.checked_add(rest)
    }
}

struct Judge<'a> {
    verified: &'a Verified<'a>,
    rooms: &'a Rooms<'a>,
}

impl Judge<'_> {
    fn is_open(&self, cell: usize) -> bool {
        self.verified.assessment.standings.get(cell) == Some(&Standing::Open)
    }

    /// Hidden whatever the pattern: by the rule, by declaration, not displayed; and what is no cell of the table.
    fn is_certain(&self, variable: usize) -> bool {
        let standings = &self.verified.assessment.standings;
        standings.get(variable).is_none_or(|s| matches!(s, Standing::Primary | Standing::Hidden))
    }

    /// What the primary cells ask that the inequalities name.
    fn asked(&self, bound: &Bound) -> Result<BTreeMap<usize, Interval>, String> {
        let mut named = Vec::new();
        let mut open = vec![bound];
        while let Some(bound) = open.pop() {
            open.extend(&bound.parts);
            named.extend(bound.cuts.iter().filter_map(|cut| match cut {
                Cut::Room { cell, .. } => Some(*cell),
                Cut::Other { falls, .. } => Some(falls.falls),
                Cut::Bridge { .. } | Cut::Rounded { .. } => None,
            }));
        }
        named.into_iter().map(|cell| Ok((cell, self.asked_of(cell)?))).collect()
    }

    fn asked_of(&self, cell: usize) -> Result<Interval, String> {
        self.verified.assessment.asked(cell).ok_or_else(|| format!("cell {cell} is not primary"))
    }

    fn room(&self, cell: usize, sides: &[Side], apart: &[usize]) -> Result<Inequality, String> {
        let asked = self.asked_of(cell)?;
        let amount = match sides {
            [Side { upward: true, .. }] => asked.upper,
            [Side { upward: false, .. }] => asked.lower,
            [Side { upward: true, .. }, Side { upward: false, .. }] => asked.sliding,
            _ => return Err("one way, or both, upward first, expected".to_owned()),
        };
        let beyond = || "a sum beyond what is carried".to_owned();
        let ways: Vec<_> = sides.iter().map(|side| self.side(cell, side)).collect::<Result<_, _>>()?;
        let scale = ways.iter().try_fold(1_i128, |all, way| all.checked_mul(way.0)).ok_or_else(beyond)?;
        // Nothing stands for a room without end.
        let mut terms: BTreeMap<usize, Option<i128>> = BTreeMap::new();
        for (own, coefficients) in &ways {
            for &(variable, coefficient) in coefficients {
                let more = coefficient.map(|c| c.checked_mul(scale / own).ok_or_else(beyond)).transpose()?;
                let entry = terms.entry(variable).or_insert(Some(0));
                *entry = match (*entry, more) {
                    (Some(a), Some(b)) => Some(a.checked_add(b).ok_or_else(beyond)?),
                    _ => None,
                };
            }
        }
        let apart: BTreeSet<usize> = apart.iter().copied().collect();
        let mut right = scale.checked_mul(amount.into()).ok_or_else(beyond)?;
        let mut open = BTreeMap::new();
        for (variable, coefficient) in terms {
            if self.is_certain(variable) || apart.contains(&variable) {
                let taken = coefficient.ok_or("what is hidden anyway has no end")?;
                right = right.checked_sub(taken).ok_or_else(beyond)?;
            } else if self.is_open(variable) {
                open.insert(variable, coefficient);
            }
        }
        if right <= 0 {
            return Err("what is hidden anyway goes far enough".to_owned());
        }
        let capped = |coefficient: Option<i128>| coefficient.map_or(right, |c| c.min(right));
        let rounded = |c: i128| match right > COARSE {
            true => Some(c.checked_mul(COARSE)?.checked_add(right - 1)? / right),
            false => Some(c),
        };
        let terms: Option<BTreeMap<usize, i128>> =
            open.into_iter().map(|(cell, c)| Some((cell, rounded(capped(c))?))).collect();
        Ok(Inequality { terms: terms.ok_or_else(beyond)?, right: right.min(COARSE) })
    }

    /// The scale and the coefficients of one way; a coefficient is nothing where a room has no end.
    fn side(&self, cell: usize, side: &Side) -> Result<Way, String> {
        if side.sums.is_empty() {
            return Ok((1, vec![(cell, self.rooms.room(cell, side.upward))]));
        }
        let mut combined = self.rooms.combine(&side.sums).ok_or("a sum beyond what is carried, or of no such row")?;
        let at = combined.remove(&cell).unwrap_or(0);
        let scale = if side.upward { -at } else { at };
        if scale <= 0 {
            return Err("the sum says nothing of the cell in this direction".to_owned());
        }
        let mut terms = Vec::with_capacity(combined.len());
        for (variable, coefficient) in combined {
            let room = match self.rooms.room(variable, coefficient > 0) {
                Some(0) => continue,
                Some(room) => Some(room.checked_mul(coefficient.abs()).ok_or("a sum beyond what is carried")?),
                None => None,
            };
            terms.push((variable, room));
        }
        Ok((scale, terms))
    }

    /// What whole numbers leave of a sum of inequalities, less that these cells are hidden once at most.
    fn rounded(
        &self,
        before: &[Inequality],
        sums: &Sums,
        less: &[(usize, i64)],
        over: i64,
    ) -> Result<Inequality, String> {
        if over <= 0 || sums.iter().chain(less).any(|s| s.1 < 0) || less.iter().any(|l| !self.is_open(l.0)) {
            return Err("nonnegative multiples of inequalities, divided by more than nothing, expected".to_owned());
        }
        let sum = || -> Option<(BTreeMap<usize, i128>, i128)> {
            let mut terms: BTreeMap<usize, i128> = BTreeMap::new();
            let mut right: i128 = 0;
            let mut add = |cell: usize, by: i128| {
                let term = terms.entry(cell).or_insert(0);
                *term = term.checked_add(by)?;
                Some(())
            };
            for &(number, times) in sums {
                let one = before.get(number)?;
                right = right.checked_add(one.right.checked_mul(times.into())?)?;
                for (&cell, coefficient) in &one.terms {
                    add(cell, coefficient.checked_mul(times.into())?)?;
                }
            }
            for &(cell, times) in less {
                add(cell, -i128::from(times))?;
                right = right.checked_sub(times.into())?;
            }
            Some((terms, right))
        };
        let (terms, right) = sum().ok_or("a sum beyond what is carried, or of no inequality before")?;
        let up = |a: i128| a.div_euclid(over.into()) + i128::from(a.rem_euclid(over.into()) != 0);
        Ok(Inequality { terms: terms.into_iter().map(|(cell, a)| (cell, up(a))).collect(), right: up(right) })
    }

    fn bridge(&self, cell: usize, sums: &Sums) -> Result<Inequality, String> {
        let combined = self.rooms.combine(sums).ok_or("a sum beyond what is carried, or of no such row")?;
        if !self.is_open(cell) || !combined.contains_key(&cell) {
            return Err("the sum says nothing of the cell".to_owned());
        }
        let moves = |v: &usize| self.rooms.room(*v, true) != Some(0) || self.rooms.room(*v, false) != Some(0);
        let mut terms = BTreeMap::from([(cell, -1)]);
        for variable in combined.into_keys().filter(|&v| v != cell).filter(moves) {
            if self.is_certain(variable) {
                return Err("a cell of the sum is hidden anyway".to_owned());
            }
            if self.is_open(variable) {
                terms.insert(variable, 1);
            }
        }
        Ok(Inequality { terms, right: 0 })
    }

    /// The cells that some cheapest pattern for these primary cells does not hide, because of a network's ties.
    fn dropped(&self, bound: &Bound, asked: &BTreeMap<usize, Interval>) -> Result<BTreeSet<usize>, String> {
        let table = self.verified.table;
        if !bound.cells.is_empty() {
            return Err("a part of no whole".to_owned());
        }
        if bound.dropped.is_empty() {
            return Ok(BTreeSet::new());
        }
        let ends = self.network(bound)?;
        let mut enough: i128 = 0;
        for (&cell, need) in asked {
            for (upward, amount) in
                [(true, need.upper), (false, need.lower), (true, need.sliding), (false, need.sliding)]
            {
                if amount > 0 {
                    let back = self.rooms.room(cell, !upward).ok_or("a primary cell without end")?;
                    enough = enough.max(back + i128::from(amount));
                }
            }
        }
        let nodes = bound.sides.len() + 1;
        let mut group: Vec<usize> = (0..nodes).collect();
        for tie in &bound.ties {
            let (a, b) = tie.nodes;
            if a >= nodes || b >= nodes {
                return Err("a tie between no nodes".to_owned());
            }
            for (from, to, changes) in [(a, b, &tie.there), (b, a, &tie.back)] {
                if self.carried(&ends, (from, to), changes)? < enough {
                    return Err("a tie carries too little".to_owned());
                }
            }
            let (a, b) = (head(&group, a), head(&group, b));
            group[a.max(b)] = a.min(b);
        }
        let pair = |cell: usize| {
            let (a, b) = (head(&group, ends[cell].0), head(&group, ends[cell].1));
            (a.min(b), a.max(b))
        };
        let dropped: BTreeSet<usize> = bound.dropped.iter().map(|d| d.0).collect();
        let room = |cell: usize, upward: bool| self.rooms.room(cell, upward).is_none_or(|r| r >= enough);
        for &(cell, better) in &bound.dropped {
            if cell >= table.len() || !self.is_open(cell) {
                return Err("a dropped cell that is not open".to_owned());
            }
            let weight = |c: usize| self.verified.assessment.weights[c];
            let fits = match better {
                None => pair(cell).0 == pair(cell).1,
                Some(other) => {
                    other < table.len()
                        && self.is_open(other)
                        && !dropped.contains(&other)
                        && pair(other) == pair(cell)
                        && weight(other) <= weight(cell)
                        && room(other, true)
                        && room(other, false)
                }
            };
            if !fits {
                return Err(format!("{}: nothing shows that it can be left out", table.name(cell)));
            }
        }
        Ok(dropped)
    }

    /// By variable, the nodes that raising it leaves and enters; the relations are a network with these sides, once the
    /// rows are left out that the others imply.
    fn network(&self, bound: &Bound) -> Result<Vec<(usize, usize)>, String> {
        let rows = self.rooms.rows();
        if bound.sides.len() != rows {
            return Err(format!("{} sides for {rows} rows", bound.sides.len()));
        }
        let mut gone = BTreeSet::new();
        for (row, sum) in &bound.implied {
            let nothing = self.rooms.combine(sum).is_some_and(|c| c.into_keys().all(|v| !self.movable(v)));
            if !nothing || sum.iter().all(|s| s.0 != *row || s.1 == 0) || sum.iter().any(|s| gone.contains(&s.0)) {
                return Err(format!("row {row} is not implied by the others"));
            }
            gone.insert(*row);
        }
        let mut ends = vec![(rows, rows); self.rooms.variables()];
        for (row, &side) in bound.sides.iter().enumerate().filter(|r| !gone.contains(&r.0)) {
            let terms = self.rooms.combine(&[(row, 1)]).ok_or("no such row")?;
            for (variable, coefficient) in terms.into_iter().filter(|t| self.movable(t.0)) {
                let end = if (coefficient > 0) == side { &mut ends[variable].1 } else { &mut ends[variable].0 };
                if coefficient.abs() != 1 || *end != rows {
                    return Err("the relations are no network with these sides".to_owned());
                }
                *end = row;
            }
        }
        Ok(ends)
    }

    fn movable(&self, variable: usize) -> bool {
        self.verified.table.cells.get(variable).is_none_or(|cell| !cell.structural)
    }

    /// How much these changes carry from one node to another: they stay within the rooms of what is hidden anyway, and
    /// nothing is left anywhere else.
    fn carried(
        &self,
        ends: &[(usize, usize)],
        (from, to): (usize, usize),
        changes: &[(usize, i64)],
    ) -> Result<i128, String> {
        let mut left: BTreeMap<usize, i128> = BTreeMap::new();
        if changes.windows(2).any(|w| w[0].0 >= w[1].0) {
            return Err("a tie whose cells are out of order or twice".to_owned());
        }
        for &(variable, change) in changes {
            let far = i128::from(change).abs();
            if variable >= ends.len()
                || !self.is_certain(variable)
                || self.rooms.room(variable, change > 0).is_some_and(|room| far > room)
            {
                return Err("a tie over a cell that may be shown, or beyond its room".to_owned());
            }
            let (tail, head) = ends[variable];
            *left.entry(tail).or_insert(0) -= i128::from(change);
            *left.entry(head).or_insert(0) += i128::from(change);
        }
        let arrived = left.remove(&to).unwrap_or(0);
        let sent = -left.remove(&from).unwrap_or(0);
        if arrived != sent || left.values().any(|l| *l != 0) {
            return Err("a tie that does not add up".to_owned());
        }
        Ok(arrived)
    }
}

/// The first node of a group.
fn head(group: &[usize], mut node: usize) -> usize {
    while group[node] != node {
        node = group[node];
    }
    node
}
