//! Opens the windows of a machine's stations and runs the event loop.
//!
//! It needs a window backend in the build (features `winit` or `kms`), a screen, and one system font: Slint looks for
//! a fallback font before it uses the bundled ones. Each of these missing is an error that says what to do.

use std::path::{Path, PathBuf};
use std::time::Duration;

use client::Hub;
use slint::ComponentHandle;

use crate::generated::{CounterWindow, DisplayWindow, KioskWindow, RatingWindow};
use crate::plumbing::Station;
use crate::{counter, display, kiosk, rating};

/// Which station a machine's screen is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The kiosk by the door.
    Kiosk(kiosk::KioskOptions),
    /// An officer's screen.
    Counter(counter::CounterOptions),
    /// A rating tablet.
    Rating(rating::RatingOptions),
    /// The screen in the waiting hall.
    Display(display::DisplayOptions),
}

/// Why no window can be shown.
#[derive(Debug, thiserror::Error)]
pub enum StationError {
    /// The build has no window backend, or there is no screen.
    #[error(
        "station screen: no window can be opened ({cause}); set DISPLAY to a running X server, or run on a machine \
         with a screen; the build needs `--features winit` (windows) or `--features kms` (kiosk without a desktop)"
    )]
    NoScreen {
        /// What the window system said.
        cause: String,
    },
    /// No font at all.
    #[error(
        "station screen: no system font in {searched}; install one, on Debian: apt-get install fonts-noto-core \
         (the program brings its own typeface, but the window system asks for a fallback first)"
    )]
    NoFont {
        /// Folders that were searched.
        searched: String,
    },
}

impl From<slint::PlatformError> for StationError {
    fn from(error: slint::PlatformError) -> Self {
        Self::NoScreen { cause: error.to_string() }
    }
}

/// A window and its station; both live until the event loop ends.
struct Open {
    show: Box<dyn Fn(bool) -> Result<(), slint::PlatformError>>,
    _station: Station,
}

impl Open {
    fn new(kind: Kind, hub: &Hub, runtime: &tokio::runtime::Handle) -> Result<Self, StationError> {
        let hub = hub.clone();
        Ok(match kind {
            Kind::Kiosk(options) => {
                let window = KioskWindow::new()?;
                let station = kiosk::start(&window, hub, runtime, options);
                Self::of(window, station)
            }
            Kind::Counter(options) => {
                let window = CounterWindow::new()?;
                let station = counter::start(&window, hub, runtime, options);
                Self::of(window, station)
            }
            Kind::Rating(options) => {
                let window = RatingWindow::new()?;
                let station = rating::start(&window, hub, runtime, options);
                Self::of(window, station)
            }
            Kind::Display(options) => {
                let window = DisplayWindow::new()?;
                let station = display::start(&window, hub, runtime, options);
                Self::of(window, station)
            }
        })
    }

    fn of<W: ComponentHandle + 'static>(window: W, station: Station) -> Self {
        let show = move |fullscreen| {
            window.window().set_fullscreen(fullscreen);
            if fullscreen {
                lock(window.window());
            }
            window.show()
        };
        Self { show: Box::new(show), _station: station }
    }
}

/// Nothing that a citizen can press closes a window that fills the screen: not Alt-F4, not a window manager's menu. The
/// program ends by [`quit`] and by the system's signals.
fn lock(window: &slint::Window) {
    window.on_close_requested(|| {
        tracing::info!("a window that fills the screen was asked to close, and stays");
        slint::CloseRequestResponse::KeepWindowShown
    });
}

/// Opens one window a station and runs until the last one is closed or [`quit`] is called. Must be called on the
/// main thread; the stations' tasks run on `runtime`.
///
/// # Errors
/// [`StationError`] when there is no window backend, no screen or no font.
pub fn run(
    kinds: Vec<Kind>,
    hub: &Hub,
    runtime: &tokio::runtime::Handle,
    fullscreen: bool,
) -> Result<(), StationError> {
    check_fonts()?;
    #[cfg(all(feature = "kms", not(feature = "winit")))]
    crate::bare_screen::select()?;
    let mut open = Vec::new();
    for kind in kinds {
        open.push(Open::new(kind, hub, runtime)?);
    }
    for window in &open {
        (window.show)(fullscreen)?;
    }
    // The first frame is drawn in the first turn of the loop; the timer fires in the next.
    slint::Timer::single_shot(Duration::from_millis(1), || {
        slint::Timer::single_shot(Duration::ZERO, log_first_frame);
    });
    slint::run_event_loop()?;
    Ok(())
}

