use automerge::ChangeHash;
use bytes::Bytes;
use minicbor::encode::Encoder;

use super::{Body, CatalogueEntry, Cursor, Message, PeerMetadata};
use crate::base58check;
use crate::document::DocumentId;
use crate::ordered::BTreeMap;

type Result = core::result::Result<(), minicbor::encode::Error<core::convert::Infallible>>;
type Cbor<'a> = Encoder<&'a mut Vec<u8>>;

/// Writes one frame.
#[must_use]
pub fn encode(message: &Message) -> Bytes {
    if let Body::Sync {
        document,
        data,
        request,
        name,
    } = &message.body
    {
        let target = message.target.as_deref().unwrap_or_default();
        let mut frame = encode_sync_head(&message.sender, target, *request, name.as_deref());
        frame.extend_from_slice(&encode_sync_tail(*document, data));
        return frame.into();
    }
    let mut out = Vec::with_capacity(256);
    // Writing into a vector does not fail.
    let _infallible = write(&mut Encoder::new(&mut out), message);
    out.into()
}

/// The part of a sync frame that differs from peer to peer. [`encode_sync_tail`] has to follow.
#[must_use]
pub fn encode_sync_head(sender: &str, target: &str, request: bool, name: Option<&str>) -> Vec<u8> {
    let mut out = Vec::with_capacity(96 + sender.len() + target.len());
    let mut e = Encoder::new(&mut out);
    let mut write = || -> Result {
        e.map(5 + u64::from(name.is_some()))?;
        e.str("type")?
            .str(if request { "request" } else { "sync" })?;
        e.str("senderId")?
            .str(sender)?
            .str("targetId")?
            .str(target)?;
        if let Some(name) = name {
            e.str("yilianName")?.str(name)?;
        }
        Ok(())
    };
    let _infallible = write();
    out
}

/// The part of a sync frame that every peer gets the same.
#[must_use]
pub fn encode_sync_tail(document: DocumentId, data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(64 + data.len());
    let mut e = Encoder::new(&mut out);
    let mut write = || -> Result {
        e.str("documentId")?
            .str(&document.to_string())?
            .str("data")?
            .bytes(data)?;
        Ok(())
    };
    let _infallible = write();
    out
}

fn write(e: &mut Cbor<'_>, message: &Message) -> Result {
    let (kind, fields) = kind_and_fields(&message.body);
    e.map(fields + 2 + u64::from(message.target.is_some()))?;
    e.str("type")?
        .str(kind)?
        .str("senderId")?
        .str(&message.sender)?;
    if let Some(target) = &message.target {
        e.str("targetId")?.str(target)?;
    }
    match &message.body {
        Body::Join { metadata, versions } => {
            write_metadata(e, metadata)?;
            e.str("supportedProtocolVersions")?;
            write_texts(e, versions)
        }
        Body::Peer { metadata, version } => {
            write_metadata(e, metadata)?;
            e.str("selectedProtocolVersion")?.str(version)?;
            Ok(())
        }
        Body::Leave | Body::Unknown { .. } => Ok(()),
        Body::Sync { document, data, .. } => {
            write_document(e, *document)?;
            e.str("data")?.bytes(data)?;
            Ok(())
        }
        Body::Unavailable { document } => write_document(e, *document),
        Body::Ephemeral {
            document,
            count,
            session,
            data,
        } => {
            write_document(e, *document)?;
            e.str("count")?
                .u64(*count)?
                .str("sessionId")?
                .str(session)?;
            e.str("data")?.bytes(data)?;
            Ok(())
        }
        Body::RemoteSubscription { add, remove } => {
            e.str("add")?;
            write_texts(e, add)?;
            e.str("remove")?;
            write_texts(e, remove)
        }
        Body::RemoteHeads { document, heads } => {
            write_document(e, *document)?;
            e.str("newHeads")?;
            write_remote_heads(e, heads)
        }
        Body::Error { message } => {
            e.str("message")?.str(message)?;
            Ok(())
        }
        Body::Subscribe { prefixes, cursor } => {
            e.str("prefixes")?;
            write_texts(e, prefixes)?;
            cursor
                .as_ref()
                .map_or(Ok(()), |cursor| write_cursor(e, cursor))
        }
        Body::Catalogue {
            since,
            cursor,
            entries,
            more,
        } => {
            write_cursor(e, cursor)?;
            e.str("since")?.u64(*since)?;
            e.str("more")?.bool(*more)?.str("entries")?;
            write_entries(e, entries)
        }
        Body::Refusal {
            document,
            changes,
            reason,
        } => {
            write_document(e, *document)?;
            e.str("message")?.str(reason)?.str("changes")?;
            write_hashes(e, changes)
        }
    }
}

