//! Telex: Vietnamese with marks from the letters of a plain keyboard, as every Vietnamese types it. `chowf` is `chờ`.
//!
//! Only the last word is looked at. A mark that is typed twice takes itself back (`ass` is `as`). The tone stands
//! where the old style puts it (`hòa`, `thúy`), which readers of every age know.

/// Letter, letter typed after it, what both become.
const SHAPES: [(char, char, char); 7] = [
    ('a', 'a', 'â'),
    ('a', 'w', 'ă'),
    ('e', 'e', 'ê'),
    ('o', 'o', 'ô'),
    ('o', 'w', 'ơ'),
    ('u', 'w', 'ư'),
    ('d', 'd', 'đ'),
];
/// Vowels without and with the five tones: none, sắc (s), huyền (f), hỏi (r), ngã (x), nặng (j).
const VOWELS: [&str; 12] = [
    "aáàảãạ",
    "ăắằẳẵặ",
    "âấầẩẫậ",
    "eéèẻẽẹ",
    "êếềểễệ",
    "iíìỉĩị",
    "oóòỏõọ",
    "ôốồổỗộ",
    "ơớờởỡợ",
    "uúùủũụ",
    "ưứừửữự",
    "yýỳỷỹỵ",
];
const TONES: [char; 6] = ['z', 's', 'f', 'r', 'x', 'j'];

/// Row of [`VOWELS`] and tone of a letter, in lower case.
fn vowel(c: char) -> Option<(usize, usize)> {
    let small = lower(c);
    VOWELS.iter().enumerate().find_map(|(row, vowels)| vowels.chars().position(|v| v == small).map(|tone| (row, tone)))
}

fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

/// A letter in the case of another.
fn in_case_of(letter: char, model: char) -> char {
    if model.is_uppercase() { letter.to_uppercase().next().unwrap_or(letter) } else { letter }
}

fn with_tone(c: char, tone: usize) -> char {
    let toned = vowel(c).and_then(|(row, _)| VOWELS[row].chars().nth(tone));
    toned.map_or(c, |toned| in_case_of(toned, c))
}

/// Adds a typed letter to a text: as it is, or as a mark on the last word.
pub(crate) fn add(text: &mut String, typed: char) {
    let start = text.char_indices().rev().find(|(_, c)| !c.is_alphabetic()).map_or(0, |(at, c)| at + c.len_utf8());
    let word: Vec<char> = text[start..].chars().collect();
    let key = lower(typed);
    let changed = shaped(&word, key).or_else(|| toned(&word, key));
    match changed {
        Some(changed) => {
            text.truncate(start);
            text.extend(changed);
        }
        None => text.push(typed),
    }
}

/// The word with the shape that `key` gives a letter of it: the last one that it fits.
fn shaped(word: &[char], key: char) -> Option<Vec<char>> {
    let mut word = word.to_vec();
    let plain = |c: char| match vowel(c) {
        Some((0..=2, _)) => 'a',
        Some((3 | 4, _)) => 'e',
        Some((6..=8, _)) => 'o',
        Some((9 | 10, _)) => 'u',
        _ if lower(c) == 'đ' => 'd',
        _ => lower(c),
    };
    // `uow` is `ươ`: both letters take the hook.
    let hook = word.windows(2).rposition(|pair| plain(pair[0]) == 'u' && plain(pair[1]) == 'o').filter(|_| key == 'w');
    if let Some(at) = hook {
        (word[at], word[at + 1]) = (reshape(word[at], 'ư'), reshape(word[at + 1], 'ơ'));
        return Some(word);
    }
    let find = |letter: char| word.iter().rposition(|c| plain(*c) == letter);
    let (at, shape) = SHAPES.iter().filter(|(_, second, _)| *second == key).find_map(|(first, _, shape)| {
        // `dd` only at the head of a word, vowels anywhere in it.
        let at = find(*first).filter(|at| *first != 'd' || *at == 0)?;
        Some((at, *shape))
    })?;
    if lower(with_tone(word[at], 0)) == shape {
        // Typed twice: the letter itself was meant.
        word[at] = reshape(word[at], plain(word[at]));
        word.push(key);
    } else {
        word[at] = reshape(word[at], shape);
    }
    Some(word)
}

