//! `yilian`: a node as a program, for people at a site and for scripts.

mod cli;

fn main() -> std::process::ExitCode {
    cli::run()
}
