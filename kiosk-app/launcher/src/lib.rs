//! The binary kiosk-app: command line, configuration, wiring.
