//! One error for the whole crate: opaque, with predicates, and every problem of an input at once.

mod reason;
mod trail_fault;

use std::fmt;

use rust_decimal::Decimal;

pub use reason::Reason;
pub use trail_fault::TrailFault;

/// What went wrong, with every problem found and its place.
///
/// Ask [`is_input`](Error::is_input), [`is_unprotectable`](Error::is_unprotectable) or
/// [`is_unverified`](Error::is_unverified) what sort it is; [`problems`](Error::problems) lists what was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Error {
    kind: Kind,
    problems: Vec<Problem>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Input,
    Unprotectable,
    Unverified,
    Exhausted,
}

impl Error {
    pub(crate) fn input(problems: Vec<Problem>) -> Self {
        Error { kind: Kind::Input, problems }
    }

    pub(crate) fn unprotectable(problems: Vec<Problem>) -> Self {
        Error { kind: Kind::Unprotectable, problems }
    }

    pub(crate) fn unverified(problems: Vec<Problem>) -> Self {
        Error { kind: Kind::Unverified, problems }
    }

    pub(crate) fn exhausted(problems: Vec<Problem>) -> Self {
        Error { kind: Kind::Exhausted, problems }
    }

    /// Something is wrong with a trail, a log of trails, or what they speak of.
    pub fn of_trail(fault: TrailFault) -> Self {
        let kind = match fault {
            TrailFault::Unreadable(_) | TrailFault::Schema { .. } | TrailFault::NoCell(_) => Kind::Input,
            _ => Kind::Unverified,
        };
        Error { kind, problems: vec![Problem::Trail { fault }] }
    }

    /// The input (a table, a plan, a file) is wrong.
    pub fn is_input(&self) -> bool {
        self.kind == Kind::Input
    }

    /// No pattern can protect the table; the problems name the cells and the tightest bound reached.
    pub fn is_unprotectable(&self) -> bool {
        self.kind == Kind::Unprotectable
    }

    /// A pattern does not keep the promise, or its witnesses do not show that it does.
    pub fn is_unverified(&self) -> bool {
        self.kind == Kind::Unverified
    }

    /// The search ended before it found a pattern that can be verified. The table may still be protectable.
    pub fn is_exhausted(&self) -> bool {
        self.kind == Kind::Exhausted
    }

