//! Exact arithmetic for what floats only suggest: small linear systems over the rationals.
//!
//! Elimination modulo a 61-bit prime, then rational reconstruction (Wang 1981) of each unknown: no growth of numbers,
//! and an answer that is believed only after it was added up in integers by the caller.

/// 2⁶¹ − 1, prime.
const PRIME: u64 = (1 << 61) - 1;
/// Denominators up to this are recognised, with numerators up to `PRIME / (2·MOST_DENOMINATOR)`.
const MOST_DENOMINATOR: i128 = 1 << 10;

fn times(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    // The remainder is below 2⁶¹.
    u64::try_from(product % u128::from(PRIME)).unwrap_or(0)
}

fn minus(a: u64, b: u64) -> u64 {
    if a >= b { a - b } else { a + PRIME - b }
}

fn inverse(a: u64) -> u64 {
    let (mut power, mut base, mut result) = (PRIME - 2, a, 1);
    while power > 0 {
        if power & 1 == 1 {
            result = times(result, base);
        }
        base = times(base, base);
        power >>= 1;
    }
    result
}

fn residue(value: i128) -> u64 {
    u64::try_from(value.rem_euclid(i128::from(PRIME))).unwrap_or(0)
}

/// An equation `Σ coefficient·unknown = right`.
pub(crate) type Equation = (Vec<(usize, i64)>, i128);

/// The unique rational solution of the equations, as numerators over one denominator; `None` where it is not unique,
/// does not exist, or has numbers too large to recognise. The caller adds it up.
pub(crate) fn solve(unknowns: usize, equations: &[Equation]) -> Option<(Vec<i128>, i128)> {
    let residues = solve_modulo(unknowns, equations)?;
    let mut fractions = Vec::with_capacity(unknowns);
    let mut common: i128 = 1;
    for value in residues {
        let (numerator, denominator) = reconstruct(value)?;
        common = common / gcd(common, denominator) * denominator;
        if common > 1 << 30 {
            return None;
        }
        fractions.push((numerator, denominator));
    }
    Some((fractions.into_iter().map(|(n, d)| n * (common / d)).collect(), common))
}

fn solve_modulo(unknowns: usize, equations: &[Equation]) -> Option<Vec<u64>> {
    let mut rows: Vec<(Vec<(usize, u64)>, u64)> = equations
        .iter()
        .map(|(terms, right)| {
            let mut terms: Vec<(usize, u64)> = terms.iter().map(|&(u, c)| (u, residue(c.into()))).collect();
            terms.sort_unstable();
            (terms, residue(*right))
        })
        .collect();
    let mut users: Vec<Vec<usize>> = vec![Vec::new(); unknowns];
    for (row, (terms, _)) in rows.iter().enumerate() {
        terms.iter().for_each(|t| users[t.0].push(row));
    }
    let mut done = vec![false; rows.len()];
    let mut pivots: Vec<(usize, usize)> = Vec::new();
    // Short rows first, kept in buckets by length that are checked when taken.
    let mut queue: std::collections::BTreeSet<(usize, usize)> =
        rows.iter().enumerate().filter(|r| !r.1.0.is_empty()).map(|(i, r)| (r.0.len(), i)).collect();
    while let Some((length, row)) = queue.pop_first() {
        if done[row] || rows[row].0.len() != length {
            continue;
        }
        done[row] = true;
        let (terms, right) = rows[row].clone();
        let &(pivot, value) = terms.iter().min_by_key(|t| (users[t.0].len(), t.0))?;
        pivots.push((row, pivot));
        let scale = inverse(value);
        for other in std::mem::take(&mut users[pivot]) {
            if done[other] {
                continue;
            }
            let Ok(at) = rows[other].0.binary_search_by_key(&pivot, |t| t.0) else { continue };
            let factor = times(rows[other].0[at].1, scale);
            let merged = subtract(&rows[other].0, &terms, factor);
            for &(unknown, _) in &terms {
                if unknown != pivot && rows[other].0.binary_search_by_key(&unknown, |t| t.0).is_err() {
                    users[unknown].push(other);
                }
            }
            rows[other].0 = merged;
            rows[other].1 = minus(rows[other].1, times(factor, right));
            match rows[other].0.len() {
                0 if rows[other].1 != 0 => return None,
                0 => {}
                length => {
                    queue.insert((length, other));
                }
            }
        }
    }
    if pivots.len() < unknowns {
        return None;
    }
    let mut solution = vec![0; unknowns];
    for &(row, pivot) in pivots.iter().rev() {
        let (terms, right) = &rows[row];
        let mut sum = *right;
        let mut scale = 0;
        for &(unknown, value) in terms {
            if unknown == pivot {
                scale = inverse(value);
            } else {
                sum = minus(sum, times(value, solution[unknown]));
            }
        }
        solution[pivot] = times(sum, scale);
    }
    Some(solution)
}

/// `left − factor·right`, without zeros.
fn subtract(left: &[(usize, u64)], right: &[(usize, u64)], factor: u64) -> Vec<(usize, u64)> {
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut i, mut j) = (0, 0);
    while i < left.len() || j < right.len() {
        let (a, b) = (left.get(i).map_or(usize::MAX, |t| t.0), right.get(j).map_or(usize::MAX, |t| t.0));
        let mut value = 0;
        if a <= b {
            value = left[i].1;
            i += 1;
        }
        if b <= a {
            value = minus(value, times(factor, right[j].1));
            j += 1;
        }
        if value != 0 {
            merged.push((a.min(b), value));
        }
    }
    merged
}

