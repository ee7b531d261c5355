//! The hall as stations know it: `GET /v1/hall`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::text::Text;

/// Names and choices of a hall.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HallInfo {
    /// Hall id, as central knows it.
    pub id: String,
    /// First line of the name: `Trung tâm Phục vụ hành chính công`.
    pub name: Text,
    /// Second line: branch or province.
    pub name_line2: Text,
    /// Opening hours in words.
    pub hours: Text,
    /// Offset of the hall's local time from UTC, in minutes.
    pub utc_offset_minutes: i32,
    /// Languages offered, the first one first.
    pub languages: Vec<String>,
    /// A wait of more minutes than this is shown as long.
    pub wait_target_minutes: u32,
    /// Lines of the notice bar on displays.
    pub notices: Vec<Text>,
    /// Fields in the order of the kiosk.
    pub fields: Vec<FieldInfo>,
    /// Services in the order of the kiosk.
    pub services: Vec<ServiceInfo>,
    /// Counters by number.
    pub counters: Vec<CounterInfo>,
    /// Officers.
    pub officers: Vec<OfficerInfo>,
    /// Classes, the normal one first.
    pub classes: Vec<ClassInfo>,
    /// Rating scale, best level first.
    pub rating_levels: Vec<RatingLevelInfo>,
    /// How serving can end; empty where the hall does not ask.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outcomes: Vec<OutcomeInfo>,
    /// What a citizen may say after a level that does not count as satisfied; empty where the hall does not ask.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rating_reasons: Vec<RatingReasonInfo>,
    /// Whether a citizen may add words of their own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rating_comment: bool,
    /// The hall's own colour, `#RRGGBB`; none leaves the stations' own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accent: Option<String>,
    /// Name of the logo: `GET /v1/pictures/{name}`; none where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<String>,
    /// Where a citizen follows a ticket; none where there is no such page. See [`Self::follow`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow_url: Option<String>,
}

impl HallInfo {
    /// Address at which a ticket can be followed, for a QR code.
    #[must_use]
    pub fn follow(&self, ticket: &str) -> Option<String> {
        self.follow_url.as_ref().map(|url| format!("{}/{ticket}", url.trim_end_matches('/')))
    }
}

/// What may have been wrong, or right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RatingReasonInfo {
    /// Reason id.
    pub id: String,
    /// Name, such as `Chờ lâu`.
    pub name: Text,
}

/// How serving can end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OutcomeInfo {
    /// Outcome id.
    pub id: String,
    /// Name, such as `Đã tiếp nhận`.
    pub name: Text,
}

/// A field: group of services.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldInfo {
    /// Field id.
    pub id: String,
    /// First letter of its ticket numbers.
    pub letter: char,
    /// Name.
    pub name: Text,
    /// Icon name in `assets/icons`.
    pub icon: String,
}

/// A service: what one queues for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ServiceInfo {
    /// Service id.
    pub id: String,
    /// Field id.
    pub field: String,
    /// Name.
    pub name: Text,
    /// Counters that serve it.
    pub counters: Vec<u16>,
}

/// A counter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CounterInfo {
    /// Number on the desk.
    pub number: u16,
    /// What it is for.
    pub name: Text,
}

/// An officer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OfficerInfo {
    /// Officer id.
    pub id: String,
    /// Name as citizens see it.
    pub name: String,
    /// Name of the photo: `GET /v1/pictures/{name}`; none where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<String>,
}

/// A class of citizens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClassInfo {
    /// Class id.
    pub id: String,
    /// Name, such as `Từ 75 tuổi`.
    pub name: Text,
    /// Whether it goes before normal tickets.
    pub priority: bool,
    /// Icon name in `assets/icons`.
    pub icon: String,
}

/// A level of the rating scale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RatingLevelInfo {
    /// Level id.
    pub id: String,
    /// Name, such as `Rất hài lòng`.
    pub name: Text,
    /// Icon name in `assets/icons`.
    pub icon: String,
    /// Whether it counts as satisfied.
    pub satisfied: bool,
}
