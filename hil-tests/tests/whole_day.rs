//! A whole day of citizens and officers through real windows: kiosk, two counters, rating tablet and display on a real
//! hub with a virtual printer, board and province. Officers work with the keyboard alone wherever they can.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use hil_tests::demo::crew::{LIMIT, mentions, number_on, shows, touch, until};
use hil_tests::whole_hall::WholeHall;
use slint::SharedString;
use slint::platform::Key;
use stations::{CounterWindow, DisplayWindow, KioskWindow, RatingWindow, Station};
use stations::{counter, display, headless, kiosk, rating};

const CHANGE: &str = "Đăng ký biến động quyền sử dụng đất";
const BIRTH: &str = "Đăng ký khai sinh";
const CODE: &str = "H49.12.34-261122-0012";

struct Day {
    hall: WholeHall,
    kiosk: KioskWindow,
    land: CounterWindow,
    civil: CounterWindow,
    tablet: RatingWindow,
    board: DisplayWindow,
    _stations: Vec<Station>,
}

impl Day {
    fn begin(hall: WholeHall, runtime: &tokio::runtime::Handle) -> Self {
        headless::init().unwrap();
        let hub = hall.client().unwrap();
        let kiosk = KioskWindow::new().unwrap();
        let (land, civil) = (CounterWindow::new().unwrap(), CounterWindow::new().unwrap());
        let (tablet, board) = (RatingWindow::new().unwrap(), DisplayWindow::new().unwrap());
        headless::show(&kiosk, 1080, 1920).unwrap();
        headless::show(&land, 1920, 1080).unwrap();
        headless::show(&civil, 1366, 768).unwrap();
        headless::show(&tablet, 1280, 800).unwrap();
        headless::show(&board, 1920, 1080).unwrap();
        let choosing = counter::CounterOptions::new(None);
        let stations = vec![
            kiosk::start(&kiosk, hub.clone(), runtime, kiosk::KioskOptions::new("kiosk-1")),
            counter::start(&land, hub.clone(), runtime, choosing.clone()),
            counter::start(&civil, hub.clone(), runtime, choosing),
            rating::start(&tablet, hub.clone(), runtime, rating::RatingOptions::new(3)),
            display::start(&board, hub, runtime, display::DisplayOptions::default()),
        ];
        Self { hall, kiosk, land, civil, tablet, board, _stations: stations }
    }

    /// A citizen takes a number at the kiosk.
    fn take(&self, field: &str, service: &str, class: Option<&str>) -> String {
        const START: &str = "Chạm để bắt đầu";
        let kiosk = &self.kiosk;
        until("the start page or the fields", || shows(kiosk, START) || shows(kiosk, field)).unwrap();
        if shows(kiosk, START) {
            touch(kiosk, START).unwrap();
        }
        touch(kiosk, field).unwrap();
        touch(kiosk, service).unwrap();
        until("the confirmation", || shows(kiosk, "Lấy số")).unwrap();
        if let Some(class) = class {
            touch(kiosk, class).unwrap();
        }
        touch(kiosk, "Lấy số").unwrap();
        until("the paper", || shows(kiosk, "Mời nhận phiếu bên dưới")).unwrap();
        let number = number_on(kiosk).unwrap();
        // A touch right after the number came would count as the second of two quick ones.
        headless::pump_for(std::time::Duration::from_millis(350)).unwrap();
        touch(kiosk, "Xong").unwrap();
        until("the start page", || shows(kiosk, START) || shows(kiosk, field)).unwrap();
        number
    }

    /// How many events of a name the province has, once it has all of the hall.
    fn told(&self, name: &str) -> usize {
        let events = self.hall.bench.central.events();
        events.iter().filter(|e| e.event["data"]["event"].as_str() == Some(name)).count()
    }

    fn until_told(&self, name: &str, count: usize) {
        until(&format!("{count} x {name} at the province"), || self.told(name) >= count).unwrap();
    }
}

fn press(window: &CounterWindow, key: Key) {
    headless::press_key(window, key);
}

fn write(window: &CounterWindow, text: &str) {
    for character in text.chars() {
        headless::press_key(window, SharedString::from(character.to_string()));
    }
}

