//! Any system of relations: linear programs suggest, integers decide.

use std::collections::BTreeMap;

use super::bridges::Bridges;
use super::groups::Asked;
use super::kernel::{Kernel, Mended};
use super::parts::Parts;
use super::sparse::Sparse;
use super::{Bridge, Limit, Patience, Reach, limit_of_a_sum};
use crate::lp::{Engine, Lp, Status};
use crate::number::{self, Equation};
use crate::relations::{Outsider, Witness};

/// Simplex steps that one question may take.
pub(super) const STEPS: u64 = 50_000;
/// Work that one question may take in one program.
pub(super) const WORK: u64 = 1_000_000_000;
/// Questions that take more work than this are dear: the kernel answers some in a tenth of it.
const DEAR: u64 = 5_000_000;
/// How many questions a mean looks back on.
const LATELY: u64 = 4;
/// A vertex with more unknowns than this is left to the sparse program, whose vertices have few.
const DENSE: usize = 60;

#[derive(Debug)]
pub(super) struct General {
    lp: Lp,
    /// No room is taken larger than this, so that every column is bounded; far beyond what is asked.
    farthest: i64,
    /// The point must go back to zero before the next question, because rooms shrank.
    moved: bool,
    sparse: Sparse,
    kernel: Kernel,
    /// What questions without a known change lately took where the kernel was not asked first, and where it was.
    lately: [u64; 2],
    patience: Patience,
    parts: Parts,
    bridges: Bridges,
}

#[expect(clippy::cast_precision_loss, reason = "rooms are at most 10^15")]
pub(super) fn float(value: i64) -> f64 {
    value as f64
}

impl General {
    pub(super) fn new(engine: Engine, outsider: &Outsider, hidden: &[bool], most: i64) -> Self {
        let mut lp = Lp::new(engine, (0..outsider.len()).map(|_| (0.0, 0.0, 0.0)));
        let mut terms = Vec::new();
        for row in 0..outsider.matrix.rows() {
            terms.clear();
            terms.extend(outsider.matrix.row(row).iter().map(|&(c, a)| (c, float(a))));
            lp.add_row(&terms, 0.0, 0.0);
        }
        let farthest = most.saturating_mul(1000).clamp(100_000, 10_000_000_000_000);
        let (sparse, parts) = (Sparse::new(engine, hidden, farthest), Parts::new(engine, most));
        let kernel = Kernel::new(hidden, farthest);
        let mut general = General {
            lp,
            farthest,
            moved: true,
            sparse,
            kernel,
            lately: [0, 0],
            patience: Patience::Usual,
            parts,
            bridges: Bridges::new(engine),
        };
        (0..outsider.len()).for_each(|c| general.set(outsider, c, hidden[c]));
        general
    }

    pub(super) fn work(&self) -> u64 {
        self.lp.work() + self.sparse.work() + self.kernel.work + self.parts.work() + self.bridges.work()
    }

    pub(super) fn set_patience(&mut self, patience: Patience) {
        self.patience = patience;
        self.sparse.set_patience(patience);
    }

    pub(super) fn set(&mut self, outsider: &Outsider, cell: usize, hidden: bool) {
        let (down, up) = if hidden { self.rooms(outsider, cell) } else { (0.0, 0.0) };
        self.lp.set_bounds(cell, -down, up);
        self.moved = true;
        self.sparse.forget();
        self.kernel.set(cell, hidden);
    }

    fn rooms(&self, outsider: &Outsider, cell: usize) -> (f64, f64) {
        let room = |far: i64| float(far.min(self.farthest));
        (room(outsider.down[cell]), room(outsider.up[cell]))
    }

    /// Pushes one cell as far as asked at most, everything else as it is.
    fn push(&mut self, cell: usize, upward: bool, amount: i64, (down, up): (f64, f64)) -> Status {
        let amount = float(amount);
        if self.moved {
            self.lp.rest();
            self.moved = false;
        }
        self.lp.set_cost(cell, if upward { -1.0 } else { 1.0 });
        let at = self.lp.value(cell);
        if (upward && at > amount) || (!upward && at < -amount) {
            // Beyond what is asked: a bound there would not be where the point is.
            self.lp.rest();
        }
        if upward {
            self.lp.set_bounds(cell, -down, up.min(amount));
        } else {
            self.lp.set_bounds(cell, (-down).max(-amount), up);
        }
        let status = self.lp.primal(STEPS);
        if status == Status::Stopped {
            self.lp.restart();
            return self.lp.primal(STEPS);
        }
        status
    }

