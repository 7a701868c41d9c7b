//! The words of the page, each beside its translation: for somebody of ten to twelve years.
//!
//! A page is carried home, where whoever did harm may find it. A [`Veiled`] phrase has a second
//! form that tells nothing of what happened, nor of the kind of help.

use crate::consent::{Condition, Identifiability, Party, Reason, RecipientKind};
use crate::language::{Language, Phrase};
use crate::time::Date;

/// How much a page gives away to somebody else who reads it. There is nothing between the two:
/// what is half discreet is not.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Candour {
    /// Neutral words that tell nothing of what happened, nor of the kind of help.
    #[default]
    Discreet,
    /// Everything.
    Full,
}

/// In full, and for a page that somebody else may find.
#[derive(Clone, Copy)]
pub(super) struct Veiled(pub(super) Phrase, pub(super) Phrase);

/// What stands at the foot of each sheet.
pub(super) fn footer(language: Language, printed: Date, sheet: usize, of: usize) -> String {
    let day = language.day(printed);
    match language {
        Language::Spanish => format!("Hoja {sheet} de {of} · {day}"),
        Language::English => format!("Sheet {sheet} of {of} · {day}"),
    }
}

impl Candour {
    pub(super) const fn of(self, veiled: Veiled) -> Phrase {
        match self {
            Self::Full => veiled.0,
            Self::Discreet => veiled.1,
        }
    }
}

const fn same(es: &'static str, en: &'static str) -> Veiled {
    Veiled(Phrase(es, en), Phrase(es, en))
}

const fn veiled(full: Phrase, discreet: Phrase) -> Veiled {
    Veiled(full, discreet)
}

/// What data may be used for: follows "Para", "For". None for a code of the organisation's own.
pub(super) fn purpose(code: &str) -> Option<Veiled> {
    Some(match code {
        "services" => veiled(
            Phrase("acompañarte y atender tu caso", "being with you and taking care of your case"),
            Phrase("atenderte", "helping you"),
        ),
        "share_service_providers" => veiled(
            Phrase("pedir ayuda para ti en otros servicios", "asking other services to help you"),
            Phrase("que otros también te atiendan", "help from others too"),
        ),
        "share_authorities" => veiled(
            Phrase(
                "avisar a las autoridades que te protegen",
                "telling the authorities who protect you",
            ),
            PAPERWORK,
        ),
        "legal_proceedings" => veiled(
            Phrase(
                "usarlo en un proceso ante la fiscalía o el juzgado",
                "a case before the prosecutor or the court",
            ),
            PAPERWORK,
        ),
        "tracing" => veiled(Phrase("buscar a tu familia", "looking for your family"), PAPERWORK),
        "share_unhcr" => veiled(
            Phrase(
                "hablar con ACNUR, la oficina que apoya a personas refugiadas",
                "talking to UNHCR, the office that helps refugees",
            ),
            PAPERWORK,
        ),
        "share_consulate" => veiled(
            Phrase(
                "hablar con el consulado de tu país",
                "talking to the consulate of your country",
            ),
            PAPERWORK,
        ),
        "reporting_nonidentifiable" => veiled(
            Phrase(
                "contar cuántas personas atendemos, sin que nadie sepa quién eres",
                "counting how many people we help, without anybody knowing who you are",
            ),
            Phrase(
                "hacer cuentas, sin que nadie sepa quién eres",
                "counting, without anybody knowing who you are",
            ),
        ),
        "research" => same("un estudio", "a study"),
        "media_images" => veiled(
            Phrase(
                "mostrar imágenes o contar tu historia en público",
                "showing pictures or telling your story in public",
            ),
            Phrase("publicar algo", "publishing something"),
        ),
        "contact_again" => same("volver a hablar contigo", "talking to you again"),
        _ => return None,
    })
}

