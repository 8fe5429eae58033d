// A courier without an account and, for a while, without a network: books a room and takes goods at a station, which
// answers; follows both by their codes from another phone, and takes back what is not needed any more.

import assert from "node:assert/strict"
import { accessible, inStep, until } from "../harness.mjs"

const PHONE = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 1, isMobile: true, hasTouch: true, timezoneId: "UTC" }

export default async function (world) {
  const relay = await world.relay({ web: true })
  const station = await stocked(world, relay)
  const desk = await deskOf(world, relay)
  const phone = await world.device("phone", PHONE)
  await phone.context.grantPermissions(["clipboard-read", "clipboard-write"])
  const page = await phone.context.newPage()
  await site(page, relay)

  await relay.kill()
  const booking = await book(page)
  const claim = await take(page)
  assert.notEqual(booking, claim)
  await shot(page, "follow-offline")

  // What was stored without a network is sent after the page was closed, too.
  await page.close()
  await relay.start()
  const again = await phone.context.newPage()
  await again.goto(`${relay.page}/#/sent`)
  await until("both to be listed", async () => (await again.locator(".sent").count()) === 2)
  await until("both to be sent", async () => (await again.getByText("已提交", { exact: true }).count()) === 2)
  await accessible(again)
  await shot(again, "sent")
  await again.locator(".sent", { hasText: "培训教室" }).click()
  await until("it to say so", () => again.getByText("已送到中心，等驿站受理").isVisible())

  // The station: on its computer, and at its desk.
  await station.run("sync", "--once")
  await station.run("request", "accept", booking, "--by", "傅玉兰")
  await station.run("sync", "--once")
  await handOut(desk, claim)
  await until("the booking to be promised", () => again.locator("[data-grant=confirmed]").isVisible())
  assert.match(await again.locator(".timeline").textContent(), /已受理\s*傅玉兰 · 城市客运共享职工之家/)
  await accessible(again)
  await shot(again, "granted")

  await bumped(again, desk, booking)

  const other = await (await world.device("other", PHONE)).context.newPage()
  await followed(other, relay, claim)
  await again.goto(`${relay.page}/#/sent/${claim}`)
  await until("the other phone's word", () => again.locator(".timeline [data-stage=confirmed]").isVisible())

  await declined(other, station)
  await withdrawn(other, station)
  forgetDeadHub(world)
}

/** A station with rooms and goods. */
async function stocked(world, relay) {
  const station = await world.station("keyun", relay.url, ["--site", "keyun", "--author", "傅玉兰"])
  for (const kind of ["site", "venue", "service"]) await station.run(kind, "import", sample(`${kind}s.csv`))
  await station.run("item", "add", "name=手套", "unit=双", "at_once=2")
  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)
  await station.run("hours-exception", "add", "site=keyun", `from=${today}`, "hours=07:00-20:00", "reason=设备年检")
  await station.run("site", "set", "keyun", "notice=大厅正在粉刷，请走东门")
  await station.run("sync", "--once")
  return station
}

/** A browser at the station's desk, which holds the goods. */
async function deskOf(world, relay) {
  const tab = await (await world.device("desk")).tab(await world.site(), { url: relay.url, site: "keyun", author: "萧平" })
  await tab.evaluate(() => {
    globalThis.goods = yilian.goods("keyun")
    goods.subscribe(() => {})
  })
  await until("the station's goods", () => tab.evaluate(() => goods.value?.items.length === 1))
  await tab.evaluate(() => goods.contribute({ item: goods.value.items[0].item, count: 5, party: "总工会" }))
  await inStep(tab)
  return tab
}

/** The desk gives out what was asked for. */
async function handOut(desk, code) {
  await desk.evaluate(() => {
    globalThis.inbox = yilian.inbox("keyun")
    inbox.subscribe(() => {})
  })
  const of = code => inbox.value?.find(one => one.code === code)
  await until("the claim at the desk", () => desk.evaluate(`(${of})(${JSON.stringify(code)}) !== undefined`))
  await desk.evaluate(`inbox.step((${of})(${JSON.stringify(code)}), "accepted")`)
  await desk.evaluate(`inbox.step((${of})(${JSON.stringify(code)}), "done", { note: "在前台领取" })`)
  await inStep(desk)
}

