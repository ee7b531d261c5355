//! How large a page is drawn: the window's scale factor follows its size, so that a page for 1080 x 1920 is the same
//! page on 768 x 1366, only smaller, and a length in a `.slint` file is a length on the canvas.
//!
//! Where the screen's pixels an inch are known, letters do not become smaller than people can read from where they
//! stand: then the canvas is smaller than the page was drawn for, and pages fill it by their own layout.

use slint::platform::WindowEvent;
use slint::{ComponentHandle, Global, PhysicalSize};

use crate::generated::Fit;

/// A canvas is never scaled by less or more than this, whatever a screen says of itself.
const SCALES: std::ops::RangeInclusive<f32> = 0.25..=4.0;
/// A smaller difference is not worth a new layout.
const SAME: f32 = 0.002;

/// What a window's pages are drawn for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Canvas {
    /// Shorter and longer side.
    pub(crate) short: f32,
    /// Longer side.
    pub(crate) long: f32,
    /// Most pixels an inch at which unscaled letters are large enough; 0 for no bound.
    pub(crate) finest: f32,
}

/// The kiosk: the smallest letters, 26 px, have capitals of 19.2 px, 5 mm at 97.5 pixels an inch.
pub(crate) const KIOSK: Canvas = Canvas { short: 1080.0, long: 1920.0, finest: 97.5 };
/// The officer's screen, read from half a metre: as the system sets it.
pub(crate) const COUNTER: Canvas = Canvas { short: 1080.0, long: 1920.0, finest: 0.0 };
/// A tablet of 7 to 13 inches.
pub(crate) const RATING: Canvas = Canvas { short: 800.0, long: 1280.0, finest: 0.0 };
/// The screen on the wall.
pub(crate) const DISPLAY: Canvas = Canvas { short: 1080.0, long: 1920.0, finest: 0.0 };

/// Scale of `canvas` on a screen of `size` pixels with `dpi` of them an inch (0: not known), letters `larger` times.
pub(crate) fn scale(canvas: Canvas, size: (f32, f32), dpi: f32, larger: f32) -> f32 {
    let (short, long) = (size.0.min(size.1), size.0.max(size.1));
    let fitting = (short / canvas.short).min(long / canvas.long);
    let readable = if canvas.finest > 0.0 && dpi > 0.0 { dpi / canvas.finest } else { 0.0 };
    (fitting.max(readable) * larger).clamp(*SCALES.start(), *SCALES.end())
}

/// Scales a window for the size that it has now.
pub(crate) fn now<W>(window: &W)
where
    W: ComponentHandle + 'static,
    for<'a> Fit<'a>: Global<'a, W>,
{
    let fit = window.global::<Fit>();
    let size = window.window().size();
    let canvas = Canvas { short: fit.get_short(), long: fit.get_long(), finest: fit.get_finest() };
    let wanted = scale(canvas, sides(size), fit.get_dpi(), fit.get_larger());
    if (wanted - window.window().scale_factor()).abs() < SAME {
        return;
    }
    window.window().dispatch_event(WindowEvent::ScaleFactorChanged { scale_factor: wanted });
    window.window().dispatch_event(WindowEvent::Resized { size: size.to_logical(wanted) });
}

#[expect(clippy::cast_precision_loss, reason = "screens have fewer than 16 million pixels a side")]
fn sides(size: PhysicalSize) -> (f32, f32) {
    (size.width as f32, size.height as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(value: f32, expected: f32) -> bool {
        (value - expected).abs() < 0.001
    }

    #[test]
    fn the_page_fits_every_screen_in_both_directions() {
        assert!(near(scale(KIOSK, (1080.0, 1920.0), 0.0, 1.0), 1.0));
        assert!(near(scale(KIOSK, (1920.0, 1080.0), 0.0, 1.0), 1.0));
        assert!(near(scale(KIOSK, (768.0, 1366.0), 0.0, 1.0), 0.711));
        assert!(near(scale(KIOSK, (2160.0, 3840.0), 0.0, 1.0), 2.0));
        assert!(near(scale(KIOSK, (1280.0, 1024.0), 0.0, 1.0), 0.666));
    }

    #[test]
    fn letters_stay_readable_on_a_fine_screen() {
        // 15.6 inch with 768 x 1366 has 100 pixels an inch: as large as on 23 inch.
        assert!(near(scale(KIOSK, (768.0, 1366.0), 97.5, 1.0), 1.0));
        assert!(near(scale(KIOSK, (1080.0, 1920.0), 95.8, 1.0), 1.0));
        assert!(near(scale(COUNTER, (1366.0, 768.0), 100.0, 1.0), 0.711));
    }

    #[test]
    fn larger_letters_are_larger_and_nothing_runs_away() {
        assert!(near(scale(KIOSK, (1080.0, 1920.0), 95.8, 1.25), 1.25));
        assert!(near(scale(KIOSK, (1.0, 1.0), 0.0, 1.0), 0.25));
        assert!(near(scale(KIOSK, (1080.0, 1920.0), 65535.0, 1.0), 4.0));
    }
}
