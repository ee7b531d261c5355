//! What crosses a wire: LAN API v1, agent work, central sync v1. Types only.
