//! Crosstabs: a label a row, one or several columns of counts, in one block or several.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::Grid;
use super::columns::{CountColumn, Heading};
use super::numbers::{self, Field};
use super::plan::{self, Name, Plan};
use super::sheet::{Draft, Share};
use crate::error::{Problem, Reason};
use crate::table::{Axis, Cube, Key, Standing};

struct Row {
    record: usize,
    label: String,
}

struct Block {
    name: String,
    rows: Vec<Row>,
    /// Numbers of the heading's columns of counts that have a figure here.
    columns: Vec<usize>,
}

struct Work<'a> {
    grid: &'a Grid,
    heading: &'a Heading,
    plan: &'a Plan,
    draft: Draft,
    blocks: Vec<Block>,
}

pub(super) fn read(grid: &Grid, heading: &Heading, plan: &Plan) -> Draft {
    let mut work = Work { grid, heading, plan, draft: Draft::default(), blocks: Vec::new() };
    work.draft.columns = heading.counts.iter().map(|c| c.name.clone()).collect();
    work.gather();
    work.check_blocks();
    for number in 0..work.blocks.len() {
        work.block(number);
    }
    work.ties();
    work.orders();
    work.parts();
    work.choices();
    work.draft
}

impl Work<'_> {
    fn gather(&mut self) {
        let mut index: BTreeMap<String, usize> = BTreeMap::new();
        for &record in &self.heading.rows {
            let fields = &self.grid.records()[record];
            let mut labels = self.heading.labels.iter().map(|&l| fields.field(l).to_owned());
            let label = labels.next_back().unwrap_or_default();
            let name = labels.collect::<Vec<_>>().join(" › ");
            let number = *index.entry(name.clone()).or_insert_with(|| {
                self.blocks.push(Block { name, rows: Vec::new(), columns: Vec::new() });
                self.blocks.len() - 1
            });
            self.blocks[number].rows.push(Row { record, label });
        }
        for block in &mut self.blocks {
            let has = |c: &CountColumn| {
                block.rows.iter().any(|r| numbers::read(self.grid.records()[r.record].field(c.field)) != Field::Blank)
            };
            block.columns = (0..self.heading.counts.len()).filter(|&c| has(&self.heading.counts[c])).collect();
        }
        if self.blocks.len() > 1 {
            self.draft.blocks = self.blocks.iter().map(|b| b.name.clone()).collect();
        }
    }

    /// A block that the plan names and the file does not have, or that it names twice, would be passed over.
    fn check_blocks(&mut self) {
        let mut seen = BTreeSet::new();
        for said in &self.plan.said.block {
            let name = said.name.as_ref().map_or("", |n| n.get_ref().trim());
            if self.find_block(name).is_none() {
                let reason = Reason::NoBlock { name: name.to_owned() };
                self.draft.problems.push(match &said.name {
                    Some(at) => self.plan.problem(at, reason),
                    None => Problem::Plan { line: None, reason },
                });
            }
            if !seen.insert(name) {
                let place = "plan, [[block]]".to_owned();
                self.draft.problems.push(Problem::DuplicateLabel { place, label: name.to_owned() });
            }
        }
    }

    /// Whether cells are named by row and column, or by row alone.
    fn has_columns(&self) -> bool {
        self.heading.counts.len() > 1 || self.plan.said.columns.is_some()
    }

    fn key(&self, block: &str, row: &str, column: &str) -> Key {
        if self.has_columns() { Key::new(block, [row, column]) } else { Key::new(block, [row]) }
    }

    fn said(&self, block: &str) -> Option<&plan::Block> {
        self.plan.said.block.iter().find(|b| b.name.as_ref().map_or("", |n| n.get_ref().trim()) == block)
    }

    fn block(&mut self, number: usize) {
        let block = &self.blocks[number];
        let said = self.said(&block.name).cloned();
        let labels: Vec<String> = block.rows.iter().map(|r| r.label.clone()).collect();
        let name = block.name.clone();
        let columns: Vec<CountColumn> = block.columns.iter().map(|&c| self.heading.counts[c].clone()).collect();
        let rows_name = self.heading.labels.last().map_or(String::new(), |&l| self.heading.names[l].clone());
        let Some((rows_axis, row_totals)) = self.rows_axis(&name, rows_name, &labels, said.as_ref()) else { return };
        let mut axes = vec![rows_axis];
        let mut column_totals = Vec::new();
        if self.has_columns() {
            let names: Vec<String> = columns.iter().map(|c| c.name.clone()).collect();
            let (axis, totals) = self.columns_axis(&names);
            axes.push(axis);
            column_totals = totals;
        }
        let mut cube = Cube::new(axes).named(name.clone());
        let mut blanks = Vec::new();
        let block = &self.blocks[number];
        for row in &block.rows {
            let record = &self.grid.records()[row.record];
            for column in &columns {
                let key = self.key(&name, &row.label, &column.name);
                match numbers::read(record.field(column.field)) {
                    Field::Figure(figure) if !figure.percent => {
                        self.draft.counts.insert(key.clone(), figure.value);
                        cube = cube.count(key.labels().to_vec(), figure.value);
                        self.draft.place(row.record, column.field, key);
                    }
                    Field::Mark(below) if self.plan.published => {
                        cube = cube.hidden(key.labels().to_vec());
                        self.draft.hide(row.record, column.field, key, below);
                    }
                    Field::Blank
                        if self.plan.published
                            && !row_totals.contains(&row.label)
                            && !column_totals.contains(&column.name) =>
                    {
                        cube = cube.hidden(key.labels().to_vec());
                        self.draft.hide(row.record, column.field, key, None);
                    }
                    Field::Blank if row_totals.contains(&row.label) || column_totals.contains(&column.name) => {
                        blanks.push(key);
                    }
                    Field::Blank => {}
                    _ => {
                        cube = cube.hidden(key.labels().to_vec());
                        self.draft.unread.insert(key.to_string());
                        self.draft.problems.push(Problem::Text {
                            line: record.line,
                            column: Some(column.name.clone()),
                            text: record.field(column.field).to_owned(),
                            reason: Reason::CountExpected,
                        });
                    }
                }
            }
        }
        // Blank totals are not displayed, although anyone can add them up.
        self.draft.builder = blanks
            .into_iter()
            .fold(std::mem::take(&mut self.draft.builder).cube(cube), |builder, key| builder.undisplayed(key));
        for column in &columns {
            self.percentages(number, column, &row_totals, &column_totals, said.as_ref());
            self.rates(number, column, &columns);
        }
    }

    /// Rates of a column: each is the count over that of another column in the same row.
    fn rates(&mut self, number: usize, column: &CountColumn, columns: &[CountColumn]) {
        let block = &self.blocks[number];
        let mut problems = Vec::new();
        for (field, per, base) in &column.rates {
            if !columns.iter().any(|c| c.name == *base) {
                continue;
            }
            for row in &block.rows {
                let record = &self.grid.records()[row.record];
                match numbers::read(record.field(*field)) {
                    Field::Figure(figure) => {
                        let (cell, base) =
                            (self.key(&block.name, &row.label, &column.name), self.key(&block.name, &row.label, base));
                        self.draft.rate(row.record, *field, (cell, base), *per, figure.value);
                    }
                    Field::Blank => {}
                    Field::Mark(_) if self.plan.published => {}
                    _ => problems.push(Problem::Text {
                        line: record.line,
                        column: Some(self.heading.names[*field].clone()),
                        text: record.field(*field).to_owned(),
                        reason: Reason::PercentageExpected,
                    }),
                }
            }
        }
        self.draft.problems.extend(problems);
    }

    fn rows_axis(
        &mut self,
        block: &str,
        name: String,
        labels: &[String],
        said: Option<&plan::Block>,
    ) -> Option<(Axis, Vec<String>)> {
        let axis = Axis::flat(name, labels.to_vec());
        if let Some(said) = said.filter(|s| !s.sums.is_empty()) {
            let mut totals = Vec::new();
            let mut sums = Vec::new();
            for sum in &said.sums {
                for label in std::iter::once(sum.total.get_ref()).chain(&sum.parts) {
                    if !labels.contains(label) {
                        let problem = self
                            .plan
                            .problem(&sum.total, Reason::NoRow { row: label.clone(), block: block.to_owned() });
                        self.draft.problems.push(problem);
                    }
                }
                totals.push(sum.total.get_ref().clone());
                sums.push((sum.total.get_ref().clone(), sum.parts.clone()));
            }
            self.draft.totals.extend(totals.iter().cloned());
            return Some((axis.hierarchy_of(sums), totals));
        }
        if said.is_some_and(|s| s.no_total) {
            return Some((axis, Vec::new()));
        }
        let totals: Vec<String> = labels.iter().filter(|l| self.plan.is_total(l)).cloned().collect();
        match totals.as_slice() {
            [] => Some((axis, totals)),
            [total] => {
                self.draft.totals.push(total.clone());
                let parts = labels.iter().filter(|l| *l != total).cloned().collect();
                Some((axis.hierarchy_of([(total.clone(), parts)]), totals))
            }
            several => {
                let reason = Reason::SeveralTotals { block: block.to_owned(), totals: several.join(", ") };
                self.draft.problems.push(Problem::File { reason });
                None
            }
        }
    }

    fn columns_axis(&mut self, names: &[String]) -> (Axis, Vec<String>) {
        let said = self.plan.said.columns.clone();
        let axis = Axis::flat(said.as_ref().map_or("", |s| s.name.as_str()), names.to_vec());
        let Some(said) = said else {
            let totals: Vec<String> = names.iter().filter(|n| self.plan.is_total(n)).cloned().collect();
            return match totals.as_slice() {
                [total] if names.len() > 2 => {
                    self.draft.columns_tied = true;
                    if !self.draft.totals.contains(total) {
                        self.draft.totals.push(total.clone());
                    }
                    let parts = names.iter().filter(|n| *n != total).cloned().collect();
                    (axis.hierarchy_of([(total.clone(), parts)]), totals)
                }
                _ => (axis, Vec::new()),
            };
        };
        self.draft.columns_tied |= !said.sums.is_empty();
        let all: Vec<&String> = self.heading.counts.iter().map(|c| &c.name).collect();
        let mut sums = Vec::new();
        let mut totals = Vec::new();
        let mut undisplayed: Vec<String> = Vec::new();
        for sum in &said.sums {
            let named = || std::iter::once(sum.total.get_ref()).chain(&sum.parts);
            for label in named().filter(|l| !all.contains(l) && !said.undisplayed.contains(l)) {
                let reason = Reason::NotUndisplayed { label: label.clone() };
                let problem = self.plan.problem(&sum.total, reason);
                if !self.draft.problems.contains(&problem) {
                    self.draft.problems.push(problem);
                }
            }
            // A block without one of the columns has no such sum.
            if named().all(|l| names.contains(l) || said.undisplayed.contains(l)) {
                undisplayed.extend(named().filter(|l| said.undisplayed.contains(l)).cloned());
                totals.push(sum.total.get_ref().clone());
                sums.push((sum.total.get_ref().clone(), sum.parts.clone()));
            }
        }
        let axis = if sums.is_empty() { axis } else { axis.hierarchy_of(sums) };
        undisplayed.sort_unstable();
        undisplayed.dedup();
        (undisplayed.into_iter().fold(axis, Axis::undisplayed), totals)
    }

    fn percentages(
        &mut self,
        number: usize,
        column: &CountColumn,
        row_totals: &[String],
        column_totals: &[String],
        said: Option<&plan::Block>,
    ) {
        let Some(field) = column.percent else { return };
        let block = &self.blocks[number];
        let mut bases: BTreeMap<&str, &Name> = BTreeMap::new();
        for base in said.into_iter().flat_map(|s| &s.bases) {
            for row in base.rows.iter().chain([&base.base]) {
                if !block.rows.iter().any(|r| r.label == *row.get_ref()) {
                    let reason = Reason::NoRow { row: row.get_ref().clone(), block: block.name.clone() };
                    self.draft.problems.push(self.plan.problem(row, reason));
                }
            }
            bases.extend(base.rows.iter().map(|r| (r.get_ref().as_str(), &base.base)));
        }
        let mut shares = Vec::new();
        let mut alone = Vec::new();
        for row in &block.rows {
            let record = &self.grid.records()[row.record];
            let given: Decimal = match numbers::read(record.field(field)) {
                Field::Blank => continue,
                Field::Figure(figure) => figure.value,
                Field::Mark(_) if self.plan.published => continue,
                Field::Text | Field::Mark(_) => {
                    alone.push((record.line, record.field(field).to_owned(), Reason::PercentageExpected));
                    continue;
                }
            };
            let cell = self.key(&block.name, &row.label, &column.name);
            let candidates: Vec<Key> = match bases.get(row.label.as_str()) {
                Some(base) => vec![self.key(&block.name, base.get_ref(), &column.name)],
                None => {
                    let down = row_totals.iter().rev().map(|t| self.key(&block.name, t, &column.name));
                    let across = column_totals.iter().rev().map(|t| self.key(&block.name, &row.label, t));
                    let both = row_totals.iter().rev().flat_map(|r| column_totals.iter().rev().map(move |c| (r, c)));
                    let both = both.map(|(r, c)| self.key(&block.name, r, c));
                    down.chain(across).chain(both).collect()
                }
            };
            let known = self.draft.counts.contains_key(&cell) || self.draft.hidden.contains_key(&cell);
            if candidates.is_empty() || !known {
                let reason =
                    if candidates.is_empty() { Reason::PercentageWithoutBase } else { Reason::PercentageWithoutCount };
                alone.push((record.line, record.field(field).to_owned(), reason));
                continue;
            }
            shares.push(Share { record: row.record, field, cell, bases: candidates, given });
        }
        let heading = self.heading.names[field].clone();
        for (line, text, reason) in alone {
            let column = Some(heading.clone());
            self.draft.problems.push(Problem::Text { line, column, text, reason });
        }
        self.draft.tie(shares);
    }

    fn columns_of(&self, block: &Block) -> Vec<String> {
        block.columns.iter().map(|&c| self.heading.counts[c].name.clone()).collect()
    }

    fn find_block(&self, name: &str) -> Option<&Block> {
        self.blocks.iter().find(|b| b.name == name.trim())
    }

    fn ties(&mut self) {
        let mut pairs = Vec::new();
        let mut problems = Vec::new();
        for same in &self.plan.said.same {
            let mut found = Vec::new();
            for (name, row) in &same.cells {
                match self.find_block(name.get_ref()).filter(|b| b.rows.iter().any(|r| r.label == *row)) {
                    Some(block) => found.push((block, row)),
                    None => problems.push(
                        self.plan.problem(name, Reason::NoRow { row: row.clone(), block: name.get_ref().clone() }),
                    ),
                }
            }
            for pair in found.windows(2) {
                let ((first, a), (second, b)) = (pair[0], pair[1]);
                let columns = self.columns_of(second);
                for column in self.columns_of(first).into_iter().filter(|c| columns.contains(c)) {
                    pairs.push((self.key(&first.name, a, &column), self.key(&second.name, b, &column)));
                }
            }
        }
        self.draft.problems.extend(problems);
        self.draft.builder =
            pairs.into_iter().fold(std::mem::take(&mut self.draft.builder), |builder, (a, b)| builder.same(a, b));
    }

    /// Rows in the order of a column's counts.
    fn orders(&mut self) {
        let mut builder = std::mem::take(&mut self.draft.builder);
        let mut problems = Vec::new();
        for sorted in &self.plan.said.sorted {
            let column = sorted.column.get_ref().trim();
            if !self.heading.counts.iter().any(|c| c.name == column) {
                let (name, columns) = (column.to_owned(), self.draft.columns.join(", "));
                problems.push(self.plan.problem(&sorted.column, Reason::NoColumn { name, columns }));
            }
            let mut found = BTreeSet::new();
            for block in self.blocks.iter().filter(|b| self.is_chosen(sorted.block.as_ref(), b)) {
                let said = |label: &String| sorted.rows.iter().any(|r| r.get_ref().trim() == label);
                let rows = block.rows.iter().filter(|r| {
                    if sorted.rows.is_empty() { !self.draft.totals.contains(&r.label) } else { said(&r.label) }
                });
                let rows: Vec<&String> = rows.map(|r| &r.label).collect();
                found.extend(rows.iter().copied().cloned());
                if self.columns_of(block).iter().any(|c| c == column) {
                    builder = builder.sorted(rows.into_iter().map(|r| self.key(&block.name, r, column)), sorted.order);
                }
            }
            for row in sorted.rows.iter().filter(|r| !found.contains(r.get_ref().trim())) {
                let reason = Reason::NoRow { row: row.get_ref().clone(), block: String::new() };
                problems.push(self.plan.problem(row, reason));
            }
            problems.extend(self.unknown_block(sorted.block.as_ref()));
        }
        self.draft.builder = builder;
        self.draft.problems.extend(problems);
    }

    fn is_chosen(&self, name: Option<&Name>, block: &Block) -> bool {
        name.is_none_or(|n| n.get_ref().trim() == block.name)
    }

    fn unknown_block(&self, name: Option<&Name>) -> Option<Problem> {
        let name = name.filter(|n| self.find_block(n.get_ref()).is_none())?;
        Some(self.plan.problem(name, Reason::NoBlock { name: name.get_ref().clone() }))
    }

    /// Rows that are a part of another row.
    fn parts(&mut self) {
        let mut builder = std::mem::take(&mut self.draft.builder);
        let mut problems = Vec::new();
        for part in &self.plan.said.part {
            let mut found = [false, false];
            for block in self.blocks.iter().filter(|b| self.is_chosen(part.block.as_ref(), b)) {
                let has = |name: &Name| block.rows.iter().any(|r| r.label == name.get_ref().trim());
                let both = [has(&part.part), has(&part.whole)];
                found = [found[0] | both[0], found[1] | both[1]];
                if both == [true, true] {
                    for column in self.columns_of(block) {
                        let key = |name: &Name| self.key(&block.name, name.get_ref().trim(), &column);
                        builder = builder.part_of(key(&part.part), key(&part.whole));
                    }
                }
            }
            for (name, _) in [&part.part, &part.whole].into_iter().zip(found).filter(|f| !f.1) {
                let reason = Reason::NoRow { row: name.get_ref().clone(), block: String::new() };
                problems.push(self.plan.problem(name, reason));
            }
            problems.extend(self.unknown_block(part.block.as_ref()));
        }
        self.draft.builder = builder;
        self.draft.problems.extend(problems);
    }

    /// Structural zeros, cells that must be shown, cells that must be hidden.
    fn choices(&mut self) {
        let said = self.plan.said.clone();
        let mut builder = std::mem::take(&mut self.draft.builder);
        for key in said.structural_zero.iter().flat_map(|c| self.selected(c)).collect::<Vec<_>>() {
            builder = builder.structural_zero(key);
        }
        for (chosen, standing) in [(&said.must_show, Standing::Shown), (&said.must_hide, Standing::Hidden)] {
            for key in chosen.iter().flat_map(|c| self.selected(c)).collect::<Vec<_>>() {
                builder = builder.standing(key, standing);
            }
        }
        self.draft.builder = builder;
    }

    fn selected(&mut self, chosen: &plan::Chosen) -> Vec<Key> {
        let mut keys = Vec::new();
        let mut problems = Vec::new();
        if let Some(name) = &chosen.block
            && self.find_block(name.get_ref()).is_none()
        {
            problems.push(self.plan.problem(name, Reason::NoBlock { name: name.get_ref().clone() }));
        }
        let mut used = vec![false; chosen.rows.len()];
        for block in &self.blocks {
            if chosen.block.as_ref().is_some_and(|n| n.get_ref().trim() != block.name) {
                continue;
            }
            let mut columns = self.columns_of(block);
            if let Some(said) = &self.plan.said.columns {
                columns.extend(said.undisplayed.iter().cloned());
            }
            for row in &block.rows {
                let at = chosen.rows.iter().position(|r| r.get_ref().trim() == row.label);
                if let Some(at) = at {
                    used[at] = true;
                } else if !chosen.rows.is_empty() {
                    continue;
                }
                for column in &columns {
                    if chosen.columns.is_empty() || chosen.columns.iter().any(|c| c.get_ref() == column) {
                        keys.push(self.key(&block.name, &row.label, column));
                    }
                }
            }
        }
        for (name, _) in chosen.rows.iter().zip(&used).filter(|u| !*u.1) {
            problems.push(self.plan.problem(name, Reason::NoRow { row: name.get_ref().clone(), block: String::new() }));
        }
        for name in &chosen.columns {
            let known = self.heading.counts.iter().any(|c| c.name == *name.get_ref())
                || self.plan.said.columns.as_ref().is_some_and(|c| c.undisplayed.contains(name.get_ref()));
            if !known {
                problems.push(self.plan.problem(
                    name,
                    Reason::NoColumn { name: name.get_ref().clone(), columns: self.draft.columns.join(", ") },
                ));
            }
        }
        self.draft.problems.extend(problems);
        keys
    }
}
