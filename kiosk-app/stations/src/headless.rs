//! Windows without a screen, for the demo and the tests: real adapters, real time, real pixels.
//!
//! Slint's testing backend with `threading: true` is what lets `upgrade_in_event_loop` (which every adapter uses)
//! work: closures posted from tokio's threads wait in a queue that only `run_event_loop` empties, on the thread that
//! called [`init`]. [`pump`] runs that loop in short slices and asks a condition in between. `mock_time: false` keeps
//! timers and animations on the real clock. There is one such backend a process.

use std::path::Path;
use std::time::{Duration, Instant};

use i_slint_backend_testing::{ElementHandle, ElementQuery, ElementRoot, TestingBackend, TestingBackendOptions};
use slint::platform::{PointerEventButton, WindowEvent};
use slint::{ComponentHandle, LogicalPosition, PhysicalSize, Rgba8Pixel, SharedPixelBuffer, SharedString};

/// How long the event loop runs before a condition is asked again.
const SLICE: Duration = Duration::from_millis(10);
/// How long [`snapshot_png`] waits for transitions to end.
const SETTLE: Duration = Duration::from_millis(350);

/// What went wrong without a screen.
#[derive(Debug, thiserror::Error)]
pub enum HeadlessError {
    /// No font, or another backend is active.
    #[error("headless screen: {cause}; call init() first, once a process, on the thread that shows the windows")]
    Backend {
        /// What Slint said.
        cause: String,
    },
    /// A window has nothing with that label.
    #[error("headless screen: nothing labelled `{label}` can be touched; the page shows: {present}")]
    NotFound {
        /// What was looked for.
        label: String,
        /// Labels that are there.
        present: String,
    },
    /// A condition did not come true.
    #[error("headless screen: not seen within {0:?}")]
    TimedOut(Duration),
    /// A picture could not be written.
    #[error("headless screen: {path} cannot be written ({cause}); check the folder and the disk")]
    Picture {
        /// Where to.
        path: String,
        /// What the system said.
        cause: String,
    },
}

fn backend_error(cause: impl std::fmt::Display) -> HeadlessError {
    HeadlessError::Backend { cause: cause.to_string() }
}

/// Sets up the backend with an event loop, once a process, on the thread that will show and [`pump`] the windows.
///
/// # Errors
/// When no system font is there or a backend is active already.
pub fn init() -> Result<(), HeadlessError> {
    set_backend(TestingBackendOptions { mock_time: false, threading: true, renderer_name: Some("software".into()) })
}

/// Sets up a backend for this thread only, without an event loop and with a clock that stands still: for tests that
/// show pages and pump nothing.
///
/// # Errors
/// When no system font is there or this thread has a backend already.
pub fn init_still() -> Result<(), HeadlessError> {
    set_backend(TestingBackendOptions { mock_time: true, threading: false, renderer_name: Some("software".into()) })
}

fn set_backend(options: TestingBackendOptions) -> Result<(), HeadlessError> {
    crate::run::check_fonts().map_err(backend_error)?;
    slint::platform::set_platform(Box::new(TestingBackend::new(options))).map_err(backend_error)
}

/// Shows a window at its station's size (width and height in pixels).
///
/// # Errors
/// When the backend refuses.
pub fn show<W: ComponentHandle>(window: &W, width: u32, height: u32) -> Result<(), HeadlessError> {
    let size = PhysicalSize::new(width, height);
    window.window().set_size(size);
    // The testing backend tells a new size as if nothing were scaled.
    let scaled = size.to_logical(window.window().scale_factor());
    window.window().dispatch_event(WindowEvent::Resized { size: scaled });
    window.show().map_err(backend_error)
}

/// Runs the event loop until `until` says true.
///
/// # Errors
/// [`HeadlessError::TimedOut`] after `timeout`.
pub fn pump(mut until: impl FnMut() -> bool, timeout: Duration) -> Result<(), HeadlessError> {
    let began = Instant::now();
    loop {
        if until() {
            return Ok(());
        }
        if began.elapsed() >= timeout {
            return Err(HeadlessError::TimedOut(timeout));
        }
        slice()?;
    }
}

/// Runs the event loop for `time`.
///
/// # Errors
/// When the backend has no event loop.
pub fn pump_for(time: Duration) -> Result<(), HeadlessError> {
    let began = Instant::now();
    while began.elapsed() < time {
        slice()?;
    }
    Ok(())
}

