//! Work that may be done on several threads, shared out the same way whatever their number.

/// Does something with each item and gives the answers in order: at once with the feature `rayon`, one after the other without.
#[cfg(feature = "rayon")]
pub(super) fn each<T: Send, R: Send>(items: &mut [T], does: impl Fn(usize, &mut T) -> R + Sync) -> Vec<R> {
    use rayon::prelude::*;
    items.par_iter_mut().enumerate().map(|(number, item)| does(number, item)).collect()
}

#[cfg(not(feature = "rayon"))]
pub(super) fn each<T, R>(items: &mut [T], does: impl Fn(usize, &mut T) -> R) -> Vec<R> {
    items.iter_mut().enumerate().map(|(number, item)| does(number, item)).collect()
}
