//! All four stations in one thread against a hub that is only a socket: real tasks, real time, real pixels. It proves
//! what the demo relies on: posted closures run while pumping, touches by label reach the hub, the hub's views reach
//! the windows, and the citizen's English leaves the counter Vietnamese.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use client::Hub;
use protocol::views::PrintState;
use slint::platform::Key;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::{CounterWindow, DisplayWindow, KioskWindow, RatingWindow};
use crate::{counter, display, headless, kiosk, rating, sample};

/// Longest wait for anything in this test.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the stand-in hub was asked to do: request id and body; and how it is to behave.
#[derive(Clone, Default)]
struct Asked {
    commands: Arc<Mutex<Vec<(String, String)>>>,
    /// Commands are taken and not answered.
    held: Arc<AtomicBool>,
    /// Nothing is said at all: no view, no sign of life, no answer to a new connection.
    silent: Arc<AtomicBool>,
    /// Views are those of another version.
    foreign: Arc<AtomicBool>,
}

impl Asked {
    fn lock(&self) -> std::sync::LockResult<std::sync::MutexGuard<'_, Vec<(String, String)>>> {
        self.commands.lock()
    }

    async fn while_set(flag: &AtomicBool) {
        while flag.load(Ordering::Relaxed) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

/// Answers every connection as the hub would, with the sample morning.
async fn serve(listener: TcpListener, asked: Asked) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        tokio::spawn(answer(stream, asked.clone()));
    }
}

async fn answer(mut stream: TcpStream, asked: Asked) {
    let Some((head, body)) = read_request(&mut stream).await else { return };
    Asked::while_set(&asked.silent).await;
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let view = match path.as_str() {
        "/v1/views/kiosk/kiosk-1" => serde_json::to_string(&sample::kiosk_view()).unwrap(),
        "/v1/views/counter/3" => serde_json::to_string(&sample::counter_view()).unwrap(),
        "/v1/views/rating/3" => serde_json::to_string(&sample::rating_view()).unwrap(),
        "/v1/views/display" => serde_json::to_string(&sample::display_view()).unwrap(),
        "/v1/hall" => return reply(stream, &serde_json::to_string(&sample::hall()).unwrap()).await,
        _ => {
            let id =
                head.lines().find_map(|l| l.to_ascii_lowercase().strip_prefix("idempotency-key: ").map(str::to_owned));
            asked.lock().unwrap().push((id.unwrap(), body));
            Asked::while_set(&asked.held).await;
            let ticket = serde_json::to_value(sample::ticket(PrintState::Printed)).unwrap();
            return reply(stream, &serde_json::json!({ "sequence": 413, "ticket": ticket }).to_string()).await;
        }
    };
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
    let mut text = format!("{head}id: 412\nevent: view\ndata: {view}\n\n");
    // A sign of life every second until the station goes.
    while stream.write_all(text.as_bytes()).await.is_ok() {
        let foreign = asked.foreign.load(Ordering::Relaxed);
        if foreign { "event: view\ndata: {\"of\":\"tomorrow\"}\n\n" } else { ":\n\n" }.clone_into(&mut text);
        tokio::time::sleep(Duration::from_secs(1)).await;
        Asked::while_set(&asked.silent).await;
    }
}

async fn reply(mut stream: TcpStream, json: &str) {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n", json.len());
    let _gone = stream.write_all(format!("{head}connection: close\r\n\r\n{json}").as_bytes()).await;
}

/// Head and body of one request; none when the connection was only opened.
async fn read_request(stream: &mut TcpStream) -> Option<(String, String)> {
    let mut bytes = Vec::new();
    loop {
        let mut chunk = [0; 4096];
        let read = stream.read(&mut chunk).await.ok().filter(|n| *n > 0)?;
        bytes.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length =
            head.lines().find_map(|l| l.to_ascii_lowercase().strip_prefix("content-length: ").map(str::to_owned));
        if body.len() >= length.map_or(0, |l| l.parse().unwrap()) {
            return Some((head.to_owned(), body.to_owned()));
        }
    }
}