/// The fraction with a small denominator that has this residue.
fn reconstruct(value: u64) -> Option<(i128, i128)> {
    let most = i128::from(PRIME) / (2 * MOST_DENOMINATOR);
    let (mut r0, mut r1) = (i128::from(PRIME), i128::from(value));
    let (mut t0, mut t1) = (0_i128, 1_i128);
    while r1 > most {
        let q = r0 / r1;
        (r0, r1) = (r1, r0 - q * r1);
        (t0, t1) = (t1, t0 - q * t1);
    }
    if t1 == 0 || t1.abs() > MOST_DENOMINATOR {
        return None;
    }
    Some((r1 * t1.signum(), t1.abs()))
}

/// Greatest common divisor, of magnitudes.
pub(crate) fn gcd(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// The float as an integer, when it is close to one that a float holds exactly.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
pub(crate) fn near_integer(value: f64) -> Option<i64> {
    let rounded = value.round();
    (rounded.abs() < 9e15 && (value - rounded).abs() < 1e-4 * (1.0 + rounded.abs() * 1e-9)).then_some(rounded as i64)
}

/// The float in units of 2⁻³², rounded down, where that leaves room to multiply and add.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
pub(crate) fn fixed_point(value: f64) -> Option<i128> {
    let scaled = (value * 4_294_967_296.0).floor();
    (scaled.abs() < 1e21).then_some(scaled as i128)
}

/// Multipliers rounded to multiples of `1/scale`, as integers.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
pub(crate) fn scaled(values: &[f64], scale: f64) -> Option<Vec<i128>> {
    let whole = |v: &f64| {
        let scaled = (v * scale).round();
        (scaled.abs() < 1e20).then_some(scaled as i128)
    };
    values.iter().map(whole).collect()
}

/// Multipliers as integers up to a common factor, ever finer: those of additive tables are small fractions; failing that,
/// any fractions; failing those, multiples of 2⁻³⁶, where what is rounded away counts for little even in wide rooms.
pub(crate) fn ever_finer(values: &[f64]) -> impl Iterator<Item = Vec<i128>> + '_ {
    let small = [1.0, 2.0, 12.0, 2520.0].into_iter().map(|scale| scaled(values, scale));
    let any = std::iter::once_with(|| fractions(values));
    let fine = std::iter::once_with(|| scaled(values, 68_719_476_736.0));
    small.chain(any).chain(fine).flatten()
}

/// Multipliers as fractions with small denominators, times their common denominator; `None` where they are none.
///
/// Each is the first convergent of its continued fraction that is near enough.
pub(crate) fn fractions(values: &[f64]) -> Option<Vec<i128>> {
    let mut parts: Vec<(i128, i128)> = Vec::with_capacity(values.len());
    let mut common: i128 = 1;
    for &value in values {
        let (numerator, denominator) = fraction(value)?;
        common = common / gcd(common, denominator) * denominator;
        if common > 1 << 50 {
            return None;
        }
        parts.push((numerator, denominator));
    }
    Some(parts.into_iter().map(|(n, d)| n * (common / d)).collect())
}

#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "the ranges are checked")]
fn fraction(value: f64) -> Option<(i128, i128)> {
    if !value.is_finite() || value.abs() > 1e12 {
        return None;
    }
    let (mut before, mut last) = ((0_i128, 1_i128), (1_i128, 0_i128));
    let mut rest = value;
    for _ in 0..24 {
        let whole = rest.floor();
        let next = (whole as i128 * last.0 + before.0, whole as i128 * last.1 + before.1);
        if next.1 > 1 << 40 {
            return None;
        }
        (before, last) = (last, next);
        if (last.0 as f64 / last.1 as f64 - value).abs() <= 1e-11 * value.abs().max(1e-3) {
            return Some(last);
        }
        rest = 1.0 / (rest - whole);
        if rest.abs() > 1e12 {
            return None;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_in_fractions() {
        // x + y = 1, x − 2y = 0, and their sum, which adds nothing.
        let equations = [(vec![(0, 1), (1, 1)], 1), (vec![(0, 1), (1, -2)], 0), (vec![(0, 2), (1, -1)], 1)];
        assert_eq!(solve(2, &equations), Some((vec![2, 1], 3)));
        assert_eq!(solve(2, &equations[..1]), None);
        let wrong = [(vec![(0, 1)], 1), (vec![(0, 1)], 2)];
        assert_eq!(solve(1, &wrong), None);
        assert_eq!(solve(1, &[(vec![(0, -7)], 10_i128.pow(13))]), Some((vec![-(10_i128.pow(13))], 7)));
    }

    #[test]
    fn floats_become_fractions() {
        assert_eq!(fractions(&[0.5, -1.0 / 3.0, 0.0, 2.0]), Some(vec![3, -2, 0, 12]));
        assert_eq!(fractions(&[17.0 / 200_000.0]), Some(vec![17]));
        assert_eq!(fractions(&[f64::NAN]), None);
    }
}
