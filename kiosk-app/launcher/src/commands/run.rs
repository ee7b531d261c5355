//! Runs the parts of a machine until a signal, a closed window or an error ends them.

use std::io::Write;

use anyhow::Context;

use super::windows;
use crate::config::Machine;
use crate::parts::Parts;
use crate::signals::Signals;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// Every part stopped.
    InOrder,
    /// A second signal came before that.
    Forced,
}

/// Starts the parts, waits, stops them. Windows stay on this thread, everything else on the runtime.
pub(crate) fn run(machine: Machine) -> anyhow::Result<Ended> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("no threads could be made; free memory on this machine")?;
    let ended = run_on(&runtime, machine);
    // What is still blocked then (a device that does not answer) must not keep the process.
    runtime.shutdown_background();
    ended
}

fn run_on(runtime: &tokio::runtime::Runtime, machine: Machine) -> anyhow::Result<Ended> {
    windows::possible(&machine.stations)?;
    // From here on a signal stops the parts; before, it ends the process at once, and nothing runs yet.
    let mut signals = runtime.block_on(async { Signals::listen() }).context("the system gives no signals")?;
    let parts = runtime.block_on(Parts::start(&machine))?;
    if let Some(address) = parts.address() {
        announce(&format!("hub listening on http://{address}"));
    }
    let shown = if machine.stations.is_empty() {
        runtime.block_on(signals.next());
        Ok(())
    } else {
        windows::show(runtime, &machine, parts.address())
    };
    tracing::info!("stopping");
    let ended = runtime.block_on(async {
        // The windows may have ended by the same signal, which must not count twice.
        signals.forget().await;
        tokio::select! {
            () = parts.stop() => Ended::InOrder,
            () = signals.next() => Ended::Forced,
        }
    });
    shown.map(|()| ended)
}

/// One line on stdout, at once: tests and scripts wait for it.
fn announce(line: &str) {
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{line}").and_then(|()| out.flush()).is_err() {
        tracing::warn!("stdout is closed: {line}");
    }
}
