//! Commands typed by a person at one of the virtual devices: lines of standard input as a channel.

use std::io::BufRead;

use tokio::sync::mpsc;

/// Lines typed ahead of their execution; the terminal waits after that.
const TYPED_AHEAD: usize = 16;

/// Reads standard input in a thread of its own; the channel closes at end of input.
#[must_use]
pub fn typed_lines() -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel(TYPED_AHEAD);
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if sender.blocking_send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

/// The next line; waits for ever once the input has ended, so that a device without a terminal stays.
pub async fn next_line(lines: &mut mpsc::Receiver<String>) -> String {
    match lines.recv().await {
        Some(line) => line,
        None => std::future::pending().await,
    }
}

/// Bytes written as hexadecimal digits, spaces allowed: `1b 40` or `1b40`.
///
/// # Errors
/// Something else than pairs of hexadecimal digits.
pub fn hex_bytes(text: &str) -> anyhow::Result<Vec<u8>> {
    let digits: Vec<u8> = text.bytes().filter(|byte| *byte != b' ').collect();
    anyhow::ensure!(digits.len().is_multiple_of(2), "hexadecimal digits come in pairs, such as: 1b 40");
    digits.chunks_exact(2).map(|pair| Ok(u8::from_str_radix(std::str::from_utf8(pair)?, 16)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::hex_bytes;

    #[test]
    fn hexadecimal_is_read_or_refused() {
        assert_eq!(hex_bytes("1b 40").ok(), Some(vec![0x1B, 0x40]));
        assert!(hex_bytes("1b4").is_err());
        assert!(hex_bytes("zz").is_err());
        assert!(hex_bytes("é").is_err());
    }
}
