//! What differs from one printer model to the next, as data.
//!
//! Sources: `shared/devices.md` and escpos-printer-db (code page numbers per model); escpos-php issues
//! 254, 260, 519 and 704 (clones that print tone marks beside their letters, and images at the left).

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

/// Page numbers of Epson's older TM series: no Vietnamese.
const OLD_EPSON_PAGES: &[(u8, CodePage)] = &[
    (0, CodePage::Pc437),
    (2, CodePage::Pc850),
    (16, CodePage::Cp1252),
    (17, CodePage::Pc866),
    (18, CodePage::Pc852),
    (19, CodePage::Pc858),
];

/// Page numbers of Rongta's 80 mm printers.
const RONGTA_PAGES: &[(u8, CodePage)] = &[
    (0, CodePage::Pc437),
    (2, CodePage::Pc850),
    (16, CodePage::Cp1252),
    (18, CodePage::Pc852),
    (19, CodePage::Pc858),
    (35, CodePage::Cp1258),
];

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
    /// Whether `ESC &` is known; where it is not, its data is printed as text.
    pub user_characters: bool,
    /// Whether graphics can be kept in its memory (`GS ( L` 83); where not, they are skipped.
    pub stored_graphics: bool,
    /// Whether `GS P` is known; where it is not, its two parameters are printed as text.
    pub motion_units: bool,
    /// Whether `ESC a` moves raster images; many clones print them at the left whatever it says.
    pub aligns_raster: bool,
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
            user_characters: true,
            stored_graphics: true,
            motion_units: true,
            aligns_raster: true,
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
            head_to_cutter: 80,
            ..Self::plain_80mm()
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
            user_characters: false,
            stored_graphics: false,
            motion_units: false,
            aligns_raster: false,
            ..Self::epson_80mm()
        }
    }

    /// The printer that a hall calls by this name, which is that of its profile; `None` for a name
    /// that nobody gave.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let epson =
            |model: &str, dots, code_pages| Self { name: model.to_owned(), dots, code_pages, ..Self::epson_80mm() };
        let clone = |maker: &str, model: &str, code_pages| Self {
            maker: maker.to_owned(),
            name: model.to_owned(),
            code_pages,
            ..Self::plain_80mm()
        };
        let made = match name {
            "epson-tm-t20iii" => epson("TM-T20III", 576, EPSON_PAGES),
            "epson-tm-m30iii" => epson("TM-m30III", 576, EPSON_PAGES),
            "epson-tm-t88v" => epson("TM-T88V", 512, EPSON_PAGES),
            "epson-tm-t88iv" => epson("TM-T88IV", 512, OLD_EPSON_PAGES),
            "citizen-ct-s651" => Self { maker: "CITIZEN".to_owned(), ..epson("CT-S651", 576, EPSON_PAGES) },
            "bixolon-srp-s300" => Self { maker: "BIXOLON".to_owned(), ..epson("SRP-S300", 576, EPSON_PAGES) },
            "netum-nt-80" => clone("NETUM", "NT-80", CLONE_PAGES),
            "rongta-rp326" => clone("RONGTA", "RP326", RONGTA_PAGES),
            "xprinter-r200" => clone("XPRINTER", "XP-R200", PLAIN_PAGES),
            "xprinter-q200" => clone("XPRINTER", "XP-Q200", PLAIN_PAGES),
            "zywell-q821" => clone("ZYWELL", "ZY-Q821", PLAIN_PAGES),
            "pos-5890" => Self::clone_58mm(),
            "unknown-58mm" => Self { code_pages: PLAIN_PAGES, ..Self::clone_58mm() },
            "unknown-80mm" => Self::plain_80mm(),
            _ => return None,
        };
        Some(made)
    }

    /// Whether the model knows a command; of one that it does not know it drops the first two bytes
    /// and takes the rest for text, as the real ones do.
    pub(crate) fn knows(&self, command: &[u8]) -> bool {
        match command {
            [0x1D, b'P', ..] => self.motion_units,
            [0x1B, b'&' | b'%', ..] => self.user_characters,
            _ => true,
        }
    }

    /// The meaning of page number `n`; `None` when this model does not know it.
    pub(crate) fn code_page(&self, number: u8) -> Option<CodePage> {
        self.code_pages.iter().find(|(known, _)| *known == number).map(|(_, page)| *page)
    }
}
