//! Codes of Peruvian places, which always carry the scheme they belong to.

use std::fmt;
use std::str::FromStr;

use zeroize::Zeroize;

use crate::error::{Error, ErrorKind, Result};

/// A district's six-digit UBIGEO code, with the office that gave it.
///
/// INEI and RENIEC number most districts differently, so bare digits could name either of two
/// places and are refused.
///
/// ```
/// use amparo::{PlaceCode, PlaceScheme};
/// let lima: PlaceCode = "inei:150101".parse()?;
/// assert_eq!((lima.scheme(), lima.number()), (PlaceScheme::Inei, 150_101));
/// assert!("150101".parse::<PlaceCode>().is_err());
/// # Ok::<(), amparo::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceCode {
    scheme: PlaceScheme,
    digits: u32,
}

impl PlaceCode {
    /// The code made of a scheme and a number below one million.
    ///
    /// # Errors
    ///
    /// `BadValue` for a larger number.
    pub fn new(scheme: PlaceScheme, number: u32) -> Result<Self> {
        if number > MAX_NUMBER {
            return Err(Error::new(ErrorKind::BadValue, "a place code has six digits"));
        }
        Ok(Self { scheme, digits: number })
    }

    /// Who gave the code.
    #[must_use]
    pub const fn scheme(self) -> PlaceScheme {
        self.scheme
    }

    /// The six digits as a number.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.digits
    }

    /// The number of the department, its first two digits.
    #[must_use]
    pub const fn department(self) -> u32 {
        self.digits / 10_000
    }
}

impl Zeroize for PlaceCode {
    fn zeroize(&mut self) {
        self.digits.zeroize();
    }
}

crate::spelling::spelled!(PlaceCode);

impl fmt::Display for PlaceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{:06}", self.scheme.name(), self.digits)
    }
}

impl fmt::Debug for PlaceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PlaceCode(..)")
    }
}

impl FromStr for PlaceCode {
    type Err = Error;

    /// Reads `inei:150101` or `reniec:140101`, in either case.
    fn from_str(text: &str) -> Result<Self> {
        let text = text.trim();
        let Some((scheme, digits)) = text.split_once(':') else {
            let bare = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            let why = if bare {
                "a place code needs its scheme: inei:NNNNNN or reniec:NNNNNN"
            } else {
                "not a place code of the form inei:NNNNNN or reniec:NNNNNN"
            };
            return Err(Error::new(ErrorKind::BadValue, why));
        };
        let bad = |why| Error::new(ErrorKind::BadValue, why);
        let scheme = PlaceScheme::ALL
            .iter()
            .find(|known| known.name().eq_ignore_ascii_case(scheme.trim()))
            .ok_or_else(|| bad("no such scheme of place codes: inei or reniec"))?;
        let digits = digits.trim();
        if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(bad("a place code has six digits"));
        }
        let number = digits.parse().map_err(|_| bad("a place code has six digits"))?;
        Self::new(*scheme, number)
    }
}

/// Who numbers the districts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum PlaceScheme {
    /// The statistics office.
    Inei,
    /// The civil registry, whose codes stand on identity documents.
    Reniec,
}

impl PlaceScheme {
    /// Both schemes.
    pub const ALL: &[Self] = &[Self::Inei, Self::Reniec];

    /// The name before the colon.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Inei => "inei",
            Self::Reniec => "reniec",
        }
    }
}

const MAX_NUMBER: u32 = 999_999;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_carries_its_scheme() {
        let detail = |text: &str| text.parse::<PlaceCode>().unwrap_err().detail();
        assert!(detail("150101").contains("needs its scheme"));
        for bad in
            ["", "inei", "inei:", "inei:15010", "inei:1501011", "inei:+15010", "sunat:150101"]
        {
            assert!(!detail(bad).contains("needs its scheme"), "{bad}");
        }
        let code: PlaceCode = " INEI: 010101 ".parse().unwrap();
        assert_eq!(code.to_string(), "inei:010101");
        assert_eq!(code.department(), 1);
        assert_eq!(format!("{code:?}"), "PlaceCode(..)");
        assert!(PlaceCode::new(PlaceScheme::Inei, 1_000_000).is_err());
    }
}
