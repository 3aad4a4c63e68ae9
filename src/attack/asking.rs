//! Questions to one engine about one component: how far a sum can go in whole numbers, and the tree of cases that proves it.

use super::derivation::{Premise, Reasoning};
use super::ends::{RawEnd, Side, Why, signed};
use super::polytope::Polytope;
use super::system::{Assumption, Subject, System, Target};
use crate::extremes::{Case, Extremes, Reach};
use crate::lp::Engine;
use crate::relations::{Outsider, UNBOUNDED, Witness};

/// Questions that may be asked to find one end in whole numbers.
const QUESTIONS: usize = 24;

/// The bound that stands already for a single cell, assumptions included.
pub(super) fn known(
    system: &System<'_>,
    assumed: &[Assumption],
    terms: &[(usize, i64)],
    upward: bool,
) -> Option<(i64, Why)> {
    let &[(cell, 1)] = terms else { return None };
    let bound = if upward { system.high[cell] } else { system.low[cell] };
    let bound = bound.map(|b| (if upward { b.value } else { -b.value }, b.premise));
    let assumed = assumed.iter().enumerate().filter(|a| a.1.target == Target::Cell(cell) && a.1.at_most && upward);
    let assumed = assumed.map(|(depth, a)| (a.value, Premise::Assumed(depth)));
    bound.into_iter().chain(assumed).min_by_key(|b| b.0).map(|(value, premise)| (value, Why::Premise(premise)))
}

/// Multipliers of rows as weights of what they speak of. A limit adds rows up to zero, a derivation up to a bound: the
/// signs turn. The row that defines a sum speaks of the sum with the sign of its end.
pub(super) fn weights_of(statements: &[usize], rows: &[(usize, i128)], upward: bool) -> Vec<(Target, i128)> {
    rows.iter()
        .map(|&(row, weight)| match statements.get(row) {
            Some(&s) => (Target::Statement(s), -weight),
            None => (Target::Subject, if upward { -weight } else { weight }),
        })
        .collect()
}

/// One end of one column.
pub(super) struct Question {
    column: usize,
    upward: bool,
    signed: Vec<(usize, i64)>,
    /// Where the base stands, with the sign of the end.
    start: i64,
}

/// What a tree of cases has to refute.
struct Asked<'a, 'b> {
    system: &'b System<'a>,
    subject: Subject<'b>,
    upward: bool,
}

/// Asks one engine for ends, and remembers how far each cell was seen to go in possible tables.
pub(super) struct Asking<'a> {
    polytope: &'a Polytope,
    outsider: &'a Outsider,
    pub(super) extremes: Extremes<'a>,
    assumed: &'a [Assumption],
    base: Vec<i64>,
    seen: Vec<(i64, i64)>,
}

impl<'a> Asking<'a> {
    pub(super) fn new(
        polytope: &'a Polytope,
        outsider: &'a Outsider,
        base: Vec<i64>,
        assumed: &'a [Assumption],
    ) -> Self {
        let extremes = Extremes::new(Engine::Simplex, outsider, vec![true; outsider.len()], polytope.most).far();
        let seen = base.iter().map(|&b| (b, b)).collect();
        Asking { polytope, outsider, extremes, assumed, base, seen }
    }

    fn see(&mut self, witness: &Witness) {
        if witness.denominator() == 1 {
            for &(column, change) in &witness.terms {
                let value = self.base[column].saturating_add(change);
                let seen = &mut self.seen[column];
                *seen = (seen.0.min(value), seen.1.max(value));
            }
        }
    }

