//! The rules: a command and the state to events, or to a named refusal. Nothing is changed here.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::command::{Command, PrintReport};
use crate::estimate::{WaitRange, estimate};
use crate::event::Event;
use crate::hall::{Hall, Service};
use crate::ids::{
    AgentRun, ClassId, CounterNumber, KioskId, LevelId, OfficerId, PrintJobId, ServiceId, TicketId, TicketNumber,
};
use crate::refusal::Refusal;
use crate::state::{HallState, PrintState, Ticket, TicketPhase};

/// Most papers of one ticket, the first included.
const MAX_COPIES: u16 = 20;
/// Reason of a print job that nobody printed in time.
const TOO_LATE: &str = "too-late";
/// Reason of a print job whose ticket was given up.
const CANCELLED: &str = "cancelled";

/// What a command does at `now`: the events to be recorded, in order, or why not.
///
/// On a new local day the first event is `DayOpened` and the command is decided on the empty day. A clock that goes
/// back never reopens an earlier day, so a number is never given twice.
///
/// # Errors
/// A named refusal; the state stays as it is.
pub fn decide(hall: &Hall, state: &HallState, command: &Command, now: Timestamp) -> Result<Vec<Event>, Refusal> {
    let today = hall.local_date(now);
    match state.day() {
        Some(day) if day >= today => Rules { hall, state, now, day }.decide(command),
        _ => {
            let empty = HallState::at_day(today);
            let mut events = vec![Event::DayOpened { day: today }];
            events.extend(Rules { hall, state: &empty, now, day: today }.decide(command)?);
            Ok(events)
        }
    }
}

struct Rules<'a> {
    hall: &'a Hall,
    state: &'a HallState,
    now: Timestamp,
    day: Date,
}

