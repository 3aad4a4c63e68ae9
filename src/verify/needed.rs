//! Adds up the proofs that complementary cells are needed, and that a primary cell goes no further. Uses no engine.
//!
//! # Proof
//! For any whole multipliers `Y`, every change `z` that a reader cannot rule out has `E·z = 0` with `E = Σ Yᵢ·rowᵢ`, is
//! zero where cells are shown, and stays within the rooms. So `∓E_p·z_p = Σ_{j≠p} Eⱼ·zⱼ ≤ Σ |Eⱼ|·room`, the room being
//! that of `j` in the direction of `Eⱼ`; divided by `∓E_p > 0` it bounds `z_p`, and in whole numbers its floor does.
//! Where a proof by cases is given, every whole change meets the assumptions of one of them, and none can be in it.

use std::collections::BTreeMap;

use super::rooms::Rooms;
use crate::policy::Interval;
use crate::relations::{Case, End, Needed, Why};

/// How far a change is shown to go at most: a fraction, numerator and denominator.
type Most = (i128, i128);

/// Whether these ends show that the primary cell `falls` lacks what is asked of it when only these variables are hidden.
pub(super) fn falls_short(
    rooms: &Rooms<'_>,
    whole: bool,
    hidden: &dyn Fn(usize) -> bool,
    falls: usize,
    ends: &[End],
    asked: Interval,
) -> Result<(), String> {
    let mut shown = Vec::new();
    for end in ends {
        let most = bound(rooms, whole, hidden, falls, end)?;
        if end.most < 0 || most.0.div_euclid(most.1) != i128::from(end.most) {
            return Err(format!("it is shown to go by {} at most, not {}", most.0.div_euclid(most.1), end.most));
        }
        shown.push((end.upward, if whole { (most.0.div_euclid(most.1), 1) } else { most }));
    }
    let below = |most: Most, asked: i64| i128::from(asked).checked_mul(most.1).is_some_and(|a| most.0 < a);
    let short = match shown.as_slice() {
        [(true, up)] => below(*up, asked.upper),
        [(false, down)] => below(*down, asked.lower),
        [(true, up), (false, down)] => (|| {
            let sum = up.0.checked_mul(down.1)?.checked_add(down.0.checked_mul(up.1)?)?;
            Some(below((sum, up.1.checked_mul(down.1)?), asked.sliding))
        })()
        .unwrap_or(false),
        _ => return Err("one end, or both, upward first, expected".to_owned()),
    };
    if short { Ok(()) } else { Err("what is shown leaves it all that is asked".to_owned()) }
}

/// How far a cell goes at most, as far as an end's proof shows.
fn bound(
    rooms: &Rooms<'_>,
    whole: bool,
    hidden: &dyn Fn(usize) -> bool,
    cell: usize,
    end: &End,
) -> Result<Most, String> {
    let own = if hidden(cell) { rooms.room(cell, end.upward) } else { Some(0) };
    match &end.why {
        Why::Sums(sums) if sums.is_empty() => own.map(|own| (own, 1)).ok_or_else(|| "no proof".to_owned()),
        Why::Sums(sums) => {
            let mut combined = rooms.combine(sums).ok_or("a sum beyond what is carried, or of no such row")?;
            let at = combined.remove(&cell).unwrap_or(0);
            let scale = if end.upward { -at } else { at };
            if scale <= 0 {
                return Err("the sum says nothing of it in this direction".to_owned());
            }
            let mut most: i128 = 0;
            for (variable, coefficient) in combined.into_iter().filter(|t| hidden(t.0)) {
                most = rooms
                    .room(variable, coefficient > 0)
                    .ok_or("the sum has no end")?
                    .checked_mul(coefficient.abs())
                    .and_then(|m| most.checked_add(m))
                    .ok_or("a sum beyond what is carried")?;
            }
            // Its own room may be the tighter bound.
            Ok(own.filter(|own| own.checked_mul(scale).is_some_and(|o| o < most)).map_or((most, scale), |own| (own, 1)))
        }
        Why::Cases(_) if !whole => Err("cases show nothing where figures need not be whole".to_owned()),
        Why::Cases(cases) => {
            let paths: Vec<&[Step]> = cases.iter().map(|c| c.path.as_slice()).collect();
            if !covers(paths) {
                return Err("the cases leave something out".to_owned());
            }
            let question = (cell, end.upward, end.most.checked_add(1).ok_or("an end beyond what is carried")?);
            for case in cases {
                refuted(rooms, hidden, question, case)?;
            }
            Ok((i128::from(end.most), 1))
        }
    }
}

