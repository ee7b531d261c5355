//! The machine file: which parts of the hall run on this machine.

mod check;
mod tables;

use std::path::{Path, PathBuf};

use agent::AgentConfig;
use hub::HubConfig;
use stations::counter::CounterOptions;
use stations::display::DisplayOptions;
use stations::kiosk::KioskOptions;
use stations::rating::RatingOptions;
use stations::{Kind, Look};

use self::check::Check;
use self::tables::{AgentTable, CentralTable, ConnectionTable, HubTable, ScreensTable, StationTable};
use super::devices::DevicesFile;
use super::explain::use_one_of;
use super::problem::Problem;
use super::secret::Secrets;
use super::source::{Located, Reader, Source};

/// What runs on one machine.
#[derive(Clone, Debug, Default)]
pub struct Machine {
    /// The hub, where it runs here.
    pub hub: Option<HubConfig>,
    /// How this machine's agent and stations reach their hub.
    pub connection: HubAccess,
    /// The devices of this machine.
    pub agent: Option<AgentConfig>,
    /// Windows on this machine's screens.
    pub stations: Vec<Kind>,
    /// Whether the windows fill the screen.
    pub fullscreen: bool,
}

/// How to reach a hub.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct HubAccess {
    /// Address such as `http://192.168.1.10:7700`; none is the hub in this process.
    pub url: Option<String>,
    /// Secret of this station, where the hub asks for one.
    pub token: Option<String>,
}

// Not derived: a secret never reaches a log.
impl std::fmt::Debug for HubAccess {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HubAccess({})", self.url.as_deref().unwrap_or("this process"))
    }
}

/// Kinds as files and the command line name them.
pub(crate) const STATION_KINDS: [&str; 4] = ["kiosk", "counter", "rating", "display"];

/// A machine file, read.
pub(crate) struct Reading {
    /// What it says.
    pub machine: Machine,
    /// What could not be checked here, though it is no error.
    pub notes: Vec<Problem>,
    /// The other files that it names.
    pub files: Vec<PathBuf>,
}

/// Reads a machine file and the files that it names.
///
/// # Errors
/// Everything that is wrong with any of them.
pub(crate) fn read(
    source: &Source,
    secrets: Secrets,
    open: &dyn Fn(&Path) -> Result<Source, Problem>,
) -> Result<Reading, Vec<Problem>> {
    let mut reader = Reader::open(source)?;
    let hub: Option<Located<HubTable>> = reader.one("hub");
    let central: Option<Located<CentralTable>> = reader.one("central");
    let connection: Option<Located<ConnectionTable>> = reader.one("connection");
    let agent: Option<Located<AgentTable>> = reader.one("agent");
    let screens: Option<Located<ScreensTable>> = reader.one("screens");
    let stations: Vec<Located<StationTable>> = reader.list("stations");
    let problems = reader.finish();
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut check =
        Check { source, secrets, open, tokens: false, problems: Vec::new(), notes: Vec::new(), files: Vec::new() };
    if let (Some(central), None) = (&central, &hub) {
        check.wrong(central.span.start, "[central] stands without [hub]", "only the hub speaks to the province");
    }
    let user = agent.as_ref().map(|agent| agent.span.start).or(stations.first().map(|station| station.span.start));
    if hub.is_none() && user.is_none() {
        check.problems.push(source.problem(None, "nothing runs on this machine", "add [hub], [agent] or [[stations]]"));
    }
    let local = hub.is_some();
    let hub = hub.and_then(|hub| check.hub(hub.value, central.map(|central| central.value)));
    let connection = check.connection(connection, local, user);
    let agent = agent.and_then(|agent| check.agent(&agent.value, hub.as_ref()));
    let fullscreen = screens.and_then(|screens| screens.value.fullscreen).unwrap_or(stations.len() == 1);
    let stations = stations.into_iter().filter_map(|station| check.station(station.value, hub.as_ref())).collect();
    if check.problems.is_empty() {
        let machine = Machine { hub, connection, agent, stations, fullscreen };
        return Ok(Reading { machine, notes: check.notes, files: check.files });
    }
    // The machine file's own problems first, each file's by line.
    check.problems.sort_by_key(|problem| (problem.file != source.path, problem.file.clone(), problem.line));
    Err(check.problems)
}

/// A station from its kind and place, in the usual language.
///
/// # Errors
/// What is wrong and what would be right.
pub(crate) fn station_kind(kind: &str, kiosk: Option<&str>, counter: Option<u16>) -> Result<Kind, (String, String)> {
    match (kind, kiosk, counter) {
        ("kiosk", Some(kiosk), _) => Ok(Kind::Kiosk(KioskOptions::new(kiosk))),
        ("kiosk", None, _) => Err(("a kiosk has no name".to_owned(), "add kiosk = \"kiosk-1\"".to_owned())),
        ("counter", _, counter) => Ok(Kind::Counter(CounterOptions::new(counter))),
        ("rating", _, Some(counter)) => Ok(Kind::Rating(RatingOptions::new(counter))),
        ("rating", _, None) => Err(("a rating tablet has no counter".to_owned(), "add counter = 1".to_owned())),
        ("display", _, _) => Ok(Kind::Display(DisplayOptions::default())),
        _ => Err((format!("`{kind}` is no kind of station"), use_one_of(kind, STATION_KINDS))),
    }
}

/// The same station, beginning in another language.
fn in_language(kind: Kind, language: String) -> Kind {
    match kind {
        Kind::Kiosk(options) => Kind::Kiosk(KioskOptions { language, ..options }),
        Kind::Counter(options) => Kind::Counter(CounterOptions { language, ..options }),
        Kind::Rating(options) => Kind::Rating(RatingOptions { language, ..options }),
        Kind::Display(options) => Kind::Display(DisplayOptions { language, ..options }),
    }
}

/// The same station with another look; `low_reach` only a kiosk has.
fn with_look(kind: Kind, look: Look, low_reach: bool) -> Kind {
    match kind {
        Kind::Kiosk(options) => Kind::Kiosk(KioskOptions { look, low_reach, ..options }),
        Kind::Counter(options) => Kind::Counter(CounterOptions { look, ..options }),
        Kind::Rating(options) => Kind::Rating(RatingOptions { look, ..options }),
        Kind::Display(options) => Kind::Display(DisplayOptions { look, ..options }),
    }
}

/// An agent's devices.
pub(crate) fn agent_config(file: DevicesFile) -> AgentConfig {
    AgentConfig { name: file.name, devices: file.devices }
}
