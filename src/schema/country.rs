//! Countries: the codes of ISO 3166-1 alpha-2, and the names that case files use.

use crate::schema::fold::folded;

/// The code that a text names: a code in either case, or the Spanish or English name of a
/// country that Peruvian case files mention.
pub(crate) fn country(text: &str) -> Option<&'static str> {
    let wanted = folded(text);
    let wanted = wanted.expose();
    let code = CODES.split(' ').find(|code| code.eq_ignore_ascii_case(wanted));
    code.or_else(|| {
        let is = |name: &str| folded(name).expose() == wanted;
        let named = NAMES.iter().find(|(_, es, en)| is(es) || is(en));
        named.map(|(code, ..)| *code)
    })
}

/// The Spanish and English name of a country, if the table has it.
pub(crate) fn name(code: &str) -> Option<(&'static str, &'static str)> {
    NAMES.iter().find(|(known, ..)| *known == code).map(|(_, es, en)| (*es, *en))
}

/// The Spanish and English name of the part of the world that a country lies in.
pub(crate) fn region(code: &str) -> Option<(&'static str, &'static str)> {
    let within = |codes: &str| codes.split_ascii_whitespace().any(|known| known == code);
    REGIONS.iter().find(|(.., codes)| within(codes)).map(|(es, en, _)| (*es, *en))
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

/// Spanish and English names of the countries that Peruvian case files mention.
const NAMES: &[(&str, &str, &str)] = &[
    ("PE", "Perú", "Peru"),
    ("VE", "Venezuela", "Venezuela"),
    ("CO", "Colombia", "Colombia"),
    ("EC", "Ecuador", "Ecuador"),
    ("BO", "Bolivia", "Bolivia"),
    ("BR", "Brasil", "Brazil"),
    ("CL", "Chile", "Chile"),
    ("AR", "Argentina", "Argentina"),
    ("PY", "Paraguay", "Paraguay"),
    ("UY", "Uruguay", "Uruguay"),
    ("PA", "Panamá", "Panama"),
    ("CR", "Costa Rica", "Costa Rica"),
    ("NI", "Nicaragua", "Nicaragua"),
    ("HN", "Honduras", "Honduras"),
    ("SV", "El Salvador", "El Salvador"),
    ("GT", "Guatemala", "Guatemala"),
    ("MX", "México", "Mexico"),
    ("CU", "Cuba", "Cuba"),
    ("DO", "República Dominicana", "Dominican Republic"),
    ("HT", "Haití", "Haiti"),
    ("US", "Estados Unidos", "United States"),
    ("CA", "Canadá", "Canada"),
    ("ES", "España", "Spain"),
    ("IT", "Italia", "Italy"),
    ("FR", "Francia", "France"),
    ("DE", "Alemania", "Germany"),
    ("PT", "Portugal", "Portugal"),
    ("NL", "Países Bajos", "Netherlands"),
    ("CH", "Suiza", "Switzerland"),
    ("GB", "Reino Unido", "United Kingdom"),
    ("CN", "China", "China"),
    ("JP", "Japón", "Japan"),
    ("KR", "Corea del Sur", "South Korea"),
];

/// The regions of UN M49, with the Americas in three.
const REGIONS: &[(&str, &str, &str)] = &[
    ("América del Sur", "South America", "AR BO BR BV CL CO EC FK GF GS GY PE PY SR UY VE"),
    (
        "América Central y el Caribe",
        "Central America and the Caribbean",
        "AG AI AW BB BL BQ BS BZ CR CU CW DM DO GD GP GT HN HT JM KN KY LC MF MQ MS MX NI PA PR \
         SV SX TC TT VC VG VI",
    ),
    ("América del Norte", "Northern America", "BM CA GL PM US"),
    (
        "Europa",
        "Europe",
        "AD AL AT AX BA BE BG BY CH CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI \
         LT LU LV MC MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM UA VA",
    ),
    (
        "África",
        "Africa",
        "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW IO KE KM LR LS LY \
         MA MG ML MR MU MW MZ NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TF TG TN TZ UG YT ZA \
         ZM ZW",
    ),
    (
        "Asia",
        "Asia",
        "AE AF AM AZ BD BH BN BT CN CY GE HK ID IL IN IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM \
         MN MO MV MY NP OM PH PK PS QA SA SG SY TH TJ TL TM TR TW UZ VN YE",
    ),
    (
        "Oceanía",
        "Oceania",
        "AS AU CC CK CX FJ FM GU HM KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV UM VU WF WS",
    ),
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
        assert!(NAMES.iter().all(|(code, es, en)| {
            [code, es, en].iter().all(|text| country(text) == Some(*code))
        }));
        for bad in ["", "XX", "PER", "peruana", "p e"] {
            assert_eq!(country(bad), None);
        }
    }

    #[test]
    fn every_country_lies_in_one_region() {
        for code in CODES.split(' ').filter(|code| *code != "AQ") {
            let within = |codes: &str| codes.split_ascii_whitespace().any(|one| one == code);
            let regions = REGIONS.iter().filter(|(.., codes)| within(codes)).count();
            assert_eq!(regions, 1, "{code}");
            assert!(region(code).is_some());
        }
        assert_eq!(region("AQ"), None);
    }
}
