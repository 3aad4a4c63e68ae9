//! What each command does.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use caviardage::files::{Earlier, Plan, Sheet, jj};
use caviardage::policy::{self, Policy};
use caviardage::solver::{Effort, Limit, Outcome};
use caviardage::table::Table;
use caviardage::trail::Trail;
use caviardage::{Error, Request, Suppression, attack, verify};
use fluent_bundle::FluentArgs;

use crate::arguments::{
    Arguments, Command, Cost, LogCommand, Percentages, Protection, Reading, Stage, Suppress, Verify,
};
use crate::check;
use crate::output::{self, Trouble};
use crate::progress;
use crate::trails;
use crate::words::Words;

/// Why nothing was written.
pub(crate) enum Failure {
    Crate(Error),
    Unreadable(PathBuf, Trouble),
    Unwritable(PathBuf, Trouble),
    WouldOverwrite(PathBuf),
    NotForJj(&'static str),
    Usage(String),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Crate(error)
    }
}

impl Failure {
    pub(crate) fn code(&self) -> ExitCode {
        match self {
            Failure::Crate(error) if !error.is_input() => ExitCode::from(2),
            _ => ExitCode::from(1),
        }
    }

    pub(crate) fn words(&self, words: &Words) -> String {
        let path = |id: &str, path: &Path, reason: &str| {
            let mut args = FluentArgs::new();
            args.set("path", path.display().to_string());
            args.set("reason", reason.to_owned());
            words.say(id, &args)
        };
        match self {
            Failure::Crate(error) => words.error(error),
            Failure::Unreadable(file, trouble) => path("unreadable", file, &trouble.words(words)),
            Failure::Unwritable(file, trouble) => path("unwritable", file, &trouble.words(words)),
            Failure::WouldOverwrite(file) => path("would-overwrite", file, ""),
            Failure::NotForJj(option) => path("not-for-jj", Path::new(option), ""),
            Failure::Usage(reason) => reason.clone(),
        }
    }
}

pub(crate) fn run(arguments: &Arguments, words: &Words) -> Result<ExitCode, Failure> {
    match &arguments.command {
        Command::Suppress(asked) if is_jj(&asked.input)? => solve_jj(asked, words),
        Command::Suppress(asked) => suppress_file(asked, words),
        Command::Check(asked) => check::check(asked, words),
        Command::Verify(asked) => match (&asked.trail, &asked.pattern) {
            (Some(trail), _) => trails::verify(asked, trail, words),
            (None, Some(pattern)) => judge(asked, pattern, words),
            (None, None) => Err(Failure::Usage(words.say("nothing-to-verify", &FluentArgs::new()))),
        },
        Command::Explain(asked) => trails::explain(asked, words),
        Command::Log(LogCommand::Append(asked)) => trails::append(asked, words),
        Command::Log(LogCommand::Verify(asked)) => trails::verify_log(asked, words),
    }
}

pub(crate) fn is_jj(path: &Path) -> Result<bool, Failure> {
    if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("jj")) {
        return Ok(true);
    }
    let bytes = output::read(path)?;
    let mut lines = bytes.split(|b| *b == b'\n').map(<[u8]>::trim_ascii);
    let number = |line: Option<&[u8]>| line.is_some_and(|l| !l.is_empty() && l.iter().all(u8::is_ascii_digit));
    Ok(lines.next() == Some(b"0") && number(lines.next()))
}

fn effort(asked: &Suppress) -> Effort {
    let effort = match asked.stage {
        Some(Stage::Construct) => Effort::construct(),
        Some(Stage::Improve) => Effort::improve(),
        Some(Stage::Prove) | None => Effort::default(),
    };
    asked.work.map_or(effort, |work| effort.work(work))
}

fn policy_of(asked: &Suppress) -> Policy {
    let mut policy = Policy::articles_53_54();
    if let Some(threshold) = asked.threshold {
        policy = policy.threshold(threshold);
    }
    if let Some(zeros) = asked.zeros {
        policy = policy.zeros(zeros.into());
    }
    if asked.protection == Some(Protection::Exact) {
        policy = policy.protection(policy::Protection::Exact);
    }
    if let Some(cost) = asked.cost {
        policy = policy.cost(match cost {
            Cost::Count => policy::Cost::Count,
            Cost::Cells => policy::Cost::Cells,
            Cost::Log => policy::Cost::Log,
        });
    }
    if let Some(percentages) = asked.percentages {
        policy = policy.percentages(match percentages {
            Percentages::Follow => policy::Percentages::Follow,
            Percentages::Keep => policy::Percentages::Keep,
            Percentages::Round => policy::Percentages::Round,
        });
    }
    match &asked.symbol {
        Some(symbol) => policy.symbol(symbol),
        None => policy,
    }
}

