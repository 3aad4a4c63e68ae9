//! The pattern of the moment with a witness for every need that it meets.

mod before;
mod reduce;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use self::before::Before;
use super::outcome::{Presolve, Progress, Stage, Watch};
use super::{Needs, Outcome};
use crate::extremes::{Ends, Extremes, Limit, Met, Need, Short};
use crate::lp::Engine;
use crate::relations::{Bound, End, Needed, Outsider, Witness};

/// What a primary cell lacks when everything that may be hidden is hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lack {
    pub(crate) need: Need,
    pub(crate) ends: Ends,
}

/// A pattern, its witnesses, and what is known of the least cost.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Solution {
    pub(crate) hidden: Vec<bool>,
    pub(crate) witnesses: Vec<Witness>,
    pub(crate) cost: u64,
    pub(crate) bound: u64,
    pub(crate) outcome: Outcome,
    /// Why no pattern costs less than some claim, which is the bound or below it.
    pub(crate) proof: Option<Bound>,
    /// For each complementary cell, a primary cell that was found short without it, and the proof.
    pub(crate) needed: Vec<Needed>,
    pub(crate) work: u64,
    pub(crate) nodes: u64,
    pub(crate) presolve: Presolve,
}

/// A pattern that meets every need, with the witnesses that show it.
pub(super) struct Snapshot {
    hidden: Vec<bool>,
    met: Vec<Option<Vec<usize>>>,
    witnesses: Vec<Witness>,
}

impl Snapshot {
    pub(super) fn hides(&self, cell: usize) -> bool {
        self.hidden[cell]
    }
}

/// A need that a pattern does not meet, what was proved of it, and that for the record.
type Fall = (usize, Vec<Short>, Vec<End>);

pub(super) struct State<'a> {
    pub(super) outsider: &'a Outsider,
    pub(super) needs: &'a Needs,
    pub(super) extremes: Extremes<'a>,
    /// By need: the witnesses that meet it, by number.
    met: Vec<Option<Vec<usize>>>,
    /// How many needs are met, and what the cells hidden by choice cost.
    protected: usize,
    cost: u64,
    witnesses: Vec<Witness>,
    need_of: Vec<Option<usize>>,
    /// By cell hidden by choice, the needs whose witnesses ever moved it; some may not any more.
    users: BTreeMap<usize, Vec<usize>>,
    /// By cell, who was found short without it.
    needed: BTreeMap<usize, Needed>,
    /// Outside networks, what was found of needs before.
    before: Before,
    /// By cell, a need that fell when the cell was shown.
    fell: BTreeMap<usize, usize>,
    /// By need, how often it fell when a cell was shown.
    falls: Vec<u32>,
    /// A number that patterns share as long as cells are shown, and none is hidden besides: what one of them needs, those
    /// after it need. By cell, under which number it was proved to be needed; and the last number given.
    growth: u64,
    needed_in: BTreeMap<usize, u64>,
    last_growth: u64,
    /// Cells hidden by choice, one after the other, some shown again since.
    log: Vec<usize>,
    /// Whether reasons are to be told: the simplest of several is looked for.
    brief: bool,
    /// Work done by heuristics outside the engines that count their own.
    pub(super) work: u64,
    /// Nodes of the branching.
    pub(super) nodes: u64,
    pub(super) presolve: Presolve,
    watch: &'a Watch<'a>,
    told: Cell<Told>,
}

/// What the watcher was told last.
#[derive(Clone, Copy)]
struct Told {
    stage: Stage,
    cost: Option<u64>,
    bound: u64,
    /// The master's work.
    work: u64,
}

/// What is given back when a cell was shown for a trial.
pub(super) struct Trial {
    cell: usize,
    met: Vec<(usize, Option<Vec<usize>>)>,
    log: usize,
    growth: u64,
}

impl Trial {
    /// The needs that it left unmet.
    pub(super) fn needs(&self) -> impl Iterator<Item = usize> + '_ {
        self.met.iter().map(|m| m.0)
    }
}

