//! Shapes of names: ids, languages, addresses, secrets.

use hub::StationToken;

/// Longest id, bytes.
const LONGEST_NAME: usize = 64;
/// Longest secret, bytes.
const LONGEST_TOKEN: usize = 256;

/// An id stands in addresses, in the log and at the province: lower case, digits and hyphens.
pub(crate) fn check_name(name: &str) -> Result<(), String> {
    let right = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if right && !name.is_empty() && name.len() <= LONGEST_NAME {
        return Ok(());
    }
    Err(format!("use 1 to {LONGEST_NAME} letters a–z, digits and hyphens, without marks, such as `dat-dai`"))
}

/// Whether this is a code such as `vi`.
pub(crate) fn language_is_right(code: &str) -> bool {
    (2..=3).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_lowercase())
}

/// Address of a hub or of the province.
pub(crate) fn check_url(url: &str) -> Result<(), String> {
    let host = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://")).unwrap_or_default();
    let right = !host.is_empty() && !host.starts_with('/') && !host.contains(|c: char| c.is_whitespace());
    if right { Ok(()) } else { Err("write an address such as \"http://192.168.1.10:7700\"".to_owned()) }
}

/// A secret: long enough, and of characters that an HTTP header can carry.
pub(crate) fn check_token(token: &str) -> Result<(), (String, String)> {
    let shortest = StationToken::SHORTEST;
    let length = token.chars().count();
    if length < shortest {
        let what = format!("the token has {length} characters");
        return Err((what, format!("use {shortest} or more; `openssl rand -hex 16` makes a good one")));
    }
    if token.len() > LONGEST_TOKEN || !token.bytes().all(|b| b.is_ascii_graphic()) {
        let right = format!("use at most {LONGEST_TOKEN} letters, digits and signs without spaces");
        return Err(("the token cannot stand in a request".to_owned(), right));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes() {
        assert!(check_name("dat-dai-2").is_ok());
        for wrong in ["", "Đất đai", "a/b", "A", &"x".repeat(65)] {
            assert!(check_name(wrong).is_err(), "{wrong}");
        }
        assert!(check_url("http://127.0.0.1:7700").is_ok() && check_url("https://mot-cua.tinh.gov.vn/x").is_ok());
        for wrong in ["", "127.0.0.1:7700", "ftp://x", "http://", "http:///x", "http://a b"] {
            assert!(check_url(wrong).is_err(), "{wrong}");
        }
        assert!(check_token("0123456789abcdef").is_ok());
        assert!(check_token("0123456789abcde").is_err() && check_token("0123456789 abcdef").is_err());
    }
}
