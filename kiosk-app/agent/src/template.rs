//! Ticket templates: what stands where on the paper, as a file that a person can read and change.
//!
//! A template is checked once, at the start; after that every slip gives a page. It never knows a printer: blocks are
//! the driver's, sizes and wrapping its business. The format is explained in
//! `assets/ticket-templates/queue-ticket.toml`. Queue tickets are filled from the hub's slip, other papers from a JSON
//! object.

mod data;
mod parse;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use protocol::text::{FIRST_LANGUAGE, Text};
use protocol::work::TicketSlip;
use ticket_printer::{Align, Block, Image, Page, Size};

pub(crate) use data::time;
pub use data::{Data, DataError, Item};

macro_rules! built_in {
    ($($name:literal),*) => {
        /// Every template that comes with the program: its name and its text.
        const BUILT_IN: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../../assets/ticket-templates/", $name, ".toml")))),*];
    };
}
built_in!("queue-ticket", "checklist", "dossier-receipt", "daily-summary");

/// The template of a queue ticket.
const QUEUE_TICKET: &str = "queue-ticket";

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
    /// Values that a paper may have.
    values: Vec<String>,
    /// Words for values that a paper does not have.
    defaults: BTreeMap<String, Text>,
    blocks: Vec<TemplateBlock>,
    wait: WaitWords,
    /// File name, for what is found out only when it is filled.
    name: String,
}

/// A value that a paper needs and that its data does not have, or has empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingValue {
    /// The name that the data must have.
    pub name: String,
    /// Line of the template that prints it, counted from 1.
    pub line: usize,
}

/// How an expected wait reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct WaitWords {
    now: Text,
    single: Text,
    range: Text,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct TemplateBlock {
    /// Where it stands in the file, counted from 1.
    line: usize,
    kind: Kind,
    text: Text,
    when: Option<String>,
    each: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Text { align: Align, size: Size, bold: bool },
    Number,
    Rule,
    Qr,
    Barcode,
    Image { image: Image, align: Align },
    Feed { lines: u8 },
}

impl Template {
    /// The queue ticket that comes with the program.
    ///
    /// # Errors
    /// [`TemplateError`] when the file was changed wrongly before the program was built.
    pub fn queue_ticket() -> Result<Self, TemplateError> {
        let text = BUILT_IN.iter().find(|(name, _)| *name == QUEUE_TICKET).map_or("", |(_, text)| text);
        Self::parse("queue-ticket.toml", text)
    }

    /// A template that comes with the program, by its name without `.toml`; none when there is no such.
    ///
    /// # Errors
    /// As [`Template::queue_ticket`].
    pub fn built_in(name: &str) -> Result<Option<Self>, TemplateError> {
        let known = BUILT_IN.iter().find(|(known, _)| *known == name);
        known.map(|(name, text)| Self::parse(&format!("{name}.toml"), text)).transpose()
    }

