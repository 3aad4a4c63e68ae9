//! What the columns of a file are, from its headings, its fields and the plan.

use std::collections::BTreeSet;

use super::Grid;
use super::numbers::{self, Field};
use super::plan::{Layout, Name, Plan};
use crate::error::{Error, Problem, Reason};

/// A column of counts, with its column of percentages if it has one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CountColumn {
    pub(super) field: usize,
    pub(super) name: String,
    pub(super) percent: Option<usize>,
    /// Columns of rates: field, per how many, and the name of the base's column.
    pub(super) rates: Vec<(usize, u32, String)>,
}

/// The columns of a file and the records that hold its rows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Heading {
    pub(super) layout: Layout,
    pub(super) names: Vec<String>,
    pub(super) labels: Vec<usize>,
    pub(super) counts: Vec<CountColumn>,
    /// Numbers of the records that are rows of the table.
    pub(super) rows: Vec<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Label,
    Count,
    Percent,
}

impl Heading {
    pub(super) fn read(grid: &Grid, plan: &Plan) -> Result<Self, Error> {
        let records = grid.records();
        let filled = |r: usize| records[r].fields.iter().filter(|f| !f.trim().is_empty()).count();
        let Some(head) = (0..records.len()).find(|&r| filled(r) >= 2) else {
            return Err(fault(Reason::NoHeadings));
        };
        let names: Vec<String> = records[head].fields.iter().map(|f| f.trim().to_owned()).collect();
        let body: Vec<usize> = (head + 1..records.len()).filter(|&r| !records[r].is_blank()).collect();
        let kinds = kinds(grid, &names, &body);
        let mut heading = match plan.said.layout {
            _ if !plan.said.axis.is_empty() || plan.said.count.is_some() => long(&names, &kinds, plan)?,
            Some(Layout::Long) => long(&names, &kinds, plan)?,
            _ if !plan.said.column.is_empty() => planned_crosstab(&names, plan)?,
            layout => guessed(grid, &names, &kinds, &body, plan, layout)?,
        };
        let mut untold = untold(grid, &names, &heading, &body, plan)?;
        untold.extend(plan.unheard(heading.layout));
        if !untold.is_empty() {
            return Err(Error::input(untold));
        }
        heading.names = names;
        heading.rows = rows(grid, &heading, &body, plan);
        let ragged = ragged(grid, &heading);
        if !ragged.is_empty() {
            return Err(Error::input(ragged));
        }
        if heading.rows.is_empty() {
            return Err(fault(Reason::NoFigures));
        }
        Ok(heading)
    }
}

fn fault(reason: Reason) -> Error {
    Error::input(vec![Problem::File { reason }])
}

/// Columns with figures that nobody says what they are: left as they are, they could give hidden figures away.
fn untold(
    grid: &Grid,
    names: &[String],
    heading: &Heading,
    body: &[usize],
    plan: &Plan,
) -> Result<Vec<Problem>, Error> {
    let mut problems = Vec::new();
    let ignored: Vec<usize> = plan.said.ignore.iter().filter_map(|n| find(names, n, plan, &mut problems)).collect();
    if !problems.is_empty() {
        return Err(Error::input(problems));
    }
    let told = |column: &usize| {
        heading.labels.contains(column)
            || ignored.contains(column)
            || heading.counts.iter().any(|c| c.field == *column || c.percent == Some(*column))
            || heading.counts.iter().any(|c| c.rates.iter().any(|r| r.0 == *column))
    };
    let widest = body.iter().map(|&r| grid.records()[r].fields.len()).max().unwrap_or(0);
    let holds_figures = |column: &usize| {
        body.iter().any(|&r| matches!(numbers::read(grid.records()[r].field(*column)), Field::Figure(_)))
    };
    let untold = (0..widest.max(names.len())).filter(|c| !told(c)).filter(holds_figures);
    Ok(untold
        .map(|column| {
            let name = names.get(column).filter(|n| !n.is_empty());
            let column = name.cloned().unwrap_or_else(|| (column + 1).to_string());
            Problem::File { reason: Reason::Untold { column } }
        })
        .collect())
}

/// Rows that end before their last figure: something was lost, or the separator stands inside a field.
fn ragged(grid: &Grid, heading: &Heading) -> Vec<Problem> {
    let needed = heading.counts.iter().map(|c| c.field + 1).max().unwrap_or(0);
    let short = heading.rows.iter().map(|&r| &grid.records()[r]).filter(|r| r.fields.len() < needed);
    short
        .map(|record| Problem::Text {
            line: record.line,
            column: None,
            text: record.fields.first().cloned().unwrap_or_default(),
            reason: Reason::Ragged { fields: record.fields.len(), expected: heading.names.len() },
        })
        .collect()
}

