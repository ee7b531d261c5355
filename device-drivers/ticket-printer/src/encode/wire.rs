//! The commands that the `escpos` crate sends right, as bytes. Everything else is `crate::command`.
//! Each use is pinned in `super::golden`.

use std::cell::RefCell;

use escpos::driver::Driver;
use escpos::errors::PrinterError;
use escpos::printer::Printer;
use escpos::utils::{JustifyMode, Protocol, QRCodeCorrectionLevel, QRCodeModel, QRCodeOption};

use crate::page::Align;

/// A driver that only keeps what it is given.
#[derive(Default)]
struct Collector {
    bytes: RefCell<Vec<u8>>,
}

impl Driver for Collector {
    fn name(&self) -> String {
        "collector".to_owned()
    }

    fn write(&self, data: &[u8]) -> Result<(), PrinterError> {
        self.bytes.try_borrow_mut()?.extend_from_slice(data);
        Ok(())
    }

    fn read(&self, _: &mut [u8]) -> Result<usize, PrinterError> {
        Ok(0)
    }

    fn flush(&self) -> Result<(), PrinterError> {
        Ok(())
    }
}

type Bytes = Result<Vec<u8>, PrinterError>;

fn sent(make: impl FnOnce(&mut Printer<Collector>) -> Result<&mut Printer<Collector>, PrinterError>) -> Bytes {
    let mut printer = Printer::new(Collector::default(), Protocol::default(), None);
    make(&mut printer)?.print()?;
    Ok(printer.driver().bytes.into_inner())
}

/// `GS P`: units of 1/`per_inch` inch.
pub(super) fn motion_units(per_inch: u8) -> Bytes {
    sent(|printer| printer.motion_units(per_inch, per_inch))
}

/// `ESC a`.
pub(super) fn align(align: Align) -> Bytes {
    let mode = match align {
        Align::Left => JustifyMode::LEFT,
        Align::Center => JustifyMode::CENTER,
        Align::Right => JustifyMode::RIGHT,
    };
    sent(|printer| printer.justify(mode))
}

/// `ESC E`.
pub(super) fn bold(bold: bool) -> Bytes {
    sent(|printer| printer.bold(bold))
}

/// `GS !`, 1 to 8 times as wide and high.
pub(super) fn size(across: u8, down: u8) -> Bytes {
    sent(|printer| printer.size(across, down))
}

/// `ESC d`.
pub(super) fn feed_lines(lines: u8) -> Bytes {
    sent(|printer| printer.feeds(lines))
}

/// `GS V A 0`: full cut after feeding to the cutter.
pub(super) fn full_cut() -> Bytes {
    sent(Printer::cut)
}

/// `GS ( k`: a QR code of model 2 with `module` dots a square.
pub(super) fn qr(data: &str, module: u8, level: QRCodeCorrectionLevel) -> Bytes {
    let option = QRCodeOption::new(QRCodeModel::Model2, module, level);
    sent(|printer| printer.qrcode_option(data, option))
}
