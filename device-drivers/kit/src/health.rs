//! What the hall sees of a device: where it stands in its life, what is wrong, what to do.
//!
//! A state changes only when something confirmed the new one: while a lost device is being looked
//! for it stays *lost* with its reason, and "opening" never covers a fault. Each change is logged
//! once, here, with the device's name.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use tokio::sync::watch;

/// Where a device stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LifeCycle {
    /// It was never found since the start.
    Absent,
    /// It is being opened, or is open and has not confirmed anything yet.
    Opening,
    /// It confirmed that it works.
    Ready,
    /// It is there, and something is wrong that it told us (or it tells nothing).
    Degraded,
    /// It was there and went away.
    Lost,
}

impl fmt::Display for LifeCycle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Absent => "absent",
            Self::Opening => "opening",
            Self::Ready => "ready",
            Self::Degraded => "degraded",
            Self::Lost => "lost",
        })
    }
}

/// What is wrong with a device and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Fault {
    /// Stable kebab-case code, such as `paper-out`: screens translate by it.
    pub code: Cow<'static, str>,
    /// What is wrong, for the IT person.
    pub detail: String,
    /// What to do next.
    pub action: String,
}

impl Fault {
    /// A fault from its three parts.
    pub fn new(code: impl Into<Cow<'static, str>>, detail: impl Into<String>, action: impl Into<String>) -> Self {
        Self { code: code.into(), detail: detail.into(), action: action.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}; {}", self.detail, self.action)
    }
}

/// The health of one device at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// The device's name in configuration.
    pub device: String,
    /// Where it stands.
    pub life_cycle: LifeCycle,
    /// What is wrong; `None` only while opening or ready.
    pub fault: Option<Fault>,
    /// When this state began.
    pub since: SystemTime,
}

/// The one place where a device's health is kept. Clones share it.
#[derive(Debug, Clone)]
pub struct HealthCell {
    sender: Arc<watch::Sender<Health>>,
}

impl HealthCell {
    /// A device that is about to be opened.
    pub fn new(device: impl Into<String>) -> Self {
        let health =
            Health { device: device.into(), life_cycle: LifeCycle::Opening, fault: None, since: SystemTime::now() };
        Self { sender: Arc::new(watch::Sender::new(health)) }
    }

    /// The device confirmed that it works.
    pub fn ready(&self) {
        self.set(LifeCycle::Ready, None);
    }

    /// The device is there, and this is wrong.
    pub fn degraded(&self, fault: Fault) {
        self.set(LifeCycle::Degraded, Some(fault));
    }

    /// The device was there and went away.
    pub fn lost(&self, fault: Fault) {
        self.set(LifeCycle::Lost, Some(fault));
    }

    /// The device was never found.
    pub fn absent(&self, fault: Fault) {
        self.set(LifeCycle::Absent, Some(fault));
    }

    /// The device is being opened. A standing fault stays until the device itself confirms that
    /// it is gone, so this is only seen before the first attempt and after an orderly close.
    pub fn opening(&self) {
        if self.sender.borrow().fault.is_none() {
            self.set(LifeCycle::Opening, None);
        }
    }

    /// The present health.
    pub fn current(&self) -> Health {
        self.sender.borrow().clone()
    }

    /// Present and later health.
    pub fn subscribe(&self) -> watch::Receiver<Health> {
        self.sender.subscribe()
    }

    /// The same state again is not a change: nobody is woken, nothing is logged, `since` stays.
    fn set(&self, life_cycle: LifeCycle, fault: Option<Fault>) {
        let changed = self.sender.send_if_modified(|health| {
            if health.life_cycle == life_cycle && health.fault == fault {
                return false;
            }
            health.life_cycle = life_cycle;
            health.fault = fault;
            health.since = SystemTime::now();
            true
        });
        if changed {
            log(&self.sender.borrow());
        }
    }
}

fn log(health: &Health) {
    let (device, life_cycle) = (&health.device, health.life_cycle);
    match &health.fault {
        None => tracing::info!(device, %life_cycle, "device is {life_cycle}"),
        Some(fault) => tracing::warn!(
            device, %life_cycle, code = %fault.code, "device is {life_cycle}: {fault}"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(code: &'static str) -> Fault {
        Fault::new(code, "paper is out", "load a roll and close the cover")
    }

    #[test]
    fn the_same_state_again_is_not_a_change() {
        let cell = HealthCell::new("printer-1");
        let mut seen = cell.subscribe();
        cell.degraded(fault("paper-out"));
        assert!(seen.has_changed().is_ok_and(|changed| changed));
        let first = seen.borrow_and_update().clone();
        cell.degraded(fault("paper-out"));
        assert!(seen.has_changed().is_ok_and(|changed| !changed));
        assert_eq!(cell.current(), first);
        cell.degraded(fault("cover-open"));
        assert!(seen.has_changed().is_ok_and(|changed| changed));
    }

    #[test]
    fn opening_never_covers_a_fault() {
        let cell = HealthCell::new("printer-1");
        cell.lost(fault("disconnected"));
        cell.opening();
        assert_eq!(cell.current().life_cycle, LifeCycle::Lost);
        cell.ready();
        assert_eq!(cell.current().fault, None);
        cell.opening();
        assert_eq!(cell.current().life_cycle, LifeCycle::Opening);
    }

    #[test]
    fn a_fault_reads_as_what_is_wrong_and_what_to_do() {
        assert_eq!(fault("paper-out").to_string(), "paper is out; load a roll and close the cover");
    }
}
