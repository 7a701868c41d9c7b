//! The typed form of a share: lines of groups that a tired person can copy from paper.
//!
//! Crockford's base 32, without I, L, O and U; what looks like 1 or 0 is read as such. A line has
//! six groups of four, of which the last two symbols check the line and its place ([`check`]).
//! What is wrong is named, never mended: a person looks at the paper again.

use crate::crypto::{kdf, labels};
use crate::error::{Error, ErrorKind, Place, Result};
use crate::escrow::check;
use crate::escrow::share::LENGTH;
use crate::secret::{SecretBytes, SecretText};

/// Lines of a share.
pub(crate) const LINES: usize = ((LENGTH + CHECKSUM) * 8).div_ceil(5).div_ceil(DATA);
/// Groups of a line.
pub(crate) const GROUPS: usize = 6;
/// Symbols of a group.
pub(crate) const GROUP: usize = 4;
const LINE: usize = GROUP * GROUPS;
const DATA: usize = LINE - 2;
/// Over all lines: what is wrong in several can satisfy the check of each by chance.
const CHECKSUM: usize = 3;
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Writes an envelope as lines of groups.
pub(crate) fn write(envelope: &[u8]) -> SecretText {
    let mut out = String::with_capacity(LINES * (LINE + GROUPS));
    let symbols = to_symbols(envelope);
    for (number, data) in (1..).zip(symbols.chunks(DATA)) {
        let checks = check::symbols(number, data);
        for (at, symbol) in data.iter().chain(&checks).enumerate() {
            if at > 0 && at % GROUP == 0 {
                out.push(' ');
            }
            out.push(ALPHABET.get(usize::from(*symbol)).copied().map_or('?', char::from));
        }
        out.push('\n');
    }
    SecretText::from(out)
}

/// Reads an envelope. Case, spaces, hyphens, blank lines and line numbers do not matter, nor do
/// ends of lines where all stands in one, as a camera gives it.
pub(crate) fn read(text: &[u8]) -> Result<SecretBytes> {
    let text = std::str::from_utf8(text)
        .map_err(|_| Error::new(ErrorKind::ShareDamaged, "neither a sealed file nor a text"))?;
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let mut read = SecretBytes::new(Vec::with_capacity(LINES * DATA));
    if let [one] = *lines
        && one.len() > 2 * LINE
    {
        let all = flowing(one)?;
        for (number, symbols) in (1..).zip(all.chunks(LINE)).take(LINES + 1) {
            take(number, symbols, &mut read)?;
        }
    } else {
        for (number, line) in (1..).zip(lines).take(LINES + 1) {
            take(number, &one_line(number, line)?, &mut read)?;
        }
    }
    let next = read.len() / DATA + 1;
    if next <= LINES {
        return Err(wrong("the text ends early", next, None));
    }
    from_symbols(&read)
}

/// Takes over a line that agrees with its check symbols.
fn take(number: usize, symbols: &[u8], into: &mut SecretBytes) -> Result<()> {
    if number > LINES {
        return Err(wrong("there are more lines than a share has", number, None));
    }
    if symbols.len() != LINE {
        return Err(wrong("a line is too short or too long", number, None));
    }
    match check::judge(number, symbols) {
        check::Verdict::Right => {
            into.extend(symbols.iter().take(DATA));
            Ok(())
        }
        check::Verdict::At(at) => Err(wrong("a group is mistyped", number, Some(at / GROUP + 1))),
        check::Verdict::Misplaced => {
            Err(wrong("a line is mistyped, or stands in the place of another", number, None))
        }
        check::Verdict::Wrong => Err(wrong("a line is mistyped", number, None)),
    }
}

