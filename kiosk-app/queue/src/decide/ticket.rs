//! A ticket's way between lines, counters and aside; ratings; appointments; suspended services.

use jiff::Timestamp;

use super::Rules;
use crate::event::{Appointment, Event, ReturnCause, Step};
use crate::ids::{AppointmentCode, CounterNumber, LevelId, ReasonId, ServiceId, TicketId};
use crate::refusal::Refusal;
use crate::ticket::TicketPhase;

impl Rules<'_> {
    pub(super) fn park(
        &self,
        counter: CounterNumber,
        until: Option<Timestamp>,
        reason: &str,
    ) -> Result<Event, Refusal> {
        self.officer_at(counter)?;
        let ticket = self.open_ticket(counter).ok_or(Refusal::NoTicketThere(counter))?.id;
        super::check_reason(reason)?;
        self.check_to_come(until)?;
        Ok(Event::TicketParked { ticket, counter, until, reason: reason.to_owned() })
    }

    pub(super) fn unpark(&self, ticket: &TicketId) -> Result<Event, Refusal> {
        match self.ticket(ticket)?.phase {
            TicketPhase::Parked => Ok(Event::TicketReturned { ticket: *ticket, cause: ReturnCause::Unparked }),
            _ => Err(Refusal::TicketNotParked(*ticket)),
        }
    }

    pub(super) fn transfer(
        &self,
        counter: CounterNumber,
        service: Option<&ServiceId>,
        to: Option<CounterNumber>,
        and_return: bool,
    ) -> Result<Event, Refusal> {
        self.officer_at(counter)?;
        let ticket = self.open_ticket(counter).ok_or(Refusal::NoTicketThere(counter))?;
        let service = self.service(service.unwrap_or(&ticket.service))?.id.clone();
        if let Some(to) = to {
            self.officer_at(to)?;
            if !self.state.can_serve(self.hall, to, &service) {
                return Err(Refusal::NotServedThere(to, service));
            }
        }
        let step = Step { service, counter: to };
        let stays = to == Some(counter) || (to.is_none() && step.service == ticket.service && and_return);
        if stays {
            return Err(Refusal::TransferToItself(ticket.id));
        }
        let back = and_return.then(|| Step { service: ticket.service.clone(), counter: Some(counter) });
        if ticket.then.len() + usize::from(and_return) >= super::MAX_STEPS {
            return Err(Refusal::InvalidPlan);
        }
        Ok(Event::TicketTransferred { ticket: ticket.id, counter, to: step, back })
    }

    /// A citizen who missed the call is there after all.
    pub(super) fn come_back(&self, ticket: &TicketId) -> Result<Event, Refusal> {
        match self.ticket(ticket)?.phase {
            TicketPhase::Missed if self.is_gone(self.ticket(ticket)?) => Err(Refusal::TooLateToReturn(*ticket)),
            TicketPhase::Missed => Ok(Event::TicketReturned { ticket: *ticket, cause: ReturnCause::CameBack }),
            _ => Err(Refusal::TicketNotMissed(*ticket)),
        }
    }

    pub(super) fn cancel(&self, ticket: &TicketId) -> Result<Event, Refusal> {
        match self.ticket(ticket)?.phase {
            TicketPhase::Waiting | TicketPhase::Called | TicketPhase::Parked | TicketPhase::Missed => {
                Ok(Event::TicketCancelled { ticket: *ticket, reason: None })
            }
            _ => Err(Refusal::TicketNotOpen(*ticket)),
        }
    }

    pub(super) fn rate(
        &self,
        ticket: &TicketId,
        level: &LevelId,
        reasons: &[ReasonId],
        comment: bool,
    ) -> Result<Event, Refusal> {
        let t = self.ticket(ticket)?;
        let known = self.hall.parts().rating_levels.iter().find(|l| l.id == *level);
        let level = known.ok_or_else(|| Refusal::UnknownRatingLevel(level.clone()))?;
        let (TicketPhase::Finished, Some(counter), Some(officer)) = (t.phase, t.counter, t.officer.clone()) else {
            return Err(Refusal::TicketNotFinished(*ticket));
        };
        if t.rated {
            return Err(Refusal::AlreadyRated(*ticket));
        }
        let unknown = |reason: &&ReasonId| !self.hall.parts().rating_reasons.contains(reason);
        if let Some(reason) = reasons.iter().find(unknown) {
            return Err(Refusal::UnknownRatingReason(reason.clone()));
        }
        // Each once, in the hall's order.
        let named = |reason: &&ReasonId| reasons.contains(reason);
        let reasons = self.hall.parts().rating_reasons.iter().filter(named).cloned().collect();
        let (level, satisfied) = (level.id.clone(), level.satisfied);
        Ok(Event::ServiceRated { ticket: *ticket, counter, officer, level, satisfied, reasons, comment })
    }

    pub(super) fn suspend(
        &self,
        service: &ServiceId,
        reason: &str,
        until: Option<Timestamp>,
    ) -> Result<Event, Refusal> {
        let service = self.service(service)?.id.clone();
        super::check_reason(reason)?;
        self.check_to_come(until)?;
        Ok(Event::ServiceSuspended { service, reason: reason.to_owned(), until })
    }

    pub(super) fn resume_service(&self, service: &ServiceId) -> Result<Event, Refusal> {
        let service = self.service(service)?.id.clone();
        match self.state.suspension(&service) {
            Some(_) => Ok(Event::ServiceResumed { service }),
            None => Err(Refusal::ServiceNotSuspended(service)),
        }
    }

    pub(super) fn book(&self, code: &AppointmentCode, service: &ServiceId, due: Timestamp) -> Result<Event, Refusal> {
        let service = self.service(service)?.id.clone();
        let taken = self.state.tickets().iter().filter_map(|t| t.appointment.as_ref()).any(|a| a.code == *code);
        if taken || self.state.appointments.contains_key(code) {
            return Err(Refusal::AppointmentExists(code.clone()));
        }
        if due < self.now {
            return Err(Refusal::AppointmentPast(code.clone(), due));
        }
        Ok(Event::AppointmentBooked { appointment: Appointment { code: code.clone(), service, due } })
    }

    pub(super) fn cancel_appointment(&self, code: &AppointmentCode) -> Result<Event, Refusal> {
        match self.state.appointments.get(code) {
            Some(_) => Ok(Event::AppointmentCancelled { code: code.clone() }),
            None => Err(Refusal::UnknownAppointment(code.clone())),
        }
    }

    fn check_to_come(&self, until: Option<Timestamp>) -> Result<(), Refusal> {
        until.filter(|until| *until <= self.now).map_or(Ok(()), |until| Err(Refusal::TimeIsPast(until)))
    }
}
