//! The book that a strict clerk would keep beside the hub: one plain entry a ticket, written from the log's events
//! alone. It knows no lines and no counts: whoever wants one looks through all entries. It refuses an event that is
//! not possible after the ones before it.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use jiff::Timestamp;
use jiff::civil::Date;
use queue::{
    CallRule, CounterNumber, Event, KioskId, Line, OfficerId, PaperUsed, PrintJobId, PrintReport, PrinterName,
    Recorded, ReturnCause, ServiceId, StaffPaperId, Step, TicketId, TicketPhase,
};

use super::entries::{Desk, Entry, Paper, Passing, Seen};
use super::property::{Property, Violation};

/// The book.
#[derive(Clone, Debug, Default)]
pub(super) struct Book {
    pub(super) sequence: u64,
    pub(super) clock: Option<Timestamp>,
    pub(super) day: Option<Date>,
    /// In the order of issue.
    pub(super) tickets: Vec<Entry>,
    pub(super) desks: BTreeMap<CounterNumber, Desk>,
    /// How often each line's oldest normal ticket was passed over.
    pub(super) passes: BTreeMap<Line, u64>,
    /// By service and UTC hour; under no hour those of the whole day.
    pub(super) cases: BTreeMap<(ServiceId, Option<u8>), Seen>,
    pub(super) issued: BTreeMap<ServiceId, u32>,
    pub(super) suspended: BTreeSet<ServiceId>,
    closed_kiosks: BTreeSet<KioskId>,
    /// Waits until the first call, seconds.
    pub(super) waits: Vec<u64>,
    ever: HashSet<TicketId>,
    papers: BTreeMap<PrintJobId, Paper>,
    staff_papers: BTreeMap<StaffPaperId, (KioskId, Paper)>,
    /// Millimetres of each printer since its roll was changed. The printers' names are their own in the hall.
    pub(super) rolls: BTreeMap<PrinterName, u64>,
}

fn possible(holds: bool, what: impl FnOnce() -> String) -> Result<(), Violation> {
    Property::EventsFollow.holds(holds, what)
}

impl Book {
    pub(super) fn place(&self, id: &TicketId) -> Option<usize> {
        self.tickets.iter().position(|entry| entry.id == *id)
    }

    pub(super) fn waiting(&self) -> impl Iterator<Item = (usize, &Entry)> {
        self.tickets.iter().enumerate().filter(|(_, entry)| entry.waits())
    }

    /// The ticket that is called or served at a counter.
    pub(super) fn at(&self, counter: CounterNumber) -> Option<&Entry> {
        let there = |entry: &&Entry| matches!(entry.phase, TicketPhase::Called | TicketPhase::Serving);
        self.tickets.iter().filter(there).find(|entry| entry.counter == Some(counter))
    }

    /// Writes an event down. `passing` is what a call passed over.
    pub(super) fn write(&mut self, recorded: &Recorded, passing: &Passing) -> Result<(), Violation> {
        let in_order = recorded.sequence == self.sequence + 1 && self.clock.is_none_or(|clock| clock <= recorded.at);
        possible(in_order, || format!("event {recorded:?} after {} at {:?}", self.sequence, self.clock))?;
        let at = recorded.at;
        match &recorded.event {
            Event::DayOpened { day } => self.open_day(*day)?,
            Event::TicketIssued { .. } => self.issue(&recorded.event, at)?,
            Event::TicketCalled { ticket, counter, officer, rule, .. } => {
                self.call(*ticket, *counter, officer, rule.as_ref(), at)?;
                self.pass(passing);
            }
            Event::TicketRecalled { ticket, counter } => {
                let entry = self.there(ticket, *counter, &[TicketPhase::Called])?;
                entry.calls += 1;
                entry.last_called = Some(at);
            }
            Event::ServingStarted { ticket, counter } => {
                self.there(ticket, *counter, &[TicketPhase::Called])?.phase = TicketPhase::Serving;
            }
            Event::ServingFinished { ticket, counter, .. } => {
                self.serve(ticket, *counter, at)?;
                let entry = self.entry(ticket)?;
                possible(entry.then.is_empty(), || format!("{ticket} is finished, but its journey is not"))?;
                entry.phase = TicketPhase::Finished;
            }
            Event::StageFinished { ticket, counter, next, .. } => {
                self.serve(ticket, *counter, at)?;
                let entry = self.entry(ticket)?;
                let planned = entry.then.first().is_some_and(|then| then.service == next.service);
                possible(planned, || format!("{ticket} goes on to {next:?}"))?;
                entry.then.remove(0);
                self.go_to(ticket, next)?;
            }
            event => self.write_other(event)?,
        }
        self.sequence = recorded.sequence;
        self.clock = Some(at);
        Ok(())
    }

