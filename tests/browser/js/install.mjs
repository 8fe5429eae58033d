// The package as npm installs it, without asking a registry for what it depends on.

import assert from "node:assert/strict"
import { execFile } from "node:child_process"
import { mkdir, symlink, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { promisify } from "node:util"

const run = promisify(execFile)

const NEEDED = ["README.md", "LICENSE-MIT", "dist/index.d.ts", "dist/engine/yilian_bg.wasm"]

/** A fresh project in `folder` that has what `npm pack` makes, and these packages beside. */
export async function install(folder, beside) {
  const into = join(folder, "node_modules/@yilian/client")
  await mkdir(into, { recursive: true })
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", folder], {
    cwd: process.env.YILIAN_PACKAGE,
  })
  const [{ filename, files }] = JSON.parse(stdout)
  const packed = files.map(({ path }) => path)
  for (const needed of NEEDED) assert.ok(packed.includes(needed), `${needed} is not in the package`)
  await run("tar", ["xzf", join(folder, filename), "--strip-components=1", "-C", into])
  for (const name of beside) {
    await symlink(join(process.cwd(), "node_modules", name), join(folder, "node_modules", name))
  }
  await writeFile(join(folder, "package.json"), '{ "type": "module" }')
  return into
}
