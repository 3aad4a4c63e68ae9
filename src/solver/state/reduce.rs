//! Showing again what is not needed, and who falls where it is.

use std::cmp::Reverse;

use super::State;
use crate::extremes::Patience;
use crate::number::gcd;
use crate::relations::{Needed, Witness};

/// A change that takes a cell's own change from `at` to nothing.
struct Mend {
    at: i64,
    by: Vec<(usize, i64)>,
}

impl Mend {
    fn new(at: i64, mut by: Vec<(usize, i64)>) -> Self {
        let divisor = by.iter().fold(i128::from(at.abs()), |g, t| gcd(g, t.1.unsigned_abs().into()));
        let divisor = i64::try_from(divisor).unwrap_or(1).max(1);
        by.iter_mut().for_each(|t| t.1 /= divisor);
        Mend { at: at / divisor, by }
    }
}

/// Cells that fall, among which the one with the simplest proof is told.
const TOLD: usize = 4;
/// Work that one reduction may always take: tables of ordinary size are never left with more hidden than is needed.
const LEAST: u64 = 1_000_000_000;
/// Users that showing a cell costs besides its own.
const BESIDES: u64 = 10;
/// Cells are put in order again once so many times the work of that was done.
const SORTING: u64 = 8;
/// What a look at a cell or at a user of it costs in looks at an entry.
const LOOK: u64 = 4;
/// Mends that are tried on one witness.
const MENDS: usize = 50;