/// Lines of figures; lines of text under the table are notes and stay as they are.
fn rows(grid: &Grid, heading: &Heading, body: &[usize], plan: &Plan) -> Vec<usize> {
    let records = grid.records();
    let figures = |r: usize| {
        let fields = heading.counts.iter().flat_map(|c| [Some(c.field), c.percent]).flatten();
        fields.filter(|&f| numbers::read(records[r].field(f)) != Field::Blank).count()
    };
    let last = body.iter().rposition(|&r| figures(r) > 0);
    let total = |r: usize| heading.labels.iter().any(|&l| plan.is_total(records[r].field(l)));
    let ended = last.is_some_and(|l| body[..=l].iter().any(|&r| total(r)));
    let is_note = |at: usize, r: usize| last.is_none_or(|l| at > l) && (ended || records[r].fields.len() < 2);
    body.iter().enumerate().filter(|&(at, &r)| !is_note(at, r)).map(|b| *b.1).collect()
}

fn kinds(grid: &Grid, names: &[String], body: &[usize]) -> Vec<Kind> {
    let mut leading = true;
    (0..names.len())
        .map(|column| {
            let fields: Vec<Field> = body.iter().map(|&r| numbers::read(grid.records()[r].field(column))).collect();
            let figures: Vec<_> =
                fields.iter().filter_map(|f| if let Field::Figure(f) = f { Some(*f) } else { None }).collect();
            let texts = fields.iter().filter(|f| **f == Field::Text).count();
            let marks: BTreeSet<&str> = body
                .iter()
                .map(|&r| grid.records()[r].field(column))
                .filter(|f| matches!(numbers::read(f), Field::Mark(_)))
                .collect();
            // Letters like F and c are labels too; the marks of hidden figures are all alike.
            let named = figures.is_empty() && (texts > 0 || marks.len() > 1);
            leading &= column == 0 || texts > figures.len() || named;
            if leading {
                Kind::Label
            } else if names[column].contains('%')
                || figures.iter().any(|f| f.percent)
                || figures.iter().any(|f| !f.value.fract().is_zero() || f.value.scale() > 0)
            {
                Kind::Percent
            } else {
                Kind::Count
            }
        })
        .collect()
}

fn find(names: &[String], name: &Name, plan: &Plan, problems: &mut Vec<Problem>) -> Option<usize> {
    let found: Vec<usize> = (0..names.len()).filter(|&i| names[i] == name.get_ref().trim()).collect();
    match found.as_slice() {
        [one] => Some(*one),
        [] => {
            let reason = Reason::NoColumn { name: name.get_ref().clone(), columns: names.join(", ") };
            problems.push(plan.problem(name, reason));
            None
        }
        _ => {
            problems.push(plan.problem(name, Reason::ColumnTwice { name: name.get_ref().clone() }));
            None
        }
    }
}

fn planned_crosstab(names: &[String], plan: &Plan) -> Result<Heading, Error> {
    let mut problems = Vec::new();
    let labels: Vec<usize> = match &plan.said.labels {
        Some(labels) => labels.iter().filter_map(|l| find(names, l, plan, &mut problems)).collect(),
        None => vec![0],
    };
    let mut counts = Vec::new();
    for column in &plan.said.column {
        let field = find(names, &column.header, plan, &mut problems);
        let percent = column.percent.as_ref().and_then(|p| find(names, p, plan, &mut problems));
        let name = column.name.clone().unwrap_or_else(|| column.header.get_ref().clone());
        let mut rates = Vec::new();
        for rate in &column.rates {
            let base = rate.base.get_ref().trim();
            let named = |c: &super::plan::Column| c.name.as_deref().unwrap_or(c.header.get_ref()).trim() == base;
            if !plan.said.column.iter().any(named) {
                let columns = plan.said.column.iter().map(|c| c.name.as_ref().unwrap_or(c.header.get_ref()).as_str());
                let columns = columns.collect::<Vec<_>>().join(", ");
                problems.push(plan.problem(&rate.base, Reason::NoColumn { name: base.to_owned(), columns }));
            }
            let header = find(names, &rate.header, plan, &mut problems);
            rates.extend(header.map(|field| (field, rate.per, base.to_owned())));
        }
        counts.extend(field.map(|field| CountColumn { field, name, percent, rates }));
    }
    if !problems.is_empty() {
        return Err(Error::input(problems));
    }
    Ok(Heading { layout: Layout::Crosstab, names: Vec::new(), labels, counts, rows: Vec::new() })
}

