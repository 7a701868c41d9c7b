//! What can be typed about what leaves, and what came from elsewhere.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Args)]
pub(crate) struct Export {
    #[arg(value_name = "ID", required_unless_present = "all")]
    pub(crate) id: Option<String>,
    #[arg(long, value_name = "TYPE", conflicts_with_all = ["id", "preview", "reference"])]
    pub(crate) all: Option<String>,
    #[arg(long, value_name = "PROFILE")]
    pub(crate) profile: String,
    #[arg(long, value_name = "P")]
    pub(crate) purpose: String,
    #[arg(long, value_name = "RECIPIENT")]
    pub(crate) to: String,
    #[arg(long, value_name = "DIR", required_unless_present = "preview")]
    pub(crate) out: Option<PathBuf>,
    #[arg(long, value_name = "FILE.html")]
    pub(crate) preview: Option<PathBuf>,
    #[arg(long, requires = "out")]
    pub(crate) plain: bool,
    #[arg(long = "field", value_name = "TYPE.FIELD")]
    pub(crate) fields: Vec<String>,
    #[arg(long, value_name = "TYPE.FIELD")]
    pub(crate) withhold: Vec<String>,
    #[arg(long, value_name = "CODE")]
    pub(crate) fulfilled: Vec<String>,
    #[arg(long, value_name = "FILE", requires = "out")]
    pub(crate) reference: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct Open {
    #[arg(value_name = "BUNDLE")]
    pub(crate) bundle: PathBuf,
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
}

#[derive(Args)]
pub(crate) struct Verify {
    #[arg(value_name = "PATH")]
    pub(crate) path: PathBuf,
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    #[arg(long, value_name = "KEY")]
    pub(crate) key: Option<String>,
    #[arg(long, value_name = "FILE")]
    pub(crate) since: Option<PathBuf>,
}

#[derive(Subcommand)]
pub(crate) enum Review {
    List {
        #[arg(value_name = "ID")]
        id: Option<String>,
    },
    Show {
        #[arg(value_name = "ID")]
        id: String,
        #[arg(value_name = "FIELD")]
        field: String,
    },
    Approve {
        #[arg(value_name = "ID")]
        id: String,
        #[arg(value_name = "FIELD")]
        field: String,
        #[arg(long, value_name = "FILE")]
        spans: PathBuf,
    },
    ApproveFile {
        #[arg(value_name = "ATTACHMENT_ID")]
        id: String,
    },
    Retract {
        #[arg(value_name = "ID")]
        id: String,
        #[arg(value_name = "FIELD")]
        field: Option<String>,
    },
    Release {
        #[arg(value_name = "ID")]
        id: String,
        #[arg(value_name = "FIELD")]
        field: String,
        #[arg(long, value_name = "P")]
        purpose: String,
        #[arg(long, value_name = "RECIPIENT")]
        to: String,
        #[arg(long, value_name = "TIME")]
        until: Option<String>,
    },
}
