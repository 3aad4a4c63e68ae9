//! `PLAN.toml`: what a file cannot say of itself.
//!
//! ```toml
//! layout = "crosstab"            # or "long"; found by itself otherwise
//! labels = ["Bloc", "Modalité"]  # label columns; in a crosstab the last names the row, those before it the block
//! totals = ["Tout le monde"]     # labels that are totals, beside the usual ones (Total, Ensemble, …)
//! ignore = ["Code"]              # columns of figures that say nothing of persons, and stay as they are
//!
//! [[column]]                     # crosstab: a column of counts
//! header = "Région n"
//! name = "Région"                # what it is called below; the header otherwise
//! percent = "Région %"           # its column of percentages
//! rates = [{ header = "Taux", per = 1000, base = "Population" }]  # rates of another column; per = 1 for means
//!
//! [columns]                      # crosstab: what the columns are to each other
//! name = "Territoire"
//! sums = [{ total = "Québec", parts = ["Région", "Reste du Québec"] }]
//! undisplayed = ["Reste du Québec"]
//!
//! [[block]]                      # crosstab: what the rows of a block are to each other
//! name = "Admissions 2019 selon la langue"
//! sums = [{ total = "Total", parts = ["Déclarée", "Non disponible"] }]  # otherwise the total row sums the others
//! bases = [{ rows = ["Français"], base = "Déclarée" }]                  # otherwise percentages are of the total
//! no_total = false               # true: the rows are not summed
//!
//! [[same]]                       # one figure printed several times: [block, row]
//! cells = [["Admissions selon l'année", "2019"], ["Admissions 2019 selon le sexe", "Total"]]
//!
//! [[sorted]]                     # the rows stand in the order of a column's counts, and every reader sees it
//! column = "n"
//! order = "descending"           # or "ascending"
//! block = "Admissions"           # all blocks otherwise
//! rows = ["Alma", "Amos"]        # all rows but totals otherwise
//!
//! [[part]]                       # « dont »: a row that is a part of another
//! part = "dont femmes"
//! whole = "Total"
//! block = "Admissions"           # all blocks that have both rows otherwise
//!
//! [[structural_zero]]            # likewise must_show and must_hide; block, rows, columns left out mean all
//! rows = ["Montréal", "Laval"]
//! columns = ["HCMM"]
//!
//! # long files:
//! count = "n"                    # the column of counts
//! percent = "%"                  # its column of percentages
//! [[axis]]
//! columns = ["région", "MRC"]    # levels of a hierarchy, top first; one column for a flat axis
//! total = "Total"                # the label of all
//! known_totals = false           # true: totals that the file does not list are public elsewhere
//! sums = [{ total = "Urbain", parts = ["Alma", "Roberval"] }]           # one more hierarchy over the labels
//! undisplayed = ["Rural"]
//! ```

use serde::Deserialize;
use toml::Spanned;

use crate::error::{Error, Problem, Reason};
use crate::table::Order;

/// A plan, read from TOML. The default plan says nothing: the file's headings and labels speak.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    pub(super) said: Said,
    source: String,
    /// Labels given beside the plan, as by `--total`.
    pub(super) more_totals: Vec<String>,
    /// The file is one that was published: figures may be hidden in it.
    pub(super) published: bool,
}

