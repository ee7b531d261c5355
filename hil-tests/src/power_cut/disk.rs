//! What stands on a disk, and what only seems to: the model behind the VFS. Safe Rust, no SQLite.
//!
//! The model is that of SQLite's own documents "Atomic Commit In SQLite" (section 2, hardware assumptions) and "How
//! SQLite Is Tested" (section 3.3, crash testing), and of `src/test6.c`, its crash VFS: what a file's sync has not
//! confirmed may be on the disk, or not, or in part, in any order. In detail, and never milder than a Linux file
//! system:
//!
//! - Each write and truncation since the file's last sync survives or not, each by itself, whatever came after it.
//! - A write that survives may be torn: each of its 512-byte sectors is new, or as before, or noise. Bytes beside the
//!   write keep their value: SQLite relies on that ("powersafe overwrite", its default here), and so do we.
//! - A sync makes durable what its file holds, and nothing of other files. One that the cut hits has done nothing yet,
//!   so that each change before it still takes its chances.
//! - A sync that fails loses what it should have written, though the running process still reads it and the next sync
//!   is confirmed: Linux reports an error of its write-back once and forgets the pages.
//! - A file's name is durable only after a sync of the directory, which SQLite asks for at the first sync of a journal
//!   that it created, and where a deletion says so (`os_unix.c`: `UNIXFILE_DIRSYNC`, `unixDelete`). Names that came or
//!   went since then survive or not, each by itself, even when the file itself was synced.
//! - The `-shm` file is memory: it never survives.
//!
//! Not modelled: bits that rot on their own, files that are not SQLite's (the hub's `hub.lock` holds nothing).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::damage::Damage;
use super::vfs;

/// Smallest piece that a disk writes whole or not at all, in bytes.
pub(super) const SECTOR: u64 = 512;

/// What the disk answers instead of doing it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The power is gone.
    NoPower,
    /// No room for a file to grow.
    Full,
    /// The device did not take what a sync was to write.
    Io,
}

/// A disk under one directory.
#[derive(Debug)]
pub struct Disk {
    directory: PathBuf,
    state: Mutex<State>,
}

/// Number of a file's content, whatever its name is.
pub(super) type Inode = usize;

#[derive(Debug, Default)]
struct State {
    files: Vec<Content>,
    /// Names as the running process sees them.
    names: BTreeMap<String, Inode>,
    /// Names as the disk knows them.
    durable_names: BTreeMap<String, Inode>,
    name_changes: Vec<NameChange>,
    operations: u64,
    cut_at: Option<u64>,
    /// The operation that the cut fell into.
    cut_within: Option<String>,
    off: bool,
    lying: bool,
    failing: bool,
    /// Bytes by which files may still grow; none: no limit.
    room: Option<u64>,
}

#[derive(Debug)]
struct Content {
    name: Arc<str>,
    durable: Vec<u8>,
    changes: Vec<Change>,
    /// Length as the running process sees it.
    length: u64,
}

/// A change of a file that no sync has confirmed.
#[derive(Debug)]
pub(super) enum Change {
    Write { offset: u64, bytes: Vec<u8> },
    Truncate(u64),
}

#[derive(Debug)]
enum NameChange {
    Came(String, Inode),
    Went(String),
}

