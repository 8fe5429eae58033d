// The night school from end to end: a station offers a course; a worker enrols without a network; the station accepts, calls the
// roll, assesses and certifies; the worker's phone has the certificate; at a gate without a network it is told from one that
// was forged, and after it was revoked. Then a student's page, and a contest with a tie.

import assert from "node:assert/strict"
import { createHash } from "node:crypto"
import { accessible, countShifts, until } from "../harness.mjs"

const PHONE = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 1, isMobile: true, hasTouch: true, timezoneId: "UTC" }
const DESK = { width: 1280, height: 800 }
const SHIFT_MOST = 0.02
const COURSE = "急救员第3期"
/** A Wednesday, while the second lesson is on. */
const NOW = "2026-12-09T15:00+08:00"

export default async function (world) {
  world.setClock(NOW)
  const relay = await world.relay({ web: true })
  await stocked(world, relay)
  const desk = await deskOf(world, relay)
  await offered(desk)

  const phone = await world.device("phone", PHONE)
  const page = await phone.context.newPage()
  await page.addInitScript(countShifts)
  await seen(page, relay)
  const gate = await gateOf(world, relay)
  await relay.kill()
  await enrolled(page)
  await relay.start()
  await page.reload()
  await until("the enrolment to be sent", () => page.getByText("已提交", { exact: true }).count())

  await accepted(desk)
  await page.getByText("有名额").waitFor()
  await called(desk)
  await assessed(desk)
  const address = await certified(page)
  await printed(page)

  await until("the gate to have heard of it", () => isKnown(gate, address, "valid"))
  await relay.kill()
  await checked(gate, address)
  await relay.start()
  await revoked(desk)
  await until("the gate to hear that it was revoked", () => isKnown(gate, address, "revoked"))
  await shot(gate, "certificate-revoked")
  await page.evaluate(() => (location.hash = "#/learn"))
  await page.getByRole("link", { name: /出示证书\s*已吊销/ }).waitFor()

  await student(desk)
  await contest(desk)
  // A browser writes of every connection that is refused, whoever expects it.
  world.errors = world.errors.filter(error => !/WebSocket connection|ERR_CONNECTION_REFUSED/.test(error))
}

/** A station with rooms and people. */
async function stocked(world, relay) {
  const station = await world.station("keyun", relay.url, ["--site", "keyun", "--author", "傅玉兰"])
  for (const kind of ["site", "venue", "person"]) await station.run(kind, "import", sample(kind))
  await station.run("sync", "--once")
}

/** The station's page at its desk. */
async function deskOf(world, relay) {
  const device = await world.device("desk")
  const page = await device.context.newPage()
  await page.setViewportSize(DESK)
  await page.addInitScript(() => localStorage.setItem("yilian.who.keyun", "傅玉兰"))
  await page.addInitScript(countShifts)
  await page.goto(`${relay.page}/station/?site=keyun&month=2026-12&section=school`)
  await page.getByRole("heading", { name: "还没有课程" }).waitFor()
  await page.getByRole("button", { name: /城市客运共享职工之家/ }).waitFor()
  return page
}

/** The station offers a course of three lessons: one is over, one is on, one is to come. */
async function offered(desk) {
  await accessible(desk)
  await desk.getByRole("button", { name: "新课程" }).click()
  const dialog = desk.getByRole("dialog")
  await dialog.getByRole("button", { name: "保存" }).click()
  await dialog.getByText("请填写").waitFor()
  await dialog.getByLabel("名称", { exact: true }).fill(COURSE)
  await dialog.getByLabel("可得证书").fill("急救员证")
  await dialog.getByLabel("证书有效月数").fill("24")
  await dialog.getByLabel("名额").fill("2")
  await dialog.getByLabel("出勤率要求").fill("50")
  await dialog.getByLabel("讲师").fill("郭洋")
  await accessible(desk)
  await dialog.getByRole("button", { name: "保存" }).click()
  await desk.locator(".class-card", { hasText: COURSE }).getByRole("button").click()
  const lessons = [["第一课", "2026-12-08", "19:00", "21:00"], ["第二课", "2026-12-09", "14:00", "16:00"], ["第三课", "2026-12-10", "19:00", "21:00"]]
  for (const [name, day, from, to] of lessons) {
    await desk.getByRole("button", { name: "加课次" }).first().click()
    await dialog.getByLabel("名称").fill(name)
    await dialog.getByLabel("日期").fill(day)
    await dialog.getByLabel("从", { exact: true }).fill(from)
    await dialog.getByLabel("到", { exact: true }).fill(to)
    await dialog.getByLabel("场地").selectOption("培训教室")
    await dialog.getByRole("button", { name: "保存" }).click()
    await dialog.waitFor({ state: "detached" })
  }
  // Somebody at the desk.
  await desk.getByRole("button", { name: "登记报名" }).click()
  await dialog.getByLabel("姓名").fill("萧平")
  await dialog.getByRole("button", { name: "报名", exact: true }).click()
  await desk.locator(".student", { hasText: "萧平" }).getByText("有名额").waitFor()
  await saved(desk)
}

