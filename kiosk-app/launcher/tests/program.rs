//! The binary itself: it says where it listens, answers, and stops in order.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use nix::sys::signal::Signal;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};

const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../config");
/// Longest wait for the program, far beyond what it needs.
const PATIENCE: Duration = Duration::from_secs(60);

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_kiosk-app"))
}

/// A machine file with a hub on a free port, and its folder.
fn hub_only() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let text = format!(
        "[hub]\nlisten = \"127.0.0.1:0\"\ndata = \"data\"\nhall = \"{SAMPLES}/hall.toml\"\nkiosks = [\"kiosk-1\"]\n"
    );
    std::fs::write(folder.path().join("machine.toml"), text).unwrap();
    folder
}

/// A running program; it is killed with the test.
struct Running {
    child: Child,
    stdout: BufReader<ChildStdout>,
}

impl Running {
    fn start(command: &str, config: &Path) -> Self {
        let mut child = program()
            .args([command, "--config"])
            .arg(config)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        Self { child, stdout }
    }

    /// The address in the line that says that the hub is ready.
    async fn address(&mut self) -> String {
        let mut line = String::new();
        patiently(self.stdout.read_line(&mut line)).await.unwrap();
        let address = line.trim().strip_prefix("hub listening on ");
        address.unwrap_or_else(|| panic!("the first line was {line:?}")).to_owned()
    }

    fn signal(&self, signal: Signal) {
        let pid = nix::unistd::Pid::from_raw(self.child.id().unwrap().cast_signed());
        nix::sys::signal::kill(pid, signal).unwrap();
    }

    async fn ended(&mut self) -> ExitStatus {
        patiently(self.child.wait()).await.unwrap()
    }
}

async fn patiently<T>(wait: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, wait).await.unwrap()
}

#[tokio::test]
async fn a_hub_says_where_it_listens_and_stops_in_order() {
    for signal in [Signal::SIGTERM, Signal::SIGINT] {
        let folder = hub_only();
        let mut hub = Running::start("hub", &folder.path().join("machine.toml"));
        let address = hub.address().await;
        let hall = client::Hub::new(&address, None).unwrap().hall().await.unwrap();
        assert_eq!(hall.id, "qni-ha-long");
        hub.signal(signal);
        assert!(hub.ended().await.success(), "{signal}");
        let mut rest = String::new();
        hub.stdout.read_to_string(&mut rest).await.unwrap();
        assert_eq!(rest, "", "stdout is for answers");
        assert!(folder.path().join("data").is_dir(), "the log stands where the file says");
    }
}

#[tokio::test]
async fn a_second_hub_on_the_same_address_says_so() {
    let folder = hub_only();
    let mut hub = Running::start("hub", &folder.path().join("machine.toml"));
    let address = hub.address().await.replace("http://", "");
    let second = hub_only();
    let file = second.path().join("machine.toml");
    let text = std::fs::read_to_string(&file).unwrap().replace("127.0.0.1:0", &address);
    std::fs::write(&file, text).unwrap();
    let refused = patiently(program().args(["run", "--config"]).arg(&file).output()).await.unwrap();
    assert_eq!(refused.status.code(), Some(1));
    let told = String::from_utf8(refused.stderr).unwrap();
    assert!(told.contains(&format!("cannot listen on {address}")), "{told}");
}

#[tokio::test]
async fn check_tells_right_from_wrong_by_its_exit_status() {
    let right = program().arg("check").arg(format!("{SAMPLES}/hall.toml")).output().await.unwrap();
    assert!(right.status.success());
    assert_eq!(String::from_utf8(right.stdout).unwrap(), format!("{SAMPLES}/hall.toml: right\n"));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("machine.toml");
    std::fs::write(&file, "[hub]\nlisten = 7700\n").unwrap();
    let wrong = program().arg("check").arg(format!("{SAMPLES}/hall.toml")).arg(&file).output().await.unwrap();
    assert_eq!(wrong.status.code(), Some(1));
    let told = String::from_utf8(wrong.stdout).unwrap();
    assert!(told.contains(&format!("{}:2: integer `7700` stands here; write a string", file.display())), "{told}");
    assert!(told.contains("hall.toml: right"), "{told}");
}

#[tokio::test]
async fn a_wrong_file_does_not_start() {
    let folder = hub_only();
    let file = folder.path().join("machine.toml");
    let text = std::fs::read_to_string(&file).unwrap().replace("127.0.0.1", "0.0.0.0");
    std::fs::write(&file, text).unwrap();
    let refused = program().args(["run", "--config"]).arg(&file).output().await.unwrap();
    assert_eq!(refused.status.code(), Some(1));
    let told = String::from_utf8(refused.stderr).unwrap();
    assert!(told.contains(&format!("{}:2: 0.0.0.0:0 is open to the network", file.display())), "{told}");
    assert!(refused.stdout.is_empty() && !folder.path().join("data").exists(), "nothing was started");
}
