//! A small hall and a hub without a disk, for the tests of the rules.
#![allow(dead_code, missing_docs, reason = "each test file uses its own part")]

use jiff::{SignedDuration, Timestamp};
use queue::{
    Class, Command, Counter, Event, Field, Hall, HallParts, HallState, Kiosk, Officer, RatingLevel, Recorded, Refusal,
    Service, ServingResult, TicketId, TicketPhase, day_is_over, decide,
};

pub fn hall() -> Hall {
    Hall::new(parts()).expect("the sample hall is valid")
}

pub fn parts() -> HallParts {
    let field = |id: &str, letter| Field { id: id.into(), letter };
    let service = |id: &str, field: &str| Service::new(id, field, 10);
    HallParts {
        fields: vec![field("land", 'A'), field("civil", 'B')],
        services: vec![service("land-new", "land"), service("land-change", "land"), service("birth", "civil")],
        counters: vec![
            Counter::new(1, &["land-new", "land-change"]),
            Counter::new(2, &["birth"]),
            Counter::new(3, &["birth", "land-new"]),
        ],
        officers: ["an", "binh", "chi"].map(Officer::new).to_vec(),
        classes: vec![Class { id: "normal".into(), priority: false }, Class { id: "elderly".into(), priority: true }],
        rating_levels: vec![
            RatingLevel { id: "good".into(), satisfied: true },
            RatingLevel { id: "bad".into(), satisfied: false },
        ],
        kiosks: vec![Kiosk { id: "kiosk-1".into(), services: None }],
        outcomes: vec!["received".into(), "supplement-asked".into()],
        ..HallParts::default()
    }
}

pub fn at(text: &str) -> Timestamp {
    text.parse().expect("a timestamp")
}

/// Decides, records and folds, as the hub does.
pub struct Desk {
    pub hall: Hall,
    pub state: HallState,
    pub log: Vec<Recorded>,
    pub now: Timestamp,
}

impl Desk {
    pub fn new() -> Self {
        Self { hall: hall(), state: HallState::default(), log: Vec::new(), now: at("2026-11-22T01:00:00Z") }
    }

    /// A hall with some of its parts changed.
    pub fn with(change: impl FnOnce(&mut HallParts)) -> Self {
        let mut parts = parts();
        change(&mut parts);
        Self { hall: Hall::new(parts).expect("valid"), ..Self::new() }
    }

    pub fn run(&mut self, command: &Command) -> Result<Vec<Event>, Refusal> {
        while day_is_over(&self.hall, &self.state, self.time()) {
            self.step(&Command::PassTime)?;
        }
        self.step(command)
    }

    /// The hub's time: never before the last event.
    pub fn time(&self) -> Timestamp {
        self.state.clock().map_or(self.now, |clock| clock.max(self.now))
    }

    fn step(&mut self, command: &Command) -> Result<Vec<Event>, Refusal> {
        let now = self.time();
        let events = decide(&self.hall, &self.state, command, now)?;
        for event in &events {
            let recorded = Recorded { sequence: self.log.len() as u64 + 1, at: now, event: event.clone() };
            self.state.apply(&recorded);
            self.log.push(recorded);
        }
        Ok(events)
    }

    /// Time goes on, and what is due happens.
    pub fn pass(&mut self, minutes: i64) -> Vec<Event> {
        self.now += SignedDuration::from_mins(minutes);
        self.run(&Command::PassTime).expect("time passes")
    }

    pub fn issue(&mut self, service: &str, class: &str) -> TicketId {
        self.try_issue(service, class).expect("the ticket is issued")
    }

    pub fn try_issue(&mut self, service: &str, class: &str) -> Result<TicketId, Refusal> {
        self.take(&issue(service, class))
    }

    pub fn take(&mut self, command: &Command) -> Result<TicketId, Refusal> {
        match self.run(command)?.pop() {
            Some(Event::TicketIssued { ticket, .. }) => Ok(ticket),
            other => panic!("issued, not {other:?}"),
        }
    }

    pub fn phase(&self, ticket: TicketId) -> TicketPhase {
        self.state.ticket(&ticket).expect("a ticket of today").phase
    }

    pub fn call(&mut self, counter: u16) -> String {
        match self.run(&Command::CallNext { counter }).expect("somebody waits").pop() {
            Some(Event::TicketCalled { ticket, .. }) => ticket.number.to_string(),
            other => panic!("called, not {other:?}"),
        }
    }

    pub fn open(&mut self, counter: u16, officer: &str) {
        self.run(&Command::OpenCounter { counter, officer: officer.into() }).expect("the counter opens");
    }

    pub fn no_show(&mut self, counter: u16) {
        self.run(&Command::MarkNoShow { counter }).expect("a called ticket");
    }

    pub fn serve(&mut self, counter: u16) {
        self.run(&Command::StartServing { counter }).expect("a called ticket");
        self.run(&finish(counter)).expect("a served ticket");
    }
}

/// A number for one service.
pub fn issue(service: &str, class: &str) -> Command {
    Command::IssueTicket {
        service: service.into(),
        then: Vec::new(),
        class: class.into(),
        language: "vi".into(),
        appointment: None,
        kiosk: Some("kiosk-1".into()),
        printer: None,
    }
}

pub fn finish(counter: u16) -> Command {
    Command::FinishServing { counter, result: ServingResult::default() }
}
