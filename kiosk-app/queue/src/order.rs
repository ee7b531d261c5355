//! Who is next: the order in which a counter calls, and who stands before whom.
//!
//! Among the lines of a counter: a normal ticket at the hall's bound first; else urgent or normal by the policy; among
//! normal ones the longest wait, by the weights of the counter's services. Places of issue, not times, break ties, so
//! that a clock that jumps changes no order.

use std::collections::btree_set;
use std::iter::Peekable;

use jiff::{SignedDuration, Timestamp};

use crate::event::{CallRule, Line};
use crate::hall::{Hall, PriorityPolicy};
use crate::ids::{CounterNumber, ServiceId};
use crate::lane::Lane;
use crate::state::HallState;
use crate::ticket::Ticket;

/// The ticket that a counter calls now, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice<'a> {
    /// The ticket.
    pub ticket: &'a Ticket,
    /// Why this one.
    pub rule: CallRule,
    /// Lines whose oldest normal ticket is older and is passed over.
    pub passed_over: Vec<Line>,
}

/// A waiting ticket as the chooser sees it.
#[derive(Clone, Copy)]
struct Candidate {
    lane: usize,
    place: usize,
    since: Timestamp,
}

struct LaneView<'a> {
    line: &'a Line,
    weight: u64,
    passed: u64,
    normal: Peekable<btree_set::Iter<'a, usize>>,
    urgent: Peekable<btree_set::Iter<'a, (Timestamp, usize)>>,
}

/// Calls one ticket after the other from a set of lines, on paper only.
struct Chooser<'a> {
    state: &'a HallState,
    hall: &'a Hall,
    now: Timestamp,
    lanes: Vec<LaneView<'a>>,
    streak: u32,
}

impl<'a> Chooser<'a> {
    fn new(
        state: &'a HallState,
        hall: &'a Hall,
        counter: CounterNumber,
        now: Timestamp,
        lines: Vec<(Line, u16)>,
    ) -> Self {
        let view = |(line, weight): (Line, u16)| {
            let (line, lane) = state.lines.get_key_value(&line)?;
            let (normal, urgent) = (lane.normal.iter().peekable(), lane.urgent.iter().peekable());
            Some(LaneView { line, weight: u64::from(weight), passed: lane.passed, normal, urgent })
        };
        let lanes = lines.into_iter().filter_map(view).collect();
        let streak = state.counter(counter).map_or(0, |c| c.urgent_streak);
        Self { state, hall, now, lanes, streak }
    }

