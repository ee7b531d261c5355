//! The hall file: fields, services, counters, people and policy, with their names.
//!
//! Rules of the hall are checked by [`queue::Hall::new`]; here is what only the file knows: which line, which names
//! and languages, and which counter means which field.

mod check;
mod tables;

use std::time::Duration;

use protocol::hall as info;
use protocol::text::Text;
use queue::{Hall, HallError, HallItem, HallParts, Policy};
use toml::Spanned;

use self::tables::{CounterTable, HallTable, Tables};
use super::explain::{did_you_mean, quoted, use_one_of};
use super::problem::Problem;
use super::source::{Located, Source};

/// How the rule says that a name stands for nothing.
const UNDEFINED: &str = "is not defined";
/// How the rule says that a service has no counter.
const UNSERVED: &str = "no counter serves";

/// How the rule says that a counter has no service.
const IDLE: &str = "serves nothing";

/// A hall as its file says it.
#[derive(Clone, Debug)]
pub struct HallFile {
    /// Rules.
    pub hall: Hall,
    /// Names; ids as in `hall`.
    pub info: info::HallInfo,
    /// A call is not spoken later than this.
    pub announcement_limit: Duration,
    /// Prefix of the address in a ticket's QR code.
    pub follow_url: Option<String>,
}

/// Reads a hall file.
///
/// # Errors
/// Everything that is wrong with it.
pub(crate) fn read(source: &Source) -> Result<HallFile, Vec<Problem>> {
    let tables = tables::read(source)?;
    let mut problems = check::check(source, &tables);
    let utc_offset_minutes = utc_offset(source, &tables.hall.value, &mut problems);
    let parts = parts(source, &tables, utc_offset_minutes, &mut problems);
    let hall = match Hall::new(parts) {
        Ok(hall) if problems.is_empty() => hall,
        Ok(_) => return Err(sorted(problems)),
        Err(errors) => {
            problems.extend(errors.iter().map(|error| explain_rule(source, &tables, error)));
            // A misspelt name leaves services without a counter, and a counter without services: the same mistake
            // seen again.
            if problems.iter().any(|problem| problem.what.ends_with(UNDEFINED)) {
                problems.retain(|problem| !(problem.what.starts_with(UNSERVED) || problem.what.ends_with(IDLE)));
            }
            return Err(sorted(problems));
        }
    };
    Ok(HallFile {
        info: names(&tables, &hall),
        hall,
        announcement_limit: Duration::from_secs(*tables.policy.value.announcement_limit_seconds.get_ref()),
        follow_url: tables.hall.value.follow_url.as_ref().map(|url| url.get_ref().clone()),
    })
}

fn sorted(mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.sort_by_key(|problem| problem.line);
    problems
}

/// Minutes east of UTC of `+07:00`.
fn utc_offset(source: &Source, hall: &HallTable, problems: &mut Vec<Problem>) -> i32 {
    let default = Policy::default().utc_offset_minutes;
    let Some(text) = &hall.utc_offset else { return default };
    let minutes = || {
        let (sign, rest) = match text.get_ref().split_at_checked(1)? {
            ("+", rest) => (1, rest),
            ("-", rest) => (-1, rest),
            _ => return None,
        };
        let (hours, minutes) = rest.split_once(':')?;
        let number = |digits: &str, most: i32| -> Option<i32> {
            let right = digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit());
            digits.parse().ok().filter(|n| right && *n <= most)
        };
        Some(sign * (number(hours, 14)? * 60 + number(minutes, 59)?))
    };
    minutes().unwrap_or_else(|| {
        let what = format!("utc_offset `{}` is not understood", text.get_ref());
        problems.push(source.problem(Some(text.span().start), what, "write \"+07:00\" in Vietnam"));
        default
    })
}

fn parts(source: &Source, tables: &Tables, utc_offset_minutes: i32, problems: &mut Vec<Problem>) -> HallParts {
    let policy = &tables.policy.value;
    HallParts {
        fields: values(&tables.fields, |t| queue::Field { id: t.id.get_ref().as_str().into(), letter: t.letter }),
        services: values(&tables.services, |t| queue::Service::new(t.id.get_ref(), &t.field, t.handling_minutes)),
        counters: values(&tables.counters, |t| queue::Counter {
            number: t.number,
            work: counter_services(source, tables, t, problems)
                .into_iter()
                .map(|service| queue::Work { service, weight: 1 })
                .collect(),
            helps: Vec::new(),
        }),
        officers: values(&tables.officers, |t| queue::Officer::new(t.id.get_ref())),
        classes: values(&tables.classes, |t| queue::Class { id: t.id.get_ref().as_str().into(), priority: t.priority }),
        rating_levels: values(&tables.rating_levels, |t| queue::RatingLevel {
            id: t.id.get_ref().as_str().into(),
            satisfied: t.satisfied,
        }),
        policy: Policy {
            priority: queue::PriorityPolicy::OneIn(policy.priority_in_a_row.saturating_add(1)),
            print_job_limit: Duration::from_secs(*policy.print_job_limit_seconds.get_ref()),
            utc_offset_minutes,
            highest_number: policy.highest_number,
            ..Policy::default()
        },
        ..HallParts::default()
    }
}

