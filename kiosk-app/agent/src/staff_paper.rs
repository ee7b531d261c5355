//! Papers for staff: the test page of a printer, and the day in figures.
//!
//! The test page shows what a wrong profile spoils: every Vietnamese letter in both cases, sizes, a rule, a bar code, a
//! QR code and the cut. The summary is a template like the ticket; here its values are made.

use protocol::work::{DaySummary, StaffPaper};
use serde_json::json;
use ticket_printer::{Align, Block, Page, Size};

use crate::template::{self, Data, Template, TemplateError};

/// Every lower-case Vietnamese letter that ASCII lacks, a line for each vowel.
const LETTERS: [&str; 13] = [
    "à á ả ã ạ",
    "ă ằ ắ ẳ ẵ ặ",
    "â ầ ấ ẩ ẫ ậ",
    "đ",
    "è é ẻ ẽ ẹ",
    "ê ề ế ể ễ ệ",
    "ì í ỉ ĩ ị",
    "ò ó ỏ õ ọ",
    "ô ồ ố ổ ỗ ộ",
    "ơ ờ ớ ở ỡ ợ",
    "ù ú ủ ũ ụ",
    "ư ừ ứ ử ữ ự",
    "ỳ ý ỷ ỹ ỵ",
];
/// The template of the summary.
const SUMMARY: &str = "daily-summary";
const SECONDS_PER_MINUTE: u64 = 60;

/// What staff's papers are made of.
#[derive(Debug)]
pub(crate) struct StaffPapers {
    summary: Option<Template>,
}

impl StaffPapers {
    /// # Errors
    /// When the summary's template was changed wrongly before the program was built.
    pub(crate) fn new() -> Result<Self, TemplateError> {
        Ok(Self { summary: Template::built_in(SUMMARY)? })
    }

    pub(crate) fn page(&self, paper: &StaffPaper) -> Page {
        match paper {
            StaffPaper::Test { hall, time } => test_page(hall, time),
            StaffPaper::Summary(day) => self.summary_page(day),
        }
    }

    fn summary_page(&self, day: &DaySummary) -> Page {
        // Texts and numbers always read as data.
        let data = Data::from_json(&values(day)).ok();
        self.summary.as_ref().zip(data).map(|(template, data)| template.fill(&data)).unwrap_or_default()
    }
}

fn test_page(hall: &str, time: &str) -> Page {
    let line = |text: &str, size| Block::Text { text: text.to_owned(), align: Align::Center, size, bold: true };
    let mut blocks = vec![
        line(hall, Size::Normal),
        line("IN THỬ / TEST", Size::Large),
        Block::centred(template::time(time)),
        Block::Rule,
    ];
    for letters in LETTERS {
        blocks.push(Block::text(format!("{letters}  {}", letters.to_uppercase())));
    }
    blocks.extend([
        Block::Rule,
        Block::text("0123456789 ( ) / - : ; , . ! ? % &"),
        line("Ưu tiên: đậm, giữa", Size::Tall),
        Block::Number { text: "A012".to_owned() },
        Block::Barcode { data: "H15-261126-0001".to_owned() },
        Block::Feed { lines: 1 },
        Block::Qr { data: "IN THU / TEST".to_owned() },
        Block::Rule,
        Block::centred("Hết / end"),
    ]);
    Page { blocks }
}

fn values(day: &DaySummary) -> serde_json::Value {
    let minutes = |seconds: Option<u64>| {
        seconds.map_or_else(String::new, |seconds| format!("{} phút", seconds.div_ceil(SECONDS_PER_MINUTE)))
    };
    let rated = |number: u32| if day.ratings == 0 { String::new() } else { number.to_string() };
    let services: Vec<_> =
        day.services.iter().map(|row| format!("{}: {} / {}", row.name, row.issued, row.served)).collect();
    let counters: Vec<_> = day.counters.iter().map(|row| format!("Quầy {}: {}", row.name, row.served)).collect();
    json!({
        "hall": day.hall, "hall_line2": day.hall_line2, "day": day.day, "issued_at": day.time,
        "issued": day.issued, "served": day.served, "missed": day.missed, "cancelled": day.cancelled,
        "expired": day.expired, "mean_wait": minutes(day.mean_wait_seconds),
        "mean_handling": minutes(day.mean_handling_seconds), "ratings": rated(day.ratings),
        "satisfied": rated(day.satisfied), "services": services, "counters": counters, "papers": day.papers,
    })
}

