//! Districts, provinces and departments by name.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use crate::redact::detect::folded::{Case, Folded};
use crate::redact::detect::words::{is_counted, is_function, is_ordinary, is_particle};
use crate::redact::{SpanKind, TextSpan};
use crate::schema::District;
use crate::schema::fold::folded;

/// Proposes names of places with a capital, and in small letters after a word that leads to one.
pub(super) fn find(text: &Folded, into: &mut Vec<TextSpan>) {
    let names = names();
    let addresses = into.iter().filter(|span| span.kind == SpanKind::Address);
    let addresses: BTreeSet<usize> = addresses.map(|span| span.end).collect();
    let mut at = 0;
    while at < text.words().len() {
        if let Some((last, end)) = initials(text, at) {
            let first = text.words().get(at).map_or(end, |word| word.start);
            into.push(text.span(first, end, SpanKind::District));
            at = last + 1;
            continue;
        }
        let longest = names.get(text.word(at)).and_then(|rests| {
            rests.iter().filter(|rest| goes_on(text, at, rest)).max_by_key(|rest| rest.len())
        });
        let Some(rest) = longest else {
            at = match unlisted(text, at) {
                Some(last) => {
                    into.push(text.span_of_words(at, last, SpanKind::District));
                    last + 1
                }
                None => at + 1,
            };
            continue;
        };
        let last = at + rest.len();
        // What stands after a street and a number is where they are.
        let before = at.checked_sub(1).filter(|before| matches!(text.gap(*before), ", " | " "));
        let located = before.is_some_and(|before| {
            let end = text.span_of_words(before, before, SpanKind::District).end;
            addresses.contains(&end)
        });
        if located || is_meant(text, at, last) {
            into.push(text.span_of_words(at, last, SpanKind::District));
            at = last;
        }
        at += 1;
    }
}

/// The last word of a place that no table has: capitalised words after one that leads to a place,
/// after whatever a place has one of, or before a comma and a day; in small letters too after a
/// word for a place, or where somebody comes from or goes to and the word is no usual one.
fn unlisted(text: &Folded, first: usize) -> Option<usize> {
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
    let leads = LEADS.contains(&word) || (of && text.case(first) == Case::Title);
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
fn is_place(word: &str) -> bool {
    static WORDS: OnceLock<BTreeSet<&str>> = OnceLock::new();
    WORDS.get_or_init(|| PLACES.split_whitespace().collect()).contains(word)
}

/// Whether somebody comes, goes or lives: what leads from there leads to a place.
fn is_journey(word: &str) -> bool {
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

/// S.J.L.: the last word and the byte after its full stop.
fn initials(text: &Folded, first: usize) -> Option<(usize, usize)> {
    let mut letters = String::new();
    let mut at = first;
    while text.word(at).len() == 1 && text.is_capital(at) && letters.len() <= 3 {
        letters.push_str(text.word(at));
        if !text.gap(at).starts_with('.') {
            return None;
        }
        at += 1;
        if !matches!(text.gap(at - 1), "." | ". ") {
            break;
        }
    }
    let last = at.checked_sub(1).filter(|_| is_abbreviation(&letters))?;
    Some((last, text.words().get(last)?.end + 1))
}

fn is_abbreviation(word: &str) -> bool {
    ABBREVIATIONS.split_whitespace().any(|known| known == word)
}

/// The names by their first word, each as its other words.
fn names() -> &'static BTreeMap<String, Vec<Vec<String>>> {
    static NAMES: OnceLock<BTreeMap<String, Vec<Vec<String>>>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let mut names: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
        let official = District::all().flat_map(|row| [row.name, row.province, row.department]);
        for name in official.chain(TOWNS.split(';')).chain(ABBREVIATIONS.split_whitespace()) {
            let name = folded(name);
            let name = Folded::new(name.expose());
            let words: Vec<&str> = (0..name.words().len()).map(|at| name.word(at)).collect();
            // Tambo Grande is also written Tambogrande.
            let together = words.concat();
            let short = words.iter().any(|word| is_particle(word) || word.len() < 4);
            for words in [words, vec![together.as_str()]].iter().take(if short { 1 } else { 2 }) {
                let Some((first, rest)) = words.split_first() else { continue };
                let rest: Vec<String> = rest.iter().map(|&word| word.to_owned()).collect();
                let rests = names.entry((*first).to_owned()).or_default();
                if !rests.contains(&rest) {
                    rests.push(rest);
                }
            }
        }
        names
    })
}

fn goes_on(text: &Folded, at: usize, rest: &[String]) -> bool {
    rest.iter().zip(at..).all(|(word, before)| {
        matches!(text.gap(before), " " | "-" | "\n" | ". ") && text.word(before + 1) == word
    })
}

