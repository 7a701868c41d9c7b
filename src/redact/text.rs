//! Free text as somebody approved it: which parts of it do not leave.

use crate::id::RecordId;

/// A text that was read whole and approved, bound to the very text that it is applied to.
#[derive(Clone, Debug, Default)]
pub(crate) struct ApprovedText {
    /// Sorted, apart from each other.
    pub(crate) spans: Vec<ApprovedSpan>,
}

/// A part that does not leave as it is, in Unicode scalar values from the start of the text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct ApprovedSpan {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// The record about the person whom it names, if it is a name.
    pub(crate) who: Option<RecordId>,
}

impl ApprovedText {
    /// The text cut at the spans: each piece, and the span it is under.
    pub(crate) fn cut<'a, 'b>(&'b self, text: &'a str) -> Vec<(&'a str, Option<&'b ApprovedSpan>)> {
        let mut places = text.char_indices().map(|(at, _)| at).chain([text.len()]).enumerate();
        let mut byte =
            |scalar: usize| places.find(|(nth, _)| *nth == scalar).map_or(text.len(), |(_, at)| at);
        let mut pieces = Vec::new();
        let mut done = 0;
        let mut scalar_done = 0;
        for span in &self.spans {
            // The iterator only moves on: the end of one span may be the start of the next.
            let start = if span.start == scalar_done { done } else { byte(span.start) };
            let end = byte(span.end);
            if let Some(before) = text.get(done..start).filter(|piece| !piece.is_empty()) {
                pieces.push((before, None));
            }
            if let Some(under) = text.get(start..end).filter(|piece| !piece.is_empty()) {
                pieces.push((under, Some(span)));
            }
            (done, scalar_done) = (end, span.end);
        }
        if let Some(rest) = text.get(done..).filter(|piece| !piece.is_empty()) {
            pieces.push((rest, None));
        }
        pieces
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_pieces_are_the_text(text in ".{0,40}", cuts in prop::collection::vec(0_usize..45, 0..6)) {
            let length = text.chars().count();
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(length)).collect();
            cuts.sort_unstable();
            cuts.dedup();
            let spans: Vec<ApprovedSpan> = cuts
                .chunks_exact(2)
                .map(|cut| ApprovedSpan { start: cut[0], end: cut[1], who: None })
                .collect();
            let approved = ApprovedText { spans: spans.clone() };
            let pieces = approved.cut(&text);
            let whole: String = pieces.iter().map(|(words, _)| *words).collect();
            prop_assert_eq!(&whole, &text);
            let under: Vec<String> =
                pieces.iter().filter(|(_, span)| span.is_some()).map(|(w, _)| (*w).to_owned()).collect();
            let expected: Vec<String> = spans
                .iter()
                .map(|span| text.chars().skip(span.start).take(span.end - span.start).collect())
                .collect();
            prop_assert_eq!(under, expected);
        }
    }

    #[test]
    fn spans_that_touch_stay_two() {
        let span = |start, end| ApprovedSpan { start, end, who: None };
        let approved = ApprovedText { spans: vec![span(0, 2), span(2, 3)] };
        let pieces: Vec<_> =
            approved.cut("a\u{f1}bc").iter().map(|(w, s)| (*w, s.is_some())).collect();
        assert_eq!(pieces, [("a\u{f1}", true), ("b", true), ("c", false)]);
    }
}
