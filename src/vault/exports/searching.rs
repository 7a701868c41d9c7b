//! The last look: finished files are searched for what was kept back.

use crate::error::{Place, Result};
use crate::export::{File, extract};
use crate::redact::{Mark, Redacted, RedactedView, Scan, Standing};
use crate::secret::SecretText;

/// Searches what is shown, so that both fields can be named, and then the finished files.
/// `render` makes the same files of a view in which nothing stands: their words tell nothing.
pub(super) fn searched(
    redacted: &Redacted,
    files: &[File],
    render: impl Fn(&RedactedView) -> Result<Vec<File>>,
) -> Result<Scan> {
    let Redacted { view, hidden, standing, kept, .. } = redacted;
    let mut words = Standing::default();
    for file in render(&view.skeleton())? {
        extract::texts(&file, |text| {
            words.add(text);
            Ok(())
        })?;
    }
    for mark in Mark::ALL {
        words.add(mark.words(view.cover().language));
    }
    for text in standing {
        words.add(text.expose());
    }
    let scan = Scan::new(hidden, kept, &words)?;
    search_view(view, &scan)?;
    for file in files {
        extract::texts(file, |text| scan.search(text))?;
    }
    Ok(scan)
}

fn search_view(view: &RedactedView, scan: &Scan) -> Result<()> {
    for record in view.records() {
        for field in record.fields() {
            let Some(shown) = field.shown() else { continue };
            let text: SecretText = shown.to_text(view.cover().language);
            scan.search(text.expose()).map_err(|error| {
                let within = format!("{}.{}", record.record_type(), field.name());
                let hidden = error.place().map(ToString::to_string).unwrap_or_default();
                error.at(Place::Schema(format!("{hidden} in {within}")))
            })?;
        }
    }
    Ok(())
}
