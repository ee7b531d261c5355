//! The chain of hashes that makes the log evidence: whoever changes, removes or swaps an event after it was written
//! breaks every hash from there on.
//!
//! A hash is the SHA-256 of, one after the other: the predecessor's hash (32 zero bytes before event 1), the sequence,
//! the time in milliseconds, the length of the body and its bytes, then 0 where the event has no request, else 1 and
//! the request's length and bytes. Numbers and lengths take 8 bytes, big-endian; 0 and 1 take one; texts are taken as
//! they stand in the table. This never changes: `tests/frozen/hall_v2.sql` holds hashes that another program computed.
//!
//! The chain does not show that events are missing at the very end: note the head that `kiosk-app log verify` prints
//! and compare it later.

use std::fmt;

use sha2::{Digest, Sha256};

/// The hash of an event, and so of the whole log up to it. Shown as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Hash([u8; 32]);

/// An event as it stands in the table.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    pub sequence: u64,
    /// Milliseconds since 1970.
    pub at: i64,
    pub body: &'a [u8],
    pub request: Option<&'a [u8]>,
}

impl Hash {
    /// Stands before the first event.
    pub(super) const START: Self = Self([0; 32]);

    /// The hash of `row`, which follows the event of this hash.
    pub(super) fn next(self, row: &Row<'_>) -> Self {
        let mut sha = Sha256::new();
        sha.update(self.0);
        sha.update(row.sequence.to_be_bytes());
        sha.update(row.at.to_be_bytes());
        sha.update((row.body.len() as u64).to_be_bytes());
        sha.update(row.body);
        match row.request {
            None => sha.update([0]),
            Some(request) => {
                sha.update([1]);
                sha.update((request.len() as u64).to_be_bytes());
                sha.update(request);
            }
        }
        Self(sha.finalize().into())
    }

    /// A hash as it stands in the table; none when it has another length.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_can_move_from_one_field_to_another() {
        let row = Row { sequence: 1, at: 2, body: b"ab", request: Some(b"cd") };
        let others = [
            Row { sequence: 2, at: 1, ..row },
            Row { body: b"abc", request: Some(b"d"), ..row },
            Row { body: b"abcd", request: None, ..row },
            Row { body: b"ab", request: None, ..row },
            Row { body: b"ab", request: Some(b""), ..row },
        ];
        let hash = Hash::START.next(&row);
        for (n, other) in others.iter().enumerate() {
            assert_ne!(Hash::START.next(other), hash, "{n}");
        }
        assert_ne!(hash.next(&row), hash, "the predecessor counts");
    }
}
