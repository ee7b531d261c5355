//! Clips on disk: found by name, decoded once, kept in memory.

use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use kit::Fault;
use rodio::buffer::SamplesBuffer;
use rodio::{Decoder, Source};

/// Longest clip. A longer file is refused, not cut.
pub const LONGEST_CLIP: Duration = Duration::from_secs(20);
/// Largest file that is read, in bytes: [`LONGEST_CLIP`] at 48 kHz, stereo, 32 bit, and a header.
const LARGEST_FILE: u64 = 8_000_000;
/// Most clips kept in memory; some 170 are shipped, two seconds of mono each is under 30 MB.
const MOST_KEPT: usize = 512;
/// Most unusable clips that are remembered for health.
const MOST_UNUSABLE: usize = 16;

/// A clip in memory. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Clip {
    pub(crate) samples: SamplesBuffer,
    pub(crate) duration: Duration,
}

/// Why a clip cannot be played.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClipError {
    /// The name could lead out of the clip folder.
    #[error("clip {0:?}: a name has only letters, digits, '-', '_' and single '/' between them")]
    Name(String),
    /// The file cannot be read.
    #[error("clip {path}: {cause}; put the file back (assets/voice/make_voice.py makes all)")]
    Unreadable {
        /// The file.
        path: String,
        /// What the system said.
        cause: String,
    },
    /// The file is no WAV that can be played, or too long.
    #[error("clip {path}: {cause}; use a WAV file of PCM samples of at most {} s", LONGEST_CLIP.as_secs())]
    NotPlayable {
        /// The file.
        path: String,
        /// What is wrong with it.
        cause: String,
    },
}

/// The clips of one folder.
pub(crate) struct Library {
    folder: PathBuf,
    kept: HashMap<String, Clip>,
    unusable: BTreeSet<String>,
}

impl Library {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder, kept: HashMap::new(), unusable: BTreeSet::new() }
    }

    /// The clip of this name, and remembers whether it could be had.
    pub(crate) fn get(&mut self, name: &str) -> Result<Clip, ClipError> {
        if let Some(clip) = self.kept.get(name) {
            return Ok(clip.clone());
        }
        match load(&self.folder, name) {
            Ok(clip) => {
                self.unusable.remove(name);
                if self.kept.len() < MOST_KEPT {
                    self.kept.insert(name.to_owned(), clip.clone());
                }
                Ok(clip)
            }
            Err(error) => {
                if self.unusable.len() < MOST_UNUSABLE {
                    self.unusable.insert(name.to_owned());
                }
                Err(error)
            }
        }
    }

    /// What is wrong with the clips now; looks again at those that were unusable.
    pub(crate) fn fault(&mut self) -> Option<Fault> {
        if !self.folder.is_dir() {
            return Some(Fault::new(
                "clips-missing",
                format!("there is no clip folder {}", self.folder.display()),
                "set `clips` in devices.toml to the folder of the voice (assets/voice)",
            ));
        }
        let waiting: Vec<String> = self.unusable.iter().cloned().collect();
        waiting.iter().find_map(|name| {
            let error = self.get(name).err()?;
            Some(Fault::new(
                "clip-unusable",
                error.to_string(),
                "announcements with this clip are not spoken until the file is right",
            ))
        })
    }
}

fn load(folder: &Path, name: &str) -> Result<Clip, ClipError> {
    if !is_name(name) {
        return Err(ClipError::Name(name.to_owned()));
    }
    let path = folder.join(format!("{name}.wav"));
    let shown = path.display().to_string();
    let unreadable = |error: std::io::Error| ClipError::Unreadable { path: shown.clone(), cause: error.to_string() };
    let wrong = |cause: String| ClipError::NotPlayable { path: shown.clone(), cause };
    let file = File::open(&path).map_err(unreadable)?;
    let bytes = file.metadata().map_err(unreadable)?.len();
    if bytes > LARGEST_FILE {
        return Err(wrong(format!("it has {bytes} bytes")));
    }
    let decoder = Decoder::try_from(file).map_err(|error| wrong(error.to_string()))?;
    let (channels, rate) = (decoder.channels(), decoder.sample_rate());
    let samples: Vec<f32> = decoder.collect();
    if samples.is_empty() {
        return Err(wrong("it has no samples".into()));
    }
    let samples = SamplesBuffer::new(channels, rate, samples);
    let duration = samples.total_duration().unwrap_or_default();
    if duration > LONGEST_CLIP {
        return Err(wrong(format!("it lasts {} s", duration.as_secs())));
    }
    Ok(Clip { samples, duration })
}

/// Only names below the folder: no dots, so no way up and no ending of one's own.
fn is_name(name: &str) -> bool {
    name.split('/').all(|part| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        !part.is_empty() && part.bytes().all(plain)
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn voice() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/voice")
    }

    #[test]
    fn every_shipped_clip_can_be_played() {
        let mut library = Library::new(voice());
        let mut count = 0;
        for language in ["vi", "en"] {
            for entry in std::fs::read_dir(voice().join(language)).unwrap() {
                let path = entry.unwrap().path();
                let name = path.file_stem().unwrap().to_str().unwrap();
                let clip = library.get(&format!("{language}/{name}")).unwrap();
                assert!(clip.duration > Duration::from_millis(100), "{name}");
                let loudest = clip.samples.map(f32::abs).fold(0.0, f32::max);
                assert!((0.5..0.8).contains(&loudest), "{name}: {loudest}");
                count += 1;
            }
        }
        assert!(count >= 130, "{count}");
        assert_eq!(library.fault(), None);
    }

    #[test]
    fn no_name_leads_out_of_the_folder() {
        let mut library = Library::new(voice().join("vi"));
        for name in ["../vi/so-1", "/etc/passwd", "", "a//b", "so-1.wav", "só", "a\\b"] {
            let error = library.get(name).unwrap_err();
            assert_eq!(error, ClipError::Name(name.into()));
        }
        assert!(library.get("so-1").is_ok());
    }

    #[test]
    fn a_clip_that_came_back_is_no_fault_any_more() {
        let folder = tempfile::tempdir().unwrap();
        let mut library = Library::new(folder.path().into());
        let path = folder.path().join("so-1.wav");
        std::fs::write(&path, b"RIFF, but not really").unwrap();
        assert!(matches!(library.get("so-1"), Err(ClipError::NotPlayable { .. })));
        std::fs::remove_file(&path).unwrap();
        assert!(matches!(library.get("so-1"), Err(ClipError::Unreadable { .. })));
        let fault = library.fault().unwrap();
        assert_eq!(fault.code, "clip-unusable");
        assert!(fault.detail.contains("so-1.wav"), "{fault}");
        std::fs::copy(voice().join("vi/so-1.wav"), &path).unwrap();
        assert_eq!(library.fault(), None);
        assert!(library.get("so-1").is_ok());
    }

    #[test]
    fn a_missing_folder_and_an_oversized_file_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let mut library = Library::new(folder.path().join("nowhere"));
        assert_eq!(library.fault().unwrap().code, "clips-missing");
        let mut library = Library::new(folder.path().into());
        let file = File::create(folder.path().join("big.wav")).unwrap();
        file.set_len(LARGEST_FILE + 1).unwrap();
        let error = library.get("big").unwrap_err().to_string();
        assert!(error.contains("8000001 bytes"), "{error}");
    }
}
