//! What was found before, and answers again.
//!
//! A limit holds under every pattern: what keeps a cell from going far enough under one may keep it under the next. A witness
//! serves under every pattern that hides what it moves. To look costs the entries of what is kept, where an engine solves a
//! program.

use std::collections::VecDeque;

use crate::extremes::{Limit, Need, Reach, Short};
use crate::relations::{Outsider, Witness};

/// What is kept of one need at most, the latest first.
const KEPT: usize = 8;
/// Entries of all limits that are kept, and of all witnesses.
const MOST_ENTRIES: usize = 1_000_000;

/// What was found of each need, with how many entries it has; nothing where nobody keeps any, as on networks, where asking
/// costs as little.
struct Found<T> {
    of: Vec<VecDeque<(T, usize)>>,
    entries: usize,
}

impl<T: PartialEq> Found<T> {
    fn new(needs: usize) -> Self {
        Found { of: (0..needs).map(|_| VecDeque::new()).collect(), entries: 0 }
    }

    fn keep(&mut self, need: usize, work: &mut u64, entries: usize, one: impl FnOnce() -> T) {
        let Some(kept) = self.of.get_mut(need) else { return };
        *work += entries as u64;
        let one = one();
        if kept.iter().any(|old| old.0 == one) {
            return;
        }
        self.entries += entries;
        kept.push_front((one, entries));
        while (kept.len() > KEPT || self.entries > MOST_ENTRIES)
            && let Some((_, gone)) = kept.pop_back()
        {
            self.entries -= gone;
        }
    }

    /// The first of a need's that serves.
    fn find(&self, need: usize, work: &mut u64, serves: impl Fn(&T) -> bool) -> Option<&T> {
        let mut kept = self.of.get(need)?.iter();
        kept.find(|(one, entries)| {
            *work += *entries as u64;
            serves(one)
        })
        .map(|kept| &kept.0)
    }
}

/// A way in which a need's cell was short under some pattern.
#[derive(PartialEq)]
struct Way {
    upward: bool,
    asked: i64,
    limit: Limit,
}

/// Limits and witnesses of each need.
pub(super) struct Before {
    limits: Found<Way>,
    witnesses: Found<Vec<Witness>>,
    /// Entries looked at.
    pub(super) work: u64,
}

impl Before {
    pub(super) fn new(needs: usize) -> Self {
        Before { limits: Found::new(needs), witnesses: Found::new(needs), work: 0 }
    }

    /// Keeps the limit that shows a need to be short, where one alone does.
    pub(super) fn keep_short(&mut self, need: usize, why: &[Short]) {
        if let [Short { upward, asked, why: Reach::Limit(limit) }] = why
            && !limit.rows.is_empty()
        {
            self.keep_limit(need, (*upward, *asked), limit);
        }
    }

    pub(super) fn keep_limit(&mut self, need: usize, (upward, asked): (bool, i64), limit: &Limit) {
        let way = || Way { upward, asked, limit: limit.clone() };
        self.limits.keep(need, &mut self.work, limit.terms.len(), way);
    }

    /// Keeps what meets a need.
    pub(super) fn keep_witnesses(&mut self, need: usize, witnesses: &[Witness]) {
        let entries = witnesses.iter().map(|w| w.terms.len()).sum();
        self.witnesses.keep(need, &mut self.work, entries, || witnesses.to_vec());
    }

    /// Why a need is short under this pattern, if a limit that is kept says so.
    pub(super) fn short(&mut self, number: usize, need: &Need, hidden: &[bool]) -> Option<Short> {
        if need.sliding > need.up.saturating_add(need.down) {
            return None;
        }
        let keeps = |way: &Way| way.limit.most(|cell| hidden[cell]).is_some_and(|most| most < way.asked.into());
        let Way { upward, asked, limit } = self.limits.find(number, &mut self.work, keeps)?;
        Some(Short { upward: *upward, asked: *asked, why: Reach::Limit(limit.clone()) })
    }

