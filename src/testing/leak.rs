//! What a wrapper prints must not hold what the release withholds.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::release::Release;
use crate::suppress::Suppression;

/// Numbers that stand in a text: digits in groups of three, with spaces, commas, points or apostrophes between, read as
/// one number, and the groups as they would be if they were numbers of their own.
fn numbers(text: &str) -> Vec<(String, Vec<String>)> {
    let chars: Vec<char> = text.chars().collect();
    let digit = |i: usize| chars.get(i).is_some_and(char::is_ascii_digit);
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if !digit(at) {
            at += 1;
            continue;
        }
        let mut end = at;
        // A group of three digits may follow after a mark.
        let group = |i: usize| digit(i + 1) && digit(i + 2) && digit(i + 3) && !digit(i + 4);
        let mark = |c: char| matches!(c, ' ' | '\u{a0}' | '\u{202f}' | ',' | '.' | '\'' | '’');
        while digit(end) || (end < chars.len() && mark(chars[end]) && group(end)) {
            end += 1;
        }
        let grouped: String = chars[at..end].iter().filter(|c| c.is_ascii_digit()).collect();
        let groups = chars[at..end].split(|c| !c.is_ascii_digit()).map(|run| trimmed(&run.iter().collect::<String>()));
        found.push((trimmed(&grouped), groups.collect()));
        at = end;
    }
    found
}

fn trimmed(digits: &str) -> String {
    let rest = digits.trim_start_matches('0');
    if rest.is_empty() { "0".to_owned() } else { rest.to_owned() }
}

fn digits(count: &Decimal) -> String {
    trimmed(&count.normalize().to_string().chars().filter(char::is_ascii_digit).collect::<String>())
}

/// Hidden counts that stand in bytes although nothing that is released explains their standing there.
fn leaks(done: &Suppression, bytes: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(bytes);
    let public = public(&done.release);
    // A number that the release shows is that number, not its groups.
    let unexplained = numbers(&text).into_iter().filter(|n| !public.contains(&n.0));
    let seen: BTreeSet<String> = unexplained.flat_map(|(number, groups)| groups.into_iter().chain([number])).collect();
    done.trail
        .hidden()
        .iter()
        .filter_map(|hidden| {
            let count = Decimal::new(hidden.count, done.release.decimals());
            let written = digits(&count);
            let given_away = seen.contains(&written) && !public.contains(&written);
            given_away.then(|| (format!("{} › {}", hidden.table, hidden.labels.join(" × ")), count.to_string()))
        })
        .collect()
}

/// Every number that a reader of the release sees: in labels, names and notes, shown figures, constants and facts.
fn public(release: &Release) -> BTreeSet<String> {
    let mut texts: Vec<&str> = release.notes().iter().map(String::as_str).collect();
    for table in release.tables() {
        texts.push(&table.name);
        texts.extend(table.axes.iter().flat_map(|a| a.labels.iter().chain([&a.name])).map(String::as_str));
    }
    texts.extend(release.relations().iter().map(|r| r.name.as_str()));
    texts.extend(release.known().iter().map(|f| f.name.as_str()));
    let shown = release.tables().iter().flat_map(|t| &t.cells).filter_map(|c| c.count);
    let constants = release.relations().iter().map(|r| r.constant);
    let facts = release.known().iter().flat_map(|f| [f.at_least, f.at_most]).flatten();
    let figures = shown.chain(constants).chain(facts).chain(release.percentages().iter().map(|p| p.value));
    let in_texts = texts.into_iter().flat_map(numbers).flat_map(|(number, groups)| groups.into_iter().chain([number]));
    in_texts.chain(figures.map(|figure| digits(&figure))).collect()
}

/// Panics if bytes that a wrapper made hold a hidden count.
///
/// Bytes that are a release in JSON must be this release. In any others, a hidden count must not stand as a number, unless
/// the release itself holds that number too (in a label, a shown figure, a note): so test with tables whose counts differ
/// from each other and from such numbers. That what is shown does
/// not give hidden counts away is what [`assert_protected`](crate::testing::assert_protected) is for.
///
/// # Panics
/// With every count that was found, and the cell that it belongs to.
#[track_caller]
pub fn assert_no_leak(done: &Suppression, bytes: &[u8]) {
    if let Ok(release) = serde_json::from_slice::<Release>(bytes) {
        assert!(release == done.release, "the bytes are a release, but another one");
        return;
    }
    let found: Vec<String> = leaks(done, bytes).into_iter().map(|(cell, count)| format!("{cell}: {count}")).collect();
    assert!(found.is_empty(), "hidden counts stand in the bytes:\n{}", found.join("\n"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_every_way() {
        let all = numbers("a 1\u{a0}234, b 5,5; 007 et 12 345 678 x");
        let whole: Vec<&str> = all.iter().map(|n| n.0.as_str()).collect();
        assert_eq!(whole, ["1234", "5", "5", "7", "12345678"]);
        assert_eq!(all[0].1, ["1", "234"]);
    }
}
