//! The kiosk's real window in a release build, on a virtual X server: memory, first frame, idle, an hour of touches; and
//! headless Chromium with a plain page of the same size beside it, in the same run.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command as Run, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context;

use super::chromium::Chromium;
use super::process::{Ended, cpu_seconds, proportional_megabytes, resident_megabytes};
use super::{frames, line, median, missing};
use crate::real_binary::{Process, build, write_config};

/// Starts measured.
const STARTS: usize = 5;
/// The page is complete by then; memory is read after it.
const SETTLE: Duration = Duration::from_secs(2);
/// How long the kiosk is left alone.
const IDLE: Duration = Duration::from_secs(20);
/// Random touches: one a second for an hour.
const TOUCHES: u32 = 3_600;
/// Touches between two looks at the memory.
const TOUCHES_AT_ONCE: u32 = 300;
/// Size of the kiosk's screen.
const SCREEN: (u32, u32) = (1080, 1920);

/// Prints memory, first frame, idle load and what an hour of random touches leaves, beside Chromium.
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
    let (mut resident, mut frames) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let (kiosk, milliseconds) = start_kiosk(&binary, hub.url(), &display)?;
        std::thread::sleep(SETTLE);
        resident.push(resident_megabytes(kiosk.0.id())?);
        frames.push(milliseconds);
    }
    line("kiosk_resident_first_page", median(resident), "MB", None);
    let mut peers = Vec::new();
    for _ in 0..STARTS {
        peers.extend(Chromium::start(directory, SCREEN)?);
    }
    let paints: Vec<f64> = peers.iter().map(|chromium| chromium.first_paint_milliseconds).collect();
    let peer = peers.pop();
    drop(peers);
    if peer.is_none() {
        missing("kiosk_beside_chromium", "chromium is not installed (apt-get install chromium)");
    }
    let beside = (!paints.is_empty()).then(|| ("chromium-first-paint-ms", median(paints)));
    line("kiosk_first_frame", median(frames), "ms", beside);
    let (kiosk, _) = start_kiosk(&binary, hub.url(), &display)?;
    std::thread::sleep(SETTLE);
    fills_the_screen(&display)?;
    frames::of_presses(&display, SCREEN)?;
    idle(kiosk.0.id())?;
    let megabytes = match &peer {
        Some(chromium) => Some(chromium.proportional_megabytes()?),
        None => None,
    };
    if let Some(megabytes) = megabytes {
        line("chromium_plain_page_proportional", megabytes, "MB", None);
    }
    touches(kiosk.0.id(), &display, megabytes)?;
    hub.stop()?;
    Ok(())
}

/// The kiosk is as large as what it is measured beside.
fn fills_the_screen(display: &str) -> anyhow::Result<()> {
    let mut look = Run::new("xdotool");
    look.args(["search", "--name", "^Kiosk$", "getwindowgeometry"]).env("DISPLAY", display);
    let Ok(output) = look.output() else { return Ok(()) };
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    let wanted = format!("{}x{}", SCREEN.0, SCREEN.1);
    anyhow::ensure!(told.contains(&wanted), "the kiosk's window is not {wanted}: {told}");
    Ok(())
}

/// Part of one core that the first page takes.
fn idle(id: u32) -> anyhow::Result<()> {
    let (before, began) = (cpu_seconds(id)?, Instant::now());
    std::thread::sleep(IDLE);
    let percent = (cpu_seconds(id)? - before) / began.elapsed().as_secs_f64() * 100.0;
    line("kiosk_idle_one_core", percent, "percent", None);
    Ok(())
}

/// Memory after an hour of random touches and on the way there.
fn touches(id: u32, display: &str, peer: Option<f64>) -> anyhow::Result<()> {
    if Run::new("xdotool").arg("--version").output().is_err() {
        missing("kiosk_after_an_hour_of_touches", "xdotool is not installed (apt-get install xdotool)");
        return Ok(());
    }
    let before = proportional_megabytes(id)?;
    let mut dice = fastrand::Rng::with_seed(1);
    let mut weights = Vec::new();
    for _ in 0..TOUCHES / TOUCHES_AT_ONCE {
        let mut run = Run::new("xdotool");
        for _ in 0..TOUCHES_AT_ONCE {
            let (x, y) = (dice.u32(..SCREEN.0).to_string(), dice.u32(..SCREEN.1).to_string());
            run.args(["mousemove", &x, &y, "click", "1"]);
        }
        anyhow::ensure!(run.env("DISPLAY", display).status()?.success(), "xdotool does not touch the kiosk");
        weights.push(proportional_megabytes(id)?);
    }
    let half = weights[weights.len() / 2];
    let after = weights.last().copied().unwrap_or(before);
    line("kiosk_proportional_before_touches", before, "MB", None);
    line("kiosk_growth_in_second_half_hour", after - half, "MB", None);
    line("kiosk_proportional_after_an_hour_of_touches", after, "MB", peer.map(|peer| ("chromium-plain-page-MB", peer)));
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

/// A kiosk that has shown its first frame, and the milliseconds until then.
fn start_kiosk(binary: &Path, hub: &str, display: &str) -> anyhow::Result<(Ended, f64)> {
    let mut run = Run::new(binary);
    // A window of the page's own size: without a window manager nothing fills the screen.
    run.args(["station", "kiosk", "--window", "--hub", hub]).env("DISPLAY", display).env("RUST_LOG", "info");
    let child: Child = run.env_remove("WAYLAND_DISPLAY").env("NO_COLOR", "1").stderr(Stdio::piped()).spawn()?;
    let mut child = Ended(child);
    let mut output = BufReader::new(child.0.stderr.take().context("its log")?);
    let mut text = String::new();
    let milliseconds = loop {
        text.clear();
        anyhow::ensure!(output.read_line(&mut text)? > 0, "the kiosk ended before its first frame");
        let after = text.split_once("first frame").and_then(|(_, after)| after.split_once("milliseconds="));
        if let Some(number) = after.and_then(|(_, number)| number.split_whitespace().next()?.parse().ok()) {
            break number;
        }
    };
    // Somebody has to read on, or its log would fill the pipe and hold it back.
    std::thread::spawn(move || output.lines().map_while(Result::ok).for_each(drop));
    Ok((child, milliseconds))
}
