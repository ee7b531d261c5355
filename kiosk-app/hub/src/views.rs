//! What stations, boards and agents see of the state. Pure functions; nothing is decided here.

use crate::{rolls, speakers, staff_papers};
use jiff::Timestamp;
use protocol::commands::{CommandReply, PrintJobState};
use protocol::hall::HallInfo;
use protocol::health::{DeviceHealth, DeviceKind, DeviceState};
use protocol::text::Text;
use protocol::views as wire;
use protocol::work::{Announcement, PrintJob, TicketSlip, Work};
use queue::{Call, Command, CounterState, Hall, HallState, PrintState, Recorded, Refusal, Ticket, TicketPhase};

/// The hall's rules and names, and the moment a view is made.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// Rules.
    pub hall: &'a Hall,
    /// Names.
    pub info: &'a HallInfo,
    /// State to show.
    pub state: &'a HallState,
    /// The hub's clock.
    pub now: Timestamp,
}

/// The answer to a command that did `events`.
pub fn reply(hall: &Hall, state: &HallState, command: &Command, events: &[Recorded], now: Timestamp) -> CommandReply {
    let ticket = events.iter().rev().find_map(|e| e.event.ticket()).or_else(|| named_ticket(command));
    let ticket = ticket.and_then(|id| state.ticket(&id));
    let job = ticket.and_then(|t| state.newest_print_job(t));
    let job = job.map(|job| PrintJobState { id: job.id.to_string(), state: print_state(&job.state) });
    CommandReply {
        sequence: state.sequence(),
        ticket: ticket.map(|t| ticket_view(hall, state, t, now)),
        print_job: job.or_else(|| staff_papers::named(state, command, events)),
    }
}

fn named_ticket(command: &Command) -> Option<queue::TicketId> {
    match command {
        Command::CancelTicket { ticket }
        | Command::RateService { ticket, .. }
        | Command::ReprintTicket { ticket }
        | Command::AcceptPrint { ticket }
        | Command::CallTicket { ticket, .. }
        | Command::UnparkTicket { ticket }
        | Command::ReturnTicket { ticket } => Some(*ticket),
        Command::StartPrint { job } | Command::ReportPrint { job, .. } => Some(job.ticket),
        _ => None,
    }
}

fn ticket_view(hall: &Hall, state: &HallState, t: &Ticket, now: Timestamp) -> wire::TicketView {
    let waiting = t.phase == TicketPhase::Waiting;
    let people_ahead = waiting.then(|| state.ahead_of(hall, t, now));
    let wait = waiting.then(|| wait_range(state.wait_of(hall, t, now)));
    let missed_until = t.missed.and_then(|missed| {
        let limit = jiff::SignedDuration::from_mins(i64::from(hall.policy().missed.within_minutes));
        missed.at.checked_add(limit).ok()
    });
    wire::TicketView {
        id: t.id.to_string(),
        number: t.id.number.to_string(),
        field: t.field.to_string(),
        service: t.service.to_string(),
        class: t.class.to_string(),
        priority: t.priority,
        state: match t.phase {
            TicketPhase::Waiting => wire::TicketState::Waiting,
            TicketPhase::Called => wire::TicketState::Called,
            TicketPhase::Serving => wire::TicketState::Serving,
            TicketPhase::Finished => wire::TicketState::Finished,
            TicketPhase::Missed => wire::TicketState::NoShow,
            TicketPhase::Parked => wire::TicketState::Parked,
            TicketPhase::Expired => wire::TicketState::Expired,
            TicketPhase::Cancelled => wire::TicketState::Cancelled,
        },
        issued_at: t.issued_at,
        people_ahead,
        wait,
        counters: hall.counters_of(&t.service).to_vec(),
        counter: t.counter,
        called_at: t.called_at,
        started_at: t.started_at,
        calls: t.calls,
        print: state.newest_print_job(t).map(|job| print_state(&job.state)),
        then: t.then.iter().map(|step| step.service.to_string()).collect(),
        appointment: t.appointment.as_ref().map(|a| a.due),
        parked_reason: t.parked.as_ref().map(|p| p.reason.clone()),
        until: t.parked.as_ref().map_or(missed_until, |p| p.until),
    }
}

fn wait_range(wait: queue::WaitRange) -> wire::WaitRange {
    wire::WaitRange { low: wait.low, high: wait.high }
}

