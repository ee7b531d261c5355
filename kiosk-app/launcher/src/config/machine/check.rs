//! The rules of a machine file: addresses, secrets, and that its parts fit each other and the hall.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use agent::AgentConfig;
use hub::{CentralConfig, HubConfig, StaffPin, StationToken};
use stations::counter::CounterOptions;
use stations::rating::RatingOptions;
use stations::{Kind, Look, Scheme};
use toml::Spanned;

use super::tables::{AgentTable, CentralTable, ConnectionTable, HubTable, StationTable, TokenTable};
use super::{HubAccess, STATION_KINDS, agent_config, in_language, station_kind, with_look};
use crate::config::devices::{self, DevicesFile};
use crate::config::explain::use_one_of;
use crate::config::hall::{self, HallFile};
use crate::config::names::{check_name, check_url};
use crate::config::problem::Problem;
use crate::config::secret::{self, Secret, SecretKeys, Secrets};
use crate::config::source::{Located, Source};

/// Pixels an inch that a screen may have.
const DPI: std::ops::RangeInclusive<u16> = 30..=400;

/// Checks the tables of one machine file and gathers what is wrong.
pub(super) struct Check<'s> {
    pub source: &'s Source,
    pub secrets: Secrets,
    pub open: &'s dyn Fn(&Path) -> Result<Source, Problem>,
    /// The hub of this process asks for tokens.
    pub tokens: bool,
    pub problems: Vec<Problem>,
    pub notes: Vec<Problem>,
    pub files: Vec<PathBuf>,
}

