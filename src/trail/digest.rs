//! SHA-256 of what was decided upon. Every text and list goes in with its length first, so no two inputs read alike.

use sha2::{Digest, Sha256};

use crate::policy::{Cost, Percentages, Policy, Protection, Zeros};
use crate::table::{Origin, Standing, Table};

struct Feed(Sha256);

impl Feed {
    fn new(what: &str) -> Self {
        let mut feed = Feed(Sha256::new());
        feed.text(what);
        feed
    }

    fn text(&mut self, text: &str) {
        self.size(text.len());
        self.0.update(text.as_bytes());
    }

    fn size(&mut self, size: usize) {
        self.0.update((size as u64).to_le_bytes());
    }

    fn number(&mut self, number: i64) {
        self.0.update(number.to_le_bytes());
    }

    fn end(self) -> String {
        use std::fmt::Write as _;
        self.0.finalize().iter().fold(String::new(), |mut hex, byte| {
            // Writing to a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}

pub(super) fn of_table(table: &Table) -> String {
    let mut feed = Feed::new("caviardage-table/2");
    feed.size(table.decimals as usize);
    feed.size(table.blocks.len());
    for block in &table.blocks {
        feed.text(&block.name);
        feed.size(block.axes.len());
        for axis in &block.axes {
            feed.text(&axis.name);
            feed.size(axis.labels.len());
            axis.labels.iter().for_each(|l| feed.text(l));
        }
        feed.size(block.cells.len());
        for &(position, cell) in &block.cells {
            feed.size(position);
            feed.size(cell);
        }
    }
    feed.size(table.cells.len());
    for cell in &table.cells {
        feed.number(cell.count);
        let standing = match cell.standing {
            Standing::Open => 0,
            Standing::Shown => 1,
            Standing::Hidden => 2,
            Standing::Primary => 3,
        };
        feed.number(standing);
        feed.number(i64::from(cell.displayed));
        feed.number(i64::from(cell.structural));
        for end in [cell.known.0, cell.known.1] {
            feed.number(i64::from(end.is_some()));
            feed.number(end.unwrap_or(0));
        }
    }
    feed.size(table.relations.len());
    for row in 0..table.relations.len() {
        feed.number(table.relations.constants[row]);
        if let Origin::Stated(name) = &table.relations.origins[row] {
            feed.text(name);
        }
        let terms = table.relations.row(row);
        feed.size(terms.len());
        for &(cell, coefficient) in terms {
            feed.size(cell);
            feed.number(coefficient);
        }
    }
    feed.size(table.percentages.len());
    for p in &table.percentages {
        feed.size(p.cell.index());
        feed.size(p.base.index());
        feed.size(p.per as usize);
        feed.text(&p.value.to_string());
    }
    feed.size(table.facts.len());
    for fact in &table.facts {
        feed.text(&fact.name);
        for end in [fact.low, fact.high] {
            feed.number(i64::from(end.is_some()));
            feed.number(end.unwrap_or(0));
        }
        feed.size(fact.terms.len());
        for &(cell, coefficient) in &fact.terms {
            feed.size(cell);
            feed.number(coefficient);
        }
    }
    feed.end()
}

pub(super) fn of_policy(policy: &Policy) -> String {
    let mut feed = Feed::new("caviardage-policy/2");
    feed.text(&policy.name);
    feed.number(policy.threshold);
    feed.number(i64::from(policy.zeros == Zeros::Publish));
    match &policy.protection {
        Protection::Threshold => feed.number(0),
        Protection::Exact => feed.number(1),
        Protection::Interval(all, some) => {
            feed.number(2);
            feed.size(some.len());
            for (cell, level) in some.iter().map(|(c, l)| (*c, l)).chain([(usize::MAX, all)]) {
                feed.size(cell);
                [level.lower, level.upper, level.sliding].into_iter().for_each(|v| feed.number(v));
            }
        }
    }
    match &policy.cost {
        Cost::Count => feed.number(0),
        Cost::Cells => feed.number(1),
        Cost::Log => feed.number(2),
        Cost::Weights(weights) => {
            feed.number(3);
            feed.size(weights.len());
            weights.iter().for_each(|w| feed.0.update(w.to_le_bytes()));
        }
    }
    feed.text(&policy.symbol);
    feed.number(match policy.percentages {
        Percentages::Follow => 0,
        Percentages::Keep => 1,
        Percentages::Round => 2,
    });
    feed.end()
}
