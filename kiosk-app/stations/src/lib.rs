//! Slint screens of the hall: kiosk, counter, rating tablet, hall display.
//!
//! A station knows the hub's LAN API (`protocol`, `client`) and nothing else: no devices, no queue rules, no files of
//! configuration. Every station is built the same way:
//!
//! ```text
//! touches (Slint callbacks) ─┐
//! views of the hub ──────────┼─▶ flow.rs: event in, effects out (pure) ─▶ commands to the hub
//! answers of the hub, ticks ─┘        └─▶ pages: flow → plain data (pure) ─▶ window, when it changed
//! ```
//!
//! Architecture invariant: a `.slint` file holds no rule of the hall; it shows what a page adapter gives it and says
//! what was touched. Architecture invariant: `flow.rs` knows no Slint type, no clock and no network.

#[expect(
    missing_docs,
    unused_qualifications,
    clippy::todo,
    clippy::unwrap_used,
    reason = "generated from ui/*.slint, documented there"
)]
mod generated {
    slint::include_modules!();
}

#[cfg(any(test, all(feature = "kms", not(feature = "winit"))))]
mod bare_screen;
mod clock;
mod faults;
mod icons;
#[cfg(test)]
mod live_tests;
mod load;
mod look;
mod pictures;
mod plumbing;
mod problems;
mod run;
#[cfg(test)]
mod screens_tests;
mod typography;
mod words;

pub mod counter;
pub mod display;
#[cfg(any(test, feature = "headless"))]
pub mod headless;
pub mod kiosk;
pub mod rating;
#[cfg(any(test, feature = "headless"))]
pub mod sample;

pub use generated::{CounterWindow, DisplayWindow, KioskWindow, RatingWindow};
pub use icons::icon_names;
pub use look::{Look, Scheme};
pub use plumbing::Station;
pub use run::{Kind, StationError, quit, run};
pub use words::languages;
