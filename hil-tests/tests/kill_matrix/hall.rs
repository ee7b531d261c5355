//! A hall of real processes on virtual devices, one of which can be told where to die.

use std::path::{Path, PathBuf};
use std::process::{Child, Command as Run};
use std::sync::OnceLock;
use std::time::Duration;

use client::Linked;
use fail_point::{HELD, ORDER, Point};
use hil_tests::real_binary::{Process, build, write_config};
use hil_tests::whole_hall::Bench;
use nix::sys::signal::Signal;
use nix::sys::wait::{Id, WaitPidFlag, WaitStatus, waitid};
use nix::unistd::Pid;
use protocol::commands::{Command, CommandReply};
use protocol::health::DeviceState;
use protocol::views::{KioskView, PrintState, TicketView};
use tokio::sync::watch;
use tokio::task::block_in_place;

/// Longest wait for anything, far beyond what it needs.
pub const LIMIT: Duration = Duration::from_secs(30);
/// How often a file is looked for that another process makes.
const LOOK_AGAIN: Duration = Duration::from_millis(2);

/// The program with its fail points.
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| build(&["fail-points"]).unwrap())
}

/// What a process is told by its file; see `fail-point`.
pub struct Order(PathBuf);

impl Order {
    pub fn new(directory: &Path, name: &str) -> Self {
        Self(directory.join(format!("order-{name}")))
    }

    pub fn die(&self, point: Point) {
        self.say(&format!("die {point:?}"));
    }

    pub fn hold(&self, point: Point) {
        drop(std::fs::remove_file(self.0.with_extension(HELD)));
        self.say(&format!("hold {point:?}"));
    }

    pub fn clear(&self) {
        self.say("");
    }

    fn say(&self, text: &str) {
        // Replaced in one step: the program may be reading it right now.
        let new = self.0.with_extension("new");
        std::fs::write(&new, text).unwrap();
        std::fs::rename(&new, &self.0).unwrap();
    }

    /// Waits until a thread is held.
    pub async fn held(&self) {
        let held = self.0.with_extension(HELD);
        let seen = tokio::time::timeout(LIMIT, async {
            while !held.exists() {
                tokio::time::sleep(LOOK_AGAIN).await;
            }
        });
        seen.await.unwrap_or_else(|_| panic!("nothing came to the point where it should wait"));
    }

    pub fn arm(&self, run: &mut Run) {
        run.env(ORDER, &self.0);
    }
}

/// Waits until the process has died, and says whether by SIGKILL. It stays to be reaped by its owner.
pub async fn killed(id: u32) -> bool {
    let id = Id::Pid(Pid::from_raw(id.cast_signed()));
    let ended = tokio::task::spawn_blocking(move || waitid(id, WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT));
    let status = tokio::time::timeout(LIMIT, ended).await.expect("it dies").unwrap().unwrap();
    matches!(status, WaitStatus::Signaled(_, Signal::SIGKILL, _))
}

/// Which processes run, and which of them dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Victim {
    /// Hub and agent in one process.
    Both,
    /// The hub; the agent lives on in its own process.
    Hub,
    /// The agent; the hub lives on in its own process.
    Agent,
}

/// An agent in a process of its own; killed when dropped.
struct AgentProcess(Child);

