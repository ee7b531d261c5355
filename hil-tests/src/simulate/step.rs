//! What happens to a hall, one step after the other, and how a person reads it. A list of steps plays the same again
//! without dice, also when some of them are taken out.

use std::fmt;

use queue::{Command, PrintReport, ServiceId, TicketId};

use super::log::Disk;

/// A press of a button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pressed {
    /// Its request id is `p` and this number; a retry has the number of the first press.
    pub id: u64,
    /// Fingerprint of the command: the number of the press that first sent it.
    pub fingerprint: u64,
    /// The command.
    pub command: Command,
    /// The press that took the number that the command is about. Whatever that press gets is meant.
    pub about: Option<u64>,
}

impl Pressed {
    /// Its request id.
    #[must_use]
    pub fn request_id(&self) -> String {
        format!("p{}", self.id)
    }
}

/// How a hub comes back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Restart {
    /// How long the machine is off, milliseconds.
    pub off: u64,
    /// By how much its clock is wrong afterwards, milliseconds.
    pub shift: i64,
    /// Whether the snapshot is gone.
    pub snapshot_lost: bool,
    /// Which of the seed's definitions of the hall stands from now on.
    pub hall: usize,
}

/// One thing that happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Time goes on by so many milliseconds, and the hub looks at its clock.
    Pass(u64),
    /// Buttons are pressed together.
    Press(Vec<Pressed>),
    /// The clock is set by so many milliseconds while the hub runs.
    Jump(i64),
    /// The disk is so from now on.
    Disk(Disk),
    /// The power goes while these commands are being written; nobody hears an answer.
    Crash {
        /// Commands in flight; none lets it go while the hub looks at its clock.
        during: Vec<Pressed>,
        /// Whether they reach the disk.
        kept: bool,
        /// How it comes back.
        restart: Restart,
    },
    /// The hub is stopped in order, with a snapshot.
    Stop(Restart),
}

/// The ticket that a command names.
pub(super) fn ticket_of(command: &mut Command) -> Option<&mut TicketId> {
    match command {
        Command::CallTicket { ticket, .. }
        | Command::UnparkTicket { ticket }
        | Command::ReturnTicket { ticket }
        | Command::CancelTicket { ticket }
        | Command::RateService { ticket, .. }
        | Command::ReprintTicket { ticket }
        | Command::AcceptPrint { ticket } => Some(ticket),
        Command::StartPrint { job } | Command::ReportPrint { job, .. } => Some(&mut job.ticket),
        _ => None,
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pass(time) => write!(f, "{} pass", Seconds(*time)),
            Self::Press(presses) => write!(f, "{}", Presses(presses)),
            Self::Jump(by) => write!(f, "the clock jumps by {}", Shift(*by)),
            Self::Disk(disk) => write!(f, "the disk is {disk:?}"),
            Self::Crash { during, kept, restart } => {
                let kept = if *kept { "is" } else { "is not" };
                write!(f, "the power goes within [{}], which {kept} on the disk; {restart}", Presses(during))
            }
            Self::Stop(restart) => write!(f, "the hub stops; {restart}"),
        }
    }
}

impl fmt::Display for Restart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "again after {}", Seconds(self.off))?;
        if self.shift != 0 {
            write!(f, ", its clock wrong by {}", Shift(self.shift))?;
        }
        if self.snapshot_lost {
            f.write_str(", without its snapshot")?;
        }
        if self.hall > 0 { write!(f, ", with definition {}", self.hall + 1) } else { Ok(()) }
    }
}

/// Milliseconds for people.
struct Seconds(u64);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, rest) = (self.0 / 1000, self.0 % 1000);
        match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
            (0, 0, _) => write!(f, "{seconds}.{rest:03} s"),
            (0, minutes, seconds) => write!(f, "{minutes} min {seconds}.{rest:03} s"),
            (hours, minutes, seconds) => write!(f, "{hours} h {minutes} min {seconds}.{rest:03} s"),
        }
    }
}

struct Shift(i64);

impl fmt::Display for Shift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.0 < 0 { "-" } else { "+" }, Seconds(self.0.unsigned_abs()))
    }
}

struct Presses<'a>(&'a [Pressed]);

