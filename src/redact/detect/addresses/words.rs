//! The words that addresses are made of.

use crate::redact::detect::words::{is_function, is_particle};

/// What a part of an address begins with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Head {
    /// An abbreviation that is nothing else, before a street's name.
    Street,
    /// A word that is also one of every day, before a street's name.
    Way,
    /// A settlement, before its name.
    Settlement,
    /// A block, lot, floor or kilometre, before its number or letter.
    Unit,
    /// What is part of an address only beside another part, before its number.
    Room,
    /// `s/n`, `tercer piso`, `zona alta`: likewise, without a number.
    Whole,
}

/// Words that no street is called by: there its name has ended.
pub(super) fn is_ender(word: &str) -> bool {
    is_function(word) && !is_particle(word) || is_head(word)
}

fn is_head(word: &str) -> bool {
    matches!(
        word,
        "n" | "nro"
            | "no"
            | "mz"
            | "mza"
            | "manzana"
            | "lt"
            | "lte"
            | "lote"
            | "dpto"
            | "int"
            | "interior"
            | "piso"
            | "block"
            | "urb"
            | "cuadra"
            | "cdra"
            | "km"
            | "dni"
            | "telefono"
            | "cel"
            | "celular"
            | "distrito"
            | "provincia"
            | "s"
    )
}

pub(super) fn is_month(word: &str) -> bool {
    MONTHS.split_whitespace().any(|month| month == word)
}

const MONTHS: &str = "enero febrero marzo abril mayo junio julio agosto setiembre septiembre \
    octubre noviembre diciembre";

/// What leads from an address to what stands there.
pub(super) const BESIDE: &str = "frente costado lado ladito espalda espaldas altura cerca cerquita detras \
    esquina cruce media pasando subiendo bajando entrando";

/// `\b` after each, so that no word is cut.
pub(super) const HEAD_WORDS: &[(Head, &str)] = &[
    (
        Head::Street,
        r"\b(?:ca\.|carr\.|cl\.|c/|
(?:jr|jiron|av|avda|avenida|psje|pje|psj|prol|prolongacion|malecon|alameda)\b\.?)",
    ),
    (
        Head::Way,
        r"\b(?:calle|pasaje|carretera|callejon|quinta|ovalo|parque|autopista|trocha|paradero|anexo)\b",
    ),
    (
        Head::Settlement,
        r"\b(?:res\.|(?:urb|urbanizacion|aa ?\.? ?hh|a\. ?h|a ?\.? ?a ?\.? ?h ?\.? ?h|ah|asent(?:amiento|\.)? ?humano|
pp ?\.? ?jj|p\. ?j|pj|pueblo joven|c\. ?p(?:\. ?m)?|cp|cc ?\.? ?pp|centro poblado(?: menor)?|caserio|
asoc|asociacion de vivienda|asociacion|coop|cooperativa|comunidad(?: campesina| nativa)?|cc ?\.? ?nn|
conjunto habitacional|residencial|condominio|upis|fundo|hacienda|barrio|sector|
programa de vivienda|ampliacion)\b\.?)",
    ),
    (
        Head::Unit,
        r"\b(?:mz|mza|mzna|manzana|lt|lte|lote|block|blok|bloque|blq|dpto|depto|km|kilometro|parcela|
cdra|sector|ucv)\b\.?",
    ),
    (
        Head::Room,
        r"\b(?:dep|departamento|int|interior|piso|etapa|torre|cuadra|zona|grupo|comite|oficina|of|
tienda|stand|puesto|cuarto|casa|puerta)\b\.?",
    ),
    (
        Head::Whole,
        r"\b(?:s ?/ ?n|s\.n\.|sin numero|zona (?:alta|baja|norte|sur|centro|urbana|rural)|
(?:primer|segundo|tercer|cuarto|quinto|ultimo|\d{1,2}(?:\.?°|er|do|ro|to)) (?:piso|sector|nivel)|
(?:primera|segunda|tercera|cuarta|quinta|ultima|\d{1,2}(?:ra|da|ta)) (?:cuadra|etapa|zona)
(?: del? (?:la )?[a-z]{3,12})?)\b",
    ),
];
