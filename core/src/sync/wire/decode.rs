use automerge::ChangeHash;
use bytes::Bytes;
use minicbor::data::Type;
use minicbor::decode::{Decoder, Error};

use super::{
    Body, CatalogueEntry, Cursor, Extension, ID_BYTES_MAX, LIST_MAX, Message, PeerMetadata,
    TEXT_BYTES_MAX, WireError,
};
use crate::base58check;
use crate::document::DocumentId;
use crate::ordered::BTreeMap;
use crate::sync::limits::Limits;

/// What may stay in memory of a frame beside its payload.
const REST_MAX: usize = 64 << 10;

/// Every field that any message has, as found.
#[derive(Default)]
struct Fields {
    kind: Option<String>,
    sender: Option<String>,
    target: Option<String>,
    document: Option<String>,
    data: Option<Bytes>,
    metadata: Option<PeerMetadata>,
    versions: Vec<String>,
    version: Option<String>,
    count: Option<u64>,
    session: Option<String>,
    message: Option<String>,
    add: Vec<String>,
    remove: Vec<String>,
    new_heads: Option<BTreeMap<String, (Vec<ChangeHash>, f64)>>,
    name: Option<String>,
    prefixes: Vec<String>,
    store: Option<String>,
    position: Option<u64>,
    since: u64,
    entries: Vec<CatalogueEntry>,
    more: bool,
    changes: Vec<ChangeHash>,
}

/// Reads one frame; byte strings share its memory.
///
/// # Errors
/// [`WireError`] if the frame is malformed or above a limit. A type that is not known is no error.
pub fn decode(frame: &Bytes, limits: &Limits) -> Result<Message, WireError> {
    within("the frame", frame.len(), limits.frame_bytes)?;
    let mut decoder = Decoder::new(frame);
    let mut fields = Fields::default();
    let count = decoder.map()?;
    let mut left = count;
    while more(&mut decoder, &mut left)? {
        let key = decoder.str()?;
        fields.read(key, &mut decoder, frame)?;
    }
    fields.message()
}

/// A part of a frame. Where the rest is large, it is not to stay in memory for as long as this part does.
fn payload(frame: &Bytes, part: &[u8]) -> Bytes {
    match frame.len() - part.len() > REST_MAX {
        true => Bytes::copy_from_slice(part),
        false => frame.slice_ref(part),
    }
}

/// Whether a container has another entry; an indefinite one ends with a break.
fn more(decoder: &mut Decoder<'_>, left: &mut Option<u64>) -> Result<bool, Error> {
    match left {
        Some(0) => Ok(false),
        Some(count) => {
            *count -= 1;
            Ok(true)
        }
        None if decoder.datatype()? == Type::Break => {
            decoder.skip()?;
            Ok(false)
        }
        None => Ok(true),
    }
}

impl Fields {
    fn read(&mut self, key: &str, d: &mut Decoder<'_>, frame: &Bytes) -> Result<(), WireError> {
        if absent(d)? {
            return Ok(());
        }
        match key {
            "type" => self.kind = Some(text(d, "type", 64)?),
            "senderId" => self.sender = Some(text(d, "senderId", ID_BYTES_MAX)?),
            "targetId" => self.target = Some(text(d, "targetId", ID_BYTES_MAX)?),
            "documentId" => self.document = Some(text(d, "documentId", ID_BYTES_MAX)?),
            "data" => self.data = Some(payload(frame, byte_string(d)?)),
            "peerMetadata" => self.metadata = Some(metadata(d)?),
            "supportedProtocolVersions" => {
                self.versions = texts(d, "supportedProtocolVersions", 16)?
            }
            "selectedProtocolVersion" => {
                self.version = Some(text(d, "selectedProtocolVersion", 64)?)
            }
            "count" => self.count = Some(unsigned(d, "count")?),
            "sessionId" => self.session = Some(text(d, "sessionId", ID_BYTES_MAX)?),
            "message" => self.message = Some(text(d, "message", TEXT_BYTES_MAX)?),
            "add" => self.add = texts(d, "add", LIST_MAX)?,
            "remove" => self.remove = texts(d, "remove", LIST_MAX)?,
            "newHeads" => self.new_heads = Some(new_heads(d)?),
            "yilianName" => self.name = Some(text(d, "yilianName", TEXT_BYTES_MAX)?),
            "prefixes" => self.prefixes = texts(d, "prefixes", LIST_MAX)?,
            "store" => self.store = Some(text(d, "store", ID_BYTES_MAX)?),
            "position" => self.position = Some(unsigned(d, "position")?),
            "since" => self.since = unsigned(d, "since")?,
            "entries" => self.entries = entries(d)?,
            "more" => self.more = d.bool()?,
            "changes" => self.changes = hash_bytes(d, "changes")?,
            _ => d.skip()?,
        }
        Ok(())
    }

