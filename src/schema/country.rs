//! Countries: the codes of ISO 3166-1 alpha-2, and the names that case files use.

use crate::schema::fold::folded;

/// The code that a text names: a code in either case, or the Spanish or English name of a
/// country that Peruvian case files mention.
pub(crate) fn country(text: &str) -> Option<&'static str> {
    let wanted = folded(text);
    let wanted = wanted.expose();
    let code = CODES.split(' ').find(|code| code.eq_ignore_ascii_case(wanted));
    code.or_else(|| {
        let named = NAMES.iter().find(|(_, names)| names.split('|').any(|name| name == wanted));
        named.map(|(code, _)| *code)
    })
}

/// ISO 3166-1 alpha-2, the 249 officially assigned codes.
const CODES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ \
BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE \
DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR \
GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP \
KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT \
MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW \
PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG \
TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/// Folded names, Spanish and English.
const NAMES: &[(&str, &str)] = &[
    ("PE", "peru"),
    ("VE", "venezuela"),
    ("CO", "colombia"),
    ("EC", "ecuador"),
    ("BO", "bolivia"),
    ("BR", "brasil|brazil"),
    ("CL", "chile"),
    ("AR", "argentina"),
    ("PY", "paraguay"),
    ("UY", "uruguay"),
    ("PA", "panama"),
    ("CR", "costa rica"),
    ("NI", "nicaragua"),
    ("HN", "honduras"),
    ("SV", "el salvador"),
    ("GT", "guatemala"),
    ("MX", "mexico"),
    ("CU", "cuba"),
    ("DO", "republica dominicana|dominican republic"),
    ("HT", "haiti"),
    ("US", "estados unidos|united states"),
    ("CA", "canada"),
    ("ES", "espana|spain"),
    ("IT", "italia|italy"),
    ("FR", "francia|france"),
    ("DE", "alemania|germany"),
    ("PT", "portugal"),
    ("NL", "paises bajos|netherlands"),
    ("CH", "suiza|switzerland"),
    ("GB", "reino unido|united kingdom"),
    ("CN", "china"),
    ("JP", "japon|japan"),
    ("KR", "corea del sur|south korea"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_a_code_or_a_name() {
        assert_eq!(CODES.split(' ').count(), 249);
        assert!(CODES.split(' ').is_sorted_by(|a, b| a < b && a.len() == 2));
        for (text, code) in [("pe", "PE"), (" PER\u{da} ", "PE"), ("Espa\u{f1}a", "ES")] {
            assert_eq!(country(text), Some(code));
        }
        assert!(NAMES.iter().all(|(code, names)| {
            country(code) == Some(*code) && names.split('|').all(|n| country(n) == Some(*code))
        }));
        for bad in ["", "XX", "PER", "peruana", "p e"] {
            assert_eq!(country(bad), None);
        }
    }
}
