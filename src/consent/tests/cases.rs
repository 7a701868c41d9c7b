//! Cases of adults, and of what goes to whom; those of children are in `minors`.

use super::case::*;
use crate::consent::*;

use Reason as R;
use RecipientKind as K;

/// What lets a thumbprint or a spoken word count.
fn thumbprint() -> Means {
    Means::new(Channel::Thumbprint)
}

fn aloud() -> Means {
    Means::new(Channel::OralWitnessed).witnessed_by("a neighbour")
}

fn what_she_said() -> Vec<Case> {
    vec![
        woman("Nobody ever asked her.").denies(R::NoConsent).lacking(&[Missing::Consent]),
        woman("She agrees that her account goes to the prosecutor.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::Given)
            .permits()
            .if_so(&[])
            .resting_on(1),
        woman("She was asked and never answered.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::Requested)
            .denies(R::NotAnswered),
        woman("She wants to decide later.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::Deferred)
            .denies(R::Deferred),
        woman("She wanted to decide later, and then agreed.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::Deferred)
            .on("03-05", SHE, What::Given)
            .permits(),
        woman("She refuses.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::Refused)
            .denies(R::Refused)
            .lacking(&[Missing::SubjectAgreement])
            .resting_on(1),
        woman("She refused once, and agrees to it later in a new consent.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::Refused)
            .for_the_prosecutor()
            .on("03-20", SHE, What::Given)
            .permits(),
        woman("She agreed, and later refuses the same in another consent.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::Given)
            .for_the_prosecutor()
            .on("03-20", SHE, What::Refused)
            .denies(R::Refused),
        woman("She refused, agreed, and refuses again, each in a consent of its own.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::Refused)
            .for_the_prosecutor()
            .on("03-10", SHE, What::Given)
            .for_the_prosecutor()
            .on("03-20", SHE, What::Refused)
            .denies(R::Refused),
        woman("A refusal that was recorded by mistake still stands: only her own yes lifts it.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::Refused)
            .on("03-03", CASEWORKER, What::EnteredInError)
            .for_the_prosecutor()
            .on("02-20", SHE, What::Given)
            .denies(R::Refused),
        woman("She refuses that anything is published; the prosecutor may still have it.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::Given)
            .consent("media_images", K::Media)
            .on("03-03", SHE, What::Refused)
            .permits(),
        woman("Her refusal for one action counts for every action.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::Given)
            .for_the_prosecutor()
            .terms(|terms| terms.scope.actions = [Action::Share].into())
            .on("03-03", SHE, What::Refused)
            .denies(R::Refused),
        woman("A husband agrees in the place of an adult.")
            .for_the_prosecutor()
            .on("03-02", FATHER, What::Given)
            .denies(R::GiverNotEntitled)
            .lacking(&[Missing::SubjectAgreement]),
        woman("Her mother refuses for an adult who agrees.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::Given)
            .on("03-03", MOTHER, What::Refused)
            .permits(),
    ]
}

fn what_she_took_back() -> Vec<Case> {
    vec![
        woman("A mother withdraws aloud.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::Given)
            .said("03-20", SHE, What::Withdrawn { part: None }, aloud())
            .denies(R::Withdrawn)
            .lacking(&[Missing::Consent]),
        woman("She withdraws by telephone, with nobody to witness it.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::Given)
            .said("03-20", SHE, What::Withdrawn { part: None }, Means::new(Channel::Phone))
            .denies(R::Withdrawn),
        woman("She withdraws tomorrow: today it still holds.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::Given)
            .on("04-02", SHE, What::Withdrawn { part: None })
            .permits(),
        woman("A withdrawal that reached the file late counts from when it was said.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::Given)
            .on("03-10", SHE, What::Renewed { until: at("11-30") })
            .on("03-05", SHE, What::Withdrawn { part: None })
            .denies(R::Withdrawn),
        woman("She agreed and withdrew in the same second: the no is heard last.")
            .for_the_prosecutor()
            .on("03-02 10:00", SHE, What::Withdrawn { part: None })
            .on("03-02 10:00", SHE, What::Given)
            .denies(R::Withdrawn),
        woman("In the second in which she refuses one consent she gives another.")
            .for_the_prosecutor()
            .on("03-02 10:00", SHE, What::Refused)
            .for_the_prosecutor()
            .on("03-02 10:00", SHE, What::Given)
            .denies(R::Refused),
        woman("What was withdrawn does not come back by a renewal.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::Given)
            .on("03-05", SHE, What::Withdrawn { part: None })
            .on("03-10", SHE, What::Renewed { until: at("11-30") })
            .denies(R::Withdrawn),
        woman("After a withdrawal she agrees in a new consent.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::Given)
            .on("03-05", SHE, What::Withdrawn { part: None })
            .for_the_prosecutor()
            .on("03-10", SHE, What::Given)
            .permits(),
        woman("She takes back what is for the police; the prosecutor may still have it.")
            .for_the_prosecutor()
            .terms(|terms| _ = terms.scope.recipients.insert(kind(K::Police)))
            .on("03-02", SHE, What::Given)
            .on("03-05", SHE, What::Withdrawn { part: Some(part(LEGAL, kind(K::Police))) })
            .permits(),
        woman("She takes back what is for the police, and the police ask.")
            .for_the_prosecutor()
            .terms(|terms| _ = terms.scope.recipients.insert(kind(K::Police)))
            .on("03-02", SHE, What::Given)
            .on("03-05", SHE, What::Withdrawn { part: Some(part(LEGAL, kind(K::Police))) })
            .asks_for(LEGAL, K::Police)
            .denies(R::Withdrawn),
        woman("She leaves one office out of those that may receive.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::Given)
            .on(
                "03-05",
                SHE,
                What::Restricted {
                    part: part(
                        LEGAL,
                        RecipientRef::Organisation("the office next door".to_owned()),
                    ),
                },
            )
            .asks(|request| {
                request.recipient.organisation = Some("the office next door".to_owned());
            })
            .denies(R::Restricted),
        woman("She leaves one office out; another office asks.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::Given)
            .on(
                "03-05",
                SHE,
                What::Restricted {
                    part: part(
                        LEGAL,
                        RecipientRef::Organisation("the office next door".to_owned()),
                    ),
                },
            )
            .asks(|request| request.recipient.organisation = Some("another office".to_owned()))
            .permits(),
        woman("A new version of the consent took the place of this one.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::Given)
            .on("03-05", SHE, What::Superseded { by: super::histories::record(9) })
            .denies(R::Superseded),
        woman("A court ended it.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::Given)
            .on("03-05", COURT, What::Revoked)
            .denies(R::Revoked),
        woman("She had been told something untrue, so it was never valid.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::Given)
            .on("03-05", CASEWORKER, What::Invalidated)
            .denies(R::Invalidated),
        woman("The consent belongs to another file.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::Given)
            .on("03-05", CASEWORKER, What::EnteredInError)
            .denies(R::EnteredInError),
        woman("It ended yesterday.")
            .for_the_prosecutor()
            .until("03-31")
            .on("03-02", SHE, What::Given)
            .denies(R::Expired)
            .lacking(&[Missing::Renewal]),
        woman("It ends in the very second in which it is asked for.")
            .for_the_prosecutor()
            .until("04-01 12:00")
            .on("03-02", SHE, What::Given)
            .asked("04-01 12:00")
            .denies(R::Expired),
        woman("It had ended, and she renewed it.")
            .for_the_prosecutor()
            .until("03-10")
            .on("03-02", SHE, What::Given)
            .on("03-20", SHE, What::Renewed { until: at("06-30") })
            .permits(),
        woman("A renewal of what she never gave is nothing.")
            .for_the_prosecutor()
            .on("03-20", SHE, What::Renewed { until: at("06-30") })
            .denies(R::NotAnswered),
    ]
}

fn how_it_was_said() -> Vec<Case> {
    vec![
        woman("She puts her thumb to it and nobody witnesses.")
            .for_the_prosecutor()
            .said("03-02", SHE, What::Given, thumbprint())
            .denies(R::WitnessMissing)
            .lacking(&[Missing::Witness]),
        woman("She puts her thumb to it before a neighbour.")
            .for_the_prosecutor()
            .said("03-02", SHE, What::Given, thumbprint().witnessed_by("a neighbour"))
            .permits(),
        woman("She speaks Quechua and nobody is noted to have interpreted.")
            .speaks_another_language()
            .for_the_prosecutor()
            .on("03-02", SHE, What::Given)
            .denies(R::InterpreterMissing)
            .lacking(&[Missing::Interpreter]),
        woman("She speaks Quechua, and somebody interpreted.")
            .speaks_another_language()
            .for_the_prosecutor()
            .said("03-02", SHE, What::Given, aloud().in_language("qu").interpreted_by("a teacher"))
            .permits(),
        woman("She refuses in Quechua: a no needs no interpreter.")
            .speaks_another_language()
            .for_the_prosecutor()
            .said("03-02", SHE, What::Given, aloud().interpreted_by("a teacher"))
            .said("03-03", SHE, What::Refused, Means::new(Channel::Phone))
            .denies(R::Refused),
        woman("Where the organisation wants the notice noted, it was not.")
            .where_policy_says("notice_required = true", "notice_required = false")
            .for_the_prosecutor()
            .on("03-02", SHE, What::Given)
            .denies(R::NoticeMissing)
            .lacking(&[Missing::Notice]),
        woman("A second yes without its witness does not spoil the first.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::Given)
            .said("03-03", SHE, What::Given, thumbprint())
            .permits(),
    ]
}

fn what_is_asked() -> Vec<Case> {
    let agreed = |title| woman(title).for_the_prosecutor().on("03-02", SHE, What::Given);
    vec![
        agreed("Consent was for the protection unit, and the prosecutor asks.")
            .terms(|terms| terms.scope.recipients = [kind(K::Upe)].into())
            .denies(R::RecipientNotCovered),
        agreed("Consent was for the trial, and it is asked for to inform the authorities.")
            .asks_for(AUTHORITIES, K::Prosecutor)
            .denies(R::PurposeNotCovered),
        agreed("The policy does not know the purpose.")
            .asks_for("curiosity", K::Prosecutor)
            .denies(R::UnknownPurpose)
            .lacking(&[]),
        agreed("Her account was agreed to, and her address is asked for.")
            .asks(|request| request.data.category = "identity".to_owned())
            .denies(R::DataNotCovered),
        agreed("One field was named, and it is the one that is asked for.")
            .terms(|terms| {
                terms.scope.data = DataScope::Only {
                    categories: [].into(),
                    fields: ["incident.concerns".to_owned()].into(),
                }
            })
            .permits(),
        agreed("One field was named, and another of the same category is asked for.")
            .terms(|terms| {
                terms.scope.data = DataScope::Only {
                    categories: [].into(),
                    fields: ["incident.concerns".to_owned()].into(),
                }
            })
            .asks(|request| request.data.field = "account".to_owned())
            .denies(R::DataNotCovered),
        agreed("A file was agreed to, and it is to be made public.")
            .asks(|request| request.action = Action::Publish)
            .denies(R::ActionNotCovered),
        agreed("A code was agreed to, and her name is asked for.")
            .terms(|terms| terms.identifiability = Identifiability::Coded)
            .denies(R::TooIdentifiable),
        agreed("She allowed no free text, and the narrative is asked for.")
            .on_condition(Condition::WithoutNarrative)
            .asks(|request| request.data.shape = Shape::FreeText)
            .denies(R::WithoutNarrative),
        agreed("She allowed no free text, and a date is asked for.")
            .on_condition(Condition::WithoutNarrative)
            .permits()
            .if_so(&[]),
        agreed("The narrative goes, once a person has read it.")
            .asks(|request| request.data.shape = Shape::FreeText)
            .permits()
            .if_so(&[Obligation::HumanReview]),
        agreed("A place goes under a code, and is made coarse.")
            .asks(|request| {
                request.data.shape = Shape::Place;
                request.identifiability = Identifiability::Coded;
            })
            .permits()
            .if_so(&[Obligation::GeneralisePlace]),
        agreed("A scan goes, without what the file says beside its content.")
            .asks(|request| request.data.shape = Shape::Attachment)
            .permits()
            .if_so(&[Obligation::ScrubAttachment]),
        agreed("What her life hangs on needs a second person.")
            .asks(|request| request.data.sensitivity = "life_safety".to_owned())
            .permits()
            .if_so(&[Obligation::SecondPerson]),
        agreed("She wants to see each thing first, and nothing passed on.")
            .on_condition(Condition::ReviewEach)
            .on_condition(Condition::NoOnwardTransfer)
            .permits()
            .if_so(&[Obligation::ReviewEach, Obligation::NoOnwardTransfer]),
        agreed("The recipient is the man whom she accuses.")
            .terms(|terms| _ = terms.scope.recipients.insert(kind(K::Family)))
            .asks_for(LEGAL, K::Family)
            .asks(|request| request.recipient.who = Some(super::histories::record(FATHER.1)))
            .blocked_since("03-20", FATHER)
            .denies(R::RecipientBlocked)
            .lacking(&[]),
        agreed("The office itself is blocked.")
            .asks(|request| request.recipient.id = Some(super::histories::record(FATHER.1)))
            .blocked_since("03-20", FATHER)
            .denies(R::RecipientBlocked),
        woman("A donor asks for her as she is, and she agreed.")
            .consent(REPORTING, K::Donor)
            .on("03-02", SHE, What::Given)
            .asks_for(REPORTING, K::Donor)
            .denies(R::Prohibited),
        woman("A donor asks for numbers, and she agreed to be counted.")
            .consent(REPORTING, K::Donor)
            .terms(|terms| terms.identifiability = Identifiability::Aggregate)
            .on("03-02", SHE, What::Given)
            .asks_for(REPORTING, K::Donor)
            .asks(|request| request.identifiability = Identifiability::Aggregate)
            .permits(),
        woman("She agreed to be counted, and a researcher asks for a code of each.")
            .consent(REPORTING, K::Research)
            .terms(|terms| terms.identifiability = Identifiability::Aggregate)
            .on("03-02", SHE, What::Given)
            .asks_for(REPORTING, K::Research)
            .asks(|request| request.identifiability = Identifiability::Coded)
            .denies(R::TooIdentifiable),
        woman("The organisation's own psychologists are named, and they ask.")
            .consent("services", K::Other)
            .terms(|terms| {
                terms.scope.recipients = [RecipientRef::Team("psychologist".to_owned())].into();
                terms.scope.actions = [Action::View].into();
            })
            .on("03-02", SHE, What::Given)
            .asks_for("services", K::Team)
            .asks(|request| {
                request.recipient.team = Some("psychologist".to_owned());
                request.action = Action::View;
            })
            .permits(),
        woman("The organisation's psychologists are named, and its lawyers ask.")
            .consent("services", K::Other)
            .terms(|terms| {
                terms.scope.recipients = [RecipientRef::Team("psychologist".to_owned())].into();
            })
            .on("03-02", SHE, What::Given)
            .asks_for("services", K::Team)
            .asks(|request| request.recipient.team = Some("lawyer".to_owned()))
            .denies(R::RecipientNotCovered),
        woman("An adult's story goes to the press, and she agreed.")
            .consent("media_images", K::Media)
            .terms(|terms| terms.scope.actions = [Action::Publish].into())
            .on("03-02", SHE, What::Given)
            .asks_for("media_images", K::Media)
            .asks(|request| request.action = Action::Publish)
            .permits(),
    ]
}

fn overrides() -> Vec<Case> {
    let refused = |title| woman(title).for_the_prosecutor().on("03-02", SHE, What::Refused);
    vec![
        refused("Her life is in danger: two approve, one of them leads.")
            .override_asked("04-01 08:00")
            .approved_by(1, "04-01 08:00")
            .approved_by(2, "04-01 09:00")
            .permits_by_override()
            .if_so(&[Obligation::ReviewOverride, Obligation::TellPerson])
            .resting_on(2),
        refused("She has been told of the override.")
            .override_asked("04-01 08:00")
            .override_terms(|terms| terms.person_told = true)
            .approved_by(1, "04-01 08:00")
            .approved_by(2, "04-01 09:00")
            .permits_by_override()
            .if_so(&[Obligation::ReviewOverride]),
        refused("The override is 71 hours old.")
            .override_asked("04-01 08:00")
            .approved_by(1, "04-01 08:00")
            .approved_by(2, "04-01 09:00")
            .asked("04-04 07:00")
            .permits_by_override(),
        refused("The override is 72 hours old.")
            .override_asked("04-01 08:00")
            .approved_by(1, "04-01 08:00")
            .approved_by(2, "04-01 09:00")
            .asked("04-04 08:00")
            .denies(R::OverrideExpired),
        refused("The override is 73 hours old.")
            .override_asked("04-01 08:00")
            .approved_by(1, "04-01 08:00")
            .approved_by(2, "04-01 09:00")
            .asked("04-04 09:00")
            .denies(R::OverrideExpired)
            .lacking(&[Missing::SubjectAgreement]),
        refused("The override was for two hours.")
            .override_asked("04-01 08:00")
            .override_terms(|terms| terms.until = at("04-01 10:00"))
            .approved_by(1, "04-01 08:00")
            .approved_by(2, "04-01 09:00")
            .denies(R::OverrideExpired),
        refused("One approver, twice.")
            .override_asked("04-01 08:00")
            .approved_by(1, "04-01 08:00")
            .approved_by(1, "04-01 09:00")
            .denies(R::OverrideNotApproved)
            .lacking(&[Missing::SecondApprover, Missing::SubjectAgreement]),
        refused("The second approves only tomorrow.")
            .override_asked("04-01 08:00")
            .approved_by(1, "04-01 08:00")
            .approved_by(2, "04-02 09:00")
            .denies(R::OverrideNotApproved),
        refused("Two approve, and neither leads child protection.")
            .override_asked("04-01 08:00")
            .approved_by(2, "04-01 08:00")
            .approved_by(3, "04-01 09:00")
            .denies(R::OverrideWithoutLead)
            .lacking(&[Missing::ProtectionLead, Missing::SubjectAgreement]),
        refused("The override was for one export, which was made.")
            .override_asked("04-01 08:00")
            .override_terms(|terms| terms.once = true)
            .approved_by(1, "04-01 08:00")
            .approved_by(2, "04-01 09:00")
            .left("04-01 10:00")
            .denies(R::OverrideUsed),
        refused("The override was for one export, which was not made yet.")
            .override_asked("04-01 08:00")
            .override_terms(|terms| terms.once = true)
            .approved_by(1, "04-01 08:00")
            .approved_by(2, "04-01 09:00")
            .permits_by_override(),
        refused("The override was for one export, which is made tomorrow.")
            .override_asked("04-01 08:00")
            .override_terms(|terms| terms.once = true)
            .approved_by(1, "04-01 08:00")
            .approved_by(2, "04-01 09:00")
            .left("04-02 10:00")
            .permits_by_override(),
        refused("The override is for the prosecutor, and the police ask.")
            .override_asked("04-01 08:00")
            .approved_by(1, "04-01 08:00")
            .approved_by(2, "04-01 09:00")
            .asks_for(LEGAL, K::Police)
            .denies(R::RecipientNotCovered),
        refused("The override names a field, and another is asked for.")
            .override_asked("04-01 08:00")
            .override_terms(|terms| terms.fields = ["person.phone".to_owned()].into())
            .approved_by(1, "04-01 08:00")
            .approved_by(2, "04-01 09:00")
            .denies(R::Refused),
        refused("An override does not reach the man whom she accuses.")
            .override_asked("04-01 08:00")
            .override_terms(|terms| terms.recipient = kind(K::Family))
            .approved_by(1, "04-01 08:00")
            .approved_by(2, "04-01 09:00")
            .blocked_since("03-20", FATHER)
            .asks_for(LEGAL, K::Family)
            .asks(|request| request.recipient.who = Some(super::histories::record(FATHER.1)))
            .denies(R::RecipientBlocked),
        refused("An override does not give a donor her name.")
            .override_asked("04-01 08:00")
            .override_terms(|terms| terms.recipient = kind(K::Donor))
            .approved_by(1, "04-01 08:00")
            .approved_by(2, "04-01 09:00")
            .asks_for(LEGAL, K::Donor)
            .denies(R::Prohibited),
        woman("Where she agreed, no override is needed and none is used.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::Given)
            .override_asked("04-01 08:00")
            .approved_by(1, "04-01 08:00")
            .approved_by(2, "04-01 09:00")
            .permits()
            .resting_on(1),
    ]
}

#[test]
fn cases_of_adults_come_out_as_they_should() {
    let cases =
        [what_she_said(), what_she_took_back(), how_it_was_said(), what_is_asked(), overrides()];
    check_all(&cases.into_iter().flatten().collect::<Vec<_>>());
}
