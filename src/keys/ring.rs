//! The compartment keys that one session holds, by compartment and epoch.

use std::collections::BTreeMap;

use crate::codec::{Reader, Writer};
use crate::crypto::{fill_random, kdf, labels};
use crate::error::{Error, ErrorKind, Result};
use crate::secret::{Key, SecretBytes};

/// The implicit compartment that every member holds.
pub(crate) const VAULT: u8 = 0;
/// Most compartments of a schema, `vault` not counted.
pub(crate) const MAX_COMPARTMENTS: u8 = 31;
const MAX_KEYS: u32 = 4096;
/// Where the key for digests of texts stands once its epoch is retired.
const TEXT: u32 = 0;

/// CK\[compartment\]\[epoch\]; callers name a key and never hold its bytes for long.
#[derive(Clone, Default)]
pub(crate) struct KeyRing(BTreeMap<(u8, u32), Key>);

impl KeyRing {
    /// Fresh keys of epoch 1 for every compartment up to `compartments`, and `vault`.
    pub(crate) fn generate(compartments: u8) -> Result<Self> {
        let mut ring = Self::default();
        for compartment in VAULT..=compartments {
            ring.add_epoch(compartment, 1)?;
        }
        Ok(ring)
    }

    pub(crate) fn add_epoch(&mut self, compartment: u8, epoch: u32) -> Result<()> {
        let mut drawn = Ok(());
        let key = Key::init_with(|key| drawn = fill_random(key));
        drawn?;
        self.0.insert((compartment, epoch), key);
        Ok(())
    }

    /// The key of one epoch.
    pub(crate) fn get(&self, compartment: u8, epoch: u32) -> Result<&Key> {
        self.0.get(&(compartment, epoch)).ok_or_else(|| match compartment {
            // Every member holds all of it: it is the number that is wrong.
            VAULT => Error::new(ErrorKind::Tampered, "sealed under a key that never was"),
            _ => Error::new(ErrorKind::NoCompartment, "this role does not hold the compartment"),
        })
    }

    /// The newest epoch held of a compartment, with its key.
    pub(crate) fn newest(&self, compartment: u8) -> Result<(u32, &Key)> {
        self.0
            .range((compartment, 1)..=(compartment, u32::MAX))
            .next_back()
            .map(|((_, epoch), key)| (*epoch, key))
            .ok_or_else(|| {
                Error::new(ErrorKind::NoCompartment, "this role does not hold the compartment")
            })
    }

    pub(crate) fn holds(&self, compartment: u8) -> bool {
        self.newest(compartment).is_ok()
    }

    /// Every epoch held of a compartment, newest first.
    pub(crate) fn epochs(&self, compartment: u8) -> impl Iterator<Item = (u32, &Key)> {
        self.0
            .range((compartment, 1)..=(compartment, u32::MAX))
            .rev()
            .map(|((_, epoch), key)| (*epoch, key))
    }

    /// A fresh key for each of these compartments; only a holder may rotate one.
    pub(crate) fn rotate(&mut self, compartments: impl IntoIterator<Item = u8>) -> Result<()> {
        for compartment in compartments {
            let (epoch, _) = self.newest(compartment)?;
            let next = epoch.checked_add(1).ok_or_else(|| {
                Error::new(ErrorKind::TooLong, "a compartment was rotated too often")
            })?;
            self.add_epoch(compartment, next)?;
        }
        Ok(())
    }

    /// Drops every key that no record needs: all but the newest of each compartment. Those of
    /// `vault` stay, since the leaves of the log and the rosters are sealed under them for good.
    pub(crate) fn retire(&mut self) -> Result<()> {
        let held: std::collections::BTreeSet<u8> = self.0.keys().map(|(c, _)| *c).collect();
        for compartment in held.into_iter().filter(|c| *c != VAULT) {
            let text = self.text_key(compartment)?;
            let (newest, _) = self.newest(compartment)?;
            self.0.retain(|(c, epoch), _| *c != compartment || *epoch == newest);
            self.0.insert((compartment, TEXT), text);
        }
        Ok(())
    }

    /// The key for digests of texts: the same whatever was rotated since, so that a text that was
    /// read need not be read again.
    pub(crate) fn text_key(&self, compartment: u8) -> Result<Key> {
        if let Some(key) = self.0.get(&(compartment, TEXT)) {
            return Ok(key.clone());
        }
        Ok(kdf::derive(labels::TEXT_KEY, &[self.get(compartment, 1)?.expose()]))
    }

    /// The part of the ring that a role may hold; `vault` is always in it.
    pub(crate) fn subset(&self, compartments: &[u8]) -> Self {
        let keep = |c: u8| c == VAULT || compartments.contains(&c);
        Self(self.0.iter().filter(|((c, _), _)| keep(*c)).map(|(k, v)| (*k, v.clone())).collect())
    }

    pub(crate) fn to_bytes(&self) -> SecretBytes {
        let mut out = Writer::with_capacity(4 + self.0.len() * 37);
        out.u32(u32::try_from(self.0.len()).unwrap_or(u32::MAX));
        for ((compartment, epoch), key) in &self.0 {
            out.u8(*compartment).u32(*epoch).raw(key.expose());
        }
        SecretBytes::new(out.into_vec())
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let mut input = Reader::new(bytes);
        let count = input.u32()?;
        if count > MAX_KEYS {
            return Err(Error::new(ErrorKind::Tampered, "a grant holds too many keys"));
        }
        let mut ring = Self::default();
        for _ in 0..count {
            let (compartment, epoch) = (input.u8()?, input.u32()?);
            let key = input.take(32)?;
            let key = Key::init_with(|out| out.iter_mut().zip(key).for_each(|(o, k)| *o = *k));
            ring.0.insert((compartment, epoch), key);
        }
        input.finish()?;
        Ok(ring)
    }
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyRing(..)")
    }
}
