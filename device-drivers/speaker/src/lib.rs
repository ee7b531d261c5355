//! Voice announcements from clips.
