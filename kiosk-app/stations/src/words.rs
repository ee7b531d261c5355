//! Texts of the stations in the languages that they speak, from `assets/lang/<language>/LC_MESSAGES/stations.po`.
//!
//! The message id is the Vietnamese text itself, so the screens can be read in the source and a missing translation
//! shows Vietnamese. Slint's own `@tr` is not used: its language is one for the whole process, and a citizen who
//! chooses English at the kiosk must not switch the counter that runs in the same process. A test keeps the files
//! complete in both languages.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A language that the stations speak.
struct Language {
    code: &'static str,
    /// Its own name, as the language button says it.
    name: &'static str,
    file: &'static str,
}

const LANGUAGES: [Language; 2] = [
    Language {
        code: "vi", name: "Tiếng Việt", file: include_str!("../../../assets/lang/vi/LC_MESSAGES/stations.po")
    },
    Language { code: "en", name: "English", file: include_str!("../../../assets/lang/en/LC_MESSAGES/stations.po") },
];

type Table = HashMap<String, Vec<String>>;

static TABLES: LazyLock<Vec<Table>> = LazyLock::new(|| LANGUAGES.iter().map(|l| parse_po(l.file)).collect());

/// Marks a text that stands in a table and is looked up later, so that the test of the translations finds it.
pub(crate) const fn msg(text: &'static str) -> &'static str {
    text
}

/// Name of a language in itself; none when the stations do not speak it.
pub(crate) fn language_name(code: &str) -> Option<&'static str> {
    LANGUAGES.iter().find(|l| l.code == code).map(|l| l.name)
}

/// The texts in one language.
#[derive(Clone, Copy)]
pub(crate) struct Words {
    index: usize,
}

impl Words {
    /// Texts in `language`; in Vietnamese when the stations do not speak it.
    pub(crate) fn of(language: &str) -> Self {
        Self { index: LANGUAGES.iter().position(|l| l.code == language).unwrap_or(0) }
    }

    /// Code of the language.
    pub(crate) fn language(self) -> &'static str {
        LANGUAGES[self.index].code
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
        let plural = usize::from(count != 1);
        let form = self.form(message, plural).or_else(|| self.form(message, 0)).unwrap_or(message);
        fill(form, &[&count.to_string()])
    }

    fn form(self, message: &str, plural: usize) -> Option<&'static str> {
        TABLES[self.index].get(message)?.get(plural).filter(|text| !text.is_empty()).map(String::as_str)
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

/// Reads the part of the PO format that the files use: `msgid`, `msgid_plural`, `msgstr`, `msgstr[n]`, continued lines.
fn parse_po(file: &str) -> Table {
    let mut table = Table::new();
    let mut id: Option<String> = None;
    let mut texts: Vec<String> = Vec::new();
    let mut part = Part::None;
    for line in file.lines().map(str::trim).chain([""]) {
        let Some((keyword, text)) = split_line(line) else {
            if line.is_empty() {
                if let Some(id) = id.take().filter(|id| !id.is_empty()) {
                    table.insert(id, std::mem::take(&mut texts));
                }
                texts.clear();
            }
            continue;
        };
        part = match keyword {
            "msgid" => {
                id = Some(String::new());
                Part::Id
            }
            "msgid_plural" => Part::Plural,
            "" => part,
            _ => {
                texts.push(String::new());
                Part::Text
            }
        };
        match part {
            Part::Id => id.get_or_insert_default().push_str(&text),
            Part::Text => texts.last_mut().into_iter().for_each(|t| t.push_str(&text)),
            Part::Plural | Part::None => {}
        }
    }
    table
}

#[derive(Clone, Copy)]
enum Part {
    None,
    Id,
    Plural,
    Text,
}

/// The keyword (empty on a continued line) and the unescaped text of a line; none for comments and empty lines.
fn split_line(line: &str) -> Option<(&str, String)> {
    if line.starts_with('#') {
        return None;
    }
    let (keyword, rest) = line.split_once('"')?;
    let text = rest.strip_suffix('"').unwrap_or(rest);
    Some((keyword.trim(), text.replace("\\n", "\n").replace("\\\"", "\"").replace("\\\\", "\\")))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    /// String literals that follow one of `openings` in all files with `extension` below `folder`.
    fn literals(folder: &Path, extension: &str, openings: &[&str], found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                literals(&path, extension, openings, found);
            } else if path.extension().is_some_and(|e| e == extension) {
                let text = std::fs::read_to_string(&path).unwrap();
                let text = text.split("mod tests").next().unwrap();
                for opening in openings {
                    for part in text.split(opening).skip(1) {
                        if let Some(literal) = part.trim_start().strip_prefix('"') {
                            found.insert(literal.split('"').next().unwrap().to_owned());
                        }
                    }
                }
            }
        }
    }

    fn used() -> BTreeSet<String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut found = BTreeSet::new();
        literals(&root.join("ui"), "slint", &["Words.t("], &mut found);
        literals(&root.join("src"), "rs", &["words.t(", "words.with(", "words.n(", "msg("], &mut found);
        assert!(found.len() > 60, "the search for texts found only {}", found.len());
        found
    }

    #[test]
    fn every_text_is_translated_in_every_language_and_none_is_left_over() {
        let used = used();
        for (language, table) in LANGUAGES.iter().zip(TABLES.iter()) {
            let missing: Vec<_> =
                used.iter().filter(|m| table.get(*m).is_none_or(|t| t.iter().any(String::is_empty))).collect();
            assert!(missing.is_empty(), "{}: not translated: {missing:#?}", language.code);
            let unused: Vec<_> = table.keys().filter(|m| !used.contains(*m)).collect();
            assert!(unused.is_empty(), "{}: not used any more: {unused:#?}", language.code);
        }
    }

    #[test]
    fn places_of_values_survive_translation() {
        for (language, table) in LANGUAGES.iter().zip(TABLES.iter()) {
            for (message, texts) in table {
                for text in texts {
                    let places = |t: &str| t.matches("{}").count();
                    assert_eq!(places(message), places(text), "{}: {message}", language.code);
                }
            }
        }
    }

    #[test]
    fn numbers_have_plurals_where_the_language_has_them() {
        assert_eq!(Words::of("en").n("{} phút", 1), "1 minute");
        assert_eq!(Words::of("en").n("{} phút", 14), "14 minutes");
        assert_eq!(Words::of("vi").n("{} người chờ", 14), "14 người chờ");
        assert_eq!(Words::of("xx").n("{} người chờ", 2), "2 người chờ");
    }

    #[test]
    fn continued_lines_and_escapes_are_read() {
        let table =
            parse_po("msgid \"a\"\n\"b\"\nmsgstr \"c\\n\"\n\"\\\"d\\\"\"\n\n# note\nmsgid \"e\"\nmsgstr \"f\"\n");
        assert_eq!(table["ab"], ["c\n\"d\""]);
        assert_eq!(table["e"], ["f"]);
    }
}