    fn write_other(&mut self, event: &Event) -> Result<(), Violation> {
        use TicketPhase::{Called, Cancelled, Expired, Finished, Missed, Parked, Serving, Waiting};
        match event {
            Event::TicketParked { ticket, counter, .. } => {
                self.there(ticket, *counter, &[Called, Serving])?.phase = Parked;
            }
            Event::TicketNoShow { ticket, counter } => self.there(ticket, *counter, &[Called])?.phase = Missed,
            Event::TicketReturned { ticket, cause } => {
                let from: &[TicketPhase] = match cause {
                    ReturnCause::Unparked => &[Parked],
                    ReturnCause::CameBack => &[Missed],
                    ReturnCause::HandedOver => &[Called, Serving],
                };
                self.move_from(ticket, from, Waiting)?;
                self.join(ticket)?;
            }
            Event::TicketTransferred { ticket, counter, to, back } => {
                let entry = self.there(ticket, *counter, &[Called, Serving])?;
                entry.then.splice(..0, back.iter().cloned()).for_each(drop);
                self.go_to(ticket, to)?;
            }
            Event::TicketCancelled { ticket, .. } => {
                self.move_from(ticket, &[Waiting, Called, Parked, Missed], Cancelled)?;
            }
            Event::TicketExpired { ticket } => {
                self.move_from(ticket, &[Waiting, Called, Serving, Parked, Missed], Expired)?;
            }
            Event::ServiceRated { ticket, counter, satisfied: _, .. } => {
                let entry = self.entry(ticket)?;
                let first = entry.phase == Finished && !std::mem::replace(&mut entry.rated, true);
                possible(first, || format!("{ticket} is rated: {event:?}"))?;
                self.desks.entry(*counter).or_default().ratings += 1;
            }
            Event::ReprintRequested { job } => {
                let new = self.papers.insert(*job, Paper::Pending).is_none();
                possible(new, || format!("paper {job} is asked for again"))?;
            }
            Event::PrintStarted { job, .. } => self.paper(*job, &[Paper::Pending], Paper::Printing)?,
            Event::TicketPrinted { job, paper } => {
                self.paper(*job, &[Paper::Printing], Paper::Settled)?;
                self.use_paper(paper.as_ref());
            }
            Event::PrintUnconfirmed { job, .. } => self.paper(*job, &[Paper::Printing], Paper::Unconfirmed)?,
            Event::PrintAccepted { job } => self.paper(*job, &[Paper::Unconfirmed], Paper::Settled)?,
            Event::PrintFailed { job, .. } => self.paper(*job, &[Paper::Pending, Paper::Printing], Paper::Settled)?,
            event => self.write_hall(event)?,
        }
        Ok(())
    }

