// Hocuspocus as it is set up to keep documents: every document a file.
//
//   node hocuspocus.mjs DATA_DIR
//
// Prints `listening on ws://127.0.0.1:PORT/` once ready.

import { readFile, rename, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { Database } from "@hocuspocus/extension-database"
import { Server } from "@hocuspocus/server"

const [directory] = process.argv.slice(2)
const file = (name) => join(directory, encodeURIComponent(name))

const server = new Server({
  address: "127.0.0.1",
  port: 0,
  quiet: true,
  extensions: [
    new Database({
      fetch: ({ documentName }) => readFile(file(documentName)).catch(() => null),
      store: async ({ documentName, state }) => {
        await writeFile(`${file(documentName)}.new`, state)
        await rename(`${file(documentName)}.new`, file(documentName))
      },
    }),
  ],
})
await server.listen()
console.log(`listening on ws://127.0.0.1:${server.address.port}/`)

process.on("SIGTERM", () => process.exit(0))