/** The course is on its site's page, and the phone keeps all it takes to enrol. */
async function seen(page, relay) {
  await page.goto(`${relay.page}/#/site/keyun`)
  const card = page.locator(".course", { hasText: COURSE })
  await card.waitFor()
  assert.match(await card.textContent(), /可得急救员证.*有效 24 个月/s)
  assert.match(await card.textContent(), /12月8日 周二 19:00–21:00\s*第一课 · 培训教室/)
  await fits(page)
  await accessible(page)
  await page.goto(`${relay.page}/#/learn`)
  await page.getByText("这台手机还没有报过名").waitFor()
  await page.locator(".course", { hasText: COURSE }).waitFor()
  await accessible(page)
  await page.evaluate(() => navigator.serviceWorker.ready)
  await until("the page to be stored", () => page.evaluate(async () => (await caches.keys()).length > 0))
}

/** Enrols without a network. */
async function enrolled(page) {
  await page.getByRole("link", { name: `报名：${COURSE}` }).click()
  await page.getByRole("heading", { level: 2, name: COURSE }).waitFor()
  await page.getByRole("button", { name: "提交" }).click()
  await page.getByText("这里要填").waitFor()
  await page.getByLabel("姓名").fill("李师傅")
  await page.getByLabel("电话").fill("13800000000")
  await page.getByLabel("备注").fill("周二要跑夜班")
  await fits(page)
  await accessible(page)
  await shot(page, "enrol")
  await page.getByRole("button", { name: "提交" }).click()
  await page.getByText("已存在这台手机上，还没有送出").waitFor()
  await page.getByText(COURSE).waitFor()
  await page.evaluate(() => (location.hash = "#/learn"))
  const mine = page.locator(".enrolled")
  await mine.getByText("待送出").waitFor()
  assert.match(await mine.textContent(), /接下来\s*12月9日 周三 14:00–16:00.*12月10日 周四 19:00–21:00/s)
  assert.doesNotMatch(await mine.textContent(), /12月8日/)
  await fits(page)
  await accessible(page)
  await shot(page, "learn-offline")
}

/** The station accepts it where it came in; that is a seat. */
async function accepted(desk) {
  await desk.getByRole("button", { name: "来件", exact: true }).click()
  const line = desk.getByRole("button", { name: /报名 · 李师傅/ })
  await line.waitFor()
  assert.match(await line.textContent(), new RegExp(COURSE))
  await line.click()
  const dialog = desk.getByRole("dialog")
  assert.match(await dialog.textContent(), /周二要跑夜班/)
  assert.match(await dialog.textContent(), /急救员第3期 · 有名额/)
  await accessible(desk)
  await dialog.getByRole("button", { name: "受理并登记报名" }).click()
  await dialog.waitFor({ state: "detached" })
  await desk.getByRole("button", { name: "夜校", exact: true }).click()
  await of(desk, "李师傅").getByText("已确认").waitFor()
  assert.match(await desk.locator(".class-head").textContent(), /2\/2 个名额/)

  // A third waits, until somebody withdraws.
  const enrol = async name => {
    await desk.getByRole("button", { name: "登记报名" }).click()
    await dialog.getByLabel("姓名").fill(name)
    await dialog.getByRole("button", { name: "报名", exact: true }).click()
  }
  await enrol("王师傅")
  await of(desk, "王师傅").getByText("候补第 1").waitFor()
  await accessible(desk)
  await shot(desk, "students")
  await of(desk, "萧平").getByRole("button", { name: "萧平退出" }).click()
  await of(desk, "王师傅").getByText("有名额").waitFor()
  await of(desk, "王师傅").getByRole("button", { name: "确认名额：王师傅" }).click()
  await of(desk, "王师傅").getByText("已确认").waitFor()
}

