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

    #[test]
    fn the_catalogue_is_whole() {
        let schema = Schema::peru().unwrap();
        let fields: usize = schema.record_types().iter().map(|t| t.fields.len()).sum();
        assert_eq!((schema.record_types().len(), fields), (22, 211));
        // 52 of the catalogue, and the four closed lists that stood in fields.
        assert_eq!(schema.vocabularies().count(), 56);
        assert_eq!(schema.compartments().len(), 8);
    }
}
