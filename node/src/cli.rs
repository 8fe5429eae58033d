//! The command line: arguments in, a node in between, sentences, tables or JSON out.
//!
//! One module for each noun. `args` says what can be asked, with its texts in both languages, and
//! `usage` what is wrong with what was; `out` is the only way to standard output; a `Failure` ends a command with a sentence and a code.

use std::process::ExitCode;

mod args;
mod calendar_file;
mod case;
mod context;
mod doctor;
mod documents;
mod export;
mod failure;
mod findings;
mod history;
mod import;
mod init;
mod label;
mod language;
mod log;
mod noun;
mod open_now;
mod out;
mod people;
mod qr;
mod refused;
mod report;
mod request;
mod roster;
mod sheet;
mod shift_id;
mod site;
mod status;
mod supply;
mod sync;
mod timeline;
mod usage;

use args::{Command, RosterCommand};
use context::Context;
use failure::Failure;
use noun::RecordVerb;
use yilian_core::records::{Shift, Typed as _};

/// Runs what the arguments ask for.
pub(crate) fn run() -> ExitCode {
    let language = language::of_process();
    let arguments: Vec<_> = std::env::args_os().collect();
    let arguments = match usage::parse(&arguments, language) {
        Ok(arguments) => arguments,
        Err(answer) => return answer.print(),
    };
    trace();
    yilian_node::verifier::quieten();
    let context = Context::new(&arguments, language);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(command(&context, arguments.command)),
        Err(error) => Err(Failure::from_error(
            ("系统不给线程", "the operating system gives no threads"),
            &error,
        )),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.print(&context),
    }
}

/// What happens inside goes to standard error where `YILIAN_LOG` asks for it, and nowhere else.
fn trace() {
    if let Ok(filter) = tracing_subscriber::EnvFilter::try_from_env("YILIAN_LOG") {
        tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(std::io::stderr)
            .init();
    }
}

async fn command(context: &Context, command: Command) -> Result<(), Failure> {
    match command {
        Command::Init(init) => init::run(context, init),
        Command::Roster { command } => roster_command(context, command).await,
        Command::Report { command } => report::run(context, command).await,
        Command::Findings(asked) => findings::run(context, &asked).await,
        Command::History { record } => history::run(context, &record).await,
        Command::Case { command } => case::run(context, command).await,
        Command::Request { command } => request::run(context, command).await,
        Command::Sync(asked) => sync::run(context, &asked).await,
        Command::Status => status::run(context).await,
        Command::Supply { command } => supply::run(context, command).await,
        Command::Export { directory } => export::run(context, &directory).await,
        Command::Doctor(asked) => doctor::run(context, &asked),
        Command::Refused { command } => refused::run(context, command).await,
        Command::OpenNow(asked) => open_now::run(context, &asked).await,
        Command::Qr(asked) => qr::run(context, asked).await,
        Command::Noun(noun) => noun::run(context, noun).await,
    }
}

async fn roster_command(context: &Context, command: RosterCommand) -> Result<(), Failure> {
    match command {
        RosterCommand::Import { file, month, site } => {
            import::roster(context, &file, month, &site).await
        }
        RosterCommand::Show {
            month,
            site,
            output,
        } => roster::show::run(context, month, &site, output).await,
        RosterCommand::Calendar { of, person } => roster::calendar::run(context, of, person).await,
        RosterCommand::Set { shift, fields } => roster::edit::set(context, &shift, &fields).await,
        RosterCommand::Add { site, fields } => roster::edit::add(context, &site, &fields).await,
        RosterCommand::Remove { shifts } => roster::edit::remove(context, &shifts).await,
        RosterCommand::Restore { several } => {
            noun::record(context, &Shift::KIND, RecordVerb::Restore { several }).await
        }
        RosterCommand::History { one } => {
            noun::record(context, &Shift::KIND, RecordVerb::History { one }).await
        }
        RosterCommand::Undo { month, site } => roster::edit::undo(context, month, &site).await,
    }
}
