//! Virtual devices, virtual central, end-to-end tests, faults, benchmarks.
