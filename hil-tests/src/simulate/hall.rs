//! Halls at random: every choice that a definition has is made one way or another.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use queue::{
    AppointmentPolicy, Balance, Class, Counter, Field, Hall, HallParts, Holiday, Kiosk, MissedPolicy, NormalBound,
    Officer, Opening, Policy, PriorityPolicy, RatingLevel, Service, ServiceId, Span, Untimely, Week, Work,
};

use super::dice::{Dice, choose, maybe, one_in, some_of};
use super::world::Plan;

/// The first possible day: 2026-11-01.
const FIRST_DAY: Date = jiff::civil::date(2026, 11, 1);
/// Days among which a hall begins: more than a year.
const DAYS: i32 = 400;

/// A hall, sometimes with the definitions that stand after restarts.
pub(super) fn plan(dice: &mut Dice) -> Plan {
    let first = parts(dice);
    let mut halls = vec![first];
    if one_in(4, dice) {
        for _ in 0..dice.usize(1..=2) {
            let next = changed(&halls[halls.len() - 1], dice);
            halls.push(next);
        }
    }
    let day = FIRST_DAY.saturating_add(SignedDuration::from_hours(24 * i64::from(dice.i32(0..DAYS))));
    let policy = &halls[0].policy;
    let opens = halls[0].opening.week.0.iter().flatten().map(|span| i64::from(span.from)).min().unwrap_or(0);
    // Before the doors open; at any time, also before midnight, where they are always open.
    let minute = if opens == 0 { dice.i64(0..24 * 60) } else { opens - dice.i64(0..30) };
    let minutes = minute - i64::from(policy.utc_offset_minutes);
    let midnight =
        day.at(0, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).map_or(Timestamp::UNIX_EPOCH, |day| day.timestamp());
    let begin = midnight.saturating_add(SignedDuration::from_mins(minutes)).unwrap_or(midnight);
    let valid = |parts| Hall::new(parts).expect("each part names only parts of the same hall");
    Plan { halls: halls.into_iter().map(valid).map(Arc::new).collect(), begin }
}

fn parts(dice: &mut Dice) -> HallParts {
    let letters = dice.choose_multiple('A'..='Z', 6);
    let count = dice.usize(1..=6);
    let fields: Vec<Field> = (0..count).map(|n| Field { id: name("field", n), letter: letters[n] }).collect();
    let opening = opening(dice);
    let services: Vec<Service> = (0..dice.usize(1..=12)).map(|n| service(dice, n, &fields)).collect();
    let ids: Vec<ServiceId> = services.iter().map(|service| service.id.clone()).collect();
    let counters = counters(dice, &ids);
    let officers = (0..counters.len() + dice.usize(..3)).map(|n| officer(dice, n, &ids)).collect();
    let kiosks = (0..dice.usize(1..=3))
        .map(|n| Kiosk { id: name("kiosk", n), services: maybe(3, dice, |dice| some_of(&ids, ids.len(), dice)) })
        .collect();
    let mut classes = vec![Class { id: "normal".into(), priority: false }];
    classes.extend((0..dice.usize(..4)).map(|n| Class { id: name("class", n), priority: !one_in(5, dice) }));
    let levels = (0..dice.usize(2..=5)).map(|n| RatingLevel { id: name("level", n), satisfied: n < 2 }).collect();
    let outcomes = (0..dice.usize(..4)).map(|n| name("outcome", n)).collect();
    let policy = policy(dice);
    HallParts {
        fields,
        services,
        counters,
        officers,
        kiosks,
        outcomes,
        opening,
        classes,
        rating_levels: levels,
        rating_reasons: Vec::new(),
        policy,
    }
}

fn name<T: for<'a> From<&'a str>>(kind: &str, n: usize) -> T {
    format!("{kind}-{}", n + 1).as_str().into()
}

