//! Talk with the hub that must end in an answer: each errand keeps one request id for all its attempts, so that an
//! answer that got lost is given again and nothing happens twice.

use std::time::Duration;

use client::{ClientError, Hub};
use protocol::commands::{Command, PrintReport};
use protocol::views::PrintState;
use tokio::time::Instant;

use crate::desk::Started;

/// Pause between two rounds of attempts; [`Hub::command`] has its own within a round.
const ROUND_PAUSE: Duration = Duration::from_secs(1);

/// Asks the hub for a job until it answers. `run` is this agent's run: a job that another run asked for is not ours.
pub(crate) async fn start(hub: Hub, run: String, job: String) -> Started {
    let asked = Instant::now();
    let command = Command::StartPrint { job: job.clone() };
    let answer = until_answered(&hub, &format!("{job}-start-{run}"), &command).await;
    let state = match answer {
        Ok(state) => state,
        Err(code) => {
            tracing::warn!(job, code, "the hub does not hand this print job out; it is not printed");
            return Started::Not;
        }
    };
    match state {
        Some(PrintState::Printing) => Started::Printing { after: asked.elapsed() },
        state => {
            tracing::info!(job, ?state, "the hub closed this print job instead of handing it out; it is not printed");
            Started::Not
        }
    }
}

/// Tells the hub how a job ended until it answers, however long it is away.
pub(crate) async fn report(hub: Hub, run: String, job: String, report: PrintReport) {
    let told = format!("{report:?}");
    let command = Command::ReportPrint { job: job.clone(), outcome: report };
    match until_answered(&hub, &format!("{job}-report-{run}"), &command).await {
        Ok(_) => tracing::debug!(job, told, "print job reported"),
        Err(code) => tracing::warn!(job, told, code, "the hub refuses the report on this print job; it knows better"),
    }
}

/// The print job's state in the hub's answer, or the code of a refusal that stands.
async fn until_answered(hub: &Hub, request_id: &str, command: &Command) -> Result<Option<PrintState>, String> {
    let mut told = false;
    loop {
        let error = match hub.command(request_id, command).await {
            Ok(reply) => return Ok(reply.print_job.map(|job| job.state)),
            Err(ClientError::Refused(problem)) if is_final(problem.status) => return Err(problem.code),
            Err(error) => error,
        };
        // Once an errand, however long it takes.
        if !std::mem::replace(&mut told, true) {
            tracing::warn!(request_id, %error, "no answer from the hub yet; it is asked until it answers");
        }
        tokio::time::sleep(ROUND_PAUSE).await;
    }
}

/// Whether a refusal is about the command itself. Others (wrong token, too busy) may end, and then the same command
/// still has to be answered.
fn is_final(status: u16) -> bool {
    matches!(status, 400 | 404 | 409 | 413 | 422)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn request_ids_fit() {
        let run = crate::runner::new_run();
        let longest = format!("20261122-A123456-p99-report-{run}");
        assert!(longest.len() <= protocol::MAX_REQUEST_ID_BYTES, "{longest}");
    }

    #[test]
    fn only_refusals_of_the_command_itself_are_final() {
        for (status, expected) in [(409, true), (404, true), (422, true), (401, false), (429, false), (503, false)] {
            assert_eq!(is_final(status), expected, "{status}");
        }
    }
}
