//! Finding out what a printer is: by asking it, and where it does not say, by test strips that a person looks at.
//!
//! [`ask`] asks and changes nothing but the printer's automatic status; [`Told::profile`] knows the models of the
//! profiles; [`crate::encode::strips`] are for the others, and [`Draft`] makes a profile of what came out right.
//!
//! What a printer says of itself may be wrong: cheap ones claim to be an Epson. So a profile is a proposal, and the
//! next thing to do is to print a ticket.

mod ask;
mod draft;

use std::collections::BTreeMap;
use std::fmt;

use crate::PrinterProfile;
use crate::profile::BUILT_IN;
use crate::status::Query;

pub use ask::ask;
pub use draft::{Draft, DraftError};

/// What `GS I` is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Identity {
    /// Version of its program.
    Firmware,
    /// Who made it.
    Maker,
    /// What it is.
    Model,
    /// Which one it is.
    SerialNumber,
    /// Language of its fonts.
    Language,
}

impl Identity {
    /// All, in the order of their numbers.
    pub const ALL: [Self; 5] = [Self::Firmware, Self::Maker, Self::Model, Self::SerialNumber, Self::Language];

    /// The number in the command.
    pub fn number(self) -> u8 {
        match self {
            Self::Firmware => 65,
            Self::Maker => 66,
            Self::Model => 67,
            Self::SerialNumber => 68,
            Self::Language => 69,
        }
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Firmware => "firmware",
            Self::Maker => "maker",
            Self::Model => "model",
            Self::SerialNumber => "serial number",
            Self::Language => "language",
        })
    }
}

/// What a printer said; what is not there it did not say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Told {
    /// Texts of `GS I`.
    pub identity: BTreeMap<Identity, String>,
    /// Answers to `DLE EOT`, by the number of the question.
    pub real_time: BTreeMap<u8, u8>,
    /// Automatic status.
    pub automatic: Option<[u8; 4]>,
    /// The answer to `GS r 1`.
    pub paper: Option<u8>,
    /// The IEEE 1284 id of its USB device, such as `MFG:EPSON;MDL:TM-T20III;`.
    pub device_id: Option<String>,
}

impl Told {
    /// Nothing at all.
    pub fn is_silent(&self) -> bool {
        self.identity.is_empty() && self.real_time.is_empty() && self.automatic.is_none() && self.paper.is_none()
    }

    /// The model, as the printer says it, else as its USB device does.
    pub fn model(&self) -> Option<&str> {
        let said = self.identity.get(&Identity::Model).map(String::as_str);
        said.or_else(|| self.of_device(&["MDL", "MODEL"]))
    }

    /// The maker, as the printer says it, else as its USB device does.
    pub fn maker(&self) -> Option<&str> {
        let said = self.identity.get(&Identity::Maker).map(String::as_str);
        said.or_else(|| self.of_device(&["MFG", "MANUFACTURER"]))
    }

    fn of_device(&self, keys: &[&str]) -> Option<&str> {
        let fields = self.device_id.as_deref()?.split(';').filter_map(|field| field.split_once(':'));
        let mut found = fields.filter(|(key, _)| keys.contains(&key.trim()));
        found.next().map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// The profile that comes with the program of a model that calls itself so.
    pub fn profile(&self) -> Option<PrinterProfile> {
        let model = self.model().map(plain)?;
        let with_maker = self.maker().map(|maker| plain(maker) + &model);
        let is_it = |identity: &String| {
            let identity = plain(identity);
            // Some say the maker in front of the model.
            model == identity || with_maker.as_ref() == Some(&identity) || self.without_maker(&model) == identity
        };
        let profiles = BUILT_IN.iter().filter_map(|(name, _)| PrinterProfile::built_in(name));
        let mut known = profiles.filter(|profile| profile.identities.iter().any(is_it));
        known.next()
    }

    fn without_maker(&self, model: &str) -> String {
        let maker = self.maker().map(plain).unwrap_or_default();
        model.strip_prefix(&maker).unwrap_or(model).to_owned()
    }

    /// One line for each thing that was asked: what the printer said, or that it did not.
    pub fn lines(&self) -> Vec<String> {
        let silent = || "no answer".to_owned();
        let mut lines = Vec::new();
        for query in Query::ALL {
            let answer = self.real_time.get(&query.number());
            let answer = answer.map_or_else(silent, |byte| format!("{byte:02x}"));
            lines.push(format!("status (DLE EOT {}): {answer}", query.number()));
        }
        let automatic = self.automatic.map_or_else(silent, |bytes| bytes.map(|byte| format!("{byte:02x}")).join(" "));
        lines.push(format!("automatic status (GS a): {automatic}"));
        lines
            .push(format!("status in turn (GS r 1): {}", self.paper.map_or_else(silent, |byte| format!("{byte:02x}"))));
        for identity in Identity::ALL {
            let text = self.identity.get(&identity).cloned().unwrap_or_else(silent);
            lines.push(format!("{identity} (GS I {}): {text}", identity.number()));
        }
        if let Some(id) = &self.device_id {
            lines.push(format!("USB device id: {id}"));
        }
        lines
    }
}

/// Letters and digits alone, in capitals: `TM-T20III` and `tm t20iii` are the same.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(maker: &str, model: &str) -> Told {
        let identity = [(Identity::Maker, maker.to_owned()), (Identity::Model, model.to_owned())];
        Told { identity: identity.into(), ..Told::default() }
    }

    fn name(told: &Told) -> Option<String> {
        told.profile().map(|profile| profile.name)
    }

    #[test]
    fn a_model_is_known_however_it_is_written() {
        for (maker, model) in [("EPSON", "TM-T20III"), ("", "tm t20iii"), ("Epson", "EPSON TM-T20III")] {
            assert_eq!(name(&told(maker, model)).as_deref(), Some("epson-tm-t20iii"), "{maker} {model}");
        }
        assert_eq!(name(&told("EPSON", "TM-T20")), None, "another model is another model");
        assert_eq!(name(&Told::default()), None);
        let usb = Told { device_id: Some("MFG:XPRINTER;CMD:ESC/POS;MDL:XP-Q200;".into()), ..Told::default() };
        assert_eq!((name(&usb).as_deref(), usb.maker()), (Some("xprinter-q200"), Some("XPRINTER")));
    }

    #[test]
    fn no_two_profiles_claim_one_model() {
        let mut seen = std::collections::HashSet::new();
        for (name, _) in BUILT_IN {
            let profile = PrinterProfile::built_in(name).map(|profile| profile.identities).unwrap_or_default();
            assert!(profile.is_empty() == name.starts_with("unknown"), "{name}");
            assert!(profile.iter().all(|identity| seen.insert(plain(identity))), "{name}");
        }
    }

    #[test]
    fn silence_is_told_as_such() {
        let told = Told::default();
        assert!(told.is_silent() && told.lines().iter().all(|line| line.ends_with(": no answer")));
        assert_eq!(told.lines().len(), 11);
    }
}
