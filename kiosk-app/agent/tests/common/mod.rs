//! A small printer on a TCP port: it answers as an Epson does, keeps what it cannot print yet, and remembers its paper.

use std::sync::Arc;
use std::time::Duration;

use kit::LinkConfig;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Longest wait for anything in these tests.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// What is in the printer, and its fault handles.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    pub paper_out: bool,
    pub cover_open: bool,
    /// Takes data and answers status, and prints nothing yet.
    pub slow: bool,
    /// Hangs up when the next cut comes.
    pub hangs_up_at_cut: bool,
    /// Bytes of tickets that wait to be printed.
    pub waiting: usize,
    /// Letters on the pages that came out.
    pub pages: Vec<String>,
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

    /// The number on each page.
    pub fn numbers(&self) -> Vec<&str> {
        // What was cut off before the next ticket may be blank.
        let number = |page: &'_ String| page.find("A0").map(|at| at..at + 4);
        self.pages.iter().filter_map(|page| Some(&page[number(page)?])).collect()
    }
}

/// The printer, from outside.
pub struct FakePrinter {
    state: Arc<watch::Sender<State>>,
    address: String,
}

impl FakePrinter {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let state = Arc::new(watch::Sender::new(State::default()));
        let inside = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((wire, _)) = listener.accept().await {
                Head { state: Arc::clone(&inside), data: Vec::new(), page: String::new(), armed: None }
                    .talk(wire)
                    .await;
            }
        });
        Self { state, address }
    }

    pub fn link(&self) -> LinkConfig {
        LinkConfig::tcp(self.address.clone())
    }

    pub fn change(&self, change: impl FnOnce(&mut State)) {
        self.state.send_modify(change);
    }

    pub fn now(&self) -> State {
        self.state.borrow().clone()
    }

    pub async fn until(&self, what: &str, holds: impl FnMut(&State) -> bool) {
        let mut seen = self.state.subscribe();
        let seen = tokio::time::timeout(PATIENCE, seen.wait_for(holds)).await;
        seen.unwrap_or_else(|_| panic!("{what} did not come")).expect("the printer lives");
    }
}

/// One connection's side of the printer.
struct Head {
    state: Arc<watch::Sender<State>>,
    /// Commands that wait to be carried out.
    data: Vec<Vec<u8>>,
    page: String,
    /// The automatic status that was sent last, when it is armed.
    armed: Option<Option<[u8; 4]>>,
}

impl Head {
    async fn talk(mut self, mut wire: TcpStream) {
        let mut changes = self.state.subscribe();
        let mut bytes = Vec::new();
        loop {
            let mut answer = self.take(&mut bytes);
            if self.work(&mut answer).is_none() {
                return;
            }
            let status = self.state.borrow().automatic();
            if let Some(last) = &mut self.armed
                && last.replace(status) != Some(status)
            {
                answer.extend(status);
            }
            let waiting = self.data.iter().map(Vec::len).sum();
            self.state.send_if_modified(|state| std::mem::replace(&mut state.waiting, waiting) != waiting);
            if wire.write_all(&answer).await.is_err() {
                return;
            }
            tokio::select! {
                read = wire.read_buf(&mut bytes) => if !read.is_ok_and(|count| count > 0) { return },
                changed = changes.changed() => if changed.is_err() { return },
            }
        }
    }

    /// Takes whole commands out of the bytes. Real-time ones are carried out at once.
    fn take(&mut self, bytes: &mut Vec<u8>) -> Vec<u8> {
        let mut answer = Vec::new();
        while let Some(length) = command_length(bytes).filter(|length| *length <= bytes.len()) {
            let command: Vec<u8> = bytes.drain(..length).collect();
            match command[..] {
                [0x10, 0x04, n] => answer.push(self.state.borrow().real_time(n)),
                [0x10, 0x05, _] => self.data.clear(),
                [0x10, 0x14, 8, ..] => {
                    self.data.clear();
                    answer.extend([0x37, 0x25, 0x00]);
                }
                _ => self.data.push(command),
            }
        }
        answer
    }

    /// Carries out what waits, unless it cannot; none when it hangs up.
    fn work(&mut self, answer: &mut Vec<u8>) -> Option<()> {
        let state = self.state.borrow().clone();
        if state.is_offline() || state.slow {
            return Some(());
        }
        for command in std::mem::take(&mut self.data) {
            match command[..] {
                [0x1b, b'@'] => {
                    self.page.clear();
                    self.armed = None;
                }
                [0x1d, b'a', _] => self.armed = Some(None),
                [0x1d, b'r', _] => answer.push(0x00),
                [0x1d, b'I', _] => answer.extend(b"_EPSON\x00"),
                [0x1d, b'V', ..] => {
                    if state.hangs_up_at_cut {
                        self.state.send_modify(|state| state.hangs_up_at_cut = false);
                        return None;
                    }
                    let page = std::mem::take(&mut self.page);
                    self.state.send_modify(|state| state.pages.push(page));
                }
                [letter] => self.page.push(char::from(letter)),
                _ => {}
            }
        }
        Some(())
    }
}

/// Length of the command at the beginning; none while that is unknown.
fn command_length(bytes: &[u8]) -> Option<usize> {
    let two = |low: &u8, high: &u8| usize::from(u16::from_le_bytes([*low, *high]));
    Some(match bytes {
        [] | [0x10 | 0x1b | 0x1c | 0x1d] => return None,
        [0x1d, b'v', b'0', _, xl, xh, yl, yh, ..] => 8 + two(xl, xh) * two(yl, yh),
        [0x1d, b'(', _, low, high, ..] => 5 + two(low, high),
        [0x1d, b'v' | b'(', ..] | [0x10, 0x14] => return None,
        [0x10, 0x14, 8, ..] => 10,
        [0x1d, b'P', ..] | [0x1d, b'V', 65 | 66, ..] => 4,
        [0x1d, b'V'] => return None,
        [0x1b, b'@', ..] | [0x1c, b'.', ..] => 2,
        [0x10 | 0x1b | 0x1c | 0x1d, ..] => 3,
        _ => 1,
    })
}
