//! What is done about a case: assessments, services, measures.

use amparo::RecordDraft;
use fastrand::Rng;

use super::territory::Region;
use super::{Invented, chance, days_ago, pick};

pub(super) fn risk(rng: &mut Rng, opened: i64) -> Invented {
    let draft = RecordDraft::new("risk_assessment")
        .set("assessed_on", days_ago(opened))
        .set("instrument", pick(rng, &["FVR_mujer", "FVR_NNA"]))
        .set("level", pick(rng, &["high", "medium", "low"]))
        .set("pe_fvr_level", pick(rng, &["leve", "moderado", "severo"]))
        .set("score", rng.i64(5..42))
        .set("weapons", chance(rng, 10))
        .set("next_review", days_ago(opened - 30));
    Invented::leaf(draft)
}

pub(super) fn service(rng: &mut Rng, opened: i64) -> Invented {
    let draft = RecordDraft::new("service")
        .set(
            "service_type",
            pick(
                rng,
                &[
                    "psychosocial_service",
                    "legal_assistance_service",
                    "health_medical_service",
                    "safehouse_service",
                    "education_service",
                ],
            ),
        )
        .set(
            "institution",
            pick(
                rng,
                &["cem", "upe", "centro_salud", "fiscalia_trata", "defensa_publica", "demuna"],
            ),
        )
        .set("provider", format!("Proveedora de prueba {}", rng.u8(1..30)))
        .set("date", days_ago(opened - rng.i64(0..18)))
        .set("implemented", chance(rng, 80))
        .set("note", "Nota inventada.");
    Invented::leaf(draft)
}

pub(super) fn exploitation(rng: &mut Rng, region: Region) -> Invented {
    let mut draft = RecordDraft::new("exploitation")
        .set("acts", vec!["recruitment", pick(rng, &["transport", "harbouring", "retention"])])
        .set(
            "means_of_control",
            vec![pick(rng, &["FalsePromises", "DebtBondage", "Threats", "WithholdsDocuments"])],
        )
        .set("exploitation", vec![pick(rng, &["isSexualExploit", "isForcedLabour"])])
        .set("recruitment_channel", "Aviso inventado en una red social")
        .set("age_at_entry", rng.i64(12..30))
        .set("country_of_exploitation", "PE");
    if let (Some(from), Some(to)) = (region.district(rng), region.district(rng)) {
        draft.insert("origin_ubigeo", from);
        draft.insert("destination_ubigeo", to);
    }
    Invented::leaf(draft)
}

pub(super) fn measure(rng: &mut Rng, opened: i64) -> Invented {
    let draft = RecordDraft::new("protection_measure")
        .set("measure", "Impedimento de acercamiento")
        .set("issued_by", pick(rng, &["juzgado_familia", "upe"]))
        .set("issued_on", days_ago(opened - 2))
        .set("expires_on", days_ago(opened - 180))
        .set("breached", chance(rng, 15));
    Invented::leaf(draft)
}
