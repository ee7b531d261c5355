//! What a printer says of itself, put together from its answers, and what that means.
//!
//! What it did not say is unknown, and unknown is never fine.
//! Bits: Epson's reference for `DLE EOT`, `GS a` and `GS r`; the manuals of Citizen (CBM-1000, iDP3221),
//! Bixolon (SRP-350) and Sewoo say the same of the auto-recoverable error: the head is too hot.

mod parser;

use kit::Fault;
use kit::link::PortStatus;

pub use parser::{Parser, Reply};

/// The paper as the printer's sensors see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Paper {
    /// The printer has not said.
    #[default]
    Unknown,
    /// Enough.
    Ok,
    /// The roll ends soon.
    Low,
    /// None.
    Out,
}

/// A printer's state; `None` where it has not said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PrinterStatus {
    /// Takes and prints data.
    pub online: Option<bool>,
    /// The cover is open.
    pub cover_open: Option<bool>,
    /// The paper.
    pub paper: Paper,
    /// The cutter is stuck.
    pub cutter_jam: Option<bool>,
    /// The print head is too hot: it goes on by itself once it has cooled down.
    pub overheated: Option<bool>,
    /// Some other error.
    pub error: Option<bool>,
    /// What its USB port says, where it has one that says something. A bad line is believed; a good one proves
    /// nothing, since many printers always show it.
    pub port: Option<PortStatus>,
}

/// The four questions of `DLE EOT`, by their number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Query {
    /// `DLE EOT 1`.
    Printer,
    /// `DLE EOT 2`.
    OfflineCause,
    /// `DLE EOT 3`.
    ErrorCause,
    /// `DLE EOT 4`.
    Paper,
}

impl Query {
    /// All, in the order of asking: first the two that every model must answer.
    pub const ALL: [Self; 4] = [Self::Printer, Self::Paper, Self::OfflineCause, Self::ErrorCause];

    /// The number in the command.
    pub fn number(self) -> u8 {
        match self {
            Self::Printer => 1,
            Self::OfflineCause => 2,
            Self::ErrorCause => 3,
            Self::Paper => 4,
        }
    }
}

impl PrinterStatus {
    /// Takes the answer to a `DLE EOT`.
    pub fn apply_real_time(&mut self, query: Query, byte: u8) {
        let bit = |mask: u8| byte & mask != 0;
        match query {
            Query::Printer => self.online = Some(!bit(0x08)),
            Query::OfflineCause => {
                self.cover_open = Some(bit(0x04));
                self.error = Some(bit(0x40));
                if bit(0x20) {
                    self.paper = Paper::Out;
                }
            }
            Query::ErrorCause => {
                self.cutter_jam = Some(bit(0x08));
                self.overheated = Some(bit(0x40));
                // The error that `DLE EOT 2` told is named here.
                self.error = Some(bit(0x20) || self.error == Some(true) && !bit(0x40));
            }
            Query::Paper => self.paper = paper(bit(0x60), bit(0x0c)),
        }
    }

    /// Takes a missing answer to a `DLE EOT`: what it would have said is unknown now.
    pub fn apply_silence(&mut self, query: Query) {
        match query {
            Query::Printer => self.online = None,
            Query::OfflineCause => self.cover_open = None,
            Query::ErrorCause => {
                self.cutter_jam = None;
                self.overheated = None;
                self.error = None;
            }
            Query::Paper => self.paper = Paper::Unknown,
        }
    }

    /// Takes four bytes of automatic status: everything at once.
    pub fn apply_automatic(&mut self, bytes: [u8; 4]) {
        let [first, second, third, _] = bytes;
        self.online = Some(first & 0x08 == 0);
        self.cover_open = Some(first & 0x20 != 0);
        self.cutter_jam = Some(second & 0x08 != 0);
        self.overheated = Some(second & 0x40 != 0);
        self.error = Some(second & 0x24 != 0);
        self.paper = paper(third & 0x0c != 0, third & 0x03 != 0);
    }

    /// Takes the answer to `GS r 1`.
    pub fn apply_transmitted_paper(&mut self, byte: u8) {
        self.paper = paper(byte & 0x0c != 0, byte & 0x03 != 0);
    }

    /// Takes the USB port's byte. One without any line on says nothing: printers without them answer it.
    pub fn apply_port(&mut self, told: Option<PortStatus>) {
        self.port = told.filter(|port| port.paper_empty || port.selected || !port.error);
    }

