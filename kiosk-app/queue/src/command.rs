//! What people and devices ask of the hall.

use jiff::Timestamp;

use crate::event::{PrintReport, ServingResult, StaffPaperKind};
use crate::ids::{
    AgentRun, AppointmentCode, ClassId, CounterNumber, KioskId, LevelId, OfficerId, PrintJobId, PrinterName, ReasonId,
    ServiceId, StaffPaperId, TicketId,
};

/// A wish; [`crate::decide`] says what comes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Time has passed: what is due happens. The day rolls over, parked tickets come back, missed ones end.
    PassTime,
    /// A citizen takes a number.
    IssueTicket {
        /// What for.
        service: ServiceId,
        /// As whom.
        class: ClassId,
        /// Language code of paper and voice.
        language: String,
        /// Services after the first, on the same number.
        then: Vec<ServiceId>,
        /// Code of an appointment that is checked in.
        appointment: Option<AppointmentCode>,
        /// Where the paper comes out; none prints nothing.
        kiosk: Option<KioskId>,
        /// The agent run that stands ready at that kiosk's printer, where one does: its paper begins at once.
        printer: Option<AgentRun>,
    },
    /// An officer sits down.
    OpenCounter {
        /// Where.
        counter: CounterNumber,
        /// Who.
        officer: OfficerId,
    },
    /// The officer leaves.
    CloseCounter {
        /// Which.
        counter: CounterNumber,
        /// Give an open ticket back to the queue, at its place; else a counter with one is not closed.
        hand_over: bool,
    },
    /// The officer is away for a while.
    PauseCounter {
        /// Which.
        counter: CounterNumber,
        /// Why, a short text or code.
        reason: String,
    },
    /// The officer is back.
    ResumeCounter {
        /// Which.
        counter: CounterNumber,
    },
    /// The next ticket to the counter.
    CallNext {
        /// Which.
        counter: CounterNumber,
    },
    /// A certain ticket to the counter, out of order.
    CallTicket {
        /// Where to.
        counter: CounterNumber,
        /// Which.
        ticket: TicketId,
        /// Why, a short text or code.
        reason: String,
    },
    /// The called ticket once more.
    Recall {
        /// Which.
        counter: CounterNumber,
    },
    /// The called citizen has come.
    StartServing {
        /// Which.
        counter: CounterNumber,
    },
    /// The citizen is served.
    FinishServing {
        /// Which.
        counter: CounterNumber,
        /// How it ended and what was handled.
        result: ServingResult,
    },
    /// The ticket at the counter waits aside, and keeps its place.
    ParkTicket {
        /// Which counter.
        counter: CounterNumber,
        /// When it goes back to the queue by itself; none waits for a hand.
        until: Option<Timestamp>,
        /// Why, a short text or code.
        reason: String,
    },
    /// A parked ticket goes back to the queue.
    UnparkTicket {
        /// Which.
        ticket: TicketId,
    },
    /// The ticket at the counter goes to another service or counter, on the same number.
    TransferTicket {
        /// From which counter.
        counter: CounterNumber,
        /// To which service; none keeps the present one.
        service: Option<ServiceId>,
        /// To which counter; none lets any counter of the service call it.
        to: Option<CounterNumber>,
        /// Whether it comes back to this counter afterwards.
        and_return: bool,
    },
    /// A citizen who missed the call is there after all.
    ReturnTicket {
        /// Which.
        ticket: TicketId,
    },
    /// The called citizen did not come.
    MarkNoShow {
        /// Which.
        counter: CounterNumber,
    },
    /// A waiting or called ticket is given up.
    CancelTicket {
        /// Which.
        ticket: TicketId,
    },
    /// A service gives no numbers for a while.
    SuspendService {
        /// Which.
        service: ServiceId,
        /// Why, as the kiosk shows it.
        reason: String,
        /// Until when; none waits for a hand.
        until: Option<Timestamp>,
    },
    /// A service gives numbers again.
    ResumeService {
        /// Which.
        service: ServiceId,
    },
    /// An appointment was made.
    BookAppointment {
        /// Its code, unique while it stands.
        code: AppointmentCode,
        /// What for.
        service: ServiceId,
        /// When.
        due: Timestamp,
    },
    /// An appointment was given up.
    CancelAppointment {
        /// Its code.
        code: AppointmentCode,
    },
    /// The citizen rates.
    RateService {
        /// Which service it was.
        ticket: TicketId,
        /// How it was.
        level: LevelId,
        /// Why, out of the hall's reasons.
        reasons: Vec<ReasonId>,
        /// Whether words of the citizen's own came with it; they are kept beside the log.
        comment: bool,
    },
    /// Staff close a kiosk.
    CloseKiosk {
        /// Which.
        kiosk: KioskId,
    },
    /// Staff open a kiosk again.
    OpenKiosk {
        /// Which.
        kiosk: KioskId,
    },
    /// The paper once more.
    ReprintTicket {
        /// Which.
        ticket: TicketId,
    },
    /// Staff saw the paper that nobody had confirmed.
    AcceptPrint {
        /// Whose newest paper.
        ticket: TicketId,
    },
    /// An agent takes a print job.
    StartPrint {
        /// Which.
        job: PrintJobId,
    },
    /// An agent tells how a print job ended.
    ReportPrint {
        /// Which.
        job: PrintJobId,
        /// How.
        report: PrintReport,
    },
    /// A new roll was put into a printer.
    ChangeRoll {
        /// Kiosk that it stands at.
        kiosk: KioskId,
        /// Which.
        printer: PrinterName,
    },
    /// Staff want a paper of their own.
    PrintStaffPaper {
        /// Where.
        kiosk: KioskId,
        /// Which.
        kind: StaffPaperKind,
    },
    /// An agent takes a paper for staff.
    StartStaffPaper {
        /// Which.
        paper: StaffPaperId,
    },
    /// An agent tells how a paper for staff ended.
    ReportStaffPaper {
        /// Which.
        paper: StaffPaperId,
        /// How.
        report: PrintReport,
    },
}
