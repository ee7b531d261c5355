//! Links (serial, USB, TCP), device life cycle, health, supervision.
