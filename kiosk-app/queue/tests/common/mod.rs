//! A small hall and a hub without a disk, for the tests of the rules.
#![allow(dead_code, missing_docs, reason = "each test file uses its own part")]

use jiff::Timestamp;
use queue::{
    Class, Command, Counter, Event, Field, Hall, HallParts, HallState, Policy, RatingLevel, Recorded, Refusal, Service,
    TicketId, decide,
};

pub fn hall() -> Hall {
    Hall::new(parts()).expect("the sample hall is valid")
}

pub fn parts() -> HallParts {
    let field = |id: &str, letter| Field { id: id.into(), letter };
    let service = |id: &str, field: &str| Service { id: id.into(), field: field.into(), handling_minutes: 10 };
    HallParts {
        fields: vec![field("land", 'A'), field("civil", 'B')],
        services: vec![service("land-new", "land"), service("land-change", "land"), service("birth", "civil")],
        counters: vec![
            Counter { number: 1, services: vec!["land-new".into(), "land-change".into()] },
            Counter { number: 2, services: vec!["birth".into()] },
            Counter { number: 3, services: vec!["birth".into(), "land-new".into()] },
        ],
        officers: vec!["an".into(), "binh".into(), "chi".into()],
        classes: vec![Class { id: "normal".into(), priority: false }, Class { id: "elderly".into(), priority: true }],
        rating_levels: vec![
            RatingLevel { id: "good".into(), satisfied: true },
            RatingLevel { id: "bad".into(), satisfied: false },
        ],
        policy: Policy::default(),
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

    pub fn run(&mut self, command: &Command) -> Result<Vec<Event>, Refusal> {
        let events = decide(&self.hall, &self.state, command, self.now)?;
        for event in &events {
            let recorded = Recorded { sequence: self.log.len() as u64 + 1, at: self.now, event: event.clone() };
            self.state.apply(&recorded);
            self.log.push(recorded);
        }
        Ok(events)
    }

    pub fn issue(&mut self, service: &str, class: &str) -> TicketId {
        let command = Command::IssueTicket {
            service: service.into(),
            class: class.into(),
            language: "vi".into(),
            kiosk: Some("kiosk-1".into()),
            printer: None,
        };
        match self.run(&command).expect("the ticket is issued").pop() {
            Some(Event::TicketIssued { ticket, .. }) => ticket,
            other => panic!("issued, not {other:?}"),
        }
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
        self.run(&Command::FinishServing { counter }).expect("a served ticket");
    }
}