impl Disk {
    /// Takes `directory` under the model, with what stands in it as durable. SQLite files that are opened in it from
    /// now on are modelled, until the disk is dropped.
    ///
    /// # Errors
    /// When the directory cannot be read.
    pub fn mount(directory: &Path) -> std::io::Result<Arc<Self>> {
        let directory = directory.canonicalize()?;
        let mut state = State::default();
        for entry in std::fs::read_dir(&directory)? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                let durable = std::fs::read(entry.path())?;
                state.add(&entry.file_name().to_string_lossy(), durable);
            }
        }
        state.durable_names = state.names.clone();
        let disk = Arc::new(Self { directory, state: Mutex::new(state) });
        vfs::mount(&disk);
        Ok(disk)
    }

    /// The directory, without symbolic links.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Changes, syncs, creations and deletions so far.
    #[must_use]
    pub fn operations(&self) -> u64 {
        self.state().operations
    }

    /// Takes the power away within the operation of this number, counted as [`Disk::operations`] does: it fails, and so
    /// does everything after it.
    pub fn cut_at(&self, operation: u64) {
        self.state().cut_at = Some(operation);
    }

    /// Takes the power away now.
    pub fn cut(&self) {
        self.state().off = true;
    }

    /// Whether the power is gone.
    #[must_use]
    pub fn is_off(&self) -> bool {
        self.state().off
    }

    /// The operation that the cut fell into, such as `sync hall.db-wal`; none when it fell between two.
    #[must_use]
    pub fn cut_within(&self) -> Option<String> {
        self.state().cut_within.clone()
    }

    /// From now on syncs are confirmed and do nothing, as some disks do.
    pub fn lie_about_syncs(&self) {
        self.state().lying = true;
    }

    /// Lets files grow by so many more bytes; none lifts the limit. What shrinks or goes gives its room back.
    pub fn set_room(&self, bytes: Option<u64>) {
        self.state().room = bytes;
    }

    /// Lets every sync fail from now on, or work again.
    pub fn fail_syncs(&self, failing: bool) {
        self.state().failing = failing;
    }

    /// Writes the files that are found after the cut into `directory`, which must be empty.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn survivors(&self, dice: &mut fastrand::Rng, directory: &Path) -> std::io::Result<()> {
        let state = self.state();
        let damage = Damage::roll(dice);
        let mut names = state.durable_names.clone();
        for change in state.name_changes.iter().filter(|_| damage.keeps(dice)).collect::<Vec<_>>() {
            match change {
                NameChange::Came(name, inode) => names.insert(name.clone(), *inode),
                NameChange::Went(name) => names.remove(name),
            };
        }
        for (name, inode) in names {
            let content = &state.files[inode];
            let mut bytes = content.durable.clone();
            for change in &content.changes {
                damage.settle(dice, change, &mut bytes);
            }
            std::fs::write(directory.join(name), bytes)?;
        }
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the VFS reports; each returns the fault that SQLite has to see, if any.
impl Disk {
    /// A file is opened; it comes into being where it is missing.
    pub(super) fn open(&self, name: &str) -> Result<Inode, Fault> {
        let mut state = self.state();
        if let Some(inode) = state.names.get(name) {
            return state.answers().map(|()| *inode);
        }
        let power = state.step("open", name)?;
        let inode = state.add(name, Vec::new());
        state.name_changes.push(NameChange::Came(name.to_owned(), inode));
        power.end().map(|()| inode)
    }

    /// A file's name goes.
    pub(super) fn delete(&self, name: &str, sync_directory: bool) -> Result<(), Fault> {
        let mut state = self.state();
        if !state.names.contains_key(name) {
            // The platform says that it is not there.
            return state.answers();
        }
        let power = state.step("delete", name)?;
        if let Some(inode) = state.names.remove(name) {
            let length = state.files[inode].length;
            state.give_back(length);
            state.name_changes.push(NameChange::Went(name.to_owned()));
        }
        power.end()?;
        if sync_directory {
            state.sync_names();
        }
        Ok(())
    }

    /// A file is read.
    pub(super) fn read(&self) -> Result<(), Fault> {
        self.state().answers()
    }

    /// A file is written: how many bytes of it arrive, and the fault where that is not all.
    pub(super) fn write(&self, inode: Inode, offset: u64, bytes: &[u8]) -> (usize, Option<Fault>) {
        let mut state = self.state();
        let power = match state.step_in("write", inode) {
            Ok(power) => power,
            Err(fault) => return (0, Some(fault)),
        };
        let end = offset + bytes.len() as u64;
        let growth = end.saturating_sub(state.files[inode].length);
        let missing = state.room.map_or(0, |room| growth.saturating_sub(room));
        let fits = bytes.len() - usize::try_from(missing).unwrap_or(usize::MAX).min(bytes.len());
        if let Some(room) = &mut state.room {
            *room -= growth.min(*room);
        }
        let content = &mut state.files[inode];
        if fits > 0 {
            content.length = content.length.max(offset + fits as u64);
            content.changes.push(Change::Write { offset, bytes: bytes[..fits].to_vec() });
        }
        (fits, power.end().err().or((missing > 0).then_some(Fault::Full)))
    }