impl fmt::Display for Presses<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("the hub looks at its clock");
        }
        for (n, press) in self.0.iter().enumerate() {
            let again = if press.id == press.fingerprint { "" } else { " (an id used before)" };
            let about = press.about.map_or_else(String::new, |about| format!(" [the ticket of p{about}]"));
            let and = if n > 0 { " | " } else { "" };
            write!(f, "{and}p{}{again}: {}{about}", press.id, words(&press.command))?;
        }
        Ok(())
    }
}

/// A command in few words.
fn words(command: &Command) -> String {
    match command {
        Command::PassTime => "look at the clock".to_owned(),
        Command::IssueTicket { service, class, then, appointment, kiosk, printer, .. } => {
            let then: String = then.iter().map(|service: &ServiceId| format!(" then {service}")).collect();
            let code = appointment.as_ref().map_or_else(String::new, |code| format!(" with appointment {code}"));
            let kiosk = kiosk.as_ref().map_or_else(String::new, |kiosk| format!(" at {kiosk}"));
            let ready = if printer.is_some() { ", its printer ready" } else { "" };
            format!("a {class} citizen takes a number for {service}{then}{code}{kiosk}{ready}")
        }
        Command::OpenCounter { counter, officer } => format!("{officer} opens counter {counter}"),
        Command::CloseCounter { counter, hand_over } => {
            format!("counter {counter} closes{}", if *hand_over { " and hands over" } else { "" })
        }
        Command::PauseCounter { counter, .. } => format!("counter {counter} pauses"),
        Command::ResumeCounter { counter } => format!("counter {counter} resumes"),
        Command::CallNext { counter } => format!("counter {counter} calls the next"),
        Command::CallTicket { counter, ticket, .. } => format!("counter {counter} picks {ticket}"),
        Command::Recall { counter } => format!("counter {counter} calls again"),
        Command::StartServing { counter } => format!("counter {counter} starts serving"),
        Command::FinishServing { counter, .. } => format!("counter {counter} finishes"),
        Command::ParkTicket { counter, until, .. } => {
            format!("counter {counter} parks{}", until.map_or_else(String::new, |until| format!(" until {until}")))
        }
        Command::UnparkTicket { ticket } => format!("{ticket} is unparked"),
        Command::TransferTicket { counter, service, to, and_return } => {
            let service = service.as_ref().map_or_else(String::new, |service| format!(" to {service}"));
            let to = to.map_or_else(String::new, |to| format!(" to counter {to}"));
            format!("counter {counter} transfers{service}{to}{}", if *and_return { " and back" } else { "" })
        }
        Command::ReturnTicket { ticket } => format!("{ticket} comes back"),
        Command::MarkNoShow { counter } => format!("nobody comes to counter {counter}"),
        Command::CancelTicket { ticket } => format!("{ticket} is given up"),
        Command::SuspendService { service, until, .. } => {
            format!("{service} is suspended{}", until.map_or_else(String::new, |until| format!(" until {until}")))
        }
        Command::ResumeService { service } => format!("{service} is resumed"),
        Command::BookAppointment { code, service, due } => format!("appointment {code} for {service} at {due}"),
        Command::CancelAppointment { code } => format!("appointment {code} is given up"),
        Command::RateService { ticket, level, .. } => format!("{ticket} is rated {level}"),
        Command::CloseKiosk { kiosk } => format!("{kiosk} is closed"),
        Command::OpenKiosk { kiosk } => format!("{kiosk} is opened"),
        Command::ReprintTicket { ticket } => format!("{ticket} is reprinted"),
        Command::AcceptPrint { ticket } => format!("staff saw the paper of {ticket}"),
        Command::StartPrint { job } => format!("an agent starts paper {job}"),
        Command::ReportPrint { job, report } => match report {
            PrintReport::Printed(_) => format!("paper {job} is printed"),
            PrintReport::Failed(_) => format!("paper {job} failed"),
            PrintReport::Unconfirmed(_) => format!("paper {job} is unconfirmed"),
        },
        Command::ChangeRoll { printer, .. } => format!("{printer} gets a new roll"),
        Command::PrintStaffPaper { kiosk, kind } => format!("staff want a {kind:?} at {kiosk}"),
        Command::StartStaffPaper { paper } => format!("an agent starts {paper}"),
        Command::ReportStaffPaper { paper, report } => format!("{paper} ended: {report:?}"),
    }
}
