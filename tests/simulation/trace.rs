//! What passes, for whoever looks for the reason of a failing seed: set `YILIAN_TRACE`.

use automerge::ChangeHash;
use bytes::Bytes;
use yilian_core::sync::limits::Limits;
use yilian_core::sync::message::SyncMessage;
use yilian_core::sync::wire::{self, Body};

pub(crate) fn trace(at: usize, direction: &str, frame: &Bytes) {
    if std::env::var_os("YILIAN_TRACE").is_none() {
        return;
    }
    let message = wire::decode(frame, &Limits::default()).unwrap();
    let short = |hashes: &[ChangeHash]| -> Vec<String> {
        hashes
            .iter()
            .map(|hash| hash.to_string()[..4].to_owned())
            .collect()
    };
    match message.body {
        Body::Sync {
            data,
            document,
            request,
            ..
        } => {
            let message = SyncMessage::decode(&data, &Limits::default()).unwrap();
            let have = message
                .have
                .iter()
                .map(|have| (short(&have.last_sync), have.bloom.is_empty()));
            println!(
                "{at} {direction} {} {} heads {:?} need {:?} have {:?} changes {}",
                &document.to_string()[..4],
                if request { "request" } else { "sync" },
                short(&message.heads),
                short(&message.need),
                have.collect::<Vec<_>>(),
                message.changes.iter().map(Bytes::len).sum::<usize>()
            );
        }
        Body::Catalogue {
            since,
            cursor,
            entries,
            more,
        } => {
            let entries: Vec<_> = entries
                .iter()
                .map(|entry| (&entry.name, short(&entry.heads)))
                .collect();
            println!(
                "{at} {direction} catalogue {since}..{} more {more} {entries:?}",
                cursor.position
            );
        }
        other => println!("{at} {direction} {other:?}"),
    }
}
