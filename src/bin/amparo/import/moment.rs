//! Dates as tables write them.

use amparo::Date;

/// How a column writes its dates: `DD/MM/YYYY`, `YYYY-MM-DD`, `D.M.YY`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DateFormat(Vec<Part>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Year,
    Month,
    Day,
    Literal(char),
}

impl DateFormat {
    /// `None` unless year, month and day each stand in it once and are held apart.
    pub(crate) fn parse(format: &str) -> Option<Self> {
        let mut parts = Vec::new();
        let mut chars = format.chars().peekable();
        while let Some(c) = chars.next() {
            while chars.next_if_eq(&c).is_some() {}
            parts.push(match c {
                'Y' | 'y' => Part::Year,
                'M' | 'm' => Part::Month,
                'D' | 'd' => Part::Day,
                c if c.is_alphanumeric() => return None,
                c => Part::Literal(c),
            });
        }
        let once = |part| parts.iter().filter(|known| **known == part).count() == 1;
        let apart = parts.len() == 5 && once(Part::Year) && once(Part::Month) && once(Part::Day);
        apart.then_some(Self(parts))
    }

    /// Reads a date; ISO dates (`2026-03-01`) are always understood.
    pub(crate) fn read(&self, text: &str) -> Option<Date> {
        if let Ok(date) = text.parse() {
            return Some(date);
        }
        let (mut year, mut month, mut day) = (0_i16, 0, 0);
        let mut rest = text;
        for part in &self.0 {
            if let Part::Literal(c) = part {
                rest = rest.strip_prefix(*c)?;
                continue;
            }
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let (number, tail) = rest.split_at_checked(digits)?;
            rest = tail;
            match part {
                // Two digits would be a guess at the century, and a wrong age.
                Part::Year if digits == 4 => year = number.parse().ok()?,
                Part::Month if digits <= 2 => month = number.parse().ok()?,
                Part::Day if digits <= 2 => day = number.parse().ok()?,
                _ => return None,
            }
        }
        if rest.is_empty() { Date::new(year, month, day).ok() } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_the_format_says_and_never_guessed() {
        let peru = DateFormat::parse("DD/MM/YYYY").unwrap();
        let read = |text| peru.read(text).map(|date| date.to_string());
        assert_eq!(read("03/04/2026").as_deref(), Some("2026-04-03"));
        assert_eq!(read("3/4/2026").as_deref(), Some("2026-04-03"));
        assert_eq!(read("2026-04-03").as_deref(), Some("2026-04-03"));
        for bad in ["3/4/26", "31/02/2026", "04/13/2026", "3-4-2026", "3/4/2026 x", "", "3//2026"] {
            assert_eq!(read(bad), None, "{bad}");
        }
        for bad in ["", "YYYY-MM", "DDMMYYYY", "DD/DD/YYYY", "HH/MM/YYYY"] {
            assert_eq!(DateFormat::parse(bad), None, "{bad}");
        }
    }
}
