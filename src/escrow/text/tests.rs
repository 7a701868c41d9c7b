use std::sync::LazyLock;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use super::*;

static ENVELOPE: LazyLock<Vec<u8>> =
    LazyLock::new(|| (0..LENGTH).map(|at| (at * 37 % 251) as u8).collect());
static TEXT: LazyLock<String> = LazyLock::new(|| write(&ENVELOPE).expose().to_owned());

fn lines() -> Vec<Vec<u8>> {
    TEXT.lines().map(|line| line.replace(' ', "").into_bytes()).collect()
}

fn join(lines: &[Vec<u8>]) -> String {
    lines.iter().map(|line| format!("{}\n", std::str::from_utf8(line).unwrap())).collect()
}

/// Line and group of the error.
#[track_caller]
fn place(text: &str) -> (usize, Option<usize>) {
    let error = read(text.as_bytes()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ShareDamaged);
    match error.place() {
        Some(Place::TypedLine { line, group, .. }) => (*line, *group),
        other => panic!("no line is named: {other:?}"),
    }
}

#[track_caller]
fn reads(text: &str) {
    assert!(*read(text.as_bytes()).unwrap() == *ENVELOPE);
}

#[test]
fn it_is_fourteen_lines_of_six_groups_of_four() {
    assert_eq!((LINES, TEXT.lines().count()), (14, 14));
    for line in TEXT.lines() {
        assert!(line.split(' ').all(|group| group.len() == 4) && line.split(' ').count() == 6);
    }
}

#[test]
fn what_people_do_to_a_text_does_not_matter() {
    reads(&TEXT);
    reads(&TEXT.to_lowercase());
    reads(&TEXT.replace(' ', "-"));
    reads(&TEXT.replace(' ', "\u{2013}"));
    reads(&TEXT.replace(' ', "").replace('\n', "\r\n\r\n  "));
    reads(&TEXT.replace('0', "o").replace('1', "l"));
    reads(&TEXT.replace('0', "O").replace('1', "I"));
    // All in one line, as a camera gives it.
    reads(TEXT.replace('\n', "-").trim_end_matches('-'));
    reads(&TEXT.replace(char::is_whitespace, ""));
    for sign in [": ", ". ", ") ", ".", ")", " ", "  "] {
        let numbered = |spaces: &str| -> String {
            let lines = (1..).zip(TEXT.lines());
            lines.map(|(at, line)| format!(" {at}{sign}{}\n", line.replace(' ', spaces))).collect()
        };
        reads(&numbered(" "));
        reads(&numbered(""));
    }
}

#[test]
fn a_line_with_the_number_of_another_is_named() {
    let text = TEXT.replacen('\n', "\n3: ", 1);
    assert_eq!(place(&text), (2, None));
}

#[test]
fn a_sign_that_is_not_in_the_alphabet_is_named_with_its_group() {
    for sign in ["u", "U", "!", "\u{f1}", "*"] {
        let mut lines: Vec<String> = TEXT.lines().map(str::to_owned).collect();
        lines[4].replace_range(12..13, sign);
        assert_eq!(place(&lines.join("\n")), (5, Some(3)));
    }
}

#[test]
fn a_group_that_is_too_short_or_too_long_is_named() {
    let mut lines: Vec<String> = TEXT.lines().map(str::to_owned).collect();
    lines[7].remove(11);
    assert_eq!(place(&lines.join("\n")), (8, Some(3)));
    let mut lines: Vec<String> = TEXT.lines().map(str::to_owned).collect();
    lines[7].insert(11, 'A');
    assert_eq!(place(&lines.join("\n")), (8, Some(3)));
}

