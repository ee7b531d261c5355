//! 32 officers call from one short queue over the real HTTP API, 100,000 calls, some of them sent twice at once under
//! one id: no ticket is called twice, none is lost, nothing hangs. Checked twice: by what the hub answered, and by what
//! stands in its log.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use hil_tests::sample_hall;
use hil_tests::whole_hall::FREE_PORT;
use hub::log::SqliteLog;
use hub::{Clock, Clocks, Engine, HallClock, Hub, HubConfig};
use jiff::Timestamp;
use protocol::IDEMPOTENCY_KEY;
use protocol::commands::{Command, CommandReply};
use protocol::problem::Problem;
use queue::{Counter, Event, Hall, HallState, Officer, Recorded};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufStream};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::task::JoinSet;

/// Counters, each with an officer who calls as fast as the hub answers.
const OFFICERS: u16 = 32;
/// Calls of all officers together; what they do with a ticket and what citizens press comes on top.
const CALLS: usize = 100_000;
/// Citizens press while fewer than this wait.
const QUEUE: i64 = 5;
/// Citizens who press at the same time.
const CITIZENS: usize = 2;
/// One call in so many is sent twice at once.
const TWICE_IN: u8 = 16;
/// Longest run; beyond it something hangs.
const LIMIT: Duration = Duration::from_secs(240);
/// Events read at once.
const CHUNK: usize = 10_000;

/// The sample hall with as many counters as officers; each serves everything.
fn hall(sample: &Hall) -> Hall {
    let mut parts = sample_hall::at_any_hour(sample).parts().clone();
    let services: Vec<String> = parts.services.iter().map(|service| service.id.to_string()).collect();
    let services: Vec<&str> = services.iter().map(String::as_str).collect();
    parts.counters = (1..=OFFICERS).map(|number| Counter::new(number, &services)).collect();
    parts.officers = (1..=OFFICERS).map(|number| Officer::new(&officer(number))).collect();
    Hall::new(parts).unwrap()
}

fn officer(number: u16) -> String {
    format!("officer-{number}")
}

/// A morning that goes on as fast as the machine's clock, so that no day ends in the middle.
fn morning() -> Clock {
    let (began, wall): (_, Timestamp) = (Instant::now(), "2026-11-25T02:00:00Z".parse().unwrap());
    Arc::new(move || Clocks { wall: wall + began.elapsed(), monotonic: began.elapsed() })
}

fn config(data: &Path) -> HubConfig {
    let sample = launcher::defaults().unwrap().hub.unwrap();
    let hall = hall(&sample.hall);
    HubConfig { hall, listen: FREE_PORT, data: data.to_owned(), tokens: Vec::new(), central: None, ..sample }
}

/// What happened, by the hub's answers.
#[derive(Default)]
struct Answered {
    issued: Vec<String>,
    /// Ticket and counter of each call.
    called: Vec<(String, u16)>,
    served: usize,
    missed: usize,
    refused: usize,
    twice: usize,
}

struct Race {
    services: Vec<String>,
    address: SocketAddr,
    calls: AtomicUsize,
    /// Tickets that were given or are about to be, and not called.
    waiting: AtomicI64,
    room: Notify,
    answered: Mutex<Answered>,
    /// What each client is doing, for when it does not come back from it.
    doing: Mutex<BTreeMap<String, String>>,
}

/// A kept connection that speaks just enough HTTP: in a debug build it costs a third of what a whole client does, and
/// the race is the hub's.
struct Connection(BufStream<TcpStream>);

impl Connection {
    async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self(BufStream::new(stream))
    }

    /// Posts a command. Answers the status and the body.
    async fn post(&mut self, id: &str, command: &Command) -> (u16, Vec<u8>) {
        let body = serde_json::to_string(command).unwrap();
        let length = body.len();
        let head = format!("POST /v1/commands HTTP/1.1\r\nhost: hub\r\n{IDEMPOTENCY_KEY}: {id}\r\n");
        let request = format!("{head}content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}");
        self.0.write_all(request.as_bytes()).await.unwrap();
        self.0.flush().await.unwrap();
        let (mut line, mut status, mut length) = (String::new(), 0, 0);
        loop {
            line.clear();
            assert_ne!(self.0.read_line(&mut line).await.unwrap(), 0, "{id}: the hub hung up");
            match line.trim_end().split_once([' ', ':']) {
                Some(("HTTP/1.1", rest)) => status = rest[..3].parse().unwrap(),
                Some(("content-length", rest)) => length = rest.trim().parse().unwrap(),
                Some(_) => {}
                None => break,
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).await.unwrap();
        (status, body)
    }
}

/// One station with connections of its own.
struct Station {
    race: Arc<Race>,
    name: String,
    connections: [Connection; 2],
    pressed: usize,
}

impl Station {
    async fn new(race: &Arc<Race>, name: String) -> Self {
        let connections = [Connection::open(race.address).await, Connection::open(race.address).await];
        Self { race: race.clone(), name, connections, pressed: 0 }
    }

