//! Days, in figures and in words.

use regex::Regex;

use crate::redact::SpanKind;
use crate::redact::detect::pattern::pattern;

/// The expressions that find days; months and years alone are none.
pub(super) fn patterns() -> Vec<(SpanKind, Option<Regex>)> {
    let expand = |source: &str| {
        pattern(
            &source
                .replace("{YEAR}", YEAR)
                .replace("{DAY}", DAY)
                .replace("{MONTH}", MONTH)
                .replace("{M}", "(?:0?[1-9]|1[0-2])")
                .replace("{D}", "(?:0?[1-9]|[12]\\d|3[01])"),
        )
    };
    // Before and after a day in figures stands no other part of a number.
    [
        r"\b({D} ?/ ?{M} ?/ ?(?:\d{4}|\d{2}))\b",
        r"(?:^|[^0-9/.-])({D} ?- ?{M} ?- ?(?:(?:19|20)\d{2}|\d{2}))\b",
        r"\b({D} ?\. ?{M} ?\. ?(?:19|20)\d{2})\b",
        r"(?:^|[^0-9.])((?:0[1-9]|[12]\d|3[01])\.(?:0[1-9]|1[0-2])\.\d{2})\b",
        r"\b((?:19|20)\d{2} ?[-/.] ?(?:0?[1-9]|1[0-2]) ?[-/.] ?{D}(?:t\d{2}:\d{2}(?::\d{2})?)?)\b",
        r"\b({D} ?[-/.] ?(?:i{1,3}|iv|vi{0,3}|ix|xi{0,2}) ?[-/.] ?(?:\d{4}|\d{2}))\b",
        r"\b({D}[-/ .]{1,2}{MONTH}\.?[-/ .]{1,2}(?:\d{4}|\d{2}))\b",
        r"\b(?:el|del|al|dia|fecha|hasta|desde|cita|control|lunes|martes|miercoles|jueves|viernes|
sabado|domingo|para|fue|antes|hoy|ayer|nacid[oa]|nacio) ({D}[/-]{M})\b",
        r"(?:^|[^0-9/.-])((?:0[1-9]|[12]\d|3[01])/(?:0[1-9]|1[0-2]))(?:$|[^0-9/])",
        r"\b((?:{DAY}(?: dias)? ?(?:al|a|y|o|e|,|-) ?(?:el )?){0,3}{DAY}(?: dias)?
 ?(?:del?)? ?(?:este |presente )?(?:mes de )?{MONTH}\b\.?(?:,? ?(?:del?)? ?(?:el )?(?:ano )?(?:de )?{YEAR}\b)?)",
        r"\b({MONTH} {D},? ?(?:del?)? ?{YEAR})\b",
    ]
    .into_iter()
    .map(|source| (SpanKind::Date, expand(source)))
    .collect()
}

const MONTH: &str = r"(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|
octubre|noviembre|diciembre|ene|feb|mar|abr|may|jun|jul|ago|sep|sept|set|oct|nov|dic)";

const DAY: &str = r"\b(?:\d{1,2}(?: ?(?:\.? ?°|\.? ?o|ero|er|ro|do|to|avo)\b|\.?°)?|primero|primer|uno|
dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|
(?:dieci|diez y )(?:seis|siete|ocho|nueve)|veinte|(?:veinti|veinte y )(?:uno|un|dos|tres|cuatro|cinco|seis|
siete|ocho|nueve)|treinta(?: y uno?)?)";

const YEAR: &str = r"(?:(?:19|20)\d{2}|2[., ]0\d{2}|'\d{2}|\d{2}\b|
(?:dos mil|mil novecientos)(?: (?:uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|
trece|catorce|quince|(?:dieci|diez y )(?:seis|siete|ocho|nueve)|veinte|
(?:veinti|veinte y )(?:uno|un|dos|tres|cuatro|cinco|seis|siete|ocho|nueve)|
(?:treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa)(?: y (?:uno|dos|tres|cuatro|cinco|
seis|siete|ocho|nueve))?))?)";