#[test]
fn what_satisfies_every_line_and_not_the_whole_is_refused() {
    let other: Vec<u8> = ENVELOPE.iter().map(|byte| byte ^ 1).collect();
    let other: Vec<String> = write(&other).expose().lines().map(str::to_owned).collect();
    let mut lines: Vec<String> = TEXT.lines().map(str::to_owned).collect();
    lines[6].clone_from(&other[6]);
    let error = read(lines.join("\n").as_bytes()).unwrap_err();
    assert_eq!((error.kind(), error.place()), (ErrorKind::ShareDamaged, None));
}

#[test]
fn every_line_has_to_be_there_once_and_in_its_place() {
    let all = lines();
    for at in 0..LINES {
        let mut doubled = all.clone();
        doubled.insert(at, all[at].clone());
        // The copy stands where the next line belongs.
        assert_eq!(place(&join(&doubled)).0, at + 2);
        let mut missing = all.clone();
        missing.remove(at);
        assert_eq!(place(&join(&missing)).0, at + 1);
        for other in at + 1..LINES {
            let mut swapped = all.clone();
            swapped.swap(at, other);
            assert_eq!(place(&join(&swapped)), (at + 1, None));
        }
    }
}

proptest! {
    #[test]
    fn any_envelope_survives(envelope in vec(any::<u8>(), LENGTH)) {
        prop_assert!(*read(write(&envelope).expose().as_bytes()).unwrap() == envelope);
    }

    #[test]
    fn one_wrong_symbol_is_named_by_line_and_group(
        line in 0..LINES, at in 0..LINE, by in 1_usize..32,
    ) {
        let mut lines = lines();
        let old = symbol(char::from(lines[line][at])).unwrap();
        lines[line][at] = ALPHABET[(usize::from(old) + by) % 32];
        prop_assert_eq!(place(&join(&lines)), (line + 1, Some(at / GROUP + 1)));
    }

    #[test]
    fn neighbours_exchanged_are_named_by_line(line in 0..LINES, at in 0..LINE - 1) {
        let mut lines = lines();
        prop_assume!(lines[line][at] != lines[line][at + 1]);
        lines[line].swap(at, at + 1);
        prop_assert_eq!(place(&join(&lines)).0, line + 1);
    }

    #[test]
    fn symbols_left_out_or_doubled_are_named_by_line(
        line in 0..LINES, at in 0..LINE, twice in any::<bool>(),
    ) {
        let mut lines = lines();
        if twice {
            let symbol = lines[line][at];
            lines[line].insert(at, symbol);
        } else {
            lines[line].remove(at);
        }
        prop_assert_eq!(place(&join(&lines)).0, line + 1);
    }

    #[test]
    fn what_is_wrong_in_one_flow_is_named_too(line in 0..LINES, at in 0..LINE, by in 1_usize..32) {
        let mut lines = lines();
        let old = symbol(char::from(lines[line][at])).unwrap();
        lines[line][at] = ALPHABET[(usize::from(old) + by) % 32];
        let flow = join(&lines).replace('\n', "");
        prop_assert_eq!(place(&flow), (line + 1, Some(at / GROUP + 1)));
    }

    /// Whatever is typed, nothing is read that was not written.
    #[test]
    fn several_wrong_symbols_are_never_taken_for_right(
        wrong in vec((any::<Index>(), any::<Index>(), 1_usize..32), 1..12),
    ) {
        let mut lines = lines();
        for (line, at, by) in wrong {
            let place = &mut lines[line.index(LINES)][at.index(LINE)];
            let old = symbol(char::from(*place)).unwrap();
            *place = ALPHABET[(usize::from(old) + by) % 32];
        }
        let text = join(&lines);
        prop_assume!(text != join(&self::lines()));
        prop_assert_eq!(read(text.as_bytes()).unwrap_err().kind(), ErrorKind::ShareDamaged);
    }

    #[test]
    fn hostile_text_never_panics(bytes in vec(any::<u8>(), 0..600), text in "\\PC{0,400}") {
        let _ = read(&bytes);
        let _ = read(text.as_bytes());
        let _ = read(format!("{}{text}", *TEXT).as_bytes());
    }
}
