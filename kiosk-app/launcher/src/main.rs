//! The binary `kiosk-app`.
fn main() {}
