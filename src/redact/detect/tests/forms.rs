//! The less usual forms: as people dictate, as machines read, as clerks shorten.

use super::*;

#[test]
fn a_weekday_belongs_to_its_day() {
    assert_covered(
        SpanKind::Date,
        &[
            "el |lunes 3 de agosto|.",
            "el |lunes, 3 de agosto|",
            "|sáb. 12 de julio| sale",
            "el |jueves veintiuno de octubre de 2025|",
            "vuelve el |9 de junio (martes)| sin falta",
            "antes del |domingo 05/07|.",
        ],
    );
    assert_eq!(found("Atienden de lunes a viernes, y los sábados no."), []);
}

#[test]
fn days_are_found_as_they_are_shortened_and_stamped() {
    assert_covered(
        SpanKind::Date,
        &[
            "vence |03AGO2025|",
            "|11SET25| llamó",
            "el |04_11_2024| a",
            "el |04 11 2024| a",
            "Evolución. |4.11.24|: mejor",
            "|4 / nov / 2024|",
            "emitido |4/11/024|",
            "el |ocho (08) de julio| de madrugada",
            "el |8 d julio|",
            "el |8 de stbre| y",
            "el |8 de mzo del 2025|",
            "el |8 de julio del presente año|",
            "el |8.VII.25| y",
            "[|8/7|, 9:02 p. m.] Madre: ya",
            "venc.: |8/7|",
            "los días 4.11.24 y |8/7|.",
            "nació el |l4/O6/1990|",
        ],
    );
    for text in ["IMC 26,5 y talla 1.52.", "Capítulo 3.4 del 2.1.", "de 2019 a 2024", "1/2 kilo"] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn numbers_are_found_with_any_mark_between_and_as_a_machine_reads_them() {
    assert_covered(
        SpanKind::Document,
        &[
            "DNI |45'678,912|",
            "dni |45/678/912|",
            "su hijo, |456 789 12|.",
            "su hijo, |01.23.45.67|.",
            "D N I : |456789l2|",
            "documento |4O.678.9l2|",
        ],
    );
    assert_covered(
        SpanKind::Phone,
        &[
            "cel |*987654321|",
            "al |#987654321|.",
            "al |987_654_321|",
            "al |987/654/321|",
            "al |9 8 7-654-321|",
            "al |9O7 654 321|",
            "el nro de la tienda |51-2345|",
            "|987-----654-----321|",
        ],
    );
    assert_covered(
        SpanKind::Plate,
        &[
            "se fue en |C4-1234|.",
            "el |bcx/123| gris",
            "la combi |B 4 C - 1 2 3|",
            "mototaxi |1234-BC|",
            "en el carro plomo |XD 1234|",
        ],
    );
    assert_covered(
        SpanKind::FileNumber,
        &[
            "HC |4321|",
            "historia clínica N.° |123.456|",
            "a la cta. |04-123-456789|",
            "cuenta de ahorros del Banco de la Nación |04-1234567890|",
            "carpeta |801234567 2025 123 0|",
            "ya es |2025-01234-2-0501-JR-FT-04|",
            "caso |1234-2025-3FPM.CS|",
            "es el |08123/2025|",
            "certificado N.° |000123-L|",
        ],
    );
    assert_eq!(found("Ley 30364; Decreto 123-2025; entre 2019-2024; llamar a la Línea 100."), []);
}

#[test]
fn numbers_and_plates_are_found_as_they_are_said() {
    assert_covered(
        SpanKind::Phone,
        &[
            "llámeme al |nueve ochenta y siete, seiscientos cincuenta y cuatro, tres dos uno|.",
            "mi celular: |nueve ochentaisiete sesenta y cinco cuarenta y tres veintiuno|",
        ],
    );
    assert_covered(
        SpanKind::Document,
        &["documento |cuarenta y cinco sesenta y siete ochenta y nueve doce|,"],
    );
    assert_covered(
        SpanKind::ForeignerCard,
        &["carné |cero cero uno, dos tres cuatro, cinco seis siete|"],
    );
    assert_covered(
        SpanKind::Plate,
        &["placa |ce cuatro equis guion uno dos tres|, roja", "en la moto |BCX ciento veintitrés|"],
    );
    assert_covered(
        SpanKind::Address,
        &["en |jr. lima ciento veinte|, mi", "vive en |mz e lt dos|."],
    );
    for text in ["Tuvo tres hijos, dos de ellos de uno a cinco años.", "de ciento veinte a dos mil"]
    {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn addresses_run_on_to_what_stands_there() {
    assert_covered(
        SpanKind::Address,
        &[
            "en |Jr. Lima 120, frente al mercado modelo|.",
            "en |calle Lima 12 altura del grifo|, de",
            "en |Calle Lima 120, al costado de la iglesia|; allí",
            "en |Av. Lima nro 120 – segundo piso|. Ella",
            "en |Comité 4, Mz. B Lt. 2, zona baja|, donde",
            "por |caserío Villa Prueba, km 3 de la trocha|.",
            "en |Mz A, VMT|. Allí",
            "en |asent. humano 3 de mayo, manzana e, lote 1|.",
        ],
    );
    assert_eq!(found("Vive en su comunidad, lejos. Quiere el lote. Atiende el anexo."), []);
}

#[test]
fn places_are_found_by_their_short_names_and_after_an_address() {
    assert_covered(
        SpanKind::District,
        &[
            "vino de |S.M.P.| ayer",
            "cupo en |S. J. L.|, dicen",
            "salió d |surquillo|",
            "jr. lima 12, |ves|. Mañana",
            "la comisaría de |Tambogrande| y",
        ],
    );
    assert_eq!(found("Si ves algo, avisa. La Semana Santa pasó."), []);
}

#[test]
fn initials_and_letters_apart_are_names_of_those_recorded() {
    assert_covered(
        SpanKind::Person,
        &[
            "la niña |F.M.Q.C.|, en",
            "el de |J. Rojas V.| termina",
            "firma |Lucía H.|, quien",
            "|ROJAS T., JUAN P.|: no vino",
            "Firma: |L U C I A   H U A M A N|",
            "firma: |huamán m.|",
            "llegó |flor| con su mamá",
            "mi cuñada |de la cruz| vendió",
            "va a la casa de |flor| hoy",
        ],
    );
}

#[test]
fn names_of_accounts_are_found_without_a_network() {
    assert_covered(
        SpanKind::Handle,
        &["usa |chato_loco.99| ahora", "usa |flor.quispe.q| y", "como |@ Chato_Loco| en"],
    );
    assert_eq!(found("{\"fecha_hecho\": \"hoy\"} www.mimp.gob.pe"), []);
}
