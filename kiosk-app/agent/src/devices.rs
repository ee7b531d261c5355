//! The devices of this agent: started by their configuration, asked for their health, stopped together.

use std::sync::Arc;
use std::time::Duration;

use kit::{Health, LifeCycle};
use number_board::NumberBoard;
use protocol::health::{AgentHealth, DeviceFault, DeviceHealth, DeviceKind, DeviceState, RollHealth};
use protocol::work::{Announcement, Help, Work};
use ticket_printer::TicketPrinter;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

use crate::announcers::{self, Announcer};
use crate::boards;
use crate::config::{AgentConfig, AgentError, DeviceConfig};
use crate::desk::Place;

/// The one fault with which a printer still prints.
const PAPER_LOW: &str = "paper-low";

/// A printer and its health.
struct Printer {
    driver: Arc<TicketPrinter>,
    place: Place,
    health: watch::Receiver<Health>,
}

struct Board {
    driver: NumberBoard,
    counters: Vec<u16>,
    lines: usize,
    columns: usize,
    /// Counter of the call that a board of one line showed last.
    newest: Option<u16>,
}

/// A device as the hub is told of it.
struct Told {
    name: String,
    kind: DeviceKind,
    kiosk: Option<String>,
    roll: Option<RollHealth>,
    health: watch::Receiver<Health>,
}

/// All devices.
pub(crate) struct Devices {
    printers: Vec<Printer>,
    boards: Vec<Board>,
    announcers: Vec<Announcer>,
    told: Vec<Told>,
    changed: Arc<Notify>,
    stop: CancellationToken,
}

impl Devices {
    /// Starts every device. One that is not there is no error.
    pub(crate) fn start(config: AgentConfig) -> Result<Self, AgentError> {
        let stop = CancellationToken::new();
        // When one cannot start, those before it end.
        let guard = stop.clone().drop_guard();
        let mut devices = Self {
            printers: Vec::new(),
            boards: Vec::new(),
            announcers: Vec::new(),
            told: Vec::new(),
            changed: Arc::new(Notify::new()),
            stop,
        };
        for device in config.devices {
            let (name, kind) = (device.name().to_owned(), device.kind());
            let (kiosk, roll) = (device.kiosk().map(str::to_owned), device.roll());
            let health = devices.start_one(device)?;
            tokio::spawn(notice(health.clone(), Arc::clone(&devices.changed)));
            devices.told.push(Told { name, kind, kiosk, roll, health });
        }
        guard.disarm();
        Ok(devices)
    }

    fn start_one(&mut self, device: DeviceConfig) -> Result<watch::Receiver<Health>, AgentError> {
        let stop = self.stop.clone();
        Ok(match device {
            DeviceConfig::TicketPrinter { name, kiosk, share, link, profile, .. } => {
                let place = Place { name: name.clone(), kiosk, share };
                #[cfg(not(feature = "fail-points"))]
                let driver = Arc::new(TicketPrinter::start(name, link, profile, stop));
                #[cfg(feature = "fail-points")]
                let driver = Arc::new(crate::job_link::start_printer(name, link, profile, stop));
                let health = driver.health();
                self.printers.push(Printer { driver, place, health: health.clone() });
                health
            }
            DeviceConfig::NumberBoard { name, link, profile, counters } => {
                let (lines, columns) = (profile.lines, profile.columns);
                let driver = NumberBoard::start(name, link, profile, stop);
                let health = driver.watch_health();
                self.boards.push(Board { driver, counters, lines, columns, newest: None });
                health
            }
            DeviceConfig::Speaker { name, kiosk, calls, clips, volume } => {
                let announcer = Announcer::start(name, kiosk, calls, clips, volume, stop)?;
                let health = announcer.watch_health();
                self.announcers.push(announcer);
                health
            }
        })
    }

    /// The printers, in the order of the configuration.
    pub(crate) fn places(&self) -> impl Iterator<Item = Place> {
        self.printers.iter().map(|printer| printer.place.clone())
    }

    /// The printer at a place.
    pub(crate) fn printer(&self, place: usize) -> Option<Arc<TicketPrinter>> {
        self.printers.get(place).map(|printer| Arc::clone(&printer.driver))
    }

