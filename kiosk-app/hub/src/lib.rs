//! The hub of a hall: the engine that decides, the log that remembers, the LAN API, and the sync to the province.
//!
//! The engine is the only writer. Nothing leaves the hub (answer, view, work, sync) before its event is on disk.
//! The hub knows no devices and no screens: agents and stations speak to it over the LAN API.

mod api;
mod central;
mod clock;
mod config;
mod engine;
mod health;
pub mod log;
mod record;
mod rolls;
mod running;
mod snapshot;
mod speakers;
mod staff_papers;
mod views;
pub mod why;
mod wire;

pub use api::openapi;
pub use clock::{Clock, Clocks, HallClock, system_clock};
pub use config::{CentralConfig, HubConfig, Picture, StaffPin, StationToken};
pub use engine::{Answer, Engine, OnTheWay, Press, Published, Request};
pub use running::{Hub, HubError};