fn values<T, U>(tables: &[Located<T>], mut make: impl FnMut(&T) -> U) -> Vec<U> {
    tables.iter().map(|table| make(&table.value)).collect()
}

/// The services of a counter's fields, then its single ones.
fn counter_services(
    source: &Source,
    tables: &Tables,
    counter: &CounterTable,
    problems: &mut Vec<Problem>,
) -> Vec<queue::ServiceId> {
    let mut services: Vec<queue::ServiceId> = Vec::new();
    for field in &counter.fields {
        let name = field.get_ref();
        if !tables.fields.iter().any(|known| known.value.id.get_ref() == name) {
            let right = use_one_of(name, tables.fields.iter().map(|known| known.value.id.get_ref().as_str()));
            problems.push(source.problem(Some(field.span().start), format!("field `{name}` is not defined"), right));
        }
        let of_field = tables.services.iter().filter(|service| service.value.field == *name);
        services.extend(of_field.map(|service| service.value.id.get_ref().as_str().into()));
    }
    for service in &counter.services {
        let service = service.as_str().into();
        if !services.contains(&service) {
            services.push(service);
        }
    }
    services
}

/// A rule that is broken, at the line where its value stands.
fn explain_rule(source: &Source, tables: &Tables, error: &HallError) -> Problem {
    let span = match error.item {
        HallItem::Field(n) => tables.fields.get(n).map(|t| &t.span),
        HallItem::Service(n) => tables.services.get(n).map(|t| &t.span),
        HallItem::Counter(n) => tables.counters.get(n).map(|t| &t.span),
        HallItem::Officer(n) => tables.officers.get(n).map(|t| &t.span),
        HallItem::Class(n) => tables.classes.get(n).map(|t| &t.span),
        HallItem::RatingLevel(n) => tables.rating_levels.get(n).map(|t| &t.span),
        HallItem::Kiosk(_) | HallItem::Outcome(_) | HallItem::Opening => None,
        HallItem::Policy => Some(&tables.policy.span),
        HallItem::Hall => None,
    };
    let word = quoted(&error.message);
    let value = match word {
        Some(word) => format!("\"{word}\""),
        None if error.message.ends_with("minutes of handling") => "handling_minutes".to_owned(),
        None => error.message.split(' ').next().unwrap_or_default().to_owned(),
    };
    let at = span.map(|span| source.find_in_table(span, &value));
    source.problem(at, error.message.clone(), hint(tables, error, word))
}

/// The rule's own hint, with the name that was probably meant in front.
fn hint(tables: &Tables, error: &HallError, word: Option<&str>) -> String {
    let Some(word) = word.filter(|_| error.message.ends_with(UNDEFINED)) else { return error.hint.clone() };
    let likely = match error.item {
        HallItem::Service(_) => did_you_mean(word, tables.fields.iter().map(|t| t.value.id.get_ref().as_str())),
        _ => did_you_mean(word, tables.services.iter().map(|t| t.value.id.get_ref().as_str())),
    };
    likely.map_or_else(|| error.hint.clone(), |likely| format!("did you mean `{likely}`? {}", error.hint))
}

fn names(tables: &Tables, hall: &Hall) -> info::HallInfo {
    let table = &tables.hall.value;
    let text = |text: &Spanned<Text>| text.get_ref().clone();
    let word = |word: &Spanned<String>| word.get_ref().clone();
    let mut counters = values(&tables.counters, |t| info::CounterInfo { number: t.number, name: text(&t.name) });
    counters.sort_by_key(|counter| counter.number);
    info::HallInfo {
        id: word(&table.id),
        name: text(&table.name),
        name_line2: text(&table.name_line2),
        hours: text(&table.hours),
        utc_offset_minutes: hall.policy().utc_offset_minutes,
        languages: table.languages.iter().map(word).collect(),
        wait_target_minutes: tables.policy.value.wait_target_minutes,
        notices: table.notices.iter().map(text).collect(),
        fields: values(&tables.fields, |t| info::FieldInfo {
            id: word(&t.id),
            letter: t.letter,
            name: text(&t.name),
            icon: word(&t.icon),
        }),
        services: values(&tables.services, |t| info::ServiceInfo {
            id: word(&t.id),
            field: t.field.clone(),
            name: text(&t.name),
            counters: hall.counters_of(&t.id.get_ref().as_str().into()).to_vec(),
        }),
        counters,
        officers: values(&tables.officers, |t| info::OfficerInfo { id: word(&t.id), name: word(&t.name) }),
        classes: values(&tables.classes, |t| info::ClassInfo {
            id: word(&t.id),
            name: text(&t.name),
            priority: t.priority,
            icon: word(&t.icon),
        }),
        rating_levels: values(&tables.rating_levels, |t| info::RatingLevelInfo {
            id: word(&t.id),
            name: text(&t.name),
            icon: word(&t.icon),
            satisfied: t.satisfied,
        }),
        outcomes: Vec::new(),
    }
}
