//! What a hub needs to know. Plain data: the launcher reads it from files.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use protocol::hall::HallInfo;
use queue::Hall;

/// Configuration of a hub.
#[derive(Clone, Debug)]
pub struct HubConfig {
    /// Rules of the hall.
    pub hall: Hall,
    /// Names of the hall; ids as in `hall`.
    pub info: HallInfo,
    /// Kiosks that exist.
    pub kiosks: Vec<String>,
    /// Where the LAN API listens. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// Stations that may come in. Empty allows everybody, and is refused on an address other than loopback.
    pub tokens: Vec<StationToken>,
    /// Directory of the log; made when missing.
    pub data: PathBuf,
    /// A call is not spoken later than this.
    pub announcement_limit: Duration,
    /// Prefix of the address that a ticket's QR code leads to; none prints none.
    pub follow_url: Option<String>,
    /// The province; none works alone.
    pub central: Option<CentralConfig>,
}

/// A station's right to come in.
#[derive(Clone, PartialEq, Eq)]
pub struct StationToken {
    /// Station name, for the log.
    pub name: String,
    /// Secret, at least [`StationToken::SHORTEST`] characters.
    pub token: String,
}

impl StationToken {
    /// Fewest characters of a token.
    pub const SHORTEST: usize = 16;
}

// Not derived: a secret never reaches a log.
impl std::fmt::Debug for StationToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "StationToken({})", self.name)
    }
}

/// Where the province listens.
#[derive(Clone)]
pub struct CentralConfig {
    /// Base address, such as `https://mot-cua.tinh.gov.vn/hall-sync`.
    pub url: String,
    /// Secret of this hall.
    pub token: Option<String>,
}

impl std::fmt::Debug for CentralConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CentralConfig({})", self.url)
    }
}
