//! What time alone brings about: the day rolls over, parked tickets come back, missed and late ones end.

use jiff::Timestamp;

use super::Rules;
use crate::event::{Event, ReturnCause};
use crate::hall::Balance;
use crate::hours::DAY_MINUTES;
use crate::ticket::{Ticket, TicketPhase};

/// Reason of a ticket that was cancelled since its citizen did not come back.
const MISSED: &str = "missed";

impl Rules<'_> {
    /// The old day ends: every ticket has an end in the log, then the new day opens.
    pub(super) fn roll_over(&self) -> Vec<Event> {
        let open = self.state.tickets().iter().filter(|ticket| !ticket.phase.is_over());
        let expired = open.map(|ticket| Event::TicketExpired { ticket: ticket.id });
        expired.chain([Event::DayOpened { day: self.hall.service_day(self.now) }]).collect()
    }

    pub(super) fn pass_time(&self) -> Vec<Event> {
        if self.is_long_closed() {
            let ends = |ticket: &&Ticket| {
                matches!(ticket.phase, TicketPhase::Waiting | TicketPhase::Parked | TicketPhase::Missed)
            };
            let open = self.state.tickets().iter().filter(ends);
            return open.map(|ticket| Event::TicketExpired { ticket: ticket.id }).collect();
        }
        let mut events = self.close_undefined();
        let due = |until: Option<Timestamp>| until.is_some_and(|until| until <= self.now);
        let unparked = self.state.parked().filter(|t| due(t.parked.as_ref().and_then(|p| p.until)));
        events.extend(unparked.map(|t| Event::TicketReturned { ticket: t.id, cause: ReturnCause::Unparked }));
        let gone = self.state.missed().filter(|t| self.is_gone(t));
        events.extend(gone.map(|t| Event::TicketCancelled { ticket: t.id, reason: Some(MISSED.to_owned()) }));
        let resumed = self.state.suspended.iter().filter(|(_, suspension)| due(suspension.until));
        events.extend(resumed.map(|(service, _)| Event::ServiceResumed { service: service.clone() }));
        if self.hall.policy().balance == Balance::AddToIdle {
            events.extend(self.state.balance(self.hall, self.now));
        }
        events
    }

    /// Counters that a new definition no longer has: nobody could close them, call for them or free their officers.
    fn close_undefined(&self) -> Vec<Event> {
        let mut events = Vec::new();
        let open = self.state.counters().filter(|(_, c)| c.officer.is_some());
        for (counter, state) in open.filter(|(n, _)| self.hall.counter(*n).is_none()) {
            let cause = ReturnCause::HandedOver;
            events.extend(state.open_ticket.map(|ticket| Event::TicketReturned { ticket, cause }));
            events.push(Event::CounterClosed { counter });
        }
        events
    }

    /// Whether it is too late to come back after a missed call.
    pub(super) fn is_gone(&self, ticket: &Ticket) -> bool {
        let Some(missed) = ticket.missed else { return false };
        let policy = self.hall.policy().missed;
        let calls = self.state.called.get(&ticket.service).copied().unwrap_or(0).saturating_sub(missed.calls);
        let minutes = self.now.duration_since(missed.at).as_mins();
        calls > policy.within_numbers || minutes >= i64::from(policy.within_minutes)
    }

    /// Whether the last number of the day was given so long ago that nobody will be called any more today.
    fn is_long_closed(&self) -> bool {
        let policy = self.hall.policy();
        let (Some(grace), local) = (policy.expire_after_closing_minutes, self.hall.local_time(self.now)) else {
            return false;
        };
        let (opening, services) = (&self.hall.parts().opening, &self.hall.parts().services);
        // A service with hours of its own may give numbers when the hall's own hours are over.
        let weeks = services.iter().filter_map(|service| service.hours.as_ref()).chain([&opening.week]);
        let closes = weeks.filter_map(|week| opening.closes_at(week, self.day)).max().unwrap_or(0);
        // A hall that never closes in the day has no closing.
        if closes >= DAY_MINUTES {
            return false;
        }
        let midnight = self.day.at(0, 0, 0, 0);
        let minutes = local.duration_since(midnight).as_mins();
        minutes >= i64::from(closes) + i64::from(grace)
    }
}
