//! What an agent is told to drive, and what keeps it from starting. Reading files is the launcher's business.

use std::collections::HashSet;
use std::path::PathBuf;

use kit::link::LinkConfig;
use number_board::BoardProfile;
use protocol::health::{AgentHealth, DeviceKind, RollHealth};
use ticket_printer::PrinterProfile;

use crate::template::TemplateError;
use crate::voice::VoiceError;

/// One agent: its name at the hub and its devices.
#[derive(Clone, Debug, PartialEq)]
pub struct AgentConfig {
    /// Name of the agent, unique in the hall.
    pub name: String,
    /// Its devices, at most [`AgentHealth::MAX_DEVICES`], each with a name of its own.
    pub devices: Vec<DeviceConfig>,
}

/// One device beside this machine.
#[derive(Clone, Debug, PartialEq)]
pub enum DeviceConfig {
    /// Prints the papers of one kiosk.
    TicketPrinter {
        /// Name in `devices.toml`.
        name: String,
        /// Kiosk whose papers it prints, alone or with others.
        kiosk: String,
        /// Its part of the kiosk's load, from 1.
        share: u16,
        /// Length of a new roll in metres, where it is known.
        roll_metres: Option<u16>,
        /// Wire to it.
        link: LinkConfig,
        /// Its model.
        profile: PrinterProfile,
    },
    /// Shows numbers to the hall.
    NumberBoard {
        /// Name in `devices.toml`.
        name: String,
        /// Wire to it.
        link: LinkConfig,
        /// Its model.
        profile: BoardProfile,
        /// Counters that it shows; empty for all.
        counters: Vec<u16>,
    },
    /// Speaks calls, and help at a kiosk.
    Speaker {
        /// Name in `devices.toml`.
        name: String,
        /// Kiosk that it stands at and whose help it speaks.
        kiosk: Option<String>,
        /// Whether it speaks calls.
        calls: bool,
        /// Folder that holds `voice.toml` and the clips.
        clips: PathBuf,
        /// 0 (silent) to 1 (as recorded).
        volume: f32,
    },
}

impl DeviceConfig {
    /// Name in `devices.toml`.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::TicketPrinter { name, .. } | Self::NumberBoard { name, .. } | Self::Speaker { name, .. } => name,
        }
    }

    pub(crate) fn kind(&self) -> DeviceKind {
        match self {
            Self::TicketPrinter { .. } => DeviceKind::TicketPrinter,
            Self::NumberBoard { .. } => DeviceKind::NumberBoard,
            Self::Speaker { .. } => DeviceKind::Speaker,
        }
    }

    pub(crate) fn kiosk(&self) -> Option<&str> {
        match self {
            Self::TicketPrinter { kiosk, .. } => Some(kiosk),
            Self::Speaker { kiosk, .. } => kiosk.as_deref(),
            Self::NumberBoard { .. } => None,
        }
    }

    /// What is known of a printer's roll before the hub has counted anything.
    pub(crate) fn roll(&self) -> Option<RollHealth> {
        match self {
            Self::TicketPrinter { roll_metres, .. } => {
                let length_mm = roll_metres.map(|metres| u64::from(metres) * 1000);
                Some(RollHealth { length_mm, ..RollHealth::default() })
            }
            _ => None,
        }
    }
}

impl AgentConfig {
    /// Refuses what cannot be meant.
    pub(crate) fn check(&self) -> Result<(), AgentError> {
        let most = AgentHealth::MAX_DEVICES;
        if self.devices.len() > most {
            return Err(AgentError::TooManyDevices { agent: self.name.clone(), count: self.devices.len(), most });
        }
        let mut names = HashSet::new();
        for device in &self.devices {
            if !names.insert(device.name()) {
                return Err(AgentError::NameTwice { device: device.name().to_owned() });
            }
        }
        Ok(())
    }
}

/// Why an agent did not start. A device that is not there is no such reason: health tells of it.
#[derive(Debug, thiserror::Error)]
pub enum AgentError {
    /// More devices than an agent may tell the health of.
    #[error("agent {agent}: {count} devices, an agent may have {most}; give some to an agent on another machine")]
    TooManyDevices {
        /// The agent.
        agent: String,
        /// How many were named.
        count: usize,
        /// How many may be.
        most: usize,
    },
    /// Two devices of one name.
    #[error("{device}: this name is taken by another device; give each device a name of its own")]
    NameTwice {
        /// The name.
        device: String,
    },
    /// The ticket's template is wrong.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The voice is wrong.
    #[error("{device}: {cause}")]
    Voice {
        /// The speaker.
        device: String,
        /// What is wrong with `voice.toml`.
        cause: VoiceError,
    },
    /// The speaker could not be started.
    #[error(transparent)]
    Speaker(#[from] speaker::StartError),
}
