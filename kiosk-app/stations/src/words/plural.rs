//! Which form of a text a number takes, from the `Plural-Forms` line of a PO file: a small expression in C over `n`.
//!
//! Understood are numbers, `n`, parentheses, `! % == != < <= > >= && || ?:`, which is all that PO files use. A rule that
//! cannot be read counts as "one form"; the test of the translations refuses it first.

/// A rule, ready to be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    N,
    Number(u64),
    Not(Box<Rule>),
    Both(Operator, Box<(Rule, Rule)>),
    Choice(Box<(Rule, Rule, Rule)>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    Equal,
    Unequal,
    AtMost,
    AtLeast,
    Less,
    More,
    Rest,
}

/// Operators by how tightly they bind, loosest first; longer signs before their beginnings.
const LEVELS: [&[(&str, Operator)]; 5] = [
    &[("||", Operator::Or)],
    &[("&&", Operator::And)],
    &[("==", Operator::Equal), ("!=", Operator::Unequal)],
    &[("<=", Operator::AtMost), (">=", Operator::AtLeast), ("<", Operator::Less), (">", Operator::More)],
    &[("%", Operator::Rest)],
];
/// Deepest nesting that is read.
const MAX_DEPTH: usize = 32;

impl Rule {
    /// One form for every number.
    pub(super) const fn single() -> Self {
        Self::Number(0)
    }

    /// The rule in a header such as `nplurals=2; plural=(n != 1);`.
    pub(super) fn of_header(header: &str) -> Option<Self> {
        let (_, rule) = header.split_once("plural=").filter(|(before, _)| !before.ends_with('n'))?;
        let rule: String = rule.split(';').next()?.chars().filter(|c| !c.is_whitespace()).collect();
        let mut rest = rule.as_str();
        choice(&mut rest, MAX_DEPTH).filter(|_| rest.is_empty())
    }

    /// The form of `n` things.
    pub(super) fn form(&self, n: u64) -> u64 {
        match self {
            Self::N => n,
            Self::Number(value) => *value,
            Self::Not(rule) => u64::from(rule.form(n) == 0),
            Self::Both(operator, sides) => operator.apply(sides.0.form(n), sides.1.form(n)),
            Self::Choice(parts) if parts.0.form(n) != 0 => parts.1.form(n),
            Self::Choice(parts) => parts.2.form(n),
        }
    }
}

impl Operator {
    fn apply(self, left: u64, right: u64) -> u64 {
        match self {
            Self::Or => u64::from(left != 0 || right != 0),
            Self::And => u64::from(left != 0 && right != 0),
            Self::Equal => u64::from(left == right),
            Self::Unequal => u64::from(left != right),
            Self::AtMost => u64::from(left <= right),
            Self::AtLeast => u64::from(left >= right),
            Self::Less => u64::from(left < right),
            Self::More => u64::from(left > right),
            Self::Rest => left.checked_rem(right).unwrap_or(0),
        }
    }
}

fn choice(rest: &mut &str, depth: usize) -> Option<Rule> {
    let condition = level(rest, 0, depth.checked_sub(1)?)?;
    if !eat(rest, "?") {
        return Some(condition);
    }
    let yes = choice(rest, depth - 1)?;
    let no = eat(rest, ":").then(|| choice(rest, depth - 1))??;
    Some(Rule::Choice(Box::new((condition, yes, no))))
}

fn level(rest: &mut &str, at: usize, depth: usize) -> Option<Rule> {
    let Some(operators) = LEVELS.get(at) else { return atom(rest, depth) };
    let mut left = level(rest, at + 1, depth)?;
    while let Some((_, operator)) = operators.iter().find(|(sign, _)| eat(rest, sign)) {
        let right = level(rest, at + 1, depth)?;
        left = Rule::Both(*operator, Box::new((left, right)));
    }
    Some(left)
}

fn atom(rest: &mut &str, depth: usize) -> Option<Rule> {
    if eat(rest, "(") {
        let inner = choice(rest, depth)?;
        return eat(rest, ")").then_some(inner);
    }
    if eat(rest, "!") {
        return Some(Rule::Not(Box::new(atom(rest, depth.checked_sub(1)?)?)));
    }
    if eat(rest, "n") {
        return Some(Rule::N);
    }
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, after) = rest.split_at(digits);
    *rest = after;
    number.parse().ok().map(Rule::Number)
}

fn eat(rest: &mut &str, sign: &str) -> bool {
    match rest.strip_prefix(sign) {
        Some(after) => {
            *rest = after;
            true
        }
        None => false,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    fn forms(header: &str, numbers: &[u64]) -> Vec<u64> {
        let rule = Rule::of_header(header).unwrap();
        numbers.iter().map(|n| rule.form(*n)).collect()
    }

    #[test]
    fn the_rules_of_real_languages_are_read() {
        assert_eq!(forms("nplurals=1; plural=0;", &[0, 1, 7]), [0, 0, 0]);
        assert_eq!(forms("nplurals=2; plural=(n != 1);", &[0, 1, 2]), [1, 0, 1]);
        assert_eq!(forms("nplurals=2; plural=(n > 1);", &[0, 1, 2]), [0, 0, 1]);
        let russian =
            "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);";
        assert_eq!(forms(russian, &[1, 2, 5, 11, 12, 21, 22, 111]), [0, 1, 2, 2, 2, 0, 1, 2]);
    }

    #[test]
    fn nonsense_is_refused_and_does_not_run_away() {
        for header in ["", "nplurals=2;", "plural=", "plural=(n", "plural=n+1", "plural=n ? 1", "plural=system(1)"] {
            assert_eq!(Rule::of_header(header), None, "{header}");
        }
        assert_eq!(Rule::of_header(&format!("plural={}n", "(".repeat(10_000))), None);
        assert_eq!(forms("plural=n%0", &[5]), [0]);
    }
}
