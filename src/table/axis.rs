//! Axes: labels, and the sums among them that hold in every line of a table.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Problem;

/// One axis of a [`Cube`](crate::table::Cube): a flat list of labels, or one or several hierarchies over them.
///
/// ```
/// use caviardage::table::Axis;
/// let sex = Axis::flat("sexe", ["Femmes", "Hommes"]).total("Total");
/// let place = Axis::tree("lieu", [("Québec", ["Nord", "Sud"].as_slice()), ("Nord", &["Alma", "Roberval"])])
///     .hierarchy([("Québec", ["Urbain", "Rural"].as_slice()), ("Urbain", &["Alma"]), ("Rural", &["Roberval", "Sud"])]);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    name: String,
    labels: Vec<String>,
    known: BTreeSet<String>,
    undisplayed: Vec<String>,
    sums: Vec<Sum>,
    hierarchies: usize,
}

/// `parent = Σ children`, by label, in one of the axis' hierarchies.
#[derive(Debug, Clone, PartialEq)]
struct Sum {
    hierarchy: usize,
    parent: String,
    children: Vec<String>,
}

/// An axis whose labels are numbers; made only when no problem was found.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Laid {
    pub(crate) name: String,
    pub(crate) labels: Vec<String>,
    pub(crate) undisplayed: Vec<bool>,
    /// `(parent, children)`, children before the parents that need them.
    pub(crate) sums: Vec<(usize, Vec<usize>)>,
    index: BTreeMap<String, usize>,
}

impl Axis {
    /// A list of labels with no total.
    pub fn flat<S: Into<String>>(name: impl Into<String>, labels: impl IntoIterator<Item = S>) -> Self {
        let labels: Vec<String> = labels.into_iter().map(Into::into).collect();
        Axis {
            name: name.into(),
            known: labels.iter().cloned().collect(),
            labels,
            undisplayed: Vec::new(),
            sums: Vec::new(),
            hierarchies: 0,
        }
    }

    /// A hierarchy of any depth, as `(parent, children)` pairs in any order. Leaves are the labels that are nobody's parent.
    pub fn tree<'a, P: Into<String>>(
        name: impl Into<String>,
        sums: impl IntoIterator<Item = (P, &'a [&'a str])>,
    ) -> Self {
        Axis::flat(name, Vec::<String>::new()).hierarchy(sums)
    }

    /// Adds a label that is the sum of all labels so far.
    #[must_use]
    pub fn total(mut self, label: impl Into<String>) -> Self {
        let children = self.labels.clone();
        self.push_sum(self.hierarchies, label.into(), children);
        self.hierarchies += 1;
        self
    }

    /// Adds one more hierarchy; within one hierarchy a label has one parent. New labels join the axis.
    #[must_use]
    pub fn hierarchy<'a, P: Into<String>>(mut self, sums: impl IntoIterator<Item = (P, &'a [&'a str])>) -> Self {
        for (parent, children) in sums {
            self.push_sum(self.hierarchies, parent.into(), children.iter().map(|c| (*c).to_owned()).collect());
        }
        self.hierarchies += 1;
        self
    }

    /// Like [`hierarchy`](Self::hierarchy), from owned labels.
    #[must_use]
    pub fn hierarchy_of(mut self, sums: impl IntoIterator<Item = (String, Vec<String>)>) -> Self {
        for (parent, children) in sums {
            self.push_sum(self.hierarchies, parent, children);
        }
        self.hierarchies += 1;
        self
    }

    /// Declares that the table does not display this label, although anyone can compute its figures.
    #[must_use]
    pub fn undisplayed(mut self, label: impl Into<String>) -> Self {
        self.undisplayed.push(label.into());
        self
    }

    /// The name of the axis.
    pub fn name(&self) -> &str {
        &self.name
    }

    fn push_sum(&mut self, hierarchy: usize, parent: String, children: Vec<String>) {
        for label in std::iter::once(&parent).chain(&children) {
            if self.known.insert(label.clone()) {
                self.labels.push(label.clone());
            }
        }
        self.sums.push(Sum { hierarchy, parent, children });
    }

    /// Numbers the labels and orders the sums, or tells every problem of the axis.
    pub(crate) fn lay(&self, table: &str, problems: &mut Vec<Problem>) -> Option<Laid> {
        let before = problems.len();
        let place = if table.is_empty() { self.name.clone() } else { format!("{table}, {}", self.name) };
        let mut index = BTreeMap::new();
        for (i, label) in self.labels.iter().enumerate() {
            if index.insert(label.clone(), i).is_some() {
                problems.push(Problem::DuplicateLabel { place: place.clone(), label: label.clone() });
            }
        }
        let mut undisplayed = vec![false; self.labels.len()];
        for label in &self.undisplayed {
            match index.get(label) {
                Some(&i) => undisplayed[i] = true,
                None => problems.push(Problem::UnknownLabel { place: place.clone(), label: label.clone() }),
            }
        }
        let mut parents: BTreeMap<(usize, &str), &str> = BTreeMap::new();
        for sum in &self.sums {
            let mut seen = Vec::new();
            for child in &sum.children {
                if seen.contains(&child) {
                    problems.push(Problem::DuplicateLabel {
                        place: format!("{place}, {}", sum.parent),
                        label: child.clone(),
                    });
                }
                seen.push(child);
                if let Some(first) = parents.insert((sum.hierarchy, child), &sum.parent)
                    && first != sum.parent
                {
                    problems.push(Problem::TwoParents {
                        place: place.clone(),
                        label: child.clone(),
                        first: first.to_owned(),
                        second: sum.parent.clone(),
                    });
                }
            }
        }
        if problems.len() > before {
            return None;
        }
        let sums: Vec<(usize, Vec<usize>)> =
            self.sums.iter().map(|sum| (index[&sum.parent], sum.children.iter().map(|c| index[c]).collect())).collect();
        let sums = match bottom_up(sums, self.labels.len()) {
            Ok(sums) => sums,
            Err(label) => {
                problems.push(Problem::Cycle { place, label: self.labels[label].clone() });
                return None;
            }
        };
        Some(Laid { name: self.name.clone(), labels: self.labels.clone(), undisplayed, sums, index })
    }
}

impl Laid {
    pub(crate) fn position(&self, label: &str) -> Option<usize> {
        self.index.get(label).copied()
    }

    /// Labels that no sum computes.
    pub(crate) fn leaves(&self) -> Vec<bool> {
        let mut leaf = vec![true; self.labels.len()];
        for (parent, _) in &self.sums {
            leaf[*parent] = false;
        }
        leaf
    }
}

type IndexedSum = (usize, Vec<usize>);

/// Orders sums so that every child is computed before its parents, or gives a label of a cycle.
fn bottom_up(mut sums: Vec<IndexedSum>, labels: usize) -> Result<Vec<IndexedSum>, usize> {
    let mut pending = vec![0_usize; labels];
    for (parent, _) in &sums {
        pending[*parent] += 1;
    }
    let mut ordered = Vec::with_capacity(sums.len());
    while !sums.is_empty() {
        let (ready, rest): (Vec<_>, Vec<_>) =
            sums.into_iter().partition(|(_, children)| children.iter().all(|&c| pending[c] == 0));
        if ready.is_empty() {
            return Err(rest[0].0);
        }
        for (parent, _) in &ready {
            pending[*parent] -= 1;
        }
        ordered.extend(ready);
        sums = rest;
    }
    Ok(ordered)
}
