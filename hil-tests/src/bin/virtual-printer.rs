//! A virtual ticket printer to try by hand: give it a path or an address, print, look at the pictures.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use clap::{ArgGroup, Parser, ValueEnum};
use hil_tests::console::{hex_bytes, next_line, typed_lines};
use hil_tests::virtual_printer::{Model, Sheet, VirtualPrinter};

const HELP: &str = "\
commands (one a line):
  paper-out              the roll ends
  load [ROWS]            new roll, endless or of so many dot rows
  sheets N               the roll ends after N more cuts
  paper-low on|off       near-end sensor
  cover-open cover-close
  jam on|off             blocked knife
  stall on|off           reads and answers nothing
  silent on|off          prints, never answers
  slow N|off             bytes a second
  garbage HEX            sends bytes to the host
  hang-up plug-in        the cable
  power-off power-on
  save                   the uncut paper as partial.png
  status                 counters and unknown commands
  help quit";

#[derive(Parser)]
#[command(about = "A virtual ESC/POS printer with faults on demand", after_help = HELP)]
#[command(group = ArgGroup::new("where").required(true).args(["pty", "tcp"]))]
struct Options {
    /// Path of the link to the pseudo-terminal, such as /tmp/printer
    #[arg(long)]
    pty: Option<PathBuf>,
    /// Address to listen on, such as 127.0.0.1:9100
    #[arg(long)]
    tcp: Option<SocketAddr>,
    /// Dots in a line: 576 (80 mm paper) or 384 (58 mm)
    #[arg(long, default_value_t = 576, value_parser = width)]
    width: usize,
    /// Code pages and habits
    #[arg(long, value_enum, default_value_t = Kind::Epson)]
    model: Kind,
    /// Dot rows a second (1200 is 150 mm/s); at once when absent
    #[arg(long)]
    speed: Option<u32>,
    /// Folder for one PNG a sheet
    #[arg(long, default_value = ".")]
    out: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    /// TCVN-3 and CP1258 pages, tone marks over their letters
    Epson,
    /// POS-5890: CP1258 as page 27 or 94, tone marks beside their letters
    Clone,
    /// No Vietnamese page
    Plain,
}

fn width(text: &str) -> Result<usize, String> {
    match text {
        "576" => Ok(576),
        "384" => Ok(384),
        _ => Err("576 or 384".to_owned()),
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let options = Options::parse();
    std::fs::create_dir_all(&options.out).context("folder of --out")?;
    let model = Model {
        dots: options.width,
        print_speed: options.speed,
        ..match options.model {
            Kind::Epson => Model::epson_80mm(),
            Kind::Clone => Model::clone_58mm(),
            Kind::Plain => Model::plain_80mm(),
        }
    };
    let printer = match (&options.pty, options.tcp) {
        (Some(path), _) => VirtualPrinter::on_pty(path, model).await?,
        (None, Some(address)) => VirtualPrinter::on_tcp(address, model).await?,
        (None, None) => anyhow::bail!("--pty or --tcp"),
    };
    if let Some(path) = printer.pty_path() {
        println!("printer on {}", path.display());
    }
    if let Some(address) = printer.tcp_address() {
        println!("printer on {address}");
    }
    let mut lines = typed_lines();
    let mut saved = 0;
    loop {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => return Ok(()),
            true = printer.wait_for_sheets(saved + 1, Duration::MAX) => {
                for sheet in printer.sheets_since(saved) {
                    saved += 1;
                    save(&sheet, &options.out.join(format!("sheet-{saved:04}.png")))?;
                }
            }
            line = next_line(&mut lines) => {
                if line.trim() == "quit" {
                    return Ok(());
                }
                if let Err(error) = obey(&printer, &options.out, line.trim()).await {
                    println!("{error:#}");
                }
            }
        }
    }
}

fn save(sheet: &Sheet, path: &Path) -> Result<()> {
    sheet.save(path).with_context(|| path.display().to_string())?;
    println!("{}", path.display());
    for line in &sheet.lines {
        println!("    {line}");
    }
    for code in &sheet.qr_codes {
        println!("    QR {code}");
    }
    for code in &sheet.barcodes {
        println!("    {:?} {}", code.kind, code.text);
    }
    if sheet.cut_into_print {
        println!("    cut without feed: on a real printer the knife went through the print");
    }
    Ok(())
}

async fn obey(printer: &VirtualPrinter, out: &Path, line: &str) -> Result<()> {
    let (command, argument) = line.split_once(' ').unwrap_or((line, ""));
    let on = || match argument {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err(anyhow::anyhow!("{command} on, or {command} off")),
    };
    match command {
        "" => {}
        "paper-out" => printer.paper_out(),
        "load" if argument.is_empty() => printer.load_paper(None),
        "load" => printer.load_paper(argument.parse::<usize>()?),
        "sheets" => printer.paper_for_sheets(argument.parse()?),
        "paper-low" => printer.paper_low(on()?),
        "cover-open" => printer.open_cover(),
        "cover-close" => printer.close_cover(),
        "jam" => printer.cutter_jam(on()?),
        "stall" => printer.stall(on()?),
        "silent" => printer.silent(on()?),
        "slow" if argument == "off" => printer.slow(None),
        "slow" => printer.slow(argument.parse::<u32>()?),
        "garbage" => printer.garbage(&hex_bytes(argument)?),
        "hang-up" => anyhow::ensure!(printer.hang_up().await, "the port did not close"),
        "plug-in" => anyhow::ensure!(printer.plug_in().await, "the port did not open"),
        "power-off" => printer.cut_power().await,
        "power-on" => printer.power_on().await,
        "save" => save(&printer.partial_sheet(), &out.join("partial.png"))?,
        "status" => {
            println!("{:?}", printer.counters());
            println!("offline {}, {} bytes waiting", printer.is_offline(), printer.waiting_bytes());
            println!("unknown {:02x?}", printer.unknown_commands());
            println!("skipped {:?}", printer.skipped_commands());
        }
        _ => println!("{HELP}"),
    }
    Ok(())
}