/// Waits for words at a counter; a failure says what stands there instead.
fn see(window: &CounterWindow, words: &str) {
    let seen = headless::pump(|| shows(window, words), LIMIT);
    seen.unwrap_or_else(|_| panic!("`{words}` was not seen among {}", headless::labels(window).join(" | ")));
}

/// Presses a key once the button that shows it can be pressed.
fn press_for(window: &CounterWindow, button: &str, key: Key) {
    let ready = || headless::enabled(window, button);
    headless::pump(ready, LIMIT).unwrap_or_else(|_| panic!("{button}: {}", headless::labels(window).join(" | ")));
    press(window, key);
}

/// The counter calls the next one by key; the answer is the number.
fn call(window: &CounterWindow) -> String {
    press_for(window, "Gọi tiếp", Key::F1);
    see(window, "Đang gọi");
    number_on(window).unwrap()
}

fn start(window: &CounterWindow) {
    press_for(window, "Bắt đầu", Key::F2);
    see(window, "Đang phục vụ");
}

fn finish(window: &CounterWindow) {
    press_for(window, "Hoàn thành", Key::F2);
    see(window, "Chưa có khách tại quầy");
}

/// Chooses the reason by its number and sends the sheet, whose button says so.
fn for_reason(window: &CounterWindow, reason: &str, button: &str) {
    see(window, "Lý do");
    write(window, reason);
    press_for(window, button, Key::Return);
}

fn the_counters_open(day: &Day) {
    touch(&day.land, "Quầy 3").unwrap();
    touch(&day.land, "Nguyễn Thị Lan").unwrap();
    see(&day.land, "Gọi tiếp");
    // The other officer needs no mouse: the first tile, then the second name.
    see(&day.civil, "Quầy 1");
    press(&day.civil, Key::Return);
    see(&day.civil, "Trần Văn Minh");
    press(&day.civil, Key::RightArrow);
    press(&day.civil, Key::Return);
    see(&day.civil, "Gọi tiếp");
}

/// Priority first, a recall, dossiers, and a low rating with its reason.
fn the_first_is_served(day: &Day, elderly: &str) {
    let land = &day.land;
    assert_eq!(call(land), elderly, "priority first");
    until("the call on the display", || shows(&day.board, &format!("Quầy 3: {elderly}"))).unwrap();
    press_for(land, "Gọi lại", Key::F3);
    day.until_told("ticket_recalled", 1);
    start(land);
    write(land, CODE);
    press(land, Key::Return);
    see(land, CODE);
    finish(land);
    day.until_told("serving_finished", 1);
    let events = day.hall.bench.central.events();
    let finished = events.iter().find(|e| e.event["data"]["event"] == "serving_finished").unwrap();
    assert_eq!(finished.event["data"]["dossiers"], serde_json::json!([CODE]));
    touch(&day.tablet, "Không hài lòng").unwrap();
    touch(&day.tablet, "Chờ lâu").unwrap();
    touch(&day.tablet, "Gửi ý kiến").unwrap();
    until("the thanks", || shows(&day.tablet, "Cảm ơn quý khách!")).unwrap();
    day.until_told("service_rated", 1);
    let events = day.hall.bench.central.events();
    let rated = events.iter().find(|e| e.event["data"]["event"] == "service_rated").unwrap();
    assert_eq!(rated.event["data"]["reasons"], serde_json::json!(["cho-lau"]));
}

/// One does not come and then does; one is parked and comes back.
fn aside_and_back(day: &Day) {
    let land = &day.land;
    let missed = call(land);
    press_for(land, "Vắng", Key::F4);
    see(land, "Chưa có khách tại quầy");
    press(land, Key::LeftArrow);
    touch(land, &format!("Quay lại: {missed}")).unwrap();
    see(land, &format!("Phiếu {missed} đã trở lại hàng chờ."));
    day.until_told("ticket_returned", 1);
    press(land, Key::RightArrow);

    let parked = call(land);
    start(land);
    press_for(land, "Tạm hoãn", Key::F5);
    see(land, &format!("Tạm hoãn {parked}"));
    for_reason(land, "2", "Tạm hoãn phiếu");
    see(land, "Chưa có khách tại quầy");
    press(land, Key::RightArrow);
    press(land, Key::RightArrow);
    touch(land, &format!("Trả về hàng: {parked}")).unwrap();
    day.until_told("ticket_returned", 2);
    press(land, Key::LeftArrow);
    press(land, Key::LeftArrow);
}

