//! Cases of children, of who speaks for them, and of coming of age.

use super::case::*;
use crate::consent::*;

use Reason as R;
use RecipientKind as K;

const FOUR: &str = "2021-06-15";
const EIGHT: &str = "2017-06-15";
const THIRTEEN: &str = "2012-06-15";
const SIXTEEN: &str = "2009-06-15";

fn who_must_agree() -> Vec<Case> {
    vec![
        born(FOUR, "Her mother permits, for a child of 4 who was not asked.")
            .for_the_prosecutor()
            .on("03-02", MOTHER, What::Given)
            .permits()
            .resting_on(1),
        born(FOUR, "A child of 4 says no while her mother permits.")
            .for_the_prosecutor()
            .on("03-02", MOTHER, What::Given)
            .on("03-02", SHE, What::Dissented)
            .denies(R::ChildDissents),
        born(FOUR, "The case worker speaks for a child of 4.")
            .for_the_prosecutor()
            .on("03-02", CASEWORKER, What::Given)
            .permits(),
        born(FOUR, "A child of 4 agrees, and nobody speaks for her.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::AssentGiven)
            .denies(R::GuardianMissing)
            .lacking(&[Missing::GuardianAgreement]),
        born(EIGHT, "A girl of 8 and her mother agree.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::AssentGiven)
            .on("03-02", MOTHER, What::Given)
            .permits()
            .resting_on(2),
        born(EIGHT, "Her mother permits, for a girl of 8 who was not asked.")
            .for_the_prosecutor()
            .on("03-02", MOTHER, What::Given)
            .denies(R::SubjectMustAgree)
            .lacking(&[Missing::SubjectAgreement]),
        born(EIGHT, "A girl of 8 agrees, and nobody asked her mother.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::AssentGiven)
            .denies(R::GuardianMissing),
        born(EIGHT, "A girl of 8 agrees, and her mother refuses.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::AssentGiven)
            .on("03-03", MOTHER, What::Refused)
            .denies(R::GuardianRefuses),
        born(EIGHT, "Her mother refuses, and a case worker then agrees in her place.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::AssentGiven)
            .on("03-03", MOTHER, What::Refused)
            .on("03-04", CASEWORKER, What::Given)
            .denies(R::GuardianRefuses),
        born(EIGHT, "Her mother refuses, and later agrees.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::AssentGiven)
            .on("03-03", MOTHER, What::Refused)
            .on("03-04", MOTHER, What::Given)
            .permits(),
        born(EIGHT, "A girl of 8 agreed in one consent, her mother in another.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::AssentGiven)
            .consent(LEGAL, K::Prosecutor)
            .on("03-05", MOTHER, What::Given)
            .permits()
            .resting_on(2),
        born(EIGHT, "A girl of 8 and her mother agreed; each made a condition of her own.")
            .for_the_prosecutor()
            .on_condition(Condition::ReviewEach)
            .on("03-02", SHE, What::AssentGiven)
            .for_the_prosecutor()
            .on_condition(Condition::NoOnwardTransfer)
            .on("03-05", MOTHER, What::Given)
            .permits()
            .if_so(&[Obligation::ReviewEach, Obligation::NoOnwardTransfer]),
        born(THIRTEEN, "A boy of 13 dissents while his father permits.")
            .for_the_prosecutor()
            .on("03-02", FATHER, What::Given)
            .on("03-02", SHE, What::Dissented)
            .denies(R::ChildDissents),
        born(THIRTEEN, "A boy of 13 dissented, and his father permits once more later.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::Dissented)
            .for_the_prosecutor()
            .on("03-20", FATHER, What::Given)
            .denies(R::ChildDissents),
        born(THIRTEEN, "A boy of 13 dissented, and agrees after some weeks.")
            .for_the_prosecutor()
            .on("03-02", FATHER, What::Given)
            .on("03-02", SHE, What::Dissented)
            .on("03-25", SHE, What::AssentGiven)
            .permits(),
        born(THIRTEEN, "A boy of 13 dissents, and a life is in danger.")
            .for_the_prosecutor()
            .on("03-02", FATHER, What::Given)
            .on("03-02", SHE, What::Dissented)
            .override_asked("04-01 08:00")
            .approved_by(1, "04-01 08:00")
            .approved_by(2, "04-01 09:00")
            .permits_by_override(),
        born(THIRTEEN, "An aunt whom he trusts speaks for a boy of 13, who agrees.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::AssentGiven)
            .on("03-02", AUNT, What::Given)
            .permits(),
        born(SIXTEEN, "A girl of 16 agrees; nobody asked her mother.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::AssentGiven)
            .permits()
            .resting_on(1),
        born(SIXTEEN, "A girl of 16 agrees, and her mother refuses.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::AssentGiven)
            .on("03-03", MOTHER, What::Refused)
            .permits(),
        born(SIXTEEN, "A guardian's withdrawal for a girl of 16 does not count.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::AssentGiven)
            .on("03-02", MOTHER, What::Given)
            .on("03-10", MOTHER, What::Withdrawn { part: None })
            .permits()
            .resting_on(1),
        born(EIGHT, "A guardian's withdrawal for a girl of 8 counts.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::AssentGiven)
            .on("03-02", MOTHER, What::Given)
            .on("03-10", MOTHER, What::Withdrawn { part: None })
            .denies(R::Withdrawn),
        born(EIGHT, "A mother who took her word back gives it again in a new consent only.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::AssentGiven)
            .on("03-02", MOTHER, What::Given)
            .on("03-10", MOTHER, What::Withdrawn { part: None })
            .on("03-12", MOTHER, What::Given)
            .denies(R::Withdrawn),
        born(FOUR, "A child of 4 takes back what her mother permitted.")
            .for_the_prosecutor()
            .on("03-02", MOTHER, What::Given)
            .on("03-10", SHE, What::Withdrawn { part: None })
            .denies(R::Withdrawn),
        born("2010-06-15", "The case worker speaks for a girl of 15.")
            .for_the_prosecutor()
            .on("03-02", CASEWORKER, What::Given)
            .denies(R::GiverNotEntitled)
            .lacking(&[Missing::SubjectAgreement]),
        born("2011-06-15", "On the day before she is 15 her mother must still agree.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::AssentGiven)
            .asked("06-14 23:59")
            .denies(R::GuardianMissing),
        born("2011-06-15", "On the day on which she is 15 her own word is enough.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::AssentGiven)
            .asked("06-15 00:00")
            .permits(),
        born(THIRTEEN, "A child goes to the press with everybody's consent.")
            .consent("media_images", K::Media)
            .terms(|terms| terms.scope.actions = [Action::Publish].into())
            .on("03-02", SHE, What::AssentGiven)
            .on("03-02", MOTHER, What::Given)
            .asks_for("media_images", K::Media)
            .asks(|request| request.action = Action::Publish)
            .denies(R::Prohibited)
            .lacking(&[]),
        born(SIXTEEN, "A prohibition for minors, for a girl who will be 18 next year.")
            .consent("media_images", K::Partner)
            .terms(|terms| terms.scope.actions = [Action::Publish].into())
            .on("03-02", SHE, What::AssentGiven)
            .asks_for("media_images", K::Partner)
            .asks(|request| {
                request.action = Action::Publish;
                request.identifiability = Identifiability::Coded;
            })
            .denies(R::Prohibited),
    ]
}

fn the_accused() -> Vec<Case> {
    vec![
        born(EIGHT, "The father is the alleged perpetrator and permits.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::AssentGiven)
            .on("03-02", FATHER, What::Given)
            .blocked_since("03-10", FATHER)
            .denies(R::GiverBlocked)
            .lacking(&[Missing::GuardianAgreement]),
        born(EIGHT, "The father is the alleged perpetrator and refuses; the mother permits.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::AssentGiven)
            .on("03-03", MOTHER, What::Given)
            .on("03-05", FATHER, What::Refused)
            .blocked_since("03-10", FATHER)
            .permits()
            .resting_on(2),
        born(EIGHT, "The father, accused, takes back what the mother permitted.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::AssentGiven)
            .on("03-03", MOTHER, What::Given)
            .on("03-15", FATHER, What::Withdrawn { part: None })
            .blocked_since("03-10", FATHER)
            .permits(),
        born(EIGHT, "The father, accused, renews what the mother let end.")
            .for_the_prosecutor()
            .until("03-10")
            .on("03-02", SHE, What::AssentGiven)
            .on("03-02", MOTHER, What::Given)
            .on("03-03", SHE, What::Renewed { until: at("06-30") })
            .on("03-15", FATHER, What::Renewed { until: at("06-30") })
            .blocked_since("03-01", FATHER)
            .denies(R::Expired),
        born(EIGHT, "A father who will be accused tomorrow still speaks for her.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::AssentGiven)
            .on("03-02", FATHER, What::Given)
            .blocked_since("04-02", FATHER)
            .permits(),
        born(FOUR, "A block on her own record does not silence a child's no.")
            .for_the_prosecutor()
            .on("03-02", MOTHER, What::Given)
            .on("03-03", SHE, What::Dissented)
            .blocked_since("03-10", SHE)
            .denies(R::ChildDissents),
    ]
}

fn coming_of_age() -> Vec<Case> {
    let at_17 = |title| {
        born("2008-03-20", title).for_the_prosecutor().on("03-02", SHE, What::AssentGiven).on(
            "03-02",
            MOTHER,
            What::Given,
        )
    };
    vec![
        at_17("She agreed at 17, and it is asked for on the eve of her birthday.")
            .asked("03-19 23:59")
            .permits(),
        at_17("A girl turns 18 between consent and export.")
            .asked("03-20 00:00")
            .denies(R::LapsedAtMajority)
            .lacking(&[Missing::AdultConfirmation]),
        at_17("She turned 18 and confirms it.")
            .on("03-22", SHE, What::ReconfirmedAsAdult)
            .permits(),
        at_17("She turned 18 and agrees once more.").on("03-22", SHE, What::Given).permits(),
        at_17("She turned 18, and her mother confirms it.")
            .on("03-22", MOTHER, What::ReconfirmedAsAdult)
            .denies(R::LapsedAtMajority),
        at_17("She turned 18, and her mother renews it.")
            .on("03-22", MOTHER, What::Renewed { until: at("11-30") })
            .denies(R::LapsedAtMajority),
        at_17("She turned 18 and refuses.").on("03-22", SHE, What::Refused).denies(R::Refused),
        born("2008-04-20", "She confirms as an adult a month before she is one.")
            .for_the_prosecutor()
            .on("03-22", SHE, What::ReconfirmedAsAdult)
            .denies(R::GiverNotEntitled),
        born("2008-03-20", "Only her mother spoke for her, and she turned 18.")
            .for_the_prosecutor()
            .on("03-02", MOTHER, What::Given)
            .denies(R::LapsedAtMajority),
        born("2008-03-20", "What she refused as a child stands when she is grown.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::Dissented)
            .denies(R::Refused),
        born("2008-02-29", "Born on 29 February, she is a minor on 28 February.")
            .for_the_prosecutor()
            .on("02-10", SHE, What::AssentGiven)
            .asked("02-28 23:59")
            .permits(),
        born("2008-02-29", "Born on 29 February, she is grown on 1 March.")
            .for_the_prosecutor()
            .on("02-10", SHE, What::AssentGiven)
            .asked("03-01 00:00")
            .denies(R::LapsedAtMajority),
        born("2008-03-20", "On her birthday it is already tomorrow in Greenwich.")
            .for_the_prosecutor()
            .on("03-19 20:00", SHE, What::ReconfirmedAsAdult)
            .denies(R::GiverNotEntitled),
    ]
}

fn unknown_ages() -> Vec<Case> {
    vec![
        of_unknown_age("Nobody knows how old she is, and she agrees.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::Given)
            .denies(R::AgeUnknown)
            .lacking(&[Missing::BirthDate]),
        of_unknown_age("Nobody knows how old she is; she and who speaks for her agree.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::Given)
            .on("03-02", AUNT, What::Given)
            .permits()
            .resting_on(2),
        of_unknown_age("Nobody knows how old she is, and the press asks.")
            .consent("media_images", K::Media)
            .on("03-02", SHE, What::Given)
            .asks_for("media_images", K::Media)
            .denies(R::Prohibited),
        born_by("2009-06-15", "She is 16 at the least, and agrees.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::Given)
            .permits(),
        born_by("2012-06-15", "She could be 13, and agrees alone.")
            .for_the_prosecutor()
            .on("03-02", SHE, What::Given)
            .denies(R::GuardianMissing),
    ]
}

#[test]
fn cases_of_children_come_out_as_they_should() {
    let cases = [who_must_agree(), the_accused(), coming_of_age(), unknown_ages()];
    check_all(&cases.into_iter().flatten().collect::<Vec<_>>());
}
