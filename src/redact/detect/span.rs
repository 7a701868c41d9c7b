//! A stretch of a text, and how stretches that overlap become one.

use crate::redact::SpanKind;

/// A stretch of a text that may identify somebody.
///
/// Offsets count Unicode scalar values (`char`s) of the text as it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TextSpan {
    /// The first scalar value.
    pub start: usize,
    /// The one after the last; greater than `start`.
    pub end: usize,
    /// What it may identify somebody by.
    pub kind: SpanKind,
    /// The one known person whom it names, by her index; absent when it could be several.
    pub who: Option<usize>,
}

impl TextSpan {
    /// A span of a kind that names nobody known.
    #[must_use]
    pub const fn new(start: usize, end: usize, kind: SpanKind) -> Self {
        Self { start, end, kind, who: None }
    }

    /// The same span, naming a known person.
    #[must_use]
    pub const fn naming(self, who: Option<usize>) -> Self {
        Self { who, ..self }
    }

    const fn len(&self) -> usize {
        self.end.saturating_sub(self.start)
    }
}

/// Sorts spans and makes one of those that overlap: their union, of the kind of the longest.
pub(super) fn merged(mut spans: Vec<TextSpan>) -> Vec<TextSpan> {
    spans.retain(|span| span.start < span.end);
    spans.sort_by_key(|span| (span.start, span.end, span.kind));
    let mut out: Vec<TextSpan> = Vec::with_capacity(spans.len());
    // The longest of the spans that went into the last one.
    let mut longest = 0;
    for span in spans {
        match out.last_mut() {
            Some(last) if span.start < last.end => {
                if span.len() > longest {
                    (longest, last.kind, last.who) = (span.len(), span.kind, span.who);
                } else if span.len() == longest && last.kind == span.kind {
                    last.who = last.who.or(span.who);
                }
                last.end = last.end.max(span.end);
            }
            _ => {
                longest = span.len();
                out.push(span);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_spans_become_their_union_of_the_kind_of_the_longest() {
        let spans = vec![
            TextSpan::new(8, 12, SpanKind::Date),
            TextSpan::new(0, 3, SpanKind::Person).naming(Some(1)),
            TextSpan::new(2, 9, SpanKind::Address),
            TextSpan::new(12, 14, SpanKind::Phone),
            TextSpan::new(20, 20, SpanKind::Phone),
        ];
        let expected =
            [TextSpan::new(0, 12, SpanKind::Address), TextSpan::new(12, 14, SpanKind::Phone)];
        assert_eq!(merged(spans), expected);
    }
}
