//! `story.md`: what happened in the morning, step by step, with links to the pictures.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// The story as it grows.
pub struct Story {
    out: PathBuf,
    text: String,
    began: Instant,
    steps: usize,
}

impl Story {
    /// An empty story whose pictures stand below `out`.
    pub fn new(out: &Path, seed: u64) -> Self {
        let text = format!(
            "# A morning in the hall\n\n\
             Played by `demo --headless --seed {seed}` on the real parts of the product: touches on real windows, a real \
             hub on SQLite, a real agent on virtual devices. Each step below was observed to happen.\n"
        );
        Self { out: out.to_owned(), text, began: Instant::now(), steps: 0 }
    }

    /// Where things are put.
    pub fn out(&self) -> &Path {
        &self.out
    }

    /// Begins a step.
    pub fn step(&mut self, title: &str) {
        self.steps += 1;
        let seconds = self.began.elapsed().as_secs_f32();
        println!("{:2}. {title}", self.steps);
        self.add(&format!("\n## {}. {title}\n\nat {seconds:.1} s\n", self.steps));
    }

    /// Says what was seen.
    pub fn say(&mut self, text: &str) {
        self.add(&format!("\n- {text}"));
    }

    /// Says what was seen and links the picture of it, a path below the story's folder.
    pub fn show(&mut self, text: &str, picture: &str) {
        self.add(&format!("\n- {text}: [{picture}]({picture})"));
    }

    /// Writes `story.md`.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn write(&self) -> std::io::Result<()> {
        std::fs::write(self.out.join("story.md"), format!("{}\n", self.text))
    }

    fn add(&mut self, text: &str) {
        // Writing into a String cannot fail.
        let _ = writeln!(self.text, "{}", text.trim_end());
    }
}
