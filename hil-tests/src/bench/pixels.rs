//! From a touch to changed pixels: the kiosk's window at 1080x1920 in the software renderer, on a real hub.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use slint::ComponentHandle;
use stations::kiosk::{self, KioskOptions};
use stations::{KioskWindow, headless};

use super::{line, median};
use crate::whole_hall::{WholeHall, printer_is_ready};

/// Touches timed, there and back.
const TOUCHES: usize = 30;
/// How long a page may take to come.
const LIMIT: Duration = Duration::from_secs(20);
const SIZE: (u32, u32) = (1080, 1920);
/// What is touched, and what the next page shows.
const THERE: (&str, &str) = ("Chạm để bắt đầu", "Đất đai");
const BACK: (&str, &str) = ("Quay lại", "Chạm để bắt đầu");

/// Prints the median from a touch on the first page to the drawn picture of the next one.
///
/// # Errors
/// When the window cannot be shown or a page does not come.
pub fn touch_to_pixels(directory: &Path, runtime: &tokio::runtime::Runtime) -> anyhow::Result<()> {
    headless::init()?;
    let hall = runtime.block_on(WholeHall::start(directory))?;
    // Without a printer the kiosk first says so, and the page after the touch is another.
    runtime.block_on(printer_is_ready(&hall.client()?, "kiosk-1", LIMIT))?;
    let window = KioskWindow::new()?;
    headless::show(&window, SIZE.0, SIZE.1)?;
    let station = kiosk::start(&window, hall.client()?, runtime.handle(), KioskOptions::new("kiosk-1"));
    headless::pump(|| headless::shows(&window, THERE.0), LIMIT)?;
    let (mut times, mut frames) = (Vec::new(), Vec::new());
    for n in 0..TOUCHES * 2 {
        let (label, next) = if n % 2 == 0 { THERE } else { BACK };
        headless::pump(|| headless::enabled(&window, label), LIMIT)?;
        let before = window.window().take_snapshot()?;
        let touched = Instant::now();
        headless::touch(&window, label)?;
        headless::pump(|| headless::shows(&window, next), LIMIT).with_context(|| {
            format!("touch {n}, on {label}: now there is {}", headless::labels(&window).join(" | "))
        })?;
        let drawing = Instant::now();
        let after = window.window().take_snapshot()?;
        times.push(touched.elapsed().as_secs_f64() * 1e3);
        frames.push(drawing.elapsed().as_secs_f64() * 1e3);
        ensure!(before.as_bytes() != after.as_bytes(), "the touch on {label} changed no pixel");
    }
    line("kiosk_touch_to_changed_pixels", median(times), "ms", None);
    line("kiosk_whole_frame_1080x1920", median(frames), "ms", None);
    drop(station);
    runtime.block_on(hall.stop());
    Ok(())
}
