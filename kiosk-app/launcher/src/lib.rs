//! The binary `kiosk-app` as a library: command line, configuration, wiring.
//!
//! Everything that the product starts is started through here, by the binary and by the demo alike, so that what is
//! shown is what is delivered. It holds no rule of the hall, no bytes of a device and no screen: it reads files,
//! says what is wrong with them, starts the parts in order and stops them in the reverse one.

pub mod commands;
pub mod config;
mod parts;
pub mod render;
mod signals;

pub use config::{
    Checked, HallFile, HubAccess, Machine, Problem, Problems, check, defaults, load, load_devices, load_hall,
};
pub use parts::{Parts, connect, start_agent, start_hub};
