//! What a recipient gets out of the bytes of an export: written apart from the search that the
//! export itself makes, so that both are not blind at the same place.

use std::collections::BTreeSet;
use std::io::Read;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The files of an export, as names and bytes.
pub(super) type Files = Vec<(String, Vec<u8>)>;

/// All that one file says, in every reading of its bytes.
pub(super) struct Reading {
    pub(super) name: String,
    words: BTreeSet<String>,
    folded: String,
    /// Letters and digits alone, one line for each text.
    squeezed: String,
}

impl Reading {
    pub(super) fn of(name: &str, bytes: &[u8]) -> Self {
        let mut texts = vec![name.to_owned()];
        every_way(bytes, &mut texts);
        match name.rsplit('.').next().unwrap() {
            "pdf" => paper(bytes, &mut texts),
            "xlsx" => workbook(bytes, &mut texts),
            "json" => strings(&serde_json::from_slice(bytes).unwrap(), &mut texts),
            "sd-jwt" => {
                for part in String::from_utf8(bytes.to_vec()).unwrap().split(['~', '.', '\n']) {
                    let plain = data_encoding::BASE64URL_NOPAD.decode(part.as_bytes()).unwrap();
                    every_way(&plain, &mut texts);
                    if let Ok(value) = serde_json::from_slice(&plain) {
                        strings(&value, &mut texts);
                    }
                }
            }
            _ => {}
        }
        let (words, folded, squeezed) = Default::default();
        let mut reading = Self { name: name.to_owned(), words, folded, squeezed };
        for text in texts {
            let folded = fold(&text);
            let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
            words.for_each(|word| {
                reading.squeezed.push_str(word);
                reading.words.insert(word.to_owned());
            });
            reading.squeezed.push('\n');
            reading.folded.push_str(&folded);
            reading.folded.push('\n');
        }
        reading
    }

    /// Whether it says these words, whole or with whatever between their letters.
    pub(super) fn says(&self, what: &str) -> bool {
        !self.said(&[what]).is_empty()
    }

    /// Which of these it says.
    pub(super) fn said<'a>(&self, what: &[&'a str]) -> BTreeSet<&'a str> {
        let wanted: Vec<String> = what
            .iter()
            .map(|one| fold(one).chars().filter(|c| c.is_alphanumeric()).collect())
            .collect();
        assert!(wanted.iter().all(|one| one.chars().count() >= 4), "too short to look for");
        let all = aho_corasick::AhoCorasick::new(&wanted).unwrap();
        all.find_overlapping_iter(&self.squeezed)
            .map(|hit| what[hit.pattern().as_usize()])
            .collect()
    }

    /// Whether it says a day in one of the ways in which days are written.
    pub(super) fn dates(&self, day: crate::time::Date) -> bool {
        let (year, month, of) = (day.year(), day.month(), day.day());
        let written = crate::language::Language::Spanish.day(day);
        let forms = [
            day.to_string(),
            format!("{year}{month:02}{of:02}"),
            format!("{of:02}/{month:02}/{year}"),
            format!("{of}/{month}/{year}"),
            fold(&written),
        ];
        forms.iter().any(|form| {
            self.folded.match_indices(form.as_str()).any(|(at, _)| {
                let before = self.folded[..at].chars().next_back();
                let after = self.folded[at + form.len()..].chars().next();
                ![before, after].into_iter().flatten().any(char::is_alphanumeric)
            })
        })
    }

    /// Whether it says a number, which letters or digits beside it would make another.
    pub(super) fn counts(&self, number: &str) -> bool {
        self.words.contains(number)
    }
}

pub(super) fn readings(files: &Files) -> Vec<Reading> {
    files.iter().map(|(name, bytes)| Reading::of(name, bytes)).collect()
}

/// Lower case, compatibility forms resolved, no accents, nothing unseen.
pub(super) fn fold(text: &str) -> String {
    let plain = text.nfkc().flat_map(char::to_lowercase).nfkd();
    plain.filter(|c| !is_combining_mark(*c) && !is_format(*c)).collect()
}

fn is_format(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// As UTF-8, unescaped, and as UTF-16 from either end and at either place.
fn every_way(bytes: &[u8], texts: &mut Vec<String>) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    if text.contains('&') {
        texts.push(unescaped(&text));
    }
    texts.push(text);
    for start in [0, 1] {
        let pairs = bytes.get(start..).unwrap_or_default().chunks_exact(2);
        for read in [u16::from_le_bytes, u16::from_be_bytes] {
            texts.push(latin(pairs.clone().map(|pair| read([pair[0], pair[1]]))));
        }
    }
}

