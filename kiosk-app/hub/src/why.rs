//! The events of one day, read from a log beside the hub that writes it: what `kiosk-app why` explains.
//!
//! It reads through [`log::export`], so it opens and checks the log as that does. It changes nothing.

use std::io::{self, Write};
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use queue::{Event, Recorded};
use serde::Deserialize;

use crate::log::{self, BadEvent, LogError};
use crate::record;

/// What the line of an opened day holds, and no other: inside a text the quotes are escaped.
const OPENING: &[u8] = br#""type":"day_opened""#;

/// A day of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// Its events, the opening of the day first; empty when the log does not have the day.
    pub events: Vec<Recorded>,
    /// The event before which reading stopped, where more of the day may stand behind it.
    pub bad: Option<BadEvent>,
}

/// Reads `day`, or the newest one, from the log in `directory`. The hub may write meanwhile.
///
/// # Errors
/// When there is no log that can be opened.
pub fn read_day(directory: &Path, day: Option<Date>) -> Result<Day, LogError> {
    let mut lines = Lines { wanted: day, line: Vec::new(), kept: Vec::new(), part: Part::Before };
    let exported = log::export(directory, &mut lines)?;
    let events = lines.kept.iter().map(|line| decode(line)).collect::<io::Result<_>>();
    let unfit = |e: io::Error| LogError::Unfit { place: directory.display().to_string(), cause: e.to_string() };
    let bad = exported.bad.filter(|_| lines.part != Part::After);
    Ok(Day { events: events.map_err(unfit)?, bad })
}

/// Which part of the log is read: before the wanted day, the day, or after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Before,
    Day,
    After,
}

/// Takes exported lines and keeps those of one day; only they are decoded.
struct Lines {
    wanted: Option<Date>,
    line: Vec<u8>,
    kept: Vec<Vec<u8>>,
    part: Part,
}

impl Lines {
    fn take(&mut self, line: Vec<u8>) -> io::Result<()> {
        if line.windows(OPENING.len()).any(|part| part == OPENING) {
            let is_wanted = |event| matches!(event, Event::DayOpened { day } if Some(day) == self.wanted);
            if self.wanted.is_none() || is_wanted(decode(&line)?.event) {
                self.kept.clear();
                self.part = Part::Day;
            } else if self.part == Part::Day {
                self.part = Part::After;
            }
        }
        if self.part == Part::Day {
            self.kept.push(line);
        }
        Ok(())
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(part);
            if part.ends_with(b"\n") {
                let line = std::mem::take(&mut self.line);
                self.take(line)?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The event of an exported line.
fn decode(line: &[u8]) -> io::Result<Recorded> {
    #[derive(Deserialize)]
    struct Line {
        sequence: u64,
        at: Timestamp,
        event: serde_json::Value,
    }
    let Line { sequence, at, event } = serde_json::from_slice(line)?;
    let event = record::decode(&event.to_string()).map_err(io::Error::other)?;
    Ok(Recorded { sequence, at, event })
}
