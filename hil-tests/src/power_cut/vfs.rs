//! The SQLite VFS between SQLite and the platform's own: it passes everything on, and tells the [`Disk`] what changes.
//!
//! It decides nothing: a file under a mounted directory asks its disk before each change and hands the disk's fault to
//! SQLite. Locks, shared memory and all other files are the platform's. Real syncs are left out: the model is what is
//! tested, not the disk of the test machine. `mmap` is not offered, so that no access passes the model by.
//! Interface: `sqlite3_vfs` and `sqlite3_io_methods` in `sqlite3.h`; behaviour of the platform's: `os_unix.c`.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::mem::size_of;
use std::path::Path;
use std::ptr::{null, null_mut};
use std::slice;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use rusqlite::ffi::{self, sqlite3_file, sqlite3_int64, sqlite3_io_methods, sqlite3_vfs};

use super::disk::{Disk, Fault, Inode};

/// The disks that are mounted.
static DISKS: Mutex<Vec<Weak<Disk>>> = Mutex::new(Vec::new());
/// The platform's VFS, once ours stands before it. It lives as long as the process.
static PLATFORM: OnceLock<Platform> = OnceLock::new();

struct Platform(*mut sqlite3_vfs);

// SAFETY: SQLite itself uses a VFS from every thread; the pointer is only read.
unsafe impl Send for Platform {}
// SAFETY: as above.
unsafe impl Sync for Platform {}

/// A file of ours, in memory of SQLite's; the platform's file stands right behind it.
#[repr(C)]
struct ModelledFile {
    base: sqlite3_file,
    handle: *mut Handle,
}

/// What a file of ours is to its disk.
struct Handle {
    disk: Arc<Disk>,
    inode: Inode,
    /// The first sync of a journal that SQLite created syncs the directory too, as in `os_unix.c`.
    sync_directory: bool,
}

/// Puts the VFS before the platform's, once, and lets it find `disk` by its directory.
pub(super) fn mount(disk: &Arc<Disk>) {
    PLATFORM.get_or_init(register);
    let mut disks = DISKS.lock().unwrap_or_else(PoisonError::into_inner);
    disks.retain(|other| other.strong_count() > 0);
    disks.push(Arc::downgrade(disk));
}

/// The disk of a file and the file's name on it.
///
/// # Safety
/// `path` is null or a C string, as SQLite passes them.
unsafe fn find(path: *const c_char) -> Option<(Arc<Disk>, String)> {
    if path.is_null() {
        return None;
    }
    // SAFETY: the caller's promise.
    let path = Path::new(unsafe { CStr::from_ptr(path) }.to_str().ok()?);
    let (directory, name) = (path.parent()?, path.file_name()?.to_str()?);
    let disks = DISKS.lock().unwrap_or_else(PoisonError::into_inner);
    let disk = disks.iter().filter_map(Weak::upgrade).find(|disk| disk.directory() == directory)?;
    Some((disk, name.to_owned()))
}

fn register() -> Platform {
    // SAFETY: finding the default VFS has no preconditions; it initialises SQLite.
    let platform = unsafe { ffi::sqlite3_vfs_find(null()) };
    assert!(!platform.is_null(), "the platform has a VFS");
    // SAFETY: a VFS that SQLite gives is valid and stays so. The copy keeps the platform's own data pointer, so its
    // functions that are not replaced work on the copy as they do on the original.
    let mut ours = unsafe { *platform };
    // Ours and the platform's part of a file, some hundred bytes together.
    ours.szOsFile += size_of::<ModelledFile>() as c_int;
    ours.pNext = null_mut();
    ours.zName = c"power-cut".as_ptr();
    ours.xOpen = Some(open);
    ours.xDelete = Some(delete);
    // SAFETY: the structure is leaked, so it outlives every connection, as SQLite demands.
    let registered = unsafe { ffi::sqlite3_vfs_register(Box::leak(Box::new(ours)), 1) };
    assert_eq!(registered, ffi::SQLITE_OK, "SQLite takes the VFS");
    Platform(platform)
}

fn platform() -> *mut sqlite3_vfs {
    PLATFORM.get_or_init(register).0
}

/// A fault as SQLite's code, with `io` for what the device itself does not do.
fn code(fault: Fault, io: c_int) -> c_int {
    match fault {
        Fault::Full => ffi::SQLITE_FULL,
        Fault::NoPower | Fault::Io => io,
    }
}

