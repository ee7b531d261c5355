//! A virtual ESC/POS ticket printer on a pseudo-terminal or on TCP.
//!
//! It understands what any host may send, not only ours, renders the paper dot by dot at 203 dpi, and
//! goes wrong on demand. It shares no code with our driver: what it knows comes from Epson's command
//! reference, escpos-printer-db and `shared/devices.md`, and its tests feed it bytes made by others.
//! It never decides whether a ticket is right; it only shows what came out.
//!
//! | file | what it knows |
//! |---|---|
//! | `machine`, `real_time`, `arrivals` | buffer, paper, cover, knife, answers, when bytes came |
//! | `lengths` | where a command ends |
//! | `interpreter`, `commands`, `graphics`, `symbols` | what a command does |
//! | `line`, `glyphs`, `barcodes`, `code_pages`, `bitmap` | how it looks |
//! | `status` | what the printer says about itself |
//! | `direct` | the same printer without a wire |

mod arrivals;
mod barcodes;
mod bitmap;
mod code_pages;
mod commands;
mod counters;
mod direct;
mod glyphs;
mod graphics;
mod interpreter;
mod lengths;
mod line;
mod machine;
mod model;
mod real_time;
mod sheet;
mod status;
mod symbols;

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

pub use barcodes::BarcodeKind;
pub use bitmap::Bitmap;
pub use code_pages::CodePage;
pub use counters::Counters;
pub use direct::DirectPrinter;
pub use model::Model;
pub use sheet::{Barcode, Sheet, SheetEnd};

use crate::wire::{self, Address, Device, OwnedTask, Shared};
use machine::{Machine, Step};

/// Handle of a running virtual printer; clones are the same printer. It ends with its last handle.
#[derive(Debug, Clone)]
pub struct VirtualPrinter {
    machine: Arc<Shared<Machine>>,
    address: Address,
    print_speed: Option<u32>,
    _tasks: Arc<[OwnedTask; 2]>,
}

impl VirtualPrinter {
    /// Starts a printer behind the link `path` to a pseudo-terminal.
    ///
    /// # Errors
    /// No pseudo-terminal to be had, or `path` cannot become a link.
    pub async fn on_pty(path: impl AsRef<Path>, model: Model) -> io::Result<Self> {
        Self::start(Address::Pty(path.as_ref().to_owned()), model).await
    }

    /// Starts a printer that listens on `address`; port 0 takes a free one (see [`Self::tcp_address`]).
    ///
    /// # Errors
    /// The address is taken or not ours.
    pub async fn on_tcp(address: SocketAddr, model: Model) -> io::Result<Self> {
        Self::start(Address::Tcp(address), model).await
    }

    async fn start(address: Address, model: Model) -> io::Result<Self> {
        let print_speed = model.print_speed;
        let (machine, address, port) = wire::start(address, Machine::new(model)).await?;
        let mechanism = OwnedTask::spawn(run_mechanism(Arc::clone(&machine), print_speed));
        Ok(Self { machine, address, print_speed, _tasks: Arc::new([port, mechanism]) })
    }

    /// Where it listens; `None` on a pseudo-terminal.
    #[must_use]
    pub fn tcp_address(&self) -> Option<SocketAddr> {
        match self.address {
            Address::Tcp(address) => Some(address),
            Address::Pty(_) => None,
        }
    }

    /// The link that hosts open; `None` on TCP.
    #[must_use]
    pub fn pty_path(&self) -> Option<PathBuf> {
        match &self.address {
            Address::Pty(path) => Some(path.clone()),
            Address::Tcp(_) => None,
        }
    }

    /// Dot rows a second, when it does not print at once.
    #[must_use]
    pub fn print_speed(&self) -> Option<u32> {
        self.print_speed
    }

    // Faults and the hands of a person at the printer.

    /// The roll is at its end: printing stops, data waits in the receive buffer.
    pub fn paper_out(&self) {
        self.machine.change(|machine| machine.set_condition(|condition| condition.paper_out = true));
    }

