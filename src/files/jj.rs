//! JJ files: cell suppression problems of the literature, and patterns for them.
//!
//! Line `0`; the number of cells; one line a cell, `index value weight status lb ub lpl upl spl`; the number of relations;
//! one line a relation, `rhs k : index (coefficient) …`. Status: `s` may be hidden, `u` primary, `z` must be shown, `m` or
//! `x` hidden already. `lb` and `ub` are what the reader knows; `lpl`, `upl`, `spl` are distances, for `u` only.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::error::{Error, Problem, Reason};
use crate::pattern::Pattern;
use crate::policy::{Cost, Interval, Policy};
use crate::table::{CellId, Standing, Table};

/// Bounds from here on are taken for "none".
const ENDLESS: i64 = 1_000_000_000_000_000;

/// A JJ problem: its table, and the policy that its levels and weights make.
#[derive(Debug, Clone, PartialEq)]
pub struct Problems {
    /// Cells named by their index, tied by the file's relations.
    pub table: Table,
    /// Levels and weights of the file. Weights with decimals are multiplied by [`weight_unit`](Self::weight_unit).
    pub policy: Policy,
    /// What weights were multiplied by to become whole.
    pub weight_unit: u64,
}

struct Line {
    index: usize,
    value: Decimal,
    weight: Decimal,
    status: char,
    bounds: [Option<Decimal>; 2],
    levels: [Decimal; 3],
}

struct Reader<'a> {
    lines: std::iter::Peekable<Box<dyn Iterator<Item = (u64, &'a str)> + 'a>>,
    problems: Vec<Problem>,
    last: u64,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        let lines = text.lines().zip(1..).map(|(l, n)| (n, l.trim())).filter(|l| !l.1.is_empty());
        let lines: Box<dyn Iterator<Item = (u64, &'a str)> + 'a> = Box::new(lines);
        Reader { lines: lines.peekable(), problems: Vec::new(), last: 0 }
    }

    fn next(&mut self, what: &str) -> Option<(u64, &'a str)> {
        let line = self.lines.next();
        match line {
            Some((number, _)) => self.last = number,
            None => self.problems.push(Problem::Text {
                line: self.last + 1,
                column: None,
                text: String::new(),
                reason: format!("the file ends where {what} should stand").into(),
            }),
        }
        line
    }

    fn reject(&mut self, line: u64, text: &str, reason: impl Into<Reason>) {
        self.problems.push(Problem::Text { line, column: None, text: text.to_owned(), reason: reason.into() });
    }

    fn number(&mut self, what: &str) -> Option<usize> {
        let (line, text) = self.next(what)?;
        let number = text.parse().ok();
        if number.is_none() {
            self.reject(line, text, format!("{what} expected"));
        }
        number
    }
}

fn decimal(text: &str) -> Option<Decimal> {
    text.parse().ok().or_else(|| Decimal::from_scientific(text).ok()).map(|d| d.normalize())
}

/// A bound; one that is far beyond any count is none.
fn bound(text: &str) -> Option<Option<Decimal>> {
    match decimal(text) {
        Some(d) if d.abs() < Decimal::from(ENDLESS) => Some(Some(d)),
        Some(_) => Some(None),
        None => text.parse::<f64>().ok().filter(|f| f.abs() >= 1e15).map(|_| None),
    }
}

fn cell_line(text: &str) -> Result<Line, &'static str> {
    let fields: Vec<&str> = text.split_whitespace().collect();
    let [index, value, weight, status, lb, ub, lpl, upl, spl] = fields.as_slice() else {
        return Err("nine fields expected: index value weight status lb ub lpl upl spl");
    };
    let number = |text: &str| decimal(text).ok_or("not a number");
    let status = match *status {
        "s" => 's',
        "u" => 'u',
        "z" => 'z',
        "m" | "x" => 'x',
        _ => return Err("status is none of s u z m x"),
    };
    Ok(Line {
        index: index.parse().map_err(|_| "not an index")?,
        value: number(value)?,
        weight: number(weight)?,
        status,
        bounds: [bound(lb).ok_or("not a bound")?, bound(ub).ok_or("not a bound")?],
        levels: [number(lpl)?, number(upl)?, number(spl)?],
    })
}

