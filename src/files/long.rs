//! Long files: one cell a line, a column of labels an axis or a level of one, and one column of counts.

use std::collections::{BTreeMap, BTreeSet};

use super::Grid;
use super::columns::Heading;
use super::numbers::{self, Field};
use super::plan::{Plan, PlanAxis};
use super::sheet::{Draft, Share};
use crate::error::{Problem, Reason};
use crate::table::{Axis, Cube, Key, Missing, Standing};

/// One axis: the fields that hold its levels, and the label of each path of levels.
struct Levels<'a> {
    name: String,
    fields: Vec<usize>,
    said: Option<&'a PlanAxis>,
    total: Option<String>,
    /// By path (top first, without trailing totals), its label.
    labels: BTreeMap<Vec<String>, String>,
    order: Vec<Vec<String>>,
}

pub(super) fn read(grid: &Grid, heading: &Heading, plan: &Plan) -> Draft {
    let mut draft = Draft::default();
    let mut axes = levels(heading, plan);
    for axis in &mut axes {
        axis.collect(grid, heading, plan);
        draft.totals.extend(axis.total.clone());
    }
    let column = &heading.counts[0];
    draft.columns.push(column.name.clone());
    let mut cube = Cube::new(axes.iter().map(Levels::axis)).missing(Missing::Absent);
    let mut listed = BTreeSet::new();
    let mut shares = Vec::new();
    for &record in &heading.rows {
        let fields = &grid.records()[record];
        let labels: Vec<String> = axes.iter().map(|a| a.label(&a.path(grid, record, plan))).collect();
        let key = Key::new("", labels.clone());
        let mut reject = |text: &str, reason: Reason| {
            draft.problems.push(Problem::Text {
                line: fields.line,
                column: Some(column.name.clone()),
                text: text.to_owned(),
                reason,
            });
        };
        match numbers::read(fields.field(column.field)) {
            Field::Figure(figure) if !figure.percent => {
                cube = cube.count(labels.clone(), figure.value);
                listed.insert(labels.clone());
                draft.counts.insert(key.clone(), figure.value);
                draft.place(record, column.field, key.clone());
            }
            Field::Blank | Field::Mark(_) if plan.published => {
                let below =
                    if let Field::Mark(below) = numbers::read(fields.field(column.field)) { below } else { None };
                cube = cube.hidden(labels.clone());
                listed.insert(labels.clone());
                draft.hide(record, column.field, key.clone(), below);
            }
            unread => {
                match unread {
                    Field::Blank => reject("", Reason::NoCount),
                    _ => reject(fields.field(column.field), Reason::CountExpected),
                }
                cube = cube.hidden(labels.clone());
                listed.insert(labels.clone());
                draft.unread.insert(key.to_string());
            }
        }
        let Some(field) = column.percent else { continue };
        match numbers::read(fields.field(field)) {
            Field::Blank => {}
            Field::Figure(figure) => {
                shares.push(Share { record, field, cell: key, bases: bases(&axes, &labels), given: figure.value });
            }
            Field::Mark(_) if plan.published => {}
            Field::Text | Field::Mark(_) => draft.problems.push(Problem::Text {
                line: fields.line,
                column: Some(heading.names[field].clone()),
                text: fields.field(field).to_owned(),
                reason: Reason::PercentageExpected,
            }),
        }
    }
    let known = axes.iter().any(|a| a.said.is_some_and(|s| s.known_totals));
    let hidden_totals = unlisted(&axes, &listed);
    draft.builder = std::mem::take(&mut draft.builder).cube(cube);
    for labels in hidden_totals {
        let key = Key::new("", labels);
        let builder = std::mem::take(&mut draft.builder);
        draft.builder = if known { builder.standing(key, Standing::Shown) } else { builder.undisplayed(key) };
    }
    choices(&mut draft, plan);
    draft.tie(shares);
    draft
}

fn levels<'a>(heading: &Heading, plan: &'a Plan) -> Vec<Levels<'a>> {
    let of = |said: Option<&'a PlanAxis>, fields: Vec<usize>| Levels {
        name: fields.last().map_or(String::new(), |&f| heading.names[f].clone()),
        fields,
        said,
        total: said.and_then(|s| s.total.clone()),
        labels: BTreeMap::new(),
        order: Vec::new(),
    };
    if plan.said.axis.is_empty() {
        return heading.labels.iter().map(|&l| of(None, vec![l])).collect();
    }
    let mut next = heading.labels.iter().copied();
    plan.said.axis.iter().map(|a| of(Some(a), next.by_ref().take(a.columns.len()).collect())).collect()
}

