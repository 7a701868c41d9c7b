//! The table of Peruvian districts, read on first use.

use std::sync::OnceLock;

use crate::schema::{PlaceCode, PlaceScheme};

/// A district of Peru with its codes and names.
///
/// ```
/// use amparo::PlaceCode;
/// let tingo: PlaceCode = "inei:100601".parse()?;
/// let district = tingo.district().expect("in the table");
/// assert_eq!((district.province, district.department), ("Leoncio Prado", "Hu\u{e1}nuco"));
/// # Ok::<(), amparo::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct District {
    /// The code of the statistics office.
    pub inei: PlaceCode,
    /// The code of the civil registry; young districts have none.
    pub reniec: Option<PlaceCode>,
    /// The district's name.
    pub name: &'static str,
    /// The province's name.
    pub province: &'static str,
    /// The department's name.
    pub department: &'static str,
}

impl District {
    /// All districts, in the order of their INEI codes.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        table().by_inei.iter()
    }

    fn find(place: PlaceCode) -> Option<&'static Self> {
        let table = table();
        let index = match place.scheme() {
            PlaceScheme::Inei => table.by_inei.binary_search_by_key(&place, |row| row.inei).ok()?,
            PlaceScheme::Reniec => {
                let found = table.by_reniec.binary_search_by_key(&place, |(code, _)| *code).ok()?;
                table.by_reniec.get(found)?.1
            }
        };
        table.by_inei.get(index)
    }

    fn read(line: &'static str) -> Option<Self> {
        let mut columns = line.split('\t');
        let mut code = |scheme| {
            let number = columns.next()?.parse().ok()?;
            PlaceCode::new(scheme, number).ok()
        };
        let (inei, reniec) = (code(PlaceScheme::Inei), code(PlaceScheme::Reniec));
        Some(Self {
            inei: inei?,
            reniec,
            name: columns.next()?,
            province: columns.next()?,
            department: columns.next()?,
        })
    }
}

impl PlaceCode {
    /// The district of this code, if the table knows it: new districts are founded every year.
    #[must_use]
    pub fn district(self) -> Option<&'static District> {
        District::find(self)
    }

    /// The code that another office gave the same district, if it gave one.
    #[must_use]
    pub fn in_scheme(self, scheme: PlaceScheme) -> Option<Self> {
        if scheme == self.scheme() {
            return Some(self);
        }
        let district = self.district()?;
        match scheme {
            PlaceScheme::Inei => Some(district.inei),
            PlaceScheme::Reniec => district.reniec,
        }
    }

    pub(crate) fn is_known(self) -> bool {
        self.district().is_some()
    }
}

/// 1,891 rows: about 100 microseconds on first use, then two binary searches.
struct Table {
    by_inei: Vec<District>,
    by_reniec: Vec<(PlaceCode, usize)>,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let lines = SOURCE.lines().filter(|line| !line.starts_with('#'));
        let by_inei: Vec<District> = lines.filter_map(District::read).collect();
        let codes = by_inei.iter().enumerate().filter_map(|(at, row)| Some((row.reniec?, at)));
        let mut by_reniec: Vec<(PlaceCode, usize)> = codes.collect();
        by_reniec.sort_unstable();
        Table { by_inei, by_reniec }
    })
}

const SOURCE: &str = include_str!("districts.tsv");

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> PlaceCode {
        text.parse().unwrap()
    }

    #[test]
    fn the_table_is_whole_and_sorted() {
        let rows = SOURCE.lines().filter(|line| !line.starts_with('#')).count();
        let all: Vec<&District> = District::all().collect();
        assert_eq!((all.len(), rows), (1891, 1891));
        assert!(all.is_sorted_by(|a, b| a.inei < b.inei));
        assert_eq!(table().by_reniec.len(), 1839);
        assert!(table().by_reniec.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn codes_differ_for_most_districts() {
        let same = District::all()
            .filter(|d| d.reniec.is_some_and(|reniec| reniec.number() == d.inei.number()));
        let lone = District::all().filter(|d| d.reniec.is_none());
        assert_eq!((same.count(), lone.count()), (110, 52));
    }

    #[test]
    fn a_code_goes_over_and_back() {
        let lima = code("inei:150101");
        assert_eq!(lima.in_scheme(PlaceScheme::Reniec), Some(code("reniec:140101")));
        // The same digits name another district elsewhere.
        assert_eq!(code("reniec:150101").district().unwrap().department, "Loreto");
        for district in District::all() {
            if let Some(reniec) = district.reniec {
                assert_eq!(reniec.in_scheme(PlaceScheme::Inei), Some(district.inei));
            }
        }
        assert_eq!(code("inei:999999").district(), None);
        assert_eq!(code("inei:999999").in_scheme(PlaceScheme::Reniec), None);
        assert_eq!(code("inei:160806").in_scheme(PlaceScheme::Reniec), None);
    }
}