/// Ends [`run`]; may be called from any thread.
pub fn quit() {
    if let Err(error) = slint::quit_event_loop() {
        tracing::debug!(%error, "no event loop to end");
    }
}

fn log_first_frame() {
    match since_process_start() {
        Some(elapsed) => tracing::info!(milliseconds = elapsed.as_millis(), "first frame"),
        None => tracing::info!("first frame"),
    }
}

/// Time since this process began, from /proc, in steps of 10 ms; none where there is no /proc.
fn since_process_start() -> Option<Duration> {
    /// Ticks a second of the times in /proc (USER_HZ), the same on every Linux that this runs on.
    const TICKS_PER_SECOND: u32 = 100;
    /// `starttime` is field 22; the command name, in parentheses, is field 2 and may hold spaces.
    const FIELDS_AFTER_NAME: usize = 19;
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, after_name) = stat.rsplit_once(") ")?;
    let ticks: u32 = after_name.split(' ').nth(FIELDS_AFTER_NAME)?.parse().ok()?;
    let uptime = std::fs::read_to_string("/proc/uptime").ok()?;
    let uptime: f64 = uptime.split(' ').next()?.parse().ok()?;
    Duration::try_from_secs_f64(uptime - f64::from(ticks) / f64::from(TICKS_PER_SECOND)).ok()
}

/// Folders where fontconfig looks for fonts on Debian and its kin.
fn font_folders() -> Vec<PathBuf> {
    let mut folders = vec![PathBuf::from("/usr/share/fonts"), PathBuf::from("/usr/local/share/fonts")];
    if let Some(home) = std::env::var_os("HOME").map(PathBuf::from) {
        folders.push(home.join(".fonts"));
        folders.push(home.join(".local/share/fonts"));
    }
    folders
}

pub(crate) fn check_fonts() -> Result<(), StationError> {
    let folders = font_folders();
    if folders.iter().any(|folder| has_font(folder, MAX_FONT_DEPTH)) {
        return Ok(());
    }
    let searched = folders.iter().map(|f| f.display().to_string()).collect::<Vec<_>>().join(", ");
    Err(StationError::NoFont { searched })
}

/// How deep font folders are searched.
const MAX_FONT_DEPTH: usize = 6;

fn has_font(folder: &Path, depth: usize) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| {
        let path = entry.path();
        let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
        match path.is_dir() {
            true => depth > 0 && has_font(&path, depth - 1),
            false => ["ttf", "otf", "ttc", "otc"].contains(&extension.as_str()),
        }
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn a_window_that_fills_the_screen_cannot_be_closed_and_another_can() {
        crate::headless::init_still().unwrap();
        let ask = |locked: bool| {
            let window = KioskWindow::new().unwrap();
            if locked {
                lock(window.window());
            }
            window.show().unwrap();
            window.window().dispatch_event(slint::platform::WindowEvent::CloseRequested);
            window.window().is_visible()
        };
        assert!(ask(true));
        assert!(!ask(false));
    }

    #[test]
    fn a_font_is_found_in_a_subfolder_and_other_files_do_not_count() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("truetype/noto")).unwrap();
        std::fs::write(folder.path().join("truetype/README.txt"), "").unwrap();
        assert!(!has_font(folder.path(), MAX_FONT_DEPTH));
        std::fs::write(folder.path().join("truetype/noto/NotoSans.TTF"), "").unwrap();
        assert!(has_font(folder.path(), MAX_FONT_DEPTH));
    }

    #[test]
    fn the_age_of_the_process_is_known_and_small() {
        let age = since_process_start().unwrap();
        assert!(age < Duration::from_secs(24 * 3600), "{age:?}");
    }
}
