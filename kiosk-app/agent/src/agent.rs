//! The handle that an application holds of its agent.

use client::Hub;
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::config::{AgentConfig, AgentError};
use crate::devices::Devices;
use crate::runner::Runner;
use crate::staff_paper::StaffPapers;
use crate::template::Template;

/// A running agent. Dropping it begins the stop without waiting for it; [`Agent::stop`] waits.
#[derive(Debug)]
pub struct Agent {
    stop: DropGuard,
    task: JoinHandle<()>,
}

impl Agent {
    /// Starts the devices and serves the hub until stopped. Neither a device nor the hub has to be there: both are
    /// looked for as long as it runs. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// [`AgentError`] for configuration that cannot be meant, a wrong template or a wrong voice.
    pub fn start(config: AgentConfig, hub: Hub) -> Result<Self, AgentError> {
        config.check()?;
        let template = Template::queue_ticket()?;
        let staff_papers = StaffPapers::new()?;
        let name = config.name.clone();
        let devices = Devices::start(config)?;
        let stop = CancellationToken::new();
        let task = tokio::spawn(Runner::new(name, hub, devices, template, staff_papers, stop.clone()).run());
        Ok(Self { stop: stop.drop_guard(), task })
    }

    /// Stops in order: nothing new begins, the paper under way ends and is reported, boards go dark. Takes at most
    /// 11 s, usually well under one.
    pub async fn stop(self) {
        drop(self.stop);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the agent's task ended badly");
        }
    }
}
