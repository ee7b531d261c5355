//! The staff's page behind a long press and a PIN: its rules, and what it shows.

use std::time::Duration;

use protocol::commands::{Command, StaffPaperKind};
use protocol::views::{KioskView, PrintState};
use slint::ComponentHandle;
use tokio::sync::mpsc;

use super::flow::{Effect, Flow};
use super::steps::{PinEntry, StaffWork, Step, Touch};
use crate::generated::{KioskWindow, StaffAdapter, StaffPage, StaffTicket};
use crate::plumbing::{Answer, Order};
use crate::words::Words;
use crate::{faults, plumbing, problems};

/// Most digits of a PIN.
const MAX_PIN: usize = 12;
/// Tickets that the page offers to print again.
const MAX_TICKETS: usize = 4;

impl Flow {
    pub(super) fn staff_touch(&mut self, touch: Touch, now: Duration) -> Option<Effect> {
        match (touch, &mut self.step) {
            (Touch::Back | Touch::ToStart, _) => self.restart(now),
            (Touch::Key(digit), Step::Pin(pin))
                if digit.is_ascii_digit() && !pin.checking && pin.digits.len() < MAX_PIN =>
            {
                pin.digits.push(digit);
                pin.wrong = None;
            }
            (Touch::Erase, Step::Pin(pin)) if !pin.checking => {
                pin.digits.pop();
            }
            (Touch::Enter, Step::Pin(pin)) if !pin.checking && !pin.digits.is_empty() => {
                pin.checking = true;
                return Some(Effect::CheckPin(std::mem::take(&mut pin.digits)));
            }
            (touch, Step::Staff(work)) if work.under_way.is_none() => {
                let printer = self.view.as_ref().and_then(|view| view.printer.as_ref()).map(|p| p.name.clone());
                let (request_id, command) = command(&self.options.kiosk, printer, touch)?;
                let order = Order { request_id, command };
                work.under_way = Some(order.clone());
                work.said = None;
                return Some(Effect::Send(order));
            }
            (Touch::Staff, Step::Pin(_) | Step::Staff(_)) => {}
            (Touch::Staff, _) => self.step = Step::Pin(PinEntry::default()),
            _ => {}
        }
        None
    }

    pub(super) fn pin_answered(&mut self, answer: Result<(), String>, now: Duration) {
        let Step::Pin(pin) = &mut self.step else { return };
        match answer {
            Ok(()) => {
                self.step = Step::Staff(StaffWork::default());
                // The longer time of this page begins now.
                self.wind_up(now);
            }
            Err(code) => *pin = PinEntry { wrong: Some(code), ..PinEntry::default() },
        }
    }

    pub(super) fn staff_answered(&mut self, request_id: &str, answer: Answer) {
        let Step::Staff(work) = &mut self.step else { return };
        if work.under_way.as_ref().is_none_or(|order| order.request_id != request_id) {
            return;
        }
        work.under_way = None;
        work.said = Some(match answer {
            Answer::Done(_) => Ok(()),
            Answer::Refused(problem) => Err(problem.code),
            Answer::Nothing => Err(problems::NO_ANSWER.to_owned()),
        });
    }
}

/// The command that a touch on the staff's page means; `printer` is the one that prints now.
fn command(kiosk: &str, printer: Option<String>, touch: Touch) -> Option<(String, Command)> {
    let kiosk = kiosk.to_owned();
    match touch {
        Touch::CloseKiosk(id) => Some((id, Command::CloseKiosk { kiosk })),
        Touch::OpenKiosk(id) => Some((id, Command::OpenKiosk { kiosk })),
        Touch::TestPrint(id) => Some((id, Command::PrintStaffPaper { kiosk, paper: StaffPaperKind::Test })),
        Touch::ChangeRoll(id) => printer.map(|printer| (id, Command::ChangeRoll { kiosk, printer })),
        Touch::ReprintOf { ticket, id } => Some((id, Command::ReprintTicket { ticket })),
        _ => None,
    }
}

/// What the page shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shown {
    page: StaffPage,
    tickets: Vec<StaffTicket>,
}

