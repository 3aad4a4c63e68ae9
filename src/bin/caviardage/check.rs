//! `caviardage check`: what a published table gives away.

use std::path::Path;
use std::process::ExitCode;

use caviardage::attack::{self, Item, Knowledge, Overlap, Published, Report};
use caviardage::files::{Plan, Sheet, Understood, jj};
use fluent_bundle::FluentArgs;
use serde::Serialize;

use crate::arguments::{self, Check};
use crate::output;
use crate::report;
use crate::run::{Failure, is_jj};
use crate::words::Words;

pub(crate) fn check(asked: &Check, words: &Words) -> Result<ExitCode, Failure> {
    if asked.pattern.is_some() || is_jj(&asked.release)? { bounds(asked, words) } else { release(asked, words) }
}

fn item(item: arguments::Item) -> Item {
    match item {
        arguments::Item::Totals => Item::Totals,
        arguments::Item::Whole => Item::Whole,
        arguments::Item::Marks => Item::Marks,
        arguments::Item::Rule => Item::Rule,
        arguments::Item::Percentages => Item::Percentages,
        arguments::Item::Order => Item::Order,
        arguments::Item::Part => Item::Part,
        arguments::Item::Earlier => Item::Earlier,
        arguments::Item::Elsewhere => Item::Elsewhere,
    }
}

fn knowledge(asked: &Check) -> Knowledge {
    let mut knowledge = Knowledge::default();
    if let Some(threshold) = asked.threshold {
        knowledge = knowledge.threshold(threshold);
    }
    if let Some(zeros) = asked.zeros {
        knowledge = knowledge.zeros(zeros.into());
    }
    let knowledge = asked.knows.iter().fold(knowledge, |k, &i| k.with(item(i)));
    asked.without.iter().fold(knowledge, |k, &i| k.without(item(i)))
}

fn release(asked: &Check, words: &Words) -> Result<ExitCode, Failure> {
    let plan = match &asked.plan {
        Some(path) => Plan::read(&output::read_text(path)?)?,
        None => Plan::default(),
    };
    let plan = asked.total.iter().fold(plan, |plan, label| plan.total(label));
    let (mut published, understood) = Sheet::read_published(&output::read(&asked.release)?, &plan, &asked.symbol)?;
    let mut said = vec![words.understood(&understood, true)];
    for path in &asked.earlier {
        let (earlier, _) = Sheet::read_published(&output::read(path)?, &plan, &asked.symbol)?;
        let name = path.file_stem().map_or_else(String::new, |s| s.to_string_lossy().into_owned());
        let overlap = asked.earlier_is.map(Overlap::from).or_else(|| published.overlap(&earlier));
        let mut args = FluentArgs::new();
        args.set("path", path.display().to_string());
        let Some(overlap) = overlap else { return Err(Failure::Usage(words.say("earlier-unclear", &args))) };
        said.push(words.say(if overlap == Overlap::Same { "earlier-same" } else { "earlier-part" }, &args));
        published = published.with_earlier(&earlier, overlap, &name);
    }
    let report = attack::report(&published, &knowledge(asked));
    write_proofs(asked, report.deduction())?;
    if asked.json {
        print_json(&Checked { understood: &understood, report: &report })?;
    } else {
        said.push(report::text(&report, words));
        output::print(format!("{}\n", said.join("\n")).as_bytes())?;
    }
    Ok(if report.is_clean() { ExitCode::SUCCESS } else { ExitCode::from(2) })
}

fn write_proofs(asked: &Check, found: &attack::Deduction) -> Result<(), Failure> {
    let Some(path) = &asked.proofs else { return Ok(()) };
    let inputs = [Some(&asked.release), asked.plan.as_ref(), asked.pattern.as_ref()];
    let inputs: Vec<&Path> =
        inputs.into_iter().flatten().chain(&asked.earlier).map(std::path::PathBuf::as_path).collect();
    output::check_apart(&inputs, &[path])?;
    let mut text = serde_json::to_string(&found.proofs()).map_err(|e| Failure::Usage(e.to_string()))?;
    text.push('\n');
    output::write(&[(path, text.as_bytes(), true)])
}

/// What is printed of a checked file: how it was read, and what was found.
#[derive(Serialize)]
struct Checked<'a> {
    understood: &'a Understood,
    report: &'a Report,
}

/// What is printed of a JJ problem and a pattern.
#[derive(Serialize)]
struct Bounds {
    schema: &'static str,
    cells: Vec<CellBounds>,
}

#[derive(Serialize)]
struct CellBounds {
    cell: usize,
    lower: Option<attack::Figure>,
    upper: Option<attack::Figure>,
    /// Whether possible tables reach both.
    reached: (bool, bool),
}

fn print_json(value: &impl Serialize) -> Result<(), Failure> {
    let mut text = serde_json::to_string_pretty(value).map_err(|e| Failure::Usage(e.to_string()))?;
    text.push('\n');
    output::print(text.as_bytes())
}

/// Every hidden cell's lower and upper bound, for a JJ problem and a pattern.
fn bounds(asked: &Check, words: &Words) -> Result<ExitCode, Failure> {
    let Some(path) = &asked.pattern else {
        return Err(Failure::Usage(words.say("pattern-missing", &FluentArgs::new())));
    };
    let problem = jj::read(&output::read_text(&asked.release)?)?;
    let table = &problem.table;
    let pattern = jj::read_pattern(&output::read_text(path)?, table)?;
    let found = attack::bounds(table, &pattern, &knowledge(asked));
    write_proofs(asked, &found)?;
    let published: &Published = found.published();
    let figure = |value: Option<i64>| value.map(|v| attack::Figure(published.value(v).normalize()));
    let displayed = found.intervals.iter().filter(|i| published.is_displayed(i.cell));
    let exact = displayed.clone().filter(|i| i.lowest.is_some() && i.lowest == i.highest).count();
    if asked.json {
        let cells: Vec<_> = displayed
            .map(|i| {
                let (lower, upper) = (figure(i.lowest), figure(i.highest));
                CellBounds { cell: i.cell, lower, upper, reached: i.reached }
            })
            .collect();
        print_json(&Bounds { schema: "caviardage-bounds/1", cells })?;
    } else {
        let end = |value: Option<attack::Figure>| value.map_or("…".to_owned(), |v| words.number(&v.0));
        let mut text = String::new();
        for i in displayed {
            let mut args = FluentArgs::new();
            args.set("cell", i.cell);
            args.set("lowest", end(figure(i.lowest)));
            args.set("highest", end(figure(i.highest)));
            text.push_str(&words.say("bounds-cell", &args));
            text.push('\n');
        }
        output::print(text.as_bytes())?;
    }
    Ok(if exact == 0 { ExitCode::SUCCESS } else { ExitCode::from(2) })
}
