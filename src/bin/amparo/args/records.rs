//! What can be typed about records.

use std::path::PathBuf;

use clap::{Args, Subcommand};

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
