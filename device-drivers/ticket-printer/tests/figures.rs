//! How many bytes the standard ticket costs. `hil-tests` prints the same figures beside those of
//! other programs, and looks at the pictures.
#![expect(clippy::unwrap_used, reason = "a test may panic")]
#![expect(clippy::expect_used, reason = "a test may panic")]

mod standard;

use ticket_printer::profile::BUILT_IN;
use ticket_printer::{PrinterMemory, PrinterProfile, bytes_on_the_wire};

/// Bytes of the ticket with those that ask for its confirmation; the last of `tickets` in a row.
fn bytes(name: &str, tickets: usize) -> usize {
    let profile = PrinterProfile::built_in(name).unwrap();
    let page = standard::Ticket::read().page();
    let mut memory = PrinterMemory::default();
    (0..tickets).map(|_| bytes_on_the_wire(&page, &profile, &mut memory).unwrap()).last().unwrap()
}

#[test]
fn the_standard_ticket_keeps_within_its_bytes() {
    for (name, tickets, most) in [
        ("epson-tm-t20iii", 1, 450),
        ("epson-tm-t88v", 1, 450),
        ("epson-tm-m30iii", 1, 450),
        ("citizen-ct-s651", 1, 450),
        ("epson-tm-t88iv", 2, 900),
        ("bixolon-srp-s300", 1, 900),
        ("unknown-80mm", 1, 9000),
        ("unknown-58mm", 1, 6000),
    ] {
        let found = bytes(name, tickets);
        println!("{name} {found} bytes");
        assert!(found <= most, "{name}: {found} bytes, at most {most}");
    }
}

#[test]
fn every_value_of_the_fixture_stands_on_the_ticket() {
    let page = format!("{:?}", standard::Ticket::read().page());
    let fixture: serde_json::Value = serde_json::from_str(standard::JSON).unwrap();
    for (key, value) in fixture.as_object().unwrap() {
        let shown = match (key.as_str(), value) {
            ("issued_at", _) => vec!["08:41 22/11/2026".to_owned()],
            (_, serde_json::Value::String(text)) => vec![text.clone()],
            (_, serde_json::Value::Array(values)) => values.iter().map(ToString::to_string).collect(),
            (_, number) => vec![number.to_string()],
        };
        assert!(shown.iter().all(|shown| page.contains(shown)), "{key}: {shown:?}");
    }
    assert!(standard::Ticket::read().lines().iter().all(|line| page.contains(line)));
}

#[test]
fn loading_letters_pays_from_the_first_ticket_on() {
    let (first, second) = (bytes("epson-tm-t88iv", 1), bytes("epson-tm-t88iv", 2));
    println!("epson-tm-t88iv: {first} bytes, then {second}");
    assert!(first > second);
    assert!(first < bytes("unknown-80mm", 1));
    assert_eq!(second, bytes("epson-tm-t88iv", 3));
}

#[test]
fn no_profile_is_longer_than_an_unknown_printer() {
    for (name, _) in BUILT_IN {
        let profile = PrinterProfile::built_in(name).unwrap();
        let unknown = if profile.dots == 384 { "unknown-58mm" } else { "unknown-80mm" };
        assert!(bytes(name, 1) <= bytes(unknown, 1), "{name}");
    }
}
