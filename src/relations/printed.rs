//! What a printed percentage, rate or mean tells of its two counts.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// `cell·(count) + base·(count of the base) ≥ 0`, with whole coefficients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AtLeastZero {
    pub(crate) cell: i64,
    pub(crate) base: i64,
}

/// The two inequalities that `value = per·cell/base`, rounded to its decimals, makes: the product is within half a unit of
/// the last decimal times the base, either way of rounding a tie. The first bounds the cell from below.
///
/// `None` where the coefficients would not stay small enough for exact sums.
pub(crate) fn inequalities(per: u32, value: Decimal) -> Option<[AtLeastZero; 2]> {
    let unit = 10_i64.checked_pow(value.scale())?;
    let scaled = 2_i64.checked_mul(i64::from(per))?.checked_mul(unit)?;
    let printed = value.mantissa().to_i64()?.checked_mul(2)?;
    let (scaled, below, above) = (scaled, printed.checked_sub(1)?, printed.checked_add(1)?);
    let small = |v: i64| v.unsigned_abs() <= 1 << 40;
    (small(scaled) && small(below) && small(above))
        .then_some([AtLeastZero { cell: scaled, base: -below }, AtLeastZero { cell: -scaled, base: above }])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_bounds_its_count() {
        let rows = inequalities(100, Decimal::new(85, 1)).unwrap();
        let fits = |count: i64, base: i64| rows.iter().all(|r| r.cell * count + r.base * base >= 0);
        let counts: Vec<i64> = (0..5109).filter(|&c| fits(c, 5109)).collect();
        assert_eq!((counts[0], counts[counts.len() - 1]), (432, 436));
        // Ties go either way: 1 of 8 is 12.5.
        for tie in [12, 13] {
            let rows = inequalities(100, Decimal::from(tie)).unwrap();
            assert!(rows.iter().all(|r| r.cell + 8 * r.base >= 0));
        }
    }
}