type Step = (usize, bool, i64);

/// Whether everything follows one of these paths: at each step one question, and both of its answers. Not by recursion: how
/// deep a path goes is whatever its author wrote.
pub(super) fn covers(paths: Vec<&[Step]>) -> bool {
    let mut open = vec![(paths, 0)];
    while let Some((group, depth)) = open.pop() {
        match group.as_slice() {
            [] => return false,
            [path] if path.len() == depth => {}
            [first, ..] => {
                let Some(&(variable, _, value)) = first.get(depth) else { return false };
                let side = |lower: bool| -> Vec<&[Step]> {
                    group.iter().copied().filter(|p| p.get(depth) == Some(&(variable, lower, value))).collect()
                };
                let (lower, upper) = (side(true), side(false));
                if lower.len() + upper.len() != group.len() {
                    return false;
                }
                open.extend([(lower, depth + 1), (upper, depth + 1)]);
            }
        }
    }
    true
}

/// Whether no change within the case's assumptions takes the cell as far as the question asks.
fn refuted(
    rooms: &Rooms<'_>,
    hidden: &dyn Fn(usize) -> bool,
    (cell, upward, amount): (usize, bool, i64),
    case: &Case,
) -> Result<(), String> {
    let own = |variable: usize| {
        if hidden(variable) {
            (rooms.room(variable, false).map(|d| -d), rooms.room(variable, true))
        } else {
            (Some(0), Some(0))
        }
    };
    let mut assumed: BTreeMap<usize, (Option<i128>, Option<i128>)> = BTreeMap::new();
    let asked = if upward { (cell, false, amount - 1) } else { (cell, true, -amount) };
    for &(variable, lower, value) in case.path.iter().chain([&asked]) {
        if variable >= rooms.variables() {
            return Err("a case about no cell".to_owned());
        }
        let range = assumed.entry(variable).or_insert_with(|| own(variable));
        let value = i128::from(value);
        if lower {
            range.1 = Some(range.1.map_or(value, |h| h.min(value)));
        } else {
            range.0 = Some(range.0.map_or(value + 1, |l| l.max(value + 1)));
        }
    }
    if assumed.values().any(|range| matches!(range, (Some(low), Some(high)) if low > high)) {
        return Ok(());
    }
    let combined = rooms.combine(&case.sums).ok_or("a sum beyond what is carried, or of no such row")?;
    let mut most: i128 = 0;
    for (variable, coefficient) in combined {
        let (low, high) = assumed.get(&variable).copied().unwrap_or_else(|| own(variable));
        let end = if coefficient > 0 { high } else { low };
        most = end
            .and_then(|end| end.checked_mul(coefficient))
            .and_then(|m| most.checked_add(m))
            .ok_or("a case whose sum has no end")?;
    }
    if most < 0 { Ok(()) } else { Err("a case that is not refuted".to_owned()) }
}

/// Whether a need's proof adds up against the pattern's hidden variables.
pub(super) fn holds(
    rooms: &Rooms<'_>,
    whole: bool,
    hidden: &dyn Fn(usize) -> bool,
    need: &Needed,
    asked: Interval,
) -> Result<(), String> {
    falls_short(rooms, whole, &|variable| variable != need.cell && hidden(variable), need.falls, &need.ends, asked)
}