impl<'a> State<'a> {
    pub(super) fn new(outsider: &'a Outsider, needs: &'a Needs, engine: Engine, watch: &'a Watch<'a>) -> Self {
        let mut need_of = vec![None; outsider.len()];
        needs.needs.iter().enumerate().for_each(|(i, n)| need_of[n.cell] = Some(i));
        let extremes = Extremes::new(engine, outsider, needs.certain.clone(), needs.most());
        let network = extremes.network();
        let presolve = Presolve {
            primary: needs.needs.len(),
            open: needs.open.iter().filter(|o| **o).count(),
            relations: outsider.matrix.rows(),
            implied: network.map_or(0, |n| n.dropped().len()),
            network: network.is_some(),
            ..Presolve::default()
        };
        State {
            outsider,
            needs,
            extremes,
            log: Vec::new(),
            brief: false,
            work: 0,
            nodes: 0,
            presolve,
            watch,
            told: Cell::new(Told { stage: Stage::Construct, cost: None, bound: 0, work: 0 }),
            met: vec![None; needs.needs.len()],
            protected: 0,
            cost: 0,
            witnesses: Vec::new(),
            need_of,
            users: BTreeMap::new(),
            needed: BTreeMap::new(),
            before: Before::new(if presolve.network { 0 } else { needs.needs.len() }),
            fell: BTreeMap::new(),
            falls: vec![0; needs.needs.len()],
            growth: 0,
            needed_in: BTreeMap::new(),
            last_growth: 0,
        }
    }

    pub(super) fn is_hidden(&self, cell: usize) -> bool {
        self.extremes.hidden()[cell]
    }

    pub(super) fn is_met(&self, need: usize) -> bool {
        self.met[need].is_some()
    }

    pub(super) fn hide(&mut self, cell: usize) {
        if !self.is_hidden(cell) {
            self.log.push(cell);
            self.set(cell, true);
            self.grow();
        }
    }

    fn grow(&mut self) {
        self.last_growth += 1;
        self.growth = self.last_growth;
    }

    fn set(&mut self, cell: usize, hidden: bool) {
        if self.is_hidden(cell) != hidden {
            self.extremes.set(cell, hidden);
            let weight = if self.needs.certain[cell] { 0 } else { self.needs.weights[cell] };
            self.cost = if hidden { self.cost + weight } else { self.cost - weight };
        }
    }

    fn set_all(&mut self, hidden: &[bool]) {
        if self.extremes.hidden().iter().zip(hidden).any(|(was, is)| *is && !was) {
            self.grow();
        }
        self.extremes.set_all(hidden);
        self.cost = self.chosen().into_iter().map(|c| self.needs.weights[c]).sum();
    }

    /// Says which witnesses meet a need, and gives those that did.
    fn put(&mut self, need: usize, met: Option<Vec<usize>>) -> Option<Vec<usize>> {
        let before = std::mem::replace(&mut self.met[need], met);
        self.protected = self.protected + usize::from(self.met[need].is_some()) - usize::from(before.is_some());
        before
    }

    fn put_all(&mut self, met: &[Option<Vec<usize>>]) {
        self.met.clone_from_slice(met);
        self.protected = met.iter().flatten().count();
    }

    /// Work done so far, by engines and heuristics.
    pub(super) fn work(&self) -> u64 {
        self.extremes.work() + self.before.work + self.work
    }

    /// Tells the watcher that the first pattern is being constructed, or where the pattern of the moment stands.
    pub(super) fn tell(&self, stage: Stage) {
        let cost = (stage > Stage::Construct).then_some(self.cost);
        self.tell_all(Told { stage, cost, ..self.told.get() });
    }

    /// Tells the watcher where a stage's bound stands, for which the master did so much work.
    pub(super) fn tell_bound(&self, stage: Stage, cost: u64, bound: u64, work: u64) {
        let bound = bound.max(self.told.get().bound);
        self.tell_all(Told { stage, cost: Some(cost), bound, work });
    }

    /// Tells the watcher that the search goes on from where it was told last.
    pub(super) fn tell_on(&self) {
        self.tell_all(self.told.get());
    }

    fn tell_all(&self, told: Told) {
        self.told.set(told);
        let base = self.needs.base_cost;
        let Told { stage, cost, bound, work } = told;
        self.watch.tell(|| Progress {
            stage,
            cost: cost.map(|c| c + base),
            bound: bound + base,
            work: self.work() + work,
            protected: (self.protected, self.met.len()),
        });
    }

    /// Counts work that a master did, and that was told beside the state's own.
    pub(super) fn count(&mut self, work: u64) {
        self.work += work;
        self.told.set(Told { work: 0, ..self.told.get() });
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.watch.is_stopped()
    }

    /// Shows a cell for a trial: the needs whose witnesses move it are unmet.
    pub(super) fn try_without(&mut self, cell: usize) -> Trial {
        let using = self.using(cell);
        self.set(cell, false);
        let met = using.into_iter().map(|n| (n, self.put(n, None))).collect();
        Trial { cell, met, log: self.log.len(), growth: self.growth }
    }

