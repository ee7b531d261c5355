//! Turns what serde and toml say into what is wrong and what would be right, in the words of the person who edits.

/// A word this many changes away (or a third of its length, where that is more) is taken for a slip.
const SLIP: usize = 2;

/// Keys of older versions and what to write instead.
const REPLACED: [(&str, &str); 1] = [(
    "priority_in_a_row",
    "write priority = \"one-in\" and one_in = 3 instead: of so many calls at least one is normal, so 2 in a row are 3",
)];

/// `(what is wrong, what would be right)` of a message of serde or toml.
pub(crate) fn explain(message: &str) -> (String, String) {
    let message = message.trim().replace('\n', ", ");
    if let Some(rest) = message.strip_prefix("unknown field ") {
        return unknown("key", rest);
    }
    if let Some(rest) = message.strip_prefix("unknown variant ") {
        return unknown("value", rest);
    }
    if let Some(key) = message.strip_prefix("missing field ") {
        return (format!("key {key} is missing"), format!("add {} = …", key.trim_matches('`')));
    }
    for prefix in ["invalid type: ", "invalid value: ", "invalid length "] {
        if let Some((found, expected)) = message.strip_prefix(prefix).and_then(|rest| rest.split_once(", expected ")) {
            return (format!("{found} stands here"), format!("write {expected}"));
        }
    }
    if let Some((what, right)) = message.split_once("; ") {
        return (what.to_owned(), right.to_owned());
    }
    match message.split_once(", expected ") {
        Some((what, right)) => (what.to_owned(), format!("write {right}")),
        None => (message, "correct it as the samples in config/ show".to_owned()),
    }
}

/// The hint for a name that is not among `known`: the likely one first, then all.
pub(crate) fn use_one_of<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    let all = known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    match (did_you_mean(word, known.iter().copied()), known.is_empty()) {
        (_, true) => "none is defined; define it first".to_owned(),
        (Some(likely), _) => format!("did you mean `{likely}`? use one of {all}"),
        (None, _) => format!("use one of {all}"),
    }
}

/// The known word that `word` was probably meant to be.
pub(crate) fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = SLIP.max(word.chars().count() / 3);
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(word, name), name))
        .filter(|(distance, name)| *distance <= limit && *distance < name.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// The first word between backticks.
pub(crate) fn quoted(text: &str) -> Option<&str> {
    text.split('`').nth(1)
}

/// `rest` is "`wrong`, expected one of `a`, `b`", or "…, there are no fields".
fn unknown(kind: &str, rest: &str) -> (String, String) {
    let mut words = rest.split('`').skip(1).step_by(2);
    let word = words.next().unwrap_or_default();
    if let Some((_, instead)) = REPLACED.iter().find(|(old, _)| *old == word) {
        return (format!("{kind} `{word}` is no longer used"), (*instead).to_owned());
    }
    (format!("{kind} `{word}` is not known here"), use_one_of(word, words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_become_what_is_wrong_and_what_would_be_right() {
        for (message, what, right) in [
            (
                "unknown field `lettre`, expected one of `id`, `letter`, `name`",
                "key `lettre` is not known here",
                "did you mean `letter`? use one of `id`, `letter`, `name`",
            ),
            (
                "unknown field `zzzzzz`, expected `id` or `name`",
                "key `zzzzzz` is not known here",
                "use one of `id`, `name`",
            ),
            (
                "unknown field `priority_in_a_row`, expected `priority` or `one_in`",
                "key `priority_in_a_row` is no longer used",
                REPLACED[0].1,
            ),
            ("missing field `letter`", "key `letter` is missing", "add letter = …"),
            ("invalid type: string \"x\", expected u16", "string \"x\" stands here", "write u16"),
            ("data_bits is 9; it can be 7 or 8", "data_bits is 9", "it can be 7 or 8"),
        ] {
            assert_eq!(explain(message), (what.to_owned(), right.to_owned()));
        }
    }

    #[test]
    fn only_a_near_word_is_suggested() {
        assert_eq!(did_you_mean("dat-dia", ["ho-tich", "dat-dai"]), Some("dat-dai"));
        assert_eq!(did_you_mean("dien-luc", ["ho-tich", "dat-dai"]), None);
        // Two changes make any two-letter word of any other.
        assert_eq!(did_you_mean("ab", ["xy"]), None);
    }
}
