//! A virtual LED number board of the Alpha family (BetaBrite, Adaptive) on a pseudo-terminal.
//!
//! It reads frames as a real board does, skips noise, keeps text files, and draws what it shows. It
//! shares no code with our driver and never answers: the boards of halls are wired one way.
//! Letters are ASCII, as on the real family; other bytes are drawn as blocks.

mod frame;
mod matrix;
mod memory;

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

pub use memory::Color;

use crate::wire::{self, Address, Device, OwnedTask, Shared};
use frame::{Found, FrameReader};
use memory::Memory;

/// Bytes to the host that wait while it does not read; later ones are lost.
const MAX_OUTGOING: usize = 64 * 1024;
/// Most bytes that a board takes in one go.
const INPUT: usize = 4096;

/// Size and address of a board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BoardModel {
    /// Two hexadecimal digits in ASCII; frames for `00` and matching `?` are heard too.
    pub address: [u8; 2],
    /// LEDs across.
    pub columns: u32,
    /// LEDs down.
    pub rows: u32,
}

impl Default for BoardModel {
    /// Address 01, 128 x 32 LEDs.
    fn default() -> Self {
        Self { address: *b"01", columns: 128, rows: 32 }
    }
}

/// What the board counted since it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BoardCounters {
    /// Bytes taken from the wire.
    pub bytes_received: u64,
    /// Frames with right checksums (or none) for this board.
    pub good_frames: u64,
    /// Of the good ones, those with a command that had no checksum.
    pub unchecked_frames: u64,
    /// Torn frames and wrong checksums.
    pub bad_frames: u64,
    /// Good frames for another board.
    pub other_frames: u64,
    /// Bytes outside of any frame, zeros not counted.
    pub noise_bytes: u64,
    /// Commands that this board does not know.
    pub unknown_commands: u64,
}

#[derive(Debug)]
struct Board {
    model: BoardModel,
    reader: FrameReader,
    memory: Memory,
    counters: BoardCounters,
    outgoing: VecDeque<u8>,
    powered: bool,
}

impl Board {
    fn is_for_me(&self, address: [u8; 2]) -> bool {
        let digit = |wanted: u8, mine: u8| wanted == b'?' || wanted == mine;
        address == *b"00" || (digit(address[0], self.model.address[0]) && digit(address[1], self.model.address[1]))
    }

    fn text(&self) -> String {
        let lines = self.memory.shown();
        let lines: Vec<String> = lines.iter().map(|line| line.iter().map(|(letter, _)| *letter).collect()).collect();
        lines.join("\n")
    }

    fn take(&mut self, found: Found) {
        let frame = match found {
            Found::Noise => {
                self.counters.noise_bytes += 1;
                return;
            }
            Found::Bad => {
                self.counters.bad_frames += 1;
                return;
            }
            Found::Frame(frame) => frame,
        };
        if !self.is_for_me(frame.address) {
            self.counters.other_frames += 1;
            return;
        }
        self.counters.good_frames += 1;
        self.counters.unchecked_frames += u64::from(frame.unchecked);
        for command in &frame.commands {
            if !self.memory.execute(command) {
                self.counters.unknown_commands += 1;
            }
        }
    }
}

impl Device for Board {
    fn appetite(&self) -> usize {
        INPUT
    }

    fn receive(&mut self, bytes: &[u8]) {
        if !self.powered {
            return;
        }
        self.counters.bytes_received += bytes.len() as u64;
        for &byte in bytes {
            if let Some(found) = self.reader.push(byte) {
                self.take(found);
            }
        }
    }

    fn outgoing(&mut self) -> &mut VecDeque<u8> {
        &mut self.outgoing
    }

    fn pace(&self) -> Option<u32> {
        None
    }
}

/// Handle of a running virtual board; clones are the same board. It ends with its last handle.
#[derive(Debug, Clone)]
pub struct VirtualBoard {
    board: Arc<Shared<Board>>,
    path: PathBuf,
    _port: Arc<OwnedTask>,
}

impl VirtualBoard {
    /// Starts a board behind the link `path` to a pseudo-terminal.
    ///
    /// # Errors
    /// No pseudo-terminal to be had, or `path` cannot become a link.
    pub async fn on_pty(path: impl AsRef<Path>, model: BoardModel) -> io::Result<Self> {
        let path = path.as_ref().to_owned();
        let board = Board {
            model,
            reader: FrameReader::default(),
            memory: Memory::default(),
            counters: BoardCounters::default(),
            outgoing: VecDeque::new(),
            powered: true,
        };
        let (board, _, port) = wire::start(Address::Pty(path.clone()), board).await?;
        Ok(Self { board, path, _port: Arc::new(port) })
    }

    /// The link that hosts open.
    #[must_use]
    pub fn pty_path(&self) -> &Path {
        &self.path
    }

    /// Power off and on: everything is forgotten, the board is blank.
    pub fn power_cycle(&self) {
        self.board.change(|board| {
            board.memory = Memory::default();
            board.reader = FrameReader::default();
        });
    }

    /// Switches the power; without it the board is blank and hears nothing.
    pub fn power(&self, on: bool) {
        self.power_cycle();
        self.board.change(|board| board.powered = on);
    }

    /// Pulls the cable: pseudo-terminal and link vanish. False when that took longer than 5 s.
    pub async fn hang_up(&self) -> bool {
        self.board.set_plugged(false).await
    }

    /// Plugs the cable in again at the same path. False when that took longer than 5 s.
    pub async fn plug_in(&self) -> bool {
        self.board.set_plugged(true).await
    }

    /// Sends bytes to the host that it never asked for.
    pub fn garbage(&self, bytes: &[u8]) {
        self.board.change(|board| {
            let room = MAX_OUTGOING.saturating_sub(board.outgoing.len());
            board.outgoing.extend(bytes.iter().take(room));
        });
    }

    /// What the board shows, lines separated by `\n`; empty when blank.
    #[must_use]
    pub fn text(&self) -> String {
        self.board.look(Board::text)
    }

    /// The raw bytes of one text file, mode and position included.
    #[must_use]
    pub fn file(&self, label: u8) -> Option<Vec<u8>> {
        self.board.look(|board| board.memory.text(label).map(<[u8]>::to_vec))
    }

    /// What was counted so far.
    #[must_use]
    pub fn counters(&self) -> BoardCounters {
        self.board.look(|board| board.counters)
    }

    /// The board's face as PNG: LEDs on black, 8 pixels each.
    ///
    /// # Errors
    /// Only when the picture is too large for PNG.
    pub fn image(&self) -> io::Result<Vec<u8>> {
        let (model, lines) = self.board.look(|board| (board.model, board.memory.shown()));
        matrix::picture(model.columns, model.rows, &lines).map_err(io::Error::other)
    }

    /// Writes the picture to a file.
    ///
    /// # Errors
    /// What the file system says.
    pub fn save(&self, path: &Path) -> io::Result<()> {
        std::fs::write(path, self.image()?)
    }

    /// Waits until the text is as wanted; the text, or `None` when `limit` passed before.
    pub async fn wait_for_text(&self, wanted: impl Fn(&str) -> bool, limit: Duration) -> Option<String> {
        self.board
            .wait_for(limit, |board| {
                let text = board.text();
                wanted(&text).then_some(text)
            })
            .await
    }

    /// Waits until the counters are as wanted; false when `limit` passed before.
    pub async fn wait_for_counters(&self, wanted: impl Fn(&BoardCounters) -> bool, limit: Duration) -> bool {
        self.board.wait_for(limit, |board| wanted(&board.counters).then_some(())).await.is_some()
    }
}