impl State<'_> {
    /// Shows again every cell without which all needs can still be met, as long as there is work left for it; false if that
    /// ends it. Of the cells that were tried none can be shown alone, and for each it is kept who falls without it, and why.
    pub(in crate::solver) fn reduce(&mut self, work: u64) -> bool {
        let limit = self.work().saturating_add(work.max(LEAST));
        let is_network = self.extremes.network().is_some();
        let mut open = self.chosen();
        let mut sorted = 0;
        self.needed.retain(|&cell, _| self.extremes.hidden()[cell]);
        loop {
            if self.work() >= sorted {
                let begun = self.work();
                self.sort_by_promise(&mut open);
                sorted = if is_network { u64::MAX } else { self.work() + SORTING * (self.work() - begun) };
            }
            let Some(cell) = open.pop() else { return true };
            self.tell_on();
            if self.work() > limit || self.is_stopped() {
                return false;
            }
            // Networks are asked again for reasons that are brief.
            let again = self.brief && is_network;
            if !again && self.needed_in.get(&cell) == Some(&self.growth) {
                continue;
            }
            self.tidy();
            self.extremes.set_patience(Patience::Short);
            let needed = self.without(cell);
            self.extremes.set_patience(Patience::Usual);
            match needed {
                Some(needed) => {
                    // What no engine could prove is asked again.
                    if needed.is_proved() {
                        self.needed_in.insert(cell, self.growth);
                    }
                    self.needed.insert(cell, needed);
                }
                None => {
                    self.needed.remove(&cell);
                }
            }
        }
    }

    /// Puts cells in the order in which they are tried, the first one last. On networks dearest first. Elsewhere to show one
    /// costs a program for each of its users that is not mended at once, so what it costs to hide counts by user; and as cells
    /// are shown, witnesses leave some and crowd into others. What none moves is shown.
    fn sort_by_promise(&mut self, cells: &mut Vec<usize>) {
        let is_network = self.extremes.network().is_some();
        let mut sorted = Vec::with_capacity(cells.len());
        for &cell in cells.iter() {
            let weight = u128::from(self.needs.weights[cell]);
            if is_network {
                sorted.push((weight, Reverse(cell)));
                continue;
            }
            let users = self.using(cell).len() as u64;
            self.work += LOOK * (1 + users);
            if users == 0 {
                self.set(cell, false);
                self.needed.remove(&cell);
            } else {
                sorted.push((weight * 1000 / u128::from(BESIDES + users), Reverse(cell)));
            }
        }
        sorted.sort_unstable();
        *cells = sorted.into_iter().map(|c| c.1.0).collect();
    }

    /// The same, giving proofs of few rows, for whoever has to tell them.
    pub(in crate::solver) fn reduce_briefly(&mut self, work: u64) {
        self.brief = true;
        self.reduce(work);
        self.brief = false;
    }

    /// Shows a cell if every need can still be met; otherwise leaves it and gives a need that cannot, one that is proved
    /// to be short where there is one.
    fn without(&mut self, cell: usize) -> Option<Needed> {
        let mut using = self.using(cell);
        // Who fell without many others likely falls without this one.
        let falls = |n: usize| if self.extremes.network().is_some() { 0 } else { self.falls[n] };
        using.sort_by_key(|&n| (Reverse(falls(n)), self.moved(n, cell), n));
        // Who fell last time likely falls again.
        if let Some(at) = self.fell.get(&cell).and_then(|fell| using.iter().position(|n| n == fell)) {
            using.swap(0, at);
        }
        self.set(cell, false);
        if let Some(needed) = self.falls_at_once(cell, &using) {
            self.set(cell, true);
            return Some(needed);
        }
        let before: Vec<Option<Vec<usize>>> = using.iter().map(|&n| self.put(n, None)).collect();
        let mut short: Option<Needed> = None;
        // For whoever has to tell why, the simplest of several reasons.
        let most_fallers = if self.brief && self.extremes.network().is_some() { TOLD } else { 1 };
        let mut fallers = 0;
        let mut mends = Vec::new();
        for (&need, old) in using.iter().zip(&before) {
            let old = old.as_deref().unwrap_or_default();
            if self.met[need].is_some() || self.mend(need, old, cell, &mends) {
                continue;
            }
            let found = if self.goes_on() { self.try_meet_near(need, old) } else { Err(Vec::new()) };
            if found.is_ok() {
                self.learn(need, old, cell, &mut mends);
            }
            if let Err(why) = found {
                self.fell.insert(cell, need);
                self.falls[need] += 1;
                let proof = Needed {
                    cell,
                    falls: self.needs.needs[need].cell,
                    ends: self.extremes.ends_of(self.needs.needs[need].cell, &why),
                };
                let is_better = |old: &Needed| proof.is_proved() && (!old.is_proved() || proof.rows() < old.rows());
                if short.as_ref().is_none_or(is_better) {
                    short = Some(proof);
                }
                fallers += 1;
                // Whoever need not tell why looks for no other reason where the first is not proved.
                let is_told = !self.brief || short.as_ref().is_some_and(Needed::is_proved);
                if self.is_stopped() || is_told && fallers >= most_fallers {
                    break;
                }
            }
        }
        if short.is_some() {
            self.set(cell, true);
            for (&need, old) in using.iter().zip(before) {
                self.put(need, old);
            }
        }
        short
    }

    /// Tells the watcher before an engine is asked that may take long; false if it wants no more.
    fn goes_on(&self) -> bool {
        if self.extremes.network().is_none() {
            self.tell_on();
        }
        !self.is_stopped()
    }

    /// Who falls without a cell that is shown, outside networks, where that is seen without asking an engine: by a single sum,
    /// or by a limit that is kept.
    fn falls_at_once(&mut self, cell: usize, using: &[usize]) -> Option<Needed> {
        if self.extremes.network().is_some() {
            return None;
        }
        self.work += using.len() as u64;
        let sums = using.iter().find_map(|&n| Some((n, self.extremes.short_at_once(&self.needs.needs[n])?)));
        let kept = sums.or_else(|| using.iter().find_map(|&n| Some((n, self.short_as_before(n)?))));
        let (need, short) = kept?;
        let falls = self.needs.needs[need].cell;
        let needed = Needed { cell, falls, ends: self.extremes.ends_of(falls, &[short]) };
        needed.is_proved().then(|| {
            self.fell.insert(cell, need);
            needed
        })
    }

    /// How far a need's witnesses move a cell.
    fn moved(&self, need: usize, cell: usize) -> u64 {
        self.met[need].iter().flatten().map(|&w| self.witnesses[w].at(cell).unsigned_abs()).max().unwrap_or(0)
    }

    /// Mends a need's witnesses as others were mended that moved the cell too: the difference, so many times.
    fn mend(&mut self, need: usize, old: &[usize], cell: usize, mends: &[Mend]) -> bool {
        let asked = &self.needs.needs[need];
        let mut mended = Vec::with_capacity(old.len());
        for &number in old {
            let witness = &self.witnesses[number];
            let at = witness.at(cell);
            if at == 0 {
                mended.push(witness.clone());
                continue;
            }
            let gone = witness.at(asked.cell);
            let least = match (gone > 0, asked.sliding > asked.up.saturating_add(asked.down)) {
                (_, true) => gone.abs(),
                (true, false) => asked.up,
                (false, false) => asked.down,
            };
            let serves = |w: &Witness| {
                let goes = w.at(asked.cell);
                (if gone > 0 { goes } else { -goes }) >= least && w.fits(self.outsider, self.extremes.hidden())
            };
            let tries = mends.iter().filter(|m| at % m.at == 0).take(MENDS);
            let found = tries.filter_map(|m| witness.plus(at / m.at, &m.by)).find(serves);
            match found.filter(|_| witness.denominator == 1) {
                Some(found) => mended.push(found),
                None => return false,
            }
        }
        self.record(need, mended);
        true
    }

    /// Keeps how a need's witnesses were mended.
    fn learn(&self, need: usize, old: &[usize], cell: usize, mends: &mut Vec<Mend>) {
        for (&before, &now) in old.iter().zip(self.met[need].iter().flatten()) {
            let (before, now) = (&self.witnesses[before], &self.witnesses[now]);
            let at = before.at(cell);
            if at != 0 && before.denominator == 1 && now.denominator == 1 {
                mends.extend(now.plus(-1, &before.terms).map(|by| Mend::new(at, by.terms)));
            }
        }
    }
}
