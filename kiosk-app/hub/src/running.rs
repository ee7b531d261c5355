//! A running hub: its engine's thread, its API, its sync and its clock, and how they end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::api;
use crate::central::{CentralState, Sync};
use crate::clock::{Clock, HallClock, system_clock};
use crate::config::HubConfig;
use crate::engine::{Engine, OnTheWay, QUEUE, Request};
use crate::health::HealthBook;
use crate::log::{EventLog, LogError, SqliteLog};

/// How often the hub looks whether the day has changed or an agent fell silent.
const TICK: Duration = Duration::from_secs(5);
/// How long open streams and requests may take to end when the hub stops.
const SHUTDOWN: Duration = Duration::from_secs(5);

/// Why a hub did not start.
#[derive(Debug, thiserror::Error)]
pub enum HubError {
    /// The log could not be opened.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The address is taken or not this machine's.
    #[error("cannot listen on {address}: {cause}; is another hub running, or is the address not this machine's?")]
    Listen {
        /// Address of the configuration.
        address: SocketAddr,
        /// What the system said.
        cause: std::io::Error,
    },
    /// Everybody on the network could call numbers.
    #[error(
        "listening on {0} without station tokens would let everybody on the network in; \
         name [[hub.tokens]], or listen on 127.0.0.1"
    )]
    Open(SocketAddr),
    /// No HTTP client or thread could be made.
    #[error("the hub cannot start: {0}")]
    System(String),
}

/// A running hub. Dropping it does not stop it in order: use [`Hub::stop`].
pub struct Hub {
    address: SocketAddr,
    requests: mpsc::Sender<Request>,
    engine: std::thread::JoinHandle<()>,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Hub {
    /// Starts a hub on its SQLite log with the machine's clock.
    ///
    /// # Errors
    /// When the log cannot be opened, the address not be bound, or it would be open to everybody.
    pub async fn start(config: HubConfig) -> Result<Self, HubError> {
        let log = SqliteLog::open(&config.data)?;
        Self::start_with(config, Box::new(log), system_clock()).await
    }

    /// Starts a hub on any log with any clock.
    ///
    /// # Errors
    /// As [`Hub::start`].
    pub async fn start_with(config: HubConfig, log: Box<dyn EventLog>, clock: Clock) -> Result<Self, HubError> {
        if !config.listen.ip().is_loopback() && config.tokens.is_empty() {
            return Err(HubError::Open(config.listen));
        }
        let listen_error = |cause| HubError::Listen { address: config.listen, cause };
        let listener = TcpListener::bind(config.listen).await.map_err(listen_error)?;
        let address = listener.local_addr().map_err(listen_error)?;
        let clock = Arc::new(HallClock::new(clock));
        let engine = Engine::open(Arc::new(config.hall.clone()), log, clock.clone())?;
        let published = engine.published();
        let reader = config.central.is_some().then(|| engine.reader()).transpose()?;
        let (requests, queue) = mpsc::channel(QUEUE);
        let on_the_way = OnTheWay::default();
        let engine = std::thread::Builder::new()
            .name("engine".to_owned())
            .spawn({
                let on_the_way = on_the_way.clone();
                move || engine.run(queue, &on_the_way)
            })
            .map_err(|e| HubError::System(e.to_string()))?;
        let stop = CancellationToken::new();
        let tasks = TaskTracker::new();
        let central = Arc::new(CentralState::default());
        if let (Some(to), Some(reader)) = (&config.central, reader) {
            let sync = Sync::new(&config.info.id, to, reader, published.changes(), central.clone())
                .map_err(HubError::System)?;
            tasks.spawn(sync.run(stop.clone()));
        }
        let health = Arc::new(HealthBook::default());
        tasks.spawn(tick(requests.clone(), health.clone(), published.clone(), clock.clone(), stop.clone()));
        let synced = config.central.is_some().then_some(central);
        let shared = api::Shared {
            config,
            requests: requests.clone(),
            on_the_way,
            published,
            health,
            central: synced,
            clock,
            wrong_pins: api::WrongPins::default(),
            help: api::HelpCalls::default(),
            stop: stop.clone(),
        };
        let app = api::App::new(shared);
        tasks.spawn(api::serve(listener, app, stop.clone()));
        tasks.close();
        tracing::info!(%address, "hub listens");
        Ok(Self { address, requests, engine, stop, tasks })
    }

    /// Where the LAN API listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends in order: no new requests, streams closed, the engine's last batch written, a snapshot saved.
    pub async fn stop(self) {
        self.stop.cancel();
        if tokio::time::timeout(SHUTDOWN, self.tasks.wait()).await.is_err() {
            tracing::warn!("a request or stream did not end in {} s, stopping without it", SHUTDOWN.as_secs());
        }
        drop(self.requests.send(Request::Stop).await);
        let joined = tokio::task::spawn_blocking(move || self.engine.join()).await;
        if !matches!(joined, Ok(Ok(()))) {
            tracing::error!("the engine's thread did not end in order");
        }
    }
}

async fn tick(
    requests: mpsc::Sender<Request>,
    health: Arc<HealthBook>,
    published: Arc<crate::engine::Published>,
    clock: Arc<HallClock>,
    stop: CancellationToken,
) {
    let mut every = tokio::time::interval(TICK);
    let mut last_minute = 0;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = every.tick() => {}
        }
        // Time alone changes views too: waits, opening hours.
        let minute = clock.now().as_second() / 60;
        if health.notice_silence() || std::mem::replace(&mut last_minute, minute) != minute {
            published.touch();
        }
        // A full queue means that commands are at work, and each of them opens the day itself.
        drop(requests.try_send(Request::Tick));
    }
}
