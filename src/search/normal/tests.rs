use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::schema::Schema;
use crate::time::Timestamp;

/// Spellings of one name.
const ALIKE: &[(&str, &str)] = &[
    // Accents, case, tilde.
    ("N\u{fa}\u{f1}ez", "NUNEZ"),
    ("Pe\u{f1}a", "pena"),
    ("Mu\u{f1}oz", "Munos"),
    ("\u{d1}ahui", "Nahui"),
    ("Jos\u{e9}", "JOSE"),
    // b and v, s and z and c.
    ("Vargas", "Bargas"),
    ("Valdivia", "Baldibia"),
    ("Benavides", "Venavides"),
    ("C\u{f3}rdova", "Cordoba"),
    ("Gonz\u{e1}lez", "Gonzales"),
    ("S\u{e1}nchez", "Sanches"),
    ("Rodr\u{ed}guez", "Rodrigues"),
    ("Meza", "Mesa"),
    ("Cese\u{f1}a", "Sesena"),
    ("Asencio", "Ascencio"),
    ("Luz", "Lus"),
    ("Zevallos", "Cevallos"),
    // ll and y.
    ("Llanos", "Yanos"),
    ("Carhuallanqui", "Carhuayanqui"),
    ("Castillo", "Castiyo"),
    ("Yupanqui", "Llupanqui"),
    ("Yupanqui", "Iupanqui"),
    ("Ayala", "Aiala"),
    ("Sullca", "Sulca"),
    ("Huaylla", "Huailla"),
    // Silent h.
    ("Hilario", "Ilario"),
    ("Hern\u{e1}ndez", "Ernandes"),
    ("Sarah", "Sara"),
    ("Ruth", "Rut"),
    ("Thal\u{ed}a", "Talia"),
    ("Esther", "Ester"),
    // g and j, x.
    ("Jim\u{e9}nez", "Gimenes"),
    ("Ximena", "Jimena"),
    ("Xiomara", "Giomara"),
    ("Geraldine", "Yeraldine"),
    ("Janet", "Yaneth"),
    ("Jhon", "John"),
    ("\u{c1}ngeles", "Anjeles"),
    ("Roxana", "Rocsana"),
    ("Alex", "Aleks"),
    // qu, k, c, cc.
    ("Quispe", "Kispe"),
    ("Quispe", "Quispi"),
    ("Kispe", "Qquispe"),
    ("Ccori", "Qori"),
    ("Ccori", "Cori"),
    ("Ccopa", "Kopa"),
    ("Erika", "\u{c9}rica"),
    ("Quiroga", "Kiroga"),
    ("Allcca", "Alca"),
    ("Isaac", "Isac"),
    // hua, gua, wa.
    ("Huam\u{e1}n", "Guaman"),
    ("Huam\u{e1}n", "Waman"),
    ("Huam\u{e1}n", "Uaman"),
    ("Guadalupe", "Huadalupe"),
    ("Huanca", "Wanka"),
    ("Ahuanari", "Awanari"),
    ("Aguayo", "Ahuayo"),
    ("Cahuana", "Cauana"),
    ("Huillca", "Wilca"),
    ("Wilson", "Huilson"),
    // Double letters, endings, clusters.
    ("Sa\u{e1}vedra", "Savedra"),
    ("Anna", "Ana"),
    ("Carrasco", "Carasco"),
    ("Mamani", "Mamane"),
    ("Condori", "Condore"),
    ("Huayllo", "Huayllu"),
    ("Miriam", "Myrian"),
    ("Abraham", "Abran"),
    ("Pomabamba", "Pomabanba"),
    ("V\u{ed}ctor", "Bitor"),
    ("Ignacio", "Inacio"),
    ("David", "Davit"),
    ("Kelly", "Keli"),
    ("Sof\u{ed}a", "Sophia"),
    // Particles and apostrophes.
    ("De la Cruz", "Cruz"),
    ("Delacruz", "De La Cruz"),
    ("Del \u{c1}guila", "Aguila"),
    ("D'Angelo", "Dangelo"),
    ("Qqu'ispe", "Quispe"),
];

