#![expect(clippy::unwrap_used, reason = "a test may panic")]

use super::*;

fn slip(language: &str) -> TicketSlip {
    TicketSlip {
        language: language.to_owned(),
        hall: "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG".to_owned(),
        hall_line2: "TỈNH QUẢNG NINH".to_owned(),
        field: "Đất đai".to_owned(),
        service: "Đăng ký biến động quyền sử dụng đất".to_owned(),
        number: "A012".to_owned(),
        people_ahead: 7,
        wait_minutes: [12, 20],
        counters: vec![3, 4, 5],
        class: Some("Người cao tuổi".to_owned()),
        issued_at: "2026-11-22T08:41:00+07:00".to_owned(),
        follow_url: Some("https://hall.local/t/A012".to_owned()),
    }
}

/// What stands on the page, a block a line.
fn words(slip: &TicketSlip, reprint: bool) -> Vec<String> {
    let page = Template::queue_ticket().unwrap().page(slip, reprint);
    let word = |block: Block| match block {
        Block::Text { text, .. } => text,
        Block::Number { text } => format!("#{text}"),
        Block::Rule => "-".to_owned(),
        Block::Qr { data } => format!("QR {data}"),
        Block::Barcode { data } => format!("|||| {data}"),
        Block::Image { .. } => "image".to_owned(),
        Block::Feed { lines } => format!("feed {lines}"),
    };
    page.blocks.into_iter().map(word).collect()
}

#[test]
fn the_standard_ticket_in_vietnamese() {
    let expected = [
        "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG",
        "TỈNH QUẢNG NINH",
        "-",
        "Đất đai",
        "Đăng ký biến động quyền sử dụng đất",
        "#A012",
        "Ưu tiên: Người cao tuổi",
        "Quầy: 3 – 5",
        "Số người chờ trước: 7",
        "Thời gian chờ: 12–20 phút",
        "08:41 22/11/2026",
        "-",
        "QR https://hall.local/t/A012",
        "Vui lòng chờ đến lượt. Xin cảm ơn!",
    ];
    assert_eq!(words(&slip("vi"), false), expected);
}

#[test]
fn english_and_a_language_without_words() {
    let english = words(&slip("en"), false);
    for line in ["Priority: Người cao tuổi", "Counter: 3 – 5", "People ahead of you: 7", "Expected wait: 12–20 min"]
    {
        assert!(english.iter().any(|word| word == line), "{line}: {english:?}");
    }
    assert_eq!(words(&slip("ko"), false), words(&slip("vi"), false));
}

#[test]
fn what_is_not_there_leaves_no_row() {
    let mut plain = slip("vi");
    plain.class = None;
    plain.follow_url = None;
    plain.hall_line2 = String::new();
    let lines = words(&plain, false);
    assert_eq!(lines.len(), words(&slip("vi"), false).len() - 3);
    assert!(!lines.iter().any(|line| line.is_empty() || line.starts_with("QR") || line.starts_with("Ưu tiên")));
}

#[test]
fn a_reprint_says_so_first() {
    assert_eq!(words(&slip("vi"), true)[0], "BẢN IN LẠI / REPRINT");
    assert_eq!(words(&slip("vi"), true)[2..], words(&slip("vi"), false), "after a rule the ticket as it was");
}

#[test]
fn waits_read_as_people_say_them() {
    for (minutes, language, line) in [
        ([0, 0], "vi", "Thời gian chờ: vào ngay"),
        ([0, 0], "en", "Expected wait: now"),
        ([5, 5], "vi", "Thời gian chờ: 5 phút"),
        ([0, 8], "en", "Expected wait: 0–8 min"),
    ] {
        let mut slip = slip(language);
        slip.wait_minutes = minutes;
        assert!(words(&slip, false).iter().any(|word| word == line), "{line}");
    }
}

