//! A whole hall in one process: the product's parts, started through `launcher`, on virtual devices and a virtual
//! central. The demo, the end-to-end tests and the benchmarks stand on it.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use agent::DeviceConfig;
use anyhow::Context;
use hub::{CentralConfig, StaffPin};
use kit::link::LinkConfig;
use launcher::{Machine, Parts};
use protocol::health::DeviceState;

use crate::sample_hall;
use crate::virtual_board::{BoardModel, VirtualBoard};
use crate::virtual_central::{CentralOptions, VirtualCentral};
use crate::virtual_printer::{Model, VirtualPrinter};

/// Any free port of this machine.
pub const FREE_PORT: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);
/// Where the demo's tickets lead to.
const FOLLOW_URL: &str = "https://so.halong.quangninh.gov.vn/t";

/// What opens the staff page of the demo's kiosk.
pub const STAFF_PIN: &str = "2468";

/// The virtual devices and central that a hall's machine is connected to.
pub struct Bench {
    /// Printer at the kiosk.
    pub printer: VirtualPrinter,
    /// Board of the hall.
    pub board: VirtualBoard,
    /// The province.
    pub central: VirtualCentral,
}

/// A running hall on its bench.
pub struct WholeHall {
    /// What it is connected to.
    pub bench: Bench,
    /// What runs.
    pub machine: Machine,
    parts: Parts,
}

impl Bench {
    /// Plugs the devices in below `directory`.
    ///
    /// # Errors
    /// When no pseudo-terminal or port is to be had.
    pub async fn plug_in(directory: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(directory).with_context(|| format!("{} cannot be made", directory.display()))?;
        Ok(Self {
            printer: VirtualPrinter::on_pty(Self::printer_path(directory), Model::epson_80mm()).await?,
            board: VirtualBoard::on_pty(Self::board_path(directory), BoardModel::default()).await?,
            central: VirtualCentral::start(FREE_PORT, CentralOptions::default()).await?,
        })
    }

    /// Where the printer's port is below `directory`.
    #[must_use]
    pub fn printer_path(directory: &Path) -> PathBuf {
        directory.join("printer")
    }

    /// Where the board's port is below `directory`.
    #[must_use]
    pub fn board_path(directory: &Path) -> PathBuf {
        directory.join("board")
    }
}

/// The sample hall of the product, led to the bench's devices.
///
/// # Errors
/// When the samples cannot be read.
pub fn machine_on(bench: &Bench, directory: &Path) -> anyhow::Result<Machine> {
    let mut machine = launcher::defaults()?;
    let hub = machine.hub.as_mut().context("the sample machine has a hub")?;
    hub.hall = sample_hall::at_any_hour(&hub.hall);
    hub.listen = FREE_PORT;
    hub.data = directory.join("data");
    hub.info.follow_url = Some(FOLLOW_URL.to_owned());
    hub.staff_pin = Some(StaffPin(STAFF_PIN.to_owned()));
    hub.central = Some(CentralConfig { url: bench.central.url(), token: None });
    let agent = machine.agent.as_mut().context("the sample machine has an agent")?;
    for device in &mut agent.devices {
        let (link, path) = match device {
            DeviceConfig::TicketPrinter { link, .. } => (link, Bench::printer_path(directory)),
            DeviceConfig::NumberBoard { link, .. } => (link, Bench::board_path(directory)),
            DeviceConfig::Speaker { .. } => continue,
        };
        *link = LinkConfig::serial(path.display().to_string());
    }
    Ok(machine)
}

impl WholeHall {
    /// Starts everything on a bench below `directory`.
    ///
    /// # Errors
    /// When a device, the hub or the agent does not start.
    pub async fn start(directory: &Path) -> anyhow::Result<Self> {
        let bench = Bench::plug_in(directory).await?;
        let machine = machine_on(&bench, directory)?;
        let parts = Parts::start(&machine).await?;
        Ok(Self { bench, machine, parts })
    }

    /// A client of the hall's hub.
    ///
    /// # Errors
    /// When the hub does not run.
    pub fn client(&self) -> anyhow::Result<client::Hub> {
        launcher::connect(&self.machine.connection, self.parts.address())
    }

    /// Stops the parts in order; the bench stays.
    pub async fn stop(self) -> Bench {
        self.parts.stop().await;
        self.bench
    }
}

/// Waits until the hub says that a kiosk's printer is well: before that a kiosk first says that it cannot print.
///
/// # Errors
/// When it is not well within `limit`.
pub async fn printer_is_ready(hub: &client::Hub, kiosk: &str, limit: Duration) -> anyhow::Result<()> {
    let mut views = hub.kiosk_view(kiosk);
    let ready = views.wait_for(|now| {
        let printer = now.view.as_ref().and_then(|view| view.printer.as_ref());
        printer.is_some_and(|printer| printer.fault.is_none() && printer.state == DeviceState::Ready)
    });
    tokio::time::timeout(limit, ready).await.context("the printer is not ready")??;
    Ok(())
}
