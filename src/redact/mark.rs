//! Why a value does not stand as it was: the codes of the legend.

use crate::language::{Language, Phrase};

macro_rules! marks {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal, $es:literal, $en:literal;)+) => {
        /// Why a value was withheld or changed. The code stands in the black box; it says nothing
        /// of what is under it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Mark { $($(#[doc = $doc])+ $name,)+ }

        impl Mark {
            /// Every mark, in the order of the legend.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The letter in the box.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// What the letter means, for the legend.
            #[must_use]
            pub const fn words(self, language: Language) -> &'static str {
                match self { $(Self::$name => language.of(Phrase($es, $en)),)+ }
            }
        }
    };
}

marks! {
    /// Consent and policy do not let it leave.
    Consent = "C",
        "La persona no ha consentido que se entregue, o la ley o la política no lo permiten.",
        "The person has not consented to its disclosure, or law or policy do not allow it.";
    /// The profile does not include it.
    Profile = "P",
        "Este tipo de expediente no lo incluye.",
        "This kind of file does not include it.";
    /// Whoever asked for the export left it out.
    Narrowed = "N",
        "Quien preparó el expediente no lo incluyó.",
        "Whoever prepared the file left it out.";
    /// Text that nobody has read and approved.
    Unread = "T",
        "Texto que todavía no ha sido leído y aprobado para su entrega.",
        "Text that has not yet been read and approved for disclosure.";
    /// A reader of the text hid this part.
    Hidden = "R",
        "Parte de un texto, reservada por quien lo leyó.",
        "Part of a text, reserved by whoever read it.";
    /// A file that is not part of this export.
    File = "A",
        "Archivo adjunto que no forma parte de este expediente.",
        "Attachment that is not part of this file.";
    /// A danger to life: it takes two people to release.
    TwoPeople = "V",
        "Pondría en riesgo una vida; solo sale con la firma de dos personas.",
        "It would put a life at risk; it leaves only with two people's signatures.";
    /// Whoever makes the export does not open it.
    Sealed = "X",
        "Datos que quien preparó el expediente no puede abrir.",
        "Data that whoever prepared the file cannot open.";
    /// Too few people share it.
    SmallGroup = "K",
        "Muy pocas personas comparten este dato.",
        "Too few people share this.";
    /// It was made coarser.
    Coarser = "G",
        "Dato mostrado con menos precisión.",
        "Shown with less precision.";
    /// A label of this export stands for it.
    Coded = "S",
        "Seudónimo: vale solo dentro de este expediente.",
        "Pseudonym: it holds within this file only.";
}

impl Mark {
    /// Whether something still stands in the value's place.
    #[must_use]
    pub const fn is_change(self) -> bool {
        matches!(self, Self::Hidden | Self::Coarser | Self::Coded)
    }

    /// What the black box says: as wide as its label, whatever lies under it.
    #[must_use]
    pub fn label(self, language: Language) -> String {
        let word = language.of(Phrase("RESERVADO", "WITHHELD"));
        format!("{word} {}", self.code())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_marks_share_a_code() {
        let codes: BTreeSet<_> = Mark::ALL.iter().map(|mark| mark.code()).collect();
        assert_eq!(codes.len(), Mark::ALL.len());
    }
}
