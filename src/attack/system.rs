//! The statements of a release as inequalities over hidden cells: bounds that follow at once, and groups that are tied.
//!
//! What must hold: every bound that stands here has a premise that proves it. Cost: a pass over the statements for each
//! round of tightening. Sums with coefficients of one are not tightened: whole bounds give whole bounds there, and the
//! engines see them anyway. Only statements with other coefficients (percentages) and those with one cell left are.

use std::collections::{BTreeMap, BTreeSet};

use super::derivation::{Derivations, Parts, Premise, Reasoning, Step, premises};
use super::{Knowledge, Published};

/// Rounds of tightening; each narrows some bound by a whole number, and few rounds find nearly all.
const ROUNDS: usize = 60;

/// A bound of a cell with what proves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bound {
    pub(super) value: i64,
    pub(super) premise: Premise,
}

/// Statements that contradict each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Conflict {
    pub(super) statements: BTreeSet<usize>,
}

/// What an assumption or a multiplier speaks of; a statement, over what is not shown of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    Cell(usize),
    Statement(usize),
    /// The sum that is asked for.
    Subject,
}

/// An assumption of a case: the target is at most the value, or above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Assumption {
    pub(super) target: Target,
    pub(super) at_most: bool,
    pub(super) value: i64,
}

/// A sum to bound from above, with the value to refute one more of, where it is known already.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) terms: &'a [(usize, i64)],
    pub(super) at_most: Option<i64>,
}

#[derive(Debug, Clone)]
pub(super) struct System<'a> {
    pub(super) published: &'a Published,
    pub(super) active: Vec<bool>,
    /// By statement: its terms that are not shown, and what those that are shown sum to.
    pub(super) open: Vec<(Vec<(usize, i64)>, i64)>,
    pub(super) low: Vec<Option<Bound>>,
    pub(super) high: Vec<Option<Bound>>,
    pub(super) derivations: Derivations,
}

impl<'a> System<'a> {
    pub(super) fn new(published: &'a Published, knowledge: &Knowledge, ignored: &BTreeSet<usize>) -> Self {
        let bound = |value, premise| Some(Bound { value, premise });
        let (mut low, mut high) = (Vec::new(), Vec::new());
        for (cell, seen) in published.cells.iter().enumerate() {
            match seen.shown {
                Some(value) => {
                    low.push(bound(value, Premise::Shown(cell, false)));
                    high.push(bound(value, Premise::Shown(cell, true)));
                }
                None => {
                    low.push(published.is_whole().then_some(Bound { value: 0, premise: Premise::NotNegative(cell) }));
                    high.push(None);
                }
            }
        }
        // A statement whose shown figures do not fit 64 bits says nothing that could be added up.
        let open: Vec<_> = (0..published.statements.len()).map(|s| published.substituted(s)).collect();
        let active = open.iter().enumerate().map(|(s, o)| o.is_some() && !ignored.contains(&s)).collect();
        let open = open.into_iter().map(Option::unwrap_or_default).collect();
        let threshold = knowledge.threshold_count();
        System { published, active, open, low, high, derivations: Derivations { threshold, ..Derivations::default() } }
    }

    pub(super) fn fixed(&self, cell: usize) -> Option<i64> {
        match (self.low[cell], self.high[cell]) {
            (Some(low), Some(high)) if low.value == high.value => Some(low.value),
            _ => None,
        }
    }

    /// Statements whose figures are all shown and that do not hold: each by itself.
    pub(super) fn false_alone(&self) -> Vec<usize> {
        let value = |c: usize| self.published.cells[c].shown.map(i128::from);
        (0..self.active.len())
            .filter(|&s| self.active[s])
            .filter(|&s| {
                let statement = &self.published.statements[s];
                let sum: Option<i128> = statement.terms.iter().map(|&(c, k)| Some(i128::from(k) * value(c)?)).sum();
                sum.is_some_and(|sum| {
                    statement.low.is_some_and(|l| sum < l.into()) || statement.high.is_some_and(|h| sum > h.into())
                })
            })
            .collect()
    }

    /// Tightens bounds until nothing moves.
    pub(super) fn tighten(&mut self) -> Result<(), Conflict> {
        let mut dirty: BTreeSet<usize> = (0..self.active.len()).filter(|&s| self.active[s]).collect();
        let mut users: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for &s in &dirty {
            for &(cell, _) in &self.open[s].0 {
                users.entry(cell).or_default().push(s);
            }
        }
        for _ in 0..ROUNDS {
            let mut next = BTreeSet::new();
            for s in std::mem::take(&mut dirty) {
                for cell in self.tighten_by(s)? {
                    next.extend(users.get(&cell).into_iter().flatten().copied());
                }
            }
            if next.is_empty() {
                break;
            }
            dirty = next;
        }
        Ok(())
    }