/// Other names, however near.
const APART: &[(&str, &str)] = &[
    ("Quispe", "Quinto"),
    ("Mamani", "Maman"),
    ("Huam\u{e1}n", "Huanca"),
    ("Huaman\u{ed}", "Mamani"),
    ("Condori", "Condo"),
    ("Flores", "Torres"),
    ("Rojas", "Rosas"),
    ("Rosa", "Rosas"),
    ("Pe\u{f1}a", "Pi\u{f1}a"),
    ("Pena", "Pina"),
    ("Luna", "Lima"),
    ("Mario", "Mar\u{ed}a"),
    ("Juan", "Juana"),
    ("Julio", "Julia"),
    ("Carlos", "Carla"),
    ("Ramos", "Ramirez"),
    ("Vega", "Vera"),
    ("Salas", "Salazar"),
    ("Le\u{f3}n", "Luna"),
    ("Cruz", "Ruiz"),
    ("Ch\u{e1}vez", "Sabes"),
    ("Chura", "Sura"),
    ("Choque", "Soque"),
    ("Llerena", "Lerena"),
    ("Gallo", "Galo"),
    ("Gamarra", "Jamarra"),
    ("Guerra", "Huerra"),
    ("Mej\u{ed}a", "Megan"),
    ("Paredes", "Perez"),
    ("D\u{ed}az", "Diaspora"),
    ("Apaza", "Paz"),
    ("Ticona", "Tacona"),
    ("Colque", "Calque"),
    ("Sulca", "Silca"),
    ("Inga", "Anga"),
    ("Poma", "Puma"),
    ("Cusi", "Casi"),
    ("Ana", "Anita"),
    ("Elena", "Helen"),
    ("Delgado", "Salgado"),
    ("Del \u{c1}guila", "Delia"),
    ("Tuesta", "Cuesta"),
    ("Shupingahua", "Tapingahua"),
    ("Nahui", "Nahuel"),
];

fn field(record_type: &str, name: &str) -> Field {
    static PERU: LazyLock<Schema> = LazyLock::new(|| Schema::peru().unwrap());
    PERU.record_type(record_type).unwrap().field(name).unwrap().clone()
}

fn surname() -> Field {
    field("person", "paternal_surname")
}

/// Whether a record with this value is found by this text.
fn finds(field: &Field, value: &FieldValue, text: &str) -> bool {
    let words = words(field, value);
    query(field, text).unwrap().iter().all(|word| words.contains(word))
}

fn spelled(field: &Field, value: impl Into<FieldValue>) -> Vec<String> {
    let words = words(field, &value.into());
    words.iter().map(|w| format!("{:?} {}", w.kind, w.text.expose())).collect()
}

#[test]
fn spellings_of_one_name_find_each_other() {
    assert!(ALIKE.len() >= 60);
    let field = surname();
    for (a, b) in ALIKE {
        assert!(finds(&field, &(*a).into(), b), "{b} does not find {a}");
        if !a.contains(' ') || b.contains(' ') {
            assert!(finds(&field, &(*b).into(), a), "{a} does not find {b}");
        }
    }
}

#[test]
fn other_names_stay_apart() {
    assert!(APART.len() >= 40);
    let field = surname();
    for (a, b) in APART {
        assert!(!finds(&field, &(*a).into(), b), "{b} finds {a}");
        assert!(!finds(&field, &(*b).into(), a), "{a} finds {b}");
    }
}

#[test]
fn a_name_gives_its_whole_its_sounds_and_two_prefixes() {
    assert_eq!(
        spelled(&surname(), "De la Cruz Qui\u{f1}ones"),
        [
            "Exact de la cruz quin\u{303}ones",
            "Phonetic KinonuS".replace("nuS", "neS").as_str(),
            "Phonetic KruS",
            "Prefix cru",
            "Prefix qui",
            "Prefix quino",
        ]
    );
    assert_eq!(spelled(&surname(), "Li"), ["Exact li", "Phonetic li"]);
    assert_eq!(spelled(&surname(), "De"), ["Exact de", "Phonetic di"]);
    assert!(spelled(&field("person", "address"), "Jr. Prueba 1").is_empty());
}