#[test]
fn four_stations_in_one_thread_follow_the_hub_and_obey_touches() {
    headless::init().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let hub = Hub::new(&format!("http://{}", listener.local_addr().unwrap()), None).unwrap();
    let asked = Asked::default();
    runtime.spawn(serve(listener, asked.clone()));

    let (kiosk, counter) = (KioskWindow::new().unwrap(), CounterWindow::new().unwrap());
    let (tablet, hall) = (RatingWindow::new().unwrap(), DisplayWindow::new().unwrap());
    headless::show(&kiosk, 1080, 1920).unwrap();
    headless::show(&counter, 1920, 1080).unwrap();
    headless::show(&tablet, 1280, 800).unwrap();
    headless::show(&hall, 1920, 1080).unwrap();
    let handle = runtime.handle();
    let _stations = [
        kiosk::start(&kiosk, hub.clone(), handle, kiosk::KioskOptions::new("kiosk-1")),
        counter::start(&counter, hub.clone(), handle, counter::CounterOptions::new(Some(3))),
        rating::start(&tablet, hub.clone(), handle, rating::RatingOptions::new(3)),
        display::start(&hall, hub, handle, display::DisplayOptions::default()),
    ];

    let see = |window: &KioskWindow, label: &str| {
        headless::pump(|| headless::shows(window, label), PATIENCE).unwrap_or_else(|e| panic!("{label}: {e}"));
    };
    see(&kiosk, "English");
    headless::touch(&kiosk, "English").unwrap();
    see(&kiosk, "Land");
    headless::touch(&kiosk, "Land").unwrap();
    see(&kiosk, "Change of land use rights");
    headless::touch(&kiosk, "Change of land use rights").unwrap();
    see(&kiosk, "Get a number");
    // Two quick touches, before the station can have answered the first.
    headless::touch(&kiosk, "Get a number").unwrap();
    headless::touch(&kiosk, "Get a number").unwrap();
    see(&kiosk, "Take your ticket below");
    let issued = asked.lock().unwrap().clone();
    assert_eq!(issued.len(), 1, "two touches, one ticket: {issued:?}");
    assert!(issued[0].1.contains("\"issue_ticket\"") && issued[0].1.contains("\"en\""), "{issued:?}");

    // The counter stays Vietnamese beside an English kiosk, and its keys work.
    headless::pump(|| headless::enabled(&counter, "Hoàn thành"), PATIENCE).unwrap();
    headless::press_key(&counter, Key::F2);
    headless::pump(|| asked.lock().unwrap().len() == 2, PATIENCE).unwrap();
    assert!(asked.lock().unwrap()[1].1.contains("finish_serving"));

    headless::pump(|| headless::shows(&tablet, "Rất hài lòng"), PATIENCE).unwrap();
    headless::touch(&tablet, "Rất hài lòng").unwrap();
    headless::pump(|| headless::shows(&tablet, "Cảm ơn quý khách!"), PATIENCE).unwrap();
    headless::pump(|| headless::shows(&hall, "Quầy 3: A012"), PATIENCE).unwrap();
    a_kiosk_answers_whatever_the_hub_does(&kiosk, &asked);
    a_hub_that_holds_back_holds_up_nobody(&counter, &asked);
    a_hub_that_falls_silent_is_noticed_and_found_again(&counter, &asked);
    a_hub_of_another_version_is_named(&counter, &kiosk, &asked);
    let picture = tempfile::tempdir().unwrap().path().join("kiosk.png");
    headless::snapshot_png(&kiosk, &picture).unwrap();
    assert!(std::fs::metadata(&picture).unwrap().len() > 10_000);
}

/// How long a window may take to answer a touch, whatever the hub does. Nothing runs beside this test (nextest.toml).
const ANSWER: Duration = Duration::from_millis(100);

/// The time from `act` until the counter shows it.
fn answers(counter: &CounterWindow, what: &str, act: impl FnOnce(), shown: impl Fn() -> bool) -> Duration {
    assert!(!shown(), "{what} is there before");
    let began = Instant::now();
    act();
    headless::pump(shown, PATIENCE).unwrap_or_else(|e| panic!("{what}: {e}; {:?}", headless::labels(counter)));
    began.elapsed()
}

/// The hub takes a request for a number and is silent for ten seconds: every touch at the kiosk is answered at once, the
/// request is shown as under way, and its number comes when the hub speaks again.
fn a_kiosk_answers_whatever_the_hub_does(kiosk: &KioskWindow, asked: &Asked) {
    headless::pump_for(Duration::from_millis(350)).unwrap();
    if headless::shows(kiosk, "Done") {
        headless::touch(kiosk, "Done").unwrap();
    }
    headless::pump(|| headless::shows(kiosk, "Chạm để bắt đầu"), PATIENCE).unwrap();
    asked.held.store(true, Ordering::Relaxed);
    let began = Instant::now();
    let mut times = Vec::new();
    for (label, then) in [
        ("Chạm để bắt đầu", "Mời quý khách chọn lĩnh vực"),
        ("Tìm việc cần làm", "Dấu cách"),
        ("Quay lại", "Mời quý khách chọn lĩnh vực"),
        ("Đất đai", "Đăng ký biến động quyền sử dụng đất"),
        ("Đăng ký biến động quyền sử dụng đất", "Lấy số"),
        ("Lấy số", "Đang lấy số…"),
    ] {
        let touched = Instant::now();
        headless::touch(kiosk, label).unwrap();
        headless::pump(|| headless::shows(kiosk, then), PATIENCE).unwrap_or_else(|e| panic!("{then}: {e}"));
        times.push(touched.elapsed());
    }
    let slow = || headless::labels(kiosk).iter().any(|label| label.contains("Hệ thống trả lời chậm."));
    headless::pump(slow, PATIENCE).unwrap();
    headless::pump_for(Duration::from_secs(10).saturating_sub(began.elapsed())).unwrap();
    assert!(headless::shows(kiosk, "Đang lấy số…"), "nothing is shown that the hub has not confirmed");
    asked.held.store(false, Ordering::Relaxed);
    headless::pump(|| headless::shows(kiosk, "Mời nhận phiếu bên dưới"), PATIENCE).unwrap();
    times.sort_unstable();
    println!(
        "hub held back for 10 s: the kiosk answered {} touches, the slowest after {:?}",
        times.len(),
        times.last()
    );
    assert!(times.iter().all(|time| *time <= ANSWER), "{times:?}");
}

