// The hub sees what two stations did apart, a browser and a native node: merged, with what the merge broke, who did
// what, and how each stands; and puts it right.

import assert from "node:assert/strict"
import { accessible, countShifts, until } from "../harness.mjs"

const REMEMBERED = {
  id: "a-device-of-last-week",
  site: "macun-1",
  author: null,
  online: true,
  changesWaiting: 3,
  savedAt: Date.UTC(2026, 0, 2),
  seenAt: Date.UTC(2026, 0, 2),
}

export default async function (world) {
  const relay = await world.relay({ web: true })
  const keyun = await world.sampleStation("keyun", relay.url)
  await keyun.run("sync", "--once")
  const { shifts } = await keyun.json("roster", "show", "--month", "2026-12")
  const shift = shifts.find(({ start, post }) => start === "2026-12-09T14:00" && post === "值守")
  assert.equal(shift.name, "萧平")

  // A station in a browser, which goes offline and borrows 萧平 for the same hours.
  const site = await world.site()
  const options = { url: relay.url, site: "keyun", author: "keyun/张杰" }
  const station = await (await world.device("station")).tab(site, options)
  await until("the roster to arrive", () => station.evaluate(() => roster.value.length === 93))

  const device = await world.device("hub")
  const page = await device.context.newPage()
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.addInitScript(countShifts)
  await page.addInitScript(remembered => {
    localStorage.getItem("yilian.devices") ?? localStorage.setItem("yilian.devices", remembered)
  }, JSON.stringify([REMEMBERED]))
  await page.goto(`${relay.page}/hub/?at=2026-12-09T15:00`)
  await until("the month's figures", () => page.getByText(/93\s*个班次/).isVisible())
  await until("the feed", () => page.locator(".feed-item").count())
  await until("that nothing was found", () => page.getByText("没有发现问题").isVisible())
  assert.ok((await page.evaluate(() => shifted)) < 0.02, "the page jumps while it loads")
  await accessible(page)

  // Both change the same note without knowing of each other.
  await station.evaluate(() => yilian.goOffline())
  await station.evaluate(async id => {
    await roster.setShift(id, { note: "带钥匙" })
    await roster.addShift({ name: "萧平", post: "值守", start: "2026-12-09T16:00", end: "2026-12-09T22:00" })
  }, shift.id)
  await keyun.run("roster", "set", shift.id, "note=改到后门")
  await keyun.run("sync", "--once")
  await until("the native node's edit in the feed", async () => /备注\s*空 → 改到后门/.test(await first(page)))
  await station.evaluate(() => yilian.goOnline())

  // What the merge broke, with both values; the roster marks it.
  const conflict = page.locator(".rule[data-rule=field-conflict] .finding")
  const overlap = page.locator(".rule[data-rule=overlap] .finding")
  await until("both findings", async () => (await conflict.count()) === 1 && (await overlap.count()) === 1)
  const values = await conflict.locator(".value b").allTextContents()
  assert.deepEqual(values.toSorted(), ["带钥匙", "改到后门"].toSorted())
  await until("the day's roster to mark them", async () => (await page.locator(".track .bar[data-severity=error]").count()) === 2)
  await accessible(page)

  // Who did what: the station's edits are new, and come with its author.
  const borrowed = page.locator(".feed-item", { hasText: "12月9日 16:00–22:00" })
  await until("the station's edit in the feed", () => borrowed.count())
  assert.match(await borrowed.textContent(), /城市客运共享职工之家 · 张杰.*新增班次\s*萧平 · 值守.*新到/s)

  // How each stands: the browser that is here, what was remembered of one that is not, and a site nobody heard of.
  const row = key => page.locator(`tr[data-site=${key}]`)
  let stands
  await until("the station to be online", async () => /在线.*刚刚.*0/s.test((stands = await row("keyun").textContent()))).catch(
    error => assert.fail(`${error.message}; it stands ${stands}`),
  )
  assert.match(await row("macun-1").textContent(), /离线.*≥ 3/s)
  assert.match(await row("shanyang-1").textContent(), /未听到.*没有改动/s)

  // One tap, and all see it.
  await conflict.getByRole("button", { name: "带钥匙" }).click()
  await until("the conflict to be settled", async () => (await conflict.count()) === 0)
  await until("the station to see it", () => station.evaluate(id => roster.get(id).note === "带钥匙", shift.id))
  await overlap.getByRole("button").first().click()
  await until("nothing to be left", () => page.getByText("没有发现问题").isVisible())
  await until("the hub's own deed in the feed", async () => /县级中心/.test(await first(page)))
  await keyun.run("sync", "--once")
  const { findings } = await keyun.json("findings", "--month", "2026-12")
  assert.deepEqual(findings, [])

  // Taken back by the button beside what is said of it.
  await page.getByRole("button", { name: "撤销" }).last().click()
  await until("the finding to be back", async () => (await overlap.count()) === 1)

  // The chart chooses the day, by the keyboard too; and the filters fit.
  await page.locator(".day[data-date='2026-12-09'] input").focus()
  await page.keyboard.press("ArrowRight")
  await until("the next day's roster", () => page.getByRole("heading", { name: /12月10日/ }).isVisible())
  await page.locator("#post").selectOption("热线")
  await until("only that post", async () => (await page.locator(".track .bar").allTextContents()).every(text => /热线/.test(text)))
  await page.locator("#site").selectOption("解放区快递驿站")
  await until("that this site has no roster", () => page.getByText("这一天没有排班").isVisible())
  await page.getByRole("button", { name: "下个月" }).click()
  await until("the month in the address", () => new URL(page.url()).searchParams.get("month") === "2027-01")

  await page.setViewportSize({ width: 360, height: 740 })
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  assert.ok(wide <= 0, "the page is wider than a phone")
  await accessible(page)
}

async function first(page) {
  return page.locator(".feed-item").first().textContent()
}
