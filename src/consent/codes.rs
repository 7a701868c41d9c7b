//! Closed lists of the ledger, each with codes that stay.

/// An enum whose variants have a stable code in snake case: the code is what is stored, typed,
/// and printed in JSON.
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $note:literal])+ $variant:ident = $code:literal,)+ })+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[non_exhaustive]
        pub enum $name { $($(#[doc = $note])+ #[serde(rename = $code)] $variant,)+ }

        impl $name {
            /// Every one, in this order.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The stable code.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::error::Error;

            fn from_str(text: &str) -> $crate::error::Result<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == text).ok_or_else(|| {
                    $crate::error::Error::new(
                        $crate::error::ErrorKind::UnknownCode,
                        concat!("not one of the codes of ", stringify!($name)),
                    )
                })
            }
        }
    )+};
}
pub(crate) use codes;

codes! {
    /// In whose name somebody speaks.
    Party {
        /// The person herself.
        Subject = "subject",
        /// Whoever holds parental authority or guardianship.
        Guardian = "guardian",
        /// An adult whom the child trusts.
        TrustedAdult = "trusted_adult",
        /// The case worker, where nobody else can.
        Caseworker = "caseworker",
        /// A court or a special protection unit, by resolution.
        Court = "court",
    }

    /// On what the authority of somebody who speaks for another rests.
    Authority {
        /// Nothing was said about it.
        Unstated = "unstated",
        /// Mother or father with parental authority.
        Parent = "parent",
        /// A guardian by law.
        Tutor = "tutor",
        /// A guardian by a court's appointment.
        CourtAppointed = "court_appointed",
        /// The State, through a special protection unit.
        State = "state",
        /// Who cares for the child in fact.
        Caregiver = "caregiver",
    }

    /// How it was said.
    Channel {
        /// In writing, signed.
        Written = "written",
        /// On paper, with a thumbprint.
        Thumbprint = "thumbprint",
        /// Aloud, before witnesses.
        OralWitnessed = "oral_witnessed",
        /// Aloud, recorded.
        OralRecorded = "oral_recorded",
        /// By telephone.
        Phone = "phone",
        /// On a screen.
        Digital = "digital",
        /// With pictures that were explained.
        Pictogram = "pictogram",
    }

    /// What may be done with the data.
    Action {
        /// Read it on a screen of the organisation.
        View = "view",
        /// Tell somebody else.
        Share = "share",
        /// Hand over a file.
        Export = "export",
        /// Get in touch with the person.
        Contact = "contact",
        /// Make it public.
        Publish = "publish",
        /// Count it.
        Aggregate = "aggregate",
    }

    /// How far the person can be recognised, from least to most.
    Identifiability {
        /// A count among others.
        Aggregate = "aggregate",
        /// A code instead of a name.
        Coded = "coded",
        /// As she is.
        Identified = "identified",
    }

    /// What a grant asks of whoever uses it.
    Condition {
        /// She sees each thing before it goes.
        ReviewEach = "review_each",
        /// She is told before it goes.
        NotifyFirst = "notify_first",
        /// The recipient passes nothing on.
        NoOnwardTransfer = "no_onward_transfer",
        /// She is reached only in the way that she called safe.
        SafeContactOnly = "safe_contact_only",
        /// No free text goes.
        WithoutNarrative = "without_narrative",
        /// A person reads the redaction before it goes.
        HumanReviewedRedaction = "human_reviewed_redaction",
    }

    /// What a recipient is.
    RecipientKind {
        /// A prosecutor's office.
        Prosecutor = "prosecutor",
        /// A court.
        Court = "court",
        /// The police.
        Police = "police",
        /// A special protection unit.
        Upe = "upe",
        /// A women's emergency centre.
        Cem = "cem",
        /// A municipal defender of children.
        Demuna = "demuna",
        /// A health service.
        Health = "health",
        /// A shelter.
        Shelter = "shelter",
        /// A school.
        School = "school",
        /// A lawyer.
        Lawyer = "lawyer",
        /// The ombudsperson.
        Ombudsperson = "ombudsperson",
        /// A consulate.
        Consulate = "consulate",
        /// An agency of the United Nations.
        UnAgency = "un_agency",
        /// Another organisation that accompanies.
        Partner = "partner",
        /// A relative.
        Family = "family",
        /// Who pays for the work.
        Donor = "donor",
        /// Who studies.
        Research = "research",
        /// Press, radio, television, networks.
        Media = "media",
        /// A team of the organisation itself.
        Team = "team",
        /// None of these.
        Other = "other",
    }

    /// On what an override rests.
    Basis {
        /// A life or a body is in danger.
        VitalInterest = "vital_interest",
        /// The law obliges to report.
        MandatoryReport = "mandatory_report",
        /// A court orders it.
        CourtOrder = "court_order",
        /// The best interests of the child.
        BestInterests = "best_interests",
    }

    /// Why somebody neither gives nor receives.
    BlockReason {
        /// Alleged to have done it.
        Perpetrator = "perpetrator",
        /// Has an interest against hers.
        Conflict = "conflict",
        /// A court forbids it.
        CourtOrder = "court_order",
    }
}
