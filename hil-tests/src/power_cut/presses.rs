//! Buttons pressed at random, by people who only sometimes press what makes sense.

use std::sync::Arc;

use hub::Press;
use protocol::commands::CommandReply;
use queue::{Command, Hall, PrintJobId, PrintReport, ServingResult, TicketId};

/// How many of the newest tickets and papers people still press buttons for.
const REMEMBERED: usize = 24;

/// Everybody in the hall. They know the tickets that the hub told them of.
#[derive(Debug)]
pub(super) struct People {
    hall: Arc<Hall>,
    pressed: u64,
    tickets: Vec<TicketId>,
    jobs: Vec<PrintJobId>,
}

impl People {
    pub(super) fn new(hall: Arc<Hall>) -> Self {
        Self { hall, pressed: 0, tickets: Vec::new(), jobs: Vec::new() }
    }

    /// A new press.
    pub(super) fn press(&mut self, dice: &mut fastrand::Rng) -> Press {
        self.pressed += 1;
        let command = self.command(dice);
        Press { request_id: format!("press-{}", self.pressed), fingerprint: dice.u64(..), command, personal: None }
    }

    /// Reads an answer of the hub.
    pub(super) fn read(&mut self, reply: &CommandReply) {
        fn remember<T: PartialEq>(all: &mut Vec<T>, new: Option<T>) {
            let Some(new) = new.filter(|new| !all.contains(new)) else { return };
            if all.len() == REMEMBERED {
                all.remove(0);
            }
            all.push(new);
        }
        remember(&mut self.tickets, reply.ticket.as_ref().and_then(|ticket| ticket.id.parse().ok()));
        remember(&mut self.jobs, reply.print_job.as_ref().and_then(|job| job.id.parse().ok()));
    }

    fn command(&self, dice: &mut fastrand::Rng) -> Command {
        let parts = self.hall.parts();
        let counter = parts.counters[dice.usize(..parts.counters.len())].number;
        let ticket = dice.choice(&self.tickets).copied();
        let job = dice.choice(&self.jobs).copied();
        match (dice.u8(..100), ticket, job) {
            (0..10, ..) => {
                let officer = parts.officers[dice.usize(..parts.officers.len())].id.clone();
                Command::OpenCounter { counter, officer }
            }
            (10..25, ..) => Command::CallNext { counter },
            (25..28, ..) => Command::Recall { counter },
            (28..38, ..) => Command::StartServing { counter },
            (38..46, ..) => Command::FinishServing { counter, result: ServingResult::default() },
            (46..49, ..) => Command::MarkNoShow { counter },
            (49..51, ..) => Command::CloseCounter { counter, hand_over: dice.bool() },
            (51..53, Some(ticket), _) => Command::CancelTicket { ticket },
            (53..56, Some(ticket), _) => {
                let level = parts.rating_levels[dice.usize(..parts.rating_levels.len())].id.clone();
                Command::RateService { ticket, level, reasons: Vec::new(), comment: false }
            }
            (56..57, Some(ticket), _) => Command::ReprintTicket { ticket },
            (57..64, _, Some(job)) => Command::StartPrint { job },
            (64..70, _, Some(job)) => {
                let reports = [PrintReport::Printed(None), PrintReport::Failed("paper-out".to_owned())];
                Command::ReportPrint { job, report: reports[dice.usize(..2)].clone() }
            }
            _ => self.issue(dice),
        }
    }

    fn issue(&self, dice: &mut fastrand::Rng) -> Command {
        let parts = self.hall.parts();
        Command::IssueTicket {
            service: parts.services[dice.usize(..parts.services.len())].id.clone(),
            class: parts.classes[dice.usize(..parts.classes.len())].id.clone(),
            then: Vec::new(),
            appointment: None,
            language: "vi".to_owned(),
            kiosk: dice.bool().then(|| "kiosk-1".into()),
            // With a printer that stands ready one press makes two events: a commit that could be halved.
            printer: dice.bool().then(|| "run-1".into()),
        }
    }
}
