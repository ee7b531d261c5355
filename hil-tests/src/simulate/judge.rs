//! Looks at everything that the hub writes, answers and shows, and says which property does not hold.

use std::collections::BTreeMap;

use hub::log::Commit;
use hub::{Answer, Press};
use jiff::Timestamp;
use queue::{Balance, CallRule, CounterNumber, Event, Hall, HallState, NormalBound, Recorded, ReturnCause, TicketId};
use serde::Deserialize;

use super::book::Book;
use super::entries::Passing;
use super::oracle::Oracle;
use super::property::{Property, Violation};

/// What the hall promises, and what the oracle goes by.
#[derive(Clone, Copy)]
pub(super) struct Rules<'a> {
    pub(super) hall: &'a Hall,
    pub(super) promised: NormalBound,
}

/// A request that acted: the fingerprint of its command and its answer.
#[derive(Debug)]
struct Acted {
    fingerprint: u64,
    reply: String,
}

/// The part of an answer that says how far the log must reach.
#[derive(Deserialize)]
struct Reach {
    sequence: u64,
}

/// Everything that was seen of one hall.
#[derive(Debug, Default)]
pub(super) struct Judge {
    pub(super) book: Book,
    /// The fold of the log, event by event.
    fold: HallState,
    acted: BTreeMap<String, Acted>,
    /// Request ids whose answer somebody heard.
    heard: BTreeMap<String, String>,
}

impl Judge {
    /// Reads what is new in the log.
    pub(super) fn read(&mut self, commit: &Commit, rules: Rules<'_>) -> Result<(), Violation> {
        for recorded in &commit.events {
            self.event(recorded, rules)?;
        }
        match &commit.answered {
            Some(answered) => {
                let acted = Acted { fingerprint: answered.fingerprint, reply: answered.reply.clone() };
                let first = self.acted.insert(answered.request_id.clone(), acted).is_none();
                Property::ActsOnce.holds(first, || format!("request {} acted again", answered.request_id))
            }
            None => {
                let strange = commit.events.iter().find(|recorded| !is_by_itself(&recorded.event, rules.hall));
                strange
                    .map_or(Ok(()), |event| Err(Property::EventsFollow.violated(format!("nobody asked for {event:?}"))))
            }
        }
    }

    fn event(&mut self, recorded: &Recorded, rules: Rules<'_>) -> Result<(), Violation> {
        let oracle = Oracle { book: &self.book, hall: rules.hall, now: recorded.at };
        let passing = match &recorded.event {
            Event::TicketIssued { .. } => check_told(oracle, &recorded.event).map(|()| Passing::default())?,
            Event::TicketCalled { ticket, counter, rule: Some(rule), .. } if !matches!(rule, CallRule::Picked(_)) => {
                check_call(oracle, rules.promised, *ticket, *counter, rule)?
            }
            Event::ProfileExtended { counter, service } => {
                let may = oracle.hall.policy().balance == Balance::AddToIdle;
                let helps = may && oracle.could_help(*counter, service) && oracle.book.at(*counter).is_none();
                Property::EventsFollow.holds(helps, || format!("counter {counter} is given {service}"))?;
                Passing::default()
            }
            Event::TicketExpired { ticket } => check_expired(oracle, *ticket).map(|()| Passing::default())?,
            _ => Passing::default(),
        };
        self.book.write(recorded, &passing)?;
        self.fold.apply(recorded);
        self.check_callable()
    }

    /// Nobody waits for a counter alone that is closed.
    fn check_callable(&self) -> Result<(), Violation> {
        for (_, entry) in self.book.waiting() {
            let Some(counter) = entry.only else { continue };
            let open = self.book.desks.get(&counter).is_some_and(|desk| desk.officer.is_some());
            let stuck = || format!("{} waits for counter {counter} alone, which is closed", entry.id);
            Property::BoundKept.holds(open, stuck)?;
        }
        Ok(())
    }

    /// Whether a request did something.
    pub(super) fn has_acted(&self, request_id: &str) -> bool {
        self.acted.contains_key(request_id)
    }

