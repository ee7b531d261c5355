//! Bytes on their way to the printer, with positions that never repeat: so that it is known which
//! of them have left.

/// A queue of bytes with absolute positions.
#[derive(Debug, Default)]
pub(crate) struct Outgoing {
    waiting: Vec<u8>,
    /// How many of `waiting` have left.
    gone: usize,
    /// Position of the first byte of `waiting`.
    base: u64,
}

impl Outgoing {
    /// Adds bytes; returns the position after them.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> u64 {
        if self.gone == self.waiting.len() {
            self.base = self.left();
            self.waiting.clear();
            self.gone = 0;
        }
        self.waiting.extend_from_slice(bytes);
        self.end()
    }

    /// Bytes that have not left.
    pub(crate) fn pending(&self) -> &[u8] {
        self.waiting.get(self.gone..).unwrap_or_default()
    }

    /// The wire took this many.
    pub(crate) fn took(&mut self, count: usize) {
        self.gone = (self.gone + count).min(self.waiting.len());
    }

    /// Drops what has not left.
    pub(crate) fn drop_pending(&mut self) {
        self.waiting.truncate(self.gone);
    }

    /// Position of the first byte that has not left.
    pub(crate) fn left(&self) -> u64 {
        self.base + self.gone as u64
    }

    /// Position after the last byte.
    pub(crate) fn end(&self) -> u64 {
        self.base + self.waiting.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_go_on_while_the_memory_is_used_again() {
        let mut outgoing = Outgoing::default();
        assert_eq!(outgoing.push(b"abc"), 3);
        outgoing.took(2);
        assert_eq!((outgoing.pending(), outgoing.left()), (&b"c"[..], 2));
        assert_eq!(outgoing.push(b"d"), 4);
        outgoing.took(2);
        assert_eq!(outgoing.push(b"ef"), 6);
        assert_eq!((outgoing.left(), outgoing.waiting.len()), (4, 2));
        outgoing.took(1);
        outgoing.drop_pending();
        assert_eq!((outgoing.pending(), outgoing.end()), (&b""[..], 5));
    }
}
