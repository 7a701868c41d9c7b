//! Forms that nobody listed: found by what they have in common with those that somebody did.

use super::*;

#[test]
fn days_without_a_year_are_found_wherever_they_stand() {
    assert_covered(
        SpanKind::Date,
        &[
            "Ancón, |17-04|.",
            "|17/4|, 7:10 am. Llama",
            "volver a citar |3/11|",
            "vino |13.06|",
            "el |l7 de ju1io de 2025| vino",
            "dice |3 de mayo|, 4 de mayo.",
            "dice 3 de mayo, |4 de mayo|.",
            "del |cuatro del siete|. Luego",
            "el |cinco del mes pasado| huyó",
            "(|7.VI|) se fue",
            "el |4 de otubre| vino",
            "14/1 visita, |2/2| llamada, 3/3 cita",
            "|3.8| visita a la casa",
            "el 7 de enero, el |18 de marzo| y el 2 de mayo",
        ],
    );
    for text in ["Dolor 7/10.", "Ficha 2/3.", "de 10-12 años", "De las 13.06 a las 14.10"] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn addresses_begin_before_their_first_word_and_end_after_their_last() {
    assert_covered(
        SpanKind::Address,
        &[
            "en |Jr. Lima 120, 3.º piso, puerta verde|.",
            "en |Jr. Lima 120, dpto \"B\"|. Ella",
            "en |Jr. Lima 120 - Villa Prueba|, donde",
            "en |Pampa Prueba Mz. 8 Lt. 3|, donde",
            "en |Los Ensayos 456, dpto 3| la vio",
            "por |la última casa de la calle Real|.",
            "en |los altos de Jr. Lima 120|.",
            "en |carretera a Prueba km 4, la casa de adobe con techo rojo|. Allí",
            "por |la bajada del molino, casa 4|.",
            "en |Hostal Ensayo, cuarto 204|.",
            "en |Prolong. Lima Mz. K|.",
            "en |carretera a Prueba km 3, bungalow 6|. Ella",
            "en |Av. Prueba 1170, depto. 5-B|, ayer",
            "en |calle Prueba s/n, esquina con la posta|.",
        ],
    );
    assert_eq!(found("Trajo la bolsa del mercado; la calle estaba vacía."), []);
}

#[test]
fn rows_of_letters_and_digits_are_found_without_a_word_for_them() {
    assert_covered(
        SpanKind::FileNumber,
        &[
            "HCL |31-2207|.",
            "el parte |91-2025| y",
            "cta |001-03-4410-118822|.",
            "HCL |91l7|. Se",
            "código |AT/2025/0091|.",
            "ticket |REG-2025-00451|.",
            "oficio múltiple |123|.",
            "escritura N.° |1140|, otorgada",
        ],
    );
    assert_covered(
        SpanKind::Plate,
        &["auto con patente |WXYZ-41|. Ella", "en la moto |veintiuno dieciocho tres ese|, y"],
    );
    assert_covered(
        SpanKind::Document,
        &[
            "DNI |cuarenta y tres, cero siete, once, noventa y dos|, y",
            "número |cuarenta millones, ciento veintidós mil, setecientos doce|,",
        ],
    );
    assert_covered(SpanKind::Plate, &["llega la |EGX-4417|; luego", "la moto |1234 XB| gris"]);
    assert_covered(SpanKind::ForeignerCard, &["C.I. |6114402 SC|, vive"]);
    for text in
        ["Toma 1200ml de agua.", "Presión 120/80.", "Entre 2023-2024.", "Subió 12 000 casos."]
    {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn places_are_found_that_no_table_has() {
    assert_covered(
        SpanKind::District,
        &[
            "la comisaría de |Yanapuquio| y",
            "del P.S. |Yanapuquio|, dice",
            "la trajo a |Putumarca Alta| anoche",
            "SE FUE A |YANAPUQUIO|.",
            "sra que vino de |yanapuquio| ayer",
            "viajó a |lima| sola",
        ],
    );
    for text in ["Escribe por Facebook.", "El Juzgado de Familia.", "Fue a trabajar."] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn names_on_profiles_are_found_as_they_are_shown() {
    assert_covered(
        SpanKind::Handle,
        &[
            "desde el Facebook |Lobo Ensayo (El Malo)|. Ella",
            "un perfil de Facebook (|Lobo Ensayo|) le",
            "en Face como \"|La Prueba|\".",
            "antes era |lobo.ensayo|. Luego",
            "ella |lobo.en_|. Se vieron",
            "en Facebook que se llama |La Prueba de Lobo| y ahí",
        ],
    );
    assert_covered(SpanKind::Handle, &["su cuenta es |lobo punto en| ahora"]);
    assert_covered(SpanKind::Email, &["al |lobo punto en arroba ensayo punto org|."]);
    assert_covered(SpanKind::Email, &["al |lobo@ensayo,com|", "al |lobo [@] ensayo.com|"]);
}

#[test]
fn names_are_found_in_foreign_spellings_and_as_a_machine_reads_them() {
    assert_covered(
        SpanKind::Person,
        &[
            "vino |Qu1spe|, la madre",
            "vino |Lucya| sola",
            "firma |Flor Q. R.|, quien",
            "|Flomar| le dicen",
            "es |FM Quispe| la misma",
            "la alumna |X. L. C.| vino",
        ],
    );
}