/// The symbols of a line as it is typed.
fn one_line(number: usize, line: &str) -> Result<SecretBytes> {
    let line = without_number(number, line)?;
    let mut symbols = SecretBytes::new(Vec::with_capacity(2 * LINE));
    for c in line.chars().filter(|c| !is_gap(*c)) {
        let here = symbols.len() / GROUP + 1;
        // Bounds what is read, and keeps the buffer where it is.
        if symbols.len() == 2 * LINE {
            return Err(wrong("a line is too long", number, None));
        }
        let Some(symbol) = symbol(c) else {
            return Err(wrong("a sign that no share has", number, Some(here)));
        };
        symbols.push(symbol);
    }
    // A group of the wrong length, where groups are told apart as on paper.
    let groups: Vec<&str> = line.split(is_gap).filter(|group| !group.is_empty()).collect();
    let uneven = groups.iter().position(|group| group.chars().count() != GROUP);
    match uneven {
        Some(at) if groups.len() == GROUPS && symbols.len() != LINE => {
            Err(wrong("a group is too short or too long", number, Some(at + 1)))
        }
        _ => Ok(symbols),
    }
}

/// The symbols of a share that stands in one line.
fn flowing(line: &str) -> Result<SecretBytes> {
    let mut symbols = SecretBytes::new(Vec::with_capacity((LINES + 2) * LINE));
    for c in line.chars().filter(|c| !is_gap(*c)) {
        let (number, group) = (symbols.len() / LINE + 1, symbols.len() % LINE / GROUP + 1);
        if number > LINES + 1 {
            break;
        }
        let symbol =
            symbol(c).ok_or_else(|| wrong("a sign that no share has", number, Some(group)))?;
        symbols.push(symbol);
    }
    Ok(symbols)
}

/// Passes over the number before a line: set off by a sign, or what is too much for the line.
/// A number that was typed must be that of its place.
fn without_number(number: usize, line: &str) -> Result<&str> {
    let line = line.trim();
    let digits = line.chars().take_while(char::is_ascii_digit).count();
    let (typed, rest) = line.split_at_checked(digits).unwrap_or_default();
    let set_off = rest.starts_with([':', '.', ')']);
    let too_much = line.chars().filter(|c| !is_gap(*c)).count() == LINE + digits;
    if digits == 0 || digits > 2 || !(set_off || too_much && rest.starts_with(is_gap)) {
        return Ok(line);
    }
    if typed.parse() != Ok(number) {
        return Err(wrong("a line with the number of another", number, None));
    }
    Ok(rest.trim_start_matches([':', '.', ')']))
}

fn is_gap(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

fn symbol(c: char) -> Option<u8> {
    let letter = match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let at = ALPHABET.iter().position(|known| char::from(*known) == letter);
    at.and_then(|at| u8::try_from(at).ok())
}

fn to_symbols(envelope: &[u8]) -> SecretBytes {
    let mut symbols = SecretBytes::new(Vec::with_capacity(LINES * DATA));
    let (mut bits, mut held) = (0_u32, 0_u32);
    for byte in envelope.iter().chain(&checksum(envelope)) {
        bits = bits << 8 | u32::from(*byte);
        held += 8;
        while held >= 5 {
            held -= 5;
            symbols.push((bits >> held & 31) as u8);
        }
    }
    if held > 0 {
        symbols.push((bits << (5 - held) & 31) as u8);
    }
    symbols
}

fn from_symbols(symbols: &[u8]) -> Result<SecretBytes> {
    let mut bytes = SecretBytes::new(Vec::with_capacity(symbols.len()));
    let (mut bits, mut held) = (0_u32, 0_u32);
    for symbol in symbols {
        bits = bits << 5 | u32::from(*symbol);
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held & 255) as u8);
        }
    }
    let whole = bits & ((1 << held) - 1) == 0;
    let (envelope, typed) = bytes.split_at_checked(LENGTH).unwrap_or_default();
    if whole && kdf::equal(typed, &checksum(envelope)) {
        Ok(SecretBytes::new(envelope.to_vec()))
    } else {
        Err(Error::new(ErrorKind::ShareDamaged, "the lines do not belong together"))
    }
}

fn checksum(envelope: &[u8]) -> [u8; CHECKSUM] {
    let [a, b, c, ..] = kdf::digest(labels::SHARE_TEXT, &[envelope]);
    [a, b, c]
}

fn wrong(what: &'static str, line: usize, group: Option<usize>) -> Error {
    let place = Place::TypedLine { file: String::new(), line, group };
    Error::new(ErrorKind::ShareDamaged, what).at(place)
}

#[cfg(test)]
mod tests;
