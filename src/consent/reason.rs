//! Why a decision came out as it did: stable codes.

use crate::consent::codes::codes;

codes! {
    /// Why data may leave or not, from the farthest from a permit to the nearest: of several
    /// consents that do not suffice, the nearest is named.
    Reason {
        /// Nobody ever asked or agreed.
        NoConsent = "no_consent",
        /// No consent is for this purpose.
        PurposeNotCovered = "purpose_not_covered",
        /// No consent for this purpose names this recipient.
        RecipientNotCovered = "recipient_not_covered",
        /// No consent covers this field.
        DataNotCovered = "data_not_covered",
        /// No consent covers what would be done.
        ActionNotCovered = "action_not_covered",
        /// The consent allows less of the person to be recognised.
        TooIdentifiable = "too_identifiable",
        /// The consent leaves free text out.
        WithoutNarrative = "without_narrative",
        /// She was asked and has not answered.
        NotAnswered = "not_answered",
        /// She wants to decide later.
        Deferred = "deferred",
        /// Recorded by mistake.
        EnteredInError = "entered_in_error",
        /// Not valid from the start.
        Invalidated = "invalidated",
        /// Another consent took its place.
        Superseded = "superseded",
        /// A court or guardian ended it.
        Revoked = "revoked",
        /// Taken back.
        Withdrawn = "withdrawn",
        /// This part was taken out of it.
        Restricted = "restricted",
        /// Its end has passed.
        Expired = "expired",
        /// Given for her while she was a minor, and not confirmed since she came of age.
        LapsedAtMajority = "lapsed_at_majority",
        /// Given by somebody who may not speak for her at her age.
        GiverNotEntitled = "giver_not_entitled",
        /// Given by somebody who is blocked.
        GiverBlocked = "giver_blocked",
        /// Given through words that nobody is noted to have interpreted.
        InterpreterMissing = "interpreter_missing",
        /// Given in a way that needs a witness, and none was noted.
        WitnessMissing = "witness_missing",
        /// The notice that was explained was not noted.
        NoticeMissing = "notice_missing",
        /// Her own agreement is missing.
        SubjectMustAgree = "subject_must_agree",
        /// The agreement of who speaks for her is missing.
        GuardianMissing = "guardian_missing",
        /// Her age is not known, and at the youngest it could be somebody else must agree.
        AgeUnknown = "age_unknown",
        /// Who speaks for her refuses.
        GuardianRefuses = "guardian_refuses",
        /// She refuses.
        Refused = "refused",
        /// The child refuses, whatever others permit.
        ChildDissents = "child_dissents",
        /// The override lacks a second approver.
        OverrideNotApproved = "override_not_approved",
        /// No approver of the override leads child protection.
        OverrideWithoutLead = "override_without_lead",
        /// The override's time is over.
        OverrideExpired = "override_expired",
        /// The override was for one export, which has been made.
        OverrideUsed = "override_used",
        /// The organisation's policy does not know the purpose.
        UnknownPurpose = "unknown_purpose",
        /// The recipient is blocked.
        RecipientBlocked = "recipient_blocked",
        /// The organisation's policy forbids it, whoever agrees.
        Prohibited = "prohibited",
        /// A permit: a consent in force covers it.
        ConsentInForce = "consent_in_force",
        /// A permit: an override in force covers it.
        OverrideInForce = "override_in_force",
    }

    /// What would turn a denial into a permit.
    Missing {
        /// A consent that covers it.
        Consent = "consent",
        /// Her agreement.
        SubjectAgreement = "subject_agreement",
        /// The agreement of who speaks for her.
        GuardianAgreement = "guardian_agreement",
        /// Her confirmation as an adult.
        AdultConfirmation = "adult_confirmation",
        /// A new end.
        Renewal = "renewal",
        /// A date of birth.
        BirthDate = "birth_date",
        /// The name of the interpreter.
        Interpreter = "interpreter",
        /// The name of a witness.
        Witness = "witness",
        /// The notice that was explained.
        Notice = "notice",
        /// A second approver.
        SecondApprover = "second_approver",
        /// An approver who leads child protection.
        ProtectionLead = "protection_lead",
    }

    /// What whoever acts on a permit must do.
    Obligation {
        /// Show her each thing first.
        ReviewEach = "review_each",
        /// Tell her first.
        NotifyFirst = "notify_first",
        /// Bind the recipient to pass nothing on.
        NoOnwardTransfer = "no_onward_transfer",
        /// Reach her only in the way that she called safe.
        SafeContactOnly = "safe_contact_only",
        /// A person reads the text and approves what is shown of it.
        HumanReview = "human_review",
        /// Coarsen the place.
        GeneralisePlace = "generalise_place",
        /// Strip the file of what it says beside its content.
        ScrubAttachment = "scrub_attachment",
        /// A second person releases it.
        SecondPerson = "second_person",
        /// Tell her that it was done against or without her word.
        TellPerson = "tell_person",
        /// Review the override when it is due.
        ReviewOverride = "review_override",
    }
}

impl Reason {
    /// Whether a reasoned override can stand against it.
    #[must_use]
    pub const fn can_be_overridden(self) -> bool {
        !matches!(self, Self::UnknownPurpose | Self::RecipientBlocked | Self::Prohibited)
    }

    /// What would help.
    pub(super) const fn missing(self) -> &'static [Missing] {
        match self {
            Self::NoConsent
            | Self::PurposeNotCovered
            | Self::RecipientNotCovered
            | Self::DataNotCovered
            | Self::ActionNotCovered
            | Self::TooIdentifiable
            | Self::WithoutNarrative
            | Self::NotAnswered
            | Self::Deferred
            | Self::EnteredInError
            | Self::Invalidated
            | Self::Superseded
            | Self::Revoked
            | Self::Withdrawn
            | Self::Restricted => &[Missing::Consent],
            Self::Expired => &[Missing::Renewal],
            Self::LapsedAtMajority => &[Missing::AdultConfirmation],
            Self::GiverNotEntitled | Self::SubjectMustAgree => &[Missing::SubjectAgreement],
            Self::GiverBlocked | Self::GuardianMissing | Self::GuardianRefuses => {
                &[Missing::GuardianAgreement]
            }
            Self::InterpreterMissing => &[Missing::Interpreter],
            Self::WitnessMissing => &[Missing::Witness],
            Self::NoticeMissing => &[Missing::Notice],
            Self::AgeUnknown => &[Missing::BirthDate],
            Self::Refused | Self::ChildDissents => &[Missing::SubjectAgreement],
            Self::OverrideNotApproved => &[Missing::SecondApprover],
            Self::OverrideWithoutLead => &[Missing::ProtectionLead],
            Self::OverrideExpired
            | Self::OverrideUsed
            | Self::UnknownPurpose
            | Self::RecipientBlocked
            | Self::Prohibited
            | Self::ConsentInForce
            | Self::OverrideInForce => &[],
        }
    }
}
