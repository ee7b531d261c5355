//! The fold: one event into the state. It never refuses; the log is what happened.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::event::{Event, Line, Recorded, ServingResult, Step};
use crate::ids::{CounterNumber, PrintJobId, TicketId};
use crate::state::{Call, CounterState, HallState, MAX_RECENT_CALLS, Suspension};
use crate::ticket::{Missed, Parked, PrintJob, PrintState, Ticket, TicketPhase};

impl HallState {
    /// Folds one event in.
    pub fn apply(&mut self, recorded: &Recorded) {
        let at = recorded.at;
        match &recorded.event {
            Event::DayOpened { day } => self.open_day(*day, at),
            Event::TicketIssued { .. } => self.apply_issued(&recorded.event, at),
            Event::TicketCalled { ticket, counter, officer, passed_over, .. } => {
                self.apply_called(ticket, *counter, at);
                self.change(ticket, |t| t.officer = Some(officer.clone()));
                self.pass_over(passed_over);
                self.remember_call(recorded.sequence, at, ticket, *counter);
            }
            Event::TicketRecalled { ticket, counter } => {
                self.change(ticket, |t| {
                    t.calls += 1;
                    t.last_called_at = Some(at);
                });
                self.remember_call(recorded.sequence, at, ticket, *counter);
            }
            Event::ServingStarted { ticket, .. } => self.change(ticket, |t| {
                t.phase = TicketPhase::Serving;
                t.started_at = Some(at);
            }),
            Event::ServingFinished { ticket, counter, result, .. } => {
                self.serve(ticket, *counter, result, at);
                self.counters.entry(*counter).or_default().awaits_rating = Some(*ticket);
                self.change(ticket, |t| t.phase = TicketPhase::Finished);
            }
            Event::StageFinished { ticket, counter, result, next, .. } => {
                self.serve(ticket, *counter, result, at);
                self.change(ticket, |t| drop(t.then.drain(..1.min(t.then.len()))));
                self.wait_for_step(ticket, next);
            }
            Event::ServiceRated { ticket, counter, satisfied, .. } => self.apply_rated(ticket, *counter, *satisfied),
            Event::TicketParked { .. }
            | Event::TicketReturned { .. }
            | Event::TicketTransferred { .. }
            | Event::TicketNoShow { .. }
            | Event::TicketCancelled { .. }
            | Event::TicketExpired { .. } => self.apply_moved(&recorded.event, at),
            Event::ReprintRequested { .. }
            | Event::PrintStarted { .. }
            | Event::TicketPrinted { .. }
            | Event::PrintAccepted { .. }
            | Event::PrintFailed { .. }
            | Event::PrintUnconfirmed { .. } => self.apply_paper(&recorded.event, at),
            Event::RollChanged { .. }
            | Event::StaffPaperRequested { .. }
            | Event::StaffPaperStarted { .. }
            | Event::StaffPaperEnded { .. } => self.apply_roll(&recorded.event, at),
            event => self.apply_hall(event),
        }
        self.sequence = recorded.sequence;
        self.clock = self.clock.max(Some(at));
    }

