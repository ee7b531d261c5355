//! Asks a printer what it is and how it is, one question at a time, since most answers do not say to what.
//!
//! Facts: Epson's reference for `GS I`, `GS r`, `GS a` and `DLE EOT`; some models answer `GS I` without the `5F` in front.

use std::io;
use std::time::Duration;

use kit::Link;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

use super::{Identity, Told};
use crate::command;
use crate::status::{Parser, Query, Reply};

/// How long an answer may take. Questions in turn wait behind what the printer is printing.
const ANSWER: Duration = Duration::from_millis(800);
/// Quiet after which an answer without an end has ended.
const QUIET: Duration = Duration::from_millis(150);
/// How long the line may not take our bytes.
const WRITE: Duration = Duration::from_secs(5);
/// Longest text of `GS I`, in bytes; Epson's have at most 80.
const LONGEST: usize = 96;
/// First byte of a text of `GS I`, and its last.
const TEXT_BEGINS: u8 = 0x5f;
const TEXT_ENDS: u8 = 0x00;

/// Asks everything, and then leaves automatic status switched off.
///
/// # Errors
/// When the link breaks or does not take the questions; a printer that does not answer is no error.
pub async fn ask(link: &mut Link) -> io::Result<Told> {
    let mut told = Told::default();
    // What another program left armed would speak between the answers.
    send(link, &command::NO_AUTOMATIC_STATUS).await?;
    let quiet = async {
        while read(link, QUIET).await?.is_some() {}
        Ok(())
    };
    timeout(2 * ANSWER, quiet).await.unwrap_or(io::Result::Ok(()))?;
    for query in Query::ALL {
        send(link, &command::real_time_status(query.number())).await?;
        if let Some(Reply::RealTime(byte)) = reply(link, |reply| matches!(reply, Reply::RealTime(_))).await? {
            told.real_time.insert(query.number(), byte);
        }
    }
    for identity in Identity::ALL {
        send(link, &command::transmit_identity(identity.number())).await?;
        if let Some(text) = text(link).await? {
            told.identity.insert(identity, text);
        }
    }
    send(link, &command::TRANSMIT_PAPER_STATUS).await?;
    if let Some(Reply::TransmittedPaper(byte)) =
        reply(link, |reply| matches!(reply, Reply::TransmittedPaper(_))).await?
    {
        told.paper = Some(byte);
    }
    send(link, &command::AUTOMATIC_STATUS).await?;
    if let Some(Reply::Automatic(bytes)) = reply(link, |reply| matches!(reply, Reply::Automatic(_))).await? {
        told.automatic = Some(bytes);
    }
    send(link, &command::NO_AUTOMATIC_STATUS).await?;
    Ok(told)
}

async fn send(link: &mut Link, bytes: &[u8]) -> io::Result<()> {
    let sent = timeout(WRITE, async {
        link.write_all(bytes).await?;
        link.flush().await
    });
    sent.await.unwrap_or_else(|_| Err(io::Error::new(io::ErrorKind::TimedOut, "the printer takes no data")))
}

/// The next byte, if one comes in time.
async fn read(link: &mut Link, limit: Duration) -> io::Result<Option<u8>> {
    match timeout(limit, link.read_u8()).await {
        Ok(byte) => byte.map(Some),
        Err(_) => Ok(None),
    }
}

/// The first answer of the wanted kind. A printer that talks without end is left after twice the time.
async fn reply(link: &mut Link, wanted: impl Fn(&Reply) -> bool) -> io::Result<Option<Reply>> {
    let mut parser = Parser::new();
    let found = timeout(2 * ANSWER, async {
        while let Some(byte) = read(link, ANSWER).await? {
            if let Some(reply) = parser.push(byte).filter(&wanted) {
                return Ok(Some(reply));
            }
        }
        Ok(None)
    });
    found.await.unwrap_or(Ok(None))
}

/// A text of `GS I`; bytes that no text has are left out.
async fn text(link: &mut Link) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    let mut limit = ANSWER;
    while let Some(byte) = read(link, limit).await? {
        if byte == TEXT_ENDS || bytes.len() == LONGEST {
            break;
        }
        bytes.push(byte);
        limit = QUIET;
    }
    let begins = bytes.iter().position(|byte| *byte == TEXT_BEGINS).map_or(0, |at| at + 1);
    let text: Vec<u8> = bytes.iter().skip(begins).copied().filter(|byte| matches!(byte, b' '..=b'~')).collect();
    let text = String::from_utf8_lossy(&text).trim().to_owned();
    Ok((!text.is_empty()).then_some(text))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use tokio::io::DuplexStream;

    use super::*;

    /// Answers each question of three bytes as told.
    async fn printer(mut far: DuplexStream, answer: impl Fn([u8; 3]) -> Vec<u8>) {
        let mut question = [0; 3];
        while far.read_exact(&mut question).await.is_ok() {
            if far.write_all(&answer(question)).await.is_err() {
                return;
            }
        }
    }

    async fn asked(answer: impl Fn([u8; 3]) -> Vec<u8> + Send + 'static) -> Told {
        let (near, far) = tokio::io::duplex(256);
        tokio::spawn(printer(far, answer));
        ask(&mut Link::from_stream(near)).await.unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn an_epson_says_all_and_a_silent_printer_nothing() {
        let told = asked(|question| match question {
            [0x10, 4, _] => vec![0x12],
            // Flow control and a status that nobody asked for stand between.
            [0x1d, b'I', 66] => b"\x11_EPSON\0".to_vec(),
            [0x1d, b'I', 67] => b"_TM-T20III\0".to_vec(),
            [0x1d, b'I', _] => b"no header".to_vec(),
            [0x1d, b'r', _] => vec![0x00],
            [0x1d, b'a', 14] => vec![0x10, 0, 0, 0x0f],
            _ => Vec::new(),
        })
        .await;
        assert_eq!(told.real_time, [(1, 0x12), (2, 0x12), (3, 0x12), (4, 0x12)].into());
        assert_eq!((told.maker(), told.model()), (Some("EPSON"), Some("TM-T20III")));
        assert_eq!(told.identity.get(&Identity::Firmware).map(String::as_str), Some("no header"));
        assert_eq!((told.paper, told.automatic), (Some(0), Some([0x10, 0, 0, 0x0f])));
        assert!(asked(|_| Vec::new()).await.is_silent());
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_talks_without_end_is_left() {
        let told = asked(|_| vec![0xff; 40]).await;
        assert!(told.real_time.is_empty() && told.automatic.is_none() && told.identity.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn a_link_that_breaks_is_an_error() {
        let (near, far) = tokio::io::duplex(256);
        drop(far);
        assert!(ask(&mut Link::from_stream(near)).await.is_err());
    }
}
