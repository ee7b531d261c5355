//! What every device driver needs and no driver should write twice: a link to the device
//! (serial, USB, TCP), the life cycle and health that the hall sees, and the loop that opens,
//! runs and reopens.
//!
//! This crate knows wires, never devices: no protocol bytes, no tickets, no boards.
//! Its facts come from the crates' own behaviour on ptys and gadgets (see `README.md`).

pub mod health;
pub mod link;
pub mod supervise;

pub use health::{Fault, Health, HealthCell, LifeCycle};
pub use link::{Link, LinkConfig, LinkError, PortStatus, StatusPort};
pub use supervise::{Opener, Session, SessionEnd, supervise};
