// Disputes at two stations that are not always in reach of the hub: an emergency goes to who is on duty, a case is handed to one
// station and to no other, steps that were taken apart are found and put right, an agreement goes to court and is confirmed; the
// centre's board and the joint meeting's figures follow, and are those of a native hub.

import assert from "node:assert/strict"
import { readFile, writeFile } from "node:fs/promises"
import { dialog, fill, offline, online, pill, said, steady } from "../hands.mjs"
import { accessible, countShifts, until } from "../harness.mjs"

const [TODAY, NOW] = ["2026-12-09", "2026-12-09T10:30+08:00"]

async function network(world) {
  const relay = await world.relay({ web: true })
  const station = await world.station("computer", relay.url, ["--site", "keyun"])
  const sites = world.folder("sites.csv")
  const lines = [
    "key,name,level,parent,hours",
    "keyun,城市客运共享职工之家,home,,07:00-22:00",
    "jiefang-1,解放一站,station,keyun,08:00-18:00",
    "shanyang-2,山阳二站,station,keyun,08:00-18:00",
  ]
  await writeFile(sites, lines.join("\n"))
  await station.run("site", "import", sites)
  await station.run("roster", "add", "name=周敏", "post=仲裁员", `start=${TODAY}T00:00`, `end=${TODAY}T23:59`)
  // It came in long ago, and nobody has taken it up.
  const old = ["case=KY-OLD", "mode=clinic", "origin=walk-in", "claim=wages", "received=2026-12-01T09:00"]
  await station.run("case", "add", ...old)
  await station.run("party", "add", "case=KY-OLD", "name=老赵", "side=applicant")
  await station.run("sync", "--once")
  const hub = await world.station("centre", relay.url, ["--role", "hub"])
  return { relay, hub }
}

async function open(device, relay, site, who, { width = 1280, height = 800 } = {}) {
  const page = await device.context.newPage()
  page.setDefaultTimeout(60_000)
  await page.setViewportSize({ width, height })
  await page.addInitScript(([site, who]) => localStorage.setItem(`yilian.who.${site}`, who), [site, who])
  await page.addInitScript(countShifts)
  await page.goto(`${relay.page}/station/?site=${site}&section=cases`)
  await page.locator("nav.sections").waitFor()
  return page
}

/** The steps that a case's page offers. */
const offered = page => page.locator(".case-next [data-step]").evaluateAll(all => all.map(one => one.dataset.step))
/** The view of a case comes a moment after what was done is said. */
const offers = (page, those) => until(`${those} to be offered`, async () => (await offered(page)).join() === those.join())
const steps = page => page.getByRole("group", { name: "下一步" })
const step = (page, name) => steps(page).getByRole("button", { name, exact: true })
const timeline = page => page.locator(".case-steps b").allTextContents()
const list = async (page, name) => page.getByRole("group", { name: "看哪些" }).getByRole("button", { name }).click()

async function picture(page, name) {
  const folder = process.env.YILIAN_PICTURES
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
}

/** Without a network: an emergency goes to who is on duty, on the hub's roster. */
async function emergency(page) {
  await page.getByRole("button", { name: "急诊" }).click()
  await dialog(page).getByText("登记后立即交给正在值班的 周敏").waitFor()
  await accessible(page)
  await fill(page, { 申请人: "侯国强", 被申请人: "宏图快运", 人数: "42", "金额（元）": "240000", 案情: "四十余人聚集讨薪" }, "登记")
  await said(page, "侯国强 与 宏图快运 已交给 周敏")
  await until("its steps", async () => (await timeline(page)).join() === "已登记,已受理,已派办")
  // What leads on comes first; what does not follow is not offered.
  await offers(page, ["mediating", "agreed", "assigned", "failed", "withdrawn"])
  await pill(page, "处改动待同步")
  return page.locator("article.case").getAttribute("data-document")
}

