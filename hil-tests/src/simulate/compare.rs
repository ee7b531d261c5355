//! Compares what the hub shows with the book and the oracle.

use queue::{Hall, HallState, Line, Ticket, TicketPhase};

use super::book::Book;
use super::buttons::printer_of;
use super::entries::Entry;
use super::oracle::Oracle;
use super::property::{Property, Violation};

fn agree(holds: bool, what: impl FnOnce() -> String) -> Result<(), Violation> {
    Property::OracleAgrees.holds(holds, what)
}

/// Everything that the hub shows at the oracle's moment.
pub(super) fn compare(shown: &HallState, oracle: Oracle<'_>) -> Result<(), Violation> {
    tickets(shown, oracle.book)?;
    counts(shown, oracle)?;
    counters(shown, oracle)?;
    waits(shown, oracle)?;
    rolls(shown, oracle)?;
    advice(shown, oracle)
}

fn rolls(shown: &HallState, oracle: Oracle<'_>) -> Result<(), Violation> {
    for kiosk in &oracle.hall.parts().kiosks {
        let printer = printer_of(&kiosk.id);
        let told = shown.roll(&kiosk.id, &printer).map_or(0, |roll| roll.printed);
        let counted = oracle.book.rolls.get(&printer).copied().unwrap_or(0);
        agree(told == counted, || format!("{printer} used {counted} mm, shown as {told}"))?;
    }
    Ok(())
}

fn tickets(shown: &HallState, book: &Book) -> Result<(), Violation> {
    let same = |ticket: &Ticket, entry: &Entry| {
        let at = matches!(entry.phase, TicketPhase::Called | TicketPhase::Serving);
        let place = (ticket.id, &ticket.service, ticket.only_counter, ticket.phase, ticket.is_urgent(), ticket.since());
        place == (entry.id, &entry.service, entry.only, entry.phase, entry.urgent, entry.since)
            && ticket.then == entry.then
            && ticket.calls == entry.calls
            && (!at || ticket.counter == entry.counter)
    };
    let all = shown.tickets().len() == book.tickets.len();
    agree(all && shown.day() == book.day, || format!("{} tickets on {:?}", shown.tickets().len(), shown.day()))?;
    let differs = shown.tickets().iter().zip(&book.tickets).find(|(ticket, entry)| !same(ticket, entry));
    differs.map_or(Ok(()), |(ticket, entry)| agree(false, || format!("{ticket:?} is not {entry:?}")))
}

fn counts(shown: &HallState, oracle: Oracle<'_>) -> Result<(), Violation> {
    let book = oracle.book;
    let of = |phase| book.tickets.iter().filter(|entry| entry.phase == phase).count();
    let hall = (shown.waiting_in_hall(), shown.parked().count(), shown.missed().count());
    let counted = (of(TicketPhase::Waiting), of(TicketPhase::Parked), of(TicketPhase::Missed));
    agree(hall == counted, || format!("(waiting, parked, missed) is {counted:?}, shown as {hall:?}"))?;
    for service in &oracle.hall.parts().services {
        let line = Line::Service(service.id.clone());
        let waiting = book.waiting().filter(|(_, entry)| entry.line() == line).count();
        let issued = book.issued.get(&service.id).copied().unwrap_or(0);
        let open = oracle.counters_at_work(&line).len();
        let counted = (waiting, issued, open, book.suspended.contains(&service.id));
        let told = (
            shown.waiting_for(&service.id),
            shown.issued_for(&service.id),
            usize::try_from(shown.open_counters_for(oracle.hall, &service.id)).unwrap_or(usize::MAX),
            shown.suspension(&service.id).is_some(),
        );
        let what =
            || format!("{}: (waiting, issued, counters, suspended) is {counted:?}, shown as {told:?}", service.id);
        agree(told == counted, what)?;
    }
    let mean = book.waits.iter().sum::<u64>().checked_div(book.waits.len() as u64);
    let told = shown.mean_wait_seconds();
    agree(told == mean, || format!("the mean wait is {mean:?} s, shown as {told:?}"))
}

