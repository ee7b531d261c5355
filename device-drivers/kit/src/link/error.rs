//! Why a link could not be opened, in words for the person who stands beside the device.

use crate::health::Fault;

/// A link that could not be opened: which, why, and what to do next.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{link}: {cause}; {action}")]
pub struct LinkError {
    /// The link as [`crate::LinkConfig`] displays itself.
    pub link: String,
    /// What kind of failure it is.
    pub kind: LinkErrorKind,
    /// The cause, as the operating system or library said it.
    pub cause: String,
    /// What to do next.
    pub action: String,
}

/// Kinds of failure to open a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkErrorKind {
    /// There is no such device.
    NotFound,
    /// The device is there and this user may not open it.
    Permission,
    /// Another program has it.
    Busy,
    /// A network address that does not answer.
    Unreachable,
    /// Configuration that cannot be right, such as an address without a port.
    Configuration,
    /// Anything else that the operating system said.
    Io,
}

impl LinkErrorKind {
    /// The fault code that health shows.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Permission => "no-permission",
            Self::Busy => "busy",
            Self::Unreachable => "unreachable",
            Self::Configuration => "bad-configuration",
            Self::Io => "io-error",
        }
    }
}

impl LinkError {
    /// The same as a fault for health.
    pub fn to_fault(&self) -> Fault {
        Fault::new(self.kind.code(), format!("{}: {}", self.link, self.cause), self.action.clone())
    }
}
