//! Text about people inside the ledger: wiped on drop, silent in `Debug`, written only into the
//! ledger's own entries and the documents that a caller asks for.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::secret::SecretText;

#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub(crate) struct Words(SecretText);

impl Words {
    pub(crate) fn as_str(&self) -> &str {
        self.0.expose()
    }
}

impl From<&str> for Words {
    fn from(text: &str) -> Self {
        Self(text.trim().into())
    }
}

impl Serialize for Words {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(text.into()))
    }
}
