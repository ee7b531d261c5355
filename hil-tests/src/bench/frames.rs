//! Frames of the kiosk's animations as its X server gets them (DAMAGE extension): what is seen, with the toolkit's own pace.

use std::process::Command as Run;
use std::time::Duration;

use anyhow::Context;
use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::damage::{ConnectionExt, ReportLevel};
use x11rb::rust_connection::RustConnection;

use super::{line, median, missing};

/// Places that are pressed, from the top to the bottom of the screen's middle.
const PLACES: u32 = 24;
/// A button's ground takes 200 ms from one colour to the other; what is drawn later is something else, such as a clock.
const MOTION: u32 = 220;
/// How long a press is looked at; frames are counted by the X server's clock, not by this one.
const WATCHED: Duration = Duration::from_millis(400);
/// Drawing within so many milliseconds belongs to one frame.
const ONE_FRAME: u32 = 4;
/// Fewer frames than this are no animation: a clock's minute, a page that changed.
const ANIMATION: usize = 5;

/// Presses buttons of the kiosk's page, takes the finger off again beside them, and prints the time between the frames that
/// came while they changed their colour.
///
/// # Errors
/// When the X server does not tell what is drawn, or nothing moves.
pub fn of_presses(display: &str, (width, height): (u32, u32)) -> anyhow::Result<()> {
    if Run::new("xdotool").arg("--version").output().is_err() {
        missing("kiosk_animation_frame", "xdotool is not installed (apt-get install xdotool)");
        return Ok(());
    }
    let (server, screen) = x11rb::connect(Some(display)).with_context(|| format!("X server {display}"))?;
    let root = server.setup().roots[screen].root;
    server.damage_query_version(1, 1)?.reply().context("the X server has no DAMAGE")?;
    server.damage_create(server.generate_id()?, root, ReportLevel::RAW_RECTANGLES)?.check()?;
    let finger = |arguments: &[&str]| -> anyhow::Result<()> {
        let done = Run::new("xdotool").args(arguments).env("DISPLAY", display).status()?.success();
        anyhow::ensure!(done, "xdotool does not touch the kiosk");
        Ok(())
    };
    let x = (width / 2).to_string();
    let mut periods = Vec::new();
    for place in 1..PLACES {
        let y = (height * place / PLACES).to_string();
        finger(&["mousemove", &x, &y])?;
        drawn(&server)?;
        finger(&["mousedown", "1"])?;
        let mut frames = drawn(&server)?;
        let first = frames.first().copied().unwrap_or_default();
        frames.retain(|frame| frame.wrapping_sub(first) <= MOTION);
        // Beside the button it is no touch, and the page stays.
        finger(&["mousemove", "0", "0", "mouseup", "1"])?;
        drawn(&server)?;
        if frames.len() >= ANIMATION {
            periods.extend(frames.windows(2).map(|pair| f64::from(pair[1].wrapping_sub(pair[0]))));
        }
    }
    anyhow::ensure!(!periods.is_empty(), "no button of the kiosk changes its colour in steps");
    let slowest = periods.iter().copied().fold(0.0, f64::max);
    line("kiosk_animation_frames_seen", periods.len() as f64, "frames", None);
    line("kiosk_animation_frame", median(periods), "ms", None);
    line("kiosk_animation_slowest_frame", slowest, "ms", None);
    Ok(())
}

/// When frames came from now on, in the server's milliseconds.
fn drawn(server: &RustConnection) -> anyhow::Result<Vec<u32>> {
    std::thread::sleep(WATCHED);
    let mut frames: Vec<u32> = Vec::new();
    while let Some(event) = server.poll_for_event()? {
        let Event::DamageNotify(drawn) = event else { continue };
        if frames.last().is_none_or(|last| drawn.timestamp.wrapping_sub(*last) > ONE_FRAME) {
            frames.push(drawn.timestamp);
        }
    }
    Ok(frames)
}
