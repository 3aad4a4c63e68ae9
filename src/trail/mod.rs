//! The confidential record of why each cell is hidden, with proofs; and a view of it that may leave the house.
//!
//! Serialised form: `caviardage-trail/1`, described at [`Trail`].

mod digest;

use serde::{Deserialize, Serialize};

use crate::policy::{Policy, Rule};
use crate::solver::{Outcome, Solution};
use crate::table::{CellId, Key};
use crate::verify::Verified;

/// The version of the serialised form.
pub const SCHEMA: &str = "caviardage-trail/1";

/// The record of one suppression. **Confidential**: it holds hidden counts, and its witnesses narrow them.
///
/// Serialised, in this order: `confidential`, a sentence saying so; `schema`; `version` of this crate; `input`, SHA-256 of
/// the table (see [`Trail::input_digest`]); `policy` and `policy_digest`; `decimals` of the unit; `hidden`, one entry a
/// hidden cell with its number in the table's order, its name, its count in the unit, whether the table displays it, and
/// its `reason`; `witnesses`, each a list of `[cell number, change]` and what the changes are divided by; `cost`,
/// `lower_bound`, `outcome`, `work`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trail {
    confidential: String,
    schema: String,
    version: String,
    input: String,
    policy: Policy,
    policy_digest: String,
    decimals: u32,
    cells: usize,
    hidden: Vec<HiddenCell>,
    witnesses: Vec<crate::relations::Witness>,
    cost: u64,
    lower_bound: u64,
    outcome: Outcome,
    work: u64,
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

/// What may be said of a trail outside the house: nothing that narrows a hidden count beyond the release itself.
///
/// The cost is left out on purpose: it is a sum of hidden counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attestation {
    schema: String,
    version: String,
    rule: String,
    threshold: i64,
    zeros: crate::policy::Zeros,
    protection: String,
    hidden: usize,
    checked: Vec<String>,
}

impl Trail {
    pub(crate) fn new(verified: &Verified<'_>, found: &Solution) -> Self {
        let table = verified.table();
        let assessment = verified.assessment();
        let mut primaries = assessment.primaries().iter().peekable();
        let mut falls = found.falls.iter().peekable();
        let mut hidden = Vec::new();
        for cell in verified.pattern().hidden() {
            while falls.next_if(|f| f.0 < cell.index()).is_some() {}
            let reason = if let Some(p) = primaries.next_if(|p| p.cell == cell) {
                Reason::Primary { rule: p.rule, below: p.fact.below }
            } else if !table.is_displayed(cell) {
                Reason::Undisplayed
            } else if let Some(&&(_, protects)) = falls.peek().filter(|f| f.0 == cell.index()) {
                Reason::Complementary { protects }
            } else {
                Reason::Declared
            };
            let key = table.key(cell);
            hidden.push(HiddenCell {
                cell: cell.index(),
                table: key.block().to_owned(),
                labels: key.labels().to_vec(),
                count: table.count(cell),
                displayed: table.is_displayed(cell),
                reason,
            });
        }
        Trail {
            confidential: "CONFIDENTIEL : contient des données masquées. Ne pas diffuser. / \
                           CONFIDENTIAL: holds withheld figures. Do not release."
                .to_owned(),
            schema: SCHEMA.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            input: digest::of_table(table),
            policy: verified.policy().clone(),
            policy_digest: digest::of_policy(verified.policy()),
            decimals: table.decimals(),
            cells: table.len(),
            hidden,
            witnesses: verified.witnesses().to_vec(),
            cost: found.cost,
            lower_bound: found.bound,
            outcome: found.outcome,
            work: found.work,
        }
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

    /// SHA-256 of the table, in hexadecimal: of its labels, counts, relations, declarations and percentages, each with
    /// its length before it.
    pub fn input_digest(&self) -> &str {
        &self.input
    }

    /// The cell's entry, if it is hidden.
    pub fn find(&self, key: impl Into<Key>) -> Option<&HiddenCell> {
        let key = key.into();
        self.hidden.iter().find(|h| h.table == key.block() && h.labels == key.labels())
    }

    /// The cell's entry, by number.
    pub fn entry(&self, cell: CellId) -> Option<&HiddenCell> {
        self.hidden.iter().find(|h| h.cell == cell.index())
    }

    /// A view without any hidden count, or what would give one away.
    pub fn releasable(&self) -> Attestation {
        let protection = match self.policy.asked_protection() {
            crate::policy::Protection::Threshold => "threshold",
            crate::policy::Protection::Exact => "exact",
            crate::policy::Protection::Interval(..) => "interval",
        };
        Attestation {
            schema: "caviardage-attestation/1".to_owned(),
            version: self.version.clone(),
            rule: self.policy.name.clone(),
            threshold: self.policy.threshold_count(),
            zeros: self.policy.treats_zeros(),
            protection: protection.to_owned(),
            hidden: self.hidden.iter().filter(|h| h.displayed).count(),
            checked: vec![
                "Chaque donnée masquée par la règle a été vérifiée en nombres entiers contre tous les totaux."
                    .to_owned(),
                "Every figure that the rule hides was checked in whole numbers against all totals.".to_owned(),
            ],
        }
    }
}
