//! The words of the sheet, each beside its translation: for somebody who reads it once, years
//! later, without having heard of any of this.

use crate::escrow::share::Share;
use crate::language::{Language, Phrase};

pub(super) fn heading(language: Language, share: &Share) -> String {
    let (index, all) = (share.index(), share.custodians());
    match language {
        Language::Spanish => format!("Parte {index} de {all} de una llave"),
        Language::English => format!("Part {index} of {all} of a key"),
    }
}

pub(super) fn what(language: Language, share: &Share) -> String {
    let (all, needed) = (share.custodians(), share.quorum());
    match language {
        Language::Spanish => format!(
            "Esta hoja es una de {all} partes de la llave de emergencia de una organización. Si un \
             día se pierden sus computadoras o sus llaves, {needed} de las personas que guardan \
             una parte pueden volver a abrir juntas sus archivos. Con menos de {needed} partes no \
             se abre ni se sabe nada."
        ),
        Language::English => format!(
            "This sheet is one of {all} parts of the emergency key of an organisation. If one day \
             its computers or its keys are lost, {needed} of the people who keep a part can open \
             its files again together. With fewer than {needed} parts nothing opens, and nothing \
             can be learned."
        ),
    }
}

pub(super) fn needed(language: Language, share: &Share) -> String {
    let (needed, all) = (share.quorum(), share.custodians());
    match language {
        Language::Spanish => format!("{needed} de {all}"),
        Language::English => format!("{needed} of {all}"),
    }
}

pub(super) const TITLE: Phrase = Phrase("Parte de una llave", "Part of a key");
pub(super) const FOOTER: Phrase = Phrase(
    "Si encontró esta hoja: no la lea a nadie, no la copie; entréguela a quien la guarda.",
    "If you found this sheet: read it to nobody, do not copy it; give it back to its keeper.",
);
pub(super) const FINGERPRINT: Phrase = Phrase("Huella de la bóveda:", "Fingerprint of the vault:");
pub(super) const NEEDED: Phrase = Phrase("Partes que se necesitan:", "Parts that are needed:");
pub(super) const EPOCH: Phrase = Phrase("\u{b7} Número de la llave:", "\u{b7} Number of the key:");
pub(super) const DAY: Phrase = Phrase("\u{b7} Fecha:", "\u{b7} Date:");
pub(super) const LETTERS: Phrase = Phrase("La parte", "The part");
pub(super) const TYPING: Phrase = Phrase(
    "Para usarla se escribe línea por línea en un archivo de texto. Mayúsculas, espacios y números de línea no importan. No hay letra O, I, L ni U. El código cuadrado contiene lo mismo.",
    "To use it, type it line by line into a text file. Capitals, spaces and line numbers do not matter. There is no letter O, I, L or U. The square code holds the same.",
);
pub(super) const RULES: Phrase = Phrase("Qué no hacer nunca", "What never to do");
pub(super) const ALL_RULES: [Phrase; 6] = [
    Phrase(
        "No la fotografíe ni la escanee: un teléfono guarda copias. El código es para la computadora de la recuperación.",
        "Do not photograph or scan it: a phone keeps copies. The code is for the computer of the recovery.",
    ),
    Phrase(
        "No la envíe por correo electrónico ni por mensajes.",
        "Do not send it by e-mail or in messages.",
    ),
    Phrase(
        "No guarde dos partes juntas, ni una parte junto a las computadoras.",
        "Do not keep two parts together, nor a part with the computers.",
    ),
    Phrase(
        "No la dicte ni la entregue porque alguien llama con prisa: antes hable usted con otra persona custodia.",
        "Do not read it out or hand it over because somebody calls in a hurry: talk to another custodian first.",
    ),
    Phrase(
        "No la tire: devuélvala o destrúyala solo cuando la organización se lo confirme.",
        "Do not throw it away: give it back or destroy it only when the organisation confirms it.",
    ),
    Phrase(
        "Si se pierde o alguien la vio, avise el mismo día.",
        "If it is lost or somebody saw it, say so the same day.",
    ),
];
pub(super) const CALL: Phrase = Phrase("A quién llamar", "Whom to call");
pub(super) const CALL_FIRST: Phrase =
    Phrase("La organización: nombre y teléfono", "The organisation: name and telephone");
pub(super) const CALL_SECOND: Phrase =
    Phrase("Otra persona custodia: nombre y teléfono", "Another custodian: name and telephone");
