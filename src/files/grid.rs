//! A delimited file as fields, each with its place in the bytes, so that it can be written back with only some replaced.

use std::borrow::Cow;
use std::ops::Range;

use crate::error::{Error, Problem, Reason};

/// Fields that a file may have: they fit a gibibyte of memory.
const MOST_FIELDS: usize = 12_000_000;
/// Bytes that are enough to tell the separator.
const SAMPLE: usize = 200_000;

/// How a file's text is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-8 with a byte order mark.
    Utf8Bom,
    /// Windows-1252, as older spreadsheets save.
    Windows1252,
}

/// A delimited file: separator found by itself, fields read, bytes kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    text: String,
    encoding: Encoding,
    delimiter: u8,
    records: Vec<Record>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Record {
    pub(super) line: u64,
    pub(super) fields: Vec<String>,
    spans: Vec<Range<usize>>,
}

impl Record {
    /// The field, empty where the record is too short.
    pub(super) fn field(&self, column: usize) -> &str {
        self.fields.get(column).map_or("", String::as_str).trim()
    }

    pub(super) fn is_blank(&self) -> bool {
        self.fields.iter().all(|f| f.trim().is_empty())
    }
}

impl Grid {
    /// Reads a file.
    ///
    /// # Errors
    /// A file without text, UTF-16, or one in which no separator gives columns.
    pub fn read(bytes: &[u8]) -> Result<Self, Error> {
        let reject = |reason: Reason| Error::input(vec![Problem::File { reason }]);
        if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            return Err(reject(Reason::Utf16));
        }
        if bytes.starts_with(b"PK\x03\x04") {
            return Err(reject(Reason::Workbook));
        }
        if bytes.contains(&0) {
            return Err(reject(Reason::NotText));
        }
        let (text, encoding) = match bytes.strip_prefix(b"\xef\xbb\xbf") {
            Some(rest) => (std::str::from_utf8(rest).ok().map(str::to_owned), Encoding::Utf8Bom),
            None => (std::str::from_utf8(bytes).ok().map(str::to_owned), Encoding::Utf8),
        };
        let (text, encoding) = match text {
            Some(text) => (text, encoding),
            None => {
                let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes);
                (text.into_owned(), Encoding::Windows1252)
            }
        };
        if text.trim().is_empty() {
            return Err(reject(Reason::Empty));
        }
        // The beginning is enough to tell the separator, and lines need not be read three times.
        let sample = sample(&text);
        let best = [b';', b'\t', b','].into_iter().map(|d| (d, records(sample, d))).max_by_key(|(d, records)| {
            // The separator under which most lines have the same number of fields, and more than one.
            let mut widths: Vec<usize> = records.iter().map(|r| r.fields.len()).filter(|&w| w > 1).collect();
            widths.sort_unstable();
            let commonest = widths.chunk_by(|a, b| a == b).map(|c| (c.len(), c[0])).max().unwrap_or((0, 0));
            let order = match d {
                b';' => 2,
                b'\t' => 1,
                _ => 0,
            };
            (commonest.0, order, commonest.1)
        });
        match best {
            Some((delimiter, first)) if first.iter().any(|r| r.fields.len() > 1) => {
                let fields = text.bytes().filter(|&b| b == delimiter || b == b'\n').count();
                if fields > MOST_FIELDS {
                    return Err(reject(Reason::TooLarge { most: MOST_FIELDS }));
                }
                let records = if sample.len() == text.len() { first } else { records(&text, delimiter) };
                Ok(Grid { text, encoding, delimiter, records })
            }
            _ => Err(reject(Reason::NoSeparator)),
        }
    }

    /// How the text is encoded.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The separator between fields.
    pub fn delimiter(&self) -> char {
        char::from(self.delimiter)
    }

    /// Reads these symbols as marks of hidden figures.
    pub(super) fn mark(&mut self, symbols: &[String]) {
        for field in self.records.iter_mut().flat_map(|r| &mut r.fields) {
            if symbols.iter().any(|s| s.trim() == field.trim()) {
                "x".clone_into(field);
            }
        }
    }

    /// A field as it stands in the file, quotes included.
    pub(super) fn written(&self, record: usize, field: usize) -> &str {
        &self.text[self.records[record].spans[field].clone()]
    }

    pub(super) fn records(&self) -> &[Record] {
        &self.records
    }

    /// The file's bytes with these fields, `(record, field)`, replaced; in order, each once.
    pub(super) fn replaced(&self, fields: &[((usize, usize), &str)]) -> Result<Vec<u8>, Error> {
        let mut text = String::with_capacity(self.text.len());
        let mut done = 0;
        for &((record, field), by) in fields {
            let span = &self.records[record].spans[field];
            text.push_str(&self.text[done..span.start]);
            text.push_str(by);
            done = span.end;
        }
        text.push_str(&self.text[done..]);
        Ok(match self.encoding {
            Encoding::Utf8 => text.into_bytes(),
            Encoding::Utf8Bom => [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat(),
            Encoding::Windows1252 => {
                let (bytes, _, lossy): (Cow<'_, [u8]>, _, _) = encoding_rs::WINDOWS_1252.encode(&text);
                if lossy {
                    let symbol = fields.first().map_or("", |f| f.1).to_owned();
                    let reason = Reason::SymbolNotInEncoding { symbol };
                    return Err(Error::input(vec![Problem::File { reason }]));
                }
                bytes.into_owned()
            }
        })
    }
}

/// The first lines of a text, or all of it where it is short.
fn sample(text: &str) -> &str {
    let mut end = text.len().min(SAMPLE);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    match text[..end].rfind('\n') {
        Some(line) if end < text.len() => &text[..=line],
        _ => &text[..end],
    }
}

fn records(text: &str, delimiter: u8) -> Vec<Record> {
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut records = Vec::new();
    let mut raw = csv::StringRecord::new();
    // Reading a string cannot fail: it is UTF-8, and the reader accepts any number of fields.
    while let Ok(true) = reader.read_record(&mut raw) {
        let Some(position) = raw.position() else { break };
        let start = usize::try_from(position.byte()).unwrap_or(0);
        let spans = spans(text, start, delimiter, raw.len());
        let line = position.line() + text[..].get(start..).map_or(0, blank_lines);
        records.push(Record { line, fields: raw.iter().map(str::to_owned).collect(), spans });
    }
    records
}

/// Empty lines that the reader passes over before a record, which its position does not count.
fn blank_lines(text: &str) -> u64 {
    let before = text.len() - text.trim_start_matches(['\r', '\n']).len();
    text[..before].matches('\n').count() as u64
}

/// Where each field of a record stands, quotes included.
fn spans(text: &str, start: usize, delimiter: u8, fields: usize) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut at = start;
    while matches!(bytes.get(at), Some(b'\r' | b'\n')) {
        at += 1;
    }
    let mut spans = Vec::with_capacity(fields);
    for _ in 0..fields {
        let from = at;
        if bytes.get(at) == Some(&b'"') {
            at += 1;
            while at < bytes.len() {
                if bytes[at] != b'"' {
                    at += 1;
                } else if bytes.get(at + 1) == Some(&b'"') {
                    at += 2;
                } else {
                    at += 1;
                    break;
                }
            }
        }
        while at < bytes.len() && bytes[at] != delimiter && bytes[at] != b'\n' && bytes[at] != b'\r' {
            at += 1;
        }
        spans.push(from..at);
        at += 1;
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_their_places() {
        let grid = Grid::read("a;\"b \"\"c\"\"; d\";e\r\n\r\nf;\"g\nh\";3\r\n".as_bytes()).unwrap();
        assert_eq!(grid.delimiter(), ';');
        assert_eq!(grid.records()[0].fields, ["a", "b \"c\"; d", "e"]);
        assert_eq!(grid.records()[1].fields, ["f", "g\nh", "3"]);
        assert_eq!(grid.records()[1].line, 3);
        let out = grid.replaced(&[((0, 1), "x"), ((1, 2), "x")]).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "a;x;e\r\n\r\nf;\"g\nh\";x\r\n");
    }

    #[test]
    fn encodings_come_back() {
        for (bytes, encoding) in [
            ("é;1\nà;2\n".as_bytes().to_vec(), Encoding::Utf8),
            (b"\xef\xbb\xbf\xc3\xa9;1\n".to_vec(), Encoding::Utf8Bom),
            (b"\xe9;1\n\xe0;2\n".to_vec(), Encoding::Windows1252),
        ] {
            let grid = Grid::read(&bytes).unwrap();
            assert_eq!(grid.encoding(), encoding);
            assert_eq!(grid.records()[0].field(0), "é");
            assert_eq!(grid.replaced(&[]).unwrap(), bytes);
        }
        assert_eq!(Grid::read(b"a,b\tc\nd,e\tf\n1,5\t2\n").unwrap().delimiter(), '\t');
        assert!(Grid::read(b"").is_err());
        assert!(Grid::read(b"one\ntwo\n").is_err());
    }
}