unsafe extern "C" fn open(
    _: *mut sqlite3_vfs,
    path: *const c_char,
    file: *mut sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    // SAFETY: the path is SQLite's.
    let Some((disk, name)) = (unsafe { find(path) }) else {
        // SAFETY: SQLite's own arguments; the space behind `file` is larger than the platform asks for.
        return unsafe { pass_open(path, file, flags, out_flags) };
    };
    let ours = file.cast::<ModelledFile>();
    // SAFETY: `file` points to `szOsFile` bytes that are ours to fill, of which the platform's part is the end. A file
    // without methods is not closed by SQLite.
    let opened = unsafe {
        (*ours).base.pMethods = null();
        (*ours).handle = null_mut();
        pass_open(path, ours.add(1).cast(), flags, out_flags)
    };
    if opened != ffi::SQLITE_OK {
        return opened;
    }
    let journals = ffi::SQLITE_OPEN_MAIN_JOURNAL | ffi::SQLITE_OPEN_SUPER_JOURNAL | ffi::SQLITE_OPEN_WAL;
    let sync_directory = flags & ffi::SQLITE_OPEN_CREATE != 0 && flags & journals != 0;
    match disk.open(&name) {
        Ok(inode) => {
            let handle = Box::into_raw(Box::new(Handle { disk, inode, sync_directory }));
            // SAFETY: as above; from here on SQLite closes the file, which takes the handle back.
            unsafe {
                (*ours).handle = handle;
                (*ours).base.pMethods = &METHODS;
            }
            ffi::SQLITE_OK
        }
        Err(fault) => {
            // SAFETY: the platform's file was opened above and nobody else knows of it.
            unsafe { close_platform(ours) };
            code(fault, ffi::SQLITE_CANTOPEN)
        }
    }
}

/// # Safety
/// As `xOpen`: `file` points to as many bytes as the platform's VFS asks for.
unsafe fn pass_open(path: *const c_char, file: *mut sqlite3_file, flags: c_int, out_flags: *mut c_int) -> c_int {
    let platform = platform();
    // SAFETY: the platform's VFS is valid and the caller's arguments are SQLite's.
    match unsafe { (*platform).xOpen } {
        // SAFETY: as above.
        Some(open) => unsafe { open(platform, path, file, flags, out_flags) },
        None => ffi::SQLITE_CANTOPEN,
    }
}

unsafe extern "C" fn delete(_: *mut sqlite3_vfs, path: *const c_char, sync_directory: c_int) -> c_int {
    // SAFETY: the path is SQLite's.
    let found = unsafe { find(path) };
    if let Some((disk, name)) = &found
        && let Err(fault) = disk.delete(name, sync_directory & 1 != 0)
    {
        return code(fault, ffi::SQLITE_IOERR_DELETE);
    }
    let sync_directory = if found.is_some() { 0 } else { sync_directory };
    let platform = platform();
    // SAFETY: the platform's VFS is valid and the path is SQLite's.
    match unsafe { (*platform).xDelete } {
        // SAFETY: as above.
        Some(delete) => unsafe { delete(platform, path, sync_directory) },
        None => ffi::SQLITE_IOERR_DELETE,
    }
}

static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    // Version 2: shared memory, no mmap.
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

/// The platform's file behind one of ours, with its methods.
///
/// # Safety
/// `file` is a file that `open` made and that is not closed.
unsafe fn behind(file: *mut sqlite3_file) -> (*mut sqlite3_file, &'static sqlite3_io_methods) {
    // SAFETY: the caller's promise; the platform's file begins right behind ours and its methods are static.
    unsafe {
        let real: *mut sqlite3_file = file.cast::<ModelledFile>().add(1).cast();
        (real, &*(*real).pMethods)
    }
}

/// What one of our files is to its disk.
///
/// # Safety
/// As [`behind`]; SQLite uses a file from one thread at a time, so nobody else holds the handle.
unsafe fn handle<'a>(file: *mut sqlite3_file) -> &'a mut Handle {
    // SAFETY: the caller's promise; `open` put the handle there.
    unsafe { &mut *(*file.cast::<ModelledFile>()).handle }
}

/// # Safety
/// The platform's file behind `ours` is open.
unsafe fn close_platform(ours: *mut ModelledFile) -> c_int {
    // SAFETY: the caller's promise.
    unsafe {
        let (real, methods) = behind(ours.cast());
        methods.xClose.map_or(ffi::SQLITE_OK, |close| close(real))
    }
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    let ours = file.cast::<ModelledFile>();
    // SAFETY: SQLite closes a file of ours once; `open` made the handle from a box.
    unsafe {
        drop(Box::from_raw((*ours).handle));
        close_platform(ours)
    }
}

