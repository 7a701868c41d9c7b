//! Exact decimal numbers, for money.

use std::fmt;
use std::str::FromStr;

use zeroize::Zeroize;

use crate::error::{Error, ErrorKind, Result};

/// An exact decimal number with at most six digits after the point.
///
/// Trailing zeros are no part of it: `1.50` and `1.5` are the same number.
///
/// ```
/// use amparo::Decimal;
/// let debt: Decimal = "1500.50".parse()?;
/// assert_eq!(debt, Decimal::new(15_005, 1)?);
/// assert_eq!(debt.to_string(), "1500.5");
/// # Ok::<(), amparo::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Zeroize)]
pub struct Decimal {
    mantissa: i64,
    scale: u8,
}

impl Decimal {
    /// The number `mantissa / 10^scale`.
    ///
    /// # Errors
    ///
    /// `BadValue` if more than six digits after the point are needed.
    pub fn new(mut mantissa: i64, mut scale: u8) -> Result<Self> {
        while scale > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        if scale > MAX_SCALE {
            let why = "a decimal has at most six digits after the point";
            return Err(Error::new(ErrorKind::BadValue, why));
        }
        Ok(Self { mantissa, scale })
    }

    /// The digits without the point.
    #[must_use]
    pub const fn mantissa(self) -> i64 {
        self.mantissa
    }

    /// How many of the digits stand after the point; the last of them is not zero.
    #[must_use]
    pub const fn scale(self) -> u8 {
        self.scale
    }
}

impl From<i64> for Decimal {
    fn from(whole: i64) -> Self {
        Self { mantissa: whole, scale: 0 }
    }
}

crate::spelling::spelled!(Decimal);

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let power = 10_u64.pow(u32::from(self.scale));
        let digits = self.mantissa.unsigned_abs();
        write!(f, "{sign}{}", digits / power)?;
        if self.scale > 0 {
            write!(f, ".{:0width$}", digits % power, width = usize::from(self.scale))?;
        }
        Ok(())
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Decimal(..)")
    }
}

impl FromStr for Decimal {
    type Err = Error;

    /// Reads an optional sign, digits, and at most six digits after a point. A comma is
    /// refused: some read it as a point, some as a mark of thousands.
    fn from_str(text: &str) -> Result<Self> {
        let bad = || Error::new(ErrorKind::BadValue, "not a decimal number with a point");
        let text = text.trim();
        let (negative, digits) = match text.strip_prefix(['-', '+']) {
            Some(rest) => (text.starts_with('-'), rest),
            None => (false, text),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
        let plain = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        if !(plain(whole) && plain(part)) {
            return Err(bad());
        }
        let part = part.trim_end_matches('0');
        let mut mantissa = 0_i64;
        for digit in whole.bytes().chain(part.bytes()) {
            let digit = i64::from(digit - b'0');
            let signed = if negative { -digit } else { digit };
            mantissa =
                mantissa.checked_mul(10).and_then(|m| m.checked_add(signed)).ok_or_else(bad)?;
        }
        Self::new(mantissa, u8::try_from(part.len()).map_err(|_| bad())?)
    }
}

const MAX_SCALE: u8 = 6;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_number_has_one_spelling() {
        for (text, shown) in [
            ("0", "0"),
            ("-0.0", "0"),
            ("1500.50", "1500.5"),
            ("+7", "7"),
            ("-0.000001", "-0.000001"),
            ("007.10", "7.1"),
            ("-9223372036854775808", "-9223372036854775808"),
            ("100", "100"),
        ] {
            assert_eq!(text.parse::<Decimal>().unwrap().to_string(), shown);
        }
        for bad in [
            "",
            ".",
            "1.",
            ".5",
            "1,5",
            "1.5.1",
            "1e3",
            "--1",
            "9223372036854775808",
            "0.0000001",
            "S/ 3",
        ] {
            assert!(bad.parse::<Decimal>().is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn a_decimal_survives_its_spelling(mantissa: i64, scale in 0..=6_u8) {
            let number = Decimal::new(mantissa, scale).unwrap();
            prop_assert_eq!(number.to_string().parse::<Decimal>().unwrap(), number);
        }
    }
}
