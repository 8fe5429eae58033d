//! `cargo xtask wasm`: the engine for the browser, and the npm package around it.
//!
//! The generator is a library of ours rather than a program to install, so that its version always is
//! the one `Cargo.lock` has for `wasm-bindgen` (they must match exactly).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use wasm_bindgen_cli_support::Bindgen;

use crate::project::{self, cargo};
use crate::{size, squeeze, step, tools};

const TARGET: &str = "wasm32-unknown-unknown";

pub(crate) fn run() -> Result<()> {
    let module = package()?;
    size::report(&module)
}

/// Builds the npm package into `wasm/pkg`, ready for `npm pack`; answers the module's path.
pub(crate) fn package() -> Result<PathBuf> {
    let folder = project::root().join("wasm");
    tools::npm(&folder)?;
    let module = build()?;
    squeeze::squeeze(&module, &folder)?;
    write_types(&folder)?;
    step::run(Command::new("node").current_dir(&folder).args([
        "node_modules/typescript/bin/tsc",
        "-p",
        ".",
    ]))?;
    let package = folder.join("pkg");
    for (from, name) in [
        ("wasm/README.md", "README.md"),
        ("LICENSE-APACHE", "LICENSE-APACHE"),
        ("LICENSE-MIT", "LICENSE-MIT"),
    ] {
        fs::copy(project::root().join(from), package.join(name))
            .with_context(|| format!("cannot copy {from}"))?;
    }
    write_manifest(&folder)?;
    Ok(module)
}

/// The package's reference, from what its sources say; what is not documented is an error.
pub(crate) fn reference() -> Result<()> {
    step::run(
        Command::new("npm")
            .current_dir(project::root().join("wasm"))
            .args(["run", "--silent", "docs"]),
    )
}

/// Builds the module and its JavaScript into `wasm/pkg/dist/engine`; answers the module's path.
pub(crate) fn build() -> Result<PathBuf> {
    tools::target(TARGET)?;
    step::run(cargo().args([
        "build",
        "-p",
        "yilian-wasm",
        "--lib",
        "--locked",
        "--profile",
        "wasm",
        "--target",
        TARGET,
        "--config",
        &shortened_paths()?,
    ]))?;
    let built = project::target()?
        .join(TARGET)
        .join("wasm")
        .join("yilian_wasm.wasm");
    let module = module();
    let engine = module.parent().context("the module lies in a folder")?;
    let mut generator = Bindgen::new();
    generator
        .input_path(&built)
        .out_name("yilian")
        .typescript(true)
        .remove_name_section(true)
        // Without the default path, whoever loads the module must know where it lies.
        .omit_default_module_path(false);
    generator
        .web(true)
        .and_then(|generator| generator.generate(engine))
        .context("wasm-bindgen's generator failed")?;
    ensure!(
        module.is_file(),
        "the generator wrote no {}",
        module.display()
    );
    Ok(module)
}

/// Names dependencies in messages without the folder of whoever builds: the same module everywhere, and a
/// smaller one.
fn shortened_paths() -> Result<String> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home
        .or_else(|| Some(std::env::home_dir()?.join(".cargo")))
        .context("cargo has no home")?;
    let mut flags = Vec::new();
    // None where every dependency is vendored.
    for registry in fs::read_dir(home.join("registry/src"))
        .into_iter()
        .flatten()
    {
        let registry = registry.context("cannot list cargo's registries")?.path();
        flags.push(format!("--remap-path-prefix={}=.", registry.display()));
    }
    Ok(format!("target.{TARGET}.rustflags={flags:?}"))
}

/// Where the module lies.
pub(crate) fn module() -> PathBuf {
    project::root().join("wasm/pkg/dist/engine/yilian_bg.wasm")
}

/// Keeps `js/generated.ts` what the definitions in Rust say.
fn write_types(folder: &Path) -> Result<()> {
    let run = ["run", "-q", "-p", "yilian-wasm", "--example", "typescript"];
    let types = cargo()
        .args(run)
        .arg("--locked")
        .stderr(Stdio::inherit())
        .output()
        .context("cannot run cargo")?;
    ensure!(types.status.success(), "the types could not be generated");
    let file = folder.join("js/generated.ts");
    if fs::read(&file).ok().as_ref() != Some(&types.stdout) {
        fs::write(&file, types.stdout).context("cannot write js/generated.ts")?;
        eprintln!("{} is new: commit it", file.display());
    }
    Ok(())
}

/// The manifest as it is published: without what only building needs.
fn write_manifest(folder: &Path) -> Result<()> {
    let manifest = fs::read(folder.join("package.json")).context("no wasm/package.json")?;
    let mut manifest: Value =
        serde_json::from_slice(&manifest).context("wasm/package.json is no JSON")?;
    if let Some(fields) = manifest.as_object_mut() {
        fields.remove("devDependencies");
        fields.remove("scripts");
    }
    let text = serde_json::to_string_pretty(&manifest)?;
    fs::write(folder.join("pkg/package.json"), text + "\n").context("cannot write the manifest")
}