impl Check<'_> {
    pub fn wrong(&mut self, at: usize, what: impl Into<String>, right: impl Into<String>) {
        self.problems.push(self.source.problem(Some(at), what, right));
    }

    pub fn hub(&mut self, table: HubTable, central: Option<CentralTable>) -> Option<HubConfig> {
        let listen = self.listen(&table);
        self.tokens = !table.tokens.is_empty();
        let tokens = self.tokens(table.tokens);
        let kiosks = self.kiosks(table.kiosks);
        let central = central.and_then(|central| self.central(central));
        let staff_pin = table.staff_pin_file.and_then(|file| self.staff_pin(&file));
        let file = self.hall(&table.hall, &kiosks)?;
        Some(HubConfig {
            hall: file.hall,
            info: file.info,
            kiosks,
            listen: listen?,
            tokens,
            data: self.source.relative(&table.data),
            announcement_limit: file.announcement_limit,
            keep_comments: file.keep_comments,
            pictures: file.pictures,
            staff_pin,
            central,
        })
    }

    fn listen(&mut self, table: &HubTable) -> Option<SocketAddr> {
        let (at, text) = (table.listen.span().start, table.listen.get_ref());
        let Ok(listen) = text.parse::<SocketAddr>() else {
            let right = "write address:port, such as \"127.0.0.1:7700\"";
            self.wrong(at, format!("`{text}` is no address to listen on"), right);
            return None;
        };
        if !listen.ip().is_loopback() && table.tokens.is_empty() {
            let right = "listen on 127.0.0.1, or name the stations that may come in with [[hub.tokens]]";
            self.wrong(at, format!("{listen} is open to the network and no token is asked for"), right);
        }
        Some(listen)
    }

    fn tokens(&mut self, tables: Vec<TokenTable>) -> Vec<StationToken> {
        let mut tokens: Vec<StationToken> = Vec::new();
        let mut names: Vec<String> = Vec::new();
        for table in tables {
            let (at, name) = (table.name.span().start, table.name.get_ref().clone());
            if let Err(right) = check_name(&name) {
                self.wrong(at, format!("`{name}` cannot be a name"), right);
            }
            if names.contains(&name) {
                self.wrong(at, format!("station `{name}` stands twice"), "give each station its own token");
            }
            names.push(name.clone());
            let keys = SecretKeys { token: table.token, token_file: table.token_file };
            if keys.token.is_none() && keys.token_file.is_none() {
                self.wrong(at, format!("station `{name}` has no token"), "add token_file = \"…\"");
            }
            if let Some(token) = self.secret(&keys) {
                if let Some(other) = tokens.iter().find(|other| other.token == token) {
                    let what = format!("stations `{}` and `{name}` have the same token", other.name);
                    self.wrong(at, what, "give each station its own token");
                }
                tokens.push(StationToken { name, token });
            }
        }
        tokens
    }

    fn kiosks(&mut self, names: Vec<Spanned<String>>) -> Vec<String> {
        let mut kiosks = Vec::new();
        for kiosk in names {
            let at = kiosk.span().start;
            let name = kiosk.into_inner();
            if let Err(right) = check_name(&name) {
                self.wrong(at, format!("`{name}` cannot be a name"), right);
            }
            if kiosks.contains(&name) {
                self.wrong(at, format!("kiosk `{name}` stands twice"), "give each kiosk its own name");
            }
            kiosks.push(name);
        }
        kiosks
    }

    /// The PIN in a file of its own, which need not be on a machine that only checks.
    fn staff_pin(&mut self, file: &Spanned<PathBuf>) -> Option<StaffPin> {
        let at = file.span().start;
        let path = self.source.relative(file.get_ref());
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                let pin = text.trim();
                if (4..=8).contains(&pin.len()) && pin.bytes().all(|b| b.is_ascii_digit()) {
                    return Some(StaffPin(pin.to_owned()));
                }
                self.wrong(at, format!("{} holds no PIN", path.display()), "write 4 to 8 digits into it");
            }
            Err(error) => {
                let what = format!("{} cannot be read ({error})", path.display());
                let right = "write 4 to 8 digits into it, readable for the service only";
                let problem = self.source.problem(Some(at), what, right);
                if self.secrets == Secrets::Needed { self.problems.push(problem) } else { self.notes.push(problem) }
            }
        }
        None
    }

    fn central(&mut self, table: CentralTable) -> Option<CentralConfig> {
        let url = self.url(&table.url);
        let token = self.secret(&SecretKeys { token: table.token, token_file: table.token_file });
        Some(CentralConfig { url: url?, token })
    }

    /// How the agent and the stations reach their hub. `local`: it runs in this process; `user`: where the first of
    /// them stands.
    pub fn connection(
        &mut self,
        table: Option<Located<ConnectionTable>>,
        local: bool,
        user: Option<usize>,
    ) -> HubAccess {
        let Some(Located { value: table, span }) = table else {
            if let (Some(at), false) = (user, local) {
                let right = "add [connection] with hub = \"http://ADDRESS:7700\"";
                self.wrong(at, "this part has no hub", right);
            }
            if let (Some(at), true) = (user, self.tokens) {
                let right = "add [connection] with token_file = \"…\", one that [[hub.tokens]] names";
                self.wrong(at, "the hub asks for a token and this part has none", right);
            }
            return HubAccess::default();
        };
        let keys = SecretKeys { token: table.token, token_file: table.token_file };
        match &table.hub {
            Some(hub) if local => {
                let right = "take the address away, or [hub]";
                self.wrong(hub.span().start, "the hub runs on this machine", right);
            }
            None if !local => {
                self.wrong(span.start, "[connection] names no hub", "add hub = \"http://ADDRESS:7700\"");
            }
            _ => {}
        }
        if local && self.tokens && keys.token.is_none() && keys.token_file.is_none() {
            self.wrong(span.start, "the hub asks for a token and [connection] has none", "add token_file = \"…\"");
        }
        HubAccess { url: table.hub.and_then(|url| self.url(&url)), token: self.secret(&keys) }
    }

    pub fn agent(&mut self, table: &AgentTable, hub: Option<&HubConfig>) -> Option<AgentConfig> {
        let path = self.source.relative(table.devices.get_ref());
        let source = self.opened((self.open)(&path))?;
        let file = match devices::read(&source) {
            Ok(file) => file,
            Err(problems) => {
                self.problems.extend(problems);
                return None;
            }
        };
        if let Some(hub) = hub {
            self.problems.extend(devices_against_hub(&source, &file, hub));
        }
        self.files.push(path);
        Some(agent_config(file))
    }

    pub fn station(&mut self, table: StationTable, hub: Option<&HubConfig>) -> Option<Kind> {
        let (at, kind) = (table.kind.span().start, table.kind.get_ref().as_str());
        if let Some(hub) = hub {
            self.place(&table, hub);
        }
        let kiosk = table.kiosk.as_ref().map(|kiosk| (kiosk.span().start, "kiosk"));
        let counter = table.counter.as_ref().map(|counter| (counter.span().start, "counter"));
        let superfluous = match kind {
            "kiosk" => counter,
            "counter" | "rating" => kiosk,
            _ => counter.or(kiosk),
        };
        if let Some((at, key)) = superfluous.filter(|_| STATION_KINDS.contains(&kind)) {
            self.wrong(at, format!("a {kind} has no `{key}`"), "take the line away");
        }
        let name = table.kiosk.as_ref().map(|kiosk| kiosk.get_ref().as_str());
        let station = match station_kind(kind, name, table.counter.as_ref().map(|counter| *counter.get_ref())) {
            Ok(station) => station,
            Err((what, right)) => {
                self.wrong(at, what, right);
                return None;
            }
        };
        let station = with_look(station, self.look(&table), table.low_reach.as_ref().is_some_and(|low| *low.get_ref()));
        let station = self.of_its_kind(station, &table);
        let Some(language) = table.language else { return Some(station) };
        let code = language.get_ref();
        if !stations::languages().any(|known| known == code) {
            let right = use_one_of(code, stations::languages());
            self.wrong(language.span().start, format!("no screen speaks `{code}`"), right);
        }
        Some(in_language(station, language.into_inner()))
    }

    /// What only a counter or only a rating tablet has.
    fn of_its_kind(&mut self, station: Kind, table: &StationTable) -> Kind {
        let kind = table.kind.get_ref();
        if let Some(bar) = table.bar.as_ref().filter(|_| kind != "counter") {
            self.wrong(bar.span().start, format!("a {kind} has no `bar`"), "take the line away");
        }
        if let Some(state) = table.state.as_ref().filter(|_| kind != "rating") {
            self.wrong(state.span().start, format!("a {kind} has no `state`"), "take the line away");
        }
        match station {
            Kind::Counter(options) => {
                Kind::Counter(CounterOptions { bar: table.bar.as_ref().is_some_and(|bar| *bar.get_ref()), ..options })
            }
            Kind::Rating(options) => {
                let state = table.state.as_ref().map(|state| self.source.relative(state.get_ref()));
                Kind::Rating(RatingOptions { state, ..options })
            }
            other => other,
        }
    }

    /// Colours, size of letters and motion of a station.
    fn look(&mut self, table: &StationTable) -> Look {
        let mut look = Look::default();
        if let Some(scheme) = &table.scheme {
            match Scheme::named(scheme.get_ref()) {
                Some(known) => look.scheme = known,
                None => {
                    let what = format!("`{}` is no colour scheme", scheme.get_ref());
                    self.wrong(scheme.span().start, what, use_one_of(scheme.get_ref(), Scheme::NAMES));
                }
            }
        }
        if let Some(dpi) = &table.dpi {
            if !DPI.contains(dpi.get_ref()) {
                let what = format!("no screen has {} pixels an inch", dpi.get_ref());
                let right = "write its pixels an inch: the longer side in pixels over its length in inches; 23 inch with 1920 x 1080 has 96";
                self.wrong(dpi.span().start, what, right);
            }
            look.dpi = Some(*dpi.get_ref());
        }
        if let Some(low) = table.low_reach.as_ref().filter(|_| table.kind.get_ref() != "kiosk") {
            let what = format!("a {} has no `low_reach`", table.kind.get_ref());
            self.wrong(low.span().start, what, "take the line away");
        }
        look.motion = table.motion.unwrap_or(look.motion);
        look.large_text = table.large_text.unwrap_or(look.large_text);
        look
    }

    /// The kiosk and the counter of a station must be the hub's.
    fn place(&mut self, table: &StationTable, hub: &HubConfig) {
        if let Some(kiosk) = table.kiosk.as_ref().filter(|kiosk| !hub.kiosks.contains(kiosk.get_ref())) {
            let name = kiosk.get_ref();
            let right = use_one_of(name, hub.kiosks.iter().map(String::as_str));
            self.wrong(kiosk.span().start, format!("kiosk `{name}` is not among the kiosks of [hub]"), right);
        }
        if let Some(counter) = table.counter.as_ref().filter(|counter| hub.hall.counter(*counter.get_ref()).is_none()) {
            let what = format!("counter {} is not in the hall", counter.get_ref());
            self.wrong(counter.span().start, what, format!("use one of {}", counter_numbers(hub)));
        }
    }

    fn url(&mut self, url: &Spanned<String>) -> Option<String> {
        match check_url(url.get_ref()) {
            Ok(()) => Some(url.get_ref().clone()),
            Err(right) => {
                self.wrong(url.span().start, format!("`{}` is no address", url.get_ref()), right);
                None
            }
        }
    }

    fn secret(&mut self, keys: &SecretKeys) -> Option<String> {
        match secret::read(self.source, keys, self.secrets) {
            Ok(Secret::Unnamed) => None,
            Ok(Secret::Known(token)) => Some(token),
            Ok(Secret::Elsewhere(note)) => {
                self.notes.push(note);
                None
            }
            Err(problem) => {
                self.problems.push(problem);
                None
            }
        }
    }

    /// Reads the hall file. It may speak only of kiosks that are the hub's.
    fn hall(&mut self, path: &Spanned<PathBuf>, kiosks: &[String]) -> Option<HallFile> {
        let path = self.source.relative(path.get_ref());
        let source = self.opened((self.open)(&path))?;
        self.files.push(path);
        let file = hall::read(&source).map_err(|problems| self.problems.extend(problems)).ok()?;
        self.problems.extend(unknown_kiosks(&source, &file.kiosks, kiosks));
        Some(file)
    }

    fn opened(&mut self, source: Result<Source, Problem>) -> Option<Source> {
        source.map_err(|problem| self.problems.push(problem)).ok()
    }
}

