//! Numbers that a word announces, and those that letters in them tell.

use regex::Regex;

use crate::redact::SpanKind;
use crate::redact::detect::pattern::pattern;

/// The expressions and the kinds of what they find.
pub(super) fn patterns() -> Vec<(SpanKind, Option<Regex>)> {
    let written = |(kind, source): &(SpanKind, &str)| {
        (*kind, pattern(&source.replace("{VEHICLE}", VEHICLE).replace("{0}", "[0-9oli]")))
    };
    ANNOUNCED.iter().chain(LETTERED).map(written).collect()
}

/// Words that announce a number, what kind it is, and the number; `{0}` is a digit, or a letter
/// that a machine reads for one.
const ANNOUNCED: &[(SpanKind, &str)] = &[
    (
        SpanKind::Document,
        r"\b(?:d ?\. ?n ?\. ?i|d n i|dni|cui|documentos?(?: nacional)?(?: de)?(?: identidad)?|doc|
libreta electoral|identificad[oa] con|ruc){N}({0}(?:[ .,'/_-]{0,3}{0}){7}(?: ?- ?[0-9a-z]\b)?)\b",
    ),
    (
        SpanKind::ForeignerCard,
        r"\b(?:c ?\. ?e|ce|carnet?s?(?: de)?(?: extranjeria| refugiado| refugio)?|
extranjeria|ptp|p\.t\.p|cpp|c\.p\.p|permiso temporal(?: de permanencia)?|cedula(?: de identidad)?|
extranjer[oa])(?: (?:de )?[a-z]{4,14}){0,2}{N}([a-z]{0,3} ?-?\d(?:[ .,'/_-]{0,2}{0}){4,13})\b",
    ),
    (
        SpanKind::Passport,
        r"\b(?:pasaportes?|passport|pas\.)(?:,? (?:[a-z]{2,14} ?){1,4}?)??
{N}([0-9a-z]{0,3}[ .-]{0,2}\d(?:[ .-]?\d){4,11}[a-z]?)\b",
    ),
    (
        SpanKind::Phone,
        r"\b(?:telefonos?|tel|telf|tlf|fono|celular(?:es)?|celu|cel|fijo|whatsapp|wsp|wasap|
wasapp|llam[a-z]{1,8} al|movil|anexo|contacto|yape|plin|(?:numero|num|nro)(?: del?(?: la)? [a-z]{3,12}| d la [a-z]{3,12})?)
{N}([+*#]?\d(?:[ .()/_-]{0,3}{0}){5,13}(?:(?: ?/ ?| y | o )\d(?:[ .()-]{0,3}\d){5,13})?)\b",
    ),
    (
        SpanKind::Plate,
        r"\b{VEHICLE}(?:,? [a-z]{2,12}){0,3}?{N}([a-z][a-z0-9]{1,2}[ /-]{0,3}\d{3,4}|
[a-z]\d[a-z0-9][ /-]{0,3}\d{3}|\d{4}[ /-]{0,3}[a-z0-9]{1,2}[a-z]|[a-z]{2}[ -]{0,3}\d{4,5})\b",
    ),
    (
        SpanKind::FileNumber,
        r"\b(?:expedientes?|exp|exped|expte|carpetas?|denuncias?|casos?|atestado|
parte policial|oficio|informe|ficha|historia clinica|h\.? ?c|hc|protocolo|pericia|certificado|constancia|
reclamo|memorando|ref|referencia|solicitud|cml|medico legal|ocurrencia|registro|queja|cuaderno|incidente|
legajo|sidpol|orden|codigo|tramite|acta)
(?: (?:fiscal|policial|judicial|verbal|administrativ[oa]|medico|legal|penal|virtual|de denuncia|
clinica|civil|electronico|interno|psicologico)){0,3}(?:[ :.,;#°()-]|\bnro\b|\bnumero\b|\bnum\b|\bno\b|\bn\b|
\bes\b|\bel\b){1,10}?((?:n-)?[a-z]{0,6}-?\d{2,14}(?: ?[-/] ?[0-9a-z]{1,10}(?:\.[a-z]{1,4})?){1,8}|[a-z]{0,4}-?\d{5,14})\b",
    ),
    // A medical history has few figures.
    (
        SpanKind::FileNumber,
        r"\b(?:historia(?: clinica)?|h\.? ?c){N}(\d{3,7}(?:[.,-]\d{1,6}){0,3})\b",
    ),
    (
        SpanKind::FileNumber,
        r"\b(?:cuentas?|cta|ctas|cte|libreta|cci|interbancari[oa]|ahorros|banco|bcp|yape|plin|imei)
(?: (?:de|del|la|el|ahorros|nacion|corriente|sueldo|banco)){0,5}{N}(\d(?:[ -]?\d){7,22})\b",
    ),
];

/// What is told by its letters, its dashes, or by a sign before it.
const LETTERED: &[(SpanKind, &str)] = &[
    (SpanKind::Passport, r"\b(\d?[a-z]{1,3}\d{6,9}|[a-z]{2}[.-]\d{6,9})\b"),
    (SpanKind::ForeignerCard, r"\b([ve]-? ?\d{1,2}\.?\d{3}\.?\d{3})\b"),
    (
        SpanKind::Plate,
        r"\b([a-z][a-z0-9]{2} ?- ?\d{3}|[a-z][a-z0-9]{2}/\d{3}|\d{4}-(?:\d[a-z]|[a-z]{2})|
[a-z]\d[a-z]\d{3}|[a-z]\d-\d{4}|[a-z] [a-z0-9] [a-z0-9](?: ?- ?| )\d \d \d)\b",
    ),
    (
        SpanKind::FileNumber,
        r"\b(\d{1,12} ?- ?(?:19|20)\d{2} ?- ?(?:\d{1,6}[a-z]{0,8}|[a-z]{2,8})(?:\.[a-z]{1,4})?
(?: ?- ?(?:[0-9]{1,6}|[a-z]{2,4})){0,6})\b",
    ),
    (
        SpanKind::FileNumber,
        r"\b((?:19|20)\d{2} ?- ?\d{4,7} ?- ?\d{1,4}(?: ?- ?(?:\d{1,6}|[a-z]{2,4})){1,5})\b",
    ),
    (SpanKind::FileNumber, r"\b(\d{7,12} (?:19|20)\d{2} \d{1,6}(?: \d{1,3})?)\b"),
    // Other than from one year to another.
    (
        SpanKind::FileNumber,
        r"(?:^|[^0-9a-z/.-])((?:\d{3}|\d{5,6}|[03-9]\d{3}|1[0-8]\d{2}|2[1-9]\d{2})[-/](?:19|20)\d{2})\b",
    ),
    (SpanKind::FileNumber, r"\bn(?:ro)?\.? ?[°o]?[ .:]{0,2}(\d{2,7}-(?:\d{2,4}|[a-z]{1,4}))\b"),
];

const VEHICLE: &str = r"(?:placas?|rodaje|auto|carro|moto|mototaxi|motokar|motocar|taxi|camioneta|
vehiculo|camion|combi|custer|bus|volquete|patrullero|colectivo|movilidad)";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_an_expression() {
        assert!(patterns().iter().all(|(_, pattern)| pattern.is_some()));
    }
}