#[test]
fn a_mistake_is_named_with_its_line() {
    let text = BUILT_IN[0].1;
    for (change, says) in [
        (("kind = \"rule\"", "kind = \"ruler\""), "`ruler`; it can be text"),
        (("{people_ahead}\"", "{people}\""), "unknown value `people`"),
        (("{field}", "{field"), "unknown value `{field`"),
        (("when = \"class\"", "when = \"klass\""), "unknown value `klass`"),
        (("\"field\",", "\"field\", \"field\","), "stands twice"),
        (("values = [", "values = [\"Item\", "), "cannot name a value"),
        (("size = \"tall\"", "size = \"huge\""), "normal, tall, large"),
        (("kind = \"rule\"", "kind = \"rule\"\nbold = true"), "`bold` means nothing"),
        (("kind = \"rule\"", "kind = \"feed\"\nlines = 10"), "1 to 9"),
        (("kind = \"rule\"", "kind = \"text\""), "needs `text`"),
        (("vi = \"vào ngay\"", "fr = \"maintenant\""), "no words in `vi`"),
        (("{high} phút", "{number} phút"), "unknown value `number`"),
        (("bold = true", "bald = true"), "bald"),
    ] {
        let at = text.find(change.0).unwrap();
        // The comment at the top also names values.
        let at = if change.0 == "{field}" { text.rfind(change.0).unwrap() } else { at };
        let (before, after) = text.split_at(at);
        let wrong = format!("{before}{}", after.replacen(change.0, change.1, 1));
        let error = Template::parse("queue-ticket.toml", &wrong).unwrap_err();
        let line = before.matches('\n').count() + 1;
        assert!(error.to_string().contains(says), "{change:?}: {error}");
        assert!((line..=line + 1).contains(&error.line), "{change:?} is in line {line}: {error}");
        assert!(error.to_string().starts_with("ticket template queue-ticket.toml, line "), "{error}");
    }
}

/// The text blocks of a built-in template filled with JSON.
fn filled(name: &str, data: &serde_json::Value) -> Vec<String> {
    let template = Template::built_in(name).unwrap().unwrap();
    let data = Data::from_json(data).unwrap();
    assert_eq!(template.unknown_values(&data), Vec::<String>::new());
    let texts = template.fill(&data).blocks.into_iter().filter_map(|block| match block {
        Block::Text { text, .. } => Some(text),
        _ => None,
    });
    texts.collect()
}

#[test]
fn every_template_of_the_program_is_right() {
    for name in Template::built_in_names() {
        assert!(Template::built_in(name).unwrap().is_some(), "{name}");
    }
    assert_eq!(Template::built_in("poster").unwrap(), None);
}

#[test]
fn the_standard_ticket_from_json_has_every_value() {
    let data = serde_json::json!({
        "hall": "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG", "hall_line2": "TỈNH QUẢNG NINH", "field": "Đất đai",
        "service": "Đăng ký biến động quyền sử dụng đất", "number": "A012", "people_ahead": 7,
        "wait_minutes": [12, 20], "counters": "3 – 5", "class": "Ưu tiên: Người cao tuổi",
        "issued_at": "2026-11-22T08:41:00+07:00", "closing": "Vui lòng chờ đến lượt. Xin cảm ơn!",
        "follow_url": "https://hall.local/t/A012"
    });
    let template = Template::queue_ticket().unwrap();
    let from_json = template.fill(&Data::from_json(&data).unwrap());
    assert_eq!(from_json, template.page(&slip("vi"), false), "the same as from the hub's slip");
}

#[test]
fn a_checklist_has_a_line_for_each_paper() {
    let data = serde_json::json!({
        "hall": "TRUNG TÂM", "service": "Đăng ký khai sinh", "papers": ["Giấy chứng sinh", "CCCD của cha mẹ"],
        "officer": "Nguyễn Thị Lan", "time": "08:41"
    });
    let lines = filled("checklist", &data);
    let at = lines.iter().position(|line| line == "Quý khách cần bổ sung:").unwrap();
    assert_eq!(lines[at + 1..at + 3], ["[ ] Giấy chứng sinh", "[ ] CCCD của cha mẹ"]);
    assert!(!lines.iter().any(|line| line.starts_with("Ghi chú") || line.starts_with("Điện thoại")), "{lines:?}");
    let mut english = data.clone();
    english["language"] = "en".into();
    assert!(filled("checklist", &english).contains(&"Please bring:".to_owned()));
}

#[test]
fn a_receipt_and_a_summary_say_what_they_are_for() {
    let receipt = serde_json::json!({
        "hall": "TRUNG TÂM", "dossier": "H49.12-261125-0007", "procedure": "Cấp đổi sổ", "papers": ["Đơn", "Sổ cũ"],
        "received": "25/11/2026", "due": "10/12/2026"
    });
    let lines = filled("dossier-receipt", &receipt);
    for line in ["Mã hồ sơ: H49.12-261125-0007", "- Sổ cũ", "HẸN TRẢ: 10/12/2026"] {
        assert!(lines.iter().any(|l| l == line), "{line}: {lines:?}");
    }
    let summary = serde_json::json!({
        "hall": "TRUNG TÂM", "day": "25/11/2026", "issued": 412, "served": 398, "missed": 9, "cancelled": 3,
        "expired": 2, "counters": ["Quầy 1: 40 phiếu", "Quầy 2: 38 phiếu"]
    });
    let lines = filled("daily-summary", &summary);
    for line in ["Số đã phát: 412", "Vắng: 9, hủy: 3, hết giờ: 2", "Quầy 2: 38 phiếu"] {
        assert!(lines.iter().any(|l| l == line), "{line}: {lines:?}");
    }
}

