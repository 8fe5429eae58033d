//! Unmodified `automerge-repo` and `samod` clients are full citizens of our relay.
//!
//! Method: each scenario is a function of the relay it runs against, and runs against two of them:
//! `automerge-repo`'s own server (the reference: it shows that the scenario asks for nothing a client
//! cannot expect) and `yilian-relay`. Real processes, real sockets, no mocks. What only we promise
//! (an acknowledgement that survives `kill -9`, HTTP, limits) runs against ours alone.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod attackers;
mod cold;
mod connections;
mod documents;
mod durability;
mod ephemeral;
mod hostile;
mod http;
mod limits;
mod mixed;
mod nodes;
mod poison;
mod remote_heads;
mod samod_peers;
mod wire;

/// Makes a test of every scenario, for each relay it must pass against.
macro_rules! scenarios {
    ($($module:ident::$name:ident),* $(,)?) => {
        mod reference {
            use yilian_tests::relay::{Relay, Server};
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    super::$module::$name(Relay::start(Server::Reference).await).await;
                }
            )*
        }
        mod yilian {
            use yilian_tests::relay::{Relay, Server};
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    super::$module::$name(Relay::start(Server::Yilian).await).await;
                }
            )*
        }
    };
}

scenarios![
    connections::edits_made_offline_arrive_on_return,
    connections::clients_go_on_after_the_relay_restarts,
    connections::a_new_client_finds_documents_after_a_restart,
    documents::another_client_finds_what_one_created,
    documents::concurrent_edits_converge,
    documents::an_absent_document_is_unavailable_at_once,
    documents::an_unavailable_document_arrives_once_somebody_has_it,
    documents::a_thousand_documents_arrive,
    documents::a_history_of_ten_thousand_changes_arrives,
    documents::sync_info_shows_the_heads_of_the_relay,
    ephemeral::a_message_reaches_everyone_else_once,
    ephemeral::a_message_does_not_come_back_to_its_author,
    remote_heads::what_another_storage_has_reaches_who_asked,
    samod_peers::samod_and_javascript_edit_one_document,
    samod_peers::samod_returns_from_offline,
    samod_peers::samod_is_told_what_is_absent_and_gets_it_later,
    samod_peers::samod_exchanges_ephemeral_messages,
    samod_peers::samod_uploads_and_fetches_long_histories,
    samod_peers::samod_fetches_a_thousand_documents,
    wire::join_is_answered_at_once_with_who_the_relay_is,
];
