//! Linear programs. They know no cells, compute in floats and may err: nothing that an engine says is believed until
//! integers confirm it.
//!
//! [`Simplex`] is ours and always there. HiGHS (Huangfu and Hall 2018) is there with the feature `highs`, for whoever names
//! it; both answer the same questions, so whoever asks need not know which one does.

#[cfg(feature = "highs")]
mod highs;
mod simplex;

use std::str::FromStr;

use serde::{Deserialize, Serialize};

#[cfg(feature = "highs")]
use self::highs::Highs;
use self::simplex::Simplex;

/// What solves the linear programs of a search: our own simplex unless the caller names another.
///
/// No engine is believed: witnesses, limits and bounds are added up in integers, whoever suggested them. So engines differ
/// in time, and in which of several good patterns they lead to, never in safety.
///
/// ```
/// use caviardage::solver::Engine;
/// assert_eq!(Engine::default(), Engine::Simplex);
/// assert_eq!("simplex".parse(), Ok(Engine::Simplex));
/// assert!(Engine::NAMES.contains(&"simplex"));
/// assert_eq!("highs".parse::<Engine>().is_ok(), Engine::NAMES.contains(&"highs"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Engine {
    /// Our own, in Rust: the same answer on every machine.
    #[default]
    Simplex,
    /// HiGHS, with the feature of that name, which needs cmake, a C++ compiler and libclang. Work is estimated from its
    /// steps, so limits of work fall elsewhere than with our own.
    #[cfg(feature = "highs")]
    Highs,
}

impl Engine {
    /// The engines that this build has, by the names that [`str::parse`] reads.
    pub const NAMES: &[&str] = &[
        "simplex",
        #[cfg(feature = "highs")]
        "highs",
    ];
}

impl FromStr for Engine {
    type Err = String;

    /// # Errors
    /// Names the engines that this build has.
    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "simplex" => Ok(Engine::Simplex),
            #[cfg(feature = "highs")]
            "highs" => Ok(Engine::Highs),
            _ => Err(format!("“{name}” is no engine of this build; it has: {}", Self::NAMES.join(", "))),
        }
    }
}

/// How a solve ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Optimal,
    Infeasible,
    Unbounded,
    /// Out of iterations, or numerically lost: nothing is known.
    Stopped,
}

pub(crate) const INFINITE: f64 = f64::INFINITY;

/// A fraction in 0..1 that looks random and is always the same (the finaliser of splitmix64).
#[expect(clippy::cast_precision_loss, reason = "53 bits of it are kept")]
pub(crate) fn scatter(a: u64, b: u64) -> f64 {
    let mut x = a.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(b).wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((x ^ (x >> 31)) >> 11) as f64 / 9_007_199_254_740_992.0
}

/// Keeps what is told, in the list's order.
pub(crate) fn retain<T>(list: &mut Vec<T>, kept: impl Iterator<Item = bool>) {
    let mut kept = kept;
    list.retain(|_| kept.next().unwrap_or(true));
}

/// `min cost·x` with `low ≤ A x ≤ high` row by row and bounds on every column, in the engine that the caller chose.
#[derive(Debug)]
pub(crate) enum Lp {
    Simplex(Box<Simplex>),
    #[cfg(feature = "highs")]
    Highs(Box<Highs>),
}

/// Asks whichever engine it is.
macro_rules! ask {
    ($program:expr, $engine:ident => $answer:expr) => {
        match $program {
            Lp::Simplex($engine) => $answer,
            #[cfg(feature = "highs")]
            Lp::Highs($engine) => $answer,
        }
    };
}

impl Lp {
    /// A program with these columns, `(cost, lower, upper)`, and no row; every column starts at its bound nearest zero.
    pub(crate) fn new(engine: Engine, columns: impl IntoIterator<Item = (f64, f64, f64)>) -> Self {
        match engine {
            Engine::Simplex => Lp::Simplex(Box::new(Simplex::new(columns))),
            #[cfg(feature = "highs")]
            Engine::Highs => Lp::Highs(Box::new(Highs::new(columns))),
        }
    }

    /// A new program in this one's place, in the same engine; the count of work goes on.
    pub(crate) fn begin(&mut self, columns: impl IntoIterator<Item = (f64, f64, f64)>) {
        let work = self.work();
        match self {
            Lp::Simplex(engine) => **engine = Simplex::new(columns),
            #[cfg(feature = "highs")]
            Lp::Highs(engine) => **engine = Highs::new(columns),
        }
        ask!(self, engine => engine.add_work(work));
    }

    /// Adds a row and gives its number.
    pub(crate) fn add_row(&mut self, terms: &[(usize, f64)], low: f64, high: f64) -> usize {
        ask!(self, engine => engine.add_row(terms, low, high))
    }

    /// Takes rows away that do not bind where the program stands; the others move up. Tells which went.
    pub(crate) fn drop_rows(&mut self, gone: impl Fn(usize) -> bool) -> Vec<bool> {
        ask!(self, engine => engine.drop_rows(gone))
    }

    pub(crate) fn set_cost(&mut self, column: usize, cost: f64) {
        ask!(self, engine => engine.set_cost(column, cost));
    }

    /// Changes a column's bounds; a column outside the basis moves inside them.
    pub(crate) fn set_bounds(&mut self, column: usize, lower: f64, upper: f64) {
        ask!(self, engine => engine.set_bounds(column, lower, upper));
    }

    /// Changes a row's bounds.
    pub(crate) fn set_row(&mut self, row: usize, low: f64, high: f64) {
        ask!(self, engine => engine.set_row(row, low, high));
    }

    pub(crate) fn value(&self, column: usize) -> f64 {
        ask!(self, engine => engine.value(column))
    }

    pub(crate) fn bounds(&self, column: usize) -> (f64, f64) {
        ask!(self, engine => engine.bounds(column))
    }

    /// A row's terms.
    pub(crate) fn row(&self, row: usize) -> &[(usize, f64)] {
        ask!(self, engine => engine.row(row))
    }

    pub(crate) fn rows(&self) -> usize {
        ask!(self, engine => engine.rows())
    }

    /// Whether a column stands between its bounds because of others, rather than at one of them.
    pub(crate) fn is_basic_column(&self, column: usize) -> bool {
        ask!(self, engine => engine.is_basic_column(column))
    }

    /// Moves every column and row to zero, keeping the basis; a feasible point where every bound admits zero.
    pub(crate) fn rest(&mut self) {
        ask!(self, engine => engine.rest());
    }

    /// Like [`rest`](Self::rest), and back to the basis of row activities.
    pub(crate) fn restart(&mut self) {
        ask!(self, engine => engine.restart());
    }

    /// Minimises from the current point, which must be feasible, after costs were changed.
    pub(crate) fn primal(&mut self, most: u64) -> Status {
        ask!(self, engine => engine.primal(most))
    }

    /// Minimises after bounds were changed or rows added.
    pub(crate) fn dual(&mut self, most: u64) -> Status {
        ask!(self, engine => engine.dual(most))
    }

    /// One multiplier a row: the optimal duals after `Optimal`, a Farkas combination after `Infeasible`.
    pub(crate) fn multipliers(&self) -> &[f64] {
        ask!(self, engine => engine.multipliers())
    }

    /// Lets solves look at so many entries more.
    pub(crate) fn allow(&mut self, work: u64) {
        ask!(self, engine => engine.allow(work));
    }

    /// Entries looked at so far.
    pub(crate) fn work(&self) -> u64 {
        ask!(self, engine => engine.work())
    }
}
