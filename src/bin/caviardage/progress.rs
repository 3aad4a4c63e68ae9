//! How far a search is, on a terminal; nothing where standard error is a file.

use std::cell::Cell;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use caviardage::solver::{Effort, Progress, Stage};
use caviardage::{Error, Request, Suppression, suppress};
use fluent_bundle::FluentArgs;
use indicatif::{ProgressBar, ProgressStyle};
use rust_decimal::Decimal;

use crate::words::Words;

/// The bar changes no more often; the clock decides nothing else.
const OFTEN: Duration = Duration::from_millis(100);

/// Searches, with a bar of the work done that says the stage, the cost and the proved bound. Costs are told in units of so
/// many.
pub(crate) fn search(request: Request<'_>, effort: Effort, unit: u64, words: &Words) -> Result<Suppression, Error> {
    let bar = ProgressBar::new(effort.work);
    let style =
        ProgressStyle::with_template("{elapsed:>4} [{bar:24}] {msg}").unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.set_style(style);
    let told = Cell::new(Instant::now());
    let tell = |progress: &Progress| {
        if !bar.is_hidden() && told.get().elapsed() >= OFTEN {
            told.set(Instant::now());
            bar.set_position(progress.work);
            bar.set_message(message(progress, unit, words));
        }
        ControlFlow::Continue(())
    };
    let done = suppress(request.effort(effort).watch(&tell));
    bar.finish_and_clear();
    done
}

fn message(progress: &Progress, unit: u64, words: &Words) -> String {
    let mut args = FluentArgs::new();
    let cost = |value: u64| words.number(&(Decimal::from(value) / Decimal::from(unit)));
    args.set("protected", progress.protected.0);
    args.set("primaries", progress.protected.1);
    args.set("cost", cost(progress.cost.unwrap_or(0)));
    args.set("bound", cost(progress.bound));
    words.say(
        match progress.stage {
            Stage::Construct => "progress-construct",
            Stage::Improve => "progress-improve",
            Stage::Prove => "progress-prove",
        },
        &args,
    )
}
