//! As much of the WebAssembly format as the build needs to look into.

use anyhow::{Context, Result, bail, ensure};

const IMPORTS: u8 = 2;
const CODE: u8 = 10;

/// What is in a module.
#[derive(Debug, Default)]
pub(crate) struct Module<'a> {
    /// The names of the modules it imports from, each once.
    pub(crate) import_modules: Vec<String>,
    /// How many functions it imports: they are numbered first.
    pub(crate) imported_functions: usize,
    /// The functions it defines.
    pub(crate) bodies: Vec<&'a [u8]>,
}

impl<'a> Module<'a> {
    /// Reads a module.
    ///
    /// # Errors
    /// When the bytes are none.
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self> {
        let mut module = Self::default();
        let mut reader = Reader(bytes);
        ensure!(reader.take(8)?.starts_with(b"\0asm"), "no module");
        while !reader.0.is_empty() {
            let id = reader.byte()?;
            let size = reader.number()?;
            let section = Reader(reader.take(size)?);
            match id {
                IMPORTS => module.read_imports(section)?,
                CODE => module.read_code(section)?,
                _ => {}
            }
        }
        Ok(module)
    }

    fn read_imports(&mut self, mut section: Reader<'_>) -> Result<()> {
        for _ in 0..section.number()? {
            let module = section.name()?;
            section.name()?;
            self.imported_functions += usize::from(section.is_function()?);
            if !self.import_modules.contains(&module) {
                self.import_modules.push(module);
            }
        }
        Ok(())
    }

    fn read_code(&mut self, mut section: Reader<'a>) -> Result<()> {
        for _ in 0..section.number()? {
            let size = section.number()?;
            self.bodies.push(section.take(size)?);
        }
        Ok(())
    }
}

/// Writes a number as LEB128.
pub(crate) fn push_number(bytes: &mut Vec<u8>, number: usize) {
    let mut rest = number;
    loop {
        let byte = (rest & 0x7f) as u8;
        rest >>= 7;
        if rest == 0 {
            return bytes.push(byte);
        }
        bytes.push(byte | 0x80);
    }
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

    /// Reads what an import is (a function, a table, a memory, a global or a tag) up to its end.
    fn is_function(&mut self) -> Result<bool> {
        let kind = self.byte()?;
        match kind {
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
        Ok(kind == 0)
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
        let read = Module::read(&module).unwrap();
        assert_eq!(read.import_modules, ["env"]);
        assert_eq!(read.imported_functions, 2);
        assert!(Module::read(&module[..module.len() - 3]).is_err());
        assert!(Module::read(b"MZ").is_err());
    }
}
