//! Districts, provinces and departments by name.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use crate::redact::detect::folded::{Case, Folded};
use crate::redact::detect::unlisted::{self, is_journey, is_place};
use crate::redact::detect::words::{is_ordinary, is_particle};
use crate::redact::{SpanKind, TextSpan};
use crate::schema::District;
use crate::schema::fold::folded;

/// Proposes names of places with a capital, and in small letters after a word that leads to one.
pub(super) fn find(text: &Folded, into: &mut Vec<TextSpan>) {
    let names = names();
    let addresses = into.iter().filter(|span| span.kind == SpanKind::Address);
    let (begins, addresses): (BTreeSet<usize>, BTreeSet<usize>) =
        addresses.map(|span| (span.start, span.end)).unzip();
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
            at = match unlisted::last(text, at) {
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
        let leads = matches!(text.gap(last), ", " | " ")
            && text.words().get(last + 1).is_some_and(|next| {
                begins.contains(&text.span(next.start, next.end, SpanKind::District).start)
            });
        if located || leads && text.is_capital(at) || is_meant(text, at, last) {
            into.push(text.span_of_words(at, last, SpanKind::District));
            at = last;
        }
        at += 1;
    }
}

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
            // Los Banos del Inca is also Banos del Inca.
            let bare = words
                .split_first()
                .filter(|(first, rest)| matches!(**first, "los" | "las") && rest.len() > 1);
            if let Some((first, rest)) = bare.and_then(|(_, rest)| rest.split_first()) {
                let rest: Vec<String> = rest.iter().map(|&word| word.to_owned()).collect();
                names.entry((*first).to_owned()).or_default().push(rest);
            }
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
    // Three words in a row are that place, also without capitals: banos del inca.
    if last - first >= 2 && !everyday {
        return true;
    }
    if !one && everyday && !text.is_capital(last) {
        return named;
    }
    // Abbreviations and very short names are words of their own in capitals only.
    if one && word.len() <= 3 && !named {
        return text.is_capital(first) && led;
    }
    // A place alone between two stops, or before a day, a number or a bus.
    let stops = |gap: &str| gap.contains(['.', ';', '\n', '/']) || gap.is_empty();
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