    /// What was hidden since costs so much.
    pub(super) fn cost_since(&self, trial: &Trial) -> u64 {
        self.log[trial.log..].iter().map(|&c| self.needs.weights[c]).sum()
    }

    /// Goes back to before the trial.
    pub(super) fn undo(&mut self, trial: Trial) {
        for cell in self.log.split_off(trial.log) {
            self.set(cell, false);
        }
        self.set(trial.cell, true);
        self.growth = trial.growth;
        for (need, met) in trial.met {
            self.put(need, met);
        }
    }

    /// Needs whose witnesses move a cell.
    pub(super) fn using(&mut self, cell: usize) -> Vec<usize> {
        let mut using = self.users.remove(&cell).unwrap_or_default();
        using.sort_unstable();
        using.dedup();
        let moves =
            |n: &usize| self.met[*n].as_ref().is_some_and(|all| all.iter().any(|&c| self.witnesses[c].at(cell) != 0));
        using.retain(moves);
        self.users.insert(cell, using.clone());
        using
    }

    /// The witnesses that meet a need.
    pub(super) fn witnesses_of(&self, need: usize) -> impl Iterator<Item = &Witness> {
        self.met[need].iter().flatten().map(|&number| &self.witnesses[number])
    }

    /// So many chosen cells, at most: a cell, those that witnesses which move it move too, those moved with these, and so on.
    pub(super) fn moved_with(&mut self, cell: usize, most: usize) -> BTreeSet<usize> {
        let mut found: BTreeSet<usize> = [cell].into();
        let mut ring = vec![cell];
        while !ring.is_empty() && found.len() < most {
            let mut next = Vec::new();
            for need in ring.into_iter().flat_map(|c| self.using(c)).collect::<BTreeSet<usize>>() {
                let cells = self.witnesses_of(need).flat_map(|w| &w.terms).map(|t| t.0);
                for other in cells.filter(|&c| !self.needs.certain[c]) {
                    if found.len() < most && found.insert(other) {
                        next.push(other);
                    }
                }
            }
            ring = next;
        }
        found
    }

    /// Hides and shows cells and meets these needs, by some of these witnesses where they serve; if not all are met, leaves
    /// everything as it was.
    pub(super) fn exchange(&mut self, cells: &[(usize, bool)], needs: &[usize], witnesses: &[Witness]) -> bool {
        self.tidy();
        let before: Vec<bool> = cells.iter().map(|c| self.is_hidden(c.0)).collect();
        let growth = self.growth;
        for &(cell, hidden) in cells {
            if hidden { self.hide(cell) } else { self.set(cell, false) }
        }
        let mut moving: BTreeMap<usize, Vec<&Witness>> = BTreeMap::new();
        for witness in witnesses {
            witness.terms.iter().for_each(|t| moving.entry(t.0).or_default().push(witness));
        }
        let old: Vec<Option<Vec<usize>>> = needs.iter().map(|&need| self.put(need, None)).collect();
        let met = needs.iter().all(|&need| {
            let own = moving.get(&self.needs.needs[need].cell).into_iter().flatten();
            self.is_met(need) || self.offer(need, own.map(|&w| w.clone()).collect()) || self.meets(need)
        });
        if !met {
            cells.iter().zip(before).for_each(|(c, hidden)| self.set(c.0, hidden));
            needs.iter().zip(old).for_each(|(&need, met)| drop(self.put(need, met)));
            self.growth = growth;
        }
        met
    }

    /// Cells hidden by choice.
    pub(super) fn chosen(&self) -> Vec<usize> {
        let hidden = self.extremes.hidden();
        (0..hidden.len()).filter(|&c| hidden[c] && !self.needs.certain[c]).collect()
    }

    pub(super) fn cost(&self) -> u64 {
        self.cost
    }

    /// Records changes for a need, and for every other need that one of them happens to meet.
    pub(super) fn record(&mut self, need: usize, witnesses: Vec<Witness>) {
        let mut numbers = Vec::with_capacity(witnesses.len());
        for witness in witnesses {
            let number = self.witnesses.len();
            numbers.push(number);
            for &(cell, _) in &witness.terms {
                if let Some(other) = self.need_of[cell].filter(|&o| o != need && self.met[o].is_none())
                    && self.needs.needs[other].is_met_by(std::slice::from_ref(&witness))
                {
                    self.put(other, Some(vec![number]));
                    self.use_of(other, &witness);
                }
            }
            self.use_of(need, &witness);
            self.witnesses.push(witness);
        }
        self.put(need, Some(numbers));
    }

