//! Reads a job as a printer does, command by command. Test only.

/// What a job asks of a printer.
#[derive(Debug, Default)]
pub struct Seen {
    /// Bytes of text; a line feed after each line.
    pub text: Vec<u8>,
    /// Raster images: doubling, bytes across, rows.
    pub images: Vec<(u8, usize, usize)>,
    /// Codes of user-defined characters that were loaded.
    pub loaded: Vec<u8>,
    /// Pictures stored in, and printed from, the printer's memory.
    pub stored: usize,
    pub recalled: usize,
    /// Data of bar codes.
    pub barcodes: Vec<Vec<u8>>,
    /// Places in the middle were asked for.
    pub centred: bool,
    /// Units of motion were set.
    pub units: bool,
    /// It begins with `ESC @`.
    pub afresh: bool,
}

impl Seen {
    pub fn lines(&self) -> Vec<String> {
        let text = self.text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        text.map(|line| String::from_utf8_lossy(line).into_owned()).collect()
    }
}

/// Reads a whole job for paper of `dots`; an error names what no printer should get.
pub fn read(mut bytes: &[u8], dots: usize) -> Result<Seen, String> {
    let mut seen = Seen { afresh: bytes.starts_with(b"\x1b@"), ..Seen::default() };
    while !bytes.is_empty() {
        bytes = command(bytes, dots, &mut seen)?;
    }
    Ok(seen)
}

fn command<'b>(bytes: &'b [u8], dots: usize, seen: &mut Seen) -> Result<&'b [u8], String> {
    Ok(match bytes {
        [0x1d, b'v', b'0', m @ 0..=3, x, 0, y, 0, rest @ ..] => {
            let (across, down) = (usize::from(*x), usize::from(*y));
            let wide = across * 8 * usize::from(1 + (m & 1));
            // A doubled picture may have seven white dots, doubled, beyond the paper.
            if wide > dots + 8 || across * down > 4096 || across * down == 0 {
                return Err(format!("image of {x} by {y}"));
            }
            seen.images.push((*m, across, down));
            data(rest, across * down)?
        }
        [0x1d, b'(', b'k', low, high, rest @ ..] => {
            rest.get(usize::from(u16::from_le_bytes([*low, *high]))..).ok_or("short QR")?
        }
        [0x1d, b'(', b'L', low, high, rest @ ..] => {
            match rest.get(1) {
                Some(83) => seen.stored += 1,
                Some(85) => seen.recalled += 1,
                other => return Err(format!("graphics function {other:?}")),
            }
            data(rest, usize::from(u16::from_le_bytes([*low, *high])))?
        }
        [0x1d, b'k', 73, length, rest @ ..] => {
            let (code, rest) = rest.split_at_checked(usize::from(*length)).ok_or("short bar code")?;
            seen.barcodes.push(code.to_vec());
            rest
        }
        [0x1b, b'&', 3, first, last, rest @ ..] => {
            let mut rest = rest;
            for code in *first..=*last {
                let [width @ 0..=12, columns @ ..] = rest else {
                    return Err(format!("a letter of {:?} dots", rest.first()));
                };
                if !(0x21..=0x7e).contains(&code) {
                    return Err(format!("code {code:02x} cannot be defined"));
                }
                seen.loaded.push(code);
                rest = data(columns, 3 * usize::from(*width))?;
            }
            rest
        }
        [0x1b, b'@', rest @ ..] | [0x1c, b'.', rest @ ..] => rest,
        [0x1d, b'P', _, _, rest @ ..] => {
            seen.units = true;
            rest
        }
        [0x1b, b'a', place, rest @ ..] => {
            seen.centred |= *place == 1;
            rest
        }
        [0x1b, b'J' | b't' | b'E' | b'd' | b'!' | b'%', _, rest @ ..] => rest,
        [0x1d, b'V', 0x41 | 0x42, 0, rest @ ..] => rest,
        [0x1d, b'a' | b'!' | b'h' | b'w' | b'H', _, rest @ ..] => rest,
        [letter, rest @ ..] if *letter >= 0x20 || *letter == 0x0a => {
            seen.text.push(*letter);
            rest
        }
        [control, ..] => return Err(format!("control byte {control:02x}")),
        [] => bytes,
    })
}

/// Passes over data in which no real-time command may hide.
fn data(bytes: &[u8], length: usize) -> Result<&[u8], String> {
    let (data, rest) = bytes.split_at_checked(length).ok_or("short data")?;
    let hidden = |pair: &[u8]| pair[0] == 0x10 && [4, 5, 0x14].contains(&pair[1]);
    if data.windows(2).any(hidden) {
        return Err("a real-time command in a picture".into());
    }
    Ok(rest)
}
