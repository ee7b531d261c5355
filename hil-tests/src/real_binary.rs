//! The real `kiosk-app` as a process of its own, on a bench's devices: for tests and benchmarks that kill it, trace it
//! or weigh it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use anyhow::{Context, bail, ensure};

use crate::sample_hall;
use crate::whole_hall::Bench;

/// Folder of the workspace.
const WORKSPACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
/// What the binary prints once it can be reached.
const READY: &str = "hub listening on ";

/// Builds `kiosk-app` as this program was built, and tells where it is.
///
/// # Errors
/// When it does not build.
pub fn build(features: &[&str]) -> anyhow::Result<PathBuf> {
    // An explicit target of its own for each feature set, so that one never stands where another is expected.
    let name = if features.is_empty() { "kiosk-app".to_owned() } else { format!("kiosk-app-{}", features.join("-")) };
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(WORKSPACE).args(["build", "--quiet", "-p", "launcher", "--bin", "kiosk-app"]);
    command.args(["--message-format", "json-render-diagnostics", "--features", &features.join(",")]);
    if !cfg!(debug_assertions) {
        command.arg("--release");
    }
    let output = command.stderr(Stdio::inherit()).output().context("cargo cannot be run")?;
    ensure!(output.status.success(), "kiosk-app does not build");
    let text = String::from_utf8_lossy(&output.stdout);
    let built = text.lines().rev().find_map(executable).context("cargo named no binary")?;
    let kept = built.with_file_name(format!("{name}-of-tests"));
    // Replaced in one step: another test may be starting it right now.
    let fresh = built.with_file_name(format!("{name}-{}", std::process::id()));
    std::fs::copy(&built, &fresh)?;
    std::fs::rename(&fresh, &kept)?;
    Ok(kept)
}

fn executable(line: &str) -> Option<PathBuf> {
    let message: serde_json::Value = serde_json::from_str(line).ok()?;
    Some(PathBuf::from(message.get("executable")?.as_str()?))
}

/// Writes a machine's files into `directory`: the sample hall, the bench's devices, no windows.
///
/// # Errors
/// When the folder cannot be written.
pub fn write_config(directory: &Path, listen: &str, central: Option<&str>) -> anyhow::Result<PathBuf> {
    let hall = std::fs::read_to_string(Path::new(WORKSPACE).join("config/hall.toml"))?;
    std::fs::write(directory.join("hall.toml"), sample_hall::file_at_any_hour(&hall)?)?;
    let voice = std::path::absolute(Path::new(WORKSPACE).join("assets/voice"))?;
    let devices = format!(
        "name = \"hall-pc\"\n\
         [[ticket_printers]]\nname = \"printer-1\"\nkiosk = \"kiosk-1\"\nprofile = \"epson-tm-t20iii\"\n\
         link = {{ kind = \"serial\", path = {:?} }}\n\
         [[number_boards]]\nname = \"board-1\"\nprofile = \"alpha-betabrite\"\n\
         link = {{ kind = \"serial\", path = {:?}, data_bits = 7, parity = \"even\" }}\n\
         [[speakers]]\nname = \"speaker-1\"\nkiosk = \"kiosk-1\"\nclips = {voice:?}\n",
        Bench::printer_path(directory),
        Bench::board_path(directory),
    );
    std::fs::write(directory.join("devices.toml"), devices)?;
    let central = central.map(|url| format!("[central]\nurl = {url:?}\n")).unwrap_or_default();
    let machine = format!(
        "[hub]\nlisten = \"{listen}\"\ndata = {:?}\nhall = \"hall.toml\"\nkiosks = [\"kiosk-1\"]\n{central}\
         [agent]\ndevices = \"devices.toml\"\n",
        directory.join("data"),
    );
    let path = directory.join("machine.toml");
    std::fs::write(&path, machine)?;
    Ok(path)
}

/// A running `kiosk-app`; killed when dropped.
#[derive(Debug)]
pub struct Process {
    child: Child,
    url: String,
}

impl Process {
    /// Starts `command`, whose standard output names the hub's address once it is ready.
    ///
    /// # Errors
    /// When it ends before it is ready.
    pub fn start(command: &mut Command) -> anyhow::Result<Self> {
        let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| format!("{command:?}"))?;
        let mut lines = BufReader::new(child.stdout.take().context("its output")?).lines();
        let ready = lines.by_ref().map_while(Result::ok).find_map(|l| l.strip_prefix(READY).map(str::to_owned));
        match ready {
            Some(url) => Ok(Self { child, url }),
            None => bail!("it ended before it was ready: {}", child.wait()?),
        }
    }

    /// Address of its hub.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A client of its hub.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn client(&self) -> anyhow::Result<client::Hub> {
        Ok(client::Hub::new(&self.url, None)?)
    }

    /// Its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The power goes: SIGKILL, waited for.
    ///
    /// # Errors
    /// When it cannot be killed.
    pub fn kill(mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Asks it to end (SIGTERM) and waits.
    ///
    /// # Errors
    /// When it cannot be asked.
    pub fn stop(mut self) -> anyhow::Result<ExitStatus> {
        let id = nix::unistd::Pid::from_raw(i32::try_from(self.child.id())?);
        nix::sys::signal::kill(id, nix::sys::signal::Signal::SIGTERM)?;
        Ok(self.child.wait()?)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Gone already after `kill` and `stop`.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
