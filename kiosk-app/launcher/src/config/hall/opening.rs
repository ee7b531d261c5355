//! Opening hours as the file says them: `monday = ["07:30-11:30", "13:30-17:00"]`, and holidays by their dates.

use jiff::civil::Date;
use protocol::text::Text;
use queue::{DAY_MINUTES, Holiday, Opening, Span, Week};
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use crate::config::problem::Problem;
use crate::config::source::{Located, Source};

/// `[opening]`, and `hours` of a service, which has no holidays of its own. A day that is left out is closed.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct HoursTable {
    monday: Vec<Spanned<String>>,
    tuesday: Vec<Spanned<String>>,
    wednesday: Vec<Spanned<String>>,
    thursday: Vec<Spanned<String>>,
    friday: Vec<Spanned<String>>,
    saturday: Vec<Spanned<String>>,
    sunday: Vec<Spanned<String>>,
    pub holidays: Vec<HolidayTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HolidayTable {
    first: Spanned<Day>,
    last: Option<Spanned<Day>>,
    pub name: Spanned<Text>,
}

/// A date without a time.
struct Day(Date);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = toml::Value::deserialize(deserializer)?;
        let date = match &value {
            toml::Value::Datetime(toml::value::Datetime { date: Some(date), time: None, offset: None }) => {
                let small = |n: u8| i8::try_from(n).ok();
                let date = i16::try_from(date.year).ok().zip(small(date.month)).zip(small(date.day));
                date.and_then(|((year, month), day)| Date::new(year, month, day).ok())
            }
            _ => None,
        };
        let wrong = || D::Error::custom(format!("{value} is no date; write a date such as 2027-02-05, without quotes"));
        date.map(Self).ok_or_else(wrong)
    }
}

/// The hall's hours and holidays; without the table it is always open.
pub(super) fn opening(source: &Source, table: Option<&Located<HoursTable>>, problems: &mut Vec<Problem>) -> Opening {
    let Some(Located { value: table, span }) = table else { return Opening::default() };
    let holidays = table.holidays.iter().filter_map(|holiday| {
        let first = holiday.first.get_ref().0;
        let last = holiday.last.as_ref().map_or(first, |last| last.get_ref().0);
        if first <= last {
            return Some(Holiday { first, last });
        }
        let at = holiday.last.as_ref().map(|last| last.span().start);
        let what = format!("this holiday ends on {last}, before it begins on {first}");
        problems.push(source.problem(at, what, "give the first day, then the last"));
        None
    });
    let holidays = holidays.collect();
    Opening { week: week(source, table, span.start, problems), holidays }
}

/// A week of the table that begins at `at`.
pub(super) fn week(source: &Source, table: &HoursTable, at: usize, problems: &mut Vec<Problem>) -> Week {
    let days = [
        &table.monday,
        &table.tuesday,
        &table.wednesday,
        &table.thursday,
        &table.friday,
        &table.saturday,
        &table.sunday,
    ];
    if days.iter().all(|day| day.is_empty()) {
        let right = "write hours such as monday = [\"07:30-11:30\", \"13:30-17:00\"], or take all of it away";
        problems.push(source.problem(Some(at), "no day of the week has hours", right));
    }
    Week(days.map(|day| spans(source, day, problems)))
}

/// The right stretches of a day.
fn spans(source: &Source, day: &[Spanned<String>], problems: &mut Vec<Problem>) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for text in day {
        let mut wrong = |what: String, right: &str| {
            problems.push(source.problem(Some(text.span().start), what, right));
        };
        let word = text.get_ref();
        let ends = word.split_once('-').and_then(|(from, to)| Some((minute(from)?, minute(to)?)));
        match (ends, spans.last()) {
            (None, _) => wrong(format!("`{word}` is no time of day"), "write hours such as \"07:30-11:30\""),
            (Some((from, to)), _) if from >= to => {
                wrong(format!("`{word}` ends before it begins"), "give the opening, then the closing of one day");
            }
            (Some((from, _)), Some(before)) if from < before.to => {
                wrong(format!("`{word}` begins before the hours before it end"), "write the day's hours in order");
            }
            (Some((from, to)), _) => spans.push(Span { from, to }),
        }
    }
    spans
}

/// Minutes after midnight of `07:30`; `24:00` is the day's end.
pub(super) fn minute(text: &str) -> Option<u16> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let number = |digits: &str, most: u16| -> Option<u16> {
        let right = digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit());
        digits.parse().ok().filter(|n| right && *n <= most)
    };
    Some(number(hours, 24)? * 60 + number(minutes, 59)?).filter(|minute| *minute <= DAY_MINUTES)
}
