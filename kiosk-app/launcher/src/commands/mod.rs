//! The command line.

mod check;
mod log;
mod place;
mod printer;
mod render_ticket;
mod run;
mod why;
mod windows;

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Parser, Subcommand};

use crate::config::{self, HubAccess, Machine, STATION_KINDS, names, station_kind};

/// Exit status after a second signal, as a shell reports an interrupt.
const INTERRUPTED: u8 = 130;

/// One-stop hall: queue, devices and screens.
#[derive(Debug, Parser)]
#[command(name = "kiosk-app", version, about, max_term_width = 120)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start what a machine file names: hub, agent, stations.
    Run {
        /// Machine file, such as config/machine.toml.
        #[arg(long)]
        config: PathBuf,
    },
    /// Start only the hub of a machine file.
    Hub {
        /// Machine file with [hub].
        #[arg(long)]
        config: PathBuf,
    },
    /// Start one screen.
    Station {
        /// What it shows.
        #[arg(value_parser = STATION_KINDS)]
        kind: String,
        #[command(flatten)]
        hub: HubArguments,
        /// Which kiosk.
        #[arg(long, default_value = "kiosk-1")]
        kiosk: String,
        /// Which counter; a counter screen without it lets the officer choose.
        #[arg(long)]
        counter: Option<u16>,
        /// Show it in a window instead of on the whole screen.
        #[arg(long)]
        window: bool,
    },
    /// Start only the devices of a devices file (or of the [agent] of a machine file).
    Agent {
        /// Devices file, such as config/devices.toml.
        #[arg(long)]
        config: PathBuf,
        #[command(flatten)]
        hub: HubArguments,
    },
    /// Check files of any kind: hall, machine, devices, printer and board profiles.
    Check {
        /// Files.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Printers: list those of this machine, find out what one is.
    Printer {
        #[command(subcommand)]
        command: printer::PrinterCommand,
    },
    /// Make a paper from a template and data: the bytes for its printer, and a picture of the layout.
    RenderTicket(render_ticket::RenderTicket),
    /// Look after the log of a hall: verify, export, repair, back up.
    Log {
        #[command(subcommand)]
        command: log::LogCommand,
    },
    /// Tell from the log why a ticket was called when it was, or is not called yet. The hub may run meanwhile.
    Why {
        /// Ticket id such as 20261122-A012, or a number such as A012 of the newest day.
        ticket: why::Wanted,
        #[command(flatten)]
        place: place::Place,
    },
}

#[derive(Debug, Args)]
struct HubArguments {
    /// Address of the hub, such as http://192.168.1.10:7700.
    #[arg(long)]
    hub: String,
    /// File with this station's token, where the hub asks for one.
    #[arg(long)]
    token_file: Option<PathBuf>,
}

impl HubArguments {
    fn access(self) -> anyhow::Result<HubAccess> {
        names::check_url(&self.hub).map_err(|right| anyhow::anyhow!("--hub {}: {right}", self.hub))?;
        let token = self.token_file.map(|path| {
            let token = std::fs::read_to_string(&path)
                .with_context(|| format!("--token-file {} cannot be read", path.display()))?;
            let token = token.trim().to_owned();
            names::check_token(&token)
                .map_err(|(what, right)| anyhow::anyhow!("--token-file {}: {what}; {right}", path.display()))?;
            anyhow::Ok(token)
        });
        Ok(HubAccess { url: Some(self.hub), token: token.transpose()? })
    }
}

/// The whole program: reads the command line and does what it says.
#[must_use]
pub fn main() -> ExitCode {
    start_log();
    let command = Arguments::parse().command;
    if let Command::Check { files } = &command {
        return check::check(files, &mut std::io::stdout().lock());
    }
    let ended = match command {
        Command::Printer { command } => {
            printer::printer(command, &mut std::io::stdin().lock(), &mut std::io::stdout().lock())
        }
        Command::RenderTicket(arguments) => render_ticket::render_ticket(arguments, &mut std::io::stdout().lock()),
        Command::Log { command } => log::log(command, &mut std::io::stdout().lock()),
        Command::Why { ticket, place } => why::why(ticket, place, &mut std::io::stdout().lock()),
        starts => machine(starts).and_then(run::run).map(|ended| match ended {
            run::Ended::InOrder => ExitCode::SUCCESS,
            run::Ended::Forced => ExitCode::from(INTERRUPTED),
        }),
    };
    match ended {
        Ok(status) => status,
        Err(error) => {
            eprintln!("kiosk-app: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// What the command starts.
fn machine(command: Command) -> anyhow::Result<Machine> {
    Ok(match command {
        Command::Run { config } => config::load(&config)?,
        Command::Hub { config } => {
            let machine = config::load(&config)?;
            anyhow::ensure!(machine.hub.is_some(), "{} has no [hub]", config.display());
            Machine { hub: machine.hub, ..Machine::default() }
        }
        Command::Agent { config, hub } => {
            let agent = Some(config::load_devices(&config)?);
            Machine { agent, connection: hub.access()?, ..Machine::default() }
        }
        Command::Station { kind, hub, kiosk, counter, window } => {
            let station = station_kind(&kind, Some(&kiosk), counter)
                .map_err(|(what, _)| anyhow::anyhow!("{what}; add --counter NUMBER"))?;
            let (stations, connection) = (vec![station], hub.access()?);
            Machine { stations, connection, fullscreen: !window, ..Machine::default() }
        }
        // Answered before: it starts nothing.
        Command::Check { .. }
        | Command::Printer { .. }
        | Command::RenderTicket(_)
        | Command::Log { .. }
        | Command::Why { .. } => Machine::default(),
    })
}

/// The log goes to stderr: stdout is for answers. `RUST_LOG` says how much, `info` when it says nothing.
fn start_log() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let colours = std::io::stderr().is_terminal();
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(std::io::stderr);
    if log.try_init().is_err() {
        eprintln!("kiosk-app: a log is running already");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        use clap::CommandFactory;
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_rating_tablet_needs_its_counter() {
        let command =
            Arguments::parse_from(["kiosk-app", "station", "rating", "--hub", "http://127.0.0.1:7700"]).command;
        let error = machine(command).map(|_| ()).expect_err("no counter is named").to_string();
        assert_eq!(error, "a rating tablet has no counter; add --counter NUMBER");
    }
}
