//! What tests ask a printer about its past.

/// What the printer counted since it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counters {
    /// Bytes taken from the wire, real-time commands included.
    pub bytes_received: u64,
    /// Sheets cut.
    pub sheets: u64,
    /// `DLE EOT` and `GS r` received.
    pub status_requests: u64,
    /// Bytes sequences that no printer of this family knows.
    pub unknown_commands: u64,
    /// Characters that the model's code page or font lacks; printed as an empty box.
    pub unprintable_characters: u64,
}
