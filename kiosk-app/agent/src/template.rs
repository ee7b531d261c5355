//! Ticket templates: what stands where on the paper, as a file that a person can read and change.
//!
//! A template is checked once, at the start; after that every slip gives a page. It never knows a printer: blocks are
//! the driver's, sizes and wrapping its business. The format is explained in
//! `assets/ticket-templates/queue-ticket.toml`.

mod parse;
mod values;

use protocol::text::Text;
use protocol::work::TicketSlip;
use ticket_printer::{Align, Block, Page, Size};

use values::{Value, Values};

/// Name and text of the ticket's template.
const QUEUE_TICKET: (&str, &str) =
    ("queue-ticket.toml", include_str!("../../../assets/ticket-templates/queue-ticket.toml"));

/// A template that cannot be used: which, where and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("ticket template {template}, line {line}: {cause}")]
pub struct TemplateError {
    /// File name of the template.
    pub template: String,
    /// Line, counted from 1.
    pub line: usize,
    /// What stands there and what may.
    pub cause: String,
}

/// A checked template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    blocks: Vec<TemplateBlock>,
    wait: WaitWords,
}

/// How an expected wait reads.
#[derive(Clone, Debug, PartialEq, Eq)]
struct WaitWords {
    now: Text,
    single: Text,
    range: Text,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct TemplateBlock {
    kind: Kind,
    text: Text,
    when: Option<Value>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text { align: Align, size: Size, bold: bool },
    Number,
    Rule,
    Qr,
    Feed { lines: u8 },
}

impl Template {
    /// The queue ticket that comes with the program.
    ///
    /// # Errors
    /// [`TemplateError`] when the file was changed wrongly before the program was built.
    pub fn queue_ticket() -> Result<Self, TemplateError> {
        Self::parse(QUEUE_TICKET.0, QUEUE_TICKET.1)
    }

    /// Checks a template's text; `name` stands in errors.
    ///
    /// # Errors
    /// [`TemplateError`] names the line with an unknown block, value, language or key.
    pub fn parse(name: &str, text: &str) -> Result<Self, TemplateError> {
        parse::template(name, text)
    }

    /// The page of a slip, in the slip's language. A reprint is marked where the template says so.
    #[must_use]
    pub fn page(&self, slip: &TicketSlip, reprint: bool) -> Page {
        let values = Values::new(slip, reprint, &self.wait);
        let wanted = |block: &&TemplateBlock| block.when.is_none_or(|value| !values.get(value).is_empty());
        let blocks = self.blocks.iter().filter(wanted).map(|block| block.render(&values, &slip.language));
        Page { blocks: blocks.collect() }
    }
}

impl TemplateBlock {
    fn render(&self, values: &Values, language: &str) -> Block {
        let text = values.fill(self.text.get(language));
        match self.kind {
            Kind::Text { align, size, bold } => Block::Text { text, align, size, bold },
            Kind::Number => Block::Number { text },
            Kind::Rule => Block::Rule,
            Kind::Qr => Block::Qr { data: text },
            Kind::Feed { lines } => Block::Feed { lines },
        }
    }
}

#[cfg(test)]
#[path = "template/tests.rs"]
mod tests;