    /// Hears an answer; what was written for it was read before. `good` says that the disk writes.
    pub(super) fn hear(&mut self, press: &Press, answer: &Answer, good: bool) -> Result<(), Violation> {
        let id = &press.request_id;
        let status = answer.result.as_ref().err().map(|problem| problem.status);
        if status == Some(503) {
            return Property::HubAnswers.holds(!good, || format!("{id} on a good disk: {answer:?}"));
        }
        let Some(acted) = self.acted.get(id) else {
            // Refused, or there was nothing to do.
            let reach = answer.result.as_ref().map_or(Ok(0), |reply| reach(reply))?;
            let nothing = reach <= self.book.sequence;
            return Property::NothingLost
                .holds(nothing, || format!("{id} was acknowledged, but not written: {answer:?}"));
        };
        if acted.fingerprint != press.fingerprint {
            let refused = status == Some(422);
            return Property::ActsOnce.holds(refused, || format!("{id} stands for another command, but: {answer:?}"));
        }
        let same = answer.result.as_ref() == Ok(&acted.reply);
        Property::ActsOnce.holds(same, || format!("{id} was answered {}, now {answer:?}", acted.reply))?;
        let first = self.heard.insert(id.clone(), acted.reply.clone()).is_none();
        Property::ActsOnce
            .holds(first || answer.replayed, || format!("{id} is answered as if it were new: {answer:?}"))?;
        let written = reach(&acted.reply)? <= self.book.sequence;
        Property::NothingLost.holds(written, || format!("{id} was answered before it was written: {answer:?}"))
    }

    /// Compares what was acknowledged with what the disk has after a restart.
    pub(super) fn check_kept(&self, replies: &BTreeMap<String, String>, end: u64) -> Result<(), Violation> {
        let lost = self.heard.iter().find(|(id, reply)| replies.get(*id) != Some(reply));
        let lost = lost.map(|(id, reply)| format!("{id} was acknowledged with {reply}; the log has it no more"));
        lost.map_or(Ok(()), |lost| Err(Property::NothingLost.violated(lost)))?;
        let shorter = || format!("the log ended at {}, and ends at {end} after a restart", self.book.sequence);
        Property::NothingLost.holds(end >= self.book.sequence, shorter)
    }

    /// Whether what the hub shows is the fold of its log.
    pub(super) fn check_fold(&self, shown: &HallState) -> Result<(), Violation> {
        if *shown == self.fold {
            return Ok(());
        }
        let (shown, fold) = (format!("{:#?}", shown.to_parts()), format!("{:#?}", self.fold.to_parts()));
        let differs = shown.lines().zip(fold.lines()).find(|(a, b)| a != b);
        let differs = differs.map_or_else(|| "what is derived differs".to_owned(), |(a, b)| format!("{a} is not {b}"));
        Err(Property::StateIsFold.violated(format!("at event {}: {}", self.fold.sequence(), differs.replace("  ", ""))))
    }

    /// After the clock's turn no ticket is left that should have ended with the hall's closing.
    pub(super) fn check_closed(&self, hall: &Hall, now: Timestamp) -> Result<(), Violation> {
        let Some(day) = self.book.day.filter(|_| is_long_closed(hall, self.book.day, now)) else { return Ok(()) };
        let there = |phase| matches!(phase, queue::TicketPhase::Called | queue::TicketPhase::Serving);
        let left = self.book.tickets.iter().find(|entry| !entry.phase.is_over() && !there(entry.phase));
        let what = |id| format!("{id} is still open on {day} at {}", hall.local_time(now));
        left.map_or(Ok(()), |left| Err(Property::EveryTicketEnds.violated(what(left.id))))
    }
}

fn reach(reply: &str) -> Result<u64, Violation> {
    let reach: Result<Reach, _> = serde_json::from_str(reply);
    reach.map(|reach| reach.sequence).map_err(|e| Property::HubAnswers.violated(format!("{reply} is no reply: {e}")))
}

/// Whether the hub does it without being asked.
fn is_by_itself(event: &Event, hall: &Hall) -> bool {
    match event {
        // Counters that are no longer defined are closed.
        Event::CounterClosed { counter } => hall.counter(*counter).is_none(),
        Event::TicketReturned { cause, .. } => *cause != ReturnCause::CameBack,
        Event::TicketCancelled { reason, .. } => reason.is_some(),
        Event::DayOpened { .. }
        | Event::TicketExpired { .. }
        | Event::ServiceResumed { .. }
        | Event::ProfileExtended { .. }
        | Event::ProfileRestored { .. }
        | Event::ClockJumped { .. } => true,
        _ => false,
    }
}

