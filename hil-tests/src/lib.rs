//! Virtual devices, virtual central, end-to-end tests, faults, benchmarks.
//!
//! The virtual devices know wire protocols from their sources, never from our drivers: they depend on
//! no crate of the product, so that an error of ours cannot hide on both ends of a wire.

pub mod console;
pub mod pty;
pub mod virtual_board;
pub mod virtual_central;
pub mod virtual_printer;
mod wire;