/** What one sees of a station. */
async function site(page, relay) {
  await page.goto(`${relay.page}/`)
  // Closed or not, it is listed.
  await until("the stations", () => page.locator(".count b").count())
  await page.getByRole("button", { name: "只看开放中" }).click()
  await page.getByRole("combobox", { name: "选区域或站点" }).selectOption("城市客运共享职工之家")
  await shot(page, "near", false)
  await page.getByRole("link", { name: "城市客运共享职工之家", exact: true }).click()
  await page.getByRole("heading", { level: 1, name: /城市客运共享职工之家/ }).waitFor()
  assert.equal(new URL(page.url()).hash, "#/site/keyun")
  await page.getByText("今日 20:00 提前关门，设备年检").waitFor()
  await page.getByText("大厅正在粉刷，请走东门").waitFor()
  await page.getByRole("button", { name: "明天" }).click()
  const room = page.locator(".venue", { hasText: "调解室" })
  await room.getByRole("link", { name: /08:30–18:00$/ }).waitFor()
  await page.getByText("还有 5 双").waitFor()
  assert.match(await page.locator("section", { hasText: "法律咨询" }).last().textContent(), /周三\s*14:00–17:00/)
  await fits(page)
  await accessible(page)
  await shot(page, "site")
  if (process.env.YILIAN_PICTURES) await widely(page)
  // The page and what it reads are stored.
  await page.evaluate(() => navigator.serviceWorker.ready)
  await until("the page to be stored", () => page.evaluate(async () => (await caches.keys()).length > 0))
}

async function book(page) {
  await page.getByRole("link", { name: "订场地", exact: true }).click()
  await until("a word that there is no network", () => page.getByText(/现在没有网/).first().isVisible())
  await page.getByRole("radio", { name: /培训教室/ }).check()
  await page.getByRole("button", { name: "明天" }).click()
  await page.getByLabel("时长").selectOption("2 小时")
  await page.getByRole("button", { name: "提交" }).click()
  await until("what is missing to be told", async () => (await page.getByText("这里要填").count()) === 2)
  await page.getByRole("button", { name: "14:00", exact: true }).click()
  await page.getByText(/已选：.*14:00–16:00/).waitFor()
  await page.getByLabel(/人数/).fill("41")
  await page.getByLabel("姓名").fill("李师傅")
  await page.getByLabel(/电话/).fill("13800000000")
  await page.getByLabel(/用途/).fill("骑手安全会")
  await page.getByRole("button", { name: "提交" }).click()
  await page.getByText("最多 40", { exact: true }).waitFor()
  await page.getByLabel(/人数/).fill("30")
  await fits(page)
  await accessible(page)
  await shot(page, "book")
  await page.getByRole("button", { name: "提交" }).click()
  return stored(page)
}

async function take(page) {
  await page.goBack()
  await page.getByRole("link", { name: "领取手套" }).click()
  await page.getByLabel(/数量/).fill("3")
  await page.getByRole("button", { name: "提交" }).click()
  await page.getByText("最多 2", { exact: true }).waitFor()
  // Who one is was said before.
  assert.equal(await page.getByLabel("姓名").inputValue(), "李师傅")
  await page.getByLabel(/数量/).fill("２")
  await accessible(page)
  await shot(page, "take")
  await page.getByRole("button", { name: "提交" }).click()
  return stored(page)
}

/** The code of what was stored on the phone. */
async function stored(page) {
  await page.getByText("已存在这台手机上，还没有送出").waitFor()
  const code = await page.locator(".code").textContent()
  await page.getByRole("button", { name: "复制查询码" }).click()
  await until("the code in the clipboard", async () => (await page.evaluate(() => navigator.clipboard.readText())) === code)
  return code
}

/** The promise is taken back and made to somebody else: the phone hears of it, and what else is free. */
async function bumped(page, desk, code) {
  await desk.evaluate(async code => {
    const { submission } = (await inbox.now()).find(one => one.code === code)
    const bookings = yilian.bookings("keyun", submission.start.slice(0, 7))
    const [booking] = await bookings.now()
    await bookings.set(booking, { confirmed_by: null })
    const { venue, start, end } = submission
    const id = await bookings.book({ venue, start, end, name: "萧平" })
    await bookings.confirm((await bookings.now()).find(one => one.id === id))
  }, code)
  await until("the phone to hear of it", () => page.locator("[data-grant=bumped]").isVisible())
  await page.getByRole("heading", { name: "还有这些空着" }).waitFor()
  await accessible(page)
  await shot(page, "bumped")
  await page.locator("section", { hasText: "还有这些空着" }).locator("a").first().click()
  // The offer is as long as the wish was.
  await page.locator(".chosen", { hasText: "已选" }).waitFor()
  assert.equal(await page.getByLabel("时长").inputValue(), "120")
  await page.goBack()
}