    /// Takes these changes for a need, if they keep what they must and meet it.
    pub(super) fn offer(&mut self, need: usize, witnesses: Vec<Witness>) -> bool {
        let met = self.needs.needs[need].is_met_by(&witnesses)
            && witnesses.iter().all(|w| w.holds(self.outsider, self.extremes.hidden()));
        if met {
            self.record(need, witnesses);
        }
        met
    }

    fn use_of(&mut self, need: usize, witness: &Witness) {
        for &(cell, _) in witness.terms.iter().filter(|t| !self.needs.certain[t.0]) {
            self.users.entry(cell).or_default().push(need);
        }
    }

    /// Why a need is short, if a limit that kept it short before says so of the pattern of the moment.
    fn short_as_before(&mut self, need: usize) -> Option<Short> {
        self.before.short(need, &self.needs.needs[need], self.extremes.hidden())
    }

    /// Keeps a limit of how far a need's cell goes for patterns to come.
    pub(super) fn keep_limit(&mut self, need: usize, asked: (bool, i64), limit: &Limit) {
        self.before.keep_limit(need, asked, limit);
    }

    /// Tries to meet one need with the pattern of the moment. What is proved to be short is told; nothing if nothing is.
    pub(super) fn try_meet(&mut self, need: usize) -> Result<(), Vec<Short>> {
        self.try_meet_near(need, &[])
    }

    /// The same for whoever does not want to know what is short.
    pub(super) fn meets(&mut self, need: usize) -> bool {
        if self.extremes.network().is_none() {
            return self.try_meet(need).is_ok();
        }
        if !self.is_met(need)
            && let Some(witnesses) = self.extremes.witnesses(&self.needs.needs[need])
        {
            self.record(need, witnesses);
        }
        self.is_met(need)
    }

    /// As [`try_meet`](Self::try_meet), beginning at witnesses that met the need before.
    fn try_meet_near(&mut self, need: usize, before: &[usize]) -> Result<(), Vec<Short>> {
        if self.met[need].is_some() {
            return Ok(());
        }
        if let Some(short) = self.short_as_before(need) {
            return Err(vec![short]);
        }
        if let Some(witnesses) = self.before.witnesses(need, self.outsider, self.extremes.hidden()) {
            self.record(need, witnesses);
            return Ok(());
        }
        let near: Vec<Witness> = before.iter().map(|&n| self.witnesses[n].clone()).collect();
        match self.extremes.meet_near(&self.needs.needs[need], &near) {
            Met::Yes(witnesses) => {
                self.before.keep_witnesses(need, &witnesses);
                self.record(need, witnesses);
                Ok(())
            }
            Met::No(why) => {
                self.before.keep_short(need, &why);
                Err(why)
            }
            Met::Unknown => Err(Vec::new()),
        }
    }

    /// Meets what the pattern of the moment can; gives the needs left over.
    pub(super) fn meet_all(&mut self) -> Vec<usize> {
        (0..self.needs.needs.len()).filter(|&n| !self.meets(n)).collect()
    }

    /// Shows what no witness moves, and names for every other chosen cell somebody whom it protects, where nobody is known
    /// to fall without it.
    pub(super) fn drop_idle(&mut self) {
        let mut protects: BTreeMap<usize, usize> = BTreeMap::new();
        for (need, met) in self.met.iter().enumerate() {
            for &number in met.iter().flatten() {
                for &(cell, _) in self.witnesses[number].terms.iter().filter(|t| !self.needs.certain[t.0]) {
                    protects.entry(cell).or_insert(self.needs.needs[need].cell);
                }
            }
        }
        self.needed.retain(|cell, _| protects.contains_key(cell));
        for cell in self.chosen() {
            match protects.get(&cell) {
                None => self.set(cell, false),
                Some(&falls) => {
                    self.needed.entry(cell).or_insert(Needed { cell, falls, ends: Vec::new() });
                }
            }
        }
    }

    /// Of cells hidden for one need, shows those that its witnesses do not move.
    pub(super) fn show_idle(&mut self, need: usize, hidden: &[usize]) {
        let witnesses = |n: &usize| &self.witnesses[*n];
        let used = |cell: usize| self.met[need].iter().flatten().map(witnesses).any(|w| w.at(cell) != 0);
        let idle: Vec<usize> = hidden.iter().copied().filter(|&c| !used(c)).collect();
        idle.into_iter().for_each(|c| self.set(c, false));
    }