    /// Forgets what the printer said over its bytes; the port is asked beside them.
    pub fn forget(&mut self) {
        *self = Self { port: self.port, ..Self::default() };
    }

    /// What is wrong, the most useful first; `None` when all is known and well.
    pub fn fault(&self) -> Option<Fault> {
        self.answered_fault().or_else(|| self.port.and_then(port_fault)).or_else(|| self.unknown_fault())
    }

    /// What the printer's own answers say is wrong.
    fn answered_fault(&self) -> Option<Fault> {
        if self.cover_open == Some(true) {
            Some(Fault::new("cover-open", "the cover is open", "close the cover"))
        } else if self.paper == Paper::Out {
            Some(Fault::new("paper-out", "paper is out", "load a roll and close the cover"))
        } else if self.cutter_jam == Some(true) {
            Some(Fault::new(
                "cutter-jam",
                "the cutter is stuck",
                "open the cover, take out the paper that jams, then switch the printer off and on",
            ))
        } else if self.overheated == Some(true) && self.error != Some(true) {
            Some(Fault::new(
                "overheated",
                "the print head is too hot",
                "let it cool down for some minutes, it then goes on by itself; keep its air openings free",
            ))
        } else if self.error == Some(true) {
            Some(Fault::new(
                "error",
                "the printer reports an error",
                "switch the printer off and on; if it stays, call its service",
            ))
        } else if self.online == Some(false) {
            Some(Fault::new(
                "offline",
                "the printer is offline",
                "let go of its feed button and see what its lamps say",
            ))
        } else {
            None
        }
    }

    /// What it did not say; and, where it said all, that the roll ends soon.
    fn unknown_fault(&self) -> Option<Fault> {
        if self.online.is_none() || self.paper == Paper::Unknown {
            Some(self.silent_fault())
        } else if self.paper == Paper::Low {
            Some(Fault::new("paper-low", "the roll ends soon", "have a new roll at hand"))
        } else {
            None
        }
    }

    /// The fault of a printer that answers nothing: it is only as well as its USB port says, which is not well.
    pub(crate) fn silent_fault(&self) -> Fault {
        match self.port {
            None => no_answer(),
            Some(_) => Fault::new(
                NO_ANSWER,
                "the printer answers nothing; its USB port says that it is on and has paper, which many always say",
                "switch the printer off and on; if it stays, take a model that answers status questions",
            ),
        }
    }

    /// The fault that keeps it from printing: any but low paper.
    pub fn blocking_fault(&self) -> Option<Fault> {
        self.fault().filter(|fault| fault.code != "paper-low")
    }

    /// A fault that the printer itself told, not one of silence.
    pub fn told_fault(&self) -> Option<Fault> {
        self.blocking_fault().filter(|fault| fault.code != NO_ANSWER)
    }
}

/// Code of the fault that silence is.
pub(crate) const NO_ANSWER: &str = "no-answer";

pub(crate) fn no_answer() -> Fault {
    Fault::new(
        NO_ANSWER,
        "the printer does not answer",
        "check that it is switched on, its cable, and the line settings",
    )
}

/// What a bad line of the USB port means.
fn port_fault(port: PortStatus) -> Option<Fault> {
    if port.paper_empty {
        Some(Fault::new("paper-out", "the USB port says that paper is out", "load a roll and close the cover"))
    } else if port.error {
        Some(Fault::new(
            "error",
            "the USB port says that something is wrong and not what",
            "look at the printer's lamps, paper and cover; then switch it off and on",
        ))
    } else if !port.selected {
        Some(Fault::new(
            "offline",
            "the USB port says that it is offline",
            "close its cover and press its online button",
        ))
    } else {
        None
    }
}