#[test]
fn data_that_a_template_does_not_know_is_named() {
    let data = Data::from_json(&serde_json::json!({ "hall": "x", "servise": "y" })).unwrap();
    assert_eq!(Template::queue_ticket().unwrap().unknown_values(&data), ["servise"]);
}

#[test]
fn what_a_paper_needs_and_has_not_is_named_with_the_line_that_prints_it() {
    let template = Template::built_in("dossier-receipt").unwrap().unwrap();
    let data = serde_json::json!({ "hall": "x", "dossier": "", "procedure": "y", "received": "1", "due": "2" });
    let missing = template.missing_values(&Data::from_json(&data).unwrap());
    let line = 1 + BUILT_IN[2].1.split("Mã hồ sơ").next().unwrap().matches('\n').count();
    assert_eq!(missing.len(), 1, "{missing:?}");
    assert_eq!(missing[0].name, "dossier");
    assert!((line - 1..=line).contains(&missing[0].line), "{missing:?} is near line {line}");
    // A list that every paper of its kind has; and a value under the name that JSON has for it.
    let empty = Data::from_json(&serde_json::json!({})).unwrap();
    let names = |name: &str| {
        let missing = Template::built_in(name).unwrap().unwrap().missing_values(&empty);
        missing.into_iter().map(|value| value.name).collect::<Vec<_>>()
    };
    assert_eq!(names("checklist"), ["hall", "papers", "time"]);
    assert!(names("queue-ticket").contains(&"wait_minutes".to_owned()));
    assert_eq!(Template::queue_ticket().unwrap().missing_values(&Data::of_slip(&slip("vi"), false)), []);
}

#[test]
fn a_template_knows_its_languages() {
    assert_eq!(Template::queue_ticket().unwrap().languages().into_iter().collect::<Vec<_>>(), ["en", "vi"]);
    let plain = Template::parse("x.toml", "values = []\n[[block]]\nkind = \"rule\"").unwrap();
    assert_eq!(plain.languages().into_iter().collect::<Vec<_>>(), ["vi"]);
}

#[test]
fn a_picture_is_read_beside_the_template_and_fits_the_paper_or_is_named_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("logo.png"), include_bytes!("tests/logo-400.png")).unwrap();
    std::fs::write(folder.path().join("not.png"), b"GIF89a").unwrap();
    let parse = |file: &str| {
        let text = format!("values = []\n[[block]]\nkind = \"image\"\nalign = \"center\"\nfile = \"{file}\"");
        Template::parse_in(folder.path(), "own.toml", &text)
    };
    let template = parse("logo.png").unwrap();
    let page = template.fill(&Data::from_json(&serde_json::json!({})).unwrap());
    assert!(matches!(&page.blocks[..], [Block::Image { image, keep: true, .. }] if image.width() == 400));
    assert_eq!(template.check_width(576), Ok(()));
    let error = template.check_width(384).unwrap_err().to_string();
    assert_eq!(
        error,
        "ticket template own.toml, line 3: the picture is 400 dots wide and the paper 384; make it smaller"
    );
    for (file, says) in [("no.png", "cannot be read"), ("not.png", "no PNG picture")] {
        let error = parse(file).unwrap_err();
        assert!(error.line == 5 && error.cause.contains(says), "{error}");
    }
    let error = Template::parse("x.toml", "values = []\n[[block]]\nkind = \"image\"").unwrap_err();
    assert!(error.cause.contains("needs `file`"), "{error}");
}

#[test]
fn data_is_one_line_without_control_characters() {
    let mut hostile = slip("vi");
    hostile.service = "Khai\u{1b}@ sinh\n\n\u{1d}V\u{0}0\r\tnhanh\u{85}".to_owned();
    hostile.follow_url = Some("https://hall.local/\u{10}\u{4}\u{1}t".to_owned());
    let lines = words(&hostile, false);
    assert!(lines.contains(&"Khai@ sinh  V0  nhanh".to_owned()), "{lines:?}");
    assert!(lines.contains(&"QR https://hall.local/t".to_owned()), "{lines:?}");
    let json = serde_json::json!({ "papers": ["a\u{1b}b", "c\nd"], "note": "e\u{2028}f" });
    let data = Data::from_json(&json).unwrap();
    assert_eq!(data.list("papers"), ["ab", "c d"]);
    assert_eq!(data.list("note"), ["e f"]);
}
