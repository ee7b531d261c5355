//! What `config/devices.toml` says about a speaker.

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

/// Silence between two clips when the configuration names none, in milliseconds.
pub const DEFAULT_GAP_MS: u64 = 60;
/// Longest silence between two clips, in milliseconds.
pub const LONGEST_GAP_MS: u64 = 2000;

/// A speaker's settings. In TOML: `clips = "assets/voice"`, and if wanted `gap_ms` and `volume`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "File")]
pub struct SpeakerConfig {
    /// Folder of the clips; a relative path counts from where the program was started.
    pub clips: PathBuf,
    /// Silence between two clips in milliseconds, 0 to [`LONGEST_GAP_MS`].
    pub gap_ms: u64,
    /// 0 (silent) to 1 (as recorded).
    pub volume: f32,
}

/// A setting that cannot be right, and what would be.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ConfigError {
    /// The gap is too long.
    #[error("gap_ms is {0}; it can be 0 to {LONGEST_GAP_MS}")]
    Gap(u64),
    /// The volume is no share of the full one.
    #[error("volume is {0}; it can be 0.0 (silent) to 1.0 (as recorded)")]
    Volume(f32),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    clips: PathBuf,
    #[serde(default = "default_gap_ms")]
    gap_ms: u64,
    #[serde(default = "default_volume")]
    volume: f32,
}

fn default_gap_ms() -> u64 {
    DEFAULT_GAP_MS
}

fn default_volume() -> f32 {
    1.0
}

impl SpeakerConfig {
    /// Clips of this folder, at the default gap and full volume.
    pub fn new(clips: impl Into<PathBuf>) -> Self {
        Self { clips: clips.into(), gap_ms: DEFAULT_GAP_MS, volume: default_volume() }
    }

    /// Refuses values outside their ranges.
    ///
    /// # Errors
    /// [`ConfigError`] names the setting and its range.
    pub fn check(&self) -> Result<(), ConfigError> {
        if self.gap_ms > LONGEST_GAP_MS {
            return Err(ConfigError::Gap(self.gap_ms));
        }
        if !(0.0..=1.0).contains(&self.volume) {
            return Err(ConfigError::Volume(self.volume));
        }
        Ok(())
    }

    pub(crate) fn gap(&self) -> Duration {
        Duration::from_millis(self.gap_ms)
    }
}

impl TryFrom<File> for SpeakerConfig {
    type Error = ConfigError;

    fn try_from(file: File) -> Result<Self, ConfigError> {
        let config = Self { clips: file.clips, gap_ms: file.gap_ms, volume: file.volume };
        config.check()?;
        Ok(config)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_enough() {
        let config: SpeakerConfig = toml::from_str("clips = \"assets/voice\"").unwrap();
        assert_eq!(config, SpeakerConfig::new("assets/voice"));
    }

    #[test]
    fn wrong_values_say_what_would_be_right() {
        for (text, says) in [
            ("clips = \"x\"\ngap_ms = 2001", "0 to 2000"),
            ("clips = \"x\"\nvolume = 1.5", "0.0 (silent)"),
            ("clips = \"x\"\nvolume = nan", "0.0 (silent)"),
            ("clips = \"x\"\nvolum = 1.0", "volum"),
            ("gap_ms = 1", "clips"),
        ] {
            let error = toml::from_str::<SpeakerConfig>(text).unwrap_err().to_string();
            assert!(error.contains(says), "{text}: {error}");
        }
    }
}
