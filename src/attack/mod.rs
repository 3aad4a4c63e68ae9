//! Plays the reader: what a release gives away.
//!
//! [`deduce`] works from a published table alone: the interval of every hidden cell and of every sum that a reader would
//! ask for, each bound with a derivation that adds up, and what the figures contradict. [`report`] sorts what it found by
//! gravity. [`judge`] works from inside the house: it says of a pattern which primary cells it protects.

mod asking;
mod columns;
mod component;
mod contradiction;
mod deduce;
mod derivation;
mod ends;
mod findings;
mod judge;
mod knowledge;
mod linear;
mod parallel;
mod polytope;
mod published;
mod report;
mod rule;
mod system;

pub use contradiction::{Contradiction, Dispute, Explanation, Implied};
pub use deduce::{Deduction, Interval, Part, Proofs, SumInterval, deduce};
pub use derivation::{Derivations, Premise, Reasoning, Step};
pub use findings::report;
pub use judge::{Fallen, Findings, bounds, judge};
pub use knowledge::{Item, Knowledge};
pub use published::{Overlap, Place, Printed, Published, Statement};
pub use report::{
    Cause, Computable, Contradicted, Difference, Disputed, Explained, Figure, Finding, Gravity, Report, Together,
    Unchecked,
};