pub(crate) fn shown(flow: &Flow, view: &KioskView, work: &StaffWork, words: Words) -> Shown {
    let (message, grave) = match (&work.said, &work.under_way) {
        (_, Some(_)) => (words.t("Đang thực hiện…"), false),
        (Some(Ok(())), None) => (words.t("Đã xong."), false),
        (Some(Err(code)), None) => (problems::for_staff(code, words), true),
        (None, None) => (String::new(), false),
    };
    let fault = flow.printer_fault();
    let action = view.printer.as_ref().and_then(|p| p.fault.as_ref()).map(|f| faults::action(f, words));
    let page = StaffPage {
        kiosk: words.with("Kiosk {}", &[&view.kiosk]).into(),
        state: if view.closed { words.t("Kiosk đang đóng") } else { words.t("Kiosk đang mở") }.into(),
        closed: view.closed,
        printer: match &fault {
            Some(code) => words.with("Máy in {}", &[&faults::what(code, words)]),
            None => words.t("Máy in sẵn sàng"),
        }
        .into(),
        printer_well: fault.is_none(),
        advice: action.filter(|_| fault.is_some()).unwrap_or_default().into(),
        roll: roll(view, words).into(),
        message: message.into(),
        message_grave: grave,
        busy: work.under_way.is_some(),
    };
    let tickets = view.recent.iter().take(MAX_TICKETS).map(|ticket| StaffTicket {
        id: ticket.id.as_str().into(),
        number: ticket.number.as_str().into(),
        paper: paper(ticket.print.as_ref(), words).into(),
    });
    Shown { page, tickets: tickets.collect() }
}

/// How much of the printer's roll is gone, in metres; empty where nobody counts.
fn roll(view: &KioskView, words: Words) -> String {
    let Some(roll) = view.printer.as_ref().and_then(|printer| printer.roll.as_ref()) else { return String::new() };
    let metres = |mm: u64| (mm / 1000).to_string();
    match roll.left_mm {
        Some(left) => words.with("Giấy: đã in {} m, còn {} m", &[&metres(roll.printed_mm), &metres(left)]),
        None => words.with("Giấy: đã in {} m", &[&metres(roll.printed_mm)]),
    }
}

/// Where a ticket's paper stands, for staff.
fn paper(print: Option<&PrintState>, words: Words) -> String {
    match print {
        Some(PrintState::Printed | PrintState::Accepted) => words.t("Đã có giấy"),
        Some(PrintState::Pending | PrintState::Printing) => words.t("Đang in phiếu…"),
        Some(PrintState::Failed { reason }) => words.with("Chưa in: {}", &[&faults::what(reason, words)]),
        Some(PrintState::Unconfirmed { reason }) => words.with("Chưa rõ: {}", &[&faults::what(reason, words)]),
        None => words.t("Chưa có giấy"),
    }
}

pub(crate) fn connect(window: &KioskWindow, touches: &mpsc::Sender<Touch>) {
    let adapter = window.global::<StaffAdapter>();
    let sender = touches.clone();
    adapter.on_close_kiosk(move || plumbing::touch(&sender, Touch::CloseKiosk(client::new_request_id())));
    let sender = touches.clone();
    adapter.on_open_kiosk(move || plumbing::touch(&sender, Touch::OpenKiosk(client::new_request_id())));
    let sender = touches.clone();
    adapter.on_test_print(move || plumbing::touch(&sender, Touch::TestPrint(client::new_request_id())));
    let sender = touches.clone();
    adapter.on_roll_changed(move || plumbing::touch(&sender, Touch::ChangeRoll(client::new_request_id())));
    let sender = touches.clone();
    adapter.on_reprint(move |ticket| {
        plumbing::touch(&sender, Touch::ReprintOf { ticket: ticket.into(), id: client::new_request_id() });
    });
}

pub(crate) fn apply(window: &KioskWindow, shown: &Shown) {
    let adapter = window.global::<StaffAdapter>();
    adapter.set_page(shown.page.clone());
    plumbing::set_rows(&adapter.get_tickets(), &shown.tickets, |rows| adapter.set_tickets(rows));
}
