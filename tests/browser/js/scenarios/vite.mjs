// What `npm pack` makes is installed into a fresh Vite project with React and no settings: it builds, the
// built page works, and so does the development server's.

import assert from "node:assert/strict"
import { execFile, spawn } from "node:child_process"
import { readFile, readdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { promisify } from "node:util"
import { until } from "../harness.mjs"
import { install } from "../install.mjs"

const run = promisify(execFile)

async function project(world, url) {
  const folder = world.folder("project")
  const into = await install(folder, ["react", "react-dom", "scheduler", "vite"])
  const readme = await readFile(join(into, "README.md"), "utf8")
  const [, component] = readme.match(/```jsx\n([\s\S]*?)```/)
  await writeFile(
    join(folder, "index.html"),
    '<!doctype html><link rel=icon href=data:,><div id="root"></div><script type="module" src="/main.jsx"></script>',
  )
  await writeFile(
    join(folder, "main.jsx"),
    `import { createRoot } from "react-dom/client"
import { Yilian } from "@yilian/client"
${component}
const yilian = await Yilian.open({ network: "jiaozuo", url: ${JSON.stringify(url)}, site: "keyun", author: "张三" })
globalThis.yilian = yilian
createRoot(document.querySelector("#root")).render(<Roster yilian={yilian} />)
`,
  )
  return folder
}

/** The page shows what it is given, and a click removes it. */
async function works(world, device, site, name) {
  const page = await device.context.newPage()
  await page.goto(site)
  await page.waitForSelector("ul", { state: "attached" })
  await page.evaluate(async name => {
    const roster = yilian.roster("keyun", "2026-12")
    await roster.ready
    await roster.addShift({ name, post: "值守", start: "2026-12-03T08:00", end: "2026-12-03T14:00" })
  }, name)
  const item = page.locator("li", { hasText: name })
  await item.waitFor()
  await item.click()
  await item.waitFor({ state: "detached" })
  await page.close()
  return true
}

export default async function (world) {
  const relay = await world.relay()
  const folder = await project(world, relay.url)
  const vite = join(folder, "node_modules/vite/bin/vite.js")
  await run("node", [vite, "build"], { cwd: folder })
  const built = await readdir(join(folder, "dist/assets"))
  assert.equal(built.filter(file => file.endsWith(".wasm")).length, 1, String(built))
  const device = await world.device("one")
  await works(world, device, await world.serve({ "/": join(folder, "dist") }), "built")

  const server = spawn("node", [vite, "--host", "127.0.0.1", "--port", "0"], { cwd: folder })
  world.defer(() => server.kill())
  const address = await new Promise(resolve => {
    createInterface({ input: server.stdout }).on("line", line => {
      // Without the colours.
      const found = line.replaceAll(/\u001b\[\d+m/g, "").match(/http:\/\/127\.0\.0\.1:\d+/)
      if (found) resolve(found[0])
    })
  })
  await until("the development server's page", () => works(world, device, `${address}/`, "developed"))
}
