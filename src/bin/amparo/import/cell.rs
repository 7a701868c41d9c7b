//! A cell becomes a value of its field, or says why it cannot.

use std::collections::BTreeMap;

use amparo::{Field, FieldValue, Kind, Schema, SecretText};

use super::Reason;
use super::fold::fold;
use super::map::{Map, Rules};
use super::moment::{self, DateFormat};
use crate::entry::Entered;
use crate::failure::Failure;

/// How the cells of one column are read.
pub(crate) struct Reader {
    kind: Kind,
    dates: DateFormat,
    utc_offset: Option<String>,
    place_scheme: Option<String>,
    separator: String,
    decimal_comma: bool,
    zero_pad: usize,
    empty: Vec<String>,
    /// Folded words of the file, and what the field holds for them.
    translate: BTreeMap<String, String>,
    codes: Vec<String>,
}

impl Reader {
    pub(crate) fn new(schema: &Schema, field: &Field, map: &Map, rules: &Rules) -> Result<Self, Failure> {
        let bad = |id| Failure::own(id).with("field", &field.name);
        let format = rules.date_format.as_ref().or(map.date_format.as_ref());
        let dates = match format {
            Some(format) => DateFormat::parse(format).ok_or_else(|| bad("map-bad-date-format"))?,
            None => moment::iso(),
        };
        let place_scheme = rules.place_scheme.clone().or_else(|| map.place_scheme.clone());
        if place_scheme.as_ref().is_some_and(|name| !["inei", "reniec"].contains(&name.as_str())) {
            return Err(bad("map-bad-place-scheme"));
        }
        let vocabulary = field.vocabulary.as_deref().and_then(|name| schema.vocabulary(name));
        let terms = || vocabulary.iter().flat_map(|vocabulary| &vocabulary.entries);
        let mut words: BTreeMap<String, Option<String>> = BTreeMap::new();
        for term in terms() {
            for word in [&term.code, &term.es, &term.en] {
                let code = Some(term.code.clone());
                let known = words.entry(fold(word)).or_insert_with(|| code.clone());
                // A word that could mean two codes means neither.
                if *known != code {
                    *known = None;
                }
            }
        }
        if field.kind == Kind::Boolean {
            for (value, spelled) in [("true", YES), ("false", NO)] {
                words.extend(spelled.iter().map(|word| ((*word).to_owned(), Some(value.to_owned()))));
            }
        }
        let name = field.vocabulary.as_deref().unwrap_or_else(|| field.kind.name());
        let of_map = map.translate.get(name).into_iter().flatten().chain(&rules.translate);
        words.extend(of_map.map(|(word, code)| (fold(word), Some(code.clone()))));
        let separator = rules.list_separator.as_ref().or(map.list_separator.as_ref());
        Ok(Self {
            kind: field.kind,
            dates,
            utc_offset: map.utc_offset.clone(),
            place_scheme,
            separator: separator.filter(|text| !text.is_empty()).map_or(";", |text| text).to_owned(),
            decimal_comma: map.decimal_comma,
            zero_pad: rules.zero_pad.unwrap_or(0).min(64),
            empty: map.empty.iter().map(|mark| mark.trim().to_lowercase()).collect(),
            translate: words.into_iter().filter_map(|(word, code)| Some((word, code?))).collect(),
            codes: terms().map(|term| term.code.clone()).collect(),
        })
    }

    /// The value of a cell; `None` if it says nothing.
    pub(crate) fn read(&self, cell: &Entered) -> Result<Option<FieldValue>, Reason> {
        let is_list = matches!(self.kind, Kind::TextList | Kind::CodeList | Kind::PlaceList);
        match (cell, is_list) {
            (Entered::Empty, _) => Ok(None),
            (Entered::Text(text), _) if self.is_empty(text.expose()) => Ok(None),
            (Entered::Text(text), false) => self.one(text.expose()).map(Some),
            (Entered::List(_), false) => Err(Reason("error-bad-value")),
            (Entered::Text(text), true) => self.list(text.expose().split(self.separator.as_str())),
            (Entered::List(items), true) => self.list(items.iter().map(SecretText::expose)),
        }
    }

    fn is_empty(&self, text: &str) -> bool {
        let text = trim(text);
        text.is_empty() || self.empty.iter().any(|mark| *mark == text.to_lowercase())
    }

