//! Cuts: which are known, which are in the program, and those that a fractional point violates.

use super::Search;
use crate::extremes::{Bridge, Limit as Extent, SLACK, whole};
use crate::lp::{INFINITE, retain};
use crate::relations;
use crate::solver::cuts::{Asked, Cut, Reason, float};

/// Cuts added in one round at most, where finding cuts is most of the work, and where solving the program is.
const CUTS_A_ROUND: [usize; 2] = [60, 240];
/// Entries of single sums in the pool.
const MOST_SUMS: usize = 5_000_000;
/// Programs solved in a row in which a cut did not bind: on the way to the first point that is rounded up, and later.
const IDLE: [u32; 2] = [10, 3];
/// How near to the good point the first point between stands.
const IN: f64 = 0.5;
/// Points between the program's and a good one that are tried before the program's own.
const BETWEEN: usize = 3;
/// More than any sum of parts.
const AMPLE: f64 = 1e6;

impl Search<'_, '_> {
    /// Adds a cut to the pool and to the program; false if it is known.
    pub(super) fn add(&mut self, cut: Cut, why: Option<Reason>) -> bool {
        let number = self.pool(cut, why);
        number.map(|number| self.enter(number)).is_some()
    }

    /// Adds a cut to the pool and gives its number there; nothing if it is known.
    fn pool(&mut self, cut: Cut, why: Option<Reason>) -> Option<usize> {
        self.known.insert(cut.clone()).then(|| {
            self.pool_entries += cut.terms.len() as u64;
            self.pool.push(cut);
            self.whys.push(why);
            self.in_program.push(false);
            self.pool.len() - 1
        })
    }

    pub(super) fn enter(&mut self, number: usize) {
        let cut = &self.pool[number];
        let scale = if cut.right > 0 { float(cut.right.into()) } else { 1.0 };
        let terms: Vec<(usize, f64)> = cut.terms.iter().map(|&(v, a)| (v, float(a.into()) / scale)).collect();
        let low = if cut.right > 0 { 1.0 } else { 0.0 };
        self.lp.add_row(&terms, low, INFINITE);
        self.rows.push(number);
        self.idle.push(0);
        self.in_program[number] = true;
    }

    /// Takes cuts out of the program that have not bound for a while, where they are many; they stay in the pool.
    pub(super) fn retire(&mut self) {
        let multipliers = self.lp.multipliers();
        for (idle, multiplier) in self.idle.iter_mut().zip(multipliers) {
            *idle = if multiplier.abs() > 1e-9 { 0 } else { *idle + 1 };
        }
        let old = |row: usize| self.idle[row] >= IDLE[usize::from(self.later)];
        let many = (0..self.rows.len()).filter(|&row| old(row)).count() > 50 + self.rows.len() / 5;
        if !many {
            return;
        }
        let gone = self.lp.drop_rows(old);
        for (row, _) in gone.iter().enumerate().filter(|g| *g.1) {
            self.in_program[self.rows[row]] = false;
        }
        retain(&mut self.rows, gone.iter().map(|gone| !gone));
        retain(&mut self.idle, gone.iter().map(|gone| !gone));
    }

    /// Leaves only the cuts that bind in the program; the others stay in the pool.
    pub(super) fn purge(&mut self) {
        let rows = std::mem::take(&mut self.rows);
        self.idle.clear();
        let multipliers = self.lp.multipliers().to_vec();
        let weights = self.weights.iter().map(|&w| (float(w.into()), 0.0, 1.0));
        self.lp.begin(weights);
        self.in_program.fill(false);
        for (row, number) in rows.into_iter().enumerate() {
            if multipliers.get(row).is_some_and(|m| m.abs() > 1e-9) {
                self.enter(number);
            }
        }
    }

    /// Puts what single sums ask into the pool: the sums that a primary cell is in limit how far it goes.
    pub(super) fn add_sums(&mut self) {
        let mut entries = 0;
        for number in self.missing.clone() {
            let need = self.state.needs.needs[number];
            for (upward, amount) in need.ways() {
                for &sum in self.state.outsider.matrix.column(need.cell) {
                    let limit = Extent::of_sum(self.state.outsider, (need.cell, upward), sum);
                    let Some(limit) = limit.filter(|_| entries < MOST_SUMS) else { continue };
                    let asked = Asked { cell: need.cell, amount, sides: vec![(upward, &limit)] };
                    let Some((cut, why)) = asked.cut(&self.state.needs.certain, &self.index) else { continue };
                    entries += cut.terms.len();
                    self.pool(cut, why);
                }
            }
        }
        self.state.work += entries as u64;
    }

    /// Adds cuts that the point violates, from the pool or new; false if there are none. To follow a point down, `halves`
    /// are not worth their while.
    pub(super) fn add_violated(&mut self, point: &[f64], halves: bool) -> bool {
        self.state.work += self.pool_entries;
        let most = CUTS_A_ROUND[usize::from(self.separating < self.lp.work())];
        let waiting: Vec<usize> = (0..self.pool.len())
            .filter(|&n| !self.in_program[n] && self.pool[n].share(point) < 0.999)
            .take(most)
            .collect();
        if !waiting.is_empty() {
            waiting.into_iter().for_each(|n| self.enter(n));
            return true;
        }
        let mut added = 0;
        for _ in 0..BETWEEN {
            // A cut that a point between violates, the program's point violates more: the good one satisfies them all
            // (Ben-Ameur and Neto 2007).
            let Some(good) = self.good.as_ref().filter(|_| self.separating < self.lp.work()) else { break };
            let between: Vec<f64> = good.iter().zip(point).map(|(g, x)| IN * g + (1.0 - IN) * x).collect();
            added = self.separate(&between, most);
            if added > 0 {
                break;
            }
            self.good = Some(between);
        }
        if added < most / 2 {
            added += self.separate(point, most);
            if added < most {
                added += self.add_bridges(point);
            }
            if added == 0 && halves {
                added = self.add_halves(point);
            }
        }
        added > 0
    }

