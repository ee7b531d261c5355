//! A virtual central to try by hand: halls send their events to it, and it misbehaves when told.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use clap::Parser;
use hil_tests::console::{next_line, typed_lines};
use hil_tests::virtual_central::{CentralOptions, DropMoment, VirtualCentral};

const HELP: &str = "\
commands (one a line):
  away back              connection refused, and again there
  answer STATUS TIMES [RETRY_AFTER_SECONDS]
  drop-before N          drops the connection of the next N requests, nothing stored
  drop-after N           the same, but everything stored
  garble N               half a body as the next N answers
  slow MILLISECONDS      waits before it looks at a request
  reject SEQUENCE REASON
  accept-all             rejects nothing any more
  events                 what is stored
  status                 counters
  help quit";

#[derive(Parser)]
#[command(about = "A virtual central (sync v1) with faults on demand", after_help = HELP)]
struct Options {
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1:8700")]
    listen: SocketAddr,
    /// Demand this bearer token
    #[arg(long, env = "VIRTUAL_CENTRAL_TOKEN")]
    token: Option<String>,
    /// Append stored events to this file, one a line
    #[arg(long)]
    jsonl: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> Result<()> {
    let options = Options::parse();
    let setup = CentralOptions { token: options.token, jsonl: options.jsonl };
    let central = VirtualCentral::start(options.listen, setup).await?;
    println!("central on {}", central.url());
    let mut lines = typed_lines();
    loop {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => return Ok(()),
            line = next_line(&mut lines) => {
                if line.trim() == "quit" {
                    return Ok(());
                }
                if let Err(error) = obey(&central, line.trim()).await {
                    println!("{error:#}");
                }
            }
        }
    }
}

async fn obey(central: &VirtualCentral, line: &str) -> Result<()> {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words[..] {
        [] => {}
        ["away"] => central.away().await,
        ["back"] => central.back().await?,
        ["answer", status, times] => central.answer_with(status.parse()?, times.parse()?, None),
        ["answer", status, times, after] => {
            let after = Duration::from_secs(after.parse()?);
            central.answer_with(status.parse()?, times.parse()?, Some(after));
        }
        ["drop-before", times] => {
            central.drop_connection(times.parse()?, DropMoment::BeforeStoring);
        }
        ["drop-after", times] => central.drop_connection(times.parse()?, DropMoment::AfterStoring),
        ["garble", times] => central.garble_answers(times.parse()?),
        ["slow", delay] => central.slow(Duration::from_millis(delay.parse()?)),
        ["reject", sequence, ref reason @ ..] => {
            central.reject_sequence(sequence.parse()?, &reason.join(" "));
        }
        ["accept-all"] => central.accept_all(),
        ["events"] => {
            for stored in central.events() {
                println!("{} {} {}", stored.hall, stored.sequence, stored.event);
            }
        }
        ["status"] => println!("{:?}", central.counters()),
        _ => println!("{HELP}"),
    }
    Ok(())
}
