//! Figures as officers write them: decimal comma or point, spaces between thousands, `%` in the field.

use rust_decimal::Decimal;

/// A figure read from a field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Figure {
    pub(super) value: Decimal,
    /// Whether a `%` stood in the field.
    pub(super) percent: bool,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Field {
    Blank,
    Figure(Figure),
    /// A mark that stands for a hidden figure; below which number, where it says so.
    Mark(Option<i64>),
    Text,
}

/// What stands in published tables where a figure is withheld.
const MARKS: [&str; 19] =
    ["x", "X", "c", "C", "F", "[x]", "[X]", "[c]", "-", "--", "–", "—", "*", "**", "..", "...", "…", "n.d.", "■"];

/// A mark of hidden figures, and below which number it says that they are.
fn mark(text: &str) -> Option<Option<i64>> {
    if MARKS.contains(&text) {
        return Some(None);
    }
    let below = text.strip_prefix('<').map(|t| (t, 0)).or_else(|| text.strip_prefix('≤').map(|t| (t, 1)));
    let (number, more) = below?;
    let digits: String = number.chars().filter(|c| !is_space(*c)).collect();
    (!digits.is_empty() && digits.len() <= 6 && digits.chars().all(|c| c.is_ascii_digit()))
        .then(|| digits.parse::<i64>().ok().map(|n| n + more))
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\t')
}

/// Reads a field.
pub(super) fn read(text: &str) -> Field {
    let text = text.trim_matches(|c: char| is_space(c) || c.is_whitespace());
    if text.is_empty() {
        return Field::Blank;
    }
    let (body, percent) = match text.strip_suffix('%') {
        Some(body) => (body.trim_end_matches(is_space), true),
        None => (text, false),
    };
    match number(body) {
        Some(value) => Field::Figure(Figure { value, percent }),
        None => mark(text).map_or(Field::Text, Field::Mark),
    }
}

fn number(text: &str) -> Option<Decimal> {
    let (sign, body) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(body) => ("-", body),
        None => ("", text),
    };
    let mut plain = String::from(sign);
    let mut groups = body.split(is_space);
    let first = groups.next()?;
    plain.push_str(first);
    // After a space, exactly three digits: `1 234` is a number, `12 34` is not.
    for group in groups {
        let digits = group.split([',', '.']).next()?;
        if digits.len() != 3 || first.len() > 3 || first.contains([',', '.']) {
            return None;
        }
        plain.push_str(group);
    }
    let plain = plain.replace(',', ".");
    let body = plain.trim_start_matches('-');
    let shaped = body.starts_with(|c: char| c.is_ascii_digit())
        && !body.ends_with('.')
        && body.chars().all(|c| c.is_ascii_digit() || c == '.')
        && body.matches('.').count() <= 1;
    if shaped { plain.parse().ok() } else { None }
}

/// A written figure with another value: its decimal mark, and whatever stands around it, stay.
pub(super) fn with_decimals(written: &str, value: Decimal) -> String {
    let is_digit = |c: char| c.is_ascii_digit();
    let (Some(start), Some(end)) = (written.find(is_digit), written.rfind(is_digit)) else {
        return value.to_string();
    };
    let mark = if written[start..=end].contains('.') { "." } else { "," };
    format!("{}{}{}", &written[..start], value.to_string().replace('.', mark), &written[end + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Option<(String, bool)> {
        match read(text) {
            Field::Figure(f) => Some((f.value.to_string(), f.percent)),
            _ => None,
        }
    }

    #[test]
    fn rounded_figures_keep_their_clothes() {
        for (written, value, expected) in [
            ("8,5", "9", "9"),
            ("\"8,53 %\"", "8.5", "\"8,5 %\""),
            ("12.25%", "12.3", "12.3%"),
            ("100,0", "100.0", "100,0"),
        ] {
            assert_eq!(with_decimals(written, value.parse().unwrap()), expected);
        }
    }

    #[test]
    fn french_figures() {
        assert_eq!(value("17 999"), Some(("17999".into(), false)));
        assert_eq!(value("1\u{202f}234\u{a0}567"), Some(("1234567".into(), false)));
        assert_eq!(value("38,1%"), Some(("38.1".into(), true)));
        assert_eq!(value(" 38,1 % "), Some(("38.1".into(), true)));
        assert_eq!(value("100,0"), Some(("100.0".into(), false)));
        assert_eq!(value("-3"), Some(("-3".into(), false)));
        assert_eq!(value("1 234,5"), Some(("1234.5".into(), false)));
        for text in ["12 34", "1,2,3", "3.", "1234 567", "2019-2020", "<", "< x", "xx"] {
            assert_eq!(read(text), Field::Text, "{text}");
        }
        for text in ["x", "X", "-", "--", "*", "..", "F", "c", "[x]", " x "] {
            assert_eq!(read(text), Field::Mark(None), "{text}");
        }
        for text in ["<10", "< 10", "≤ 9", "<\u{a0}10"] {
            assert_eq!(read(text), Field::Mark(Some(10)), "{text}");
        }
        assert_eq!(read(" \u{a0}"), Field::Blank);
    }
}
