//! `cargo xtask wasm`: the engine for the browser, and the npm package around it.
//!
//! The generator is a library of ours rather than a program to install, so that its version always is
//! the one `Cargo.lock` has for `wasm-bindgen` (they must match exactly).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use wasm_bindgen_cli_support::Bindgen;

use crate::project::{self, cargo};
use crate::{size, step, tools};

const TARGET: &str = "wasm32-unknown-unknown";

pub(crate) fn run() -> Result<()> {
    let module = package()?;
    size::report(&module)
}

/// Builds the npm package into `wasm/pkg`, ready for `npm pack`; answers the module's path.
pub(crate) fn package() -> Result<PathBuf> {
    let module = build()?;
    let folder = project::root().join("wasm");
    write_types(&folder)?;
    tools::npm(&folder)?;
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
    }
    let text = serde_json::to_string_pretty(&manifest)?;
    fs::write(folder.join("pkg/package.json"), text + "\n").context("cannot write the manifest")
}

/// The names of the modules a WebAssembly module imports from.
///
/// # Errors
/// When the bytes are not a WebAssembly module.
pub(crate) fn import_modules(bytes: &[u8]) -> Result<Vec<String>> {
    const IMPORTS: u8 = 2;
    let mut reader = Reader(bytes);
    ensure!(reader.take(8)?.starts_with(b"\0asm"), "no module");
    while !reader.0.is_empty() {
        let id = reader.byte()?;
        let size = reader.number()?;
        let mut section = Reader(reader.take(size)?);
        if id != IMPORTS {
            continue;
        }
        let mut modules = Vec::new();
        for _ in 0..section.number()? {
            let module = section.name()?;
            section.name()?;
            section.description()?;
            if !modules.contains(&module) {
                modules.push(module);
            }
        }
        return Ok(modules);
    }
    Ok(Vec::new())
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count).context("cut short")?;
        self.0 = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8> {
        let (byte, rest) = self.0.split_first().context("cut short")?;
        self.0 = rest;
        Ok(*byte)
    }

    /// A LEB128 number of at most 32 bits.
    fn number(&mut self) -> Result<usize> {
        let mut number = 0_usize;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        bail!("a number of more than 32 bits")
    }

    fn name(&mut self) -> Result<String> {
        let length = self.number()?;
        let bytes = self.take(length)?;
        String::from_utf8(bytes.to_vec()).context("a name that is not UTF-8")
    }

    /// Skips what an import is: a function, a table, a memory, a global or a tag.
    fn description(&mut self) -> Result<()> {
        match self.byte()? {
            0 => drop(self.number()?),
            1 => {
                self.byte()?;
                self.limits()?;
            }
            2 => self.limits()?,
            3 => drop(self.take(2)?),
            4 => {
                self.byte()?;
                self.number()?;
            }
            other => bail!("an import of unknown kind {other}"),
        }
        Ok(())
    }

    fn limits(&mut self) -> Result<()> {
        let has_maximum = self.byte()? & 1 == 1;
        self.number()?;
        if has_maximum {
            self.number()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_found() {
        let header = b"\0asm\x01\0\0\0";
        let types = [1, 4, 1, 0x60, 0, 0];
        let imports = [
            &[2, 17, 2][..],
            b"\x03env\x01a\x00\x00",
            b"\x03env\x01b\x00\x00",
        ];
        let module = [&header[..], &types, &imports.concat()].concat();
        assert_eq!(import_modules(&module).unwrap(), ["env"]);
        assert!(import_modules(&module[..module.len() - 3]).is_err());
        assert!(import_modules(b"MZ").is_err());
    }
}