#[test]
fn all_words_of_a_query_are_needed() {
    let names = field("person", "given_names");
    let value = FieldValue::from("Mar\u{ed}a del Rosario");
    for text in
        ["maria", "Rosario", "rosario MARIA", "Mar* Rosa*", "Maria Ros*", "\"maria del rosario\""]
    {
        assert!(finds(&names, &value, text), "{text}");
    }
    for text in ["maria jose", "Mariz*", "\"maria\"", "\"maria rosario\"", "Rosario Qui*"] {
        assert!(!finds(&names, &value, text), "{text}");
    }
}

#[test]
fn quotes_tell_the_tilde_apart() {
    let value = FieldValue::from("N\u{fa}\u{f1}ez");
    assert!(finds(&surname(), &value, "\"n\u{fa}\u{f1}ez\""));
    assert!(finds(&surname(), &value, "\"NUN\u{303}EZ\""));
    assert!(!finds(&surname(), &value, "\"nunez\""));
}

#[test]
fn a_longer_prefix_is_confirmed_on_the_opened_value() {
    let value = FieldValue::from("Quispe Mamani");
    assert!(finds(&surname(), &value, "Quispit*"));
    for (text, holds) in [
        ("Quispit*", false),
        ("quisp\u{e9}*", true),
        ("Quis*", true),
        ("Mama*", true),
        ("Quispe", true),
        ("Quis* Mami*", false),
    ] {
        assert_eq!(confirms(&surname(), &value, text), holds, "{text}");
    }
}

#[test]
fn every_alias_is_found() {
    let alias = field("person", "alias");
    let value = FieldValue::from(vec!["La Chola", "Flaquita"]);
    assert!(finds(&alias, &value, "chola") && finds(&alias, &value, "Flakita"));
}

#[test]
fn identifiers_are_found_however_they_are_spaced() {
    let number = field("identity_document", "doc_number");
    for text in ["01234567", " 0123 4567 ", "01.234.567", "0123-4567", "0123\u{2013}4567"] {
        assert!(finds(&number, &"01234567".into(), text), "{text}");
    }
    assert!(!finds(&number, &"01234567".into(), "1234567"));
    assert_eq!(spelled(&number, "ab-12\u{e9}3"), ["Exact AB12E3"]);
    let phone = field("person", "phone");
    assert!(finds(&phone, &"+51 987 654 321".into(), "987-654-321"));
    assert!(finds(&phone, &"987654321".into(), "51987654321"));
    let handles = field("alleged_perpetrator", "social_handles");
    assert!(finds(&handles, &vec!["@prueba.falsa"].into(), "prueba.falsa"));
    let file = field("legal_proceeding", "expediente_judicial");
    assert!(finds(&file, &"01234-2024-0-1201-JR-FC-02".into(), "01234 2024 0 1201 jr fc 02"));
}

#[test]
fn a_date_is_found_by_day_and_by_month() {
    let birth = field("person", "birth_date");
    let value = FieldValue::from(Date::new(2014, 3, 9).unwrap());
    for text in ["2014-03-09", "09/03/2014", "9/3/2014", "2014-03", "03/2014"] {
        assert!(finds(&birth, &value, text), "{text}");
    }
    for text in ["2014-03-08", "2014-04", "2013-03"] {
        assert!(!finds(&birth, &value, text), "{text}");
    }
    for bad in ["2014-13", "2014", "marzo", ""] {
        assert_eq!(query(&birth, bad).unwrap_err().kind(), ErrorKind::BadValue, "{bad}");
    }
}

#[test]
fn other_kinds_are_found_by_their_value() {
    let kind = |kind| {
        let mut field = field("person", "birth_date");
        field.kind = kind;
        field
    };
    let lima: PlaceCode = "reniec:140101".parse().unwrap();
    assert!(finds(&kind(Kind::Place), &lima.into(), "inei:150101"));
    assert!(finds(&kind(Kind::PlaceList), &vec![lima].into(), "reniec:140101"));
    assert!(finds(&kind(Kind::Integer), &14.into(), " 14 "));
    assert!(finds(&kind(Kind::Country), &FieldValue::Code("PE".into()), "Per\u{fa}"));
    assert!(finds(&kind(Kind::Code), &FieldValue::Code("open".into()), "open"));
    let codes = FieldValue::CodeList(vec!["a".into(), "b".into()]);
    assert!(finds(&kind(Kind::CodeList), &codes, "b"));
    let at: Timestamp = "2026-03-01T15:04:05Z".parse().unwrap();
    assert!(finds(&kind(Kind::DateTime), &at.into(), "2026-03"));
}

