//! Why a file or a plan cannot be used.

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