/// Kiosks and counters that the devices name must exist in the hall.
fn devices_against_hub(source: &Source, file: &DevicesFile, hub: &HubConfig) -> Vec<Problem> {
    let mut problems = unknown_kiosks(source, &file.kiosks, &hub.kiosks);
    for (at, counter) in file.counters.iter().filter(|(_, counter)| hub.hall.counter(*counter).is_none()) {
        let right = format!("use one of {}", counter_numbers(hub));
        problems.push(source.problem(Some(*at), format!("counter {counter} is not in the hall"), right));
    }
    problems
}

/// Kiosks of a file, with their places in it, that [hub] does not have.
fn unknown_kiosks(source: &Source, named: &[(usize, String)], known: &[String]) -> Vec<Problem> {
    let unknown = named.iter().filter(|(_, kiosk)| !known.contains(kiosk));
    let problem = |(at, kiosk): &(usize, String)| {
        let right = use_one_of(kiosk, known.iter().map(String::as_str));
        source.problem(Some(*at), format!("kiosk `{kiosk}` is not among the kiosks of [hub]"), right)
    };
    unknown.map(problem).collect()
}

fn counter_numbers(hub: &HubConfig) -> String {
    hub.info.counters.iter().map(|counter| counter.number.to_string()).collect::<Vec<_>>().join(", ")
}
