//! The hall file: fields, services, counters, people, hours and policy, with their names.
//!
//! Rules of the hall are checked by [`queue::Hall::new`]; here is what only the file knows: which line, which names
//! and languages, and which services the name of a field means.

mod check;
mod info;
mod opening;
mod people;
mod pictures;
mod policy;
mod rules;
mod tables;

use std::collections::BTreeMap;
use std::time::Duration;

use hub::{HubConfig, Picture};
use protocol::hall::HallInfo;
use queue::{Hall, HallParts, Policy};

use self::people::Names;
use self::pictures::Pictures;
use self::tables::{HallTable, ServiceTable, Tables};
use super::problem::Problem;
use super::source::{Located, Source};

/// A hall as its file says it.
#[derive(Clone, Debug)]
pub struct HallFile {
    /// Rules.
    pub hall: Hall,
    /// Names; ids as in `hall`.
    pub info: HallInfo,
    /// A call is not spoken later than this.
    pub announcement_limit: Duration,
    /// How long a citizen's own words are kept.
    pub keep_comments: Duration,
    /// Logo and photos that could be read, by name.
    pub pictures: BTreeMap<String, Picture>,
    /// Kiosks that the file says something about, with their places in it: the machine file must have them.
    pub(crate) kiosks: Vec<(usize, String)>,
}

/// Reads a hall file.
///
/// # Errors
/// Everything that is wrong with it.
pub(crate) fn read(source: &Source) -> Result<HallFile, Vec<Problem>> {
    let tables = tables::read(source)?;
    let mut problems = check::check(source, &tables);
    let parts = parts(source, &tables, &mut problems);
    let hall = match Hall::new(parts) {
        Ok(hall) if problems.is_empty() => hall,
        Ok(_) => return Err(sorted(problems)),
        Err(errors) => {
            rules::explain_all(source, &tables, &errors, &mut problems);
            return Err(sorted(problems));
        }
    };
    let mut pictures = Pictures::new(source);
    Ok(HallFile {
        info: info::names(&tables, &hall, &mut pictures),
        pictures: pictures.read,
        hall,
        keep_comments: tables
            .hall
            .value
            .keep_comments_days
            .as_ref()
            .map_or(HubConfig::KEEP_COMMENTS, |days| Duration::from_secs(u64::from(*days.get_ref()) * 24 * 3600)),
        announcement_limit: Duration::from_secs(*tables.policy.value.announcement_limit_seconds.get_ref()),
        kiosks: values(&tables.kiosks, |t| (t.id.span().start, t.id.get_ref().clone())),
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
        opening::minute(rest).filter(|minutes| *minutes < 15 * 60).map(|minutes| sign * i32::from(minutes))
    };
    minutes().unwrap_or_else(|| {
        let what = format!("utc_offset `{}` is not understood", text.get_ref());
        problems.push(source.problem(Some(text.span().start), what, "write \"+07:00\" in Vietnam"));
        default
    })
}

fn parts(source: &Source, tables: &Tables, problems: &mut Vec<Problem>) -> HallParts {
    let utc_offset_minutes = utc_offset(source, &tables.hall.value, problems);
    let policy = &tables.policy.value;
    let services = values(&tables.services, |t| service(source, t, policy.wait_target_minutes, problems));
    let opening = opening::opening(source, tables.opening.as_ref(), problems);
    let policy = policy.policy(source, utc_offset_minutes, problems);
    let mut names = Names { source, tables, problems };
    HallParts {
        fields: values(&tables.fields, |t| queue::Field { id: t.id.get_ref().as_str().into(), letter: t.letter }),
        services,
        counters: values(&tables.counters, |t| names.counter(t)),
        officers: values(&tables.officers, |t| names.officer(t)),
        kiosks: values(&tables.kiosks, |t| names.kiosk(t)),
        classes: values(&tables.classes, |t| queue::Class { id: t.id.get_ref().as_str().into(), priority: t.priority }),
        outcomes: values(&tables.outcomes, |t| t.id.get_ref().as_str().into()),
        rating_levels: values(&tables.rating_levels, |t| queue::RatingLevel {
            id: t.id.get_ref().as_str().into(),
            satisfied: t.satisfied,
        }),
        rating_reasons: values(&tables.rating_reasons, |t| t.id.get_ref().as_str().into()),
        opening,
        policy,
    }
}

fn service(source: &Source, table: &ServiceTable, target: u32, problems: &mut Vec<Problem>) -> queue::Service {
    let hours = table.hours.as_ref().map(|hours| {
        let at = hours.span().start;
        if let Some(holiday) = hours.get_ref().holidays.first() {
            let right = "a service has the holidays of the hall; put it into [opening]";
            problems.push(source.problem(Some(holiday.name.span().start), "a holiday of one service", right));
        }
        opening::week(source, hours.get_ref(), at, problems)
    });
    queue::Service {
        hours,
        daily_quota: table.daily_quota.as_ref().map(|quota| *quota.get_ref()),
        target_minutes: table.target_minutes.as_ref().map_or(target, |minutes| *minutes.get_ref()),
        ..queue::Service::new(table.id.get_ref(), &table.field, table.handling_minutes)
    }
}

fn values<T, U>(tables: &[Located<T>], make: impl FnMut(&T) -> U) -> Vec<U> {
    tables.iter().map(|table| &table.value).map(make).collect()
}
