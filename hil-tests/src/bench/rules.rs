//! The rules in memory: the next ticket of a long queue beside that of a short one.

use std::time::Instant;

use anyhow::Context;
use queue::{Command, Event, Hall, HallState, Recorded, decide};

use super::{line, median};

/// People in the short queue and in the long one.
const QUEUES: [usize; 2] = [100, 100_000];
/// Calls timed in each.
const CALLS: usize = 1_000;

/// Prints the time of "call next" with 100,000 waiting beside 100 waiting.
///
/// # Errors
/// When the sample hall does not do as it should.
pub fn call_next(hall: &Hall) -> anyhow::Result<()> {
    let mut times = Vec::new();
    for people in QUEUES {
        times.push(median(calls(hall, people)?) * 1e6);
    }
    let [short, long] = times[..] else { anyhow::bail!("two queues") };
    line("call_next_with_100000_waiting", long, "us", Some(("with-100-waiting-us", short)));
    Ok(())
}

/// Seconds of each call: deciding and folding in. Each called ticket goes back, so that the queue keeps its length.
fn calls(hall: &Hall, people: usize) -> anyhow::Result<Vec<f64>> {
    let mut parts = hall.parts().clone();
    let counter = parts.counters.first().context("a counter")?.clone();
    let services: Vec<_> = counter.work.iter().map(|work| work.service.clone()).collect();
    // One number for each of 100,000 people needs more letters than the services of one counter have.
    parts.policy.highest_number = 9999;
    let mut state = HallState::default();
    let mut now = jiff::Timestamp::from_second(1_795_600_000)?;
    let step = |state: &mut HallState, event: Event, at| {
        let sequence = state.sequence() + 1;
        state.apply(&Recorded { sequence, at, event });
    };
    let day = hall.service_day(now);
    step(&mut state, Event::DayOpened { day }, now);
    let officer = parts.officers.first().context("an officer")?.id.clone();
    step(&mut state, Event::CounterOpened { counter: counter.number, officer }, now);
    let letters: Vec<char> = ('A'..='Z').collect();
    for n in 0..people {
        let number = queue::TicketNumber { letter: letters[n / 9_999], value: (n % 9_999 + 1) as u16 };
        let service = services[n % services.len()].clone();
        let issued = Event::TicketIssued {
            ticket: queue::TicketId { day, number },
            field: hall.service(&service).context("a service")?.field.clone(),
            service,
            class: "normal".into(),
            priority: n % 10 == 0,
            language: "vi".to_owned(),
            kiosk: None,
            then: Vec::new(),
            appointment: None,
            people_ahead: 0,
            wait: queue::WaitRange::default(),
        };
        now += jiff::SignedDuration::from_millis(10);
        step(&mut state, issued, now);
    }
    let mut times = Vec::with_capacity(CALLS);
    for _ in 0..CALLS {
        let command = Command::CallNext { counter: counter.number };
        let began = Instant::now();
        let events = decide(hall, &state, &command, now)?;
        for event in events {
            step(&mut state, event, now);
        }
        times.push(began.elapsed().as_secs_f64());
        let ticket = state.counter(counter.number).and_then(|c| c.open_ticket).context("a called ticket")?;
        step(&mut state, Event::TicketReturned { ticket, cause: queue::ReturnCause::HandedOver }, now);
    }
    Ok(times)
}
