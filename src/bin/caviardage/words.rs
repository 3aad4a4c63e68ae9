//! Words apart from facts: messages in French and English, from `words/*.ftl`.

use caviardage::files::Understood;
use caviardage::words::{self, FluentArgs};
use caviardage::{Error, Problem, Reason};
use rust_decimal::Decimal;

use crate::arguments::Language;
use crate::trails;

const FRENCH: &str = include_str!("words/fr.ftl");
const ENGLISH: &str = include_str!("words/en.ftl");

/// A list for reading; of a long one, the ends and how many there are.
fn listed(names: &[String]) -> String {
    match names {
        [first, second, .., last] if names.len() > 12 => format!("{first}, {second}, …, {last} ({})", names.len()),
        names => names.join(", "),
    }
}

/// The command's words, beside those of the crate.
pub(crate) struct Words(words::Words);

impl std::ops::Deref for Words {
    type Target = words::Words;

    fn deref(&self) -> &words::Words {
        &self.0
    }
}

impl Words {
    pub(crate) fn new(language: Language) -> Self {
        Words(words::Words::new(language.into()).with(FRENCH, ENGLISH))
    }

    /// Whether the words are French.
    pub(crate) fn is_french(&self) -> bool {
        self.language() == words::Language::Fr
    }

    /// How a file was understood.
    pub(crate) fn understood(&self, facts: &Understood, published: bool) -> String {
        let mut args = FluentArgs::new();
        args.set("layout", if facts.crosstab { "crosstab" } else { "long" });
        args.set("delimiter", if facts.delimiter == '\t' { "tab".to_owned() } else { facts.delimiter.to_string() });
        args.set("counts", facts.counts);
        args.set("percentages", facts.percentages);
        args.set("hidden", facts.hidden);
        args.set("relations", facts.relations);
        args.set("undisplayed", facts.undisplayed);
        args.set("other", facts.other_lines);
        args.set("blocks", facts.blocks.len());
        args.set("columns", listed(&facts.columns));
        args.set("totals", listed(&facts.totals));
        let mut lines = vec![self.say("understood", &args), self.say("understood-columns", &args)];
        if facts.hidden > 0 {
            lines.push(self.say("understood-hidden", &args));
        }
        if !facts.blocks.is_empty() {
            lines.push(self.say("understood-blocks", &args));
        }
        lines.push(self.say(if facts.totals.is_empty() { "understood-no-totals" } else { "understood-totals" }, &args));
        if facts.columns_apart {
            lines.push(self.say("understood-columns-apart", &args));
        }
        if facts.undisplayed > 0 {
            let id = if published { "understood-undisplayed-published" } else { "understood-undisplayed" };
            lines.push(self.say(id, &args));
        }
        if facts.other_lines > 0 {
            lines.push(self.say("understood-other", &args));
        }
        lines.join("\n")
    }

    /// An error with all its problems.
    pub(crate) fn error(&self, error: &Error) -> String {
        if !self.is_french() {
            return error.to_string();
        }
        let id = if error.is_input() {
            "error-input"
        } else if error.is_unprotectable() {
            "error-unprotectable"
        } else if error.is_exhausted() {
            "error-exhausted"
        } else {
            "error-unverified"
        };
        let mut args = FluentArgs::new();
        args.set("count", error.problems().len());
        let mut text = self.say(id, &args);
        for problem in error.problems() {
            text.push_str("\n  - ");
            text.push_str(&self.problem(problem));
        }
        text
    }

    /// What a count can be, where an end may be open.
    pub(crate) fn range(&self, lowest: Option<Decimal>, highest: Option<Decimal>) -> String {
        let id = match (lowest, highest) {
            (Some(low), Some(high)) if low == high => return self.number(&low),
            (Some(_), Some(_)) => "range",
            (Some(_), None) => "range-open",
            (None, Some(_)) => "range-most",
            (None, None) => "range-any",
        };
        let end = |end: Option<Decimal>| end.map_or("…".to_owned(), |e| self.number(&e));
        let mut args = FluentArgs::new();
        args.set("lowest", end(lowest));
        args.set("highest", end(highest));
        self.say(id, &args)
    }