    fn message(self) -> Result<Message, WireError> {
        let kind = self.kind.clone().ok_or(WireError::Missing {
            kind: "?".to_owned(),
            field: "type",
        })?;
        let need = |field| WireError::Missing {
            kind: kind.clone(),
            field,
        };
        let sender = self.sender.clone().ok_or_else(|| need("senderId"))?;
        let target = self.target.clone();
        let document = || -> Result<DocumentId, WireError> {
            let text = self.document.as_deref().ok_or_else(|| need("documentId"))?;
            text.parse().map_err(|_| WireError::Invalid {
                field: "documentId",
            })
        };
        let cursor = || {
            Some(Cursor {
                store: self.store.clone()?,
                position: self.position?,
            })
        };
        let body = match kind.as_str() {
            "join" => Body::Join {
                metadata: self.metadata.unwrap_or_default(),
                versions: self.versions,
            },
            "peer" => Body::Peer {
                metadata: self.metadata.unwrap_or_default(),
                version: self
                    .version
                    .ok_or_else(|| need("selectedProtocolVersion"))?,
            },
            "leave" => Body::Leave,
            "sync" | "request" => Body::Sync {
                document: document()?,
                data: self.data.ok_or_else(|| need("data"))?,
                request: kind == "request",
                name: self.name,
            },
            "doc-unavailable" => Body::Unavailable {
                document: document()?,
            },
            "ephemeral" => Body::Ephemeral {
                document: document()?,
                count: self.count.ok_or_else(|| need("count"))?,
                session: self.session.ok_or_else(|| need("sessionId"))?,
                data: self.data.ok_or_else(|| need("data"))?,
            },
            "remote-subscription-change" => Body::RemoteSubscription {
                add: self.add,
                remove: self.remove,
            },
            "remote-heads-changed" => Body::RemoteHeads {
                document: document()?,
                heads: self.new_heads.ok_or_else(|| need("newHeads"))?,
            },
            "error" => Body::Error {
                message: self.message.unwrap_or_default(),
            },
            "yilian-subscribe" => Body::Subscribe {
                prefixes: self.prefixes,
                cursor: cursor(),
            },
            "yilian-catalogue" => Body::Catalogue {
                since: self.since,
                cursor: cursor().ok_or_else(|| need("position"))?,
                entries: self.entries,
                more: self.more,
            },
            "yilian-refusal" => Body::Refusal {
                document: document()?,
                changes: self.changes,
                reason: self.message.unwrap_or_default(),
            },
            _ => Body::Unknown { kind },
        };
        Ok(Message {
            sender,
            target,
            body,
        })
    }
}

fn within(field: &'static str, value: usize, limit: usize) -> Result<(), WireError> {
    if value > limit {
        return Err(WireError::Limit {
            field,
            value,
            limit,
        });
    }
    Ok(())
}

/// Takes a `null` or `undefined`, with which peers write what is absent.
fn absent(d: &mut Decoder<'_>) -> Result<bool, Error> {
    let absent = matches!(d.datatype()?, Type::Null | Type::Undefined);
    if absent {
        d.skip()?;
    }
    Ok(absent)
}

fn text(d: &mut Decoder<'_>, field: &'static str, limit: usize) -> Result<String, WireError> {
    let text = d.str()?;
    within(field, text.len(), limit)?;
    Ok(text.to_owned())
}

/// A byte string, perhaps behind the tag of a typed array.
fn byte_string<'b>(d: &mut Decoder<'b>) -> Result<&'b [u8], Error> {
    if d.datatype()? == Type::Tag {
        d.tag()?;
    }
    d.bytes()
}

