//! What a hall's definition must fulfil, and what would be right where it does not.

use std::collections::{BTreeMap, BTreeSet};

use super::{HallError, HallItem, HallParts, PriorityPolicy, Work, offset};
use crate::hours::{DAY_MINUTES, Week};
use crate::ids::ServiceId;

type Wrong<'a> = &'a mut dyn FnMut(HallItem, String, String);

/// Everything that is wrong.
pub(super) fn check(parts: &HallParts) -> Vec<HallError> {
    let mut errors = Vec::new();
    let mut wrong = |item, message: String, hint: String| errors.push(HallError { item, message, hint });
    let mut seen = BTreeSet::new();
    let mut letters = BTreeMap::new();
    for (n, field) in parts.fields.iter().enumerate() {
        if !seen.insert(field.id.as_str()) {
            wrong(
                HallItem::Field(n),
                format!("field `{}` stands twice", field.id),
                "give each field its own id".into(),
            );
        }
        if !field.letter.is_ascii_uppercase() {
            let hint = "use one letter from A to Z".into();
            wrong(HallItem::Field(n), format!("`{}` is no ticket letter", field.letter), hint);
        } else if let Some(other) = letters.insert(field.letter, &field.id) {
            let hint = format!("`{other}` has it; two fields with one letter would give the same numbers");
            wrong(HallItem::Field(n), format!("letter `{}` is taken", field.letter), hint);
        }
    }
    let fields: BTreeSet<_> = parts.fields.iter().map(|f| &f.id).collect();
    let served: BTreeSet<_> = parts.counters.iter().flat_map(|c| &c.work).map(|work| &work.service).collect();
    let mut seen = BTreeSet::new();
    for (n, service) in parts.services.iter().enumerate() {
        if !seen.insert(&service.id) {
            let hint = "give each service its own id".into();
            wrong(HallItem::Service(n), format!("service `{}` stands twice", service.id), hint);
        }
        if !fields.contains(&service.field) {
            let known = list(parts.fields.iter().map(|f| f.id.as_str()));
            wrong(
                HallItem::Service(n),
                format!("field `{}` is not defined", service.field),
                format!("use one of {known}"),
            );
        }
        if service.handling_minutes == 0 || service.handling_minutes > 8 * 60 {
            let hint = "give the usual handling time, 1 to 480 minutes".into();
            wrong(HallItem::Service(n), format!("{} minutes of handling", service.handling_minutes), hint);
        }
        if !served.contains(&service.id) {
            let hint = "add it, or its field, to a counter".into();
            wrong(HallItem::Service(n), format!("no counter serves `{}`", service.id), hint);
        }
    }
    let services: BTreeSet<_> = parts.services.iter().map(|s| &s.id).collect();
    let mut seen = BTreeSet::new();
    for (n, counter) in parts.counters.iter().enumerate() {
        if counter.number == 0 || !seen.insert(counter.number) {
            let hint = "give each counter its own number from 1".into();
            wrong(HallItem::Counter(n), format!("counter {} stands twice or is 0", counter.number), hint);
        }
        let named = counter.work.iter().map(|work| &work.service).chain(&counter.helps);
        for service in named.filter(|s| !services.contains(s)) {
            undefined(&mut wrong, HallItem::Counter(n), service);
        }
        if counter.work.is_empty() {
            let hint = "name the fields or services that it serves".into();
            wrong(HallItem::Counter(n), format!("counter {} serves nothing", counter.number), hint);
        }
        for work in counter.work.iter().filter(|work| !(1..=Work::MAX_WEIGHT).contains(&work.weight)) {
            let hint = format!("use 1 to {}", Work::MAX_WEIGHT);
            wrong(HallItem::Counter(n), format!("weight of `{}` is {}", work.service, work.weight), hint);
        }
    }
    check_people(parts, &services, &mut wrong);
    check_hours(parts, &mut wrong);
    check_policy(parts, &mut wrong);
    errors
}