type Row = (Decimal, Vec<(usize, i64)>);

fn relation_line(text: &str, cells: usize) -> Result<Row, String> {
    let (head, tail) = text.split_once(':').ok_or("a colon expected")?;
    let head: Vec<&str> = head.split_whitespace().collect();
    let [right, length] = head.as_slice() else { return Err("right side and length expected before the colon".into()) };
    let right = decimal(right).ok_or("the right side is not a number")?;
    let length: usize = length.parse().map_err(|_| "the length is not a number")?;
    let tail = tail.replace(['(', ')'], " ");
    let fields: Vec<&str> = tail.split_whitespace().collect();
    // The length is only announced: memory follows what stands there.
    let mut terms = Vec::with_capacity(fields.len() / 2);
    for pair in fields.chunks(2) {
        let [cell, coefficient] = pair else { return Err("a cell without its coefficient".into()) };
        let cell: usize = cell.parse().map_err(|_| format!("`{cell}` is not an index"))?;
        let coefficient = decimal(coefficient).filter(Decimal::is_integer).and_then(|d| d.to_i64());
        let coefficient = coefficient.ok_or("a coefficient that is not a whole number")?;
        if cell >= cells {
            return Err(format!("cell {cell} of {cells}"));
        }
        terms.push((cell, coefficient));
    }
    if terms.len() == length { Ok((right, terms)) } else { Err(format!("{} cells, {length} announced", terms.len())) }
}

/// Reads a JJ problem.
///
/// # Errors
/// Every line that cannot be read, or everything wrong with the table it makes.
pub fn read(text: &str) -> Result<Problems, Error> {
    let mut reader = Reader::new(text);
    if let Some((line, head)) = reader.next("the line `0`")
        && head != "0"
    {
        reader.reject(line, head, "a JJ file starts with a line `0`");
    }
    let cells = reader.number("the number of cells").unwrap_or(0);
    let mut lines: Vec<Line> = Vec::new();
    for expected in 0..cells {
        let Some((number, text)) = reader.next("a cell") else { break };
        match cell_line(text) {
            Ok(line) if line.index == expected => lines.push(line),
            Ok(line) => reader.reject(number, text, format!("cell {} where {expected} should stand", line.index)),
            Err(reason) => reader.reject(number, text, reason),
        }
    }
    let mut rows: Vec<Row> = Vec::new();
    for _ in 0..reader.number("the number of relations").unwrap_or(0) {
        let Some((number, text)) = reader.next("a relation") else { break };
        match relation_line(text, cells) {
            Ok(row) => rows.push(row),
            Err(reason) => reader.reject(number, text, reason),
        }
    }
    if let Some(&(line, text)) = reader.lines.peek() {
        reader.reject(line, text, "text after the last relation");
    }
    if !reader.problems.is_empty() {
        return Err(Error::input(reader.problems));
    }
    assemble(&lines, rows)
}

