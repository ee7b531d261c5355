//! The machine file as it is written, table by table.

use std::path::PathBuf;

use serde::Deserialize;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HubTable {
    pub listen: Spanned<String>,
    pub data: PathBuf,
    pub hall: Spanned<PathBuf>,
    #[serde(default)]
    pub kiosks: Vec<Spanned<String>>,
    #[serde(default)]
    pub tokens: Vec<TokenTable>,
    pub staff_pin_file: Option<Spanned<PathBuf>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TokenTable {
    pub name: Spanned<String>,
    pub token: Option<Spanned<String>>,
    pub token_file: Option<Spanned<PathBuf>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CentralTable {
    pub url: Spanned<String>,
    pub token: Option<Spanned<String>>,
    pub token_file: Option<Spanned<PathBuf>>,
}

/// How this machine reaches its hub.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConnectionTable {
    pub hub: Option<Spanned<String>>,
    pub token: Option<Spanned<String>>,
    pub token_file: Option<Spanned<PathBuf>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AgentTable {
    pub devices: Spanned<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScreensTable {
    pub fullscreen: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StationTable {
    pub kind: Spanned<String>,
    pub kiosk: Option<Spanned<String>>,
    pub counter: Option<Spanned<u16>>,
    pub language: Option<Spanned<String>>,
    pub dpi: Option<Spanned<u16>>,
    pub scheme: Option<Spanned<String>>,
    pub motion: Option<bool>,
    pub large_text: Option<bool>,
    pub low_reach: Option<Spanned<bool>>,
    pub bar: Option<Spanned<bool>>,
    pub state: Option<Spanned<PathBuf>>,
}
