//! Client of the hub's LAN API, used by stations, agents and tests alike.
//!
//! It owns the two things that everybody would otherwise write again: a command that is retried with the *same*
//! request id until an answer comes, and a stream that reconnects for ever and says when it is out of date. It holds
//! no rules and knows no devices or screens. It never answers for the hub: without an answer there is none.

mod streams;

pub use streams::{Linked, WorkEvent};

use std::time::Duration;

use protocol::commands::{Command, CommandReply, HelpRequest, StaffPinTry};
use protocol::hall::HallInfo;
use protocol::health::{AgentHealth, HubHealth};
use protocol::problem::Problem;
use protocol::views::{CounterView, DisplayView, KioskView, RatingView};
use serde::de::DeserializeOwned;
use tokio::sync::{mpsc, watch};

/// How long one attempt of a command may take.
pub const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a command is retried before the caller is told that the hub is away.
pub const COMMAND_TIMEOUT: Duration = Duration::from_secs(8);
/// Pause between two attempts.
pub const RETRY_PAUSE: Duration = Duration::from_millis(250);
/// A stream that stays silent for longer is broken: the hub gives a sign of life every second.
pub const STREAM_SILENCE: Duration = Duration::from_millis(1900);
/// Most work events that may wait for a slow agent.
pub const WORK_QUEUE: usize = 256;

/// Why a call gave nothing.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ClientError {
    /// The hub said no; the problem says why and what to do.
    #[error("{}: {}", .0.code, .0.detail)]
    Refused(Box<Problem>),
    /// No answer came. For a command this means: unknown whether it happened; ask again with the same id.
    #[error("the hub at {hub} does not answer ({cause}); check its power and the network")]
    Unreachable {
        /// Address of the hub.
        hub: String,
        /// What the last attempt said.
        cause: String,
    },
    /// The answer was not what this version expects.
    #[error("the hub at {hub} answered something unknown ({cause}); hub and station must have the same version")]
    Unexpected {
        /// Address of the hub.
        hub: String,
        /// What could not be read.
        cause: String,
    },
}

impl ClientError {
    /// The stable code of a refusal.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused(problem) => Some(&problem.code),
            _ => None,
        }
    }
}

/// The hub as seen from a station or an agent.
#[derive(Clone, Debug)]
pub struct Hub {
    base: String,
    token: Option<String>,
    http: reqwest::Client,
}

/// A new request id, to be made once when a button is pressed and kept for every retry.
#[must_use]
pub fn new_request_id() -> String {
    uuid::Uuid::new_v4().to_string()
}

