// What sites share, as the hub sees it: what stations did apart adds up to figures that are the same as bars, as a table and as a
// file; a booking that was bumped is settled by a repair, and one is confirmed with nothing but the keyboard.

import assert from "node:assert/strict"
import { readFile } from "node:fs/promises"
import { accessible, countShifts, inStep, until } from "../harness.mjs"

// Goods and submissions are of today, bookings of the next month.
const NOW = "2026-11-18T10:30+08:00"
const NEXT = "2026-12"
const DAYS = 31

export default async function (world) {
  world.setClock(NOW)
  const [relay, site] = [await world.relay({ web: true }), await world.site()]
  const url = relay.url
  const first = await (await world.device("one")).tab(site, { url, site: "keyun", author: "傅玉兰" })
  const second = await (await world.device("two")).tab(site, { url, site: "jiefang-1", author: "萧平" })
  await bookings(first, second, await directory(first, second))
  await goods(first, second)
  await submissions(first, await (await world.device("guest")).tab(site, { url }))

  const device = await world.device("hub")
  const page = await device.context.newPage()
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.addInitScript(countShifts)
  await page.goto(`${relay.page}/hub/?view=sharing`)
  await goodsFigures(page)
  await submissionFigures(page)
  assert.ok((await page.evaluate(() => shifted)) < 0.02, "the page jumps while it loads")
  await page.getByRole("button", { name: "下个月" }).click()
  await venueFigures(page)
  await accessible(page)
  await confirmByKeyboard(page, first)
  await lose(page, first, await (await world.device("spare")).tab(site, { url, site: "keyun", author: "张杰" }))
  await settle(page, second)
  await phone(page)
}

async function directory(first, second) {
  const made = await first.evaluate(async () => {
    const directory = yilian.directory()
    await directory.ready
    await directory.add("sites", { key: "keyun", name: "客运站", level: "home", hours: "00:00-24:00" })
    await directory.add("sites", { key: "jiefang-1", name: "解放一站", level: "station", parent: "keyun", hours: "08:00-18:00" })
    const drive = await directory.add("drives", { name: "爱心互献", site: "keyun" })
    const room = await directory.add("venues", { site: "keyun", name: "一号会议室", capacity: 20, hours: "08:00-18:00" })
    return { drive, room, hall: await directory.add("venues", { site: "jiefang-1", name: "活动室", capacity: 20 }) }
  })
  for (const page of [first, second]) await page.evaluate(made => Object.assign(globalThis, made), made)
  await second.evaluate(() => (globalThis.venues = yilian.venues()))
  await until("the venues to arrive", () => second.evaluate(() => venues.value.length === 2))
  return made
}

/** Two sites ask for one room without knowing of each other, and each borrows something of the other besides. */
async function bookings(first, second, { room, hall }) {
  const book = (page, site, wish) =>
    page.evaluate(([site, month, wish]) => yilian.bookings(site, month).book(wish), [site, NEXT, wish])
  const at = (day, start, end) => ({ start: `${NEXT}-${day}T${start}`, end: `${NEXT}-${day}T${end}` })
  for (const page of [first, second]) await page.evaluate(() => yilian.goOffline())
  await book(first, "keyun", { venue: room, name: "傅玉兰", people: 8, ...at("10", "14:00", "16:00") })
  await book(second, "keyun", { venue: room, name: "萧平", borrower: "jiefang-1", people: 8, ...at("10", "15:00", "17:00") })
  await book(second, "keyun", { venue: room, name: "郑洋", borrower: "jiefang-1", ...at("11", "09:00", "12:00") })
  await book(first, "jiefang-1", { venue: hall, name: "张杰", borrower: "keyun", purpose: "培训", ...at("12", "09:00", "10:30") })
  for (const page of [first, second]) await page.evaluate(() => yilian.goOnline())
  for (const page of [first, second]) await inStep(page)
}

async function goods(first, second) {
  const item = await first.evaluate(async () => {
    globalThis.goods = yilian.goods("keyun")
    goods.subscribe(() => {})
    await goods.contribute({ new: { name: "手套", unit: "双" }, count: 50, party: "总工会", drive })
    const [{ item }] = (await goods.now()).items
    await goods.give({ item, count: 4, party: "李师傅", drive })
    return item
  })
  await second.evaluate(async () => {
    globalThis.goods = yilian.goods("jiefang-1")
    goods.subscribe(() => {})
    await goods.contribute({ new: { name: "手套", unit: "双" }, count: 3, party: "街道办" })
  })
  // The other site's device is known where goods are sent to it.
  await until("goods to be sent", () =>
    first.evaluate(item => goods.send({ item, count: 10 }, "jiefang-1").then(() => true, () => false), item),
  )
  for (const page of [first, second]) await inStep(page)
}