    /// One end of a column, whose value is the sum of these terms.
    pub(super) fn end(
        &mut self,
        system: &System<'_>,
        column: usize,
        upward: bool,
        terms: &[(usize, i64)],
    ) -> Side<RawEnd> {
        let question = self.question(column, upward, terms);
        let known = known(system, self.assumed, terms, upward);
        let scale = self.polytope.scale;
        if let Some((at_most, why)) = &known
            && self.seen(&question) == at_most.saturating_mul(scale)
        {
            return Side::At(RawEnd { at_most: *at_most, why: why.clone(), reached: true, seen: None });
        }
        let unreached = known.clone().map(|(at_most, why)| RawEnd {
            at_most,
            why,
            reached: false,
            seen: self.seen_whole(&question),
        });
        let unreached = Side::or_unknown(unreached);
        let far = self.polytope.most.saturating_mul(100).saturating_mul(scale);
        let own = self.outsider.room(column, upward);
        let asked = own.min(far);
        match self.extremes.reach(column, upward, asked) {
            Reach::Witness(witness) => {
                self.see(&witness);
                match known {
                    Some((at_most, why)) if asked == own => {
                        Side::At(RawEnd { at_most, why, reached: true, seen: None })
                    }
                    None if own == UNBOUNDED => Side::Open,
                    _ => unreached,
                }
            }
            Reach::Limit(limit) => {
                let weights = weights_of(&self.polytope.statements, &limit.rows, upward);
                let Some((at_most, parts)) = system.bound(&question.signed, &weights, self.assumed) else {
                    return unreached;
                };
                if self.polytope.whole {
                    return Side::At(self.whole(system, &question, (at_most, Why::Reasoning(Reasoning::Sum(parts)))));
                }
                let most = limit.most(|_| true).and_then(|m| i64::try_from(m).ok());
                let reached = most.is_some_and(|most| {
                    question.start.saturating_add(most) == at_most.saturating_mul(scale)
                        && matches!(self.extremes.reach(column, upward, most), Reach::Witness(_))
                });
                Side::At(RawEnd { at_most, why: Why::Reasoning(Reasoning::Sum(parts)), reached, seen: None })
            }
            Reach::NotWhole(cases) => {
                let at_most = question.start.saturating_add(asked).saturating_sub(1);
                match self.tree(system, &question, at_most, &cases) {
                    Some(reasoning) => Side::At(self.whole(system, &question, (at_most, Why::Reasoning(reasoning)))),
                    None => unreached,
                }
            }
            Reach::Unknown => unreached,
        }
    }

    /// How far possible tables were seen to go, where their figures are whole.
    fn seen_whole(&self, question: &Question) -> Option<i64> {
        (self.polytope.scale == 1).then(|| self.seen(question))
    }

    fn seen(&self, question: &Question) -> i64 {
        let seen = self.seen[question.column];
        if question.upward { seen.1 } else { -seen.0 }
    }

    pub(super) fn question(&self, column: usize, upward: bool, terms: &[(usize, i64)]) -> Question {
        let start = if upward { self.base[column] } else { -self.base[column] };
        Question { column, upward, signed: signed(terms, upward), start }
    }

    /// Some possible table has the question's sum at this value, with the sign of its end.
    pub(super) fn saw(&mut self, question: &Question, value: Option<i64>) {
        if let Some(value) = value {
            let seen = &mut self.seen[question.column];
            *seen = if question.upward { (seen.0, seen.1.max(value)) } else { (seen.0.min(-value), seen.1) };
        }
    }

    /// Narrows a proved end down to what whole numbers reach, by halving.
    pub(super) fn whole(&mut self, system: &System<'_>, question: &Question, claimed: (i64, Why)) -> RawEnd {
        let (mut at_most, mut why) = claimed;
        let Question { column, upward, ref signed, start } = *question;
        let mut reached = self.seen(question);
        let mut next = at_most;
        for _ in 0..QUESTIONS {
            if reached >= at_most {
                break;
            }
            match self.extremes.reach(column, upward, next.saturating_sub(start)) {
                Reach::Witness(witness) => {
                    self.see(&witness);
                    reached = reached.max(next);
                }
                Reach::Limit(limit) => {
                    let weights = weights_of(&self.polytope.statements, &limit.rows, upward);
                    match system.bound(signed, &weights, self.assumed) {
                        Some((value, parts)) if value < at_most => {
                            (at_most, why) = (value, Why::Reasoning(Reasoning::Sum(parts)));
                        }
                        _ => break,
                    }
                }
                Reach::NotWhole(cases) => match self.tree(system, question, next - 1, &cases) {
                    Some(tree) => (at_most, why) = (next - 1, Why::Reasoning(tree)),
                    None => break,
                },
                Reach::Unknown => break,
            }
            next = if reached + 3 >= at_most { at_most } else { reached + (at_most - reached) / 2 + 1 };
        }
        RawEnd { at_most, why, reached: reached >= at_most, seen: Some(reached) }
    }