/// To another service with return: the same number, two counters, one rating.
fn there_and_back(day: &Day) {
    let (land, civil) = (&day.land, &day.civil);
    let number = call(land);
    start(land);
    press_for(land, "Chuyển", Key::F6);
    see(land, &format!("Chuyển {number}"));
    write(land, "khai sinh");
    see(land, BIRTH);
    until("only what is looked for", || !shows(land, "Đăng ký khai tử")).unwrap();
    press(land, Key::F6);
    press(land, Key::Return);
    see(land, "Chưa có khách tại quầy");

    touch(civil, &format!("Chọn {number}")).unwrap();
    until("the sheet", || mentions(civil, &format!("{number} · "))).unwrap();
    write(civil, "4");
    touch(civil, "Gọi vào quầy").unwrap();
    see(civil, "Đang gọi");
    assert_eq!(number_on(civil).unwrap(), number);
    start(civil);
    finish(civil);
    day.until_told("stage_finished", 1);

    see(land, &format!("Chọn {number}"));
    assert_eq!(call(land), number, "who comes back goes first");
    start(land);
    finish(land);
    touch(&day.tablet, "Rất hài lòng").unwrap();
    until("the thanks", || shows(&day.tablet, "Cảm ơn quý khách!")).unwrap();
}

fn a_pause(day: &Day) {
    let civil = &day.civil;
    press_for(civil, "Tạm nghỉ", Key::F8);
    for_reason(civil, "1", "Bắt đầu nghỉ");
    see(civil, "Quầy tạm nghỉ");
    until("the pause on the display", || shows(&day.board, "Quầy 1: nghỉ")).unwrap();
    press_for(civil, "Làm việc lại", Key::F8);
    see(civil, "Chưa có khách tại quầy");
}

/// One officer leaves in the middle and hands over; the other serves to the end and closes.
fn the_counters_close(day: &Day) {
    let (land, civil) = (&day.land, &day.civil);
    let open = call(land);
    press_for(land, "Đóng quầy", Key::F10);
    see(land, &format!("Quầy còn phiếu {open}"));
    press(land, Key::Return);
    see(land, "Chọn quầy");
    call(civil);
    start(civil);
    finish(civil);
    press_for(civil, "Đóng quầy", Key::F10);
    see(civil, "Chọn quầy");
}

#[test]
fn a_day_of_citizens_and_officers_through_real_windows() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let hall = runtime.block_on(WholeHall::start(directory.path())).unwrap();
    let day = Day::begin(hall, runtime.handle());

    the_counters_open(&day);
    day.take("Đất đai", CHANGE, None);
    let elderly = day.take("Đất đai", CHANGE, Some("Từ 75 tuổi"));
    day.take("Hộ tịch", BIRTH, None);
    day.take("Đất đai", CHANGE, None);
    day.take("Đất đai", CHANGE, None);
    the_first_is_served(&day, &elderly);
    aside_and_back(&day);
    there_and_back(&day);
    a_pause(&day);
    the_counters_close(&day);

    until("two left waiting", || shows(&day.board, "2")).unwrap();
    let client = day.hall.client().unwrap();
    let sequence = runtime.block_on(client.health()).unwrap().sequence;
    until("the last event at the province", || day.hall.bench.central.events().len() as u64 >= sequence).unwrap();
    for (event, count) in [
        ("ticket_issued", 5),
        ("counter_opened", 2),
        ("ticket_recalled", 1),
        ("ticket_no_show", 1),
        ("ticket_parked", 1),
        ("ticket_transferred", 1),
        ("stage_finished", 1),
        // Came back, unparked, handed over.
        ("ticket_returned", 3),
        ("serving_finished", 3),
        ("service_rated", 2),
        ("counter_paused", 1),
        ("counter_resumed", 1),
        ("counter_closed", 2),
    ] {
        assert_eq!(day.told(event), count, "{event}");
    }
    let Day { hall, .. } = day;
    runtime.block_on(hall.stop());
}
