//! What can be typed about the log.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Subcommand)]
pub(crate) enum Audit {
    Show(AuditShow),
    Checkpoint {
        #[arg(long, value_name = "FILE")]
        since: Option<PathBuf>,
    },
    Witness {
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

#[derive(Args)]
pub(crate) struct AuditShow {
    #[arg(long, value_name = "ID")]
    pub(crate) record: Option<String>,
    #[arg(long, value_name = "TIME", conflicts_with_all = ["html", "for_person"])]
    pub(crate) since: Option<String>,
    #[arg(long, value_name = "FILE.html", requires = "record")]
    pub(crate) html: Option<PathBuf>,
    #[arg(long, value_name = "FILE.html", requires = "record")]
    pub(crate) for_person: Option<PathBuf>,
}
