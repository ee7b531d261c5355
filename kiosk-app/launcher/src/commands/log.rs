//! `kiosk-app log`: verify, export, repair and back up the log of a hall.
//!
//! It only prints what `hub::log` finds and does. The answer goes to stdout, one line a fact; the exit status is 0 when
//! the log is whole (after a repair: again) and 1 otherwise.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Subcommand;
use hub::log::{self, BadEvent, Moved, Repaired, Verified};

use super::place::Place;

#[derive(Debug, Subcommand)]
pub(super) enum LogCommand {
    /// Check the file, the sequence, every hash and every event. The hub may run meanwhile.
    Verify {
        #[command(flatten)]
        place: Place,
    },
    /// Write the events as lines of JSON. The hub may run meanwhile.
    Export {
        #[command(flatten)]
        place: Place,
        /// New file; stdout without it.
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// End the log before its first bad event and keep the rest beside it. The hub must be stopped.
    Repair {
        #[command(flatten)]
        place: Place,
        /// Do it; without it the command only says what it would do.
        #[arg(long)]
        yes: bool,
    },
    /// Copy the log to a new file and verify the copy. The hub may run meanwhile.
    ///
    /// To go back to a backup: stop the hub, move hall.db and hall.db-wal away, and put the copy in place of hall.db.
    Backup {
        #[command(flatten)]
        place: Place,
        /// New file; one that exists is not overwritten.
        #[arg(long)]
        to: PathBuf,
    },
}

/// Does the command and writes the answer.
pub(super) fn log(command: LogCommand, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    match command {
        LogCommand::Verify { place } => {
            let verified = log::verify(&place.directory()?)?;
            tell_verified(&verified, out)?;
            Ok(status(verified.is_whole()))
        }
        LogCommand::Export { place, out: file } => export(&place.directory()?, file.as_deref(), out),
        LogCommand::Repair { place, yes } => {
            let repaired = log::repair(&place.directory()?, yes)?;
            tell_repaired(repaired.as_ref(), yes, out)?;
            Ok(status(repaired.is_none() || yes))
        }
        LogCommand::Backup { place, to } => {
            let verified = log::backup(&place.directory()?, &to)?;
            tell_verified(&verified, out)?;
            writeln!(out, "copied to {}", to.display())?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn status(right: bool) -> ExitCode {
    if right { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn tell_verified(verified: &Verified, out: &mut impl Write) -> io::Result<()> {
    let Verified { events, head, bad, file, cut_off } = verified;
    for fault in file {
        writeln!(out, "the file itself is damaged: {fault}")?;
    }
    match (bad, *events) {
        (Some(bad), _) => {
            tell_bad(bad, out)?;
            writeln!(out, "whole before it: {events} events, head {head}")?;
        }
        (None, _) if !file.is_empty() => {
            writeln!(
                out,
                "whole: {events} events, head {head}; stop the hub and run `kiosk-app log repair --config MACHINE_FILE`"
            )?;
        }
        (None, 0) => writeln!(out, "0 events, head {head}: whole")?,
        (None, _) => writeln!(out, "{events} events, 1..{events}, head {head}: whole")?,
    }
    if *cut_off > 0 {
        writeln!(out, "events cut off earlier, kept in the table cut_off: {cut_off}")?;
    }
    Ok(())
}

fn tell_bad(bad: &BadEvent, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{bad}")?;
    writeln!(out, "what to do: {}", bad.next_step())
}

fn export(directory: &Path, file: Option<&Path>, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let exported = match file {
        None => log::export(directory, &mut BufWriter::new(out))?,
        Some(path) => {
            let file = File::create_new(path)
                .with_context(|| format!("{} cannot be made; name a new file", path.display()))?;
            let exported = log::export(directory, &mut BufWriter::new(file))?;
            writeln!(out, "{} events written to {}", exported.events, path.display())?;
            exported
        }
    };
    // Not on stdout, which may hold the events themselves.
    if let Some(bad) = &exported.bad {
        eprintln!("kiosk-app: the export stops after {} events. {bad}; {}", exported.events, bad.next_step());
    }
    Ok(status(exported.bad.is_none()))
}

fn tell_repaired(repaired: Option<&Repaired>, done: bool, out: &mut impl Write) -> io::Result<()> {
    let Some(Repaired { end, bad, file, cut, damaged_file }) = repaired else {
        return writeln!(out, "the log is whole; nothing to repair");
    };
    for fault in file {
        writeln!(out, "the file itself is damaged: {fault}")?;
    }
    if let Some(bad) = bad {
        writeln!(out, "{bad}")?;
    }
    writeln!(out, "{}", if done { "done:" } else { "nothing is changed yet; with --yes:" })?;
    for Moved { sequence, at } in &cut.moved {
        let at = at.map_or_else(|| "an unreadable time".to_owned(), |at| at.to_string());
        writeln!(out, "  event {sequence} of {at}: moved to the table cut_off")?;
    }
    if let Some(kept) = damaged_file {
        writeln!(out, "  damaged file: kept as {}; a new one takes its place", kept.display())?;
    }
    if cut.snapshots > 0 {
        writeln!(out, "  snapshots of the state: {} dropped; the next start folds more events", cut.snapshots)?;
    }
    for (reader, from) in &cut.cursors {
        writeln!(out, "  reader {reader}: set back from {from} to {end}")?;
    }
    let later = bad.as_ref().map_or(0, |bad| cut.moved.iter().filter(|moved| moved.sequence > bad.sequence).count());
    match damaged_file {
        Some(_) => writeln!(out, "the log ends at event {end}; whatever came after it is only in the damaged file"),
        None => writeln!(out, "the log ends at event {end}; later events that go with the bad one: {later}"),
    }
}
