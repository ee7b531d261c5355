//! A board on a wire that the test holds the other end of, in virtual time.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::time::Duration;

use kit::LifeCycle;
use kit::link::{Link, LinkError, LinkErrorKind};
use kit::supervise::{BACKOFF_LONGEST, Opener};
use number_board::protocol::alpha::{START_OF_TEXT, WriteText};
use number_board::{BoardProfile, NumberBoard};
use tokio::io::{AsyncReadExt, DuplexStream};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

/// Longest wait for anything, in virtual time.
const LIMIT: Duration = Duration::from_secs(600);
/// Room on the wire: more than any frame.
const WIRE_BYTES: usize = 4096;

/// Opens as often as the test plugs something in.
struct Plug(mpsc::UnboundedReceiver<DuplexStream>);

impl Opener for Plug {
    async fn open(&mut self) -> Result<Link, LinkError> {
        self.0.try_recv().map(Link::from_stream).map_err(|_| LinkError {
            link: "test wire".into(),
            kind: LinkErrorKind::NotFound,
            cause: "nothing is plugged in".into(),
            action: "plug it in".into(),
        })
    }
}

struct Bench {
    board: NumberBoard,
    plug: mpsc::UnboundedSender<DuplexStream>,
    stop: CancellationToken,
}

impl Bench {
    fn new(change: impl FnOnce(&mut BoardProfile)) -> Self {
        let mut profile = BoardProfile::built_in("alpha-betabrite").unwrap();
        change(&mut profile);
        let (plug, opener) = mpsc::unbounded_channel();
        let stop = CancellationToken::new();
        let board = NumberBoard::start("board-1", Plug(opener), profile, stop.clone());
        Self { board, plug, stop }
    }

    fn plug_in(&self) -> Sign {
        let (near, far) = tokio::io::duplex(WIRE_BYTES);
        self.plug.send(near).unwrap();
        Sign { wire: far, pending: Vec::new() }
    }

    fn show(&self, line: &str) {
        self.board.show(vec![line.to_owned()]);
    }

    async fn becomes(&self, wanted: LifeCycle) {
        let mut seen = self.board.watch_health();
        let found = timeout(LIMIT, seen.wait_for(|health| health.life_cycle == wanted)).await;
        assert!(found.is_ok(), "{:?}, not {wanted}", self.board.health());
    }
}

/// The far end: what a sign would understand.
struct Sign {
    wire: DuplexStream,
    pending: Vec<u8>,
}

impl Sign {
    /// The next frame's text, and how long after its first byte the rest after 02 lasted.
    async fn next(&mut self) -> (String, Duration) {
        let mut rest = Duration::ZERO;
        let mut begin = None;
        loop {
            if let Ok((command, following)) = WriteText::parse(&self.pending) {
                self.pending.drain(..self.pending.len() - following);
                return (String::from_utf8(command.text).unwrap(), rest);
            }
            let read = timeout(LIMIT, self.wire.read_buf(&mut self.pending)).await;
            assert_ne!(read.unwrap().unwrap(), 0, "the board closed the link");
            if let Some(began) = begin.take() {
                rest = Instant::now() - began;
            }
            if self.pending.last() == Some(&START_OF_TEXT) {
                begin = Some(Instant::now());
            }
        }
    }

    async fn shows(&mut self, wanted: &str) {
        assert_eq!(self.next().await.0, wanted);
    }
}

#[tokio::test(start_paused = true)]
async fn a_board_is_blanked_first_then_shows_what_it_is_told_with_the_rest_after_02() {
    let bench = Bench::new(|_| ());
    let mut sign = bench.plug_in();
    sign.shows(" ").await;
    bench.becomes(LifeCycle::Ready).await;
    bench.show("A001 1");
    let (text, rest) = sign.next().await;
    assert_eq!(text, "A001 1");
    assert!(rest >= Duration::from_millis(100), "{rest:?}");
}

#[tokio::test(start_paused = true)]
async fn a_board_that_was_away_is_painted_in_full_with_the_newest() {
    let bench = Bench::new(|profile| profile.lines = 2);
    bench.becomes(LifeCycle::Absent).await;
    assert_eq!(bench.board.health().fault.unwrap().code, "not-found");
    bench.board.show(vec!["A001 1".into(), "B001 2".into()]);
    let mut sign = bench.plug_in();
    sign.shows("A001 1\rB001 2").await;
    bench.becomes(LifeCycle::Ready).await;

    drop(sign);
    bench.becomes(LifeCycle::Lost).await;
    bench.board.show(vec!["A002 3".into(), "A001 1".into()]);
    bench.board.show(vec!["A003 3".into(), "A002 3".into()]);
    let mut sign = bench.plug_in();
    sign.shows("A003 3\rA002 3").await;
    bench.becomes(LifeCycle::Ready).await;

    // And without any change in between.
    drop(sign);
    bench.becomes(LifeCycle::Lost).await;
    let mut sign = bench.plug_in();
    sign.shows("A003 3\rA002 3").await;
}

#[tokio::test(start_paused = true)]
async fn frames_keep_the_pace_and_the_newest_wins() {
    let pace = Duration::from_millis(700);
    let bench = Bench::new(|profile| profile.pace = pace);
    let mut sign = bench.plug_in();
    sign.shows(" ").await;
    let rested = Instant::now();
    for number in 1..=50 {
        bench.show(&format!("A{number:03} 1"));
        tokio::task::yield_now().await;
    }
    sign.shows("A050 1").await;
    let waited = rested.elapsed();
    assert!(waited >= pace && waited < pace * 2, "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn an_unchanged_board_is_painted_again_in_a_slow_cycle() {
    let bench = Bench::new(|profile| profile.repaint = Duration::from_secs(30));
    let mut sign = bench.plug_in();
    sign.shows(" ").await;
    bench.show("A001 1");
    sign.shows("A001 1").await;
    for _ in 0..3 {
        let before = Instant::now();
        bench.show("A001 1");
        sign.shows("A001 1").await;
        let waited = before.elapsed();
        assert!(waited >= Duration::from_secs(30), "{waited:?}");
        assert!(waited < Duration::from_secs(31), "{waited:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_does_not_fit_is_cut_off() {
    let bench = Bench::new(|profile| profile.columns = 6);
    bench.board.show(vec!["Quầy 12".into(), "unseen".into()]);
    bench.plug_in().shows("Quay 1").await;
}

#[tokio::test(start_paused = true)]
async fn a_board_that_takes_no_bytes_is_lost_and_opened_again() {
    let bench = Bench::new(|_| ());
    let (near, _stuck) = tokio::io::duplex(1);
    bench.plug.send(near).unwrap();
    bench.becomes(LifeCycle::Lost).await;
    let fault = bench.board.health().fault.unwrap();
    assert!(fault.detail.contains("took no bytes"), "{fault}");
    let mut sign = bench.plug_in();
    let before = Instant::now();
    sign.shows(" ").await;
    assert!(before.elapsed() < BACKOFF_LONGEST * 2);
    bench.becomes(LifeCycle::Ready).await;
}

#[tokio::test(start_paused = true)]
async fn a_board_is_blanked_at_the_stop() {
    let bench = Bench::new(|_| ());
    let mut sign = bench.plug_in();
    sign.shows(" ").await;
    bench.show("A001 1");
    sign.shows("A001 1").await;
    bench.stop.cancel();
    sign.shows(" ").await;
    timeout(LIMIT, bench.board.stopped()).await.unwrap();
}
