// A change that nobody honest makes passes all checks of a relay and makes Automerge panic where it is applied. Tabs
// that get it stop, come back by themselves, set it aside and name it; they go on editing and see each other's edits,
// also those that came in one batch with it, and also where nothing is stored. A device that comes later does the
// same, however many such changes there are; a tab that is opened again has none of the trouble; and once the relay has
// found them, nobody else gets them.

import assert from "node:assert/strict"
import { execFile } from "node:child_process"
import { promisify } from "node:util"
import { addShift, inStep, shows, until } from "../harness.mjs"

/** Which changes are forged. */
const SEED = Number(process.env.YILIAN_SEED ?? 1)
const ROSTER = "roster/keyun/2026-12"

/** More than what an engine may be started again for with nothing found. */
const MANY = 21

/** Has the relay take a forged change; answers its hash. */
async function forge(relay, seed) {
  const order = [relay.url, "jiaozuo", ROSTER, String(seed)]
  const { stdout } = await promisify(execFile)(process.env.YILIAN_FORGE_BIN, order)
  return stdout.trim()
}

/** Waits until a tab has set aside exactly these changes, and names them as what broke it. */
async function sets(page, aside) {
  const named = await until(`${aside} to be set aside`, () =>
    page.evaluate(count => yilian.status.refused.length === count && yilian.status.refused, aside.length),
  )
  const wanted = change => ({ name: ROSTER, reason: "it breaks Automerge", change, retry: false })
  const sorted = named.toSorted((one, other) => (one.change < other.change ? -1 : 1))
  assert.deepEqual(sorted, aside.toSorted().map(wanted))
}

const stops = page => page.evaluate(() => problems.filter(problem => problem.startsWith("RuntimeError")).length)

async function quarantined(relay) {
  const metrics = await (await fetch(`${relay.page}/metrics`)).text()
  return Number(/^yilian_relay_quarantined_changes_total (\d+)/m.exec(metrics)?.[1] ?? 0)
}

export default async function (world) {
  // The tabs find it, not the relay.
  const relay = await world.relay({ env: { YILIAN_VERIFY_EVERY: "86400" } })
  const site = await world.site()
  const devices = {}
  const open = async (author, more) => {
    devices[author] ??= await world.device(author)
    return devices[author].tab(site, { url: relay.url, site: "keyun", author, ...more })
  }
  const everybody = []
  const add = async (page, name) => {
    await addShift(page, name, "02")
    everybody.push(name)
  }
  const [one, two] = [await open("张三"), await open("李四")]
  const unstored = await open("王五", { storage: "memory" })
  const tabs = [one, two, unstored]
  for (const [number, page] of tabs.entries()) await add(page, `起初${number}`)
  for (const page of tabs) await shows(page, everybody)

  // It comes while all look at the roster.
  const aside = [await forge(relay, SEED)]
  for (const page of tabs) {
    await sets(page, aside)
    assert.ok((await stops(page)) > 0)
    await shows(page, everybody)
  }
  for (const [number, page] of tabs.entries()) await add(page, `其后${number}`)
  for (const page of tabs) await shows(page, everybody)

  // Another comes in the middle of a batch, to tabs with edits that nobody has yet.
  const away = [two, unstored]
  for (const page of away) await page.evaluate(() => yilian.goOffline())
  for (const [number, page] of away.entries()) await add(page, `离线${number}`)
  for (const number of [1, 2, 3]) await add(one, `之前${number}`)
  await inStep(one)
  aside.push(await forge(relay, SEED + 1))
  await sets(one, aside)
  for (const number of [1, 2, 3]) await add(one, `之后${number}`)
  await inStep(one)
  for (const page of away) {
    const before = await stops(page)
    await page.evaluate(() => yilian.goOnline())
    await sets(page, aside)
    assert.ok((await stops(page)) > before)
  }
  for (const page of tabs) await shows(page, everybody)

  // A device that comes now has all of it at once.
  const late = await open("赵六")
  await sets(late, aside)
  await add(late, "迟来")
  for (const page of [...tabs, late]) await shows(page, everybody)

  // Whoever starts again does so without it.
  await two.close()
  const again = await open("李四")
  await shows(again, everybody)
  await sets(again, aside)
  await add(again, "再来")
  await shows(one, everybody)
  assert.equal(await stops(again), 0)

  // However many come, each is found.
  await again.evaluate(() => yilian.goOffline())
  for (const page of [one, unstored, late]) await page.close()
  const many = [...aside]
  for (let number = 0; number < MANY; number += 1) many.push(await forge(relay, SEED + 2 + number))
  const beset = await open("孙七")
  await sets(beset, many)
  assert.ok((await stops(beset)) > 40)
  await add(beset, "众多")
  await inStep(beset)

  // The relay finds them as well: nobody else gets them.
  await relay.kill()
  relay.env = { YILIAN_VERIFY_EVERY: "1", YILIAN_VERIFY_PERCENT: "100" }
  await relay.start()
  await until("the relay to find them", async () => (await quarantined(relay)) === many.length)
  await again.evaluate(() => yilian.goOnline())
  const spared = await open("周八")
  for (const page of [again, beset, spared]) await add(page, `最后${everybody.length}`)
  for (const page of [again, beset, spared]) {
    await shows(page, everybody)
    await inStep(page)
  }
  await sets(again, aside)
  assert.equal(await stops(again), 0)
  assert.deepEqual(await spared.evaluate(() => [yilian.status.refused, problems]), [[], []])
  // A panic says so on the console before it ends the module.
  world.errors = world.errors.filter(error => !/^@yilian\/client: panicked at .*automerge/.test(error))
}
