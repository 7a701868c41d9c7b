//! Types for secret bytes: wiped on drop, silent in `Debug`, never serialised.

use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

/// A secret key of `N` bytes, on the heap, wiped on drop.
pub(crate) struct Key<const N: usize = 32>(Box<Zeroizing<[u8; N]>>);

impl<const N: usize> Key<N> {
    /// Lets `fill` write the key in place, so that no copy stays on the stack.
    pub(crate) fn init_with(fill: impl FnOnce(&mut [u8; N])) -> Self {
        let mut key = Self(Box::new(Zeroizing::new([0; N])));
        fill(&mut key.0);
        key
    }

    pub(crate) fn from_slice(bytes: &[u8]) -> Option<Self> {
        (bytes.len() == N).then(|| Self::init_with(|key| key.copy_from_slice(bytes)))
    }

    /// Named so that every exposure can be found.
    pub(crate) fn expose(&self) -> &[u8; N] {
        &self.0
    }

    /// As [`Key::expose`], to write a part of it in place.
    pub(crate) fn expose_mut(&mut self) -> &mut [u8; N] {
        &mut self.0
    }
}

impl<const N: usize> Clone for Key<N> {
    fn clone(&self) -> Self {
        Self::init_with(|key| key.copy_from_slice(self.expose()))
    }
}

impl<const N: usize> PartialEq for Key<N> {
    fn eq(&self, other: &Self) -> bool {
        self.expose().ct_eq(other.expose()).into()
    }
}

impl<const N: usize> fmt::Debug for Key<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(..)")
    }
}

/// Secret bytes of any length, wiped on drop.
pub(crate) type SecretBytes = Zeroizing<Vec<u8>>;

/// Text that must not be shown or left in memory: a passphrase, a name, an account.
///
/// ```
/// let name = amparo::SecretText::from("Flor de Prueba");
/// assert_eq!(format!("{name:?}"), "SecretText(..)");
/// assert_eq!(name.expose(), "Flor de Prueba");
/// ```
#[derive(Clone, Default)]
pub struct SecretText(String);

impl SecretText {
    /// The text itself. The caller decides where it goes.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl Zeroize for SecretText {
    fn zeroize(&mut self) {
        self.0.zeroize();
    }
}

impl Drop for SecretText {
    fn drop(&mut self) {
        self.zeroize();
    }
}

impl PartialEq for SecretText {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl Eq for SecretText {}

/// Not in constant time: for sets of words that were opened already.
impl Ord for SecretText {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}

impl PartialOrd for SecretText {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl From<String> for SecretText {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for SecretText {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_names_the_type_only() {
        let key: Key = Key::init_with(|k| k.fill(7));
        assert_eq!(format!("{key:?}"), "Key(..)");
        assert_eq!(format!("{:?}", SecretText::from("canary")), "SecretText(..)");
    }
}