fn slice() -> Result<(), HeadlessError> {
    slint::Timer::single_shot(SLICE, || {
        if let Err(error) = slint::quit_event_loop() {
            tracing::error!(%error, "the event loop does not end");
        }
    });
    slint::run_event_loop_until_quit().map_err(backend_error)
}

/// Width and height of a window in pixels.
pub fn size<W: ComponentHandle>(window: &W) -> (u32, u32) {
    let size = window.window().size();
    (size.width, size.height)
}

/// Texts of everything that assistive technology would read on a window.
pub fn labels<W: ElementRoot>(window: &W) -> Vec<String> {
    let all = ElementQuery::from_root(window).match_descendants();
    all.match_predicate(|e| e.accessible_label().is_some_and(|l| !l.is_empty()))
        .find_all()
        .iter()
        .filter_map(|e| e.accessible_label().map(String::from))
        .collect()
}

/// Whether a window shows something with that accessible label.
pub fn shows<W: ElementRoot>(window: &W, label: &str) -> bool {
    ElementHandle::find_by_accessible_label(window, label).next().is_some()
}

/// Whether something with that accessible label is there and enabled.
pub fn enabled<W: ElementRoot>(window: &W, label: &str) -> bool {
    ElementHandle::find_by_accessible_label(window, label).any(|e| e.accessible_enabled() != Some(false))
}

/// Touches what has that accessible label, as a finger would: a press and a release at its middle.
///
/// # Errors
/// [`HeadlessError::NotFound`] with the labels that are there.
pub fn touch<W: ComponentHandle + ElementRoot>(window: &W, label: &str) -> Result<(), HeadlessError> {
    let buttons = |e: &ElementHandle| e.accessible_role() == Some(i_slint_backend_testing::AccessibleRole::Button);
    let Some(element) = ElementHandle::find_by_accessible_label(window, label).find(buttons) else {
        return Err(HeadlessError::NotFound { label: label.to_owned(), present: labels(window).join(" | ") });
    };
    let (at, size) = (element.absolute_position(), element.size());
    let position = LogicalPosition::new(at.x + size.width / 2.0, at.y + size.height / 2.0);
    let button = PointerEventButton::Left;
    for event in [
        WindowEvent::PointerMoved { position },
        WindowEvent::PointerPressed { position, button },
        WindowEvent::PointerReleased { position, button },
        WindowEvent::PointerExited,
    ] {
        window.window().dispatch_event(event);
    }
    Ok(())
}

/// Presses and releases a key, such as `slint::platform::Key::F1`.
pub fn press_key<W: ComponentHandle>(window: &W, key: impl Into<SharedString>) {
    let text = key.into();
    window.window().dispatch_event(WindowEvent::KeyPressed { text: text.clone() });
    window.window().dispatch_event(WindowEvent::KeyReleased { text });
}

/// Waits for transitions to end and writes what a window shows to a PNG file. Only after [`init`].
///
/// # Errors
/// When the picture cannot be drawn or written.
pub fn snapshot_png<W: ComponentHandle>(window: &W, path: &Path) -> Result<(), HeadlessError> {
    pump_for(SETTLE)?;
    snapshot_png_now(window, path)
}

/// Writes what a window shows at once to a PNG file.
///
/// # Errors
/// When the picture cannot be drawn or written.
pub fn snapshot_png_now<W: ComponentHandle>(window: &W, path: &Path) -> Result<(), HeadlessError> {
    let pixels = window.window().take_snapshot().map_err(backend_error)?;
    write_png(&pixels, path)
}

/// Writes a picture to a PNG file.
///
/// # Errors
/// When the folder or the file cannot be written.
pub fn write_png(pixels: &SharedPixelBuffer<Rgba8Pixel>, path: &Path) -> Result<(), HeadlessError> {
    let picture_error = |cause: &dyn std::fmt::Display| HeadlessError::Picture {
        path: path.display().to_string(),
        cause: cause.to_string(),
    };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|e| picture_error(&e))?;
    }
    let file = std::fs::File::create(path).map_err(|e| picture_error(&e))?;
    let mut encoder = png::Encoder::new(std::io::BufWriter::new(file), pixels.width(), pixels.height());
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().map_err(|e| picture_error(&e))?;
    writer.write_image_data(pixels.as_bytes()).map_err(|e| picture_error(&e))?;
    writer.finish().map_err(|e| picture_error(&e))
}
