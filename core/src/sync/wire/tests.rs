#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::fmt::Write as _;

use super::*;
use crate::sync::limits::Limits;

const DOCUMENT: DocumentId = DocumentId::from_bytes([7; 16]);

fn hash(byte: u8) -> ChangeHash {
    ChangeHash([byte; 32])
}

fn bodies() -> Vec<Body> {
    let metadata = PeerMetadata {
        storage_id: Some("3760df37-a4c6-4f66-9ecd-732039a9385d".to_owned()),
        is_ephemeral: false,
        yilian: Some(Extension {
            version: 1,
            network: Some("jiaozuo".to_owned()),
        }),
    };
    let data = Bytes::from_static(b"\x42data");
    let cursor = Cursor {
        store: "store".to_owned(),
        position: 1 << 40,
    };
    let heads = BTreeMap::from([(
        "storage".to_owned(),
        (vec![hash(1), hash(2)], 1_764_000_000_123.0),
    )]);
    vec![
        Body::Join {
            metadata: metadata.clone(),
            versions: vec!["1".to_owned()],
        },
        Body::Peer {
            metadata,
            version: "1".to_owned(),
        },
        Body::Leave,
        Body::Sync {
            document: DOCUMENT,
            data: data.clone(),
            request: true,
            name: Some("sites".to_owned()),
        },
        Body::Sync {
            document: DOCUMENT,
            data: data.clone(),
            request: false,
            name: None,
        },
        Body::Unavailable { document: DOCUMENT },
        Body::Ephemeral {
            document: DOCUMENT,
            count: 3,
            session: "s".to_owned(),
            data,
        },
        Body::RemoteSubscription {
            add: vec!["a".to_owned()],
            remove: vec![],
        },
        Body::RemoteHeads {
            document: DOCUMENT,
            heads,
        },
        Body::Error {
            message: "why".to_owned(),
        },
        Body::Subscribe {
            prefixes: vec!["roster/".to_owned()],
            cursor: Some(cursor.clone()),
        },
        Body::Subscribe {
            prefixes: vec![String::new()],
            cursor: None,
        },
        Body::Catalogue {
            since: 5,
            cursor,
            entries: vec![CatalogueEntry {
                name: "sites".to_owned(),
                heads: vec![hash(3)],
            }],
            more: true,
        },
        Body::Refusal {
            document: DOCUMENT,
            changes: vec![hash(4)],
            reason: "because".to_owned(),
        },
    ]
}

