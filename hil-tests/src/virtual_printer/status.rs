//! What the printer says about itself, bit by bit.
//!
//! Source: `shared/devices.md` (read in third parties' own files) and Epson's reference.

/// The state of paper, cover and knife.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Condition {
    pub paper_out: bool,
    pub paper_low: bool,
    pub cover_open: bool,
    /// The knife stuck during a cut; stays until a person or `DLE ENQ` ends it.
    pub cutter_error: bool,
}

impl Condition {
    /// Whether printing is stopped.
    pub(crate) fn offline(self) -> bool {
        self.paper_out || self.cover_open || self.cutter_error
    }

    /// The answer to `DLE EOT n`; `None` for an `n` that gets no answer.
    pub(crate) fn real_time(self, n: u8) -> Option<u8> {
        let bits = match n {
            1 => bit(self.offline(), 0x08),
            2 => bit(self.cover_open, 0x04) | bit(self.paper_out, 0x20) | bit(self.cutter_error, 0x40),
            3 => bit(self.cutter_error, 0x08),
            4 => bit(self.paper_low || self.paper_out, 0x0C) | bit(self.paper_out, 0x60),
            _ => return None,
        };
        Some(0x12 | bits)
    }

    /// The answer to `GS r n`; `None` for an `n` that gets no answer.
    pub(crate) fn in_order(self, n: u8) -> Option<u8> {
        match n {
            1 | 49 => Some(bit(self.paper_low || self.paper_out, 0x03) | bit(self.paper_out, 0x0C)),
            2 | 50 => Some(0),
            _ => None,
        }
    }

    /// The four bytes of automatic status.
    pub(crate) fn automatic(self) -> [u8; 4] {
        [
            0x10 | bit(self.offline(), 0x08) | bit(self.cover_open, 0x20),
            bit(self.cutter_error, 0x08),
            bit(self.paper_low || self.paper_out, 0x03) | bit(self.paper_out, 0x0C),
            0x0F,
        ]
    }

    /// The part of the automatic status that `mask` (the `n` of `GS a n`) asks to be told about.
    pub(crate) fn watched(self, mask: u8) -> [u8; 3] {
        let all = self.automatic();
        [
            if mask & 0x02 != 0 { all[0] } else { 0 },
            if mask & 0x04 != 0 { all[1] } else { 0 },
            if mask & 0x08 != 0 { all[2] } else { 0 },
        ]
    }
}

fn bit(set: bool, value: u8) -> u8 {
    if set { value } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::Condition;

    #[test]
    fn a_healthy_printer_says_so() {
        let healthy = Condition::default();
        assert_eq!([1, 2, 3, 4].map(|n| healthy.real_time(n)), [Some(0x12); 4]);
        assert_eq!(healthy.automatic(), [0x10, 0, 0, 0x0F]);
        assert_eq!(healthy.real_time(9), None);
    }

    #[test]
    fn each_trouble_has_its_bits() {
        let out = Condition { paper_out: true, ..Condition::default() };
        assert_eq!([1, 2, 3, 4].map(|n| out.real_time(n).unwrap_or(0)), [0x1A, 0x32, 0x12, 0x7E]);
        assert_eq!(out.automatic(), [0x18, 0, 0x0F, 0x0F]);
        assert_eq!(out.in_order(1), Some(0x0F));
        let open = Condition { cover_open: true, ..Condition::default() };
        assert_eq!(open.real_time(2), Some(0x16));
        assert_eq!(open.automatic()[0], 0x38);
        let stuck = Condition { cutter_error: true, ..Condition::default() };
        assert_eq!([1, 2, 3].map(|n| stuck.real_time(n).unwrap_or(0)), [0x1A, 0x52, 0x1A]);
    }
}
