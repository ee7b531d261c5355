//! What a printer says of itself, put together from its answers, and what that means.
//!
//! What it did not say is unknown, and unknown is never fine.
//! Bits: Epson's reference for `DLE EOT`, `GS a` and `GS r`.

mod parser;

use kit::Fault;

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
    /// Some other error.
    pub error: Option<bool>,
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
                self.error = Some(self.error == Some(true) || bit(0x20) || bit(0x40));
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
        self.error = Some(second & 0x64 != 0);
        self.paper = paper(third & 0x0c != 0, third & 0x03 != 0);
    }

    /// Takes the answer to `GS r 1`.
    pub fn apply_transmitted_paper(&mut self, byte: u8) {
        self.paper = paper(byte & 0x0c != 0, byte & 0x03 != 0);
    }

    /// What is wrong, the most useful first; `None` when all is known and well.
    pub fn fault(&self) -> Option<Fault> {
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
        } else if self.online.is_none() || self.paper == Paper::Unknown {
            Some(no_answer())
        } else if self.paper == Paper::Low {
            Some(Fault::new("paper-low", "the roll ends soon", "have a new roll at hand"))
        } else {
            None
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
            ([0x1a, 0x52, 0x52, 0x12], Some("error")),
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
            ([0x18, 0x40, 0, 0x0f], Some("error")),
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
}
