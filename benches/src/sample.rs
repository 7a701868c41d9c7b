//! Invented case files: the same for every engine, from a number alone.

/// A value, as every engine is given it.
pub enum Value {
    Text(String),
    Integer(i64),
}

/// A word under which a record can be found: field, kind (exact, phonetic, prefix, month), text.
pub struct Word {
    pub field: u8,
    pub kind: u8,
    pub text: String,
}

/// A record, its values in the order of [`FIELDS`] or [`NOTE_FIELDS`].
pub struct Sample {
    pub values: Vec<Value>,
    pub words: Vec<Word>,
}

pub const FIELDS: [&str; 20] = [
    "case_code", "registered", "status", "office", "given_names", "paternal_surname",
    "maternal_surname", "dni", "birth_date", "phone", "sex", "age", "district", "education",
    "facts", "facts_date", "diagnosis", "plan", "prosecutor_file", "hearing",
];
pub const NOTE_FIELDS: [&str; 6] = ["day", "service", "officer", "outcome", "text", "next_step"];
/// The field that "one field" opens: a phone number.
pub const ONE_FIELD: usize = 9;
const PHONETIC: [usize; 3] = [4, 5, 6];
const EXACT: [usize; 4] = [0, 7, 9, 18];
const DATES: [usize; 2] = [1, 8];

const GIVEN: [&str; 24] = [
    "Rosa", "Flor", "Milagros", "Luz", "Katerine", "Yesenia", "Maribel", "Noemi", "Ruth", "Elvira",
    "Sonia", "Nelly", "Gladys", "Jhoselyn", "Estrella", "Brisa", "Angela", "Tania", "Dina", "Violeta",
    "Saida", "Olinda", "Mercedes", "Paulina",
];
const SYLLABLES: [&str; 40] = [
    "qui", "spe", "hua", "man", "mam", "ani", "con", "dor", "flo", "res", "val", "ver", "rod", "rig",
    "cho", "que", "yup", "anq", "tor", "rez", "cas", "til", "lan", "ayl", "lon", "par", "ede", "sil",
    "vap", "can", "dea", "cor", "nej", "oto", "ric", "sal", "vil", "lac", "rut", "zam",
];
const LOREM: &str = "La adolescente refiere que llego a la ciudad con una promesa de trabajo en un \
    restaurante y que al llegar le retuvieron el documento; pide hablar con su hermana mayor, duerme \
    mal y teme que la busquen en la casa de su tia. Se coordina con la unidad de proteccion, se deriva \
    al centro de salud y se acuerda una nueva cita para la semana siguiente con la misma profesional. ";

fn surname(rng: &mut fastrand::Rng) -> String {
    let mut name = String::new();
    for _ in 0..3 {
        name.push_str(SYLLABLES[rng.usize(..SYLLABLES.len())]);
    }
    name
}

fn date(rng: &mut fastrand::Rng, years: std::ops::Range<u32>) -> String {
    format!("{:04}-{:02}-{:02}", rng.u32(years), rng.u32(1..13), rng.u32(1..29))
}

/// Case file `n`: 20 fields, 23 words, about 900 bytes of text.
pub fn file(n: u64) -> Sample {
    let rng = &mut fastrand::Rng::with_seed(n);
    let text = |text: String| Value::Text(text);
    let given = format!("{} {}", GIVEN[rng.usize(..12)], GIVEN[12 + rng.usize(..12)]);
    let from = rng.usize(..60);
    let values = vec![
        text(format!("HCO-{n:07}")),
        text(date(rng, 2020..2027)),
        text(["open", "closed", "referred"][rng.usize(..3)].to_owned()),
        text(format!("oficina {}", rng.u8(1..60))),
        text(given),
        text(surname(rng)),
        text(surname(rng)),
        text(format!("{:08}", 40_000_000 + n)),
        text(date(rng, 1990..2020)),
        text(format!("9{:08}", n)),
        text(["mujer", "hombre"][rng.usize(..2)].to_owned()),
        Value::Integer(rng.i64(3..60)),
        text(format!("distrito {}", rng.u16(1..1874))),
        text("secundaria incompleta".to_owned()),
        text(LOREM[from..from + 300].to_owned()),
        text(date(rng, 2019..2027)),
        text(format!("codigo {}", rng.u16(..))),
        text(LOREM[from..from + 120].to_owned()),
        text(format!("{}-{:04}", n, rng.u16(..1000))),
        text(date(rng, 2026..2028)),
    ];
    let words = words(&values);
    Sample { values, words }
}

/// Note `i` of case file `n`: 6 fields, 2 words.
pub fn note(n: u64, i: u64) -> Sample {
    let rng = &mut fastrand::Rng::with_seed(n * 1_000 + i);
    let from = rng.usize(..60);
    let day = date(rng, 2024..2027);
    let words = vec![
        Word { field: 20, kind: 1, text: day.clone() },
        Word { field: 20, kind: 4, text: day[..7].to_owned() },
    ];
    let text = |text: &str| Value::Text(text.to_owned());
    let values = vec![
        Value::Text(day),
        text("acompanamiento psicologico"),
        text("profesional 17"),
        text("continua"),
        text(&LOREM[from..from + 250]),
        text("citar a la hermana mayor"),
    ];
    Sample { values, words }
}

/// As many words of each kind as the library makes of these values. (A phonetic word here is
/// just the name without its vowels: what it costs to store is the same.)
fn words(values: &[Value]) -> Vec<Word> {
    let mut found = Vec::new();
    let mut add = |field: usize, kind: u8, text: &str| {
        let field = u8::try_from(field).unwrap();
        let word = Word { field, kind, text: text.to_lowercase() };
        if !found.iter().any(|w: &Word| (w.field, w.kind) == (field, kind) && w.text == word.text) {
            found.push(word);
        }
    };
    for (field, value) in values.iter().enumerate() {
        let Value::Text(text) = value else { continue };
        if EXACT.contains(&field) || DATES.contains(&field) || PHONETIC.contains(&field) {
            add(field, 1, text);
        }
        if DATES.contains(&field) {
            add(field, 4, &text[..7]);
        }
        if PHONETIC.contains(&field) {
            for token in text.split(' ') {
                let sound: String = token.chars().filter(|c| !"aeiou".contains(*c)).collect();
                add(field, 2, &sound);
                for length in [3, 5] {
                    if token.len() >= length {
                        add(field, 3, &token[..length]);
                    }
                }
            }
        }
    }
    found
}
