//! Prints one sample ticket and says how it went: to try a printer, a cable or a profile.
//!
//! `cargo run -p ticket-printer --example print_sample -- PROFILE tcp:127.0.0.1:9100`
//! `cargo run -p ticket-printer --example print_sample -- PROFILE serial:/dev/ttyUSB0`
#![expect(clippy::unwrap_used, reason = "a tool for developers may panic")]

use std::time::{Duration, Instant};

use kit::LinkConfig;
use ticket_printer::{Align, Block, Page, PrinterProfile, Size, TicketPrinter, encode};
use tokio_util::sync::CancellationToken;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, place] = arguments.as_slice() else {
        eprintln!("usage: print_sample PROFILE tcp:HOST:PORT|serial:PATH");
        std::process::exit(2);
    };
    let profile = PrinterProfile::built_in(name).unwrap();
    let link = match place.split_once(':').unwrap() {
        ("serial", path) => LinkConfig::serial(path),
        (_, address) => LinkConfig::tcp(address),
    };
    let began = Instant::now();
    let size = encode(&sample(), &profile).unwrap().len();
    println!("{name}: {size} bytes, encoded in {:?}", began.elapsed());

    let stop = CancellationToken::new();
    let printer = TicketPrinter::start("printer-1".into(), link, profile, stop.clone());
    let mut health = printer.health();
    // Whatever the printer says first, or nothing within the time: printing tells why.
    let known = health.wait_for(|health| health.life_cycle != kit::LifeCycle::Opening);
    let _ = tokio::time::timeout(Duration::from_secs(5), known).await;
    println!("before: {:?}", printer.health().borrow());
    let began = Instant::now();
    let outcome = printer.print(sample()).await;
    println!("{outcome:?} after {:?}", began.elapsed());
    println!("after: {:?}", printer.health().borrow());
    stop.cancel();
}

fn centred(text: &str, size: Size, bold: bool) -> Block {
    Block::Text { text: text.to_owned(), align: Align::Center, size, bold }
}

fn sample() -> Page {
    use Size::{Normal, Tall};
    let number = "A012".to_owned();
    let data = "https://hall.local/t/A012".to_owned();
    let blocks = vec![
        centred("TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG", Normal, true),
        centred("TỈNH QUẢNG NINH", Normal, true),
        Block::Rule,
        centred("Đất đai", Tall, true),
        centred("Đăng ký biến động quyền sử dụng đất", Normal, false),
        Block::Number { text: number },
        centred("Ưu tiên: Người cao tuổi", Normal, true),
        centred("Quầy: 3 – 5", Normal, false),
        centred("Số người chờ trước: 7", Normal, false),
        centred("Thời gian chờ: 12–20 phút", Normal, false),
        centred("08:41 22/11/2026", Normal, false),
        Block::Rule,
        Block::Qr { data },
        Block::Feed { lines: 1 },
        centred("Vui lòng chờ đến lượt. Xin cảm ơn!", Normal, false),
    ];
    Page { blocks }
}
