//! What stands on a paper, by name, and how each value reads. Pure.

use std::collections::BTreeMap;

use jiff::civil::DateTime;
use jiff::fmt::temporal::Pieces;
use protocol::text::FIRST_LANGUAGE;
use protocol::work::TicketSlip;
use serde_json::Value as Json;

use super::WaitWords;

/// Fewest counters in a row that are written as a range.
const SHORTEST_RANGE: usize = 3;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// Words or a number.
    Text(String),
    /// Several of them, for a block that stands once for each.
    List(Vec<String>),
}

/// The values of one paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Data {
    pub(super) language: String,
    pub(super) items: BTreeMap<String, Item>,
    /// Read out by the template's own words, as the value `wait`.
    pub(super) wait_minutes: Option<[u32; 2]>,
}

/// Data that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DataError {
    /// Not a JSON object.
    #[error("the data is no JSON object; write {{ \"hall\": \"…\", … }}")]
    NotAnObject,
    /// A value that is neither text nor number nor a list of them.
    #[error("`{0}` is neither a text nor a number nor a list of texts")]
    Shape(String),
}

impl Data {
    /// What stands on a queue ticket.
    #[must_use]
    pub fn of_slip(slip: &TicketSlip, reprint: bool) -> Self {
        let texts = [
            ("hall", slip.hall.clone()),
            ("hall_line2", slip.hall_line2.clone()),
            ("field", slip.field.clone()),
            ("service", slip.service.clone()),
            ("number", slip.number.clone()),
            ("people_ahead", slip.people_ahead.to_string()),
            ("counters", counters(&slip.counters)),
            ("class_name", slip.class.clone().unwrap_or_default()),
            ("time", time(&slip.issued_at)),
            ("follow_url", slip.follow_url.clone().unwrap_or_default()),
            ("reprint", if reprint { "1" } else { "" }.to_owned()),
        ];
        let items = texts.into_iter().map(|(name, text)| (name.to_owned(), Item::Text(one_line(&text)))).collect();
        Self { language: slip.language.clone(), items, wait_minutes: Some(slip.wait_minutes) }
    }

    /// Values of a JSON object. `language` is the paper's; `wait_minutes` (two numbers) reads as `wait`; of `issued_at`
    /// the hall's own time reads as `time`; numbers of `counters` in a row read as a range.
    ///
    /// # Errors
    /// [`DataError`] names the value that cannot be read.
    pub fn from_json(data: &Json) -> Result<Self, DataError> {
        let object = data.as_object().ok_or(DataError::NotAnObject)?;
        let mut read = Self { language: FIRST_LANGUAGE.to_owned(), items: BTreeMap::new(), wait_minutes: None };
        for (name, value) in object {
            let wrong = || DataError::Shape(name.clone());
            match (name.as_str(), value) {
                ("language", value) => read.language = value.as_str().ok_or_else(wrong)?.to_owned(),
                ("wait_minutes", value) => {
                    read.wait_minutes = Some(serde_json::from_value(value.clone()).map_err(|_| wrong())?);
                }
                ("issued_at", value) => read.set("time", Item::Text(time(value.as_str().ok_or_else(wrong)?))),
                ("counters", Json::Array(list)) if list.iter().all(Json::is_u64) => {
                    let numbers: Vec<u16> = serde_json::from_value(value.clone()).map_err(|_| wrong())?;
                    read.set(name, Item::Text(counters(&numbers)));
                }
                (_, Json::Array(list)) => {
                    let texts: Option<Vec<String>> = list.iter().map(text).collect();
                    read.set(name, Item::List(texts.ok_or_else(wrong)?));
                }
                (_, value) => read.set(name, Item::Text(text(value).ok_or_else(wrong)?)),
            }
        }
        Ok(read)
    }

    /// Names of the values that are given.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let wait = self.wait_minutes.map(|_| "wait");
        self.items.keys().map(String::as_str).chain(wait)
    }

    /// The paper's language, whatever the data said.
    pub fn set_language(&mut self, language: &str) {
        language.clone_into(&mut self.language);
    }

    /// The paper's language.
    #[must_use]
    pub fn language(&self) -> &str {
        &self.language
    }

    fn set(&mut self, name: &str, item: Item) {
        let item = match item {
            Item::Text(text) => Item::Text(one_line(&text)),
            Item::List(list) => Item::List(list.iter().map(|text| one_line(text)).collect()),
        };
        self.items.insert(name.to_owned(), item);
    }

    /// A text; a list reads as its items in one line.
    pub(super) fn text(&self, name: &str, words: &WaitWords) -> String {
        match (name, self.items.get(name)) {
            (_, Some(Item::Text(text))) => text.clone(),
            (_, Some(Item::List(list))) => list.join(", "),
            ("wait", None) => self.wait_minutes.map_or_else(String::new, |wait| words.of(wait, &self.language)),
            (_, None) => String::new(),
        }
    }

    /// The items of a list; a text is a list of one, an empty text of none.
    pub(super) fn list(&self, name: &str) -> Vec<String> {
        match self.items.get(name) {
            Some(Item::List(list)) => list.clone(),
            Some(Item::Text(text)) if !text.is_empty() => vec![text.clone()],
            _ => Vec::new(),
        }
    }
}

