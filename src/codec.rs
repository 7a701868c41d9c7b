//! Fixed-width little-endian bytes, written and read with every length bounded.

use crate::error::{Error, ErrorKind, Result};

/// Appends fixed-width values to a buffer.
#[derive(Default)]
pub(crate) struct Writer(Vec<u8>);

impl Writer {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self(Vec::with_capacity(bytes))
    }

    pub(crate) fn u8(&mut self, value: u8) -> &mut Self {
        self.0.push(value);
        self
    }

    pub(crate) fn u16(&mut self, value: u16) -> &mut Self {
        self.raw(&value.to_le_bytes())
    }

    pub(crate) fn u32(&mut self, value: u32) -> &mut Self {
        self.raw(&value.to_le_bytes())
    }

    pub(crate) fn u64(&mut self, value: u64) -> &mut Self {
        self.raw(&value.to_le_bytes())
    }

    /// Bytes of a width that the reader knows.
    pub(crate) fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }

    /// A `u32` length, then the bytes. Saturates, and the reader's bound then refuses it.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.u32(u32::try_from(bytes.len()).unwrap_or(u32::MAX)).raw(bytes)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn as_slice(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn into_vec(self) -> Vec<u8> {
        self.0
    }
}

/// Reads what [`Writer`] wrote; every short, long or overlong input is `Tampered`.
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) fn take(&mut self, len: usize) -> Result<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(len).ok_or_else(cut_short)?;
        self.0 = tail;
        Ok(head)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let (head, tail) = self.0.split_first_chunk().ok_or_else(cut_short)?;
        self.0 = tail;
        Ok(*head)
    }

    pub(crate) fn u8(&mut self) -> Result<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub(crate) fn u16(&mut self) -> Result<u16> {
        self.array().map(u16::from_le_bytes)
    }

    pub(crate) fn u32(&mut self) -> Result<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub(crate) fn u64(&mut self) -> Result<u64> {
        self.array().map(u64::from_le_bytes)
    }

    /// A `u32` length of at most `max`, then the bytes.
    pub(crate) fn bytes(&mut self, max: usize) -> Result<&'a [u8]> {
        let len = self.u32()? as usize;
        if len > max {
            return Err(Error::new(ErrorKind::Tampered, "a stored length is out of bounds"));
        }
        self.take(len)
    }

    pub(crate) const fn remaining(&self) -> usize {
        self.0.len()
    }

    /// Refuses trailing bytes: one meaning has one encoding.
    pub(crate) fn finish(self) -> Result<()> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Error::new(ErrorKind::Tampered, "stored bytes have a tail"))
        }
    }
}

fn cut_short() -> Error {
    Error::new(ErrorKind::Tampered, "stored bytes end early")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_nothing_else() {
        let mut writer = Writer::new();
        writer.u8(1).u16(2).u32(3).u64(4).bytes(b"five");
        let bytes = writer.into_vec();
        let mut reader = Reader::new(&bytes);
        assert_eq!((reader.u8().unwrap(), reader.u16().unwrap()), (1, 2));
        assert_eq!((reader.u32().unwrap(), reader.u64().unwrap()), (3, 4));
        assert_eq!(reader.bytes(4).unwrap(), b"five");
        reader.finish().unwrap();
        assert!(Reader::new(&bytes[15..]).bytes(3).is_err());
        assert!(Reader::new(&bytes).finish().is_err());
    }
}