#[cfg(test)]
mod tests {
    use protocol::work::SummaryRow;
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    fn text(page: &Page) -> String {
        let line = |block: &Block| match block {
            Block::Text { text, .. } | Block::Number { text } => Some(text.clone()),
            _ => None,
        };
        page.blocks.iter().filter_map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn the_test_page_has_every_letter_and_code() {
        let page = test_page("Hall", "2026-11-26T15:00:00+07:00");
        let letters: Vec<char> = text(&page).chars().filter(|letter| !letter.is_ascii()).collect();
        let vowels = ["aăâ", "eê", "i", "oôơ", "uư", "y"].concat();
        for vowel in vowels.chars() {
            for tone in ['\u{300}', '\u{301}', '\u{309}', '\u{303}', '\u{323}'] {
                for case in [vowel.to_string(), vowel.to_uppercase().to_string()] {
                    let composed: Vec<char> = case.chars().chain([tone]).nfc().collect();
                    assert!(matches!(composed[..], [letter] if letters.contains(&letter)), "{case} with {tone:?}");
                }
            }
        }
        for letter in "ăâđêôơưĂÂĐÊÔƠƯ".chars() {
            assert!(letters.contains(&letter), "{letter}");
        }
        let has = |wanted: fn(&Block) -> bool| page.blocks.iter().any(wanted);
        assert!(has(|block| matches!(block, Block::Rule)) && has(|block| matches!(block, Block::Number { .. })));
        assert!(has(|block| matches!(block, Block::Qr { .. })) && has(|block| matches!(block, Block::Barcode { .. })));
    }

    #[test]
    fn every_printer_can_print_the_test_page() {
        let page = test_page("Trung tâm Phục vụ hành chính công", "2026-11-26T15:00:00+07:00");
        for (name, _) in ticket_printer::profile::BUILT_IN {
            let profile = ticket_printer::PrinterProfile::built_in(name).expect("a profile");
            let encoded = ticket_printer::encode(&page, &profile);
            assert!(encoded.is_ok(), "{name}: {encoded:?}");
            if let Some(folder) = std::env::var_os("PICTURES") {
                let preview = ticket_printer::preview(&page, &profile).expect("it was encoded");
                let file = std::path::Path::new(&folder).join(format!("test-page-{name}.png"));
                std::fs::write(file, preview.to_png().expect("a picture")).expect("a folder for pictures");
            }
        }
    }

    #[test]
    fn the_summary_shows_the_days_figures() {
        let row = |name: &str, issued, served| SummaryRow { name: name.to_owned(), issued, served };
        let day = DaySummary {
            hall: "Trung tâm".to_owned(),
            day: "26/11/2026".to_owned(),
            time: "2026-11-26T16:30:00+07:00".to_owned(),
            issued: 120,
            served: 100,
            missed: 3,
            mean_wait_seconds: Some(601),
            mean_handling_seconds: Some(1200),
            ratings: 80,
            satisfied: 79,
            services: vec![row("Biến động đất đai", 60, 55)],
            counters: vec![row("3", 40, 40)],
            papers: 119,
            ..DaySummary::default()
        };
        let papers = StaffPapers::new().expect("the template is right");
        let shown = text(&papers.page(&StaffPaper::Summary(day)));
        for wanted in ["26/11/2026", "120", "100", "11 phút", "20 phút", "80", "79", "Biến động đất đai: 60 / 55"]
        {
            assert!(shown.contains(wanted), "{wanted} in {shown}");
        }
        assert!(shown.contains("Quầy 3: 40") && shown.contains("16:30"), "{shown}");
        let quiet = text(&papers.page(&StaffPaper::Summary(DaySummary::default())));
        assert!(!quiet.contains("phút") && !quiet.contains("hài lòng"), "nothing is made up: {quiet}");
    }
}