/** Who was there: by tap, by key, and all at once. */
async function called(desk) {
  await desk.getByRole("button", { name: "考勤", exact: true }).click()
  const cell = (name, lesson) => desk.getByRole("button", { name: new RegExp(`^${name}，${lesson}：`) })
  await desk.locator(".roll").waitFor()
  // One stop for Tab.
  assert.equal(await desk.locator('.roll .cell[tabindex="0"]').count(), 1)
  const states = () => desk.locator(".roll .cell").evaluateAll(cells => cells.map(({ dataset }) => dataset.state).join(" "))
  const become = wanted => until(`the roll to be ${wanted}`, async () => (await states()) === wanted)
  await become("none none none none none none")
  const [first, second] = (await desk.locator(".roll tbody th").allTextContents()).map(name => name.trim())
  await cell(first, "第一课").click()
  await become("present none none none none none")
  await cell(first, "第一课").click()
  await become("late none none none none none")
  await desk.keyboard.press("ArrowDown")
  await until("the focus to be below", () => desk.evaluate(() => document.activeElement.dataset.row === "1"))
  await desk.keyboard.press("4")
  await become("late none none absent none none")
  await desk.keyboard.press("ArrowRight")
  await desk.keyboard.press("3")
  await become("late none none absent leave none")
  await desk.getByRole("button", { name: /^全到：第二课/ }).click()
  await become("late present none absent leave none")
  // Who will be there nobody knows yet.
  assert.equal(await desk.getByRole("button", { name: /^全到：第三课/ }).isDisabled(), true)
  assert.match(await cell(second, "第二课").getAttribute("aria-label"), /请假$/)
  await accessible(desk)
  await shot(desk, "roll")
  await desk.setViewportSize({ width: 360, height: 740 })
  await fits(desk)
  await accessible(desk)
  await shot(desk, "roll-phone")
  await desk.setViewportSize(DESK)
  await desk.getByRole("button", { name: "学员", exact: true }).click()
  // Whoever is certified was there: 李师傅 is, whichever line he stands in.
  if (second === "李师傅") {
    await desk.getByRole("button", { name: "考勤", exact: true }).click()
    await cell(second, "第一课").click()
    await desk.getByRole("button", { name: "学员", exact: true }).click()
  }
}

/** Nobody is certified who was not assessed. */
async function assessed(desk) {
  const certify = of(desk, "李师傅").getByRole("button", { name: "给李师傅发证" })
  assert.equal(await certify.isDisabled(), true)
  const why = await certify.getAttribute("aria-describedby")
  assert.match(await desk.locator(`#${why}`).textContent(), /李师傅 还没有考核/)
  await of(desk, "李师傅").getByRole("button", { name: "考核李师傅" }).click()
  const dialog = desk.getByRole("dialog")
  await dialog.getByLabel("成绩", { exact: true }).fill("一百")
  await dialog.getByRole("button", { name: "保存" }).click()
  await dialog.getByText("请填 0 到 1000 的数").waitFor()
  await dialog.getByLabel("成绩", { exact: true }).fill("87.5")
  await accessible(desk)
  await dialog.getByRole("button", { name: "保存" }).click()
  await of(desk, "李师傅").getByText("87.5 分 合格").waitFor()
  await until("that he may be certified", () => certify.isEnabled())
  await certify.click()
  await dialog.getByText(/给 李师傅 发“急救员证”/).waitFor()
  await accessible(desk)
  await dialog.getByRole("button", { name: "发证", exact: true }).click()
  await of(desk, "李师傅").getByRole("link", { name: "看证书：李师傅" }).waitFor()
  await accessible(desk)
  await shot(desk, "certified")
  await desk.setViewportSize({ width: 360, height: 740 })
  await fits(desk)
  await shot(desk, "students-phone")
  await desk.setViewportSize(DESK)
  await saved(desk)
}

