//! The fold: one event into the state. It never refuses; the log is what happened.

use jiff::Timestamp;

use crate::event::{Event, Recorded};
use crate::ids::{CounterNumber, PrintJobId, TicketId};
use crate::state::{Call, HallState, MAX_RECENT_CALLS, PrintJob, PrintState, Ticket, TicketPhase};

impl HallState {
    /// Folds one event in.
    pub fn apply(&mut self, recorded: &Recorded) {
        let at = recorded.at;
        match &recorded.event {
            Event::DayOpened { day } => *self = Self::at_day(*day),
            Event::CounterOpened { counter, officer } => {
                let state = self.counters.entry(*counter).or_default();
                state.officer = Some(officer.clone());
                state.awaits_rating = None;
            }
            Event::CounterClosed { counter } => {
                let state = self.counters.entry(*counter).or_default();
                state.officer = None;
                state.priority_streak = 0;
            }
            Event::TicketIssued { .. } => self.apply_issued(&recorded.event, at),
            Event::TicketCalled { ticket, counter, officer } => {
                self.apply_called(ticket, *counter, at);
                self.change(ticket, |t| t.officer = Some(officer.clone()));
                self.remember_call(recorded.sequence, at, ticket, *counter);
            }
            Event::TicketRecalled { ticket, counter } => {
                self.change(ticket, |t| t.calls += 1);
                self.remember_call(recorded.sequence, at, ticket, *counter);
            }
            Event::ServingStarted { ticket, .. } => self.change(ticket, |t| {
                t.phase = TicketPhase::Serving;
                t.started_at = Some(at);
            }),
            Event::ServingFinished { ticket, counter, .. } => self.apply_finished(ticket, *counter, at),
            Event::TicketNoShow { ticket, counter } => {
                self.change(ticket, |t| t.phase = TicketPhase::NoShow);
                self.counters.entry(*counter).or_default().open_ticket = None;
            }
            Event::TicketCancelled { ticket } => self.apply_cancelled(ticket),
            Event::ServiceRated { ticket, counter, satisfied, .. } => {
                self.change(ticket, |t| t.rated = true);
                let state = self.counters.entry(*counter).or_default();
                state.figures.ratings += 1;
                state.figures.satisfied += u32::from(*satisfied);
                if state.awaits_rating == Some(*ticket) {
                    state.awaits_rating = None;
                }
            }
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
            Event::TicketPrinted { job } => self.settle(job, PrintState::Printed),
            Event::PrintFailed { job, reason } => self.settle(job, PrintState::Failed(reason.clone())),
            Event::PrintUnconfirmed { job, reason } => self.settle(job, PrintState::Unconfirmed(reason.clone())),
        }
        self.sequence = recorded.sequence;
    }

    fn apply_issued(&mut self, event: &Event, at: Timestamp) {
        let Event::TicketIssued { ticket, field, service, class, priority, language, kiosk, people_ahead, wait } =
            event
        else {
            return;
        };
        self.add_ticket(Ticket {
            id: *ticket,
            field: field.clone(),
            service: service.clone(),
            class: class.clone(),
            priority: *priority,
            language: language.clone(),
            kiosk: kiosk.clone(),
            people_ahead: *people_ahead,
            wait: *wait,
            phase: TicketPhase::Waiting,
            issued_at: at,
            called_at: None,
            started_at: None,
            finished_at: None,
            counter: None,
            officer: None,
            calls: 0,
            rated: false,
            copies: u16::from(kiosk.is_some()),
        });
        self.last_numbers.insert(ticket.number.letter, ticket.number.value);
        if kiosk.is_some() {
            self.add_print_job(PrintJobId { ticket: *ticket, copy: 1 }, at);
        }
    }

    fn apply_called(&mut self, ticket: &TicketId, counter: CounterNumber, at: Timestamp) {
        let Some(place) = self.place(ticket) else { return };
        let streak = self.streak_after(place, counter);
        self.leave_queue(place);
        let Some(t) = self.tickets.get_mut(place) else { return };
        t.phase = TicketPhase::Called;
        t.counter = Some(counter);
        t.calls += 1;
        if t.called_at.is_none() {
            t.called_at = Some(at);
            self.first_calls += 1;
            self.waited_seconds += seconds_between(t.issued_at, at);
        }
        let state = self.counters.entry(counter).or_default();
        state.open_ticket = Some(*ticket);
        state.awaits_rating = None;
        state.priority_streak = streak;
    }

    fn apply_finished(&mut self, ticket: &TicketId, counter: CounterNumber, at: Timestamp) {
        let mut handling = 0;
        self.change(ticket, |t| {
            t.phase = TicketPhase::Finished;
            t.finished_at = Some(at);
            handling = t.started_at.map_or(0, |started| seconds_between(started, at));
        });
        let state = self.counters.entry(counter).or_default();
        state.open_ticket = None;
        state.awaits_rating = Some(*ticket);
        state.figures.served += 1;
        state.figures.handling_seconds += handling;
    }

    fn apply_cancelled(&mut self, ticket: &TicketId) {
        let Some(place) = self.place(ticket) else { return };
        self.leave_queue(place);
        self.change(ticket, |t| t.phase = TicketPhase::Cancelled);
        for state in self.counters.values_mut().filter(|c| c.open_ticket == Some(*ticket)) {
            state.open_ticket = None;
        }
    }

    /// The counter's run of priority tickets once this ticket is called.
    fn streak_after(&self, place: usize, counter: CounterNumber) -> u32 {
        let Some(ticket) = self.tickets.get(place) else { return 0 };
        if !ticket.priority {
            return 0;
        }
        self.counters.get(&counter).map_or(0, |c| c.priority_streak).saturating_add(1)
    }

    fn leave_queue(&mut self, place: usize) {
        let Some(ticket) = self.tickets.get(place) else { return };
        if let Some(lanes) = self.waiting.get_mut(&ticket.service) {
            lanes.normal.remove(&place);
            lanes.priority.remove(&place);
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