    /// Witnesses that met a need before and serve under this pattern.
    pub(super) fn witnesses(&mut self, need: usize, outsider: &Outsider, hidden: &[bool]) -> Option<Vec<Witness>> {
        let serve = |witnesses: &Vec<Witness>| witnesses.iter().all(|w| w.fits(outsider, hidden));
        self.witnesses.find(need, &mut self.work, serve).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::relations::Matrix;

    fn witness(terms: &[(usize, i64)]) -> Vec<Witness> {
        vec![Witness { terms: terms.to_vec(), denominator: 1 }]
    }

    fn limit(terms: &[(usize, i128)]) -> Limit {
        Limit { scale: 2, terms: terms.to_vec(), rows: vec![(0, 1)] }
    }

    /// Three cells that may go down by two and up by five.
    fn outsider() -> Outsider {
        Outsider { down: vec![2; 3], up: vec![5; 3], matrix: Matrix::default(), integral: true, cells: 3 }
    }

    #[test]
    fn a_witness_serves_where_what_it_moves_is_hidden_and_has_the_room() {
        let (mut before, outsider) = (Before::new(2), outsider());
        before.keep_witnesses(1, &witness(&[(0, 3), (1, -3)]));
        assert_eq!(before.witnesses(1, &outsider, &[true; 3]), None, "1 goes down by two only");
        before.keep_witnesses(1, &witness(&[(0, 2), (1, -2)]));
        before.keep_witnesses(1, &witness(&[(0, 2), (2, -2)]));
        assert_eq!(before.witnesses(1, &outsider, &[true; 3]), Some(witness(&[(0, 2), (2, -2)])), "the latest first");
        assert_eq!(before.witnesses(1, &outsider, &[true, true, false]), Some(witness(&[(0, 2), (1, -2)])));
        assert_eq!(before.witnesses(1, &outsider, &[false, true, true]), None);
        assert_eq!(before.witnesses(0, &outsider, &[true; 3]), None, "each need has its own");
    }

    #[test]
    fn a_limit_tells_who_is_short_under_every_pattern_that_leaves_too_little() {
        let mut before = Before::new(1);
        let up = Need { cell: 0, up: 4, down: 0, sliding: 0 };
        before.keep_limit(0, (true, 4), &limit(&[(1, 6), (2, 2)]));
        assert_eq!(before.short(0, &up, &[true; 3]), None, "eight halves are four");
        let short = before.short(0, &up, &[true, true, false]).expect("six halves are three");
        assert_eq!((short.upward, short.asked, short.why), (true, 4, Reach::Limit(limit(&[(1, 6), (2, 2)]))));
        let sliding = Need { sliding: 9, ..up };
        assert_eq!(before.short(0, &sliding, &[true, true, false]), None, "the other side may make up for it");
    }

    #[test]
    fn no_more_is_kept_than_is_said() {
        let (mut before, outsider) = (Before::new(1), outsider());
        for amount in (1..).take(2 * KEPT) {
            before.keep_witnesses(0, &witness(&[(0, amount)]));
            before.keep_witnesses(0, &witness(&[(0, amount)]));
        }
        assert_eq!(before.witnesses.of[0].len(), KEPT);
        assert_eq!(before.witnesses.entries, KEPT);
        assert_eq!(before.witnesses(0, &outsider, &[true; 3]), None, "those that fitted were the first");
        let long: Vec<(usize, i64)> = (0..MOST_ENTRIES).map(|cell| (cell, 1)).collect();
        before.keep_witnesses(0, &witness(&long));
        assert_eq!((before.witnesses.of[0].len(), before.witnesses.entries), (1, MOST_ENTRIES));
    }

    #[test]
    fn nobody_keeps_anything_on_networks() {
        let mut before = Before::new(0);
        before.keep_witnesses(3, &witness(&[(0, 1)]));
        before.keep_limit(3, (true, 4), &limit(&[(1, 6)]));
        assert_eq!((before.work, before.witnesses.entries, before.limits.entries), (0, 0, 0));
    }
}
