//! Takes a pattern that anybody made and says what it protects, from inside the house.

use super::deduce::deduce_near;
use super::{Deduction, Knowledge, Published, parallel};
use crate::error::Error;
use crate::extremes::{Ends, Extremes, Met, Need, Patience};
use crate::lp::Engine;
use crate::pattern::Pattern;
use crate::policy::Policy;
use crate::relations::{Outsider, Witness};
use crate::table::{CellId, Standing, Table};

/// How a pattern does not keep the promise for one cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fallen {
    /// The cell.
    pub cell: CellId,
    /// The lowest value that the reader cannot rule out, in the table's unit, if a proof was found.
    pub lowest: Option<i128>,
    /// The highest such value.
    pub highest: Option<i128>,
    /// Whether it is proved that the cell falls. If not, no witness was found, and the cell must be taken as fallen.
    pub proved: bool,
}

/// What an attack on a pattern found: witnesses for every primary cell that is protected, and those that fall.
#[derive(Debug, Clone, PartialEq)]
pub struct Findings {
    /// Witnesses to hand to [`verify`](crate::verify::verify).
    pub witnesses: Vec<Witness>,
    /// Primary cells that fall, in the table's order.
    pub fallen: Vec<Fallen>,
    /// Cells that are hidden although they must be shown.
    pub wrongly_hidden: Vec<CellId>,
}

/// The interval of every cell that a pattern hides, as a reader with this knowledge deduces it.
///
/// The answer is that of [`deduce`](super::deduce) from [`Published::of_pattern`]; knowing the table, it is found sooner.
pub fn bounds(table: &Table, pattern: &Pattern, knowledge: &Knowledge) -> Deduction {
    let counts: Vec<i64> = table.cells().map(|c| table.count(c)).collect();
    deduce_near(&Published::of_pattern(table, pattern), knowledge, Some(&counts))
}

/// Attacks every primary cell of a pattern.
///
/// Undisplayed cells count as hidden whatever the pattern says of them. A cell that is neither shown to be protected nor proved
/// to fall is looked at again, at length; neither look takes more than 10⁹ units of work a question in one program.
///
/// # Errors
/// A policy that does not fit the table.
pub fn judge(table: &Table, policy: &Policy, pattern: &Pattern) -> Result<Findings, Error> {
    let assessment = policy.assess(table)?;
    let printed: Vec<_> = pattern.printed().filter_map(|(number, decimals)| table.printed(number, decimals)).collect();
    let outsider = Outsider::reading(table, policy, &printed);
    let hidden = table.cells().map(|c| pattern.is_hidden(c) || !table.is_displayed(c)).collect();
    let hidden: Vec<bool> = outsider.with_slacks(hidden, true);
    let needs: Vec<Need> = assessment.primaries().iter().map(Need::from).collect();
    let most = needs.iter().map(Need::most).max().unwrap_or(1).max(1);
    let engine = || Extremes::new(Engine::Simplex, &outsider, hidden.clone(), most).far();
    let all = |mut extremes: Extremes<'_>, needs: &[Need]| -> Vec<Attacked> {
        needs.iter().map(|need| attacked(&mut extremes, need)).collect()
    };
    let first = engine();
    // A network answers at once; elsewhere needs are shared out.
    let answers = if first.network().is_some() {
        vec![all(first, &needs)]
    } else {
        let mut lanes: Vec<&[Need]> = needs.chunks(needs.len().div_ceil(LANES).max(1)).collect();
        parallel::each(&mut lanes, |needs| all(engine(), needs))
    };
    let mut findings = Findings {
        witnesses: Vec::new(),
        fallen: Vec::new(),
        wrongly_hidden: pattern.hidden().filter(|&c| assessment.standing(c) == Standing::Shown).collect(),
    };
    for (need, attacked) in needs.iter().zip(answers.into_iter().flatten()) {
        let cell = CellId(need.cell);
        let count = i128::from(table.count(cell));
        match attacked {
            Attacked::Shown => {
                let known = Some(count);
                findings.fallen.push(Fallen { cell, lowest: known, highest: known, proved: true });
            }
            Attacked::Holds(witnesses) => {
                findings.witnesses.extend(witnesses.into_iter().map(|w| w.of_cells(table.len())));
            }
            Attacked::Falls { ends, proved } => findings.fallen.push(Fallen {
                cell,
                lowest: ends.down.map(|d| count - d),
                highest: ends.up.map(|u| count + u),
                proved,
            }),
        }
    }
    Ok(findings)
}

/// Engines that needs are shared out among, always in the same way: with the feature `rayon` they work on as many threads as
/// there are, and find the same.
const LANES: usize = 4;

/// What became of one need.
enum Attacked {
    /// Its cell is not hidden.
    Shown,
    Holds(Vec<Witness>),
    Falls {
        ends: Ends,
        proved: bool,
    },
}

fn attacked(extremes: &mut Extremes<'_>, need: &Need) -> Attacked {
    if !extremes.hidden()[need.cell] {
        return Attacked::Shown;
    }
    let mut met = extremes.meet(need);
    // What stays unknown is reported as fallen, so it is worth a second, longer look.
    if matches!(met, Met::Unknown) {
        extremes.set_patience(Patience::Long);
        met = extremes.meet(need);
        extremes.set_patience(Patience::Usual);
    }
    match met {
        Met::Yes(witnesses) => Attacked::Holds(witnesses),
        short => Attacked::Falls { ends: extremes.ends(need), proved: matches!(short, Met::No(_)) },
    }
}
