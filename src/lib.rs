//! caviardage
mod error;
pub mod attack;
mod extremes;
#[cfg(feature = "files")]
pub mod files;
mod lp;
mod network;
mod number;
mod pattern;
pub mod policy;
pub mod relations;
pub mod release;
pub mod solver;
pub mod table;
pub mod trail;
pub mod verify;
mod suppress;

pub use error::{Error, Problem};
pub use pattern::Pattern;
pub use suppress::{Request, Suppression, suppress};