    /// Loads a new roll of so many dot rows, or an endless one (`None`); printing goes on.
    ///
    /// What hung out uncut with print on it is torn off and kept in [`Self::scraps`].
    pub fn load_paper(&self, rows: impl Into<Option<usize>>) {
        let rows = rows.into();
        self.machine.change(|machine| machine.load_paper(rows));
    }

    /// The roll reaches its end after so many more cuts.
    pub fn paper_for_sheets(&self, sheets: u64) {
        self.machine.change(|machine| machine.paper_for_sheets(sheets));
    }

    /// The near-end sensor sees little paper; printing goes on.
    pub fn paper_low(&self, low: bool) {
        self.machine.change(|machine| machine.set_condition(|condition| condition.paper_low = low));
    }

    /// Opens the cover: printing stops.
    pub fn open_cover(&self) {
        self.machine.change(|machine| machine.set_condition(|condition| condition.cover_open = true));
    }

    /// Closes the cover: printing goes on.
    pub fn close_cover(&self) {
        self.machine.change(|machine| machine.set_condition(|condition| condition.cover_open = false));
    }

    /// Blocks the knife: the next cut fails and stops the printer with a cutter error.
    ///
    /// Freeing it is a person clearing the jam: the waiting cut is made and printing goes on. While
    /// it is blocked `DLE ENQ 1` tries the cut again in vain, `DLE ENQ 2` gives the data up.
    pub fn cutter_jam(&self, jammed: bool) {
        self.machine.change(|machine| machine.set_knife_blocked(jammed));
    }

    /// Hangs: reads nothing, prints nothing, answers nothing, not even real-time commands.
    pub fn stall(&self, stalled: bool) {
        self.machine.change(|machine| machine.set_stalled(stalled));
    }

    /// Prints, but never answers, like a printer with a one-way cable.
    pub fn silent(&self, silent: bool) {
        self.machine.change(|machine| machine.faults.silent = silent);
    }

    /// Sends bytes to the host that it never asked for.
    pub fn garbage(&self, bytes: &[u8]) {
        self.machine.change(|machine| machine.garbage(bytes));
    }

    /// Takes at most so many bytes a second from the wire (960 is 9600 baud); `None` is at once.
    pub fn slow(&self, bytes_per_second: impl Into<Option<u32>>) {
        let pace = bytes_per_second.into();
        self.machine.change(|machine| machine.faults.pace = pace);
    }

    /// Pulls the cable: the pseudo-terminal and its link vanish, or connection and listener close.
    ///
    /// Returns when it happened; false when the port did not follow within 5 s.
    pub async fn hang_up(&self) -> bool {
        self.machine.set_plugged(false).await
    }

    /// Plugs the cable in again at the same path or address.
    ///
    /// Returns when it happened; false when the port could not be opened within 5 s.
    pub async fn plug_in(&self) -> bool {
        self.machine.set_plugged(true).await
    }

    /// Cuts the power: buffers, modes and automatic status are forgotten. A serial cable stays (bytes
    /// vanish unheard), a network connection breaks.
    pub async fn cut_power(&self) {
        self.machine.change(Machine::cut_power);
        if self.tcp_address().is_some() {
            self.machine.set_plugged(false).await;
        }
    }

    /// Switches the power on again.
    pub async fn power_on(&self) {
        self.machine.change(|machine| machine.powered = true);
        if self.tcp_address().is_some() {
            self.machine.set_plugged(true).await;
        }
    }

    // Evidence.

    /// All sheets that were cut, oldest first (at most the last 1000).
    #[must_use]
    pub fn sheets(&self) -> Vec<Sheet> {
        self.machine.look(|machine| machine.sheets.iter().cloned().collect())
    }

    /// The sheets that were cut after the first `count` since the start.
    #[must_use]
    pub fn sheets_since(&self, count: u64) -> Vec<Sheet> {
        self.machine.look(|machine| {
            let new = machine.counters.sheets.saturating_sub(count);
            let new = usize::try_from(new).unwrap_or(usize::MAX);
            let old = machine.sheets.len().saturating_sub(new);
            machine.sheets.iter().skip(old).cloned().collect()
        })
    }