/// Which data, after what the fields of the built-in schema hold. None for a category of the
/// organisation's own; the discreet page names only what anybody has.
pub(super) fn category(code: &str) -> Option<(Phrase, Option<Phrase>)> {
    const NAME: Phrase = Phrase(
        "tu nombre, tu DNI, tu teléfono y tu dirección",
        "your name, your ID number, your phone and your address",
    );
    Some(match code {
        "case" => (
            Phrase(
                "cómo va tu caso: fechas, oficinas y acuerdos",
                "how your case goes: dates, offices and agreements",
            ),
            None,
        ),
        "profile" => (
            Phrase(
                "datos generales, como tu edad, dónde vives, y cuándo y dónde pasó",
                "general facts, such as your age, where you live, and when and where it happened",
            ),
            Some(Phrase("datos generales, como tu edad", "general facts, such as your age")),
        ),
        "identity" => (NAME, Some(NAME)),
        "account" => (
            Phrase(
                "lo que pasó y otras cosas muy personales que nos contaste",
                "what happened and other very personal things that you told us",
            ),
            None,
        ),
        "care" => (
            Phrase(
                "la ayuda que recibes y cómo vas",
                "the help that you get and how you are doing",
            ),
            None,
        ),
        "legal" => (
            Phrase(
                "los papeles de la denuncia y del proceso",
                "the papers of the complaint and of the case",
            ),
            None,
        ),
        "perpetrator" => (
            Phrase(
                "lo que se sabe de la persona denunciada",
                "what is known of the person accused",
            ),
            None,
        ),
        "safety" => (
            Phrase(
                "dónde estás a salvo y cómo cuidamos tu seguridad",
                "where you are safe and how we keep you safe",
            ),
            None,
        ),
        _ => return None,
    })
}

/// To whom: a recipient without a name.
pub(super) const fn recipient(kind: RecipientKind) -> Veiled {
    const OFFICE: Phrase = Phrase("una oficina pública", "a public office");
    const SERVICE: Phrase = Phrase("otro servicio", "another service");
    const OTHERS: Phrase = Phrase("otra organización", "another organisation");
    const SOMEBODY: Phrase = Phrase("otra persona", "somebody else");
    match kind {
        RecipientKind::Prosecutor => {
            veiled(Phrase("la fiscalía", "the prosecutor's office"), OFFICE)
        }
        RecipientKind::Court => veiled(Phrase("el juzgado", "the court"), OFFICE),
        RecipientKind::Police => veiled(Phrase("la policía", "the police"), OFFICE),
        RecipientKind::Upe => veiled(
            Phrase("la Unidad de Protección Especial (UPE)", "the Special Protection Unit (UPE)"),
            OFFICE,
        ),
        RecipientKind::Cem => veiled(
            Phrase("el Centro Emergencia Mujer (CEM)", "the Women's Emergency Centre (CEM)"),
            OFFICE,
        ),
        RecipientKind::Demuna => veiled(Phrase("la DEMUNA", "the DEMUNA"), OFFICE),
        RecipientKind::Ombudsperson => {
            veiled(Phrase("la Defensoría del Pueblo", "the Ombudsperson"), OFFICE)
        }
        RecipientKind::Consulate => veiled(Phrase("el consulado", "the consulate"), OFFICE),
        RecipientKind::Health => {
            veiled(Phrase("un servicio de salud", "a health service"), SERVICE)
        }
        RecipientKind::Shelter => veiled(Phrase("una casa de acogida", "a shelter"), SERVICE),
        RecipientKind::School => veiled(Phrase("tu escuela", "your school"), SERVICE),
        RecipientKind::Lawyer => veiled(Phrase("tu abogada o abogado", "your lawyer"), SOMEBODY),
        RecipientKind::UnAgency => veiled(
            Phrase("una oficina de las Naciones Unidas", "an office of the United Nations"),
            OTHERS,
        ),
        RecipientKind::Partner => {
            veiled(Phrase("otra organización que ayuda", "another organisation that helps"), OTHERS)
        }
        RecipientKind::Donor => veiled(
            Phrase("quienes dan dinero para nuestro trabajo", "those who pay for our work"),
            OTHERS,
        ),
        RecipientKind::Family => {
            veiled(Phrase("alguien de tu familia", "somebody of your family"), SOMEBODY)
        }
        RecipientKind::Research => same("quienes hacen el estudio", "those who make the study"),
        RecipientKind::Media => veiled(
            Phrase(
                "la prensa, la radio, la televisión o las redes",
                "newspapers, radio, television or social media",
            ),
            Phrase("cualquier persona", "anybody"),
        ),
        RecipientKind::Team => same("nuestro equipo", "our team"),
        RecipientKind::Other => {
            veiled(Phrase("otra persona u oficina", "another person or office"), SOMEBODY)
        }
    }
}

