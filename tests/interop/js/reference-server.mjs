// The peer the interop scenarios are held against: automerge-repo's own relay, as its sync server
// sets it up. What passes here must pass against yilian-relay.
//
//   node reference-server.mjs PORT [DATA_DIR]
//
// Prints `listening on ws://127.0.0.1:PORT/sync` once ready. Port 0 picks one.

import { createServer } from "node:http"
import { Repo } from "@automerge/automerge-repo"
import { WebSocketServerAdapter } from "@automerge/automerge-repo-network-websocket"
import { NodeFSStorageAdapter } from "@automerge/automerge-repo-storage-nodefs"
import { WebSocketServer } from "ws"

const [port = "0", dataDir] = process.argv.slice(2)

const http = createServer((_request, response) => response.end("reference"))
const sockets = new WebSocketServer({ server: http, maxPayload: 256 * 1024 * 1024 })

const adapter = new WebSocketServerAdapter(sockets)
new Repo({
  network: [adapter],
  storage: dataDir ? new NodeFSStorageAdapter(dataDir) : undefined,
  peerId: `reference-${process.pid}`,
  // A relay answers who asks; it does not push every document to everybody.
  sharePolicy: async () => false,
  // Passes on what other storages have, to those who ask.
  enableRemoteHeadsGossiping: true,
})

// The adapter takes connections only once the repo has read its storage id and told it who it is.
while (!adapter.peerId) await new Promise((resolve) => setTimeout(resolve, 1))

http.listen(Number(port), "127.0.0.1", () => {
  console.log(`listening on ws://127.0.0.1:${http.address().port}/sync`)
})

process.on("SIGTERM", () => process.exit(0))
