//! Goal: the first changes never move. Method: build them afresh and compare with the shipped
//! bytes; pin their hashes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, Automerge, ObjType, ROOT, ReadDoc};

use super::*;
use crate::records::Collection;

/// The collections that each fixed change of a kind makes: the first ones, then what each later version added.
fn steps(kind: Kind) -> Vec<&'static [Collection]> {
    let counts: &[usize] = match kind {
        Kind::Sites => &[4, 2, 1],
        Kind::Supplies => &[2, 1],
        Kind::Requests | Kind::Inbox => &[1, 1],
        Kind::Cases => &[6, 2],
        Kind::People => &[2],
        Kind::Roster | Kind::Bookings => &[1],
        Kind::School => &[8],
        Kind::Courses => &[3],
    };
    let mut rest = kind.collections();
    let mut steps = Vec::new();
    for count in counts {
        let (step, later) = rest.split_at(*count);
        steps.push(step);
        rest = later;
    }
    assert!(rest.is_empty(), "{kind}: no fixed change makes {rest:?}");
    steps
}

/// How the shipped bytes were made: each fixed change by the same actor, on a document that holds the earlier ones and nothing
/// else.
fn build(kind: Kind) -> Vec<Vec<u8>> {
    let mut document = Automerge::new().with_actor(ActorId::from(b"yilian-genesis-1"));
    let mut built = Vec::new();
    for collections in steps(kind) {
        let mut transaction = document.transaction();
        for collection in collections {
            transaction
                .put_object(ROOT, collection.as_str(), ObjType::Map)
                .unwrap();
        }
        transaction.commit_with(CommitOptions::default().with_time(0));
        let change = document.get_last_local_change().unwrap();
        built.push(change.raw_bytes().to_vec());
    }
    built
}

#[test]
fn shipped_bytes_are_what_their_recipe_makes() {
    for kind in Kind::ALL {
        let built = build(kind);
        // A new fixed change starts with an empty file; writing it is asked for by name.
        #[expect(
            clippy::disallowed_methods,
            reason = "only this test, and only on request"
        )]
        if std::env::var("YILIAN_WRITE_GENESIS").is_ok() {
            for (index, (bytes, shipped)) in built.iter().zip(kind.genesis()).enumerate() {
                if shipped.is_empty() {
                    let path = format!(
                        "{}/src/document/genesis/{kind}-{}.change",
                        env!("CARGO_MANIFEST_DIR"),
                        index + 1
                    );
                    std::fs::write(path, bytes).unwrap();
                }
            }
            continue;
        }
        assert_eq!(kind.genesis(), built, "{kind}");
    }
}

#[test]
fn hashes_of_the_first_changes_never_move() {
    let pinned = [
        (
            Kind::Sites,
            "328cfeea5cb408ae5d01091ea0dd41a4aac5fd2f02415b314d4d5c25ec7099c9 \
             b3988700d19cc2206c478276b9cf494cf3c862fa38f30237b110d93e11e7f3d4 \
             bfc53ff368e6a2fda2c239014efefeec9462b187c74fdcc2b99cb0796d828313",
        ),
        (
            Kind::People,
            "ccc4d818bd1dea400796d4fb386483f636d60b4a0731f329860df1d14d4393ca",
        ),
        (
            Kind::Roster,
            "06a4bbac8fb2516da518276dacd200226b0d061158b7d7dd118322a1bc17a121",
        ),
        (
            Kind::Bookings,
            "3570fdb7cf82345ca51b38c40348a82872015ba683268a0379d2f642f5793a2c",
        ),
        (
            Kind::Supplies,
            "7b9394c4dc960828d9c0fafce4ac34bd200353e3d973a87821e2b5864babc401 \
             589d8d297b78833b649cab8735364d71e69fa034fc5421bdbcb96a3ef793a2a3",
        ),
        (
            Kind::Requests,
            "2abed901af7fcda3ef9befb863dca7506d5196c148fb5c103192d1e0b63d5d51 \
             5fb93a368302922ebb083c427f40c31027cc11b59763783b98d871bea92d8f13",
        ),
        (
            Kind::Cases,
            "cfaffcb23594294f4ca0add1efa8cc77e3a98d7ccb5e1808263d9f37ce961f17 \
             dd5f216afb0ff18ef5f72e743831bc6de7d7521f39eaafd252f3eab3d3b9d55f",
        ),
        (
            Kind::School,
            "ea8bddbf83ef41243a219c2a89347101e39dec38f64e767b6a1b3d31918e0956",
        ),
        (
            Kind::Courses,
            "bc59f87dc27c6bddadb0c22b54723fb0591ccc58ef25cf1c79d23cbee5f44701",
        ),
        (
            Kind::Inbox,
            "9d3d56bfe297b284c39f7cec267a1cabe5d676d2a4399747f332e3e875a72f88 \
             49ef2ab195ba8ab0a8a279f0f6b55be532d46ad151d2d6b5538ef0798aed3ed8",
        ),
    ];
    for ((kind, hash), every) in pinned.into_iter().zip(Kind::ALL) {
        assert_eq!(kind, every);
        let changes = kind.genesis_changes();
        let hashes: Vec<_> = changes
            .iter()
            .map(|change| change.hash().to_string())
            .collect();
        assert_eq!(hashes.join(" "), hash, "{kind}");
    }
}

#[test]
fn first_changes_make_every_collection_of_its_kind() {
    for kind in Kind::ALL {
        let mut document = Automerge::new();
        document.apply_changes(kind.genesis_changes()).unwrap();
        let mut collections: Vec<_> = kind.collections().iter().map(|c| c.as_str()).collect();
        collections.sort_unstable();
        assert_eq!(
            document.keys(ROOT).collect::<Vec<_>>(),
            collections,
            "{kind}"
        );
        for (index, change) in kind.genesis_changes().iter().enumerate() {
            assert_eq!(
                (change.seq(), change.timestamp(), change.message()),
                (index as u64 + 1, 0, None)
            );
        }
    }
}
