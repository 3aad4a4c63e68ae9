//! Changes mended in whole numbers along the kernel of the relations.
//!
//! Under a pattern, the changes that keep all relations are a space of few dimensions: where 755 cells of a four-way table are
//! hidden, 101. Some groups *lead*, the others *follow*: `follower = Σ share·leader`. A known change is mended, where a cell
//! that it moves is shown, by the simplex method for least absolute deviations (Barrodale and Roberts 1973): what is paid is
//! each group's distance from where it was, and dearly what is beyond its room. One step moves all that follows, past many
//! kinks, where the dual simplex takes each group in by a step of its own. Then it branches on what is not whole.
//!
//! What it must guarantee: what it gives was added up in integers. It finds or it does not; whoever asks then asks elsewhere.
//! It stops where no leader alone lowers the cost, which at a corner of many kinks may be short of the least.
//!
//! Cost: leaders times followers a step, added up in rows; to build, an elimination of the relations among groups.

mod cost;

use std::collections::BinaryHeap;

use self::cost::{Cost, Turn};
use super::general::{exact_change, float};
use super::groups::{Asked, Group, Groups, tighter};
use super::sparse::{BACK, unit};
use crate::lp::scatter;
use crate::number;
use crate::relations::{Outsider, Witness};

/// Entries that a table may have: beyond, sparse programs are faster.
const MOST_ENTRIES: usize = 150_000;
/// Steps of one descent, and descents of one question.
const STEPS: usize = 300;
const NODES: usize = 40;
/// Fractions that are solved for.
const UNKNOWNS: usize = 300;
/// Steps after which the lengths of columns are looked at again.
const LENGTHS: usize = 10;
/// Exchanges after which the table is built anew.
const WORN: usize = 3000;
/// How far apart kinks are moved where many meet.
const APART: f64 = 1e-3;
/// What a unit beyond a room costs.
const BEYOND: f64 = 1000.0;
/// Entries of the table that cost as much as one that lies anywhere.
const ROW: usize = 8;
const TINY: f64 = 1e-11;
const NEAR: f64 = 1e-6;
const SLOPE: f64 = 1e-7;

/// What became of a change that was to be mended.
#[derive(Debug)]
pub(super) enum Mended {
    Witness(Witness),
    /// There is none, or none was found.
    Not,
    /// Fractions do, and whole numbers were not found among many cases.
    Lost,
}

/// The row of a leader's own turns.
const OWN: usize = usize::MAX;

#[derive(Debug)]
pub(super) struct Kernel {
    /// Cells that are moved rather than others.
    free: Vec<bool>,
    farthest: i64,
    stale: bool,
    /// Whether the table is small enough, and with how many cells it is known not to be.
    serves: bool,
    too_many: usize,
    groups: Groups,
    /// By group, how many of its cells are shown by now, and what a unit up and down costs.
    shown: Vec<u32>,
    units: Vec<[f64; 2]>,
    /// By group, its row among followers; none if it leads.
    row_of: Vec<Option<usize>>,
    leaders: Vec<usize>,
    followers: Vec<usize>,
    /// By follower, its share of each leader.
    table: Vec<f64>,
    exchanges: usize,
    costs: Vec<Cost>,
    values: Vec<f64>,
    pub(super) work: u64,
}

impl Kernel {
    pub(super) fn new(free: &[bool], farthest: i64) -> Self {
        Kernel {
            free: free.to_vec(),
            farthest,
            stale: true,
            serves: false,
            too_many: usize::MAX,
            groups: Groups::default(),
            shown: Vec::new(),
            units: Vec::new(),
            row_of: Vec::new(),
            leaders: Vec::new(),
            followers: Vec::new(),
            table: Vec::new(),
            exchanges: 0,
            costs: Vec::new(),
            values: Vec::new(),
            work: 0,
        }
    }

    /// A cell was hidden or shown.
    pub(super) fn set(&mut self, cell: usize, hidden: bool) {
        if self.stale {
            return;
        }
        match self.groups.of(cell) {
            Some((group, _)) if hidden => self.shown[group] -= 1,
            Some((group, _)) => self.shown[group] += 1,
            None => self.stale |= hidden,
        }
    }

