//! What is wrong with a trail.

/// What is wrong with a trail, a log of trails, or what they speak of: facts, for whoever words them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TrailFault {
    /// No trail at all.
    #[error("this is no trail: {0}")]
    Unreadable(String),
    /// A trail of another version.
    #[error("the trail is of schema {found}; this program reads {expected}")]
    Schema {
        /// The schema it names.
        found: String,
        /// The schema that is read.
        expected: &'static str,
    },
    /// The trail was altered since it was made.
    #[error("the seal of the trail is broken: something in it was altered")]
    Seal,
    /// A part is not the one whose digest is given.
    #[error("the digest of the {0} is not that of the {0} in the trail")]
    Digest(&'static str),
    /// An entry does not say what follows from the proofs.
    #[error("{cell}: the entry does not say what follows from the table and the proofs")]
    Entry {
        /// The cell.
        cell: String,
    },
    /// A member does not say what follows from the proofs.
    #[error("`{0}` does not say what follows from the table and the proofs")]
    Differs(&'static str),
    /// A lower bound above the cost, or below what is proved.
    #[error("a lower bound of {bound} with a cost of {cost}")]
    Bound {
        /// The cost.
        cost: u64,
        /// The bound.
        bound: u64,
    },
    /// An outcome that the figures do not bear out.
    #[error("the outcome is not that of a cost of {cost} with a lower bound of {bound}")]
    Outcome {
        /// The cost.
        cost: u64,
        /// The bound.
        bound: u64,
    },
    /// A file whose bytes are not those that the trail speaks of.
    #[error("this {0} is not the file that the trail speaks of: its bytes are others")]
    AnotherFile(&'static str),
    /// A trail that names no file.
    #[error("the trail tells of no {0} file: it was not made from files")]
    NoFile(&'static str),
    /// A release whose figures are not those of the trail.
    #[error("this release is not the one that the trail speaks of")]
    AnotherRelease,
    /// A table that is not the one of the trail.
    #[error("this table is not the one that the trail speaks of")]
    AnotherTable,
    /// A cell that the trail does not hide.
    #[error("no hidden cell is called `{0}`")]
    NoCell(String),
    /// A line of a log that is no entry.
    #[error("entry {entry} of the log cannot be read: {reason}")]
    LogUnreadable {
        /// Its place, from 1.
        entry: usize,
        /// Why.
        reason: String,
    },
    /// An entry of a log that was altered, moved, or follows one that was removed.
    #[error("entry {entry} of the log {}", if *.altered { "was altered" } else { "does not follow the one before it: one was removed, added or moved" })]
    LogBroken {
        /// Its place, from 1.
        entry: usize,
        /// Whether it was altered itself.
        altered: bool,
    },
    /// A log that does not end where it should.
    #[error("the log ends with {found}, not with {expected}: entries at its end were removed or added")]
    LogEnd {
        /// The digest that it ends with.
        found: String,
        /// The digest that was expected.
        expected: String,
    },
}
