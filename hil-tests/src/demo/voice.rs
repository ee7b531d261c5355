//! What the speaker said, caught where the sound card would be: an ALSA device that writes to a file.
//!
//! ALSA's null device takes sound about 150 times faster than it plays, so a morning's calls take seconds. The file
//! holds raw samples one call after the other; [`Capture::write_wav`] makes a WAV of it.

use std::io;
use std::path::{Path, PathBuf};

/// Samples a second of the capture, mono, 16 bits.
const RATE: u32 = 22_050;

/// Why nothing was caught.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {cause}; is libasound2 installed and the folder writable?")]
pub struct CaptureError {
    path: String,
    cause: io::Error,
}

/// Writes the ALSA configuration that captures into `folder`; the process that plays must have
/// `ALSA_CONFIG_PATH` set to the answer before it starts.
///
/// # Errors
/// When the folder cannot be written.
pub fn alsa_config(folder: &Path) -> Result<PathBuf, CaptureError> {
    let path = folder.join("alsa.conf");
    let write = || -> io::Result<()> {
        std::fs::create_dir_all(folder)?;
        let raw = std::path::absolute(raw_file(folder))?;
        std::fs::write(&raw, [])?;
        let sink = format!("|cat >> {}", raw.display());
        std::fs::write(
            &path,
            format!(
                "pcm.!default {{ type plug slave {{ pcm {{ type file file \"{sink}\" format raw slave.pcm {{ type null }} }} \
                 rate {RATE} channels 1 format S16_LE }} }}\n"
            ),
        )
    };
    write().map_err(|cause| CaptureError { path: path.display().to_string(), cause })?;
    Ok(path)
}

fn raw_file(folder: &Path) -> PathBuf {
    folder.join("said.raw")
}

/// What was said so far.
pub struct Capture {
    raw: PathBuf,
}

impl Capture {
    /// The capture of [`alsa_config`] in `folder`.
    pub fn of(folder: &Path) -> Self {
        Self { raw: raw_file(folder) }
    }

    /// Seconds of sound that are not silent.
    pub fn seconds_spoken(&self) -> f32 {
        let samples = self.samples();
        // In blocks of 10 ms: a block counts when anything in it can be heard.
        let block = (RATE / 100) as usize;
        let heard = samples.chunks(block).filter(|block| block.iter().any(|s| s.unsigned_abs() > 200)).count();
        heard as f32 / 100.0
    }

    /// Whether this clip was spoken: a part of the capture grows loud and quiet as it does. The way through a sound card
    /// changes every sample a little, but not that.
    ///
    /// # Errors
    /// When the clip cannot be read.
    pub fn has(&self, clip: &Path) -> io::Result<bool> {
        let mut reader = hound::WavReader::open(clip).map_err(io::Error::other)?;
        let clip: Vec<i16> = reader.samples().collect::<Result<_, _>>().map_err(io::Error::other)?;
        Ok(resembles(&loudness(&self.samples()), &loudness(&clip)))
    }

    /// Writes the sound as WAV; silences of more than half a second are cut to that.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write_wav(&self, path: &Path) -> io::Result<()> {
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: RATE,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut writer = hound::WavWriter::create(path, spec).map_err(io::Error::other)?;
        let mut quiet = 0;
        for sample in self.samples() {
            quiet = if sample.unsigned_abs() > 64 { 0 } else { quiet + 1 };
            if quiet <= RATE / 2 {
                writer.write_sample(sample).map_err(io::Error::other)?;
            }
        }
        writer.finalize().map_err(io::Error::other)
    }

    fn samples(&self) -> Vec<i16> {
        let bytes = std::fs::read(&self.raw).unwrap_or_default();
        bytes.chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect()
    }
}

/// Least likeness of two loudnesses that are one clip's.
const ALIKE: f32 = 0.85;
/// Silence that is thought around a capture, in blocks: a sound card may keep the quiet ends of a clip.
const MARGIN: usize = 20;

/// Mean loudness of each 10 ms.
fn loudness(samples: &[i16]) -> Vec<f32> {
    let block = (RATE / 100) as usize;
    samples.chunks(block).map(|b| b.iter().map(|s| f32::from(s.unsigned_abs())).sum::<f32>() / b.len() as f32).collect()
}

/// Whether a part of `all` goes up and down as `part` does.
fn resembles(all: &[f32], part: &[f32]) -> bool {
    let all: Vec<f32> = [&[0.0; MARGIN], all, &[0.0; MARGIN]].concat();
    !part.is_empty() && all.windows(part.len()).any(|window| likeness(window, part) >= ALIKE)
}

/// Correlation of two rows of the same length: 1 when one is the other, made louder or quieter.
fn likeness(a: &[f32], b: &[f32]) -> f32 {
    let mean = |row: &[f32]| row.iter().sum::<f32>() / row.len() as f32;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let (mut both, mut of_a, mut of_b) = (0.0, 0.0, 0.0);
    for (x, y) in a.iter().zip(b) {
        let (x, y) = (x - mean_a, y - mean_b);
        both += x * y;
        of_a += x * x;
        of_b += y * y;
    }
    if of_a <= 0.0 || of_b <= 0.0 { 0.0 } else { both / (of_a * of_b).sqrt() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_clip_of_help_resembles_itself_only() -> Result<(), Box<dyn std::error::Error>> {
        let voice = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/voice/vi");
        let clips = protocol::commands::HELP_PAGES.map(|page| voice.join(format!("help-{page}.wav")));
        let folder = tempfile::tempdir()?;
        for spoken in &clips {
            let samples: Vec<i16> = hound::WavReader::open(spoken)?.samples().collect::<Result<_, _>>()?;
            // Quieter, and after some silence.
            let bytes = std::iter::repeat_n(0, 1000).chain(samples.iter().map(|s| s / 2)).flat_map(i16::to_le_bytes);
            std::fs::write(raw_file(folder.path()), bytes.collect::<Vec<u8>>())?;
            for clip in &clips {
                assert_eq!(Capture::of(folder.path()).has(clip)?, clip == spoken, "{clip:?} in {spoken:?}");
            }
        }
        Ok(())
    }
}
