//! What somebody with the disk finds: every file is read and searched, none is assumed.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What a search of the whole folder found.
#[derive(Default)]
pub(crate) struct Loot {
    pub(crate) files: u64,
    pub(crate) bytes: u64,
    /// Texts looked for, each in UTF-8 and in UTF-16.
    pub(crate) wanted: usize,
    pub(crate) found: u64,
    /// A piece of a file, as a thief would see it.
    pub(crate) excerpt: Option<Excerpt>,
}

/// Some bytes of a file.
pub(crate) struct Excerpt {
    pub(crate) file: PathBuf,
    pub(crate) offset: usize,
    pub(crate) bytes: Vec<u8>,
}

/// Looks for texts in every file under a folder.
pub(crate) fn search(folder: &Path, texts: &[String]) -> io::Result<Loot> {
    let mut needles: Vec<Vec<u8>> = Vec::new();
    for text in texts {
        needles.push(text.as_bytes().to_vec());
        needles.push(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
    }
    let needles = Needles::new(needles);
    let mut loot = Loot { wanted: texts.len(), ..Loot::default() };
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = fs::read(&path)?;
            loot.files += 1;
            loot.bytes += bytes.len() as u64;
            loot.found += needles.count(&bytes);
            let larger = loot.excerpt.as_ref().is_none_or(|seen| seen.bytes.is_empty());
            if let (true, Some(excerpt)) = (larger, Excerpt::of(&path, &bytes)) {
                loot.excerpt = Some(excerpt);
            }
        }
    }
    Ok(loot)
}

impl Excerpt {
    /// Six lines of a place that is not empty.
    fn of(path: &Path, bytes: &[u8]) -> Option<Self> {
        let (index, window) = bytes
            .chunks_exact(LINES * 16)
            .enumerate()
            .skip(8)
            .find(|(_, window)| window.iter().filter(|byte| **byte == 0).count() < 6)?;
        let offset = index * LINES * 16;
        Some(Self { file: path.to_owned(), offset, bytes: window.to_vec() })
    }

    /// The bytes as `hexdump -C` writes them.
    pub(crate) fn dump(&self) -> String {
        let mut dump = String::new();
        for (index, line) in self.bytes.chunks(16).enumerate() {
            let hex: Vec<String> = line.iter().map(|byte| format!("{byte:02x}")).collect();
            let printable = |byte: &u8| {
                if byte.is_ascii_graphic() { char::from(*byte) } else { '.' }
            };
            let text: String = line.iter().map(printable).collect();
            dump.push_str(&format!(
                "  {:08x}  {:47}  |{text}|\n",
                self.offset + index * 16,
                hex.join(" ")
            ));
        }
        dump
    }
}

/// Many texts, looked for in one pass: two bytes sort out nearly every place.
struct Needles {
    texts: Vec<Vec<u8>>,
    begins: Vec<bool>,
}

impl Needles {
    fn new(texts: Vec<Vec<u8>>) -> Self {
        let mut begins = vec![false; 1 << 16];
        for pair in texts.iter().filter_map(|text| text.first_chunk::<2>()) {
            if let Some(slot) = begins.get_mut(usize::from(u16::from_le_bytes(*pair))) {
                *slot = true;
            }
        }
        Self { texts, begins }
    }

    fn count(&self, bytes: &[u8]) -> u64 {
        let mut found = 0;
        for (at, pair) in bytes.array_windows::<2>().enumerate() {
            if self.begins.get(usize::from(u16::from_le_bytes(*pair))) == Some(&true) {
                let rest = bytes.get(at..).unwrap_or_default();
                found += self.texts.iter().filter(|text| rest.starts_with(text)).count() as u64;
            }
        }
        found
    }
}

const LINES: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_on_the_disk_is_found_in_either_encoding() {
        let dir = tempfile::tempdir().unwrap();
        let wanted = ["Flor de Prueba".to_owned(), "12345678".to_owned()];
        fs::create_dir(dir.path().join("deep")).unwrap();
        fs::write(dir.path().join("deep/a"), b"..Flor de Prueba..Flor de Prueb").unwrap();
        let utf16: Vec<u8> = "12345678".encode_utf16().flat_map(u16::to_le_bytes).collect();
        fs::write(dir.path().join("b"), utf16).unwrap();
        let loot = search(dir.path(), &wanted).unwrap();
        assert_eq!((loot.files, loot.found), (2, 2));
        assert_eq!(search(dir.path(), &["Rosa de Prueba".to_owned()]).unwrap().found, 0);
    }
}
