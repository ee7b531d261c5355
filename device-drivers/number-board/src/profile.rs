//! What is particular to a model of board, read from a file of `config/profiles/boards/`.
//! A profile is data: no code asks for a model by name.

use std::time::Duration;

use serde::Deserialize;

use crate::protocol::Protocol;
use crate::protocol::alpha::{self, Address, Mode, Position};

/// Most lines that a profile may name.
pub const MOST_LINES: usize = 8;
/// Most characters a line that a profile may name.
pub const MOST_COLUMNS: usize = 64;
/// Longest rest after a frame, in milliseconds.
pub const LONGEST_PACE_MS: u64 = 1000;
/// Longest time between two repaints, in seconds.
pub const LONGEST_REPAINT_SECONDS: u64 = 3600;

/// The profiles that are compiled in: name and file.
const BUILT_IN: [(&str, &str); 1] =
    [("alpha-betabrite", include_str!("../../../config/profiles/boards/alpha-betabrite.toml"))];

/// A model of board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardProfile {
    /// Wire protocol with its own settings.
    pub protocol: Protocol,
    /// Lines that fit, 1 to [`MOST_LINES`].
    pub lines: usize,
    /// Characters that fit on a line, 1 to [`MOST_COLUMNS`].
    pub columns: usize,
    /// Rest after each frame, 0 to [`LONGEST_PACE_MS`].
    pub pace: Duration,
    /// Time between two repaints of the same text, 1 s to [`LONGEST_REPAINT_SECONDS`].
    pub repaint: Duration,
}

/// A profile that cannot be used, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// Not TOML, a key that is unknown or missing, or a value of the wrong kind. The text names
    /// the line.
    #[error("board profile: {0}")]
    Toml(String),
    /// A value outside its range.
    #[error("board profile: {key} is {value}; it can be {allowed}")]
    Value {
        /// The key in the file.
        key: &'static str,
        /// What stands there.
        value: String,
        /// What may stand there.
        allowed: String,
    },
}

/// The file as it is written. Flat, so that a person finds each key by its name.
#[derive(Debug, Deserialize)]
#[serde(tag = "protocol", rename_all = "snake_case", deny_unknown_fields)]
enum File {
    Alpha {
        address: String,
        type_code: char,
        label: char,
        position: Position,
        mode: Mode,
        lines: usize,
        columns: usize,
        pace_ms: u64,
        repaint_seconds: u64,
    },
}

impl BoardProfile {
    /// Reads a profile file's text.
    ///
    /// # Errors
    /// [`ProfileError`] names the key, what stands there and what may.
    pub fn from_toml(text: &str) -> Result<Self, ProfileError> {
        let file: File = toml::from_str(text).map_err(|error| ProfileError::Toml(error.to_string()))?;
        let File::Alpha { address, type_code, label, position, mode, lines, columns, pace_ms, repaint_seconds } = file;
        let address = Address::parse(&address).ok_or_else(|| ProfileError::Value {
            key: "address",
            value: format!("{address:?}"),
            allowed: "two hexadecimal digits such as \"01\"; \"00\" is every sign".into(),
        })?;
        Ok(Self {
            protocol: Protocol::Alpha(alpha::Settings {
                address,
                type_code: printable("type_code", type_code)?,
                label: alpha_label(label)?,
                position,
                mode,
            }),
            lines: within("lines", lines, 1, MOST_LINES)?,
            columns: within("columns", columns, 1, MOST_COLUMNS)?,
            pace: Duration::from_millis(within("pace_ms", pace_ms, 0, LONGEST_PACE_MS)?),
            repaint: Duration::from_secs(within("repaint_seconds", repaint_seconds, 1, LONGEST_REPAINT_SECONDS)?),
        })
    }

    /// A profile that is compiled in, by its file name without ending.
    ///
    /// # Errors
    /// [`ProfileError`] when there is none of that name; it lists those that are.
    pub fn built_in(name: &str) -> Result<Self, ProfileError> {
        match BUILT_IN.iter().find(|(known, _)| *known == name) {
            Some((_, text)) => Self::from_toml(text),
            None => Err(ProfileError::Value {
                key: "profile",
                value: format!("{name:?}"),
                allowed: Self::built_in_names().collect::<Vec<_>>().join(", "),
            }),
        }
    }

    /// Names of the profiles that are compiled in.
    pub fn built_in_names() -> impl Iterator<Item = &'static str> {
        BUILT_IN.iter().map(|(name, _)| *name)
    }
}

fn within<T: Copy + PartialOrd + std::fmt::Display>(
    key: &'static str,
    value: T,
    least: T,
    most: T,
) -> Result<T, ProfileError> {
    if (least..=most).contains(&value) {
        return Ok(value);
    }
    Err(ProfileError::Value { key, value: value.to_string(), allowed: format!("{least} to {most}") })
}

fn printable(key: &'static str, character: char) -> Result<u8, ProfileError> {
    match u8::try_from(character) {
        Ok(byte @ 0x21..=0x7E) => Ok(byte),
        _ => Err(ProfileError::Value {
            key,
            value: format!("{character:?}"),
            allowed: "one ASCII character that can be printed".into(),
        }),
    }
}

fn alpha_label(label: char) -> Result<u8, ProfileError> {
    match printable("label", label)? {
        b'?' => Err(ProfileError::Value {
            key: "label",
            value: "'?'".into(),
            allowed: "any printable character but '?', which means every file".into(),
        }),
        byte => Ok(byte),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn betabrite(change: (&str, &str)) -> Result<BoardProfile, ProfileError> {
        let text = BUILT_IN[0].1;
        assert!(text.contains(change.0), "{} is not in the file", change.0);
        BoardProfile::from_toml(&text.replace(change.0, change.1))
    }

    #[test]
    fn every_built_in_profile_can_be_used() {
        for name in BoardProfile::built_in_names() {
            BoardProfile::built_in(name).unwrap();
        }
        let profile = BoardProfile::built_in("alpha-betabrite").unwrap();
        assert_eq!((profile.lines, profile.columns), (1, 14));
        assert_eq!(profile.pace, Duration::from_millis(200));
        assert_eq!(profile.repaint, Duration::from_secs(60));
    }

    #[test]
    fn an_unknown_profile_names_those_there_are() {
        let error = BoardProfile::built_in("betabright").unwrap_err();
        assert!(error.to_string().contains("alpha-betabrite"), "{error}");
    }

    #[test]
    fn wrong_values_say_what_would_be_right() {
        for (change, says) in [
            (("address = \"00\"", "address = \"0x0\""), "two hexadecimal digits"),
            (("type_code = \"Z\"", "type_code = \"\\u0001\""), "ASCII character"),
            (("label = \"A\"", "label = \"?\""), "every file"),
            (("lines = 1", "lines = 9"), "1 to 8"),
            (("columns = 14", "columns = 0"), "1 to 64"),
            (("pace_ms = 200", "pace_ms = 1001"), "0 to 1000"),
            (("repaint_seconds = 60", "repaint_seconds = 0"), "1 to 3600"),
            (("mode = \"hold\"", "mode = \"held\""), "held"),
            (("columns = 14", "colums = 14"), "colums"),
            (("protocol = \"alpha\"", "protocol = \"beta\""), "alpha"),
        ] {
            let error = betabrite(change).unwrap_err();
            assert!(error.to_string().contains(says), "{change:?}: {error}");
        }
    }
}
