//! Counters: opening, pausing, calling, serving.

use super::Rules;
use crate::event::{CallRule, Event, ReturnCause, ServingResult, Step};
use crate::ids::{CounterNumber, OfficerId, TicketId};
use crate::refusal::Refusal;
use crate::ticket::{Ticket, TicketPhase};

/// Most dossiers handled on one ticket.
const MAX_DOSSIERS: usize = 20;
/// Longest dossier code, bytes.
const MAX_DOSSIER: usize = 64;

impl Rules<'_> {
    pub(super) fn open_counter(&self, counter: CounterNumber, officer: &OfficerId) -> Result<Vec<Event>, Refusal> {
        self.hall.counter(counter).ok_or(Refusal::UnknownCounter(counter))?;
        self.hall.officer(officer).ok_or_else(|| Refusal::UnknownOfficer(officer.clone()))?;
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

    pub(super) fn close_counter(&self, counter: CounterNumber, hand_over: bool) -> Result<Vec<Event>, Refusal> {
        self.officer_at(counter)?;
        let closed = Event::CounterClosed { counter };
        match self.state.counter(counter).and_then(|c| c.open_ticket) {
            Some(ticket) if hand_over => {
                Ok(vec![Event::TicketReturned { ticket, cause: ReturnCause::HandedOver }, closed])
            }
            Some(ticket) => Err(Refusal::CounterBusy(counter, ticket)),
            None => Ok(vec![closed]),
        }
    }

    pub(super) fn pause(&self, counter: CounterNumber, reason: &str) -> Result<Event, Refusal> {
        self.working(counter)?;
        super::check_reason(reason)?;
        match self.state.counter(counter).and_then(|c| c.open_ticket) {
            Some(ticket) => Err(Refusal::CounterBusy(counter, ticket)),
            None => Ok(Event::CounterPaused { counter, reason: reason.to_owned() }),
        }
    }

    pub(super) fn resume(&self, counter: CounterNumber) -> Result<Event, Refusal> {
        self.officer_at(counter)?;
        match self.state.counter(counter).and_then(|c| c.paused.as_ref()) {
            Some(_) => Ok(Event::CounterResumed { counter }),
            None => Err(Refusal::CounterNotPaused(counter)),
        }
    }

    pub(super) fn call_next(&self, counter: CounterNumber) -> Result<Event, Refusal> {
        let officer = self.free(counter)?;
        let choice = self.state.next_for(self.hall, counter, self.now).ok_or(Refusal::NothingWaiting(counter))?;
        let (ticket, rule) = (choice.ticket.id, Some(choice.rule));
        Ok(Event::TicketCalled { ticket, counter, officer, rule, passed_over: choice.passed_over })
    }

    pub(super) fn call_ticket(&self, counter: CounterNumber, id: &TicketId, reason: &str) -> Result<Event, Refusal> {
        let officer = self.free(counter)?;
        super::check_reason(reason)?;
        let ticket = self.ticket(id)?;
        if !matches!(ticket.phase, TicketPhase::Waiting | TicketPhase::Parked | TicketPhase::Missed) {
            return Err(Refusal::TicketNotCallable(*id));
        }
        if !self.state.officer_knows(self.hall, counter, &ticket.service) {
            return Err(Refusal::NotServedThere(counter, ticket.service.clone()));
        }
        let rule = Some(CallRule::Picked(reason.to_owned()));
        // An officer's own choice passes nobody over: the bound counts what the hall does by itself.
        Ok(Event::TicketCalled { ticket: *id, counter, officer, rule, passed_over: Vec::new() })
    }

    pub(super) fn recall(&self, counter: CounterNumber) -> Result<Event, Refusal> {
        let ticket = self.called_at(counter)?;
        let policy = self.hall.policy();
        if ticket.calls > policy.recall_limit {
            return Err(Refusal::RecallLimit(counter, policy.recall_limit));
        }
        let since = ticket.last_called_at.map_or(0, |last| self.now.duration_since(last).as_millis());
        let left = i128::try_from(policy.recall_guard.as_millis()).unwrap_or(0) - since;
        if left > 0 {
            let seconds = u64::try_from(left).unwrap_or(0).div_ceil(1000);
            return Err(Refusal::RecallTooSoon(counter, seconds));
        }
        Ok(Event::TicketRecalled { ticket: ticket.id, counter })
    }

    pub(super) fn finish(&self, counter: CounterNumber, result: &ServingResult) -> Result<Event, Refusal> {
        let officer = self.officer_at(counter)?.clone();
        let ticket = self.open_ticket(counter).filter(|t| t.phase == TicketPhase::Serving);
        let ticket = ticket.ok_or(Refusal::NotServing(counter))?;
        self.check_result(result)?;
        let (id, result) = (ticket.id, result.clone());
        Ok(match ticket.then.first() {
            Some(next) => {
                // A counter that has closed since cannot call it: then any counter of the service does.
                let counter_open = |n: &CounterNumber| self.state.counter(*n).is_some_and(|c| c.officer.is_some());
                let next = Step { service: next.service.clone(), counter: next.counter.filter(counter_open) };
                Event::StageFinished { ticket: id, counter, officer, result, next }
            }
            None => Event::ServingFinished { ticket: id, counter, officer, result },
        })
    }

    fn check_result(&self, result: &ServingResult) -> Result<(), Refusal> {
        if let Some(outcome) = result.outcome.as_ref().filter(|o| !self.hall.parts().outcomes.contains(o)) {
            return Err(Refusal::UnknownOutcome(outcome.clone()));
        }
        let letter = |b: u8| b.is_ascii_alphanumeric() || b".-/_".contains(&b);
        let wrong = |code: &&String| !(1..=MAX_DOSSIER).contains(&code.len()) || !code.bytes().all(letter);
        let too_many = result.dossiers.get(MAX_DOSSIERS);
        match result.dossiers.iter().find(wrong).or(too_many) {
            Some(code) => Err(Refusal::InvalidDossier(code.chars().take(MAX_DOSSIER).collect())),
            None => Ok(()),
        }
    }

    /// The officer of a counter that is open, not paused and has no ticket.
    fn free(&self, counter: CounterNumber) -> Result<OfficerId, Refusal> {
        let officer = self.working(counter)?.clone();
        match self.state.counter(counter).and_then(|c| c.open_ticket) {
            Some(ticket) => Err(Refusal::CounterBusy(counter, ticket)),
            None => Ok(officer),
        }
    }

    fn working(&self, counter: CounterNumber) -> Result<&OfficerId, Refusal> {
        let officer = self.officer_at(counter)?;
        match self.state.counter(counter).and_then(|c| c.paused.clone()) {
            Some(reason) => Err(Refusal::CounterPaused(counter, reason)),
            None => Ok(officer),
        }
    }

    pub(super) fn officer_at(&self, counter: CounterNumber) -> Result<&OfficerId, Refusal> {
        self.hall.counter(counter).ok_or(Refusal::UnknownCounter(counter))?;
        let officer = self.state.counter(counter).and_then(|c| c.officer.as_ref());
        officer.ok_or(Refusal::CounterClosed(counter))
    }

    pub(super) fn open_ticket(&self, counter: CounterNumber) -> Option<&Ticket> {
        let id = self.state.counter(counter)?.open_ticket?;
        self.state.ticket(&id)
    }

    /// The ticket that is called to the counter and not yet served.
    pub(super) fn called_at(&self, counter: CounterNumber) -> Result<&Ticket, Refusal> {
        self.officer_at(counter)?;
        let ticket = self.open_ticket(counter).ok_or(Refusal::NoTicketCalled(counter))?;
        match ticket.phase {
            TicketPhase::Serving => Err(Refusal::AlreadyServing(counter, ticket.id)),
            _ => Ok(ticket),
        }
    }
}