fn message(body: Body) -> Message {
    let target = (!matches!(body, Body::Join { .. })).then(|| "them".to_owned());
    Message {
        sender: "us".to_owned(),
        target,
        body,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

fn bytes(hex: &str) -> Bytes {
    let digits: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(byte).collect::<Vec<_>>().into()
}

fn read(frame: &Bytes) -> Message {
    decode(frame, &Limits::default()).unwrap()
}

#[test]
fn every_message_is_read_as_it_was_written() {
    for body in bodies() {
        let written = message(body);
        assert_eq!(read(&encode(&written)), written);
    }
}

#[test]
fn the_bytes_on_the_wire_do_not_change() {
    let sync = Body::Sync {
        document: DOCUMENT,
        data: Bytes::from_static(b"\x42"),
        request: false,
        name: None,
    };
    assert_eq!(
        hex(&encode(&message(sync))),
        concat!(
            "a5",
            "6474797065",
            "6473796e63",
            "6873656e6465724964",
            "627573",
            "687461726765744964",
            "647468656d",
            "6a646f63756d656e744964",
            "781a",
            "75534453614c435537463974743737565037723474555062427865",
            "6464617461",
            "4142",
        )
        .replace(
            "75534453614c435537463974743737565037723474555062427865",
            &hex(DOCUMENT.to_string().as_bytes())
        )
        .replace("781a", &format!("78{:02x}", DOCUMENT.to_string().len())),
    );
    let join = Body::Join {
        metadata: PeerMetadata {
            storage_id: None,
            is_ephemeral: true,
            yilian: None,
        },
        versions: vec!["1".to_owned()],
    };
    assert_eq!(
        hex(&encode(&message(join))),
        "a46474797065646a6f696e6873656e6465724964627573\
         6c706565724d65746164617461a16b6973457068656d6572616cf5\
         78 19737570706f7274656450726f746f636f6c56657273696f6e73816131"
            .replace(' ', ""),
    );
}

#[test]
fn what_cbor_x_writes_is_read() {
    // A map with a 16-bit length; `undefined` for a storage id; unknown keys; any order.
    let frame = bytes(
        "b90004 6c706565724d65746164617461 b90003 6973746f726167654964 f7 6b6973457068656d6572616c f4 \
         65 6f74686572 82 01 a0 \
         6873656e6465724964 6161 6474797065 646a6f696e 7819737570706f7274656450726f746f636f6c56657273696f6e73 816131",
    );
    let join = read(&frame);
    assert_eq!(join.sender, "a");
    assert_eq!(
        join.body,
        Body::Join {
            metadata: PeerMetadata::default(),
            versions: vec!["1".to_owned()]
        }
    );

    // A count as a float, and null where nothing is; a target that is missing.
    let document = hex(DOCUMENT.to_string().as_bytes());
    let length = DOCUMENT.to_string().len();
    let frame = bytes(&format!(
        "a7 6474797065 69657068656d6572616c 6873656e6465724964 6161 687461726765744964 f6 \
         6a646f63756d656e744964 78{length:02x}{document} 65636f756e74 fb40f0000000000000 \
         6973657373696f6e4964 6173 6464617461 d840 4101"
    ));
    let Body::Ephemeral { count, data, .. } = read(&frame).body else {
        panic!("not ephemeral")
    };
    assert_eq!((count, &data[..]), (65_536, &[1][..]));
}

#[test]
fn what_is_kept_of_a_frame_keeps_little_else_of_it() {
    let body = Body::Sync {
        document: DOCUMENT,
        data: Bytes::from(vec![7; 1_000]),
        request: false,
        name: None,
    };
    let small = encode(&message(body));
    // The same with a field that nobody knows.
    let mut large = vec![small.first().unwrap() + 1];
    large.extend(small.iter().skip(1));
    large.extend(bytes("6464656164 5a 00020000"));
    large.extend([0; 0x20000]);
    for (frame, shares) in [(small, true), (Bytes::from(large), false)] {
        let Body::Sync { data, .. } = read(&frame).body else {
            panic!("not sync")
        };
        assert_eq!(&data[..], [7; 1_000]);
        assert_eq!(frame.as_ptr_range().contains(&data.as_ptr()), shares);
    }
}

#[test]
fn an_unknown_type_is_no_error_and_a_missing_field_is() {
    let unknown = bytes("a2 6474797065 656f74686572 6873656e6465724964 6161");
    assert_eq!(
        read(&unknown).body,
        Body::Unknown {
            kind: "other".to_owned()
        }
    );
    let no_data = bytes("a2 6474797065 6473796e63 6873656e6465724964 6161");
    let refused = decode(&no_data, &Limits::default()).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "a sync message lacks the field documentId"
    );
    let no_sender = bytes("a1 6474797065 656c65617665");
    assert!(decode(&no_sender, &Limits::default()).is_err());
}

#[test]
fn hostile_frames_are_refused_without_being_believed() {
    // A map, a text and an array that claim 2^60 entries; arrays in arrays without end.
    for claim in [
        "bb1000000000000000",
        "a1 7b1000000000000000",
        "a1 63616464 9b1000000000000000",
    ] {
        assert!(
            decode(&bytes(claim), &Limits::default()).is_err(),
            "{claim}"
        );
    }
    let mut deep = vec![0xa1, 0x61, b'x'];
    deep.extend(std::iter::repeat_n(0x81, 1 << 20));
    assert!(decode(&deep.into(), &Limits::default()).is_err());
    let limits = Limits {
        frame_bytes: 10,
        ..Limits::default()
    };
    let refused = decode(&Bytes::from(vec![0xa0; 11]), &limits).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the frame has 11, above the limit of 10"
    );
    for body in bodies() {
        let frame = encode(&message(body));
        for length in 0..frame.len() {
            let _ = decode(&frame.slice(..length), &Limits::default());
        }
    }
}
