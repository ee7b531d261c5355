//! Where one command ends and the next begins.
//!
//! Only lengths are known here, never what a command does. Known commands that the virtual printer
//! does not carry out still have their right length, so that their parameters never reach the paper.
//! Source: Epson's ESC/POS command reference, and python-escpos and receipt-printer-encoder for usage.

/// Longest single command; a longer one (`GS 8 L` can announce 4 GiB) is refused as unknown.
pub(crate) const MAX_COMMAND_BYTES: usize = 4 * 1024 * 1024;

/// What stands at the beginning of the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measure {
    /// One whole command or run of text of this many bytes.
    Whole(usize),
    /// The beginning of a command whose rest has not come yet.
    More,
    /// Not a command that any printer of the family knows; this many bytes are dropped.
    Unknown(usize),
}

/// Bytes after prefix and letter, for commands whose length never varies.
const ESC_FIXED: &[(u8, usize)] = &[
    (b' ', 1),
    (b'!', 1),
    (b'$', 2),
    (b'%', 1),
    (b'-', 1),
    (b'2', 0),
    (b'3', 1),
    (b'7', 3),
    (b'<', 0),
    (b'=', 1),
    (b'?', 1),
    (b'@', 0),
    (b'A', 1),
    (b'B', 2),
    (b'E', 1),
    (b'G', 1),
    (b'J', 1),
    (b'K', 1),
    (b'L', 0),
    (b'M', 1),
    (b'R', 1),
    (b'S', 0),
    (b'T', 1),
    (b'U', 1),
    (b'V', 1),
    (b'W', 8),
    (b'\\', 2),
    (b'a', 1),
    (b'c', 2),
    (b'd', 1),
    (b'e', 1),
    (b'f', 2),
    (b'i', 0),
    (b'm', 0),
    (b'p', 3),
    (b'r', 1),
    (b't', 1),
    (b'u', 1),
    (b'v', 0),
    (b'{', 1),
];
const GS_FIXED: &[(u8, usize)] = &[
    (b'!', 1),
    (b'$', 2),
    (b'/', 1),
    (b':', 0),
    (b'B', 1),
    (b'E', 1),
    (b'H', 1),
    (b'I', 1),
    (b'L', 2),
    (b'P', 2),
    (b'T', 1),
    (b'W', 2),
    (b'\\', 2),
    (b'^', 3),
    (b'a', 1),
    (b'b', 1),
    (b'c', 0),
    (b'f', 1),
    (b'g', 4),
    (b'h', 1),
    (b'j', 1),
    (b'r', 1),
    (b'w', 1),
    (b'z', 3),
];
const FS_FIXED: &[(u8, usize)] =
    &[(b'!', 1), (b'&', 0), (b'-', 1), (b'.', 0), (b'2', 74), (b'?', 2), (b'C', 1), (b'S', 2), (b'W', 1), (b'p', 2)];

/// Bytes of a real-time command (`DLE …`) at the beginning of `bytes`.
pub(crate) fn measure_real_time(bytes: &[u8]) -> Measure {
    let Some(&kind) = bytes.get(1) else {
        return Measure::More;
    };
    let Some(&function) = bytes.get(2) else {
        return match kind {
            0x04 | 0x05 | 0x14 => Measure::More,
            _ => Measure::Unknown(1),
        };
    };
    let whole = match (kind, function) {
        (0x04, 7 | 8 | 18) => 4,
        (0x04 | 0x05, _) => 3,
        (0x14, 1 | 2) => 5,
        (0x14, 3) => 8,
        (0x14, 7) => 4,
        (0x14, 8) => 10,
        _ => return Measure::Unknown(1),
    };
    if bytes.len() < whole { Measure::More } else { Measure::Whole(whole) }
}

