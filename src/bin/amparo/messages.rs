//! Words in Spanish and English, from the Fluent files under `i18n/`.

use std::ffi::OsString;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use crate::output::shown;

/// The words of one language.
pub(crate) struct Messages {
    lang: Lang,
    bundle: FluentBundle<FluentResource>,
}

/// A language that the command line speaks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, clap::ValueEnum)]
pub(crate) enum Lang {
    Es,
    En,
}

impl From<Lang> for amparo::Language {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::Es => Self::Spanish,
            Lang::En => Self::English,
        }
    }
}

impl Messages {
    pub(crate) fn new(lang: Lang) -> Self {
        let mut bundle = FluentBundle::new(vec![lang.identifier()]);
        bundle.set_use_isolating(false);
        for source in lang.sources() {
            // A broken line loses one message, never the program; a test reads every file.
            let resource = FluentResource::try_new((*source).to_owned())
                .unwrap_or_else(|(resource, _)| resource);
            bundle.add_resource_overriding(resource);
        }
        Self { lang, bundle }
    }

    pub(crate) const fn lang(&self) -> Lang {
        self.lang
    }

    /// The message of this id; the id itself if there is none.
    pub(crate) fn format(&self, id: &str, args: &[(&str, FluentValue<'_>)]) -> String {
        self.find(id, args).unwrap_or_else(|| id.to_owned())
    }

    /// The message of this id, if there is one. Its variables may be words that others entered.
    pub(crate) fn find(&self, id: &str, args: &[(&str, FluentValue<'_>)]) -> Option<String> {
        let pattern = self.bundle.get_message(id)?.value()?;
        let safe = |value: &FluentValue<'_>| match value {
            FluentValue::String(words) => FluentValue::from(shown(words)),
            value => value.into_owned(),
        };
        let args: FluentArgs<'_> = args.iter().map(|(key, value)| (*key, safe(value))).collect();
        Some(self.bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned())
    }

    /// An attribute of a message: the help of an argument stands under its command.
    pub(crate) fn attribute(&self, id: &str, attribute: &str) -> Option<String> {
        let pattern = self.bundle.get_message(id)?.get_attribute(attribute)?.value();
        Some(self.bundle.format_pattern(pattern, None, &mut Vec::new()).into_owned())
    }
}

impl Lang {
    /// The language asked for: `--lang` before anything is parsed, since the help itself has a
    /// language; else `LANG`; else English.
    pub(crate) fn detect(args: &[OsString], environment: Option<&str>) -> Self {
        let mut asked = None;
        let mut args = args.iter().filter_map(|arg| arg.to_str());
        while let Some(arg) = args.next() {
            match arg.strip_prefix("--lang") {
                Some("") => asked = args.next(),
                Some(rest) => asked = rest.strip_prefix('=').or(asked),
                None if arg == "--" => break,
                None => {}
            }
        }
        let language = asked.or(environment).unwrap_or_default();
        if language.to_ascii_lowercase().starts_with("es") { Self::Es } else { Self::En }
    }

    /// The label of a language, where the schema gives both.
    pub(crate) const fn pick<'a>(self, es: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Es => es,
            Self::En => en,
        }
    }

    fn identifier(self) -> LanguageIdentifier {
        // An unknown language would only cost plural forms; both of these are known.
        self.pick("es-PE", "en").parse().unwrap_or_default()
    }

    const fn sources(self) -> &'static [&'static str] {
        match self {
            Self::Es => &[
                include_str!("../../../i18n/es/help.ftl"),
                include_str!("../../../i18n/es/attach.ftl"),
                include_str!("../../../i18n/es/errors.ftl"),
                include_str!("../../../i18n/es/words.ftl"),
                include_str!("../../../i18n/es/import.ftl"),
                include_str!("../../../i18n/es/demo.ftl"),
                include_str!("../../../i18n/es/consent.ftl"),
                include_str!("../../../i18n/es/export.ftl"),
                include_str!("../../../i18n/es/keys.ftl"),
                include_str!("../../../i18n/es/audit.ftl"),
                include_str!("../../../i18n/es/backup.ftl"),
                include_str!("../../../i18n/es/escrow.ftl"),
                include_str!("../../../i18n/es/hold.ftl"),
            ],
            Self::En => &[
                include_str!("../../../i18n/en/help.ftl"),
                include_str!("../../../i18n/en/attach.ftl"),
                include_str!("../../../i18n/en/errors.ftl"),
                include_str!("../../../i18n/en/words.ftl"),
                include_str!("../../../i18n/en/import.ftl"),
                include_str!("../../../i18n/en/demo.ftl"),
                include_str!("../../../i18n/en/consent.ftl"),
                include_str!("../../../i18n/en/export.ftl"),
                include_str!("../../../i18n/en/keys.ftl"),
                include_str!("../../../i18n/en/audit.ftl"),
                include_str!("../../../i18n/en/backup.ftl"),
                include_str!("../../../i18n/en/escrow.ftl"),
                include_str!("../../../i18n/en/hold.ftl"),
            ],
        }
    }
}

/// A message with its variables: `text!(messages, "list-limit", limit = 100)`.
macro_rules! text {
    ($messages:expr, $id:expr $(, $key:ident = $value:expr)* $(,)?) => {
        $messages.format($id, &[$((stringify!($key), fluent_bundle::FluentValue::from($value))),*])
    };
}
pub(crate) use text;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_the_flag_then_the_environment_then_english() {
        let args = |list: &[&str]| list.iter().map(OsString::from).collect::<Vec<_>>();
        let detect = |list: &[&str], lang| Lang::detect(&args(list), lang);
        assert_eq!(detect(&["amparo"], None), Lang::En);
        assert_eq!(detect(&["amparo"], Some("es_PE.UTF-8")), Lang::Es);
        assert_eq!(detect(&["amparo", "--lang", "en"], Some("es_PE")), Lang::En);
        assert_eq!(detect(&["amparo", "status", "--lang=es"], None), Lang::Es);
        assert_eq!(detect(&["amparo", "--", "--lang=es"], None), Lang::En);
    }
}