async function submissions(first, guest) {
  await guest.evaluate(async () => {
    await yilian.submit("keyun", { kind: "request", name: "李师傅", text: "空调不凉" })
    await yilian.submit("keyun", { kind: "request", name: "王师傅", text: "灯坏了" })
    await yilian.submit("jiefang-1", { kind: "request", name: "赵师傅", text: "缺热水" })
  })
  await inStep(guest)
  await first.evaluate(() => {
    globalThis.inbox = yilian.inbox("keyun")
    inbox.subscribe(() => {})
  })
  await until("both to reach the site", () => first.evaluate(() => inbox.value?.length === 2))
  await first.evaluate(() => inbox.step(inbox.value[0], "accepted"))
  await inStep(first)
}

const report = (page, id) => page.locator(`[data-report=${id}]`)

/** What the bars of a report say: a line for each row, with its numbers. */
async function drawn(page, id) {
  const rows = await report(page, id).locator(".bars-row").all()
  return Promise.all(
    rows.map(async row => [
      await row.locator(".bars-label").textContent(),
      ...(await row.locator(".bars-value").allTextContents()),
    ]),
  )
}

async function shows(page, id, wanted) {
  const same = async () => JSON.stringify(await drawn(page, id)) === JSON.stringify(wanted)
  await until(`${id} to show ${JSON.stringify(wanted)}`, same).catch(async error => {
    throw new Error(`${error.message}; it shows ${JSON.stringify(await drawn(page, id))}`)
  })
}

async function goodsFigures(page) {
  await shows(page, "supplies", [["手套", "53 双", "4 双", "39 双", "10 双"]])
  await page.getByLabel("物资", { exact: true }).selectOption({ label: "手套" })
  const bySite = [
    ["解放一站", "3 双", "0 双", "3 双", "0 双"],
    ["客运站", "50 双", "4 双", "36 双", "10 双"],
  ]
  await until("the item by site", async () =>
    JSON.stringify((await drawn(page, "supplies")).toSorted()) === JSON.stringify(bySite.toSorted()),
  )
  await shows(page, "drive", [["手套 · 客运站", "50 双", "4 双", "36 双", "10 双"]])
  await shows(page, "drive-parties", [
    ["总工会 · 手套", "50 双", "0 双"],
    ["李师傅 · 手套", "0 双", "4 双"],
  ])
}

async function submissionFigures(page) {
  await shows(page, "submissions", [["已提交", "2"], ["已受理", "1"]])
  const sites = [["解放一站", "1", "0"], ["客运站", "2", "0"]]
  await until("the sites' submissions", async () =>
    JSON.stringify((await drawn(page, "submissions-by-site")).toSorted()) === JSON.stringify(sites.toSorted()),
  )
}

/** The bars, the table and the file say the same. */
async function venueFigures(page) {
  const use = hours => Math.round((hours / (DAYS * 10)) * 1000) / 10
  await shows(page, "venues", [
    ["客运站 · 一号会议室", `5 小时 · ${use(5)}%`],
    ["解放一站 · 活动室", `1.5 小时 · ${use(1.5)}%`],
  ])
  await shows(page, "venues-by-site", [
    ["客运站", `5 小时 · ${use(5)}%`],
    ["解放一站", `1.5 小时 · ${use(1.5)}%`],
  ])
  await shows(page, "borrowing", [
    ["客运站 → 解放一站", "3 小时 · 1 次"],
    ["解放一站 → 客运站", "1.5 小时 · 1 次"],
  ])
  const rows = [
    ["站点", "场地", "预订数", "占用小时", "开放小时", "使用率 %", "外站借用", "订不到"],
    ["客运站", "一号会议室", "2", "5", String(DAYS * 10), String(use(5)), "1", "1"],
    ["解放一站", "活动室", "1", "1.5", String(DAYS * 10), String(use(1.5)), "1", "0"],
  ]
  const card = report(page, "venues")
  await card.getByText("以表格查看").click()
  const cells = await card.locator("tr").evaluateAll(rows => rows.map(row => [...row.children].map(cell => cell.textContent)))
  assert.deepEqual(cells, rows)
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    card.getByRole("button", { name: "下载 CSV：场地使用" }).click(),
  ])
  assert.equal(download.suggestedFilename(), `共享报表-场地使用-${NEXT}.csv`)
  const text = await readFile(await download.path(), "utf8")
  assert.equal(text, `\uFEFF${rows.map(row => row.join(",")).join("\r\n")}\r\n`)
}

/** Presses Tab until the focus is where it is wanted. */
async function tabTo(page, what, probe) {
  for (let pressed = 0; pressed < 200; pressed += 1) {
    if (await page.evaluate(probe)) return
    await page.keyboard.press("Tab")
  }
  assert.fail(`${what} is not reached by the keyboard`)
}

