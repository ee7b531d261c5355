//! A small printer for the tests of the running driver: it answers as an Epson does, keeps what it
//! cannot print, and prints it once it can. The full virtual printer is in `hil-tests`.

use std::sync::{Arc, Mutex, MutexGuard};

use kit::link::{LinkErrorKind, StatusPort};
use kit::{Link, LinkError, Opener};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::sync::mpsc;

/// What is in the printer, and its fault handles.
#[derive(Debug, Default)]
pub struct State {
    pub paper_out: bool,
    pub cover_open: bool,
    /// Answers nothing.
    pub silent: bool,
    /// Runs out of paper at the next cut.
    pub paper_ends_at_cut: bool,
    /// Hangs up at the next cut.
    pub hangs_up_at_cut: bool,
    /// Takes no bytes.
    pub jammed_wire: bool,
    /// Data that waits to be printed.
    pub buffer: Vec<u8>,
    /// Pages that came out.
    pub printed: Vec<Vec<u8>>,
    /// Automatic status is armed.
    pub armed: bool,
}

impl State {
    fn is_offline(&self) -> bool {
        self.paper_out || self.cover_open
    }

    fn real_time(&self, n: u8) -> u8 {
        let bit = |on: bool, mask: u8| if on { mask } else { 0 };
        0x12 | match n {
            1 => bit(self.is_offline(), 0x08),
            2 => bit(self.cover_open, 0x04) | bit(self.paper_out, 0x20),
            4 => bit(self.paper_out, 0x60),
            _ => 0,
        }
    }

    fn automatic(&self) -> [u8; 4] {
        let bit = |on: bool, mask: u8| if on { mask } else { 0 };
        let first = 0x10 | bit(self.is_offline(), 0x08) | bit(self.cover_open, 0x20);
        [first, 0, bit(self.paper_out, 0x0c), 0x0f]
    }
}

/// A printer that can be plugged in and out.
#[derive(Debug, Clone, Default)]
pub struct FakePrinter {
    state: Arc<Mutex<State>>,
}

impl FakePrinter {
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Runs it on one end of a wire and gives the other. Dropping the sender unplugs it.
    pub fn plug_in(&self) -> (DuplexStream, mpsc::Sender<()>) {
        let (near, far) = tokio::io::duplex(1 << 16);
        let (unplug, unplugged) = mpsc::channel(1);
        tokio::spawn(self.clone().run(far, unplugged));
        (near, unplug)
    }

    async fn run(self, mut wire: DuplexStream, mut unplugged: mpsc::Receiver<()>) {
        let mut waiting = Vec::new();
        let mut last = None;
        let mut look = tokio::time::interval(std::time::Duration::from_millis(10));
        loop {
            let jammed = self.state().jammed_wire;
            tokio::select! {
                _ = unplugged.recv() => return,
                read = wire.read_buf(&mut waiting), if !jammed => match read {
                    Ok(0) | Err(_) => return,
                    Ok(_) => {}
                },
                _ = look.tick() => {}
            }
            let Some(mut answer) = self.work(&mut waiting) else {
                return;
            };
            let (automatic, armed) = {
                let state = self.state();
                (state.automatic(), state.armed && !state.silent)
            };
            if armed && last != Some(automatic) {
                answer.extend(automatic);
                last = Some(automatic);
            }
            if wire.write_all(&answer).await.is_err() {
                return;
            }
        }
    }

    /// Takes whole commands out of the bytes; `None` when it hangs up.
    fn work(&self, waiting: &mut Vec<u8>) -> Option<Vec<u8>> {
        let mut state = self.state();
        let mut answer = Vec::new();
        let mut rest = std::mem::take(waiting);
        while let Some(first) = rest.first().copied() {
            let length = if matches!(first, 0x10 | 0x1d) { 3 } else { 1 };
            if rest.len() < length {
                *waiting = rest;
                break;
            }
            let command: Vec<u8> = rest.drain(..length).collect();
            match command.as_slice() {
                [0x10, 0x04, n] if !state.silent => answer.push(state.real_time(*n)),
                [0x10, 0x05, _] => state.buffer.clear(),
                [0x10, ..] => {}
                other => state.buffer.extend(other),
            }
        }
        if !state.is_offline() {
            let buffered = std::mem::take(&mut state.buffer);
            print(&mut state, &buffered, &mut answer)?;
        }
        Some(answer)
    }
}

/// Works through buffered data until it ends or the printer cannot go on.
fn print(state: &mut State, data: &[u8], answer: &mut Vec<u8>) -> Option<()> {
    let mut page = Vec::new();
    let mut rest = data;
    while !rest.is_empty() {
        rest = match rest {
            [0x1b, b'@', rest @ ..] => {
                page.clear();
                state.armed = false;
                rest
            }
            [0x1d, b'a', _, rest @ ..] => {
                state.armed = true;
                rest
            }
            [0x1d, b'r', 1, rest @ ..] => {
                if !state.silent {
                    answer.push(0x00);
                }
                rest
            }
            [0x1d, b'I', 0x42, rest @ ..] => {
                if !state.silent {
                    answer.extend(b"_EPSON\x00");
                }
                rest
            }
            [0x1d, b'V', 0x42, 0, after @ ..] => {
                if std::mem::take(&mut state.hangs_up_at_cut) {
                    return None;
                }
                if std::mem::take(&mut state.paper_ends_at_cut) {
                    state.paper_out = true;
                    state.buffer = data.to_vec();
                    return Some(());
                }
                state.printed.push(std::mem::take(&mut page));
                after
            }
            [letter, rest @ ..] => {
                page.push(*letter);
                rest
            }
            [] => rest,
        };
    }
    // A page without its cut stays.
    state.buffer = page;
    Some(())
}

/// Opens the wires that the test plugs in; otherwise there is no such device.
pub struct Sockets {
    pub wires: mpsc::Receiver<DuplexStream>,
    /// What the wire itself tells of the printer, where it does.
    pub port: Option<StatusPort>,
}

impl Opener for Sockets {
    async fn open(&mut self) -> Result<Link, LinkError> {
        match self.wires.try_recv() {
            Ok(wire) => Ok(Link::from_stream(wire).with_status_port(self.port.clone())),
            Err(_) => Err(LinkError {
                link: "fake".into(),
                kind: LinkErrorKind::NotFound,
                cause: "no such device".into(),
                action: "plug it in".into(),
            }),
        }
    }
}
