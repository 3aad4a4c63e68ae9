//! Why cells are hidden, in sentences. Pure: facts in, text out.

use std::collections::BTreeMap;

use fluent_bundle::FluentArgs;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::Words;
use crate::table::Key;
use crate::trail::{Counted, Explained, Explanation, Ground, Known, Line, Step};

type Set<'a, 'b> = &'a mut FluentArgs<'b>;

/// Between figures of a sum.
fn signed(first: bool, coefficient: i64) -> String {
    let sign = match (first, coefficient < 0) {
        (true, false) => "",
        (true, true) => "−",
        (false, false) => " + ",
        (false, true) => " − ",
    };
    let times = coefficient.unsigned_abs();
    if times == 1 { sign.to_owned() } else { format!("{sign}{times} × ") }
}

fn quoted(name: impl std::fmt::Display) -> String {
    format!("“{name}”")
}

/// A cell's name beside another's: what they share is not said again.
fn beside(key: &Key, other: &Key) -> String {
    if key.block() != other.block() || key.labels().len() != other.labels().len() {
        return quoted(key);
    }
    let differ = key.labels().iter().zip(other.labels()).filter(|(a, b)| a != b);
    let labels: Vec<&str> = differ.map(|(a, _)| a.as_str()).collect();
    if labels.is_empty() { quoted(key.labels().join(" × ")) } else { quoted(labels.join(" × ")) }
}

/// A cell's name in full, but for the block where it is the other's.
fn within(key: &Key, other: &Key) -> String {
    if key.block() == other.block() { quoted(key.labels().join(" × ")) } else { quoted(key) }
}

struct Telling<'a> {
    words: &'a Words,
    explained: &'a Explained,
    /// By step, the number under which it was told.
    told: BTreeMap<usize, usize>,
}

impl Words {
    /// Why cells are hidden: a sentence a cell, with numbered steps where one sentence is not enough. Steps that several
    /// cells share are told once.
    pub fn explained(&self, explained: &Explained) -> String {
        let mut telling = Telling { words: self, explained, told: BTreeMap::new() };
        explained.cells.iter().map(|cell| telling.explanation(cell)).collect::<Vec<_>>().join("\n")
    }
}

