//! The relay beside its socket: what an administrator and a monitor see.

use tokio::process::Command;
use yilian_tests::binaries;
use yilian_tests::http::get;
use yilian_tests::process::Process;
use yilian_tests::raw::RawClient;
use yilian_tests::relay::{Relay, Server};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn health_readiness_version_and_metrics_are_served() {
    let relay = Relay::start(Server::Yilian).await;
    let address = relay.address();
    for path in ["/healthz", "/readyz"] {
        assert_eq!(get(&address, path).await.status, 200, "{path}");
    }
    let version = get(&address, "/version").await;
    assert_eq!(version.status, 200);
    assert!(
        version.body.contains(env!("CARGO_PKG_VERSION")),
        "{version:?}"
    );
    let metrics = get(&address, "/metrics").await;
    assert_eq!(metrics.status, 200);
    assert!(metrics.body.contains("# TYPE "), "{metrics:?}");
    assert_eq!(get(&address, "/absent").await.status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sigterm_stops_it_with_connections_open() {
    let mut relay = Relay::start(Server::Yilian).await;
    let mut client = RawClient::join(&relay.url(), "open").await;
    relay.stop().await;
    assert!(client.closed().await);
    relay.start_again().await;
    RawClient::join(&relay.url(), "again").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_storage_id_stays_over_a_restart() {
    let mut relay = Relay::start(Server::Yilian).await;
    let first = RawClient::join(&relay.url(), "first").await.storage_id;
    assert!(first.is_some());
    relay.kill().await;
    relay.start_again().await;
    let second = RawClient::join(&relay.url(), "second").await.storage_id;
    assert_eq!(first, second);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_relay_on_one_store_is_refused_by_name() {
    let relay = Relay::start(Server::Yilian).await;
    let mut command = Command::new(binaries::relay());
    command.args(["--listen", "127.0.0.1:0", "--data"]);
    command.arg(relay.data());
    let mut second = Process::start("second relay", command);
    assert!(second.ended().await.is_some_and(|code| code != 0));
    let name = relay.data().display().to_string();
    assert!(second.output().contains(&name), "{}", second.output());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn listening_on_the_network_needs_the_flag_that_says_so() {
    let directory = tempfile::tempdir().unwrap();
    let mut command = Command::new(binaries::relay());
    command.args(["--listen", "0.0.0.0:0", "--data"]);
    command.arg(directory.path());
    let mut relay = Process::start("open relay", command);
    assert!(relay.ended().await.is_some_and(|code| code != 0));
    assert!(
        relay.output().contains("--insecure-no-auth"),
        "{}",
        relay.output()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_data_of_a_node_are_not_served() {
    let station = yilian_tests::cli::Station::site("keyun", "ws://127.0.0.1:9/sync").await;
    let mut command = Command::new(binaries::relay());
    command.args(["--listen", "127.0.0.1:0", "--data"]);
    command.arg(station.data());
    let mut relay = Process::start("relay on a node's data", command);
    assert_eq!(relay.ended().await, Some(1));
    assert!(relay.output().contains("of a node"), "{}", relay.output());
}
