//! Opening hours: a weekly pattern with breaks, and days on which the hall is closed.

use jiff::civil::{Date, DateTime, Weekday};

/// Minutes of a day.
pub const DAY_MINUTES: u16 = 24 * 60;
/// How far ahead the next opening is looked for, days: longer than any holiday.
const LOOK_AHEAD_DAYS: u32 = 400;

/// A stretch of one day, in local minutes after midnight; `from` belongs to it, `to` does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// First minute.
    pub from: u16,
    /// The minute after the last, at most [`DAY_MINUTES`].
    pub to: u16,
}

/// Opening hours of each weekday, Monday first; a break is the gap between two stretches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Week(pub [Vec<Span>; 7]);

impl Week {
    /// Open day and night.
    #[must_use]
    pub fn always() -> Self {
        Self(std::array::from_fn(|_| vec![Span { from: 0, to: DAY_MINUTES }]))
    }

    fn of(&self, day: Weekday) -> &[Span] {
        let place = usize::try_from(day.to_monday_zero_offset()).unwrap_or(0);
        self.0.get(place).map_or(&[], Vec::as_slice)
    }
}

/// Days on which the hall is closed, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holiday {
    /// First day.
    pub first: Date,
    /// Last day.
    pub last: Date,
}

/// When the hall is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// The usual week.
    pub week: Week,
    /// Closed days.
    pub holidays: Vec<Holiday>,
}

impl Default for Opening {
    fn default() -> Self {
        Self { week: Week::always(), holidays: Vec::new() }
    }
}

impl Opening {
    /// Whether `week` (the hall's, or a service's own) is open at a local time.
    #[must_use]
    pub fn is_open(&self, week: &Week, at: DateTime) -> bool {
        self.spans(week, at.date()).iter().any(|span| (span.from..span.to).contains(&minute(at)))
    }

    /// The next local time, not before `at`, at which `week` is open.
    #[must_use]
    pub fn next_opening(&self, week: &Week, at: DateTime) -> Option<DateTime> {
        let mut day = at.date();
        let mut after = minute(at);
        for _ in 0..LOOK_AHEAD_DAYS {
            let open = self.spans(week, day).iter().filter(|span| span.to > after).min();
            if let Some(span) = open {
                return Some(at_minute(day, span.from.max(after)));
            }
            after = 0;
            day = day.tomorrow().ok()?;
        }
        None
    }

    /// The last minute of a day on which `week` is open; none on a closed day.
    #[must_use]
    pub fn closes_at(&self, week: &Week, day: Date) -> Option<u16> {
        self.spans(week, day).iter().map(|span| span.to).max()
    }

    fn spans<'a>(&self, week: &'a Week, day: Date) -> &'a [Span] {
        let closed = self.holidays.iter().any(|holiday| (holiday.first..=holiday.last).contains(&day));
        if closed { &[] } else { week.of(day.weekday()) }
    }
}

fn minute(at: DateTime) -> u16 {
    u16::try_from(i32::from(at.hour()) * 60 + i32::from(at.minute())).unwrap_or(0)
}

fn at_minute(day: Date, minute: u16) -> DateTime {
    let part = |n: u16| i8::try_from(n).unwrap_or(0);
    day.at(part(minute / 60 % 24), part(minute % 60), 0, 0)
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, datetime};

    use super::*;

    fn office() -> Opening {
        let day = vec![Span { from: 450, to: 690 }, Span { from: 810, to: 1020 }];
        let week = Week(std::array::from_fn(|n| if n < 5 { day.clone() } else { Vec::new() }));
        // Tet 2027: the 29th of the last month to the 5th of the first.
        Opening { week, holidays: vec![Holiday { first: date(2027, 2, 5), last: date(2027, 2, 11) }] }
    }

    #[test]
    fn open_in_the_hours_and_closed_in_the_break_at_night_and_on_sunday() {
        let opening = office();
        for (time, open) in [
            (datetime(2026, 11, 25, 7, 29, 59, 0), false),
            (datetime(2026, 11, 25, 7, 30, 0, 0), true),
            (datetime(2026, 11, 25, 11, 29, 59, 0), true),
            (datetime(2026, 11, 25, 11, 30, 0, 0), false),
            (datetime(2026, 11, 25, 13, 30, 0, 0), true),
            (datetime(2026, 11, 25, 17, 0, 0, 0), false),
            (datetime(2026, 11, 29, 9, 0, 0, 0), false),
        ] {
            assert_eq!(opening.is_open(&opening.week, time), open, "{time}");
        }
        assert!(Opening::default().is_open(&Week::always(), datetime(2026, 11, 29, 23, 59, 59, 0)));
    }

    #[test]
    fn the_next_opening_passes_over_the_break_the_weekend_and_tet() {
        let opening = office();
        for (at, next) in [
            (datetime(2026, 11, 25, 8, 0, 0, 0), datetime(2026, 11, 25, 8, 0, 0, 0)),
            (datetime(2026, 11, 25, 12, 0, 0, 0), datetime(2026, 11, 25, 13, 30, 0, 0)),
            (datetime(2026, 11, 27, 18, 0, 0, 0), datetime(2026, 11, 30, 7, 30, 0, 0)),
            (datetime(2027, 2, 4, 17, 0, 0, 0), datetime(2027, 2, 12, 7, 30, 0, 0)),
        ] {
            assert_eq!(opening.next_opening(&opening.week, at), Some(next), "after {at}");
        }
        assert_eq!(opening.closes_at(&opening.week, date(2026, 11, 25)), Some(1020));
        assert_eq!(opening.closes_at(&opening.week, date(2027, 2, 8)), None);
        let never = Opening { week: Week(Default::default()), holidays: Vec::new() };
        assert_eq!(never.next_opening(&never.week, datetime(2026, 1, 1, 0, 0, 0, 0)), None);
    }
}
