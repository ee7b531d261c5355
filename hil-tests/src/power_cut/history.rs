//! One hub through one power cut after the other, and what is wrong with its log after each of them.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use hub::log::{Durability, EventLog, LogError, LogReader, SqliteLog};
use hub::{Clock, Clocks, Engine, HallClock, Press};
use jiff::Timestamp;
use queue::{Hall, HallState};
use rusqlite::Connection;
use tempfile::TempDir;

use super::disk::Disk;
use super::presses::People;
use super::stored::{LOG_FILE, Stored, integrity};
use super::witness::{Found, Witness, is_unavailable};

/// Reader whose cursor moves beside the engine's writing, as the central sync's does.
const READER: &str = "central";
/// Most batches of a life, where no cut ends it earlier.
const MOST_BATCHES: u32 = 40;
/// Most presses of a batch.
const MOST_PRESSES: usize = 6;
/// One life in so many is long enough for the engine to save a snapshot.
const LONG_LIFE: u32 = 40;
/// Presses of a batch in a long life.
const MANY_PRESSES: usize = 120;
/// Events of a long life after which the cut may come: shortly before the engine's 2,000 to a snapshot.
const BEFORE_SNAPSHOT: u64 = 1_996;
/// Operations of the disk within which the cut of a long life comes: the last batches and the snapshot itself.
const SNAPSHOT_OPERATIONS: u64 = 150;
/// Presses that are repeated together after a recovery.
const REPEATED: usize = 200;
/// 2026-11-22 at 23:00 in Vietnam: the day ends soon.
const EVENING: i64 = 1_795_363_200_000;

/// What kind of disk and log.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// What a commit waits for.
    pub durability: Durability,
    /// Whether the disk confirms syncs that it does not do.
    pub lying: bool,
}