fn suppress_file(asked: &Suppress, words: &Words) -> Result<ExitCode, Failure> {
    check_outputs(asked)?;
    let sheet = read_after(&asked.input, &asked.reading)?;
    output::tell(&words.understood(sheet.understood(), false));
    let request = Request::new(sheet.table()).policy(policy_of(asked)).engine(asked.engine.unwrap_or_default());
    let done = progress::search(request, effort(asked), 1, words)?;
    let bytes = sheet.render(&done.release)?;
    let done = deliver(asked, &bytes, done)?;
    output::tell(&summary(words, sheet.table(), &done.trail, 1));
    done.release.notes().iter().for_each(|note| output::tell(note));
    Ok(ExitCode::SUCCESS)
}

/// What the command says of the file beside the file itself.
pub(crate) fn plan_of(asked: &Reading) -> Result<Plan, Failure> {
    let plan = match &asked.plan {
        Some(path) => Plan::read(&output::read_text(path)?)?,
        None => Plan::default(),
    };
    Ok(asked.total.iter().fold(plan, |plan, label| plan.total(label)))
}

/// Reads the table with the earlier releases that the command names.
pub(crate) fn read_after(input: &Path, asked: &Reading) -> Result<Sheet, Failure> {
    let mut files = Vec::new();
    for (number, path) in asked.earlier.iter().enumerate() {
        let name = path.file_stem().map_or_else(String::new, |s| s.to_string_lossy().into_owned());
        let counts = asked.earlier_counts.get(number).map(|p| output::read(p)).transpose()?;
        files.push((name, output::read(path)?, counts));
    }
    let overlap = asked.earlier_is.map(attack::Overlap::from);
    let earlier: Vec<Earlier<'_>> = files
        .iter()
        .map(|(name, release, counts)| Earlier { name, release, counts: counts.as_deref(), overlap })
        .collect();
    Ok(Sheet::read_after(&output::read(input)?, &plan_of(asked)?, &earlier)?)
}

fn solve_jj(asked: &Suppress, words: &Words) -> Result<ExitCode, Failure> {
    let given = [
        ("--plan", asked.reading.plan.is_some()),
        ("--total", !asked.reading.total.is_empty()),
        ("--earlier", !asked.reading.earlier.is_empty()),
        ("--threshold", asked.threshold.is_some()),
        ("--zeros", asked.zeros.is_some()),
        ("--protection", asked.protection.is_some()),
        ("--cost", asked.cost.is_some()),
        ("--symbol", asked.symbol.is_some()),
        ("--percentages", asked.percentages.is_some()),
    ];
    if let Some((option, _)) = given.into_iter().find(|g| g.1) {
        return Err(Failure::NotForJj(option));
    }
    check_outputs(asked)?;
    let problem = jj::read(&output::read_text(&asked.input)?)?;
    let table = &problem.table;
    let request = Request::new(table).policy(problem.policy.clone()).engine(asked.engine.unwrap_or_default());
    let done = progress::search(request, effort(asked), problem.weight_unit, words)?;
    let hidden: std::collections::BTreeSet<usize> = done.trail.hidden().iter().map(|h| h.cell).collect();
    let pattern = jj::write_pattern(table, |cell| hidden.contains(&cell.index()));
    let done = deliver(asked, pattern.as_bytes(), done)?;
    output::tell(&summary(words, table, &done.trail, problem.weight_unit));
    Ok(ExitCode::SUCCESS)
}

fn check_outputs(asked: &Suppress) -> Result<(), Failure> {
    let inputs: Vec<&Path> =
        [Some(&asked.input), asked.reading.plan.as_ref()].into_iter().flatten().map(PathBuf::as_path).collect();
    let earlier = asked.reading.earlier.iter().chain(&asked.reading.earlier_counts);
    let inputs: Vec<&Path> = inputs.into_iter().chain(earlier.map(PathBuf::as_path)).collect();
    let outputs = [&asked.output, &asked.trail, &asked.attestation, &asked.log];
    let outputs: Vec<&Path> = outputs.into_iter().flatten().map(PathBuf::as_path).collect();
    output::check_apart(&inputs, &outputs)
}

