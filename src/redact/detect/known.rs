//! What is recorded in a case, for the search of its texts.

use crate::redact::KnownPerson;
use crate::secret::SecretText;

/// The people and other values recorded in a case.
///
/// ```
/// use amparo::{KnownPeople, KnownPerson, propose};
/// let flor = KnownPerson::new().given("Flor").surname("Quispe").surname("de Prueba");
/// let known = KnownPeople::new().person(flor).value("HCO-0001");
/// let spans = propose("La menor florcita KISPE, caso HCO-0001.", &known);
/// assert_eq!((spans[0].start, spans[0].end, spans[0].who), (9, 23, Some(0)));
/// assert_eq!((spans[1].start, spans[1].end, spans[1].who), (30, 38, None));
/// ```
#[derive(Clone, Debug, Default)]
pub struct KnownPeople {
    pub(super) people: Vec<KnownPerson>,
    pub(super) values: Vec<SecretText>,
}

impl KnownPeople {
    /// Nobody and nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a person; the first has the index 0.
    #[must_use]
    pub fn person(mut self, person: KnownPerson) -> Self {
        self.people.push(person);
        self
    }

    /// Adds another value, such as a number or a street; one of fewer than four letters and
    /// digits is not searched for.
    #[must_use]
    pub fn value(mut self, value: impl Into<SecretText>) -> Self {
        self.values.push(value.into());
        self
    }
}
