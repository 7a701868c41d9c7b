//! Two hundred cases: who, what happened, who helps, what the courts do.

use amparo::RecordDraft;
use fastrand::Rng;

use super::answers::{exploitation, measure, risk, service};
use super::names::Name;
use super::territory::{REGIONS, Region};
use super::{Invented, chance, days_ago, hour_of, pick};

/// The cases, and the texts of theirs that a thief would look for.
pub(crate) struct Cases {
    pub(crate) cases: Vec<Invented>,
    pub(crate) canaries: Vec<String>,
}

/// How full a case is: the first one has everything, to be shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fill {
    Whole,
    AsLife,
}

impl Fill {
    fn has(self, rng: &mut Rng, percent: u8) -> bool {
        chance(rng, percent) || self == Self::Whole
    }
}

impl Cases {
    pub(crate) fn invent(rng: &mut Rng, count: usize) -> Self {
        let mut invented = Self { cases: Vec::with_capacity(count), canaries: Vec::new() };
        for (number, region) in REGIONS.iter().cycle().take(count).enumerate() {
            let code = format!("{}-{:04}", region.code, number / REGIONS.len() + 1);
            let fill = if number == 0 { Fill::Whole } else { Fill::AsLife };
            let case = invented.case(rng, &code, *region, fill);
            invented.cases.push(case);
        }
        invented
    }

    fn case(&mut self, rng: &mut Rng, code: &str, region: Region, fill: Fill) -> Invented {
        let opened = rng.i64(20..540);
        let mut draft = RecordDraft::new("case")
            .set("case_code", code)
            .set("case_manager_code", format!("TS-{:02}", rng.u8(1..12)))
            .set("agency_code", "AMPARO-DEMO")
            .set("registration_date", days_ago(opened))
            .set("status", if chance(rng, 80) { "open" } else { "closed" })
            .set("cem_ficha_no", format!("{:06}-2026", rng.u32(1..999_999)))
            .set(
                "intake_channel",
                pick(rng, &["cem", "upe", "comisaria", "linea100", "demuna", "ong"]),
            )
            .set(
                "protection_concerns",
                vec![pick(rng, &["gbv_survivor", "sexually_exploited", "trafficked_smuggled"])],
            )
            .set("risk_level", pick(rng, &["high", "medium", "low"]))
            .set("legal_basis", vec!["consent"])
            .set(
                "narrative",
                "Relato inventado para la demostraci\u{f3}n: nadie de estas l\u{ed}neas existe.",
            );
        if let Some(district) = region.district(rng) {
            draft.insert("office_ubigeo", district);
        }
        let mut children = vec![self.person(rng, code, region, opened)];
        children.push(self.incident(rng, code, region, opened, fill));
        children.push(risk(rng, opened));
        children.extend((0..rng.usize(1..4)).map(|_| service(rng, opened)));
        let trafficking = if region.code == "MDD" || region.code == "LOR" { 45 } else { 10 };
        if chance(rng, trafficking) {
            children.push(exploitation(rng, region));
        }
        if fill.has(rng, 50) {
            children.push(self.proceeding(rng, opened));
        }
        if fill.has(rng, 40) {
            children.push(measure(rng, opened));
        }
        if chance(rng, 30) {
            let plan = RecordDraft::new("safety_plan")
                .set("agreed_on", days_ago(opened - 3))
                .set("plan", "Plan inventado: a qui\u{e9}n llamar, a d\u{f3}nde ir.")
                .set("code_word", pick(rng, &["guayaba", "maracuy\u{e1}", "aguaymanto"]))
                .set("met", "in_progress");
            children.push(Invented::leaf(plan));
        }
        Invented { draft, children }
    }

    fn person(&mut self, rng: &mut Rng, code: &str, region: Region, opened: i64) -> Invented {
        let girl = chance(rng, 92);
        let name = if girl { Name::of_a_girl(rng) } else { Name::of_a_boy(rng) };
        // As in the national figures, more than a third are under 18.
        let age = if chance(rng, 37) { rng.i64(6..18) } else { rng.i64(18..65) };
        let dni = format!("{:08}", rng.u32(10_000_000..99_999_999));
        let address = format!(
            "Jr. Inventado {} Mz. {} Lt. {}",
            rng.u16(100..999),
            rng.u8(1..40),
            rng.u8(1..30)
        );
        let phone = format!("9{:08}", rng.u32(..100_000_000));
        let shelter = format!("Casa de acogida ficticia {}", rng.u8(1..90));
        let mut draft = RecordDraft::new("person")
            .set("survivor_code", format!("{code}-S1"))
            .set("given_names", name.given.as_str())
            .set("paternal_surname", name.paternal)
            .set("maternal_surname", name.maternal)
            .set("birth_date", days_ago(age * 365 + rng.i64(30..300)))
            .set("age_at_registration", age)
            .set("sex", if girl { "female" } else { "male" })
            .set("nationality", if chance(rng, 94) { "PE" } else { "VE" })
            .set("mother_tongue", pick(rng, &["es", "es", "es", "qu", "cni", "shp"]))
            .set("address", address.as_str())
            .set("phone", phone.as_str())
            .set("safe_contact", "Solo por la promotora, nunca por tel\u{e9}fono")
            .set("safe_location", shelter.as_str());
        if let Some(district) = region.district(rng) {
            draft.insert("home_ubigeo", district);
        }
        let document = RecordDraft::new("identity_document")
            .set("doc_type", "dni")
            .set("doc_number", dni.as_str())
            .set("issuing_country", "PE");
        let mut children = vec![Invented::leaf(document)];
        if chance(rng, 40) {
            let relative = Name::of_a_girl(rng);
            let member = RecordDraft::new("household_member")
                .set("relation", pick(rng, &["madre", "t\u{ed}a", "abuela", "hermana"]))
                .set("is_caregiver", true)
                .set("full_name", relative.full())
                .set("age", rng.i64(25..70))
                .set("may_receive_information", chance(rng, 70));
            children.push(Invented::leaf(member));
        }
        if opened % 4 == 0 || self.canaries.is_empty() {
            self.canaries.extend([name.full(), dni, address, shelter, format!("{code}-S1")]);
        }
        Invented { draft, children }
    }