    /// What is about counters and services.
    fn apply_hall(&mut self, event: &Event) {
        match event {
            Event::CounterOpened { counter, officer } => {
                let state = self.counters.entry(*counter).or_default();
                state.officer = Some(officer.clone());
                state.awaits_rating = None;
            }
            Event::CounterClosed { counter } => {
                let state = self.counters.entry(*counter).or_default();
                *state =
                    CounterState { awaits_rating: state.awaits_rating, figures: state.figures, ..Default::default() };
                self.free_line_of(*counter);
            }
            Event::CounterPaused { counter, reason } => {
                self.counters.entry(*counter).or_default().paused = Some(reason.clone());
            }
            Event::CounterResumed { counter } => self.counters.entry(*counter).or_default().paused = None,
            Event::ProfileExtended { counter, service } => {
                self.counters.entry(*counter).or_default().extra.insert(service.clone());
            }
            Event::ProfileRestored { counter, service } => {
                self.counters.entry(*counter).or_default().extra.remove(service);
            }
            Event::ServiceSuspended { service, reason, until } => {
                let suspension = Suspension { reason: reason.clone(), until: *until };
                self.suspended.insert(service.clone(), suspension);
            }
            Event::ServiceResumed { service } => drop(self.suspended.remove(service)),
            Event::AppointmentBooked { appointment } => {
                self.appointments.insert(appointment.code.clone(), appointment.clone());
            }
            Event::AppointmentCancelled { code } => drop(self.appointments.remove(code)),
            Event::KioskClosed { kiosk } => drop(self.closed_kiosks.insert(kiosk.clone())),
            Event::KioskOpened { kiosk } => drop(self.closed_kiosks.remove(kiosk)),
            Event::NumbersSkipped { letter, to } => {
                let last = self.last_numbers.entry(*letter).or_default();
                *last = (*last).max(*to);
            }
            _ => {}
        }
    }