    fn pull_back(&mut self, cell: usize, (down, up): (f64, f64)) {
        self.lp.set_cost(cell, 0.0);
        self.lp.set_bounds(cell, -down, up);
    }

    pub(super) fn reach(
        &mut self,
        outsider: &Outsider,
        hidden: &[bool],
        (cell, upward, amount): Asked,
        far: bool,
        near: Option<&Witness>,
    ) -> Reach {
        // Many are answered by a single sum, which is also what is easiest to tell.
        if let Some(limit) = limit_of_a_sum(outsider, hidden, (cell, upward, amount)) {
            return Reach::Limit(limit);
        }
        let asked = (cell, upward, amount);
        // Where a change is known that other hidden cells made possible, it is mended for a fraction of a program.
        if let Some(near) = near {
            return match self.kernel.mend(outsider, hidden, asked, near) {
                Mended::Witness(witness) => Reach::Witness(witness),
                Mended::Lost if self.patience == Patience::Short => Reach::Unknown,
                Mended::Lost | Mended::Not => self.reach_by_programs(outsider, hidden, asked, far, Some(near)),
            };
        }
        if far {
            return self.reach_by_programs(outsider, hidden, asked, far, None);
        }
        // Where none is, no change at all is mended, as long as programs are dear and this is not dearer: where much is
        // hidden and little the same from question to question, it is.
        let [programs, mending] = self.lately;
        let mends = programs > DEAR && mending < programs;
        let before = self.work();
        let answer = match mends.then(|| self.kernel.mend(outsider, hidden, asked, &Witness::new([], 1))) {
            Some(Mended::Witness(witness)) => Reach::Witness(witness),
            _ => self.reach_by_programs(outsider, hidden, asked, far, None),
        };
        let took = self.work() - before;
        let lately = &mut self.lately[usize::from(mends)];
        *lately = *lately - *lately / LATELY + took / LATELY;
        answer
    }

    /// A question that the kernel does not answer: in one program, and where that leaves it open, in the other.
    fn reach_by_programs(
        &mut self,
        outsider: &Outsider,
        hidden: &[bool],
        asked: Asked,
        far: bool,
        near: Option<&Witness>,
    ) -> Reach {
        let push = |general: &mut Self| general.reach_by_pushing(outsider, hidden, asked);
        let search = |general: &mut Self| general.sparse.search(outsider, hidden, asked, near);
        match if far { push(self) } else { search(self) } {
            Reach::Unknown if far => search(self),
            Reach::Unknown => push(self),
            answer => answer,
        }
    }

    /// The whole program from where the last question left it. Its vertices move many cells, and its multipliers may be no
    /// fractions that one can tell; but it goes far in few steps.
    fn reach_by_pushing(&mut self, outsider: &Outsider, hidden: &[bool], (cell, upward, amount): Asked) -> Reach {
        self.lp.allow(WORK);
        let rooms = self.rooms(outsider, cell);
        let status = self.push(cell, upward, amount, rooms);
        let gone = if upward { self.lp.value(cell) } else { -self.lp.value(cell) };
        let wanted = float(amount);
        let answer = if status != Status::Optimal {
            Reach::Unknown
        } else if gone < wanted * (1.0 - 1e-9) - 1e-6 {
            self.limit(outsider, (cell, upward), amount, |c| hidden[c])
        } else {
            match self.change(outsider, cell, upward, amount) {
                Some(witness)
                    if witness.holds(outsider, hidden) && (!outsider.integral || witness.denominator == 1) =>
                {
                    Reach::Witness(witness)
                }
                _ => Reach::Unknown,
            }
        };
        self.pull_back(cell, rooms);
        answer
    }

    fn limit(
        &self,
        outsider: &Outsider,
        question: (usize, bool),
        amount: i64,
        hidden: impl Fn(usize) -> bool,
    ) -> Reach {
        for multipliers in number::ever_finer(self.lp.multipliers()) {
            if let Some(limit) = Limit::from_multipliers(outsider, question, &multipliers)
                && limit.most(&hidden).is_some_and(|m| m < i128::from(amount))
            {
                return Reach::Limit(limit);
            }
        }
        Reach::Unknown
    }