    /// Adds new cuts that a point violates, of one need after the other.
    fn separate(&mut self, point: &[f64], most: usize) -> usize {
        let before = self.state.work();
        for (&cell, &x) in self.cells.iter().zip(point) {
            self.parts[cell] = x.clamp(0.0, 1.0);
        }
        self.state.extremes.begin_parts(&self.parts);
        let mut added = 0;
        for step in 0..self.missing.len() {
            let number = self.missing[(self.turn + step) % self.missing.len()];
            let limits = self.limits(number);
            let need = self.state.needs.needs[number];
            for (amount, limits) in &limits {
                if let [(upward, limit)] = limits.as_slice() {
                    self.state.keep_limit(number, (*upward, *amount), limit);
                }
                let sides = limits.iter().map(|(upward, limit)| (*upward, limit)).collect();
                let asked = Asked { cell: need.cell, amount: *amount, sides };
                let mut found = false;
                for (cut, why) in asked.cuts(&self.state.needs.certain, &self.index, &self.cells, point) {
                    self.state.work += cut.terms.len() as u64;
                    found |= cut.share(point) < 0.999 && self.add(cut, why);
                }
                added += usize::from(found);
            }
            if added >= most {
                self.turn = (self.turn + step + 1) % self.missing.len();
                break;
            }
        }
        self.separating += self.state.work() - before;
        added
    }

    /// Limits at the parts of the moment, and what a need asks of them: of one way, or of both for a width.
    fn limits(&mut self, number: usize) -> Vec<(i64, Vec<(bool, Extent)>)> {
        let need = self.state.needs.needs[number];
        let extremes = &mut self.state.extremes;
        let mut limit = |upward: bool, amount: i64| {
            let limit = extremes.limit_at(&self.parts, need.cell, upward, amount);
            limit.map(|limit| (upward, limit))
        };
        let mut limits = Vec::new();
        for (upward, amount) in need.ways() {
            limits.extend(limit(upward, amount).map(|limit| (amount, vec![limit])));
        }
        if need.sliding > need.up.saturating_add(need.down)
            && let Some(up) = limit(true, need.sliding)
            && let Some(down) = limit(false, need.sliding)
        {
            limits.push((need.sliding, vec![up, down]));
        }
        limits
    }

    /// Adds bridges that a point violates.
    fn add_bridges(&mut self, point: &[f64]) -> usize {
        let before = self.state.work();
        let certain = &self.state.needs.certain;
        // Nothing passes over what is hidden anyway: there is always enough of that.
        let ample = self.parts.iter().zip(certain).map(|(&part, &certain)| if certain { AMPLE } else { part });
        let parts: Vec<f64> = ample.collect();
        let mut added = self.add_single_bridges(&parts, point);
        // Below the root single sums are enough, but on networks, where the others cost a flow and no program.
        let asks = self.state.extremes.network().is_some() || self.good.is_some();
        if added == 0 && asks {
            self.state.extremes.begin_bridges(&parts);
            for (v, _) in point.iter().enumerate().filter(|p| *p.1 > SLACK) {
                let bridge = self.state.extremes.bridge_at(&parts, self.cells[v]);
                added += usize::from(bridge.is_some_and(|bridge| self.add_bridge(v, &bridge, point)));
            }
        }
        self.separating += self.state.work() - before;
        added
    }

    /// Of single sums, outside networks, where each node is one.
    fn add_single_bridges(&mut self, parts: &[f64], point: &[f64]) -> usize {
        if self.state.extremes.network().is_some() {
            return 0;
        }
        let outsider = self.state.outsider;
        let mut added = 0;
        for row in 0..outsider.matrix.rows() {
            let cells = outsider.matrix.row(row).iter().map(|t| t.0).filter(|&c| outsider.is_movable(c));
            let (most, all) = cells.clone().fold((0.0, 0.0), |(most, all), c| (parts[c].max(most), all + parts[c]));
            self.state.work += outsider.matrix.row(row).len() as u64;
            if 2.0 * most <= all + SLACK || all >= AMPLE {
                continue;
            }
            let above = |c: &usize| 2.0 * parts[*c] > all + SLACK;
            if let Some(cell) = cells.clone().find(above)
                && let Some(v) = self.index[cell]
            {
                let bridge = Bridge { cells: cells.filter(|&c| c != cell).collect(), rows: vec![(row, 1)] };
                added += usize::from(self.add_bridge(v, &bridge, point));
            }
        }
        added
    }

    fn add_bridge(&mut self, v: usize, bridge: &Bridge, point: &[f64]) -> bool {
        if bridge.cells.iter().any(|&c| self.state.needs.certain[c]) {
            return false;
        }
        let why = whole(&bridge.rows).map(|sums| relations::Cut::Bridge { cell: self.cells[v], sums }.into());
        let others = bridge.cells.iter().filter_map(|&c| self.index[c]);
        let mut terms: Vec<(usize, i64)> = others.map(|other| (other, 1)).collect();
        terms.push((v, -1));
        terms.sort_unstable();
        let cut = Cut { terms, right: 0 };
        cut.share(point) < 0.999 && self.add(cut, why)
    }
}