    /// Takes the next one whose time has come.
    fn next(&mut self) -> Option<Choice<'a>> {
        let (candidate, rule) = self.choose()?;
        self.take(candidate, rule)
    }

    /// Takes the next appointment before its time.
    fn next_early(&mut self) -> Option<Choice<'a>> {
        let early = (0..self.lanes.len()).filter_map(|lane| self.urgent_head(lane)).min_by_key(|c| (c.since, c.place));
        self.take(early?, CallRule::Early)
    }

    fn choose(&mut self) -> Option<(Candidate, CallRule)> {
        let lanes = 0..self.lanes.len();
        let normal: Vec<Candidate> = lanes.clone().filter_map(|lane| self.normal_head(lane)).collect();
        let at_bound = normal.iter().filter(|head| self.is_at_bound(head)).min_by_key(|head| head.place);
        if let Some(head) = at_bound {
            return Some((*head, CallRule::Bound));
        }
        let now = self.now;
        let heads = lanes.filter_map(|lane| self.urgent_head(lane)).filter(|head| head.since <= now);
        let urgent = heads.min_by_key(|head| (head.since, head.place));
        let longest = |head: &&Candidate| (std::cmp::Reverse(self.score(head)), head.place);
        let normal = normal.iter().min_by_key(longest).copied();
        Some(match (urgent, normal) {
            (None, None) => return None,
            (Some(urgent), None) => (urgent, CallRule::Urgent),
            (None, Some(normal)) => (normal, CallRule::LongestWait),
            (Some(urgent), Some(normal)) => self.by_policy(urgent, normal),
        })
    }

    fn by_policy(&self, urgent: Candidate, normal: Candidate) -> (Candidate, CallRule) {
        match self.hall.policy().priority {
            PriorityPolicy::OneIn(n) if self.streak + 1 >= n => (normal, CallRule::NormalTurn),
            PriorityPolicy::Ageing { head_start_minutes } => {
                let head_start = SignedDuration::from_mins(i64::from(head_start_minutes));
                let counts_from = urgent.since.saturating_sub(head_start).unwrap_or(urgent.since);
                if counts_from <= normal.since { (urgent, CallRule::Urgent) } else { (normal, CallRule::LongestWait) }
            }
            PriorityPolicy::Strict | PriorityPolicy::OneIn(_) => (urgent, CallRule::Urgent),
        }
    }

    fn take(&mut self, candidate: Candidate, rule: CallRule) -> Option<Choice<'a>> {
        let ticket = self.state.tickets.get(candidate.place)?;
        let lane = self.lanes.get_mut(candidate.lane)?;
        if ticket.is_urgent() {
            lane.urgent.next();
            self.streak += 1;
        } else {
            lane.normal.next();
            self.streak = 0;
        }
        let mut passed_over = Vec::new();
        for lane in &mut self.lanes {
            if lane.normal.peek().is_some_and(|head| **head < candidate.place) {
                lane.passed += 1;
                passed_over.push(lane.line.clone());
            }
        }
        Some(Choice { ticket, rule, passed_over })
    }

    fn normal_head(&mut self, lane: usize) -> Option<Candidate> {
        let place = **self.lanes.get_mut(lane)?.normal.peek()?;
        Some(Candidate { lane, place, since: self.state.tickets.get(place)?.issued_at })
    }

    fn urgent_head(&mut self, lane: usize) -> Option<Candidate> {
        let (since, place) = **self.lanes.get_mut(lane)?.urgent.peek()?;
        Some(Candidate { lane, place, since })
    }

    fn is_at_bound(&self, head: &Candidate) -> bool {
        let bound = self.hall.policy().normal_bound;
        let (Some(lane), Some(ticket)) = (self.lanes.get(head.lane), self.state.tickets.get(head.place)) else {
            return false;
        };
        let passed = lane.passed.saturating_sub(ticket.passed_base);
        bound.tickets.is_some_and(|most| passed >= u64::from(most))
            || bound.minutes.is_some_and(|most| self.waited(head.since) >= u64::from(most) * 60)
    }

    fn score(&self, head: &Candidate) -> u64 {
        let weight = self.lanes.get(head.lane).map_or(1, |lane| lane.weight);
        self.waited(head.since).saturating_mul(weight)
    }

    fn waited(&self, since: Timestamp) -> u64 {
        u64::try_from(self.now.duration_since(since).as_secs()).unwrap_or(0)
    }
}

impl HallState {
    /// The ticket that the counter would call now.
    #[must_use]
    pub fn next_for<'a>(&'a self, hall: &'a Hall, counter: CounterNumber, now: Timestamp) -> Option<Choice<'a>> {
        let own = self.own_lines(hall, counter);
        let mut chooser = Chooser::new(self, hall, counter, now, own);
        chooser
            .next()
            .or_else(|| Chooser::new(self, hall, counter, now, self.help_lines(hall, counter)).next())
            .or_else(|| chooser.next_early())
    }

