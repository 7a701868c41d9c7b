//! What can be typed about the vault as a whole: checks, backups, restores.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Args)]
pub(crate) struct Check {
    #[arg(long, conflicts_with = "repair")]
    pub(crate) quick: bool,
    #[arg(long)]
    pub(crate) repair: bool,
}

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Backup {
    #[command(subcommand)]
    pub(crate) command: Option<KnownBackups>,
    #[arg(value_name = "FILE", required = true)]
    pub(crate) file: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub(crate) since: Vec<PathBuf>,
    #[arg(long, value_name = "escrow|directors")]
    pub(crate) to: Option<SealTo>,
    #[arg(long, value_name = "TEXT")]
    pub(crate) label: Option<String>,
}

#[derive(Subcommand)]
pub(crate) enum KnownBackups {
    List,
    Forget {
        #[arg(value_name = "ID")]
        id: String,
    },
}

/// Who can open a backup.
#[derive(Clone, Copy, clap::ValueEnum)]
pub(crate) enum SealTo {
    Escrow,
    Directors,
}

#[derive(Args)]
pub(crate) struct Restore {
    #[arg(value_name = "FILE", required_unless_present = "accept")]
    pub(crate) file: Option<PathBuf>,
    #[arg(value_name = "DIR", required_unless_present = "accept")]
    pub(crate) dir: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub(crate) base: Vec<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub(crate) erasures: Vec<PathBuf>,
    #[arg(long)]
    pub(crate) drill: bool,
    #[arg(long, value_name = "CODE", conflicts_with_all = ["file", "dir", "base", "erasures", "drill"])]
    pub(crate) accept: Option<String>,
}