    /// Whether there is a table for this pattern, if need be after building it.
    fn serves_for(&mut self, outsider: &Outsider, hidden: &[bool], near: &Witness) -> bool {
        let is_known = |k: &Self| !k.stale && near.terms.iter().all(|t| k.groups.of(t.0).is_some());
        if !self.serves || self.exchanges > WORN || !is_known(self) {
            self.work += (hidden.len() / ROW) as u64;
            let mut live = hidden.to_vec();
            near.terms.iter().for_each(|t| live[t.0] = true);
            let count = live.iter().filter(|live| **live).count();
            if count >= self.too_many {
                return false;
            }
            self.build(outsider, hidden, &live);
            self.too_many = if self.serves { usize::MAX } else { count - count / 10 };
        }
        self.serves
    }

    fn build(&mut self, outsider: &Outsider, hidden: &[bool], live: &[bool]) {
        let far = self.farthest;
        self.groups = Groups::new(outsider, |c, up| if live[c] { float(outsider.room(c, up).min(far)) } else { 0.0 });
        self.stale = false;
        self.exchanges = 0;
        let count = self.groups.groups.len();
        self.shown = self.groups.groups.iter().map(|g| g.iter().map(|c| u32::from(!hidden[c.0])).sum()).collect();
        let units = |group: &Group| [true, false].map(|up| unit(&self.free, group, up));
        self.units = self.groups.groups.iter().map(units).collect();
        self.work += self.groups.entries();
        self.serves = self.groups.rows.len() * count <= 20 * MOST_ENTRIES;
        if self.serves {
            self.eliminate(count);
            self.serves = self.table.len() <= MOST_ENTRIES;
        }
    }

    /// Makes as many groups follow as relations say something new.
    fn eliminate(&mut self, count: usize) {
        let mut rows: Vec<Vec<f64>> = Vec::with_capacity(self.groups.rows.len());
        let mut order: Vec<usize> = (0..self.groups.rows.len()).collect();
        order.sort_by_key(|&r| (self.groups.rows[r].terms.len(), r));
        for row in order {
            let mut entries = vec![0.0; count];
            self.groups.rows[row].terms.iter().for_each(|&(g, a)| entries[g] = float(a));
            rows.push(entries);
        }
        let mut pivots: Vec<(usize, usize)> = Vec::new();
        for number in 0..rows.len() {
            let mut entries = std::mem::take(&mut rows[number]);
            let largest = (0..count).fold(None, |best: Option<usize>, g| {
                let is_larger = best.is_none_or(|b| entries[g].abs() > entries[b].abs() + NEAR);
                if is_larger && entries[g].abs() > NEAR { Some(g) } else { best }
            });
            let Some(pivot) = largest else { continue };
            let by = entries[pivot];
            entries.iter_mut().for_each(|a| *a /= by);
            for other in rows.iter_mut().filter(|o| !o.is_empty()) {
                let times = other[pivot];
                if times.abs() > TINY {
                    self.work += (count / ROW) as u64;
                    other.iter_mut().zip(&entries).for_each(|(a, b)| *a -= times * b);
                    other[pivot] = 0.0;
                }
            }
            rows[number] = entries;
            pivots.push((number, pivot));
        }
        self.row_of = vec![None; count];
        self.followers = pivots.iter().map(|p| p.1).collect();
        self.followers.iter().enumerate().for_each(|(row, &g)| self.row_of[g] = Some(row));
        self.leaders = (0..count).filter(|&g| self.row_of[g].is_none()).collect();
        self.table.clear();
        for (number, _) in pivots {
            self.table.extend(
                self.leaders.iter().map(|&g| if rows[number][g].abs() > TINY { -rows[number][g] } else { 0.0 }),
            );
        }
    }

