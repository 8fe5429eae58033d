// Yjs updates, each of which sets one field as the Automerge changes of the benchmark do.
//
//   node yjs-updates.mjs COUNT
//
// Writes each behind its length, four bytes, to standard output.

import * as Y from "yjs"

const [count = "1000"] = process.argv.slice(2)
const RECORDS = 64

const parts = []
const document = new Y.Doc()
document.on("update", (update) => {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(update.length)
  parts.push(length, update)
})
const map = document.getMap("records")
for (let number = 0; number < Number(count); number++) {
  const record = (number % RECORDS).toString(16).padStart(4, "0")
  map.set(`${record}/note`, number.toString().padStart(6, "0"))
}
process.stdout.write(Buffer.concat(parts))
