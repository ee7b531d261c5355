//! What differs from one printer model to the next, as data.
//!
//! Sources: `shared/devices.md` and escpos-printer-db (code page numbers per model).

use super::code_pages::CodePage;

/// Page numbers of Epson's TM series.
const EPSON_PAGES: &[(u8, CodePage)] = &[
    (0, CodePage::Pc437),
    (2, CodePage::Pc850),
    (16, CodePage::Cp1252),
    (17, CodePage::Pc866),
    (18, CodePage::Pc852),
    (19, CodePage::Pc858),
    (30, CodePage::Tcvn3Lower),
    (31, CodePage::Tcvn3Upper),
    (52, CodePage::Cp1258),
];

/// Page numbers of the many 58 mm clones that call themselves POS-5890.
const CLONE_PAGES: &[(u8, CodePage)] = &[
    (0, CodePage::Pc437),
    (2, CodePage::Pc850),
    (16, CodePage::Cp1252),
    (19, CodePage::Pc858),
    (27, CodePage::Cp1258),
    (94, CodePage::Cp1258),
];

/// Only the oldest page: a printer that cannot write Vietnamese with its own letters.
const PLAIN_PAGES: &[(u8, CodePage)] = &[(0, CodePage::Pc437)];

/// A printer model. The fields may be changed freely before the printer is started.
#[derive(Debug, Clone)]
pub struct Model {
    /// What `GS I 66` answers.
    pub maker: String,
    /// What `GS I 67` answers.
    pub name: String,
    /// Printable dots in a line at 203 dpi: 576 on 80 mm paper, 384 on 58 mm. A multiple of 8.
    pub dots: usize,
    /// `ESC t n` numbers and what they mean on this model.
    pub code_pages: &'static [(u8, CodePage)],
    /// Whether a combining tone mark is put over the letter before it; many clones print it after.
    pub composes_tone_marks: bool,
    /// Whether `FS ( C` can switch the printer to UTF-8.
    pub understands_utf8: bool,
    /// Bytes that wait inside the printer before it stops reading the line.
    pub receive_buffer: usize,
    /// Dot rows between print head and knife: a cut without feed goes through what was just printed.
    pub head_to_cutter: usize,
    /// Dot rows a second (150 mm/s is about 1200); `None` prints at once.
    pub print_speed: Option<u32>,
}

impl Model {
    /// An 80 mm printer of Epson's kind: TCVN-3 and CP1258 pages, 576 dots.
    #[must_use]
    pub fn epson_80mm() -> Self {
        Self {
            maker: "EPSON".to_owned(),
            name: "TM-T88V".to_owned(),
            dots: 576,
            code_pages: EPSON_PAGES,
            composes_tone_marks: true,
            understands_utf8: true,
            receive_buffer: 4096,
            head_to_cutter: 110,
            print_speed: None,
        }
    }

    /// A 58 mm clone: 384 dots, CP1258 as page 27 or 94, tone marks printed beside their letters.
    #[must_use]
    pub fn clone_58mm() -> Self {
        Self {
            maker: "POS".to_owned(),
            name: "POS-5890".to_owned(),
            dots: 384,
            code_pages: CLONE_PAGES,
            composes_tone_marks: false,
            understands_utf8: false,
            head_to_cutter: 80,
            ..Self::epson_80mm()
        }
    }

    /// An 80 mm printer without any Vietnamese page: right only with raster graphics.
    #[must_use]
    pub fn plain_80mm() -> Self {
        Self {
            maker: "GENERIC".to_owned(),
            name: "80MM".to_owned(),
            code_pages: PLAIN_PAGES,
            composes_tone_marks: false,
            understands_utf8: false,
            ..Self::epson_80mm()
        }
    }

    /// The meaning of page number `n`; `None` when this model does not know it.
    pub(crate) fn code_page(&self, number: u8) -> Option<CodePage> {
        self.code_pages.iter().find(|(known, _)| *known == number).map(|(_, page)| *page)
    }
}
