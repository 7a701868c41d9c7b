//! What somebody typed, pasted or imported to do harm stands in every file as the words it is.

use std::collections::BTreeSet;

use super::reader::{Files, paper_text};
use super::*;
use crate::crypto::sign::SignKey;
use crate::language::Language;
use crate::redact::sample_hostile::{Sample, coarser, coded, hidden, kept};
use crate::redact::{Outcome, Part};
use crate::secret::{Key, SecretText};

/// Each with something to find it by afterwards.
fn attacks() -> Vec<String> {
    let flood = format!("a{}flood", "\u{301}\u{489}".repeat(5_000));
    let word = format!("word{}", "W".repeat(40_000));
    let mut attacks: Vec<String> = [
        "=cmd|' /C calc'!A0",
        "+1+cmd|'/C calc'!A0",
        "-2+3",
        "@SUM(1+1)",
        "\t=1+1",
        "\r=1+1",
        "\u{ff1d}1+1",
        ";=1+1\n=1+1",
        "\",=1+1,\"",
        "<script>alert(1)</script>",
        "</style><img src=x onerror=1>",
        "</title><svg/onload=1>",
        "\" onmouseover=\"1",
        "' style='x:expression(1)",
        "<!--",
        "-->",
        "]]>",
        "&lt;b&gt;&#60;i&#62;&amp;",
        "javascript:alert(1)",
        ") Tj ET Q q (",
        "(((\\",
        "\\) Tj ET Q Q Q BT",
        "endstream endobj trailer <</Root 1 0 R>>",
        "%%EOF",
        "<< /JS (app.alert(1)) /S /JavaScript >>",
        "\u{202e}odidnocse\u{2066}\u{2069}\u{200f}",
        "Flor\u{200b}\u{200d}\u{2060}\u{feff}Quispe",
        "\u{5e9}\u{5dc}\u{5d5}\u{5dd} \u{645}\u{631}\u{62d}\u{628}\u{627}",
        "\u{e0041}\u{e0042}\u{fe0f}\u{fffe}\u{ffff}",
        "nul\u{0}nul",
        "c1\u{80}\u{85}\u{9b}31mred\u{9f}",
        "esc\u{1b}[2J\u{7}\u{8}",
        "_x0041__x000D_",
        "../../etc/passwd",
        "{\"a\": [1,",
        "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}",
        "~eyJhIjoxfQ~",
        "",
        " ",
        "\n\n\n\n",
    ]
    .into_iter()
    .map(str::to_owned)
    .collect();
    attacks.extend([flood, word, "\n".repeat(5_000), "palabra ".repeat(4_000)]);
    attacks
}

/// The files of an export whose every text is one of these.
fn export(texts: &[String]) -> Files {
    let mut texts = texts.iter().cycle();
    let mut next = || texts.next().unwrap().clone();
    let mut sample = Sample::new(Language::Spanish).cover(|cover| {
        cover.organisation = next();
        cover.recipient = next();
        cover.purpose_words = next();
        cover.profile_words = next();
    });
    const NAMES: &[&str] = &["a", "b", "c", "d", "e", "f", "g", "h"];
    for nth in 0..8 {
        let mut outcome = |of: usize| -> Outcome {
            match of {
                0 => coarser(&next()),
                1 => coded(&next()),
                2 => hidden(vec![
                    Part::Text(next().into()),
                    Part::Gap(Mark::Hidden),
                    Part::Label(next()),
                    Part::Text(next().into()),
                ]),
                3 => Outcome::Withheld(Mark::Unread),
                _ => kept(&next()),
            }
        };
        let mut fields = Vec::new();
        for (of, name) in NAMES.iter().enumerate() {
            fields.push((*name, outcome(of)));
        }
        let fields: Vec<_> = fields.into_iter().map(|(name, o)| (name, next(), o)).collect();
        let label = next();
        sample = sample.record(["p", "q"][nth % 2], &label, fields);
    }
    let view = sample.view();
    let [seed, key] = [5, 6].map(|byte| Key::init_with(|key| key.fill(byte)));
    let keys = (&seed, &SignKey::from_seed(&key));
    let (files, _) =
        crate::export::complete(&view, crate::export::render(&view).unwrap(), keys, |_| ())
            .unwrap();
    let preview = ("preview.html".to_owned(), view.to_preview().unwrap());
    let files = files.iter().map(|file| (file.name.clone(), file.bytes.to_vec()));
    files.chain([preview]).collect()
}

