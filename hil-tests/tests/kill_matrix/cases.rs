//! The table: where the program dies, what was on its way just then, and what has to become of the paper.

use std::ops::RangeInclusive;

use fail_point::Point;

use super::hall::Victim;
use Flight::{Central, Issue, Report, Start, Stop};
use Paper::{Printed, Unconfirmed};
use Point::*;

/// What is on its way when the program dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flight {
    /// A press at the kiosk whose printer is well: the number and the start of its paper in one commit.
    Issue,
    /// The agent's question for a job that waited for its printer.
    Start,
    /// The agent's report that the paper is out.
    Report,
    /// Events to the province.
    Central,
    /// The program ends in order.
    Stop,
}

/// How the paper of the ticket has to end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Paper {
    /// Confirmed, and there is one sheet.
    Printed,
    /// Nobody knows, and somebody looks; so many sheets there may be.
    Unconfirmed(RangeInclusive<u64>),
}

/// One row of the matrix.
#[derive(Clone, Debug)]
pub struct Case {
    pub victim: Victim,
    pub flight: Flight,
    /// Where it dies; none: from outside, while central has a batch (`Central`) or the hub the report (`Report`).
    pub point: Option<Point>,
    pub paper: Paper,
}

/// Bytes are on their way to the paper, or it is out.
const ANY: RangeInclusive<u64> = 0..=1;
/// Nothing has left.
const NONE: RangeInclusive<u64> = 0..=0;
/// It is out.
const ONE: RangeInclusive<u64> = 1..=1;

/// The points that every command passes in the hub.
pub const ENGINE: [Point; 7] =
    [CommandReceived, CommandDecided, BeforeAppend, InsideAppend, AfterCommit, Published, Answered];

/// Hub and agent die together. A run of the agent that is not the one that began a job never prints it.
pub fn both() -> Vec<Case> {
    let case = |flight, point, paper| Case { victim: Victim::Both, flight, point: Some(point), paper };
    let mut cases = Vec::new();
    for point in ENGINE {
        let committed = matches!(point, AfterCommit | Published | Answered);
        let lost = if point == AfterCommit { NONE } else { ANY };
        let begun = if committed { Unconfirmed(lost) } else { Printed };
        cases.push(case(Issue, point, begun.clone()));
        cases.push(case(Start, point, begun));
        cases.push(case(Report, point, if committed { Printed } else { Unconfirmed(ONE) }));
    }
    cases.extend([
        case(Issue, WorkSent, Unconfirmed(NONE)),
        case(Issue, WorkSeen, Unconfirmed(NONE)),
        case(Issue, BeforeFirstByte, Unconfirmed(NONE)),
        case(Issue, HalfWritten, Unconfirmed(NONE)),
        case(Issue, AllWritten, Unconfirmed(ANY)),
        case(Issue, Confirmed, Unconfirmed(ONE)),
        case(Issue, ReportAnswered, Printed),
        // The job still waits, and another run may take it.
        case(Start, WorkSent, Printed),
        case(Start, WorkSeen, Printed),
        case(Start, StartAnswered, Unconfirmed(NONE)),
        case(Central, BatchReady, Printed),
        Case { victim: Victim::Both, flight: Central, point: None, paper: Printed },
        case(Central, BatchAnswered, Printed),
    ]);
    let ends = [InsideCursor, BeforeSnapshot, AfterSnapshot, BeforeClose, AfterClose];
    cases.extend(ends.map(|point| case(Stop, point, Printed)));
    cases
}

/// The agent dies alone.
pub fn agent() -> Vec<Case> {
    let case = |flight, point, paper| Case { victim: Victim::Agent, flight, point: Some(point), paper };
    vec![
        case(Issue, WorkSeen, Unconfirmed(NONE)),
        case(Start, WorkSeen, Printed),
        case(Start, StartAnswered, Unconfirmed(NONE)),
        case(Issue, BeforeFirstByte, Unconfirmed(NONE)),
        case(Issue, HalfWritten, Unconfirmed(NONE)),
        case(Issue, AllWritten, Unconfirmed(ANY)),
        case(Issue, Confirmed, Unconfirmed(ONE)),
        Case { victim: Victim::Agent, flight: Report, point: None, paper: Printed },
        case(Issue, ReportAnswered, Printed),
    ]
}

/// The hub dies alone: the agent's run lives on, asks again under the same ids, and prints what was handed to it.
pub fn hub() -> Vec<Case> {
    let case = |flight, point| Case { victim: Victim::Hub, flight, point: Some(point), paper: Printed };
    let mut cases = vec![case(Issue, WorkSent), case(Start, WorkSent)];
    for flight in [Issue, Start, Report] {
        cases.extend(ENGINE.map(|point| case(flight, point)));
    }
    cases
}
