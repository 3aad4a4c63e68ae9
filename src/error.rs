//! One error for the whole crate: opaque, with predicates, and every problem of an input at once.

use std::fmt;

use rust_decimal::Decimal;

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
    #[error("{cell}: {count} is outside the known range {range}")]
    OutsideKnown {
        /// The cell.
        cell: String,
        /// The count.
        count: Decimal,
        /// The declared range.
        range: String,
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
    #[error(
        "{cell}: even with everything else hidden, a reader knows that it lies between {lowest} and {highest}; {needed}"
    )]
    CannotProtect {
        /// The cell.
        cell: String,
        /// The lowest value that the reader cannot rule out; `?` where no end was proved.
        lowest: String,
        /// The highest value that the reader cannot rule out; `?` where no end was proved.
        highest: String,
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

/// Why a file or a plan cannot be used: facts, for whoever words them.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// Something else than a count where a count should stand.
    #[error("a count expected")]
    CountExpected,
    /// A blank where a count should stand.
    #[error("no count given")]
    NoCount,
    /// Text in a column of percentages.
    #[error("a percentage expected")]
    PercentageExpected,
    /// A percentage beside no count.
    #[error("a percentage without its count")]
    PercentageWithoutCount,
    /// A percentage of nothing known.
    #[error("a percentage without a known base; a plan can name it")]
    PercentageWithoutBase,
    /// UTF-16.
    #[error("the file is in UTF-16; save it as CSV UTF-8")]
    Utf16,
    /// A spreadsheet's workbook.
    #[error("the file is a workbook; save the sheet as CSV")]
    Workbook,
    /// Bytes that no text has.
    #[error("the file is not text")]
    NotText,
    /// Nothing to read.
    #[error("the file is empty")]
    Empty,
    /// One column only, whatever separates.
    #[error("no separator (`;`, `,` or tab) makes columns of this file")]
    NoSeparator,
    /// No line that could be headings.
    #[error("no line of the file has two headings")]
    NoHeadings,
    /// No line of figures.
    #[error("no line of the file holds figures")]
    NoFigures,
    /// No column of counts.
    #[error("no column of counts found; a plan can name it")]
    NoCountColumn,
    /// A symbol that the file's encoding cannot write.
    #[error("the symbol `{symbol}` does not exist in Windows-1252, the file's encoding")]
    SymbolNotInEncoding {
        /// The symbol.
        symbol: String,
    },
    /// Several label columns and several columns of counts.
    #[error("several label columns ({labels}) and columns of counts ({counts}): a plan has to say what they are")]
    NeedsPlan {
        /// The label columns.
        labels: String,
        /// The columns of counts.
        counts: String,
    },
    /// Decimals with no count beside them.
    #[error(
        "column `{column}` holds decimals or percentages and follows no column of counts: a plan has to say what it is"
    )]
    DecimalsAlone {
        /// The column.
        column: String,
    },
    /// A column of figures that neither the plan nor its heading explains.
    #[error("column `{column}` holds figures and nothing says what they are: name it in the plan, or among `ignore`")]
    Untold {
        /// The column.
        column: String,
    },
    /// A part of a plan that the file's layout would pass over.
    #[error("`{section}` says nothing in a {layout} file: it would be passed over")]
    NotForLayout {
        /// The part of the plan.
        section: String,
        /// The layout.
        layout: String,
    },
    /// Several rows that look like totals.
    #[error("{}several rows look like totals ({totals}): a plan has to say what each sums", if block.is_empty() { String::new() } else { format!("{block}: ") })]
    SeveralTotals {
        /// The block.
        block: String,
        /// The rows.
        totals: String,
    },
    /// A column that the file does not have.
    #[error("no column `{name}`; the file has: {columns}")]
    NoColumn {
        /// The name.
        name: String,
        /// The file's columns.
        columns: String,
    },
    /// A heading that stands over several columns.
    #[error("several columns are called `{name}`")]
    ColumnTwice {
        /// The name.
        name: String,
    },
    /// A row that the file does not have.
    #[error("no row `{row}`{}", if block.is_empty() { String::new() } else { format!(" in block `{block}`") })]
    NoRow {
        /// The row.
        row: String,
        /// The block; empty where there is only one.
        block: String,
    },
    /// A block that the file does not have.
    #[error("no block `{name}`")]
    NoBlock {
        /// The name.
        name: String,
    },
    /// A part or total that is neither a column nor listed as undisplayed.
    #[error("no column `{label}`, and it is not listed as undisplayed")]
    NotUndisplayed {
        /// The label.
        label: String,
    },
    /// A line with fewer fields than the headings.
    #[error("the line has {fields} fields, the headings {expected}")]
    Ragged {
        /// Fields of the line.
        fields: usize,
        /// Fields of the headings.
        expected: usize,
    },
    /// An earlier release that is neither of the same persons nor of a part of them, as far as its figures tell.
    #[error("`{name}` shares no figure with this table, or some went up and others down: say what it is")]
    EarlierUnclear {
        /// The release.
        name: String,
    },
    /// An earlier release that hides cells of which nothing gives the counts.
    #[error("`{name}` hides {cells} cells: their counts are needed to protect what it adds")]
    EarlierCounts {
        /// The release.
        name: String,
        /// How many cells.
        cells: usize,
    },
    /// Too many fields for the memory that a table is worth.
    #[error("the file has more than {most} fields")]
    TooLarge {
        /// The limit.
        most: usize,
    },
    /// Anything else, in words.
    #[error("{0}")]
    Other(String),
}

impl From<String> for Reason {
    fn from(reason: String) -> Self {
        Reason::Other(reason)
    }
}

impl From<&str> for Reason {
    fn from(reason: &str) -> Self {
        Reason::Other(reason.to_owned())
    }
}
