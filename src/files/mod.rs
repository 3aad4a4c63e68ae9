//! Reading and writing files (feature `files`): crosstab and long CSV, plans, JJ problems.
//!
//! A file's path: bytes → [`Grid`] (encoding, separator, fields with their places) → [`Plan`] and the file's own headings
//! say what each field is → [`Sheet`], a [`Table`](crate::table::Table) with the field that each figure stands in. A
//! release is the same grid with the symbol in the fields of hidden figures: nothing else differs.
//!
//! ```
//! use caviardage::files::{Plan, Sheet};
//! use caviardage::suppress;
//! let file = "Région;n;%\nNord;3;10,0\nSud;15;50,0\nEst;12;40,0\nTotal;30;100,0\n";
//! let sheet = Sheet::read(file.as_bytes(), &Plan::default())?;
//! let done = suppress(sheet.table())?;
//! let published = sheet.render(&done.release)?;
//! assert_eq!(String::from_utf8_lossy(&published), "Région;n;%\nNord;x;x\nSud;15;50,0\nEst;x;x\nTotal;30;100,0\n");
//! # Ok::<(), caviardage::Error>(())
//! ```

mod columns;
mod crosstab;
mod earlier;
mod grid;
pub mod jj;
mod long;
mod numbers;
mod plan;
mod sheet;

pub use earlier::Earlier;
pub use grid::{Encoding, Grid};
pub use plan::Plan;
pub use sheet::{Sheet, Understood};
