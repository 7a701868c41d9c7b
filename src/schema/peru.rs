//! The built-in schema for Peru.

use crate::error::Result;
use crate::schema::Schema;

impl Schema {
    /// The built-in schema: case management, legal proceedings, prevention and threat
    /// assessment as Peruvian organisations do them.
    ///
    /// # Errors
    ///
    /// None in practice: a test parses the built-in source.
    pub fn peru() -> Result<Self> {
        Self::parse(SOURCE)
    }
}

const SOURCE: &str = include_str!("peru.toml");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Field, Index, Kind};

    fn count(holds: impl Fn(&Field) -> bool) -> usize {
        let schema = Schema::peru().unwrap();
        let types = schema.record_types().iter();
        types.flat_map(|kind| &kind.fields).filter(|field| holds(field)).count()
    }

    #[test]
    fn the_catalogue_is_whole() {
        let schema = Schema::peru().unwrap();
        assert_eq!((schema.record_types().len(), count(|_| true)), (22, 211));
        // 52 of the catalogue, and the four closed lists that stood in fields.
        assert_eq!(schema.vocabularies().count(), 56);
        assert_eq!(schema.vocabularies().map(|v| v.entries.len()).sum::<usize>(), 427);
        assert_eq!((schema.roles().len(), schema.sensitivities().len()), (8, 6));
        assert_eq!(schema.profiles().len(), 6);
    }

    #[test]
    fn every_fact_of_the_catalogue_is_counted() {
        for (kind, fields) in [
            (Kind::Text, 55),
            (Kind::LongText, 14),
            (Kind::Date, 23),
            (Kind::DateTime, 4),
            (Kind::Integer, 10),
            (Kind::Decimal, 2),
            (Kind::Boolean, 26),
            (Kind::Code, 41),
            (Kind::TextList, 6),
            (Kind::CodeList, 12),
            (Kind::Attachment, 2),
            (Kind::Place, 9),
            (Kind::PlaceList, 1),
            (Kind::Country, 4),
            (Kind::Phone, 2),
        ] {
            assert_eq!(count(|field| field.kind == kind), fields, "{kind}");
        }
        for (compartment, fields) in [
            ("case", 78),
            ("profile", 30),
            ("identity", 18),
            ("account", 31),
            ("care", 13),
            ("legal", 12),
            ("perpetrator", 13),
            ("safety", 16),
        ] {
            assert_eq!(count(|field| field.compartment == compartment), fields, "{compartment}");
        }
        for (sensitivity, fields) in [
            ("identifier", 29),
            ("life_safety", 11),
            ("operational", 78),
            ("quasi_identifier", 34),
            ("special", 59),
        ] {
            assert_eq!(count(|field| field.sensitivity == sensitivity), fields, "{sensitivity}");
        }
        assert_eq!(count(|field| field.index == Index::Exact), 18);
        assert_eq!(count(|field| field.index == Index::Phonetic), 7);
        assert_eq!(count(|field| field.required), 22);
        assert_eq!(count(|field| field.free_text), 14);
        assert_eq!(count(|field| field.generalise.is_some()), 23);
    }

    /// Stored bytes depend on this order.
    #[test]
    fn the_order_of_the_compartments_is_fixed() {
        let schema = Schema::peru().unwrap();
        let names: Vec<&str> = schema.compartments().iter().map(|c| c.name.as_str()).collect();
        let order =
            ["case", "profile", "identity", "account", "care", "legal", "perpetrator", "safety"];
        assert_eq!(names, order);
        let administer: Vec<_> = schema.roles().iter().filter(|role| role.administers).collect();
        assert_eq!((administer.len(), administer[0].name.as_str()), (1, "director"));
    }
}
