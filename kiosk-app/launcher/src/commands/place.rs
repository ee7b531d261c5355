//! Where the log of a hall stands: `--config MACHINE_FILE` or `--data DIR`.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use jiff::tz::{self, Offset, TimeZone};

use crate::config;

/// Local time where no machine file says it.
const VIETNAM: Offset = tz::offset(7);

/// Where the log stands, as the command line says it.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(super) struct Place {
    /// Machine file with [hub].
    #[arg(long, value_name = "MACHINE_FILE")]
    config: Option<PathBuf>,
    /// Data directory of the hub.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// A log's directory and the hall's local time.
pub(super) struct LogPlace {
    pub directory: PathBuf,
    pub time_zone: TimeZone,
}

impl Place {
    pub fn find(self) -> anyhow::Result<LogPlace> {
        match (self.data, self.config) {
            (Some(directory), _) => Ok(LogPlace { directory, time_zone: TimeZone::fixed(VIETNAM) }),
            (None, Some(file)) => {
                let hub = config::load(&file)?.hub.with_context(|| format!("{} has no [hub]", file.display()))?;
                Ok(LogPlace { directory: hub.data, time_zone: hub.hall.time_zone().clone() })
            }
            (None, None) => anyhow::bail!("name the log with --config MACHINE_FILE or --data DIR"),
        }
    }

    pub fn directory(self) -> anyhow::Result<PathBuf> {
        Ok(self.find()?.directory)
    }
}
