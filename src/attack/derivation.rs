//! Why a bound holds, so that anybody can add it up.
//!
//! Every premise is an inequality `Σ a·x ≤ b` with whole numbers: a side of a statement, a shown figure, a count that is
//! not negative, a bound derived before. A [`Step`] claims that a sum of cells is at most a number. It supposes that the
//! sum is at least one more, adds premises up with whole weights, and arrives at `0 ≤ something negative`; where whole
//! numbers are needed it does so case by case (Farkas 1902; branching as Land and Doig 1960). [`Derivations::holds`] adds
//! up in 128 bits and knows no engine.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Published;

/// An inequality that a derivation may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Premise {
    /// A statement, by number, with the shown figures put in: what is left of its sum is at most what is left of its upper
    /// end (`true`), or at least what is left of its lower end.
    Statement(usize, bool),
    /// A shown figure, by cell: it is at most (`true`) or at least what is shown.
    Shown(usize, bool),
    /// The cell counts persons: it is zero or more.
    NotNegative(usize),
    /// A step before, by number.
    Step(usize),
    /// The assumption of the case at this depth, from 0.
    Assumed(usize),
    /// What is to be refuted: the step's sum is at least one more than it claims.
    Contrary,
}

/// How a step arrives at a contradiction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reasoning {
    /// Premises, each times a weight above zero, add up to `0 ≤ something negative`.
    Sum(Vec<(i128, Premise)>),
    /// Either `Σ terms ≤ at` or `Σ terms ≥ at + 1`, because counts are whole.
    Cases {
        /// `(cell, coefficient)`.
        terms: Vec<(usize, i64)>,
        /// Where the cases part.
        at: i64,
        /// Supposing at most `at`.
        below: Box<Reasoning>,
        /// Supposing more.
        above: Box<Reasoning>,
    },
    /// One of these cells is below the threshold: the rule hides nothing else for its own sake. Each case supposes it of
    /// one cell.
    Rule(Vec<(usize, Reasoning)>),
}

/// `Σ coefficient·cell ≤ at_most`, and why. A lower bound is an upper bound of the sum with its signs turned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// `(cell, coefficient)`, by cell.
    pub terms: Vec<(usize, i64)>,
    /// What the sum is at most, in the table's unit.
    pub at_most: i64,
    /// Why.
    pub reasoning: Reasoning,
}

/// The steps of a deduction, each using only steps before it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Derivations {
    pub(super) steps: Vec<Step>,
    /// Groups of hidden cells of which, by the rule, one is below the threshold.
    pub(super) groups: Vec<Vec<usize>>,
    pub(super) threshold: i64,
}

/// Premises with their weights.
pub(super) type Parts = Vec<(i128, Premise)>;

/// `Σ a·x ≤ b`.
pub(super) type Inequality = (Vec<(usize, i64)>, i64);

fn negated(terms: &[(usize, i64)]) -> Vec<(usize, i64)> {
    terms.iter().map(|&(c, k)| (c, -k)).collect()
}

impl Derivations {
    /// A step, by number.
    pub fn step(&self, number: usize) -> Option<&Step> {
        self.steps.get(number)
    }

    /// How many steps there are.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Every step that a step rests on, itself included, in order.
    pub fn chain(&self, number: usize) -> Vec<usize> {
        let mut used = std::collections::BTreeSet::new();
        let mut open = vec![number];
        while let Some(step) = open.pop() {
            if step < self.steps.len() && used.insert(step) {
                premises(&self.steps[step].reasoning, &mut |premise| {
                    if let Premise::Step(before) = premise {
                        open.push(before);
                    }
                });
            }
        }
        used.into_iter().collect()
    }

    /// Whether every step adds up. Cost: linear in the premises and their terms.
    pub fn holds(&self, published: &Published) -> bool {
        self.faulty(published).is_none()
    }

    /// The first step that does not add up, if there is one.
    pub fn faulty(&self, published: &Published) -> Option<usize> {
        (0..self.steps.len()).find(|&number| !self.step_holds(published, number))
    }

    fn step_holds(&self, published: &Published, number: usize) -> bool {
        let step = &self.steps[number];
        let Some(contrary) = step.at_most.checked_add(1) else { return false };
        let contrary = (negated(&step.terms), -contrary);
        self.refutes(published, number, &contrary, &mut Vec::new(), &step.reasoning)
    }

