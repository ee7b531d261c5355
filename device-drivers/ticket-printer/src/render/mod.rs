//! Drawing in one bit: letters, rules and codes for printers that cannot print them themselves.
//! Knows dots, never commands.

pub(crate) mod barcode;
pub(crate) mod bitmap;
pub(crate) mod font;
pub(crate) mod qr;