    fn list<'a>(&self, items: impl Iterator<Item = &'a str>) -> Result<Option<FieldValue>, Reason> {
        let mut values: Vec<SecretText> = Vec::new();
        for item in items.filter(|item| !self.is_empty(item)) {
            values.push(self.one(item)?.to_text());
        }
        Ok((!values.is_empty()).then(|| FieldValue::from(values)))
    }

    fn one(&self, text: &str) -> Result<FieldValue, Reason> {
        let text = trim(text);
        let translated = if self.codes.iter().any(|code| code == text) {
            None
        } else {
            self.translate.get(&fold(text)).map(String::as_str)
        };
        let text = translated.unwrap_or(text);
        match self.kind {
            Kind::Date => self.dates.read(text).map(FieldValue::from).ok_or(Reason("reason-date")),
            Kind::DateTime => self
                .dates
                .read_moment(text, self.utc_offset.as_deref())
                .map(FieldValue::from)
                .ok_or(Reason("reason-moment")),
            Kind::Integer => {
                text.parse::<i64>().map(FieldValue::from).map_err(|_| Reason("reason-integer"))
            }
            Kind::Decimal if self.decimal_comma => {
                Ok(FieldValue::from(text.replace('.', "").replace(',', ".")))
            }
            Kind::Boolean if translated.is_none() => Err(Reason("reason-boolean")),
            Kind::Boolean => Ok(FieldValue::from(text == "true")),
            Kind::Code | Kind::CodeList if !self.codes.iter().any(|code| code == text) => {
                Err(Reason("error-unknown-code"))
            }
            Kind::Place | Kind::PlaceList => self.place(text),
            Kind::Country => Ok(FieldValue::from(text.to_uppercase())),
            _ => Ok(FieldValue::from(self.padded(text))),
        }
    }

    /// Spreadsheets drop the zero that many codes begin with.
    fn padded(&self, text: &str) -> String {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        if digits { format!("{text:0>1$}", self.zero_pad) } else { text.to_owned() }
    }

    fn place(&self, text: &str) -> Result<FieldValue, Reason> {
        if text.contains(':') {
            return Ok(FieldValue::from(text));
        }
        let scheme = self.place_scheme.as_ref().ok_or(Reason("reason-place-scheme"))?;
        if !matches!(text.len(), 5 | 6) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Reason("reason-place"));
        }
        Ok(FieldValue::from(format!("{scheme}:{text:0>6}")))
    }
}

/// Spreadsheets pad with no-break spaces, which `trim` knows as white space too.
fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
}

const YES: &[&str] = &["true", "1", "yes", "y", "si", "s", "x", "verdadero"];
const NO: &[&str] = &["false", "0", "no", "n", "falso"];

#[cfg(test)]
mod tests {
    use super::*;

    fn read(record_type: &str, field: &str, map: &str, cell: &str) -> Result<Option<String>, Reason> {
        let schema = Schema::peru().unwrap();
        let field = schema.record_type(record_type).unwrap().field(field).unwrap();
        let map: Map = toml::from_str(map).unwrap();
        let reader = Reader::new(&schema, field, &map, &Rules::default()).ok().unwrap();
        let value = reader.read(&Entered::Text(cell.into()))?;
        Ok(value.map(|value| value.to_text().expose().to_owned()))
    }

    #[test]
    fn codes_are_understood_by_code_label_and_translation() {
        let sex = |map, cell| read("person", "sex", map, cell);
        let female = Ok(Some("female".to_owned()));
        for cell in ["female", " Mujer ", "MUJER", "Female"] {
            assert_eq!(sex("", cell), female, "{cell}");
        }
        assert_eq!(sex("", "F"), Err(Reason("error-unknown-code")));
        assert_eq!(sex("[translate.sex]\nF = \"female\"", "f"), female);
        assert_eq!(sex("empty = [\"S/D\"]", "s/d"), Ok(None));
    }

    #[test]
    fn places_need_a_scheme_and_get_their_zero_back() {
        let place = |map, cell| read("person", "home_ubigeo", map, cell);
        assert_eq!(place("", "100101"), Err(Reason("reason-place-scheme")));
        let inei = "place_scheme = \"inei\"";
        assert_eq!(place(inei, "30101"), Ok(Some("inei:030101".to_owned())));
        assert_eq!(place(inei, "reniec:090101"), Ok(Some("reniec:090101".to_owned())));
        assert_eq!(place(inei, "Huanuco"), Err(Reason("reason-place")));
    }

    #[test]
    fn yes_and_no_have_many_spellings_and_no_others() {
        let pregnant = |cell| read("person", "pregnant", "", cell);
        for (cell, value) in [("Sí", "true"), ("x", "true"), ("NO", "false"), ("0", "false")] {
            assert_eq!(pregnant(cell), Ok(Some(value.to_owned())), "{cell}");
        }
        assert_eq!(pregnant("quizás"), Err(Reason("reason-boolean")));
        assert_eq!(pregnant(" \u{a0}"), Ok(None));
    }

    #[test]
    fn lists_are_cut_at_the_separator() {
        let concerns = |map, cell| read("incident", "pe_violence_types", map, cell);
        let both = Ok(Some("fisica; sexual".to_owned()));
        assert_eq!(concerns("", "fisica; sexual"), both);
        assert_eq!(concerns("list_separator = \",\"", "Física, Sexual,"), both);
        assert_eq!(concerns("", "fisica; otra"), Err(Reason("error-unknown-code")));
    }
}
