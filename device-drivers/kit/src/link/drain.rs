//! Waiting, without blocking a thread, until a wire has taken what was written to it.
//! `tcdrain` would block the runtime for as long as a device holds its "wait" line.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep};

/// How often the amount of unsent bytes is looked at.
const DRAIN_LOOK: Duration = Duration::from_millis(5);

/// A timer that is only alive while somebody flushes.
#[derive(Default)]
pub(super) struct Drain {
    timer: Option<Pin<Box<Sleep>>>,
}

impl Drain {
    /// Ready once `is_empty` says so; looks again every [`DRAIN_LOOK`].
    pub(super) fn poll(&mut self, context: &mut Context<'_>, is_empty: impl Fn() -> bool) -> Poll<()> {
        loop {
            if is_empty() {
                self.timer = None;
                return Poll::Ready(());
            }
            let timer = self.timer.get_or_insert_with(|| Box::pin(tokio::time::sleep(DRAIN_LOOK)));
            if timer.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            timer.as_mut().reset(Instant::now() + DRAIN_LOOK);
        }
    }
}