/// Writes what was asked for, whole or not at all. The trail then tells of the files.
fn deliver(asked: &Suppress, release: &[u8], done: Suppression) -> Result<Suppression, Failure> {
    let mut files: Vec<(&Path, Vec<u8>, bool)> = Vec::new();
    let trail = done.trail.of_files(&output::read(&asked.input)?, release);
    let done = Suppression { trail, ..done };
    files.extend(asked.output.as_deref().map(|path| (path, release.to_vec(), true)));
    files.extend(asked.trail.as_deref().map(|path| (path, done.trail.to_json().into_bytes(), false)));
    files.extend(asked.attestation.as_deref().map(|path| (path, done.attestation().to_json().into_bytes(), true)));
    if let Some(path) = &asked.log {
        let mut log = trails::read_log(path)?;
        let label = asked.input.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        log.append(done.trail.clone(), label);
        files.push((path, log.to_lines().into_bytes(), false));
    }
    let borrowed: Vec<(&Path, &[u8], bool)> = files.iter().map(|f| (f.0, f.1.as_slice(), f.2)).collect();
    output::write(&borrowed)?;
    if asked.output.is_none() {
        output::print(release)?;
    }
    Ok(done)
}

fn summary(words: &Words, table: &Table, trail: &Trail, unit: u64) -> String {
    let mut args = FluentArgs::new();
    let cost = |value: u64| rust_decimal::Decimal::from(value) / rust_decimal::Decimal::from(unit);
    args.set("cells", table.len());
    args.set("primaries", trail.primaries());
    args.set("complements", trail.complements());
    args.set("cost", words.number(&cost(trail.cost())));
    args.set("bound", words.number(&cost(trail.lower_bound())));
    let outcome = match trail.outcome() {
        Outcome::Optimal => "outcome-optimal",
        Outcome::Within { .. } => "outcome-within",
        Outcome::Stopped { limit: Limit::Stage } => "outcome-stage",
        Outcome::Stopped { .. } => "outcome-stopped",
    };
    args.set("outcome", words.say(outcome, &FluentArgs::new()));
    words.say("summary", &args)
}

fn judge(asked: &Verify, pattern: &Path, words: &Words) -> Result<ExitCode, Failure> {
    let problem = jj::read(&output::read_text(&asked.input)?)?;
    let table = &problem.table;
    let pattern = jj::read_pattern(&output::read_text(pattern)?, table)?;
    let findings = attack::judge(table, &problem.policy, &pattern)?;
    let mut args = FluentArgs::new();
    args.set("hidden", pattern.hidden().count());
    if findings.fallen.is_empty() && findings.wrongly_hidden.is_empty() {
        // The attack found a witness for everyone; integers have the last word.
        verify::verify(table, &problem.policy, &pattern, &findings.witnesses)?;
        output::tell(&words.say("judged-safe", &args));
        return Ok(ExitCode::SUCCESS);
    }
    args.set("fallen", findings.fallen.len());
    let mut text = words.say("judged-unsafe", &args);
    for fallen in &findings.fallen {
        let mut args = FluentArgs::new();
        let decimals = table.decimals();
        let end = |v: Option<i128>| v.and_then(|v| rust_decimal::Decimal::try_from_i128_with_scale(v, decimals).ok());
        args.set("cell", table.key(fallen.cell).to_string());
        args.set("count", words.number(&table.value(fallen.cell)));
        args.set("range", words.range(end(fallen.lowest), end(fallen.highest)));
        text.push_str("\n  ");
        text.push_str(&words.say(if fallen.proved { "fallen" } else { "fallen-unproved" }, &args));
    }
    for cell in &findings.wrongly_hidden {
        let mut args = FluentArgs::new();
        args.set("cell", table.key(*cell).to_string());
        text.push_str("\n  ");
        text.push_str(&words.say("wrongly-hidden", &args));
    }
    output::print(format!("{text}\n").as_bytes())?;
    Ok(ExitCode::from(2))
}
