//! Adds witnesses up in integers; alone makes [`Verified`]. Uses no engine.
//!
//! # Proof
//! Postcondition of [`verify`]: for every primary cell of the table under the policy, the true counts changed by some of
//! the witnesses given are tables that (1) satisfy every relation, (2) change hidden cells only, (3) stay within all that
//! the reader knows (no count below zero, nor below one where zeros are published; declared bounds, orders, parts and
//! earlier figures; percentages printed beside hidden counts; structural zeros at zero; whole numbers where figures are
//! counts), and (4) take the cell as far as the policy asks. Nothing that must be
//! shown is hidden. Each of the four is a sum or a comparison of integers, made below in 128 bits without rounding.

mod bound;
mod needed;
mod rooms;

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::error::{Error, Problem};
use crate::pattern::Pattern;
use crate::policy::{Assessment, Interval, Policy, Zeros};
use crate::relations::{Bound, Needed, Witness, inequalities};
use crate::table::{Standing, Table};

/// A pattern whose witnesses were all added up. Only [`verify`] makes one, and only from one a release is built.
#[derive(Debug, Clone, PartialEq)]
pub struct Verified<'t> {
    table: &'t Table,
    policy: Policy,
    assessment: Assessment,
    pattern: Pattern,
    witnesses: Vec<Witness>,
}

impl<'t> Verified<'t> {
    /// The table.
    pub fn table(&self) -> &'t Table {
        self.table
    }

    /// The policy that the pattern obeys.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// What the policy says of each cell.
    pub fn assessment(&self) -> &Assessment {
        &self.assessment
    }

    /// The pattern.
    pub fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    /// The witnesses that were added up.
    pub fn witnesses(&self) -> &[Witness] {
        &self.witnesses
    }
}

/// Checks that a pattern keeps the policy's promise for a table, as these witnesses show.
///
/// One witness may serve several primary cells. Cost: linear in the witnesses' cells times the relations each is in.
///
/// # Errors
/// Every problem at once: a policy that does not fit, a primary cell shown, a cell that must be shown hidden, a witness
/// that does not add up, a primary cell whose interval no witness widens enough.
pub fn verify<'t>(
    table: &'t Table,
    policy: &Policy,
    pattern: &Pattern,
    witnesses: &[Witness],
) -> Result<Verified<'t>, Error> {
    let assessment = policy.assess(table)?;
    if pattern.len() != table.len() {
        let (given, expected) = (pattern.len(), table.len());
        return Err(Error::unverified(vec![Problem::PatternLength { given, expected }]));
    }
    let mut problems = Vec::new();
    for id in table.cells() {
        let cell = || table.name(id.index());
        match (assessment.standing(id), pattern.is_hidden(id)) {
            (Standing::Primary, false) => problems.push(Problem::PrimaryShown { cell: cell() }),
            (Standing::Hidden, false) => problems.push(Problem::ShownMustHide { cell: cell() }),
            (Standing::Shown, true) => problems.push(Problem::HiddenMustShow { cell: cell() }),
            _ => {}
        }
    }
    let sums = Sums::new(table, pattern, &mut problems);
    let mut reach: BTreeMap<usize, Range> = BTreeMap::new();
    for (index, witness) in witnesses.iter().enumerate() {
        match check(table, policy, pattern, &sums, witness) {
            Ok(()) => {
                for &(cell, change) in &witness.terms {
                    reach.entry(cell).or_default().widen(change, witness.denominator);
                }
            }
            Err(reason) => problems.push(Problem::Witness { index, reason }),
        }
    }
    for primary in assessment.primaries() {
        let range = reach.get(&primary.cell.index()).copied().unwrap_or_default();
        if !range.suffices(primary.asked) {
            let count = primary.fact.count;
            let reached = |end: (i64, i64)| {
                let whole = i128::from(count) + i128::from(end.0).div_euclid(i128::from(end.1));
                Decimal::try_from_i128_with_scale(whole, table.decimals).unwrap_or(Decimal::MAX)
            };
            problems.push(Problem::TooNarrow {
                cell: table.name(primary.cell.index()),
                lowest: reached(range.low),
                highest: reached(range.high),
                needed: wanted(primary.asked, count, table.decimals),
            });
        }
    }
    if !problems.is_empty() {
        return Err(Error::unverified(problems));
    }
    Ok(Verified { table, policy: policy.clone(), assessment, pattern: pattern.clone(), witnesses: witnesses.to_vec() })
}

