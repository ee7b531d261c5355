//! `POST /v1/kiosks/{kiosk}/help`: a citizen wants to hear what to do. A moment, not a fact: it goes to the agents that
//! listen just now and nowhere else. Nothing of it is written, and nobody gets it later.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use protocol::commands::HelpRequest;
use protocol::problem::Problem;
use protocol::work::Help;
use std::time::Duration;
use tokio::sync::broadcast;
use tokio::time::Instant;

use super::{App, Refused, commands};
use crate::{speakers, wire};

/// Help that may wait for a slow agent; of more the oldest is dropped.
const MOST_WAITING: usize = 8;
/// Help that waited longer for its agent is dropped: whoever asked has gone on.
const TOO_OLD: Duration = Duration::from_secs(2);

/// Where help goes from kiosks to the agents that listen.
#[derive(Debug)]
pub struct HelpCalls(broadcast::Sender<(Instant, Help)>);

impl Default for HelpCalls {
    fn default() -> Self {
        Self(broadcast::channel(MOST_WAITING).0)
    }
}

impl HelpCalls {
    /// What is asked from now on.
    pub fn listen(&self) -> Listener {
        Listener(self.0.subscribe())
    }

    fn tell(&self, help: Help, now: Instant) {
        if self.0.send((now, help)).is_err() {
            tracing::info!("help was asked for, and no agent listens");
        }
    }
}

/// One agent's ear.
#[derive(Debug)]
pub struct Listener(broadcast::Receiver<(Instant, Help)>);

impl Listener {
    /// The next help that is not too old; waits for it. None when there will be none any more.
    pub async fn next(&mut self) -> Option<Help> {
        loop {
            match self.0.recv().await {
                Ok((asked, help)) if asked.elapsed() <= TOO_OLD => return Some(help),
                Ok((_, help)) => tracing::warn!(kiosk = help.kiosk, "help is dropped: its agent was too slow"),
                Err(broadcast::error::RecvError::Lagged(count)) => {
                    tracing::warn!(count, "help is dropped: an agent is too slow");
                }
                Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    }
}

/// Help is spoken at the kiosk, at once or not at all.
#[utoipa::path(post, path = "/v1/kiosks/{kiosk}/help", request_body = HelpRequest,
    params(("kiosk" = String, Path, description = "kiosk id")),
    responses((status = 204, description = "the kiosk's speaker is told; whether it speaks is not waited for"),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "no speaker is ready there"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "no such page or language")))]
pub async fn ask(State(app): State<App>, Path(kiosk): Path<String>, body: Bytes) -> Result<StatusCode, Refused> {
    if !app.0.config.kiosks.contains(&kiosk) {
        return Err(wire::unknown_kiosk(&kiosk).into());
    }
    let HelpRequest { page, language } = commands::parse(&body)?;
    if !is_page(&page) {
        let detail = format!("a page has 1 to {} small letters, digits and `-`", HelpRequest::MAX_PAGE);
        let hint = "send the page's name, such as `services`";
        return Err(Problem::new(422, "bad-page", "Page cannot be meant", detail, hint).into());
    }
    wire::offered_language(&app.0.config.info, &language)?;
    if !speakers::can_speak_at(&app.0.health.devices(), &kiosk) {
        return Err(no_speaker(&kiosk).into());
    }
    app.0.help.tell(Help { kiosk, page, language }, Instant::now());
    Ok(StatusCode::NO_CONTENT)
}

fn is_page(page: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=HelpRequest::MAX_PAGE).contains(&page.len()) && page.bytes().all(plain)
}

fn no_speaker(kiosk: &str) -> Problem {
    let detail = format!("no speaker at {kiosk} is ready");
    let hint = "name the kiosk at a speaker in devices.toml, or look at the speakers in GET /v1/health";
    Problem::new(409, "no-speaker", "No speaker", detail, hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn help(page: &str) -> Help {
        Help { kiosk: "kiosk-1".to_owned(), page: page.to_owned(), language: "vi".to_owned() }
    }

    #[test]
    fn a_page_is_a_short_plain_word() {
        for page in ["services", "no-paper", "page2", &"a".repeat(32)] {
            assert!(is_page(page), "{page}");
        }
        for page in ["", "Services", "a b", "../vi", "a/b", "trang-đầu", "{page}", &"a".repeat(33)] {
            assert!(!is_page(page), "{page}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn help_is_heard_by_who_listens_and_never_late() {
        let calls = HelpCalls::default();
        calls.tell(help("before"), Instant::now());
        let mut ear = calls.listen();
        calls.tell(help("late"), Instant::now());
        tokio::time::advance(TOO_OLD + Duration::from_millis(1)).await;
        for n in 0..=MOST_WAITING {
            calls.tell(help(&format!("page-{n}")), Instant::now());
        }
        assert_eq!(ear.next().await, Some(help("page-1")), "a slow agent loses the oldest");
        drop(calls);
        for n in 2..=MOST_WAITING {
            assert_eq!(ear.next().await, Some(help(&format!("page-{n}"))));
        }
        assert_eq!(ear.next().await, None);
    }
}
