//! A server on `samod`, as an application would write one: its file storage, and a socket from
//! tokio-tungstenite (samod's own feature would bring a second TLS into the tree).

use std::path::Path;

use anyhow::Result;
use samod::storage::TokioFilesystemStorage;
use samod::{AcceptorHandle, PeerId, Repo, ShareConfig};
use tokio::net::{TcpListener, TcpStream};
use yilian_tests::samod_client;

pub(crate) async fn serve(data: &Path) -> Result<()> {
    let repo = Repo::build_tokio()
        .with_peer_id(PeerId::from("samod-server"))
        .with_storage(TokioFilesystemStorage::new(data))
        // It answers who asks, as the others here; it does not push every document to everybody.
        .with_share_policy(ShareConfig::read_write().with_announce(false))
        .load()
        .await;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("ws://{}/sync", listener.local_addr()?);
    let acceptor = repo.make_acceptor(url.parse()?)?;
    crate::bare::announce(&listener)?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(connection(stream, acceptor.clone()));
    }
}

async fn connection(stream: TcpStream, acceptor: AcceptorHandle) -> Result<()> {
    let socket = tokio_tungstenite::accept_async(stream).await?;
    acceptor.accept(samod_client::transport(socket))?;
    Ok(())
}
