//! Invented cases for `amparo demo`, and what a thief finds of them on the disk.
//!
//! Nobody in them exists: every maternal surname says so.

mod answers;
pub(crate) mod cases;
pub(crate) mod names;
pub(crate) mod territory;
pub(crate) mod thief;

use amparo::{Date, RecordDraft, Timestamp};
use fastrand::Rng;

/// A record and what stands under it.
pub(crate) struct Invented {
    pub(crate) draft: RecordDraft,
    pub(crate) children: Vec<Self>,
}

impl Invented {
    pub(crate) const fn leaf(draft: RecordDraft) -> Self {
        Self { draft, children: Vec::new() }
    }
}

/// The seed: every demo is the same demo.
pub(crate) const SEED: u64 = 20_260_630;

/// A day counted back from the one day that the demo takes for today.
pub(crate) fn days_ago(days: i64) -> Date {
    Timestamp::from_second(TODAY - days * 86_400).map(Timestamp::date).unwrap_or_default()
}

/// A moment of such a day.
pub(crate) fn hour_of(days: i64, hour: i64) -> Timestamp {
    Timestamp::from_second(TODAY - days * 86_400 + hour * 3600).unwrap_or_default()
}

/// One of a list.
pub(crate) fn pick<T: Copy + Default>(rng: &mut Rng, list: &[T]) -> T {
    rng.choice(list).copied().unwrap_or_default()
}

/// Whether something happens, so many times in a hundred.
pub(crate) fn chance(rng: &mut Rng, percent: u8) -> bool {
    rng.u8(..100) < percent
}

/// 2026-06-30T00:00:00Z.
const TODAY: i64 = 1_782_777_600;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn today_is_the_last_day_of_june() {
        assert_eq!(days_ago(0).to_string(), "2026-06-30");
        assert_eq!(days_ago(181).to_string(), "2025-12-31");
        assert_eq!(hour_of(1, 9).to_string(), "2026-06-29T09:00:00Z");
    }
}