fn service(dice: &mut Dice, n: usize, fields: &[Field]) -> Service {
    let field = &choose(fields, dice).id;
    Service {
        hours: maybe(8, dice, week),
        daily_quota: maybe(6, dice, |dice| dice.u32(2..40)),
        target_minutes: dice.u32(1..40),
        ..Service::new(&format!("service-{}", n + 1), field.as_str(), dice.u32(1..=30))
    }
}

fn work(dice: &mut Dice, services: Vec<ServiceId>) -> Vec<Work> {
    let most = if dice.bool() { 1 } else { *choose(&[3, 10, Work::MAX_WEIGHT], dice) };
    services.into_iter().map(|service| Work { service, weight: dice.u16(1..=most) }).collect()
}

fn counters(dice: &mut Dice, services: &[ServiceId]) -> Vec<Counter> {
    let mut numbers = dice.choose_multiple(1..=20_u16, 10);
    numbers.truncate(dice.usize(1..=10));
    let mut own: Vec<Vec<ServiceId>> = numbers.iter().map(|_| some_of(services, 4, dice)).collect();
    // Each service has a counter.
    for service in services {
        if !own.iter().any(|work| work.contains(service)) {
            let counter = dice.usize(..own.len());
            own[counter].push(service.clone());
        }
    }
    let counter = |(number, own): (u16, Vec<ServiceId>)| {
        let others: Vec<ServiceId> = services.iter().filter(|service| !own.contains(service)).cloned().collect();
        let helps = if others.is_empty() || !one_in(3, dice) { Vec::new() } else { some_of(&others, 3, dice) };
        Counter { number, work: work(dice, own), helps }
    };
    numbers.into_iter().zip(own).map(counter).collect()
}

fn officer(dice: &mut Dice, n: usize, services: &[ServiceId]) -> Officer {
    Officer { id: name("officer", n), skills: maybe(3, dice, |dice| some_of(services, services.len(), dice)) }
}

fn opening(dice: &mut Dice) -> Opening {
    let week = if dice.u8(..5) < 2 { Week::always() } else { week(dice) };
    let holiday = |dice: &mut Dice| {
        let first = FIRST_DAY.saturating_add(SignedDuration::from_hours(24 * i64::from(dice.i32(0..DAYS))));
        Holiday { first, last: first.saturating_add(SignedDuration::from_hours(24 * dice.i64(0..3))) }
    };
    let holidays = (0..dice.usize(..12)).map(|_| holiday(dice)).collect();
    Opening { week, holidays }
}

/// Hours with a break at noon, and one day in some weeks without any.
fn week(dice: &mut Dice) -> Week {
    let (from, noon) = (dice.u16(7 * 60..10 * 60), dice.u16(11 * 60..13 * 60));
    let (again, to) = (noon + dice.u16(..2 * 60), dice.u16(15 * 60..20 * 60));
    let day = vec![Span { from, to: noon }, Span { from: again, to }];
    let closed = dice.usize(..28);
    Week(std::array::from_fn(|n| if n == closed { Vec::new() } else { day.clone() }))
}

fn bound(dice: &mut Dice) -> NormalBound {
    let (often, long) = (*choose(&[3, 10, 30], dice), *choose(&[15, 60, 240], dice));
    let (tickets, minutes) = (Some(dice.u32(1..=often)), Some(dice.u32(3..=long)));
    match dice.u8(..3) {
        0 => NormalBound { tickets, minutes: None },
        1 => NormalBound { tickets: None, minutes },
        _ => NormalBound { tickets, minutes },
    }
}

