//! Sends a relay a change that passes its checks and panics Automerge when it is applied, for what drives no Rust:
//! `yilian-forge <ws url> <network> <document name> <seed>`. Prints the change's hash once the relay counts it among its heads.
#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "made of the test harness: whoever runs it reads why it failed"
)]

use clap::Parser;
use yilian_core::document::{DocumentId, Name, Network};
use yilian_node::verifier::{quieten, trial};
use yilian_tests::forge::{Breaks, poison};
use yilian_tests::in_time;
use yilian_tests::raw::{RawClient, sync_message};

#[derive(Parser)]
struct Order {
    url: String,
    network: Network,
    name: Name,
    seed: u64,
}

#[tokio::main]
async fn main() {
    let order = Order::parse();
    quieten();
    let id = DocumentId::of(&order.network, &order.name);
    let document = id.to_string();
    let mut client = RawClient::join(&order.url, "forger").await;
    let (_, mut base) = client.fetch(&document).await;
    // Nor can it build on what an earlier run forged.
    let forged = trial(id, Some(&order.name), &base, &mut || true).expect("never told to stop");
    base.retain(|change| !forged.contains(&change.hash()));
    let forged = poison(&base, Breaks::Applying, order.seed);
    client.send_change(&document, &forged).await;
    in_time("the relay to have it", async {
        while !sync_message(&client.receive_kind("sync").await)
            .heads
            .contains(&forged.hash())
        {}
    })
    .await;
    println!("{}", forged.hash());
}
