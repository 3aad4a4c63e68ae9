//! The confidential record of why each cell is hidden, with proofs; and a view of it that may leave the house.
//!
//! Serialised form: `caviardage-trail/2`, described at [`Trail`].

mod attestation;
mod checked;
mod digest;
mod explained;
mod layout;
mod log;

use serde::{Deserialize, Serialize};

pub use attestation::{Attestation, Reader};
pub use checked::Checked;
pub use explained::{Counted, Explained, Explanation, Ground, Known, Line, Step};
pub use log::{Log, LogEntry, START};

use crate::error::{Error, TrailFault};
use crate::pattern::Pattern;
use crate::policy::{Policy, Rule};
use crate::relations::{Bound, Needed, Witness};
use crate::release::Release;
use crate::solver::Outcome;
use crate::table::{CellId, Key, Record};
use crate::verify::{self, Verified};

/// The version of the serialised form.
pub const SCHEMA: &str = "caviardage-trail/2";

const CONFIDENTIAL: &str = "CONFIDENTIEL : contient des données masquées. Ne pas diffuser. / \
                            CONFIDENTIAL: holds withheld figures. Do not release.";

/// The record of one suppression. **Confidential**: it holds hidden counts, and its witnesses narrow them.
///
/// It is whole: the table, the policy, what is hidden and why, and every proof, so that [`Trail::verify`], or any other
/// program, checks it from the file alone. Cells and rows are told by number, in the order of `table`; amounts are in its
/// unit.
///
/// Serialised, in this order:
///
/// | member | what it is |
/// |---|---|
/// | `confidential`, `schema`, `version` | a sentence, `caviardage-trail/2`, the version of this crate |
/// | `digests` | SHA-256, in hexadecimal, of the JSON without spaces of `table`, `policy` and the [`Release`]; of the files as read and written, where there were files |
/// | `policy` | the rule |
/// | `table` | the whole table: a [`Record`] |
/// | `hidden` | one entry a hidden cell: number, name, count, whether the table displays it, `reason` |
/// | `printed` | `[percentage, decimals]` of those printed beside hidden counts |
/// | `witnesses` | each `terms`, `[cell, change]`, over a `denominator`: tables that the reader cannot rule out |
/// | `needed` | for each complementary cell, who falls without it and the proof: [`Needed`] |
/// | `cost`, `lower_bound`, `outcome`, `work` | how the search ended |
/// | `bound` | the proof of the lower bound, or of as much of it as a file carries: [`Bound`] |
/// | `seal` | SHA-256 of the JSON without spaces of all that stands before |
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trail {
    confidential: String,
    schema: String,
    version: String,
    digests: Digests,
    policy: Policy,
    table: Record,
    hidden: Vec<HiddenCell>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    printed: Vec<(usize, u32)>,
    witnesses: Vec<Witness>,
    needed: Vec<Needed>,
    cost: u64,
    lower_bound: u64,
    outcome: Outcome,
    work: u64,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    bound: Option<Bound>,
    #[serde(skip_serializing_if = "String::is_empty", default)]
    seal: String,
}

/// SHA-256, in hexadecimal, of what a trail speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Digests {
    /// Of the table's record.
    pub table: String,
    /// Of the policy.
    pub policy: String,
    /// Of the release.
    pub release: String,
    /// Of the file that was read, byte for byte.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub input_file: Option<String>,
    /// Of the file that was written, byte for byte.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub release_file: Option<String>,
}

/// How a search ended, for the record.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    /// Why each complementary cell is needed.
    pub needed: Vec<Needed>,
    /// What no pattern costs less than, as the search computed it in integers.
    pub lower_bound: u64,
    /// The proof of that, or of less.
    pub bound: Option<Bound>,
    /// How it ended.
    pub outcome: Outcome,
    /// Work done, in steps of the engines.
    pub work: u64,
}

/// A hidden cell, with its count and its reason. Confidential.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HiddenCell {
    /// Its number in the table's order.
    pub cell: usize,
    /// The block it is in; empty where there is only one.
    pub table: String,
    /// One label an axis.
    pub labels: Vec<String>,
    /// Its count, in the unit.
    pub count: i64,
    /// Whether the table displays it.
    pub displayed: bool,
    /// Why it is hidden.
    pub reason: Reason,
}

/// Why a cell is hidden.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "kind")]
pub enum Reason {
    /// The rule hides it.
    Primary {
        /// Which rule.
        rule: Rule,
        /// The threshold that its count is below, in the unit.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        below: Option<i64>,
    },
    /// Shown alone, all else equal, it would let this primary cell fall.
    Complementary {
        /// The number of that primary cell.
        protects: usize,
    },
    /// The table declares that it must be hidden.
    Declared,
    /// The table does not display it, but a reader computes it when all around it is shown.
    Undisplayed,
}

impl Trail {
    /// The trail of a verified pattern and its release.
    pub(crate) fn new(verified: &Verified<'_>, release: &Release, search: Search) -> Self {
        let record = Record::of(verified.table());
        let mut trail = Trail {
            confidential: CONFIDENTIAL.to_owned(),
            schema: SCHEMA.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            digests: Digests {
                table: digest::of(&record),
                policy: digest::of(verified.policy()),
                release: digest::of(release),
                input_file: None,
                release_file: None,
            },
            policy: verified.policy().clone(),
            table: record,
            hidden: hidden(verified, &search.needed),
            printed: verified.pattern().printed().collect(),
            witnesses: verified.witnesses().to_vec(),
            needed: search.needed,
            cost: verify::cost(verified),
            lower_bound: search.lower_bound,
            outcome: search.outcome,
            work: search.work,
            bound: search.bound,
            seal: String::new(),
        };
        trail.seal = digest::of(&trail);
        trail
    }