    /// The point of the moment, for [`exact_change`].
    fn change(&self, outsider: &Outsider, cell: usize, upward: bool, amount: i64) -> Option<Witness> {
        let point = (0..outsider.len()).map(|c| (c, self.lp.value(c), self.lp.is_basic_column(c)));
        exact_change(outsider, point, (cell, upward, amount), DENSE)
    }

    pub(super) fn begin_parts(&mut self, outsider: &Outsider, parts: &[f64]) {
        self.parts.begin(outsider, parts);
    }

    pub(super) fn limit_at(&mut self, outsider: &Outsider, parts: &[f64], asked: Asked) -> Option<Limit> {
        self.parts.limit(outsider, parts, asked)
    }

    pub(super) fn begin_bridges(&mut self, outsider: &Outsider, parts: &[f64]) {
        self.bridges.begin(outsider, parts);
    }

    pub(super) fn bridge_at(&mut self, outsider: &Outsider, parts: &[f64], cell: usize) -> Option<Bridge> {
        self.bridges.at(outsider, parts, cell)
    }
}

/// A vertex in exact fractions, if it can be told and goes far enough: what is not basic stands at a whole number, the
/// rest follows from the relations. The point is `(cell, value, basic)`.
pub(super) fn exact_change(
    outsider: &Outsider,
    point: impl Iterator<Item = (usize, f64, bool)>,
    (cell, upward, amount): Asked,
    most_unknowns: usize,
) -> Option<Witness> {
    let mut fixed: Vec<(usize, i64)> = Vec::new();
    let mut unknowns: Vec<(usize, Option<i64>)> = Vec::new();
    for (other, value, basic) in point.filter(|p| p.1.abs() >= 1e-7) {
        let near = number::near_integer(value);
        if basic {
            unknowns.push((other, near));
        } else {
            fixed.push((other, near?));
        }
    }
    let whole: Option<Vec<(usize, i64)>> = unknowns.iter().map(|&(c, near)| near.map(|n| (c, n))).collect();
    if let Some(basic) = whole {
        let mut terms: Vec<(usize, i64)> = fixed.iter().copied().chain(basic).filter(|t| t.1 != 0).collect();
        terms.sort_unstable();
        let witness = Witness { terms, denominator: 1 };
        if witness.is_balanced(outsider) && far_enough(&witness, cell, upward, amount) {
            return Some(witness);
        }
    }
    if unknowns.len() > most_unknowns {
        return None;
    }
    let mut equations: BTreeMap<usize, Equation> = BTreeMap::new();
    for (index, &(other, _)) in unknowns.iter().enumerate() {
        for &(row, coefficient) in outsider.matrix.column(other) {
            equations.entry(row).or_default().0.push((index, coefficient));
        }
    }
    for &(other, value) in &fixed {
        for &(row, coefficient) in outsider.matrix.column(other) {
            equations.entry(row).or_default().1 -= i128::from(coefficient) * i128::from(value);
        }
    }
    let equations: Vec<Equation> = equations.into_values().collect();
    let (numerators, denominator) = number::solve(unknowns.len(), &equations)?;
    let denominator = i64::try_from(denominator).ok()?;
    let mut terms = Vec::with_capacity(fixed.len() + unknowns.len());
    for (&(other, _), numerator) in unknowns.iter().zip(numerators) {
        terms.push((other, i64::try_from(numerator).ok()?));
    }
    for (other, value) in fixed {
        terms.push((other, value.checked_mul(denominator)?));
    }
    terms.retain(|t| t.1 != 0);
    terms.sort_unstable();
    let witness = Witness { terms, denominator };
    (witness.is_balanced(outsider) && far_enough(&witness, cell, upward, amount)).then_some(witness)
}

fn far_enough(witness: &Witness, cell: usize, upward: bool, amount: i64) -> bool {
    let gone = if upward { witness.at(cell) } else { -witness.at(cell) };
    i128::from(gone) >= i128::from(amount) * i128::from(witness.denominator)
}