    /// Tightens by one statement; the cells whose bounds moved.
    fn tighten_by(&mut self, s: usize) -> Result<Vec<usize>, Conflict> {
        let published = self.published;
        let statement = &published.statements[s];
        let open: Vec<(usize, i64)> = statement.terms.iter().copied().filter(|t| self.fixed(t.0).is_none()).collect();
        if open.is_empty() {
            for (end, upper) in [(statement.high, true), (statement.low, false)] {
                let weight = if upper { 1 } else { -1 };
                if end.is_some() && self.refute(&[(Target::Statement(s), weight)], None, &[]).is_some() {
                    return Err(self.conflict([s], &statement.terms.iter().map(|t| t.0).collect::<Vec<_>>()));
                }
            }
            return Ok(Vec::new());
        }
        // Where all coefficients are one, the engines do as well once every cell has bounds.
        let plain = open.len() > 1 && open.iter().all(|t| t.1.abs() == 1);
        let mut moved = Vec::new();
        for &(cell, coefficient) in &open {
            if plain && self.high[cell].is_some() {
                continue;
            }
            for (end, upper) in [(statement.high, true), (statement.low, false)] {
                if end.is_none() {
                    continue;
                }
                // `statement ≤ high` bounds a cell with a positive coefficient from above, others from below.
                let raises = (coefficient > 0) == upper;
                if plain && !raises {
                    continue;
                }
                let terms = [(cell, if raises { 1 } else { -1 })];
                let weight = if upper { 1 } else { -1 };
                let Some((at_most, parts)) = self.bound(&terms, &[(Target::Statement(s), weight)], &[]) else {
                    continue;
                };
                let better = match (raises, self.high[cell], self.low[cell]) {
                    (true, Some(high), _) => at_most < high.value,
                    (false, _, Some(low)) => -at_most > low.value,
                    _ => true,
                };
                if better {
                    self.adopt(terms.to_vec(), at_most, Reasoning::Sum(parts));
                    moved.push(cell);
                    if let (Some(low), Some(high)) = (self.low[cell], self.high[cell])
                        && low.value > high.value
                    {
                        return Err(self.conflict([s], &[cell]));
                    }
                }
            }
        }
        Ok(moved)
    }

    /// Records a step, and the bound that it is where it speaks of one cell.
    pub(super) fn adopt(&mut self, terms: Vec<(usize, i64)>, at_most: i64, reasoning: Reasoning) -> Premise {
        let premise = Premise::Step(self.derivations.steps.len());
        if let [(cell, coefficient)] = terms[..] {
            match coefficient {
                1 if self.high[cell].is_none_or(|b| at_most < b.value) => {
                    self.high[cell] = Some(Bound { value: at_most, premise });
                }
                -1 if self.low[cell].is_none_or(|b| -at_most > b.value) => {
                    self.low[cell] = Some(Bound { value: -at_most, premise });
                }
                _ => {}
            }
        }
        self.derivations.steps.push(Step { terms, at_most, reasoning });
        premise
    }

    /// The statements behind the bounds of these cells, with these.
    pub(super) fn conflict(&self, statements: impl IntoIterator<Item = usize>, cells: &[usize]) -> Conflict {
        let mut all: BTreeSet<usize> = statements.into_iter().collect();
        let bounds = cells.iter().flat_map(|&c| [self.low[c], self.high[c]]).flatten();
        for premise in bounds.map(|b| b.premise).collect::<Vec<_>>() {
            self.behind(premise, &mut all);
        }
        Conflict { statements: all }
    }

    /// The statements that a premise rests on.
    pub(super) fn behind(&self, premise: Premise, all: &mut BTreeSet<usize>) {
        match premise {
            Premise::Statement(s, _) => {
                all.insert(s);
            }
            Premise::Step(step) => {
                for number in self.derivations.chain(step) {
                    premises(&self.derivations.steps[number].reasoning, &mut |p| {
                        if let Premise::Statement(s, _) = p {
                            all.insert(s);
                        }
                    });
                }
            }
            _ => {}
        }
    }

    /// The least value that these weights of statements prove the sum to be at most, with the premises that prove it.
    ///
    /// A positive weight uses a statement's upper end, a negative one its lower end.
    pub(super) fn bound(
        &self,
        terms: &[(usize, i64)],
        weights: &[(Target, i128)],
        assumed: &[Assumption],
    ) -> Option<(i64, Parts)> {
        let (total, scale, parts) = self.add(weights, Some(Subject { terms, at_most: None }), assumed)?;
        if scale <= 0 {
            return None;
        }
        let at_most = if self.published.is_whole() { total.div_euclid(scale) } else { -(-total).div_euclid(scale) };
        Some((i64::try_from(at_most).ok()?, parts))
    }

    /// Premises that add up to a contradiction, if these weights lead to one.
    pub(super) fn refute(
        &self,
        weights: &[(Target, i128)],
        subject: Option<Subject<'_>>,
        assumed: &[Assumption],
    ) -> Option<Parts> {
        let (total, scale, parts) = self.add(weights, subject, assumed)?;
        let strict = !self.published.is_whole() && scale > 0;
        (total < 0 || (strict && total == 0)).then_some(parts)
    }