    /// The tree of cases that leaves no table with the sum above `at_most`.
    fn tree(&self, system: &System<'_>, question: &Question, at_most: i64, cases: &[Case]) -> Option<Reasoning> {
        let cases: Vec<&Case> = cases.iter().collect();
        let subject = Subject { terms: &question.signed, at_most: Some(at_most) };
        let asked = Asked { system, subject, upward: question.upward };
        self.branch(&asked, &cases, 0, &mut self.assumed.to_vec())
    }

    fn branch(
        &self,
        asked: &Asked<'_, '_>,
        cases: &[&Case],
        depth: usize,
        assumed: &mut Vec<Assumption>,
    ) -> Option<Reasoning> {
        let system = asked.system;
        let first = cases.first()?;
        if cases.len() == 1 && first.path.len() == depth {
            return self.leaf(asked, &first.rows, assumed).map(Reasoning::Sum);
        }
        let &(column, _, by) = first.path.get(depth)?;
        let polytope = self.polytope;
        let (target, terms) = if let Some(&cell) = polytope.cells.get(column) {
            (Target::Cell(cell), vec![(cell, 1)])
        } else if let Some(&s) = polytope.slack_of.get(column - polytope.cells.len()) {
            (Target::Statement(s), system.open[s].0.clone())
        } else {
            (Target::Subject, asked.subject.terms.to_vec())
        };
        // A slack is the statement's sum over what is not known; an assumption speaks of what is not shown.
        let mut at = self.base[column].checked_add(by)?;
        if let Target::Statement(s) = target {
            let row = polytope.statements.iter().position(|&other| other == s)?;
            at = at.checked_add(polytope.known[row])?.checked_sub(system.open[s].1)?;
        }
        // The subject has the sign of its end; where that turns, so do the sides.
        let turned = target == Target::Subject && !asked.upward;
        if turned {
            at = -at.checked_add(1)?;
        }
        let mut part = |at_most: bool| {
            let side: Vec<&Case> = cases
                .iter()
                .copied()
                .filter(|c| c.path.get(depth).is_some_and(|p| (p.0, p.1 != turned, p.2) == (column, at_most, by)))
                .collect();
            assumed.push(Assumption { target, at_most, value: at });
            let reasoning = self.branch(asked, &side, depth + 1, assumed);
            assumed.pop();
            reasoning.map(|r| (side.len(), r))
        };
        let ((few, below), (rest, above)) = (part(true)?, part(false)?);
        let (below, above) = (Box::new(below), Box::new(above));
        (few + rest == cases.len()).then_some(Reasoning::Cases { terms, at, below, above })
    }

    fn leaf(
        &self,
        asked: &Asked<'_, '_>,
        rows: &[(usize, i128)],
        assumed: &[Assumption],
    ) -> Option<Vec<(i128, Premise)>> {
        let &Asked { system, subject, upward } = asked;
        if !rows.is_empty() {
            let weights = weights_of(&self.polytope.statements, rows, upward);
            return system.refute(&weights, Some(subject), assumed);
        }
        // The assumptions contradict each other, or a bound: some target has its lower end above its upper.
        let mut targets: Vec<Target> = assumed.iter().map(|a| a.target).collect();
        targets.extend(subject.terms.iter().map(|t| Target::Cell(t.0)));
        targets.into_iter().find_map(|target| system.refute(&[(target, 1), (target, -1)], Some(subject), assumed))
    }
}
