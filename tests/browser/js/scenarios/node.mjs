// The package in Node, everything in memory: two programs converge by the relay, hear of each other, undo,
// and end by themselves once they have closed.

import assert from "node:assert/strict"
import { spawn } from "node:child_process"
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { until } from "../harness.mjs"
import { install } from "../install.mjs"

/** Everything that a line asks for is done with `yilian` and `roster`; each answer is a line of JSON. */
const PROGRAM = `
import { createInterface } from "node:readline"
import { Yilian } from "@yilian/client"

const [url, author] = process.argv.slice(2)
const yilian = await Yilian.open({ network: "jiaozuo", url, site: "keyun", author })
const roster = yilian.roster("keyun", "2026-12")
await roster.ready
for await (const line of createInterface({ input: process.stdin })) {
  const work = new Function("yilian", "roster", "return (async () => (" + line + "))()")
  try {
    console.log(JSON.stringify({ value: await work(yilian, roster) }))
  } catch (thrown) {
    console.log(JSON.stringify({ error: thrown.name }))
  }
}
`

class Program {
  #waiting = []

  constructor(file, ...args) {
    this.process = spawn("node", [file, ...args], { stdio: ["pipe", "pipe", "inherit"] })
    this.ended = new Promise(resolve => this.process.on("exit", resolve))
    let rest = ""
    this.process.stdout.on("data", data => {
      const lines = (rest + data).split("\n")
      rest = lines.pop()
      for (const line of lines) this.#waiting.shift()(JSON.parse(line))
    })
  }

  async ask(line) {
    const answer = new Promise(resolve => this.#waiting.push(resolve))
    this.process.stdin.write(`${line}\n`)
    const { value, error } = await answer
    if (error !== undefined) throw new Error(error)
    return value
  }
}

export default async function (world) {
  const relay = await world.relay()
  const folder = world.folder("project")
  // Node has a WebSocket of its own from version 22 on.
  await install(folder, ["ws"])
  const file = join(folder, "program.mjs")
  await writeFile(file, PROGRAM)
  const start = author => {
    const program = new Program(file, relay.url, author)
    world.defer(() => program.process.kill())
    return program
  }
  const [one, two] = [start("张三"), start("李四")]

  assert.deepEqual(await one.ask("yilian.status.storage.kind"), "memory")
  const id = await one.ask(
    `roster.addShift({ name: "张三", post: "值守", start: "2026-12-03T08:00", end: "2026-12-03T14:00" })`,
  )
  await until("the other program to show it", async () => (await two.ask("roster.value.length")) === 1)
  await two.ask(`roster.setShift("${id}", { note: "带钥匙" })`)
  await until("the note to arrive", async () => (await one.ask(`roster.get("${id}").note`)) === "带钥匙")
  assert.equal(await two.ask("roster.undo()"), true)
  await until("the note to be gone", async () => (await one.ask(`roster.get("${id}").note`)) === "")
  await assert.rejects(one.ask(`roster.setShift("${id}", { state: "asleep" })`), /InvalidField/)

  await assert.rejects(one.ask(`roster.setShift("${id}", { start: "noon" })`), /InvalidField/)
  // No document can be called so.
  await assert.rejects(one.ask(`yilian.roster("keyun", "noon").ready`), /InvalidName/)

  await one.ask(`roster.presence.set({ editing: "${id}" })`)
  const seen = () => two.ask("roster.presence.value.map(({ author, state }) => [author, state.editing])")
  await until("presence", async () => JSON.stringify(await seen()) === JSON.stringify([["keyun/张三", id]]))
  await until("all to be at the hub", () => one.ask("yilian.status.inStep"))

  for (const program of [one, two]) {
    await program.ask("yilian.close()")
    program.process.stdin.end()
    // Nothing of ours keeps it up.
    assert.equal(await program.ended, 0)
  }
}