fn counters(shown: &HallState, oracle: Oracle<'_>) -> Result<(), Violation> {
    let book = oracle.book;
    for (number, desk) in &book.desks {
        let counter = shown.counter(*number).cloned().unwrap_or_default();
        let open = book.at(*number).map(|entry| entry.id);
        let same = (counter.open_ticket, &counter.officer, counter.paused.is_some(), counter.urgent_streak)
            == (open, &desk.officer, desk.paused, desk.streak);
        let figures = (counter.figures.served, counter.figures.ratings) == (desk.served, desk.ratings);
        let all = same && figures && counter.extra == desk.extra;
        agree(all, || format!("counter {number} is {desk:?} with {open:?}, shown as {counter:?}"))?;
    }
    for counter in &oracle.hall.parts().counters {
        let number = counter.number;
        let choice = shown.next_for(oracle.hall, number, oracle.now).map(|choice| (choice.ticket.id, choice.rule));
        let right = oracle.next(number).map(|(place, rule)| (book.tickets[place].id, rule));
        agree(choice == right, || format!("counter {number} should call {right:?} next, and would call {choice:?}"))?;
        let (queue, total) = shown.queue_of(oracle.hall, number, oracle.now, usize::MAX);
        let queue: Vec<_> = queue.into_iter().map(|ticket| ticket.id).collect();
        let right: Vec<_> = oracle.queue(number).into_iter().map(|place| book.tickets[place].id).collect();
        let same = queue == right && total == right.len();
        agree(same, || format!("counter {number} will call {right:?}, shown as {queue:?}, {total} in all"))?;
    }
    Ok(())
}

fn waits(shown: &HallState, oracle: Oracle<'_>) -> Result<(), Violation> {
    let (hall, now): (&Hall, _) = (oracle.hall, oracle.now);
    // The wait of the last normal ticket in each line, in the order of issue.
    let mut last = std::collections::BTreeMap::new();
    for (place, entry) in oracle.book.waiting() {
        let Some(ticket) = shown.tickets().get(place) else { continue };
        let (ahead, (right, expected)) = (shown.ahead_of(hall, ticket, now), oracle.foresee(place));
        let same = usize::try_from(ahead) == Ok(right);
        agree(same, || format!("{} has {right} people ahead, shown as {ahead}", entry.id))?;
        let wait = shown.wait_of(hall, ticket, now);
        let Some(expected) = expected else { continue };
        agree(expected.is(wait), || format!("{} waits {expected:?}, shown as {wait:?}", entry.id))?;
        if entry.urgent {
            continue;
        }
        let told = (shown.passed_over(ticket), u64::from(entry.passed));
        agree(told.0 >= told.1, || format!("{} was passed over {} times, shown as {}", entry.id, told.1, told.0))?;
        let Line::Service(line) = entry.line() else { continue };
        let before = last.insert(line, wait).unwrap_or_default();
        let longer = wait.low >= before.low && wait.high >= before.high;
        agree(longer, || format!("{} waits {wait:?}, who stands before it {before:?}", entry.id))?;
    }
    for service in &hall.parts().services {
        for urgent in [false, true] {
            let (right, expected) = oracle.foresee_newcomer(service, urgent);
            let ahead = shown.ahead_of_newcomer(hall, &service.id, urgent, now);
            let same = usize::try_from(ahead) == Ok(right);
            agree(same, || format!("a newcomer of {} has {right} people ahead, shown as {ahead}", service.id))?;
            let wait = shown.wait_of_newcomer(hall, service, urgent, now);
            agree(expected.is(wait), || format!("a newcomer of {} waits {expected:?}, shown as {wait:?}", service.id))?;
        }
    }
    Ok(())
}

/// Which services need help, by the waits that were compared above, and who could help.
fn advice(shown: &HallState, oracle: Oracle<'_>) -> Result<(), Violation> {
    let (hall, now) = (oracle.hall, oracle.now);
    let told: Vec<_> = shown.advice(hall, now).into_iter().map(|advice| (advice.service, advice.helper)).collect();
    let needs = |service: &&queue::Service| {
        let line = Line::Service(service.id.clone());
        let waits = oracle.book.waiting().any(|(_, entry)| entry.line() == line);
        waits && shown.wait_of_newcomer(hall, service, false, now).low > service.target_minutes
    };
    let needs = hall.parts().services.iter().filter(needs);
    let right: Vec<_> = needs.map(|service| (service.id.clone(), oracle.helper(&service.id))).collect();
    agree(told == right, || format!("{right:?} need help, shown as {told:?}"))
}
