//! The demo: the product's real parts on virtual devices, played by a script without a screen, or used by hand.

pub mod citizen;
pub mod crew;
mod morning;
mod officer;
mod pictures;
mod story;
mod totals;
mod voice;

pub use morning::play;
pub use pictures::keep_pictures;
pub use voice::{Capture, CaptureError, alsa_config};
