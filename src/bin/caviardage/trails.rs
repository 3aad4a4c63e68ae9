//! `caviardage explain`, `verify --trail` and `log`: trails, read again.

use std::path::Path;
use std::process::ExitCode;

use caviardage::files::{Sheet, jj};
use caviardage::release::Release;
use caviardage::table::Record;
use caviardage::trail::{Checked, HiddenCell, Log, Trail};
use caviardage::words::FluentArgs;
use caviardage::{Error, Problem, TrailFault};

use crate::arguments::{Explain, LogAppend, LogVerify, Verify};
use crate::output;
use crate::run::{Failure, is_jj, plan_of, read_after};
use crate::words::Words;

fn say(words: &Words, id: &str, set: impl FnOnce(&mut FluentArgs<'_>)) -> String {
    let mut args = FluentArgs::new();
    set(&mut args);
    words.say(id, &args)
}

fn fault(fault: TrailFault) -> Failure {
    Failure::Crate(Error::of_trail(fault))
}

pub(crate) fn explain(asked: &Explain, words: &Words) -> Result<ExitCode, Failure> {
    let trail = Trail::read(&output::read_text(&asked.trail)?)?;
    // What does not add up is not explained.
    trail.verify()?;
    let entries: Vec<&HiddenCell> = if asked.cells.is_empty() {
        trail.hidden().iter().filter(|h| h.displayed).collect()
    } else {
        let mut entries = Vec::new();
        for name in &asked.cells {
            let called: Vec<&HiddenCell> = trail.hidden().iter().filter(|h| is_called(h, name)).collect();
            if called.is_empty() {
                return Err(fault(TrailFault::NoCell(name.clone())));
            }
            // What the table does not display is meant only where it is all that is called so.
            let shown = called.iter().any(|h| h.displayed);
            entries.extend(called.into_iter().filter(|h| h.displayed || !shown));
        }
        entries.dedup_by_key(|h| h.cell);
        entries
    };
    let mut text = if entries.is_empty() {
        say(words, "nothing-hidden", |_| {})
    } else {
        words.explained(&trail.explain_entries(entries)?)
    };
    text.push('\n');
    output::print(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// A cell is called by its whole name, by its labels, or by one of them.
fn is_called(cell: &HiddenCell, name: &str) -> bool {
    let labels = cell.labels.join(" × ");
    labels == name || cell.labels.iter().any(|l| l == name) || format!("{} › {labels}", cell.table) == name
}

pub(crate) fn verify(asked: &Verify, path: &Path, words: &Words) -> Result<ExitCode, Failure> {
    let trail = Trail::read(&output::read_text(path)?)?;
    let checked = trail.verify()?;
    let bytes = output::read(&asked.input)?;
    if let Some(release) = as_json(&bytes) {
        trail.verify_release(&release)?;
    } else {
        trail.verify_release_file(&bytes)?;
        same_figures(asked, &bytes, &trail, &checked)?;
    }
    if let Some(input) = &asked.table {
        same_input(asked, input, &bytes, &trail, &checked)?;
    }
    output::tell(&told(asked, &trail, &checked, words));
    Ok(ExitCode::SUCCESS)
}

fn as_json(bytes: &[u8]) -> Option<Release> {
    serde_json::from_slice(bytes).ok()
}

/// Checks that a file shows and hides what the release does.
fn same_figures(asked: &Verify, bytes: &[u8], trail: &Trail, checked: &Checked) -> Result<(), Failure> {
    if is_pattern(bytes) {
        let text = String::from_utf8_lossy(bytes);
        let pattern = jj::read_pattern(&text, &checked.table)?;
        let hidden = trail.hidden().iter().map(|h| h.cell);
        return if pattern.hidden().map(|c| c.index()).eq(hidden) {
            Ok(())
        } else {
            Err(fault(TrailFault::AnotherRelease))
        };
    }
    let plan = plan_of(&asked.reading)?;
    let symbols = [checked.release.symbol().to_owned()];
    let (published, _) = Sheet::read_published(bytes, &plan, &symbols)?;
    let displayed = (0..published.len()).filter(|&c| published.is_displayed(c));
    let same = displayed.clone().all(|cell| {
        let shown = published.shown(cell).map(|figure| published.value(figure));
        checked.release.count(published.key(cell).clone()) == Some(shown)
    });
    let all = checked.table.cells().filter(|&c| checked.table.is_displayed(c)).count();
    if same && displayed.count() == all { Ok(()) } else { Err(fault(TrailFault::AnotherRelease)) }
}

fn is_pattern(bytes: &[u8]) -> bool {
    let head = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    head.split(|b| *b == b'\n').next().is_some_and(|l| l.trim_ascii() == b"cell,status")
}

/// Checks that the table is the one that was decided upon, and that the release file follows from it byte for byte.
fn same_input(asked: &Verify, input: &Path, bytes: &[u8], trail: &Trail, checked: &Checked) -> Result<(), Failure> {
    let source = output::read(input)?;
    trail.verify_input_file(&source)?;
    if is_jj(input)? {
        let problem = jj::read(&String::from_utf8_lossy(&source))?;
        let same = Record::of(&problem.table) == *trail.table() && problem.policy == *trail.policy();
        return if same { Ok(()) } else { Err(fault(TrailFault::AnotherTable)) };
    }
    let sheet = read_after(input, &asked.reading)?;
    if Record::of(sheet.table()) != *trail.table() {
        return Err(fault(TrailFault::AnotherTable));
    }
    if as_json(bytes).is_none() && sheet.render(&checked.release)? != bytes {
        return Err(fault(TrailFault::AnotherRelease));
    }
    Ok(())
}

fn told(asked: &Verify, trail: &Trail, checked: &Checked, words: &Words) -> String {
    let number = |value: u64| words.number(&value.into());
    let mut lines = vec![
        say(words, "verified", |_| {}),
        say(words, "verified-release", |args| {
            args.set("hidden", trail.hidden().iter().filter(|h| h.displayed).count())
        }),
    ];
    if asked.table.is_some() {
        lines.push(say(words, "verified-input", |_| {}));
    }
    lines.push(say(words, "verified-witnesses", |args| {
        args.set("primaries", trail.primaries());
        args.set("witnesses", trail.witnesses().len());
    }));
    lines.push(say(words, "verified-needed", |args| {
        args.set("complements", checked.complements);
        args.set("unproved", checked.unproved);
    }));
    let bound = match checked.proved_bound {
        Some(bound) if bound == checked.cost => "verified-optimal",
        Some(_) => "verified-bound",
        None => "verified-no-bound",
    };
    lines.push(say(words, bound, |args| {
        args.set("cost", number(checked.cost));
        args.set("bound", number(checked.proved_bound.unwrap_or(0)));
        args.set("told", number(trail.lower_bound()));
    }));
    lines.join("\n  - ")
}

pub(crate) fn append(asked: &LogAppend, words: &Words) -> Result<ExitCode, Failure> {
    let inputs: Vec<&Path> = asked.trails.iter().map(std::path::PathBuf::as_path).collect();
    output::check_apart(&inputs, &[&asked.log])?;
    let mut log = read_log(&asked.log)?;
    for path in &asked.trails {
        let trail = Trail::read(&output::read_text(path)?)?;
        trail.verify()?;
        let label = asked.label.clone().unwrap_or_default();
        log.append(trail, label);
    }
    output::write(&[(&asked.log, log.to_lines().as_bytes(), false)])?;
    output::tell(&said(&log, "log-appended", words));
    Ok(ExitCode::SUCCESS)
}

/// A log that does not exist yet is empty.
pub(crate) fn read_log(path: &Path) -> Result<Log, Failure> {
    if !path.exists() {
        return Ok(Log::default());
    }
    Ok(Log::read(&output::read_text(path)?)?)
}

pub(crate) fn verify_log(asked: &LogVerify, words: &Words) -> Result<ExitCode, Failure> {
    let log = Log::read(&output::read_text(&asked.log)?)?;
    if let Some(head) = &asked.head {
        log.ends_with(head)?;
    }
    for (entry, number) in log.entries().iter().zip(1..) {
        if let Err(error) = entry.trail().verify() {
            let problem = TrailFault::LogUnreadable { entry: number, reason: words.error(&error) };
            return Err(fault(problem));
        }
    }
    output::tell(&said(&log, "log-whole", words));
    Ok(ExitCode::SUCCESS)
}

fn said(log: &Log, id: &str, words: &Words) -> String {
    say(words, id, |args| {
        args.set("entries", log.entries().len());
        args.set("head", log.head().to_owned());
    })
}

/// What is wrong with a trail, in the words of the language; nothing where English is asked, which the fault speaks itself.
pub(crate) fn in_words(words: &Words, problem: &Problem) -> Option<String> {
    let Problem::Trail { fault } = problem else { return None };
    let part = |what: &str| say(words, &format!("part-{what}"), |_| {});
    let id = match fault {
        TrailFault::Unreadable(_) => "trail-unreadable",
        TrailFault::Schema { .. } => "trail-schema",
        TrailFault::Seal => "trail-seal",
        TrailFault::Digest(_) => "trail-digest",
        TrailFault::Entry { .. } => "trail-entry",
        TrailFault::Differs(_) => "trail-differs",
        TrailFault::Bound { .. } => "trail-bound",
        TrailFault::Outcome { .. } => "trail-outcome",
        TrailFault::AnotherFile(_) => "trail-another-file",
        TrailFault::NoFile(_) => "trail-no-file",
        TrailFault::AnotherRelease => "trail-another-release",
        TrailFault::AnotherTable => "trail-another-table",
        TrailFault::NoCell(_) => "trail-no-cell",
        TrailFault::LogUnreadable { .. } => "log-unreadable",
        TrailFault::LogBroken { altered: true, .. } => "log-altered",
        TrailFault::LogBroken { .. } => "log-broken",
        TrailFault::LogEnd { .. } => "log-end",
        _ => return None,
    };
    Some(say(words, id, |args| match fault {
        TrailFault::Unreadable(reason) => args.set("reason", reason.clone()),
        TrailFault::Schema { found, expected } => {
            args.set("found", found.clone());
            args.set("expected", *expected);
        }
        TrailFault::Digest(what) | TrailFault::AnotherFile(what) | TrailFault::NoFile(what) => {
            args.set("part", part(what));
        }
        TrailFault::Differs(what) => args.set("part", *what),
        TrailFault::Entry { cell } | TrailFault::NoCell(cell) => args.set("cell", cell.clone()),
        TrailFault::Bound { cost, bound } | TrailFault::Outcome { cost, bound } => {
            args.set("cost", words.number(&(*cost).into()));
            args.set("bound", words.number(&(*bound).into()));
        }
        TrailFault::LogUnreadable { entry, reason } => {
            args.set("entry", *entry);
            args.set("reason", reason.clone());
        }
        TrailFault::LogBroken { entry, .. } => args.set("entry", *entry),
        TrailFault::LogEnd { found, expected } => {
            args.set("found", found.clone());
            args.set("expected", expected.clone());
        }
        _ => {}
    }))
}