    /// A change that takes the cell so far under the pattern, near one that does with other cells hidden, or near no change
    /// at all; in whole numbers where figures are.
    pub(super) fn mend(&mut self, outsider: &Outsider, hidden: &[bool], asked: Asked, near: &Witness) -> Mended {
        if !self.serves_for(outsider, hidden, near) || self.begin(asked, near).is_none() {
            return Mended::Not;
        }
        self.settle();
        if !outsider.integral {
            let found = if self.is_beyond() { None } else { self.fractions(outsider, hidden, asked) };
            return found.map_or(Mended::Not, Mended::Witness);
        }
        let mut open = vec![Vec::new()];
        let base = self.costs.clone();
        for _ in 0..NODES {
            let Some(bounds): Option<Vec<(usize, f64, f64)>> = open.pop() else { return Mended::Not };
            self.costs.clone_from(&base);
            for &(group, low, high) in &bounds {
                self.costs[group].low = self.costs[group].low.max(low);
                self.costs[group].high = self.costs[group].high.min(high);
            }
            if bounds.iter().any(|b| self.costs[b.0].low > self.costs[b.0].high) {
                continue;
            }
            if !bounds.is_empty() {
                self.settle();
            }
            if self.is_beyond() {
                continue;
            }
            let Some((group, value)) = self.split() else {
                return self.witness(outsider, hidden, asked).map_or(Mended::Not, Mended::Witness);
            };
            let part = |low: f64, high: f64| {
                let mut part = bounds.clone();
                part.push((group, low, high));
                part
            };
            let lower = part(f64::NEG_INFINITY, value.floor());
            let upper = part(value.ceil(), f64::INFINITY);
            open.extend(if value > 0.0 { [lower, upper] } else { [upper, lower] });
        }
        Mended::Lost
    }

    /// Puts every group where the change to be mended has it, and what is fixed where it must be.
    fn begin(&mut self, asked: Asked, near: &Witness) -> Option<()> {
        let count = self.groups.groups.len();
        let mut kinks = vec![0.0; count];
        for &(cell, change) in &near.terms {
            let (group, sign) = self.groups.of(cell)?;
            kinks[group] = (float(sign * change) / float(near.denominator)).round();
        }
        self.costs.clear();
        for (group, &kink) in kinks.iter().enumerate() {
            let [low, high] = if self.shown[group] > 0 { [0.0; 2] } else { self.groups.ends[group].map(|end| end.0) };
            let [up, down] = self.units[group];
            let (up, down) = (if kink < 0.0 { BACK * up } else { up }, if kink > 0.0 { BACK * down } else { down });
            self.costs.push(Cost { low, high, kink: kink.clamp(low, high), up, down });
        }
        let (group, ends) = self.groups.at_least(asked.0, asked.1, float(asked.2))?;
        let own = self.groups.ends[group];
        let [low, high] = tighter(own, ends).map(|end| end.0);
        if self.shown[group] > 0 || low > high {
            return None;
        }
        (self.costs[group].low, self.costs[group].high) = (low, high);
        self.costs[group].kink = self.costs[group].kink.clamp(low, high);
        self.values = kinks;
        for group in 0..count {
            if let (true, Some(row)) = (self.costs[group].is_fixed(), self.row_of[group]) {
                let shares = self.row(row);
                let may = (0..self.leaders.len()).filter(|&c| !self.costs[self.leaders[c]].is_fixed());
                let best = may.max_by(|&a, &b| shares[a].abs().total_cmp(&shares[b].abs()).then(b.cmp(&a)));
                if let Some(column) = best.filter(|&c| shares[c].abs() > 1e-4) {
                    self.exchange(row, column);
                }
            }
        }
        for group in 0..count {
            self.values[group] = self.values[group].clamp(self.costs[group].low, self.costs[group].high);
        }
        self.follow();
        Some(())
    }

    fn row(&self, row: usize) -> &[f64] {
        let width = self.leaders.len();
        &self.table[row * width..(row + 1) * width]
    }

    /// Followers where their leaders take them.
    fn follow(&mut self) {
        let leading: Vec<f64> = self.leaders.iter().map(|&g| self.values[g]).collect();
        for row in 0..self.followers.len() {
            let value = self.row(row).iter().zip(&leading).map(|(a, v)| a * v).sum();
            self.values[self.followers[row]] = value;
        }
        self.work += (self.table.len() / ROW) as u64;
    }

