//! A trail checked from what it says alone: built again, added up again, compared. Uses no engine.

use super::{Attestation, Digests, Search, Trail, digest};
use crate::error::{Error, Problem, TrailFault};
use crate::release::Release;
use crate::table::Table;
use crate::verify;

/// What a trail proves, found again from the file.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Checked {
    /// The release that the trail speaks of, built anew from its verified pattern.
    pub release: Release,
    /// The table.
    pub table: Table,
    /// Complementary cells, and how many of them have no proof that they are needed.
    pub complements: usize,
    /// Complementary cells for which no engine could prove that they are needed.
    pub unproved: usize,
    /// What complementary cells cost.
    pub cost: u64,
    /// What no pattern costs less than, as the proof in the trail shows; nothing where there is none.
    pub proved_bound: Option<u64>,
    attestation: Attestation,
}

impl Checked {
    /// What may leave the house beside the release.
    pub fn attestation(&self) -> &Attestation {
        &self.attestation
    }
}

impl Trail {
    /// Checks everything that the trail claims, from itself alone: its seal, its digests, that the table adds up, that the
    /// witnesses protect every primary cell, that each complementary cell is needed, that no pattern costs less than
    /// the bound's proof claims, and that each entry says what follows from these.
    ///
    /// Cost: linear in the trail, times the relations that each cell is in.
    ///
    /// # Errors
    /// Every problem that was found before a step that the next ones build on.
    pub fn verify(&self) -> Result<Checked, Error> {
        let fault = |fault: TrailFault| Problem::Trail { fault };
        let mut problems = Vec::new();
        if self.clone().sealed().seal != self.seal {
            problems.push(fault(TrailFault::Seal));
        }
        let Digests { table: of_table, policy: of_policy, release: of_release, .. } = &self.digests;
        for (what, given, found) in
            [("table", of_table, digest::of(&self.table)), ("policy", of_policy, digest::of(&self.policy))]
        {
            if *given != found {
                problems.push(fault(TrailFault::Digest(what)));
            }
        }
        if !problems.is_empty() {
            return Err(Error::unverified(problems));
        }
        let table = self.table.table()?;
        let verified = verify::verify(&table, &self.policy, &self.pattern(), &self.witnesses)?;
        let unproved = verify::needed(&verified, &self.needed)?;
        let proved_bound = self.bound.as_ref().map(|bound| verify::bound(&verified, bound)).transpose()?;
        let release = Release::new(&verified);
        if digest::of(&release) != *of_release {
            problems.push(fault(TrailFault::Digest("release")));
        }
        let cost = verify::cost(&verified);
        if self.lower_bound > cost || proved_bound.is_some_and(|proved| proved > self.lower_bound) {
            problems.push(fault(TrailFault::Bound { cost, bound: self.lower_bound }));
        }
        let optimal = self.outcome == crate::solver::Outcome::Optimal;
        if optimal != (self.lower_bound == cost) {
            problems.push(fault(TrailFault::Outcome { cost, bound: self.lower_bound }));
        }
        // What is left follows from what was checked: it must say just that.
        let search = Search {
            needed: self.needed.clone(),
            lower_bound: self.lower_bound,
            bound: self.bound.clone(),
            outcome: self.outcome,
            work: self.work,
        };
        let again = Trail::new(&verified, &release, search);
        for (given, follows) in self.hidden.iter().zip(&again.hidden) {
            if given != follows {
                let cell = table.name(follows.cell);
                problems.push(fault(TrailFault::Entry { cell }));
            }
        }
        for (part, same) in [
            ("confidential", self.confidential == again.confidential),
            ("hidden", self.hidden.len() == again.hidden.len()),
            ("printed", self.printed == again.printed),
            ("cost", self.cost == again.cost),
        ] {
            if !same {
                problems.push(fault(TrailFault::Differs(part)));
            }
        }
        if !problems.is_empty() {
            return Err(Error::unverified(problems));
        }
        let complements = self.needed.len();
        let attestation = self.attestation(&release);
        Ok(Checked { release, table, complements, unproved, cost, proved_bound, attestation })
    }

    /// Checks that a release is the one that the trail speaks of, figure by figure and decimal by decimal.
    ///
    /// # Errors
    /// Another release.
    pub fn verify_release(&self, release: &Release) -> Result<(), Error> {
        if digest::of(release) == self.digests.release {
            return Ok(());
        }
        Err(Error::of_trail(TrailFault::AnotherRelease))
    }

    /// Checks that bytes are the release file that the trail speaks of.
    ///
    /// # Errors
    /// Another file, or a trail that tells of none.
    pub fn verify_release_file(&self, bytes: &[u8]) -> Result<(), Error> {
        same_file("release", self.digests.release_file.as_ref(), bytes)
    }

    /// Checks that bytes are the input file that the trail speaks of.
    ///
    /// # Errors
    /// Another file, or a trail that tells of none.
    pub fn verify_input_file(&self, bytes: &[u8]) -> Result<(), Error> {
        same_file("input", self.digests.input_file.as_ref(), bytes)
    }
}

fn same_file(what: &'static str, told: Option<&String>, bytes: &[u8]) -> Result<(), Error> {
    let fault = match told {
        Some(told) if *told == digest::of_bytes(bytes) => return Ok(()),
        Some(_) => TrailFault::AnotherFile(what),
        None => TrailFault::NoFile(what),
    };
    Err(Error::of_trail(fault))
}