    /// Whether the printer at a place may get a job now.
    pub(crate) fn is_well(&self, place: usize) -> bool {
        self.printers.get(place).is_some_and(|printer| may_print(&printer.health.borrow()))
    }

    /// Shows the hall's counters on the boards.
    pub(crate) fn show(&mut self, work: &Work) {
        for board in &mut self.boards {
            let lines = boards::compose(work, &board.counters, board.lines, board.columns, &mut board.newest);
            board.driver.show(lines);
        }
    }

    /// Makes the boards dark: what they show may not be true any more.
    pub(crate) fn blank_boards(&mut self) {
        for board in &mut self.boards {
            board.driver.show(Vec::new());
        }
    }

    /// Speaks a call on every speaker for calls, unless it is too late by the hub's own clock.
    pub(crate) fn announce(&self, call: &Announcement) {
        announcers::announce(&self.announcers, call);
    }

    /// Speaks help at a kiosk, where a speaker of this agent stands there.
    pub(crate) fn help(&mut self, help: &Help) {
        announcers::help(&mut self.announcers, help);
    }

    /// Completes at a change of any device's health, also one since the last time.
    pub(crate) async fn health_changed(&self) {
        self.changed.notified().await;
    }

    /// Health of all devices, in the order of the configuration.
    pub(crate) fn health(&self) -> AgentHealth {
        AgentHealth { devices: self.told.iter().map(Told::now).collect() }
    }

    /// Tells every device to stop.
    pub(crate) fn stop(&self) {
        self.stop.cancel();
    }

    /// Waits until the boards are dark and the speakers silent, at most `limit`.
    pub(crate) async fn stopped(self, limit: Duration) {
        let all = async {
            for board in self.boards {
                board.driver.stopped().await;
            }
            for announcer in self.announcers {
                announcer.stopped().await;
            }
        };
        if tokio::time::timeout(limit, all).await.is_err() {
            tracing::warn!("a board or speaker did not stop within {} s and is left", limit.as_secs());
        }
    }
}

/// Passes on every change of a device's health until the device ends.
async fn notice(mut health: watch::Receiver<Health>, changed: Arc<Notify>) {
    while health.changed().await.is_ok() {
        changed.notify_one();
    }
}

fn may_print(health: &Health) -> bool {
    match health.life_cycle {
        LifeCycle::Ready => true,
        LifeCycle::Degraded => health.fault.as_ref().is_some_and(|fault| fault.code == PAPER_LOW),
        LifeCycle::Absent | LifeCycle::Opening | LifeCycle::Lost => false,
    }
}

impl Told {
    fn now(&self) -> DeviceHealth {
        let health = self.health.borrow();
        let state = match health.life_cycle {
            LifeCycle::Absent => DeviceState::Absent,
            LifeCycle::Opening => DeviceState::Opening,
            LifeCycle::Ready => DeviceState::Ready,
            LifeCycle::Degraded => DeviceState::Degraded,
            LifeCycle::Lost => DeviceState::Lost,
        };
        let fault = health.fault.as_ref().map(|fault| DeviceFault {
            code: fault.code.to_string(),
            detail: fault.detail.clone(),
            action: fault.action.clone(),
        });
        let (name, kiosk) = (self.name.clone(), self.kiosk.clone());
        DeviceHealth { name, kind: self.kind, kiosk, state, fault, roll: self.roll }
    }
}

#[cfg(test)]
mod tests {
    use kit::{Fault, HealthCell};

    use super::*;

    #[test]
    fn only_a_well_printer_or_one_with_little_paper_prints() {
        let cell = HealthCell::new("printer-1");
        assert!(!may_print(&cell.current()), "opening");
        cell.ready();
        assert!(may_print(&cell.current()));
        let fault = |code: &'static str| Fault::new(code, "detail", "action");
        cell.degraded(fault("paper-low"));
        assert!(may_print(&cell.current()));
        cell.degraded(fault("paper-out"));
        assert!(!may_print(&cell.current()));
        cell.lost(fault("paper-low"));
        assert!(!may_print(&cell.current()));
    }
}
