//! What a reader is taken to know beside the figures, item by item.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::policy::{Policy, Zeros};
use crate::table::FactKind;

/// One kind of knowledge. Every statement that a deduction uses belongs to one, and can be switched off with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Item {
    /// Totals, hierarchies, stated relations, figures printed twice.
    Totals,
    /// Counts are whole and not negative.
    Whole,
    /// Marks that say "below N", and what follows from zeros being shown: a hidden cell holds at least one person.
    Marks,
    /// Where cells are hidden, at least one of those tied together is below the threshold, or nothing would be hidden.
    /// Off by default: it is knowledge of why the pattern was chosen.
    Rule,
    /// Percentages, rates and means with their decimals and base, either way of rounding a tie.
    Percentages,
    /// Rows sorted by a figure, shown or hidden.
    Order,
    /// A cell that is a part of another: « dont ».
    Part,
    /// What an earlier release shows.
    Earlier,
    /// Bounds and sums known from elsewhere.
    Elsewhere,
}

impl Item {
    /// Every item.
    pub const ALL: [Item; 9] = [
        Item::Totals,
        Item::Whole,
        Item::Marks,
        Item::Rule,
        Item::Percentages,
        Item::Order,
        Item::Part,
        Item::Earlier,
        Item::Elsewhere,
    ];

    /// How far a statement of this kind is believed when figures contradict each other; the least believed goes first.
    pub(super) fn trust(self) -> u8 {
        match self {
            Item::Order => 0,
            Item::Percentages => 1,
            Item::Rule | Item::Marks => 2,
            Item::Part | Item::Elsewhere => 3,
            Item::Earlier => 4,
            Item::Totals | Item::Whole => 5,
        }
    }
}

impl From<FactKind> for Item {
    fn from(kind: FactKind) -> Self {
        match kind {
            FactKind::Order => Item::Order,
            FactKind::Part => Item::Part,
            FactKind::Earlier => Item::Earlier,
            FactKind::Elsewhere => Item::Elsewhere,
        }
    }
}

/// What the reader knows. The default knows everything but [`Item::Rule`], with a threshold of ten and zeros hidden.
///
/// ```
/// use caviardage::attack::{Item, Knowledge};
/// let knowledge = Knowledge::default().without(Item::Percentages);
/// assert!(knowledge.has(Item::Totals) && !knowledge.has(Item::Percentages));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Knowledge {
    items: BTreeSet<Item>,
    threshold: i64,
    zeros: Zeros,
}

impl Default for Knowledge {
    fn default() -> Self {
        let items = Item::ALL.into_iter().filter(|i| *i != Item::Rule).collect();
        Knowledge { items, threshold: 10, zeros: Zeros::Hide }
    }
}

impl Knowledge {
    /// The threshold and the treatment of zeros of a policy, which every reader of its releases knows.
    pub fn of(policy: &Policy) -> Self {
        Knowledge { threshold: policy.threshold_count(), zeros: policy.treats_zeros(), ..Knowledge::default() }
    }

    /// Adds an item.
    #[must_use]
    pub fn with(mut self, item: Item) -> Self {
        self.items.insert(item);
        self
    }

    /// Takes an item away.
    #[must_use]
    pub fn without(mut self, item: Item) -> Self {
        self.items.remove(&item);
        self
    }

    /// Counts below this are hidden, in persons.
    #[must_use]
    pub fn threshold(mut self, threshold: u32) -> Self {
        self.threshold = i64::from(threshold);
        self
    }

    /// Whether zeros are hidden or published.
    #[must_use]
    pub fn zeros(mut self, zeros: Zeros) -> Self {
        self.zeros = zeros;
        self
    }

    /// Whether the reader has an item.
    pub fn has(&self, item: Item) -> bool {
        self.items.contains(&item)
    }

    /// The items that the reader has.
    pub fn items(&self) -> impl Iterator<Item = Item> + '_ {
        self.items.iter().copied()
    }

    /// The threshold, in persons.
    pub fn threshold_count(&self) -> i64 {
        self.threshold
    }

    /// How zeros are treated.
    pub fn treats_zeros(&self) -> Zeros {
        self.zeros
    }
}