/// Checks that every complementary cell of a verified pattern is needed, as these proofs show: one a cell, by cell.
///
/// A cell whose proof has no ends is passed over: nobody claims it. Gives how many those are. Cost: linear in the rows
/// that the proofs name, times their cells.
///
/// # Errors
/// Every problem at once: a complementary cell without its entry, an entry for another cell, a proof that does not add up.
pub fn needed(verified: &Verified<'_>, needs: &[Needed]) -> Result<usize, Error> {
    let Verified { table, assessment, pattern, .. } = verified;
    let adds_up = adds_up(verified);
    let mut problems = Vec::new();
    let mut given = needs.iter().peekable();
    let mut unproved = 0;
    let mut reject = |cell: usize, reason: &str| {
        let cell = if cell < table.len() { table.name(cell) } else { format!("cell {cell}") };
        problems.push(Problem::NotNeeded { cell, reason: reason.to_owned() });
    };
    for cell in complements(assessment, pattern) {
        while let Some(other) = given.next_if(|n| n.cell < cell) {
            reject(other.cell, "it is no complementary cell, or appears twice");
        }
        let Some(need) = given.next_if(|n| n.cell == cell) else {
            reject(cell, "no proof is given");
            continue;
        };
        match adds_up(need) {
            Ok(()) => unproved += usize::from(!need.is_proved()),
            Err(reason) => reject(cell, &reason),
        }
    }
    for other in given {
        reject(other.cell, "it is no complementary cell, or appears twice");
    }
    if problems.is_empty() { Ok(unproved) } else { Err(Error::unverified(problems)) }
}

/// Judges single proofs of need; one without ends claims nothing, but its primary cell has to be one.
fn adds_up<'a>(verified: &'a Verified<'_>) -> impl Fn(&Needed) -> Result<(), String> + 'a {
    let Verified { table, policy, assessment, pattern, .. } = verified;
    let rooms = rooms::Rooms::new(table, policy);
    move |need: &Needed| {
        let asked = assessment.asked(need.falls).ok_or("what should fall is no primary cell")?;
        if !need.is_proved() {
            return Ok(());
        }
        let hidden = |variable: usize| pattern.flags().get(variable).is_none_or(|h| *h);
        needed::holds(&rooms, table.decimals == 0, &hidden, need, asked)
            .map_err(|reason| format!("{}: {reason}", table.name(need.falls)))
    }
}

/// The same needs; what does not add up claims nothing any more.
pub(crate) fn only_proved(verified: &Verified<'_>, mut needs: Vec<Needed>) -> Vec<Needed> {
    let adds_up = adds_up(verified);
    needs.iter_mut().filter(|need| adds_up(need).is_err()).for_each(|need| need.ends.clear());
    needs
}

/// Checks that no pattern that keeps the promise costs less than a proof claims, and gives what it shows: the claim, with
/// what declarations hide. Cost: linear in the entries of the proof's sums times the cells of their inequalities.
///
/// # Errors
/// A proof that does not add up, with the place.
pub fn bound(verified: &Verified<'_>, proof: &Bound) -> Result<u64, Error> {
    let rooms = rooms::Rooms::new(verified.table, &verified.policy);
    bound::holds(verified, &rooms, proof)
        .map_err(|reason| Error::unverified(vec![Problem::BoundNotShown { reason }]))?;
    Ok(proof.claim.saturating_add(cost_of(verified, Standing::Hidden)))
}