    /// The answer, or the code of the refusal. `twice`: sent twice at once under one id, which is one act and one
    /// answer.
    async fn presses(&mut self, command: &Command, twice: bool) -> Result<CommandReply, String> {
        self.pressed += 1;
        let id = format!("{}-{}", self.name, self.pressed);
        self.race.doing.lock().unwrap().insert(self.name.clone(), format!("{id} {command:?}"));
        let [one, other] = &mut self.connections;
        let (status, body) = if twice {
            let (answer, again) = tokio::join!(one.post(&id, command), other.post(&id, command));
            assert_eq!(answer, again, "{id} {command:?}");
            answer
        } else {
            one.post(&id, command).await
        };
        match status {
            200 => Ok(serde_json::from_slice(&body).unwrap()),
            _ => Err(serde_json::from_slice::<Problem>(&body).unwrap().code),
        }
    }

    async fn does(&mut self, command: Command) -> CommandReply {
        let answer = self.presses(&command, false).await;
        answer.unwrap_or_else(|code| panic!("{}: {command:?}: {code}", self.name))
    }
}

/// An officer calls, and serves or misses whom they got, until all calls are made.
async fn work(race: Arc<Race>, counter: u16) {
    let mut station = Station::new(&race, format!("counter-{counter}")).await;
    let mut dice = fastrand::Rng::with_seed(u64::from(counter));
    station.does(Command::OpenCounter { counter, officer: officer(counter) }).await;
    while race.calls.fetch_add(1, Ordering::Relaxed) < CALLS {
        let twice = dice.u8(..TWICE_IN) == 0;
        call(&race, &mut station, counter, twice, dice.bool()).await;
    }
}

/// One call and what follows; false when nobody waited.
async fn call(race: &Race, station: &mut Station, counter: u16, twice: bool, comes: bool) -> bool {
    let call = Command::CallNext { counter };
    let answer = station.presses(&call, twice).await;
    race.answered.lock().unwrap().twice += usize::from(twice);
    let reply = match answer {
        Ok(reply) => reply,
        Err(code) => {
            assert_eq!(code, "nothing-waiting");
            race.answered.lock().unwrap().refused += 1;
            return false;
        }
    };
    race.waiting.fetch_sub(1, Ordering::Relaxed);
    race.room.notify_one();
    let ticket = reply.ticket.unwrap();
    assert_eq!(ticket.counter, Some(counter));
    race.answered.lock().unwrap().called.push((ticket.id.clone(), counter));
    let ended = if comes {
        let started = station.does(Command::StartServing { counter }).await.ticket.unwrap();
        assert_eq!(started.id, ticket.id, "nobody else moved this counter's ticket");
        race.answered.lock().unwrap().served += 1;
        station.does(Command::finish_serving(counter)).await
    } else {
        race.answered.lock().unwrap().missed += 1;
        station.does(Command::MarkNoShow { counter }).await
    };
    assert_eq!(ended.ticket.unwrap().id, ticket.id, "nobody else moved this counter's ticket");
    true
}

/// A citizen's kiosk keeps the queue short but not empty, until it is told to end.
async fn press(race: Arc<Race>, kiosk: usize) {
    let mut station = Station::new(&race, format!("kiosk-{kiosk}")).await;
    let mut dice = fastrand::Rng::with_seed(1_000 + kiosk as u64);
    while race.calls.load(Ordering::Relaxed) < CALLS {
        if race.waiting.fetch_add(1, Ordering::Relaxed) >= QUEUE {
            race.waiting.fetch_sub(1, Ordering::Relaxed);
            race.room.notified().await;
            continue;
        }
        let service = &race.services[dice.usize(..race.services.len())];
        let reply = station.does(Command::issue_ticket(service, "normal", "vi", None)).await;
        race.answered.lock().unwrap().issued.push(reply.ticket.unwrap().id);
    }
}

/// Everybody at once, then one officer until nobody waits. Panics with what hangs.
async fn run(race: &Arc<Race>) {
    let all = async {
        let mut clients = JoinSet::new();
        for counter in 1..=OFFICERS {
            clients.spawn(work(race.clone(), counter));
        }
        for kiosk in 0..CITIZENS {
            clients.spawn(press(race.clone(), kiosk));
        }
        while let Some(ended) = clients.join_next().await {
            ended.unwrap();
            // A citizen who waits for room sees that it is over, and wakes the next one by ending.
            race.room.notify_one();
        }
        let mut last = Station::new(race, "last".to_owned()).await;
        while call(race, &mut last, 1, false, true).await {}
    };
    if tokio::time::timeout(LIMIT, all).await.is_err() {
        panic!("it hangs after {} calls: {:#?}", race.calls.load(Ordering::Relaxed), race.doing.lock().unwrap());
    }
}

/// Where a ticket stands in the story that the log tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stand {
    Waits,
    Called(u16),
    Serving(u16),
    Over,
}

