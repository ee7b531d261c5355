//! A hall at work: the product's real parts with virtual devices and a virtual central, in one process.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::Context;
use clap::Parser;

/// Set for the child that plays with captured sound.
const PLAYS: &str = "HALL_DEMO_PLAYS";

/// Shows a hall at work: windows where there is a display, else a scripted morning that leaves pictures.
#[derive(Debug, Parser)]
struct Arguments {
    /// Play a scripted morning without a display.
    #[arg(long)]
    headless: bool,
    /// Where pictures, sounds and the story go.
    #[arg(long, default_value = "target/demo")]
    out: PathBuf,
    /// Which services the citizens choose.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let done = if arguments.headless { headless(&arguments) } else { by_hand(&arguments.out) };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("demo: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Plays in a child process whose sound goes to a file: ALSA reads its configuration when a process starts.
fn headless(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let sound = arguments.out.join("sound");
    if std::env::var_os(PLAYS).is_some() {
        let runtime = tokio::runtime::Runtime::new()?;
        hil_tests::demo::play(&arguments.out, &sound, arguments.seed, &runtime)?;
        std::fs::remove_dir_all(&sound).with_context(|| format!("{} cannot be removed", sound.display()))?;
        return Ok(ExitCode::SUCCESS);
    }
    clear(&arguments.out)?;
    let config = hil_tests::demo::alsa_config(&sound)?;
    let status = Command::new(std::env::current_exe()?)
        .args(std::env::args_os().skip(1))
        .env(PLAYS, "1")
        .env("ALSA_CONFIG_PATH", config)
        .status()
        .context("the demo cannot start itself")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Removes what an earlier morning left, and nothing else.
fn clear(out: &Path) -> anyhow::Result<()> {
    for folder in ["screens", "tickets", "boards", "sound"] {
        let folder = out.join(folder);
        if folder.exists() {
            std::fs::remove_dir_all(&folder).with_context(|| format!("{} cannot be removed", folder.display()))?;
        }
    }
    for file in ["story.md", "central.jsonl", "announcements.wav"] {
        let file = out.join(file);
        if file.exists() {
            std::fs::remove_file(&file).with_context(|| format!("{} cannot be removed", file.display()))?;
        }
    }
    Ok(())
}

/// Opens the windows and keeps the hall running until they are closed.
fn by_hand(out: &Path) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Runtime::new()?;
    let directory = tempfile::tempdir()?;
    let hall = runtime.block_on(hil_tests::whole_hall::WholeHall::start(directory.path()))?;
    let hub = hall.client()?;
    std::fs::create_dir_all(out)?;
    println!("The hub listens on {}; its API is described at {0}/openapi.json.", hub.base());
    println!("Tickets and the LED board appear as pictures in {}. Close the windows to end.", out.display());
    let pictures = runtime.spawn(hil_tests::demo::keep_pictures(
        hall.bench.printer.clone(),
        hall.bench.board.clone(),
        out.to_owned(),
    ));
    let shown = stations::run(hall.machine.stations.clone(), &hub, runtime.handle(), false);
    pictures.abort();
    runtime.block_on(hall.stop());
    shown.context("no window; add --headless to have the morning played without a display")?;
    Ok(ExitCode::SUCCESS)
}