    fn problem(&self, problem: &Problem) -> String {
        let mut args = FluentArgs::new();
        let number = |value: &Decimal| self.number(value);
        let id = match problem {
            Problem::NotAdditive { relation, given, computed, difference } => {
                args.set("relation", relation.clone());
                args.set("given", number(given));
                args.set("computed", number(computed));
                args.set("difference", number(difference));
                "not-additive"
            }
            Problem::Negative { cell, count }
            | Problem::Fractional { cell, count }
            | Problem::Overflow { cell, count }
            | Problem::StructuralNotZero { cell, count } => {
                args.set("cell", cell.clone());
                args.set("count", number(count));
                match problem {
                    Problem::Negative { .. } => "negative",
                    Problem::Fractional { .. } => "fractional",
                    Problem::Overflow { .. } => "overflow",
                    _ => "structural-not-zero",
                }
            }
            Problem::Missing { cell } | Problem::MustBeShown { cell } | Problem::NoWitness { cell } => {
                args.set("cell", cell.clone());
                match problem {
                    Problem::Missing { .. } => "missing",
                    Problem::MustBeShown { .. } => "must-be-shown",
                    _ => "no-witness",
                }
            }
            Problem::Duplicate { cell, first, second } => {
                args.set("cell", cell.clone());
                args.set("first", number(first));
                args.set("second", number(second));
                "duplicate"
            }
            Problem::SameDiffer { first, second, first_count, second_count } => {
                args.set("first", first.clone());
                args.set("second", second.clone());
                args.set("firstcount", number(first_count));
                args.set("secondcount", number(second_count));
                "same-differ"
            }
            Problem::UnknownLabel { place, label } | Problem::DuplicateLabel { place, label } => {
                args.set("place", place.clone());
                args.set("label", label.clone());
                if matches!(problem, Problem::UnknownLabel { .. }) { "unknown-label" } else { "duplicate-label" }
            }
            Problem::DerivedDiffers { cell, given, computed, count, base } => {
                args.set("cell", cell.clone());
                args.set("given", number(given));
                args.set("computed", number(computed));
                args.set("count", number(count));
                args.set("base", number(base));
                "derived-differs"
            }
            Problem::OutsideKnown { cell, count, lowest, highest } => {
                args.set("cell", cell.clone());
                args.set("count", number(count));
                args.set("range", self.range(*lowest, *highest));
                "outside-known"
            }
            Problem::Conflict { cell, first, second } => {
                let word = |w: &str| match w {
                    "must be shown" => "à montrer",
                    "must be hidden" => "à masquer",
                    "primary" => "primaire",
                    "a structural zero" => "zéro par nature",
                    _ => "libre",
                };
                args.set("cell", cell.clone());
                args.set("first", word(first));
                args.set("second", word(second));
                "conflict-declared"
            }
            Problem::Contradiction { first, second, difference } => {
                args.set("first", first.clone());
                args.set("second", second.clone());
                args.set("difference", number(difference));
                "relations-contradict"
            }
            Problem::CannotProtect { cell, lowest, highest, .. } => {
                args.set("cell", cell.clone());
                args.set("range", self.range(*lowest, *highest));
                "cannot-protect"
            }
            Problem::Text { line, column, text, reason } => {
                args.set("line", *line);
                args.set("column", column.clone().unwrap_or_default());
                args.set("text", text.clone());
                args.set("reason", self.reason(reason));
                if column.is_some() { "text-column" } else { "text" }
            }
            Problem::Plan { line, reason } => {
                args.set("line", line.unwrap_or(0));
                args.set("reason", self.reason(reason));
                if line.is_some() { "plan-line" } else { "plan" }
            }
            Problem::File { reason } => return self.reason(reason),
            Problem::Trail { .. } => return trails::in_words(self, problem).unwrap_or_else(|| problem.to_string()),
            Problem::NotNeeded { cell, reason } => {
                args.set("cell", cell.clone());
                args.set("reason", reason.clone());
                "not-needed"
            }
            Problem::BoundNotShown { reason } => {
                args.set("reason", reason.clone());
                "bound-not-shown"
            }
            Problem::TooNarrow { cell, lowest, highest, .. } => {
                args.set("cell", cell.clone());
                args.set("lowest", number(lowest));
                args.set("highest", number(highest));
                "too-narrow"
            }
            Problem::PrimaryShown { cell } => {
                args.set("cell", cell.clone());
                "primary-shown"
            }
            Problem::Witness { index, reason } => {
                args.set("index", *index);
                args.set("reason", reason.clone());
                "witness-wrong"
            }
            other => return other.to_string(),
        };
        self.say(id, &args)
    }

