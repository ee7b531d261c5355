//! The rules: a command and the state to events, or to a named refusal. Nothing is changed here.

mod counter;
mod issue;
mod paper;
mod ticket;
mod time;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::command::Command;
use crate::event::Event;
use crate::hall::Hall;
use crate::ids::TicketId;
use crate::refusal::Refusal;
use crate::state::HallState;
use crate::ticket::Ticket;
use issue::Wish;

/// Most services on one number.
pub(crate) const MAX_STEPS: usize = 6;
/// Longest reason, characters.
pub(crate) const MAX_REASON: usize = 120;

/// Whether the service day of `now` is another one than the state's, so that [`Command::PassTime`] comes first. A clock
/// that goes back never reopens an earlier day, so a number is never given twice.
#[must_use]
pub fn day_is_over(hall: &Hall, state: &HallState, now: Timestamp) -> bool {
    state.day().is_none_or(|day| day < hall.service_day(now))
}

/// What a command does at `now`: the events to be recorded, in order, or why not.
///
/// `now` never lies before the last event: the caller passes the later of its clock and [`HallState::clock`]. On a new
/// service day only [`Command::PassTime`] does something; it may have to be repeated until it does nothing.
///
/// # Errors
/// A named refusal; the state stays as it is.
pub fn decide(hall: &Hall, state: &HallState, command: &Command, now: Timestamp) -> Result<Vec<Event>, Refusal> {
    let today = hall.service_day(now);
    let rules = Rules { hall, state, now, day: state.day().unwrap_or(today) };
    if !day_is_over(hall, state, now) {
        return rules.decide(command);
    }
    match command {
        Command::PassTime => Ok(rules.roll_over()),
        _ => Err(Refusal::DayNotOpen(today)),
    }
}

struct Rules<'a> {
    hall: &'a Hall,
    state: &'a HallState,
    now: Timestamp,
    day: Date,
}

impl Rules<'_> {
    fn decide(&self, command: &Command) -> Result<Vec<Event>, Refusal> {
        let event = match command {
            Command::PassTime => return Ok(self.pass_time()),
            Command::IssueTicket { service, then, class, language, appointment, kiosk, printer } => {
                return self.issue(&Wish {
                    service,
                    then,
                    class,
                    language,
                    appointment: appointment.as_ref(),
                    kiosk: kiosk.as_ref(),
                    printer: printer.as_ref(),
                });
            }
            Command::OpenCounter { counter, officer } => return self.open_counter(*counter, officer),
            Command::CloseCounter { counter, hand_over } => return self.close_counter(*counter, *hand_over),
            Command::PauseCounter { counter, reason } => self.pause(*counter, reason)?,
            Command::ResumeCounter { counter } => self.resume(*counter)?,
            Command::CallNext { counter } => self.call_next(*counter)?,
            Command::CallTicket { counter, ticket, reason } => self.call_ticket(*counter, ticket, reason)?,
            Command::Recall { counter } => self.recall(*counter)?,
            Command::StartServing { counter } => {
                Event::ServingStarted { ticket: self.called_at(*counter)?.id, counter: *counter }
            }
            Command::FinishServing { counter, result } => self.finish(*counter, result)?,
            Command::MarkNoShow { counter } => {
                Event::TicketNoShow { ticket: self.called_at(*counter)?.id, counter: *counter }
            }
            Command::ParkTicket { counter, until, reason } => self.park(*counter, *until, reason)?,
            Command::UnparkTicket { ticket } => self.unpark(ticket)?,
            Command::TransferTicket { counter, service, to, and_return } => {
                self.transfer(*counter, service.as_ref(), *to, *and_return)?
            }
            Command::ReturnTicket { ticket } => self.come_back(ticket)?,
            Command::CancelTicket { ticket } => self.cancel(ticket)?,
            Command::SuspendService { service, reason, until } => self.suspend(service, reason, *until)?,
            Command::ResumeService { service } => self.resume_service(service)?,
            Command::BookAppointment { code, service, due } => self.book(code, service, *due)?,
            Command::CancelAppointment { code } => self.cancel_appointment(code)?,
            Command::RateService { ticket, level, reasons, comment } => self.rate(ticket, level, reasons, *comment)?,
            Command::CloseKiosk { kiosk } if self.state.is_kiosk_closed(kiosk) => {
                return Err(Refusal::KioskClosed(kiosk.clone()));
            }
            Command::CloseKiosk { kiosk } => Event::KioskClosed { kiosk: kiosk.clone() },
            Command::OpenKiosk { kiosk } if !self.state.is_kiosk_closed(kiosk) => {
                return Err(Refusal::KioskNotClosed(kiosk.clone()));
            }
            Command::OpenKiosk { kiosk } => Event::KioskOpened { kiosk: kiosk.clone() },
            Command::ReprintTicket { ticket } => self.reprint(ticket)?,
            Command::AcceptPrint { ticket } => self.accept_print(ticket)?,
            Command::StartPrint { job } => self.start_print(job)?,
            Command::ReportPrint { job, report } => self.report_print(job, report)?,
            Command::ChangeRoll { kiosk, printer } => {
                Event::RollChanged { kiosk: kiosk.clone(), printer: printer.clone() }
            }
            Command::PrintStaffPaper { kiosk, kind } => self.print_staff_paper(kiosk, *kind)?,
            Command::StartStaffPaper { paper } => self.start_staff_paper(paper)?,
            Command::ReportStaffPaper { paper, report } => self.report_staff_paper(paper, report)?,
        };
        Ok(vec![event])
    }

    fn ticket(&self, id: &TicketId) -> Result<&Ticket, Refusal> {
        self.state.ticket(id).ok_or(Refusal::UnknownTicket(*id))
    }
}

fn check_reason(reason: &str) -> Result<(), Refusal> {
    let fits = (1..=MAX_REASON).contains(&reason.chars().count()) && !reason.chars().any(char::is_control);
    if fits { Ok(()) } else { Err(Refusal::InvalidReason) }
}
