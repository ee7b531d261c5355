//! The benches in QEMU (`usb-bench`, `touch-bench`): running their scripts, and what the programs in the guest report.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};

use crate::sample_hall;

/// Folder of this crate.
const HERE: &str = env!("CARGO_MANIFEST_DIR");
/// Exit code of a script where its bench cannot run.
const CANNOT: i32 = 77;

/// Folder of a bench, such as `usb-bench`.
#[must_use]
pub fn folder(bench: &str) -> PathBuf {
    Path::new(HERE).join(bench)
}

/// Writes the sample hall and these files into a guest's configuration.
///
/// # Errors
/// When the folder cannot be written.
pub fn write_config(folder: &Path, devices: &str, machine: &str) -> anyhow::Result<()> {
    let hall = std::fs::read_to_string(Path::new(HERE).join("../config/hall.toml"))?;
    std::fs::write(folder.join("hall.toml"), sample_hall::file_at_any_hour(&hall)?)?;
    std::fs::write(folder.join("devices.toml"), devices)?;
    std::fs::write(folder.join("machine.toml"), machine)?;
    Ok(())
}

/// What a script printed.
#[derive(Debug)]
pub struct Report {
    said: String,
    log: String,
}

/// Runs a script of a bench; none where it cannot run here, after its reason was printed.
///
/// # Errors
/// When it fails.
pub fn run(script: &mut Command) -> anyhow::Result<Option<Report>> {
    let output = script.output().with_context(|| format!("{script:?}"))?;
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    let report = Report { said: text(&output.stdout), log: text(&output.stderr) };
    if output.status.code() == Some(CANNOT) {
        println!("{}", report.log.lines().last().unwrap_or("the bench cannot run here"));
        return Ok(None);
    }
    ensure!(output.status.success(), "{script:?} failed:\n{}", report.log);
    Ok(Some(report))
}

impl Report {
    /// That these scenarios passed, and that there were no others.
    ///
    /// # Errors
    /// Naming the first that did not pass, with all that was reported.
    pub fn passed(&self, scenarios: &[&str]) -> anyhow::Result<()> {
        let outcome = |line: &str| line.starts_with("PASS ") || line.starts_with("FAIL ");
        let lines: BTreeMap<&str, &str> =
            self.said.lines().filter(|line| outcome(line)).filter_map(|l| Some((l.split(' ').nth(1)?, l))).collect();
        for name in scenarios {
            let line = lines.get(name).copied().unwrap_or("no line");
            ensure!(line.starts_with("PASS "), "{name}: {line}\n{}\n{}", self.said, self.log);
        }
        ensure!(lines.len() == scenarios.len(), "a scenario is missing in the test's list:\n{}", self.said);
        Ok(())
    }
}
