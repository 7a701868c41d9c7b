//! Each code of a decision on consent, in the words of a lawyer.

use crate::consent::{Missing, Obligation, Reason};
use crate::language::Phrase;

/// Why data may leave or not.
pub(super) const fn reason(reason: Reason) -> Phrase {
    match reason {
        Reason::NoConsent => Phrase(
            "No consta que nadie lo haya consentido.",
            "Nobody is on record as having agreed to it.",
        ),
        Reason::PurposeNotCovered => Phrase(
            "Ningún consentimiento comprende esta finalidad.",
            "No consent covers this purpose.",
        ),
        Reason::RecipientNotCovered => Phrase(
            "Se consintió para esta finalidad, pero no para este destinatario.",
            "There is consent for this purpose, but not for this recipient.",
        ),
        Reason::DataNotCovered => {
            Phrase("Ningún consentimiento comprende este dato.", "No consent covers this item.")
        }
        Reason::ActionNotCovered => Phrase(
            "El consentimiento no comprende esta forma de usarlo.",
            "The consent does not cover this use of it.",
        ),
        Reason::TooIdentifiable => Phrase(
            "Se consintió solo de una forma que permita reconocerla menos.",
            "Consent was given only in a form that makes her less recognisable.",
        ),
        Reason::WithoutNarrative => Phrase(
            "El consentimiento excluye los relatos y textos libres.",
            "The consent leaves out accounts and free text.",
        ),
        Reason::NotAnswered => Phrase(
            "Se le preguntó y aún no ha respondido.",
            "She was asked and has not answered yet.",
        ),
        Reason::Deferred => {
            Phrase("Prefirió decidirlo más adelante.", "She chose to decide later.")
        }
        Reason::EnteredInError => Phrase(
            "El consentimiento se registró por error.",
            "The consent was recorded by mistake.",
        ),
        Reason::Invalidated => Phrase(
            "El consentimiento no fue válido desde un inicio.",
            "The consent was not valid from the start.",
        ),
        Reason::Superseded => Phrase(
            "Otro consentimiento reemplazó al que lo comprendía.",
            "Another consent took the place of the one that covered it.",
        ),
        Reason::Revoked => Phrase(
            "Un juzgado o quien la representa dejó sin efecto el consentimiento.",
            "A court or whoever represents her ended the consent.",
        ),
        Reason::Withdrawn => {
            Phrase("El consentimiento fue retirado.", "The consent was withdrawn.")
        }
        Reason::Restricted => Phrase(
            "Esta parte fue excluida después del consentimiento.",
            "This part was taken out of the consent later.",
        ),
        Reason::Expired => Phrase("El consentimiento venció.", "The consent has expired."),
        Reason::LapsedAtMajority => Phrase(
            "Otra persona consintió por ella cuando era menor de edad, y ella no lo ha confirmado desde que es mayor.",
            "Somebody else agreed for her while she was a minor, and she has not confirmed it since she came of age.",
        ),
        Reason::GiverNotEntitled => Phrase(
            "Quien consintió no puede hacerlo en su nombre a la edad de ella.",
            "Whoever agreed may not do so in her name at her age.",
        ),
        Reason::GiverBlocked => Phrase(
            "Quien consintió está bloqueado en su caso.",
            "Whoever agreed is blocked in her case.",
        ),
        Reason::InterpreterMissing => Phrase(
            "Se consintió con intérprete y no consta quién fue.",
            "Consent was given through an interpreter, and it is not on record who.",
        ),
        Reason::WitnessMissing => Phrase(
            "La forma en que se consintió requiere un testigo, y no consta ninguno.",
            "The way in which consent was given requires a witness, and none is on record.",
        ),
        Reason::NoticeMissing => Phrase(
            "No consta qué aviso se le explicó antes de consentir.",
            "It is not on record which notice was explained before the consent.",
        ),
        Reason::SubjectMustAgree => {
            Phrase("Falta que ella misma acepte.", "Her own agreement is missing.")
        }
        Reason::GuardianMissing => Phrase(
            "Falta que acepte quien la representa.",
            "The agreement of whoever represents her is missing.",
        ),
        Reason::AgeUnknown => Phrase(
            "No consta su edad; podría ser menor y requerir que acepte quien la representa.",
            "Her age is not on record; she could be a minor for whom a representative must agree.",
        ),
        Reason::GuardianRefuses => {
            Phrase("Quien la representa se niega.", "Whoever represents her refuses.")
        }
        Reason::Refused => Phrase("Ella se niega.", "She refuses."),
        Reason::ChildDissents => Phrase(
            "La niña, niño o adolescente se niega, y su negativa prevalece sobre lo que otros permitan.",
            "The child refuses, and the refusal prevails over whatever others permit.",
        ),
        Reason::OverrideNotApproved => Phrase(
            "La excepción carece de la segunda aprobación.",
            "The override lacks its second approval.",
        ),
        Reason::OverrideWithoutLead => Phrase(
            "Ninguna persona responsable de protección aprobó la excepción.",
            "Nobody who leads child protection approved the override.",
        ),
        Reason::OverrideExpired => {
            Phrase("El plazo de la excepción venció.", "The time of the override is over.")
        }
        Reason::OverrideUsed => Phrase(
            "La excepción era para una sola entrega, que ya se hizo.",
            "The override was for a single export, which has been made.",
        ),
        Reason::UnknownPurpose => Phrase(
            "La política de la organización no contempla esta finalidad.",
            "The organisation's policy does not know this purpose.",
        ),
        Reason::RecipientBlocked => Phrase(
            "Este destinatario está bloqueado en su caso.",
            "This recipient is blocked in her case.",
        ),
        Reason::Prohibited => Phrase(
            "La política de la organización lo prohíbe, aunque se consienta.",
            "The organisation's policy forbids it, whoever agrees.",
        ),
        Reason::ConsentInForce => {
            Phrase("Un consentimiento vigente lo comprende.", "A consent in force covers it.")
        }
        Reason::OverrideInForce => Phrase(
            "Lo permite una excepción vigente, no un consentimiento.",
            "An override in force permits it, not a consent.",
        ),
    }
}

