//! A virtual LED board to try by hand: give it a path, write to it, look at the picture.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Parser;
use hil_tests::console::{hex_bytes, next_line, typed_lines};
use hil_tests::virtual_board::{BoardModel, VirtualBoard};

const HELP: &str = "\
commands (one a line):
  show                   the text
  power-cycle            forgets everything
  power-off power-on
  hang-up plug-in        the cable
  garbage HEX            sends bytes to the host
  save                   the picture again
  status                 counters
  help quit";

#[derive(Parser)]
#[command(about = "A virtual LED board (Alpha protocol) with faults on demand", after_help = HELP)]
struct Options {
    /// Path of the link to the pseudo-terminal, such as /tmp/board
    #[arg(long)]
    pty: PathBuf,
    /// Two hexadecimal digits
    #[arg(long, default_value = "01", value_parser = address)]
    address: [u8; 2],
    /// LEDs across
    #[arg(long, default_value_t = 128, value_parser = clap::value_parser!(u32).range(1..=1024))]
    columns: u32,
    /// LEDs down
    #[arg(long, default_value_t = 32, value_parser = clap::value_parser!(u32).range(1..=512))]
    rows: u32,
    /// Picture, drawn anew when the text changes
    #[arg(long, default_value = "board.png")]
    out: PathBuf,
}

fn address(text: &str) -> Result<[u8; 2], String> {
    match text.as_bytes() {
        [high, low] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => Ok([*high, *low]),
        _ => Err("two hexadecimal digits, such as 01".to_owned()),
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let options = Options::parse();
    let model = BoardModel { address: options.address, columns: options.columns, rows: options.rows };
    let board = VirtualBoard::on_pty(&options.pty, model).await?;
    println!("board on {}", board.pty_path().display());
    save(&board, &options.out)?;
    let mut lines = typed_lines();
    let mut shown = String::new();
    loop {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => return Ok(()),
            Some(text) = board.wait_for_text(|text| text != shown, Duration::MAX) => {
                println!("shows:\n{text}");
                shown = text;
                save(&board, &options.out)?;
            }
            line = next_line(&mut lines) => {
                if line.trim() == "quit" {
                    return Ok(());
                }
                if let Err(error) = obey(&board, &options.out, line.trim()).await {
                    println!("{error:#}");
                }
            }
        }
    }
}

fn save(board: &VirtualBoard, path: &Path) -> Result<()> {
    board.save(path).with_context(|| path.display().to_string())
}

async fn obey(board: &VirtualBoard, out: &Path, line: &str) -> Result<()> {
    let (command, argument) = line.split_once(' ').unwrap_or((line, ""));
    match command {
        "" => {}
        "show" => println!("{}", board.text()),
        "power-cycle" => board.power_cycle(),
        "power-off" => board.power(false),
        "power-on" => board.power(true),
        "hang-up" => anyhow::ensure!(board.hang_up().await, "the port did not close"),
        "plug-in" => anyhow::ensure!(board.plug_in().await, "the port did not open"),
        "garbage" => board.garbage(&hex_bytes(argument)?),
        "save" => save(board, out)?,
        "status" => println!("{:?}", board.counters()),
        _ => println!("{HELP}"),
    }
    Ok(())
}
