//! Finds Alpha frames in a stream of bytes and checks them.
//!
//! A frame is `00×5 01 type addr addr (02 command data [03 CCCC])… 04`. What is not a frame is noise and
//! is skipped; a new `00×5 01` in the middle of a frame begins anew. Nothing here knows what a command does.
//! Sources: Alpha Sign Communications Protocol (9708-8061), checked against alphasignpy 0.1.1.

/// Longest frame that is collected; a longer one is bad.
const MAX_FRAME_BYTES: usize = 8 * 1024;
/// Zero bytes before a frame, from which a real board takes the line speed.
const SYNC_ZEROS: usize = 5;

/// One command of a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Command {
    /// `A` write text, `E` write special function, `G` write string, …
    pub code: u8,
    pub data: Vec<u8>,
}

/// A frame whose checksums are right or absent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Frame {
    pub address: [u8; 2],
    pub commands: Vec<Command>,
    /// At least one command came without a checksum.
    pub unchecked: bool,
}

/// What the reader found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Found {
    Frame(Frame),
    /// Something that began like a frame and was not one.
    Bad,
    /// A byte outside of any frame.
    Noise,
}

/// Reads a stream byte by byte.
#[derive(Debug, Default)]
pub(crate) struct FrameReader {
    zeros: usize,
    inside: Option<Vec<u8>>,
}

impl FrameReader {
    /// Takes one byte; answers when it completes or ruins something.
    pub(crate) fn push(&mut self, byte: u8) -> Option<Found> {
        let zeros = self.zeros;
        self.zeros = if byte == 0 { zeros + 1 } else { 0 };
        if byte == 0x01 && zeros >= SYNC_ZEROS {
            let torn = self.inside.replace(Vec::new()).is_some();
            return torn.then_some(Found::Bad);
        }
        let Some(body) = &mut self.inside else {
            return (byte != 0).then_some(Found::Noise);
        };
        if byte == 0x04 {
            let body = self.inside.take().unwrap_or_default();
            return Some(parse(&body).map_or(Found::Bad, Found::Frame));
        }
        body.push(byte);
        if body.len() > MAX_FRAME_BYTES {
            self.inside = None;
            return Some(Found::Bad);
        }
        None
    }
}

/// Parses what stands between `01` and `04`.
fn parse(body: &[u8]) -> Option<Frame> {
    let [_type, high, low, rest @ ..] = body else {
        return None;
    };
    let mut frame = Frame { address: [*high, *low], commands: Vec::new(), unchecked: false };
    let mut rest = rest;
    while !rest.is_empty() {
        let (command, checked, after) = parse_command(rest)?;
        frame.unchecked |= !checked;
        frame.commands.push(command);
        rest = after;
    }
    (!frame.commands.is_empty()).then_some(frame)
}

/// Takes one `02 command data [03 CCCC]`; says whether it carried a checksum. `None` when it is wrong.
fn parse_command(bytes: &[u8]) -> Option<(Command, bool, &[u8])> {
    if bytes.first() != Some(&0x02) {
        return None;
    }
    let end = bytes.iter().position(|byte| *byte == 0x03);
    let inner_end = end.unwrap_or(bytes.len());
    let (code, data) = bytes.get(1..inner_end)?.split_first()?;
    let command = Command { code: *code, data: data.to_vec() };
    let Some(end) = end else {
        return Some((command, false, &[]));
    };
    let after = &bytes[end + 1..];
    if after.is_empty() || after[0] == 0x02 {
        return Some((command, false, after));
    }
    let (digits, after) = after.split_at_checked(4)?;
    let said = u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    let sum = bytes[..=end].iter().fold(0u16, |sum, byte| sum.wrapping_add(u16::from(*byte)));
    (said == sum).then_some((command, true, after))
}

#[cfg(test)]
mod tests {
    use super::{Found, FrameReader};

    const GOLDEN: &[u8] = b"\0\0\0\0\0\x01Z00\x02AA\x1b&aA012\x030FD\x04";
    // devices.md: 0000000000 01 5A3030 02 4141 1B2661 41303132 03 30314644 04
    const GOLDEN_01FD: &[u8] = b"\0\0\0\0\0\x01Z00\x02AA\x1b&aA012\x0301FD\x04";

    fn read(bytes: &[u8]) -> Vec<Found> {
        let mut reader = FrameReader::default();
        bytes.iter().filter_map(|byte| reader.push(*byte)).collect()
    }

    #[test]
    fn the_golden_frame_is_read() {
        let found = read(GOLDEN_01FD);
        let [Found::Frame(frame)] = &found[..] else {
            unreachable!("one frame expected, not {found:?}");
        };
        assert_eq!(frame.address, *b"00");
        assert!(!frame.unchecked);
        assert_eq!(frame.commands[0].code, b'A');
        assert_eq!(frame.commands[0].data, b"A\x1b&aA012");
    }

    #[test]
    fn a_wrong_or_short_checksum_is_bad() {
        let mut wrong = GOLDEN_01FD.to_vec();
        wrong[16] ^= 1;
        assert_eq!(read(&wrong), [Found::Bad]);
        assert_eq!(read(GOLDEN), [Found::Bad]);
    }

    #[test]
    fn reading_goes_on_after_noise_and_torn_frames() {
        let mut stream = b"\x55\xaa".to_vec();
        stream.extend_from_slice(&GOLDEN_01FD[..14]);
        stream.extend_from_slice(GOLDEN_01FD);
        stream.push(0x77);
        stream.extend_from_slice(GOLDEN_01FD);
        let found = read(&stream);
        assert_eq!(found[..2], [Found::Noise, Found::Noise]);
        assert_eq!(found[2], Found::Bad);
        assert!(matches!(found[3], Found::Frame(_)));
        assert_eq!(found[4], Found::Noise);
        assert!(matches!(found[5], Found::Frame(_)));
    }

    #[test]
    fn without_five_zeros_a_board_cannot_follow() {
        let found = read(&GOLDEN_01FD[1..]);
        assert!(found.iter().all(|one| *one == Found::Noise), "{found:?}");
    }

    #[test]
    fn an_endless_frame_is_given_up() {
        let mut stream = b"\0\0\0\0\0\x01Z00\x02AA".to_vec();
        stream.resize(9000, b'x');
        assert_eq!(read(&stream)[0], Found::Bad);
    }
}