fn assemble(lines: &[Line], rows: Vec<Row>) -> Result<Problems, Error> {
    let figures = |l: &Line| {
        let ends = l.bounds.iter().flatten().map(Decimal::scale).max().unwrap_or(0);
        l.levels.iter().map(Decimal::scale).max().unwrap_or(0).max(l.value.scale()).max(ends)
    };
    let decimals = lines.iter().map(figures).max().unwrap_or(0);
    let fine = lines.iter().map(|l| l.weight.scale()).max().unwrap_or(0);
    if decimals > 6 || fine > 6 {
        let reason = format!("figures with {} decimals; at most 6 are carried", decimals.max(fine)).into();
        return Err(Error::input(vec![Problem::File { reason }]));
    }
    let scaled = |d: Decimal, by: u32| (d * Decimal::from(10_i64.pow(by))).to_i64();
    let mut builder = Table::builder().decimals(decimals);
    let mut levels = BTreeMap::new();
    let mut weights = Vec::with_capacity(lines.len());
    let mut problems = Vec::new();
    for line in lines {
        let name = line.index.to_string();
        builder = builder.cell(name.clone(), line.value);
        let standing = match line.status {
            'u' => Standing::Primary,
            'z' => Standing::Shown,
            'x' => Standing::Hidden,
            _ => Standing::Open,
        };
        builder = builder.standing(name.as_str(), standing);
        if line.status != 'z' {
            builder = builder.known(name.as_str(), line.bounds[0], line.bounds[1]);
        }
        match scaled(line.weight, fine).and_then(|w| u64::try_from(w).ok()) {
            Some(weight) => weights.push(weight),
            None => problems.push(Problem::Negative { cell: name.clone(), count: line.weight }),
        }
        if line.status == 'u' {
            let [lower, upper, sliding] = line.levels.map(|l| scaled(l, decimals).unwrap_or(i64::MAX));
            levels.insert(CellId(line.index), Interval { lower, upper, sliding });
        }
    }
    if !problems.is_empty() {
        return Err(Error::input(problems));
    }
    for (number, (right, terms)) in rows.into_iter().enumerate() {
        let terms = terms.into_iter().map(|(cell, k)| (k, crate::table::Key::new("", [cell.to_string()])));
        builder = builder.relation(format!("relation {number}"), terms, right);
    }
    let policy = Policy::declared(levels).cost(Cost::Weights(weights));
    Ok(Problems { table: builder.build()?, policy, weight_unit: 10_u64.pow(fine) })
}

/// Writes a pattern, one line a cell: `cell,status` with `u` primary, `x` complementary, `s` shown, `z` forced shown.
pub fn write_pattern(table: &Table, hidden: impl Fn(CellId) -> bool) -> String {
    let mut text = String::from("cell,status\n");
    for cell in table.cells() {
        let status = match (table.standing(cell), hidden(cell)) {
            (Standing::Primary, _) => 'u',
            (_, true) => 'x',
            (Standing::Shown, false) => 'z',
            (_, false) => 's',
        };
        text.push_str(&format!("{},{status}\n", cell.index()));
    }
    text
}

/// Reads a pattern: `cell,status` a line after a heading, `u` and `x` (or `m`) hidden, `s` and `z` shown. Cells that the
/// file does not name are shown.
///
/// # Errors
/// Every line that cannot be read.
pub fn read_pattern(text: &str, table: &Table) -> Result<Pattern, Error> {
    let mut problems = Vec::new();
    let mut hidden = Vec::new();
    let mut seen = vec![false; table.len()];
    for (line, number) in text.trim_start_matches('\u{feff}').lines().zip(1_u64..) {
        let line = line.trim();
        if line.is_empty() || (number == 1 && line.replace(' ', "").eq_ignore_ascii_case("cell,status")) {
            continue;
        }
        let mut reject = |reason: &str| {
            let (text, reason) = (line.to_owned(), reason.into());
            problems.push(Problem::Text { line: number, column: None, text, reason });
        };
        let Some((cell, status)) = line.split_once(',') else {
            reject("`cell,status` expected");
            continue;
        };
        match cell.trim().parse::<usize>() {
            Ok(cell) if cell >= table.len() => reject("no such cell"),
            Ok(cell) if std::mem::replace(&mut seen[cell], true) => reject("the cell appears twice"),
            Ok(cell) => match status.trim() {
                "u" | "x" | "m" => hidden.push(CellId(cell)),
                "s" | "z" => {}
                _ => reject("status is none of u x s z"),
            },
            Err(_) => reject("not a cell number"),
        }
    }
    if problems.is_empty() { Ok(Pattern::hiding(table.len(), hidden)) } else { Err(Error::input(problems)) }
}
