//! Pictures of paper and board as they come, for a hall that is used by hand.

use std::path::PathBuf;
use std::time::Duration;

use crate::virtual_board::VirtualBoard;
use crate::virtual_printer::VirtualPrinter;

/// How often the board is looked at.
const LOOK: Duration = Duration::from_millis(500);

/// Saves every new paper as `ticket-N.png` and the board as `board.png` in `out`, for ever.
pub async fn keep_pictures(printer: VirtualPrinter, board: VirtualBoard, out: PathBuf) {
    let mut sheets = 0_u64;
    let mut shown = None;
    loop {
        for sheet in printer.sheets_since(sheets) {
            sheets += 1;
            let path = out.join(format!("ticket-{sheets}.png"));
            match sheet.save(&path) {
                Ok(()) => println!("paper: {}", path.display()),
                Err(error) => eprintln!("{}: {error}", path.display()),
            }
        }
        let text = board.text();
        if shown.as_ref() != Some(&text) {
            if let Err(error) = board.save(&out.join("board.png")) {
                eprintln!("board.png: {error}");
            }
            shown = Some(text);
        }
        tokio::time::sleep(LOOK).await;
    }
}
