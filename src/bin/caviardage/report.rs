//! A report in words, section by section. Pure: facts in, text out.

use caviardage::attack::{
    Cause, Contradicted, Disputed, Explained, Figure, Finding, Gravity, Item, Place, Report, Together, Unchecked,
};
use fluent_bundle::FluentArgs;

use crate::words::Words;

/// Entries of one section that are told one by one.
const MOST: usize = 60;

pub(crate) fn text(report: &Report, words: &Words) -> String {
    let told = Telling { words };
    let mut lines = vec![String::new()];
    let sections = [
        (Gravity::Computed, "found-computed"),
        (Gravity::Below, "found-below"),
        (Gravity::Narrowed, "found-narrowed"),
        (Gravity::Shown, "found-shown"),
    ];
    for (gravity, heading) in sections {
        let found: Vec<&Finding> = report.findings.iter().filter(|f| f.gravity == gravity).collect();
        told.section(&mut lines, heading, found.iter().map(|f| told.finding(f)), found.len());
    }
    let contradictions = &report.contradictions;
    told.section(
        &mut lines,
        "found-contradictions",
        contradictions.iter().map(|c| told.contradiction(c)),
        contradictions.len(),
    );
    let together = report.together.iter().map(|t| told.say("together", |args| told.set_together(args, t)));
    told.section(&mut lines, "found-together", together, report.together.len());
    let computable = report.computable.iter().map(|c| format!("{} : {}", c.name, told.end(c.lowest)));
    told.section(&mut lines, "found-computable", computable, report.computable.len());
    for difference in &report.differences {
        lines.push(told.say("found-difference", |args| {
            args.set("whole", difference.whole.clone());
            args.set("part", difference.part.clone());
        }));
        for row in difference.rows.iter().take(MOST) {
            lines.push(format!("  - {} : {}", row.name, told.range(row.lowest, row.highest)));
        }
        told.rest(&mut lines, difference.rows.len());
    }
    lines.push(told.say("checked", |args| {
        args.set("hidden", report.hidden);
        args.set("statements", report.statements);
        args.set("objections", report.objections);
        args.set("items", report.knowledge.iter().map(|i| told.item(*i)).collect::<Vec<_>>().join(", "));
    }));
    told.section(&mut lines, "unchecked", report.unchecked.iter().map(|u| told.unchecked(u)), report.unchecked.len());
    lines.join("\n")
}

struct Telling<'a> {
    words: &'a Words,
}

