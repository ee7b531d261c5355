//! The devices file: what stands beside this machine and which wire leads to it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use agent::DeviceConfig;
use kit::link::LinkConfig;
use number_board::BoardProfile;
use protocol::health::AgentHealth;
use serde::Deserialize;
use ticket_printer::PrinterProfile;
use toml::Spanned;

use super::names::check_name;
use super::problem::Problem;
use super::profile;
use super::source::{Located, Reader, Source};

/// File of a voice folder that lists its clips.
const VOICE_FILE: &str = "voice.toml";
/// Largest share of a printer in its kiosk's load.
const LARGEST_SHARE: u16 = 100;
/// Lengths that a roll may have.
const ROLL_METRES: std::ops::RangeInclusive<u16> = 5..=500;
/// Fastest serial line, baud.
const FASTEST_BAUD: u32 = 921_600;

/// The devices of one machine, with the places that other files are checked against.
#[derive(Clone, Debug)]
pub(crate) struct DevicesFile {
    /// The agent's name.
    pub name: String,
    /// Devices.
    pub devices: Vec<DeviceConfig>,
    /// Kiosks that the printers and speakers stand at, with their places.
    pub kiosks: Vec<(usize, String)>,
    /// Counters that the boards name, with their places.
    pub counters: Vec<(usize, u16)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PrinterTable {
    name: Spanned<String>,
    kiosk: Spanned<String>,
    #[serde(default = "one_share")]
    share: Spanned<u16>,
    roll_metres: Option<Spanned<u16>>,
    link: Spanned<LinkConfig>,
    profile: Spanned<String>,
}

fn one_share() -> Spanned<u16> {
    Spanned::new(0..0, 1)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BoardTable {
    name: Spanned<String>,
    link: Spanned<LinkConfig>,
    profile: Spanned<String>,
    #[serde(default)]
    counters: Vec<Spanned<u16>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SpeakerTable {
    name: Spanned<String>,
    kiosk: Option<Spanned<String>>,
    #[serde(default = "speaks_calls")]
    calls: Spanned<bool>,
    clips: Spanned<PathBuf>,
    #[serde(default = "full_volume")]
    volume: Spanned<f32>,
}

fn speaks_calls() -> Spanned<bool> {
    Spanned::new(0..0, true)
}

fn full_volume() -> Spanned<f32> {
    Spanned::new(0..0, 1.0)
}

/// Reads a devices file and the profiles that it names.
///
/// # Errors
/// Everything that is wrong with it.
pub(crate) fn read(source: &Source) -> Result<DevicesFile, Vec<Problem>> {
    let mut reader = Reader::open(source)?;
    let name = reader.required::<Spanned<String>>("name", "add name = \"…\", the name of this machine");
    let printers: Vec<Located<PrinterTable>> = reader.list("ticket_printers");
    let boards: Vec<Located<BoardTable>> = reader.list("number_boards");
    let speakers: Vec<Located<SpeakerTable>> = reader.list("speakers");
    let mut check = Check { source, names: BTreeSet::new(), problems: reader.finish() };
    let mut file = DevicesFile { name: String::new(), devices: Vec::new(), kiosks: Vec::new(), counters: Vec::new() };
    if let Some(name) = name {
        check.shape(&name.value);
        file.name = name.value.into_inner();
    }
    for printer in printers {
        let (at, kiosk) = (printer.value.kiosk.span().start, printer.value.kiosk.get_ref().clone());
        file.kiosks.push((at, kiosk));
        file.devices.extend(check.printer(printer.value));
    }
    for board in boards {
        file.counters.extend(board.value.counters.iter().map(|counter| (counter.span().start, *counter.get_ref())));
        file.devices.extend(check.board(board.value));
    }
    for speaker in speakers {
        file.kiosks.extend(speaker.value.kiosk.iter().map(|kiosk| (kiosk.span().start, kiosk.get_ref().clone())));
        file.devices.extend(check.speaker(speaker.value));
    }
    if check.names.len() > AgentHealth::MAX_DEVICES {
        let right = format!("an agent has at most {}; give some to another machine", AgentHealth::MAX_DEVICES);
        check.problems.push(source.problem(None, format!("{} devices", check.names.len()), right));
    }
    if check.problems.is_empty() {
        return Ok(file);
    }
    check.problems.sort_by_key(|problem| problem.line);
    Err(check.problems)
}

struct Check<'s> {
    source: &'s Source,
    names: BTreeSet<String>,
    problems: Vec<Problem>,
}

impl Check<'_> {
    fn wrong(&mut self, at: usize, what: impl Into<String>, right: impl Into<String>) {
        self.problems.push(self.source.problem(Some(at), what, right));
    }

    fn shape(&mut self, name: &Spanned<String>) {
        if let Err(right) = check_name(name.get_ref()) {
            self.wrong(name.span().start, format!("`{}` cannot be a name", name.get_ref()), right);
        }
    }

    fn name(&mut self, name: &Spanned<String>) {
        self.shape(name);
        if !self.names.insert(name.get_ref().clone()) {
            let what = format!("device `{}` stands twice", name.get_ref());
            self.wrong(name.span().start, what, "give each device its own name");
        }
    }

    fn link(&mut self, link: &Spanned<LinkConfig>) {
        let at = link.span().start;
        match link.get_ref() {
            LinkConfig::Serial { path, baud, .. } => {
                if path.trim().is_empty() {
                    let right = "write the device's path; `ls /dev/serial/by-id/` lists those that are plugged in";
                    self.wrong(at, "the serial path is empty", right);
                }
                if !(1..=FASTEST_BAUD).contains(baud) {
                    self.wrong(
                        at,
                        format!("{baud} baud"),
                        format!("write 1 to {FASTEST_BAUD}, such as 9600 or 115200"),
                    );
                }
            }
            LinkConfig::Tcp { address } => {
                let port = address.rsplit_once(':').filter(|(host, _)| !host.is_empty());
                if port.and_then(|(_, port)| port.parse::<u16>().ok()).is_none_or(|port| port == 0) {
                    let right = "write host:port, such as \"192.168.1.50:9100\"";
                    self.wrong(at, format!("`{address}` is no network address"), right);
                }
            }
            LinkConfig::Usb { .. } => {}
        }
    }

    fn printer(&mut self, table: PrinterTable) -> Option<DeviceConfig> {
        self.name(&table.name);
        self.link(&table.link);
        self.shape(&table.kiosk);
        let share = *table.share.get_ref();
        if !(1..=LARGEST_SHARE).contains(&share) {
            let right = format!("write 1 to {LARGEST_SHARE}: its part of the kiosk's papers beside the other printers");
            self.wrong(table.share.span().start, format!("share is {share}"), right);
        }
        let metres = table.roll_metres.as_ref().map(|metres| *metres.get_ref());
        if let Some((wrong, found)) = table.roll_metres.as_ref().zip(metres.filter(|m| !ROLL_METRES.contains(m))) {
            let right = format!("write {} to {}, as the roll's label says", ROLL_METRES.start(), ROLL_METRES.end());
            self.wrong(wrong.span().start, format!("roll_metres is {found}"), right);
        }
        let profile = self.profile(
            &table.profile,
            "printers",
            &profile::printer_names(),
            profile::read_printer,
            PrinterProfile::built_in,
        )?;
        Some(DeviceConfig::TicketPrinter {
            name: table.name.into_inner(),
            kiosk: table.kiosk.into_inner(),
            share,
            roll_metres: metres,
            link: table.link.into_inner(),
            profile,
        })
    }

    fn board(&mut self, table: BoardTable) -> Option<DeviceConfig> {
        self.name(&table.name);
        self.link(&table.link);
        let profile = self.profile(&table.profile, "boards", &profile::board_names(), profile::read_board, |name| {
            BoardProfile::built_in(name).ok()
        })?;
        Some(DeviceConfig::NumberBoard {
            name: table.name.into_inner(),
            link: table.link.into_inner(),
            profile,
            counters: table.counters.into_iter().map(Spanned::into_inner).collect(),
        })
    }

    fn speaker(&mut self, table: SpeakerTable) -> Option<DeviceConfig> {
        self.name(&table.name);
        let clips = self.source.relative(table.clips.get_ref());
        if !clips.join(VOICE_FILE).is_file() {
            let what = format!("no {VOICE_FILE} in {}", clips.display());
            self.wrong(table.clips.span().start, what, "name the folder of the voice clips, such as assets/voice");
            return None;
        }
        let volume = *table.volume.get_ref();
        if !(0.0..=1.0).contains(&volume) {
            self.wrong(table.volume.span().start, format!("volume is {volume}"), "write 0.0 to 1.0");
            return None;
        }
        if let Some(kiosk) = &table.kiosk {
            self.shape(kiosk);
        }
        let (kiosk, calls) = (table.kiosk.map(Spanned::into_inner), *table.calls.get_ref());
        if kiosk.is_none() && !calls {
            let right = "name the kiosk whose help it speaks, or leave out `calls`";
            self.wrong(table.calls.span().start, "this speaker would never speak", right);
            return None;
        }
        Some(DeviceConfig::Speaker { name: table.name.into_inner(), kiosk, calls, clips, volume })
    }

    /// `profiles/FAMILY/NAME.toml` beside this file, else the built-in profile of that name.
    fn profile<T>(
        &mut self,
        name: &Spanned<String>,
        family: &str,
        built_in_names: &[&str],
        read: impl Fn(&Source) -> Result<T, Problem>,
        built_in: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let word = name.get_ref();
        let path = self.source.relative(Path::new("profiles")).join(family).join(format!("{word}.toml"));
        if check_name(word).is_ok() && path.is_file() {
            return match Source::read(&path).and_then(|source| read(&source)) {
                Ok(profile) => Some(profile),
                Err(problem) => {
                    self.problems.push(problem);
                    None
                }
            };
        }
        let profile = built_in(word);
        if profile.is_none() {
            let right = format!(
                "{}, or write {}",
                super::explain::use_one_of(word, built_in_names.iter().copied()),
                path.display()
            );
            self.wrong(name.span().start, format!("profile `{word}` is not known"), right);
        }
        profile
    }
}