/// A capital tells a place from a word, unless a sentence begins there; else a word before it.
fn is_meant(text: &Folded, first: usize, last: usize) -> bool {
    let before = first.checked_sub(1).map_or("", |before| text.word(before));
    let second = first.checked_sub(2).map_or("", |before| text.word(before));
    let named = matches!(before, "distrito" | "provincia" | "departamento" | "region" | "dpto")
        || (before == "de"
            && matches!(second, "distrito" | "provincia" | "departamento" | "region" | "ciudad"));
    let led = matches!(
        before,
        "en" | "de"
            | "a"
            | "desde"
            | "hacia"
            | "hasta"
            | "por"
            | "para"
            | "natural"
            | "entre"
            | "d"
            | "x"
    );
    // Neither the Red Cross nor a week is a district.
    if (text.word(last), text.word(last + 1)) == ("cruz", "roja")
        || (before, text.word(first)) == ("semana", "santa")
    {
        return false;
    }
    if first == last && is_abbreviation(text.word(first)) {
        return led || named || text.case(first) == Case::Upper;
    }
    let one = first == last;
    let word = text.word(first);
    let ordinary = |word: &str| is_ordinary(word) || is_ordinary_place(word);
    let mut carries = (first..=last).map(|at| text.word(at)).filter(|word| !is_particle(word));
    let everyday = carries.next().is_none_or(ordinary) && carries.next().is_none();
    if !one && everyday && !text.is_capital(last) {
        return named;
    }
    // Abbreviations and very short names are words of their own in capitals only.
    if one && word.len() <= 3 && !named {
        return text.is_capital(first) && led;
    }
    // A place alone between two stops, or before a day, a number or a bus.
    let stops = |gap: &str| gap.contains(['.', ';', '\n']) || gap.is_empty();
    if stops(text.gap_before(first)) && stops(text.gap(last)) && first > 0 && !is_ordinary(word) {
        return true;
    }
    let next = text.word(last + 1);
    if !ordinary(word)
        && (is_place(before) || next.len() == 8 && next.bytes().all(|b| b.is_ascii_digit()))
    {
        return true;
    }
    // Whoever goes to or comes from there means the place.
    if led && is_journey(second) && second != "es" {
        return true;
    }
    if one && ordinary(word) {
        let gap = text.gap_before(first);
        let begins = first == 0 || gap.contains(['.', '?', '!', '\n', '"', '-']);
        let dated = text.gap(first) == ", "
            && text.word(first + 1).starts_with(|c: char| c.is_ascii_digit());
        return named || dated || (text.is_capital(first) && (led || !begins));
    }
    named || led || !one || text.is_capital(first)
}

/// Names of places that are also words, and are no names of people.
fn is_ordinary_place(word: &str) -> bool {
    ORDINARY.split_whitespace().any(|ordinary| ordinary == word)
}

const ORDINARY: &str = "independencia progreso providencia florida colonia ingenio imperial pampas \
    tambo tigre sauce paras comas marcas manas llama mala mito moro saman salpo encanada laguna anta \
    arma cura calca cosme ponto sandia colan culebras desaguadero ventanilla laberinto polvora \
    constitucion concepcion ascension asuncion capelo lomas palca palpa paccha paca pardo pausa \
    tinta toro tate tanta unon yungay casitas cortegana cholon chupa coasa crucero marca mara \
    platería platera plateria reque union santa rio yunga ocros tigre asia ate copa cumba cupi victoria";

/// Towns that everybody names and no table of districts has.
const TOWNS: &str = "Pucallpa;Tingo María;Puerto Maldonado;Aucayacu;Mazuko;Mazuco;Cerro de Pasco;\
    La Merced;Chincha;Huaycán;Pichanaki;Bagua Grande;Quillabamba;Aguaytía;VRAEM;Cañete;La Rinconada;\
    Nazca;Villa Rica;Caballococha;Santa María de Nieva;Ciudad Constitución;Puerto Bermúdez;Atalaya;\
    La Convención;Manchay;Cajamarquilla;Villa El Salvador;Zárate;Huachipa;Gambeta;Mancora;Pachacutec;\
    Ate Vitarte;Caballo Cocha;Wanchaq;Alto Trujillo;Milagro;Shintuya;Delta Uno;Boca Colorado;Huanuco;\
    San Francisco;Cachicoto;Castillo Grande;Naranjillo;Supte;Orellana;Cayhuayna;Tamshiyacu;La Pampa;Cuzco;Huaraz;Satipo";

/// What the large districts of Lima are called for short.
const ABBREVIATIONS: &str = "sjl sjm ves vmt smp";
