//! Words apart from facts: messages in French and English, numbers in each language's style (feature `words`).
//!
//! ```
//! use caviardage::table::{Axis, Cube};
//! use caviardage::words::{Language, Words};
//! let lieux = ["Québec", "Gaspé", "Montréal"];
//! let table = Cube::new([Axis::flat("lieu", lieux).total("Total")]).counts([3, 40, 25]).build()?;
//! let done = caviardage::suppress(&table)?;
//! let told = Words::new(Language::Fr).explained(&done.trail.explain("Montréal")?);
//! assert_eq!(
//!     told,
//!     "“Montréal” (25) est masqué parce que, publié, le total 68 (“Total”) moins les autres cases donnerait 3 à “Québec”, \
//!      qui compte moins de 10 personnes (art. 53 et 54)."
//! );
//! # Ok::<(), caviardage::Error>(())
//! ```

mod explained;

use fluent_bundle::{FluentBundle, FluentResource};
use rust_decimal::Decimal;

pub use fluent_bundle::FluentArgs;

const FRENCH: &str = include_str!("fr.ftl");
const ENGLISH: &str = include_str!("en.ftl");

/// A language that an officer reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// French, of Québec.
    Fr,
    /// English, of Canada.
    En,
}

/// Messages of one language.
pub struct Words {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Words").field("language", &self.language).finish_non_exhaustive()
    }
}

impl Words {
    /// The crate's own messages.
    pub fn new(language: Language) -> Self {
        let locale = match language {
            Language::Fr => "fr-CA",
            Language::En => "en-CA",
        };
        let locale: unic_langid::LanguageIdentifier = locale.parse().unwrap_or_default();
        let mut bundle = FluentBundle::new(vec![locale]);
        bundle.set_use_isolating(false);
        Words { language, bundle }.with(FRENCH, ENGLISH)
    }

    /// More messages, in Fluent's syntax, of which the language's own are kept. A message that is there already is replaced.
    #[must_use]
    pub fn with(mut self, french: &str, english: &str) -> Self {
        let source = if self.language == Language::Fr { french } else { english };
        // What can be read of a faulty file is kept: a message that is missing is told by its name.
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(partial, _)| partial);
        self.bundle.add_resource_overriding(resource);
        self
    }

    /// The language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// A message; one that is missing is its own name.
    pub fn say(&self, id: &str, args: &FluentArgs<'_>) -> String {
        let pattern = self.bundle.get_message(id).and_then(|m| m.value());
        pattern.map_or_else(
            || id.to_owned(),
            |pattern| self.bundle.format_pattern(pattern, Some(args), &mut Vec::new()).into_owned(),
        )
    }

    /// A number in the language's style.
    pub fn number(&self, value: &Decimal) -> String {
        let text = value.normalize().to_string();
        let (sign, text) = text.strip_prefix('-').map_or(("", text.as_str()), |t| ("−", t));
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let (space, point) = if self.language == Language::Fr { ('\u{a0}', ",") } else { (',', ".") };
        let mut grouped = String::from(sign);
        for (i, digit) in whole.chars().enumerate() {
            if i > 0 && (whole.len() - i) % 3 == 0 {
                grouped.push(space);
            }
            grouped.push(digit);
        }
        if fraction.is_empty() { grouped } else { grouped + point + fraction }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn ids(source: &str) -> BTreeSet<String> {
        assert!(FluentResource::try_new(source.to_owned()).is_ok(), "the file parses");
        let names = source.lines().filter_map(|l| l.split_once(" =").map(|s| s.0));
        names.filter(|i| !i.starts_with([' ', '#', '['])).map(str::to_owned).collect()
    }

    #[test]
    fn every_message_is_there_in_both_languages_and_used() {
        let source = include_str!("explained.rs");
        let quoted: BTreeSet<String> = source.split('"').skip(1).step_by(2).map(str::to_owned).collect();
        assert_eq!(ids(FRENCH), ids(ENGLISH));
        for id in ids(FRENCH) {
            assert!(quoted.contains(&id), "{id} is said nowhere");
        }
        let asked = quoted.iter().filter(|q| q.starts_with("explain-") || q.starts_with("step-"));
        for id in asked {
            assert!(ids(FRENCH).contains(id), "{id} has no words");
        }
    }

    #[test]
    fn numbers_in_each_style() {
        let value: Decimal = "-1234567.5".parse().expect("a number");
        assert_eq!(Words::new(Language::Fr).number(&value), "−1\u{a0}234\u{a0}567,5");
        assert_eq!(Words::new(Language::En).number(&value), "−1,234,567.5");
    }
}