/// A letter in another shape, with its tone and case.
fn reshape(c: char, shape: char) -> char {
    let tone = vowel(c).map_or(0, |(_, tone)| tone);
    in_case_of(with_tone(shape, tone), c)
}

/// The word with the tone of `key` on the vowel that carries it.
fn toned(word: &[char], key: char) -> Option<Vec<char>> {
    let tone = TONES.iter().position(|t| *t == key)?;
    let carrier = carrier(word)?;
    let mut word = word.to_vec();
    let before = word.iter().find_map(|c| vowel(*c).map(|(_, tone)| tone).filter(|tone| *tone > 0)).unwrap_or(0);
    if tone == 0 && before == 0 {
        return None;
    }
    for c in &mut word {
        *c = with_tone(*c, 0);
    }
    if before == tone {
        // Typed twice: the letter itself was meant.
        word.push(key);
    } else {
        word[carrier] = with_tone(word[carrier], tone);
    }
    Some(word)
}

/// Where the tone stands: on a vowel with a mark of its own, else before a closing consonant, else on the second last.
fn carrier(word: &[char]) -> Option<usize> {
    let is_vowel = |c: &char| vowel(*c).is_some();
    let mut first = word.iter().position(is_vowel)?;
    let mut last = word.iter().rposition(is_vowel)?;
    if word[first..=last].iter().any(|c| !is_vowel(c)) {
        last = first + word[first..].iter().take_while(|c| is_vowel(c)).count() - 1;
    }
    // `qu` and `gi` before a vowel are consonants.
    let head: String = word[..=first].iter().map(|c| lower(with_tone(*c, 0))).collect();
    if last > first && (head == "qu" || head == "gi") {
        first += 1;
    }
    let marked =
        (first..=last).rev().find(|at| vowel(word[*at]).is_some_and(|(row, _)| [1, 2, 4, 7, 8, 10].contains(&row)));
    let closed = last + 1 < word.len();
    Some(marked.unwrap_or(match last - first {
        0 => first,
        1 if !closed => first,
        1 => last,
        _ => first + 1,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &str) -> String {
        let mut text = String::new();
        keys.chars().for_each(|c| add(&mut text, c));
        text
    }

    #[test]
    fn words_come_out_as_vietnamese_write_them() {
        for (keys, word) in [
            ("chowf laau", "chờ lâu"),
            ("ddaats ddai", "đất đai"),
            ("Ddieenf", "Điền"),
            ("nguowif", "người"),
            ("khoong haif lofng", "không hài lòng"),
            ("quas", "quá"),
            ("giaays", "giấy"),
            ("hoaf", "hòa"),
            ("thuys", "thúy"),
            ("tieengs Vieetj", "tiếng Việt"),
            ("cuar", "của"),
            ("ngoaif", "ngoài"),
            ("huwowngs", "hướng"),
            ("muaf", "mùa"),
            ("OOng", "Ông"),
            ("nghieemf", "nghiềm"),
        ] {
            assert_eq!(typed(keys), word, "{keys}");
        }
    }

    #[test]
    fn a_mark_can_be_taken_back_or_changed() {
        assert_eq!(typed("toos"), "tố");
        assert_eq!(typed("toosf"), "tồ");
        assert_eq!(typed("toosz"), "tô");
        assert_eq!(typed("ass"), "as");
        assert_eq!(typed("looop"), "loop");
        assert_eq!(typed("ddd"), "dd");
    }

    #[test]
    fn what_is_no_word_stays_as_it_is_typed() {
        assert_eq!(typed("123 s"), "123 s");
        assert_eq!(typed("z"), "z");
        assert_eq!(typed("xyz 9!"), "xyz 9!");
        assert_eq!(typed(""), "");
    }
}
