//! The main job on one page.

use std::fmt;

use rust_decimal::Decimal;

use crate::error::{Error, Problem};
use crate::pattern::Pattern;
use crate::policy::Policy;
use crate::relations::Outsider;
use crate::release::Release;
use crate::solver::{self, Effort, Engine, Failure, Lack, Needs, Presolve, Watch, Watcher};
use crate::table::Table;
use crate::trail::{Attestation, Search, Trail};
use crate::verify::{self, Verified};

/// A table with what is asked of its release.
///
/// ```
/// use caviardage::table::{Axis, Cube};
/// use caviardage::policy::{Policy, Zeros};
/// use caviardage::{Request, suppress};
/// let table = Cube::new([Axis::flat("région", ["Nord", "Sud", "Est"]).total("Total")]).counts([3, 40, 25]).build()?;
/// let policy = Policy::articles_53_54().zeros(Zeros::Publish);
/// let done = suppress(Request::new(&table).policy(policy))?;
/// assert_eq!(done.trail.cost(), 25);
/// # Ok::<(), caviardage::Error>(())
/// ```
#[derive(Clone)]
pub struct Request<'t> {
    table: &'t Table,
    policy: Policy,
    effort: Effort,
    engine: Engine,
    watcher: Option<Watcher<'t>>,
}

impl fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("policy", &self.policy)
            .field("effort", &self.effort)
            .field("engine", &self.engine)
            .finish_non_exhaustive()
    }
}

impl<'t> Request<'t> {
    /// A request under articles 53 and 54, with the default effort.
    pub fn new(table: &'t Table) -> Self {
        Request {
            table,
            policy: Policy::default(),
            effort: Effort::default(),
            engine: Engine::default(),
            watcher: None,
        }
    }

    /// Another policy.
    #[must_use]
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Another effort.
    #[must_use]
    pub fn effort(mut self, effort: Effort) -> Self {
        self.effort = effort;
        self
    }

    /// Another engine for linear programs than our own.
    #[must_use]
    pub fn engine(mut self, engine: Engine) -> Self {
        self.engine = engine;
        self
    }

    /// Somebody to be told of progress, who may stop the search without losing what it found.
    ///
    /// ```
    /// # use caviardage::table::{Axis, Cube};
    /// # use caviardage::{Request, suppress};
    /// use std::ops::ControlFlow;
    /// # let table = Cube::new([Axis::flat("région", ["Nord", "Sud", "Est"]).total("Total")]).counts([3, 40, 25]).build()?;
    /// let enough = |p: &caviardage::solver::Progress| match p.cost {
    ///     Some(cost) if cost <= p.bound + 5 => ControlFlow::Break(()),
    ///     _ => ControlFlow::Continue(()),
    /// };
    /// let done = suppress(Request::new(&table).watch(&enough))?;
    /// # assert_eq!(done.trail.cost(), 25);
    /// # Ok::<(), caviardage::Error>(())
    /// ```
    #[must_use]
    pub fn watch(mut self, watcher: Watcher<'t>) -> Self {
        self.watcher = Some(watcher);
        self
    }
}

impl<'t> From<&'t Table> for Request<'t> {
    fn from(table: &'t Table) -> Self {
        Request::new(table)
    }
}

/// What [`suppress`] gives: the release, and the confidential trail that proves it.
#[derive(Debug, Clone, PartialEq)]
pub struct Suppression {
    /// What may leave the house.
    pub release: Release,
    /// Why each cell is hidden, with proofs. Confidential.
    pub trail: Trail,
    /// What presolve made of the table.
    pub presolve: Presolve,
}

impl Suppression {
    /// What may leave the house beside the release: what was checked, against which reader, with which result.
    pub fn attestation(&self) -> Attestation {
        self.trail.attestation(&self.release)
    }
}

/// Hides what the rule hides and whatever would let it be computed, at as little cost as it can, and proves both.
///
/// # Errors
/// [`is_input`](Error::is_input) if the policy does not fit the table, [`is_unprotectable`](Error::is_unprotectable) if
/// no pattern keeps the promise, [`is_exhausted`](Error::is_exhausted) if none was found. Nothing is released then.
pub fn suppress<'t>(request: impl Into<Request<'t>>) -> Result<Suppression, Error> {
    let Request { table, policy, effort, engine, watcher } = request.into();
    let assessment = policy.assess(table)?;
    let outsider = Outsider::new(table, &policy);
    let needs = Needs::new(&outsider, &assessment);
    let found = solver::solve(&outsider, &needs, &effort, engine, &Watch::new(watcher))
        .map_err(|failure| explain(table, failure))?;
    let pattern = Pattern::from_flags(found.hidden.clone());
    let (pattern, witnesses) = solver::keep(table, &policy, &needs, pattern, found.witnesses.clone());
    let verified: Verified<'t> = verify::verify(table, &policy, &pattern, &witnesses)?;
    // An engine's proof that does not add up is none.
    let needed = verify::only_proved(&verified, found.needed);
    let proof = found.proof.filter(|proof| verify::bound(&verified, proof).is_ok());
    let release = Release::new(&verified);
    let search = Search { needed, lower_bound: found.bound, bound: proof, outcome: found.outcome, work: found.work };
    let trail = Trail::new(&verified, &release, search);
    Ok(Suppression { release, trail, presolve: found.presolve })
}

fn explain(table: &Table, failure: Failure) -> Error {
    match failure {
        Failure::Unprotectable(lacks) => {
            Error::unprotectable(lacks.into_iter().map(|lack| cannot_protect(table, &lack)).collect())
        }
        Failure::NotFound(cells) => {
            Error::exhausted(cells.into_iter().map(|c| Problem::NoWitness { cell: table.name(c) }).collect())
        }
    }
}

fn cannot_protect(table: &Table, lack: &Lack) -> Problem {
    let count = table.cells[lack.need.cell].count;
    let number = |v: i128| Decimal::try_from_i128_with_scale(v, table.decimals).unwrap_or(Decimal::MAX);
    let asked = crate::policy::Interval { lower: lack.need.down, upper: lack.need.up, sliding: lack.need.sliding };
    Problem::CannotProtect {
        cell: table.name(lack.need.cell),
        lowest: lack.ends.down.map(|d| number(i128::from(count) - d)),
        highest: lack.ends.up.map(|u| number(i128::from(count) + u)),
        needed: verify::wanted(asked, count, table.decimals),
    }
}