/// The type, and how many fields `write` adds for it.
fn kind_and_fields(body: &Body) -> (&str, u64) {
    match body {
        Body::Join { .. } => ("join", 2),
        Body::Peer { .. } => ("peer", 2),
        Body::Leave => ("leave", 0),
        Body::Sync { request, .. } => (if *request { "request" } else { "sync" }, 2),
        Body::Unavailable { .. } => ("doc-unavailable", 1),
        Body::Ephemeral { .. } => ("ephemeral", 4),
        Body::RemoteSubscription { .. } => ("remote-subscription-change", 2),
        Body::RemoteHeads { .. } => ("remote-heads-changed", 2),
        Body::Error { .. } => ("error", 1),
        Body::Subscribe { cursor, .. } => {
            ("yilian-subscribe", if cursor.is_some() { 3 } else { 1 })
        }
        Body::Catalogue { .. } => ("yilian-catalogue", 5),
        Body::Refusal { .. } => ("yilian-refusal", 3),
        Body::Unknown { kind } => (kind, 0),
    }
}

fn write_document(e: &mut Cbor<'_>, document: DocumentId) -> Result {
    e.str("documentId")?.str(&document.to_string())?;
    Ok(())
}

fn write_metadata(e: &mut Cbor<'_>, metadata: &PeerMetadata) -> Result {
    let fields =
        1 + u64::from(metadata.storage_id.is_some()) + u64::from(metadata.yilian.is_some());
    e.str("peerMetadata")?.map(fields)?;
    e.str("isEphemeral")?.bool(metadata.is_ephemeral)?;
    if let Some(storage_id) = &metadata.storage_id {
        e.str("storageId")?.str(storage_id)?;
    }
    if let Some(extension) = &metadata.yilian {
        e.str("yilian")?
            .map(1 + u64::from(extension.network.is_some()))?;
        e.str("version")?.u32(extension.version)?;
        if let Some(network) = &extension.network {
            e.str("network")?.str(network)?;
        }
    }
    Ok(())
}

fn write_texts(e: &mut Cbor<'_>, texts: &[String]) -> Result {
    e.array(texts.len() as u64)?;
    texts.iter().try_for_each(|text| e.str(text).map(drop))
}

fn write_cursor(e: &mut Cbor<'_>, cursor: &Cursor) -> Result {
    e.str("store")?
        .str(&cursor.store)?
        .str("position")?
        .u64(cursor.position)?;
    Ok(())
}

fn write_entries(e: &mut Cbor<'_>, entries: &[CatalogueEntry]) -> Result {
    e.array(entries.len() as u64)?;
    for entry in entries {
        e.array(2)?.str(&entry.name)?;
        write_hashes(e, &entry.heads)?;
    }
    Ok(())
}

fn write_hashes(e: &mut Cbor<'_>, hashes: &[ChangeHash]) -> Result {
    let bytes: Vec<u8> = hashes.iter().flat_map(|hash| hash.0).collect();
    e.bytes(&bytes)?;
    Ok(())
}

fn write_remote_heads(
    e: &mut Cbor<'_>,
    stores: &BTreeMap<String, (Vec<ChangeHash>, f64)>,
) -> Result {
    e.map(stores.len() as u64)?;
    for (store, (heads, timestamp)) in stores {
        e.str(store)?
            .map(2)?
            .str("heads")?
            .array(heads.len() as u64)?;
        for head in heads {
            e.str(&base58check::encode(&head.0))?;
        }
        // As a float: JavaScript peers would read a 64-bit integer as a BigInt.
        e.str("timestamp")?.f64(*timestamp)?;
    }
    Ok(())
}
