// Prints how long @yilian/client takes to open, merge and load 10,000 changes beside @automerge/automerge in
// the same browser, and how long the longest task of the page is while a document of 50,000 changes loads, as
// tables in Markdown: `node measure.mjs [ROUNDS]`, with the environment of `run.mjs`. Nothing here is an assertion.

import { mkdir, symlink, writeFile } from "node:fs/promises"
import { execFile } from "node:child_process"
import { join } from "node:path"
import { promisify } from "node:util"
import { World } from "./harness.mjs"
import { openMany, writeMany } from "./many.mjs"

const ROUNDS = Number(process.argv[2] ?? 5)
const CHANGES = Number(process.argv[3] ?? 10_000)
const MANY = Number(process.argv[4] ?? 50_000)

/** What is timed: our store keeps changes, theirs may keep one compact chunk. */
const WORDS = {
  open: "open from what is kept",
  load: "load from changes",
  merge: "merge half of them into the other half",
}

const median = values => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

async function bundle(world) {
  const folder = world.folder("project")
  await mkdir(folder)
  await symlink(join(process.cwd(), "node_modules"), join(folder, "node_modules"))
  await writeFile(join(folder, "main.js"), `export * as A from "@automerge/automerge"\n`)
  await writeFile(
    join(folder, "vite.config.js"),
    `export default { build: { target: "es2022", lib: { entry: "main.js", formats: ["es"], fileName: () => "automerge.js" } } }`,
  )
  await promisify(execFile)("node", [join(folder, "node_modules/vite/bin/vite.js"), "build"], { cwd: folder })
  return join(folder, "dist")
}

/** Runs in the page: `count` changes of a roster, each one shift of nine fields. */
async function compare({ count, rounds }) {
  const { A } = await import("/automerge/automerge.js")
  const engine = await import("/pkg/dist/engine/yilian.js")
  await (await import("/pkg/dist/load.js")).load()
  const name = "roster/keyun/2026-12"
  const id = engine.documentId("jiaozuo", name)
  const options = JSON.stringify({ network: "jiaozuo", peerId: "p", storageId: "s", author: "keyun/a", subscribe: [] })
  const client = () => new engine.Client(options, crypto.getRandomValues(new Uint8Array(32)))
  const drain = (client, stored) => {
    for (;;) {
      const json = client.poll()
      if (json === undefined) return
      const signal = JSON.parse(json)
      if (signal.type === "load") client.loaded(signal.document, stored ?? new Uint8Array(), name)
      if (signal.type === "arrived") client.build(signal.document, signal.changes)
      if (signal.type === "store") client.stored(signal.document, true)
      if (signal.type === "behind") client.apply(signal.document, 0xffffffff)
    }
  }
  const author = client()
  author.open(name)
  drain(author)
  for (let number = 0; number < count; number += 1) {
    const day = String((number % 28) + 1).padStart(2, "0")
    const fields = {
      site: "keyun", name: `人${number}`, post: "值守", state: "planned",
      start: `2026-12-${day}T08:00`, end: `2026-12-${day}T14:00`,
    }
    author.edit(name, JSON.stringify([{ op: "add", collection: "shifts", fields }]), "", Date.now())
    drain(author)
  }
  const bytes = author.export(name)
  const raw = A.getAllChanges(A.loadIncremental(A.init(), bytes))
  const timed = work => {
    const begun = performance.now()
    const result = work()
    return [performance.now() - begun, result]
  }
  /** From the stored changes to records that can be shown. */
  const show = () => {
    const one = client()
    one.open(name)
    drain(one, bytes)
    one.snapshot(name)
    one.free()
  }
  const figures = { ours: {}, theirs: {} }
  const note = (whose, what, time) => (figures[whose][what] ??= []).push(time)
  for (let round = 0; round < rounds; round += 1) {
    // From changes.
    note("ours", "load", timed(show)[0])
    note("theirs", "load", timed(() => A.toJS(A.loadIncremental(A.init(), bytes)))[0])
    // The same, from the most compact form each keeps.
    const saved = A.save(A.loadIncremental(A.init(), bytes))
    note("theirs", "open", timed(() => A.toJS(A.load(saved)))[0])
    note("ours", "open", timed(show)[0])
    // Into a document that has half of it.
    const half = Math.floor(raw.length / 2)
    const concat = list => {
      const out = new Uint8Array(list.reduce((sum, one) => sum + one.length, 0))
      let at = 0
      for (const one of list) { out.set(one, at); at += one.length }
      return out
    }
    const [first, rest] = [concat(raw.slice(0, half)), concat(raw.slice(half))]
    const two = client()
    two.open(name)
    drain(two, first)
    note("ours", "merge", timed(() => {
      two.announced(name, rest)
      drain(two)
    })[0])
    two.free()
    const theirs = A.applyChanges(A.init(), raw.slice(0, half))[0]
    note("theirs", "merge", timed(() => A.applyChanges(theirs, raw.slice(half)))[0])
  }
  return figures
}

const world = await World.begin()
try {
  const automerge = await bundle(world)
  const blank = "<!doctype html><meta charset=utf-8><title>measure</title>"
  const site = await world.serve({ "/pkg/": process.env.YILIAN_PACKAGE, "/automerge/": automerge }, { "/": blank })
  const relay = await world.relay()
  const device = await world.device("one")
  const page = await device.context.newPage()
  await page.goto(site)
  const figures = await page.evaluate(`(${compare})(${JSON.stringify({ count: CHANGES, rounds: ROUNDS })})`)
  console.log(`| ${CHANGES} changes, ms | @yilian/client | @automerge/automerge 3.5.0 | ratio |\n|---|--:|--:|--:|`)
  for (const [what, words] of Object.entries(WORDS)) {
    const [ours, theirs] = [median(figures.ours[what]), median(figures.theirs[what])]
    console.log(`| ${words} | ${ours.toFixed(0)} | ${theirs.toFixed(0)} | ${(ours / theirs).toFixed(2)} |`)
  }
  if (MANY > 0) {
    await writeMany(device, site, relay.url, MANY)
    console.log(`\n| ${MANY} changes | shown after, ms | the page's longest task, ms | tasks over 50 ms |\n|---|--:|--:|--:|`)
    for (const [what, of] of [["stored here", device], ["from the relay", await world.device("two")]]) {
      const { took, count, longest, long } = await openMany(of, site, relay.url, MANY)
      if (count !== MANY) throw new Error(`${count} of ${MANY} shifts are shown`)
      console.log(`| ${what} | ${took.toFixed(0)} | ${longest.toFixed(0)} | ${long.length} |`)
    }
  }
} finally {
  await world.end()
}