/** The worker's phone has it; answers its address. */
async function certified(page) {
  await page.evaluate(() => (location.hash = "#/learn"))
  const link = page.getByRole("link", { name: /出示证书/ })
  await link.waitFor()
  // Who has a place in it is not asked to enrol again.
  await page.getByText("现在没有可以报名的课").waitFor()
  await shot(page, "learn")
  await accessible(page)
  await link.click()
  await page.locator("[data-checked=valid]").waitFor()
  const paper = page.locator(".paper")
  assert.match(await paper.textContent(), /急救员证\s*李师傅/)
  assert.match(await paper.textContent(), /2026年12月9日.*2028年12月9日/s)
  await fits(page)
  await accessible(page)
  await shot(page, "certificate")
  const address = page.url()
  // Opened by its address, it does not jump.
  await page.reload()
  await page.locator("[data-checked=valid]").waitFor()
  assert.ok((await page.evaluate(() => shifted)) < SHIFT_MOST, "the certificate jumps while it loads")
  await page.getByRole("button", { name: "EN" }).click()
  await page.getByText("Do check who shows it").waitFor()
  await page.getByRole("button", { name: "中" }).click()
  return address
}

/** On paper it is one page, and nothing else is on it. */
async function printed(page) {
  const pdf = await page.pdf({ preferCSSPageSize: true })
  assert.equal(pdf.toString("latin1").match(/\/Type\s*\/Page\b/g).length, 1)
  await page.emulateMedia({ media: "print" })
  assert.equal(await page.locator(".verdict").isVisible(), false)
  assert.equal(await page.locator("#frame").isVisible(), false)
  // A4 on its side, within its margins.
  await page.setViewportSize({ width: 1047, height: 718 })
  const { width, height } = await page.locator(".paper").boundingBox()
  assert.ok(width > 900 && height <= 718, `the paper is ${width} × ${height}`)
  assert.ok((await page.locator(".paper .qr").boundingBox()).width > 130)
  await shot(page, "print")
  await page.emulateMedia({ media: null })
  await page.setViewportSize(PHONE.viewport)
}

/** Whoever stands at a gate, who opened the page once. */
async function gateOf(world, relay) {
  const gate = await (await world.device("gate", PHONE)).context.newPage()
  await gate.goto(`${relay.page}/#/check`)
  await gate.getByRole("heading", { level: 1, name: "核验证书" }).waitFor()
  await gate.evaluate(() => navigator.serviceWorker.ready)
  await until("the page to be stored", () => gate.evaluate(async () => (await caches.keys()).length > 0))
  await accessible(gate)
  await shot(gate, "check")
  return gate
}

async function isKnown(gate, address, checked) {
  if (gate.url() !== address) await gate.goto(address)
  return gate.locator(`[data-checked=${checked}]`).isVisible()
}

/** Without a network: what was issued, what was changed, what was forged. */
async function checked(gate, address) {
  await gate.goto("about:blank")
  await gate.goto(address)
  await gate.locator("[data-checked=valid]").waitFor()
  await gate.getByText("以这台设备最近一次联网收到的记录为准").waitFor()
  const proof = Buffer.from(new URL(address).hash.split("/").at(-1), "base64url").toString()

  const paste = async text => {
    await gate.getByRole("link", { name: "核验证书" }).click()
    await gate.getByLabel("二维码的内容或网址").fill(text)
    await gate.getByRole("button", { name: "核验", exact: true }).click()
  }
  await paste(`证书：${address}`)
  await gate.locator("[data-checked=valid]").waitFor()
  await paste(proof.replace("李师傅", "王师傅"))
  await gate.locator("[data-checked=unreadable]").waitFor()
  await gate.getByText(/核验码被改动过/).waitFor()
  await accessible(gate)
  await shot(gate, "certificate-unreadable")
  await paste(forged(proof, "王师傅"))
  await gate.locator("[data-checked=unknown]").waitFor()
  await gate.getByText(/不能当作有效/).waitFor()
  await accessible(gate)
  await shot(gate, "certificate-unknown")
}

