//! `yilian-relay`: the relay as a program.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Parser as _;
use tracing_subscriber::EnvFilter;
use yilian_server::{Flags, Relay, Settings, SettingsError};

/// Gives memory back to the system once documents are out of use, as the system's own allocator does not.
#[cfg(not(target_env = "msvc"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let flags = Flags::parse();
    let filter = EnvFilter::try_from_env("YILIAN_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    yilian_node::verifier::quieten();
    match serve(flags) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let usage = error.downcast_ref::<SettingsError>().is_some();
            // Nobody may be reading; the exit code says it as well.
            let _ = writeln!(std::io::stderr(), "yilian-relay: {error:#}");
            ExitCode::from(if usage { 2 } else { 1 })
        }
    }
}

fn serve(flags: Flags) -> anyhow::Result<()> {
    let settings = Settings::read(flags)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the operating system gives no threads")?;
    runtime.block_on(async {
        let relay = Relay::start(settings).await?;
        let mut stdout = std::io::stdout();
        // Whoever started us may read no further than this.
        let _ = writeln!(stdout, "listening on {}", relay.url()).and_then(|()| stdout.flush());
        stopped().await?;
        tracing::info!("stopping");
        relay.stop().await;
        Ok(())
    })
}

/// Returns once the process is asked to stop.
async fn stopped() -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
        tokio::select! {
            _ = terminate.recv() => {}
            interrupted = tokio::signal::ctrl_c() => interrupted.context("cannot listen for SIGINT")?,
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c()
        .await
        .context("cannot listen for Ctrl-C")?;
    Ok(())
}
