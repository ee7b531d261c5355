//! Rules of the hall: tickets, routing, priority, estimates. Pure.
