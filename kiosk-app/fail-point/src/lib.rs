//! Named steps between a press and the confirmed paper at which a test lets the program die.
//!
//! The product carries none of it: without the feature `armed` (turned on by `launcher/fail-points` only)
//! [`reached`] is an empty function, and the program does not know the variable [`ORDER`].
//!
//! With it, every passage of a point looks into the file that [`ORDER`] names. `die Point` there ends the process with
//! SIGKILL at that point: no destructor, no flush, as when the power goes. `hold Point` keeps the thread there until
//! the file says something else, and tells so by a second file beside it ([`HELD`]). A file, and not a variable alone,
//! so that a test first brings the hall to the moment that it means and needs to count no passages.

/// Variable that names the file with the order.
pub const ORDER: &str = "KIOSK_FAIL_POINT";
/// Ending of the file that says that a thread is held.
pub const HELD: &str = "held";

macro_rules! points {
    ($($(#[doc = $doc:literal])+ $point:ident,)+) => {
        /// A step of the program. `hil-tests/tests/kill_matrix` has a case for each of them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Point {
            $($(#[doc = $doc])+ $point,)+
        }

        impl Point {
            /// Every point, in the order of a ticket's way.
            pub const ALL: &[Self] = &[$(Self::$point,)+];
        }
    };
}

points! {
    /// Hub: the API has read a command and not yet handed it to the engine.
    CommandReceived,
    /// Hub: the engine has decided a command; nothing of it is written.
    CommandDecided,
    /// Hub: the batch is about to be written.
    BeforeAppend,
    /// Hub: the rows of the batch are inserted, its transaction is not committed.
    InsideAppend,
    /// Hub: the batch is on disk; nobody knows it yet.
    AfterCommit,
    /// Hub: the views and the work show the batch; nobody has an answer.
    Published,
    /// Hub: the answers are on their way to those who asked.
    Answered,
    /// Hub: work with a print job is about to leave for an agent.
    WorkSent,
    /// Agent: work with a print job has come, nothing was done about it.
    WorkSeen,
    /// Agent: the hub has answered that a waiting job may be printed.
    StartAnswered,
    /// Agent: the driver is about to give the printer the first byte of a job.
    BeforeFirstByte,
    /// Agent: the printer has half of a job's bytes.
    HalfWritten,
    /// Agent: the printer has all bytes of a job and has confirmed nothing.
    AllWritten,
    /// Agent: the printer has confirmed a job; the hub does not know.
    Confirmed,
    /// Agent: the hub has answered the report on a job.
    ReportAnswered,
    /// Hub: a batch of events is about to leave for central.
    BatchReady,
    /// Hub: central has answered a batch; the cursor has not moved.
    BatchAnswered,
    /// Hub: the cursor's new place is written, its transaction is not committed.
    InsideCursor,
    /// Hub: a snapshot is due and not written.
    BeforeSnapshot,
    /// Hub: the snapshot is written.
    AfterSnapshot,
    /// Hub: everything is done and the log is about to be closed, which writes the write-ahead log back.
    BeforeClose,
    /// Hub: the log is closed.
    AfterClose,
}

/// The program is at this point.
#[cfg(not(feature = "armed"))]
#[inline(always)]
pub const fn reached(_: Point) {}

/// The program is at this point: it dies or waits here when it is told to.
#[cfg(feature = "armed")]
pub fn reached(point: Point) {
    armed::reached(point);
}

/// Whether the program shall die at this point, for steps that must be brought about first.
#[cfg(feature = "armed")]
#[must_use]
pub fn is_ordered(point: Point) -> bool {
    armed::order() == format!("die {point:?}")
}

#[cfg(feature = "armed")]
mod armed {
    use std::path::PathBuf;
    use std::sync::LazyLock;
    use std::time::Duration;

    use nix::sys::signal::{Signal, kill};
    use nix::unistd::Pid;

    use crate::{HELD, ORDER, Point};

    /// How often a held thread looks whether it may go on.
    const LOOK_AGAIN: Duration = Duration::from_millis(2);

    static FILE: LazyLock<Option<PathBuf>> = LazyLock::new(|| std::env::var_os(ORDER).map(PathBuf::from));

    pub(crate) fn order() -> String {
        // No file is no order.
        FILE.as_ref().and_then(|file| std::fs::read_to_string(file).ok()).unwrap_or_default()
    }

    pub(crate) fn reached(point: Point) {
        let order = order();
        if order == format!("die {point:?}") {
            die();
        }
        let hold = format!("hold {point:?}");
        if order == hold
            && let Some(file) = FILE.as_ref()
        {
            // A test that waits for this file in vain says so.
            drop(std::fs::write(file.with_extension(HELD), &hold));
            while self::order() == hold {
                std::thread::sleep(LOOK_AGAIN);
            }
        }
    }

    fn die() {
        if let Err(error) = kill(Pid::this(), Signal::SIGKILL) {
            unreachable!("a process may always kill itself: {error}");
        }
        // The signal reaches every thread before it does anything else; this one may be the last to know.
        loop {
            std::thread::park();
        }
    }
}