/// What a citizen is told with the number.
fn check_told(oracle: Oracle<'_>, issued: &Event) -> Result<(), Violation> {
    let Event::TicketIssued { ticket, service, priority, appointment, people_ahead, wait, .. } = issued else {
        return Ok(());
    };
    let agrees = Property::OracleAgrees;
    let defined = oracle.hall.service(service).ok_or_else(|| agrees.violated(format!("{service} is not defined")))?;
    let given = oracle.book.issued.get(service).copied().unwrap_or(0);
    let may = defined.daily_quota.is_none_or(|quota| given < quota) && !oracle.book.suspended.contains(service);
    Property::EventsFollow.holds(may, || format!("{ticket} is given for {service} after {given} numbers"))?;
    let urgent = *priority || appointment.is_some();
    let (ahead, expected) = oracle.foresee_newcomer(defined, urgent);
    agrees.holds(usize::try_from(*people_ahead) == Ok(ahead), || {
        format!("{ticket} is told {people_ahead} people ahead, there are {ahead}")
    })?;
    agrees.holds(expected.is(*wait), || format!("{ticket} is told {wait:?}, it should be {expected:?}"))
}

/// A call by the counter itself: it keeps the bound, and it is the right one. Says what it passes over.
fn check_call(
    oracle: Oracle<'_>,
    promised: NormalBound,
    ticket: TicketId,
    counter: CounterNumber,
    rule: &CallRule,
) -> Result<Passing, Violation> {
    let book = oracle.book;
    let Some(place) = book.place(&ticket).filter(|place| book.tickets[*place].waits()) else {
        // The book itself says what is wrong with that.
        return Ok(Passing::default());
    };
    let passing = oracle.passing(counter, place);
    let foreign =
        || Property::OracleAgrees.violated(format!("counter {counter} calls {ticket}, which is not in its lines"));
    let passing = passing.ok_or_else(foreign)?;
    for passed in passing.tickets.iter().map(|passed| &book.tickets[*passed]) {
        let kept = promised.tickets.is_none_or(|most| passed.passed < most);
        let how = || format!("{} was passed over {} times, now by {ticket} ({rule:?})", passed.id, passed.passed);
        Property::BoundKept.holds(kept, how)?;
    }
    for long in promised.minutes.into_iter().flat_map(|most| oracle.long_waiting(counter, place, most)) {
        let kept = long > place && !book.tickets[place].urgent;
        let long = &book.tickets[long];
        let how = || format!("{} waits since {}, now {ticket} goes before it ({rule:?})", long.id, long.issued_at);
        Property::BoundKept.holds(kept, how)?;
    }
    let expected = oracle.next(counter);
    Property::OracleAgrees.holds(expected.as_ref() == Some(&(place, rule.clone())), || {
        let expected = expected.map(|(place, rule)| format!("{} ({rule:?})", book.tickets[place].id));
        format!("counter {counter} calls {ticket} ({rule:?}), it should call {}", expected.unwrap_or("nobody".into()))
    })?;
    Ok(passing)
}

/// A ticket expires with its day, or when the hall has been closed for long enough.
fn check_expired(oracle: Oracle<'_>, ticket: TicketId) -> Result<(), Violation> {
    let day_over = oracle.book.day.is_none_or(|day| day < oracle.hall.service_day(oracle.now));
    let may = day_over || is_long_closed(oracle.hall, oracle.book.day, oracle.now);
    let local = oracle.hall.local_time(oracle.now);
    Property::EveryTicketEnds.holds(may, || format!("{ticket} expires at {local}, while the hall is at work"))
}

/// Whether the last number of the day was given so long ago that nobody is called any more.
fn is_long_closed(hall: &Hall, day: Option<jiff::civil::Date>, now: Timestamp) -> bool {
    let parts = hall.parts();
    let (Some(grace), Some(day)) = (parts.policy.expire_after_closing_minutes, day) else { return false };
    let weekday = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or(0);
    let holiday = parts.opening.holidays.iter().any(|holiday| (holiday.first..=holiday.last).contains(&day));
    let weeks = parts.services.iter().filter_map(|service| service.hours.as_ref()).chain([&parts.opening.week]);
    let spans = weeks.filter(|_| !holiday).flat_map(|week| &week.0[weekday]);
    let closes = spans.map(|span| i64::from(span.to)).max().unwrap_or(0);
    let minutes = hall.local_time(now).duration_since(day.at(0, 0, 0, 0)).as_mins();
    closes < i64::from(queue::DAY_MINUTES) && minutes >= closes + i64::from(grace)
}