    fn write_hall(&mut self, event: &Event) -> Result<(), Violation> {
        let impossible = || format!("{event:?}");
        match event {
            Event::CounterOpened { counter, officer } => {
                let free = self.desks.values().all(|desk| desk.officer.as_ref() != Some(officer));
                let desk = self.desks.entry(*counter).or_default();
                possible(free && desk.officer.is_none(), impossible)?;
                desk.officer = Some(officer.clone());
            }
            Event::CounterClosed { counter } => self.close(*counter)?,
            Event::CounterPaused { counter, .. } => {
                possible(self.at(*counter).is_none(), impossible)?;
                let desk = self.desks.entry(*counter).or_default();
                possible(desk.works(), impossible)?;
                desk.paused = true;
            }
            Event::CounterResumed { counter } => {
                let desk = self.desks.entry(*counter).or_default();
                possible(std::mem::replace(&mut desk.paused, false), impossible)?;
            }
            Event::ProfileExtended { counter, service } => {
                let desk = self.desks.entry(*counter).or_default();
                possible(desk.works() && desk.extra.insert(service.clone()), impossible)?;
            }
            Event::ProfileRestored { counter, service } => {
                let desk = self.desks.entry(*counter).or_default();
                possible(desk.extra.remove(service), impossible)?;
            }
            Event::ServiceSuspended { service, .. } => drop(self.suspended.insert(service.clone())),
            Event::ServiceResumed { service } => possible(self.suspended.remove(service), impossible)?,
            Event::KioskClosed { kiosk } => possible(self.closed_kiosks.insert(kiosk.clone()), impossible)?,
            Event::KioskOpened { kiosk } => possible(self.closed_kiosks.remove(kiosk), impossible)?,
            Event::RollChanged { printer, .. } => drop(self.rolls.insert(printer.clone(), 0)),
            Event::StaffPaperRequested { paper, kiosk, .. } => {
                let waits = |(of, paper): &(KioskId, Paper)| of == kiosk && *paper != Paper::Settled;
                possible(!self.staff_papers.values().any(waits), impossible)?;
                let new = self.staff_papers.insert(*paper, (kiosk.clone(), Paper::Pending)).is_none();
                possible(new && Some(paper.day) == self.day, impossible)?;
            }
            Event::StaffPaperStarted { paper } => self.staff_paper(paper, &[Paper::Pending], Paper::Printing)?,
            Event::StaffPaperEnded { paper, end } => {
                // Only a failure needs no start: it waited too long.
                let failed = matches!(end, PrintReport::Failed(_));
                let from = if failed { &[Paper::Pending, Paper::Printing][..] } else { &[Paper::Printing] };
                self.staff_paper(paper, from, Paper::Settled)?;
                if let PrintReport::Printed(used) = end {
                    self.use_paper(used.as_ref());
                }
            }
            // An appointment has no part in the book before it is checked in, and a jump of the clock has none at all.
            _ => {}
        }
        Ok(())
    }

    fn open_day(&mut self, day: Date) -> Result<(), Violation> {
        let later = self.day.is_none_or(|before| before < day);
        possible(later, || format!("day {day} opens after {:?}", self.day))?;
        if let Some(open) = self.tickets.iter().find(|entry| !entry.phase.is_over()) {
            return Err(Property::EveryTicketEnds.violated(format!("day {day} opens, and {} has no end", open.id)));
        }
        *self = Self {
            sequence: self.sequence,
            day: Some(day),
            cases: std::mem::take(&mut self.cases),
            suspended: std::mem::take(&mut self.suspended),
            closed_kiosks: std::mem::take(&mut self.closed_kiosks),
            rolls: std::mem::take(&mut self.rolls),
            ever: std::mem::take(&mut self.ever),
            ..Self::default()
        };
        Ok(())
    }

