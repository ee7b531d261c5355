//! The state laid open, for a snapshot, and made again from it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;

use crate::estimate::{Accuracy, Learned};
use crate::event::{Appointment, Line};
use crate::ids::{CounterNumber, KioskId, ServiceId};
use crate::roll::{Roll, RollKey, StaffPaper};
use crate::state::{Call, CounterState, HallState, Suspension};
use crate::ticket::{PrintJob, Ticket};

/// The state laid open, for a snapshot. What can be derived (the queues, the index by number) is not here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StateParts {
    /// Sequence of the last event folded in.
    pub sequence: u64,
    /// Service day.
    pub day: Option<Date>,
    /// Tickets in the order of issue.
    pub tickets: Vec<Ticket>,
    /// Last number of each series.
    pub last_numbers: BTreeMap<char, u16>,
    /// Counters that were open today.
    pub counters: BTreeMap<CounterNumber, CounterState>,
    /// Print jobs.
    pub print_jobs: Vec<PrintJob>,
    /// Last calls, newest first.
    pub calls: Vec<Call>,
    /// Tickets called at least once.
    pub first_calls: u32,
    /// Sum of their waits, seconds.
    pub waited_seconds: u64,
    /// Tickets issued today by first service.
    pub issued: BTreeMap<ServiceId, u32>,
    /// Calls today by service.
    pub called: BTreeMap<ServiceId, u32>,
    /// How often each line's oldest normal ticket was passed over.
    pub passed: BTreeMap<Line, u64>,
    /// The time of the last event.
    pub clock: Option<Timestamp>,
    /// Suspended services.
    pub suspended: BTreeMap<ServiceId, Suspension>,
    /// Kiosks that staff closed.
    pub closed_kiosks: BTreeSet<KioskId>,
    /// What printers used.
    pub rolls: BTreeMap<RollKey, Roll>,
    /// Today's papers for staff.
    pub staff_papers: Vec<StaffPaper>,
    /// Appointments that were not checked in.
    pub appointments: Vec<Appointment>,
    /// What was learned about handling times.
    pub learned: Learned,
    /// How right the told waits were.
    pub accuracy: Accuracy,
}

impl From<StateParts> for HallState {
    fn from(parts: StateParts) -> Self {
        let mut state = Self {
            sequence: parts.sequence,
            day: parts.day,
            last_numbers: parts.last_numbers,
            counters: parts.counters,
            open_print_jobs: parts.print_jobs.iter().filter(|job| job.state.is_open()).map(|job| job.id).collect(),
            print_jobs: parts.print_jobs.into_iter().map(|job| (job.id, job)).collect(),
            calls: parts.calls.into(),
            first_calls: parts.first_calls,
            waited_seconds: parts.waited_seconds,
            issued: parts.issued,
            called: parts.called,
            clock: parts.clock,
            suspended: parts.suspended,
            closed_kiosks: parts.closed_kiosks,
            rolls: parts.rolls,
            staff_papers: parts.staff_papers.into_iter().map(|paper| (paper.id, paper)).collect(),
            appointments: parts.appointments.into_iter().map(|a| (a.code.clone(), a)).collect(),
            learned: parts.learned,
            accuracy: parts.accuracy,
            ..Self::default()
        };
        for (line, passed) in parts.passed {
            state.lines.entry(line).or_default().passed = passed;
        }
        for ticket in parts.tickets {
            state.add_ticket(ticket);
        }
        state
    }
}

impl HallState {
    /// The state laid open.
    #[must_use]
    pub fn to_parts(&self) -> StateParts {
        StateParts {
            sequence: self.sequence,
            day: self.day,
            tickets: self.tickets.clone(),
            last_numbers: self.last_numbers.clone(),
            counters: self.counters.clone(),
            print_jobs: self.print_jobs.values().cloned().collect(),
            calls: self.calls.iter().cloned().collect(),
            first_calls: self.first_calls,
            waited_seconds: self.waited_seconds,
            issued: self.issued.clone(),
            called: self.called.clone(),
            passed: self.lines.iter().map(|(line, lane)| (line.clone(), lane.passed)).collect(),
            clock: self.clock,
            suspended: self.suspended.clone(),
            closed_kiosks: self.closed_kiosks.clone(),
            rolls: self.rolls.clone(),
            staff_papers: self.staff_papers.values().cloned().collect(),
            appointments: self.appointments.values().cloned().collect(),
            learned: self.learned.clone(),
            accuracy: self.accuracy,
        }
    }
}
