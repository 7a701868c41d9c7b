//! What can be typed about people and their keys.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Subcommand)]
pub(crate) enum Identity {
    New {
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[arg(long)]
        no_passphrase: bool,
    },
    Card {
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

#[derive(Subcommand)]
pub(crate) enum Member {
    Add {
        #[arg(value_name = "NAME")]
        name: String,
        #[arg(value_name = "CARD")]
        card: String,
        #[arg(long, value_name = "ROLE")]
        role: String,
        #[arg(long, value_name = "FILE")]
        second: Option<PathBuf>,
    },
    Remove {
        #[arg(value_name = "NAME")]
        name: String,
        #[arg(long, value_name = "FILE")]
        second: Option<PathBuf>,
    },
    List,
}

#[derive(Subcommand)]
pub(crate) enum Escrow {
    Setup(EscrowSetup),
    Drill {
        #[arg(long = "share", value_name = "FILE", required = true, num_args = 1..)]
        shares: Vec<PathBuf>,
    },
    Recover(EscrowRecover),
    Replace(EscrowReplace),
    CheckShare {
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[arg(long, value_name = "CARD", requires = "out")]
        seal_to: Option<String>,
        #[arg(long, value_name = "FILE", requires = "seal_to")]
        out: Option<PathBuf>,
    },
}

#[derive(Args)]
pub(crate) struct EscrowSetup {
    #[arg(long, value_name = "K")]
    pub(crate) quorum: u8,
    #[arg(long = "custodian", value_name = "NAME=AGE_RECIPIENT", required = true)]
    pub(crate) custodians: Vec<String>,
    #[command(flatten)]
    pub(crate) hand_over: HandOver,
}

/// Where shares go, and who signs too.
#[derive(Args)]
pub(crate) struct HandOver {
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    #[arg(long, value_name = "FILE.pdf")]
    pub(crate) print: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub(crate) second: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct EscrowRecover {
    #[arg(long = "share", value_name = "FILE", required = true, num_args = 1..)]
    pub(crate) shares: Vec<PathBuf>,
    #[arg(long, value_name = "CARD")]
    pub(crate) new_director: String,
    #[arg(long, value_name = "TEXT")]
    pub(crate) name: Option<String>,
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    #[arg(long, value_name = "FILE.pdf")]
    pub(crate) print: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct EscrowReplace {
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    #[arg(value_name = "NEW_NAME=AGE_RECIPIENT")]
    pub(crate) new: String,
    #[command(flatten)]
    pub(crate) hand_over: HandOver,
}