/// Stretches of Latin letters, digits and spaces: bytes that are no text hardly make any.
fn latin(units: impl Iterator<Item = u16>) -> String {
    let (mut out, mut run) = (String::new(), String::new());
    for unit in units.chain([0]) {
        match char::from_u32(u32::from(unit)) {
            Some(c) if (' '..'\u{250}').contains(&c) || is_combining_mark(c) => run.push(c),
            _ => {
                if run.len() >= 4 {
                    out.push_str(&run);
                    out.push('\n');
                }
                run.clear();
            }
        }
    }
    out
}

fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let end = rest[at..].find(';').map_or(rest.len(), |end| at + end + 1);
        let c = match &rest[at..end] {
            "&amp;" => Some('&'),
            "&lt;" => Some('<'),
            "&gt;" => Some('>'),
            "&quot;" => Some('"'),
            "&apos;" => Some('\''),
            entity => entity.strip_prefix("&#").and_then(|number| {
                let number = number.trim_end_matches(';');
                let hex = number.strip_prefix(['x', 'X']).map(|hex| u32::from_str_radix(hex, 16));
                hex.unwrap_or_else(|| number.parse()).ok().and_then(char::from_u32)
            }),
        };
        out.push(c.unwrap_or('&'));
        rest = if c.is_some() { &rest[end..] } else { &rest[at + 1..] };
    }
    out + rest
}

fn strings(value: &serde_json::Value, texts: &mut Vec<String>) {
    match value {
        serde_json::Value::Array(items) => items.iter().for_each(|item| strings(item, texts)),
        serde_json::Value::Object(map) => map.iter().for_each(|(name, item)| {
            texts.push(name.clone());
            strings(item, texts);
        }),
        serde_json::Value::String(text) => texts.push(text.clone()),
        other => texts.push(other.to_string()),
    }
}

fn workbook(bytes: &[u8], texts: &mut Vec<String>) {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).unwrap();
        texts.push(entry.name().unwrap().to_string());
        let mut plain = Vec::new();
        entry.read_to_end(&mut plain).unwrap();
        every_way(&plain, texts);
    }
}

/// Each sheet as it is read, each string, and each stream, decompressed.
fn paper(bytes: &[u8], texts: &mut Vec<String>) {
    let document = lopdf::Document::load_mem(bytes).unwrap();
    texts.push(paper_text(bytes));
    for object in document.objects.values() {
        objects(object, texts);
    }
}

/// The text of all sheets.
pub(super) fn paper_text(bytes: &[u8]) -> String {
    let document = lopdf::Document::load_mem(bytes).unwrap();
    let sheets: Vec<u32> = document.get_pages().into_keys().collect();
    document.extract_text(&sheets).unwrap()
}

fn objects(object: &lopdf::Object, texts: &mut Vec<String>) {
    use lopdf::Object;
    match object {
        Object::String(bytes, _) | Object::Name(bytes) => every_way(bytes, texts),
        Object::Array(items) => items.iter().for_each(|item| objects(item, texts)),
        Object::Dictionary(dict) => dict.iter().for_each(|(_, item)| objects(item, texts)),
        Object::Stream(stream) => {
            stream.dict.iter().for_each(|(_, item)| objects(item, texts));
            let plain = stream.decompressed_content().unwrap_or_else(|_| stream.content.clone());
            every_way(&plain, texts);
        }
        _ => {}
    }
}

#[test]
fn the_reader_finds_what_is_there_however_it_is_written() {
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
    let proof = data_encoding::BASE64URL_NOPAD.encode(br#"["c2FsdA","x","Quisp\u00e9x7"]"#);
    for (name, bytes) in [
        ("a.csv", b"a,QUISPE X7,b".to_vec()),
        ("a.html", b"<b>Quisp&#xe9;&amp;x7</b>".to_vec()),
        ("a.json", br#"{"a": ["Quisp\u00e9\u200bx7"]}"#.to_vec()),
        ("a.csv", [b"z".to_vec(), wide("quispe x7")].concat()),
        ("a.csv", wide("Quispe\u{301}x7")),
        ("a.sd-jwt", proof.into_bytes()),
    ] {
        assert!(Reading::of(name, &bytes).says("QuispeX7"), "{name}");
    }
    assert!(!Reading::of("a.csv", b"quisp x7").says("quispex7"));
    assert!(Reading::of("a.csv", b"a,12345678;").counts("12345678"));
    assert!(!Reading::of("a.csv", b"a,123456789;").counts("12345678"));
}
