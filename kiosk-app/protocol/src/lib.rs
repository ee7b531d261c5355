//! What crosses a wire in the hall: the LAN API v1, the agents' work, and the central sync v1.
//!
//! Types only: no I/O, no rules, no clock. Every type here is frozen by the samples in `tests/`; a change that
//! breaks one of them is a new version, not an edited test. The hub maps its own types to these and back, so that
//! the rules of the hall can change without touching a wire.

pub mod central;
pub mod commands;
pub mod hall;
pub mod health;
pub mod problem;
pub mod text;
pub mod views;
pub mod work;

/// Largest request body that the LAN API reads, in bytes.
pub const MAX_BODY_BYTES: usize = 64 * 1024;
/// Name of the header that carries a command's request id.
pub const IDEMPOTENCY_KEY: &str = "Idempotency-Key";
/// Longest accepted request id, in bytes.
pub const MAX_REQUEST_ID_BYTES: usize = 64;
/// Seconds between two signs of life on a stream that has nothing else to say.
pub const STREAM_KEEP_ALIVE_SECONDS: u64 = 1;
