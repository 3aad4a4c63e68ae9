//! Which percentages can stay beside hidden counts.
//!
//! One after the other, in the table's order, each with as many decimals as it can have: it stays if every need is still
//! met by a reader who has it and all those kept before. A witness that respects the figure serves on; the others are
//! looked for anew. Greedy, so another order might keep others; afterwards none that is hidden could be added alone.
//! Cost: a test of the witnesses a figure, and an engine where one of them fails.

use super::Needs;
use crate::extremes::{Extremes, Met};
use crate::lp::Engine;
use crate::pattern::Pattern;
use crate::policy::{Percentages, Policy};
use crate::relations::{Outsider, Witness, inequalities};
use crate::table::{CellId, Percentage, Table};

/// The pattern with the percentages that it may print, and witnesses that respect them.
pub(crate) fn keep(
    table: &Table,
    policy: &Policy,
    needs: &Needs,
    mut pattern: Pattern,
    mut witnesses: Vec<Witness>,
) -> (Pattern, Vec<Witness>) {
    if policy.treats_percentages() == Percentages::Follow {
        return (pattern, witnesses);
    }
    let hidden = |cell: CellId| pattern.is_hidden(cell) || !table.is_displayed(cell);
    let candidates: Vec<usize> = (0..table.percentages().len())
        .filter(|&n| {
            let p = &table.percentages()[n];
            p.cell != p.base && (hidden(p.cell) || hidden(p.base))
        })
        .collect();
    let mut printed: Vec<Percentage> = Vec::new();
    for number in candidates {
        let most = table.percentages()[number].value.scale();
        let least = if policy.treats_percentages() == Percentages::Round { 0 } else { most };
        for decimals in (least..=most).rev() {
            let Some(one) = table.printed(number, decimals).filter(|p| inequalities(p.per, p.value).is_some()) else {
                continue;
            };
            printed.push(one);
            if let Some(found) = all_met(table, policy, needs, &pattern, &printed, &witnesses) {
                witnesses = found;
                pattern = pattern.printing(number, decimals);
                break;
            }
            printed.pop();
        }
    }
    (pattern, witnesses)
}

/// Witnesses for every need that respect all these figures, if there are.
fn all_met(
    table: &Table,
    policy: &Policy,
    needs: &Needs,
    pattern: &Pattern,
    printed: &[Percentage],
    before: &[Witness],
) -> Option<Vec<Witness>> {
    let last = printed.last()?;
    let mut kept: Vec<Witness> = before.iter().filter(|w| respects(table, last, w)).cloned().collect();
    if kept.len() == before.len() {
        return Some(kept);
    }
    let outsider = Outsider::reading(table, policy, printed);
    let hidden = table.cells().map(|c| pattern.is_hidden(c) || !table.is_displayed(c)).collect();
    let mut extremes = Extremes::new(Engine::Simplex, &outsider, outsider.with_slacks(hidden, true), needs.most());
    for need in &needs.needs {
        let meets = |up: bool, amount: i64| {
            amount <= 0
                || kept.iter().any(|w| {
                    let gone = i128::from(if up { w.at(need.cell) } else { -w.at(need.cell) });
                    gone >= i128::from(amount) * i128::from(w.denominator)
                })
        };
        if need.sliding <= need.up.saturating_add(need.down) && meets(true, need.up) && meets(false, need.down) {
            continue;
        }
        match extremes.meet(need) {
            Met::Yes(found) => kept.extend(found.into_iter().map(|w| w.of_cells(table.len()))),
            Met::No(_) | Met::Unknown => return None,
        }
    }
    Some(kept)
}

/// Whether the counts changed by a witness still give the printed figure.
fn respects(table: &Table, one: &Percentage, witness: &Witness) -> bool {
    let Some(rows) = inequalities(one.per, one.value) else { return false };
    let unit = i128::from(witness.denominator);
    let value = |c: CellId| i128::from(table.count(c)) * unit + i128::from(witness.at(c.index()));
    rows.iter().all(|row| i128::from(row.cell) * value(one.cell) + i128::from(row.base) * value(one.base) >= 0)
}
