//! Paper: print jobs, reprints and what printers report.

use super::Rules;
use crate::event::{Event, PrintReport, StaffPaperKind};
use crate::ids::{AgentRun, KioskId, PrintJobId, StaffPaperId, TicketId};
use crate::refusal::Refusal;
use crate::ticket::{PrintState, TicketPhase};

/// Most papers of one ticket, the first included.
const MAX_COPIES: u16 = 20;
/// Most papers for staff on one day.
const MAX_STAFF_PAPERS: u16 = 200;
/// Reason of a print job that nobody printed in time.
const TOO_LATE: &str = "too-late";
/// Reason of a print job whose ticket was given up.
const CANCELLED: &str = "cancelled";

impl Rules<'_> {
    /// The ticket, and its paper at once where a printer stands ready with nothing else to do. One commit for both is
    /// one disk sync less between the touch and the paper.
    pub(super) fn with_paper(&self, issued: Event, kiosk: Option<&KioskId>, printer: Option<&AgentRun>) -> Vec<Event> {
        let of_staff = |kiosk: &KioskId| self.state.staff_papers().any(|p| p.kiosk == *kiosk && p.state.is_open());
        let idle = |kiosk: &&KioskId| !self.state.open_print_jobs().any(|job| job.kiosk == **kiosk) && !of_staff(kiosk);
        let started = match (&issued, kiosk.filter(idle), printer) {
            (Event::TicketIssued { ticket, .. }, Some(_), Some(run)) => {
                Some(Event::PrintStarted { job: PrintJobId { ticket: *ticket, copy: 1 }, run: Some(run.clone()) })
            }
            _ => None,
        };
        std::iter::once(issued).chain(started).collect()
    }

    pub(super) fn reprint(&self, ticket: &TicketId) -> Result<Event, Refusal> {
        let t = self.ticket(ticket)?;
        let newest = self.state.newest_print_job(t).ok_or(Refusal::NoPrinter(*ticket))?;
        if newest.state.is_open() {
            return Err(Refusal::PrintJobOpen(newest.id));
        }
        if t.copies >= MAX_COPIES {
            return Err(Refusal::TooManyReprints(*ticket));
        }
        Ok(Event::ReprintRequested { job: PrintJobId { ticket: *ticket, copy: t.copies + 1 } })
    }

    /// Settles the newest paper of a ticket that nobody confirmed: a person has seen it.
    pub(super) fn accept_print(&self, ticket: &TicketId) -> Result<Event, Refusal> {
        let job = self.state.newest_print_job(self.ticket(ticket)?).ok_or(Refusal::NoPrinter(*ticket))?;
        match job.state {
            PrintState::Unconfirmed(_) => Ok(Event::PrintAccepted { job: job.id }),
            PrintState::Pending | PrintState::Printing => Err(Refusal::PrintJobOpen(job.id)),
            _ => Err(Refusal::PrintJobSettled(job.id)),
        }
    }

    /// Hands a pending job to a printer, unless it waited too long or its ticket is gone: then it fails by name.
    pub(super) fn start_print(&self, id: &PrintJobId) -> Result<Event, Refusal> {
        let job = self.state.print_job(id).ok_or(Refusal::UnknownPrintJob(*id))?;
        match job.state {
            PrintState::Pending => {}
            PrintState::Printing => return Err(Refusal::PrintJobTaken(*id)),
            _ => return Err(Refusal::PrintJobSettled(*id)),
        }
        let failed = |reason: &str| Event::PrintFailed { job: *id, reason: reason.to_owned() };
        if matches!(self.ticket(&id.ticket)?.phase, TicketPhase::Cancelled | TicketPhase::Expired) {
            return Ok(failed(CANCELLED));
        }
        let waited = self.now.as_millisecond().saturating_sub(job.requested_at.as_millisecond());
        let limit = i64::try_from(self.hall.policy().print_job_limit.as_millis()).unwrap_or(i64::MAX);
        Ok(if waited > limit { failed(TOO_LATE) } else { Event::PrintStarted { job: *id, run: None } })
    }

    pub(super) fn report_print(&self, id: &PrintJobId, report: &PrintReport) -> Result<Event, Refusal> {
        let job = self.state.print_job(id).ok_or(Refusal::UnknownPrintJob(*id))?;
        match job.state {
            PrintState::Printing => {}
            PrintState::Pending => return Err(Refusal::PrintJobNotStarted(*id)),
            _ => return Err(Refusal::PrintJobSettled(*id)),
        }
        let job = *id;
        Ok(match report {
            PrintReport::Printed(paper) => Event::TicketPrinted { job, paper: paper.clone() },
            PrintReport::Failed(reason) => Event::PrintFailed { job, reason: reason.clone() },
            PrintReport::Unconfirmed(reason) => Event::PrintUnconfirmed { job, reason: reason.clone() },
        })
    }

    /// One at a time for each kiosk: whoever presses again wants no second one.
    pub(super) fn print_staff_paper(&self, kiosk: &KioskId, kind: StaffPaperKind) -> Result<Event, Refusal> {
        let mut papers = self.state.staff_papers();
        if let Some(open) = papers.find(|paper| paper.kiosk == *kiosk && paper.state.is_open()) {
            return Err(Refusal::StaffPaperOpen(open.id));
        }
        let last = self.state.staff_papers().map(|paper| paper.id.number).max().unwrap_or(0);
        if last >= MAX_STAFF_PAPERS {
            return Err(Refusal::TooManyStaffPapers(last));
        }
        let paper = StaffPaperId { day: self.day, number: last + 1 };
        Ok(Event::StaffPaperRequested { paper, kiosk: kiosk.clone(), kind })
    }

    pub(super) fn start_staff_paper(&self, id: &StaffPaperId) -> Result<Event, Refusal> {
        let paper = self.state.staff_paper(id).ok_or(Refusal::UnknownStaffPaper(*id))?;
        match paper.state {
            PrintState::Pending => {}
            PrintState::Printing => return Err(Refusal::StaffPaperTaken(*id)),
            _ => return Err(Refusal::StaffPaperSettled(*id)),
        }
        let waited = self.now.as_millisecond().saturating_sub(paper.requested_at.as_millisecond());
        let limit = i64::try_from(self.hall.policy().print_job_limit.as_millis()).unwrap_or(i64::MAX);
        Ok(if waited > limit {
            Event::StaffPaperEnded { paper: *id, end: PrintReport::Failed(TOO_LATE.to_owned()) }
        } else {
            Event::StaffPaperStarted { paper: *id }
        })
    }

    pub(super) fn report_staff_paper(&self, id: &StaffPaperId, report: &PrintReport) -> Result<Event, Refusal> {
        let paper = self.state.staff_paper(id).ok_or(Refusal::UnknownStaffPaper(*id))?;
        match paper.state {
            PrintState::Printing => Ok(Event::StaffPaperEnded { paper: *id, end: report.clone() }),
            PrintState::Pending => Err(Refusal::StaffPaperNotStarted(*id)),
            _ => Err(Refusal::StaffPaperSettled(*id)),
        }
    }
}