    /// Paper with print on it that came off without a cut.
    #[must_use]
    pub fn scraps(&self) -> Vec<Sheet> {
        self.machine.look(|machine| machine.scraps.iter().cloned().collect())
    }

    /// The paper as it hangs out of the printer now, the unfinished line included.
    #[must_use]
    pub fn partial_sheet(&self) -> Sheet {
        self.machine.look(Machine::uncut)
    }

    /// What was counted so far.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.machine.look(|machine| machine.counters)
    }

    /// The unknown commands themselves (at most the first 1000).
    #[must_use]
    pub fn unknown_commands(&self) -> Vec<Vec<u8>> {
        self.machine.look(|machine| machine.interpreter.notes.unknown.clone())
    }

    /// Commands that are known but not carried out, and data that a printer refuses, by name.
    #[must_use]
    pub fn skipped_commands(&self) -> BTreeMap<String, u64> {
        self.machine.look(|machine| machine.interpreter.notes.skipped.clone())
    }

    /// Whether the printer is stopped by paper, cover or knife.
    #[must_use]
    pub fn is_offline(&self) -> bool {
        self.machine.look(|machine| machine.condition().offline())
    }

    /// Bytes that wait in the receive buffer.
    #[must_use]
    pub fn waiting_bytes(&self) -> usize {
        self.machine.look(Machine::waiting_bytes)
    }

    /// When the first byte of the job at work arrived (see [`Sheet::first_byte`] for finished ones).
    #[must_use]
    pub fn job_started(&self) -> Option<Instant> {
        self.machine.look(|machine| machine.job_start)
    }

    /// Waits until so many sheets were cut since the start; false when `limit` passed before.
    pub async fn wait_for_sheets(&self, sheets: u64, limit: Duration) -> bool {
        self.wait(limit, |machine| machine.counters.sheets >= sheets).await
    }

    /// Waits until so many bytes arrived since the start; false when `limit` passed before.
    pub async fn wait_for_bytes(&self, bytes: u64, limit: Duration) -> bool {
        self.wait(limit, |machine| machine.counters.bytes_received >= bytes).await
    }

    /// Waits until everything it had to say went out, or was lost since nobody listened.
    pub async fn wait_until_said(&self, limit: Duration) -> bool {
        self.wait(limit, Machine::has_said_all).await
    }

    /// Waits until the counters are as wanted; false when `limit` passed before.
    pub async fn wait_for_counters(&self, wanted: impl Fn(&Counters) -> bool, limit: Duration) -> bool {
        self.wait(limit, |machine| wanted(&machine.counters)).await
    }

    async fn wait(&self, limit: Duration, wanted: impl Fn(&Machine) -> bool) -> bool {
        self.machine.wait_for(limit, |machine| wanted(machine).then_some(())).await.is_some()
    }
}

/// Lets the machine work: at once, or as slowly as paper moves.
async fn run_mechanism(machine: Arc<Shared<Machine>>, rows_a_second: Option<u32>) {
    let mut changes = machine.subscribe();
    loop {
        changes.borrow_and_update();
        let moved = machine.try_change(|machine| work(machine, rows_a_second.is_some()));
        match rows_a_second.filter(|_| moved > 0) {
            Some(speed) => {
                let seconds = moved as f64 / f64::from(speed.max(1));
                tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
            }
            None => {
                if changes.changed().await.is_err() {
                    return;
                }
            }
        }
    }
}

/// Steps until nothing can be done, or until paper moved when that takes time.
fn work(machine: &mut Machine, paper_takes_time: bool) -> (bool, usize) {
    let appetite = machine.appetite();
    let mut anything = false;
    while let Step::Done { rows } = machine.step() {
        anything = true;
        if paper_takes_time && rows > 0 {
            return (true, rows);
        }
    }
    // Half a command moved out of the receive buffer makes room, and the port must know.
    (anything || machine.appetite() != appetite, 0)
}
