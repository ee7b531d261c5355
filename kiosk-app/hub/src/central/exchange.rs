//! One batch over HTTP: how it is packed, and what each kind of answer means.

use std::io::Write;
use std::time::Duration;

use flate2::{Compression, write::GzEncoder};
use protocol::central::{BatchAnswer, CLOUDEVENTS_BATCH, MAX_BATCH_BYTES};
use queue::{Event, Recorded};
use reqwest::StatusCode;
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, RETRY_AFTER};

use super::event::cloud_event;
use crate::config::CentralConfig;
use crate::log::{LogError, LogReader, comment_key};

/// How long one request may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Why a batch is not settled. All of them are tried again, for ever.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// No answer, or the connection broke.
    #[error("central does not answer ({0}); the hall works on, check the link to the province")]
    Unreachable(String),
    /// Central is there and cannot take it now.
    #[error("central answers status {0}; it is tried again by itself")]
    Busy(u16, Option<Duration>),
    /// Central does not know this hall.
    #[error("central refuses this hall (status {0}); check [hub.central] token_file with the province")]
    Unknown(u16),
    /// The batch is too large.
    #[error("central finds a single event too large; ask the province about its limit")]
    TooLarge,
    /// Central wants another sequence.
    #[error("central has the events through {0} only")]
    Gap(u64),
    /// An answer that cannot be meant.
    #[error("central's answer cannot be right: {0}; tell the province")]
    Nonsense(String),
    /// The hall's own log.
    #[error("{0}")]
    Log(String),
}

impl Failure {
    pub fn log(error: impl std::fmt::Display) -> Self {
        Self::Log(error.to_string())
    }

    /// How long central asked to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Busy(_, asked) => *asked,
            _ => None,
        }
    }
}

/// A batch ready to send.
pub struct Batch {
    /// How many events it holds.
    pub events: usize,
    /// Gzip of the JSON array.
    pub body: Vec<u8>,
}

/// The events as a batch; those that would make it larger than [`MAX_BATCH_BYTES`] stay for the next.
pub fn body(hall: &str, events: &[Recorded], log: &dyn LogReader) -> Result<Batch, LogError> {
    let error = |cause: String| LogError::Store { place: "batch".to_owned(), cause };
    let mut json = vec![b'['];
    let mut count = 0;
    for event in events {
        let comment = match &event.event {
            Event::ServiceRated { ticket, comment: true, .. } => log.personal(&comment_key(ticket))?,
            _ => None,
        };
        let text = serde_json::to_vec(&cloud_event(hall, event, comment)).map_err(|e| error(e.to_string()))?;
        if count > 0 && json.len() + text.len() + 2 > MAX_BATCH_BYTES {
            break;
        }
        if count > 0 {
            json.push(b',');
        }
        json.extend_from_slice(&text);
        count += 1;
    }
    json.push(b']');
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(&json).map_err(|e| error(e.to_string()))?;
    Ok(Batch { events: count, body: gzip.finish().map_err(|e| error(e.to_string()))? })
}

/// The way to central.
pub struct Exchange {
    http: reqwest::Client,
    url: String,
    token: Option<String>,
}

impl Exchange {
    pub fn new(to: &CentralConfig, hall: &str) -> Result<Self, String> {
        let http = reqwest::Client::builder().timeout(TIMEOUT).build().map_err(|e| e.to_string())?;
        let url = format!("{}/v1/halls/{hall}/events", to.url.trim_end_matches('/'));
        Ok(Self { http, url, token: to.token.clone() })
    }

    /// Sends a batch and reads the answer.
    pub async fn send(&self, body: Vec<u8>) -> Result<BatchAnswer, Failure> {
        let request =
            self.http.post(&self.url).header(CONTENT_TYPE, CLOUDEVENTS_BATCH).header(CONTENT_ENCODING, "gzip");
        let request = match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        let broken = |e: reqwest::Error| Failure::Unreachable(root_cause(&e));
        let response = request.body(body).send().await.map_err(broken)?;
        let status = response.status();
        let asked = retry_after(&response);
        let body = response.bytes().await.map_err(broken)?;
        match status {
            StatusCode::OK | StatusCode::ACCEPTED => {
                serde_json::from_slice(&body).map_err(|e| Failure::Nonsense(e.to_string()))
            }
            StatusCode::CONFLICT => match serde_json::from_slice::<BatchAnswer>(&body) {
                Ok(answer) => Err(Failure::Gap(answer.accepted_through)),
                Err(_) => Err(Failure::Busy(status.as_u16(), asked)),
            },
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(Failure::Unknown(status.as_u16())),
            StatusCode::PAYLOAD_TOO_LARGE => Err(Failure::TooLarge),
            _ => Err(Failure::Busy(status.as_u16(), asked)),
        }
    }
}

fn retry_after(response: &reqwest::Response) -> Option<Duration> {
    let text = response.headers().get(RETRY_AFTER)?.to_str().ok()?;
    text.trim().parse().ok().map(Duration::from_secs)
}

fn root_cause(error: &reqwest::Error) -> String {
    let mut source = std::error::Error::source(error);
    let mut cause = error.to_string();
    while let Some(inner) = source {
        cause = inner.to_string();
        source = inner.source();
    }
    cause
}
