//! The house: data flows one way, and a room imports only rooms above it.

#![allow(clippy::unwrap_used, reason = "a test may panic and print")]

use std::fs;
use std::path::{Path, PathBuf};

/// Rooms from the first that data passes to the last. `suppress` and the crate's face see all of them.
const ROOMS: [&str; 19] = [
    "error",
    "table",
    "policy",
    "relations",
    "pattern",
    "number",
    "lp",
    "network",
    "extremes",
    "solver",
    "attack",
    "verify",
    "release",
    "trail",
    "words",
    "suppress",
    "testing",
    "files",
    "bin",
];
/// Further rooms that a room may not enter although they lie above it.
const APART: [(&str, &[&str]); 8] = [
    ("attack", &["solver"]),
    ("verify", &["number", "lp", "network", "extremes", "solver", "attack"]),
    ("release", &["relations", "number", "lp", "network", "extremes", "solver", "attack", "trail"]),
    ("number", &["table", "policy", "relations", "pattern"]),
    ("lp", &["table", "policy", "relations", "pattern"]),
    ("pattern", &["policy", "relations"]),
    ("files", &["relations", "number", "lp", "network", "extremes", "solver", "verify", "trail", "suppress"]),
    ("table", &[]),
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

fn room_of(path: &Path, root: &Path) -> String {
    let first = path.strip_prefix(root).unwrap().components().next().unwrap();
    first.as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned()
}

/// Rooms named after `crate::` in code; docs and comments may point anywhere.
fn imports(text: &str) -> Vec<String> {
    let code: Vec<&str> = text.lines().filter(|l| !l.trim_start().starts_with("//")).collect();
    let code = code.join("\n");
    let mut rooms = Vec::new();
    for part in code.split("crate::").skip(1) {
        let name: String = part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        rooms.push(name);
    }
    rooms
}

#[test]
fn data_flows_one_way() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut wrong = Vec::new();
    let mut seen = 0;
    for file in files {
        let room = room_of(&file, &root);
        if room == "lib" || room == "bin" {
            continue;
        }
        let Some(place) = ROOMS.iter().position(|r| *r == room) else {
            wrong.push(format!("{} is in no room of the house", file.display()));
            continue;
        };
        let apart = APART.iter().find(|a| a.0 == room).map_or(&[][..], |a| a.1);
        for import in imports(&fs::read_to_string(&file).unwrap()) {
            let Some(there) = ROOMS.iter().position(|r| *r == import) else { continue };
            seen += 1;
            if there > place || apart.contains(&import.as_str()) {
                wrong.push(format!("{} imports {import}, against the flow", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 50, "only {seen} imports were seen: the test reads nothing");
}

#[test]
fn the_test_sees_imports() {
    assert_eq!(imports("use crate::table::Table;\n// crate::solver\nlet x = crate::lp::Lp;"), ["table", "lp"]);
}