impl Telling<'_> {
    fn say(&self, id: &str, set: impl FnOnce(Set<'_, '_>)) -> String {
        let mut args = FluentArgs::new();
        set(&mut args);
        self.words.say(id, &args)
    }

    fn number(&self, value: &Decimal) -> String {
        self.words.number(value)
    }

    fn listed(&self, names: &[String]) -> String {
        match names {
            [] => String::new(),
            [one] => one.clone(),
            [first @ .., last] => self.say("explain-and", |args| {
                args.set("first", first.join(", "));
                args.set("last", last.clone());
            }),
        }
    }

    fn explanation(&mut self, explanation: &Explanation) -> String {
        let Explanation { cell, ground, law, whole } = explanation;
        let law = match law.as_deref() {
            None => self.say("explain-articles", |_| {}),
            Some("declared levels") => self.say("explain-declared-levels", |_| {}),
            Some(law) => law.to_owned(),
        };
        let about = |args: Set<'_, '_>| {
            args.set("cell", quoted(&cell.cell));
            args.set("count", self.words.number(&cell.count));
            args.set("persons", cell.count.to_i64().unwrap_or(2));
            args.set("law", law.clone());
        };
        match ground {
            Ground::Below(below) => self.say(if *whole { "explain-below" } else { "explain-below-figure" }, |args| {
                about(args);
                args.set("below", self.number(below));
            }),
            Ground::DeclaredPrimary => self.say("explain-declared-primary", about),
            Ground::Declared => self.say("explain-declared", about),
            Ground::Undisplayed => self.say("explain-undisplayed", about),
            Ground::Unproved { falls } => self.say("explain-unproved", |args| {
                about(args);
                args.set("falls", beside(&falls.cell, &cell.cell));
            }),
            Ground::Gives { falls, below, known, steps } => {
                let which = self.which(below.as_ref(), &law, *whole);
                let name = beside(&falls.cell, &cell.cell);
                let about = |args: Set<'_, '_>| {
                    about(args);
                    args.set("falls", name.clone());
                    args.set("which", which.clone());
                };
                if let Some(sentence) = self.in_one(cell, known, steps, &about) {
                    return sentence;
                }
                let known = self.known(known);
                let new: Vec<usize> = steps.iter().copied().filter(|s| !self.told.contains_key(s)).collect();
                if new.is_empty() {
                    let numbers = self.steps_told(steps.last().copied());
                    return self.say("explain-steps-again", |args| {
                        about(args);
                        args.set("known", known);
                        args.set("number", numbers.len());
                        args.set("list", self.listed(&numbers));
                    });
                }
                let mut text = self.say("explain-steps", |args| {
                    about(args);
                    args.set("known", known);
                });
                for step in new {
                    let number = self.told.len() + 1;
                    text.push_str(&format!("\n  {number}. {}", self.step(step, &cell.cell)));
                    self.told.insert(step, number);
                }
                text
            }
        }
    }

    fn which(&self, below: Option<&Decimal>, law: &str, whole: bool) -> String {
        match below {
            Some(below) => self.say(if whole { "explain-which-below" } else { "explain-which-below-figure" }, |args| {
                args.set("below", self.number(below));
                args.set("persons", below.to_i64().unwrap_or(2));
                args.set("law", law.to_owned());
            }),
            None => self.say("explain-which-protected", |args| args.set("law", law.to_owned())),
        }
    }

    fn known(&self, known: &Known) -> String {
        let one = |id: &str, value: &Decimal| self.say(id, |args| args.set("value", self.number(value)));
        let between = |low: &Decimal, high: &Decimal| {
            self.say("explain-known-between", |args| {
                args.set("low", self.number(low));
                args.set("high", self.number(high));
            })
        };
        match known {
            Known::Computed(value) => one("explain-known-computed", value),
            Known::AtMost(value) => one("explain-known-most", value),
            Known::AtLeast(value) => one("explain-known-least", value),
            Known::Between(low, high) => between(low, high),
            Known::Whole { low, high, cases } => {
                let known = match (low, high) {
                    (Some(low), Some(high)) if low == high => one("explain-known-computed", low),
                    (Some(low), Some(high)) => between(low, high),
                    (Some(low), None) => one("explain-known-least", low),
                    (None, high) => one("explain-known-most", &high.unwrap_or_default()),
                };
                self.say("explain-whole", |args| {
                    args.set("known", known);
                    args.set("cases", *cases);
                })
            }
        }
    }

    /// The whole explanation in one sentence, where one sum is all there is to it.
    fn in_one(&self, cell: &Counted, known: &Known, steps: &[usize], about: &dyn Fn(Set<'_, '_>)) -> Option<String> {
        let [only] = steps else { return None };
        match &self.explained.steps[*only] {
            Step::Computes { line, gives, total, .. } => {
                let itself = matches!(line, Line::Total { total, .. } if *total == cell.cell);
                let id = match (total, itself) {
                    (true, _) => "explain-gives-total",
                    (_, true) => "explain-gives-itself",
                    _ => "explain-gives",
                };
                Some(self.say(id, |args| {
                    about(args);
                    args.set("how", self.less(line, "explain-minus-others", &cell.cell));
                    args.set("value", self.number(&gives.count));
                }))
            }
            Step::Together { added, subtracted, cells, rest, .. } => {
                let ([(line @ Line::Total { total, .. }, 1)], []) = (added.as_slice(), subtracted.as_slice()) else {
                    return None;
                };
                if cells.iter().any(|c| c.1 != 1) {
                    return None;
                }
                let names: Vec<String> = cells.iter().map(|c| beside(&c.0, total)).collect();
                let id = if *total == cell.cell { "explain-leaves-itself" } else { "explain-leaves" };
                Some(self.say(id, |args| {
                    about(args);
                    args.set("how", self.less(line, "explain-minus-shown", &cell.cell));
                    args.set("rest", self.number(rest));
                    args.set("cells", self.listed(&names));
                    args.set("known", self.known(known));
                }))
            }
            Step::Bounds { .. } => None,
        }
    }

    fn less(&self, line: &Line, id: &str, near: &Key) -> String {
        let told = self.line(line, &|key| beside(key, near));
        if matches!(line, Line::Total { .. }) { self.say(id, |args| args.set("line", told)) } else { told }
    }

    fn line(&self, line: &Line, name: &dyn Fn(&Key) -> String) -> String {
        match line {
            Line::Total { total, count: Some(count), .. } => self.say("explain-total", |args| {
                args.set("total", name(total));
                args.set("count", self.number(count));
            }),
            Line::Total { total, count: None, .. } => {
                self.say("explain-total-hidden", |args| args.set("total", name(total)))
            }
            Line::Stated(name) => self.say("explain-stated", |args| args.set("name", name.clone())),
            Line::Fact(name) => self.say("explain-fact", |args| args.set("name", name.clone())),
        }
    }

    fn steps_told(&self, steps: impl IntoIterator<Item = usize>) -> Vec<String> {
        steps.into_iter().filter_map(|s| self.told.get(&s)).map(ToString::to_string).collect()
    }

    fn from(&self, from: &[usize]) -> String {
        let numbers = self.steps_told(from.iter().copied());
        if numbers.is_empty() {
            return String::new();
        }
        self.say("step-from", |args| {
            args.set("number", numbers.len());
            args.set("list", self.listed(&numbers));
        })
    }

    fn step(&self, step: usize, near: &Key) -> String {
        match &self.explained.steps[step] {
            Step::Computes { line, gives, total, from } => {
                let id = match line {
                    Line::Total { .. } if *total => "step-total",
                    Line::Total { .. } => "step-part",
                    _ => "step-stated",
                };
                self.say(id, |args| {
                    args.set("line", self.line(line, &|key| within(key, near)));
                    args.set("cell", within(&gives.cell, near));
                    args.set("value", self.number(&gives.count));
                    args.set("from", self.from(from));
                })
            }
            Step::Together { added, subtracted, cells, rest, at_least, from } => {
                let mut formula = String::new();
                for (number, (cell, times)) in cells.iter().enumerate() {
                    formula.push_str(&signed(number == 0, *times));
                    formula.push_str(&within(cell, near));
                }
                // That no count is negative goes without saying.
                let alone = cells.len() < 2 || at_least.is_zero();
                let bound = |formula: String| {
                    let least = |args: Set<'_, '_>| {
                        args.set("formula", formula.clone());
                        args.set("least", self.number(at_least));
                    };
                    if alone { formula.clone() } else { self.say("explain-at-least", least) }
                };
                let id = match (added.as_slice(), subtracted.as_slice()) {
                    ([(Line::Total { .. }, 1)], []) => "step-left",
                    ([(_, 1)], []) => "step-left-stated",
                    (_, []) => "step-added",
                    _ => "step-added-subtracted",
                };
                self.say(id, |args| {
                    let lines: Vec<&Line> = added.iter().chain(subtracted).map(|l| &l.0).collect();
                    let only = lines.first().map_or_else(String::new, |line| self.line(line, &|key| within(key, near)));
                    args.set("line", only);
                    args.set("added", self.sums(added, &lines, near));
                    args.set("subtracted", self.sums(subtracted, &lines, near));
                    args.set("formula", formula);
                    args.set("rest", bound(self.number(rest)));
                    args.set("from", self.from(from));
                })
            }
            Step::Bounds { lines, from } => self.say("step-bounds", |args| {
                let lines: Vec<String> = lines.iter().map(|line| self.line(line, &|key| within(key, near))).collect();
                args.set("lines", self.listed(&lines));
                args.set("from", self.from(from));
            }),
        }
    }

    /// Several sums, by their totals; two over the same total are told apart by their axes.
    fn sums(&self, sums: &[(Line, i64)], all: &[&Line], near: &Key) -> String {
        let one = |(line, times): &(Line, i64)| {
            let name = match line {
                Line::Total { total, axis, count } => {
                    let twin = |l: &&&Line| matches!(l, Line::Total { total: other, .. } if other == total);
                    let name = within(total, near);
                    let axis = (all.iter().filter(twin).count() > 1).then(|| axis.clone());
                    let about: Vec<String> = axis.into_iter().chain(count.map(|c| self.number(&c))).collect();
                    if about.is_empty() { name } else { format!("{name} ({})", about.join(", ")) }
                }
                Line::Stated(name) | Line::Fact(name) => quoted(name),
            };
            format!("{}{name}", signed(true, *times))
        };
        self.listed(&sums.iter().map(one).collect::<Vec<_>>())
    }
}
