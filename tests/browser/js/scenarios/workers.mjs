// Somebody on the road finds what is open near them: by their own place or a district, with what they need, at any
// time, with who is on duty, and without a network.

import assert from "node:assert/strict"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { accessible, countShifts, SAMPLES, until } from "../harness.mjs"

const HERE = { latitude: 35.23223, longitude: 113.31299 }

export default async function (world) {
  const relay = await world.relay({ web: true })
  const station = await world.sampleStation("keyun", relay.url)
  for (const kind of ["service", "venue"]) await station.run(kind, "import", join(SAMPLES, `${kind}s.csv`))
  await station.run("hours-exception", "add", "site=keyun", "from=2026-12-09", "hours=07:00-21:00", "reason=设备年检")
  await station.run("site", "set", "keyun", "notice=请走东门")
  await station.run("site", "set", "jiefang-1-p", "state=paused")
  await station.run("sync", "--once")
  const all = await sites()

  const device = await world.device("phone")
  await device.context.grantPermissions(["geolocation"])
  await device.context.setGeolocation(HERE)
  const page = await device.context.newPage()
  await page.setViewportSize({ width: 360, height: 740 })
  await page.addInitScript(countShifts)
  await page.goto(`${relay.page}/?at=2026-12-09T19:30`)

  // Nothing is asked before it is asked for; without a place, the homes come first.
  const open = all.filter(({ key, hours }) => key !== "jiefang-1-p" && isOpen(hours, "19:30"))
  await until("the open sites", async () => (await count(page)) === open.length)
  assert.equal(await page.locator(".distance").count(), 0)
  assert.match(await page.locator(".site").first().textContent(), /家/)
  assert.ok((await page.evaluate(() => shifted)) < 0.02, "the page jumps while it loads")
  await accessible(page)

  // From where one stands, with distances that grow.
  await page.getByRole("button", { name: "用我的位置" }).click()
  await until("the nearest to be first", async () => (await keys(page))[0] === "keyun")
  const metres = (await page.locator(".distance").allTextContents()).map(inMetres)
  assert.equal(metres[0], 10)
  assert.deepEqual(metres, metres.toSorted((a, b) => a - b))

  // Who is on duty: seen on the card, and only there where somebody is.
  const keyun = page.locator(".site[data-site=keyun]")
  await until("who is on duty", async () => /萧平\s*值守\s*至 20:00/.test(await keyun.locator(".duty").textContent()))
  await until("cards to say that nobody is", () => page.locator(".site", { hasText: "此刻没有人在岗" }).count())
  assert.match(await keyun.textContent(), /开放中\s*21:00 关/)
  assert.equal(await keyun.locator("a[href^='tel:']").getAttribute("href"), "tel:03917618662")
  assert.match(await keyun.locator("a[href^='geo:']").getAttribute("href"), /^geo:35\.23223,113\.31299/)

  // What is other than usual that day is said, with what is offered now.
  assert.match(await keyun.textContent(), /12月9日 周三 21:00 提前关门，设备年检/)
  assert.match(await keyun.textContent(), /请走东门/)
  assert.match(await keyun.locator(".offers").textContent(), /正在服务\s*量血压、夜校|正在服务\s*夜校、量血压/)
  await page.getByRole("combobox", { name: "服务" }).selectOption("夜校")
  await until("only who offers it then", async () => (await count(page)) === 1 && String(await keys(page)) === "keyun")
  await accessible(page)
  await page.getByRole("button", { name: "清除", exact: true }).click()
  await until("all to be back", async () => (await count(page)) === open.length)

  // Everything that is asked for must be there.
  for (const name of ["淋浴", "书籍"]) await page.getByRole("button", { name, exact: true }).click()
  const fits = open.filter(({ amenities }) => amenities.includes("shower") && amenities.includes("books"))
  await until("both to be there", async () => (await count(page)) === fits.length)
  assert.deepEqual((await keys(page)).toSorted(), fits.map(({ key }) => key).toSorted())
  for (const name of ["热饭", "厕所"]) await page.getByRole("button", { name, exact: true }).click()
  await until("a word that nothing fits", () => page.getByText("这个时间没有符合条件的驿站开着").isVisible())
  await accessible(page)
  await page.getByRole("button", { name: "清除条件" }).click()

  // At night: closed ones when asked for, and the night shift that began the day before, in the month before.
  await page.getByLabel("换个时间").fill("2027-01-01T03:00")
  const atNight = all.filter(({ hours }) => isOpen(hours, "03:00"))
  await until("those open at night", async () => (await count(page)) === atNight.length)
  await page.getByRole("button", { name: "只看开放中" }).click()
  await until("the night shift", async () => /萧平\s*热线\s*至 08:00/.test(await keyun.textContent()))
  assert.match(await keyun.textContent(), /未开放\s*07:00 开/)
  await until("what is paused to say so", async () => (await page.locator("[data-site=jiefang-1-p] .state").textContent().catch(() => "")).includes("暂停"))
  assert.equal(new URL(page.url()).searchParams.get("at"), "2027-01-01T03:00")
  await page.getByRole("combobox", { name: "选区域或站点" }).selectOption("马村区")
  await until("distances from there", () => page.getByText("距离从马村区算起").isVisible())

  // With no network and no hub: the page opens, and shows what it showed; the place is remembered.
  await page.evaluate(() => navigator.serviceWorker.ready)
  await until("the page to be stored", () => page.evaluate(async () => (await caches.keys()).length > 0))
  const before = await keys(page)
  await relay.kill()
  await page.close()
  const again = await device.context.newPage()
  await again.setViewportSize({ width: 360, height: 740 })
  await again.goto(`${relay.page}/?at=2027-01-01T03:00`)
  await until("the sites from the store", async () => (await count(again)) === atNight.length)
  await again.getByRole("button", { name: "只看开放中" }).click()
  await until("the same order", async () => String(await keys(again)) === String(before))
  const shown = again.locator(".site[data-site=keyun]")
  await again.getByRole("combobox", { name: "选区域或站点" }).selectOption("城市客运共享职工之家")
  await until("who is on duty, from the store", async () => /萧平\s*热线/.test(await shown.textContent()))
  forgetDeadHub(world)
}

async function sites() {
  const [, ...lines] = (await readFile(join(SAMPLES, "sites.csv"), "utf8")).trim().split("\n")
  return lines.map(line => {
    const [key, , , , , hours, amenities] = line.split(",")
    return { key, hours, amenities: amenities.split(" ") }
  })
}

/** Clock times sort as text; no sample runs past midnight. */
function isOpen(hours, at) {
  const [from, to] = hours.split("-")
  return from <= at && at < to
}

/** How many sites the page says there are. */
async function count(page) {
  return Number.parseInt(await page.locator(".count b").textContent({ timeout: 1000 }).catch(() => "-1"), 10)
}

function keys(page) {
  return page.locator(".site[data-site]").evaluateAll(cards => cards.map(card => card.dataset.site))
}

function inMetres(text) {
  const [, value, unit] = /([\d.]+)\s*(米|公里)/.exec(text)
  return unit === "米" ? Number(value) : Number(value) * 1000
}

/** A browser writes of every connection that is refused, whoever expects it. */
function forgetDeadHub(world) {
  world.errors = world.errors.filter(error => !/WebSocket connection|ERR_CONNECTION_REFUSED/.test(error))
}
