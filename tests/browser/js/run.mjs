// Runs one scenario: `node run.mjs <name>`. The environment says where the programs and the package are.

import assert from "node:assert/strict"
import { World } from "./harness.mjs"

const [name] = process.argv.slice(2)
const { default: scenario } = await import(`./scenarios/${name}.mjs`)
const world = await World.begin()
try {
  await scenario(world)
  assert.deepEqual(world.errors, [], "the console shows errors")
} finally {
  await world.end()
}