/// What the cells cost that a verified pattern hides beside primary ones.
pub fn cost(verified: &Verified<'_>) -> u64 {
    cost_of(verified, Standing::Hidden).saturating_add(cost_of(verified, Standing::Open))
}

fn cost_of(verified: &Verified<'_>, standing: Standing) -> u64 {
    let Verified { assessment, pattern, .. } = verified;
    let counted = pattern.hidden().filter(|&c| assessment.standing(c) == standing);
    counted.fold(0, |sum, c| sum.saturating_add(assessment.weight(c)))
}

/// Cells that a pattern hides by choice: no rule, no declaration, not undisplayed.
pub(crate) fn complements<'a>(assessment: &'a Assessment, pattern: &'a Pattern) -> impl Iterator<Item = usize> + 'a {
    let open = |c: &usize| assessment.standings.get(*c) == Some(&Standing::Open);
    pattern.hidden().map(|c| c.index()).filter(open)
}

/// What a protection asks for, in words.
pub(crate) fn wanted(asked: Interval, count: i64, decimals: u32) -> String {
    let number = |v: i64| Decimal::new(v, decimals).to_string();
    let mut parts = Vec::new();
    if asked.upper > 0 {
        parts.push(format!("{} or more must remain possible", number(count.saturating_add(asked.upper))));
    }
    if asked.lower > 0 {
        parts.push(format!("{} or less must remain possible", number(count.saturating_sub(asked.lower))));
    }
    if asked.sliding > asked.upper.saturating_add(asked.lower) {
        parts.push(format!("a width of {} must remain possible", number(asked.sliding)));
    }
    parts.join(", ")
}

/// How far witnesses take a cell: fractions, lowest and highest.
#[derive(Debug, Clone, Copy)]
struct Range {
    low: (i64, i64),
    high: (i64, i64),
}

impl Default for Range {
    fn default() -> Self {
        Range { low: (0, 1), high: (0, 1) }
    }
}

impl Range {
    fn widen(&mut self, change: i64, denominator: i64) {
        let less = |a: (i64, i64), b: (i64, i64)| i128::from(a.0) * i128::from(b.1) < i128::from(b.0) * i128::from(a.1);
        let change = (change, denominator);
        if less(change, self.low) {
            self.low = change;
        }
        if less(self.high, change) {
            self.high = change;
        }
    }

    fn suffices(self, asked: Interval) -> bool {
        let wide = |v: i64| i128::from(v);
        let up = wide(self.high.0) >= wide(asked.upper) * wide(self.high.1);
        let down = -wide(self.low.0) >= wide(asked.lower) * wide(self.low.1);
        // high − low ≥ sliding, times both denominators; each factor is below 2^63, the products of three may not fit.
        let span = (wide(self.high.0) * wide(self.low.1)).checked_sub(wide(self.low.0) * wide(self.high.1));
        let needed = (wide(self.high.1) * wide(self.low.1)).checked_mul(wide(asked.sliding));
        up && down && matches!((span, needed), (Some(s), Some(n)) if s >= n)
    }
}

/// What must hold of every table that the reader cannot rule out, by cell.
struct Sums {
    /// By cell, its relations with their coefficients.
    rows: Vec<Vec<(usize, i64)>>,
    /// Sums known to lie in a range, with the range less what the true counts sum to.
    ranges: Vec<(Option<i128>, Option<i128>)>,
    /// By cell, the ranges that speak of it, with coefficients.
    ranges_of: BTreeMap<usize, Vec<(usize, i64)>>,
}

