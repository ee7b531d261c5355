//! A sample hall and a busy morning in it, for previews and tests. Values are made up and never shown by the product.

use jiff::{SignedDuration, Timestamp};
use protocol::hall::{
    ClassInfo, CounterInfo, FieldInfo, HallInfo, OfficerInfo, RatingLevelInfo, RatingReasonInfo, ServiceInfo,
};
use protocol::health::{DeviceFault, DeviceHealth, DeviceKind, DeviceState};
use protocol::text::Text;
use protocol::views::{
    Call, CounterFigures, CounterRow, CounterView, DisplayView, KioskView, Load, PrintState, RatingRequest, RatingView,
    TicketState, TicketView, WaitRange,
};

/// Field id, letter, icon, names in Vietnamese and English, counters.
type Field = (&'static str, char, &'static str, &'static str, &'static str, &'static [u16]);

const FIELDS: [Field; 12] = [
    ("land", 'A', "land-plot", "Đất đai", "Land", &[3, 4, 5]),
    ("civil-status", 'B', "baby", "Hộ tịch", "Civil status", &[1, 2]),
    ("certification", 'C', "stamp", "Chứng thực", "Certification", &[7, 8]),
    ("business", 'D', "store", "Đăng ký kinh doanh", "Business registration", &[9]),
    ("insurance", 'E', "heart-pulse", "Bảo hiểm xã hội", "Social insurance", &[10]),
    ("police", 'F', "id-card", "Công an – Căn cước", "Police – ID cards", &[11]),
    ("tax", 'G', "receipt", "Thuế", "Tax", &[6]),
    ("treasury", 'H', "landmark", "Kho bạc", "Treasury", &[6]),
    ("power", 'K', "zap", "Điện lực", "Electricity", &[12]),
    ("water", 'L', "droplets", "Cấp thoát nước", "Water", &[12]),
    ("construction", 'M', "hard-hat", "Giao thông vận tải", "Transport", &[9]),
    ("labour", 'N', "briefcase", "Lao động – Việc làm", "Labour – Jobs", &[10]),
];

/// Service id, field id, names in Vietnamese and English.
const SERVICES: [(&str, &str, &str, &str); 40] = [
    ("land-first", "land", "Đăng ký, cấp Giấy chứng nhận lần đầu", "First land certificate"),
    ("land-change", "land", "Đăng ký biến động quyền sử dụng đất", "Change of land use rights"),
    ("land-split", "land", "Tách thửa, hợp thửa đất", "Split or merge plots"),
    ("land-purpose", "land", "Chuyển mục đích sử dụng đất", "Change of land purpose"),
    ("land-mortgage", "land", "Đăng ký thế chấp, xoá thế chấp", "Mortgage registration"),
    ("land-result", "land", "Nhận kết quả", "Collect a result"),
    ("birth", "civil-status", "Đăng ký khai sinh", "Birth registration"),
    ("marriage", "civil-status", "Đăng ký kết hôn", "Marriage registration"),
    ("death", "civil-status", "Đăng ký khai tử", "Death registration"),
    ("civil-extract", "civil-status", "Trích lục hộ tịch", "Civil status extract"),
    ("copy", "certification", "Chứng thực bản sao", "Certified copies"),
    ("signature", "certification", "Chứng thực chữ ký", "Certified signature"),
    ("contract", "certification", "Chứng thực hợp đồng, giao dịch", "Certified contract"),
    ("household-business", "business", "Đăng ký hộ kinh doanh", "Household business"),
    ("cooperative", "business", "Đăng ký hợp tác xã", "Cooperative"),
    ("business-change", "business", "Thay đổi nội dung đăng ký", "Change of registration"),
    ("business-stop", "business", "Tạm ngừng, chấm dứt kinh doanh", "Suspend or close a business"),
    ("insurance-book", "insurance", "Cấp sổ, thẻ bảo hiểm", "Insurance book and card"),
    ("insurance-benefit", "insurance", "Chế độ ốm đau, thai sản", "Sickness and maternity"),
    ("insurance-pension", "insurance", "Hưu trí, tử tuất", "Pension and survivors"),
    ("id-card", "police", "Cấp, đổi căn cước", "ID card"),
    ("residence", "police", "Đăng ký cư trú", "Residence registration"),
    ("vehicle", "police", "Đăng ký xe", "Vehicle registration"),
    ("record", "police", "Phiếu lý lịch tư pháp", "Criminal record certificate"),
    ("tax-land", "tax", "Thuế, lệ phí đất đai", "Land tax and fees"),
    ("tax-personal", "tax", "Thuế thu nhập cá nhân", "Personal income tax"),
    ("tax-household", "tax", "Thuế hộ kinh doanh", "Household business tax"),
    ("treasury-pay", "treasury", "Nộp ngân sách nhà nước", "Pay to the state budget"),
    ("treasury-account", "treasury", "Tài khoản kho bạc", "Treasury account"),
    ("power-new", "power", "Cấp điện mới", "New connection"),
    ("power-contract", "power", "Thay đổi hợp đồng mua điện", "Change of contract"),
    ("water-new", "water", "Lắp đặt nước mới", "New connection"),
    ("water-contract", "water", "Thay đổi hợp đồng dịch vụ nước", "Change of contract"),
    ("licence", "construction", "Đổi giấy phép lái xe", "Driving licence"),
    ("badge", "construction", "Cấp phù hiệu xe", "Vehicle badge"),
    ("road", "construction", "Giấy phép thi công trên đường bộ", "Road works permit"),
    ("unemployment", "labour", "Bảo hiểm thất nghiệp", "Unemployment benefit"),
    ("job", "labour", "Giới thiệu việc làm", "Job placement"),
    ("work-permit", "labour", "Giấy phép lao động người nước ngoài", "Work permit for foreigners"),
    ("labour-contract", "labour", "Đăng ký nội quy lao động", "Labour rules registration"),
];

const OFFICERS: [(&str, &str); 12] = [
    ("lan", "Nguyễn Thị Lan"),
    ("hung", "Trần Văn Hùng"),
    ("mai", "Phạm Thị Tuyết Mai"),
    ("duc", "Lê Minh Đức"),
    ("thuy", "Vũ Thị Thuý"),
    ("son", "Hoàng Ngọc Sơn"),
    ("hanh", "Đặng Thị Hạnh"),
    ("quang", "Bùi Đình Quang"),
    ("nga", "Đỗ Thị Quỳnh Nga"),
    ("tuan", "Ngô Anh Tuấn"),
    ("huong", "Dương Thu Hương"),
    ("khanh", "Lý Gia Khánh"),
];

/// The moment of the samples: 08:41 in the hall.
#[must_use]
pub fn now() -> Timestamp {
    Timestamp::from_second(1_795_311_660).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn ago(minutes: i64) -> Timestamp {
    now().checked_sub(SignedDuration::from_mins(minutes)).unwrap_or(now())
}

fn counters_of(field: &str) -> Vec<u16> {
    FIELDS.iter().find(|f| f.0 == field).map(|f| f.5.to_vec()).unwrap_or_default()
}

/// The hall.
#[must_use]
pub fn hall() -> HallInfo {
    HallInfo {
        id: "qn-ha-long".into(),
        follow_url: None,
        outcomes: Vec::new(),
        name: Text::new("Trung tâm Phục vụ hành chính công", "Public Administration Service Centre"),
        name_line2: Text::new("Chi nhánh thành phố Hạ Long", "Ha Long City Branch"),
        hours: Text::new("Thứ Hai – Thứ Sáu: 7:30–11:30, 13:30–17:00", "Monday – Friday: 7:30–11:30, 13:30–17:00"),
        utc_offset_minutes: 7 * 60,
        languages: vec!["vi".into(), "en".into()],
        wait_target_minutes: 15,
        notices: vec![
            Text::new(
                "Từ 01/12, nộp hồ sơ đất đai không phụ thuộc nơi cư trú trong tỉnh. Hỏi quầy hướng dẫn để biết thêm.",
                "From 1 December, land dossiers are accepted anywhere in the province. Ask at the help desk.",
            ),
            Text::new("Mời quý khách giữ phiếu đến khi xong việc.", "Please keep your ticket until you are served."),
        ],
        fields: fields(),
        services: services(),
        counters: counters(),
        officers: OFFICERS
            .iter()
            .map(|(id, name)| OfficerInfo { id: (*id).into(), name: (*name).into(), photo: None })
            .collect(),
        classes: classes(),
        rating_levels: rating_levels(3),
        rating_reasons: rating_reasons(),
        rating_comment: true,
        accent: None,
        logo: None,
    }
}

fn rating_reasons() -> Vec<RatingReasonInfo> {
    let reasons = [
        ("long-wait", "Chờ lâu", "Long wait"),
        ("attitude", "Thái độ phục vụ", "Manner"),
        ("guidance", "Hướng dẫn chưa rõ", "Unclear guidance"),
        ("many-visits", "Phải đi lại nhiều lần", "Too many visits"),
    ];
    reasons.map(|(id, vi, en)| RatingReasonInfo { id: id.into(), name: Text::new(vi, en) }).into()
}

fn fields() -> Vec<FieldInfo> {
    let field = |f: &Field| FieldInfo { id: f.0.into(), letter: f.1, name: Text::new(f.3, f.4), icon: f.2.into() };
    FIELDS.iter().map(field).collect()
}

fn services() -> Vec<ServiceInfo> {
    let service = |s: &(&str, &str, &str, &str)| ServiceInfo {
        id: s.0.into(),
        field: s.1.into(),
        name: Text::new(s.2, s.3),
        counters: counters_of(s.1),
    };
    SERVICES.iter().map(service).collect()
}

fn counters() -> Vec<CounterInfo> {
    let name = |number: u16| {
        let names = |pick: fn(&Field) -> &'static str| {
            let own: Vec<_> = FIELDS.iter().filter(|f| f.5.contains(&number)).map(pick).collect();
            own.join(", ")
        };
        Text::new(&names(|f| f.3), &names(|f| f.4))
    };
    (1..=12).map(|number| CounterInfo { number, name: name(number) }).collect()
}

fn classes() -> Vec<ClassInfo> {
    let class = |(id, vi, en, icon): (&str, &str, &str, &str)| ClassInfo {
        id: id.into(),
        name: Text::new(vi, en),
        priority: id != "normal",
        icon: icon.into(),
    };
    [
        ("normal", "Thường", "Normal", "user"),
        ("elderly", "Từ 75 tuổi", "75 and older", "person-standing"),
        ("disabled", "Người khuyết tật", "Disabled", "accessibility"),
        ("child", "Có thai, trẻ nhỏ", "Pregnant, small child", "baby"),
        ("merit", "Người có công", "War veteran", "medal"),
    ]
    .map(class)
    .into()
}

/// A rating scale of three, four or five levels.
#[must_use]
pub fn rating_levels(count: usize) -> Vec<RatingLevelInfo> {
    let level = |(id, vi, en, icon, satisfied): (&str, &str, &str, &str, bool)| RatingLevelInfo {
        id: id.into(),
        name: Text::new(vi, en),
        icon: icon.into(),
        satisfied,
    };
    let all = [
        ("very-satisfied", "Rất hài lòng", "Very satisfied", "laugh", true),
        ("satisfied", "Hài lòng", "Satisfied", "smile", true),
        ("neutral", "Bình thường", "Neutral", "meh", false),
        ("dissatisfied", "Không hài lòng", "Dissatisfied", "frown", false),
        ("very-dissatisfied", "Rất không hài lòng", "Very dissatisfied", "angry", false),
    ]
    .map(level);
    all.into_iter().filter(|l| count > 3 || l.id != "neutral").take(count).collect()
}

/// Waiting, low, high: by field.
const LOADS: [(u32, u32, u32); 12] = [
    (14, 25, 40),
    (6, 10, 15),
    (9, 12, 20),
    (3, 5, 10),
    (4, 8, 15),
    (11, 20, 30),
    (7, 15, 25),
    (0, 0, 0),
    (1, 2, 4),
    (0, 0, 0),
    (2, 5, 8),
    (5, 10, 15),
];

/// What a kiosk shows.
#[must_use]
pub fn kiosk_view() -> KioskView {
    let field = |(f, l): (&Field, &(u32, u32, u32))| Load {
        id: f.0.into(),
        waiting: l.0,
        wait: WaitRange { low: l.1, high: l.2 },
        open_counters: if f.0 == "water" { 0 } else { 2 },
        closed: None,
        taken: l.0 * 3,
    };
    let service = |(index, s): (usize, &(&str, &str, &str, &str))| {
        let (waiting, low, high) = [(5, 20, 30), (7, 12, 20), (1, 5, 10), (0, 0, 0)][index % 4];
        Load { id: s.0.into(), waiting, wait: WaitRange { low, high }, open_counters: 1, closed: None, taken: 0 }
    };
    KioskView {
        sequence: 412,
        now: now(),
        kiosk: "kiosk-1".into(),
        fields: FIELDS.iter().zip(&LOADS).map(field).collect(),
        services: SERVICES.iter().enumerate().map(service).collect(),
        printer: Some(printer(None)),
        printers: vec![printer(None)],
        recent: Vec::new(),
        closed: false,
        help: false,
    }
}

/// The kiosk's printer, with a fault code or well.
#[must_use]
pub fn printer(fault: Option<&str>) -> DeviceHealth {
    DeviceHealth {
        name: "printer-1".into(),
        kind: DeviceKind::TicketPrinter,
        kiosk: Some("kiosk-1".into()),
        state: if fault.is_some() { DeviceState::Degraded } else { DeviceState::Ready },
        fault: fault.map(|code| DeviceFault {
            code: code.into(),
            detail: "paper sensor".into(),
            action: "load a roll and close the cover".into(),
        }),
        roll: None,
    }
}

/// A ticket of the land field that has just been taken.
#[must_use]
pub fn ticket(print: PrintState) -> TicketView {
    TicketView {
        id: "2026-11-22/A012".into(),
        number: "A012".into(),
        field: "land".into(),
        service: "land-change".into(),
        class: "normal".into(),
        priority: false,
        state: TicketState::Waiting,
        issued_at: now(),
        people_ahead: Some(7),
        wait: Some(WaitRange { low: 12, high: 20 }),
        counters: vec![3, 4, 5],
        counter: None,
        called_at: None,
        started_at: None,
        calls: 0,
        print: Some(print),
        then: Vec::new(),
        appointment: None,
        parked_reason: None,
        until: None,
    }
}

fn waiting(number: &str, service: &str, class: &str, minutes: i64) -> TicketView {
    TicketView {
        id: format!("2026-11-22/{number}"),
        number: number.into(),
        service: service.into(),
        class: class.into(),
        priority: class != "normal",
        issued_at: ago(minutes),
        ..ticket(PrintState::Printed)
    }
}

/// What counter 3 shows: a ticket being served, seven waiting.
#[must_use]
pub fn counter_view() -> CounterView {
    let current = TicketView {
        state: TicketState::Serving,
        counter: Some(3),
        called_at: Some(ago(7)),
        started_at: now().checked_sub(SignedDuration::from_secs(384)).ok(),
        calls: 1,
        ..waiting("A008", "land-change", "normal", 40)
    };
    let failed = TicketView {
        print: Some(PrintState::Failed { reason: "paper-out".into() }),
        ..waiting("A017", "land-split", "normal", 1)
    };
    CounterView {
        sequence: 412,
        now: now(),
        counter: 3,
        officer: Some("lan".into()),
        current: Some(current),
        queue: vec![
            waiting("A012", "land-change", "elderly", 18),
            waiting("A009", "land-change", "normal", 31),
            waiting("A010", "land-first", "normal", 28),
            waiting("A011", "land-mortgage", "normal", 22),
            waiting("A013", "land-split", "normal", 6),
            waiting("A014", "land-change", "normal", 4),
            waiting("A015", "land-result", "normal", 2),
        ],
        queue_total: 7,
        hall_waiting: 64,
        today: CounterFigures { served: 8, mean_handling_seconds: Some(580), ratings: 7, satisfied: 7 },
        paused: None,
        extra_services: Vec::new(),
        parked: Vec::new(),
        missed: Vec::new(),
        advice: Vec::new(),
        devices: vec![printer(None)],
        print_problems: vec![failed],
    }
}

/// A finished ticket that waits for its rating at counter 3.
#[must_use]
pub fn rating_view() -> RatingView {
    let request = RatingRequest {
        ticket: "2026-11-22/A008".into(),
        number: "A008".into(),
        field: "land".into(),
        service: "land-change".into(),
        officer: "lan".into(),
        language: "vi".into(),
        finished_at: now(),
    };
    RatingView { sequence: 412, now: now(), counter: 3, request: Some(request) }
}

/// What the hall display shows: twelve counters, the last call to counter 3.
#[must_use]
pub fn display_view() -> DisplayView {
    let numbers = ["B031", "B032", "A012", "A007", "A011", "", "C044", "C045", "D018", "E006", "F021", ""];
    let row = |(number, shown): (u16, &str)| CounterRow {
        counter: number,
        open: number != 12,
        number: (!shown.is_empty()).then(|| shown.to_owned()),
        calling: number == 3,
        paused: false,
    };
    let call = |(sequence, number, counter, service): (u64, &str, u16, &str)| Call {
        sequence,
        number: number.into(),
        counter,
        service: service.into(),
        at: now(),
    };
    DisplayView {
        sequence: 412,
        now: now(),
        last_calls: [
            (410, "A012", 3, "land-change"),
            (407, "F021", 11, "id-card"),
            (405, "C045", 8, "copy"),
            (402, "B032", 2, "birth"),
            (398, "E006", 10, "insurance-book"),
        ]
        .map(call)
        .into(),
        counters: (1..=12).zip(numbers).map(row).collect(),
        waiting: 64,
        mean_wait_minutes: Some(13),
        served: 112,
    }
}