async function confirmByKeyboard(page, first) {
  await page.locator("#app").focus()
  await tabTo(page, "the booking to confirm", () => document.activeElement.ariaLabel?.startsWith("确认 张杰"))
  await page.keyboard.press("Enter")
  await until("it to leave the list", async () => (await page.getByRole("button", { name: /^确认 张杰/ }).count()) === 0)
  const of = await until("the promise to reach the site", () =>
    first.evaluate(async month => {
      const bookings = await yilian.bookings("jiefang-1", month).now()
      return bookings.find(({ grant }) => grant === "confirmed")
    }, NEXT),
  )
  assert.deepEqual([of.name, of.confirmed_by], ["张杰", "keyun/县级中心"])
}

/** A device is declared lost that gave something out which nobody knew of; what is too many then is taken from the other. */
async function lose(page, first, spare) {
  await spare.evaluate(async () => {
    globalThis.goods = yilian.goods("keyun")
    goods.subscribe(() => {})
    await goods.contribute({ new: { name: "手套", unit: "双" }, count: 1, party: "个体户" })
  })
  await first.evaluate(() => yilian.goOffline())
  await first.evaluate(async () => goods.give({ item: (await goods.now()).items[0].item, count: 2, party: "周师傅" }))
  await page.getByLabel("站点", { exact: true }).selectOption({ label: "客运站" })
  const device = name => report(page, "devices").locator("li", { hasText: name })
  await until("both devices", async () => /手套 36 双/.test(await device("傅玉兰").textContent()) && (await device("张杰").count()))
  await device("傅玉兰").getByRole("button").click()
  const dialog = page.getByRole("dialog")
  assert.match(await dialog.textContent(), /手套 36 双.*马上转给.*没来得及同步/s)
  await accessible(page)
  await dialog.getByRole("button", { name: "确定报失" }).click()
  const here = count => until(`${count} at the other device`, () => spare.evaluate(count => goods.value?.items[0].here === count, count))
  await here(37)
  await until("the loss to be told", async () => /报失时间/.test(await device("傅玉兰").textContent()))
  assert.equal(await report(page, "devices").getByRole("button").count(), 1, "the hub offers to lose itself")
  await page.getByLabel("站点", { exact: true }).selectOption({ label: "全部站点" })
  await first.evaluate(() => yilian.goOnline())
  await page.getByRole("link", { name: "总览" }).click()
  const finding = page.locator(".rule[data-rule=late-spend] .finding")
  await until("what was given before", async () => (await finding.count()) === 1)
  const groups = page.getByRole("group", { name: "只看一类问题" })
  await groups.getByRole("button", { name: "物资 1" }).click()
  await until("only that group", async () => (await page.locator(".findings-card .group").count()) === 1 && (await finding.count()) === 1)
  await accessible(page)
  await finding.getByRole("button", { name: /从设备.*扣去 2/ }).click()
  await here(35)
  await until("it to be settled", async () => (await finding.count()) === 0)
}

/** The bumped booking moves by a repair, and its figures follow. */
async function settle(page, second) {
  const finding = page.locator(".rule[data-rule=bumped-booking] .finding")
  await until("the bumped booking", async () => (await finding.count()) === 1)
  assert.match(await finding.textContent(), /萧平.*订不到.*一号会议室/s)
  await accessible(page)
  const elsewhere = finding.getByRole("button", { name: "改到 活动室（解放一站）" })
  await elsewhere.click()
  await until("it to be settled", async () => (await finding.count()) === 0)
  await until("the other site to have the booking", async () => JSON.stringify(await at(second, "jiefang-1")) === MOVED)
  assert.deepEqual(await at(second, "keyun"), [["傅玉兰", "granted"], ["郑洋", "granted"]])

  // Taken back in both documents, and made again.
  await page.getByRole("button", { name: "撤销" }).last().click()
  await until("the finding to be back", async () => (await finding.count()) === 1)
  await elsewhere.click()
  await until("the other site to have it again", async () => JSON.stringify(await at(second, "jiefang-1")) === MOVED)
  await page.getByRole("link", { name: "共享报表" }).click()
  await until("its hours", async () => JSON.stringify(await drawn(page, "venues")).includes("3.5 小时"))
  const bumped = () => page.locator("#table-venues tbody td:last-child").allTextContents()
  await until("none to be bumped", async () => (await bumped()).join() === "0,0")
}

const MOVED = JSON.stringify([["萧平", "granted"], ["张杰", "confirmed"]])

/** Who has what at a site, by start. */
function at(page, site) {
  return page.evaluate(
    async ([site, month]) => (await yilian.bookings(site, month).now()).map(({ name, grant }) => [name, grant]),
    [site, NEXT],
  )
}

async function phone(page) {
  await page.setViewportSize({ width: 360, height: 740 })
  await until("the reports", () => report(page, "venues").locator(".bars-row").count())
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  assert.ok(wide <= 0, "the page is wider than a phone")
  await accessible(page)
}