    /// A file is cut to a length, or made longer with zeros.
    pub(super) fn truncate(&self, inode: Inode, length: u64) -> Result<(), Fault> {
        let mut state = self.state();
        let power = state.step_in("truncate", inode)?;
        let before = state.files[inode].length;
        let growth = length.saturating_sub(before);
        match &mut state.room {
            Some(room) if *room < growth => return Err(Fault::Full),
            Some(room) => *room -= growth,
            None => {}
        }
        state.give_back(before.saturating_sub(length));
        let content = &mut state.files[inode];
        content.length = length;
        content.changes.push(Change::Truncate(length));
        power.end()
    }

    /// A file is synced, and its directory with it.
    pub(super) fn sync(&self, inode: Inode, with_directory: bool) -> Result<(), Fault> {
        let mut state = self.state();
        state.step_in("sync", inode)?.end()?;
        if state.failing {
            state.files[inode].changes.clear();
            return Err(Fault::Io);
        }
        if state.lying {
            return Ok(());
        }
        let content = &mut state.files[inode];
        for change in std::mem::take(&mut content.changes) {
            change.apply(&mut content.durable);
        }
        if with_directory {
            state.sync_names();
        }
        Ok(())
    }
}

/// The power during one operation.
#[must_use]
#[derive(Clone, Copy)]
enum Power {
    Stays,
    /// It may leave its trace, but nobody hears that it was done.
    Goes,
}

impl Power {
    fn end(self) -> Result<(), Fault> {
        match self {
            Self::Stays => Ok(()),
            Self::Goes => Err(Fault::NoPower),
        }
    }
}

impl State {
    /// What changes nothing works for as long as there is power.
    fn answers(&self) -> Result<(), Fault> {
        if self.off { Err(Fault::NoPower) } else { Ok(()) }
    }

    fn add(&mut self, name: &str, durable: Vec<u8>) -> Inode {
        let inode = self.files.len();
        let length = durable.len() as u64;
        self.files.push(Content { name: name.into(), durable, changes: Vec::new(), length });
        self.names.insert(name.to_owned(), inode);
        inode
    }

    fn step_in(&mut self, what: &str, inode: Inode) -> Result<Power, Fault> {
        let name = self.files[inode].name.clone();
        self.step(what, &name)
    }

    /// Counts an operation and says whether it is done.
    fn step(&mut self, what: &str, name: &str) -> Result<Power, Fault> {
        if self.off {
            return Err(Fault::NoPower);
        }
        self.operations += 1;
        if self.cut_at.is_some_and(|at| self.operations >= at) {
            self.off = true;
            self.cut_within = Some(format!("{what} {name}"));
            return Ok(Power::Goes);
        }
        Ok(Power::Stays)
    }

    fn sync_names(&mut self) {
        if !self.lying {
            self.durable_names = self.names.clone();
            self.name_changes.clear();
        }
    }

    fn give_back(&mut self, bytes: u64) {
        if let Some(room) = &mut self.room {
            *room += bytes;
        }
    }
}

impl Change {
    /// Does it to `content`, whole.
    pub(super) fn apply(&self, content: &mut Vec<u8>) {
        match self {
            Self::Write { offset, bytes } => place(content, *offset, bytes),
            Self::Truncate(length) => content.resize(index(*length), 0),
        }
    }
}

/// Writes `bytes` at `offset`; a hole before them is zeros.
pub(super) fn place(content: &mut Vec<u8>, offset: u64, bytes: &[u8]) {
    let from = index(offset);
    let to = from + bytes.len();
    if content.len() < to {
        content.resize(to, 0);
    }
    content[from..to].copy_from_slice(bytes);
}

/// An offset as an index: a file of the model stands in memory, so it fits.
pub(super) fn index(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}
