//! LED number boards.