    fn reason(&self, reason: &Reason) -> String {
        let mut args = FluentArgs::new();
        let mut set = |name: &'static str, value: &String| args.set(name, value.clone());
        let id = match reason {
            Reason::CountExpected => "reason-count",
            Reason::NoCount => "reason-no-count",
            Reason::PercentageExpected => "reason-percentage",
            Reason::PercentageWithoutCount => "reason-percentage-count",
            Reason::PercentageWithoutBase => "reason-percentage-base",
            Reason::Utf16 => "reason-utf16",
            Reason::Workbook => "reason-workbook",
            Reason::Empty => "reason-empty",
            Reason::NotText => "reason-not-text",
            Reason::Ragged { fields, expected } => {
                set("fields", &fields.to_string());
                set("expected", &expected.to_string());
                "reason-ragged"
            }
            Reason::EarlierUnclear { name } => {
                set("name", name);
                "reason-earlier-unclear"
            }
            Reason::EarlierCounts { name, cells } => {
                set("name", name);
                set("cells", &cells.to_string());
                "reason-earlier-counts"
            }
            Reason::TooLarge { most } => {
                set("most", &most.to_string());
                "reason-too-large"
            }
            Reason::NoSeparator => "reason-no-separator",
            Reason::NoHeadings => "reason-no-headings",
            Reason::NoFigures => "reason-no-figures",
            Reason::NoCountColumn => "reason-no-column",
            Reason::SymbolNotInEncoding { symbol } => {
                set("symbol", symbol);
                "reason-symbol"
            }
            Reason::NeedsPlan { labels, counts } => {
                set("labels", labels);
                set("counts", counts);
                "reason-needs-plan"
            }
            Reason::DecimalsAlone { column } => {
                set("column", column);
                "reason-decimals"
            }
            Reason::NotForLayout { section, layout } => {
                set("section", section);
                set("layout", layout);
                "reason-not-for-layout"
            }
            Reason::Untold { column } => {
                set("column", column);
                "reason-untold"
            }
            Reason::SeveralTotals { block, totals } => {
                set("block", block);
                set("totals", totals);
                if block.is_empty() { "reason-several-totals" } else { "reason-several-totals-block" }
            }
            Reason::NoColumn { name, columns } => {
                set("name", name);
                set("columns", columns);
                "reason-unknown-column"
            }
            Reason::ColumnTwice { name } => {
                set("name", name);
                "reason-column-twice"
            }
            Reason::NoRow { row, block } => {
                set("row", row);
                set("block", block);
                if block.is_empty() { "reason-no-row" } else { "reason-no-row-block" }
            }
            Reason::NoBlock { name } => {
                set("name", name);
                "reason-no-block"
            }
            Reason::NotUndisplayed { label } => {
                set("label", label);
                "reason-not-undisplayed"
            }
            other => return other.to_string(),
        };
        self.say(id, &args)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn ids(source: &str) -> BTreeSet<String> {
        assert!(fluent_bundle::FluentResource::try_new(source.to_owned()).is_ok(), "the file parses");
        let names = source.lines().filter_map(|l| l.split_once(" =").map(|s| s.0));
        names.filter(|i| !i.starts_with([' ', '#', '['])).map(str::to_owned).collect()
    }

    /// Names of messages in a source: quoted, in small letters, with hyphens.
    fn used(source: &str) -> BTreeSet<String> {
        let code = source.split("#[cfg(test)]").next().unwrap_or("");
        let quoted = code.split('"').skip(1).step_by(2);
        let is_name =
            |t: &&str| t.contains('-') && !t.starts_with('-') && t.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        quoted.filter(is_name).map(str::to_owned).collect()
    }

    #[test]
    fn every_message_is_there_in_french_and_what_english_needs_in_english() {
        let (french, english) = (ids(FRENCH), ids(ENGLISH));
        let here = used(include_str!("words.rs"));
        let both =
            [include_str!("run.rs"), include_str!("check.rs"), include_str!("report.rs"), include_str!("output.rs")];
        let run: BTreeSet<String> = both.into_iter().flat_map(used).collect();
        let here: BTreeSet<String> = here.into_iter().chain(used(include_str!("trails.rs"))).collect();
        assert!(here.len() > 40 && run.len() > 40, "{here:?} {run:?}");
        assert!(here.is_subset(&french), "{:?}", here.difference(&french));
        assert!(run.is_subset(&french), "{:?}", run.difference(&french));
        // Of words.rs only ranges are told in English too.
        assert!(["range", "range-open", "range-most", "range-any"].iter().all(|id| english.contains(*id)));
        assert!(run.is_subset(&english), "{:?}", run.difference(&english));
        assert!(english.is_subset(&french), "{:?}", english.difference(&french));
    }
}
