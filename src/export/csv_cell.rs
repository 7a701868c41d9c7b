//! Cells that no spreadsheet takes for a formula.

/// The text, behind an apostrophe if a spreadsheet could take it for a formula.
pub(super) fn inert(text: &str) -> String {
    let starts = text.trim_start().chars().next().is_some_and(|first| {
        matches!(first, '=' | '+' | '-' | '@' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}')
    });
    let control = text.chars().next().is_some_and(char::is_control);
    if starts || control { format!("'{text}") } else { text.to_owned() }
}