/// What would turn a denial into a permit. Whoever refuses is not to be pressed.
pub(super) const fn missing(missing: Missing) -> Phrase {
    match missing {
        Missing::Consent => Phrase(
            "Un consentimiento que lo comprenda, dado libremente.",
            "A consent that covers it, freely given.",
        ),
        Missing::SubjectAgreement => Phrase(
            "Que ella acepte; si se negó, solo si cambia de parecer por sí misma.",
            "Her agreement; if she refused, only if she changes her mind by herself.",
        ),
        Missing::GuardianAgreement => Phrase(
            "Que acepte quien la representa y no está bloqueado.",
            "The agreement of whoever represents her and is not blocked.",
        ),
        Missing::AdultConfirmation => {
            Phrase("Que ella lo confirme, ya mayor de edad.", "Her confirmation, now of age.")
        }
        Missing::Renewal => {
            Phrase("Renovar el consentimiento con ella.", "Renewing the consent with her.")
        }
        Missing::BirthDate => {
            Phrase("Registrar su fecha de nacimiento.", "Recording her date of birth.")
        }
        Missing::Interpreter => Phrase("Registrar quién interpretó.", "Recording who interpreted."),
        Missing::Witness => Phrase("Registrar un testigo.", "Recording a witness."),
        Missing::Notice => {
            Phrase("Registrar qué aviso se explicó.", "Recording which notice was explained.")
        }
        Missing::SecondApprover => Phrase(
            "Que una segunda persona apruebe la excepción.",
            "A second person's approval of the override.",
        ),
        Missing::ProtectionLead => Phrase(
            "Que la apruebe una persona responsable de protección.",
            "The approval of somebody who leads child protection.",
        ),
    }
}

/// When something is to be done.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    Before,
    With,
    After,
}

impl Moment {
    pub(super) const ALL: [Self; 3] = [Self::Before, Self::With, Self::After];

    pub(super) const fn words(self) -> Phrase {
        match self {
            Self::Before => Phrase("Antes de entregar", "Before handing over"),
            Self::With => Phrase("Al entregar", "When handing over"),
            Self::After => Phrase("Después de entregar", "After handing over"),
        }
    }
}

/// What is to be done, and when.
pub(super) const fn obligation(obligation: Obligation) -> (Moment, Phrase) {
    match obligation {
        Obligation::ReviewEach => (
            Moment::Before,
            Phrase(
                "Mostrarle a ella cada cosa que va a salir, antes de que salga.",
                "Show her each thing that is to leave, before it leaves.",
            ),
        ),
        Obligation::NotifyFirst => (
            Moment::Before,
            Phrase(
                "Avisarle a ella que se va a entregar.",
                "Tell her that it is to be handed over.",
            ),
        ),
        Obligation::HumanReview => (
            Moment::Before,
            Phrase(
                "Una persona lee todo el texto y aprueba lo que se muestra de él.",
                "A person reads all of the text and approves what is shown of it.",
            ),
        ),
        Obligation::GeneralisePlace => (
            Moment::Before,
            Phrase(
                "Comprobar que los lugares salgan solo en forma general.",
                "Make sure that places leave in general terms only.",
            ),
        ),
        Obligation::ScrubAttachment => (
            Moment::Before,
            Phrase(
                "Quitar a los archivos los metadatos: autor, lugar, fechas.",
                "Strip files of their metadata: author, place, dates.",
            ),
        ),
        Obligation::SecondPerson => (
            Moment::Before,
            Phrase("Una segunda persona autoriza la entrega.", "A second person releases it."),
        ),
        Obligation::NoOnwardTransfer => (
            Moment::With,
            Phrase(
                "Obligar al destinatario a no entregarlo a nadie más; el expediente lo dice en su carátula.",
                "Bind the recipient to pass it on to nobody; the file says so on its cover.",
            ),
        ),
        Obligation::SafeContactOnly => (
            Moment::With,
            Phrase(
                "Comunicarse con ella solo por la vía que indicó como segura; el expediente lo dice en su carátula.",
                "Reach her only in the way that she called safe; the file says so on its cover.",
            ),
        ),
        Obligation::TellPerson => (
            Moment::After,
            Phrase(
                "Decirle a ella que se entregó sin su consentimiento o contra él, y por qué.",
                "Tell her that it was handed over without her consent or against it, and why.",
            ),
        ),
        Obligation::ReviewOverride => (
            Moment::After,
            Phrase("Revisar la excepción en su plazo.", "Review the override when it is due."),
        ),
    }
}
