//! Work that may be done on several threads, shared out the same way whatever their number.

/// Does something with each item and gives the answers in order: at once with the feature `rayon`, one after the other without.
#[cfg(feature = "rayon")]
pub(super) fn each<T: Send, R: Send>(items: &mut [T], does: impl Fn(&mut T) -> R + Send + Sync) -> Vec<R> {
    use rayon::prelude::*;
    items.par_iter_mut().map(&does).collect()
}

#[cfg(not(feature = "rayon"))]
pub(super) fn each<T, R>(items: &mut [T], does: impl Fn(&mut T) -> R) -> Vec<R> {
    items.iter_mut().map(does).collect()
}
