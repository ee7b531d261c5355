//! The values that a template may name, and how each reads on paper. Pure.

use jiff::civil::DateTime;
use jiff::fmt::temporal::Pieces;
use protocol::work::TicketSlip;

use super::WaitWords;

/// Fewest counters in a row that are written as a range.
const SHORTEST_RANGE: usize = 3;

/// A value by its name in the template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Hall,
    HallLine2,
    Field,
    Service,
    Number,
    PeopleAhead,
    Wait,
    Counters,
    Class,
    Time,
    FollowUrl,
    Reprint,
}

impl Value {
    /// Every value with its name.
    pub(super) const ALL: [(&'static str, Self); 12] = [
        ("hall", Self::Hall),
        ("hall_line2", Self::HallLine2),
        ("field", Self::Field),
        ("service", Self::Service),
        ("number", Self::Number),
        ("people_ahead", Self::PeopleAhead),
        ("wait", Self::Wait),
        ("counters", Self::Counters),
        ("class", Self::Class),
        ("time", Self::Time),
        ("follow_url", Self::FollowUrl),
        ("reprint", Self::Reprint),
    ];

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }
}

/// The values of one slip, as text.
pub(super) struct Values([String; Value::ALL.len()]);

impl Values {
    pub(super) fn new(slip: &TicketSlip, reprint: bool, words: &WaitWords) -> Self {
        Self(Value::ALL.map(|(_, value)| match value {
            Value::Hall => slip.hall.clone(),
            Value::HallLine2 => slip.hall_line2.clone(),
            Value::Field => slip.field.clone(),
            Value::Service => slip.service.clone(),
            Value::Number => slip.number.clone(),
            Value::PeopleAhead => slip.people_ahead.to_string(),
            Value::Wait => wait(slip.wait_minutes, words, &slip.language),
            Value::Counters => counters(&slip.counters),
            Value::Class => slip.class.clone().unwrap_or_default(),
            Value::Time => time(&slip.issued_at),
            Value::FollowUrl => slip.follow_url.clone().unwrap_or_default(),
            Value::Reprint => if reprint { "1" } else { "" }.to_owned(),
        }))
    }

    pub(super) fn get(&self, value: Value) -> &str {
        // `ALL` is in the order of the enum; a test holds it to that.
        &self.0[value as usize]
    }

    /// The text with each `{name}` replaced, in one pass: braces inside a value stay what they are.
    pub(super) fn fill(&self, text: &str) -> String {
        fill(text, |name| Value::named(name).map(|value| self.get(value).to_owned()))
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

fn wait([low, high]: [u32; 2], words: &WaitWords, language: &str) -> String {
    let words = match (low, high) {
        (0, 0) => &words.now,
        (low, high) if low == high => &words.single,
        _ => &words.range,
    };
    fill(words.get(language), |name| match name {
        "low" => Some(low.to_string()),
        "high" => Some(high.to_string()),
        _ => None,
    })
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
fn time(issued_at: &str) -> String {
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
    fn values_stand_in_the_order_of_their_names() {
        for (place, (name, value)) in Value::ALL.into_iter().enumerate() {
            assert_eq!(value as usize, place, "{name}");
        }
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
