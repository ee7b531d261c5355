//! `[policy]`: the hall's choices. Whatever is left out is as [`Policy::default`] says.

use std::fmt;
use std::time::Duration;

use queue::{
    AppointmentPolicy, Balance, DAY_MINUTES, MissedPolicy, NormalBound, Policy, PriorityPolicy, Service, Untimely,
};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use super::opening::minute;
use crate::config::problem::Problem;
use crate::config::source::Source;

/// `one_in` where the file does not say it.
const ONE_IN: u32 = 3;
/// `head_start_minutes` where the file does not say it.
const HEAD_START_MINUTES: u32 = 30;
/// Longest limit that a hall may name, seconds: a day.
const LONGEST_SECONDS: u64 = 24 * 60 * 60;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct PolicyTable {
    priority: PriorityWord,
    one_in: Spanned<u32>,
    head_start_minutes: u32,
    normal_bound_tickets: Spanned<OrNever>,
    normal_bound_minutes: Spanned<OrNever>,
    recall_guard_seconds: Spanned<u64>,
    recall_limit: u32,
    missed_within_numbers: u32,
    missed_within_minutes: u32,
    appointment_early_minutes: u32,
    appointment_late_minutes: u32,
    #[serde(with = "UntimelyWord")]
    appointment_early: Untimely,
    #[serde(with = "UntimelyWord")]
    appointment_late: Untimely,
    expire_after_closing_minutes: OrNever,
    #[serde(with = "BalanceWord")]
    balance: Balance,
    day_starts: Spanned<String>,
    highest_number: u16,
    print_job_limit_seconds: Spanned<u64>,
    pub announcement_limit_seconds: Spanned<u64>,
    pub wait_target_minutes: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum PriorityWord {
    OneIn,
    Strict,
    Ageing,
}

#[derive(Deserialize)]
#[serde(remote = "Untimely", rename_all = "kebab-case")]
enum UntimelyWord {
    Refuse,
    AsNormal,
}

#[derive(Deserialize)]
#[serde(remote = "Balance", rename_all = "kebab-case")]
enum BalanceWord {
    Advise,
    AddToIdle,
}

/// A number, or the word `never`.
#[derive(Clone, Copy)]
struct OrNever(Option<u32>);

impl Default for PolicyTable {
    fn default() -> Self {
        let policy = Policy::default();
        let unsaid = 0..0;
        Self {
            priority: PriorityWord::OneIn,
            one_in: Spanned::new(unsaid.clone(), ONE_IN),
            head_start_minutes: HEAD_START_MINUTES,
            normal_bound_tickets: Spanned::new(unsaid.clone(), OrNever(policy.normal_bound.tickets)),
            normal_bound_minutes: Spanned::new(unsaid.clone(), OrNever(policy.normal_bound.minutes)),
            recall_guard_seconds: Spanned::new(unsaid.clone(), policy.recall_guard.as_secs()),
            recall_limit: policy.recall_limit,
            missed_within_numbers: policy.missed.within_numbers,
            missed_within_minutes: policy.missed.within_minutes,
            appointment_early_minutes: policy.appointments.early_minutes,
            appointment_late_minutes: policy.appointments.late_minutes,
            appointment_early: policy.appointments.early,
            appointment_late: policy.appointments.late,
            expire_after_closing_minutes: OrNever(policy.expire_after_closing_minutes),
            balance: policy.balance,
            day_starts: Spanned::new(unsaid.clone(), "00:00".to_owned()),
            highest_number: policy.highest_number,
            print_job_limit_seconds: Spanned::new(unsaid.clone(), policy.print_job_limit.as_secs()),
            announcement_limit_seconds: Spanned::new(unsaid, 30),
            wait_target_minutes: Service::TARGET_MINUTES,
        }
    }
}

impl PolicyTable {
    /// The policy; a value that cannot be is told and stands for its default.
    pub fn policy(&self, source: &Source, utc_offset_minutes: i32, problems: &mut Vec<Problem>) -> Policy {
        let mut check = Check { source, problems };
        let seconds = |seconds: &Spanned<u64>| Duration::from_secs(*seconds.get_ref());
        check.seconds(&self.print_job_limit_seconds, 1);
        check.seconds(&self.announcement_limit_seconds, 1);
        check.seconds(&self.recall_guard_seconds, 0);
        Policy {
            priority: match self.priority {
                PriorityWord::OneIn => PriorityPolicy::OneIn(check.one_in(&self.one_in)),
                PriorityWord::Strict => PriorityPolicy::Strict,
                PriorityWord::Ageing => PriorityPolicy::Ageing { head_start_minutes: self.head_start_minutes },
            },
            normal_bound: check.bound(&self.normal_bound_tickets, &self.normal_bound_minutes),
            appointments: AppointmentPolicy {
                early_minutes: self.appointment_early_minutes,
                late_minutes: self.appointment_late_minutes,
                early: self.appointment_early,
                late: self.appointment_late,
            },
            recall_guard: seconds(&self.recall_guard_seconds),
            recall_limit: self.recall_limit,
            missed: MissedPolicy {
                within_numbers: self.missed_within_numbers,
                within_minutes: self.missed_within_minutes,
            },
            expire_after_closing_minutes: self.expire_after_closing_minutes.0,
            balance: self.balance,
            print_job_limit: seconds(&self.print_job_limit_seconds),
            utc_offset_minutes,
            day_starts_minute: check.day_starts(&self.day_starts),
            highest_number: self.highest_number,
        }
    }
}

struct Check<'s> {
    source: &'s Source,
    problems: &'s mut Vec<Problem>,
}