fn long(names: &[String], kinds: &[Kind], plan: &Plan) -> Result<Heading, Error> {
    let mut problems = Vec::new();
    let count = match &plan.said.count {
        Some(count) => find(names, count, plan, &mut problems),
        None => {
            let last = (0..names.len()).rev().find(|&c| kinds[c] == Kind::Count);
            if last.is_none() {
                problems.push(Problem::File { reason: Reason::NoCountColumn });
            }
            last
        }
    };
    let percent = match &plan.said.percent {
        Some(percent) => find(names, percent, plan, &mut problems),
        None => count.and_then(|c| (c + 1..names.len()).find(|&p| kinds[p] == Kind::Percent)),
    };
    let named: Vec<&Name> =
        plan.said.axis.iter().flat_map(|a| &a.columns).chain(plan.said.labels.iter().flatten()).collect();
    let labels: Vec<usize> = if named.is_empty() {
        (0..count.unwrap_or(0)).collect()
    } else {
        named.into_iter().filter_map(|n| find(names, n, plan, &mut problems)).collect()
    };
    match count {
        Some(field) if problems.is_empty() => {
            let counts = vec![CountColumn { field, name: names[field].clone(), percent, rates: Vec::new() }];
            Ok(Heading { layout: Layout::Long, names: Vec::new(), labels, counts, rows: Vec::new() })
        }
        _ => Err(Error::input(problems)),
    }
}

/// Headings that usually stand over the counts of a long file.
const COUNT_NAMES: [&str; 9] =
    ["n", "count", "nombre", "effectif", "effectifs", "freq", "fréquence", "valeur", "nombre de personnes"];

fn guessed(
    grid: &Grid,
    names: &[String],
    kinds: &[Kind],
    body: &[usize],
    plan: &Plan,
    layout: Option<Layout>,
) -> Result<Heading, Error> {
    let of = |kind: Kind| (0..names.len()).filter(move |&c| kinds[c] == kind);
    let mut labels: Vec<usize> = of(Kind::Label).collect();
    if let Some(said) = &plan.said.labels {
        let mut problems = Vec::new();
        labels = said.iter().filter_map(|l| find(names, l, plan, &mut problems)).collect();
        if !problems.is_empty() {
            return Err(Error::input(problems));
        }
    }
    let counts: Vec<usize> = of(Kind::Count).filter(|c| !labels.contains(c)).collect();
    if layout != Some(Layout::Crosstab) {
        let repeats = |columns: &[usize]| {
            let mut seen = BTreeSet::new();
            body.iter().any(|&r| !seen.insert(columns.iter().map(|&c| grid.records()[r].field(c)).collect::<Vec<_>>()))
        };
        let several = labels.len() >= 2 && counts.len() == 1;
        // Codes in the label columns look like counts; the heading of the last column tells.
        let coded = counts.last().is_some_and(|&last| {
            let before: Vec<usize> = (0..last).collect();
            COUNT_NAMES.contains(&names[last].to_lowercase().as_str())
                && before.iter().all(|&c| kinds[c] != Kind::Percent && repeats(&[c]))
                && !repeats(&before)
        });
        if several || coded {
            return long(names, kinds, plan);
        }
    }
    if labels.len() > 1 && plan.said.labels.is_none() {
        let list = |columns: &[usize]| columns.iter().map(|&c| names[c].as_str()).collect::<Vec<_>>().join(", ");
        return Err(fault(Reason::NeedsPlan { labels: list(&labels), counts: list(&counts) }));
    }
    let percent_of = |count: usize| {
        let next = (count + 1..names.len()).find(|&c| kinds[c] != Kind::Percent).unwrap_or(names.len());
        (count + 1 < next).then_some(count + 1)
    };
    let counts: Vec<CountColumn> = counts
        .into_iter()
        .map(|field| CountColumn { field, name: names[field].clone(), percent: percent_of(field), rates: Vec::new() })
        .collect();
    let tied: Vec<usize> = counts.iter().filter_map(|c| c.percent).collect();
    if let Some(alone) = of(Kind::Percent).find(|c| !tied.contains(c)) {
        return Err(fault(Reason::DecimalsAlone { column: names[alone].clone() }));
    }
    if counts.is_empty() {
        return Err(fault(Reason::NoCountColumn));
    }
    Ok(Heading { layout: Layout::Crosstab, names: Vec::new(), labels, counts, rows: Vec::new() })
}
