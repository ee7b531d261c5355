//! The devices of one machine: the hub's work to drivers, device input to commands.
