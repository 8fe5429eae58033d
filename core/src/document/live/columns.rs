//! The columns that a change is stored in, read one by one.

use automerge::Change;

use crate::sync::reader::{ReadError, Reader};

/// Hands over each column of a change: its specification and its data.
///
/// # Errors
/// The bytes are not as a change's are.
pub(super) fn each_column<'a>(
    change: &'a Change,
    mut take: impl FnMut(u64, &'a [u8]),
) -> Result<(), ReadError> {
    let mut reader = columns(change.raw_bytes())?;
    let count = reader.uleb()?;
    let mut lengths = reader;
    for _ in 0..count {
        reader.uleb()?;
        reader.uleb()?;
    }
    for _ in 0..count {
        let specification = lengths.uleb()?;
        take(specification, reader.take(length(&mut lengths)?)?);
    }
    Ok(())
}

/// What follows the header of a change: its columns.
fn columns(chunk: &[u8]) -> Result<Reader<'_>, ReadError> {
    const MAGIC_CHECKSUM_KIND: usize = 9;
    const HASH: usize = 32;
    let mut reader = Reader::new(chunk);
    reader.take(MAGIC_CHECKSUM_KIND)?;
    reader.uleb()?;
    let dependencies = length(&mut reader)?;
    reader.take(dependencies.saturating_mul(HASH))?;
    skip(&mut reader)?;
    // Sequence number, first operation and time.
    reader.uleb()?;
    reader.uleb()?;
    reader.sleb()?;
    // The message.
    skip(&mut reader)?;
    for _ in 0..reader.uleb()? {
        skip(&mut reader)?;
    }
    Ok(reader)
}

fn length(reader: &mut Reader<'_>) -> Result<usize, ReadError> {
    usize::try_from(reader.uleb()?).map_err(|_| ReadError::End)
}

/// Passes over bytes behind their length.
fn skip(reader: &mut Reader<'_>) -> Result<(), ReadError> {
    let length = length(reader)?;
    reader.take(length).map(drop)
}

/// A number, and the bytes behind it where it counts some.
type Held<'a> = (u64, &'a [u8]);

/// A run-length encoded column of numbers or texts.
#[derive(Clone, Debug)]
pub(super) struct Column<'a> {
    rest: Reader<'a>,
    holds_texts: bool,
    /// How much of the run is left.
    left: u64,
    /// Whether each value of the run is written out.
    is_literal: bool,
    value: Option<Held<'a>>,
}

impl Default for Column<'_> {
    fn default() -> Self {
        Self::of(&[], false)
    }
}

impl<'a> Column<'a> {
    pub(super) fn of(data: &'a [u8], holds_texts: bool) -> Self {
        Self {
            rest: Reader::new(data),
            holds_texts,
            left: 0,
            is_literal: false,
            value: None,
        }
    }

    /// The next value; none is a null, of which there are as many as one wants at the end.
    pub(super) fn next(&mut self) -> Result<Option<Held<'a>>, ReadError> {
        while self.left == 0 {
            if self.rest.is_empty() {
                return Ok(None);
            }
            let run = self.rest.sleb()?;
            self.is_literal = run < 0;
            (self.left, self.value) = match run {
                0 => (self.rest.uleb()?, None),
                run if run > 0 => (run.unsigned_abs(), Some(self.read()?)),
                run => (run.unsigned_abs(), None),
            };
        }
        if self.is_literal {
            self.value = Some(self.read()?);
        }
        self.left = self.left.saturating_sub(1);
        Ok(self.value)
    }

    fn read(&mut self) -> Result<Held<'a>, ReadError> {
        let number = self.rest.uleb()?;
        let length = if self.holds_texts { number } else { 0 };
        let text = self
            .rest
            .take(usize::try_from(length).map_err(|_| ReadError::End)?)?;
        Ok((number, text))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn read(data: &[u8], holds_texts: bool, count: usize) -> Vec<Option<Held<'_>>> {
        let mut column = Column::of(data, holds_texts);
        (0..count).map(|_| column.next().unwrap()).collect()
    }

    #[test]
    fn runs_literals_and_nulls_are_read() {
        // Three times 5; the two numbers 6 and 7; two nulls; and nothing more.
        let data = [3, 5, 0x7e, 6, 7, 0, 2];
        let numbers = [5, 5, 5, 6, 7].map(|number| Some((number, &[][..])));
        let expected = [&numbers[..], &[None; 4]].concat();
        assert_eq!(read(&data, false, 9), expected);
        assert_eq!(read(&[2, 1, b'a'], true, 2), [Some((1, &b"a"[..])); 2]);
    }

    /// Automerge passes over a run of no nulls.
    #[test]
    fn a_run_of_nothing_is_nothing() {
        assert_eq!(
            read(&[0, 0, 0, 0, 1, 9], false, 2),
            [Some((9, &[][..])), None]
        );
    }

    #[test]
    fn what_ends_early_is_an_error() {
        for data in [&[3][..], &[0x7e, 1], &[1, 0x80]] {
            let mut column = Column::of(data, false);
            assert!((0..3).any(|_| column.next().is_err()), "{data:?}");
        }
    }
}
