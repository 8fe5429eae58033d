//! `cargo xtask wasm`: the engine for the browser.
//!
//! The generator is a library of ours rather than a program to install, so that its version always is
//! the one `Cargo.lock` has for `wasm-bindgen` (they must match exactly).

use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};
use wasm_bindgen_cli_support::Bindgen;

use crate::project::{self, cargo};
use crate::step;
use crate::tools;

const TARGET: &str = "wasm32-unknown-unknown";

pub(crate) fn run() -> Result<()> {
    let module = build()?;
    let bytes = std::fs::metadata(&module)?.len();
    eprintln!("{} ({} KB)", module.display(), bytes / 1024);
    Ok(())
}

/// Builds the module and its JavaScript into `wasm/pkg`; answers the module's path.
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
    let package = project::root().join("wasm/pkg");
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
        .and_then(|generator| generator.generate(&package))
        .context("wasm-bindgen's generator failed")?;
    let module = package.join("yilian_bg.wasm");
    ensure!(
        module.is_file(),
        "the generator wrote no {}",
        module.display()
    );
    Ok(module)
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