/// Why a history cannot go on. A log that a cut has spoilt is no such error but [`Found::damaged`].
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// The test machine's own files.
    #[error("the directories of the test cannot be written: {0}")]
    Io(#[from] std::io::Error),
    /// The log fails although nothing is wrong with its disk.
    #[error("on a good disk: {0}")]
    Log(#[from] LogError),
}

/// A hub and everything that was ever asked of it.
pub struct History {
    hall: Arc<Hall>,
    options: Options,
    dice: fastrand::Rng,
    clock: Clock,
    people: People,
    witness: Witness,
    life: Option<Life>,
    /// What happened before the first life.
    born: Found,
}

/// A hub between two cuts.
struct Life {
    engine: Engine,
    reader: Box<dyn LogReader>,
    disk: Arc<Disk>,
    directory: TempDir,
}

impl History {
    /// An empty hall. The same seed makes the same history.
    ///
    /// # Errors
    /// When the log cannot be made on an honest disk.
    pub fn begin(hall: Arc<Hall>, seed: u64, options: Options) -> Result<Self, HistoryError> {
        let mut dice = fastrand::Rng::with_seed(seed);
        let (now, step) = (AtomicI64::new(EVENING), dice.i64(100..30_000));
        let clock: Clock = Arc::new(move || {
            let now = now.fetch_add(step, Ordering::Relaxed);
            // Some days after the evening above: far inside of what a timestamp holds.
            let wall = Timestamp::from_millisecond(now).unwrap_or(Timestamp::UNIX_EPOCH);
            Clocks { wall, monotonic: Duration::from_millis(now.abs_diff(EVENING)) }
        });
        let people = People::new(hall.clone());
        let witness = Witness::default();
        let mut history = Self { hall, options, dice, clock, people, witness, life: None, born: Found::default() };
        let mut born = Found::default();
        let directory = history.cut_in_recovery(tempfile::tempdir()?, &mut born)?;
        history.born = born;
        history.life = match history.open(directory) {
            Ok((life, _)) => Some(life),
            // A cut has spoilt it before it was born.
            Err(HistoryError::Log(_)) if options.lying => None,
            Err(error) => return Err(error),
        };
        Ok(history)
    }

    /// Lives until a cut, recovers, and compares with the witness; none when the history is over, because a cut has
    /// spoilt the log or the last life was a long one.
    ///
    /// # Errors
    /// When it fails for a reason that is not the cut.
    pub fn round(&mut self) -> Result<Option<Found>, HistoryError> {
        let Some(mut life) = self.life.take() else { return Ok(None) };
        let mut heard = std::mem::take(&mut self.born);
        let long = self.dice.u32(..LONG_LIFE) == 0;
        if long {
            self.live_long(&mut life, &mut heard);
        } else {
            self.live(&mut life, &mut heard);
        }
        let directory = self.end(life, &mut heard)?;
        let directory = self.cut_in_recovery(directory, &mut heard)?;
        match self.open(directory) {
            Ok((mut life, stored)) => {
                heard.add(self.compare(&life, &stored));
                self.repeat_all(&mut life, &mut heard);
                // A log that has grown long is compared slowly; another history goes on.
                self.life = Some(life).filter(|_| !long);
            }
            Err(HistoryError::Log(error)) => heard.add(std::mem::take(&mut self.witness).give_up(error.to_string())),
            Err(other) => return Err(other),
        }
        Ok(Some(heard))
    }

    /// Presses of a few people at a time, with all that goes on beside the engine, until the cut.
    fn live(&mut self, life: &mut Life, heard: &mut Found) {
        let within = [10, 60, 400][self.dice.usize(..3)];
        life.disk.cut_at(life.disk.operations() + self.dice.u64(1..=within));
        for _ in 0..self.dice.u32(1..=MOST_BATCHES) {
            match self.dice.u8(..20) {
                0 => checkpoint(&life.disk, &mut self.dice),
                1 => life.move_cursor(&mut self.dice),
                // It fails after the cut.
                2 => drop(life.engine.pass_time()),
                _ => {
                    let most = self.dice.usize(1..=MOST_PRESSES);
                    self.press(life, most, heard);
                }
            }
            if life.disk.is_off() {
                return;
            }
        }
    }

    /// Presses of many until the engine saves a snapshot, with the cut somewhere around that.
    fn live_long(&mut self, life: &mut Life, heard: &mut Found) {
        let almost = life.end() + BEFORE_SNAPSHOT;
        while life.end() < almost {
            // A press makes two events at most, seldom three.
            let left = usize::try_from(almost - life.end()).unwrap_or(usize::MAX);
            self.press(life, left.div_ceil(2).min(MANY_PRESSES), heard);
        }
        life.disk.cut_at(life.disk.operations() + self.dice.u64(1..=SNAPSHOT_OPERATIONS));
        while !life.disk.is_off() {
            self.press(life, MOST_PRESSES, heard);
        }
    }

    fn press(&mut self, life: &mut Life, count: usize, heard: &mut Found) {
        let mut presses = Vec::with_capacity(count);
        for _ in 0..count {
            let again = if self.dice.u8(..8) == 0 { self.witness.any(&mut self.dice) } else { None };
            presses.push(again.unwrap_or_else(|| self.people.press(&mut self.dice)));
        }
        self.handle(life, presses, heard);
    }

    fn handle(&mut self, life: &mut Life, presses: Vec<Press>, heard: &mut Found) {
        presses.iter().for_each(|press| self.witness.asks(press));
        let mut end = life.end();
        for (press, answer) in presses.iter().zip(life.engine.handle(presses.clone())) {
            if is_unavailable(&answer) {
                if !life.disk.is_off() {
                    heard.damaged += 1;
                    heard.details.push(format!("{} on a good disk: {answer:?}", press.request_id));
                }
            } else if let Some(reply) = self.witness.hears(press, &answer, end, heard) {
                end = end.max(reply.sequence);
                self.people.read(&reply);
            }
        }
    }

    /// Ends a life by its cut and gives what survives. The hub may still close its files: the cut falls into that, or
    /// comes when all is quiet.
    fn end(&mut self, life: Life, heard: &mut Found) -> Result<TempDir, HistoryError> {
        let Life { engine, reader, disk, directory } = life;
        if self.dice.bool() {
            disk.cut();
        }
        drop((engine, reader));
        let survivors = self.survivors(&disk, heard)?;
        drop(directory);
        Ok(survivors)
    }

    /// Sometimes the power goes again, once or more, while the hub is opening its log.
    fn cut_in_recovery(&mut self, mut directory: TempDir, heard: &mut Found) -> Result<TempDir, HistoryError> {
        while self.dice.u8(..4) == 0 {
            let disk = self.mount(directory.path())?;
            let within = [6, 40][self.dice.usize(..2)];
            disk.cut_at(self.dice.u64(1..=within));
            // Dead or just born, it ends here.
            drop(self.birth(&disk));
            directory = self.survivors(&disk, heard)?;
        }
        Ok(directory)
    }

    fn survivors(&mut self, disk: &Disk, heard: &mut Found) -> Result<TempDir, HistoryError> {
        disk.cut();
        heard.cut(disk.cut_within());
        let directory = tempfile::tempdir()?;
        disk.survivors(&mut self.dice, directory.path())?;
        Ok(directory)
    }

    fn mount(&self, directory: &Path) -> Result<Arc<Disk>, HistoryError> {
        let disk = Disk::mount(directory)?;
        if self.options.lying {
            disk.lie_about_syncs();
        }
        Ok(disk)
    }

    fn birth(&self, disk: &Disk) -> Result<(Engine, Box<dyn LogReader>, Stored), LogError> {
        let log = SqliteLog::open_with(disk.directory(), self.options.durability)?;
        let (reader, answers) = (log.reader()?, log.answers(usize::MAX)?);
        let engine = Engine::open(self.hall.clone(), Box::new(log), Arc::new(HallClock::new(self.clock.clone())))?;
        let events = reader.read(0, usize::MAX)?;
        Ok((engine, reader, Stored { events, answers }))
    }

    fn open(&self, directory: TempDir) -> Result<(Life, Stored), HistoryError> {
        let disk = self.mount(directory.path())?;
        let (engine, reader, stored) = self.birth(&disk)?;
        Ok((Life { engine, reader, disk, directory }, stored))
    }

    fn compare(&mut self, life: &Life, stored: &Stored) -> Found {
        let mut found = self.witness.compare(&self.hall, stored);
        let mut damaged = |what: String| {
            found.damaged += 1;
            found.details.push(what);
        };
        match integrity(life.disk.directory()) {
            Ok(word) if word == "ok" => {}
            Ok(word) => damaged(word),
            Err(error) => damaged(error.to_string()),
        }
        match hub::log::verify(life.disk.directory()) {
            // A torn end that had to be cut off is one that SQLite should never have shown.
            Ok(verified) if verified.is_whole() && verified.cut_off == 0 => {}
            Ok(verified) => damaged(format!("{verified:?}")),
            Err(error) => damaged(error.to_string()),
        }
        // The engine folds from its snapshot, the fold here from the start.
        if !life.engine.published().read(|state| *state == fold(stored)) {
            damaged("the hub's state is not the fold of its log".to_owned());
        }
        match life.reader.cursor(READER) {
            Ok(cursor) if cursor <= life.end() => {}
            Ok(cursor) => damaged(format!("the reader has read up to {cursor}, the log ends at {}", life.end())),
            Err(error) => damaged(error.to_string()),
        }
        found
    }

    /// Everybody presses once more: those who were answered before, and those who never were.
    fn repeat_all(&mut self, life: &mut Life, heard: &mut Found) {
        for presses in self.witness.presses().chunks(REPEATED) {
            self.handle(life, presses.to_vec(), heard);
        }
    }
}

impl Life {
    /// The log's last sequence.
    fn end(&self) -> u64 {
        self.engine.published().read(HallState::sequence)
    }

    fn move_cursor(&mut self, dice: &mut fastrand::Rng) {
        let to = dice.u64(..=self.end());
        // It fails after the cut, and a cursor may be lost.
        drop(self.reader.move_cursor(READER, to, &[]));
    }
}

fn fold(stored: &Stored) -> HallState {
    let mut state = HallState::default();
    for event in &stored.events {
        state.apply(event);
    }
    state
}

/// Moves the WAL into the database, as SQLite does by itself after 1,000 pages. It fails after the cut.
fn checkpoint(disk: &Disk, dice: &mut fastrand::Rng) {
    let kind = ["PASSIVE", "FULL", "RESTART", "TRUNCATE"][dice.usize(..4)];
    if let Ok(connection) = Connection::open(disk.directory().join(LOG_FILE)) {
        drop(connection.execute_batch(&format!("PRAGMA wal_checkpoint({kind})")));
    }
}
