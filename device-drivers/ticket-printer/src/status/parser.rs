//! Telling a printer's answers apart in the bytes that come from it. Answers to different questions
//! have different fixed bits, and may stand between the four bytes of an automatic status.
//!
//! Anything else is noise: it is passed over and never stops the parser.

/// One answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// To `DLE EOT n`, fixed bits `0xx1xx10`. Which `n` only the order of asking tells.
    RealTime(u8),
    /// Automatic status: `0xx1xx00` and three bytes `0xx0xxxx`.
    Automatic([u8; 4]),
    /// To `GS r 1`, fixed bits `0xx0xxxx`.
    TransmittedPaper(u8),
    /// To `GS I 66`: `5F`, letters, `00`.
    Maker,
    /// To `DLE DC4 8`: `37 25 00`, all that waited in the printer is thrown away.
    Cleared,
}

/// Begins the answer to `GS I` 65 and more.
const TEXT: u8 = 0x5f;
/// Begins the answer to `DLE DC4 8`, and the byte between that and its `00`.
const CLEARED: u8 = 0x37;
const CLEARED_IDENTIFIER: u8 = 0x25;
/// Longest text answer.
const LONGEST_TEXT: usize = 80;

/// Takes bytes in any pieces.
#[derive(Debug, Clone, Default)]
pub struct Parser {
    /// First bytes of an automatic status that is not complete.
    begun: Vec<u8>,
    /// Letters of a text so far, while one comes.
    text: Option<usize>,
    /// Byte that the answer to `DLE DC4 8` goes on with, while one comes.
    cleared_goes_on: Option<u8>,
}

impl Parser {
    /// A parser at the start of an answer.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes one byte; gives an answer when it completes one.
    pub fn push(&mut self, byte: u8) -> Option<Reply> {
        if let Some(letters) = self.text {
            // Some letters look like answers to real-time questions; what is below them is one.
            match byte {
                0x00 => {
                    self.text = None;
                    return Some(Reply::Maker);
                }
                b' '..=b'~' if letters < LONGEST_TEXT => {
                    self.text = Some(letters + 1);
                    return None;
                }
                b' '..=b'~' => self.text = None,
                _ => {}
            }
        } else if byte == TEXT {
            self.text = Some(0);
            return None;
        }
        match self.cleared_goes_on {
            Some(CLEARED_IDENTIFIER) if byte == CLEARED_IDENTIFIER => {
                self.cleared_goes_on = Some(0);
                return None;
            }
            Some(0) if byte == 0 => {
                self.cleared_goes_on = None;
                return Some(Reply::Cleared);
            }
            _ if byte == CLEARED => {
                self.cleared_goes_on = Some(CLEARED_IDENTIFIER);
                return None;
            }
            // Flow control and real-time answers may stand in between.
            Some(_) if byte & 0x90 == 0 => self.cleared_goes_on = None,
            _ => {}
        }
        if byte & 0x93 == 0x12 {
            return Some(Reply::RealTime(byte));
        }
        if byte & 0x93 == 0x10 {
            self.begun = vec![byte];
            return None;
        }
        if byte & 0x90 != 0 {
            return None;
        }
        if self.begun.is_empty() {
            return Some(Reply::TransmittedPaper(byte));
        }
        self.begun.push(byte);
        let whole = <[u8; 4]>::try_from(self.begun.as_slice()).ok()?;
        self.begun.clear();
        Some(Reply::Automatic(whole))
    }