    /// The pattern of the moment with its witnesses, to come back to.
    pub(super) fn snapshot(&mut self) -> Snapshot {
        self.forget();
        Snapshot { hidden: self.extremes.hidden().to_vec(), met: self.met.clone(), witnesses: self.witnesses.clone() }
    }

    /// Goes back, without asking any engine again.
    pub(super) fn restore(&mut self, snapshot: &Snapshot) {
        self.set_all(&snapshot.hidden);
        self.put_all(&snapshot.met);
        self.witnesses.clone_from(&snapshot.witnesses);
        self.users.clear();
        for (need, met) in self.met.iter().enumerate() {
            for &number in met.iter().flatten() {
                for &(cell, _) in self.witnesses[number].terms.iter().filter(|t| !self.needs.certain[t.0]) {
                    self.users.entry(cell).or_default().push(need);
                }
            }
        }
    }

    /// Meets a need as a pattern does, hiding what that takes.
    pub(super) fn meet_as(&mut self, need: usize, pattern: &Snapshot) {
        let numbers = pattern.met[need].iter().flatten();
        let witnesses: Vec<Witness> = numbers.map(|&number| pattern.witnesses[number].clone()).collect();
        for &(cell, _) in witnesses.iter().flat_map(|w| &w.terms) {
            self.hide(cell);
        }
        self.offer(need, witnesses);
    }

    /// Forgets now and then, so that memory stays in proportion to the needs.
    fn tidy(&mut self) {
        self.log.clear();
        if self.witnesses.len() > 200 + 2 * self.met.len() {
            self.forget();
        }
    }

    /// Forgets witnesses that no need uses.
    fn forget(&mut self) {
        let mut number = vec![usize::MAX; self.witnesses.len()];
        let mut kept = Vec::new();
        for old in self.met.iter_mut().flatten().flatten() {
            if number[*old] == usize::MAX {
                number[*old] = kept.len();
                kept.push(self.witnesses[*old].clone());
            }
            *old = number[*old];
        }
        self.witnesses = kept;
    }

    /// Takes over another pattern if all needs can be met with it; otherwise leaves everything as it was.
    pub(super) fn adopt(&mut self, chosen: &[usize]) -> Result<(), Fall> {
        let before = self.extremes.hidden().to_vec();
        let old = self.take_over(chosen);
        for need in 0..self.met.len() {
            if let Err(why) = self.try_meet_near(need, old[need].as_deref().unwrap_or_default()) {
                let ends = self.extremes.ends_of(self.needs.needs[need].cell, &why);
                self.set_all(&before);
                self.put_all(&old);
                return Err((need, why, ends));
            }
        }
        Ok(())
    }

    /// Hides these and no others by choice; needs whose witnesses move what is shown are unmet. Gives what met them.
    pub(super) fn take_over(&mut self, chosen: &[usize]) -> Vec<Option<Vec<usize>>> {
        self.tidy();
        let mut hidden = self.needs.certain.clone();
        chosen.iter().for_each(|&c| hidden[c] = true);
        self.set_all(&hidden);
        let old = self.met.clone();
        for need in 0..self.met.len() {
            let broken = self.met[need]
                .as_ref()
                .is_none_or(|all| all.iter().any(|&c| self.witnesses[c].terms.iter().any(|t| !hidden[t.0])));
            if broken {
                self.put(need, None);
            }
        }
        old
    }

    pub(super) fn into_solution(mut self, bound: u64, outcome: Outcome, proof: Option<Bound>) -> Solution {
        self.drop_idle();
        let mut used = vec![false; self.witnesses.len()];
        self.met.iter().flatten().flatten().for_each(|&c| used[c] = true);
        let base = self.needs.base_cost;
        let (cost, bound, work) = (self.cost() + base, bound + base, self.work());
        let cells = self.outsider.cells;
        Solution {
            hidden: self.extremes.hidden()[..cells].to_vec(),
            cost,
            bound,
            proof,
            outcome: outcome.of(cost, bound),
            needed: self.needed.into_values().collect(),
            work,
            nodes: self.nodes,
            presolve: self.presolve,
            witnesses: self
                .witnesses
                .into_iter()
                .zip(used)
                .filter(|c| c.1 && !c.0.terms.is_empty())
                .map(|c| c.0.of_cells(cells))
                .collect(),
        }
    }

    /// Where a need stands in the pattern of the moment, for an error.
    pub(super) fn lack(&mut self, need: usize) -> Lack {
        let need = self.needs.needs[need];
        Lack { need, ends: self.extremes.ends(&need) }
    }
}
