//! What the log of a store is made of: records, each with what it says (checked as a whole) and the rows it brings (each
//! with a checksum of its own).

use automerge::ChangeHash;
use yilian_core::document::DocumentId;

const MAGIC: [u8; 4] = *b"ylog";
const END: [u8; 4] = *b"end.";

/// Bytes in the log, and their checksum.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) at: usize,
    pub(super) len: usize,
    pub(super) checksum: u32,
}

/// Some consecutive changes of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) first: u32,
    pub(super) count: u32,
    pub(super) chunk: Piece,
    /// Beside packed changes, what a graph needs to know of them.
    pub(super) nodes: Option<Piece>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) name: Option<String>,
    pub(super) heads: Vec<ChangeHash>,
    pub(super) moves_heads: bool,
    pub(super) remote_heads: Option<Vec<ChangeHash>>,
    pub(super) rows: Vec<Row>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    Document(DocumentId, Written),
    Setting(String, Option<Vec<u8>>),
    /// Rows instead of those that hold the same changes.
    Packed(DocumentId, Vec<Row>),
    Snapshot(DocumentId, u32, Vec<ChangeHash>, Piece),
    /// A document's log anew, with its heads.
    Anew(DocumentId, Vec<ChangeHash>, Vec<Row>),
}

/// A record in the making: entries, and the bytes that their pieces are of.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub(super) entries: Vec<Entry>,
    rows: Vec<u8>,
}

impl Record {
    /// Adds bytes; where they are is counted from where the record's rows begin.
    pub(super) fn piece(&mut self, bytes: &[u8]) -> Piece {
        let at = self.rows.len();
        self.rows.extend_from_slice(bytes);
        Piece {
            at,
            len: bytes.len(),
            checksum: crc32fast::hash(bytes),
        }
    }

    pub(super) fn write(&self) -> Vec<u8> {
        let mut body = Writer::default();
        body.list(&self.entries, Writer::entry);
        let mut out = Writer(MAGIC.to_vec());
        out.number(body.0.len());
        out.number(self.rows.len());
        out.number(crc32fast::hash(&body.0) as usize);
        out.0.extend(body.0);
        out.0.extend(&self.rows);
        out.0.extend(END);
        out.0
    }
}

/// The entries of a record and where the next begins; `None` where it was not finished.
pub(super) fn read(bytes: &[u8], at: usize) -> Option<(Vec<Entry>, usize)> {
    let mut header = Reader { bytes, at };
    if header.take(4)? != MAGIC {
        return None;
    }
    let (body_len, rows_len, checksum) = (header.number()?, header.number()?, header.number()?);
    let begin = header.at;
    let body = header.take(body_len)?;
    if crc32fast::hash(body) as usize != checksum {
        return None;
    }
    let rows = header.at;
    header.take(rows_len)?;
    if header.take(4)? != END {
        return None;
    }
    let mut reader = Reader { bytes, at: begin };
    let mut entries = reader.list(Reader::entry)?;
    entries.iter_mut().for_each(|entry| entry.shift(rows));
    Some((entries, header.at))
}

impl Entry {
    /// Pieces are counted from the beginning of the log from now on.
    pub(super) fn shift(&mut self, by: usize) {
        let shift = |rows: &mut Vec<Row>| {
            for row in rows {
                row.chunk.at += by;
                if let Some(nodes) = &mut row.nodes {
                    nodes.at += by;
                }
            }
        };
        match self {
            Self::Document(_, written) => shift(&mut written.rows),
            Self::Packed(_, rows) | Self::Anew(_, _, rows) => shift(rows),
            Self::Snapshot(.., piece) => piece.at += by,
            Self::Setting(..) => {}
        }
    }
}

#[derive(Default)]
struct Writer(Vec<u8>);

impl Writer {
    fn number(&mut self, number: usize) {
        self.0.extend(u32::try_from(number).unwrap().to_le_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len());
        self.0.extend_from_slice(bytes);
    }

    fn list<T>(&mut self, list: &[T], mut write: impl FnMut(&mut Self, &T)) {
        self.number(list.len());
        list.iter().for_each(|one| write(self, one));
    }

