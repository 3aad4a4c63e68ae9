//! A municipal bulletin: tables as plain text, with what may not be published left out.

use caviardage::policy::Policy;
use caviardage::table::Table;
use caviardage::{Error, Request, Suppression, suppress};

/// A table made fit for the bulletin, and its trail for the file.
///
/// # Errors
/// A table that cannot be protected.
pub fn prepare(table: &Table, policy: &Policy) -> Result<Suppression, Error> {
    suppress(Request::new(table).policy(policy.clone()))
}

/// The text that is printed.
pub fn print(done: &Suppression) -> String {
    let mut text = String::new();
    for block in done.release.tables() {
        if !block.name.is_empty() {
            text.push_str(&format!("{}\n", block.name));
        }
        for cell in &block.cells {
            let figure = cell.count.map_or(done.release.symbol().to_owned(), |count| count.to_string());
            text.push_str(&format!("{}: {figure}\n", cell.labels.join(", ")));
        }
    }
    for note in done.release.notes() {
        text.push_str(&format!("{note}\n"));
    }
    text
}
