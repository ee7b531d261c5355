//! Windows of this machine's stations, on the main thread as the windowing system wants it.

use std::net::SocketAddr;

use anyhow::Context;
use tokio::runtime::Runtime;

use crate::config::Machine;
use crate::parts::connect;
use crate::signals::Signals;

/// Refuses windows that this build cannot show.
pub(super) fn possible(stations: &[stations::Kind]) -> anyhow::Result<()> {
    anyhow::ensure!(
        stations.is_empty() || cfg!(any(feature = "winit", feature = "kms")),
        "this kiosk-app was built without windows; build it with --features winit (desktop) or --features kms \
         (bare screen), or take the [[stations]] out of the file"
    );
    Ok(())
}

/// Shows the windows until the last one is closed or a signal comes.
pub(super) fn show(runtime: &Runtime, machine: &Machine, local: Option<SocketAddr>) -> anyhow::Result<()> {
    let hub = connect(&machine.connection, local)?;
    let mut signals = runtime.block_on(async { Signals::listen() }).context("the system gives no signals")?;
    let quit = runtime.spawn(async move {
        loop {
            signals.next().await;
            stations::quit();
        }
    });
    let shown = stations::run(machine.stations.clone(), &hub, runtime.handle(), machine.fullscreen);
    quit.abort();
    Ok(shown?)
}