    /// What takes a ticket out of its line or its counter, or puts it back.
    fn apply_moved(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::TicketParked { ticket, until, reason, .. } => {
                let parked = Parked { until: *until, reason: reason.clone() };
                self.set_aside(ticket, TicketPhase::Parked);
                self.change(ticket, |t| t.parked = Some(parked));
            }
            Event::TicketNoShow { ticket, .. } => {
                let service = self.ticket(ticket).map(|t| t.service.clone());
                let calls = service.and_then(|service| self.called.get(&service)).copied().unwrap_or(0);
                self.set_aside(ticket, TicketPhase::Missed);
                self.change(ticket, |t| t.missed = Some(Missed { at, calls }));
            }
            Event::TicketReturned { ticket, .. } => self.join_line(ticket),
            Event::TicketTransferred { ticket, to, back, .. } => {
                self.change(ticket, |t| t.then.splice(..0, back.iter().cloned()).for_each(drop));
                self.wait_for_step(ticket, to);
            }
            Event::TicketCancelled { ticket, .. } => self.set_aside(ticket, TicketPhase::Cancelled),
            Event::TicketExpired { ticket } => self.set_aside(ticket, TicketPhase::Expired),
            _ => {}
        }
    }

    /// Tickets that only a counter could call may be called by every counter of their service once it is closed, also
    /// those that are elsewhere now and come back later.
    fn free_line_of(&mut self, counter: CounterNumber) {
        let sent = |t: &&mut Ticket| t.only_counter == Some(counter) && !t.phase.is_over();
        let mut waiting = Vec::new();
        for ticket in self.tickets.iter_mut().filter(sent) {
            if ticket.phase == TicketPhase::Waiting {
                waiting.push((ticket.id, Step { service: ticket.service.clone(), counter: None }));
            } else {
                ticket.only_counter = None;
            }
        }
        for (ticket, step) in waiting {
            self.wait_for_step(&ticket, &step);
        }
    }

    fn apply_paper(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::ReprintRequested { job } => {
                self.change(&job.ticket, |t| t.copies = job.copy);
                self.add_print_job(*job, at);
            }
            Event::PrintStarted { job, run } => {
                self.settle(job, PrintState::Printing);
                if let Some(job) = self.print_jobs.get_mut(job) {
                    job.run.clone_from(run);
                }
            }
            Event::TicketPrinted { job, paper } => {
                self.settle(job, PrintState::Printed);
                let kiosk = self.print_jobs.get(job).map(|job| job.kiosk.clone());
                self.use_paper(kiosk.as_ref(), paper.as_ref());
            }
            Event::PrintAccepted { job } => self.settle(job, PrintState::Accepted),
            Event::PrintFailed { job, reason } => self.settle(job, PrintState::Failed(reason.clone())),
            Event::PrintUnconfirmed { job, reason } => self.settle(job, PrintState::Unconfirmed(reason.clone())),
            _ => {}
        }
    }

    /// A new day begins empty; what was learned, suspended and booked stays.
    fn open_day(&mut self, day: Date, at: Timestamp) {
        let yesterday = at.saturating_sub(jiff::SignedDuration::from_hours(24)).unwrap_or(at);
        let mut appointments = std::mem::take(&mut self.appointments);
        appointments.retain(|_, appointment| appointment.due >= yesterday);
        *self = Self {
            day: Some(day),
            clock: self.clock,
            learned: std::mem::take(&mut self.learned),
            accuracy: self.accuracy,
            suspended: std::mem::take(&mut self.suspended),
            closed_kiosks: std::mem::take(&mut self.closed_kiosks),
            rolls: self.rolls_for_new_day(),
            appointments,
            ..Self::default()
        };
    }

    fn apply_issued(&mut self, event: &Event, at: Timestamp) {
        let Event::TicketIssued {
            ticket,
            field,
            service,
            class,
            priority,
            language,
            kiosk,
            then,
            appointment,
            people_ahead,
            wait,
        } = event
        else {
            return;
        };
        let passed_base = self.lines.get(&Line::Service(service.clone())).map_or(0, |lane| lane.passed);
        self.add_ticket(Ticket {
            id: *ticket,
            field: field.clone(),
            service: service.clone(),
            only_counter: None,
            then: then.iter().map(|service| Step { service: service.clone(), counter: None }).collect(),
            appointment: appointment.clone(),
            class: class.clone(),
            priority: *priority,
            language: language.clone(),
            kiosk: kiosk.clone(),
            people_ahead: *people_ahead,
            wait: *wait,
            phase: TicketPhase::Waiting,
            issued_at: at,
            called_at: None,
            last_called_at: None,
            started_at: None,
            finished_at: None,
            counter: None,
            officer: None,
            calls: 0,
            parked: None,
            missed: None,
            passed_base,
            result: ServingResult::default(),
            rated: false,
            copies: u16::from(kiosk.is_some()),
        });
        self.last_numbers.insert(ticket.number.letter, ticket.number.value);
        *self.issued.entry(service.clone()).or_default() += 1;
        if let Some(appointment) = appointment {
            self.appointments.remove(&appointment.code);
        }
        if kiosk.is_some() {
            self.add_print_job(PrintJobId { ticket: *ticket, copy: 1 }, at);
        }
    }

    fn apply_called(&mut self, ticket: &TicketId, counter: CounterNumber, at: Timestamp) {
        self.leave(ticket);
        let Some(t) = self.place(ticket).and_then(|place| self.tickets.get_mut(place)) else { return };
        t.phase = TicketPhase::Called;
        t.counter = Some(counter);
        t.calls = 1;
        t.last_called_at = Some(at);
        if t.called_at.is_none() {
            t.called_at = Some(at);
            let waited = seconds_between(t.issued_at, at);
            self.first_calls += 1;
            self.waited_seconds += waited;
            self.accuracy.add(t.wait, waited);
        }
        *self.called.entry(t.service.clone()).or_default() += 1;
        let urgent = t.is_urgent();
        let state = self.counters.entry(counter).or_default();
        state.open_ticket = Some(*ticket);
        state.awaits_rating = None;
        state.urgent_streak = if urgent { state.urgent_streak.saturating_add(1) } else { 0 };
    }

    fn pass_over(&mut self, lines: &[Line]) {
        for line in lines {
            self.lines.entry(line.clone()).or_default().passed += 1;
        }
    }

    /// A service at a counter is done.
    fn serve(&mut self, ticket: &TicketId, counter: CounterNumber, result: &ServingResult, at: Timestamp) {
        let Some(t) = self.place(ticket).and_then(|place| self.tickets.get_mut(place)) else { return };
        t.finished_at = Some(at);
        t.result = result.clone();
        let handling = t.started_at.map_or(0, |started| seconds_between(started, at));
        // The counter is taken from the call on, so that is what the next ones wait for.
        let began = t.last_called_at.unwrap_or(at);
        self.learned.add(&t.service, began, at.duration_since(began));
        let state = self.counters.entry(counter).or_default();
        state.open_ticket = None;
        state.figures.served += 1;
        state.figures.handling_seconds += handling;
    }

    fn apply_rated(&mut self, ticket: &TicketId, counter: CounterNumber, satisfied: bool) {
        self.change(ticket, |t| t.rated = true);
        let state = self.counters.entry(counter).or_default();
        state.figures.ratings += 1;
        state.figures.satisfied += u32::from(satisfied);
        if state.awaits_rating == Some(*ticket) {
            state.awaits_rating = None;
        }
    }

    /// Waits for another service or counter, at its old place.
    fn wait_for_step(&mut self, ticket: &TicketId, step: &Step) {
        self.leave(ticket);
        self.change(ticket, |t| {
            t.service = step.service.clone();
            t.only_counter = step.counter;
        });
        self.join_line(ticket);
    }

    /// Takes a ticket from wherever it is; it has that phase now.
    fn set_aside(&mut self, ticket: &TicketId, phase: TicketPhase) {
        self.leave(ticket);
        let Some(place) = self.place(ticket) else { return };
        match phase {
            TicketPhase::Parked => drop(self.parked.insert(place)),
            TicketPhase::Missed => drop(self.missed.insert(place)),
            _ => {}
        }
        self.change(ticket, |t| t.phase = phase);
    }

    /// Puts a ticket into its line, at its place of issue.
    fn join_line(&mut self, ticket: &TicketId) {
        self.leave(ticket);
        let Some(place) = self.place(ticket) else { return };
        let Some(line) = self.tickets.get(place).map(Ticket::line) else { return };
        let lane = self.lines.entry(line).or_default();
        // Those behind it were not passed over less often: its count stays in the order of the places.
        let next = lane.normal.range(place..).next().and_then(|next| self.tickets.get(*next));
        let base = next.map_or(lane.passed, |next| next.passed_base);
        let Some(t) = self.tickets.get_mut(place) else { return };
        t.phase = TicketPhase::Waiting;
        t.passed_base = base;
        (t.started_at, t.counter, t.officer) = (None, None, None);
        lane.insert(place, t);
    }

    /// Out of its line, from aside and from its counter.
    fn leave(&mut self, ticket: &TicketId) {
        let Some(place) = self.place(ticket) else { return };
        let Some(t) = self.tickets.get_mut(place) else { return };
        if let Some(lane) = self.lines.get_mut(&t.line()) {
            lane.remove(place, t);
        }
        self.parked.remove(&place);
        self.missed.remove(&place);
        (t.parked, t.missed) = (None, None);
        for state in self.counters.values_mut().filter(|c| c.open_ticket == Some(*ticket)) {
            state.open_ticket = None;
        }
    }

    fn change(&mut self, ticket: &TicketId, change: impl FnOnce(&mut Ticket)) {
        if let Some(t) = self.place(ticket).and_then(|n| self.tickets.get_mut(n)) {
            change(t);
        }
    }

    fn add_print_job(&mut self, id: PrintJobId, at: Timestamp) {
        let Some(kiosk) = self.ticket(&id.ticket).and_then(|t| t.kiosk.clone()) else { return };
        self.print_jobs.insert(id, PrintJob { id, kiosk, requested_at: at, state: PrintState::Pending, run: None });
        self.open_print_jobs.insert(id);
    }

    fn settle(&mut self, job: &PrintJobId, state: PrintState) {
        if !state.is_open() {
            self.open_print_jobs.remove(job);
        }
        if let Some(job) = self.print_jobs.get_mut(job) {
            job.state = state;
        }
    }

    fn remember_call(&mut self, sequence: u64, at: Timestamp, ticket: &TicketId, counter: CounterNumber) {
        self.calls.push_front(Call { sequence, at, ticket: *ticket, counter });
        self.calls.truncate(MAX_RECENT_CALLS);
    }
}

/// Whole seconds from `from` to `to`; 0 when the clock went back between them.
fn seconds_between(from: Timestamp, to: Timestamp) -> u64 {
    u64::try_from(to.as_second() - from.as_second()).unwrap_or(0)
}
