//! The kiosk's window in a release build: memory on the first page and time to the first frame, on a virtual X server.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command as Run, Stdio};
use std::time::Duration;

use anyhow::Context;

use super::{line, median, missing};
use crate::real_binary::{Process, build, write_config};

/// Starts measured.
const STARTS: usize = 5;
/// The page is complete by then; memory is read after it.
const SETTLE: Duration = Duration::from_secs(2);

struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Prints memory and first frame of the kiosk.
///
/// # Errors
/// When the hub or the kiosk does not start.
pub fn first_page(directory: &Path) -> anyhow::Result<()> {
    if cfg!(debug_assertions) {
        missing("kiosk_first_page", "run it with --release: a debug build tells nothing");
        return Ok(());
    }
    let Some((_server, display)) = x_server()? else {
        missing("kiosk_first_page", "Xvfb is not installed (apt-get install xvfb)");
        return Ok(());
    };
    let binary = build(&["winit"])?;
    let config = write_config(directory, "127.0.0.1:0", None)?;
    let hub = Process::start(Run::new(&binary).arg("hub").arg("--config").arg(config).env("RUST_LOG", "error"))?;
    let (mut memory, mut frames) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let (megabytes, milliseconds) = start_kiosk(&binary, hub.url(), &display)?;
        memory.push(megabytes);
        frames.push(milliseconds);
    }
    line("kiosk_resident_first_page", median(memory), "MB", None);
    line("kiosk_first_frame", median(frames), "ms", None);
    hub.stop()?;
    Ok(())
}

/// A virtual X server of the kiosk's size, on a display number that it chose itself.
fn x_server() -> anyhow::Result<Option<(Ended, String)>> {
    let mut run = Run::new("Xvfb");
    run.args(["-displayfd", "1", "-screen", "0", "1080x1920x24", "-nolisten", "tcp"]);
    let Ok(mut child) = run.stdout(Stdio::piped()).stderr(Stdio::null()).spawn() else { return Ok(None) };
    let mut number = String::new();
    BufReader::new(child.stdout.take().context("its output")?).read_line(&mut number)?;
    Ok(Some((Ended(child), format!(":{}", number.trim()))))
}

/// Megabytes resident and milliseconds to the first frame of one start.
fn start_kiosk(binary: &Path, hub: &str, display: &str) -> anyhow::Result<(f64, f64)> {
    let mut run = Run::new(binary);
    run.args(["station", "kiosk", "--hub", hub]).env("DISPLAY", display).env("RUST_LOG", "info");
    let mut child = Ended(run.env_remove("WAYLAND_DISPLAY").env("NO_COLOR", "1").stderr(Stdio::piped()).spawn()?);
    let output = BufReader::new(child.0.stderr.take().context("its log")?);
    let frame = output.lines().map_while(Result::ok).find_map(|text| {
        let (_, after) = text.split_once("first frame")?;
        let (_, number) = after.split_once("milliseconds=")?;
        number.split(' ').next()?.trim().parse().ok()
    });
    let milliseconds: f64 = frame.context("the kiosk ended before its first frame")?;
    std::thread::sleep(SETTLE);
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.0.id()))?;
    let resident = status.lines().find_map(|l| l.strip_prefix("VmRSS:")).context("its memory")?;
    let kilobytes: f64 = resident.trim().trim_end_matches("kB").trim().parse()?;
    Ok((kilobytes * 1024.0 / 1e6, milliseconds))
}