pub(super) type Name = Spanned<String>;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Layout {
    Crosstab,
    Long,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Said {
    pub(super) layout: Option<Layout>,
    pub(super) labels: Option<Vec<Name>>,
    #[serde(default)]
    pub(super) totals: Vec<String>,
    #[serde(default)]
    pub(super) ignore: Vec<Name>,
    #[serde(default)]
    pub(super) column: Vec<Column>,
    pub(super) columns: Option<Columns>,
    #[serde(default)]
    pub(super) block: Vec<Block>,
    #[serde(default)]
    pub(super) same: Vec<Same>,
    #[serde(default)]
    pub(super) sorted: Vec<Sorted>,
    #[serde(default)]
    pub(super) part: Vec<PartRow>,
    #[serde(default)]
    pub(super) structural_zero: Vec<Chosen>,
    #[serde(default)]
    pub(super) must_show: Vec<Chosen>,
    #[serde(default)]
    pub(super) must_hide: Vec<Chosen>,
    pub(super) count: Option<Name>,
    pub(super) percent: Option<Name>,
    #[serde(default)]
    pub(super) axis: Vec<PlanAxis>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Column {
    pub(super) header: Name,
    pub(super) name: Option<String>,
    pub(super) percent: Option<Name>,
    #[serde(default)]
    pub(super) rates: Vec<Rate>,
}

/// A column of rates, `per` times the count over the count of another column.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rate {
    pub(super) header: Name,
    pub(super) per: u32,
    /// The column of the base, by its name in the plan.
    pub(super) base: Name,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sorted {
    pub(super) column: Name,
    pub(super) order: Order,
    pub(super) block: Option<Name>,
    #[serde(default)]
    pub(super) rows: Vec<Name>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PartRow {
    pub(super) part: Name,
    pub(super) whole: Name,
    pub(super) block: Option<Name>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Columns {
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) sums: Vec<Sum>,
    #[serde(default)]
    pub(super) undisplayed: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sum {
    pub(super) total: Name,
    pub(super) parts: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Block {
    pub(super) name: Option<Name>,
    #[serde(default)]
    pub(super) sums: Vec<Sum>,
    #[serde(default)]
    pub(super) bases: Vec<Base>,
    #[serde(default)]
    pub(super) no_total: bool,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Base {
    pub(super) rows: Vec<Name>,
    pub(super) base: Name,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Same {
    pub(super) cells: Vec<(Name, String)>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Chosen {
    pub(super) block: Option<Name>,
    #[serde(default)]
    pub(super) rows: Vec<Name>,
    #[serde(default)]
    pub(super) columns: Vec<Name>,
    /// Long files: one label an axis.
    #[serde(default)]
    pub(super) labels: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlanAxis {
    pub(super) columns: Vec<Name>,
    pub(super) total: Option<String>,
    #[serde(default)]
    pub(super) known_totals: bool,
    #[serde(default)]
    pub(super) sums: Vec<Sum>,
    #[serde(default)]
    pub(super) undisplayed: Vec<String>,
}

impl Plan {
    /// Reads a plan.
    ///
    /// # Errors
    /// TOML that does not parse, or keys that a plan does not have, with the line.
    pub fn read(text: &str) -> Result<Self, Error> {
        let text = text.trim_start_matches('\u{feff}');
        match toml::from_str::<Said>(text) {
            Ok(said) => Ok(Plan { said, source: text.to_owned(), more_totals: Vec::new(), published: false }),
            Err(error) => {
                let line = error.span().map(|s| line_at(text, s.start));
                Err(Error::input(vec![Problem::Plan { line, reason: error.message().into() }]))
            }
        }
    }

    /// Names one more label that is a total wherever it stands.
    #[must_use]
    pub fn total(mut self, label: impl Into<String>) -> Self {
        self.more_totals.push(label.into());
        self
    }

    /// The same plan, for a file that was published.
    pub(super) fn of_published(&self) -> Self {
        Plan { published: true, ..self.clone() }
    }

    /// Parts of the plan that this layout would pass over: what was said and not heard could be a relation.
    pub(super) fn unheard(&self, layout: Layout) -> Vec<Problem> {
        let said = &self.said;
        let chosen = || said.structural_zero.iter().chain(&said.must_show).chain(&said.must_hide);
        let (name, parts) = match layout {
            Layout::Crosstab => ("crosstab", vec![("labels = … of a cell", chosen().any(|c| !c.labels.is_empty()))]),
            Layout::Long => (
                "long",
                vec![
                    ("[[column]]", !said.column.is_empty()),
                    ("[columns]", said.columns.is_some()),
                    ("[[block]]", !said.block.is_empty()),
                    ("[[same]]", !said.same.is_empty()),
                    ("[[sorted]]", !said.sorted.is_empty()),
                    ("[[part]]", !said.part.is_empty()),
                    (
                        "block, rows, columns of a cell",
                        chosen().any(|c| c.block.is_some() || !c.rows.is_empty() || !c.columns.is_empty()),
                    ),
                ],
            ),
        };
        let unheard = parts.into_iter().filter(|p| p.1);
        unheard
            .map(|(section, _)| {
                let reason = Reason::NotForLayout { section: section.to_owned(), layout: name.to_owned() };
                Problem::Plan { line: None, reason }
            })
            .collect()
    }

    /// A problem at a name of the plan.
    pub(super) fn problem(&self, name: &Name, reason: impl Into<Reason>) -> Problem {
        Problem::Plan { line: Some(line_at(&self.source, name.span().start)), reason: reason.into() }
    }

    /// Whether a label is a total, by the plan or by custom.
    pub(super) fn is_total(&self, label: &str) -> bool {
        let label = label.trim();
        self.more_totals.iter().chain(&self.said.totals).any(|t| t.trim() == label) || is_usual_total(label)
    }
}

fn line_at(text: &str, offset: usize) -> usize {
    text.get(..offset).map_or(1, |t| t.matches('\n').count() + 1)
}

fn is_usual_total(label: &str) -> bool {
    let label = label.to_lowercase();
    let first = label.split(|c: char| !c.is_alphanumeric()).find(|w| !w.is_empty()).unwrap_or("");
    let usual = ["total", "totaux", "ensemble", "somme", "tous", "toutes", "all"];
    first == "total" || first == "ensemble" || usual.contains(&label.as_str()) || label == "grand total"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_the_line() {
        let error = Plan::read("layout = \"long\"\ntotls = []\n").unwrap_err();
        assert!(error.to_string().contains("line 2"), "{error}");
        assert!(error.to_string().contains("totls"), "{error}");
        assert!(Plan::read("layout = \"cube\"").unwrap_err().to_string().contains("line 1"));
    }

    #[test]
    fn totals_by_custom() {
        let plan = Plan::default().total("Tout le monde");
        for label in ["Total", "total", "TOTAL", "Ensemble", "Tous", "Total des cinq dernières années", "Tout le monde"]
        {
            assert!(plan.is_total(label), "{label}");
        }
        for label in ["Toussaint", "Totalité", "Montréal", "Tous les jours"] {
            assert!(!plan.is_total(label), "{label}");
        }
    }
}
