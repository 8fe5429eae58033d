//! The CBOR map around every message of the `automerge-repo` protocol.

use anyhow::Result;
use minicbor::data::Type;
use minicbor::{Decoder, Encoder};

use crate::socket;

/// What the driver needs of a map that arrived.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Envelope<'a> {
    pub(crate) kind: &'a str,
    pub(crate) sender: &'a str,
    pub(crate) document: &'a str,
    pub(crate) data: &'a [u8],
}

impl<'a> Envelope<'a> {
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Envelope<'a>> {
        let mut decoder = Decoder::new(bytes);
        let entries = decoder.map()?.unwrap_or_default();
        let mut envelope = Envelope::default();
        for _ in 0..entries {
            match decoder.str()? {
                "type" => envelope.kind = decoder.str()?,
                "senderId" => envelope.sender = decoder.str()?,
                "documentId" => envelope.document = decoder.str()?,
                "data" => {
                    if decoder.datatype()? == Type::Tag {
                        decoder.tag()?;
                    }
                    envelope.data = decoder.bytes()?;
                }
                _ => decoder.skip()?,
            }
        }
        Ok(envelope)
    }
}

/// The first frame of a client, ready to send.
pub(crate) fn join(sender: &str) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    Encoder::new(&mut out)
        .map(4)?
        .str("type")?
        .str("join")?
        .str("senderId")?
        .str(sender)?
        .str("peerMetadata")?
        .map(0)?
        .str("supportedProtocolVersions")?
        .array(1)?
        .str("1")?;
    Ok(socket::frame(&out))
}

/// A frame that carries a sync message, ready to send. `data` comes last, so that an acknowledgement
/// can be changed in place.
pub(crate) fn sync(
    kind: &str,
    sender: &str,
    target: &str,
    document: &str,
    data: &[u8],
) -> Result<Vec<u8>> {
    let mut out = Vec::with_capacity(data.len() + 192);
    Encoder::new(&mut out)
        .map(5)?
        .str("type")?
        .str(kind)?
        .str("senderId")?
        .str(sender)?
        .str("targetId")?
        .str(target)?
        .str("documentId")?
        .str(document)?
        .str("data")?
        .bytes(data)?;
    Ok(socket::frame(&out))
}
