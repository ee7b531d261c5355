//! `kiosk-app check FILE…`: one line a file that is right, one line a mistake.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::config;

/// Checks files and writes the answer; the exit status is 1 when one of them is wrong.
pub(crate) fn check(files: &[PathBuf], out: &mut impl Write) -> ExitCode {
    let mut right = true;
    let mut lines = Vec::new();
    for file in files {
        match config::check(file) {
            Ok(checked) => {
                lines.push(format!("{}: right", file.display()));
                lines.extend(checked.notes.iter().map(|note| format!("note: {note}")));
            }
            Err(problems) => {
                right = false;
                lines.extend(problems.0.iter().map(ToString::to_string));
            }
        }
    }
    // Nobody reads the answer when this fails; the exit status still tells.
    drop(writeln!(out, "{}", lines.join("\n")));
    if right { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
