//! Health of the devices as their agents told it. In memory only: it is the present, not history.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use protocol::health::{AgentHealth, DeviceFault, DeviceHealth, DeviceKind, DeviceState};
use queue::AgentRun;
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

/// All agents' devices, and which runs of the agents listen for work.
#[derive(Debug, Default)]
pub struct HealthBook {
    told: Mutex<BTreeMap<String, Told>>,
    listening: Mutex<Vec<(String, AgentRun)>>,
}

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

    /// Notes that a run of an agent listens for work, until the guard is dropped.
    pub fn listens(self: &Arc<Self>, agent: &str, run: &str) -> Listening {
        let run = AgentRun::from(run);
        self.listeners().push((agent.to_owned(), run.clone()));
        Listening { book: self.clone(), agent: agent.to_owned(), run }
    }

    /// The one agent run that listens and of whose printers for the kiosk one is well; none where two agents have some,
    /// or none has.
    pub fn ready_printer(&self, kiosk: &str) -> Option<AgentRun> {
        let of_kiosk = |d: &&DeviceHealth| d.kind == DeviceKind::TicketPrinter && d.kiosk.as_deref() == Some(kiosk);
        let book = self.book();
        let mut owners = book.iter().filter(|(_, told)| told.health.devices.iter().any(|d| of_kiosk(&d)));
        let (agent, told) = owners.next().filter(|_| owners.next().is_none())?;
        let mut printers = told.health.devices.iter().filter(of_kiosk);
        let well = printers.any(|printer| printer.state == DeviceState::Ready) && !told.silent;
        let listeners = self.listeners();
        let mut runs = listeners.iter().filter(|(name, _)| name == agent).map(|(_, run)| run);
        runs.next().filter(|run| well && runs.all(|other| other == *run)).cloned()
    }

    fn listeners(&self) -> MutexGuard<'_, Vec<(String, AgentRun)>> {
        self.listening.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn book(&self) -> MutexGuard<'_, BTreeMap<String, Told>> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A run of an agent that listens for work; see [`HealthBook::listens`].
#[derive(Debug)]
pub struct Listening {
    book: Arc<HealthBook>,
    agent: String,
    /// The run that listens.
    pub run: AgentRun,
}

impl Drop for Listening {
    fn drop(&mut self) {
        let mut listeners = self.book.listeners();
        if let Some(place) = listeners.iter().position(|(agent, run)| *agent == self.agent && *run == self.run) {
            listeners.swap_remove(place);
        }
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
