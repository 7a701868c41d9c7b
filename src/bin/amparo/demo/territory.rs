//! Places, and what an organisation does in them beside its cases.

use amparo::{District, PlaceCode, RecordDraft};
use fastrand::Rng;

use super::{Invented, chance, days_ago, pick};

/// A region of the demo.
#[derive(Clone, Copy, Default)]
pub(crate) struct Region {
    /// Three letters, as case codes begin.
    pub(crate) code: &'static str,
    pub(crate) department: &'static str,
}

impl Region {
    /// A district of the region.
    pub(crate) fn district(self, rng: &mut Rng) -> Option<PlaceCode> {
        let districts: Vec<_> =
            District::all().filter(|district| district.department == self.department).collect();
        rng.choice(districts).map(|district| district.inei)
    }
}

/// Workshops and trainings.
pub(crate) fn activities(rng: &mut Rng) -> Vec<Invented> {
    let activity = |rng: &mut Rng| {
        let reached = rng.i64(12..140);
        let draft = RecordDraft::new("activity")
            .set(
                "activity_kind",
                pick(
                    rng,
                    &["community_workshop", "training", "awareness_campaign", "legal_orientation"],
                ),
            )
            .set("held_on", days_ago(rng.i64(5..360)))
            .set(
                "audience",
                pick(
                    rng,
                    &["community", "police", "teachers", "justice_operators", "shelter_staff"],
                ),
            )
            .set("people_reached", reached)
            .set("women_reached", reached * rng.i64(40..80) / 100)
            .set("minors_reached", reached * rng.i64(5..40) / 100)
            .set(
                "partner",
                pick(rng, &["Instituci\u{f3}n Ficticia", "Red de Ejemplo", "Mesa Imaginaria"]),
            );
        place(draft, "ubigeo", rng)
    };
    (0..28).map(|_| Invented::leaf(activity(rng))).collect()
}

/// What was seen sector by sector.
pub(crate) fn threats(rng: &mut Rng) -> Vec<Invented> {
    let threat = |rng: &mut Rng, region: Region| {
        let mut draft = RecordDraft::new("threat_assessment")
            .set("assessed_on", days_ago(rng.i64(5..300)))
            .set(
                "government_sector",
                pick(
                    rng,
                    &[
                        "interior",
                        "education",
                        "tourism",
                        "transport",
                        "energy_mines",
                        "regional_government",
                    ],
                ),
            )
            .set(
                "problem",
                pick(
                    rng,
                    &[
                        "child_sex_trafficking",
                        "sex_tourism",
                        "illegal_mining",
                        "forced_labour",
                        "online_grooming",
                    ],
                ),
            )
            .set("level", pick(rng, &["high", "medium", "low"]))
            .set("hotspot", format!("Kil\u{f3}metro inventado {}", rng.u8(1..120)))
            .set("informants", vec![format!("Informante de prueba {}", rng.u8(1..40))])
            .set("response", pick(rng, &["none", "policy", "procedure", "programme", "mitigated"]))
            .set("findings", "Hallazgo inventado para la demostraci\u{f3}n.");
        if let Some(district) = region.district(rng) {
            draft.insert("ubigeo", district);
        }
        if chance(rng, 50) {
            draft.insert("response_due", days_ago(-rng.i64(10..90)));
        }
        draft
    };
    let regions = REGIONS.iter().cycle().take(3 * REGIONS.len());
    regions.map(|region| Invented::leaf(threat(rng, *region))).collect()
}

fn place(mut draft: RecordDraft, field: &str, rng: &mut Rng) -> RecordDraft {
    if let Some(district) = pick(rng, REGIONS).district(rng) {
        draft.insert(field, district);
    }
    draft
}

pub(crate) const REGIONS: &[Region] = &[
    Region { code: "HCO", department: "Hu\u{e1}nuco" },
    Region { code: "LOR", department: "Loreto" },
    Region { code: "MDD", department: "Madre de Dios" },
    Region { code: "CUS", department: "Cusco" },
    Region { code: "LIM", department: "Lima" },
    Region { code: "PIU", department: "Piura" },
    Region { code: "TUM", department: "Tumbes" },
];
