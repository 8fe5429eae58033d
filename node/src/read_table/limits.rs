use super::ReadTableError;

/// The most that is read of a file. A roster of a month has a few thousand rows and ten columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file as it lies on the disk.
    pub file_bytes: u64,
    /// Bytes of a workbook's parts, unpacked.
    pub unpacked_bytes: u64,
    /// Rows, the header included.
    pub rows: usize,
    /// Columns of any row.
    pub columns: usize,
    /// Bytes of one cell.
    pub cell_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 16 * 1024 * 1024,
            unpacked_bytes: 128 * 1024 * 1024,
            rows: 100_000,
            columns: 256,
            cell_bytes: 16 * 1024,
        }
    }
}

impl Limits {
    pub(super) fn exceeded(&self, file: &str, what: &'static str, limit: u64) -> ReadTableError {
        ReadTableError::TooLarge {
            file: file.to_owned(),
            what,
            limit,
        }
    }

    pub(super) fn check_cell(
        &self,
        file: &str,
        row: usize,
        column: usize,
        bytes: usize,
    ) -> Result<(), ReadTableError> {
        if row >= self.rows {
            return Err(self.exceeded(file, "rows", self.rows as u64));
        }
        if column >= self.columns {
            return Err(self.exceeded(file, "columns", self.columns as u64));
        }
        if bytes > self.cell_bytes {
            return Err(self.exceeded(file, "bytes of one cell", self.cell_bytes as u64));
        }
        Ok(())
    }
}
