//! Balance: where a service has to wait longer than its target, who could help.

use jiff::Timestamp;

use crate::estimate::WaitRange;
use crate::event::Event;
use crate::hall::{Hall, Service};
use crate::ids::{CounterNumber, ServiceId};
use crate::state::HallState;

/// A service that has to wait too long, and who could help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// Which service.
    pub service: ServiceId,
    /// The wait of a newcomer.
    pub wait: WaitRange,
    /// The wait that it should stay under, minutes.
    pub target_minutes: u32,
    /// A counter whose officer could call it and who has the least to do; none when nobody can.
    pub helper: Option<CounterNumber>,
}

impl HallState {
    /// Services over their target at `now`, in the hall's order.
    #[must_use]
    pub fn advice(&self, hall: &Hall, now: Timestamp) -> Vec<Advice> {
        let services = hall.parts().services.iter();
        services.filter_map(|service| self.advise(hall, service, now)).collect()
    }

    fn advise(&self, hall: &Hall, service: &Service, now: Timestamp) -> Option<Advice> {
        // Nobody waits: nothing to help with.
        if self.waiting_for(&service.id) == 0 {
            return None;
        }
        let wait = self.wait_of_newcomer(hall, service, false, now);
        (wait.low > service.target_minutes).then(|| Advice {
            service: service.id.clone(),
            wait,
            target_minutes: service.target_minutes,
            helper: self.helper(hall, &service.id),
        })
    }

    /// The open counter with the fewest waiting whose officer knows the service but does not call it yet.
    fn helper(&self, hall: &Hall, service: &ServiceId) -> Option<CounterNumber> {
        // A counter that is gone from the definition cannot call.
        let defined = |n: CounterNumber| hall.counter(n).is_some() && self.officer_knows(hall, n, service);
        let could = |n: &CounterNumber| defined(*n) && !self.calls_service(hall, *n, service);
        let working = self.counters().filter(|(_, c)| c.is_working()).map(|(n, _)| n);
        working.filter(could).min_by_key(|n| (self.waiting_at(hall, *n), self.is_busy(*n), *n))
    }

    fn waiting_at(&self, hall: &Hall, counter: CounterNumber) -> usize {
        let lines = self.own_lines(hall, counter);
        lines.iter().filter_map(|(line, _)| self.lines.get(line)).map(crate::lane::Lane::len).sum()
    }

    fn is_busy(&self, counter: CounterNumber) -> bool {
        self.counter(counter).is_some_and(|c| c.open_ticket.is_some())
    }

    /// What the hall does about it by itself: idle counters get a service, and give it back when its wait is half of
    /// the target again.
    pub(crate) fn balance(&self, hall: &Hall, now: Timestamp) -> Vec<Event> {
        let mut events = Vec::new();
        for advice in self.advice(hall, now) {
            let idle = |n: &CounterNumber| !self.is_busy(*n) && self.waiting_at(hall, *n) == 0;
            let taken = |n: &CounterNumber| {
                events.iter().any(|e| matches!(e, Event::ProfileExtended { counter, .. } if counter == n))
            };
            if let Some(counter) = advice.helper.filter(idle).filter(|n| !taken(n)) {
                events.push(Event::ProfileExtended { counter, service: advice.service });
            }
        }
        for (counter, state) in self.counters().filter(|(n, _)| hall.counter(*n).is_some()) {
            let relieved = |id: &&ServiceId| {
                let service = hall.service(id);
                service.is_none_or(|s| self.wait_of_newcomer(hall, s, false, now).high <= s.target_minutes / 2)
            };
            let restored = state.extra.iter().filter(relieved);
            events.extend(restored.map(|service| Event::ProfileRestored { counter, service: service.clone() }));
        }
        events
    }
}