    /// Names of the templates that come with the program.
    pub fn built_in_names() -> impl Iterator<Item = &'static str> {
        BUILT_IN.iter().map(|(name, _)| *name)
    }

    /// Checks the text of a template without pictures; `name` stands in errors.
    ///
    /// # Errors
    /// [`TemplateError`] names the line with an unknown block, value, language or key.
    pub fn parse(name: &str, text: &str) -> Result<Self, TemplateError> {
        parse::template(name, text, None)
    }

    /// The same for a template of a folder, where its pictures stand too.
    ///
    /// # Errors
    /// As [`Template::parse`], and for a picture that cannot be read.
    pub fn parse_in(folder: &Path, name: &str, text: &str) -> Result<Self, TemplateError> {
        parse::template(name, text, Some(folder))
    }

    /// The page of a slip, in the slip's language. A reprint is marked where the template says so.
    #[must_use]
    pub fn page(&self, slip: &TicketSlip, reprint: bool) -> Page {
        self.fill(&Data::of_slip(slip, reprint))
    }

    /// Values of the data that this template does not know, in the order of their names.
    #[must_use]
    pub fn unknown_values(&self, data: &Data) -> Vec<String> {
        data.names().filter(|name| !self.values.iter().any(|known| known == name)).map(str::to_owned).collect()
    }

    /// Values that a paper may have.
    #[must_use]
    pub fn values(&self) -> &[String] {
        &self.values
    }

    /// Languages that it has words in. One of them that lacks some words has those in Vietnamese.
    #[must_use]
    pub fn languages(&self) -> BTreeSet<&str> {
        let words = [&self.wait.now, &self.wait.single, &self.wait.range];
        let texts = self.blocks.iter().map(|block| &block.text).chain(self.defaults.values()).chain(words);
        let languages = texts.flat_map(|text| text.0.keys()).map(String::as_str);
        languages.chain([FIRST_LANGUAGE]).collect()
    }

    /// What the paper of this data needs and does not have: values of blocks that are not left out. Each once, in the
    /// order of the paper.
    #[must_use]
    pub fn missing_values(&self, data: &Data) -> Vec<MissingValue> {
        let mut missing: Vec<MissingValue> = Vec::new();
        for block in self.blocks.iter().filter(|block| self.is_printed(block, data)) {
            let list = block.each.iter().filter(|list| data.list(list).is_empty()).map(String::as_str);
            let item = block.each.as_ref().map(|_| "item");
            let names = data::names(block.text.get(&data.language)).filter(|name| Some(*name) != item);
            for name in names.filter(|name| self.value(name, data).is_empty()).chain(list) {
                let name = data::json_name(name);
                if !missing.iter().any(|known| known.name == name) {
                    missing.push(MissingValue { name: name.to_owned(), line: block.line });
                }
            }
        }
        missing
    }

    /// Refuses pictures that are wider than the paper, in dots.
    ///
    /// # Errors
    /// [`TemplateError`] names the line of the picture.
    pub fn check_width(&self, dots: u16) -> Result<(), TemplateError> {
        let too_wide = |block: &&TemplateBlock| match &block.kind {
            Kind::Image { image, .. } => image.width() > u32::from(dots),
            _ => false,
        };
        match self.blocks.iter().find(too_wide) {
            Some(TemplateBlock { line, kind: Kind::Image { image, .. }, .. }) => {
                let width = image.width();
                let cause = format!("the picture is {width} dots wide and the paper {dots}; make it smaller");
                Err(TemplateError { template: self.name.clone(), line: *line, cause })
            }
            _ => Ok(()),
        }
    }

    /// The page of any data, in its language. A value that is missing leaves out the blocks that wait for it.
    #[must_use]
    pub fn fill(&self, data: &Data) -> Page {
        Page { blocks: self.fill_lines(data).into_iter().map(|(_, block)| block).collect() }
    }

    /// The blocks of that page, each with the line of the template that it comes from.
    #[must_use]
    pub fn fill_lines(&self, data: &Data) -> Vec<(usize, Block)> {
        let mut blocks = Vec::new();
        for block in self.blocks.iter().filter(|block| self.is_printed(block, data)) {
            let items = block.each.as_ref().map_or_else(|| vec![String::new()], |list| data.list(list));
            blocks.extend(items.iter().map(|item| (block.line, self.render(block, data, item))));
        }
        blocks
    }

    fn is_printed(&self, block: &TemplateBlock, data: &Data) -> bool {
        block.when.as_ref().is_none_or(|name| !self.value(name, data).is_empty())
    }

    /// A value, or the template's own words for it: those are empty while a value that they name is.
    fn value(&self, name: &str, data: &Data) -> String {
        let given = data.text(name, &self.wait);
        match self.defaults.get(name) {
            Some(words) if given.is_empty() => {
                let words = words.get(&data.language);
                let whole = data::names(words).all(|name| !data.text(name, &self.wait).is_empty());
                let value = |name: &str| Some(data.text(name, &self.wait));
                if whole { data::fill(words, value) } else { String::new() }
            }
            _ => given,
        }
    }

    fn render(&self, block: &TemplateBlock, data: &Data, item: &str) -> Block {
        let value = |name: &str| match name {
            "item" if block.each.is_some() => Some(item.to_owned()),
            name => Some(self.value(name, data)),
        };
        let text = data::fill(block.text.get(&data.language), value);
        match &block.kind {
            Kind::Text { align, size, bold } => Block::Text { text, align: *align, size: *size, bold: *bold },
            Kind::Number => Block::Number { text },
            Kind::Rule => Block::Rule,
            Kind::Qr => Block::Qr { data: text },
            Kind::Barcode => Block::Barcode { data: text },
            // The same on every paper, so a printer that can keeps it.
            Kind::Image { image, align } => Block::Image { image: image.clone(), align: *align, keep: true },
            Kind::Feed { lines } => Block::Feed { lines: *lines },
        }
    }
}

#[cfg(test)]
#[path = "template/tests.rs"]
mod tests;
