//! The hall's choices about order, calls, appointments and time.

use std::time::Duration;

/// Who goes first when urgent and normal tickets wait for one counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PriorityPolicy {
    /// Urgent ones always.
    Strict,
    /// Of so many calls of a counter at least one is normal while one waits; at least 2.
    OneIn(u32),
    /// The longest wait, where an urgent ticket counts as having waited so many minutes longer.
    Ageing {
        /// Head start, minutes.
        head_start_minutes: u32,
    },
}

/// When a normal ticket goes before everybody, whatever the policy. At least one of the two is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NormalBound {
    /// After so many later tickets were called before it by counters that could have called it.
    pub tickets: Option<u32>,
    /// After so many minutes of waiting.
    pub minutes: Option<u32>,
}

/// What becomes of an appointment outside its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Untimely {
    /// No number; the citizen is told when to come.
    Refuse,
    /// A number like everybody's.
    AsNormal,
}

/// When an appointment may be checked in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AppointmentPolicy {
    /// Minutes before its time.
    pub early_minutes: u32,
    /// Minutes after its time.
    pub late_minutes: u32,
    /// Earlier than that.
    pub early: Untimely,
    /// Later than that.
    pub late: Untimely,
}

/// Until when somebody who missed the call may come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MissedPolicy {
    /// At most so many further calls of the same service.
    pub within_numbers: u32,
    /// At most so many minutes.
    pub within_minutes: u32,
}

/// What the hub does when a service's wait passes its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Balance {
    /// It says which counter could help.
    Advise,
    /// It gives the service to an idle counter, and takes it back when the wait is short again.
    AddToIdle,
}

/// Choices of the hall that are neither people nor places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Urgent before normal.
    pub priority: PriorityPolicy,
    /// The longest that a normal ticket is passed over.
    pub normal_bound: NormalBound,
    /// Appointments.
    pub appointments: AppointmentPolicy,
    /// A call is repeated no sooner than this after the last.
    pub recall_guard: Duration,
    /// Most repeated calls of a ticket at one counter.
    pub recall_limit: u32,
    /// Coming back after a missed call.
    pub missed: MissedPolicy,
    /// Waiting tickets end so many minutes after the last closing of the day, be it the hall's or a service's own; none
    /// keeps them until the day ends.
    pub expire_after_closing_minutes: Option<u32>,
    /// Helping busy services.
    pub balance: Balance,
    /// A print job that waited longer than this is not printed by itself any more.
    pub print_job_limit: Duration,
    /// Local time, minutes east of UTC (Vietnam: 420).
    pub utc_offset_minutes: i32,
    /// Local minute after midnight at which a new service day begins; below 1440.
    pub day_starts_minute: u16,
    /// Highest number of a series on one day, at most 9999.
    pub highest_number: u16,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            priority: PriorityPolicy::OneIn(3),
            normal_bound: NormalBound { tickets: Some(20), minutes: Some(60) },
            appointments: AppointmentPolicy {
                early_minutes: 60,
                late_minutes: 20,
                early: Untimely::Refuse,
                late: Untimely::AsNormal,
            },
            recall_guard: Duration::from_secs(5),
            recall_limit: 3,
            missed: MissedPolicy { within_numbers: 5, within_minutes: 15 },
            expire_after_closing_minutes: Some(60),
            balance: Balance::Advise,
            print_job_limit: Duration::from_secs(180),
            utc_offset_minutes: 7 * 60,
            day_starts_minute: 0,
            highest_number: 9999,
        }
    }
}
