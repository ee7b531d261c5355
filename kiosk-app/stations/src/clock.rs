//! The hub's time on a station: stations do not trust their own clocks, and show the hall's local time.

use jiff::civil::DateTime;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

use crate::words::{Words, msg};

/// How far the hub's clock is from this machine's.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct HubClock {
    ahead: SignedDuration,
}

impl HubClock {
    /// A view made at `hub` (the hub's clock) arrived at `here` (this machine's clock).
    pub(crate) fn heard(&mut self, hub: Timestamp, here: Timestamp) {
        self.ahead = hub.duration_since(here);
    }

    /// The hub's time when this machine's clock says `here`.
    pub(crate) fn at(self, here: Timestamp) -> Timestamp {
        here.checked_add(self.ahead).unwrap_or(here)
    }
}

/// Local time of a hall.
pub(crate) fn local(at: Timestamp, offset_minutes: i32) -> DateTime {
    let offset = Offset::from_seconds(offset_minutes.saturating_mul(60)).unwrap_or(Offset::UTC);
    offset.to_datetime(at)
}

/// `08:41`, in the language's way.
pub(crate) fn time(at: DateTime, words: Words) -> String {
    written("%H:%M", at, words)
}

const SHORT_WEEKDAYS: [&str; 7] = [msg("T2"), msg("T3"), msg("T4"), msg("T5"), msg("T6"), msg("T7"), msg("CN")];
const WEEKDAYS: [&str; 7] =
    [msg("Thứ Hai"), msg("Thứ Ba"), msg("Thứ Tư"), msg("Thứ Năm"), msg("Thứ Sáu"), msg("Thứ Bảy"), msg("Chủ Nhật")];
const MONTHS: [&str; 12] = [
    msg("tháng 1"),
    msg("tháng 2"),
    msg("tháng 3"),
    msg("tháng 4"),
    msg("tháng 5"),
    msg("tháng 6"),
    msg("tháng 7"),
    msg("tháng 8"),
    msg("tháng 9"),
    msg("tháng 10"),
    msg("tháng 11"),
    msg("tháng 12"),
];
/// How times and dates are put together; each language orders them in its file.
const PATTERNS: [&str; 4] = [msg("%H:%M"), msg("%a, %d/%m/%Y"), msg("%A, %d/%m/%Y"), msg("%d/%m")];

/// `CN, 22/11/2026`, in English `Sun 22/11/2026`.
pub(crate) fn short_date(at: DateTime, words: Words) -> String {
    written(PATTERNS[1], at, words)
}

/// `Chủ Nhật, 22/11/2026`, in English `Sunday, 22 November 2026`.
pub(crate) fn date(at: DateTime, words: Words) -> String {
    written(PATTERNS[2], at, words)
}

/// `25/11`, in English `25 November`.
pub(crate) fn day(at: DateTime, words: Words) -> String {
    written(PATTERNS[3], at, words)
}

/// A pattern in the language, with `%A` weekday, `%a` its short name, `%B` month, `%d %m %Y %H %M` figures.
fn written(pattern: &str, at: DateTime, words: Words) -> String {
    let weekday = usize::try_from(at.weekday().to_monday_zero_offset()).unwrap_or(0) % 7;
    let month = usize::try_from(at.month() - 1).unwrap_or(0) % 12;
    let pattern = words.t(pattern);
    let mut parts = pattern.split('%');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mut rest = part.chars();
        match rest.next() {
            Some('A') => text.push_str(&words.t(WEEKDAYS[weekday])),
            Some('a') => text.push_str(&words.t(SHORT_WEEKDAYS[weekday])),
            Some('B') => text.push_str(&words.t(MONTHS[month])),
            Some('d') => text.push_str(&format!("{:02}", at.day())),
            Some('m') => text.push_str(&format!("{:02}", at.month())),
            Some('Y') => text.push_str(&at.year().to_string()),
            Some('H') => text.push_str(&format!("{:02}", at.hour())),
            Some('M') => text.push_str(&format!("{:02}", at.minute())),
            Some(other) => text.push(other),
            None => {}
        }
        text.push_str(rest.as_str());
    }
    text
}

/// Whole minutes from `from` to `to`; 0 when `to` is earlier.
pub(crate) fn minutes(from: Timestamp, to: Timestamp) -> u32 {
    u32::try_from(to.duration_since(from).as_secs().max(0) / 60).unwrap_or(u32::MAX)
}

/// Time from `from` to `to` as `06:24`, or `1:06:24` from an hour on.
pub(crate) fn elapsed(from: Timestamp, to: Timestamp) -> String {
    let seconds = to.duration_since(from).as_secs().max(0);
    stopwatch(u64::try_from(seconds).unwrap_or(0))
}

/// Seconds as `06:24`, or `1:06:24` from an hour on.
pub(crate) fn stopwatch(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes:02}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn the_hall_shows_its_local_time_and_date() {
        let at = local("2026-11-22T01:41:09Z".parse().unwrap(), 7 * 60);
        assert_eq!(time(at, Words::of("vi")), "08:41");
        assert_eq!(date(at, Words::of("vi")), "Chủ Nhật, 22/11/2026");
        assert_eq!(date(at, Words::of("en")), "Sunday, 22 November 2026");
        assert_eq!(date(at, Words::of("fr")), "dimanche 22 novembre 2026");
        assert_eq!(short_date(at, Words::of("vi")), "CN, 22/11/2026");
        assert_eq!(day(at, Words::of("en")), "22 November");
    }

    #[test]
    fn a_station_with_a_wrong_clock_shows_the_hubs_time() {
        let (hub, here) = ("2026-11-22T01:41:00Z".parse().unwrap(), "1970-01-01T00:00:00Z".parse().unwrap());
        let mut clock = HubClock::default();
        clock.heard(hub, here);
        let later: Timestamp = "1970-01-01T00:01:00Z".parse().unwrap();
        assert_eq!(clock.at(later).to_string(), "2026-11-22T01:42:00Z");
    }

    #[test]
    fn running_times_count_hours_only_when_there_are_some() {
        assert_eq!(stopwatch(384), "06:24");
        assert_eq!(stopwatch(3984), "1:06:24");
        let from = "2026-11-22T01:00:00Z".parse().unwrap();
        assert_eq!(elapsed(from, "2026-11-22T00:59:00Z".parse().unwrap()), "00:00");
        assert_eq!(minutes(from, "2026-11-22T01:18:59Z".parse().unwrap()), 18);
    }
}
