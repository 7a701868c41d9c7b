//! A cell becomes a value of its field, as far as the file's own habits go.
//!
//! What every file may write (`DD/MM/YYYY`, yes and no, labels of codes) the library reads
//! itself; here stand the rules that a map adds.

use std::collections::BTreeMap;

use amparo::{Field, FieldValue, Kind, SecretText};

use super::Reason;
use super::fold::fold;
use super::map::{Map, Rules};
use super::moment::DateFormat;
use crate::entry::Entered;
use crate::failure::Failure;

/// How the cells of one column are read.
pub(crate) struct Reader {
    kind: Kind,
    dates: Option<DateFormat>,
    place_scheme: Option<String>,
    separator: String,
    decimal_comma: bool,
    zero_pad: usize,
    empty: Vec<String>,
    /// Folded words of the file, and what the field holds for them.
    translate: BTreeMap<String, String>,
}

impl Reader {
    pub(crate) fn new(field: &Field, map: &Map, rules: &Rules) -> Result<Self, Failure> {
        let bad = |id| Failure::own(id).with("field", &field.name);
        let format = rules.date_format.as_ref().or(map.date_format.as_ref());
        let dates = match format {
            Some(format) if field.kind == Kind::Date => {
                Some(DateFormat::parse(format).ok_or_else(|| bad("map-bad-date-format"))?)
            }
            _ => None,
        };
        let place_scheme = rules.place_scheme.clone().or_else(|| map.place_scheme.clone());
        if place_scheme.as_ref().is_some_and(|name| !["inei", "reniec"].contains(&name.as_str())) {
            return Err(bad("map-bad-place-scheme"));
        }
        let name = field.vocabulary.as_deref().unwrap_or_else(|| field.kind.name());
        let words = map.translate.get(name).into_iter().flatten().chain(&rules.translate);
        let separator = rules.list_separator.as_ref().or(map.list_separator.as_ref());
        let separator = separator.filter(|text| !text.is_empty());
        Ok(Self {
            kind: field.kind,
            dates,
            place_scheme,
            separator: separator.map_or(";", String::as_str).to_owned(),
            decimal_comma: map.decimal_comma,
            zero_pad: rules.zero_pad.unwrap_or(0).min(64),
            empty: map.empty.iter().map(|mark| mark.trim().to_lowercase()).collect(),
            translate: words.map(|(word, code)| (fold(word), code.clone())).collect(),
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
        let text = self.translate.get(&fold(text)).map_or(text, String::as_str);
        match (self.kind, &self.dates) {
            (Kind::Date, Some(format)) => {
                format.read(text).map(FieldValue::from).ok_or(Reason("reason-date"))
            }
            (Kind::Decimal, _) if self.decimal_comma => {
                Ok(FieldValue::from(text.replace('.', "").replace(',', ".")))
            }
            (Kind::Place | Kind::PlaceList, _) => self.place(text),
            _ => Ok(FieldValue::from(self.padded(text))),
        }
    }

    /// Spreadsheets drop the zero that many numbers of documents begin with.
    fn padded(&self, text: &str) -> String {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let width = self.zero_pad;
        if digits { format!("{text:0>width$}") } else { text.to_owned() }
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

/// Spreadsheets pad with no-break spaces, which are white space too.
fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
}

#[cfg(test)]
mod tests {
    use amparo::Schema;

    use super::*;

    fn read(
        record_type: &str,
        field: &str,
        map: &str,
        cell: &str,
    ) -> Result<Option<String>, Reason> {
        let schema = Schema::peru().unwrap();
        let field = schema.record_type(record_type).unwrap().field(field).unwrap();
        let map: Map = toml::from_str(map).unwrap();
        let reader = Reader::new(field, &map, &Rules::default()).ok().unwrap();
        let value = reader.read(&Entered::Text(cell.into()))?;
        Ok(value.map(|value| value.to_text().expose().to_owned()))
    }

    #[test]
    fn a_map_adds_words_and_empty_marks() {
        let sex = |map, cell| read("person", "sex", map, cell);
        assert_eq!(sex("[translate.sex]\nF = \"female\"", " f "), Ok(Some("female".to_owned())));
        assert_eq!(sex("", " Mujer\u{a0}"), Ok(Some("Mujer".to_owned())));
        assert_eq!(sex("empty = [\"S/D\"]", "s/d"), Ok(None));
        assert_eq!(sex("", " \u{a0}"), Ok(None));
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
    fn lists_are_cut_at_the_separator() {
        let kinds = |map, cell| read("incident", "pe_violence_types", map, cell);
        let both = Ok(Some("fisica; sexual".to_owned()));
        assert_eq!(kinds("", "fisica;; sexual "), both);
        assert_eq!(kinds("list_separator = \",\"", "fisica, sexual,"), both);
        assert_eq!(kinds("", " ; "), Ok(None));
    }

    #[test]
    fn dates_follow_the_map_and_are_never_guessed() {
        let map = "date_format = \"M/D/YYYY\"";
        let date = |cell| read("case", "registration_date", map, cell);
        assert_eq!(date("3/4/2026"), Ok(Some("2026-03-04".to_owned())));
        assert_eq!(date("13/4/2026"), Err(Reason("reason-date")));
    }
}
