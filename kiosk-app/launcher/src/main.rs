//! The binary `kiosk-app`: see `kiosk-app --help`.

fn main() -> std::process::ExitCode {
    launcher::commands::main()
}
