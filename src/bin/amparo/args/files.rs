//! What can be typed about attached files.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Args)]
pub(crate) struct Attach {
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    #[arg(value_name = "FILE", requires = "kind")]
    pub(crate) file: Option<PathBuf>,
    #[arg(long, value_name = "KIND", requires = "file")]
    pub(crate) kind: Option<String>,
    #[arg(long, value_name = "NAME", requires = "file")]
    pub(crate) collected_by: Option<String>,
    #[arg(long, value_name = "TIME", requires = "file")]
    pub(crate) collected_at: Option<String>,
    #[arg(long, value_name = "TEXT", requires = "file")]
    pub(crate) collected_where: Option<String>,
    #[arg(long, value_name = "TEXT", requires = "file")]
    pub(crate) note: Option<String>,
    #[arg(long, value_name = "COMPARTMENT", requires = "file")]
    pub(crate) compartment: Option<String>,
    #[arg(long, value_name = "FIELD", requires = "file")]
    pub(crate) field: Option<String>,
    #[arg(long, value_name = "FILE", conflicts_with = "file")]
    pub(crate) out: Option<PathBuf>,
    #[arg(long, conflicts_with_all = ["file", "out"], required_unless_present_any = ["file", "out"])]
    pub(crate) list: bool,
}

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Custody {
    #[arg(value_name = "ATTACHMENT_ID", required = true)]
    pub(crate) id: Option<String>,
    #[arg(long, value_name = "DIR", required = true)]
    pub(crate) out: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: Option<CustodyCommand>,
}

#[derive(Subcommand)]
pub(crate) enum CustodyCommand {
    HandOver(CustodyHandOver),
}

#[derive(Args)]
pub(crate) struct CustodyHandOver {
    #[arg(value_name = "ATTACHMENT_ID")]
    pub(crate) id: String,
    #[arg(long, value_name = "TEXT")]
    pub(crate) to: String,
    #[arg(long, value_name = "TEXT")]
    pub(crate) from: Option<String>,
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub(crate) why: Option<String>,
}
