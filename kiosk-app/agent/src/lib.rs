//! The devices of one machine: the hub's work goes to drivers, their health goes to the hub.
//!
//! Architecture invariant: only this crate knows both the hub and devices. It decides nothing about the queue and
//! keeps no record of its own: what must survive a power cut stands in the hub's log.
//!
//! What it promises about paper:
//! - no byte of a ticket leaves before the hub answered that the job is *printing*;
//! - a job that was begun once is never begun again, whatever breaks in between;
//! - the hub is told *printed* only after the printer's own confirmation, and is told for as long as it takes.
//!
//! Module `desk` holds these rules without any I/O; `runner` is the one loop around it.

mod agent;
mod announcers;
mod boards;
mod config;
mod desk;
mod devices;
mod errands;
mod helping;
#[cfg(feature = "fail-points")]
mod job_link;
mod runner;
mod staff_paper;
pub mod template;
mod voice;

pub use agent::Agent;
pub use config::{AgentConfig, AgentError, DeviceConfig};
pub use voice::VoiceError;
