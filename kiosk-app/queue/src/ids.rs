//! Identifiers of the hall.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use jiff::civil::Date;

/// Number of a counter as it stands on the desk, from 1.
pub type CounterNumber = u16;

/// A text that is not an identifier of the wanted kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a {kind}, such as `{example}`")]
pub struct ParseIdError {
    text: String,
    kind: &'static str,
    example: &'static str,
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id!(
    /// A field (lĩnh vực): group of services.
    FieldId
);
text_id!(
    /// A service (dịch vụ): what one queues for.
    ServiceId
);
text_id!(
    /// A reason that a citizen gives with a rating.
    ReasonId
);
text_id!(
    /// An officer (cán bộ một cửa).
    OfficerId
);
text_id!(
    /// A class of citizens: normal, or a priority class with its reason.
    ClassId
);
text_id!(
    /// A kiosk that gives numbers.
    KioskId
);
text_id!(
    /// One run of an agent's process: another run cannot know what this one sent to its printer.
    AgentRun
);
text_id!(
    /// A ticket printer, by its name in `devices.toml`.
    PrinterName
);
text_id!(
    /// How serving ended, such as `received` or `supplement-asked`.
    OutcomeId
);
text_id!(
    /// Code of an appointment, as the citizen got it.
    AppointmentCode
);
text_id!(
    /// A level of the rating scale.
    LevelId
);

/// A ticket number (số thứ tự): a field's letter and a number that restarts each day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TicketNumber {
    /// The field's letter, `A` to `Z`.
    pub letter: char,
    /// From 1.
    pub value: u16,
}

impl fmt::Display for TicketNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:03}", self.letter, self.value)
    }
}

impl FromStr for TicketNumber {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        let error = || ParseIdError { text: text.to_owned(), kind: "ticket number", example: "A012" };
        let mut chars = text.chars();
        let letter = chars.next().filter(char::is_ascii_uppercase).ok_or_else(error)?;
        let digits = chars.as_str();
        if digits.len() < 3 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(error());
        }
        Ok(Self { letter, value: digits.parse().map_err(|_| error())? })
    }
}

/// A ticket, unique for ever: service day and number. Shown as `20261122-A012`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TicketId {
    /// Service day, local.
    pub day: Date,
    /// Number on that day.
    pub number: TicketNumber,
}

impl fmt::Display for TicketId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}{:02}{:02}-{}", self.day.year(), self.day.month(), self.day.day(), self.number)
    }
}

impl FromStr for TicketId {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        let error = || ParseIdError { text: text.to_owned(), kind: "ticket id", example: "20261122-A012" };
        let (day, number) = text.split_once('-').ok_or_else(error)?;
        Ok(Self { day: day_of(day).ok_or_else(error)?, number: number.parse().map_err(|_| error())? })
    }
}

/// A print job: a ticket and which copy of its paper. Shown as `20261122-A012-p1`; copies after the first are reprints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PrintJobId {
    /// Whose paper.
    pub ticket: TicketId,
    /// Copy, from 1.
    pub copy: u16,
}

impl PrintJobId {
    /// Whether the paper must say that it is a reprint.
    #[must_use]
    pub fn is_reprint(&self) -> bool {
        self.copy > 1
    }
}

impl fmt::Display for PrintJobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-p{}", self.ticket, self.copy)
    }
}

impl FromStr for PrintJobId {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        let error = || ParseIdError { text: text.to_owned(), kind: "print job id", example: "20261122-A012-p1" };
        let (ticket, copy) = text.rsplit_once("-p").ok_or_else(error)?;
        Ok(Self { ticket: ticket.parse().map_err(|_| error())?, copy: copy.parse().map_err(|_| error())? })
    }
}

/// A paper for staff: service day and a number that restarts each day. Shown as `20261122-staff-3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StaffPaperId {
    /// Service day, local.
    pub day: Date,
    /// From 1.
    pub number: u16,
}

impl fmt::Display for StaffPaperId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}{:02}{:02}-staff-{}", self.day.year(), self.day.month(), self.day.day(), self.number)
    }
}

impl FromStr for StaffPaperId {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        let error = || ParseIdError { text: text.to_owned(), kind: "staff paper id", example: "20261122-staff-3" };
        let (day, number) = text.split_once("-staff-").ok_or_else(error)?;
        Ok(Self { day: day_of(day).ok_or_else(error)?, number: number.parse().map_err(|_| error())? })
    }
}

/// The date of eight digits.
fn day_of(text: &str) -> Option<Date> {
    if text.len() != 8 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let part = |range: std::ops::Range<usize>| text.get(range).and_then(|digits| digits.parse::<i16>().ok());
    let small = |range| part(range).and_then(|n| i8::try_from(n).ok());
    Date::new(part(0..4)?, small(4..6)?, small(6..8)?).ok()
}
