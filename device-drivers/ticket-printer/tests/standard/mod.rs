//! The ticket on which printing is measured: every value of `tests/fixtures/standard-ticket.json`
//! on a page, with the words that a hall prints around them.
//!
//! Shared with `hil-tests`, which prints it on virtual printers and measures others beside it.

use serde::Deserialize;
use ticket_printer::{Align, Block, Page, Size};

/// The fixture.
pub const JSON: &str = include_str!("../fixtures/standard-ticket.json");

/// The values of the fixture.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ticket {
    hall: String,
    hall_line2: String,
    field: String,
    service: String,
    number: String,
    people_ahead: u32,
    wait_minutes: [u32; 2],
    counters: String,
    class: String,
    issued_at: String,
    closing: String,
    follow_url: String,
}

fn centred(text: String, size: Size, bold: bool) -> Block {
    Block::Text { text, align: Align::Center, size, bold }
}

impl Ticket {
    /// The ticket of the fixture.
    ///
    /// # Panics
    /// When the file was changed wrongly.
    pub fn read() -> Self {
        serde_json::from_str(JSON).expect("the fixture is a ticket")
    }

    /// The hall's name stands above everything else.
    fn heading(&self) -> [&String; 2] {
        [&self.hall, &self.hall_line2]
    }

    /// What stands below the number, the first in bold letters.
    fn details(&self) -> [String; 5] {
        let [low, high] = self.wait_minutes;
        let time = self.issued_at.get(11..16).unwrap_or_default();
        let day = self.issued_at.get(..10).unwrap_or_default();
        let day: Vec<&str> = day.rsplit('-').collect();
        [
            self.class.clone(),
            format!("Quầy: {}", self.counters),
            format!("Số người chờ trước: {}", self.people_ahead),
            format!("Thời gian chờ: {low}–{high} phút"),
            format!("{time} {}", day.join("/")),
        ]
    }

    /// The page.
    pub fn page(&self) -> Page {
        let mut blocks: Vec<Block> =
            self.heading().into_iter().map(|line| centred(line.clone(), Size::Normal, true)).collect();
        blocks.push(Block::Rule);
        blocks.push(centred(self.field.clone(), Size::Tall, true));
        blocks.push(centred(self.service.clone(), Size::Normal, false));
        blocks.push(Block::Number { text: self.number.clone() });
        let details = self.details().into_iter().enumerate();
        blocks.extend(details.map(|(place, line)| centred(line, Size::Normal, place == 0)));
        blocks.push(Block::Rule);
        blocks.push(Block::Qr { data: self.follow_url.clone() });
        blocks.push(centred(self.closing.clone(), Size::Normal, false));
        Page { blocks }
    }

    /// All lines of text, from top to bottom, without the number.
    #[allow(dead_code, reason = "not every program that shares this file asks for them")]
    pub fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.heading().into_iter().cloned().collect();
        lines.extend([self.field.clone(), self.service.clone()]);
        lines.extend(self.details());
        lines.push(self.closing.clone());
        lines
    }
}
