//! Reading and writing files (feature `files`): crosstab and long CSV, plans, JJ problems.

pub mod jj;
