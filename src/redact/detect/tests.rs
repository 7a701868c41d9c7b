//! What must be found, what must not, and what holds for any text.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::*;

mod forms;
mod unmet;

fn known() -> KnownPeople {
    let flor = KnownPerson::new().given("Flor María").surname("Quispe").surname("De la Cruz");
    let juan = KnownPerson::new().given("Juan").surname("Rojas").alias("el Chato Loco");
    let lucia = KnownPerson::new().given("Lucía Catalina").surname("Huamán");
    KnownPeople::new().person(flor).person(juan).person(lucia).value("HCO-0001").value("I.E. 32004")
}

fn found(text: &str) -> Vec<(SpanKind, String)> {
    let letters: Vec<char> = text.chars().collect();
    let spans = propose(text, &known());
    spans.iter().map(|span| (span.kind, letters[span.start..span.end].iter().collect())).collect()
}

/// Each of these is covered from the first mark to the second.
fn assert_covered(kind: SpanKind, texts: &[&str]) {
    for marked in texts {
        let parts: Vec<&str> = marked.split('|').collect();
        let text = parts.concat();
        let start = parts[0].chars().count();
        let end = start + parts[1].chars().count();
        let spans = propose(&text, &known());
        let hit = spans.iter().find(|span| span.start <= start && span.end >= end);
        assert_eq!(hit.map(|span| span.kind), Some(kind), "{text}: {:?}", found(&text));
    }
}

#[test]
fn known_names_are_found_however_they_are_written() {
    assert_covered(
        SpanKind::Person,
        &[
            "La menor |FLOR QUISPE| no vino.",
            "La menor |flor de maria quispe de la cruz| no vino.",
            "vino |Qispe|, vino la madre",
            "dice |kispe| que no",
            "Ayer |Quipse| llegó.",
            "La señora |De la Cruz| pide copia.",
            "Con |Lucha| y otros.",
            "Con |lucecita|.",
            "vino |catita| sola",
            "su tía |Mari\u{301}a| Q.",
            "el |Chato  Loco| la sigue",
            "|F. Q|. fue oída",
            "|juancho rojas|, su padre",
            "el señor |rojas| la vio",
            "a la niña |flor| la vieron",
            "|QUISPE DE LA CRUZ, Flor|: presente",
            "|Flor\u{a0}M. Quispe|",
            "la familia |Huamanes|",
            "el |Gua\u{301}man| dijo",
        ],
    );
}

#[test]
fn a_name_says_whose_it_is_unless_it_is_several() {
    let who = |text: &str| propose(text, &known())[0].who;
    assert_eq!(who("Vino Florcita."), Some(0));
    assert_eq!(who("Vino Juanito Rojas."), Some(1));
    let sisters = [KnownPerson::new().surname("Quispe"), KnownPerson::new().surname("Quispe")];
    let known = sisters.into_iter().fold(KnownPeople::new(), KnownPeople::person);
    assert_eq!(propose("Vino Quispe.", &known)[0].who, None);
}

