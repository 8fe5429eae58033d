// A page built from the package's README does what the README says: its first example as it stands, its
// calls one after the other, and the custom element.

import assert from "node:assert/strict"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { accessible, until } from "../harness.mjs"

/** The examples of a language, in order. */
function examples(readme, language) {
  const blocks = readme.matchAll(/```(\w+)\n([\s\S]*?)```/g)
  return [...blocks].filter(([, of]) => of === language).map(([, , text]) => text)
}

/** What a page has that an element is put into. */
const HEAD = "<!doctype html><html lang=zh><meta charset=utf-8><title>排班</title>"

export default async function (world) {
  const relay = await world.relay()
  const readme = await readFile(join(process.env.YILIAN_PACKAGE, "README.md"), "utf8")
  const here = text => text.replaceAll("ws://127.0.0.1:3030/sync", relay.url)
  const [first, element] = examples(readme, "html").map(here)
  // What needs records of a school or a rota is run by the scenarios of those.
  const [views, findings, status, shared, , , foreign] = examples(readme, "js")
  const calls = `<!doctype html><meta charset=utf-8><script type="module">
    import { Yilian, documentId } from "./node_modules/@yilian/client/dist/index.js"
    const yilian = await Yilian.open({ network: "jiaozuo", url: ${JSON.stringify(relay.url)}, site: "keyun", author: "傅玉兰" })
    const roster = yilian.roster("keyun", "2026-12")
    ${views}
    ${findings}
    ${status}
    ${shared}
    ${foreign.replace(/^import .*$/m, "")}
    globalThis.done = { history, url, id, roster, yilian }
  </script>`
  const site = await world.serve(
    { "/node_modules/@yilian/client/": process.env.YILIAN_PACKAGE },
    { "/": first, "/calls.html": calls, "/element.html": HEAD + element },
  )
  const device = await world.device("one")
  const open = async path => {
    const page = await device.context.newPage()
    await page.goto(site + path)
    return page
  }

  const page = await open("/")
  await page.waitForFunction(() => document.querySelector("#add").onclick)
  await page.click("#add")
  await until("the shift to be listed", async () => (await page.textContent("#roster")).includes("萧平"))
  await accessible(page)

  const other = await open("/calls.html")
  const done = await until("all calls to be made", () =>
    other.evaluate(() => globalThis.done && { url: done.url, changes: done.history.length }),
  )
  assert.match(done.url, /^automerge:[1-9A-HJ-NP-Za-km-z]+$/)
  assert.ok(done.changes >= 5)

  const third = await open("/element.html")
  await until("the element to list both shifts", () =>
    third.evaluate(() => document.querySelector("yilian-roster").shadowRoot.querySelectorAll("li").length === 2),
  )
  await other.evaluate(() => done.roster.setShift(done.id, { state: "absent" }))
  await until("the element to follow", () =>
    third.evaluate(() => document.querySelector("yilian-roster").shadowRoot.textContent.includes("缺勤")),
  )
  await accessible(third)
}