    fn issue(&mut self, event: &Event, at: Timestamp) -> Result<(), Violation> {
        let Event::TicketIssued { ticket, service, priority, kiosk, then, appointment, .. } = event else {
            return Ok(());
        };
        Property::NumberOnce.holds(self.ever.insert(*ticket), || format!("{ticket} is given again"))?;
        let series = self.tickets.iter().filter(|entry| entry.id.number.letter == ticket.number.letter).count();
        let next = self.day == Some(ticket.day) && usize::from(ticket.number.value) == series + 1;
        possible(next, || format!("{ticket} is given on {:?} after {series} of its series", self.day))?;
        let line = Line::Service(service.clone());
        self.tickets.push(Entry {
            id: *ticket,
            service: service.clone(),
            only: None,
            then: then.iter().map(|service| Step { service: service.clone(), counter: None }).collect(),
            urgent: *priority || appointment.is_some(),
            since: appointment.as_ref().map_or(at, |appointment| appointment.due),
            issued_at: at,
            phase: TicketPhase::Waiting,
            counter: None,
            calls: 0,
            last_called: None,
            rated: false,
            passed: 0,
            base: self.passes.get(&line).copied().unwrap_or(0),
        });
        *self.issued.entry(service.clone()).or_default() += 1;
        if let Some(kiosk) = kiosk {
            possible(!self.closed_kiosks.contains(kiosk), || format!("{ticket} is given at {kiosk}, which is closed"))?;
            self.papers.insert(PrintJobId { ticket: *ticket, copy: 1 }, Paper::Pending);
        }
        Ok(())
    }

    fn call(
        &mut self,
        ticket: TicketId,
        counter: CounterNumber,
        officer: &OfficerId,
        rule: Option<&CallRule>,
        at: Timestamp,
    ) -> Result<(), Violation> {
        use TicketPhase::{Called, Missed, Parked, Serving, Waiting};
        let entry = self.entry(&ticket)?;
        if let (Called | Serving, Some(elsewhere)) = (entry.phase, entry.counter) {
            let both = format!("{ticket} is at counter {elsewhere} and is called to counter {counter}");
            return Err(Property::OneCounter.violated(both));
        }
        let picked = matches!(rule, Some(CallRule::Picked(_)));
        let callable = entry.phase == Waiting || (picked && matches!(entry.phase, Parked | Missed));
        possible(callable, || format!("{ticket} is called while {:?}", entry.phase))?;
        let first = entry.calls == 0;
        (entry.phase, entry.counter, entry.calls, entry.last_called) = (Called, Some(counter), 1, Some(at));
        let (urgent, issued_at) = (entry.urgent, entry.issued_at);
        let there = self.tickets.iter().filter(|e| matches!(e.phase, Called | Serving) && e.counter == Some(counter));
        possible(there.count() == 1, || format!("counter {counter} has a ticket and calls {ticket}"))?;
        let desk = self.desks.entry(counter).or_default();
        let sits = desk.works() && desk.officer.as_ref() == Some(officer);
        possible(sits, || format!("{officer} calls {ticket} to counter {counter} with {:?}", desk.officer))?;
        desk.streak = if urgent { desk.streak + 1 } else { 0 };
        if first {
            self.waits.push(u64::try_from(at.as_second() - issued_at.as_second()).unwrap_or(0));
        }
        Ok(())
    }

    fn pass(&mut self, passing: &Passing) {
        for line in &passing.lines {
            *self.passes.entry(line.clone()).or_default() += 1;
        }
        for place in &passing.tickets {
            self.tickets[*place].passed += 1;
        }
    }

    fn serve(&mut self, ticket: &TicketId, counter: CounterNumber, at: Timestamp) -> Result<(), Violation> {
        let entry = self.there(ticket, counter, &[TicketPhase::Serving])?;
        let (service, began) = (entry.service.clone(), entry.last_called.unwrap_or(at));
        let hour = u8::try_from(began.as_second().rem_euclid(86_400) / 3600).unwrap_or(0);
        for hour in [Some(hour), None] {
            self.cases.entry((service.clone(), hour)).or_default().add(at.duration_since(began).as_secs());
        }
        self.desks.entry(counter).or_default().served += 1;
        Ok(())
    }