/** Follows a claim by its code, typed in on another phone, and confirms it. */
async function followed(page, relay, code) {
  await page.goto(`${relay.page}/`)
  await page.getByRole("link", { name: "我提交的" }).click()
  await page.getByText("这台手机还没有提交过").waitFor()
  const field = page.getByLabel("用查询码查")
  const last = code.at(-1) === "7" ? "8" : "7"
  await field.fill(code.slice(0, -1) + last)
  await page.getByText("校验位对不上").waitFor()
  await accessible(page)
  await field.fill(code.toUpperCase().replaceAll("-", " "))
  await page.getByRole("button", { name: "查询" }).click()
  await page.getByText("物资已发放").waitFor()
  assert.match(await page.locator(".timeline").textContent(), /已办结.*在前台领取/s)
  await page.getByText(/手套 × 2\s*双/).waitFor()
  await page.getByRole("button", { name: "确认办好了" }).click()
  await page.locator(".timeline [data-stage=confirmed]").waitFor()
}

/** What is promised to somebody else already is declined; what else is free is offered. */
async function declined(page, station) {
  await page.evaluate(() => (location.hash = "#/site/keyun/book"))
  await page.getByRole("radio", { name: /培训教室/ }).check()
  await page.getByRole("button", { name: "明天" }).click()
  // Half past four to half past five: free; two to four is taken.
  await page.getByRole("button", { name: "16:30", exact: true }).waitFor()
  assert.equal(await page.getByRole("button", { name: "14:30", exact: true }).count(), 0)
  await page.getByRole("button", { name: "16:30", exact: true }).click()
  await page.getByLabel("姓名").fill("王师傅")
  await page.getByRole("button", { name: "提交" }).click()
  await page.getByText("已送到中心，等驿站受理").waitFor()
  const code = await page.locator(".code").textContent()
  await station.run("sync", "--once")
  await station.run("request", "decline", code, "--note", "当天停电")
  await station.run("sync", "--once")
  await page.getByRole("heading", { name: "还有这些空着" }).waitFor()
  assert.match(await page.locator(".timeline").textContent(), /未受理.*当天停电/s)
  await shot(page, "declined")
  await page.locator("section", { hasText: "还有这些空着" }).locator("a").first().click()
  await page.locator(".chosen", { hasText: "已选" }).waitFor()
}

async function withdrawn(page, station) {
  await page.evaluate(() => (location.hash = "#/site/keyun/ask"))
  await page.getByLabel("内容").fill("三号充电柜坏了")
  await accessible(page)
  await page.getByRole("button", { name: "提交" }).click()
  await page.getByText("已送到中心，等驿站受理").waitFor()
  const code = await page.locator(".code").textContent()
  await page.getByRole("button", { name: "撤回" }).click()
  // Half faded in, its words have less contrast than they will.
  await page.getByRole("dialog").evaluate(dialog => Promise.all(dialog.getAnimations().map(({ finished }) => finished)))
  await accessible(page)
  await page.getByRole("dialog").getByRole("button", { name: "撤回" }).click()
  await page.locator(".timeline [data-stage=withdrawn]").waitFor()
  await until("the station to hear of it", async () => {
    await station.run("sync", "--once")
    return /withdrawn/.test(await station.run("--json", "request", "show", code))
  })
}

function sample(name) {
  return new URL(`../../../samples/jiaozuo/${name}`, import.meta.url).pathname
}

/** Nothing is wider than the phone. */
async function fits(page) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  assert.ok(wide <= 0, `${page.url()} is ${wide} px too wide`)
}

/** As on a desk, in English. */
async function widely(page) {
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.getByRole("button", { name: "EN" }).click()
  await page.waitForTimeout(300)
  await shot(page, "site-desktop", false)
  await page.emulateMedia({ colorScheme: "dark" })
  await accessible(page)
  await shot(page, "site-dark", false)
  await page.emulateMedia({ colorScheme: "light" })
  await page.evaluate(() => (location.hash = "#/"))
  await page.waitForTimeout(600)
  await shot(page, "near-desktop", false)
  await page.goBack()
  await page.getByRole("button", { name: "中" }).click()
  await page.setViewportSize(PHONE.viewport)
}

/** A picture, where somebody wants to look. */
async function shot(page, name, fullPage = true) {
  const folder = process.env.YILIAN_PICTURES
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage, animations: "disabled" })
}

/** A browser writes of every connection that is refused, whoever expects it. */
function forgetDeadHub(world) {
  world.errors = world.errors.filter(error => !/WebSocket connection|ERR_CONNECTION_REFUSED/.test(error))
}
