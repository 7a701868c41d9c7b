//! Places that no table has, by the words that lead to them.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use crate::redact::detect::folded::{Case, Folded};
use crate::redact::detect::words::{is_counted, is_function, is_ordinary, is_particle};

/// The last word of a place that no table has: capitalised words after one that leads to a place,
/// after whatever a place has one of, or before a comma and a day; in small letters too after a
/// word for a place, or where somebody comes from or goes to and the word is no usual one.
pub(super) fn last(text: &Folded, first: usize) -> Option<usize> {
    let before = first.checked_sub(1)?;
    let (word, gap) = (text.word(before), text.gap(before));
    let named = |at: usize| {
        let word = text.word(at);
        text.is_capital(at) && word.len() > 2 && (!is_function(word) || ARTICLES.contains(&word))
    };
    let second = before.checked_sub(1).map_or("", |second| text.word(second));
    let of = matches!(word, "de" | "del" | "d");
    let post = word == "s" && matches!(second, "p" | "c") && text.gap(before - 1) == ".";
    let has = post || is_place(word) || (of && is_place(second));
    let leads =
        LEADS.contains(&word) || (of && (text.case(first) == Case::Title || is_journey(second)));
    if !matches!(gap, " " | ": " | ". " | ".")
        || (gap.starts_with('.') && word.len() > 3 && !post)
        || !(has || leads)
    {
        return None;
    }
    if gap == ": " && !has {
        return None;
    }
    if NOWHERE.split_whitespace().any(|nowhere| nowhere == text.word(first)) {
        return None;
    }
    let usual = is_ordinary(text.word(first)) || is_counted(text.word(first));
    if !named(first) {
        // `x yanapuquio`, `hasta la orilla`: only what no other word is.
        let moves = of && is_journey(second) || LEADS.contains(&word) && is_journey(second);
        let small = text.word(first);
        let letters = small.len() > 5 && small.bytes().all(|b| b.is_ascii_alphabetic());
        let called = matches!(
            second,
            "distrito" | "provincia" | "caserio" | "comunidad" | "anexo" | "pueblo"
        );
        let meant = moves && small.ends_with(['o', 'a', 'e', 'i', 's', 'l', 'y']) || (of && called);
        let trade = matches!(second, "trabaja" | "trabajo" | "esta" | "estan" | "estaba" | "es")
            || word == "por"
            || TRADES.contains(&small);
        return (letters && meant && !trade && !usual && !is_function(small)).then_some(first);
    }
    // In capitals a word is a place only where a phrase ends or a place is announced.
    let shouted = text.case(first) == Case::Upper
        && first.checked_sub(2).is_some_and(|at| text.case(at) == Case::Upper);
    let short = text.case(first) == Case::Upper && !shouted;
    if (short || shouted && (usual || !is_journey(second))) && !has {
        return None;
    }
    let mut last = first;
    for next in first + 1..first + MOST {
        if text.gap(next - 1) != " " {
            break;
        }
        if named(next)
            && text.case(next) == text.case(first)
            && !(shouted && is_function(text.word(next)))
        {
            last = next;
        } else if !is_particle(text.word(next)) || shouted {
            break;
        }
    }
    Some(last)
}

/// What there is one of in a place, so that its name follows; offices of the state among them.
pub(super) fn is_place(word: &str) -> bool {
    static WORDS: OnceLock<BTreeSet<&str>> = OnceLock::new();
    WORDS.get_or_init(|| PLACES.split_whitespace().collect()).contains(word)
}

/// Whether somebody comes, goes or lives: what leads from there leads to a place.
pub(super) fn is_journey(word: &str) -> bool {
    static WORDS: OnceLock<BTreeSet<&str>> = OnceLock::new();
    WORDS.get_or_init(|| JOURNEYS.split_whitespace().collect()).contains(word)
}

/// Capitalised words that places are not called by: networks, offices, countries, feasts.
const NOWHERE: &str = "instagram tiktok facebook face messenger telegram whatsapp wasap insta kwai yape \
    plin youtube internet excel google migraciones reniec sunarp sunat poder ministerio defensoria salud \
    familia paz letrado violencia transito logistica asistencia victimas urgencia emergencia codigo \
    constitucion ley estado derecho derechos medicina ginecologia pediatria psicologia psiquiatria \
    trabajo social sociales mujer mujeres menores ninos refugio caja banco hospital colegio fiscalia \
    comisaria juzgado juez municipalidad virgen pascua navidad semana fiestas ano apostol dios senor \
    senora don dona doctor dra sra peru estados leche recursos asuntos justicia proteccion turno \
    nac obst agresor paciente derivada padre madre investigacion";

const LEADS: &[&str] = &[
    "en", "a", "desde", "hacia", "hasta", "por", "para", "x", "entre", "cruzar", "cruzo", "pasando",
];
/// What is gone to in small letters.
const TRADES: &[&str] = &[
    "trabajar",
    "tramite",
    "denunciar",
    "consulta",
    "verla",
    "verlo",
    "buscarla",
    "estudiar",
    "comprar",
    "compras",
    "clases",
    "capturas",
    "vacaciones",
    "familia",
    "confianza",
    "mototaxi",
    "colectivo",
    "comisaria",
    "hospital",
    "fiscalia",
    "juzgado",
    "recoger",
    "recogerla",
    "declarar",
    "firmar",
    "dormir",
    "cuidar",
    "visitar",
    "visitarla",
    "terapia",
    "control",
    "audiencia",
    "tiempo",
    "camioneta",
    "combi",
    "convivir",
    "alquiler",
    "cuarto",
    "hacerle",
    "pedirle",
    "acompanarla",
    "donde",
    "preguntar",
    "pareja",
    "madrugada",
    "escondidas",
    "hablar",
    "cobrar",
    "vender",
    "llevarse",
    "dejarla",
    "sacarla",
    "traerla",
];
const ARTICLES: &[&str] = &["la", "el", "los", "las"];
/// Most words of one place.
const MOST: usize = 5;

const PLACES: &str = "distrito distritos dist distr provincia prov departamento region caserio anexo \
    comunidad pueblo centro poblado villa ciudad puerto penal comisaria cia juzgado letrado mixto paz \
    fiscalia fiscal ugel pnp cem demuna hospital posta puesto salud municipalidad subprefectura \
    prefectura gobernador terminal terrapuerto paradero mercado plaza mina frontera ruta bus sede ps cs \
    lugar natural oriundo oriunda procedente nacido nacida estadio feria parroquia \
    serenazgo oficina migraciones promotor promotora colegas hermana lado rumbo camino cerca \
    vehicular municipio alcalde rondas comando cerro valle rio lago isla playa";

const JOURNEYS: &str = "viajo viaja viajar viene vino vive viven vivia llego llegan llegaron fue fueron \
    fui va vamos ir irse regreso regresa volvio salio sale salir mudo mudarse trajo llevo llevaron \
    trabaja trabajo nacio esta estoy estan estaba queda quedo reside domicilia ingreso entro baja bajo \
    sube paso cruzo es pasaje escapo huyo huir traslado terrapuerto terminal vamonos estuvo estudia \
    internaron detuvieron vende rumbo camino bus sra";