    fn incident(
        &mut self,
        rng: &mut Rng,
        code: &str,
        region: Region,
        opened: i64,
        fill: Fill,
    ) -> Invented {
        let mut draft = RecordDraft::new("incident")
            .set("incident_code", format!("{code}-H1"))
            .set("report_date", days_ago(opened))
            .set("incident_date", days_ago(opened + rng.i64(1..120)))
            .set("incident_date_precision", "day")
            .set("time_of_day", pick(rng, &["morning", "noon", "evening", "night"]))
            .set("place_type", pick(rng, &["home", "street", "school", "lodging", "mine_camp"]))
            .set(
                "gbv_type",
                pick(rng, &["sexual_assault", "physical_assault", "psychological_emotional_abuse"]),
            )
            .set(
                "pe_violence_types",
                vec![pick(rng, &["fisica", "psicologica", "sexual", "economica"])],
            )
            .set("online_component", chance(rng, 20))
            .set("previously_reported", chance(rng, 25))
            .set("account", "Relato inventado, en palabras de nadie.");
        if let Some(district) = region.district(rng) {
            draft.insert("ubigeo", district);
        }
        let mut children = Vec::new();
        if fill.has(rng, 70) {
            let name = Name::of_a_boy(rng).full();
            let perpetrator = RecordDraft::new("alleged_perpetrator")
                .set("perp_code", format!("{code}-P1"))
                .set("primary", true)
                .set("full_name", name.as_str())
                .set("sex", "male")
                .set("age_group", pick(rng, &["18_25", "26_40", "41_60"]))
                .set(
                    "relationship",
                    pick(
                        rng,
                        &[
                            "intimate_partner_former_partner",
                            "family_friend_neighbor",
                            "recruiter",
                            "unknown",
                        ],
                    ),
                )
                .set("has_access_to_survivor", chance(rng, 30))
                .set("whereabouts", format!("Paradero inventado {}", rng.u8(1..99)));
            children.push(Invented::leaf(perpetrator));
            if opened % 4 == 0 {
                self.canaries.push(name);
            }
        }
        Invented { draft, children }
    }

    fn proceeding(&mut self, rng: &mut Rng, opened: i64) -> Invented {
        let file =
            format!("{:010}-2026-{}-0", rng.u64(1_000_000_000..9_999_999_999), rng.u16(1..999));
        self.canaries.push(file.clone());
        let draft = RecordDraft::new("legal_proceeding")
            .set(
                "kind",
                pick(rng, &["police_report", "prosecutor", "family_protection", "criminal_trial"]),
            )
            .set("offences", vec![pick(rng, &["CP129A", "CP170", "CP173", "CP176", "CP122B"])])
            .set("carpeta_fiscal", file)
            .set("fiscalia", "Fiscal\u{ed}a Provincial de Ejemplo")
            .set("judicial_district", "Distrito Fiscal Ficticio")
            .set("lawyer", format!("AB-{:02}", rng.u8(1..9)))
            .set("survivor_wants_legal_action", pick(rng, &["yes", "undecided"]))
            .set(
                "stage",
                pick(
                    rng,
                    &[
                        "denuncia",
                        "diligencias_preliminares",
                        "investigacion_preparatoria",
                        "juicio_oral",
                    ],
                ),
            )
            .set("reserved_identity_code", format!("CLAVE-{:05}", rng.u32(..99_999)))
            .set("outcome", "Sin resultado todav\u{ed}a");
        let event = |rng: &mut Rng| {
            let event = RecordDraft::new("legal_event")
                .set(
                    "event",
                    pick(
                        rng,
                        &["entrevista_unica", "pericia_psicologica", "declaracion", "audiencia"],
                    ),
                )
                .set("at", hour_of(opened - rng.i64(1..20), rng.i64(13..22)))
                .set("accompanied_by", "Consejera de prueba")
                .set("result", "Resultado inventado.");
            Invented::leaf(event)
        };
        let children = (0..rng.usize(1..4)).map(|_| event(rng)).collect();
        Invented { draft, children }
    }
}

#[cfg(test)]
mod tests {
    use amparo::Schema;

    use super::*;
    use crate::demo::SEED;
    use crate::demo::territory;

    fn prepare(schema: &Schema, records: Vec<Invented>, count: &mut usize) {
        for Invented { mut draft, children } in records {
            let warnings = schema.prepare(&mut draft).unwrap();
            assert!(warnings.is_empty(), "{warnings:?}");
            *count += 1;
            prepare(schema, children, count);
        }
    }

    #[test]
    fn every_invented_record_fits_the_schema_and_looks_usual() {
        let schema = Schema::peru().unwrap();
        let mut rng = Rng::with_seed(SEED);
        let cases = Cases::invent(&mut rng, 200);
        let mut count = 0;
        prepare(&schema, cases.cases, &mut count);
        prepare(&schema, territory::activities(&mut rng), &mut count);
        prepare(&schema, territory::threats(&mut rng), &mut count);
        assert!(count > 1500, "{count}");
        assert!(cases.canaries.len() > 50 && cases.canaries.iter().all(|text| text.len() >= 8));
    }

    #[test]
    fn the_same_seed_invents_the_same_people() {
        let canaries = || Cases::invent(&mut Rng::with_seed(SEED), 30).canaries;
        assert_eq!(canaries(), canaries());
    }
}
