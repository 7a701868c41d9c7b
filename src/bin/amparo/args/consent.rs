//! What can be typed about consent, and who receives.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Subcommand)]
pub(crate) enum Consent {
    Give(Box<Terms>),
    Ask(Box<Terms>),
    Refuse(Box<Answer>),
    Withdraw(Box<Answer>),
    Note(Box<Note>),
    Show {
        #[arg(value_name = "PERSON")]
        person: String,
    },
    Check {
        #[arg(value_name = "PERSON")]
        person: String,
        #[arg(long, value_name = "P")]
        purpose: String,
        #[arg(long, value_name = "R")]
        recipient: String,
        #[arg(long, value_name = "FIELD")]
        field: Option<String>,
        #[arg(long, value_name = "A")]
        action: Option<String>,
        #[arg(long, value_name = "I")]
        identifiability: Option<String>,
        #[arg(long, value_name = "TIME")]
        at: Option<String>,
    },
    Override {
        #[arg(value_name = "PERSON")]
        person: String,
        #[arg(long, value_name = "P")]
        purpose: String,
        #[arg(long, value_name = "R")]
        recipient: String,
        #[arg(long, value_name = "BASIS")]
        basis: String,
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[arg(long = "field", value_name = "FIELD")]
        fields: Vec<String>,
        #[arg(long, value_name = "TIME")]
        until: Option<String>,
        #[arg(long)]
        once: bool,
        #[arg(long)]
        told: bool,
    },
    Approve {
        #[arg(value_name = "OVERRIDE_ID")]
        id: String,
    },
    Block {
        #[arg(value_name = "PERSON")]
        who: String,
        #[arg(long, value_name = "REASON")]
        because: String,
        #[arg(long = "for", value_name = "PERSON")]
        subject: Option<String>,
    },
    Disclose {
        #[arg(value_name = "PERSON")]
        person: String,
        #[arg(long, value_name = "P")]
        purpose: String,
        #[arg(long, value_name = "R")]
        recipient: String,
        #[arg(long = "field", value_name = "FIELD", required = true)]
        fields: Vec<String>,
    },
    Recalls {
        #[arg(value_name = "PERSON")]
        person: String,
    },
    Print {
        #[arg(value_name = "PERSON")]
        person: String,
        #[arg(long, value_name = "FILE.pdf")]
        out: PathBuf,
        #[arg(long)]
        full: bool,
        #[arg(long, value_name = "TEXT")]
        name: Option<String>,
        #[arg(long, value_name = "TEXT")]
        contact: Option<String>,
    },
    Export {
        #[arg(value_name = "PERSON")]
        person: String,
        #[arg(long = "as", value_name = "dpv|fhir")]
        form: Form,
        #[arg(long, value_name = "TEXT")]
        contact: Option<String>,
    },
    Import {
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[arg(long, value_name = "PERSON")]
        person: Option<String>,
    },
}

/// The form of consents that other programs read.
#[derive(Clone, Copy, clap::ValueEnum)]
pub(crate) enum Form {
    Dpv,
    Fhir,
}

/// What is agreed to.
#[derive(Args)]
pub(crate) struct Terms {
    #[arg(value_name = "PERSON")]
    pub(crate) person: String,
    #[arg(long = "purpose", value_name = "P", required = true)]
    pub(crate) purposes: Vec<String>,
    #[arg(long = "recipient", value_name = "R", required = true)]
    pub(crate) recipients: Vec<String>,
    #[arg(long, value_name = "DATE")]
    pub(crate) until: String,
    #[arg(long = "category", value_name = "C")]
    pub(crate) categories: Vec<String>,
    #[arg(long = "field", value_name = "F")]
    pub(crate) fields: Vec<String>,
    #[arg(long = "condition", value_name = "C")]
    pub(crate) conditions: Vec<String>,
    #[arg(long = "action", value_name = "A")]
    pub(crate) actions: Vec<String>,
    #[arg(long, value_name = "I")]
    pub(crate) identifiability: Option<String>,
    #[command(flatten)]
    pub(crate) said: Said,
}

/// What else happened to a consent.
#[derive(Args)]
pub(crate) struct Note {
    #[arg(value_name = "PERSON")]
    pub(crate) person: String,
    #[arg(value_name = "CONSENT_ID")]
    pub(crate) consent: String,
    #[arg(value_name = "EVENT")]
    pub(crate) event: String,
    #[arg(long, value_name = "DATE")]
    pub(crate) until: Option<String>,
    #[arg(long, value_name = "CONSENT_ID")]
    pub(crate) by_consent: Option<String>,
    #[arg(long = "purpose", value_name = "P")]
    pub(crate) purposes: Vec<String>,
    #[arg(long = "recipient", value_name = "R")]
    pub(crate) recipients: Vec<String>,
    #[command(flatten)]
    pub(crate) said: Said,
}

/// What is refused or taken back.
#[derive(Args)]
pub(crate) struct Answer {
    #[arg(value_name = "PERSON")]
    pub(crate) person: String,
    #[arg(long, value_name = "P")]
    pub(crate) purpose: String,
    #[arg(long, value_name = "R")]
    pub(crate) recipient: String,
    #[command(flatten)]
    pub(crate) said: Said,
}

/// Who said it, how, when.
#[derive(Args)]
pub(crate) struct Said {
    #[arg(long, value_name = "PARTY", default_value = "subject")]
    pub(crate) by: String,
    #[arg(long, value_name = "AUTHORITY")]
    pub(crate) authority: Option<String>,
    #[arg(long, value_name = "ID")]
    pub(crate) who: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub(crate) name: Option<String>,
    #[arg(long, value_name = "MODE", default_value = "written")]
    pub(crate) mode: String,
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,
    #[arg(long = "witness", value_name = "TEXT")]
    pub(crate) witnesses: Vec<String>,
    #[arg(long, value_name = "TAG")]
    pub(crate) language: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub(crate) interpreter: Option<String>,
    #[arg(long, value_name = "FILE")]
    pub(crate) notice: Option<PathBuf>,
    #[arg(long = "evidence", value_name = "FILE")]
    pub(crate) evidence: Vec<PathBuf>,
}

#[derive(Subcommand)]
pub(crate) enum Recipient {
    Add {
        #[arg(value_name = "NAME")]
        name: String,
        #[arg(value_name = "AGE_RECIPIENT")]
        age_recipient: String,
        #[arg(long, value_name = "KIND")]
        kind: String,
        #[arg(long, value_name = "TEXT")]
        organisation: Option<String>,
    },
    List,
}