/// Measures what stands at the beginning of `bytes`, which must not be empty.
pub(crate) fn measure(bytes: &[u8], utf8: bool) -> Measure {
    let Some(&first) = bytes.first() else {
        return Measure::More;
    };
    match first {
        0x00 | 0x09 | 0x0A | 0x0C | 0x0D | 0x18 => Measure::Whole(1),
        0x10 => measure_real_time(bytes),
        0x1B => prefixed(bytes, ESC_FIXED, esc_varying),
        0x1C => prefixed(bytes, FS_FIXED, fs_varying),
        0x1D => prefixed(bytes, GS_FIXED, gs_varying),
        0x20.. => text_run(bytes, utf8),
        _ => Measure::Unknown(1),
    }
}

fn prefixed(bytes: &[u8], fixed: &[(u8, usize)], varying: fn(&[u8]) -> Measure) -> Measure {
    let Some(&letter) = bytes.get(1) else {
        return Measure::More;
    };
    let measured = match fixed.iter().find(|(known, _)| *known == letter) {
        Some((_, parameters)) => Measure::Whole(2 + parameters),
        None => varying(bytes),
    };
    match measured {
        Measure::Whole(length) if length > MAX_COMMAND_BYTES => Measure::Unknown(2),
        Measure::Whole(length) if length > bytes.len() => Measure::More,
        other => other,
    }
}

/// A run of printable bytes; in UTF-8 only whole characters.
fn text_run(bytes: &[u8], utf8: bool) -> Measure {
    let run = bytes.iter().take_while(|byte| **byte >= 0x20).count();
    if !utf8 {
        return Measure::Whole(run);
    }
    match std::str::from_utf8(&bytes[..run]) {
        Ok(_) => Measure::Whole(run),
        Err(error) if error.valid_up_to() > 0 => Measure::Whole(error.valid_up_to()),
        Err(error) => match error.error_len() {
            None if run == bytes.len() => Measure::More,
            None => Measure::Unknown(run),
            Some(wrong) => Measure::Unknown(wrong),
        },
    }
}

/// The 16-bit number whose low byte stands at `at`.
fn low_high(bytes: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(*bytes.get(at)?) + 256 * usize::from(*bytes.get(at + 1)?))
}

/// Turns a length that may not be computable yet into a measure.
fn when_known(length: Option<usize>) -> Measure {
    length.map_or(Measure::More, Measure::Whole)
}

fn esc_varying(bytes: &[u8]) -> Measure {
    match bytes[1] {
        b'(' => when_known(low_high(bytes, 3).map(|counted| 5 + counted)),
        b'*' => when_known(bytes.get(2).and_then(|mode| {
            let bytes_a_column = if *mode >= 32 { 3 } else { 1 };
            Some(5 + low_high(bytes, 3)? * bytes_a_column)
        })),
        b'D' => match bytes[2..].iter().position(|byte| *byte == 0) {
            Some(end) => Measure::Whole(3 + end),
            None if bytes.len() > 2 + 32 => Measure::Unknown(2),
            None => Measure::More,
        },
        b'&' => when_known(user_defined_length(bytes)),
        _ => Measure::Unknown(2),
    }
}

/// `ESC & y c1 c2 [x d1…d(y·x)]` for each code from c1 to c2.
fn user_defined_length(bytes: &[u8]) -> Option<usize> {
    let height = usize::from(*bytes.get(2)?);
    let (first, last) = (*bytes.get(3)?, *bytes.get(4)?);
    let mut length = 5;
    for _ in first..=last {
        length += 1 + height * usize::from(*bytes.get(length)?);
    }
    Some(length)
}

fn fs_varying(bytes: &[u8]) -> Measure {
    match bytes[1] {
        b'(' => when_known(low_high(bytes, 3).map(|counted| 5 + counted)),
        b'q' => when_known(stored_images_length(bytes)),
        b'g' => match bytes.get(2) {
            None => Measure::More,
            Some(1) => when_known(low_high(bytes, 8).map(|counted| 10 + counted)),
            Some(2) => Measure::Whole(10),
            Some(_) => Measure::Unknown(3),
        },
        _ => Measure::Unknown(2),
    }
}