    /// Adds the weighted statements up, and the bound of every cell that is left over. Gives the right side, the weight of
    /// the contrary, and the premises. Where the subject's value is not known, the right side is without the contrary.
    fn add(
        &self,
        weights: &[(Target, i128)],
        subject: Option<Subject<'_>>,
        assumed: &[Assumption],
    ) -> Option<(i128, i128, Parts)> {
        let mut sum =
            Sum { system: self, subject, assumed, left: BTreeMap::new(), right: 0, scale: 0, parts: Vec::new() };
        let single = match subject {
            Some(Subject { terms: &[(cell, coefficient)], .. }) if coefficient.abs() == 1 => Some((cell, coefficient)),
            _ => None,
        };
        for &(target, weight) in weights {
            if weight != 0 {
                sum.take(target, weight)?;
            }
        }
        let left: Vec<(usize, i128)> = sum.left.iter().filter(|l| *l.1 != 0).map(|(&c, &k)| (c, k)).collect();
        for (cell, rest) in left {
            // A rest above zero is met by a lower bound, which turns its sign.
            if let Some((own, coefficient)) = single
                && own == cell
                && (rest > 0) == (coefficient > 0)
                && subject.is_some_and(|s| s.at_most.is_none())
            {
                sum.push(rest.checked_abs()?, Premise::Contrary, 0)?;
                sum.scale += rest.abs();
                continue;
            }
            sum.take(Target::Cell(cell), -rest)?;
        }
        Some((sum.right, sum.scale, sum.parts))
    }
}

/// A sum of inequalities on its way.
struct Sum<'a, 'b> {
    system: &'b System<'a>,
    subject: Option<Subject<'b>>,
    assumed: &'b [Assumption],
    left: BTreeMap<usize, i128>,
    right: i128,
    scale: i128,
    parts: Parts,
}

impl Sum<'_, '_> {
    fn push(&mut self, weight: i128, premise: Premise, most: i64) -> Option<()> {
        self.right = self.right.checked_add(weight.checked_mul(i128::from(most))?)?;
        self.parts.push((weight, premise));
        Some(())
    }

    /// Adds `weight` times the target: at most its upper end where the weight is positive, otherwise at least its lower
    /// end. The tightest end that is known, assumed, or contrary to the claim is used.
    fn take(&mut self, target: Target, weight: i128) -> Option<()> {
        let upper = weight > 0;
        let size = weight.checked_abs()?;
        let published = self.system.published;
        // Every end as `±target ≤ value`.
        let mut best: Option<(i64, Premise)> = None;
        let mut offer = |value: i64, premise: Premise| {
            if best.is_none_or(|b| value < b.0) {
                best = Some((value, premise));
            }
        };
        match target {
            Target::Cell(cell) => {
                let bound = if upper { self.system.high[cell] } else { self.system.low[cell] };
                if let Some(bound) = bound {
                    offer(if upper { bound.value } else { -bound.value }, bound.premise);
                }
            }
            Target::Statement(s) => {
                let statement = &published.statements[s];
                let shown = self.system.open[s].1;
                let end = if upper {
                    statement.high.and_then(|h| h.checked_sub(shown))
                } else {
                    statement.low.and_then(|l| shown.checked_sub(l))
                };
                if let Some(end) = end {
                    offer(end, Premise::Statement(s, upper));
                }
            }
            Target::Subject => {}
        }
        for (depth, assumption) in self.assumed.iter().enumerate() {
            if assumption.target == target && assumption.at_most == upper {
                let value = if upper { assumption.value } else { -assumption.value.checked_add(1)? };
                offer(value, Premise::Assumed(depth));
            }
        }
        // The contrary says that the subject is at least one more than claimed.
        if let Some(Subject { terms, at_most: Some(at_most) }) = self.subject {
            let is_it = match (target, terms) {
                (Target::Subject, _) => !upper,
                (Target::Cell(cell), [(own, coefficient @ (1 | -1))]) => *own == cell && (*coefficient > 0) != upper,
                _ => false,
            };
            if is_it {
                let more = i64::from(published.is_whole());
                offer(-at_most.checked_add(more)?, Premise::Contrary);
            }
        } else if target == Target::Subject && !upper {
            offer(0, Premise::Contrary);
        }
        let (value, premise) = best?;
        if premise == Premise::Contrary {
            self.scale = self.scale.checked_add(size)?;
        }
        self.push(size, premise, value)?;
        let terms: &[(usize, i64)] = match target {
            Target::Cell(_) => &[],
            Target::Statement(s) => &self.system.open[s].0,
            Target::Subject => self.subject.map_or(&[], |s| s.terms),
        };
        for &(cell, coefficient) in terms {
            let left = self.left.entry(cell).or_insert(0);
            *left = left.checked_add(weight.checked_mul(i128::from(coefficient))?)?;
        }
        Some(())
    }
}