#[test]
fn words_that_are_names_elsewhere_are_left_alone() {
    for text in [
        "Trajo una flor roja y cruzó el campo.",
        "Sus ojos rojos; las rojas flores.",
        "Dio a luz en marzo, a los 17 años.",
        "Ley 30364, artículo 173; S/ 1 500.00 a las 16:45.",
        "Se pagó S/ 12.345.678 de la obra.",
        "Entre 2019-2024 hubo 12 000 casos en marzo de 2025.",
        "La Cruz Roja dejó 40 kits.",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn numbers_are_found_in_every_grouping() {
    assert_covered(
        SpanKind::Document,
        &[
            "DNI N.° |12345678|",
            "dni |12.345.678|",
            "su D.N.I. es |12 345 678-9|",
            "documento nacional de identidad nro. |1234-5678|",
            "sin palabra, |87654321|.",
            "DNI |1 2 3 4 5 6 7 8|",
            "RUC |10123456781|",
        ],
    );
    assert_covered(
        SpanKind::ForeignerCard,
        &[
            "CE |001234567|",
            "carné de extranjería N.° |001-234-567|",
            "PTP |00 123 4567|",
            "cédula venezolana |V-12.345.678|",
        ],
    );
    assert_covered(
        SpanKind::Passport,
        &["pasaporte |AV 133504|", "pasaporte venezolano N.° |123456789|", "tiene |ab713978| y"],
    );
    assert_covered(
        SpanKind::Phone,
        &[
            "al |+51 987 654 321|",
            "al |987654321|",
            "al |987-654-321|",
            "al |98 765 43 21|",
            "al |987\u{a0}654\u{2013}321|",
            "al |(062) 51-2345|",
            "al |01 234-5678|",
            "al |0051 987654321|",
            "al |+58 412 1234567|",
            "fono |51-2345|",
        ],
    );
    assert_covered(
        SpanKind::Plate,
        &["placa |ABC-123|", "el |a1b-234| blanco", "placa |abc123|", "moto |1234-5A|"],
    );
    assert_covered(
        SpanKind::FileNumber,
        &[
            "expediente |00123-2024-0-1201-JR-FC-02|",
            "carpeta fiscal N.° |2206014502-2024-123-0|",
            "denuncia N.° |123-2025|",
            "ver |00123 – 2024 – 0 – 1201 – JR – FC – 02|",
        ],
    );
}

#[test]
fn days_are_found_in_figures_and_words() {
    assert_covered(
        SpanKind::Date,
        &[
            "el |12/03/2025|",
            "el |12-3-25|",
            "el |12.03.2025|",
            "el |2025-03-12|",
            "el |12 de marzo de 2025|",
            "el |12 de marzo del año 2025|",
            "|doce de marzo del dos mil veinticinco|",
            "|treinta y uno de mayo|",
            "el |3 de mayo|",
            "el |1.° de mayo de 2025|",
            "el |1.º de mayo|",
            "el |1ro de setiembre|",
            "a los |doce días del mes de marzo del año dos mil veinticinco|",
            "el |12-mar-2025|",
            "el |12/03| volvió",
        ],
    );
}

#[test]
fn addresses_are_found_from_street_to_lot() {
    assert_covered(
        SpanKind::Address,
        &[
            "vive en |Jr. Los Pinos 345| con",
            "vive en |jr. los pinos 345| con",
            "|Av. 28 de Julio N.° 1234, Int. 5|",
            "|Calle Real s/n|",
            "|Psje. San Martín 12-B|",
            "|Prolongación Huánuco Mz. X Lt. 12|",
            "|Urb. Los Portales Mz C Lote 4|",
            "|AA.HH. Nueva Vida, Mz. 12, Lt. 4|",
            "|A.H. Las Lomas|",
            "|P.J. San José|",
            "|C.P. Villa Rica|",
            "|caserío Alto Prueba|",
            "|Km 12 de la carretera Central|",
            "|Km 5 carretera Huánuco - Tingo María|",
            "|Block B, Dpto. 302|",
            "|manzana K, lote 26|",
        ],
    );
}

#[test]
fn accounts_and_places_are_found() {
    assert_covered(
        SpanKind::Email,
        &["a |Rosa.Q+1@correo.example.pe|.", "|rosa arroba correo.example|"],
    );
    assert_covered(
        SpanKind::Handle,
        &[
            "usa |@flor_q.1|",
            "ver |https://www.facebook.com/flor.q.1| y",
            "en Instagram |flor_q|",
            "su TikTok es |florquispita|",
            "su face: |flor.q.12|.",
        ],
    );
    assert_covered(
        SpanKind::District,
        &["natural de |Amarilis|", "distrito de |amarilis|", "en |villa el salvador|", "|HUÁNUCO|"],
    );
    assert_covered(SpanKind::Recorded, &["caso |hco 0001|", "en la |IE 32004|"]);
}

/// Longest text of a field.
const FIELD: usize = 48 * 1024;

#[test]
fn hostile_texts_take_bounded_time() {
    let many = |unit: &str| unit.repeat(FIELD / unit.len());
    let words: String = (0..9000).map(|at| format!("q{at:x}e ")).collect();
    let texts = [
        many("\u{301}"),
        format!("Flor{} Quispe", many("\u{301}")),
        "a".repeat(100_000),
        "9".repeat(FIELD),
        many("9 "),
        many("1-"),
        many("@"),
        many("a@"),
        many("a."),
        many("Flor "),
        many("F. "),
        many("jr. "),
        many("mz a "),
        many("de la "),
        many("12 de "),
        many("1 y "),
        many("expediente n "),
        many("instagram "),
        many("\u{fdfa}"),
        many(" \n"),
        many("hco"),
        many("o1"),
        many("1l "),
        many("l "),
        many("nueve "),
        many("ce uno guion "),
        many("a_"),
        many("abc."),
        many("F "),
        many("S.J."),
        many("jr. a 1 frente a la "),
        many("lunes 3 de mayo "),
        many("de la cruz "),
        words,
    ];
    for text in &texts {
        let start = Instant::now();
        let _ = propose(text, &known());
        let beginning: String = text.chars().take(12).collect();
        // Far more than it takes, for machines that do other things.
        assert!(start.elapsed() < Duration::from_secs(20), "{beginning}: {:?}", start.elapsed());
    }
}

fn written(name: &str, how: u8) -> String {
    let name = if how & 1 > 0 { name.to_uppercase() } else { name.to_owned() };
    let name = if how & 2 > 0 { name.nfd().collect() } else { name };
    if how & 4 > 0 { name.replace(' ', "\u{a0}") } else { name }
}

proptest! {
    #[test]
    fn spans_lie_in_the_text_in_order_and_apart(
        text in "(?s)(.|[0-9@./ '_#*ol-]|nueve |S\\.J\\.|Flor |QUISPE|jr\\. |12 de mayo|\u{301}|\u{fdfa}){0,60}"
    ) {
        let spans = propose(&text, &known());
        let mut end = 0;
        for span in spans {
            prop_assert!(span.start >= end && span.start < span.end);
            end = span.end;
        }
        prop_assert!(end <= text.chars().count());
    }

    #[test]
    fn what_is_planted_is_covered(
        before in "[a-zñá\u{fdfa}½ \n]{0,30}",
        after in "[a-zñá½ \n]{0,30}",
        planted in 0_usize..7,
        how in 0_u8..8,
    ) {
        let planted = written(
            [
                "Flor Quispe", "Lucía Huamán", "Juan Rojas", "12345678", "987 654 321",
                "flor@correo.example", "HCO-0001",
            ][planted],
            how,
        );
        let text = format!("{before} ; {planted} ; {after}");
        let start = before.chars().count() + 3;
        let end = start + planted.chars().count();
        let spans = propose(&text, &known());
        prop_assert!(spans.iter().any(|span| span.start <= start && span.end >= end), "{spans:?}");
    }
}
