//! The form of a report: facts, for whoever words or counts them.
//!
//! Serialised form: `caviardage-check/1`, described at [`Report`].

use rust_decimal::Decimal;
use serde::{Serialize, Serializer};

use super::{Deduction, Item, Place};
use crate::policy::Zeros;

/// The version of the serialised form.
pub(super) const SCHEMA: &str = "caviardage-check/1";

/// How grave a finding is, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gravity {
    /// A hidden figure is computed exactly.
    Computed,
    /// A hidden or undisplayed figure is proved to be below the threshold.
    Below,
    /// A hidden figure can have few values only. No promise is broken: it is told, and is no objection.
    Narrowed,
    /// A figure below the threshold is shown.
    Shown,
}

/// A figure, as a JSON number where it has no decimals, and as a text with its decimals otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figure(pub Decimal);

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match i64::try_from(self.0) {
            Ok(whole) if self.0.scale() == 0 => serializer.serialize_i64(whole),
            _ => serializer.collect_str(&self.0),
        }
    }
}

/// What a bound rests on.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Cause {
    /// A sum: its name, its shown total less its shown parts, what is left, and the hidden parts that share it.
    Sum {
        /// The total's name.
        name: String,
        /// `(sign, figure)` of the shown cells, the total first.
        shown: Vec<(bool, Figure)>,
        /// What the hidden parts hold together.
        left: Figure,
        /// The hidden parts.
        parts: Vec<String>,
    },
    /// A sum in which nothing is shown but what it sums to, or whose terms have weights.
    Relation {
        /// Its name.
        name: String,
    },
    /// A percentage, rate or mean as printed, and the values that it leaves.
    Printed {
        /// The cell that it speaks of.
        name: String,
        /// The figure.
        value: Figure,
        /// It is `per·cell/base`.
        per: u32,
        /// The base's name.
        base: String,
        /// The base, where it is shown.
        of: Option<Figure>,
    },
    /// An order, a part, an earlier figure, a mark, or something known from elsewhere.
    Known {
        /// What kind of knowledge it is.
        item: Item,
        /// Its name.
        name: String,
    },
}

/// A cell that the report speaks of.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// How grave it is.
    pub gravity: Gravity,
    /// Whether it breaks the promise; otherwise it is told for what it is worth.
    pub objection: bool,
    /// The cell's name.
    pub cell: String,
    /// Where its figure stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Whether the cell stands in the table; otherwise anyone can compute it.
    pub displayed: bool,
    /// The lowest value that remains possible.
    pub lowest: Option<Figure>,
    /// The highest.
    pub highest: Option<Figure>,
    /// The percentage printed of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub printed: Option<Figure>,
    /// What it rests on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<Cause>,
    /// Other statements that give it away, each by itself: hiding what it rests on would not be enough.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Cause>,
}

/// Hidden cells that share one sum.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Together {
    /// The total.
    pub name: String,
    /// The hidden cells.
    pub cells: Vec<String>,
    /// What they hold together at least.
    pub lowest: Option<Figure>,
    /// What they hold together at most.
    pub highest: Option<Figure>,
    /// What each can hold by itself.
    pub each: Vec<(Option<Figure>, Option<Figure>)>,
}

/// A figure that is not displayed and that anyone computes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Computable {
    /// Its name.
    pub name: String,
    /// Its lowest value.
    pub lowest: Option<Figure>,
    /// Its highest value.
    pub highest: Option<Figure>,
}

/// A column less another, which nothing says is a part of it, although no figure speaks against it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// The larger column.
    pub whole: String,
    /// The smaller.
    pub part: String,
    /// Row by row.
    pub rows: Vec<Computable>,
}

/// A contradiction, with names for cells.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Contradicted {
    /// The cell or total in dispute.
    pub name: String,
    /// Where it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// What contradicts what.
    pub dispute: Disputed,
    /// Simple explanations that fit, the likeliest first.
    pub explanations: Vec<Explained>,
    /// What the figure left aside would imply.
    pub implied: Vec<Together>,
}