unsafe extern "C" fn read(file: *mut sqlite3_file, into: *mut c_void, amount: c_int, offset: sqlite3_int64) -> c_int {
    // SAFETY: a file of ours with SQLite's own arguments.
    unsafe {
        if let Err(fault) = handle(file).disk.read() {
            return code(fault, ffi::SQLITE_IOERR_READ);
        }
        let (real, methods) = behind(file);
        methods.xRead.map_or(ffi::SQLITE_IOERR_READ, |read| read(real, into, amount, offset))
    }
}

unsafe extern "C" fn write(
    file: *mut sqlite3_file,
    from: *const c_void,
    amount: c_int,
    offset: sqlite3_int64,
) -> c_int {
    // SQLite never passes a negative length or offset.
    let (length, at) = (usize::try_from(amount).unwrap_or(0), u64::try_from(offset).unwrap_or(0));
    // SAFETY: a file of ours; SQLite passes `amount` bytes at `from`. Of these only the first part is passed on.
    unsafe {
        let handle = handle(file);
        let (arrived, fault) = handle.disk.write(handle.inode, at, slice::from_raw_parts(from.cast(), length));
        let (real, methods) = behind(file);
        let written = match methods.xWrite {
            // At most `amount`.
            Some(write) if arrived > 0 => write(real, from, arrived as c_int, offset),
            _ => ffi::SQLITE_OK,
        };
        fault.map_or(written, |fault| code(fault, ffi::SQLITE_IOERR_WRITE))
    }
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, length: sqlite3_int64) -> c_int {
    // SAFETY: a file of ours with SQLite's own arguments.
    unsafe {
        let handle = handle(file);
        if let Err(fault) = handle.disk.truncate(handle.inode, u64::try_from(length).unwrap_or(0)) {
            return code(fault, ffi::SQLITE_IOERR_TRUNCATE);
        }
        let (real, methods) = behind(file);
        methods.xTruncate.map_or(ffi::SQLITE_IOERR_TRUNCATE, |truncate| truncate(real, length))
    }
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, _flags: c_int) -> c_int {
    // SAFETY: a file of ours.
    let handle = unsafe { handle(file) };
    match handle.disk.sync(handle.inode, handle.sync_directory) {
        Ok(()) => {
            handle.sync_directory = false;
            ffi::SQLITE_OK
        }
        Err(fault) => code(fault, ffi::SQLITE_IOERR_FSYNC),
    }
}

/// Methods that the platform's file answers.
macro_rules! pass {
    ($($name:ident = $method:ident($($arg:ident: $type:ty),*), or $none:expr;)*) => {$(
        unsafe extern "C" fn $name(file: *mut sqlite3_file $(, $arg: $type)*) -> c_int {
            // SAFETY: a file of ours with SQLite's own arguments.
            unsafe {
                let (real, methods) = behind(file);
                methods.$method.map_or($none, |method| method(real $(, $arg)*))
            }
        }
    )*};
}

pass! {
    file_size = xFileSize(size: *mut sqlite3_int64), or ffi::SQLITE_IOERR_FSTAT;
    lock = xLock(level: c_int), or ffi::SQLITE_IOERR_LOCK;
    unlock = xUnlock(level: c_int), or ffi::SQLITE_IOERR_UNLOCK;
    check_reserved_lock = xCheckReservedLock(held: *mut c_int), or ffi::SQLITE_IOERR_CHECKRESERVEDLOCK;
    file_control = xFileControl(operation: c_int, argument: *mut c_void), or ffi::SQLITE_NOTFOUND;
    sector_size = xSectorSize(), or 0;
    device_characteristics = xDeviceCharacteristics(), or 0;
    shm_map = xShmMap(region: c_int, size: c_int, extend: c_int, at: *mut *mut c_void), or ffi::SQLITE_IOERR_SHMMAP;
    shm_lock = xShmLock(offset: c_int, count: c_int, flags: c_int), or ffi::SQLITE_IOERR_SHMLOCK;
    shm_unmap = xShmUnmap(delete: c_int), or ffi::SQLITE_OK;
}

unsafe extern "C" fn shm_barrier(file: *mut sqlite3_file) {
    // SAFETY: a file of ours.
    unsafe {
        let (real, methods) = behind(file);
        if let Some(barrier) = methods.xShmBarrier {
            barrier(real);
        }
    }
}