/// For ten seconds the hub takes a command and says nothing: the officer sees at once that it is under way, and never
/// that it is done; lists, tabs and the narrow bar go on working.
fn a_hub_that_holds_back_holds_up_nobody(counter: &CounterWindow, asked: &Asked) {
    const UNANSWERED: &str = "Máy chủ chưa trả lời. Xin bấm lại, lệnh không bị lặp hai lần.";
    headless::pump(|| headless::enabled(counter, "Hoàn thành"), PATIENCE).unwrap();
    asked.held.store(true, Ordering::Relaxed);
    let began = Instant::now();
    let pending = || headless::shows(counter, "Đang ghi hoàn thành…");
    let mut answered = vec![answers(counter, "pending", || headless::press_key(counter, Key::F2), pending)];
    while began.elapsed() < Duration::from_secs(10) {
        for (key, label) in [
            (Key::RightArrow, "Đăng ký biến động quyền sử dụng đất: 3 người, lâu nhất 31 ph"),
            (Key::RightArrow, "Không có phiếu nào tạm hoãn."),
            (Key::LeftArrow, "Đăng ký biến động quyền sử dụng đất: 3 người, lâu nhất 31 ph"),
            (Key::LeftArrow, "Chọn A012"),
        ] {
            let shown = || headless::shows(counter, label);
            answered.push(answers(counter, label, || headless::press_key(counter, key), shown));
        }
        // The client asks for eight seconds; then the officer is told to press again, with the same request id.
        assert!(pending() || headless::shows(counter, UNANSWERED), "{:?}", headless::labels(counter));
        assert!(headless::enabled(counter, "Hoàn thành") != pending(), "one command at a time");
        headless::pump_for(Duration::from_millis(300)).unwrap();
    }
    asked.held.store(false, Ordering::Relaxed);
    answered.sort_unstable();
    let (count, slowest) = (answered.len(), answered[answered.len() - 1]);
    let (half, most) = (answered[count / 2], answered[count * 9 / 10]);
    println!(
        "hub held back for 10 s: {count} keys answered, half within {half:?}, nine of ten {most:?}, all {slowest:?}"
    );
    assert!(slowest <= ANSWER, "{answered:?}");
    headless::pump(|| headless::enabled(counter, "Hoàn thành"), PATIENCE).unwrap();
}

/// A cable that is pulled: the hub says nothing more. The officer reads it within two seconds, and the counter comes back
/// by itself.
fn a_hub_that_falls_silent_is_noticed_and_found_again(counter: &CounterWindow, asked: &Asked) {
    const LOST: &str = "Mất kết nối – số liệu có thể cũ";
    asked.silent.store(true, Ordering::Relaxed);
    let lost = answers(counter, LOST, || {}, || headless::shows(counter, LOST));
    println!("link lost: said after {lost:?}");
    assert!(lost <= Duration::from_millis(2_200), "{lost:?}");
    assert!(!headless::enabled(counter, "Hoàn thành"));
    asked.silent.store(false, Ordering::Relaxed);
    headless::pump(|| !headless::shows(counter, LOST) && headless::enabled(counter, "Hoàn thành"), PATIENCE).unwrap();
}

/// A hub that was updated without its stations: no page breaks, the officer reads what it is, and a citizen reads the
/// code for staff.
fn a_hub_of_another_version_is_named(counter: &CounterWindow, kiosk: &KioskWindow, asked: &Asked) {
    const STRANGE: &str = "Máy chủ khác phiên bản – xin báo kỹ thuật";
    asked.foreign.store(true, Ordering::Relaxed);
    headless::pump(|| headless::shows(counter, STRANGE), PATIENCE).unwrap();
    assert!(!headless::enabled(counter, "Hoàn thành"));
    let code = || headless::labels(kiosk).iter().any(|label| label.contains("hub-version"));
    headless::pump(code, PATIENCE).unwrap_or_else(|e| panic!("{e}: {:?}", headless::labels(kiosk)));
    asked.foreign.store(false, Ordering::Relaxed);
    headless::pump(|| !headless::shows(counter, STRANGE) && headless::enabled(counter, "Hoàn thành"), PATIENCE)
        .unwrap();
}