/// Who spoke.
pub(super) const fn party(party: Party) -> Veiled {
    match party {
        Party::Subject => same("tú", "you"),
        Party::Guardian => same(
            "tu mamá, tu papá o quien te representa",
            "your mother, your father or whoever stands for you",
        ),
        Party::TrustedAdult => {
            same("una persona adulta de tu confianza", "an adult whom you trust")
        }
        Party::Caseworker => same("la persona que te atiende", "the person who helps you"),
        Party::Court => veiled(
            Phrase(
                "el juzgado o la Unidad de Protección Especial",
                "the court or the Special Protection Unit",
            ),
            Phrase("una oficina pública", "a public office"),
        ),
    }
}

/// How far she can be recognised.
pub(super) const fn identifiability(how: Identifiability) -> Phrase {
    match how {
        Identifiability::Identified => Phrase("con tu nombre", "with your name"),
        Identifiability::Coded => {
            Phrase("sin tu nombre, con un código", "without your name, under a code")
        }
        Identifiability::Aggregate => {
            Phrase("solo como un número entre otros", "only as one number among others")
        }
    }
}

/// What she asked for.
pub(super) const fn condition(condition: Condition) -> Veiled {
    match condition {
        Condition::ReviewEach => {
            same("Antes de darlo, lo ves tú.", "You see it before we give it.")
        }
        Condition::NotifyFirst => {
            same("Te avisamos antes de darlo.", "We tell you before we give it.")
        }
        Condition::NoOnwardTransfer => same(
            "Quien lo recibe no se lo puede dar a nadie más.",
            "Whoever gets it may give it to nobody else.",
        ),
        Condition::SafeContactOnly => veiled(
            Phrase(
                "Te buscamos solo de la forma que tú dijiste que es segura.",
                "We reach you only in the way that you said is safe.",
            ),
            Phrase("Te buscamos solo como tú nos dijiste.", "We reach you only as you told us to."),
        ),
        Condition::WithoutNarrative => veiled(
            Phrase(
                "No damos el relato de lo que pasó.",
                "We do not give the story of what happened.",
            ),
            Phrase("Damos solo datos cortos.", "We give short facts only."),
        ),
        Condition::HumanReviewedRedaction => veiled(
            Phrase(
                "Antes, una persona tapa lo que no deben leer.",
                "First, a person covers what they are not to read.",
            ),
            Phrase("Antes, una persona lo revisa.", "First, a person checks it."),
        ),
    }
}

/// Why something ended.
pub(super) const fn ending(reason: Reason) -> Option<Veiled> {
    Some(match reason {
        Reason::Expired => same("llegó su fecha", "its date came"),
        Reason::Withdrawn => same("se dijo que ya no", "it was taken back"),
        Reason::Restricted => same("se quitó una parte", "a part was taken out"),
        Reason::Superseded => {
            same("hay otro permiso en su lugar", "another permission took its place")
        }
        Reason::Revoked => veiled(
            Phrase(
                "lo terminó el juzgado o quien te representa",
                "the court or whoever stands for you ended it",
            ),
            Phrase(
                "lo terminó otra persona que puede hacerlo",
                "somebody else who may do so ended it",
            ),
        ),
        Reason::Invalidated => same("no se pidió bien", "it was not asked for properly"),
        Reason::EnteredInError => same("se anotó por error", "it was written down by mistake"),
        Reason::LapsedAtMajority => {
            same("ya eres mayor de edad: ahora decides tú", "you are an adult: now you decide")
        }
        _ => return None,
    })
}

/// What always holds; each is one item of a list.
pub(super) const RIGHTS: [Veiled; 6] = [
    same(
        "Puedes decir sí a una cosa y no a otra. Si dices no, te atendemos igual.",
        "You can say yes to one thing and no to another. If you say no, we still help you.",
    ),
    same(
        "Puedes cambiar de opinión cuando quieras. Dínoslo de palabra o por escrito. No tienes que decir por qué.",
        "You can change your mind whenever you want. Tell us or write. You need not say why.",
    ),
    same(
        "Si cambias de opinión, ya no damos nada más. Lo que ya dimos no siempre se puede recoger, pero avisamos a quien lo tiene.",
        "If you change your mind, we give nothing more. What we gave before cannot always be taken back, but we tell whoever has it.",
    ),
    same(
        "Puedes pedir una copia de tus datos, y que corrijamos lo que está mal.",
        "You can ask for a copy of your data, and for us to put right what is wrong.",
    ),
    same(
        "Puedes preguntar quién vio tus datos y a quién se los dimos.",
        "You can ask who saw your data and to whom we gave it.",
    ),
    veiled(
        Phrase(
            "Si tu vida corre peligro, o si la ley nos obliga, a veces tenemos que dar un dato sin tu permiso. Te lo diremos.",
            "If your life is in danger, or if the law obliges us, we sometimes have to give data without your permission. We will tell you.",
        ),
        Phrase(
            "Si la ley nos obliga, a veces tenemos que dar un dato sin tu permiso. Te lo diremos.",
            "If the law obliges us, we sometimes have to give data without your permission. We will tell you.",
        ),
    ),
];

