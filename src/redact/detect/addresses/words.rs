//! The words that addresses are made of.

use std::collections::BTreeSet;
use std::sync::OnceLock;

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
    /// A building that is an address only with a number or another part.
    Site,
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

/// Words for what is in or beside a house, with which an address goes on.
pub(super) fn is_within(word: &str) -> bool {
    static WORDS: OnceLock<BTreeSet<&str>> = OnceLock::new();
    WORDS.get_or_init(|| WITHIN.split_whitespace().collect()).contains(word)
}

const WITHIN: &str = "bungalow cabana chalet techo tejado depa minidepa pabellon bodega botica cto piso pisos altos bajos etapa edificio edif casa casas casita cuarto habitacion \
    hab puerta porton reja cerco timbre patio departamento dpto depto dep int interior block bloque \
    torre oficina of stand puesto tienda local cuadra cuadras cdra metros km kilometro zona sector \
    barrio manzana mz mza lote lt lte grupo comite fondo referencia ref costado frente espalda espaldas \
    altura esquina esq cruce cerca cerquita margen lado ladito color pasando subiendo bajando entrando \
    detras junto azotea sotano urb urbanizacion asentamiento parcela quinta galeria puente paradero \
    horas minutos subida bajada entrada pasadizo palito poste grifo segunda tercera ultima mano";

/// Words that count floors and houses.
pub(super) fn is_ordinal(word: &str) -> bool {
    let figures = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = figures.len() < word.len()
        && matches!(
            figures,
            "" | "o" | "°" | "er" | "do" | "ro" | "to" | "ra" | "da" | "ta" | "vo" | "mo"
        );
    numbered || ORDINALS.split_whitespace().any(|ordinal| ordinal == word)
}

const ORDINALS: &str = "primer primero primera segundo segunda tercer tercero tercera cuarto cuarta \
    quinto quinta sexto sexta septimo octavo ultimo ultima penultima una dos tres cuatro cinco seis \
    siete ocho nueve diez media unos unas i ii iii iv v vi er do ro to";

/// `\b` after each, so that no word is cut.
pub(super) const HEAD_WORDS: &[(Head, &str)] = &[
    (
        Head::Street,
        r"\b(?:ca\.|carr\.|cl\.|c/|
(?:jr|jiron|av|avda|avenida|psje|pje|psj|pj|prol|prolong|prolongacion|malecon|alameda|
transversal|transv|tv|diagonal|cal|clle|pasaj|pas|carret|plazuela|plaza)\b\.?)",
    ),
    (
        Head::Way,
        r"\b(?:calle|pasaje|carretera|callejon|quinta|ovalo|parque|autopista|trocha|paradero|anexo|panamericana|
marginal|bajada|subida|escalera|jiron|via de evitamiento|urbanizacion)\b",
    ),
    (
        Head::Settlement,
        r"\b(?:res\.|a\. ?p\. ?v\.?|p\. ?v\.|asoc\.? viv\.?|(?:apv|lotizacion|campamento|unidad vecinal|villa militar|
cooperativa de vivienda|agrupacion|habilitacion|centro comercial|urb|urbanizacion|aa ?\.? ?hh|a\. ?h|a ?\.? ?a ?\.? ?h ?\.? ?h|ah|asent(?:amiento|\.)? ?humano|asentamiento|
pp ?\.? ?jj|p\. ?j|pj|pueblo joven|c\. ?p(?:\. ?m)?|cp|cc ?\.? ?pp|centro poblado(?: menor)?|caserio|
asoc|asociacion de vivienda|asociacion|coop|cooperativa|comunidad(?: campesina| nativa)?|cc ?\.? ?nn|
conjunto habitacional|residencial|condominio|upis|fundo|hacienda|barrio|sector|
programa de vivienda|ampliacion)\b\.?)",
    ),
    (
        Head::Site,
        r"\b(?:edificio|edif|hospedaje|hostal|hotel|galeria|galerias|mercado|plaza|local|albergue)\b\.?",
    ),
    (
        Head::Unit,
        r"\b(?:mz|mza|mzna|manzana|lt|lte|lote|block|blok|bloque|blq|dpto|depto|km|kilometro|parcela|
cdra|sector|ucv)\b\.?",
    ),
    (
        Head::Room,
        r"\b(?:dep|departamento|int|interior|piso|etapa|torre|cuadra|zona|grupo|comite|oficina|of|
tienda|cto|bungalow|cabana|chalet|mini ?depa|depa|depto|pabellon|nave|ambiente|stand|puesto|cuarto|casa|puerta|habitacion|hab|edificio)\b\.?",
    ),
    (
        Head::Whole,
        r"\b(?:s ?/ ?n|s\.n\.|sin numero|altos\b|zona (?:alta|baja|norte|sur|centro|urbana|rural)|
(?:primer|segundo|tercer|cuarto|quinto|ultimo|\d{1,2}(?:\.? ?(?:°|o|er|do|ro|to))) (?:piso|sector|nivel)|i{1,3} etapa|
(?:primera|segunda|tercera|cuarta|quinta|ultima|\d{1,2}(?:ra|da|ta)) (?:cuadra|etapa|zona)
(?: del? (?:la )?[a-z]{3,12})?)\b",
    ),
];
