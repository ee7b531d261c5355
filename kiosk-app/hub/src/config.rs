//! What a hub needs to know. Plain data: the launcher reads it from files.

use std::collections::BTreeMap;
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
    /// How long a citizen's own words are kept.
    pub keep_comments: Duration,
    /// Logo and photos by name.
    pub pictures: BTreeMap<String, Picture>,
    /// What staff type at a kiosk to come to its staff page; none leaves that page shut.
    pub staff_pin: Option<StaffPin>,
    /// The province; none works alone.
    pub central: Option<CentralConfig>,
}

impl HubConfig {
    /// How long a citizen's own words are kept where the hall says nothing else.
    pub const KEEP_COMMENTS: Duration = Duration::from_secs(30 * 24 * 3600);
}

/// A picture that stations show.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// `image/png`, `image/jpeg` or `image/svg+xml`.
    pub media_type: &'static str,
    /// The file, at most [`Picture::MAX_BYTES`].
    pub bytes: Vec<u8>,
}

impl Picture {
    /// Most bytes of a picture.
    pub const MAX_BYTES: u64 = 512 * 1024;
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({}, {} bytes)", self.media_type, self.bytes.len())
    }
}

/// The number that opens a kiosk's staff page.
#[derive(Clone, PartialEq, Eq)]
pub struct StaffPin(pub String);

// Not derived: a secret never reaches a log.
impl std::fmt::Debug for StaffPin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StaffPin")
    }
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
