//! A reader of HTML as strict as the writer, and values made to break out.

use proptest::prelude::*;

use super::*;

/// Values made to break out of HTML, of lines, or of a spreadsheet's cell.
pub(crate) fn hostile() -> Vec<String> {
    let mut values: Vec<String> = [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)",
        "</style><script>alert(1)</script>",
        "</td></tr></table></bdi><h1>RESERVADO C</h1>",
        "<!-- --><![CDATA[ ]]> &lt;b&gt; &#x3c;i&#x3e;",
        "<base href=https://evil.example/><link rel=stylesheet href=//evil.example>",
        "<style>@import url(https://evil.example)</style>",
        "javascript:alert(1)",
        "\u{202e}txet desrever\u{202c} \u{2066}isolated\u{2069}",
        "Flo\u{200b}r d\u{ad}e Pru\u{2060}eba\u{feff}",
        "مرحبا بالعالم (1) שלום",
        "\u{0}\u{1b}[31mred\u{7}\u{9b}\u{fffe}",
        "a\r\nb\rc\u{85}d\u{2028}e",
        "=1+1",
        "  =cmd|' /C calc'!A0",
        "+51 999 999 999",
        "-5",
        "@SUM(A1)",
        "\u{ff1d}1+1",
        "\t=1",
        "\r=1",
        "a;=1+1\n@x",
        "\u{338}\u{20d2}strikes what stands before it",
        "\u{200b}=1+1",
        "<r><t>x</t></r>",
        "_x003D_1+1",
        "",
        " ",
    ]
    .map(str::to_owned)
    .to_vec();
    values.push(format!("Z{}", "\u{335}\u{489}\u{301}".repeat(400)));
    values.push("palabra".repeat(15_000));
    values
}

/// Fails unless the bytes are one document that is balanced, self-contained and inert.
pub(crate) fn assert_inert(bytes: &[u8]) -> String {
    let text = std::str::from_utf8(bytes).unwrap();
    let (mut open, mut rest) = (Vec::new(), text);
    rest = rest.strip_prefix("<!DOCTYPE html>\n").unwrap();
    while let Some((before, after)) = rest.split_once('<') {
        assert!(!before.contains('>'), "a loose > in {before:.40}");
        let (inside, after) = after.split_once('>').unwrap();
        rest = after;
        if let Some(name) = inside.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name));
            continue;
        }
        let name = inside.split(' ').next().unwrap();
        let attributes = inside.strip_prefix(name).unwrap();
        assert!(ELEMENTS.contains(&name), "<{name}>");
        assert_attributes(attributes);
        if name == "style" {
            // CSS may hold `>`; it ends at the first end tag.
            let (css, after) = rest.split_once("</style>").unwrap();
            for word in ["<", "url(", "@import", "expression", "http"] {
                assert!(!css.contains(word), "{word} in the style sheet");
            }
            rest = after;
        } else if !["meta", "input", "br"].contains(&name) {
            open.push(name.to_owned());
        }
    }
    assert!(!rest.contains('>'));
    assert_eq!(open, [""; 0]);
    for c in text.chars() {
        // Behind a letter, on which a mark may stand.
        assert!(c == '\n' || plain(&format!("x{c}")).len() > 1, "{c:?}");
    }
    text.to_owned()
}

/// ` name="value"` any number of times, of the names that are inert.
fn assert_attributes(mut text: &str) {
    while !text.is_empty() {
        let (name, rest) = text.strip_prefix(' ').unwrap().split_once("=\"").unwrap();
        let (value, rest) = rest.split_once('"').unwrap();
        assert!(ATTRIBUTES.contains(&name), "{name}");
        if name == "href" {
            assert!(value.starts_with('#'), "{value}");
        }
        text = rest;
    }
}

const ELEMENTS: &[&str] = &[
    "html", "head", "meta", "title", "style", "body", "header", "main", "footer", "nav", "section",
    "div", "p", "h1", "h2", "h3", "ol", "ul", "li", "dl", "dt", "dd", "table", "caption", "thead",
    "tbody", "tr", "th", "td", "span", "bdi", "b", "strong", "a", "input", "label", "sup",
];

const ATTRIBUTES: &[&str] = &[
    "lang",
    "charset",
    "http-equiv",
    "content",
    "name",
    "class",
    "id",
    "href",
    "role",
    "title",
    "aria-label",
    "aria-labelledby",
    "aria-describedby",
    "scope",
    "type",
    "for",
    "checked",
    "tabindex",
    "data-label",
];

#[test]
fn no_value_breaks_out() {
    for value in hostile() {
        let bytes = Markup::document(Language::Spanish, &value, &["p { color: #000 }"], |page| {
            page.tag("p", &[("title", &value)], |page| page.foreign(&value));
        });
        assert_inert(&bytes);
    }
}

proptest! {
    #[test]
    fn no_text_breaks_out(value in any::<String>()) {
        let bytes = Markup::document(Language::English, &value, &[], |page| {
            page.tag("p", &[("title", &value)], |page| page.text(&value));
        });
        assert_inert(&bytes);
    }
}