#[test]
fn what_cannot_be_searched_says_so_without_the_text() {
    let refused = |field: &Field, text: &str| {
        let error = query(field, text).unwrap_err();
        assert!(!format!("{error}{error:?}").contains("anary"));
        error.kind()
    };
    assert_eq!(refused(&field("person", "address"), "canary"), ErrorKind::NotIndexed);
    assert_eq!(
        refused(&field("identity_document", "doc_number"), "canary*"),
        ErrorKind::NotIndexed
    );
    assert_eq!(refused(&surname(), " "), ErrorKind::BadValue);
    assert_eq!(refused(&surname(), "Qu*"), ErrorKind::BadValue);
    assert_eq!(refused(&surname(), "- . -"), ErrorKind::BadValue);
    assert_eq!(refused(&field("person", "birth_date"), "canary"), ErrorKind::BadValue);
    assert_eq!(format!("{:?}", query(&surname(), "canary").unwrap()), "[Word(..)]");
}

#[test]
fn the_words_of_a_value_are_bounded() {
    let long = (0..500).map(|i| format!("nombre{i}")).collect::<Vec<_>>().join(" ");
    assert_eq!(words(&surname(), &long.as_str().into()).len(), MAX_WORDS);
    let many: Vec<String> = (0..256).map(|i| format!("alias {i}")).collect();
    assert_eq!(words(&field("person", "alias"), &many.into()).len(), MAX_WORDS);
}

proptest! {
    #[test]
    fn no_text_panics_and_words_are_a_sorted_set(value in "\\PC{0,60}", text in ".{0,40}") {
        for field in [surname(), field("person", "alias"), field("person", "phone"), field("person", "birth_date")] {
            for value in [FieldValue::from(value.as_str()), FieldValue::from(vec![value.as_str()])] {
                let found = words(&field, &value);
                prop_assert!(found.len() <= MAX_WORDS);
                let sorted = found.is_sorted_by(|a, b| {
                    (a.kind, a.text.expose()) < (b.kind, b.text.expose())
                });
                prop_assert!(sorted);
                confirms(&field, &value, &text);
            }
            if let Ok(found) = query(&field, &text) {
                prop_assert!((1..=MAX_WORDS).contains(&found.len()));
            }
        }
    }

    #[test]
    fn accents_and_case_never_change_a_sound(name in "[a-z\u{f1}]{1,14}( [a-z\u{f1}]{1,14})?", accents: u32) {
        let accented: String = name.chars().enumerate().map(|(i, c)| {
            let marked = accents & (1 << (i % 32)) != 0;
            match c {
                'a' if marked => '\u{c1}',
                'e' if marked => '\u{e9}',
                'i' if marked => '\u{cd}',
                'o' if marked => '\u{f3}',
                'u' if marked => '\u{dc}',
                '\u{f1}' if marked => 'n',
                c if marked => c.to_ascii_uppercase(),
                c => c,
            }
        }).collect();
        prop_assert!(finds(&surname(), &name.as_str().into(), &accented));
        prop_assert!(finds(&surname(), &accented.as_str().into(), &name));
    }

    #[test]
    fn a_name_is_found_by_itself_and_by_its_beginning(name in "[A-Z\u{d1}][a-z\u{e1}\u{f1}]{2,12}( [A-Z][a-z']{1,9}){0,3}") {
        let value = FieldValue::from(name.as_str());
        prop_assert!(finds(&surname(), &value, &name));
        let quoted = format!("\"{name}\"");
        prop_assert!(finds(&surname(), &value, &quoted));
        let first = name.split(' ').next().unwrap();
        if !is_particle(folded(first).expose()) {
            let begun: String = first.chars().take(3).chain(['*']).collect();
            prop_assert!(finds(&surname(), &value, &begun));
            let full = format!("{first}*");
            prop_assert!(finds(&surname(), &value, &full) && confirms(&surname(), &value, &full));
        }
    }
}