    /// The line was quiet for a while: what was begun will not be completed.
    pub fn quiet(&mut self) {
        self.begun.clear();
        self.text = None;
        self.cleared_goes_on = None;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn replies(bytes: &[u8]) -> Vec<Reply> {
        let mut parser = Parser::new();
        bytes.iter().filter_map(|byte| parser.push(*byte)).collect()
    }

    #[test]
    fn answers_are_told_apart() {
        assert_eq!(replies(&[0x12]), [Reply::RealTime(0x12)]);
        assert_eq!(replies(&[0x72]), [Reply::RealTime(0x72)]);
        assert_eq!(replies(&[0x00]), [Reply::TransmittedPaper(0)]);
        assert_eq!(
            replies(&[0x18, 0x00, 0x0c, 0x0f, 0x0c]),
            [Reply::Automatic([0x18, 0x00, 0x0c, 0x0f]), Reply::TransmittedPaper(0x0c)]
        );
    }

    #[test]
    fn flow_control_bytes_and_noise_are_no_answers() {
        assert!(replies(&[0x11, 0x13, 0xff, 0x93, 0x5f]).is_empty());
        assert_eq!(replies(&[0x10, 0x00, 0x11, 0x00, 0x13, 0x0f]), [Reply::Automatic([0x10, 0x00, 0x00, 0x0f])]);
    }

    #[test]
    fn the_makers_name_is_one_answer_and_lets_others_through() {
        assert_eq!(
            replies(b"\x00_EPSON\x00\x00"),
            [Reply::TransmittedPaper(0), Reply::Maker, Reply::TransmittedPaper(0)]
        );
        assert_eq!(replies(b"_CITI\x12ZEN\x00"), [Reply::RealTime(0x12), Reply::Maker]);
        let mut parser = Parser::new();
        assert_eq!(parser.push(b'_'), None);
        parser.quiet();
        assert_eq!(parser.push(0x52), Some(Reply::RealTime(0x52)));
        let endless = [&b"_"[..], &[b'A'; LONGEST_TEXT + 1], b"\x12"].concat();
        assert_eq!(replies(&endless).last(), Some(&Reply::RealTime(0x12)), "noise is no endless name");
    }

    #[test]
    fn the_clear_response_is_one_answer_and_lets_others_through() {
        assert_eq!(replies(b"\x37\x25\x00\x00"), [Reply::Cleared, Reply::TransmittedPaper(0)]);
        assert_eq!(replies(b"\x37\x13\x25\x12\x00"), [Reply::RealTime(0x12), Reply::Cleared]);
        assert_eq!(replies(b"\x37\x0c\x00"), [Reply::TransmittedPaper(0x0c), Reply::TransmittedPaper(0)]);
        assert_eq!(replies(b"\x37\x37\x25\x00"), [Reply::Cleared]);
    }

    #[test]
    fn a_lost_byte_spoils_one_status_only() {
        assert_eq!(replies(&[0x18, 0x00, 0x10, 0x00, 0x00, 0x0f]), [Reply::Automatic([0x10, 0x00, 0x00, 0x0f])]);
        let mut parser = Parser::new();
        assert_eq!(parser.push(0x10), None);
        parser.quiet();
        assert_eq!(parser.push(0x00), Some(Reply::TransmittedPaper(0)));
    }

    proptest! {
        #[test]
        fn garbage_never_stops_it(garbage: Vec<u8>) {
            let mut parser = Parser::new();
            for byte in garbage {
                parser.push(byte);
                prop_assert!(parser.begun.len() < 4);
            }
            parser.quiet();
            let mut status = [0x10, 0, 0, 0x0f].map(|byte| parser.push(byte));
            prop_assert_eq!(status[3].take(), Some(Reply::Automatic([0x10, 0, 0, 0x0f])));
            prop_assert_eq!(parser.push(0x12), Some(Reply::RealTime(0x12)));
        }

        #[test]
        fn answers_between_the_bytes_of_a_status_lose_neither(
            first in 0_u8..8, second in 0_u8..16, third in 0_u8..16,
            real_time in prop::collection::vec(0_u8..4, 4),
        ) {
            let status = [0x10 | (first & 1) << 2 | (first & 6) << 4, second, third, 0x0f];
            let mut bytes = Vec::new();
            for (part, extra) in status.into_iter().zip(&real_time) {
                bytes.push(part);
                bytes.push(0x12 | extra << 2);
            }
            let got = replies(&bytes);
            prop_assert_eq!(got.len(), 5);
            prop_assert!(got.contains(&Reply::Automatic(status)));
        }
    }
}