    /// Every problem found, in the order of the input.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = match self.kind {
            Kind::Input => "the input cannot be used",
            Kind::Unprotectable => "the table cannot be protected",
            Kind::Unverified => "the promise is not shown to be kept",
            Kind::Exhausted => "the search ended before a pattern was found",
        };
        match self.problems.as_slice() {
            [] => write!(f, "{head}"),
            [one] => write!(f, "{head}: {one}"),
            many => {
                write!(f, "{head}, {} problems:", many.len())?;
                for problem in many {
                    write!(f, "\n  - {problem}")?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for Error {}

/// One problem, with its place and its size. Cells and relations are named by their labels.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// A total that is not the sum of its parts.
    #[error("{relation}: given {given}, computed {computed}, difference {difference}")]
    NotAdditive {
        /// The relation, named by its total.
        relation: String,
        /// The total as given.
        given: Decimal,
        /// The sum of its parts.
        computed: Decimal,
        /// Given minus computed.
        difference: Decimal,
    },
    /// A count below zero.
    #[error("{cell}: {count} is negative")]
    Negative {
        /// The cell.
        cell: String,
        /// The count as given.
        count: Decimal,
    },
    /// A count with a fraction.
    #[error("{cell}: {count} is not a whole number")]
    Fractional {
        /// The cell.
        cell: String,
        /// The count as given.
        count: Decimal,
    },
    /// A count beyond 10^15, the largest that the arithmetic carries safely.
    #[error("{cell}: {count} is too large (the limit is 10^15)")]
    Overflow {
        /// The cell.
        cell: String,
        /// The count as given.
        count: Decimal,
    },
    /// No count, and none that can be computed.
    #[error("{cell}: no count given")]
    Missing {
        /// The cell.
        cell: String,
    },
    /// Two counts for one cell.
    #[error("{cell}: given twice, {first} and {second}")]
    Duplicate {
        /// The cell.
        cell: String,
        /// The first count.
        first: Decimal,
        /// The second count.
        second: Decimal,
    },
    /// Two figures declared to be the same that differ.
    #[error("{first} and {second} are declared the same figure but hold {first_count} and {second_count}")]
    SameDiffer {
        /// The first cell.
        first: String,
        /// The second cell.
        second: String,
        /// The first count.
        first_count: Decimal,
        /// The second count.
        second_count: Decimal,
    },
    /// A label that its axis does not have.
    #[error("{place}: unknown label `{label}`")]
    UnknownLabel {
        /// Where the label was used.
        place: String,
        /// The label.
        label: String,
    },
    /// A label that its axis has twice.
    #[error("{place}: label `{label}` appears twice")]
    DuplicateLabel {
        /// The axis or list of tables.
        place: String,
        /// The label.
        label: String,
    },
    /// A cell named with too few or too many labels.
    #[error("{place}: {given} labels given, {expected} expected")]
    WrongArity {
        /// Where the cell was named.
        place: String,
        /// How many labels were given.
        given: usize,
        /// How many axes there are.
        expected: usize,
    },
    /// A list of counts of the wrong length.
    #[error("{place}: {given} counts given, {expected} expected")]
    WrongLength {
        /// The table.
        place: String,
        /// How many counts were given.
        given: usize,
        /// How many cells there are.
        expected: usize,
    },
    /// A hierarchy in which a label is above itself.
    #[error("{place}: the hierarchy has a cycle through `{label}`")]
    Cycle {
        /// The axis.
        place: String,
        /// A label of the cycle.
        label: String,
    },
    /// A hierarchy in which a label has two parents.
    #[error("{place}: `{label}` has two parents, `{first}` and `{second}`")]
    TwoParents {
        /// The axis.
        place: String,
        /// The child.
        label: String,
        /// One parent.
        first: String,
        /// The other parent.
        second: String,
    },
    /// Two relations that cannot both hold, whatever the counts.
    #[error("{first} and {second} contradict each other by {difference}")]
    Contradiction {
        /// One relation.
        first: String,
        /// The other relation.
        second: String,
        /// By how much they differ.
        difference: Decimal,
    },
    /// A cell declared impossible that counts somebody.
    #[error("{cell}: declared a structural zero but holds {count}")]
    StructuralNotZero {
        /// The cell.
        cell: String,
        /// The count.
        count: Decimal,
    },
    /// A derived figure that its count and base do not give.
    #[error("{cell}: {given} % given, {count} of {base} is {computed} %")]
    DerivedDiffers {
        /// The cell that the figure speaks of.
        cell: String,
        /// The figure as given.
        given: Decimal,
        /// The figure as computed, rounded to as many decimals plus two.
        computed: Decimal,
        /// The count.
        count: Decimal,
        /// Its base.
        base: Decimal,
    },
    /// A cell that two statements treat in opposite ways.
    #[error("{cell}: declared both {first} and {second}")]
    Conflict {
        /// The cell.
        cell: String,
        /// One statement.
        first: &'static str,
        /// The other statement.
        second: &'static str,
    },
    /// A count outside what the reader is declared to know.
    #[error("{cell}: {count} is outside what is known of it, {}", range(lowest, highest))]
    OutsideKnown {
        /// The cell.
        cell: String,
        /// The count.
        count: Decimal,
        /// The least that it is declared to be, if anything.
        lowest: Option<Decimal>,
        /// The most, if anything.
        highest: Option<Decimal>,
    },
    /// A policy that cannot be applied.
    #[error("policy: {reason}")]
    Policy {
        /// What is wrong.
        reason: String,
    },
    /// A cell that must be shown although the rule hides it.
    #[error("{cell}: must be shown by declaration, but the rule hides it")]
    MustBeShown {
        /// The cell.
        cell: String,
    },
    /// A primary cell that no pattern protects.
    #[error("{cell}: even with everything else hidden, a reader knows that it is {}; {needed}", range(lowest, highest))]
    CannotProtect {
        /// The cell.
        cell: String,
        /// The lowest value that the reader cannot rule out; none where no end was proved.
        lowest: Option<Decimal>,
        /// The highest value that the reader cannot rule out; none where no end was proved.
        highest: Option<Decimal>,
        /// What the protection asks for.
        needed: String,
    },
    /// A primary cell for which the search found no witness, without proof that there is none.
    #[error("{cell}: no witness found within the limits of the search")]
    NoWitness {
        /// The cell.
        cell: String,
    },
    /// A primary cell that a pattern shows.
    #[error("{cell}: primary but shown")]
    PrimaryShown {
        /// The cell.
        cell: String,
    },
    /// A cell that is declared hidden, or that the table does not display, and that a pattern shows.
    #[error("{cell}: must be hidden but is shown")]
    ShownMustHide {
        /// The cell.
        cell: String,
    },
    /// A cell that must be shown and is hidden.
    #[error("{cell}: must be shown but is hidden")]
    HiddenMustShow {
        /// The cell.
        cell: String,
    },
    /// A primary cell whose interval is narrower than the protection asks for.
    #[error("{cell}: a reader cannot rule out {lowest} to {highest}; {needed}")]
    TooNarrow {
        /// The cell.
        cell: String,
        /// The lowest value reached by a witness.
        lowest: Decimal,
        /// The highest value reached by a witness.
        highest: Decimal,
        /// What the protection asks for.
        needed: String,
    },
    /// A witness that does not add up.
    #[error("witness {index}: {reason}")]
    Witness {
        /// Its number in the list.
        index: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// A complementary cell that is not shown to be needed.
    #[error("{cell}: not shown to be needed: {reason}")]
    NotNeeded {
        /// The complementary cell.
        cell: String,
        /// What is wrong with the proof.
        reason: String,
    },
    /// A lower bound of the cost that its proof does not show.
    #[error("the lower bound of the cost is not shown: {reason}")]
    BoundNotShown {
        /// What is wrong with the proof.
        reason: String,
    },
    /// A pattern made for another table.
    #[error("the pattern has {given} cells, the table {expected}")]
    PatternLength {
        /// Cells of the pattern.
        given: usize,
        /// Cells of the table.
        expected: usize,
    },
    /// A trail that is not what it says.
    #[error("{fault}")]
    Trail {
        /// What is wrong.
        fault: TrailFault,
    },
    /// Text of a file that cannot be read as what it should be.
    #[error("line {line}{}: `{text}`: {reason}", column.as_ref().map(|c| format!(", {c}")).unwrap_or_default())]
    Text {
        /// Line of the file, from 1.
        line: u64,
        /// Column, by its heading, where there is one.
        column: Option<String>,
        /// The text found there.
        text: String,
        /// Why it cannot be used.
        reason: Reason,
    },
    /// A file that cannot be used as a whole.
    #[error("{reason}")]
    File {
        /// Why.
        reason: Reason,
    },
    /// A plan that cannot be used.
    #[error("plan{}: {reason}", line.map(|l| format!(", line {l}")).unwrap_or_default())]
    Plan {
        /// Line of the plan, from 1, where it is known.
        line: Option<usize>,
        /// Why.
        reason: Reason,
    },
}

/// What is known of a count, where an end may be open.
fn range(lowest: &Option<Decimal>, highest: &Option<Decimal>) -> String {
    match (lowest, highest) {
        (Some(low), Some(high)) if low == high => low.to_string(),
        (Some(low), Some(high)) => format!("{low} to {high}"),
        (Some(low), None) => format!("{low} or more"),
        (None, Some(high)) => format!("{high} or less"),
        (None, None) => "anything".to_owned(),
    }
}
