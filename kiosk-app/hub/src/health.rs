//! Health of the devices as their agents told it. In memory only: it is the present, not history.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use protocol::health::{AgentHealth, DeviceFault, DeviceHealth, DeviceKind, DeviceState};
use tokio::time::Instant;

/// Most agents of a hall.
const MAX_AGENTS: usize = 64;
const SILENCE: Duration = Duration::from_secs(AgentHealth::SILENT_AFTER_SECONDS);

#[derive(Debug)]
struct Told {
    health: AgentHealth,
    at: Instant,
    silent: bool,
}

/// All agents' devices.
#[derive(Debug, Default)]
pub struct HealthBook(Mutex<BTreeMap<String, Told>>);

impl HealthBook {
    /// Notes what an agent told. Answers whether a view changes by it; none when there are too many agents or devices.
    pub fn tell(&self, agent: &str, health: AgentHealth) -> Option<bool> {
        let mut book = self.book();
        let known = book.get(agent);
        if health.devices.len() > AgentHealth::MAX_DEVICES || (known.is_none() && book.len() >= MAX_AGENTS) {
            return None;
        }
        let changed = known.is_none_or(|told| told.silent || told.health != health);
        book.insert(agent.to_owned(), Told { health, at: Instant::now(), silent: false });
        Some(changed)
    }

    /// Marks agents that fell silent. Answers whether a view changes by it.
    pub fn notice_silence(&self) -> bool {
        let mut changed = false;
        for (agent, told) in self.book().iter_mut().filter(|(_, told)| !told.silent && told.at.elapsed() > SILENCE) {
            tracing::warn!(%agent, "the agent is silent; check its power and network");
            told.silent = true;
            changed = true;
        }
        changed
    }

    /// All devices; those of a silent agent are lost.
    pub fn devices(&self) -> Vec<DeviceHealth> {
        let book = self.book();
        let devices = book.iter().flat_map(|(agent, told)| {
            told.health.devices.iter().map(move |d| if told.silent { lost(d, agent) } else { d.clone() })
        });
        devices.collect()
    }

    /// The printer of a kiosk.
    pub fn printer_of(&self, kiosk: &str) -> Option<DeviceHealth> {
        let of_kiosk = |d: &DeviceHealth| d.kind == DeviceKind::TicketPrinter && d.kiosk.as_deref() == Some(kiosk);
        self.devices().into_iter().find(of_kiosk)
    }

    fn book(&self) -> MutexGuard<'_, BTreeMap<String, Told>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn lost(device: &DeviceHealth, agent: &str) -> DeviceHealth {
    let fault = DeviceFault {
        code: "agent-silent".to_owned(),
        detail: format!("agent {agent} has not reported for {} s", AgentHealth::SILENT_AFTER_SECONDS),
        action: "check the power and the network of its machine".to_owned(),
    };
    DeviceHealth { state: DeviceState::Lost, fault: Some(fault), ..device.clone() }
}
