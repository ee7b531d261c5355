//! Slint screens: kiosk, counter, rating, display.
