//! What people and devices ask of the hall.

use crate::ids::{AgentRun, ClassId, CounterNumber, KioskId, LevelId, OfficerId, PrintJobId, ServiceId, TicketId};

/// A wish; [`crate::decide`] says what comes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// The day may have changed: open the new one. Does nothing on the same day.
    OpenDay,
    /// A citizen takes a number.
    IssueTicket {
        /// What for.
        service: ServiceId,
        /// As whom.
        class: ClassId,
        /// Language code of paper and voice.
        language: String,
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
    },
    /// The next ticket to the counter.
    CallNext {
        /// Which.
        counter: CounterNumber,
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
    /// The citizen rates.
    RateService {
        /// Which service it was.
        ticket: TicketId,
        /// How it was.
        level: LevelId,
    },
    /// The paper once more.
    ReprintTicket {
        /// Which.
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
}

/// How a print job ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrintReport {
    /// The printer confirmed it.
    Printed,
    /// The printer said no; with the fault's code.
    Failed(String),
    /// Nobody confirmed it; with the fault's code.
    Unconfirmed(String),
}