/** Without a network: a case of the clinic is taken up, given to somebody, heard, and handed to another site. */
async function clinic(page) {
  await page.getByRole("button", { name: "登记案件" }).click()
  await dialog(page).getByRole("button", { name: "登记", exact: true }).click()
  await dialog(page).getByText("请填写").waitFor()
  await fill(page, { 申请人: "张三、李四", 被申请人: "顺达货运", 争议类型: "欠薪", 申请人电话: "10071130291" }, "登记")
  await said(page, "已登记：张三等 与 顺达货运")
  await offers(page, ["accepted", "withdrawn", "declined"])
  await step(page, "受理").click()
  await said(page, "已受理：张三等 与 顺达货运")
  await step(page, "指派调解员").click()
  assert.equal(await dialog(page).getByLabel("姓名", { exact: true }).inputValue(), "周敏")
  await fill(page, {}, "指派调解员")
  await until("the mediator", async () => (await timeline(page)).at(-1) === "已派办")
  await step(page, "安排调解会").click()
  await accessible(page)
  await fill(page, { 日期: TODAY, 开始: "15:00", 结束: "14:00", 地点: "调解室" }, "保存")
  await said(page, "调解会的结束时间应晚于开始时间")
  await step(page, "安排调解会").click()
  await fill(page, { 日期: TODAY, 开始: "15:00", 结束: "16:30", 地点: "调解室" }, "保存")
  await said(page, "调解会已安排")
  await step(page, "转交站点").click()
  await fill(page, { 转给哪个站点: "解放一站", 说明: "当事人在你处" }, "转交站点")
  await said(page, "已转交 解放一站")
  await picture(page, "case-desktop")
  return page.locator("article.case").getAttribute("data-document")
}

/** The mediator's day: what is on, what is due and late, who is on duty. */
async function day(page) {
  await page.getByRole("button", { name: "返回" }).click()
  await page.getByRole("group", { name: "谁的" }).getByRole("button", { name: "全站" }).click()
  const card = name => page.getByRole("region", { name, exact: true })
  await card("今天的调解会").getByText("15:00–16:30").waitFor()
  await card("现在值班").getByText("周敏").waitFor()
  await card("要办的").getByText("超期：应在 12月4日 周五 前受理").waitFor()
  await page.setViewportSize({ width: 360, height: 740 })
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  assert.ok(wide <= 0, "the page is wider than a phone")
  await accessible(page)
  await picture(page, "mediator-phone")
  await page.setViewportSize({ width: 1280, height: 800 })
}

/** The case that was handed over is there, also without a network and after a new start; at a third site it is not. */
async function handed(two, three, document) {
  await two.getByRole("button", { name: "返回" }).click()
  await list(two, /^办理中/)
  const line = page => page.locator(`li[data-document="${document}"]`)
  await until("the case to be handed over", () => line(two).count())
  await line(two).getByText("城市客运共享职工之家 转来").waitFor()
  await offline(two)
  await two.reload()
  await list(two, /^办理中/)
  await line(two).getByRole("button").click()
  await step(two, "开始调解").click()
  await said(two, "调解中：张三等 与 顺达货运")
  await online(two)
  await list(three, /^办理中/)
  await three.getByText("没有办理中的案件").waitFor()
  assert.equal(await line(three).count(), 0)
}

/** The station agrees while the centre says that they did not: one of the two does not fit, and is put right. */
async function apart(two, document, hub) {
  const number = document.split("/").at(-1)
  await hub.run("sync", "--once")
  await two.getByRole("button", { name: "返回" }).click()
  await list(two, /^办理中/)
  await two.locator(`li[data-document="${document}"]`).getByRole("button").click()
  await offline(two)
  await step(two, "达成协议").click()
  await accessible(two)
  await fill(two, { "协议金额（元）": "200000", 申请司法确认: "是", 协议内容: "三日内付清拖欠的工资" }, "达成协议")
  await said(two, "已达成协议：侯国强 与 宏图快运")
  await hub.run("case", "fail", number, "--note", "分歧太大")
  await hub.run("sync", "--once")
  await online(two)
  const found = two.getByRole("region", { name: "发现的问题" })
  await found.getByText("与此不合，没有生效").waitFor()
  await two.locator(".case-steps li[data-fit=illegal]").getByText("没有生效").waitFor()
  await accessible(two)
  await found.getByRole("button", { name: /^作废“调解不成”/ }).click()
  await until("it to be settled", async () => (await two.getByText("与此不合").count()) === 0)
  assert.equal(await two.locator(".case-steps li[data-fit=void]").count(), 1)
}

/** To a court, confirmed, closed. */
async function confirmed(two) {
  await offers(two, ["referred", "closed"])
  await step(two, "提请司法确认").click()
  await fill(two, { 移送至: "解放区人民法院", 受理案号: "（2026）豫0802诉前调确1号" }, "提请司法确认")
  await two.getByRole("region", { name: "移送" }).getByText("解放区人民法院").waitFor()
  await offers(two, ["ratified", "unratified"])
  await step(two, "已司法确认").click()
  await until("it to be confirmed", async () => (await offered(two)).join() === "closed")
  await step(two, "结案").click()
  await until("it to be closed", async () => (await offered(two)).length === 0)
  await pill(two, "已存到中心")
}

const column = (page, key) => page.locator(`.board-column[data-column=${key}]`)

