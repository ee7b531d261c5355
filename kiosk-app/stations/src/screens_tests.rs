//! Every page of every station with sample data, drawn by the software renderer: in every language, scheme and shape. The
//! tests measure texts, letters and buttons, and compare with the pictures that a person approved.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::PathBuf;
use std::sync::{Arc, Once};
use std::time::Duration;

use slint::ComponentHandle;

use crate::headless;

pub(crate) const S0: Duration = Duration::ZERO;

/// Seconds since a station began.
pub(crate) const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// `target/screens`, wherever the target directory is.
pub(crate) fn folder() -> PathBuf {
    let program = std::env::current_exe().unwrap();
    let target = program.ancestors().find(|p| p.join("CACHEDIR.TAG").exists()).unwrap();
    target.join("screens")
}

/// A window with its texts, without a hub.
pub(crate) fn shown<W: ComponentHandle>(window: &W, size: (u32, u32)) {
    headless::show(window, size.0, size.1).unwrap();
}

/// A backend for this test's thread.
pub(crate) fn backend() {
    static LOGGED: Once = Once::new();
    LOGGED.call_once(|| println!("pictures in {}", folder().display()));
    headless::init_still().unwrap();
}

pub(crate) mod approved;
mod counter;
mod display;
pub(crate) mod dress;
pub(crate) mod fits;
mod kiosk;
mod kiosk_bad;
mod kiosk_help;
mod kiosk_rig;
mod pressed;
mod rating;
mod sheets;

/// A hall with everything changed that `change` changes.
pub(crate) fn hall(change: impl FnOnce(&mut protocol::hall::HallInfo)) -> Arc<protocol::hall::HallInfo> {
    let mut hall = crate::sample::hall();
    change(&mut hall);
    Arc::new(hall)
}
