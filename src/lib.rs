//! Statistical disclosure control for tables of counts of persons: hides what the law says must be hidden, and only that,
//! proves both, and keeps the record.
//!
//! Québec's public bodies, under articles 53 and 54 of the *Loi sur l'accès* (A-2.1), withhold counts below ten and
//! whatever would let them be computed; article 14 demands that all the rest be released. So a release has to be safe, and
//! it has to be minimal.
//!
//! ```
#![doc = include_str!("../examples/tour.rs")]
//! ```
//!
//! # The main types
//!
//! - [`Table`](table::Table): cells, each a count, tied by relations. Built from [`Cube`](table::Cube)s of any number of
//!   [`Axis`](table::Axis), linked to each other, with free cells and explicit relations; every total is added up.
//! - [`Policy`](policy::Policy): which cells are primary, what is promised of them, what hiding others costs.
//! - [`suppress`]: the main job. [`Request`] carries a policy and an [`Effort`](solver::Effort).
//! - [`Release`](release::Release): what may leave. Hidden counts are not in it.
//! - [`Trail`](trail::Trail): why each cell is hidden, with every proof; [`explain`](trail::Trail::explain) tells it,
//!   [`verify`](trail::Trail::verify) checks it from the file alone. **Confidential**; an
//!   [`Attestation`](trail::Attestation) may leave.
//! - [`verify`](verify::verify): adds witnesses up in integers, and alone makes what a release is built from.
//! - [`attack`]: plays the reader, from a published table alone ([`deduce`](attack::deduce), [`report`](attack::report)) or
//!   against a pattern that anybody made ([`judge`](attack::judge)).
//! - [`testing`]: assertions, and, with the feature `proptest`, strategies for other crates' property tests.
//! - `files` (feature `files`): crosstab and long CSV, plans, JJ problems.
//! - `words` (feature `words`): why each cell is hidden, in French and English sentences.
//!
//! # What is promised
//!
//! > For every primary cell there is a table, which the reader cannot rule out, in which that cell holds 10 or more.
//!
//! So nobody can prove from the release that a hidden cell is below ten; nobody can compute it; and no sum of hidden cells
//! that can be computed is below ten where it contains a primary one. The reader is taken to know every shown figure, every
//! relation, that counts are whole numbers and not negative, structural zeros, the threshold, every percentage that is shown
//! with its rounding, and every order, part and earlier release that the table declares. Looser levels
//! ([`Protection::Exact`](policy::Protection::Exact), [`Protection::Interval`](policy::Protection::Interval)) are spoken by
//! the caller.
//!
//! The promise rests on exact integers: for each primary cell a *witness*, a sparse change of hidden cells that keeps every
//! relation, was added up by [`verify`](verify::verify), which uses no engine. A trail also proves, in integers that
//! anyone adds up, that each complementary cell is needed and that no safe pattern costs less than its bound. Same input and policy, same release and same trail, byte for byte.
//!
//! # What is not promised
//!
//! - Against a person who knows a hidden cell from elsewhere (an insider; one who is alone in a cell).
//! - Against a reader who uses the knowledge of which algorithm chose the pattern.
//! - Against other releases of the same persons that were not declared, and against the order of rows where the table does
//!   not say that they are sorted.
//! - Against the reasoning "this cell alone is hidden, so it is the small one" where no relation ties it to others
//!   ([`Item::Rule`](attack::Item::Rule) shows what it would give).
//! - Where zeros are published, against reasoning from the promise itself: a figure that is not displayed and is proved to be
//!   below ten can only be a zero, which may say more of others. Figures that are displayed are never such.
//! - That figures outside the table (a text, a map, a total in a press release) do not give a hidden one away.
//!
//! # The design
//!
//! How each stage works, what it guarantees and what it costs: [`design`].

#![warn(clippy::print_stdout, clippy::print_stderr)]

pub mod attack;
mod error;
mod extremes;
#[cfg(feature = "files")]
pub mod files;
mod lp;
mod network;
mod number;
mod pattern;
pub mod policy;
pub mod relations;
pub mod release;
pub mod solver;
mod suppress;
pub mod table;
pub mod testing;
pub mod trail;
pub mod verify;
#[cfg(feature = "words")]
pub mod words;

pub use error::{Error, Problem, Reason, TrailFault};
pub use pattern::Pattern;
pub use suppress::{Request, Suppression, suppress};

#[doc = include_str!("../DESIGN.md")]
pub mod design {}
