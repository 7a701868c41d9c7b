//! stub
use crate::error::Result; use crate::record::FieldValue; use crate::schema::Field; use crate::secret::SecretText;
#[derive(Clone, PartialEq, Eq)] pub(crate) struct Word { pub(crate) kind: WordKind, pub(crate) text: SecretText }
#[derive(Clone, Copy, Debug, PartialEq, Eq)] pub(crate) enum WordKind { Exact = 1 }
pub(crate) fn words(_: &Field, v: &FieldValue) -> Vec<Word> { vec![Word{kind:WordKind::Exact,text:v.to_text()}] }
pub(crate) fn query(_: &Field, t: &str) -> Result<Vec<Word>> { Ok(vec![Word{kind:WordKind::Exact,text:t.into()}]) }