/** The centre's board, and the joint meeting's figures: as a table, as a file, and as a native hub adds them up. */
async function centre(world, relay, document, hub) {
  const device = await world.device("hub")
  const page = await device.context.newPage()
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.addInitScript(countShifts)
  await page.goto(`${relay.page}/hub/?view=cases`)
  await column(page, "mediating").locator(`[data-document="${document}"]`).waitFor()
  const old = column(page, "registered").locator(".board-card.is-late")
  await old.getByText("超期：应在 12月4日 周五 前受理").waitFor()
  assert.equal(await page.locator(".board-card").count(), 2, "what is closed is not on the board")
  await steady(page, "the board")
  await accessible(page)
  await picture(page, "board-desktop")
  await page.getByLabel("方式", { exact: true }).selectOption({ label: "急诊式" })
  await until("no emergency to be open", async () => (await page.locator(".board-card").count()) === 0)
  await page.getByLabel("方式", { exact: true }).selectOption({ label: "全部方式" })
  await page.getByLabel("站点", { exact: true }).selectOption({ label: "解放一站" })
  await until("what was handed to it", async () => (await page.locator(".board-card").count()) === 1)
  await page.getByLabel("站点", { exact: true }).selectOption({ label: "全部站点" })
  await page.locator(`.board-card[data-document="${document}"]`).click()
  await dialog(page).getByText("张三", { exact: true }).waitFor()
  await accessible(page)
  await page.keyboard.press("Escape")

  const report = page.locator("[data-report=cases-by-site]")
  await report.getByText("以表格查看").click()
  const rows = () => report.locator("tr").evaluateAll(rows => rows.map(row => [...row.children].map(cell => cell.textContent)))
  const shown = await rows()
  assert.equal(shown.length, 4, "a heading, two sites, their sum")
  const [download] = await Promise.all([page.waitForEvent("download"), report.getByRole("button", { name: "下载 CSV：按站点" }).click()])
  assert.equal(download.suggestedFilename(), "调解-按站点-联席会议 · 2026年第4季度.csv")
  const text = await readFile(await download.path(), "utf8")
  assert.ok(text.startsWith("\uFEFF站点,收案,办结,办结天数（中位）"), text)

  await hub.run("sync", "--once")
  const { reports } = await hub.json("report", "cases", "--from", "2026-10-01", "--to", "2026-12-31")
  const quarter = reports.find(({ name }) => name === "cases_by_quarter")
  for (const [name, key] of [["解放一站", "jiefang-1"], ["城市客运共享职工之家", "keyun"]]) {
    const of = quarter.rows.find(({ site }) => site === key)
    const [, received, concluded, median, , , , , success, confirmation] = shown.find(([site]) => site === name)
    const text = value => (value === null || value === undefined ? "" : String(value))
    const known = value => (value === "–" ? "" : value)
    assert.deepEqual(
      [received, concluded, median, success, confirmation].map(known),
      [of.received, of.concluded, of.median_days, of.success, of.confirmation].map(text),
      name,
    )
  }
  await page.emulateMedia({ media: "print" })
  await page.setViewportSize({ width: 720, height: 1000 })
  assert.equal(await page.locator(".board").isVisible(), false, "the figures are printed, the board is not")
  await picture(page, "meeting-print")
  await page.emulateMedia({ media: null })

  // What is late is a finding as well, which takes it up.
  await page.getByRole("link", { name: "总览" }).click()
  const finding = page.locator(".rule[data-rule=overdue-case] .finding")
  await until("what is late", async () => (await finding.count()) === 1)
  await finding.getByRole("button", { name: "受理" }).click()
  await until("it to be settled", async () => (await finding.count()) === 0)
  await page.getByRole("link", { name: "调解" }).click()
  await column(page, "accepted").getByText("老赵").waitFor()
  await page.setViewportSize({ width: 360, height: 740 })
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  assert.ok(wide <= 0, "the board makes the page wider than a phone")
  await accessible(page)
}

export default async function (world) {
  world.setClock(NOW)
  const { relay, hub } = await network(world)
  const one = await open(await world.device("one"), relay, "keyun", "傅玉兰")
  const two = await open(await world.device("two"), relay, "jiefang-1", "萧平")
  const three = await open(await world.device("three"), relay, "shanyang-2", "郑洋")
  for (const page of [one, two, three]) {
    await page.getByText("周敏").waitFor()
    await pill(page, "已存到中心")
  }
  await steady(one, "the mediator's day")
  await offline(one, two)
  const urgent = await emergency(two)
  const shared = await clinic(one)
  await day(one)
  await online(one, two)
  await handed(two, three, shared)
  await apart(two, urgent, hub)
  await confirmed(two)
  await centre(world, relay, shared, hub)
}
