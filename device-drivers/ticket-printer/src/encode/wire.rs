//! The commands that the `escpos` crate sends right, collected as bytes. Everything else is
//! `crate::command` and goes through [`Wire::raw`]. Each use is pinned in `super::golden`.

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

/// Bytes of a job in the making.
pub(crate) struct Wire {
    printer: Printer<Collector>,
}

type Sent = Result<(), PrinterError>;

impl Wire {
    pub(crate) fn new() -> Self {
        Self { printer: Printer::new(Collector::default(), Protocol::default(), None) }
    }

    /// `ESC @`.
    pub(crate) fn initialise(&mut self) -> Sent {
        self.printer.init().map(drop)
    }

    /// `GS P`: units of 1/`per_inch` inch.
    pub(crate) fn motion_units(&mut self, per_inch: u8) -> Sent {
        self.printer.motion_units(per_inch, per_inch).map(drop)
    }

    /// `ESC a`.
    pub(crate) fn align(&mut self, align: Align) -> Sent {
        let mode = match align {
            Align::Left => JustifyMode::LEFT,
            Align::Center => JustifyMode::CENTER,
            Align::Right => JustifyMode::RIGHT,
        };
        self.printer.justify(mode).map(drop)
    }

    /// `ESC E`.
    pub(crate) fn bold(&mut self, bold: bool) -> Sent {
        self.printer.bold(bold).map(drop)
    }

    /// `GS !`, 1 to 8 times as wide and high.
    pub(crate) fn size(&mut self, width: u8, height: u8) -> Sent {
        self.printer.size(width, height).map(drop)
    }

    /// `ESC d`.
    pub(crate) fn feed_lines(&mut self, lines: u8) -> Sent {
        self.printer.feeds(lines).map(drop)
    }

    /// `GS V A 0`: full cut after feeding to the cutter.
    pub(crate) fn full_cut(&mut self) -> Sent {
        self.printer.cut().map(drop)
    }

    /// `GS ( k`: a QR code of model 2 with `module` dots a square.
    pub(crate) fn qr(&mut self, data: &str, module: u8, level: QRCodeCorrectionLevel) -> Sent {
        let option = QRCodeOption::new(QRCodeModel::Model2, module, level);
        self.printer.qrcode_option(data, option).map(drop)
    }

    /// Bytes of our own.
    pub(crate) fn raw(&mut self, bytes: &[u8]) -> Sent {
        self.printer.custom(bytes).map(drop)
    }

    /// All bytes so far.
    pub(crate) fn finish(mut self) -> Result<Vec<u8>, PrinterError> {
        self.printer.print()?;
        Ok(self.printer.driver().bytes.into_inner())
    }
}