    /// A follower leads, and a leader follows in its row.
    fn exchange(&mut self, row: usize, column: usize) {
        let width = self.leaders.len();
        let (before, rest) = self.table.split_at_mut(row * width);
        let (own, after) = rest.split_at_mut(width);
        let by = 1.0 / own[column];
        own.iter_mut().for_each(|a| *a *= -by);
        own[column] = by;
        for other in before.chunks_exact_mut(width).chain(after.chunks_exact_mut(width)) {
            let times = other[column];
            if times == 0.0 {
                continue;
            }
            other[column] = 0.0;
            for (a, b) in other.iter_mut().zip(own.iter()) {
                let sum = *a + times * b;
                *a = if sum.abs() > TINY { sum } else { 0.0 };
            }
            self.work += (width / ROW) as u64;
        }
        let (leads, follows) = (self.followers[row], self.leaders[column]);
        self.followers[row] = follows;
        self.leaders[column] = leads;
        self.row_of[leads] = None;
        self.row_of[follows] = Some(row);
        self.exchanges += 1;
        self.work += self.followers.len() as u64;
    }

    fn is_beyond(&self) -> bool {
        (0..self.values.len()).any(|g| self.costs[g].is_beyond(self.values[g]))
    }

    /// Moves leaders to where the cost is least; where that is a corner of many kinks, with the kinks a little apart.
    fn settle(&mut self) {
        self.descend();
        if !self.is_beyond() {
            return;
        }
        let exact = self.costs.clone();
        for (group, cost) in self.costs.iter_mut().enumerate().filter(|c| !c.1.is_fixed()) {
            let apart = |way| APART * (0.5 + scatter(group as u64, way));
            let kink = APART * (scatter(group as u64, 5) - 0.5);
            *cost = Cost { low: cost.low - apart(3), high: cost.high + apart(4), kink: cost.kink + kink, ..*cost };
        }
        let apart = std::mem::take(&mut self.costs);
        self.carry(&exact, &apart);
        self.costs = apart;
        self.descend();
        let apart = std::mem::replace(&mut self.costs, exact.clone());
        self.carry(&apart, &exact);
    }

    /// Takes leaders from the kinks and ends where they stand to others.
    fn carry(&mut self, from: &[Cost], to: &[Cost]) {
        for &group in &self.leaders {
            let (from, to, at) = (&from[group], &to[group], self.values[group]);
            let levels = [(from.kink, to.kink), (from.low, to.low), (from.high, to.high)];
            if let Some((_, to)) = levels.into_iter().find(|l| (l.0 - at).abs() < NEAR) {
                self.values[group] = to;
            }
        }
        self.follow();
    }

    /// Moves leaders, the one that lowers the cost most first, until none does.
    fn descend(&mut self) {
        let width = self.leaders.len();
        let mut lengths = Vec::new();
        for step in 0..STEPS {
            if step % LENGTHS == 0 {
                lengths = self.lengths();
            }
            // What a unit of each leader costs either way is what changes its sign with the way, and what does not.
            let (mut odd, mut even) = (vec![0.0; width], vec![0.0; width]);
            for (row, &group) in self.followers.iter().enumerate() {
                let (up, down) = self.costs[group].slopes(self.values[group]);
                let shares = &self.table[row * width..(row + 1) * width];
                let (half, other) = ((up - down) / 2.0, (up + down) / 2.0);
                odd.iter_mut().zip(shares).for_each(|(sum, share)| *sum += half * share);
                if other != 0.0 {
                    even.iter_mut().zip(shares).for_each(|(sum, share)| *sum += other * share.abs());
                }
            }
            self.work += (self.table.len() / ROW) as u64;
            let mut best: Option<(f64, usize, f64, f64)> = None;
            for (column, &group) in self.leaders.iter().enumerate() {
                let cost = &self.costs[group];
                if cost.is_fixed() {
                    continue;
                }
                let (up, down) = cost.slopes(self.values[group]);
                let (odd, even) = (odd[column], even[column]);
                for (sign, slope) in [(1.0, even + odd + up), (-1.0, even - odd + down)] {
                    let score = slope * slope / lengths[column];
                    if slope < -SLOPE && best.is_none_or(|b| score > b.0) {
                        best = Some((score, column, sign, slope));
                    }
                }
            }
            let Some((_, column, sign, slope)) = best else { return };
            if !self.step(column, sign, slope) {
                return;
            }
        }
    }

