//! Slips of the pen.

/// Whether two words differ by one letter that is wrong, missing or too many, or by two that
/// changed places.
///
/// What they have in common at both ends goes first: most pairs are told apart by two letters,
/// so that a text of many words is not slow.
pub(super) fn one_slip(a: &str, b: &str) -> bool {
    if a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let common = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let (a, b) = (a.as_bytes().get(common..), b.as_bytes().get(common..));
    let (a, b) = (a.unwrap_or_default(), b.unwrap_or_default());
    let same = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    match (a.get(..a.len() - same), b.get(..b.len() - same)) {
        (Some([a, c]), Some([b, d])) => a == d && b == c,
        (Some(a), Some(b)) => a.len() <= 1 && b.len() <= 1,
        _ => false,
    }
}
