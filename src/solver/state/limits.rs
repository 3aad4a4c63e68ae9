//! Limits that were found before, and answer again.
//!
//! A limit holds under every pattern: what keeps a cell from going far enough under one may keep it under the next. To look
//! costs the limit's entries, where an engine solves a program.

use std::collections::VecDeque;

use crate::extremes::{Limit, Need, Reach, Short};

/// Limits kept of one need, the latest first.
const KEPT: usize = 8;
/// Entries of all that are kept.
const MOST_ENTRIES: usize = 1_000_000;

/// A way in which a need's cell was short under some pattern.
struct Kept {
    upward: bool,
    asked: i64,
    limit: Limit,
}

impl Kept {
    fn is_short(&self, hidden: &[bool]) -> bool {
        self.limit.most(|cell| hidden[cell]).is_some_and(|most| most < self.asked.into())
    }
}

/// Limits of each need; none where nobody keeps any, as on networks, where asking costs as little.
pub(super) struct Limits {
    of: Vec<VecDeque<Kept>>,
    entries: usize,
    /// Entries looked at.
    pub(super) work: u64,
}

impl Limits {
    pub(super) fn new(needs: usize) -> Self {
        Limits { of: (0..needs).map(|_| VecDeque::new()).collect(), entries: 0, work: 0 }
    }

    /// Keeps the limit that shows a need to be short, where one alone does.
    pub(super) fn keep(&mut self, need: usize, why: &[Short]) {
        if let [Short { upward, asked, why: Reach::Limit(limit) }] = why
            && !limit.rows.is_empty()
        {
            self.keep_limit(need, (*upward, *asked), limit);
        }
    }

    pub(super) fn keep_limit(&mut self, need: usize, (upward, asked): (bool, i64), limit: &Limit) {
        let Some(kept) = self.of.get_mut(need) else { return };
        self.work += limit.terms.len() as u64;
        if kept.iter().any(|old| old.limit == *limit) {
            return;
        }
        self.entries += limit.terms.len();
        kept.push_front(Kept { upward, asked, limit: limit.clone() });
        while (kept.len() > KEPT || self.entries > MOST_ENTRIES)
            && let Some(old) = kept.pop_back()
        {
            self.entries -= old.limit.terms.len();
        }
    }

    /// Why a need is short under this pattern, if a limit that is kept says so.
    pub(super) fn short(&mut self, number: usize, need: &Need, hidden: &[bool]) -> Option<Short> {
        if need.sliding > need.up.saturating_add(need.down) {
            return None;
        }
        let kept = self.of.get(number)?;
        let at = kept.iter().position(|kept| {
            self.work += kept.limit.terms.len() as u64;
            kept.is_short(hidden)
        })?;
        let Kept { upward, asked, limit } = &kept[at];
        Some(Short { upward: *upward, asked: *asked, why: Reach::Limit(limit.clone()) })
    }
}