fn of<'a>(files: &'a Files, end: &str) -> Vec<&'a [u8]> {
    files.iter().filter(|(name, _)| name.ends_with(end)).map(|(_, bytes)| &**bytes).collect()
}

#[test]
fn names_of_files_do_not_follow_the_texts() {
    let names = |texts: &[String]| -> Vec<String> {
        export(texts).into_iter().map(|(name, _)| name).collect()
    };
    assert_eq!(names(&attacks()), names(&["Inventado".to_owned()]));
}

#[test]
fn a_page_for_a_screen_has_no_mark_that_somebody_typed() {
    let calm = export(&["Inventado".to_owned()]);
    let wild = export(&attacks());
    for (calm, wild) in of(&calm, ".html").into_iter().zip(of(&wild, ".html")) {
        let wild = std::str::from_utf8(wild).unwrap();
        assert_eq!(tags(wild), tags(std::str::from_utf8(calm).unwrap()));
        assert!(!wild.contains(|c: char| c.is_control() && c != '\n'));
        assert!(!wild.contains(['\u{202e}', '\u{2066}', '\u{200b}', '\u{feff}', '\u{fffe}']));
        assert!(wild.contains("&lt;script&gt;") && wild.contains("flood"));
    }
}

/// Every kind of tag, with the names of what it says of itself.
fn tags(page: &str) -> BTreeSet<String> {
    let mut tags = BTreeSet::new();
    let mut rest = page;
    while let Some((_, after)) = rest.split_once('<') {
        let (tag, after) = after.split_once('>').unwrap();
        let mut quoted = false;
        let outside: String = tag
            .chars()
            .filter(|c| {
                quoted ^= *c == '"';
                !quoted && *c != '"'
            })
            .collect();
        let names: Vec<&str> = outside.split_whitespace().collect();
        // A style holds `>` and no `<`: its end follows.
        rest = if tag == "style" { &after[after.find("</style>").unwrap()..] } else { after };
        tags.insert(names.join(" "));
    }
    tags
}

#[test]
fn a_page_on_paper_is_set_whole_and_ends() {
    let files = export(&attacks());
    let paper = of(&files, "case.pdf")[0];
    let document = lopdf::Document::load_mem(paper).unwrap();
    let sheets = document.get_pages();
    assert!((5..600).contains(&sheets.len()), "{} sheets", sheets.len());
    for page in sheets.values() {
        let content = document.get_page_content(*page);
        let content = lopdf::content::Content::decode(&content).unwrap();
        let count = |operator: &str| {
            content.operations.iter().filter(|one| one.operator == operator).count()
        };
        assert_eq!(count("BT"), count("ET"));
        assert_eq!(count("q"), count("Q"));
        assert_eq!(count("BDC") + count("BMC"), count("EMC"));
        for operation in &content.operations {
            assert!(operation.operator.len() <= 3, "{}", operation.operator);
        }
    }
    for object in document.objects.values() {
        let dict = object.as_dict().ok().or(object.as_stream().ok().map(|stream| &stream.dict));
        for name in [b"JS".as_slice(), b"JavaScript", b"OpenAction", b"AA", b"Launch", b"URI"] {
            assert!(!dict.is_some_and(|dict| dict.has(name)));
        }
    }
    let text = paper_text(paper);
    for part in ["Tj ET Q q", "endstream endobj", "alert", "flood", "%%EOF", "calc"] {
        let squeezed = |text: &str| text.split_whitespace().collect::<String>();
        assert!(squeezed(&text).contains(&squeezed(part)), "{part}");
    }
}

#[test]
fn no_cell_of_a_table_is_a_formula() {
    let files = export(&attacks());
    let mut cells = 0;
    for bytes in of(&files, ".csv") {
        let text = std::str::from_utf8(bytes).unwrap().trim_start_matches('\u{feff}');
        // Also in the eyes of a program that takes a semicolon, or each line, for an end.
        for separator in [b',', b';'] {
            let mut reader = ::csv::ReaderBuilder::new();
            let reader = reader.has_headers(false).flexible(separator == b';');
            for row in reader.delimiter(separator).from_reader(text.as_bytes()).records() {
                let row = row.unwrap();
                for cell in row.iter().flat_map(|cell| cell.split('\n')) {
                    let first = cell.trim_start_matches(|c: char| c.is_whitespace() || c == '"');
                    let first = first.chars().next();
                    assert!(!first.is_some_and(|c| "=+-@\u{ff1d}".contains(c)), "{cell:?}");
                    cells += 1;
                }
            }
        }
        assert!(!text.contains(|c: char| c.is_control() && c != '\n' && c != '\r'));
    }
    assert!(cells > 200);
}