    fn option<T>(&mut self, option: Option<&T>, write: impl FnOnce(&mut Self, &T)) {
        self.number(usize::from(option.is_some()));
        if let Some(one) = option {
            write(self, one);
        }
    }

    fn heads(&mut self, heads: &[ChangeHash]) {
        self.list(heads, |to, head| to.0.extend(head.0));
    }

    fn piece(&mut self, piece: &Piece) {
        self.number(piece.at);
        self.number(piece.len);
        self.number(piece.checksum as usize);
    }

    fn row(&mut self, row: &Row) {
        self.number(row.first as usize);
        self.number(row.count as usize);
        self.piece(&row.chunk);
        self.option(row.nodes.as_ref(), Self::piece);
    }

    fn entry(&mut self, entry: &Entry) {
        match entry {
            Entry::Document(id, written) => {
                self.number(0);
                self.0.extend(id.as_bytes());
                self.option(written.name.as_ref(), |to, name| to.bytes(name.as_bytes()));
                self.heads(&written.heads);
                self.number(usize::from(written.moves_heads));
                self.option(written.remote_heads.as_ref(), |to, heads| to.heads(heads));
                self.list(&written.rows, Self::row);
            }
            Entry::Setting(key, value) => {
                self.number(1);
                self.bytes(key.as_bytes());
                self.option(value.as_ref(), |to, value| to.bytes(value));
            }
            Entry::Packed(id, rows) => {
                self.number(2);
                self.0.extend(id.as_bytes());
                self.list(rows, Self::row);
            }
            Entry::Snapshot(id, count, heads, piece) => {
                self.number(3);
                self.0.extend(id.as_bytes());
                self.number(*count as usize);
                self.heads(heads);
                self.piece(piece);
            }
            Entry::Anew(id, heads, rows) => {
                self.number(4);
                self.0.extend(id.as_bytes());
                self.heads(heads);
                self.list(rows, Self::row);
            }
        }
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let bytes = self.bytes.get(self.at..self.at.checked_add(len)?)?;
        self.at += len;
        Some(bytes)
    }

    fn number(&mut self) -> Option<usize> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?) as usize)
    }

    fn text(&mut self) -> Option<String> {
        let len = self.number()?;
        String::from_utf8(self.take(len)?.to_vec()).ok()
    }

    fn list<T>(&mut self, mut read: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        (0..self.number()?).map(|_| read(self)).collect()
    }

    fn option<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        match self.number()? {
            0 => Some(None),
            _ => Some(Some(read(self)?)),
        }
    }

    fn heads(&mut self) -> Option<Vec<ChangeHash>> {
        self.list(|from| Some(ChangeHash(from.take(32)?.try_into().ok()?)))
    }

    fn id(&mut self) -> Option<DocumentId> {
        Some(DocumentId::from_bytes(self.take(16)?.try_into().ok()?))
    }

    fn piece(&mut self) -> Option<Piece> {
        Some(Piece {
            at: self.number()?,
            len: self.number()?,
            checksum: self.number()? as u32,
        })
    }

    fn row(&mut self) -> Option<Row> {
        Some(Row {
            first: self.number()? as u32,
            count: self.number()? as u32,
            chunk: self.piece()?,
            nodes: self.option(Self::piece)?,
        })
    }

    fn entry(&mut self) -> Option<Entry> {
        Some(match self.number()? {
            0 => Entry::Document(
                self.id()?,
                Written {
                    name: self.option(Self::text)?,
                    heads: self.heads()?,
                    moves_heads: self.number()? == 1,
                    remote_heads: self.option(Self::heads)?,
                    rows: self.list(Self::row)?,
                },
            ),
            1 => {
                let key = self.text()?;
                let value = self.option(|from| {
                    let len = from.number()?;
                    Some(from.take(len)?.to_vec())
                });
                Entry::Setting(key, value?)
            }
            2 => Entry::Packed(self.id()?, self.list(Self::row)?),
            3 => Entry::Snapshot(
                self.id()?,
                self.number()? as u32,
                self.heads()?,
                self.piece()?,
            ),
            4 => Entry::Anew(self.id()?, self.heads()?, self.list(Self::row)?),
            _ => return None,
        })
    }
}