fn unavailable(refusal: &Refusal, state: &HallState) -> wire::Unavailable {
    match refusal {
        Refusal::ServiceUnavailable(service, reason) => wire::Unavailable::Suspended {
            reason: reason.clone(),
            until: state.suspension(service).and_then(|s| s.until),
        },
        Refusal::QuotaReached(..) => wire::Unavailable::QuotaReached,
        Refusal::HallClosed(opens) | Refusal::ServiceClosed(_, opens) => {
            wire::Unavailable::Closed { opens: opens.map(|at| at.to_string()) }
        }
        _ => wire::Unavailable::Elsewhere,
    }
}

pub(crate) fn print_state(state: &PrintState) -> wire::PrintState {
    match state {
        PrintState::Pending => wire::PrintState::Pending,
        PrintState::Printing => wire::PrintState::Printing,
        PrintState::Printed => wire::PrintState::Printed,
        PrintState::Failed(reason) => wire::PrintState::Failed { reason: reason.clone() },
        PrintState::Unconfirmed(reason) => wire::PrintState::Unconfirmed { reason: reason.clone() },
        PrintState::Accepted => wire::PrintState::Accepted,
    }
}

pub(crate) fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

impl Scene<'_> {
    /// What a kiosk shows.
    pub fn kiosk(&self, kiosk: &str, devices: &[DeviceHealth]) -> wire::KioskView {
        let printers = rolls::printers_of(devices, kiosk);
        let services: Vec<(&queue::Service, wire::Load)> =
            self.hall.parts().services.iter().map(|s| (s, self.service_load(s, kiosk))).collect();
        let fields = self.hall.parts().fields.iter().map(|field| {
            let own: Vec<_> = services.iter().filter(|(s, _)| s.field == field.id).collect();
            let all_closed = own.iter().all(|(_, load)| load.closed.is_some());
            wire::Load {
                id: field.id.to_string(),
                waiting: count(own.iter().map(|(s, _)| self.state.waiting_for(&s.id)).sum()),
                // A citizen decides on the field before the service, so the longest of its services is told.
                wait: own.iter().map(|(_, l)| l.wait).max_by_key(|w| (w.high, w.low)).unwrap_or(NOW),
                open_counters: own.iter().map(|(_, l)| l.open_counters).max().unwrap_or(0),
                closed: own.first().filter(|_| all_closed).and_then(|(_, load)| load.closed.clone()),
                taken: own.iter().map(|(_, load)| load.taken).sum(),
            }
        });
        let fields = fields.collect();
        let of_kiosk = |t: &&Ticket| t.kiosk.as_ref().is_some_and(|k| k.as_str() == kiosk);
        let recent = self.state.tickets().iter().rev().filter(of_kiosk).take(wire::KioskView::MAX_RECENT);
        wire::KioskView {
            sequence: self.state.sequence(),
            now: self.now,
            kiosk: kiosk.to_owned(),
            fields,
            services: services.into_iter().map(|(_, load)| load).collect(),
            printer: rolls::next_printer(&printers).cloned(),
            printers,
            recent: recent.map(|t| self.ticket(t)).collect(),
            closed: self.state.is_kiosk_closed(&kiosk.into()),
            help: speakers::can_speak_at(devices, kiosk),
        }
    }

    /// People before a newcomer, at all counters that serve the service, the wait behind them, and why there is none.
    fn service_load(&self, service: &queue::Service, kiosk: &str) -> wire::Load {
        let offered = self.hall.kiosk(&kiosk.into()).and_then(|kiosk| kiosk.services.as_ref());
        let elsewhere = offered.is_some_and(|services| !services.contains(&service.id));
        let closed = self.state.availability(self.hall, &service.id, self.now);
        wire::Load {
            id: service.id.to_string(),
            waiting: self.state.ahead_of_newcomer(self.hall, &service.id, false, self.now),
            wait: wait_range(self.state.wait_of_newcomer(self.hall, service, false, self.now)),
            open_counters: self.state.open_counters_for(self.hall, &service.id),
            taken: self.state.issued_for(&service.id),
            closed: if elsewhere {
                Some(wire::Unavailable::Elsewhere)
            } else {
                closed.map(|refusal| unavailable(&refusal, self.state))
            },
        }
    }

    fn ticket(&self, t: &Ticket) -> wire::TicketView {
        ticket_view(self.hall, self.state, t, self.now)
    }

    fn advice(&self) -> Vec<wire::Advice> {
        let advice = self.state.advice(self.hall, self.now).into_iter().map(|advice| wire::Advice {
            service: advice.service.to_string(),
            wait: wait_range(advice.wait),
            target_minutes: advice.target_minutes,
            helper: advice.helper,
        });
        advice.collect()
    }

    /// What a counter shows.
    pub fn counter(&self, number: u16, devices: &[DeviceHealth]) -> wire::CounterView {
        let counter = self.state.counter(number);
        let current = counter.and_then(|c| c.open_ticket).and_then(|id| self.state.ticket(&id));
        let (queue, total) = self.state.queue_of(self.hall, number, self.now, wire::CounterView::MAX_QUEUE);
        let ill = |d: &&DeviceHealth| d.state != DeviceState::Ready || d.kind == DeviceKind::TicketPrinter;
        wire::CounterView {
            sequence: self.state.sequence(),
            now: self.now,
            counter: number,
            officer: counter.and_then(|c| c.officer.as_ref()).map(ToString::to_string),
            current: current.map(|t| self.ticket(t)),
            queue: queue.into_iter().map(|t| self.ticket(t)).collect(),
            queue_total: count(total),
            hall_waiting: count(self.state.waiting_in_hall()),
            today: counter.map(figures).unwrap_or_default(),
            paused: counter.and_then(|c| c.paused.clone()),
            extra_services: counter.into_iter().flat_map(|c| &c.extra).map(ToString::to_string).collect(),
            parked: self.aside(number, self.state.parked()),
            missed: self.aside(number, self.state.missed()),
            advice: self.advice(),
            devices: devices.iter().filter(ill).cloned().collect(),
            print_problems: self.print_problems(),
        }
    }

    /// Tickets that wait aside and that this counter may call.
    fn aside<'t>(&self, number: u16, tickets: impl Iterator<Item = &'t Ticket>) -> Vec<wire::TicketView> {
        let own = |t: &&Ticket| self.hall.counters_of(&t.service).contains(&number) || t.counter == Some(number);
        tickets.filter(own).take(wire::CounterView::MAX_ASIDE).map(|t| self.ticket(t)).collect()
    }

    /// Tickets whose newest paper failed or was never confirmed, as long as the citizen may still need it.
    fn print_problems(&self) -> Vec<wire::TicketView> {
        let open = |t: &&Ticket| matches!(t.phase, TicketPhase::Waiting | TicketPhase::Called);
        let problem = |t: &&Ticket| {
            let job = self.state.newest_print_job(t);
            job.is_some_and(|j| matches!(j.state, PrintState::Failed(_) | PrintState::Unconfirmed(_)))
        };
        let tickets = self.state.tickets().iter().rev().filter(open).filter(problem);
        tickets.take(wire::CounterView::MAX_PRINT_PROBLEMS).map(|t| self.ticket(t)).collect()
    }

    /// What a rating tablet shows.
    pub fn rating(&self, number: u16) -> wire::RatingView {
        let ticket = self.state.counter(number).and_then(|c| c.awaits_rating).and_then(|id| self.state.ticket(&id));
        let request = ticket.and_then(|t| {
            Some(wire::RatingRequest {
                ticket: t.id.to_string(),
                number: t.id.number.to_string(),
                field: t.field.to_string(),
                service: t.service.to_string(),
                officer: t.officer.as_ref()?.to_string(),
                language: t.language.clone(),
                finished_at: t.finished_at?,
            })
        });
        wire::RatingView { sequence: self.state.sequence(), now: self.now, counter: number, request }
    }

    /// What a hall display shows.
    pub fn display(&self) -> wire::DisplayView {
        let calls = self.state.calls().take(wire::DisplayView::MAX_CALLS).map(|call| self.call(call));
        let served = self.state.counters().map(|(_, c)| c.figures.served).sum();
        wire::DisplayView {
            sequence: self.state.sequence(),
            now: self.now,
            last_calls: calls.collect(),
            counters: self.rows(),
            waiting: count(self.state.waiting_in_hall()),
            mean_wait_minutes: self.state.mean_wait_seconds().and_then(|s| u32::try_from(s.div_ceil(60)).ok()),
            served,
        }
    }

    fn call(&self, call: &Call) -> wire::Call {
        wire::Call {
            sequence: call.sequence,
            number: call.ticket.number.to_string(),
            counter: call.counter,
            service: self.state.ticket(&call.ticket).map_or_else(String::new, |t| t.service.to_string()),
            at: call.at,
        }
    }

    fn rows(&self) -> Vec<wire::CounterRow> {
        let mut numbers: Vec<u16> = self.hall.parts().counters.iter().map(|c| c.number).collect();
        numbers.sort_unstable();
        numbers.into_iter().map(|number| self.row(number)).collect()
    }

    fn row(&self, number: u16) -> wire::CounterRow {
        let counter = self.state.counter(number);
        let ticket = counter.and_then(|c| c.open_ticket).and_then(|id| self.state.ticket(&id));
        wire::CounterRow {
            counter: number,
            open: counter.is_some_and(|c| c.officer.is_some()),
            number: ticket.map(|t| t.id.number.to_string()),
            calling: ticket.is_some_and(|t| t.phase == TicketPhase::Called),
            paused: counter.is_some_and(|c| c.paused.is_some()),
        }
    }

    /// What agents have to do.
    pub fn work(&self) -> Work {
        let mut jobs: Vec<_> = self.state.open_print_jobs().collect();
        jobs.sort_by_key(|job| (job.requested_at, job.id));
        let print_jobs = jobs.into_iter().filter_map(|job| self.print_job(job));
        let last_call = self.state.calls().next().map(|call| self.row(call.counter));
        Work {
            sequence: self.state.sequence(),
            now: self.now,
            print_jobs: print_jobs.collect(),
            staff_papers: self.staff_papers(),
            counters: self.rows(),
            last_call,
        }
    }

    /// A print job as its agent needs it; none for a ticket that is not of today.
    pub fn print_job(&self, job: &queue::PrintJob) -> Option<PrintJob> {
        let ticket = self.state.ticket(&job.id.ticket)?;
        Some(PrintJob {
            id: job.id.to_string(),
            kiosk: job.kiosk.to_string(),
            state: print_state(&job.state),
            run: job.run.as_ref().map(ToString::to_string),
            requested_at: job.requested_at,
            reprint: job.id.is_reprint(),
            slip: self.slip(ticket),
        })
    }

    fn slip(&self, t: &Ticket) -> TicketSlip {
        let language = t.language.as_str();
        let class = self.info.classes.iter().find(|c| c.id == t.class.as_str()).filter(|c| c.priority);
        let offset = self.hall.time_zone();
        TicketSlip {
            language: t.language.clone(),
            hall: self.info.name.get(language).to_owned(),
            hall_line2: self.info.name_line2.get(language).to_owned(),
            field: named(self.info.fields.iter().map(|f| (&f.id, &f.name)), t.field.as_str(), language),
            service: named(self.info.services.iter().map(|s| (&s.id, &s.name)), t.service.as_str(), language),
            number: t.id.number.to_string(),
            people_ahead: t.people_ahead,
            wait_minutes: [t.wait.low, t.wait.high],
            counters: self.hall.counters_of(&t.service).to_vec(),
            class: class.map(|c| c.name.get(language).to_owned()),
            issued_at: t.issued_at.display_with_offset(offset.to_offset(t.issued_at)).to_string(),
            follow_url: self.info.follow(&t.id.to_string()),
        }
    }

    /// The calls after `sequence` that may still be spoken, oldest first.
    pub fn announcements(&self, after: u64, limit: std::time::Duration) -> Vec<Announcement> {
        let limit = jiff::SignedDuration::try_from(limit).unwrap_or(jiff::SignedDuration::MAX);
        let mut calls: Vec<_> = self.state.calls().take_while(|call| call.sequence > after).collect();
        calls.reverse();
        let announcement = |call: &Call| {
            let expires_at = call.at.checked_add(limit).ok()?;
            let language = self.state.ticket(&call.ticket)?.language.clone();
            (expires_at > self.now).then(|| Announcement {
                sequence: call.sequence,
                number: call.ticket.number.to_string(),
                counter: call.counter,
                language,
                at: call.at,
                now: self.now,
                expires_at,
            })
        };
        calls.into_iter().filter_map(announcement).collect()
    }
}

/// The name of an id; the id itself where the definition no longer has it, so that the paper still says something.
pub(crate) fn named<'a>(mut list: impl Iterator<Item = (&'a String, &'a Text)>, id: &str, language: &str) -> String {
    list.find(|(i, _)| *i == id).map_or_else(|| id.to_owned(), |(_, name)| name.get(language).to_owned())
}

const NOW: wire::WaitRange = wire::WaitRange { low: 0, high: 0 };

fn figures(counter: &CounterState) -> wire::CounterFigures {
    let f = counter.figures;
    let mean = f.handling_seconds.checked_div(u64::from(f.served));
    wire::CounterFigures {
        served: f.served,
        mean_handling_seconds: mean.and_then(|m| u32::try_from(m).ok()),
        ratings: f.ratings,
        satisfied: f.satisfied,
    }
}
