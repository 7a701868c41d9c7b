//! The texts of a file that somebody else wrote, as far as they stand in it in clear.

use crate::error::Result;

/// Calls `look` with every stretch of letters, of eight or more: as UTF-8, and as UTF-16 of
/// European letters. In what is compressed or encrypted there is none, and shorter ones stand in
/// any picture or sound by chance.
///
/// # Errors
///
/// Whatever `look` returns.
pub(super) fn texts(bytes: &[u8], mut look: impl FnMut(&str) -> Result<()>) -> Result<()> {
    for chunk in bytes.utf8_chunks() {
        let stretches = chunk.valid().split(|c: char| c.is_control() && !c.is_whitespace());
        for text in stretches.filter(|text| text.chars().nth(LEAST - 1).is_some()) {
            look(text)?;
        }
    }
    for start in [0, 1] {
        let pairs = bytes.get(start..).unwrap_or_default().as_chunks::<2>().0;
        for read in [u16::from_le_bytes, u16::from_be_bytes] {
            wide(pairs.iter().map(|pair| read(*pair)), &mut look)?;
        }
    }
    Ok(())
}

fn wide(units: impl Iterator<Item = u16>, look: &mut impl FnMut(&str) -> Result<()>) -> Result<()> {
    let mut text = zeroize::Zeroizing::new(String::new());
    let mut letters = 0;
    // A last unit that is none ends the last stretch.
    for unit in units.chain([0]) {
        let c = char::from_u32(unit.into());
        match c.filter(|c| *c < LAST && (!c.is_control() || c.is_whitespace())) {
            Some(c) => {
                text.push(c);
                letters += 1;
            }
            None => {
                if letters >= LEAST {
                    look(&text)?;
                }
                text.clear();
                letters = 0;
            }
        }
    }
    Ok(())
}

const LEAST: usize = 8;
/// After the letters and accents of European languages.
const LAST: char = '\u{370}';

#[cfg(test)]
mod tests {
    use super::*;

    fn found(bytes: &[u8]) -> Vec<String> {
        let mut all = Vec::new();
        let take = |text: &str| {
            all.push(text.to_owned());
            Ok(())
        };
        texts(bytes, take).unwrap();
        all
    }

    #[test]
    fn what_stands_in_clear_is_found_however_it_is_written() {
        let text = "Flor Quispe Huam\u{e1}n";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for body in [text.as_bytes(), &little, &big] {
            for before in [&b""[..], b"\x01", b"\xff\xfe", b"\x00\x01\x02"] {
                let bytes = [before, body, b"\x01\xff"].concat();
                assert!(found(&bytes).iter().any(|one| one.contains(text)), "{bytes:?}");
            }
        }
    }

    #[test]
    fn what_stands_there_by_chance_is_no_text() {
        assert_eq!(found(b"\x01Flor\x02\xffHuaman\x03"), [""; 0]);
        assert_eq!(found(b""), [""; 0]);
    }
}
