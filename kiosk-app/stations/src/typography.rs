//! Where a name breaks when it needs two lines, and text as single characters.
//!
//! Vietnamese names are many short syllables: a greedy break leaves one alone on the second line ("Giao thông vận /
//! tải"). Here both lines become about equally long, and a dash stays at the end of the first.

/// Advance widths of Be Vietnam Pro SemiBold in thousandths of the font size, by kind of letter: near enough to
/// choose a break, while the window measures exactly whether a break is needed at all.
fn width(c: char) -> u32 {
    match c {
        ' ' => 240,
        'i' | 'l' | 'j' | 'ì' | 'í' | 'ị' | 'ỉ' | 'ĩ' | '.' | ',' | ':' | ';' | '\'' => 290,
        't' | 'f' | 'r' | '(' | ')' | '-' => 400,
        'm' | 'w' => 900,
        'M' | 'W' => 950,
        c if c.is_uppercase() => 720,
        '–' => 600,
        _ => 600,
    }
}

fn text_width(text: &str) -> u32 {
    text.chars().map(width).sum()
}

/// `text` with one line break where the longer of both lines is shortest; unchanged when it has a single word.
pub(crate) fn balance(text: &str) -> String {
    let breaks = text.match_indices(' ').map(|(at, _)| at);
    let allowed = breaks.filter(|&at| !text[at + 1..].starts_with(['–', '-', '(']) || at + 1 == text.len());
    let best = allowed.min_by_key(|&at| {
        let (first, second) = (&text[..at], &text[at + 1..]);
        let longest = text_width(first).max(text_width(second));
        // A break after a dash or comma is where a reader pauses: worth a slightly longer line.
        let pause = first.ends_with(['–', '-', ',', ';']);
        let name_begins = second.starts_with(char::is_uppercase);
        match (pause, name_begins) {
            (true, _) => longest * 4 / 5,
            (false, true) => longest * 9 / 10,
            (false, false) => longest,
        }
    });
    match best {
        Some(at) => format!("{}\n{}", &text[..at], &text[at + 1..]),
        None => text.to_owned(),
    }
}

/// Whether [`balance`] leaves a syllable alone beside several: then a smaller line reads better than two.
pub(crate) fn uneven(text: &str) -> bool {
    let balanced = balance(text);
    let words: Vec<usize> = balanced.lines().map(|line| line.split(' ').count()).collect();
    matches!(words.as_slice(), [1, more] | [more, 1] if *more > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_syllable_is_left_alone() {
        assert_eq!(balance("Giao thông vận tải"), "Giao thông\nvận tải");
        assert_eq!(balance("Đăng ký kinh doanh"), "Đăng ký\nkinh doanh");
        assert_eq!(balance("Đăng ký biến động quyền sử dụng đất"), "Đăng ký biến động\nquyền sử dụng đất");
    }

    #[test]
    fn a_dash_ends_the_first_line() {
        assert_eq!(balance("Công an – Căn cước"), "Công an –\nCăn cước");
        assert_eq!(balance("Lao động – Việc làm"), "Lao động –\nViệc làm");
    }

    #[test]
    fn a_name_within_a_name_stays_together() {
        assert_eq!(balance("Nông nghiệp và Phát triển nông thôn"), "Nông nghiệp và\nPhát triển nông thôn");
    }

    #[test]
    fn three_syllables_rather_shrink_than_break() {
        assert!(uneven("Rất hài lòng"));
        assert!(!uneven("Bình thường"));
        assert!(!uneven("Giao thông vận tải"));
        assert!(!uneven("Thuế"));
    }

    #[test]
    fn a_single_word_stays_as_it_is() {
        assert_eq!(balance("Thuế"), "Thuế");
        assert_eq!(balance(""), "");
    }
}