    /// The same trail, which also tells the files that were read and written.
    #[must_use]
    pub fn of_files(mut self, input: &[u8], release: &[u8]) -> Self {
        self.digests.input_file = Some(digest::of_bytes(input));
        self.digests.release_file = Some(digest::of_bytes(release));
        self.sealed()
    }

    fn sealed(mut self) -> Self {
        self.seal = String::new();
        self.seal = digest::of(&self);
        self
    }

    /// The trail as a file: JSON, one line an entry.
    pub fn to_json(&self) -> String {
        layout::write(self)
    }

    /// Reads a trail. Nothing of it is believed before [`verify`](Self::verify).
    ///
    /// # Errors
    /// Text that is no trail of this version.
    pub fn read(text: &str) -> Result<Self, Error> {
        let fault = Error::of_trail;
        #[derive(Deserialize)]
        struct Head {
            schema: String,
        }
        let head: Head = serde_json::from_str(text).map_err(|e| fault(TrailFault::Unreadable(e.to_string())))?;
        if head.schema != SCHEMA {
            return Err(fault(TrailFault::Schema { found: head.schema, expected: SCHEMA }));
        }
        serde_json::from_str(text).map_err(|e| fault(TrailFault::Unreadable(e.to_string())))
    }

    /// The pattern, with the percentages that are printed beside hidden counts.
    pub fn pattern(&self) -> Pattern {
        let pattern = Pattern::hiding(self.table.cells.len(), self.hidden.iter().map(|h| CellId(h.cell)));
        self.printed.iter().fold(pattern, |pattern, &(percentage, decimals)| pattern.printing(percentage, decimals))
    }

    /// Every hidden cell with its reason, in the table's order.
    pub fn hidden(&self) -> &[HiddenCell] {
        &self.hidden
    }

    /// How many cells the rule hides, undisplayed ones included.
    pub fn primaries(&self) -> usize {
        self.hidden.iter().filter(|h| matches!(h.reason, Reason::Primary { .. })).count()
    }

    /// How many displayed cells are hidden to protect others.
    pub fn complements(&self) -> usize {
        self.hidden.iter().filter(|h| matches!(h.reason, Reason::Complementary { .. } | Reason::Declared)).count()
    }

    /// The witnesses that were added up.
    pub fn witnesses(&self) -> &[crate::relations::Witness] {
        &self.witnesses
    }

    /// What the complementary cells cost together, in the policy's cost.
    pub fn cost(&self) -> u64 {
        self.cost
    }

    /// No pattern that keeps the promise costs less than this.
    pub fn lower_bound(&self) -> u64 {
        self.lower_bound
    }

    /// How the search ended.
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// The policy.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// SHA-256 of the table, the policy, the release and the files.
    pub fn digests(&self) -> &Digests {
        &self.digests
    }

    /// The table, as it is written in the trail.
    pub fn table(&self) -> &Record {
        &self.table
    }

    /// Why each complementary cell is needed, by cell.
    pub fn needed(&self) -> &[Needed] {
        &self.needed
    }

    /// The proof of the lower bound, or of as much of it as was kept.
    pub fn bound(&self) -> Option<&Bound> {
        self.bound.as_ref()
    }

    /// SHA-256 of all else in the trail.
    pub fn seal(&self) -> &str {
        &self.seal
    }

    /// The cell's entry, if it is hidden.
    pub fn find(&self, key: impl Into<Key>) -> Option<&HiddenCell> {
        let key = key.into();
        self.hidden.iter().find(|h| h.table == key.block() && h.labels == key.labels())
    }

    /// The cell's entry, by number.
    pub fn entry(&self, cell: CellId) -> Option<&HiddenCell> {
        let at = self.hidden.binary_search_by_key(&cell.index(), |h| h.cell).ok()?;
        self.hidden.get(at)
    }
}

/// One entry a hidden cell. What hides it is read from the policy, and from the proofs of need.
fn hidden(verified: &Verified<'_>, needed: &[Needed]) -> Vec<HiddenCell> {
    let table = verified.table();
    let mut primaries = verified.assessment().primaries().iter().peekable();
    let mut needed = needed.iter().peekable();
    let entry = |cell: CellId| {
        while needed.next_if(|n| n.cell < cell.index()).is_some() {}
        let reason = if let Some(p) = primaries.next_if(|p| p.cell == cell) {
            Reason::Primary { rule: p.rule, below: p.fact.below }
        } else if !table.is_displayed(cell) {
            Reason::Undisplayed
        } else if let Some(need) = needed.peek().filter(|n| n.cell == cell.index()) {
            Reason::Complementary { protects: need.falls }
        } else {
            Reason::Declared
        };
        let key = table.key(cell);
        HiddenCell {
            cell: cell.index(),
            table: key.block().to_owned(),
            labels: key.labels().to_vec(),
            count: table.count(cell),
            displayed: table.is_displayed(cell),
            reason,
        }
    };
    verified.pattern().hidden().map(entry).collect()
}
