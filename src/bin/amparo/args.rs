//! What can be typed. Help texts are Fluent messages (`help.rs`), so no argument has any here.

mod audit;

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand};

use crate::messages::Lang;
use crate::output::Format;

pub(crate) use audit::{Audit, AuditShow};

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

#[derive(Args)]
pub(crate) struct Init {
    #[arg(long, value_name = "TEXT")]
    pub(crate) name: String,
    #[arg(long, value_name = "FILE|peru", default_value = "peru")]
    pub(crate) schema: PathBuf,
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
pub(crate) enum Record {
    Add(RecordAdd),
    Show {
        #[arg(value_name = "ID")]
        id: String,
        #[arg(long = "field", value_name = "FIELD")]
        fields: Vec<String>,
        #[arg(long, conflicts_with = "fields")]
        children: bool,
    },
    List {
        #[arg(value_name = "TYPE")]
        record_type: String,
        #[arg(long, value_name = "ID")]
        parent: Option<String>,
        #[arg(long, value_name = "N", default_value_t = 100)]
        limit: usize,
    },
    Edit {
        #[arg(value_name = "ID")]
        id: String,
        #[arg(long = "set", value_name = "FIELD=VALUE")]
        sets: Vec<String>,
        #[arg(long = "clear", value_name = "FIELD")]
        clears: Vec<String>,
        #[arg(long, value_name = "FILE|-")]
        json: Option<PathBuf>,
        #[arg(long, value_name = "N")]
        revision: Option<u32>,
        #[arg(long)]
        erase_old: bool,
    },
    History {
        #[arg(value_name = "ID")]
        id: String,
    },
}

#[derive(Args)]
pub(crate) struct RecordAdd {
    #[arg(value_name = "TYPE")]
    pub(crate) record_type: String,
    #[arg(long, value_name = "ID")]
    pub(crate) parent: Option<String>,
    #[arg(long = "set", value_name = "FIELD=VALUE")]
    pub(crate) sets: Vec<String>,
    #[arg(long, value_name = "FILE|-")]
    pub(crate) json: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct Erase {
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    #[arg(long, value_name = "REASON")]
    pub(crate) reason: String,
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: Option<String>,
    #[arg(long = "final")]
    pub(crate) finish: bool,
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

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

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Hold {
    #[command(subcommand)]
    pub(crate) command: Option<Holds>,
    #[arg(value_name = "ID", required = true)]
    pub(crate) id: Option<String>,
    #[arg(long, value_name = "TEXT", required = true)]
    pub(crate) because: Option<String>,
    #[arg(long)]
    pub(crate) lift: bool,
}

#[derive(Subcommand)]
pub(crate) enum Holds {
    List,
}

#[derive(Subcommand)]
pub(crate) enum Retention {
    List {
        #[arg(long, value_name = "DATE")]
        on: Option<amparo::Date>,
        #[arg(long, value_name = "DAYS", default_value_t = 0)]
        within: u32,
        #[arg(long, value_name = "N", default_value_t = 1000)]
        limit: usize,
    },
}

#[derive(Args)]
pub(crate) struct Find {
    #[arg(value_name = "TYPE")]
    pub(crate) record_type: String,
    #[arg(value_name = "FIELD")]
    pub(crate) field: String,
    #[arg(value_name = "VALUE|-")]
    pub(crate) value: String,
}

#[derive(Args)]
pub(crate) struct Import {
    #[arg(value_name = "TYPE")]
    pub(crate) record_type: String,
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[arg(long, value_name = "MAP.toml")]
    pub(crate) map: Option<PathBuf>,
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[arg(long, value_name = "N", default_value_t = 1000,
          value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) batch: u16,
}

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