fn paper(out: bool, low: bool) -> Paper {
    match (out, low) {
        (true, _) => Paper::Out,
        (false, true) => Paper::Low,
        (false, false) => Paper::Ok,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The state after the answers to `DLE EOT` 1, 2, 3 and 4.
    fn told(answers: [u8; 4]) -> PrinterStatus {
        let mut status = PrinterStatus::default();
        for query in Query::ALL {
            let answer = answers[usize::from(query.number()) - 1];
            status.apply_real_time(query, answer);
        }
        status
    }

    fn code(status: PrinterStatus) -> Option<String> {
        status.fault().map(|fault| fault.code.into_owned())
    }

    #[test]
    fn answers_of_a_real_time_round() {
        let table = [
            ([0x12, 0x12, 0x12, 0x12], None),
            ([0x16, 0x12, 0x12, 0x12], None),
            ([0x12, 0x12, 0x12, 0x1e], Some("paper-low")),
            ([0x1a, 0x32, 0x12, 0x72], Some("paper-out")),
            ([0x1a, 0x12, 0x12, 0x7e], Some("paper-out")),
            ([0x1a, 0x32, 0x12, 0x12], Some("paper-out")),
            ([0x1a, 0x16, 0x12, 0x12], Some("cover-open")),
            ([0x1a, 0x16, 0x12, 0x72], Some("cover-open")),
            ([0x1a, 0x52, 0x1a, 0x12], Some("cutter-jam")),
            ([0x1a, 0x52, 0x32, 0x12], Some("error")),
            ([0x1a, 0x52, 0x12, 0x12], Some("error")),
            ([0x1a, 0x52, 0x52, 0x12], Some("overheated")),
            ([0x1a, 0x52, 0x72, 0x12], Some("error")),
            ([0x1a, 0x16, 0x52, 0x12], Some("cover-open")),
            ([0x1a, 0x12, 0x12, 0x12], Some("offline")),
        ];
        for (answers, expected) in table {
            assert_eq!(code(told(answers)).as_deref(), expected, "{answers:02x?}");
        }
    }

    #[test]
    fn automatic_status() {
        let table = [
            ([0x10, 0, 0, 0x0f], None),
            ([0x10, 0, 0x03, 0x0f], Some("paper-low")),
            ([0x18, 0, 0x0c, 0x0f], Some("paper-out")),
            ([0x38, 0, 0, 0x0f], Some("cover-open")),
            ([0x18, 0x08, 0, 0x0f], Some("cutter-jam")),
            ([0x18, 0x20, 0, 0x0f], Some("error")),
            ([0x18, 0x04, 0, 0x0f], Some("error")),
            ([0x18, 0x40, 0, 0x0f], Some("overheated")),
            ([0x18, 0x60, 0, 0x0f], Some("error")),
            ([0x38, 0x40, 0, 0x0f], Some("cover-open")),
            ([0x18, 0, 0, 0x0f], Some("offline")),
        ];
        for (bytes, expected) in table {
            let mut status = PrinterStatus::default();
            status.apply_automatic(bytes);
            assert_eq!(code(status).as_deref(), expected, "{bytes:02x?}");
        }
    }

    #[test]
    fn silence_is_unknown_and_never_fine() {
        assert_eq!(code(PrinterStatus::default()).as_deref(), Some(NO_ANSWER));
        for silent in [Query::Printer, Query::Paper] {
            let mut status = told([0x12; 4]);
            status.apply_silence(silent);
            assert_eq!(code(status).as_deref(), Some(NO_ANSWER), "{silent:?}");
            assert_eq!(status.told_fault(), None);
        }
    }

    #[test]
    fn low_paper_still_prints() {
        assert_eq!(told([0x12, 0x12, 0x12, 0x1e]).blocking_fault(), None);
    }

    #[test]
    fn a_bad_line_of_the_port_is_believed_and_a_good_one_proves_nothing() {
        let table = [
            (0x18, [0x12; 4], None),
            (0x00, [0x12; 4], None),
            (0x38, [0x12; 4], Some("paper-out")),
            (0x10, [0x12; 4], Some("error")),
            (0x08, [0x12; 4], Some("offline")),
            (0x18, [0x12, 0x12, 0x12, 0x1e], Some("paper-low")),
            (0x38, [0x12, 0x12, 0x12, 0x1e], Some("paper-out")),
            (0x10, [0x1a, 0x16, 0x12, 0x12], Some("cover-open")),
        ];
        for (byte, answers, expected) in table {
            let mut status = told(answers);
            status.apply_port(Some(PortStatus::from_byte(byte)));
            assert_eq!(code(status).as_deref(), expected, "port {byte:02x}, answers {answers:02x?}");
        }
        for (byte, expected) in [(0x18, NO_ANSWER), (0x00, NO_ANSWER), (0x38, "paper-out"), (0x10, "error")] {
            let mut silent = PrinterStatus::default();
            silent.apply_port(Some(PortStatus::from_byte(byte)));
            assert_eq!(code(silent).as_deref(), Some(expected), "{byte:02x}");
            assert_eq!(silent.told_fault().is_some(), expected != NO_ANSWER);
        }
    }
}
