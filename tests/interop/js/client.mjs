// Unmodified automerge-repo clients, driven over stdin and stdout: one JSON object per line.
//
//   in:  {"id": 1, "client": "alice", "op": "create", ...}
//   out: {"id": 1, "ok": {...}}  or  {"id": 1, "error": "..."}
//
// One process holds any number of clients; each is its own Repo with its own socket. Nothing of
// the library is patched: `offline` and `online` use the adapter's own `disconnect` and `connect`.

import { createInterface } from "node:readline"
import * as A from "@automerge/automerge"
import { Repo } from "@automerge/automerge-repo"
import { WebSocketClientAdapter } from "@automerge/automerge-repo-network-websocket"
import { NodeFSStorageAdapter } from "@automerge/automerge-repo-storage-nodefs"

const TIMEOUT_MS = 30_000
const RETRY_MS = 1_000

/** One automerge-repo client: what a browser tab of an ordinary application would hold. */
class Client {
  constructor({ url, dataDir, gossip }) {
    this.adapter = new WebSocketClientAdapter(url, RETRY_MS)
    this.serverStorageId = undefined
    this.repo = new Repo({
      network: [this.adapter],
      storage: dataDir ? new NodeFSStorageAdapter(dataDir) : undefined,
      enableRemoteHeadsGossiping: gossip ?? false,
    })
    this.adapter.on("peer-candidate", ({ peerMetadata }) => {
      this.serverStorageId = peerMetadata?.storageId
    })
    /** Ephemeral messages received so far, by document. */
    this.ephemerals = new Map()
  }

  handle(documentId) {
    const handle = this.repo.handles[documentId]
    if (!handle) throw new Error(`no handle for ${documentId}: create or find it first`)
    return handle
  }

  track(handle) {
    if (this.ephemerals.has(handle.documentId)) return handle
    const received = []
    this.ephemerals.set(handle.documentId, received)
    handle.on("ephemeral-message", ({ message, senderId }) => received.push({ message, senderId }))
    return handle
  }
}

const clients = new Map()

/** A document as the tests compare it: plain JSON and sorted hexadecimal heads. */
function snapshot(handle) {
  const ready = handle.state === "ready"
  return {
    documentId: handle.documentId,
    state: handle.state,
    heads: ready ? hex(handle) : [],
    content: ready ? A.toJS(handle.doc()) : null,
  }
}

const hex = handle => A.getHeads(handle.doc()).toSorted()

const sameList = (left, right) =>
  left.length === right.length && left.every((item, index) => item === right[index])

/** Sets `doc[path...] = value` for each of `set`, making the maps on the way. */
function assign(doc, set) {
  for (const { path, value } of set) {
    let at = doc
    for (const key of path.slice(0, -1)) {
      if (at[key] === undefined) at[key] = {}
      at = at[key]
    }
    at[path.at(-1)] = value
  }
}

