// A roster of 50,000 changes is opened, as it is stored and as the relay sends it: all of it is shown, the engine
// works in a worker of its own, and the page goes on turning meanwhile. How long its tasks take is printed, and
// measured by the benchmark on a quiet machine.

import assert from "node:assert/strict"
import { openMany, writeMany } from "../many.mjs"

const MANY = 50_000
/** Parts of 250 records and what lies between: a page that waited for the engine would have made far fewer turns. */
const TURNS_MIN = 1_000

export default async function (world) {
  const [relay, site] = [await world.relay(), await world.site()]
  const one = await world.device("one")
  await writeMany(one, site, relay.url, MANY)
  for (const [what, device] of [["stored here", one], ["from the relay", await world.device("two")]]) {
    const { took, count, longest, long, worked, turns, workers } = await openMany(device, site, relay.url, MANY)
    console.log(
      `${MANY} changes ${what}: shown after ${took.toFixed(0)} ms, most of it the worker's; the page's longest task ` +
        `worked ${worked.toFixed(0)} ms and took ${longest.toFixed(0)} ms; over 50 ms: ${long.map(ms => ms.toFixed(0)).join(", ") || "none"}`,
    )
    assert.equal(count, MANY)
    assert.equal(workers, 1, "the engine has no worker of its own")
    assert.ok(turns >= TURNS_MIN, `${what}: the page made ${turns} turns`)
  }
}
