//! Client of the hub's LAN API, used by stations and agents.
