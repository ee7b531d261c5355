//! Reads PO files: the part of the format that our files use, which is `msgid`, `msgid_plural`, `msgstr`, `msgstr[n]`,
//! continued lines, comments, and the header.

use std::collections::HashMap;

use super::plural::Rule;

/// Forms of a text, by message.
pub(super) type Table = HashMap<String, Vec<String>>;

/// One language, read.
#[derive(Debug)]
pub(super) struct Po {
    pub(super) table: Table,
    /// Its own name, as the language button says it: header `X-Language-Name`.
    pub(super) name: Option<String>,
    /// Header `Plural-Forms`.
    pub(super) plural: Option<Rule>,
}

pub(super) fn parse(file: &str) -> Po {
    let mut table = Table::new();
    let mut id: Option<String> = None;
    let mut texts: Vec<String> = Vec::new();
    let mut part = Part::None;
    for line in file.lines().map(str::trim).chain([""]) {
        let Some((keyword, text)) = split_line(line) else {
            if line.is_empty() {
                if let Some(id) = id.take() {
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
    // The header is the text of the empty message.
    let header = table.remove("").and_then(|texts| texts.into_iter().next()).unwrap_or_default();
    let field = |name: &str| {
        let lines = header.lines().filter_map(|line| line.split_once(':'));
        lines.filter(|(key, _)| *key == name).map(|(_, value)| value.trim().to_owned()).next()
    };
    let plural = field("Plural-Forms").and_then(|rule| Rule::of_header(&rule));
    Po { table, name: field("X-Language-Name").filter(|name| !name.is_empty()), plural }
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
mod tests {
    use super::*;

    #[test]
    fn continued_lines_and_escapes_are_read() {
        let po = parse("msgid \"a\"\n\"b\"\nmsgstr \"c\\n\"\n\"\\\"d\\\"\"\n\n# note\nmsgid \"e\"\nmsgstr \"f\"\n");
        assert_eq!(po.table["ab"], ["c\n\"d\""]);
        assert_eq!(po.table["e"], ["f"]);
    }

    #[test]
    fn the_header_tells_name_and_plurals_and_is_no_text() {
        let po = parse(
            "msgid \"\"\nmsgstr \"\"\n\"X-Language-Name: Français\\n\"\n\"Plural-Forms: nplurals=2; plural=(n > 1);\\n\"\n",
        );
        assert_eq!(po.name.as_deref(), Some("Français"));
        assert_eq!(po.plural.map(|rule| rule.form(1)), Some(0));
        assert!(po.table.is_empty());
    }

    #[test]
    fn what_is_no_po_file_breaks_nothing() {
        for file in ["", "msgid", "msgstr \"x\"\n\n", "\"\"\"\n\nmsgid \"\u{0}", "msgstr[99] \"x\"\nmsgid \"y"] {
            let po = parse(file);
            assert!(po.name.is_none() && po.plural.is_none(), "{file}");
        }
    }
}
