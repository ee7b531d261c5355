//! ESC/POS ticket printers: a page of text, number and code goes in, paper comes out, and the
//! answer says truthfully whether it did.
//!
//! - [`page`] and [`image`]: what is printed, without any device in it.
//! - [`profile`]: what a printer model can do, as data.
//! - [`mod@identify`]: finding out what a printer is.
//! - [`mod@encode`]: page and profile to bytes.
//! - [`status`]: what a printer says of itself.
//! - [`printer`]: the running printer, its queue and its health.
//!
//! It knows nothing of tickets, halls or languages: wording and layout come from the caller.
//! Facts: Epson's ESC/POS reference, python-escpos and its printer data (see `README.md`).

pub mod command;
pub mod encode;
pub mod identify;
pub mod image;
mod machine;
pub mod page;
pub mod printer;
pub mod profile;
mod render;
mod session;
pub mod status;

pub use encode::{EncodeError, Preview, PrinterMemory, bytes_on_the_wire, encode, encode_with, preview};
pub use image::{Image, ImageError};
pub use page::{Align, Block, Page, Size};
pub use printer::{PrintOutcome, TicketPrinter};
pub use profile::{PrinterProfile, ProfileError};
pub use status::{Paper, PrinterStatus};
