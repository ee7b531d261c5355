//! Starts the parts of a machine in order and stops them in the reverse one.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use agent::{Agent, AgentConfig};
use anyhow::Context;
use hub::{Hub, HubConfig};

use crate::config::{HubAccess, Machine};

/// How long a part may take to stop. The hub itself gives its streams 5 s.
const STOP_LIMIT: Duration = Duration::from_secs(12);

/// Starts a hub.
///
/// # Errors
/// When the log cannot be opened or the address not be bound.
pub async fn start_hub(config: HubConfig) -> anyhow::Result<Hub> {
    let data = config.data.clone();
    Hub::start(config).await.with_context(|| format!("the hub does not start (log in {})", data.display()))
}

/// Starts an agent on the hub that `access` leads to; `local` is the hub of this process.
///
/// # Errors
/// When there is no hub to serve, or a device cannot be driven as configured.
pub fn start_agent(config: AgentConfig, access: &HubAccess, local: Option<SocketAddr>) -> anyhow::Result<Agent> {
    Ok(Agent::start(config, connect(access, local)?)?)
}

/// A client of the hub that `access` leads to; `local` is where the hub of this process listens.
///
/// # Errors
/// When there is no hub, or no HTTP client can be made.
pub fn connect(access: &HubAccess, local: Option<SocketAddr>) -> anyhow::Result<client::Hub> {
    let url = match (&access.url, local) {
        (Some(url), _) => url.clone(),
        (None, Some(address)) => format!("http://{}", reachable(address)),
        (None, None) => anyhow::bail!("no hub: name its address, such as http://192.168.1.10:7700"),
    };
    Ok(client::Hub::new(&url, access.token.clone())?)
}

/// An address to connect to: one that listens everywhere is reached on loopback.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

/// The running parts of a machine, windows apart.
#[derive(Default)]
pub struct Parts {
    hub: Option<Hub>,
    agent: Option<Agent>,
}

impl Parts {
    /// Starts the hub, then the agent; when the agent cannot start the hub is stopped again.
    ///
    /// # Errors
    /// The first part that does not start.
    pub async fn start(machine: &Machine) -> anyhow::Result<Self> {
        let mut parts = Self::default();
        if let Some(config) = &machine.hub {
            parts.hub = Some(start_hub(config.clone()).await?);
        }
        if let Some(config) = &machine.agent {
            match start_agent(config.clone(), &machine.connection, parts.address()) {
                Ok(agent) => parts.agent = Some(agent),
                Err(error) => {
                    parts.stop().await;
                    return Err(error);
                }
            }
        }
        Ok(parts)
    }

    /// Where the hub of this process listens.
    #[must_use]
    pub fn address(&self) -> Option<SocketAddr> {
        self.hub.as_ref().map(Hub::address)
    }

    /// Stops the agent, then the hub, so that the agent's last report still reaches the log. A part that does not end
    /// is named and left.
    pub async fn stop(self) {
        if let Some(agent) = self.agent {
            limited("the agent", agent.stop()).await;
        }
        if let Some(hub) = self.hub {
            limited("the hub", hub.stop()).await;
        }
    }
}

async fn limited(who: &str, stop: impl Future<Output = ()>) {
    if tokio::time::timeout(STOP_LIMIT, stop).await.is_err() {
        tracing::error!("{who} did not stop within {} s and is left", STOP_LIMIT.as_secs());
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn the_hub_of_this_process_is_reached_on_loopback() {
        for (listens, reached) in [
            ("0.0.0.0:7700", "http://127.0.0.1:7700"),
            ("[::]:7700", "http://[::1]:7700"),
            ("192.168.1.10:80", "http://192.168.1.10:80"),
        ] {
            let hub = connect(&HubAccess::default(), Some(listens.parse().unwrap())).unwrap();
            assert_eq!(hub.base(), reached);
        }
        let elsewhere = HubAccess { url: Some("http://10.0.0.1:7700".to_owned()), token: None };
        assert_eq!(connect(&elsewhere, None).unwrap().base(), "http://10.0.0.1:7700");
        assert!(connect(&HubAccess::default(), None).is_err());
    }
}
