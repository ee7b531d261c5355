//! LED number boards: text lines in, frames on a wire out.
//!
//! A board is *state*: [`NumberBoard::show`] says what it shall show, the newest wins, and the
//! whole of it is painted again after every reconnect and in a slow cycle, since these boards
//! confirm nothing. This crate never knows tickets or counters: a line is text.
//!
//! Facts about the wire stand with each protocol under [`protocol`]; models are profile files.

mod board;
mod profile;
pub mod protocol;
mod session;

pub use board::NumberBoard;
pub use profile::{BoardProfile, ProfileError};