impl Hub {
    /// A hub at `base` (such as `http://127.0.0.1:7700`), with the station's token where the hub asks for one.
    ///
    /// # Errors
    /// When the HTTP client cannot be built.
    pub fn new(base: &str, token: Option<String>) -> Result<Self, ClientError> {
        let http = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(2))
            .read_timeout(STREAM_SILENCE)
            .no_proxy()
            .build()
            .map_err(|e| ClientError::Unreachable { hub: base.to_owned(), cause: e.to_string() })?;
        Ok(Self { base: base.trim_end_matches('/').to_owned(), token, http })
    }

    /// Address of the hub.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Sends a command under `request_id` and retries with the same id until the hub answers or
    /// [`COMMAND_TIMEOUT`] is over.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when the hub said no, [`ClientError::Unreachable`] when no answer came.
    pub async fn command(&self, request_id: &str, command: &Command) -> Result<CommandReply, ClientError> {
        let started = tokio::time::Instant::now();
        loop {
            let error = match self.command_once(request_id, command).await {
                Err(error @ ClientError::Unreachable { .. }) => error,
                Err(ClientError::Refused(problem)) if problem.status == 503 => ClientError::Refused(problem),
                answer => return answer,
            };
            if started.elapsed() + RETRY_PAUSE >= COMMAND_TIMEOUT {
                return Err(error);
            }
            tokio::time::sleep(RETRY_PAUSE).await;
        }
    }

    /// One attempt of [`Hub::command`].
    ///
    /// # Errors
    /// As [`Hub::command`].
    pub async fn command_once(&self, request_id: &str, command: &Command) -> Result<CommandReply, ClientError> {
        let request = self
            .request(reqwest::Method::POST, "/v1/commands")
            .header(protocol::IDEMPOTENCY_KEY, request_id)
            .timeout(ATTEMPT_TIMEOUT)
            .json(command);
        self.read(request).await
    }

    /// The hall's names and choices.
    ///
    /// # Errors
    /// When the hub does not answer or refuses.
    pub async fn hall(&self) -> Result<HallInfo, ClientError> {
        self.read(self.request(reqwest::Method::GET, "/v1/hall").timeout(ATTEMPT_TIMEOUT)).await
    }

    /// The hub's health.
    ///
    /// # Errors
    /// When the hub does not answer or refuses.
    pub async fn health(&self) -> Result<HubHealth, ClientError> {
        self.read(self.request(reqwest::Method::GET, "/v1/health").timeout(ATTEMPT_TIMEOUT)).await
    }

    /// Tells the health of an agent's devices.
    ///
    /// # Errors
    /// When the hub does not answer or refuses.
    pub async fn report_health(&self, agent: &str, health: &AgentHealth) -> Result<(), ClientError> {
        let path = format!("/v1/agents/{agent}/health");
        let request = self.request(reqwest::Method::PUT, &path).timeout(ATTEMPT_TIMEOUT).json(health);
        self.answer(request).await.map(drop)
    }

    /// A picture of the hall: PNG, JPEG or SVG, by its name in [`HallInfo`].
    ///
    /// # Errors
    /// When the hub does not answer or has no such picture.
    pub async fn picture(&self, name: &str) -> Result<Vec<u8>, ClientError> {
        let request = self.request(reqwest::Method::GET, &format!("/v1/pictures/{name}")).timeout(ATTEMPT_TIMEOUT);
        let body = self.answer(request).await?.bytes().await.map_err(|e| self.unreachable(&e))?;
        Ok(body.into())
    }

    /// Asks whether this is the staff's PIN.
    ///
    /// # Errors
    /// [`ClientError::Refused`] with `wrong-pin`, `staff-locked` or `no-staff-pin`; else when the hub does not answer.
    pub async fn check_staff_pin(&self, kiosk: &str, pin: &str) -> Result<(), ClientError> {
        let path = format!("/v1/kiosks/{kiosk}/staff");
        let pin = StaffPinTry { pin: pin.to_owned() };
        let request = self.request(reqwest::Method::POST, &path).timeout(ATTEMPT_TIMEOUT).json(&pin);
        self.answer(request).await.map(drop)
    }

    /// Asks for help to be spoken at a kiosk, once: a moment that is over is not tried again.
    ///
    /// # Errors
    /// [`ClientError::Refused`] with `no-speaker`, `unknown-kiosk`, `bad-page` or `unknown-language`; else when the hub does not answer.
    pub async fn ask_help(&self, kiosk: &str, help: &HelpRequest) -> Result<(), ClientError> {
        let path = format!("/v1/kiosks/{kiosk}/help");
        let request = self.request(reqwest::Method::POST, &path).timeout(ATTEMPT_TIMEOUT).json(help);
        self.answer(request).await.map(drop)
    }

    /// What a kiosk shows, kept up to date by a task that ends when the receiver is dropped.
    #[must_use]
    pub fn kiosk_view(&self, kiosk: &str) -> watch::Receiver<Linked<KioskView>> {
        streams::follow_view(self.clone(), format!("/v1/views/kiosk/{kiosk}"))
    }

    /// What a counter shows; see [`Hub::kiosk_view`].
    #[must_use]
    pub fn counter_view(&self, counter: u16) -> watch::Receiver<Linked<CounterView>> {
        streams::follow_view(self.clone(), format!("/v1/views/counter/{counter}"))
    }

    /// What a rating tablet shows; see [`Hub::kiosk_view`].
    #[must_use]
    pub fn rating_view(&self, counter: u16) -> watch::Receiver<Linked<RatingView>> {
        streams::follow_view(self.clone(), format!("/v1/views/rating/{counter}"))
    }

    /// What a hall display shows; see [`Hub::kiosk_view`].
    #[must_use]
    pub fn display_view(&self) -> watch::Receiver<Linked<DisplayView>> {
        streams::follow_view(self.clone(), "/v1/views/display".to_owned())
    }

    /// The work of an agent's run; the task ends when the receiver is dropped.
    #[must_use]
    pub fn work(&self, agent: &str, run: &str) -> mpsc::Receiver<WorkEvent> {
        streams::follow_work(self.clone(), format!("/v1/work/{agent}?run={run}"))
    }

    fn request(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    async fn read<T: DeserializeOwned>(&self, request: reqwest::RequestBuilder) -> Result<T, ClientError> {
        let response = self.answer(request).await?;
        let body = response.bytes().await.map_err(|e| self.unreachable(&e))?;
        serde_json::from_slice(&body)
            .map_err(|e| ClientError::Unexpected { hub: self.base.clone(), cause: e.to_string() })
    }

    /// A response of success, or the problem that the hub told.
    async fn answer(&self, request: reqwest::RequestBuilder) -> Result<reqwest::Response, ClientError> {
        let response = request.send().await.map_err(|e| self.unreachable(&e))?;
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status();
        let body = response.bytes().await.map_err(|e| self.unreachable(&e))?;
        match serde_json::from_slice::<Problem>(&body) {
            Ok(problem) => Err(ClientError::Refused(Box::new(problem))),
            Err(_) => Err(ClientError::Unexpected { hub: self.base.clone(), cause: format!("HTTP status {status}") }),
        }
    }

    fn unreachable(&self, error: &reqwest::Error) -> ClientError {
        let mut cause = error.to_string();
        let mut source = std::error::Error::source(error);
        while let Some(inner) = source {
            cause = inner.to_string();
            source = inner.source();
        }
        ClientError::Unreachable { hub: self.base.clone(), cause }
    }
}