/// `FS q n [xL xH yL yH d…]` n times.
fn stored_images_length(bytes: &[u8]) -> Option<usize> {
    let mut length = 3;
    for _ in 0..*bytes.get(2)? {
        length += 4 + low_high(bytes, length)? * low_high(bytes, length + 2)? * 8;
    }
    Some(length)
}

fn gs_varying(bytes: &[u8]) -> Measure {
    match bytes[1] {
        b'(' => when_known(low_high(bytes, 3).map(|counted| 5 + counted)),
        b'8' => when_known(low_high(bytes, 3).zip(low_high(bytes, 5)).map(|(low, high)| 7 + low + 65536 * high)),
        b'*' => when_known(bytes.get(2).zip(bytes.get(3)).map(|(x, y)| 4 + usize::from(*x) * usize::from(*y) * 8)),
        b'C' => match bytes.get(2) {
            None => Measure::More,
            Some(b'0' | 0 | b'2' | 2) => Measure::Whole(5),
            Some(b'1' | 1) => Measure::Whole(9),
            Some(_) => Measure::Unknown(3),
        },
        b'V' => match bytes.get(2) {
            None => Measure::More,
            Some(0 | 1 | 48 | 49) => Measure::Whole(3),
            Some(65 | 66 | 97 | 98 | 103 | 104) => Measure::Whole(4),
            Some(_) => Measure::Unknown(3),
        },
        b'v' | b'Q' => when_known(low_high(bytes, 4).zip(low_high(bytes, 6)).map(|(across, down)| 8 + across * down)),
        b'k' => barcode_length(bytes),
        _ => Measure::Unknown(2),
    }
}

fn barcode_length(bytes: &[u8]) -> Measure {
    match bytes.get(2) {
        None => Measure::More,
        Some(0..=6) => match bytes[3..].iter().position(|byte| *byte == 0) {
            Some(end) => Measure::Whole(4 + end),
            None if bytes.len() > 3 + 255 => Measure::Unknown(3),
            None => Measure::More,
        },
        Some(65..=79) => when_known(bytes.get(3).map(|counted| 4 + usize::from(*counted))),
        Some(_) => Measure::Unknown(3),
    }
}

#[cfg(test)]
mod tests {
    use super::{Measure, measure};

    #[test]
    fn a_command_split_anywhere_is_the_same_command() {
        let commands: &[&[u8]] = &[
            b"\x1b@",
            b"\x1b!\x08",
            b"\x1bD\x04\x08\x00",
            b"\x1b*\x21\x02\x00abcdef",
            b"\x1b&\x03AB\x01abc\x02abcdef",
            b"\x1dv0\x00\x02\x00\x02\x00abcd",
            b"\x1d(L\x02\x0002",
            b"\x1d8L\x02\x00\x00\x0002",
            b"\x1dkI\x03{BA",
            b"\x1dk\x04ABC\x00",
            b"\x1dVB\x10",
            b"\x1dV0",
            b"\x1cp\x01\x00",
            b"\x1cq\x01\x01\x00\x01\x0012345678",
            b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08",
            b"\x10\x04\x01",
        ];
        for command in commands {
            for part in 1..command.len() {
                assert_eq!(measure(&command[..part], false), Measure::More, "{command:x?} after {part}");
            }
            let mut followed = command.to_vec();
            followed.extend_from_slice(b"\nnext");
            assert_eq!(measure(&followed, false), Measure::Whole(command.len()), "{command:x?}");
        }
    }

    #[test]
    fn what_no_printer_knows_is_dropped_without_its_neighbours() {
        assert_eq!(measure(b"\x1bQ", false), Measure::Unknown(2));
        assert_eq!(measure(b"\x01abc", false), Measure::Unknown(1));
        assert_eq!(measure(b"\x1dV\x07", false), Measure::Unknown(3));
    }

    #[test]
    fn utf8_letters_are_never_torn() {
        assert_eq!(measure("aế".as_bytes(), true), Measure::Whole(4));
        assert_eq!(measure(&"aế".as_bytes()[..3], true), Measure::Whole(1));
        assert_eq!(measure(&"ế".as_bytes()[..2], true), Measure::More);
    }
}