const PAPERWORK: Phrase = Phrase("un trámite", "some paperwork");

pub(super) const TITLE: Phrase = Phrase("Tú decides", "You decide");
pub(super) const INTRO: Veiled = veiled(
    Phrase(
        "Esta hoja es tuya. Dice qué se puede hacer con tus datos y con lo que nos contaste, y qué no.",
        "This sheet is yours. It says what may be done with what you told us, and what may not.",
    ),
    Phrase(
        "Esta hoja es tuya. Dice qué se puede hacer con tus datos, y qué no.",
        "This sheet is yours. It says what may be done with your data, and what may not.",
    ),
);
/// In full it warns; the short sheet leads to the full one.
pub(super) const KEEPING: Veiled = veiled(
    Phrase(
        "Esta hoja cuenta cosas tuyas. Llévala solo si tienes dónde guardarla bien. Si no, la guardamos por ti.",
        "This sheet is private. Take it only if you have a good place for it. If not, we keep it.",
    ),
    Phrase(
        "Esta es la hoja corta. La hoja completa la tenemos aquí, con los mismos números. Pídela cuando quieras y la leemos contigo.",
        "This is the short sheet. We have the full one here, with the same numbers. Ask for it whenever you want and we read it with you.",
    ),
);
pub(super) const NOTHING: Phrase =
    Phrase("Todavía no has dicho sí ni no a nada.", "You have not said yes or no to anything yet.");
pub(super) const YES: Phrase = Phrase("Sí: esto se puede", "Yes: this may be done");
pub(super) const NO: Phrase = Phrase("No: esto no se puede", "No: this may not be done");
pub(super) const OPEN: Phrase = Phrase("Falta decidir", "Not decided yet");
pub(super) const ENDED: Phrase =
    Phrase("Ya terminó: esto ya no se puede", "Ended: this may no longer be done");
pub(super) const REMEMBER: Phrase = Phrase("Recuerda", "Remember");
pub(super) const TALK: Phrase =
    Phrase("¿Tienes preguntas? Habla con", "Do you have questions? Talk to");
pub(super) const GIVER: Phrase =
    Phrase("la persona que te dio esta hoja", "the person who gave you this sheet");
pub(super) const FOR: Phrase = Phrase("Para", "For");
pub(super) const AGREED_BEFORE: Phrase =
    Phrase("algo que hablamos contigo", "something that we talked about with you");
pub(super) const OTHER_DATA: Phrase = Phrase("otros datos", "other data");
pub(super) const ALL_DATA: Phrase = Phrase("todo", "everything");
pub(super) const WHOM: Phrase = Phrase("A quién:", "Who gets it:");
pub(super) const WHAT: Phrase = Phrase("Qué datos:", "Which data:");
pub(super) const HOW: Phrase = Phrase("Cómo:", "How:");
pub(super) const UNTIL: Phrase = Phrase("Hasta el", "Until");
pub(super) const SAID_YES: Phrase = Phrase("Quién dijo sí:", "Who said yes:");
pub(super) const SAID_NO: Phrase = Phrase("Quién dijo no:", "Who said no:");
pub(super) const RULES: Phrase = Phrase("Reglas:", "Rules:");
pub(super) const OVER: Phrase = Phrase("Terminó:", "Ended:");
/// Before a day, after who spoke.
pub(super) const ON: Phrase = Phrase("el", "on");
pub(super) const BLOCKED: Phrase = Phrase(
    "Hay personas a las que no les damos nada tuyo, aunque lo pidan.",
    "There are people to whom we give nothing of yours, even if they ask.",
);
