//! What can be typed. Help texts are Fluent messages (`help.rs`), so no argument has any here.

mod audit;
mod backup;
mod consent;
mod exports;
mod files;
mod keys;
mod records;

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand};

use crate::messages::Lang;
use crate::output::Format;

pub(crate) use audit::{Audit, AuditShow};
pub(crate) use backup::{Backup, Check, KnownBackups, Restore, SealTo};
pub(crate) use consent::{Answer, Consent, Form, Note, Recipient, Said, Terms};
pub(crate) use exports::{Export, Open, Review, Verify};
pub(crate) use files::{Attach, Custody, CustodyCommand, CustodyHandOver};
pub(crate) use keys::{
    Escrow, EscrowRecover, EscrowReplace, EscrowSetup, HandOver, Identity, Member,
};
pub(crate) use records::{Erase, Find, Hold, Holds, Import, Record, RecordAdd, Retention};

// No `Debug`: `--set` carries values of records.
#[derive(Parser)]
#[command(
    name = "amparo",
    version,
    disable_help_flag = true,
    disable_help_subcommand = true,
    disable_version_flag = true,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) globals: Globals,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Flags of every command.
#[derive(Args)]
pub(crate) struct Globals {
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) vault: Option<PathBuf>,
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) identity: Option<PathBuf>,
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    // Read before the rest is parsed; here for the help and the check of its value.
    #[arg(long, global = true, value_name = "es|en")]
    pub(crate) lang: Option<Lang>,
    #[arg(long, global = true, value_name = "text|json", default_value = "text")]
    pub(crate) format: Format,
    #[arg(long, global = true, value_name = "TEXT")]
    pub(crate) fingerprint: Option<String>,
    #[arg(long, global = true)]
    pub(crate) yes: bool,
    #[arg(long, global = true)]
    pub(crate) quiet: bool,
    #[arg(short = 'h', long, global = true, action = ArgAction::Help)]
    pub(crate) help: Option<bool>,
    #[arg(short = 'V', long, action = ArgAction::Version)]
    pub(crate) version: Option<bool>,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    Demo(Demo),
    #[command(subcommand)]
    Identity(Identity),
    Init(Init),
    Status,
    #[command(subcommand)]
    Member(Member),
    #[command(subcommand)]
    Schema(Schema),
    #[command(subcommand)]
    Record(Record),
    Find(Find),
    Import(Import),
    Attach(Attach),
    Custody(Custody),
    #[command(subcommand)]
    Consent(Consent),
    #[command(subcommand)]
    Recipient(Recipient),
    #[command(subcommand)]
    Policy(Policy),
    #[command(subcommand)]
    Review(Review),
    Export(Export),
    Open(Open),
    Verify(Verify),
    Erase(Erase),
    Hold(Hold),
    #[command(subcommand)]
    Retention(Retention),
    Reseal,
    #[command(subcommand)]
    Escrow(Escrow),
    #[command(subcommand)]
    Audit(Audit),
    Check(Check),
    Backup(Backup),
    Restore(Restore),
    Panic,
    #[command(subcommand)]
    Generate(Generate),
}

#[derive(Args)]
pub(crate) struct Demo {
    #[arg(value_name = "DIR", default_value = "amparo-demo")]
    pub(crate) dir: PathBuf,
}

#[derive(Args)]
pub(crate) struct Init {
    #[arg(long, value_name = "TEXT")]
    pub(crate) name: String,
    #[arg(long, value_name = "FILE|peru", default_value = "peru")]
    pub(crate) schema: PathBuf,
}

#[derive(Subcommand)]
pub(crate) enum Schema {
    Show {
        #[arg(value_name = "TYPE")]
        record_type: Option<String>,
        #[arg(long, value_name = "FILE|peru")]
        schema: Option<PathBuf>,
    },
    Check {
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[arg(long, value_name = "FILE|peru")]
        after: Option<PathBuf>,
    },
}

#[derive(Subcommand)]
pub(crate) enum Policy {
    Show {
        #[arg(long)]
        source: bool,
    },
    Set {
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

#[derive(Subcommand)]
pub(crate) enum Generate {
    Man {
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
    Completions {
        #[arg(value_name = "bash|elvish|fish|powershell|zsh")]
        shell: clap_complete::Shell,
    },
}
