//! The hub: engine, log, LAN API, central sync.