    fn refutes(
        &self,
        published: &Published,
        number: usize,
        contrary: &Inequality,
        assumed: &mut Vec<Inequality>,
        reasoning: &Reasoning,
    ) -> bool {
        let mut under = |assumption: Inequality, part: &Reasoning| {
            assumed.push(assumption);
            let holds = self.refutes(published, number, contrary, assumed, part);
            assumed.pop();
            holds
        };
        match reasoning {
            Reasoning::Cases { terms, at, below, above } => {
                let Some(more) = at.checked_add(1) else { return false };
                published.is_whole() && under((terms.clone(), *at), below) && under((negated(terms), -more), above)
            }
            Reasoning::Rule(cases) => {
                let mut cells: Vec<usize> = cases.iter().map(|c| c.0).collect();
                cells.sort_unstable();
                self.groups.contains(&cells)
                    && cases.iter().all(|(cell, part)| under((vec![(*cell, 1)], self.threshold - 1), part))
            }
            Reasoning::Sum(premises) => {
                let mut left: BTreeMap<usize, i128> = BTreeMap::new();
                let mut right: i128 = 0;
                for &(weight, premise) in premises {
                    let inequality = match premise {
                        Premise::Contrary => Some(contrary.clone()),
                        Premise::Assumed(depth) => assumed.get(depth).cloned(),
                        Premise::Step(before) if before < number => {
                            Some((self.steps[before].terms.clone(), self.steps[before].at_most))
                        }
                        other => published.inequality(other),
                    };
                    let Some((terms, most)) = inequality.filter(|_| weight > 0) else { return false };
                    for (cell, coefficient) in terms {
                        let sum = left.entry(cell).or_insert(0);
                        let Some(next) =
                            weight.checked_mul(i128::from(coefficient)).and_then(|more| sum.checked_add(more))
                        else {
                            return false;
                        };
                        *sum = next;
                    }
                    let Some(next) = weight.checked_mul(i128::from(most)).and_then(|more| right.checked_add(more))
                    else {
                        return false;
                    };
                    right = next;
                }
                right < 0 && left.values().all(|&sum| sum == 0)
            }
        }
    }
}

/// `Σ a·x ≤ b` with names.
fn inequality_in_words(published: &Published, terms: &[(usize, i64)], most: i64) -> String {
    // A single cell reads better with its sign on the other side.
    if let [(cell, -1)] = terms {
        return format!("{} ≥ {}", published.key(*cell), published.value(-most));
    }
    let mut sum = String::new();
    for (i, (cell, k)) in terms.iter().enumerate() {
        let sign = match (i, *k < 0) {
            (0, false) => "",
            (0, true) => "−",
            (_, false) => " + ",
            (_, true) => " − ",
        };
        let times = if k.abs() == 1 { String::new() } else { format!("{}·", k.abs()) };
        sum.push_str(&format!("{sign}{times}{}", published.key(*cell)));
    }
    format!("{sum} ≤ {}", published.value(most))
}

/// The steps that a premise rests on, one a line, each with what was added up.
pub(super) fn in_words(published: &Published, derivations: &Derivations, why: Premise) -> String {
    let Premise::Step(last) = why else {
        let known = published.inequality(why).map(|(terms, most)| inequality_in_words(published, &terms, most));
        return known.unwrap_or_default();
    };
    let chain = derivations.chain(last);
    let mut lines = Vec::with_capacity(chain.len());
    for &number in &chain {
        let step = &derivations.steps[number];
        let claim = inequality_in_words(published, &step.terms, step.at_most);
        lines.push(format!(
            "  [{number}] {claim}, from {}",
            reasoning_in_words(published, derivations, &step.reasoning)
        ));
    }
    lines.join("\n")
}

fn reasoning_in_words(published: &Published, derivations: &Derivations, reasoning: &Reasoning) -> String {
    match reasoning {
        Reasoning::Sum(parts) => {
            let told = parts.iter().filter_map(|&(weight, premise)| {
                let text = match premise {
                    Premise::Contrary => return None,
                    Premise::Assumed(depth) => format!("assumption {}", depth + 1),
                    Premise::Step(step) => format!("[{step}]"),
                    Premise::Statement(s, _) => {
                        let statement = published.statements().get(s)?;
                        let shown = statement.terms.iter().filter_map(|&(cell, _)| {
                            Some(format!("{} = {}", published.key(cell), published.value(published.shown(cell)?)))
                        });
                        let shown: Vec<String> = shown.collect();
                        let with = if shown.is_empty() { String::new() } else { format!(" with {}", shown.join(", ")) };
                        match &statement.printed {
                            Some(printed) => format!("“{}” printed of {}{with}", printed.value, statement.name),
                            None => format!("“{}”{with}", statement.name),
                        }
                    }
                    other => {
                        let (terms, most) = published.inequality(other)?;
                        inequality_in_words(published, &terms, most)
                    }
                };
                Some(if weight == 1 { text } else { format!("{weight} × ({text})") })
            });
            told.collect::<Vec<_>>().join("; ")
        }
        Reasoning::Cases { terms, at, below, above } => format!(
            "either {}, then {}; or more, then {}",
            inequality_in_words(published, terms, *at),
            reasoning_in_words(published, derivations, below),
            reasoning_in_words(published, derivations, above)
        ),
        Reasoning::Rule(cases) => {
            let told = cases.iter().map(|(cell, part)| {
                let below = format!("{} < {}", published.key(*cell), derivations.threshold);
                format!("if {below}: {}", reasoning_in_words(published, derivations, part))
            });
            told.collect::<Vec<_>>().join("; ")
        }
    }
}

/// Every premise of a reasoning, in order.
pub(super) fn premises(reasoning: &Reasoning, tell: &mut impl FnMut(Premise)) {
    match reasoning {
        Reasoning::Sum(parts) => parts.iter().for_each(|p| tell(p.1)),
        Reasoning::Cases { below, above, .. } => {
            premises(below, tell);
            premises(above, tell);
        }
        Reasoning::Rule(cases) => cases.iter().for_each(|c| premises(&c.1, tell)),
    }
}