/// What contradicts what, with names for cells.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Disputed {
    /// A percentage, rate or mean that its count and base do not give.
    Printed {
        /// The figure.
        value: Figure,
        /// It is `per·cell/base`.
        per: u32,
        /// The count, where it is shown.
        count: Option<Figure>,
        /// The base's name.
        base: String,
        /// The base, where it is shown.
        of: Option<Figure>,
        /// The figure that count and base give, with two decimals more.
        computed: Option<Figure>,
        /// The lowest count that the figure means of this base.
        least: Option<Figure>,
        /// The highest.
        most: Option<Figure>,
    },
    /// A total that is not the sum of its parts.
    Sum {
        /// As printed.
        given: Option<Figure>,
        /// As added up.
        computed: Option<Figure>,
    },
    /// One figure printed twice, differently.
    Same {
        /// The other place.
        other: String,
        /// The first figure.
        first: Figure,
        /// The second.
        second: Figure,
    },
    /// Another statement that does not agree with the rest.
    Statement {
        /// What kind of knowledge it is.
        item: Item,
    },
}

/// A simple explanation, with names for cells.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Explained {
    /// The figure was computed before rows were folded in (`added`) or taken out.
    Regrouped {
        /// Whether rows were added.
        added: bool,
        /// Persons, at least.
        least: Figure,
        /// Persons, at most.
        most: Figure,
    },
    /// The total counts rows that are not listed.
    TotalIncludes {
        /// Persons in them.
        persons: Figure,
    },
    /// A slip of the pen.
    Slip {
        /// The cell; none for the percentage itself.
        cell: Option<String>,
        /// As printed.
        printed: Figure,
        /// As it may have been meant.
        meant: Figure,
    },
    /// A base that was rounded.
    RoundedBase {
        /// The least base that fits.
        least: Figure,
        /// The largest.
        most: Figure,
    },
}

/// What was not checked, and how it could be.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Unchecked {
    /// An item of knowledge that was switched off.
    Item {
        /// The item.
        item: Item,
    },
    /// The shown figures of a column stand in order; that the hidden ones do too was not taken into account.
    LooksSorted {
        /// The block; empty where there is only one.
        block: String,
        /// The column; empty where there is only one.
        column: String,
        /// Whether the largest comes first.
        descending: bool,
    },
    /// Bounds for which the work ran out before the tightest was found.
    NotTight {
        /// How many hidden cells.
        cells: usize,
    },
    /// Nothing ties the counts: no total was found.
    NoRelations,
    /// Other releases of the same persons.
    OtherReleases,
    /// What somebody knows who is among the persons counted.
    Insiders,
}

/// A report on a published table.
///
/// Serialised (`caviardage-check/1`), in this order: `schema`; `threshold`; `zeros`, `hide` or `publish`; `knowledge`, the
/// items that the reader was taken to know, and `used`, those that some bound rests on; `cells`, `hidden`, `statements`,
/// how many; `objections`, how many things break the promise; `findings`, gravest first; `contradictions`; `together`,
/// hidden cells that share one sum; `computable`, undisplayed figures that anyone computes; `differences` of columns that
/// may be parts of each other; `unchecked`. Figures are numbers where they have no
/// decimals, otherwise texts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The version of the form.
    pub schema: &'static str,
    /// Counts below this should be hidden.
    pub threshold: i64,
    /// Whether zeros are hidden too.
    pub zeros: Zeros,
    /// What the reader was taken to know, of what there is: an order that nobody declared is not here.
    pub knowledge: Vec<Item>,
    /// What some bound rests on.
    pub used: Vec<Item>,
    /// How many cells stand in the table.
    pub cells: usize,
    /// How many of them are hidden.
    pub hidden: usize,
    /// How many statements tie them.
    pub statements: usize,
    /// How many things break the promise.
    pub objections: usize,
    /// Gravest first.
    pub findings: Vec<Finding>,
    /// Figures that contradict each other.
    pub contradictions: Vec<Contradicted>,
    /// Hidden cells that share one sum.
    pub together: Vec<Together>,
    /// Undisplayed figures that anyone computes.
    pub computable: Vec<Computable>,
    /// Columns that may be parts of each other.
    pub differences: Vec<Difference>,
    /// What was not checked.
    pub unchecked: Vec<Unchecked>,
    #[serde(skip)]
    pub(super) deduction: Deduction,
}

impl Report {
    /// The deduction that the report sorts, with the derivation of every bound.
    pub fn deduction(&self) -> &Deduction {
        &self.deduction
    }

    /// Whether nothing was found that breaks the promise, and no figures contradict each other.
    pub fn is_clean(&self) -> bool {
        self.objections == 0
    }
}
