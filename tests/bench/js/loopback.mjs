// Loaded before a server that listens on every address: makes it listen on 127.0.0.1 only, and say
// where, as the other servers do.
//
//   node --import ./loopback.mjs SERVER.js

import { Server } from "node:net"

const listen = Server.prototype.listen

Server.prototype.listen = function (port, ...rest) {
  // Its repo has to read the storage first, and turns away whoever comes before; nothing tells when.
  this.once("listening", () => setTimeout(() => {
    console.log(`listening on ws://127.0.0.1:${this.address().port}/sync`)
  }, 500))
  const done = rest.filter((argument) => typeof argument === "function")
  return listen.call(this, Number(port), "127.0.0.1", ...done)
}

process.on("SIGTERM", () => process.exit(0))