impl Drop for AgentProcess {
    fn drop(&mut self) {
        // Gone already where the test killed it.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// A command that was sent once, and its answer where one came.
struct Pressed {
    id: &'static str,
    command: Command,
    answered: Option<CommandReply>,
}

/// The hall.
pub struct Hall {
    pub bench: Bench,
    pub victim: Victim,
    pub hub_order: Order,
    pub agent_order: Order,
    pub client: client::Hub,
    kiosk: watch::Receiver<Linked<KioskView>>,
    pressed: Vec<Pressed>,
    hub: Option<Process>,
    agent: Option<AgentProcess>,
    config: PathBuf,
    directory: tempfile::TempDir,
}

impl Hall {
    pub async fn start(victim: Victim) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let bench = Bench::plug_in(directory.path()).await.unwrap();
        // The agent must find a hub again that was started anew.
        let listen = if victim == Victim::Hub { free_address() } else { "127.0.0.1:0".to_owned() };
        let config = write_config(directory.path(), &listen, Some(&bench.central.url())).unwrap();
        std::fs::write(directory.path().join("alsa.conf"), "").unwrap();
        let hub_order = Order::new(directory.path(), "hub");
        let agent_order = Order::new(directory.path(), if victim == Victim::Both { "hub" } else { "agent" });
        let hub = start_hub(victim, &config, &hub_order);
        let client = hub.client().unwrap();
        let kiosk = client.kiosk_view("kiosk-1");
        let (hub, agent, pressed) = (Some(hub), None, Vec::new());
        let mut hall =
            Self { bench, victim, hub_order, agent_order, client, kiosk, pressed, hub, agent, config, directory };
        hall.start_agent();
        hall
    }

    fn start_agent(&mut self) {
        if self.victim == Victim::Both {
            return;
        }
        let mut run = run("agent", &self.directory.path().join("devices.toml"));
        self.agent_order.arm(&mut run);
        self.agent = Some(AgentProcess(run.args(["--hub", self.client.base()]).spawn().unwrap()));
    }

    /// Process id of the one that is to die.
    pub fn victim_id(&self) -> u32 {
        match (&self.agent, &self.hub) {
            (Some(AgentProcess(agent)), _) if self.victim == Victim::Agent => agent.id(),
            (_, Some(hub)) => hub.id(),
            _ => unreachable!("a hall has a hub"),
        }
    }

    /// Asks the victim to end in order.
    pub fn terminate(&self) {
        nix::sys::signal::kill(Pid::from_raw(self.victim_id().cast_signed()), Signal::SIGTERM).unwrap();
    }

    /// The power goes, from outside.
    pub fn kill(&self) {
        nix::sys::signal::kill(Pid::from_raw(self.victim_id().cast_signed()), Signal::SIGKILL).unwrap();
    }

    /// Starts what has died, without any order.
    pub fn revive(&mut self) {
        self.hub_order.clear();
        self.agent_order.clear();
        if self.victim == Victim::Agent {
            self.agent = None;
            return self.start_agent();
        }
        self.hub = None;
        let hub = start_hub(self.victim, &self.config, &self.hub_order);
        self.client = hub.client().unwrap();
        self.kiosk = self.client.kiosk_view("kiosk-1");
        self.hub = Some(hub);
    }

    /// Stops everything in order.
    pub fn stop(mut self) -> Stopped {
        // The devices that the parts still talk to live on the runtime of the test.
        let ended = block_in_place(|| {
            self.agent = None;
            self.hub.take().map(|hub| hub.stop().unwrap())
        });
        assert_eq!(ended.and_then(|status| status.code()), Some(0), "SIGTERM ends it in order");
        Stopped { bench: self.bench, directory: self.directory }
    }

    /// A number for a citizen at the kiosk, asked for once.
    pub async fn press(&mut self, id: &'static str) -> Option<CommandReply> {
        self.does(id, Command::issue_ticket("dat-dai-bien-dong", "normal", "vi", Some("kiosk-1"))).await
    }

    /// Sends a command once.
    pub async fn does(&mut self, id: &'static str, command: Command) -> Option<CommandReply> {
        let answered = self.client.command_once(id, &command).await.ok();
        self.pressed.push(Pressed { id, command, answered: answered.clone() });
        answered
    }

    /// Sends everything again under its own id: what was answered gets the same answer, the rest gets one now.
    pub async fn press_again(&self) -> Vec<CommandReply> {
        let mut replies = Vec::new();
        for Pressed { id, command, answered } in &self.pressed {
            let reply = self.client.command_once(id, command).await.unwrap_or_else(|error| panic!("{id}: {error}"));
            assert!(answered.as_ref().is_none_or(|answered| *answered == reply), "{id}: what was answered stands");
            replies.push(reply);
        }
        replies
    }

    /// Waits until the hub knows the printer in this state.
    pub async fn printer(&mut self, state: DeviceState) {
        let what = format!("a printer that is {state:?}");
        self.until(&what, |view| view.printer.as_ref().is_some_and(|printer| printer.state == state)).await;
    }

    /// How the paper of a number ended.
    pub async fn paper(&mut self, number: &str) -> PrintState {
        let of = |view: &KioskView| view.recent.iter().find(|t| t.number == number).and_then(|t| t.print.clone());
        let open = |state: &PrintState| matches!(state, PrintState::Pending | PrintState::Printing);
        let view = self.until(&format!("the end of {number}'s paper"), |v| of(v).is_some_and(|s| !open(&s))).await;
        of(&view).unwrap()
    }

    async fn until(&mut self, what: &str, mut holds: impl FnMut(&KioskView) -> bool) -> KioskView {
        let seen = self.kiosk.wait_for(|linked| linked.view.as_ref().is_some_and(|view| holds(view)));
        let seen = tokio::time::timeout(LIMIT, seen).await.map(|linked| linked.unwrap().view.clone().unwrap());
        match seen {
            Ok(view) => (*view).clone(),
            Err(_) => panic!("{what} was not seen: {:?}", self.kiosk.borrow().view),
        }
    }
}

/// A hall whose processes have ended.
pub struct Stopped {
    pub bench: Bench,
    directory: tempfile::TempDir,
}

impl Stopped {
    pub fn data(&self) -> PathBuf {
        self.directory.path().join("data")
    }
}

pub fn ticket(reply: &CommandReply) -> &TicketView {
    reply.ticket.as_ref().unwrap()
}

fn run(command: &str, config: &Path) -> Run {
    let mut run = Run::new(binary());
    run.args([command, "--config"]).arg(config).env("RUST_LOG", "error");
    // No sound card: nothing is spoken here.
    run.env("ALSA_CONFIG_PATH", config.with_file_name("alsa.conf"));
    run
}

fn start_hub(victim: Victim, config: &Path, order: &Order) -> Process {
    let mut run = run(if victim == Victim::Both { "run" } else { "hub" }, config);
    order.arm(&mut run);
    block_in_place(|| Process::start(&mut run)).unwrap()
}

/// A free port below those that the system hands out by itself, so that nobody takes it while the hub is down.
fn free_address() -> String {
    let mut dice = fastrand::Rng::new();
    let free = |port: &u16| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok();
    let port = std::iter::repeat_with(|| dice.u16(20_000..32_000)).find(free).unwrap();
    format!("127.0.0.1:{port}")
}
