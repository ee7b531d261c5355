//! Between the wire's types and the rules' types: commands in, refusals out.

use protocol::commands::{Command as Wire, MAX_COMMENT_CHARS, PrintReport as WireReport, StaffPaperKind as WireKind};
use protocol::hall::HallInfo;
use protocol::problem::Problem;
use queue::{AppointmentCode, Command, PaperUsed, PrintReport, PrinterName, Refusal, ServingResult, StaffPaperKind};

use crate::log::LogError;

/// Longest code of an appointment.
const MAX_CODE_BYTES: usize = 64;
/// Longest fault code that an agent may report.
const MAX_REASON_BYTES: usize = 64;
/// Longest name of a printer.
const MAX_NAME_BYTES: usize = 64;
/// Longest paper that is counted, millimetres.
const LONGEST_PAPER: u32 = 10_000;
const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0000_0100_0000_01b3;

/// FNV-1a of the command's JSON: tells a repeated request from another one under the same id. It stands in the log,
/// so it must not depend on the version of a library.
pub fn fingerprint(command: &Wire) -> u64 {
    let text = serde_json::to_vec(command).unwrap_or_default();
    text.iter().fold(FNV_OFFSET, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(FNV_PRIME))
}

/// Refuses a language that the hall does not offer.
///
/// # Errors
/// A problem that says where the languages stand.
pub fn offered_language(info: &HallInfo, language: &str) -> Result<(), Box<Problem>> {
    if info.languages.iter().any(|offered| offered == language) {
        return Ok(());
    }
    let detail = format!("language `{language}` is not offered by this hall");
    let hint = "choose a language of GET /v1/hall";
    Err(Box::new(Problem::new(422, "unknown-language", "Unknown language", detail, hint)))
}

/// A command of the wire as one of the rules.
///
/// # Errors
/// A problem when an id has no such form, or names a language or kiosk that the hall does not have.
pub fn command(info: &HallInfo, kiosks: &[String], command: Wire) -> Result<Command, Box<Problem>> {
    fn id<T: std::str::FromStr<Err = queue::ParseIdError>>(text: &str) -> Result<T, Box<Problem>> {
        text.parse().map_err(|e: queue::ParseIdError| {
            let hint = "send the id as the hub gave it";
            Box::new(Problem::new(422, "invalid-id", "Not an identifier", e.to_string(), hint))
        })
    }
    Ok(match command {
        Wire::IssueTicket { service, then, class, language, appointment, kiosk } => {
            offered_language(info, &language)?;
            kiosk.as_ref().map(|kiosk| known_kiosk(kiosks, kiosk)).transpose()?;
            Command::IssueTicket {
                service: service.as_str().into(),
                then: then.iter().map(|service| service.as_str().into()).collect(),
                class: class.as_str().into(),
                language,
                appointment: appointment.map(|code| appointment_code(&code)).transpose()?,
                kiosk: kiosk.map(|kiosk| kiosk.as_str().into()),
                printer: None,
            }
        }
        Wire::OpenCounter { counter, officer } => Command::OpenCounter { counter, officer: officer.as_str().into() },
        Wire::CloseCounter { counter, hand_over } => Command::CloseCounter { counter, hand_over },
        Wire::PauseCounter { counter, reason } => Command::PauseCounter { counter, reason },
        Wire::ResumeCounter { counter } => Command::ResumeCounter { counter },
        Wire::CallTicket { counter, ticket, reason } => Command::CallTicket { counter, ticket: id(&ticket)?, reason },
        Wire::CallNext { counter } => Command::CallNext { counter },
        Wire::Recall { counter } => Command::Recall { counter },
        Wire::StartServing { counter } => Command::StartServing { counter },
        Wire::FinishServing { counter, outcome, dossiers } => Command::FinishServing {
            counter,
            result: ServingResult { outcome: outcome.map(|outcome| outcome.as_str().into()), dossiers },
        },
        Wire::ParkTicket { counter, until, reason } => Command::ParkTicket { counter, until, reason },
        Wire::UnparkTicket { ticket } => Command::UnparkTicket { ticket: id(&ticket)? },
        Wire::TransferTicket { counter, service, to, and_return } => {
            Command::TransferTicket { counter, service: service.map(|service| service.as_str().into()), to, and_return }
        }
        Wire::ReturnTicket { ticket } => Command::ReturnTicket { ticket: id(&ticket)? },
        Wire::SuspendService { service, reason, until } => {
            Command::SuspendService { service: service.as_str().into(), reason, until }
        }
        Wire::ResumeService { service } => Command::ResumeService { service: service.as_str().into() },
        Wire::BookAppointment { code, service, due } => {
            Command::BookAppointment { code: appointment_code(&code)?, service: service.as_str().into(), due }
        }
        Wire::CancelAppointment { code } => Command::CancelAppointment { code: appointment_code(&code)? },
        Wire::MarkNoShow { counter } => Command::MarkNoShow { counter },
        Wire::CancelTicket { ticket } => Command::CancelTicket { ticket: id(&ticket)? },
        Wire::RateService { ticket, level, reasons, comment } => {
            let comment = check_comment(info, comment.as_deref())?;
            let reasons = reasons.iter().map(|reason| reason.as_str().into()).collect();
            Command::RateService { ticket: id(&ticket)?, level: level.as_str().into(), reasons, comment }
        }
        Wire::ReprintTicket { ticket } => Command::ReprintTicket { ticket: id(&ticket)? },
        Wire::AcceptPrint { ticket } => Command::AcceptPrint { ticket: id(&ticket)? },
        Wire::CloseKiosk { kiosk } => Command::CloseKiosk { kiosk: known_kiosk(kiosks, &kiosk)?.into() },
        Wire::OpenKiosk { kiosk } => Command::OpenKiosk { kiosk: known_kiosk(kiosks, &kiosk)?.into() },
        Wire::StartPrint { job } => match job.parse() {
            Ok(paper) => Command::StartStaffPaper { paper },
            Err(_) => Command::StartPrint { job: id(&job)? },
        },
        Wire::ReportPrint { job, outcome } => match job.parse() {
            Ok(paper) => Command::ReportStaffPaper { paper, report: report(outcome)? },
            Err(_) => Command::ReportPrint { job: id(&job)?, report: report(outcome)? },
        },
        Wire::ChangeRoll { kiosk, printer } => {
            Command::ChangeRoll { kiosk: known_kiosk(kiosks, &kiosk)?.into(), printer: printer_name(&printer)? }
        }
        Wire::PrintStaffPaper { kiosk, paper } => Command::PrintStaffPaper {
            kiosk: known_kiosk(kiosks, &kiosk)?.into(),
            kind: match paper {
                WireKind::Test => StaffPaperKind::Test,
                WireKind::Summary => StaffPaperKind::Summary,
            },
        },
    })
}

