//! Texts of the stations in the languages that they speak: one for each file
//! `assets/lang/<language>/LC_MESSAGES/stations.po` that was there when the program was built.
//!
//! The message id is the Vietnamese text itself, so the screens can be read in the source and a missing translation
//! shows Vietnamese (and a line in the log). Slint's own `@tr` is not used: its language is one for the whole process,
//! and a citizen who chooses English at the kiosk must not switch the counter that runs in the same process. Tests keep
//! the files complete.

mod plural;
mod po;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::sync::{LazyLock, Mutex, PoisonError};

use plural::Rule;
use po::Table;

// `FILES`: code and content of every PO file, Vietnamese first. Written by build.rs.
include!(concat!(env!("OUT_DIR"), "/languages.rs"));

/// A language that the stations speak.
struct Language {
    code: &'static str,
    name: String,
    plural: Rule,
    table: Table,
}

static LANGUAGES: LazyLock<Vec<Language>> = LazyLock::new(|| FILES.iter().map(language).collect());
/// Texts that were looked for in vain, to be said once.
static MISSED: Mutex<Option<HashSet<(usize, String)>>> = Mutex::new(None);

fn language((code, file): &(&'static str, &'static str)) -> Language {
    let po = po::parse(file);
    if po.name.is_none() || po.plural.is_none() {
        tracing::warn!(code, "stations.po of this language lacks X-Language-Name or a Plural-Forms that can be read");
    }
    let name = po.name.unwrap_or_else(|| (*code).to_owned());
    Language { code, name, plural: po.plural.unwrap_or(Rule::single()), table: po.table }
}

/// Codes of the languages that the stations speak, Vietnamese first.
pub fn languages() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(code, _)| *code)
}

/// Marks a text that stands in a table and is looked up later, so that the test of the translations finds it.
pub(crate) const fn msg(text: &'static str) -> &'static str {
    text
}

/// Name of a language in itself; none when the stations do not speak it.
pub(crate) fn language_name(code: &str) -> Option<&'static str> {
    LANGUAGES.iter().find(|l| l.code == code).map(|l| l.name.as_str())
}

/// The texts in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Words {
    index: usize,
}

impl Words {
    /// Texts in `language`; in Vietnamese when the stations do not speak it.
    pub(crate) fn of(language: &str) -> Self {
        Self { index: FILES.iter().position(|(code, _)| *code == language).unwrap_or(0) }
    }

    /// Code of the language.
    pub(crate) fn language(self) -> &'static str {
        FILES[self.index].0
    }

    /// The text of a message.
    pub(crate) fn t(self, message: &str) -> String {
        self.form(message, 0).unwrap_or(message).to_owned()
    }

    /// The text of a message, with each `{}` replaced in turn.
    pub(crate) fn with(self, message: &str, values: &[&str]) -> String {
        fill(self.form(message, 0).unwrap_or(message), values)
    }

    /// The text of a message for a number of things; `{}` stands for the number.
    pub(crate) fn n(self, message: &str, count: u32) -> String {
        let plural = LANGUAGES[self.index].plural.form(u64::from(count));
        let plural = usize::try_from(plural).unwrap_or(0);
        let form = self.form(message, plural).or_else(|| self.form(message, 0)).unwrap_or(message);
        fill(form, &[&count.to_string()])
    }

    fn form(self, message: &str, plural: usize) -> Option<&'static str> {
        let forms = LANGUAGES[self.index].table.get(message);
        let text = forms.and_then(|forms| forms.get(plural)).filter(|text| !text.is_empty());
        if text.is_none() && plural == 0 && !message.is_empty() {
            self.missed(message);
        }
        text.map(String::as_str)
    }

    fn missed(self, message: &str) {
        let mut missed = MISSED.lock().unwrap_or_else(PoisonError::into_inner);
        if missed.get_or_insert_default().insert((self.index, message.to_owned())) {
            tracing::warn!(language = self.language(), message, "not translated in stations.po; showing Vietnamese");
        }
    }
}

fn fill(text: &str, values: &[&str]) -> String {
    let mut parts = text.split("{}");
    let mut filled = parts.next().unwrap_or_default().to_owned();
    let mut values = values.iter();
    for part in parts {
        filled.push_str(values.next().unwrap_or(&""));
        filled.push_str(part);
    }
    filled
}