/** Polls because what is waited for comes out of several emitters; 20 ms is well under every figure tested. */
async function until(what, predicate, timeoutMs = TIMEOUT_MS) {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const value = predicate()
    if (value) return value
    if (Date.now() > deadline) throw new Error(`timed out after ${timeoutMs} ms waiting for ${what()}`)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

function at(content, path) {
  return path.reduce((value, key) => value?.[key], content)
}

const operations = {
  async open(client, request) {
    if (client) throw new Error(`client ${request.client} is already open`)
    const opened = new Client(request)
    clients.set(request.client, opened)
    return { peerId: opened.repo.peerId }
  },

  /** Waits for the relay's `peer` message; answers its storage id. */
  async connected(client, { timeoutMs }) {
    await until(() => "a peer", () => client.repo.peers.length > 0, timeoutMs)
    return { storageId: client.serverStorageId ?? null, peers: client.repo.peers }
  },

  async create(client, { content }) {
    const handle = client.track(client.repo.create(content ?? {}))
    await handle.whenReady()
    return snapshot(handle)
  },

  /** `find` as an application calls it; "unavailable" is an answer, not an error. */
  async find(client, { documentId, timeoutMs }) {
    const begun = performance.now()
    const answer = extra => ({ ...extra, tookMs: performance.now() - begun })
    try {
      const signal = AbortSignal.timeout(timeoutMs ?? TIMEOUT_MS)
      const handle = await client.repo.find(documentId, { signal })
      return answer(snapshot(client.track(handle)))
    } catch (error) {
      if (!/unavailable/.test(error.message)) throw error
      return answer({ documentId, state: "unavailable", heads: [], content: null })
    }
  },

  async read(client, { documentId }) {
    return snapshot(client.handle(documentId))
  },

  /** One change that sets every given path. */
  async change(client, { documentId, set, message }) {
    const handle = client.handle(documentId)
    handle.change(doc => assign(doc, set), { message })
    return { heads: hex(handle) }
  },

  /** `count` changes, each setting `key` to its number: a long history. */
  async edit(client, { documentId, count, key }) {
    const handle = client.handle(documentId)
    handle.update(doc => {
      for (let number = 1; number <= count; number++) {
        doc = A.change(doc, draft => {
          draft[key] = number
        })
      }
      return doc
    })
    return { heads: hex(handle), changes: A.getAllChanges(handle.doc()).length }
  },

  async waitHeads(client, { documentId, heads, timeoutMs }) {
    const handle = client.handle(documentId)
    const describe = () => `heads ${heads} of ${documentId}, which is ${handle.state}` +
      (handle.state === "ready" ? ` at ${hex(handle)}` : "")
    await until(describe, () => handle.state === "ready" && sameList(hex(handle), heads), timeoutMs)
    return snapshot(handle)
  },

  async waitValue(client, { documentId, path, value, timeoutMs }) {
    const handle = client.handle(documentId)
    // As JSON: a scalar string that Rust wrote is an object in JavaScript, and reads the same.
    const wanted = JSON.stringify(value)
    const reached = () => handle.state === "ready" && JSON.stringify(at(handle.doc(), path)) === wanted
    const describe = () => `${path.join(".")} = ${JSON.stringify(value)} in ${documentId}, ` +
      `which is ${handle.state} and holds ` +
      JSON.stringify(handle.state === "ready" ? at(handle.doc(), path) : undefined)
    await until(describe, reached, timeoutMs)
    return snapshot(handle)
  },

  /** Waits until the relay has shown our own heads: what `getSyncInfo` tells an application is saved. */
  async acked(client, { documentId, timeoutMs }) {
    const handle = client.handle(documentId)
    const shown = () => {
      const storageId = client.serverStorageId
      return storageId ? (handle.getSyncInfo(storageId)?.lastHeads ?? []) : []
    }
    const describe = () => `the relay (${client.serverStorageId}) to show ${handle.heads()}; it shows ${shown()}`
    await until(describe, () => sameList([...shown()].toSorted(), [...handle.heads()].toSorted()), timeoutMs)
    return { heads: hex(handle), storageId: client.serverStorageId }
  },

  /** What the relay has shown of its heads, without waiting: empty when nothing. */
  async syncInfo(client, { documentId }) {
    const handle = client.handle(documentId)
    const storageId = client.serverStorageId
    return {
      storageId: storageId ?? null,
      lastHeads: storageId ? (handle.getSyncInfo(storageId)?.lastHeads ?? []) : [],
    }
  },

  /** The id of this client's own storage; null for a client without any. */
  async storageId(client) {
    return { storageId: (await client.repo.storageId()) ?? null }
  },

  /** Asks to be told the heads of other storages (needs `gossip`). */
  async subscribe(client, { storageIds }) {
    client.repo.subscribeToRemotes(storageIds)
    return {}
  },

  /** Waits until we have `heads`, and know that the storage `storageId` has them too. */
  async waitRemoteHeads(client, { documentId, storageId, heads, timeoutMs }) {
    const handle = client.handle(documentId)
    const remote = () => [...(handle.getSyncInfo(storageId)?.lastHeads ?? [])].toSorted()
    const describe = () => `${storageId} to have ${handle.heads()}; known are ${remote()}`
    const reached = () => sameList(hex(handle), heads) && sameList(remote(), [...handle.heads()].toSorted())
    await until(describe, reached, timeoutMs)
    return {}
  },

  async offline(client) {
    client.adapter.disconnect()
    return {}
  },

  async online(client) {
    client.adapter.connect(client.repo.peerId, client.adapter.peerMetadata)
    await until(() => "a peer", () => client.repo.peers.length > 0)
    return {}
  },

  async broadcast(client, { documentId, message }) {
    client.handle(documentId).broadcast(message)
    return {}
  },

  /** Everything received for a document once there are at least `count`. */
  async ephemerals(client, { documentId, count, timeoutMs }) {
    client.track(client.handle(documentId))
    const received = client.ephemerals.get(documentId)
    await until(() => `${count} ephemeral messages, got ${received.length}`, () => received.length >= count, timeoutMs)
    return { received }
  },

  async createMany(client, { count }) {
    const documentIds = []
    for (let number = 0; number < count; number++) {
      documentIds.push(client.repo.create({ number }).documentId)
    }
    return { documentIds }
  },

  /** Finds them all at once, and checks what each holds. */
  async findMany(client, { documentIds, timeoutMs }) {
    const signal = AbortSignal.timeout(timeoutMs ?? TIMEOUT_MS)
    const handles = await Promise.all(documentIds.map(id => client.repo.find(id, { signal })))
    const wrong = handles.filter((handle, number) => handle.doc().number !== number)
    return { found: handles.length, wrong: wrong.map(handle => handle.documentId) }
  },

  async ackedMany(client, { documentIds, timeoutMs }) {
    const acked = id => {
      const handle = client.handle(id)
      const heads = client.serverStorageId && handle.getSyncInfo(client.serverStorageId)?.lastHeads
      return heads && sameList([...heads].toSorted(), [...handle.heads()].toSorted())
    }
    const waiting = new Set(documentIds)
    await until(() => `${waiting.size} of ${documentIds.length} acknowledgements`, () => {
      for (const id of waiting) if (acked(id)) waiting.delete(id)
      return waiting.size === 0
    }, timeoutMs)
    return {}
  },

  /** The document as bytes any Automerge opens. */
  async save(client, { documentId }) {
    return { base64: Buffer.from(A.save(client.handle(documentId).doc())).toString("base64") }
  },

  async close(client, request) {
    clients.delete(request.client)
    await client.repo.shutdown()
    return {}
  },
}

const say = message => process.stdout.write(JSON.stringify(message) + "\n")

// A relay that is killed resets the socket, and the adapter throws what is not ECONNREFUSED from an
// event handler. A browser logs that and goes on; so does this.
process.on("uncaughtException", error => console.error("uncaught:", error.message))
process.on("unhandledRejection", error => console.error("unhandled:", error?.message ?? error))

createInterface({ input: process.stdin })
  .on("line", async line => {
    const request = JSON.parse(line)
    try {
      const client = clients.get(request.client)
      const operation = operations[request.op]
      if (!operation) throw new Error(`unknown operation ${request.op}`)
      if (!client && request.op !== "open") throw new Error(`no client ${request.client}`)
      say({ id: request.id, ok: await operation(client, request) })
    } catch (error) {
      say({ id: request.id, error: error.message ?? String(error) })
    }
  })
  .on("close", () => process.exit(0))
