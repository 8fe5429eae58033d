// The package as `npm pack` makes it, in Node: two clients with everything in memory meet at the relay, as a
// test of Node's own runner in a process of its own, which ends by itself once both are closed.

import { execFile } from "node:child_process"
import { mkdir, symlink, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { promisify } from "node:util"
import { PATIENCE_MS } from "../harness.mjs"

const run = promisify(execFile)

const TEST = `
import assert from "node:assert/strict"
import { test } from "node:test"
import { documentId, Yilian, YilianError } from "@yilian/client"

/** Resolves once what subscribes calls back with something that holds. */
const until = (subscribe, holds) =>
  new Promise(resolve => {
    const look = () => holds() && resolve()
    subscribe(look)
    look()
  })

const open = async author => {
  const yilian = await Yilian.open({ network: "jiaozuo", url: process.env.HUB, site: "keyun", author })
  const roster = yilian.roster("keyun", "2026-12")
  await roster.ready
  return { yilian, roster }
}

test("two clients converge, see each other, undo, and let the process end", async () => {
  const [one, two] = [await open("张三"), await open("李四")]
  assert.deepEqual(one.yilian.status.storage, { kind: "memory", persistent: false, problem: undefined })
  for (const { yilian } of [one, two]) await until(look => yilian.onStatus(look), () => yilian.status.inStep)
  one.roster.presence.set({ looks: true })
  await until(look => two.roster.presence.subscribe(look), () => two.roster.presence.value.length === 1)
  assert.equal(two.roster.presence.value[0].author, "keyun/张三")

  const shift = { name: "萧平", post: "值守", start: "2026-12-03T08:00", end: "2026-12-03T14:00" }
  const id = await one.roster.addShift(shift)
  await until(look => two.roster.subscribe(look), () => two.roster.get(id)?.name === "萧平")
  await two.roster.setShift(id, { note: "带钥匙" })
  await until(look => one.roster.subscribe(look), () => one.roster.get(id).note === "带钥匙")
  assert.equal(await two.roster.undo(), true)
  await until(look => one.roster.subscribe(look), () => one.roster.get(id).note === "")
  assert.equal(await two.roster.redo(), true)
  await until(look => one.roster.subscribe(look), () => one.roster.get(id).note === "带钥匙")
  await assert.rejects(one.roster.setShift(id, { start: "noon" }), error => error instanceof YilianError && error.name === "InvalidField")

  // A name that none can have is refused as well, and said to be a problem.
  const problems = []
  one.yilian.onProblem(problem => problems.push(problem.name))
  await assert.rejects(one.yilian.roster("keyun", "noon").ready, { name: "InvalidName" })
  assert.deepEqual(problems, ["InvalidName"])

  await until(look => one.yilian.onStatus(look), () => one.yilian.status.inStep)
  assert.ok(one.yilian.status.savedAt > 0)
  assert.ok((await one.yilian.export("roster/keyun/2026-12")).length > 0)
  assert.match(await documentId("jiaozuo", "sites"), /^[1-9A-HJ-NP-Za-km-z]+$/)
  await Promise.all([one.yilian.close(), two.yilian.close()])
})
`

export default async function (world) {
  const relay = await world.relay()
  const folder = world.folder("project")
  const into = join(folder, "node_modules/@yilian/client")
  await mkdir(into, { recursive: true })
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", folder], { cwd: process.env.YILIAN_PACKAGE })
  const [{ filename }] = JSON.parse(stdout)
  await run("tar", ["xzf", join(folder, filename), "--strip-components=1", "-C", into])
  // Node has no WebSocket of its own before version 22.
  await symlink(join(process.cwd(), "node_modules/ws"), join(folder, "node_modules/ws"))
  await writeFile(join(folder, "package.json"), '{ "type": "module" }')
  await writeFile(join(folder, "client.test.js"), TEST)
  // Killed if it does not end by itself.
  const options = { cwd: folder, env: { ...process.env, HUB: relay.url }, timeout: PATIENCE_MS }
  const { NODE_TEST_CONTEXT: _, ...env } = options.env
  await run(process.execPath, ["--test", "client.test.js"], { ...options, env }).catch(error => {
    throw new Error(`${error.message}\n${error.stdout}\n${error.stderr}`)
  })
}
