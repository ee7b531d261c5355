//! Breaking lines between words. A syllable is never cut; only a word that is longer than a whole
//! line (an address, say) is, because nothing else would keep all of it.

/// Breaks `text` (words with single spaces) into lines of at most `limit`, as `measure` counts.
/// With `balance`, and where a lone word would stand on the last line, the lines are about equally long.
pub(super) fn wrap(text: &str, limit: u32, balance: bool, measure: &dyn Fn(&str) -> u32) -> Vec<String> {
    let space = measure(" ");
    let words: Vec<Word> = text.split(' ').flat_map(|word| pieces(word, limit, measure)).collect();
    let widest = lines(&words, limit, space);
    let count = widest.len();
    let lone = widest.last().is_some_and(|line| line.len() == 1);
    let mut narrowest = limit;
    if (balance || lone) && count > 1 {
        // The narrowest limit that needs no more lines.
        let mut too_narrow = words.iter().map(|word| word.width).max().unwrap_or(0);
        too_narrow = too_narrow.saturating_sub(1);
        while too_narrow + 1 < narrowest {
            let middle = too_narrow.midpoint(narrowest);
            if lines(&words, middle, space).len() <= count {
                narrowest = middle;
            } else {
                too_narrow = middle;
            }
        }
    }
    let broken = lines(&words, narrowest, space);
    broken.into_iter().map(|line| join(&line)).collect()
}

/// A word, or a piece of an overlong one, and its width.
struct Word {
    text: String,
    width: u32,
    /// More of the same word follows, so the line ends here.
    goes_on: bool,
}

fn lines(words: &[Word], limit: u32, space: u32) -> Vec<Vec<&Word>> {
    let mut lines: Vec<Vec<&Word>> = vec![Vec::new()];
    let mut width = 0;
    for word in words {
        let longer = width + space + word.width;
        match lines.last_mut() {
            Some(line) if line.is_empty() => {
                line.push(word);
                width = word.width;
            }
            Some(line) if longer <= limit && !line.last().is_some_and(|last| last.goes_on) => {
                line.push(word);
                width = longer;
            }
            _ => {
                lines.push(vec![word]);
                width = word.width;
            }
        }
    }
    lines
}

fn join(line: &[&Word]) -> String {
    let words: Vec<&str> = line.iter().map(|word| word.text.as_str()).collect();
    words.join(" ")
}

/// A word as it is, or in pieces of at most `limit` when it is longer than a line.
fn pieces(word: &str, limit: u32, measure: &dyn Fn(&str) -> u32) -> Vec<Word> {
    let whole = |text: String, goes_on| Word { width: measure(&text), text, goes_on };
    if measure(word) <= limit {
        return vec![whole(word.to_owned(), false)];
    }
    let mut pieces = Vec::new();
    let mut piece = String::new();
    for letter in word.chars() {
        piece.push(letter);
        if measure(&piece) > limit && piece.chars().count() > 1 {
            piece.pop();
            pieces.push(whole(std::mem::take(&mut piece), true));
            piece.push(letter);
        }
    }
    pieces.push(whole(piece, false));
    pieces
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn letters(text: &str) -> u32 {
        text.chars().count() as u32
    }

    #[test]
    fn breaks_between_words() {
        let text = "Đăng ký biến động quyền sử dụng đất";
        assert_eq!(wrap(text, 20, false, &letters), ["Đăng ký biến động", "quyền sử dụng đất"]);
        assert_eq!(wrap("", 20, false, &letters), [""]);
    }

    #[test]
    fn a_balanced_break_leaves_no_lone_word() {
        let text = "Giao thông vận tải";
        assert_eq!(wrap(text, 15, false, &letters), ["Giao thông", "vận tải"]);
        assert_eq!(wrap(text, 15, true, &letters), ["Giao thông", "vận tải"]);
        let longer = "Giao thông vận tải đường bộ";
        assert_eq!(
            wrap(longer, 18, false, &letters),
            ["Giao thông vận tải", "đường bộ"],
            "only a lone word changes it"
        );
        assert_eq!(wrap(longer, 18, true, &letters), ["Giao thông vận", "tải đường bộ"]);
    }

    #[test]
    fn an_address_longer_than_the_line_is_kept_whole_over_lines() {
        assert_eq!(wrap("xem https://hall.local/t", 10, true, &letters), ["xem", "https://ha", "ll.local/t"]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_too_long(
            text in "[a-zđ]{1,12}( [a-zđ]{1,12}){0,12}",
            limit in 1_u32..30,
            balance: bool,
        ) {
            let lines = wrap(&text, limit, balance, &letters);
            prop_assert!(lines.iter().all(|line| letters(line) <= limit));
            prop_assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
            if text.split(' ').all(|word| letters(word) <= limit) {
                prop_assert_eq!(lines.join(" "), text);
            }
        }
    }
}