/// What data says is one line: its own breaks are spaces, and no control character gets further. Only a template
/// breaks lines.
fn one_line(text: &str) -> String {
    let spaced = text.chars().map(|letter| if letter.is_whitespace() { ' ' } else { letter });
    spaced.filter(|letter| !letter.is_control()).collect::<String>().trim().to_owned()
}

/// The name under which JSON gives a value.
pub(super) fn json_name(value: &str) -> &str {
    if value == "wait" { "wait_minutes" } else { value }
}

/// A plain value as text; `true` is `1`, `false` and `null` are nothing.
fn text(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(flag) => Some(if *flag { "1" } else { "" }.to_owned()),
        Json::Null => Some(String::new()),
        Json::Array(_) | Json::Object(_) => None,
    }
}

/// Replaces each `{name}` for which there is a value.
pub(super) fn fill(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        match after.split_once('}').and_then(|(name, after)| Some((value(name)?, after))) {
            Some((text, after)) => {
                filled.push_str(&text);
                rest = after;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

/// Names in braces; for a brace that is never closed the whole text, which is no name.
pub(super) fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).map(move |after| after.split_once('}').map_or(text, |(name, _)| name))
}

impl WaitWords {
    fn of(&self, [low, high]: [u32; 2], language: &str) -> String {
        let words = match (low, high) {
            (0, 0) => &self.now,
            (low, high) if low == high => &self.single,
            _ => &self.range,
        };
        fill(words.get(language), |name| match name {
            "low" => Some(low.to_string()),
            "high" => Some(high.to_string()),
            _ => None,
        })
    }
}

/// Counters in order, three or more in a row as a range: `1, 3 – 5`.
fn counters(counters: &[u16]) -> String {
    let mut sorted = counters.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let rows = sorted.chunk_by(|a, b| a.checked_add(1) == Some(*b));
    let written = rows.flat_map(|row| match row {
        [first, .., last] if row.len() >= SHORTEST_RANGE => vec![format!("{first} – {last}")],
        few => few.iter().map(ToString::to_string).collect(),
    });
    written.collect::<Vec<_>>().join(", ")
}

/// `08:41 22/11/2026` of an RFC 3339 time, as its own offset has it; what cannot be read stays as it is.
pub(crate) fn time(issued_at: &str) -> String {
    let local = Pieces::parse(issued_at).ok().and_then(|pieces| {
        let time = pieces.time()?;
        Some(DateTime::from_parts(pieces.date(), time))
    });
    local.map_or_else(|| issued_at.to_owned(), |local| local.strftime("%H:%M %d/%m/%Y").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_reads_as_people_write_it() {
        let json = serde_json::json!({
            "language": "en", "number": "A012", "people_ahead": 7, "wait_minutes": [12, 20], "counters": [3, 4, 5],
            "issued_at": "2026-11-22T08:41:00+07:00", "papers": ["CCCD", "Đơn"], "reprint": false, "class": null
        });
        let data = Data::from_json(&json).expect("an object");
        let text = |name: &str| data.items.get(name).cloned();
        assert_eq!(text("people_ahead"), Some(Item::Text("7".into())));
        assert_eq!(text("counters"), Some(Item::Text("3 – 5".into())));
        assert_eq!(text("time"), Some(Item::Text("08:41 22/11/2026".into())));
        assert_eq!(text("papers"), Some(Item::List(vec!["CCCD".into(), "Đơn".into()])));
        assert_eq!((data.wait_minutes, data.language.as_str()), (Some([12, 20]), "en"));
        assert_eq!(text("reprint"), Some(Item::Text(String::new())));
        let nested = serde_json::json!({ "papers": [["a"]] });
        assert_eq!(Data::from_json(&nested), Err(DataError::Shape("papers".into())));
        assert_eq!(Data::from_json(&serde_json::json!([])), Err(DataError::NotAnObject));
    }

    #[test]
    fn counters_in_a_row_are_a_range() {
        for (list, text) in [
            (&[][..], ""),
            (&[3], "3"),
            (&[3, 4], "3, 4"),
            (&[5, 3, 4], "3 – 5"),
            (&[1, 3, 4, 5, 9, 10], "1, 3 – 5, 9, 10"),
            (&[u16::MAX, u16::MAX, u16::MAX - 1, u16::MAX - 2], "65533 – 65535"),
        ] {
            assert_eq!(counters(list), text);
        }
    }

    #[test]
    fn the_time_is_the_halls_own() {
        assert_eq!(time("2026-11-22T08:41:00+07:00"), "08:41 22/11/2026");
        assert_eq!(time("2026-11-22T08:41:00Z"), "08:41 22/11/2026");
        assert_eq!(time("soon"), "soon");
    }

    #[test]
    fn a_value_with_braces_is_not_filled_again() {
        let filled = fill("{a}{b}{", |name| (name == "a").then(|| "{b}".to_owned()));
        assert_eq!(filled, "{b}{b}{");
    }
}
