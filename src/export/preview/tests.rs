use super::*;
use crate::consent::{Missing, Obligation, Reason};
use crate::export::markup::tests::{assert_inert, hostile};
use crate::redact::sample_hostile::{Sample, coarser, coded, hidden, kept, number};
use crate::redact::{Mark, Outcome, Part};

/// A case as a lawyer would prepare it.
fn lifelike(language: Language) -> RedactedView {
    let say = |es: &'static str, en: &'static str| language.of(Phrase(es, en));
    let permit = Reason::ConsentInForce;
    let quasi = "quasi_identifier";
    Sample::new(language)
        .obliging(&[
            Obligation::ReviewEach,
            Obligation::NoOnwardTransfer,
            Obligation::SafeContactOnly,
            Obligation::HumanReview,
        ])
        .record("case", say("Caso", "Case"), [])
        .field(("case_code", say("Código del caso", "Case code"), "identifier"), coded(say("CASO M2", "CASE M2")), permit, &[])
        .field(("registered", say("Fecha de registro", "Registered on"), "operational"), kept("2026-03-01"), permit, &[])
        .field(("status", say("Estado", "Status"), "operational"), kept(say("Abierto", "Open")), permit, &[])
        .record("person", say("Persona", "Person"), [])
        .under("R01")
        .field(("name", say("Nombres", "Given names"), "identifier"), coded(say("PERSONA K7", "PERSON K7")), permit, &[])
        .field(("dni", say("Número de documento", "Document number"), "identifier"), Outcome::Withheld(Mark::Consent), Reason::DataNotCovered, &[Missing::Consent])
        .field(("birth", say("Fecha de nacimiento", "Date of birth"), quasi), coarser("2004"), permit, &[])
        .field(("children", say("Hijas e hijos a su cargo", "Children in her care"), quasi), number(2), permit, &[])
        .field(("tongue", say("Lengua materna", "Mother tongue"), quasi), Outcome::Withheld(Mark::SmallGroup), permit, &[])
        .field(("address", say("Dirección segura", "Safe address"), "life_safety"), Outcome::Withheld(Mark::TwoPeople), Reason::Prohibited, &[])
        .field(("health", say("Atención de salud recibida", "Health care received"), "special"), Outcome::Withheld(Mark::Consent), Reason::Refused, &[Missing::SubjectAgreement])
        .record("incident", say("Hecho", "Incident"), [])
        .under("R02")
        .field(("date", say("Fecha del hecho", "Date of the incident"), quasi), coarser(say("febrero de 2026", "February 2026")), permit, &[])
        .field(
            ("account", say("Relato", "Account"), "special"),
            hidden(vec![
                Part::Text(say("Refiere que el día de los hechos salió de su trabajo y que ", "She says that on that day she left work and that ").into()),
                Part::Label(say("PERSONA R4", "PERSON R4").to_owned()),
                Part::Text(say(" la esperaba en ", " was waiting for her at ").into()),
                Part::Gap(Mark::Hidden),
                Part::Text(say(". Le dijo que no volviera a denunciar.\n\nPidió ayuda a una vecina, que llamó a la comisaría.", ". He told her not to report him again.\n\nShe asked a neighbour for help, who called the police station.").into()),
            ]),
            permit,
            &[],
        )
        .field(("notes", say("Notas de la entrevista", "Interview notes"), "special"), Outcome::Withheld(Mark::Unread), permit, &[])
        .field(("weapon", say("Uso de arma", "Use of a weapon"), "special"), kept(say("No", "No")), permit, &[])
        .field(("file", say("Certificado médico legal", "Forensic certificate"), "special"), Outcome::Withheld(Mark::File), Reason::Expired, &[Missing::Renewal])
        .record("perpetrator", say("Persona denunciada", "Person accused"), [])
        .under("R03")
        .field(("name", say("Nombres y apellidos", "Full name"), "identifier"), kept("Ñahuín de Prueba, Saturnino"), Reason::OverrideInForce, &[])
        .field(("bond", say("Vínculo con la persona", "Relation to her"), "special"), kept(say("Expareja", "Former partner")), permit, &[])
        .field(("work", say("Centro de trabajo", "Place of work"), quasi), Outcome::Withheld(Mark::Narrowed), permit, &[])
        .field(("phone", say("Teléfono", "Telephone"), "identifier"), Outcome::Withheld(Mark::Profile), permit, &[])
        .view()
}

#[test]
fn every_reason_and_mark_can_be_shown() {
    for language in [Language::Spanish, Language::English] {
        for reason in Reason::ALL {
            for mark in Mark::ALL {
                let view = Sample::new(language)
                    .obliging(Obligation::ALL)
                    .record("p", "P", [])
                    .field(("a", "A", "own"), Outcome::Withheld(*mark), *reason, Missing::ALL)
                    .field(("b", "B", "special"), kept("x"), *reason, &[])
                    .view();
                let page = assert_inert(&preview(&view).unwrap());
                let words = why::permit(*reason, language).replace('\'', "&#39;");
                assert!(page.contains(&words), "{words}");
            }
        }
    }
}

#[test]
fn hostile_values_are_inert_here_too() {
    for value in hostile() {
        let view = Sample::new(Language::Spanish)
            .record(&value, &value, [("a", value.clone(), kept(&value))])
            .field((&value, &value, &value), coded(&value), Reason::Refused, &[])
            .view();
        assert_inert(&preview(&view).unwrap());
    }
}

#[test]
fn each_state_is_counted_and_can_be_chosen() {
    let page = assert_inert(&preview(&lifelike(Language::Spanish)).unwrap());
    for words in
        ["Todos (19)", "Salen tal como constan (6)", "Salen modificados (5)", "No salen (8)"]
    {
        assert!(page.contains(words), "{words}");
    }
    for (class, count) in [("leaves", 6), ("changed", 5), ("withheld", 8)] {
        assert_eq!(page.matches(&format!("<tr class=\"{class}\">")).count(), count);
        assert!(page.contains(&format!("#show-{class}:checked ~ .records tbody tr:not(.{class})")));
    }
}

#[test]
fn a_denial_behind_another_mark_is_told_as_well() {
    let view = Sample::new(Language::English)
        .record("p", "P", [])
        .field(
            ("a", "A", "special"),
            Outcome::Withheld(Mark::File),
            Reason::Expired,
            &[Missing::Renewal],
        )
        .view();
    let page = assert_inert(&preview(&view).unwrap());
    for words in ["nobody has looked through", "The consent has expired", "Renewing the consent"] {
        assert!(page.contains(words), "{words}");
    }
}
