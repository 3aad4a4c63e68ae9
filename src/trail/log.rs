//! Trails of successive decisions in one log, each entry tied to the one before it.
//!
//! A file of JSON lines. Whoever alters, removes, adds or moves an entry breaks the chain at that place, unless every later
//! entry is made anew; and whoever noted the digest of the last entry elsewhere finds that out too.

use serde::{Deserialize, Serialize};

use super::{Trail, digest};
use crate::error::{Error, TrailFault};

/// The digest that the first entry follows.
pub const START: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// One decision in a [`Log`]. **Confidential**, like its trail.
///
/// Serialised on one line: `entry`, its place from 1; `previous`, the digest of the entry before, or zeros; `label`, the
/// house's own name for the decision; `trail`; `digest`, SHA-256 of the JSON without spaces of all that stands before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogEntry {
    entry: usize,
    previous: String,
    label: String,
    trail: Trail,
    #[serde(skip_serializing_if = "String::is_empty", default)]
    digest: String,
}

impl LogEntry {
    fn sealed(mut self) -> Self {
        self.digest = String::new();
        self.digest = digest::of(&self);
        self
    }

    /// The house's own name for the decision.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// The trail.
    pub fn trail(&self) -> &Trail {
        &self.trail
    }

    /// The entry's digest.
    pub fn digest(&self) -> &str {
        &self.digest
    }
}

/// Trails of successive decisions, in a chain that was found whole.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Log {
    entries: Vec<LogEntry>,
}

impl Log {
    /// Reads a log and checks its chain; an empty text is an empty log.
    ///
    /// # Errors
    /// The first entry that cannot be read, was altered, or does not follow the one before it.
    pub fn read(text: &str) -> Result<Self, Error> {
        let mut log = Log::default();
        for (line, entry) in text.lines().zip(1..) {
            let fault = Error::of_trail;
            let read: LogEntry = serde_json::from_str(line)
                .map_err(|e| fault(TrailFault::LogUnreadable { entry, reason: e.to_string() }))?;
            let digest = read.digest.clone();
            let read = read.sealed();
            // What was read must also be all that was written: no other keys, no other spelling.
            if read.digest != digest || serde_json::to_string(&read).ok().as_deref() != Some(line) {
                return Err(fault(TrailFault::LogBroken { entry, altered: true }));
            }
            if read.entry != entry || read.previous != log.head() {
                return Err(fault(TrailFault::LogBroken { entry, altered: false }));
            }
            log.entries.push(read);
        }
        if !text.is_empty() && !text.ends_with('\n') {
            let fault = TrailFault::LogBroken { entry: log.entries.len(), altered: true };
            return Err(Error::of_trail(fault));
        }
        Ok(log)
    }

    /// Adds a decision.
    pub fn append(&mut self, trail: Trail, label: impl Into<String>) {
        let (entry, previous) = (self.entries.len() + 1, self.head().to_owned());
        let next = LogEntry { entry, previous, label: label.into(), trail, digest: String::new() };
        self.entries.push(next.sealed());
    }

    /// The digest of the last entry: noted elsewhere, it guards the end of the log.
    pub fn head(&self) -> &str {
        self.entries.last().map_or(START, |e| &e.digest)
    }

    /// Checks that the log ends with this digest, noted elsewhere.
    ///
    /// # Errors
    /// Another one: entries at the end were removed, added or made anew.
    pub fn ends_with(&self, head: &str) -> Result<(), Error> {
        if self.head() == head {
            return Ok(());
        }
        let fault = TrailFault::LogEnd { found: self.head().to_owned(), expected: head.to_owned() };
        Err(Error::of_trail(fault))
    }

    /// The entries, in order.
    pub fn entries(&self) -> &[LogEntry] {
        &self.entries
    }

    /// The log as a file, one line an entry.
    pub fn to_lines(&self) -> String {
        let line = |entry: &LogEntry| serde_json::to_string(entry).unwrap_or_default() + "\n";
        self.entries.iter().map(line).collect()
    }
}
