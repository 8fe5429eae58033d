// A change that breaks the engine is found, set aside and written down; the tab goes on by itself, shows
// everything else, and stays well after a reload. What breaks the engine here is pretended: the worker's
// module fails as a panic makes it fail, whenever it is to show one certain change.

import assert from "node:assert/strict"
import { addShift, inStep, shows, until } from "../harness.mjs"

const FRAGILE = `
  const engine = await import(new URL("./engine/yilian.js", URL_OF_WORKER));
  const { build, apply, change } = engine.Client.prototype;
  let quarantine = [];
  const stringify = JSON.stringify;
  JSON.stringify = (value, ...rest) => {
    if (Array.isArray(value?.quarantine)) {
      const aside = value.aside.flatMap(({ listed }) => listed.map(({ change }) => change));
      quarantine = [...value.quarantine, ...aside];
    }
    return stringify(value, ...rest);
  };
  let poison;
  const channel = new BroadcastChannel("poison");
  channel.onmessage = message => { poison = message.data };
  channel.postMessage("?");
  const applied = new Map();
  const check = (client, document, from, to) => {
    for (let index = from; index < to; index += 1) {
      const hash = change.call(client, document, index);
      if (hash === undefined) break;
      if (hash === poison && !quarantine.includes(hash)) throw new WebAssembly.RuntimeError("unreachable");
      applied.set(document, index + 1);
    }
  };
  engine.Client.prototype.build = function (document, to) {
    check(this, document, 0, to);
    return build.call(this, document, to);
  };
  engine.Client.prototype.apply = function (document, to) {
    check(this, document, applied.get(document) ?? 0, to);
    return apply.call(this, document, to);
  };`

const inWorker = before => {
  const Real = globalThis.Worker
  globalThis.Worker = class extends Real {
    constructor(url, options) {
      const code = `
        const URL_OF_WORKER = ${JSON.stringify(String(url))};
        ${before}
        await import(URL_OF_WORKER);`
      super(URL.createObjectURL(new Blob([code], { type: "text/javascript" })), options)
    }
  }
}

export default async function (world) {
  const [relay, site] = [await world.relay(), await world.site()]
  const [one, two] = [await world.device("one"), await world.device("two")]
  const writer = await one.tab(site, { url: relay.url, site: "keyun", author: "张三" })
  await two.context.addInitScript(`(${inWorker})(${JSON.stringify(FRAGILE)})`)
  const reader = await two.tab(site, { url: relay.url, site: "keyun", author: "李四" })
  await addShift(reader, "李四", "01")
  await inStep(reader)

  // All of it arrives as one batch, with what breaks the engine in the middle.
  await reader.evaluate(() => yilian.goOffline())
  const everybody = Array.from({ length: 20 }, (_, number) => `n${number}`)
  const ids = []
  for (const name of everybody) ids.push(await addShift(writer, name, "02"))
  await inStep(writer)
  const [{ hash }] = await writer.evaluate(id => roster.historyOf(id), ids[7])
  await reader.evaluate(hash => {
    globalThis.channel = new BroadcastChannel("poison")
    // An engine that is started again asks.
    channel.onmessage = () => channel.postMessage(hash)
    channel.postMessage(hash)
    return yilian.goOnline()
  }, hash)
  await shows(reader, ["李四", ...everybody.filter((_, number) => number < 7)])
  assert.ok(await reader.evaluate(() => problems.some(problem => problem.startsWith("RuntimeError"))))

  // Later changes build on it, so they wait with it; editing goes on.
  // It may stop once more until only the culprit is set aside: what is refused then was not stored.
  await until("an edit to be taken", () =>
    addShift(reader, "王五", "03").catch(error => assert.match(String(error), /EngineStopped/)),
  )
  await inStep(reader)
  await shows(writer, ["李四", "王五", ...everybody])
  // What it is, is named, and there for the person to see.
  const [culprit] = await reader.evaluate(() => yilian.status.refused)
  assert.deepEqual(culprit, { name: "roster/keyun/2026-12", reason: "it breaks Automerge", change: hash, retry: false })
  assert.ok(await reader.evaluate(hash => problems.some(problem => problem.startsWith("ChangeRefused") && problem.includes(hash)), hash))
  await reader.close()
  const again = await two.context.newPage()
  await again.goto(site)
  const names = await again.evaluate(async options => {
    const { Yilian } = await import("/pkg/dist/index.js")
    globalThis.yilian = await Yilian.open({ network: "jiaozuo", ...options })
    globalThis.roster = yilian.roster("keyun", "2026-12")
    await roster.ready
    return roster.value.map(({ name }) => name)
  }, { url: relay.url, site: "keyun", author: "李四" })
  assert.deepEqual(names.sort(), ["李四", "王五", ...everybody.slice(0, 7)].sort())
}