    fn close(&mut self, counter: CounterNumber) -> Result<(), Violation> {
        possible(self.at(counter).is_none(), || format!("counter {counter} closes with a ticket"))?;
        let desk = self.desks.entry(counter).or_default();
        possible(desk.officer.is_some(), || format!("counter {counter} closes again"))?;
        *desk = Desk { served: desk.served, ratings: desk.ratings, ..Desk::default() };
        // Whoever was sent to it alone is for every counter of the service now.
        let sent = |entry: &Entry| entry.only == Some(counter) && !entry.phase.is_over();
        let sent: Vec<TicketId> = self.tickets.iter().filter(|entry| sent(entry)).map(|entry| entry.id).collect();
        for ticket in sent {
            let entry = self.entry(&ticket)?;
            entry.only = None;
            if entry.waits() {
                self.join(&ticket)?;
            }
        }
        Ok(())
    }

    fn go_to(&mut self, ticket: &TicketId, step: &Step) -> Result<(), Violation> {
        let entry = self.entry(ticket)?;
        (entry.service, entry.only) = (step.service.clone(), step.counter);
        self.join(ticket)
    }

    /// Waits in its line from now on, at its place of issue.
    fn join(&mut self, ticket: &TicketId) -> Result<(), Violation> {
        let entry = self.entry(ticket)?;
        (entry.phase, entry.counter, entry.passed) = (TicketPhase::Waiting, None, 0);
        let (line, id) = (entry.line(), entry.id);
        // Those behind it were passed over as often at least: it does not stand back behind them.
        let behind = self.waiting().skip_while(|(_, e)| e.id != id).skip(1);
        let next = behind.map(|(_, e)| e).find(|e| !e.urgent && e.line() == line);
        let base = next.map_or_else(|| self.passes.get(&line).copied().unwrap_or(0), |next| next.base);
        self.entry(ticket)?.base = base;
        Ok(())
    }

    fn use_paper(&mut self, used: Option<&PaperUsed>) {
        if let Some(used) = used {
            *self.rolls.entry(used.printer.clone()).or_default() += u64::from(used.millimetres);
        }
    }

    fn staff_paper(&mut self, id: &StaffPaperId, from: &[Paper], to: Paper) -> Result<(), Violation> {
        let paper = self.staff_papers.get_mut(id).map(|(_, paper)| paper);
        possible(paper.as_ref().is_some_and(|paper| from.contains(paper)), || {
            format!("{id} was {paper:?}, is {to:?}")
        })?;
        if let Some((_, paper)) = self.staff_papers.get_mut(id) {
            *paper = to;
        }
        Ok(())
    }

    fn paper(&mut self, job: PrintJobId, from: &[Paper], to: Paper) -> Result<(), Violation> {
        let before = self.papers.insert(job, to);
        possible(before.is_some_and(|before| from.contains(&before)), || {
            format!("paper {job} was {before:?}, is {to:?}")
        })
    }

    fn entry(&mut self, id: &TicketId) -> Result<&mut Entry, Violation> {
        let unknown = || Property::EventsFollow.violated(format!("{id} is not one of {:?}", self.day));
        let place = self.place(id).ok_or_else(unknown)?;
        Ok(&mut self.tickets[place])
    }

    /// The ticket, where it is in one of these phases at that counter.
    fn there(&mut self, id: &TicketId, counter: CounterNumber, from: &[TicketPhase]) -> Result<&mut Entry, Violation> {
        let entry = self.entry(id)?;
        let there = from.contains(&entry.phase) && entry.counter == Some(counter);
        possible(there, || format!("{id} is {:?} at {:?}, not at counter {counter}", entry.phase, entry.counter))?;
        Ok(entry)
    }

    fn move_from(&mut self, id: &TicketId, from: &[TicketPhase], to: TicketPhase) -> Result<(), Violation> {
        let entry = self.entry(id)?;
        possible(from.contains(&entry.phase), || format!("{id} was {:?}, is {to:?}", entry.phase))?;
        entry.phase = to;
        Ok(())
    }
}