    /// The first `most` tickets in the order in which the counter would call them if nobody else came or called, and
    /// how many wait for it in all. Those it only helps with are listed when nobody waits for its own services.
    #[must_use]
    pub fn queue_of<'a>(
        &'a self,
        hall: &'a Hall,
        counter: CounterNumber,
        now: Timestamp,
        most: usize,
    ) -> (Vec<&'a Ticket>, usize) {
        let count = |lines: &[(Line, u16)]| lines.iter().filter_map(|(l, _)| self.lines.get(l)).map(Lane::len).sum();
        let mut lines = self.own_lines(hall, counter);
        let mut total = count(&lines);
        if total == 0 {
            lines = self.help_lines(hall, counter);
            total = count(&lines);
        }
        let mut chooser = Chooser::new(self, hall, counter, now, lines);
        let next = || chooser.next().or_else(|| chooser.next_early()).map(|choice| choice.ticket);
        (std::iter::from_fn(next).take(most).collect(), total)
    }

    /// People who wait before a newcomer of this service.
    #[must_use]
    pub fn ahead_of_newcomer(&self, hall: &Hall, service: &ServiceId, urgent: bool, now: Timestamp) -> u32 {
        self.ahead(hall, &Line::Service(service.clone()), urgent.then_some(now), usize::MAX, now)
    }

    /// People who wait before a waiting ticket: in the lines that share a counter with its own, earlier ones of its
    /// kind, and before a normal ticket every urgent one whose time has come. The policy may let it go sooner.
    #[must_use]
    pub fn ahead_of(&self, hall: &Hall, ticket: &Ticket, now: Timestamp) -> u32 {
        let urgent = ticket.is_urgent().then(|| ticket.since());
        self.place(&ticket.id).map_or(0, |place| self.ahead(hall, &ticket.line(), urgent, place, now))
    }

    fn ahead(&self, hall: &Hall, line: &Line, urgent: Option<Timestamp>, place: usize, now: Timestamp) -> u32 {
        let rivals = self.rival_lines(hall, line);
        let total: usize =
            rivals.iter().filter_map(|line| self.lines.get(line)).map(|lane| lane.before(urgent, place, now)).sum();
        u32::try_from(total).unwrap_or(u32::MAX)
    }

    /// Lines that share a counter with a line, itself included, by the counters' own work.
    pub(crate) fn rival_lines(&self, hall: &Hall, line: &Line) -> Vec<Line> {
        let counters: &[CounterNumber] = match line {
            Line::Service(service) => hall.counters_of(service),
            Line::Counter(number) => std::slice::from_ref(number),
        };
        let services: Vec<Line> = match line {
            Line::Service(service) => hall.rivals_of(service).iter().cloned().map(Line::Service).collect(),
            Line::Counter(number) => {
                let work = hall.counter(*number).map_or(&[][..], |c| c.work.as_slice());
                work.iter().map(|work| Line::Service(work.service.clone())).collect()
            }
        };
        services.into_iter().chain(counters.iter().copied().map(Line::Counter)).collect()
    }

    /// Lines that a counter calls with its officer, and what a minute in each counts.
    pub(crate) fn own_lines(&self, hall: &Hall, counter: CounterNumber) -> Vec<(Line, u16)> {
        let work = hall.counter(counter).map_or(&[][..], |c| c.work.as_slice());
        let heaviest = work.iter().map(|work| work.weight).max().unwrap_or(1);
        let extra = self.counter(counter).into_iter().flat_map(|c| &c.extra);
        let extra = extra.filter(|service| !work.iter().any(|work| work.service == **service));
        let services = work.iter().map(|work| (&work.service, work.weight)).chain(extra.map(|service| (service, 1)));
        let known = services.filter(|(service, _)| self.officer_knows(hall, counter, service));
        let sent = (Line::Counter(counter), heaviest);
        std::iter::once(sent).chain(known.map(|(service, weight)| (Line::Service(service.clone()), weight))).collect()
    }

    fn help_lines(&self, hall: &Hall, counter: CounterNumber) -> Vec<(Line, u16)> {
        let helps = hall.counter(counter).map_or(&[][..], |c| c.helps.as_slice());
        let known = helps.iter().filter(|service| self.officer_knows(hall, counter, service));
        known.map(|service| (Line::Service(service.clone()), 1)).collect()
    }

    /// Whether the officer at the counter knows the service; a closed counter could have any officer.
    pub(crate) fn officer_knows(&self, hall: &Hall, counter: CounterNumber, service: &ServiceId) -> bool {
        let officer = self.counter(counter).and_then(|c| c.officer.as_ref()).and_then(|id| hall.officer(id));
        officer.is_none_or(|officer| officer.knows(service))
    }

    /// Whether a counter with its officer calls a service, as its own work or since the hall gave it to it.
    pub(crate) fn calls_service(&self, hall: &Hall, counter: CounterNumber, service: &ServiceId) -> bool {
        let Some(of_hall) = hall.counter(counter) else { return false };
        let extra = self.counter(counter).is_some_and(|c| c.extra.contains(service));
        (extra || of_hall.work.iter().any(|work| work.service == *service))
            && self.officer_knows(hall, counter, service)
    }

    /// Whether a counter with its officer can serve a service at all, as its own work or as help.
    pub(crate) fn can_serve(&self, hall: &Hall, counter: CounterNumber, service: &ServiceId) -> bool {
        let has = |c: &crate::hall::Counter| c.work.iter().any(|w| w.service == *service) || c.helps.contains(service);
        let extra = self.counter(counter).is_some_and(|c| c.extra.contains(service));
        (extra || hall.counter(counter).is_some_and(has)) && self.officer_knows(hall, counter, service)
    }
}
