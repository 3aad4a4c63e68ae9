//! The rule as knowledge: of hidden cells tied to each other, one is below the threshold, or nothing would be hidden.

use std::collections::{BTreeMap, BTreeSet};

use super::component::Component;
use super::derivation::{Premise, Reasoning};
use super::ends::{RawEnd, RawEnds, Side, Why};
use super::polytope::{Polytope, Settled};
use super::system::{Assumption, System, Target};
use super::{Item, Knowledge, Published};

/// Hidden cells of a group for which each case of the rule is worked out.
const RULE_CASES: usize = 40;

/// Ends with the rule: one of the component's hidden cells is below the threshold. `None` where the reader does not know
/// the rule, or it says nothing new.
pub(super) fn rule(
    published: &Published,
    knowledge: &Knowledge,
    system: &mut System<'_>,
    component: &Component,
    polytope: Option<&Polytope>,
    raw: Option<&[RawEnds]>,
) -> Option<Vec<RawEnds>> {
    if !knowledge.has(Item::Rule) || !published.is_whole() {
        return None;
    }
    let most = knowledge.threshold_count().saturating_sub(1);
    let tied = tied(published, *component.cells.first()?);
    let group: Vec<usize> =
        tied.into_iter().filter(|&c| published.cells[c].displayed && !published.cells[c].declared).collect();
    // Another component of the same group, or a cell that is known to be below, may be what the rule speaks of.
    let here = |c: &usize| component.cells.binary_search(c).is_ok();
    if group.iter().any(|c| !here(c) && system.fixed(*c).is_none_or(|v| v <= most)) {
        return None;
    }
    if group.is_empty() || group.len() > RULE_CASES {
        return None;
    }
    let Some((polytope, raw)) = polytope.zip(raw) else {
        // A cell that nothing ties: hidden by itself, it is below the threshold.
        let [cell] = group[..] else { return None };
        if !component.statements.is_empty() || system.high[cell].is_some_and(|b| b.value <= most) {
            return None;
        }
        system.derivations.groups.push(group);
        let sum = Reasoning::Sum(vec![(1, Premise::Assumed(0)), (1, Premise::Contrary)]);
        let high = RawEnd {
            at_most: most,
            why: Why::Reasoning(Reasoning::Rule(vec![(cell, sum)])),
            reached: true,
            seen: None,
        };
        let low = system.low[cell].map(|b| RawEnd {
            at_most: -b.value,
            why: Why::Premise(b.premise),
            reached: true,
            seen: None,
        });
        return Some(vec![[Side::or_unknown(low), Side::At(high)]]);
    };
    let mut cases: Vec<(usize, Case)> = Vec::new();
    for &cell in &group {
        let assumed = [Assumption { target: Target::Cell(cell), at_most: true, value: most }];
        if system.low[cell].is_some_and(|b| b.value > most) {
            cases.push((
                cell,
                Case::Impossible(system.refute(
                    &[(Target::Cell(cell), 1), (Target::Cell(cell), -1)],
                    None,
                    &assumed,
                )?),
            ));
            continue;
        }
        let mut under = polytope.assuming(cell, most);
        match under.settle(system) {
            Settled::Possible => cases.push((cell, Case::Ends(under.ends(system, None, &assumed, None)))),
            Settled::Impossible(weights) => {
                cases.push((cell, Case::Impossible(system.refute(&weights, None, &assumed)?)));
            }
            Settled::Unknown => return None,
        }
    }
    let mut ruled = Vec::with_capacity(raw.len());
    for (index, pair) in raw.iter().enumerate() {
        let [low, high] = [0, 1].map(|side| {
            let plain = pair[side].clone();
            let mut worst: Option<i64> = None;
            let mut reached = true;
            let mut reasons = Vec::new();
            for (cell, case) in &cases {
                match case {
                    Case::Impossible(parts) => reasons.push((*cell, Reasoning::Sum(parts.clone()))),
                    Case::Ends(ends) => {
                        let Side::At(end) = ends[index][side].clone() else { return plain };
                        if worst.is_none_or(|w| end.at_most >= w) {
                            reached = end.reached;
                        }
                        worst = Some(worst.map_or(end.at_most, |w| w.max(end.at_most)));
                        reasons.push((*cell, end.reasoning()));
                    }
                }
            }
            let Some(at_most) = worst else { return plain };
            if matches!(&plain, Side::At(p) if p.at_most <= at_most) {
                return plain;
            }
            Side::At(RawEnd { at_most, why: Why::Reasoning(Reasoning::Rule(reasons)), reached, seen: None })
        });
        ruled.push([low, high]);
    }
    system.derivations.groups.push(group);
    Some(ruled)
}

/// The cells that are not shown and that statements tie to this one, known or not.
fn tied(published: &Published, cell: usize) -> Vec<usize> {
    let open = |c: usize| published.cells[c].shown.is_none();
    let mut users: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (s, statement) in published.statements.iter().enumerate() {
        statement.terms.iter().filter(|t| open(t.0)).for_each(|t| users.entry(t.0).or_default().push(s));
    }
    let mut found: BTreeSet<usize> = [cell].into();
    let mut queue = vec![cell];
    while let Some(cell) = queue.pop() {
        for &s in users.get(&cell).into_iter().flatten() {
            for &(other, _) in published.statements[s].terms.iter().filter(|t| open(t.0)) {
                if found.insert(other) {
                    queue.push(other);
                }
            }
        }
    }
    found.into_iter().collect()
}

/// One case of the rule.
enum Case {
    /// No table has this cell below the threshold.
    Impossible(Vec<(i128, Premise)>),
    Ends(Vec<RawEnds>),
}
