//! Configuration: files to checked values, or to a list of what is wrong with file, line and what would be right.
//!
//! It starts nothing and opens no device. The files in `config/` are the samples; they are compiled in as the
//! defaults of the demo, and a test holds that each of them is right.

mod devices;
mod explain;
mod hall;
mod kind;
mod machine;
pub(crate) mod names;
mod problem;
mod profile;
mod secret;
mod source;

use std::path::{Path, PathBuf};

use agent::AgentConfig;

pub(crate) use self::explain::{explain, use_one_of};
pub use self::hall::HallFile;
pub use self::machine::{HubAccess, Machine};
pub(crate) use self::machine::{STATION_KINDS, station_kind};
pub use self::problem::{Problem, Problems};
pub(crate) use self::profile::{printer_names, read_printer};
pub(crate) use self::source::Source;

use self::kind::Kind;
use self::secret::Secrets;
use self::source::Reader;

/// Where the samples stand in the source tree; their relative paths start here.
const SAMPLES_FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../config");
/// The samples, compiled in.
const SAMPLES: [(&str, &str); 3] = [
    ("machine.toml", include_str!("../../../../config/machine.toml")),
    ("hall.toml", include_str!("../../../../config/hall.toml")),
    ("devices.toml", include_str!("../../../../config/devices.toml")),
];

/// Reads a machine file and the files that it names, ready to start.
///
/// # Errors
/// Everything that is wrong with any of them.
pub fn load(path: &Path) -> Result<Machine, Problems> {
    let source = Source::read(path).map_err(one)?;
    let reading = machine::read(&source, Secrets::Needed, &Source::read).map_err(Problems)?;
    Ok(reading.machine)
}

/// The sample hall as it is compiled in: one machine with everything. Voice clips are taken from the source tree.
///
/// # Errors
/// When the source tree has no voice clips.
pub fn defaults() -> Result<Machine, Problems> {
    let source = sample(&Path::new(SAMPLES_FOLDER).join("machine.toml")).map_err(one)?;
    let reading = machine::read(&source, Secrets::Needed, &sample).map_err(Problems)?;
    Ok(reading.machine)
}

/// Reads a hall file alone.
///
/// # Errors
/// Everything that is wrong with it.
pub fn load_hall(path: &Path) -> Result<HallFile, Problems> {
    let source = Source::read(path).map_err(one)?;
    hall::read(&source).map_err(Problems)
}

/// The devices that a devices file names, or that a machine file leads to.
///
/// # Errors
/// Everything that is wrong with it.
pub fn load_devices(path: &Path) -> Result<AgentConfig, Problems> {
    let source = Source::read(path).map_err(one)?;
    match kind(&source)? {
        Kind::Machine => {
            let reading = machine::read(&source, Secrets::MayBeElsewhere, &Source::read).map_err(Problems)?;
            reading.machine.agent.ok_or_else(|| {
                one(source.problem(
                    None,
                    "no device stands at this machine",
                    "add [agent] with devices = \"devices.toml\"",
                ))
            })
        }
        _ => devices::read(&source).map(machine::agent_config).map_err(Problems),
    }
}

/// A file that is right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// What could not be checked on this machine, though it is no error.
    pub notes: Vec<Problem>,
    /// The other files that it names, which are right too.
    pub files: Vec<PathBuf>,
}

/// Checks any file of a hall; its kind is told from its keys.
///
/// # Errors
/// Everything that is wrong with it or with a file that it names.
pub fn check(path: &Path) -> Result<Checked, Problems> {
    let source = Source::read(path).map_err(one)?;
    let checked = Checked::default();
    match kind(&source)? {
        Kind::Hall => hall::read(&source).map(|_| checked),
        Kind::Devices => devices::read(&source).map(|_| checked),
        Kind::Machine => machine::read(&source, Secrets::MayBeElsewhere, &Source::read)
            .map(|reading| Checked { notes: reading.notes, files: reading.files }),
        Kind::PrinterProfile => read_printer(&source).map(|_| checked).map_err(|problem| vec![problem]),
        Kind::BoardProfile => profile::read_board(&source).map(|_| checked).map_err(|problem| vec![problem]),
    }
    .map_err(Problems)
}

fn kind(source: &Source) -> Result<Kind, Problems> {
    let reader = Reader::open(source).map_err(Problems)?;
    kind::detect(reader.keys()).map_err(|(what, right)| one(source.problem(None, what, right)))
}

fn sample(path: &Path) -> Result<Source, Problem> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    match SAMPLES.iter().find(|(known, _)| *known == name) {
        Some((_, text)) => Ok(Source { path: path.to_owned(), text: (*text).to_owned() }),
        None => Source::read(path),
    }
}

fn one(problem: Problem) -> Problems {
    Problems(vec![problem])
}
