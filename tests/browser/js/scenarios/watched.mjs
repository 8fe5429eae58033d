// The harness sees what the other scenarios rely on it to see: errors that a page, a worker of it or a
// page that it opened write or throw, and what axe-core finds.

import assert from "node:assert/strict"
import { accessible, until } from "../harness.mjs"

const WORKER = `console.error("of the worker"); setTimeout(() => { throw new Error("thrown in the worker") })`

const BAD = `<!doctype html><html lang=zh><meta charset=utf-8><title>bad</title><main><h1>bad</h1>
<p style="color: #aaa; background: #fff">hardly to be seen</p><x-shadow></x-shadow></main>
<script>
  customElements.define("x-shadow", class extends HTMLElement {
    connectedCallback() { this.attachShadow({ mode: "open" }).innerHTML = "<button></button>" }
  })
</script>`

export default async function (world) {
  const blank = "<!doctype html><html lang=zh><meta charset=utf-8><title>good</title><main><h1>good</h1></main>"
  const site = await world.serve({}, { "/": blank, "/bad": BAD, "/worker.js": WORKER })
  const device = await world.device("one")
  const page = await device.context.newPage()
  await page.goto(site)
  await page.evaluate(() => {
    console.error("written")
    setTimeout(() => {
      throw new Error("thrown")
    })
    void Promise.reject(new Error("rejected"))
    open("/").console.error("of the page that it opened")
    globalThis.worker = new Worker("/worker.js")
    void fetch("/missing")
  })
  const wanted = ["written", "thrown", "rejected", "of the page that it opened", "of the worker", "thrown in the worker", "404"]
  for (const one of wanted) {
    await until(`the error "${one}" to be seen`, () => world.errors.some(error => error.includes(one)))
  }
  world.errors.length = 0

  await accessible(page)
  await page.goto(`${site}/bad`)
  await assert.rejects(accessible(page), error => {
    assert.match(error.message, /color-contrast/)
    assert.match(error.message, /button-name.*\n.*x-shadow button/)
    return true
  })
}