/// The log's own story: each ticket is given once, called once to a counter that is free, and ended once there.
fn check_story(events: &[Recorded]) -> BTreeSet<String> {
    let mut tickets: BTreeMap<String, Stand> = BTreeMap::new();
    let mut busy: BTreeMap<u16, String> = BTreeMap::new();
    for (place, recorded) in events.iter().enumerate() {
        assert_eq!(recorded.sequence, place as u64 + 1, "no gap");
        let mut moves = |ticket: &queue::TicketId, from: Option<Stand>, to: Stand| {
            let before = tickets.insert(ticket.to_string(), to);
            assert_eq!(before, from, "{recorded:?}");
        };
        match &recorded.event {
            Event::TicketIssued { ticket, .. } => moves(ticket, None, Stand::Waits),
            Event::TicketCalled { ticket, counter, .. } => {
                moves(ticket, Some(Stand::Waits), Stand::Called(*counter));
                assert_eq!(busy.insert(*counter, ticket.to_string()), None, "{recorded:?}");
            }
            Event::ServingStarted { ticket, counter } => {
                moves(ticket, Some(Stand::Called(*counter)), Stand::Serving(*counter));
            }
            Event::ServingFinished { ticket, counter, .. } => {
                moves(ticket, Some(Stand::Serving(*counter)), Stand::Over);
                assert_eq!(busy.remove(counter), Some(ticket.to_string()), "{recorded:?}");
            }
            Event::TicketNoShow { ticket, counter } => {
                moves(ticket, Some(Stand::Called(*counter)), Stand::Over);
                assert_eq!(busy.remove(counter), Some(ticket.to_string()), "{recorded:?}");
            }
            // The hub itself gives up those who missed their call.
            Event::TicketCancelled { ticket, reason: Some(_) } => moves(ticket, Some(Stand::Over), Stand::Over),
            Event::DayOpened { .. } | Event::CounterOpened { .. } => {}
            other => panic!("nobody asked for {other:?}"),
        }
    }
    assert!(tickets.values().all(|stand| *stand == Stand::Over), "every ticket has ended");
    assert!(busy.is_empty());
    tickets.into_keys().collect()
}

/// The hub's answers agree with each other; answers the tickets.
fn check_answers(answered: &Answered) -> BTreeSet<String> {
    let issued: BTreeSet<String> = answered.issued.iter().cloned().collect();
    assert_eq!(issued.len(), answered.issued.len(), "no number twice");
    let called: BTreeSet<String> = answered.called.iter().map(|(ticket, _)| ticket.clone()).collect();
    assert_eq!(called.len(), answered.called.len(), "no ticket was called twice");
    assert_eq!(called, issued, "none lost");
    assert_eq!(answered.served + answered.missed, issued.len());
    issued
}

/// Opens the log as the next hub would, and answers it whole. The state that the hub would go on with, from its
/// snapshot, is the fold of all events.
fn reopen(config: &HubConfig) -> Vec<Recorded> {
    let log = Box::new(SqliteLog::open(&config.data).unwrap());
    let engine = Engine::open(Arc::new(config.hall.clone()), log, Arc::new(HallClock::new(morning()))).unwrap();
    let reader = engine.reader().unwrap();
    let (mut events, mut folded): (Vec<Recorded>, _) = (Vec::new(), HallState::default());
    loop {
        let more = reader.read(events.len() as u64, CHUNK).unwrap();
        if more.is_empty() {
            break;
        }
        more.iter().for_each(|event| folded.apply(event));
        events.extend(more);
    }
    assert_eq!(folded.waiting_in_hall(), 0);
    assert!(engine.published().read(|state| *state == folded), "the snapshot and the log tell the same");
    events
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_two_officers_call_from_one_short_queue() {
    let directory = tempfile::tempdir().unwrap();
    let config = config(directory.path());
    let log = SqliteLog::open(directory.path()).unwrap();
    let hub = Hub::start_with(config.clone(), Box::new(log), morning()).await.unwrap();
    let race = Arc::new(Race {
        services: config.hall.parts().services.iter().map(|service| service.id.to_string()).collect(),
        address: hub.address(),
        calls: AtomicUsize::new(0),
        waiting: AtomicI64::new(0),
        room: Notify::new(),
        answered: Mutex::default(),
        doing: Mutex::default(),
    });
    let began = Instant::now();
    run(&race).await;
    let seconds = began.elapsed().as_secs_f64();
    hub.stop().await;

    let answered = std::mem::take(&mut *race.answered.lock().unwrap());
    let tickets = check_answers(&answered);
    assert!(answered.refused > 0 && answered.twice > 0 && answered.served > 0 && answered.missed > 0);
    let verified = hub::log::verify(directory.path()).unwrap();
    assert!(verified.is_whole(), "{verified:?}");
    let events = reopen(&config);
    assert_eq!(check_story(&events), tickets, "the log and the answers tell the same");
    println!(
        "{CALLS} calls in {seconds:.1} s ({:.0}/s): {} refused, {} tickets, {} events",
        CALLS as f64 / seconds,
        answered.refused,
        tickets.len(),
        events.len()
    );
}
