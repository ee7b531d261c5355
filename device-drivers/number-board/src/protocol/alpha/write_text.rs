//! Write TEXT, command `A`: replaces one text file of the sign.
//!
//! Data, hexadecimal: `label 1B position mode text`.

use super::{Address, END_OF_TEXT, END_OF_TRANSMISSION, ESCAPE, START_OF_TEXT, checksum, frame};

/// The command's code.
const CODE: u8 = b'A';

/// The command. Bytes as on the wire, so that what others send can be read too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriteText {
    /// The text file.
    pub label: u8,
    /// Where the text stands, see [`super::Position`].
    pub position: u8,
    /// How it comes, see [`super::Mode`].
    pub mode: u8,
    /// The text, from [`super::encode`]: no byte below 20 but the new line.
    pub text: Vec<u8>,
}

/// Bytes that are not a whole frame with this command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// The frame has not ended yet.
    #[error("the frame is not complete; read more bytes")]
    Incomplete,
    /// It is a frame of another shape or command.
    #[error("not a Write TEXT frame; drop it and look for the next start")]
    NotWriteText,
    /// The sum is wrong: a byte was changed on the way.
    #[error("the checksum is wrong; drop the frame")]
    Checksum,
}

impl WriteText {
    /// The whole frame.
    pub fn to_bytes(&self, type_code: u8, address: Address) -> Vec<u8> {
        frame(type_code, address, &self.command())
    }

    /// Reads one frame and says how many bytes follow it. For tests: a sign never sends this by
    /// itself.
    ///
    /// # Errors
    /// [`ParseError`] when the bytes do not begin with a whole, right frame.
    pub fn parse(bytes: &[u8]) -> Result<(Self, usize), ParseError> {
        let end = position(bytes, END_OF_TRANSMISSION).ok_or(ParseError::Incomplete)?;
        let (whole, following) = (&bytes[..end], bytes.len() - end - 1);
        let start = position(whole, START_OF_TEXT).ok_or(ParseError::NotWriteText)?;
        let content = &whole[start + 1..];
        let stop = position(content, END_OF_TEXT).ok_or(ParseError::NotWriteText)?;
        let (command, sum) = (&content[..stop], &content[stop + 1..]);
        if sum != checksum(command) {
            return Err(ParseError::Checksum);
        }
        let [CODE, label, ESCAPE, place, mode, text @ ..] = command else {
            return Err(ParseError::NotWriteText);
        };
        let command = Self { label: *label, position: *place, mode: *mode, text: text.to_vec() };
        Ok((command, following))
    }

    fn command(&self) -> Vec<u8> {
        let mut bytes = vec![CODE, self.label, ESCAPE, self.position, self.mode];
        bytes.extend(&self.text);
        bytes
    }
}

fn position(bytes: &[u8], wanted: u8) -> Option<usize> {
    bytes.iter().position(|byte| *byte == wanted)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn a_broken_frame_is_named() {
        let whole =
            WriteText { label: b'A', position: 0x30, mode: b'b', text: b"A001".to_vec() }.to_bytes(b'Z', Address(0));
        assert_eq!(WriteText::parse(&whole[..20]), Err(ParseError::Incomplete));
        assert_eq!(WriteText::parse(b"\x01Z00\x04"), Err(ParseError::NotWriteText));
        let mut changed = whole.clone();
        *changed.iter_mut().find(|byte| **byte == b'1').unwrap() = b'7';
        assert_eq!(WriteText::parse(&changed), Err(ParseError::Checksum));
        let other = frame(b'Z', Address(0), b"E,");
        assert_eq!(WriteText::parse(&other), Err(ParseError::NotWriteText));
        let two = [whole.clone(), whole.clone()].concat();
        assert_eq!(WriteText::parse(&two).unwrap().1, whole.len());
    }
}
