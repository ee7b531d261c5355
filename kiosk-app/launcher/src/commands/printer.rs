//! `kiosk-app printer …`: which printers this machine has, and what a printer is.

mod identify;
mod list;
mod words;

use std::io::{BufRead, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use kit::LinkConfig;

/// What is to be done with printers.
#[derive(Debug, Subcommand)]
pub(crate) enum PrinterCommand {
    /// USB printers and serial ports of this machine, and what is missing to open them.
    List,
    /// Ask a printer what it is; where no profile knows it, print test strips and make a profile of what came out right.
    ///
    /// No other program may use the printer meanwhile: stop the agent first.
    Identify {
        /// Where it is: tcp:HOST:PORT, serial:PATH, serial:PATH,BAUD, usb, usb:04b8:0e28, usb:port=1-2, usb:serial=X1.
        #[arg(long)]
        link: LinkConfig,
        /// File for the profile; printed when not given. Its name becomes the profile's.
        #[arg(long)]
        out: Option<PathBuf>,
        /// Print the strips although a profile knows the printer.
        #[arg(long)]
        strips: bool,
        /// Numbers of the strips that came out right, such as 1,3,7; asked at the terminal when not given.
        #[arg(long, value_delimiter = ',')]
        answers: Option<Vec<usize>>,
    },
}

/// Does it; questions go to `out`, answers come from `input`.
pub(crate) fn printer(
    command: PrinterCommand,
    input: &mut impl BufRead,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    match command {
        PrinterCommand::List => list::list(&kit::link::usb_devices(), &kit::link::serial_ports(), out)?,
        PrinterCommand::Identify { link, out: file, strips, answers } => {
            let request = identify::Request { link, file, strips, answers };
            identify::identify(&request, input, out)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