/** Of another name, with a sum that goes with it: whoever knows how can make that. */
function forged(proof, name) {
  const lines = proof.split("\n").slice(0, -1)
  lines[2] = name
  const bits = [...createHash("sha256").update(lines.join("\n")).digest()].map(byte => byte.toString(2).padStart(8, "0")).join("")
  const digits = Array.from({ length: 12 }, (_, index) => "23456789abcdefghijkmnpqrstuvwxyz"[parseInt(bits.slice(index * 5, index * 5 + 5), 2)])
  return [...lines, digits.join("")].join("\n")
}

async function revoked(desk) {
  await of(desk, "李师傅").getByRole("button", { name: "吊销李师傅的证书" }).click()
  const dialog = desk.getByRole("dialog")
  await accessible(desk)
  await dialog.getByRole("button", { name: "吊销", exact: true }).click()
  await of(desk, "李师傅").getByText("已吊销").waitFor()
}

async function student(desk) {
  await desk.locator(".student .name", { hasText: "李师傅" }).click()
  await desk.getByRole("heading", { level: 2, name: "李师傅" }).waitFor()
  const page = desk.locator(".class-page")
  await page.getByText("已吊销").waitFor()
  assert.match(await page.textContent(), /到课 1\/1 · 合格 · 已确认/)
  await accessible(desk)
  await shot(desk, "student")
  await desk.getByRole("button", { name: `回到${COURSE}` }).click()
  await of(desk, "李师傅").waitFor()
}

/** Two are level: they share a rank, and go on together. */
async function contest(desk) {
  const dialog = desk.getByRole("dialog")
  await desk.getByRole("button", { name: /^竞赛 0/ }).click()
  await desk.getByRole("heading", { name: "还没有竞赛" }).waitFor()
  const add = async (name, more = {}) => {
    await desk.getByRole("button", { name: "新竞赛" }).click()
    await dialog.getByLabel("名称", { exact: true }).fill(name)
    for (const [label, value] of Object.entries(more)) await dialog.getByLabel(label, { exact: true }).fill(value)
    await dialog.getByRole("button", { name: "保存" }).click()
    await dialog.waitFor({ state: "detached" })
  }
  await add("急救技能赛", { 晋级人数: "1", 晋级到: "全市急救技能赛" })
  await add("全市急救技能赛")
  const card = name => desk.getByRole("region", { name, exact: true })
  const advance = card("急救技能赛").getByRole("button", { name: "送入下一级" })
  assert.equal(await advance.isDisabled(), true)
  for (const [name, score] of [["萧平", "90"], ["安娜", "95.5"], ["张杰", ""]]) {
    await card("急救技能赛").getByRole("button", { name: "加参赛" }).click()
    await dialog.getByLabel("姓名").fill(name)
    await dialog.getByLabel("成绩").fill(score)
    await dialog.getByRole("button", { name: "保存" }).click()
    await dialog.waitFor({ state: "detached" })
  }
  await card("急救技能赛").getByRole("button", { name: "张杰的成绩：登记" }).click()
  await dialog.getByLabel("成绩").fill("95.5")
  await dialog.getByRole("button", { name: "保存" }).click()
  const ranks = () => card("急救技能赛").locator("td.rank").allTextContents()
  await until("the ranking", async () => (await ranks()).join() === "1,1,3")
  assert.equal(await card("急救技能赛").getByText("晋级", { exact: true }).count(), 2)
  await advance.click()
  await until("the best to be entered", async () => (await card("全市急救技能赛").locator("tbody tr").count()) === 2)
  await accessible(desk)
  await shot(desk, "contests")
  assert.ok((await desk.evaluate(() => shifted)) < SHIFT_MOST, "the page jumps")
}

/** The line of a student. */
function of(desk, name) {
  return desk.locator(".student", { hasText: name })
}

/** Waits until everything is at the relay. */
async function saved(desk) {
  await desk.locator(".sync-saved").waitFor()
}

function sample(kind) {
  const file = kind === "person" ? "people" : `${kind}s`
  return new URL(`../../../samples/jiaozuo/${file}.csv`, import.meta.url).pathname
}

/** Nothing is wider than the phone. */
async function fits(page) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  assert.ok(wide <= 0, `${page.url()} is ${wide} px too wide`)
}

/** A picture, where somebody wants to look. */
async function shot(page, name) {
  const folder = process.env.YILIAN_PICTURES
  if (folder) await page.screenshot({ path: `${folder}/school-${name}.png`, fullPage: true, animations: "disabled" })
}
