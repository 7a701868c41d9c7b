//! One file for each command.

pub(crate) use panic::Hurry;

use crate::args::Command;
use crate::failure::Failure;
use crate::session::Session;

mod attach;
mod audit;
mod backup;
mod check;
mod consent;
mod custody;
mod demo;
mod erase;
mod escrow;
mod export;
mod find;
mod generate;
mod hold;
mod identity;
mod import;
mod init;
mod member;
mod open;
mod panic;
mod policy;
mod recipient;
mod record;
mod reseal;
mod restore;
mod retention;
mod review;
mod schema;
mod status;
mod verify;

/// Runs what was asked for.
pub(crate) fn run(session: &Session, command: Command) -> Result<(), Failure> {
    match command {
        Command::Demo(args) => demo::run(session, &args.dir),
        Command::Identity(command) => identity::run(session, &command),
        Command::Init(args) => init::run(session, &args),
        Command::Status => status::run(session),
        Command::Member(command) => member::run(session, &command),
        Command::Schema(command) => schema::run(session, &command),
        Command::Record(command) => record::run(session, command),
        Command::Find(args) => find::run(session, args),
        Command::Import(args) => import::run(session, &args),
        Command::Attach(args) => attach::run(session, &args),
        Command::Custody(args) => custody::run(session, &args),
        Command::Consent(command) => consent::run(session, command),
        Command::Recipient(command) => recipient::run(session, &command),
        Command::Policy(command) => policy::run(session, &command),
        Command::Review(command) => review::run(session, &command),
        Command::Export(args) => export::run(session, args),
        Command::Open(args) => open::run(session, &args),
        Command::Verify(args) => verify::run(session, &args),
        Command::Erase(args) => erase::run(session, &args),
        Command::Hold(args) => hold::run(session, &args),
        Command::Retention(command) => retention::run(session, &command),
        Command::Reseal => reseal::run(session),
        Command::Escrow(command) => escrow::run(session, &command),
        Command::Audit(command) => audit::run(session, &command),
        Command::Check(args) => check::run(session, &args),
        Command::Backup(args) => backup::run(session, &args),
        Command::Restore(args) => restore::run(session, &args),
        Command::Panic => panic::run(session),
        Command::Generate(command) => generate::run(session, &command),
    }
}