impl Check<'_> {
    fn wrong(&mut self, at: usize, what: impl Into<String>, right: impl Into<String>) {
        self.problems.push(self.source.problem(Some(at), what, right));
    }

    fn seconds(&mut self, seconds: &Spanned<u64>, least: u64) {
        if !(least..=LONGEST_SECONDS).contains(seconds.get_ref()) {
            let right = format!("write {least} to {LONGEST_SECONDS}");
            self.wrong(seconds.span().start, format!("{} seconds", seconds.get_ref()), right);
        }
    }

    fn one_in(&mut self, one_in: &Spanned<u32>) -> u32 {
        if *one_in.get_ref() >= 2 {
            return *one_in.get_ref();
        }
        let right = "write 2 or more: of so many calls at least one is normal";
        self.wrong(one_in.span().start, format!("one_in is {}", one_in.get_ref()), right);
        ONE_IN
    }

    fn bound(&mut self, tickets: &Spanned<OrNever>, minutes: &Spanned<OrNever>) -> NormalBound {
        for (limit, unit) in [(tickets, "tickets"), (minutes, "minutes")] {
            if limit.get_ref().0 == Some(0) {
                let right = "write 1 or more, or \"never\"";
                self.wrong(limit.span().start, format!("the bound is 0 {unit}"), right);
                return Policy::default().normal_bound;
            }
        }
        let bound = NormalBound { tickets: tickets.get_ref().0, minutes: minutes.get_ref().0 };
        if bound.tickets.is_none() && bound.minutes.is_none() {
            let right =
                "give normal_bound_tickets, normal_bound_minutes or both a number, so that nobody waits for ever";
            self.wrong(minutes.span().start, "a normal ticket has no bound", right);
            return Policy::default().normal_bound;
        }
        bound
    }

    fn day_starts(&mut self, text: &Spanned<String>) -> u16 {
        minute(text.get_ref()).filter(|minute| *minute < DAY_MINUTES).unwrap_or_else(|| {
            let what = format!("`{}` is no time of day", text.get_ref());
            self.wrong(text.span().start, what, "write 00:00 to 23:59, such as \"00:00\"");
            Policy::default().day_starts_minute
        })
    }
}

impl<'de> Deserialize<'de> for OrNever {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = OrNever;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number or \"never\"")
            }
            fn visit_i64<E: serde::de::Error>(self, n: i64) -> Result<OrNever, E> {
                let wrong = |_| E::invalid_value(serde::de::Unexpected::Signed(n), &self);
                u32::try_from(n).map(|n| OrNever(Some(n))).map_err(wrong)
            }
            fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<OrNever, E> {
                match word {
                    "never" => Ok(OrNever(None)),
                    _ => Err(E::invalid_value(serde::de::Unexpected::Str(word), &self)),
                }
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}
