//! Rows that the others imply, left out where that makes the rest a network.
//!
//! A table with one hierarchical axis and one flat one is a network, but not as it is stated: the sums over the flat axis of a
//! region follow from those of its parts. Found from the relations alone: a row whose signs are all the same but one
//! computes that column from the others. Of several rows that compute one column the shortest defines it; each other one is
//! taken apart, column by column, into what is not computed. Where nothing is left, the rows used are dependent, and one of
//! them can go: the one that rids most columns of a third row. Each dependency is first rid of the rows dropped before, so
//! that all dropped rows follow from the kept ones together.
//!
//! Cost: for each row that computes what another defines, the cells that it takes apart, and at most [`MOST`] in all. Where
//! dropping could not do, as in a cube, that is seen beforehand by counting.

use std::collections::{BTreeMap, BTreeSet};

use crate::relations::Matrix;

/// Terms taken apart in all, at most.
const MOST: usize = 40_000_000;

/// A row that goes, and whole multipliers of rows, its own among them, whose sum is nothing. None of the rows that went
/// before is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dropped {
    pub(crate) row: usize,
    pub(crate) sum: Vec<(usize, i64)>,
}

/// Rows to drop so that no column is in more than two, if that can be had.
pub(super) fn droppable(matrix: &Matrix) -> Option<Vec<Dropped>> {
    let crowded = |c: usize| matrix.column(c).len().saturating_sub(2);
    let excess: usize = (0..matrix.columns()).map(crowded).sum();
    let leads: Vec<Option<usize>> = (0..matrix.rows()).map(|r| lead(matrix.row(r))).collect();
    let mut definition: Vec<Option<usize>> = vec![None; matrix.columns()];
    for (row, lead) in leads.iter().enumerate() {
        let Some(column) = *lead else { continue };
        let shorter = |other: usize| matrix.row(row).len() < matrix.row(other).len();
        if definition[column].is_none_or(shorter) {
            definition[column] = Some(row);
        }
    }
    let other = |r: &usize| leads[*r].is_some_and(|c| definition[c] != Some(*r));
    let others: Vec<usize> = (0..matrix.rows()).filter(other).collect();
    // Each dependency lets one row go, which rids as many columns as it has at most.
    let mut lengths: Vec<usize> = (0..matrix.rows()).map(|r| matrix.row(r).len()).collect();
    lengths.sort_unstable_by(|a, b| b.cmp(a));
    if excess == 0 || lengths.iter().take(others.len()).sum::<usize>() < excess {
        return None;
    }
    let order = order(matrix, &definition)?;
    let mut work = 0;
    let mut rows_of: Vec<usize> = (0..matrix.columns()).map(|c| matrix.column(c).len()).collect();
    let mut dropped: Vec<Dropped> = Vec::new();
    for row in others {
        let Some(mut sum) = dependency(matrix, &definition, &order, row, &mut work)? else { continue };
        for before in &dropped {
            rid(&mut sum, before)?;
        }
        let rids = |row: usize| matrix.row(row).iter().filter(|t| rows_of[t.0] > 2).count();
        // Of equal ones the row that was to be taken apart, then the first.
        let best = sum.keys().copied().max_by_key(|&r| (rids(r), r == row, std::cmp::Reverse(r)))?;
        matrix.row(best).iter().for_each(|t| rows_of[t.0] -= 1);
        dropped.push(Dropped { row: best, sum: sum.into_iter().collect() });
    }
    rows_of.iter().all(|n| *n <= 2).then_some(dropped)
}

/// The column that a row computes from the others: the only one of its sign, all coefficients being one.
fn lead(row: &[(usize, i64)]) -> Option<usize> {
    if row.iter().any(|t| t.1.abs() != 1) {
        return None;
    }
    let of_sign = |sign: i64| row.iter().filter(move |t| t.1 == sign);
    let minus = of_sign(-1).count();
    if minus == 1 {
        of_sign(-1).next().map(|t| t.0)
    } else if row.len() == minus + 1 {
        of_sign(1).next().map(|t| t.0)
    } else {
        None
    }
}

/// By column, how late it is computed: after all that it is computed from. Nothing where that goes round in circles.
fn order(matrix: &Matrix, definition: &[Option<usize>]) -> Option<Vec<usize>> {
    let parts = |column: usize| {
        let row = definition[column].map_or(&[][..], |r| matrix.row(r));
        row.iter().map(|t| t.0).filter(move |c| *c != column)
    };
    let mut waits = vec![0_usize; definition.len()];
    let mut uses: Vec<Vec<usize>> = vec![Vec::new(); definition.len()];
    for (column, waiting) in waits.iter_mut().enumerate() {
        for part in parts(column) {
            *waiting += 1;
            uses[part].push(column);
        }
    }
    let mut order = vec![0; definition.len()];
    let mut ready: Vec<usize> = (0..definition.len()).filter(|&c| waits[c] == 0).collect();
    let mut next = 0;
    while let Some(&column) = ready.get(next) {
        order[column] = next;
        next += 1;
        for &user in &uses[column] {
            waits[user] -= 1;
            if waits[user] == 0 {
                ready.push(user);
            }
        }
    }
    (next == definition.len()).then_some(order)
}