fn list<T>(
    d: &mut Decoder<'_>,
    field: &'static str,
    limit: usize,
    mut item: impl FnMut(&mut Decoder<'_>) -> Result<T, WireError>,
) -> Result<Vec<T>, WireError> {
    let mut left = d.array()?;
    let mut items = Vec::new();
    while more(d, &mut left)? {
        within(field, items.len() + 1, limit)?;
        items.push(item(d)?);
    }
    Ok(items)
}

fn texts(d: &mut Decoder<'_>, field: &'static str, limit: usize) -> Result<Vec<String>, WireError> {
    list(d, field, limit, |d| text(d, field, TEXT_BYTES_MAX))
}

/// An unsigned integer, which cbor-x writes as a float above 32 bits.
fn unsigned(d: &mut Decoder<'_>, field: &'static str) -> Result<u64, WireError> {
    match d.datatype()? {
        Type::F16 | Type::F32 | Type::F64 => {
            let value = float(d)?;
            // Exact up to 2^53, which is as far as such a peer counts.
            if (0.0..=9_007_199_254_740_992.0).contains(&value) && value.fract() == 0.0 {
                Ok(value as u64)
            } else {
                Err(WireError::Invalid { field })
            }
        }
        _ => Ok(d.u64()?),
    }
}

fn float(d: &mut Decoder<'_>) -> Result<f64, Error> {
    match d.datatype()? {
        Type::F16 => Ok(f64::from(d.f16()?)),
        Type::F32 => Ok(f64::from(d.f32()?)),
        Type::F64 => d.f64(),
        _ => Ok(i128::from(d.int()?) as f64),
    }
}

fn metadata(d: &mut Decoder<'_>) -> Result<PeerMetadata, WireError> {
    let mut metadata = PeerMetadata::default();
    let mut left = d.map()?;
    while more(d, &mut left)? {
        let key = d.str()?;
        if absent(d)? {
            continue;
        }
        match key {
            "storageId" => metadata.storage_id = Some(text(d, "storageId", ID_BYTES_MAX)?),
            "isEphemeral" => metadata.is_ephemeral = d.bool()?,
            "yilian" => metadata.yilian = Some(extension(d)?),
            _ => d.skip()?,
        }
    }
    Ok(metadata)
}

fn extension(d: &mut Decoder<'_>) -> Result<Extension, WireError> {
    let mut extension = Extension {
        version: 0,
        network: None,
    };
    let mut left = d.map()?;
    while more(d, &mut left)? {
        let key = d.str()?;
        if absent(d)? {
            continue;
        }
        match key {
            "version" => {
                extension.version = u32::try_from(unsigned(d, "version")?)
                    .map_err(|_| WireError::Invalid { field: "version" })?;
            }
            "network" => extension.network = Some(text(d, "network", ID_BYTES_MAX)?),
            _ => d.skip()?,
        }
    }
    Ok(extension)
}

fn new_heads(d: &mut Decoder<'_>) -> Result<BTreeMap<String, (Vec<ChangeHash>, f64)>, WireError> {
    let mut stores = BTreeMap::new();
    let mut left = d.map()?;
    while more(d, &mut left)? {
        within("newHeads", stores.len() + 1, LIST_MAX)?;
        let store = text(d, "newHeads", ID_BYTES_MAX)?;
        let (mut heads, mut timestamp) = (Vec::new(), 0.0);
        let mut fields = d.map()?;
        while more(d, &mut fields)? {
            let key = d.str()?;
            if absent(d)? {
                continue;
            }
            match key {
                "heads" => heads = list(d, "heads", LIST_MAX, hash_text)?,
                "timestamp" => timestamp = float(d)?,
                _ => d.skip()?,
            }
        }
        stores.insert(store, (heads, timestamp));
    }
    Ok(stores)
}

/// A change hash as automerge-repo writes it: base58check.
fn hash_text(d: &mut Decoder<'_>) -> Result<ChangeHash, WireError> {
    let invalid = || WireError::Invalid { field: "heads" };
    let text = d.str()?;
    within("heads", text.len(), 64)?;
    let bytes = base58check::decode(text).ok_or_else(invalid)?;
    Ok(ChangeHash(bytes.try_into().map_err(|_| invalid())?))
}

/// Hashes as we write them: one byte string.
fn hash_bytes(d: &mut Decoder<'_>, field: &'static str) -> Result<Vec<ChangeHash>, WireError> {
    let bytes = byte_string(d)?;
    let (hashes, []) = bytes.as_chunks::<32>() else {
        return Err(WireError::Invalid { field });
    };
    within(field, hashes.len(), LIST_MAX)?;
    Ok(hashes.iter().map(|hash| ChangeHash(*hash)).collect())
}

fn entries(d: &mut Decoder<'_>) -> Result<Vec<CatalogueEntry>, WireError> {
    list(d, "entries", LIST_MAX, |d| {
        let mut entry = CatalogueEntry {
            name: String::new(),
            heads: Vec::new(),
        };
        let mut left = d.array()?;
        if more(d, &mut left)? {
            entry.name = text(d, "entries", TEXT_BYTES_MAX)?;
        }
        if more(d, &mut left)? {
            entry.heads = hash_bytes(d, "entries")?;
        }
        while more(d, &mut left)? {
            d.skip()?;
        }
        Ok(entry)
    })
}