#[test]
fn a_workbook_holds_words_and_no_formula_link_or_macro() {
    use std::io::Read;
    let files = export(&attacks());
    let calm = export(&["Inventado".to_owned()]);
    let parts = |files: &Files| {
        let bytes = of(files, ".xlsx")[0].to_vec();
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        let mut parts = Vec::new();
        for at in 0..archive.len() {
            let mut entry = archive.by_index(at).unwrap();
            let name = entry.name().unwrap().to_string();
            let mut text = String::new();
            entry.read_to_string(&mut text).unwrap();
            parts.push((name, text));
        }
        parts
    };
    let (wild, calm) = (parts(&files), parts(&calm));
    let names = |parts: &[(String, String)]| -> Vec<String> {
        parts.iter().map(|(name, _)| name.clone()).collect()
    };
    assert_eq!(names(&wild), names(&calm));
    for (name, text) in &wild {
        assert!(!text.contains("<f>") && !text.contains("<f "), "{name}");
        assert!(!text.contains("hyperlink") || name.contains("[Content"), "{name}");
        assert!(!text.contains(|c: char| c.is_control() && !"\n\r\t".contains(c)), "{name}");
        assert!(!text.contains(['\u{fffe}', '\u{ffff}', '\u{202e}']), "{name}");
        assert!(!text.contains("<script"), "{name}");
        // A cell has at most 32,767 units.
        let longest = text.split("</t>").map(|t| t.rsplit('>').next().unwrap().len());
        assert!(longest.max().unwrap_or_default() < 6 * 32_768, "{name}");
    }
}

#[test]
fn what_programs_read_is_whole_and_says_what_was_typed() {
    let files = export(&attacks());
    for bytes in of(&files, ".json") {
        serde_json::from_slice::<serde_json::Value>(bytes).unwrap();
    }
    let proof = std::str::from_utf8(of(&files, ".sd-jwt")[0]).unwrap();
    let proof = crate::export::VerifiedExport::verify(proof).unwrap();
    assert_eq!(proof.records().len(), 8);
    let kept = files.into_iter().filter(|(name, _)| name != "preview.html");
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let kept: Vec<_> = kept.collect();
    let files = kept.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
    crate::export::folder::write(&out, files).unwrap();
    crate::export::Bundle::read(&out).unwrap().verify().unwrap();
}

/// What the vault stores at all of it, it exports.
#[test]
fn a_vault_exports_whatever_it_stores() {
    let world = World::agreed();
    let (mut stored, mut refused) = (0, 0);
    for text in attacks() {
        let revision = world.vault.read(world.woman).unwrap().revision();
        let edit = RecordEdit::new().set("occupation", text.as_str());
        match world.vault.edit(world.woman, revision, edit) {
            Ok(_) => stored += 1,
            Err(error) => {
                let kinds = [ErrorKind::BadValue, ErrorKind::TooLong];
                assert!(kinds.contains(&error.kind()), "{error}");
                refused += 1;
                continue;
            }
        }
        let export = world.vault.export(world.case(), &world.request("court_full")).unwrap();
        let (_, json) = export.files().find(|(name, _)| *name == "case.json").unwrap();
        let json: serde_json::Value = serde_json::from_slice(json).unwrap();
        let value = world.vault.read(world.woman).unwrap();
        let value = value.field("occupation").map(FieldValue::to_text).unwrap_or_default();
        let said = |v: &serde_json::Value| v["text"].as_str() == Some(SecretText::expose(&value));
        let mut fields =
            json["records"].as_array().unwrap().iter().flat_map(|r| r["fields"].as_array());
        assert!(value.expose().is_empty() || fields.any(|fields| fields.iter().any(said)));
    }
    assert!(stored >= 25 && refused >= 4, "{stored} {refused}");
}
