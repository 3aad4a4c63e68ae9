//! What may be said of a trail outside the house.

use serde::{Deserialize, Serialize};

use super::{Trail, digest};
use crate::policy::{Percentages, Policy, Protection, Zeros};
use crate::release::Release;

/// What may leave the house beside a release: what was checked, against which reader, with which result.
///
/// It is made from the release and the public part of the policy alone, so it cannot tell more of a hidden count than
/// they do: no cost (a sum of hidden counts), no number of primary cells (where it equals that of hidden ones, all are
/// small), no digest of the table (that of a small table can be searched), no outcome of the search (that a pattern is
/// the cheapest says something of what it hides). [`Attestation::fits`] makes it again from the release that anyone holds.
///
/// Serialised: `schema`, `version`, `rule`, `threshold`, `zeros`, `protection`, `percentages`, `release` (SHA-256 of the
/// release's JSON without spaces), `release_file` (of the file, where one was written), `hidden` (how many displayed cells
/// are), `reader`, `result`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attestation {
    schema: String,
    version: String,
    rule: String,
    threshold: i64,
    zeros: Zeros,
    protection: String,
    percentages: Percentages,
    release: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    release_file: Option<String>,
    hidden: usize,
    reader: Reader,
    result: Vec<String>,
}

/// What the reader was taken to know beside the shown figures and the threshold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reader {
    /// How many sums tie the displayed figures.
    pub sums: usize,
    /// Whether figures are whole numbers.
    pub whole: bool,
    /// That a hidden figure is at least one, where zeros are published.
    pub at_least_one: bool,
    /// Structural zeros.
    pub structural_zeros: usize,
    /// Percentages, rates and means that are shown.
    pub percentages: usize,
    /// Orders, parts, earlier figures and other facts that were declared.
    pub facts: usize,
}

impl Attestation {
    fn of(release: &Release, policy: &Policy, version: &str, release_file: Option<&String>) -> Self {
        let protection = match policy.asked_protection() {
            Protection::Threshold => "threshold",
            Protection::Exact => "exact",
            Protection::Interval(..) => "interval",
        };
        let result = match policy.asked_protection() {
            Protection::Threshold => [
                "Pour chaque donnée masquée par la règle, un tableau que le lecteur ne peut écarter lui donne le seuil \
                 ou davantage; chacun a été additionné en nombres entiers.",
                "For every figure that the rule hides, a table that the reader cannot rule out gives it the threshold or \
                 more; each was added up in whole numbers.",
            ],
            _ => [
                "Pour chaque donnée masquée par la règle, l’intervalle qui reste possible est aussi large que demandé; \
                 chaque borne a été additionnée exactement.",
                "For every figure that the rule hides, the interval that remains possible is as wide as asked; each end \
                 was added up exactly.",
            ],
        };
        let sums = release.tables().iter().map(|t| t.axes.iter().map(|a| a.sums.len()).sum::<usize>()).sum::<usize>();
        Attestation {
            schema: "caviardage-attestation/2".to_owned(),
            version: version.to_owned(),
            rule: policy.name.clone(),
            threshold: policy.threshold_count(),
            zeros: policy.treats_zeros(),
            protection: protection.to_owned(),
            percentages: policy.treats_percentages(),
            release: digest::of(release),
            release_file: release_file.cloned(),
            hidden: release.hidden(),
            reader: Reader {
                sums: sums + release.relations().len(),
                whole: release.decimals() == 0,
                at_least_one: policy.treats_zeros() == Zeros::Publish,
                structural_zeros: release.structural_zeros().len(),
                percentages: release.percentages().len(),
                facts: release.known().len(),
            },
            result: result.map(str::to_owned).to_vec(),
        }
    }

    /// Whether this is what a release and a policy give: the attestation of that release, and nothing besides.
    pub fn fits(&self, release: &Release, policy: &Policy) -> bool {
        *self == Attestation::of(release, policy, &self.version, self.release_file.as_ref())
    }

    /// SHA-256 of the release's JSON without spaces.
    pub fn release_digest(&self) -> &str {
        &self.release
    }

    /// The attestation as a file.
    pub fn to_json(&self) -> String {
        super::layout::write(self)
    }
}

impl Trail {
    pub(crate) fn attestation(&self, release: &Release) -> Attestation {
        Attestation::of(release, &self.policy, &self.version, self.digests.release_file.as_ref())
    }
}
