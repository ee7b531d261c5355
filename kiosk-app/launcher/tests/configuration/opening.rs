//! Opening hours, holidays, quotas and targets in a hall file.

use jiff::civil::date;
use queue::{Holiday, Opening, Span};

use super::Folder;

const MORNING: Span = Span { from: 450, to: 690 };
const AFTERNOON: Span = Span { from: 810, to: 1020 };

#[test]
fn the_sample_is_open_in_office_hours_and_closed_on_holidays() {
    let parts = Folder::new().hall().hall.parts().clone();
    let opening = &parts.opening;
    for (n, day) in opening.week.0.iter().enumerate() {
        assert_eq!(*day, if n < 5 { vec![MORNING, AFTERNOON] } else { Vec::new() }, "day {n}");
    }
    let days: Vec<(_, _)> = opening.holidays.iter().map(|holiday| (holiday.first, holiday.last)).collect();
    let expected = [
        (date(2027, 1, 1), date(2027, 1, 1)),
        (date(2027, 2, 5), date(2027, 2, 11)),
        (date(2027, 4, 16), date(2027, 4, 16)),
        (date(2027, 4, 30), date(2027, 5, 3)),
        (date(2027, 9, 2), date(2027, 9, 3)),
        (date(2027, 11, 24), date(2027, 11, 24)),
    ];
    assert_eq!(days, expected);
    // Hours, quota and target of a service; the others have those of the hall.
    let special: Vec<_> = parts.services.iter().filter(|service| service.hours.is_some()).collect();
    assert_eq!(special.len(), 1);
    assert_eq!(special[0].id.as_str(), "xay-dung-quy-hoach");
    let days = special[0].hours.as_ref().unwrap().0.each_ref().map(Vec::len);
    assert_eq!(days, [0, 1, 0, 1, 0, 0, 0]);
    let quotas: Vec<_> = parts.services.iter().filter_map(|s| s.daily_quota.map(|n| (s.id.as_str(), n))).collect();
    assert_eq!(quotas, [("cong-an-can-cuoc", 40)]);
    let targets: Vec<_> =
        parts.services.iter().filter(|s| s.target_minutes != 15).map(|s| (s.id.as_str(), s.target_minutes)).collect();
    assert_eq!(targets, [("dat-dai-cap-lan-dau", 30), ("chung-thuc-ban-sao", 10)]);
}

#[test]
fn a_day_left_out_is_closed_and_no_table_is_always_open() {
    let folder = Folder::new();
    folder.change("hall.toml", "tuesday = [\"07:30-11:30\", \"13:30-17:00\"]\n", "");
    folder.change("hall.toml", "saturday = []", "saturday = [\"08:00-24:00\"]");
    let week = folder.hall().hall.parts().opening.week.0.clone();
    assert_eq!((week[1].len(), &week[5][..]), (0, &[Span { from: 480, to: 1440 }][..]));
    let text = std::fs::read_to_string(folder.path("hall.toml")).unwrap();
    let (before, rest) = text.split_once("\n[opening]\n").unwrap();
    let (_, after) = rest.split_once("\n[policy]\n").unwrap();
    folder.write("hall.toml", &format!("{before}\n[policy]\n{after}"));
    assert_eq!(folder.hall().hall.parts().opening, Opening::default());
}

#[test]
fn one_holiday_needs_only_its_first_day() {
    let folder = Folder::new();
    folder.change("hall.toml", "first = 2027-09-02, last = 2027-09-03", "first = 2027-09-02");
    let holidays = folder.hall().hall.parts().opening.holidays.clone();
    assert!(holidays.contains(&Holiday { first: date(2027, 9, 2), last: date(2027, 9, 2) }), "{holidays:?}");
}

#[test]
fn wrong_hours_and_holidays_have_their_line() {
    let write = "write hours such as \"07:30-11:30\"";
    let days = "use one of `monday`, `tuesday`, `wednesday`, `thursday`, `friday`, `saturday`, `sunday`, `holidays`";
    for (from, to, problem) in [
        ("saturday = []", "saturday = [\"7h30-11h\"]", format!("`7h30-11h` is no time of day; {write}")),
        ("saturday = []", "saturday = [\"07:30-24:01\"]", format!("`07:30-24:01` is no time of day; {write}")),
        ("saturday = []", "saturday = [\"07:30\"]", format!("`07:30` is no time of day; {write}")),
        (
            "saturday = []",
            "saturday = [\"11:30-07:30\"]",
            "`11:30-07:30` ends before it begins; give the opening, then the closing of one day".to_owned(),
        ),
        (
            "saturday = []",
            "saturday = [\"07:30-11:30\", \"11:00-12:00\"]",
            "`11:00-12:00` begins before the hours before it end; write the day's hours in order".to_owned(),
        ),
        ("saturday = []", "saturday = \"07:30\"", "string \"07:30\" stands here; write a sequence".to_owned()),
        ("saturday = []", "satuday = []", format!("key `satuday` is not known here; did you mean `saturday`? {days}")),
        (
            "last = 2027-02-11",
            "last = 2027-02-01",
            "this holiday ends on 2027-02-01, before it begins on 2027-02-05; give the first day, then the last"
                .to_owned(),
        ),
        (
            "first = 2027-04-16",
            "first = \"2027-04-16\"",
            "\"2027-04-16\" is no date; write a date such as 2027-02-05, without quotes".to_owned(),
        ),
        (
            "{ vi = \"Quốc khánh\", en = \"National Day\" }",
            "{ en = \"National Day\" }",
            "the Vietnamese text is missing; add vi = \"…\"".to_owned(),
        ),
    ] {
        Folder::new().expect("hall.toml", from, to, &problem);
    }
    let folder = Folder::new();
    let text = std::fs::read_to_string(folder.path("hall.toml")).unwrap();
    folder.write("hall.toml", &text.replace("day = [\"07:30-11:30\", \"13:30-17:00\"]", "day = []"));
    let line = folder.change("hall.toml", "\n[opening]\n", "\n[opening]\n") + 1;
    let right = "write hours such as monday = [\"07:30-11:30\", \"13:30-17:00\"], or take all of it away";
    assert_eq!(folder.check("hall.toml"), format!("config/hall.toml:{line}: no day of the week has hours; {right}"));
}

#[test]
fn wrong_hours_quotas_and_targets_of_a_service_have_their_line() {
    let hours = "hours = { tuesday = [\"07:30-11:30\"], thursday = [\"07:30-11:30\"] }";
    for (from, to, problem) in [
        (
            hours,
            "hours = { tuesday = [\"07:30-7:40\"] }",
            "`07:30-7:40` is no time of day; write hours such as \"07:30-11:30\"",
        ),
        (
            hours,
            "hours = {}",
            "no day of the week has hours; write hours such as monday = [\"07:30-11:30\", \"13:30-17:00\"], or take \
             all of it away",
        ),
        (
            hours,
            "hours = { monday = [\"07:30-11:30\"], holidays = [{ first = 2027-01-02, name = { vi = \"Nghỉ\" } }] }",
            "a holiday of one service; a service has the holidays of the hall; put it into [opening]",
        ),
        (
            "daily_quota = 40",
            "daily_quota = 0",
            "no number is given on any day; write 1 or more, or take the line away: there is no limit then",
        ),
        ("daily_quota = 40", "daily_quota = \"40\"", "string \"40\" stands here; write u32"),
        ("target_minutes = 30", "target_minutes = 0", "a wait of 0 minutes is no target; write 1 or more"),
    ] {
        Folder::new().expect("hall.toml", from, to, problem);
    }
}