impl Levels<'_> {
    /// The levels that a line names, top first; a blank or a total ends them.
    fn path(&self, grid: &Grid, record: usize, plan: &Plan) -> Vec<String> {
        let fields = self.fields.iter().map(|&f| grid.records()[record].field(f).to_owned());
        let total = |label: &String| self.total.as_ref() == Some(label) || plan.is_total(label);
        let mut path: Vec<String> = fields.collect();
        while path.last().is_some_and(|l| l.is_empty() || total(l)) {
            path.pop();
        }
        path
    }

    fn collect(&mut self, grid: &Grid, heading: &Heading, plan: &Plan) {
        let mut total = None;
        let mut paths = BTreeSet::new();
        for &record in &heading.rows {
            let path = self.path(grid, record, plan);
            if path.is_empty() {
                let field = self.fields.iter().map(|&f| grid.records()[record].field(f)).find(|f| !f.is_empty());
                total = total.or(field.map(str::to_owned));
            }
            for depth in 1..=path.len() {
                if paths.insert(path[..depth].to_vec()) {
                    self.order.push(path[..depth].to_vec());
                }
            }
        }
        self.total = self.total.take().or(total);
        let mut times: BTreeMap<&str, usize> = BTreeMap::new();
        for path in &self.order {
            *times.entry(path[path.len() - 1].as_str()).or_insert(0) += 1;
        }
        for path in &self.order {
            let last = &path[path.len() - 1];
            // A label that stands at several places is told by its whole path.
            let unique = times[last.as_str()] == 1 && self.total.as_ref() != Some(last);
            self.labels.insert(path.clone(), if unique { last.clone() } else { path.join(" › ") });
        }
    }

    fn label(&self, path: &[String]) -> String {
        match self.labels.get(path) {
            Some(label) => label.clone(),
            None => self.total.clone().unwrap_or_default(),
        }
    }

    fn axis(&self) -> Axis {
        let leaves: Vec<String> = self.order.iter().map(|p| self.labels[p].clone()).collect();
        let mut children: BTreeMap<&[String], Vec<String>> = BTreeMap::new();
        for path in &self.order {
            children.entry(&path[..path.len() - 1]).or_default().push(self.labels[path].clone());
        }
        let sums: Vec<(String, Vec<String>)> = children
            .into_iter()
            .filter_map(|(path, parts)| match self.labels.get(path) {
                Some(label) => Some((label.clone(), parts)),
                None => self.total.clone().map(|t| (t, parts)),
            })
            .collect();
        let axis = Axis::flat(self.name.clone(), leaves);
        let axis = if sums.is_empty() { axis } else { axis.hierarchy_of(sums) };
        let Some(said) = self.said else { return axis };
        let more: Vec<_> = said.sums.iter().map(|s| (s.total.get_ref().clone(), s.parts.clone())).collect();
        let axis = if more.is_empty() { axis } else { axis.hierarchy_of(more) };
        said.undisplayed.iter().fold(axis, |axis, label| axis.undisplayed(label.clone()))
    }

    /// The label of the sum that a label is part of, or the total's.
    fn above(&self) -> BTreeMap<String, String> {
        let mut above = BTreeMap::new();
        for path in &self.order {
            let parent = self.labels.get(&path[..path.len() - 1]).cloned().or_else(|| self.total.clone());
            if let Some(parent) = parent {
                above.insert(self.labels[path].clone(), parent);
            }
        }
        above
    }
}

/// What a percentage may be of: all, then all along one axis after the other.
fn bases(axes: &[Levels<'_>], labels: &[String]) -> Vec<Key> {
    let with = |which: &dyn Fn(usize) -> bool| {
        let parts = axes.iter().zip(labels).enumerate();
        let parts: Vec<String> =
            parts.map(|(i, (a, l))| if which(i) { a.total.clone().unwrap_or(l.clone()) } else { l.clone() }).collect();
        Key::new("", parts)
    };
    let mut keys = vec![with(&|_| true)];
    keys.extend((0..axes.len()).map(|axis| with(&|i| i == axis)));
    keys
}

/// Totals that anyone can add up from the lines, but that no line shows.
fn unlisted(axes: &[Levels<'_>], listed: &BTreeSet<Vec<String>>) -> BTreeSet<Vec<String>> {
    let above: Vec<BTreeMap<String, String>> = axes.iter().map(Levels::above).collect();
    let mut all = listed.clone();
    let mut open: Vec<Vec<String>> = listed.iter().cloned().collect();
    while let Some(labels) = open.pop() {
        for axis in 0..axes.len() {
            if let Some(parent) = above[axis].get(&labels[axis]) {
                let mut up = labels.clone();
                up[axis].clone_from(parent);
                if all.insert(up.clone()) {
                    open.push(up);
                }
            }
        }
    }
    all.difference(listed).cloned().collect()
}

fn choices(draft: &mut Draft, plan: &Plan) {
    let mut builder = std::mem::take(&mut draft.builder);
    for chosen in &plan.said.structural_zero {
        builder = builder.structural_zero(Key::new("", chosen.labels.clone()));
    }
    for (chosen, standing) in [(&plan.said.must_show, Standing::Shown), (&plan.said.must_hide, Standing::Hidden)] {
        for one in chosen {
            builder = builder.standing(Key::new("", one.labels.clone()), standing);
        }
    }
    draft.builder = builder;
}