fn policy(dice: &mut Dice) -> Policy {
    let untimely = |dice: &mut Dice| if dice.bool() { Untimely::Refuse } else { Untimely::AsNormal };
    let priority = match dice.u8(..3) {
        0 => PriorityPolicy::Strict,
        1 => PriorityPolicy::OneIn(dice.u32(2..=5)),
        _ => PriorityPolicy::Ageing { head_start_minutes: dice.u32(..60) },
    };
    Policy {
        priority,
        normal_bound: bound(dice),
        appointments: AppointmentPolicy {
            early_minutes: dice.u32(..120),
            late_minutes: dice.u32(..60),
            early: untimely(dice),
            late: untimely(dice),
        },
        recall_guard: Duration::from_secs(dice.u64(..60)),
        recall_limit: dice.u32(..5),
        missed: MissedPolicy { within_numbers: dice.u32(..10), within_minutes: dice.u32(1..30) },
        expire_after_closing_minutes: maybe(2, dice, |dice| dice.u32(..120)),
        balance: if dice.bool() { Balance::Advise } else { Balance::AddToIdle },
        print_job_limit: Duration::from_secs(dice.u64(10..3600)),
        utc_offset_minutes: *choose(&[420, 420, 420, 0, -300, 330, 765], dice),
        day_starts_minute: maybe(4, dice, |dice| dice.u16(..6 * 60)).unwrap_or(0),
        highest_number: maybe(8, dice, |dice| dice.u16(3..30)).unwrap_or(9999),
    }
}

/// Another definition, as it may stand after a restart: the ids are the same, what they mean is not.
fn changed(before: &HallParts, dice: &mut Dice) -> HallParts {
    let other = parts(dice);
    // Local time is the place's, and does not change.
    let utc_offset_minutes = before.policy.utc_offset_minutes;
    match dice.u8(..4) {
        0 => HallParts { policy: Policy { utc_offset_minutes, ..other.policy }, ..before.clone() },
        1 => {
            let ids: Vec<ServiceId> = before.services.iter().map(|service| service.id.clone()).collect();
            HallParts { counters: counters(dice, &ids), ..before.clone() }
        }
        2 => {
            let ids: Vec<ServiceId> = before.services.iter().map(|service| service.id.clone()).collect();
            let officers = (0..before.officers.len()).map(|n| officer(dice, n, &ids)).collect();
            HallParts { officers, opening: other.opening, ..before.clone() }
        }
        _ => HallParts { policy: Policy { utc_offset_minutes, ..other.policy.clone() }, ..other },
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "it begins at {}", self.begin)?;
        self.halls.iter().enumerate().try_for_each(|(n, hall)| {
            writeln!(f, "definition {}:", n + 1)?;
            describe(hall.parts(), f)
        })
    }
}

fn describe(parts: &HallParts, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let list = |ids: &[ServiceId]| ids.iter().map(ServiceId::as_str).collect::<Vec<_>>().join(" ");
    for service in &parts.services {
        let letter = parts.fields.iter().find(|field| field.id == service.field).map_or('?', |field| field.letter);
        let Service { id, handling_minutes, target_minutes, daily_quota, .. } = service;
        let own = service.hours.as_ref().map_or_else(String::new, |week| format!(", open {}", hours(week)));
        let quota = daily_quota.map_or_else(String::new, |quota| format!(", at most {quota}"));
        writeln!(f, "  {id}: {letter}, {handling_minutes} min, target {target_minutes} min{quota}{own}")?;
    }
    for counter in &parts.counters {
        let work: Vec<String> = counter.work.iter().map(|work| format!("{} x{}", work.service, work.weight)).collect();
        let helps = if counter.helps.is_empty() { String::new() } else { format!("; helps {}", list(&counter.helps)) };
        writeln!(f, "  counter {}: {}{helps}", counter.number, work.join(" "))?;
    }
    for officer in &parts.officers {
        let skills = officer.skills.as_ref().map_or_else(|| "all".to_owned(), |skills| list(skills));
        writeln!(f, "  {} knows {skills}", officer.id)?;
    }
    writeln!(f, "  hours from Monday: {}", hours(&parts.opening.week))?;
    writeln!(f, "  {:?}", parts.policy)
}

fn hours(week: &Week) -> String {
    let minute = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    let span = |span: &Span| format!("{}-{}", minute(span.from), minute(span.to));
    let day = |day: &Vec<Span>| day.iter().map(span).collect::<Vec<_>>().join(" ");
    week.0.iter().map(day).collect::<Vec<_>>().join(", ")
}