impl Telling<'_> {
    fn say(&self, id: &str, set: impl FnOnce(&mut FluentArgs<'_>)) -> String {
        let mut args = FluentArgs::new();
        set(&mut args);
        self.words.say(id, &args)
    }

    fn section(&self, lines: &mut Vec<String>, heading: &str, entries: impl Iterator<Item = String>, count: usize) {
        if count > 0 {
            lines.push(self.say(heading, |args| args.set("count", count)));
            lines.extend(entries.take(MOST).map(|e| format!("  - {e}")));
            self.rest(lines, count);
        }
    }

    fn rest(&self, lines: &mut Vec<String>, count: usize) {
        if count > MOST {
            lines.push(format!("  {}", self.say("and-more", |args| args.set("count", count - MOST))));
        }
    }

    fn number(&self, figure: Figure) -> String {
        self.words.number(&figure.0)
    }

    fn end(&self, figure: Option<Figure>) -> String {
        figure.map_or("…".to_owned(), |f| self.number(f))
    }

    fn range(&self, lowest: Option<Figure>, highest: Option<Figure>) -> String {
        self.words.range(lowest.map(|f| f.0), highest.map(|f| f.0))
    }

    fn place(&self, place: Option<&Place>) -> String {
        place.map_or_else(String::new, |place| {
            self.say("place", |args| {
                args.set("line", place.line.to_string());
                args.set("column", place.column.clone());
            })
        })
    }

    fn quoted(&self, name: &str) -> String {
        self.say("quoted", |args| args.set("name", name.to_owned()))
    }

    fn finding(&self, finding: &Finding) -> String {
        let mut text = self.say("finding", |args| {
            args.set("cell", self.quoted(&finding.cell));
            args.set("place", self.place(finding.place.as_ref()));
            args.set("range", self.range(finding.lowest, finding.highest));
        });
        if finding.gravity == Gravity::Shown
            && let Some(printed) = finding.printed
        {
            text.push_str(&self.say("finding-printed", |args| args.set("value", self.printed(printed))));
        }
        if !finding.because.is_empty() {
            let causes: Vec<String> = finding.because.iter().take(6).map(|c| self.cause(c)).collect();
            let more = finding.because.len().saturating_sub(6);
            text.push_str(&self.say("because", |args| args.set("causes", causes.join("; "))));
            if more > 0 {
                text.push_str("; ");
                text.push_str(&self.say("and-more", |args| args.set("count", more)));
            }
        }
        if !finding.also.is_empty() {
            let causes: Vec<String> = finding.also.iter().take(6).map(|c| self.cause(c)).collect();
            text.push_str(&self.say("also-because", |args| args.set("causes", causes.join("; "))));
        }
        if !finding.objection {
            text.push_str(&self.say("no-objection", |_| {}));
        }
        text
    }

    /// A percentage keeps its printed decimals.
    fn printed(&self, figure: Figure) -> String {
        let text = figure.0.to_string();
        if self.words.is_french() { text.replace('.', ",") } else { text }
    }

    fn cause(&self, cause: &Cause) -> String {
        match cause {
            Cause::Sum { name, shown, left, parts } => {
                let mut sum = String::new();
                for (i, (plus, figure)) in shown.iter().enumerate() {
                    match (i, plus) {
                        (0, true) => {}
                        (_, true) => sum.push_str(" + "),
                        (0, false) => sum.push('−'),
                        (_, false) => sum.push_str(" − "),
                    }
                    if i < 8 || i + 2 > shown.len() {
                        sum.push_str(&self.number(*figure));
                    } else {
                        sum.truncate(sum.trim_end_matches([' ', '+', '−']).len());
                        if !sum.ends_with('…') {
                            sum.push_str(" − …");
                        }
                    }
                }
                self.say(if parts.len() == 1 { "cause-sum" } else { "cause-sum-shared" }, |args| {
                    args.set("name", self.quoted(name));
                    args.set("sum", sum);
                    args.set("left", self.number(*left));
                    args.set("parts", parts.len());
                })
            }
            Cause::Relation { name } => self.say("cause-relation", |args| args.set("name", self.quoted(name))),
            Cause::Printed { name, value, per, base, of } => {
                self.say(if *per == 100 { "cause-percentage" } else { "cause-rate" }, |args| {
                    args.set("value", self.printed(*value));
                    args.set("name", self.quoted(name));
                    args.set("per", *per);
                    args.set("base", of.map_or_else(|| self.quoted(base), |of| self.number(of)));
                })
            }
            Cause::Known { item, name } => {
                let item = self.item(*item);
                if name.is_empty() { item } else { format!("{item} ({name})") }
            }
        }
    }

    fn item(&self, item: Item) -> String {
        let id = match item {
            Item::Totals => "item-totals",
            Item::Whole => "item-whole",
            Item::Marks => "item-marks",
            Item::Rule => "item-rule",
            Item::Percentages => "item-percentages",
            Item::Order => "item-order",
            Item::Part => "item-part",
            Item::Earlier => "item-earlier",
            _ => "item-elsewhere",
        };
        self.say(id, |_| {})
    }

    fn set_together(&self, args: &mut FluentArgs<'_>, group: &Together) {
        let cells: Vec<String> = group.cells.iter().take(6).map(|c| self.quoted(c)).collect();
        let more = group.cells.len() - cells.len();
        let list = match cells.as_slice() {
            _ if more > 0 => format!("{} {}", cells.join(", "), self.say("and-more", |args| args.set("count", more))),
            [before @ .., last] if !before.is_empty() => {
                format!("{} {} {last}", before.join(", "), self.say("and", |_| {}))
            }
            all => all.join(", "),
        };
        args.set("name", self.quoted(&group.name));
        args.set("cells", list);
        args.set("count", group.cells.len());
        args.set("sum", self.range(group.lowest, group.highest));
        let alike = group.each.windows(2).all(|w| w[0] == w[1]);
        let each = if alike {
            let range = group.each.first().map_or_else(String::new, |e| self.range(e.0, e.1));
            self.say("each-alike", |args| args.set("range", range))
        } else {
            group.each.iter().take(6).map(|e| self.range(e.0, e.1)).collect::<Vec<_>>().join(", ")
        };
        args.set("each", each);
    }

    fn contradiction(&self, one: &Contradicted) -> String {
        let place = self.place(one.place.as_ref());
        let mut text = match &one.dispute {
            Disputed::Printed { value, per, count, base, of, computed, least, most } => {
                let id = match (count.is_some() && of.is_some(), *per == 100) {
                    (true, true) => "dispute-printed",
                    (true, false) => "dispute-rate",
                    (false, _) => "dispute-printed-hidden",
                };
                self.say(id, |args| {
                    args.set("name", self.quoted(&one.name));
                    args.set("place", place);
                    args.set("value", self.printed(*value));
                    args.set("per", *per);
                    args.set("count", self.end(*count));
                    args.set("base", of.map_or_else(|| self.quoted(base), |of| self.number(of)));
                    args.set("computed", computed.map_or("…".to_owned(), |c| self.printed(c)));
                    args.set("means", self.range(*least, *most));
                })
            }
            Disputed::Sum { given, computed } => {
                let gap = given.zip(*computed).map(|(g, c)| Figure(g.0 - c.0));
                self.say(if gap.is_some() { "dispute-sum" } else { "dispute-sum-hidden" }, |args| {
                    args.set("name", self.quoted(&one.name));
                    args.set("place", place);
                    args.set("given", self.end(*given));
                    args.set("computed", self.end(*computed));
                    args.set("difference", self.end(gap));
                })
            }
            Disputed::Same { other, first, second } => self.say("dispute-same", |args| {
                args.set("name", self.quoted(&one.name));
                args.set("other", self.quoted(other));
                args.set("first", self.number(*first));
                args.set("second", self.number(*second));
            }),
            Disputed::Statement { item } => self.say("dispute-statement", |args| {
                args.set("name", self.quoted(&one.name));
                args.set("item", self.item(*item));
            }),
        };
        for explanation in &one.explanations {
            text.push(' ');
            text.push_str(&self.explanation(explanation));
        }
        for implied in &one.implied {
            text.push(' ');
            text.push_str(&self.say("implied", |args| self.set_together(args, implied)));
        }
        text
    }

    fn explanation(&self, explanation: &Explained) -> String {
        match explanation {
            Explained::Regrouped { added, least, most } => {
                self.say(if *added { "explain-added" } else { "explain-taken" }, |args| {
                    args.set("range", self.range(Some(*least), Some(*most)));
                })
            }
            Explained::TotalIncludes { persons } => {
                self.say("explain-includes", |args| args.set("persons", self.number(*persons)))
            }
            Explained::Slip { cell, printed, meant } => {
                self.say(if cell.is_some() { "explain-slip" } else { "explain-slip-printed" }, |args| {
                    args.set("cell", cell.as_ref().map_or_else(String::new, |c| self.quoted(c)));
                    args.set("printed", self.printed(*printed));
                    args.set("meant", self.printed(*meant));
                })
            }
            Explained::RoundedBase { least, most } => self.say("explain-base", |args| {
                args.set("range", self.range(Some(*least), Some(*most)));
            }),
        }
    }

    fn unchecked(&self, what: &Unchecked) -> String {
        match what {
            Unchecked::Item { item } => self.say("unchecked-item", |args| args.set("item", self.item(*item))),
            Unchecked::LooksSorted { column, block, descending } => {
                let place = [block.as_str(), column.as_str()];
                let place: Vec<&str> = place.into_iter().filter(|p| !p.is_empty()).collect();
                let id = if place.is_empty() { "unchecked-sorted" } else { "unchecked-sorted-place" };
                self.say(id, |args| {
                    args.set("place", self.quoted(&place.join(" › ")));
                    args.set("order", if *descending { "descending" } else { "ascending" });
                })
            }
            Unchecked::NotTight { cells } => self.say("unchecked-tight", |args| args.set("cells", *cells)),
            Unchecked::NoRelations => self.say("unchecked-relations", |_| {}),
            Unchecked::OtherReleases => self.say("unchecked-releases", |_| {}),
            Unchecked::Insiders => self.say("unchecked-insiders", |_| {}),
        }
    }
}
