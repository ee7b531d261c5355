//! Virtual devices, virtual central, end-to-end tests, faults, benchmarks.
//!
//! The virtual devices know wire protocols from their sources, never from our drivers: their modules use no crate of
//! the product, so that an error of ours cannot hide on both ends of a wire. [`whole_hall`] puts the product on them.

pub mod bench;
pub mod console;
pub mod demo;
pub mod guest;
pub mod ocr;
pub mod power_cut;
pub mod pty;
pub mod real_binary;
pub mod sample_hall;
pub mod simulate;
pub mod virtual_board;
pub mod virtual_central;
pub mod virtual_printer;
pub mod whole_hall;
mod wire;
