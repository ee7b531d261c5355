//! Who is next: the order in which a counter calls, and who is before whom.

use crate::hall::Hall;
use crate::ids::{CounterNumber, ServiceId};
use crate::state::{HallState, Lanes, Ticket};

impl HallState {
    /// The ticket that the counter would call now: the oldest priority ticket, except that after
    /// `priority_in_a_row` of them a waiting normal one goes first.
    #[must_use]
    pub fn next_for(&self, hall: &Hall, counter: CounterNumber) -> Option<&Ticket> {
        let lanes = self.lanes_of(hall, counter);
        let oldest = |pick: fn(&Lanes) -> Option<&usize>| lanes.clone().filter_map(pick).min().copied();
        let priority = oldest(|lanes| lanes.priority.first());
        let normal = oldest(|lanes| lanes.normal.first());
        let streak = self.counter(counter).map_or(0, |c| c.priority_streak);
        let normals_turn = streak >= hall.policy().priority_in_a_row;
        let place = if normals_turn { normal.or(priority) } else { priority.or(normal) };
        place.and_then(|n| self.tickets.get(n))
    }

    /// The first `most` tickets in the order in which the counter would call them, and how many wait for it in all.
    #[must_use]
    pub fn queue_of(&self, hall: &Hall, counter: CounterNumber, most: usize) -> (Vec<&Ticket>, usize) {
        let lanes = self.lanes_of(hall, counter);
        let mut priority: Vec<usize> = lanes.clone().flat_map(|l| l.priority.iter().take(most)).copied().collect();
        let mut normal: Vec<usize> = lanes.clone().flat_map(|l| l.normal.iter().take(most)).copied().collect();
        let total = lanes.map(|l| l.priority.len() + l.normal.len()).sum();
        priority.sort_unstable();
        normal.sort_unstable();
        let (mut priority, mut normal) = (priority.into_iter().peekable(), normal.into_iter().peekable());
        let mut streak = self.counter(counter).map_or(0, |c| c.priority_streak);
        let mut queue = Vec::new();
        while queue.len() < most {
            let normals_turn = streak >= hall.policy().priority_in_a_row && normal.peek().is_some();
            let place = if normals_turn || priority.peek().is_none() {
                streak = 0;
                normal.next()
            } else {
                streak += 1;
                priority.next()
            };
            let Some(ticket) = place.and_then(|n| self.tickets.get(n)) else { break };
            queue.push(ticket);
        }
        (queue, total)
    }

    /// People who are called before a newcomer of this service at the counters that serve it.
    #[must_use]
    pub fn ahead_of_newcomer(&self, hall: &Hall, service: &ServiceId, priority: bool) -> u32 {
        self.ahead(hall, service, priority, usize::MAX)
    }

    /// People who are called before a waiting ticket.
    #[must_use]
    pub fn ahead_of(&self, hall: &Hall, ticket: &Ticket) -> u32 {
        self.place(&ticket.id).map_or(0, |n| self.ahead(hall, &ticket.service, ticket.priority, n))
    }

    /// Tickets of all services that share a counter with `service` and go before `place`. Later priority tickets are
    /// not counted: they have not come yet.
    fn ahead(&self, hall: &Hall, service: &ServiceId, priority: bool, place: usize) -> u32 {
        let rivals = hall.rivals_of(service).iter().filter_map(|rival| self.waiting.get(rival));
        let count: usize = rivals
            .map(|lanes| {
                let normal = if priority { 0 } else { before(&lanes.normal, place) };
                let first = if priority { before(&lanes.priority, place) } else { lanes.priority.len() };
                normal + first
            })
            .sum();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    fn lanes_of<'a>(&'a self, hall: &'a Hall, counter: CounterNumber) -> impl Iterator<Item = &'a Lanes> + Clone {
        let services = hall.counter(counter).map_or(&[][..], |c| c.services.as_slice());
        services.iter().filter_map(|service| self.waiting.get(service))
    }
}

fn before(lane: &std::collections::BTreeSet<usize>, place: usize) -> usize {
    if lane.last().is_none_or(|last| *last < place) { lane.len() } else { lane.range(..place).count() }
}
