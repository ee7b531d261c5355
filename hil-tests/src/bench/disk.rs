//! Disk syncs per ticket, counted by strace on the real binary, and the raw price of a SQLite commit.

use std::path::Path;
use std::process::Command as Run;
use std::time::Instant;

use anyhow::Context;
use protocol::commands::Command;

use super::{line, median, missing};
use crate::real_binary::{Process, build, write_config};

/// Tickets taken one by one.
const SINGLE: usize = 1_000;
/// Bursts of ten tickets at once.
const BURSTS: usize = 30;
/// Tickets of a burst.
const BURST: usize = 10;
/// Raw commits timed.
const COMMITS: usize = 200;
/// Bytes of a raw commit's row: about what a ticket's event takes.
const ROW_BYTES: usize = 600;

fn issue() -> Command {
    Command::issue_ticket("dat-dai-bien-dong", "normal", "vi", None)
}

/// Prints the syncs per ticket, one by one and in bursts.
///
/// # Errors
/// When the hub does not run.
pub fn syncs(directory: &Path, runtime: &tokio::runtime::Runtime) -> anyhow::Result<()> {
    if Run::new("strace").arg("--version").output().is_err() {
        missing("syncs_per_ticket", "strace is not installed (apt-get install strace)");
        return Ok(());
    }
    let config = write_config(directory, "127.0.0.1:0", None)?;
    let trace = directory.join("syncs.txt");
    let mut run = Run::new("strace");
    // -D: the traced program stays our child, so that stopping it stops the hub.
    // --seccomp-bpf: only the traced calls are slowed down.
    run.args(["-D", "-f", "--seccomp-bpf", "-qq", "-e", "trace=fsync,fdatasync,sync_file_range,pwrite64", "-o"])
        .arg(&trace);
    run.arg(build(&[])?).arg("hub").arg("--config").arg(config).env("RUST_LOG", "error");
    let hub = Process::start(&mut run)?;
    let client = hub.client()?;
    let count = || -> anyhow::Result<usize> { Ok(std::fs::read_to_string(&trace)?.matches("sync(").count()) };
    // SQLite is the only one that writes at places: every line ends in `= bytes`.
    let written = || -> anyhow::Result<usize> {
        let trace = std::fs::read_to_string(&trace)?;
        let lines = trace.lines().filter(|line| line.contains("pwrite64"));
        Ok(lines.filter_map(|line| line.rsplit("= ").next()?.parse::<usize>().ok()).sum())
    };
    runtime.block_on(client.command(&client::new_request_id(), &issue()))?;

    let (before, bytes_before) = (count()?, written()?);
    for _ in 0..SINGLE {
        runtime.block_on(client.command(&client::new_request_id(), &issue()))?;
    }
    let single = (count()? - before) as f64 / SINGLE as f64;
    line("syncs_per_ticket_one_by_one", single, "syncs", None);
    let bytes = (written()? - bytes_before) as f64 / SINGLE as f64;
    line("bytes_written_per_ticket", bytes, "bytes", None);

    let before = count()?;
    for _ in 0..BURSTS {
        runtime.block_on(burst(&client))?;
    }
    let burst = (count()? - before) as f64 / (BURSTS * BURST) as f64;
    line("syncs_per_ticket_ten_together", burst, "syncs", None);
    hub.stop()?;
    Ok(())
}

async fn burst(client: &client::Hub) -> anyhow::Result<()> {
    let presses: Vec<_> = (0..BURST)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.command(&client::new_request_id(), &issue()).await })
        })
        .collect();
    for press in presses {
        press.await??;
    }
    Ok(())
}

/// A bare SQLite file with WAL and `synchronous=FULL`: what any durable system pays for one commit on this disk.
#[derive(Debug)]
pub struct RawCommits {
    connection: rusqlite::Connection,
    body: String,
}

impl RawCommits {
    /// A new file in `directory`.
    ///
    /// # Errors
    /// When SQLite cannot write there.
    pub fn open(directory: &Path) -> anyhow::Result<Self> {
        let connection = rusqlite::Connection::open(directory.join("raw.db")).context("raw.db")?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.execute_batch("CREATE TABLE t (n INTEGER PRIMARY KEY, body TEXT NOT NULL)")?;
        Ok(Self { connection, body: "x".repeat(ROW_BYTES) })
    }

    /// Seconds of one commit.
    ///
    /// # Errors
    /// When SQLite cannot write.
    pub fn commit(&self) -> anyhow::Result<f64> {
        let began = Instant::now();
        self.connection.prepare_cached("INSERT INTO t (body) VALUES (?1)")?.execute([&self.body])?;
        Ok(began.elapsed().as_secs_f64())
    }
}

/// Median seconds of one raw commit in `directory`.
///
/// # Errors
/// When SQLite cannot write there.
pub fn raw_commit(directory: &Path) -> anyhow::Result<f64> {
    let raw = RawCommits::open(directory)?;
    let times: anyhow::Result<Vec<f64>> = (0..COMMITS).map(|_| raw.commit()).collect();
    Ok(median(times?))
}