    /// By leader, the squares of all shares of it.
    fn lengths(&mut self) -> Vec<f64> {
        let mut lengths = vec![1.0; self.leaders.len()];
        for shares in self.table.chunks_exact(self.leaders.len().max(1)) {
            lengths.iter_mut().zip(shares).for_each(|(sum, share)| *sum += share * share);
        }
        self.work += (self.table.len() / ROW) as u64;
        lengths
    }

    /// Moves a leader until its slope turns.
    fn step(&mut self, column: usize, sign: f64, mut slope: f64) -> bool {
        let width = self.leaders.len();
        let mut turns: Vec<Turn> = Vec::new();
        let ahead = |turns: &mut Vec<Turn>, cost: &Cost, at: f64, rate: f64, row: usize| {
            for (level, gain) in [(cost.low, BEYOND), (cost.kink, cost.up + cost.down), (cost.high, BEYOND)] {
                let way = (level - at) * rate.signum();
                if way > NEAR && level.is_finite() {
                    turns.push(Turn { after: way / rate.abs(), gain: gain * rate.abs(), row, level });
                }
            }
        };
        let leader = self.leaders[column];
        ahead(&mut turns, &self.costs[leader], self.values[leader], sign, OWN);
        for (row, &group) in self.followers.iter().enumerate() {
            let share = self.table[row * width + column];
            if share != 0.0 {
                ahead(&mut turns, &self.costs[group], self.values[group], sign * share, row);
            }
        }
        self.work += self.followers.len() as u64;
        // Few are passed of many: a heap gives them in order without sorting the rest.
        let mut turns = BinaryHeap::from(turns);
        let Turn { after, row, level, .. } = loop {
            let Some(turn) = turns.pop() else { return false };
            slope += turn.gain;
            if slope >= 0.0 {
                break turn;
            }
        };
        self.values[leader] += sign * after;
        for row in 0..self.followers.len() {
            let share = self.table[row * width + column];
            if share != 0.0 {
                self.values[self.followers[row]] += sign * share * after;
            }
        }
        if row == OWN {
            self.values[leader] = level;
        } else {
            self.values[self.followers[row]] = level;
            if self.table[row * width + column].abs() < NEAR {
                return false;
            }
            self.exchange(row, column);
        }
        true
    }

    /// The group whose change is farthest from whole, and its change.
    fn split(&self) -> Option<(usize, f64)> {
        let off = |v: f64| (v - v.round()).abs();
        let parts = self.values.iter().copied().enumerate().filter(|v| off(v.1) > NEAR);
        parts.max_by(|a, b| off(a.1).total_cmp(&off(b.1)).then(b.0.cmp(&a.0)))
    }

    /// Where the groups stand, in exact fractions.
    fn fractions(&mut self, outsider: &Outsider, hidden: &[bool], asked: Asked) -> Option<Witness> {
        let point = self.groups.groups.iter().enumerate().flat_map(|(number, group)| {
            let (value, follows) = (self.values[number], self.row_of[number].is_some());
            group.iter().map(move |&(cell, sign)| (cell, float(sign) * value, follows))
        });
        exact_change(outsider, point, asked, UNKNOWNS).filter(|witness| witness.holds(outsider, hidden))
    }

    fn witness(&mut self, outsider: &Outsider, hidden: &[bool], (cell, upward, amount): Asked) -> Option<Witness> {
        let mut terms = Vec::new();
        for (group, &value) in self.groups.groups.iter().zip(&self.values) {
            let change = number::near_integer(value)?;
            if change != 0 {
                terms.extend(group.iter().map(|&(cell, sign)| (cell, sign * change)));
            }
        }
        terms.sort_unstable();
        let witness = Witness { terms, denominator: 1 };
        let gone = if upward { witness.at(cell) } else { -witness.at(cell) };
        self.work += witness.terms.len() as u64;
        if gone >= amount && witness.holds(outsider, hidden) {
            return Some(witness);
        }
        // The table has lost its precision.
        self.stale = true;
        None
    }
}

#[cfg(test)]
mod tests;