/// A sum of rows with this one that leaves nothing; `None` inside where there is none, outside where it takes too long.
#[expect(clippy::option_option, reason = "not found, and given up, are two answers")]
fn dependency(
    matrix: &Matrix,
    definition: &[Option<usize>],
    order: &[usize],
    row: usize,
    work: &mut usize,
) -> Option<Option<BTreeMap<usize, i64>>> {
    let mut sum = BTreeMap::from([(row, 1)]);
    // What is left, what is computed latest last.
    let mut left: BTreeMap<(usize, usize), i64> = BTreeMap::new();
    let mut add = |left: &mut BTreeMap<(usize, usize), i64>, row: usize, times: i64| {
        for &(column, coefficient) in matrix.row(row) {
            let key = (order[column], column);
            let value = left.get(&key).copied().unwrap_or(0).checked_add(times.checked_mul(coefficient)?)?;
            if value == 0 {
                left.remove(&key);
            } else {
                left.insert(key, value);
            }
        }
        *work += matrix.row(row).len();
        (*work <= MOST).then_some(())
    };
    add(&mut left, row, 1)?;
    while let Some((&(_, column), &value)) = left.last_key_value() {
        let Some(by) = definition[column].filter(|by| *by != row) else { return Some(None) };
        let own = matrix.row(by).iter().find(|t| t.0 == column).map_or(1, |t| t.1);
        let times = -value * own;
        *sum.entry(by).or_insert(0) += times;
        add(&mut left, by, times)?;
    }
    sum.retain(|_, times| *times != 0);
    Some(Some(sum))
}

/// Takes a dropped row out of a sum.
fn rid(sum: &mut BTreeMap<usize, i64>, before: &Dropped) -> Option<()> {
    let Some(&value) = sum.get(&before.row) else { return Some(()) };
    let own = before.sum.iter().find(|t| t.0 == before.row).map(|t| t.1)?;
    for times in sum.values_mut() {
        *times = times.checked_mul(own)?;
    }
    for &(row, times) in &before.sum {
        let entry = sum.entry(row).or_insert(0);
        *entry = entry.checked_sub(times.checked_mul(value)?)?;
    }
    let divisor = sum.values().fold(0_i64, |g, v| gcd(g, v.abs())).max(1);
    sum.values_mut().for_each(|v| *v /= divisor);
    sum.retain(|_, times| *times != 0);
    Some(())
}

fn gcd(mut a: i64, mut b: i64) -> i64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// The matrix without these rows; their numbers stay, and are empty.
pub(super) fn without(matrix: &Matrix, dropped: &[Dropped]) -> Matrix {
    let gone: BTreeSet<usize> = dropped.iter().map(|d| d.row).collect();
    let rows = (0..matrix.rows()).map(|r| if gone.contains(&r) { Vec::new() } else { matrix.row(r).to_vec() });
    Matrix::new(matrix.columns(), rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Network;
    use crate::policy::Policy;
    use crate::relations::Outsider;
    use crate::table::{Axis, Cube};

    fn outsider(axes: Vec<Axis>, cells: u32) -> Outsider {
        let table = Cube::new(axes).counts((0..cells).map(|c| 10 + c)).build().expect("a table");
        Outsider::new(&table, &Policy::default())
    }

    fn tree() -> Axis {
        let sums = [("T", ["N", "S"].as_slice()), ("N", &["N1", "N2", "N3"]), ("S", &["S1", "S2", "S3", "S4", "S5"])];
        Axis::tree("lieu", sums)
    }

    fn flat(labels: u32) -> Axis {
        Axis::flat("c", (0..labels).map(|i| format!("c{i}"))).total("Total")
    }

    #[test]
    fn a_hierarchy_by_a_flat_axis_is_a_network_without_what_follows() {
        // Wider and narrower than the branches of the tree, so that either way of defining a total comes up.
        for labels in [2, 4, 9] {
            let outsider = outsider(vec![tree(), flat(labels)], 8 * labels);
            let network = Network::recognise(&outsider).expect("a network");
            assert_eq!(network.dropped().len(), 3, "one for each total of the tree");
            for (number, dropped) in network.dropped().iter().enumerate() {
                let mut sum: BTreeMap<usize, i64> = BTreeMap::new();
                for &(row, times) in &dropped.sum {
                    outsider.matrix.row(row).iter().for_each(|t| *sum.entry(t.0).or_insert(0) += times * t.1);
                }
                assert!(sum.values().all(|v| *v == 0), "the rows sum to nothing");
                assert!(dropped.sum.iter().any(|s| s.0 == dropped.row));
                let before: Vec<usize> = network.dropped()[..number].iter().map(|d| d.row).collect();
                assert!(dropped.sum.iter().all(|s| !before.contains(&s.0)));
            }
        }
    }

    #[test]
    fn a_cube_and_two_hierarchies_are_none() {
        assert!(Network::recognise(&outsider(vec![flat(2), flat(3), flat(2)], 12)).is_none());
        assert!(Network::recognise(&outsider(vec![tree(), tree()], 64)).is_none());
    }
}
