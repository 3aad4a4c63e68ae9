//! SHA-256 of what was decided upon: of its JSON without spaces, keys in the order in which they are documented, so that any
//! language computes it again from the file.

use std::io;

use serde::Serialize;
use sha2::{Digest, Sha256};

struct Feed(Sha256);

impl io::Write for Feed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Of a value's JSON, in hexadecimal.
pub(super) fn of(value: &impl Serialize) -> String {
    let mut feed = Feed(Sha256::new());
    // A hash takes all that is written, and our own types have no keys that JSON refuses.
    let _ = serde_json::to_writer(&mut feed, value);
    hexadecimal(feed.0)
}

/// Of bytes, in hexadecimal.
pub(super) fn of_bytes(bytes: &[u8]) -> String {
    let mut hash = Sha256::new();
    hash.update(bytes);
    hexadecimal(hash)
}

fn hexadecimal(hash: Sha256) -> String {
    use std::fmt::Write as _;
    hash.finalize().iter().fold(String::new(), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