fn check_people(parts: &HallParts, services: &BTreeSet<&ServiceId>, wrong: Wrong<'_>) {
    let once = "each id may stand only once";
    let mut seen = BTreeSet::new();
    for (n, officer) in parts.officers.iter().enumerate() {
        if !seen.insert(officer.id.as_str()) {
            wrong(HallItem::Officer(n), format!("officer `{}` stands twice", officer.id), once.into());
        }
        for service in officer.skills.iter().flatten().filter(|s| !services.contains(s)) {
            undefined(wrong, HallItem::Officer(n), service);
        }
    }
    let mut seen = BTreeSet::new();
    for (n, kiosk) in parts.kiosks.iter().enumerate() {
        if !seen.insert(kiosk.id.as_str()) {
            wrong(HallItem::Kiosk(n), format!("kiosk `{}` stands twice", kiosk.id), once.into());
        }
        for service in kiosk.services.iter().flatten().filter(|s| !services.contains(s)) {
            undefined(wrong, HallItem::Kiosk(n), service);
        }
    }
    let mut seen = BTreeSet::new();
    for (n, outcome) in parts.outcomes.iter().enumerate().filter(|(_, o)| !seen.insert(o.as_str())) {
        wrong(HallItem::Outcome(n), format!("outcome `{outcome}` stands twice"), once.into());
    }
    let mut seen = BTreeSet::new();
    for (n, class) in parts.classes.iter().enumerate().filter(|(_, c)| !seen.insert(c.id.as_str())) {
        wrong(HallItem::Class(n), format!("class `{}` stands twice", class.id), once.into());
    }
    if !parts.classes.iter().any(|c| !c.priority) {
        let hint = "define a class with priority = false".into();
        wrong(HallItem::Hall, "no class for a citizen without priority".into(), hint);
    }
    let mut seen = BTreeSet::new();
    for (n, level) in parts.rating_levels.iter().enumerate().filter(|(_, l)| !seen.insert(l.id.as_str())) {
        wrong(HallItem::RatingLevel(n), format!("rating level `{}` stands twice", level.id), once.into());
    }
    let mut seen = BTreeSet::new();
    for (n, reason) in parts.rating_reasons.iter().enumerate().filter(|(_, r)| !seen.insert(r.as_str())) {
        wrong(HallItem::RatingReason(n), format!("rating reason `{reason}` stands twice"), once.into());
    }
    for (empty, what) in [
        (parts.fields.is_empty(), "field"),
        (parts.services.is_empty(), "service"),
        (parts.counters.is_empty(), "counter"),
        (parts.officers.is_empty(), "officer"),
        (parts.rating_levels.is_empty(), "rating level"),
    ] {
        if empty {
            wrong(HallItem::Hall, format!("no {what} is defined"), format!("define at least one {what}"));
        }
    }
}

fn check_hours(parts: &HallParts, wrong: Wrong<'_>) {
    let faulty = |week: &Week| {
        week.0.iter().any(|day| {
            let ordered = day.windows(2).all(|pair| pair[0].to <= pair[1].from);
            !ordered || day.iter().any(|span| span.from >= span.to || span.to > DAY_MINUTES)
        })
    };
    let hint = || "write each day's hours in order, such as 07:30-11:30 and 13:30-17:00".to_owned();
    if faulty(&parts.opening.week) {
        wrong(HallItem::Opening, "hours are not in order".into(), hint());
    }
    for (n, service) in parts.services.iter().enumerate() {
        if service.hours.as_ref().is_some_and(faulty) {
            wrong(HallItem::Service(n), format!("hours of `{}` are not in order", service.id), hint());
        }
    }
    for holiday in parts.opening.holidays.iter().filter(|holiday| holiday.first > holiday.last) {
        let what = format!("holiday from {} ends on {}, before it begins", holiday.first, holiday.last);
        wrong(HallItem::Opening, what, "give the first day, then the last".into());
    }
}

fn check_policy(parts: &HallParts, wrong: Wrong<'_>) {
    let policy = &parts.policy;
    if matches!(policy.priority, PriorityPolicy::OneIn(n) if n < 2) {
        wrong(HallItem::Policy, "one_in is below 2".into(), "use 2 or more: of so many calls one is normal".into());
    }
    let bound = policy.normal_bound;
    if bound.tickets.is_none() && bound.minutes.is_none() {
        let hint = "set tickets, minutes or both, so that nobody waits for ever".into();
        wrong(HallItem::Policy, "normal_bound is empty".into(), hint);
    }
    if bound.tickets == Some(0) || bound.minutes == Some(0) {
        wrong(HallItem::Policy, "normal_bound is 0".into(), "use 1 or more".into());
    }
    if policy.day_starts_minute >= DAY_MINUTES {
        let hint = "use a local time from 00:00 to 23:59".into();
        wrong(HallItem::Policy, format!("day_starts is minute {}", policy.day_starts_minute), hint);
    }
    if !(1..=9999).contains(&policy.highest_number) {
        wrong(HallItem::Policy, format!("highest_number is {}", policy.highest_number), "use 1 to 9999".into());
    }
    if offset(policy.utc_offset_minutes).is_none() {
        let hint = "use the local time's minutes east of UTC, 420 in Vietnam".into();
        wrong(HallItem::Policy, format!("utc offset of {} minutes", policy.utc_offset_minutes), hint);
    }
}

fn undefined(wrong: Wrong<'_>, item: HallItem, service: &ServiceId) {
    wrong(item, format!("service `{service}` is not defined"), "define the service, or correct the name".into());
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
