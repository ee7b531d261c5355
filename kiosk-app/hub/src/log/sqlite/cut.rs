//! Cuts off the end of a log from its first bad event on, and keeps what was cut as evidence in the table `cut_off`.
//!
//! Whatever pointed behind the new end goes back to it: readers' cursors are set back, snapshots and notes of
//! quarantine are dropped.

use jiff::Timestamp;
use queue::{Event, TicketId};
use rusqlite::{Connection, Transaction, params};

use super::check::BadEvent;
use super::tables::{to_i64, to_u64};
use crate::record;

/// Events of `cut_off` that are read for their tickets: more than a day has.
const LOST_READ: u32 = 50_000;

/// An event that was moved to `cut_off`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Its sequence, which the next event of the log takes again.
    pub sequence: u64,
    /// Its time, where that can be read.
    pub at: Option<Timestamp>,
}

/// What a cut did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cut {
    /// Events moved to `cut_off`.
    pub moved: Vec<Moved>,
    /// Snapshots dropped.
    pub snapshots: usize,
    /// Readers set back, with the sequence where they stood.
    pub cursors: Vec<(String, u64)>,
}

/// Cuts off `bad` and everything after it; nothing is changed before the transaction is committed.
pub(super) fn cut<'c>(connection: &'c mut Connection, bad: &BadEvent) -> rusqlite::Result<(Transaction<'c>, Cut)> {
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let from = to_i64(bad.sequence);
    let moved = {
        let mut select =
            transaction.prepare("SELECT sequence, at FROM events WHERE sequence >= ?1 ORDER BY sequence")?;
        let rows = select.query_map([from], |row| {
            let at = Timestamp::from_millisecond(row.get(1)?).ok();
            Ok(Moved { sequence: to_u64(row.get(0)?), at })
        })?;
        rows.collect::<rusqlite::Result<Vec<_>>>()?
    };
    let cursors = {
        let mut select =
            transaction.prepare("SELECT name, sequence FROM cursors WHERE sequence >= ?1 ORDER BY name")?;
        let rows = select.query_map([from], |row| Ok((row.get(0)?, to_u64(row.get(1)?))))?;
        rows.collect::<rusqlite::Result<Vec<_>>>()?
    };
    let now = Timestamp::now().as_millisecond();
    transaction.execute(
        "INSERT INTO cut_off (sequence, at, body, request, hash, cut_at, reason)
         SELECT sequence, at, body, request, hash, ?2, ?3 FROM events WHERE sequence >= ?1 ORDER BY sequence",
        params![from, now, bad.to_string()],
    )?;
    transaction.execute("DELETE FROM events WHERE sequence >= ?1", [from])?;
    transaction.execute("UPDATE cursors SET sequence = ?1 - 1 WHERE sequence >= ?1", [from])?;
    transaction.execute("DELETE FROM quarantine WHERE sequence >= ?1", [from])?;
    let snapshots = transaction.execute("DELETE FROM snapshots WHERE sequence >= ?1", [from])?;
    Ok((transaction, Cut { moved, snapshots, cursors }))
}

/// Tickets given in what was cut off, newest first, and how many events there cannot be read.
pub(super) fn lost_tickets(connection: &Connection) -> rusqlite::Result<(Vec<TicketId>, u32)> {
    let mut select = connection.prepare("SELECT body FROM cut_off ORDER BY rowid DESC LIMIT ?1")?;
    let bodies = select.query_map([LOST_READ], |row| row.get::<_, String>(0))?;
    let (mut tickets, mut unread) = (Vec::new(), 0);
    for body in bodies {
        match body.map(|body| record::decode(&body)) {
            Ok(Ok(Event::TicketIssued { ticket, .. })) => tickets.push(ticket),
            Ok(Ok(_)) => {}
            Ok(Err(_)) | Err(_) => unread += 1,
        }
    }
    Ok((tickets, unread))
}
