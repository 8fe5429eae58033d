// An unmodified automerge-repo client in the same page shares a document with ours, through the relay.

import assert from "node:assert/strict"
import { mkdir, symlink, writeFile } from "node:fs/promises"
import { execFile } from "node:child_process"
import { join } from "node:path"
import { promisify } from "node:util"
import { addShift, inStep, until } from "../harness.mjs"

export default async function (world) {
  const relay = await world.relay()
  const folder = world.folder("project")
  await mkdir(folder)
  await symlink(join(process.cwd(), "node_modules"), join(folder, "node_modules"))
  await writeFile(
    join(folder, "main.js"),
    `export * as A from "@automerge/automerge"
export { Repo } from "@automerge/automerge-repo"
export { WebSocketClientAdapter } from "@automerge/automerge-repo-network-websocket"
`,
  )
  await writeFile(
    join(folder, "vite.config.js"),
    `export default { build: { target: "es2022", lib: { entry: "main.js", formats: ["es"], fileName: () => "repo.js" } } }`,
  )
  await promisify(execFile)("node", [join(folder, "node_modules/vite/bin/vite.js"), "build"], { cwd: folder })

  const blank = "<!doctype html><meta charset=utf-8><link rel=icon href=data:,>"
  const roots = { "/pkg/": process.env.YILIAN_PACKAGE, "/repo/": join(folder, "dist") }
  const site = await world.serve(roots, { "/": blank })
  const device = await world.device("one")
  const page = await device.tab(site, { url: relay.url, site: "keyun", author: "张三" })
  const shift = await addShift(page, "萧平", "02")
  await inStep(page)
  await page.evaluate(async url => {
    const { Repo, WebSocketClientAdapter } = await import("/repo/repo.js")
    const { documentId } = await import("/pkg/dist/index.js")
    const repo = new Repo({ network: [new WebSocketClientAdapter(url)] })
    const id = await documentId("jiaozuo", "roster/keyun/2026-12")
    globalThis.handle = await repo.find(`automerge:${id}`)
  }, relay.url)
  // A text that is set as a whole is a value of its own kind there.
  const field = name => page.evaluate(key => handle.doc().shifts[key]?.val, `${shift}/${name}`)
  assert.equal(await field("name"), "萧平")
  await page.evaluate(shift => {
    handle.change(doc => {
      doc.shifts[`${shift}/note`] = "由 automerge-repo 写"
    })
  }, shift)
  await until("our client to show it", () =>
    page.evaluate(shift => roster.get(shift).note === "由 automerge-repo 写", shift),
  )
  await page.evaluate(shift => roster.setShift(shift, { state: "confirmed" }), shift)
  await until("the other to show ours", async () => (await field("state")) === "confirmed")
}