fn known_kiosk<'k>(kiosks: &[String], kiosk: &'k str) -> Result<&'k str, Box<Problem>> {
    if kiosks.iter().any(|known| known == kiosk) { Ok(kiosk) } else { Err(Box::new(unknown_kiosk(kiosk))) }
}

/// Whether a comment came; one that the hall does not ask for is refused, so that nobody believes it was kept.
fn check_comment(info: &HallInfo, comment: Option<&str>) -> Result<bool, Box<Problem>> {
    let Some(text) = comment.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(false) };
    let refused = |detail: String, hint: &str| {
        Err(Box::new(Problem::new(422, "invalid-comment", "Comment not taken", detail, hint)))
    };
    if !info.rating_comment {
        return refused("this hall asks for no comments".to_owned(), "send the rating without it");
    }
    if text.chars().count() > MAX_COMMENT_CHARS {
        return refused(format!("a comment holds at most {MAX_COMMENT_CHARS} characters"), "make it shorter");
    }
    Ok(true)
}

fn appointment_code(code: &str) -> Result<AppointmentCode, Box<Problem>> {
    if (1..=MAX_CODE_BYTES).contains(&code.len()) && !code.chars().any(char::is_control) {
        return Ok(code.into());
    }
    let detail = format!("an appointment's code holds 1 to {MAX_CODE_BYTES} bytes");
    let hint = "send the code as the citizen got it";
    Err(Box::new(Problem::new(422, "invalid-appointment-code", "Not a code", detail, hint)))
}

/// A name as `devices.toml` allows it.
fn printer_name(name: &str) -> Result<PrinterName, Box<Problem>> {
    let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    if (1..=MAX_NAME_BYTES).contains(&name.len()) && name.bytes().all(fits) {
        return Ok(name.into());
    }
    let detail = format!("a printer's name holds 1 to {MAX_NAME_BYTES} letters, digits, `-`, `_` or `.`");
    Err(Box::new(Problem::new(
        422,
        "invalid-printer",
        "Not a printer's name",
        detail,
        "send the name of GET /v1/health",
    )))
}

fn report(report: WireReport) -> Result<PrintReport, Box<Problem>> {
    let checked = |reason: String| {
        let code = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if reason.is_empty() || reason.len() > MAX_REASON_BYTES || !reason.bytes().all(code) {
            let detail = "a reason is a code of lower-case letters, digits and hyphens, at most 64";
            let hint = "send a code like paper-out";
            return Err(Box::new(Problem::new(422, "invalid-reason", "Not a fault code", detail, hint)));
        }
        Ok(reason)
    };
    Ok(match report {
        WireReport::Printed { paper: Some(used) } => {
            if used.millimetres > LONGEST_PAPER {
                let detail = format!("a paper is at most {LONGEST_PAPER} mm long");
                let hint = "tell its length from cut to cut";
                return Err(Box::new(Problem::new(422, "invalid-length", "Not a length", detail, hint)));
            }
            let printer = printer_name(&used.printer)?;
            PrintReport::Printed(Some(PaperUsed { printer, millimetres: used.millimetres }))
        }
        WireReport::Printed { paper: None } => PrintReport::Printed(None),
        WireReport::Failed { reason } => PrintReport::Failed(checked(reason)?),
        WireReport::Unconfirmed { reason } => PrintReport::Unconfirmed(checked(reason)?),
    })
}

/// A refusal of the rules: 404 for what does not exist, 409 for what is in another state.
pub fn refusal_problem(refusal: &Refusal) -> Problem {
    let status = if refusal.is_unknown() { 404 } else { 409 };
    Problem::new(status, refusal.code(), refusal.title(), refusal.to_string(), refusal.hint())
}

/// The disk did not take it: nothing has happened.
pub fn log_problem(error: &LogError) -> Problem {
    let hint = "nothing has happened; tell the IT person, and try again with the same Idempotency-Key";
    Problem::new(503, "log-unavailable", "The hub cannot write", error.to_string(), hint)
}

/// The same id with another command.
pub fn key_reused_problem() -> Problem {
    let detail = "this Idempotency-Key was used for another command";
    Problem::new(422, "idempotency-key-reused", "Request id used twice", detail, "make a new id for each press")
}

/// No such kiosk.
pub fn unknown_kiosk(kiosk: &str) -> Problem {
    let detail = format!("kiosk `{kiosk}` does not exist in this hall");
    Problem::new(404, "unknown-kiosk", "Unknown kiosk", detail, "add it to `kiosks` of the hub, or correct the name")
}
