//! Device health as agents tell it: `PUT /v1/agents/{agent}/health`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a device is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeviceKind {
    /// Prints queue tickets at a kiosk.
    TicketPrinter,
    /// Shows numbers to the hall.
    NumberBoard,
    /// Speaks calls, and help at a kiosk.
    Speaker,
}

/// Where a device stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeviceState {
    /// Never found.
    Absent,
    /// Being opened.
    Opening,
    /// Works.
    Ready,
    /// There, but not well; see the fault.
    Degraded,
    /// Was there and went.
    Lost,
}

/// One device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeviceHealth {
    /// Name in `devices.toml`.
    pub name: String,
    /// What it is.
    pub kind: DeviceKind,
    /// Kiosk that it stands at, for a printer and for a speaker that stands at one.
    pub kiosk: Option<String>,
    /// Where it stands.
    pub state: DeviceState,
    /// What is wrong, where something is.
    pub fault: Option<DeviceFault>,
    /// The roll, for a printer. The agent tells its length, the hub has counted the rest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roll: Option<RollHealth>,
}

/// A printer's roll, by count: what the hub knows of papers that came out, without torn ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RollHealth {
    /// Length of a new roll, where it is configured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length_mm: Option<u64>,
    /// Printed since the roll was changed.
    pub printed_mm: u64,
    /// What is left of it, where its length is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_mm: Option<u64>,
    /// Service days for which that lasts, by what was printed on past ones; none before the first has passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_left: Option<u32>,
}

/// What is wrong with a device and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeviceFault {
    /// Stable code, such as `paper-out`.
    pub code: String,
    /// Cause in words, for the log and the IT person.
    pub detail: String,
    /// What to do next.
    pub action: String,
}

/// Health of all devices of one agent. Told on every change and every [`AgentHealth::INTERVAL_SECONDS`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgentHealth {
    /// Its devices.
    pub devices: Vec<DeviceHealth>,
}

impl AgentHealth {
    /// Seconds between two reports that say nothing new.
    pub const INTERVAL_SECONDS: u64 = 5;
    /// After this silence the hub shows the agent's devices as lost.
    pub const SILENT_AFTER_SECONDS: u64 = 15;
    /// Most devices of one agent.
    pub const MAX_DEVICES: usize = 64;
}

/// The hub's own health: `GET /v1/health`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HubHealth {
    /// Version of the program.
    pub version: String,
    /// Last sequence of the log.
    pub sequence: u64,
    /// Last sequence that central has answered for; none where no central is configured.
    pub central_sequence: Option<u64>,
    /// Why central does not get on; none when it does.
    pub central_fault: Option<String>,
    /// Events that central refused and that wait in quarantine.
    pub quarantined: u64,
    /// Devices of all agents.
    pub devices: Vec<DeviceHealth>,
    /// What is wrong with the hub itself: its disk, its log, its clock.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<DeviceFault>,
    /// How right the told waits were; none before the first call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait_accuracy: Option<WaitAccuracy>,
}

/// How right the waits were that citizens were told, since the log began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WaitAccuracy {
    /// Tickets called.
    pub calls: u64,
    /// Of those, called within the told upper end (nine of ten should be).
    pub within_high: u64,
    /// Of those, called within the told lower end (half of them should be).
    pub within_low: u64,
    /// Mean distance from the middle of the told range, seconds.
    pub mean_error_seconds: u64,
}