impl Sums {
    fn new(table: &Table, pattern: &Pattern, problems: &mut Vec<Problem>) -> Self {
        let mut rows = vec![Vec::new(); table.len()];
        for row in 0..table.relations.len() {
            for &(cell, coefficient) in table.relations.row(row) {
                rows[cell].push((row, coefficient));
            }
        }
        let mut sums = Sums { rows, ranges: Vec::new(), ranges_of: BTreeMap::new() };
        for fact in &table.facts {
            let (below, above) = fact.room(|c| table.cells[c].count);
            sums.range(&fact.terms, below, above);
        }
        for (number, decimals) in pattern.printed() {
            let printed = table.printed(number, decimals);
            let rows =
                printed.as_ref().filter(|p| p.cell != p.base).and_then(|p| Some((p, inequalities(p.per, p.value)?)));
            let Some((printed, rows)) = rows else {
                let reason =
                    format!("percentage {number} cannot be printed with {decimals} decimals beside a hidden count");
                problems.push(Problem::Policy { reason });
                continue;
            };
            let (cell, base) = (printed.cell.index(), printed.base.index());
            for row in rows {
                let count = |c: usize| i128::from(table.cells[c].count);
                let sum = i128::from(row.cell) * count(cell) + i128::from(row.base) * count(base);
                sums.range(&[(cell, row.cell), (base, row.base)], Some(sum), None);
            }
        }
        sums
    }

    fn range(&mut self, terms: &[(usize, i64)], below: Option<i128>, above: Option<i128>) {
        for &(cell, coefficient) in terms {
            self.ranges_of.entry(cell).or_default().push((self.ranges.len(), coefficient));
        }
        self.ranges.push((below, above));
    }
}

fn check(table: &Table, policy: &Policy, pattern: &Pattern, relations: &Sums, witness: &Witness) -> Result<(), String> {
    if witness.denominator < 1 || (witness.denominator != 1 && table.decimals == 0) {
        return Err(format!("a denominator of {} for whole counts", witness.denominator));
    }
    let unit = i128::from(witness.denominator);
    let mut sums: BTreeMap<usize, i128> = BTreeMap::new();
    let mut ranges: BTreeMap<usize, i128> = BTreeMap::new();
    let mut last = None;
    for &(index, change) in &witness.terms {
        if last.is_some_and(|l| l >= index) {
            return Err("cells out of order or twice".to_owned());
        }
        last = Some(index);
        let Some(cell) = table.cells.get(index) else { return Err(format!("no cell {index}")) };
        if cell.structural {
            return Err(format!("{} is a structural zero", table.name(index)));
        }
        if !pattern.flags()[index] {
            return Err(format!("{} is shown", table.name(index)));
        }
        let value = i128::from(cell.count) * unit + i128::from(change);
        let positive = policy.treats_zeros() == Zeros::Publish && cell.displayed && cell.count > 0;
        let least = cell.known.0.unwrap_or(0).max(i64::from(positive));
        if value < i128::from(least) * unit {
            return Err(format!("{} goes below what is known", table.name(index)));
        }
        if cell.known.1.is_some_and(|most| value > i128::from(most) * unit) {
            return Err(format!("{} goes above what is known", table.name(index)));
        }
        for &(row, coefficient) in &relations.rows[index] {
            *sums.entry(row).or_insert(0) += i128::from(coefficient) * i128::from(change);
        }
        for &(range, coefficient) in relations.ranges_of.get(&index).into_iter().flatten() {
            *ranges.entry(range).or_insert(0) += i128::from(coefficient) * i128::from(change);
        }
    }
    for (range, moved) in ranges {
        let (below, above) = relations.ranges[range];
        if below.is_some_and(|b| -moved > b.saturating_mul(unit))
            || above.is_some_and(|a| moved > a.saturating_mul(unit))
        {
            return Err("a figure or an order that every reader knows is contradicted".to_owned());
        }
    }
    match sums.into_iter().find(|s| s.1 != 0) {
        Some((row, sum)) => Err(format!("{} is off by {sum}", table.relation_name(row))),
        None => Ok(()),
    }
}