impl Rules<'_> {
    fn decide(&self, command: &Command) -> Result<Vec<Event>, Refusal> {
        let event = match command {
            Command::OpenDay => return Ok(Vec::new()),
            Command::IssueTicket { service, class, language, kiosk, printer } => {
                let issued = self.issue(service, class, language, kiosk)?;
                return Ok(self.with_paper(issued, kiosk.as_ref(), printer.as_ref()));
            }
            Command::OpenCounter { counter, officer } => return self.open_counter(*counter, officer),
            Command::CloseCounter { counter } => self.close_counter(*counter)?,
            Command::CallNext { counter } => self.call_next(*counter)?,
            Command::Recall { counter } => {
                Event::TicketRecalled { ticket: self.called_at(*counter)?.id, counter: *counter }
            }
            Command::StartServing { counter } => {
                Event::ServingStarted { ticket: self.called_at(*counter)?.id, counter: *counter }
            }
            Command::FinishServing { counter } => self.finish(*counter)?,
            Command::MarkNoShow { counter } => {
                Event::TicketNoShow { ticket: self.called_at(*counter)?.id, counter: *counter }
            }
            Command::CancelTicket { ticket } => self.cancel(ticket)?,
            Command::RateService { ticket, level } => self.rate(ticket, level)?,
            Command::ReprintTicket { ticket } => self.reprint(ticket)?,
            Command::StartPrint { job } => self.start_print(job)?,
            Command::ReportPrint { job, report } => self.report_print(job, report)?,
        };
        Ok(vec![event])
    }

    fn issue(
        &self,
        service: &ServiceId,
        class: &ClassId,
        language: &str,
        kiosk: &Option<KioskId>,
    ) -> Result<Event, Refusal> {
        let service = self.hall.service(service).ok_or_else(|| Refusal::UnknownService(service.clone()))?;
        let class = self.hall.class(class).ok_or_else(|| Refusal::UnknownClass(class.clone()))?;
        // A valid hall has the field of each service.
        let field = self.hall.field(&service.field).ok_or_else(|| Refusal::UnknownService(service.id.clone()))?;
        let value = self.state.last_numbers.get(&field.letter).copied().unwrap_or(0) + 1;
        if value > self.hall.policy().highest_number {
            return Err(Refusal::NumbersExhausted(field.letter));
        }
        let people_ahead = self.state.ahead_of_newcomer(self.hall, &service.id, class.priority);
        Ok(Event::TicketIssued {
            ticket: TicketId { day: self.day, number: TicketNumber { letter: field.letter, value } },
            field: field.id.clone(),
            service: service.id.clone(),
            class: class.id.clone(),
            priority: class.priority,
            language: language.to_owned(),
            kiosk: kiosk.clone(),
            people_ahead,
            wait: self.state.wait_behind(self.hall, service, people_ahead),
        })
    }

    /// The ticket, and its paper at once where a printer stands ready with nothing else to do. One commit for both is
    /// one disk sync less between the touch and the paper.
    fn with_paper(&self, issued: Event, kiosk: Option<&KioskId>, printer: Option<&AgentRun>) -> Vec<Event> {
        let idle = |kiosk: &&KioskId| !self.state.open_print_jobs().any(|job| job.kiosk == **kiosk);
        let started = match (&issued, kiosk.filter(idle), printer) {
            (Event::TicketIssued { ticket, .. }, Some(_), Some(run)) => {
                Some(Event::PrintStarted { job: PrintJobId { ticket: *ticket, copy: 1 }, run: Some(run.clone()) })
            }
            _ => None,
        };
        std::iter::once(issued).chain(started).collect()
    }

    fn open_counter(&self, counter: CounterNumber, officer: &OfficerId) -> Result<Vec<Event>, Refusal> {
        self.hall.counter(counter).ok_or(Refusal::UnknownCounter(counter))?;
        if !self.hall.parts().officers.contains(officer) {
            return Err(Refusal::UnknownOfficer(officer.clone()));
        }
        match self.state.counters().find(|(_, c)| c.officer.as_ref() == Some(officer)) {
            // Sitting down twice at the same desk changes nothing: a station that restarts may say it again.
            Some((at, _)) if at == counter => return Ok(Vec::new()),
            Some((at, _)) => return Err(Refusal::OfficerElsewhere(officer.clone(), at)),
            None => {}
        }
        if let Some(other) = self.state.counter(counter).and_then(|c| c.officer.clone()) {
            return Err(Refusal::CounterAlreadyOpen(counter, other));
        }
        Ok(vec![Event::CounterOpened { counter, officer: officer.clone() }])
    }

    fn close_counter(&self, counter: CounterNumber) -> Result<Event, Refusal> {
        self.officer_at(counter)?;
        match self.state.counter(counter).and_then(|c| c.open_ticket) {
            Some(ticket) => Err(Refusal::CounterBusy(counter, ticket)),
            None => Ok(Event::CounterClosed { counter }),
        }
    }

    fn call_next(&self, counter: CounterNumber) -> Result<Event, Refusal> {
        let officer = self.officer_at(counter)?.clone();
        if let Some(ticket) = self.state.counter(counter).and_then(|c| c.open_ticket) {
            return Err(Refusal::CounterBusy(counter, ticket));
        }
        let ticket = self.state.next_for(self.hall, counter).ok_or(Refusal::NothingWaiting(counter))?;
        Ok(Event::TicketCalled { ticket: ticket.id, counter, officer })
    }

    fn finish(&self, counter: CounterNumber) -> Result<Event, Refusal> {
        let officer = self.officer_at(counter)?.clone();
        let ticket = self.open_ticket(counter).filter(|t| t.phase == TicketPhase::Serving);
        let ticket = ticket.ok_or(Refusal::NotServing(counter))?.id;
        Ok(Event::ServingFinished { ticket, counter, officer })
    }

    fn cancel(&self, ticket: &TicketId) -> Result<Event, Refusal> {
        match self.ticket(ticket)?.phase {
            TicketPhase::Waiting | TicketPhase::Called => Ok(Event::TicketCancelled { ticket: *ticket }),
            _ => Err(Refusal::TicketNotOpen(*ticket)),
        }
    }

    fn rate(&self, ticket: &TicketId, level: &LevelId) -> Result<Event, Refusal> {
        let t = self.ticket(ticket)?;
        let known = self.hall.parts().rating_levels.iter().find(|l| l.id == *level);
        let level = known.ok_or_else(|| Refusal::UnknownRatingLevel(level.clone()))?;
        let (TicketPhase::Finished, Some(counter), Some(officer)) = (t.phase, t.counter, t.officer.clone()) else {
            return Err(Refusal::TicketNotFinished(*ticket));
        };
        if t.rated {
            return Err(Refusal::AlreadyRated(*ticket));
        }
        Ok(Event::ServiceRated {
            ticket: *ticket,
            counter,
            officer,
            level: level.id.clone(),
            satisfied: level.satisfied,
        })
    }

    fn reprint(&self, ticket: &TicketId) -> Result<Event, Refusal> {
        let t = self.ticket(ticket)?;
        let newest = self.state.newest_print_job(t).ok_or(Refusal::NoPrinter(*ticket))?;
        if newest.state.is_open() {
            return Err(Refusal::PrintJobOpen(newest.id));
        }
        if t.copies >= MAX_COPIES {
            return Err(Refusal::TooManyReprints(*ticket));
        }
        Ok(Event::ReprintRequested { job: PrintJobId { ticket: *ticket, copy: t.copies + 1 } })
    }

    /// Hands a pending job to a printer, unless it waited too long or its ticket is gone: then it fails by name.
    fn start_print(&self, id: &PrintJobId) -> Result<Event, Refusal> {
        let job = self.state.print_job(id).ok_or(Refusal::UnknownPrintJob(*id))?;
        match job.state {
            PrintState::Pending => {}
            PrintState::Printing => return Err(Refusal::PrintJobTaken(*id)),
            _ => return Err(Refusal::PrintJobSettled(*id)),
        }
        let failed = |reason: &str| Event::PrintFailed { job: *id, reason: reason.to_owned() };
        if self.ticket(&id.ticket)?.phase == TicketPhase::Cancelled {
            return Ok(failed(CANCELLED));
        }
        let waited = self.now.as_millisecond().saturating_sub(job.requested_at.as_millisecond());
        let limit = i64::try_from(self.hall.policy().print_job_limit.as_millis()).unwrap_or(i64::MAX);
        Ok(if waited > limit { failed(TOO_LATE) } else { Event::PrintStarted { job: *id, run: None } })
    }

    fn report_print(&self, id: &PrintJobId, report: &PrintReport) -> Result<Event, Refusal> {
        let job = self.state.print_job(id).ok_or(Refusal::UnknownPrintJob(*id))?;
        match job.state {
            PrintState::Printing => {}
            PrintState::Pending => return Err(Refusal::PrintJobNotStarted(*id)),
            _ => return Err(Refusal::PrintJobSettled(*id)),
        }
        let job = *id;
        Ok(match report {
            PrintReport::Printed => Event::TicketPrinted { job },
            PrintReport::Failed(reason) => Event::PrintFailed { job, reason: reason.clone() },
            PrintReport::Unconfirmed(reason) => Event::PrintUnconfirmed { job, reason: reason.clone() },
        })
    }

    fn ticket(&self, id: &TicketId) -> Result<&Ticket, Refusal> {
        self.state.ticket(id).ok_or(Refusal::UnknownTicket(*id))
    }

    fn officer_at(&self, counter: CounterNumber) -> Result<&OfficerId, Refusal> {
        self.hall.counter(counter).ok_or(Refusal::UnknownCounter(counter))?;
        let officer = self.state.counter(counter).and_then(|c| c.officer.as_ref());
        officer.ok_or(Refusal::CounterClosed(counter))
    }

    fn open_ticket(&self, counter: CounterNumber) -> Option<&Ticket> {
        let id = self.state.counter(counter)?.open_ticket?;
        self.state.ticket(&id)
    }

    /// The ticket that is called to the counter and not yet served.
    fn called_at(&self, counter: CounterNumber) -> Result<&Ticket, Refusal> {
        self.officer_at(counter)?;
        let ticket = self.open_ticket(counter).ok_or(Refusal::NoTicketCalled(counter))?;
        match ticket.phase {
            TicketPhase::Serving => Err(Refusal::AlreadyServing(counter, ticket.id)),
            _ => Ok(ticket),
        }
    }
}

impl HallState {
    /// The wait behind `people_ahead` for this service with the counters that are open now; with none open, with all
    /// that could be.
    #[must_use]
    pub fn wait_behind(&self, hall: &Hall, service: &Service, people_ahead: u32) -> WaitRange {
        let counters = hall.counters_of(&service.id);
        let open: Vec<_> = counters.iter().filter_map(|n| self.counter(*n)).filter(|c| c.officer.is_some()).collect();
        let idle = open.iter().any(|c| c.open_ticket.is_none());
        let count = if open.is_empty() { counters.len() } else { open.len() };
        estimate(people_ahead, u32::try_from(count).unwrap_or(u32::MAX), service.handling_minutes, idle)
    }

    /// How many counters are open for a service.
    #[must_use]
    pub fn open_counters_for(&self, hall: &Hall, service: &ServiceId) -> u32 {
        let open = |n: &&CounterNumber| self.counter(**n).is_some_and(|c| c.officer.is_some());
        u32::try_from(hall.counters_of(service).iter().filter(open).count()).unwrap_or(u32::MAX)
    }
}
