// Fills a network and takes the README's pictures of the page: `node screenshots.mjs`, with the environment of the
// scenarios. Wants a Chinese font (Debian: fonts-noto-cjk), and for dates in Chinese the browser's own words
// (chromium-l10n).

import assert from "node:assert/strict"
import { mkdir, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { SAMPLES, until, World } from "./harness.mjs"

const PICTURES = join(import.meta.dirname, "../../../web-demo/screenshots")
const MONTH = "2026-12"
const AT = `${MONTH}-09T15:00`
const BOOKED = `${MONTH}-12`
const TAUGHT = "急救员第2期"
const CERTIFIED = ["孙平", "谢秀兰", "李超"]
const BYTES_MAX = 250_000

const PHONE = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true }
const DESKTOP = { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 }

/** Disputes of the pictures: where, their number, what they are and since how many days, between whom, and how far they have come. */
const CASES = [
  ["keyun", "KY-2026-101", ["mode=clinic", "claim=wages", "amount=18600", -3], ["曹卫东", "顺达货运"], ["accept@-2", "assign 周敏 --post 仲裁员", "begin"]],
  ["keyun", "KY-2026-102", ["mode=emergency", "claim=wages", "amount=240000", "people=42", 0], ["侯国强", "宏图快运"], ["assign 周敏 --post 仲裁员", "begin"]],
  ["keyun", "KY-2026-103", ["mode=consultation", "claim=injury", "amount=96000", -9], ["石磊", "宏图仓储"], ["accept@-8"]],
  ["keyun", "KY-2026-104", ["mode=clinic", "claim=dismissal", "amount=32000", -5], ["苗春燕", "优品百货"], ["accept", "assign 何平 --post 劳动关系协调员", "agree 协议金额=28000 申请司法确认=是 协议内容=十日内付清"]],
  ["keyun", "KY-2026-105", ["mode=clinic", "claim=contract", -1], ["毛海军", "安畅快运"], []],
  ["keyun", "KY-2026-106", ["mode=clinic", "claim=wages", "amount=9800", -12], ["邢志刚", "顺达货运"], ["accept@-11", "assign 周敏 --post 仲裁员", "agree 协议金额=9800 申请司法确认=是 协议内容=当场付清", "refer --to 解放区人民法院"]],
  ["jiefang-1", "JF-2026-031", ["mode=clinic", "claim=hours", -2], ["乔红旗", "捷达速递"], ["accept"]],
  ["jiefang-1", "JF-2026-032", ["mode=consultation", "claim=insurance", -6], ["贺建军", "捷达速递"], ["accept", "assign 王强 --post 协调员", "fail --note 双方各执一词"]],
]

/** Without it, a bare machine shows its Latin font of last resort. */
const FONTS = `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>
${["sans", "sans-serif", "system-ui"].map(
  name => `<match target="pattern"><test qual="any" name="family"><string>${name}</string></test>
<edit name="family" mode="prepend" binding="strong"><string>Noto Sans CJK SC</string></edit></match>`,
).join("\n")}
</fontconfig>`

const world = await World.begin()
try {
  await takeAll(world)
} finally {
  await world.end()
}

async function takeAll(world) {
  await mkdir(PICTURES, { recursive: true })
  const fonts = world.folder("fonts.conf")
  await writeFile(fonts, FONTS)
  const env = { ...process.env, FONTCONFIG_FILE: fonts, LANGUAGE: "zh_CN", TZ: "Asia/Shanghai" }
  const relay = await world.relay({ web: true })
  const proof = await fill(world, relay)

  const browser = async (name, screen, who = "傅玉兰") => {
    const device = await world.device(name, { ...screen, env, locale: "zh-CN", timezoneId: "Asia/Shanghai" })
    await device.context.addInitScript(who => localStorage.setItem("yilian.who.keyun", who), who)
    return device.context
  }
  const phone = await browser("phone", PHONE)
  await phone.grantPermissions(["geolocation"])
  await phone.setGeolocation({ latitude: 35.2334, longitude: 113.3121 })
  const desk = await browser("desk", DESKTOP)

  await workers(await phone.newPage(), relay)
  await aSite(await phone.newPage(), relay)
  const list = await open(phone, `${relay.page}/station/?site=keyun&month=${MONTH}`)
  await list.locator("[data-shift]").first().waitFor()
  await settled(list)
  await take(list, "station-phone")

  // Somebody else looks at it, and what two sites disagreed about is asked.
  const colleague = await browser("colleague", DESKTOP, "谢秀兰")
  await open(colleague, `${relay.page}/station/?site=keyun&month=${MONTH}`)
  const grid = await open(desk, `${relay.page}/station/?site=keyun&month=${MONTH}`)
  await grid.locator(".face").first().waitFor()
  await grid.locator(".badge-warn").first().click()
  await settled(grid)
  await take(grid, "station-desktop")
  await venues(await desk.newPage(), relay)
  await school(await desk.newPage(), relay)
  await certificate(await phone.newPage(), relay, proof)
  await hub(await desk.newPage(), relay)
  await shared(await desk.newPage(), relay)
  // A browser of the centre's own: what a station's keeps in step is the station's.
  const centre = await browser("centre", DESKTOP)
  await disputes(await centre.newPage(), relay)
  await mediator(await phone.newPage(), relay)
}

async function workers(page, relay) {
  await page.goto(`${relay.page}/?at=${AT}`)
  await page.getByRole("button", { name: "用我的位置" }).click()
  for (const name of ["充电", "休息"]) await page.getByRole("button", { name, exact: true }).click()
  await until("who is on duty", async () => /萧平/.test(await page.locator(".site[data-site=keyun]").textContent()))
  // The time chosen stays in the address; how it was chosen is of no matter here.
  await page.locator(".when summary").click()
  await page.evaluate(() => document.querySelector(".chips").scrollTo(0, 0))
  await settled(page)
  await take(page, "workers-phone")
}

/** A site for those who come to it: rooms with what is free, goods to take. */
async function aSite(page, relay) {
  await page.goto(`${relay.page}/?at=${AT}#/site/keyun`)
  await page.getByText("法律咨询").first().waitFor()
  await page.getByText("还有 36 双").first().waitFor()
  await settled(page)
  await take(page, "site-phone")
}

/** A station's venues on a day on which two asked for one. */
async function venues(page, relay) {
  await page.goto(`${relay.page}/station/?site=keyun&section=bookings`)
  const day = page.getByLabel("日期", { exact: true })
  await day.fill(BOOKED)
  await day.blur()
  await page.locator(".booking.is-bumped").getByRole("group").getByRole("button").first().waitFor()
  await settled(page)
  await take(page, "venues-desktop")
}

/** A class: who has a seat, what came of them, and who may be certified. */
async function school(page, relay) {
  await page.setViewportSize({ width: 1280, height: 980 })
  await page.goto(`${relay.page}/station/?site=keyun&section=school`)
  await page.locator(".class-card", { hasText: TAUGHT }).getByRole("button").click()
  await page.locator(".student").nth(5).waitFor()
  await settled(page)
  await take(page, "school-desktop")
}

/** A certificate as the code on it opens it. */
async function certificate(page, relay, proof) {
  await page.setViewportSize({ width: 360, height: 960 })
  await page.goto(`${relay.page}/#/certificate/${Buffer.from(proof).toString("base64url")}`)
  await page.locator("[data-checked=valid]").waitFor()
  await settled(page)
  await take(page, "certificate-phone")
}

/** What sites share in a month, as the hub sees it. */
async function shared(page, relay) {
  await page.goto(`${relay.page}/hub/?view=sharing&at=${AT}`)
  await until("goods and venues", async () => (await page.locator(".bars-row").count()) > 4)
  await settled(page)
  await take(page, "sharing-desktop")
}

/** The centre's board of disputes, with the joint meeting's figures below it. */
async function disputes(page, relay) {
  await page.setViewportSize({ width: 1280, height: 1040 })
  await page.goto(`${relay.page}/hub/?view=cases&month=${dayOf(0).slice(0, 7)}`)
  await until("the cases of both sites", async () => (await page.locator(".board-card").count()) >= CASES.length)
  await until("the figures", async () => (await page.locator(".bars-row").count()) > 2)
  await settled(page)
  await take(page, "disputes-desktop")
}

/** A mediator's day: what is on, what is due, who is on duty. */
async function mediator(page, relay) {
  await page.goto(`${relay.page}/station/?site=keyun&section=cases`)
  await page.getByRole("group", { name: "谁的" }).getByRole("button", { name: "全站" }).click()
  await until("what is due", async () => (await page.locator(".case-line").count()) > 4)
  await settled(page)
  await take(page, "mediator-phone")
}

async function hub(page, relay) {
  await page.setViewportSize({ width: 1280, height: 1040 })
  await page.goto(`${relay.page}/hub/?at=${AT}`)
  await until("findings", () => page.locator(".rule[data-rule=field-conflict]").count())
  await until("devices", async () => (await page.locator(".presence[data-presence=online]").count()) >= 3)
  await settled(page)
  await take(page, "hub-desktop")
}

/** A day so many days from now, as the network's clocks have it. */
function dayOf(later) {
  return new Date(Date.now() + 8 * 3_600_000 + later * 86_400_000).toISOString().slice(0, 10)
}

/** Two sites' disputes of these days, and what came of earlier ones. */
async function mediate(run) {
  const { keyun } = run
  const today = dayOf(0)
  for (const [name, post] of [["周敏", "仲裁员"], ["陈静", "心理咨询师"]]) {
    await keyun.run("roster", "add", `name=${name}`, `post=${post}`, `start=${today}T00:00`, `end=${today}T23:59`)
  }
  await keyun.run("case", "import", join(SAMPLES, "past-cases.csv"))
  for (const [site, number, fields, parties, steps] of CASES) {
    const station = run[site]
    const more = fields.filter(field => typeof field === "string")
    const days = fields.at(-1)
    const received = days === 0 ? [] : [`received=${dayOf(days)}T09:20`]
    await station.run("case", "add", `case=${number}`, "origin=walk-in", ...more, ...received)
    const [applicant, respondent] = parties
    await station.run("party", "add", `case=${number}`, `name=${applicant}`, "side=applicant")
    await station.run("party", "add", `case=${number}`, `name=${respondent}`, "side=respondent")
    for (const step of steps) {
      const [what, ...rest] = step.split(" ")
      const [verb, days] = what.split("@")
      const at = days === undefined ? [] : ["--at", `${dayOf(Number(days))}T10:00`]
      await station.run("case", verb, number, ...rest, ...at)
    }
  }
  const sit = (number, day, start, end) =>
    keyun.run("sitting", "add", `case=${number}`, `start=${day}T${start}`, `end=${day}T${end}`, "place=一号调解室")
  await sit("KY-2026-101", today, "09:00", "10:30")
  await sit("KY-2026-102", today, "15:00", "17:00")
  await sit("KY-2026-101", dayOf(1), "14:00", "15:30")
}

/** Three stations and the hub, as in `cargo xtask demo`: a person lent, and a field changed at two places. */
async function fill(world, relay) {
  const run = {}
  for (const site of ["keyun", "jiefang-1", "shanyang-2"]) {
    run[site] = await world.sampleStation(site, relay.url)
  }
  const { shifts } = await run.keyun.json("roster", "show", "--month", MONTH)
  const [{ id }] = shifts
  const borrowed = ["name=萧平@keyun", "post=值守", `start=${MONTH}-09T14:00`, `end=${MONTH}-09T20:00`]
  await run["jiefang-1"].run("roster", "add", ...borrowed)
  await mediate(run)
  for (const station of Object.values(run)) await station.run("sync", "--once")
  const hub = await world.station("hub", relay.url, ["--role", "hub"])
  await hub.run("sync", "--once")
  await share(hub, run)
  const proof = await teach(run.keyun)
  await run.keyun.run("roster", "set", id, "note=改到后门")
  await hub.run("roster", "set", id, "note=带钥匙")
  for (const computer of [run.keyun, hub, run.keyun]) await computer.run("sync", "--once")
  for (const station of Object.values(run)) station.start("sync")
  return proof
}

/** A school with a class that was taught; answers the proof of a certificate. */
async function teach(station) {
  for (const [kind, file] of [["course"], ["session"], ["enrolment"], ["attendance", "attendance"], ["assessment"], ["contest"]]) {
    await station.run(kind, "import", join(SAMPLES, `${file ?? `${kind}s`}.csv`))
  }
  await station.run("course", "certify", TAUGHT, ...CERTIFIED, "--on", "2025-11-20")
  const { certificates } = await station.json("certificate", "list")
  const { id } = certificates.find(({ name }) => name === CERTIFIED[0])
  return (await station.json("certificate", "proof", id)).text
}

/** Venues, of which two sites book one apart; an event for which each brings goods; what people send. */
async function share(hub, run) {
  for (const kind of ["venue", "service", "hours-exception", "booking"]) {
    await hub.run(kind, "import", join(SAMPLES, `${kind}s.csv`))
  }
  await hub.run("drive", "add", "name=爱心互献", "site=keyun")
  await hub.run("sync", "--once")
  const brought = {
    keyun: [["手套", 40, "双", "总工会"], ["保温杯", 12, "个", "冯师傅"]],
    "jiefang-1": [["手套", 25, "双", "街道办"], ["毛巾", 60, "条", "解放区总工会"]],
    "shanyang-2": [["棉鞋", 18, "双", "山阳区总工会"]],
  }
  for (const [site, goods] of Object.entries(brought)) {
    const station = run[site]
    await station.run("sync", "--once")
    for (const [item, count, unit, from] of goods) {
      await station.run("supply", "contribute", item, String(count), "--unit", unit, "--from", from, "--drive", "爱心互献")
    }
    await station.run("supply", "give", goods[0][0], "4", "--to", "李师傅", "--drive", "爱心互献")
  }
  const asked = ["venue=多功能厅", `start=${BOOKED} 14:30`, `end=${BOOKED} 16:30`, "name=郑洋", "borrower=jiefang-1", "people=20"]
  await run["jiefang-1"].run("booking", "add", "--site", "keyun", ...asked)
  for (const station of Object.values(run)) await station.run("sync", "--once")
}

async function open(context, address) {
  const page = await context.newPage()
  await page.goto(address)
  return page
}

/** Whether everything has arrived, and nothing moves any more. */
async function settled(page) {
  await page.locator(".sync-saved").waitFor()
  await page.evaluate(() => document.fonts.ready)
  // What is read of the store comes within a few frames.
  await page.waitForTimeout(800)
}

async function take(page, name) {
  const file = join(PICTURES, `${name}.png`)
  await page.screenshot({ path: file, animations: "disabled" })
  const { size } = await stat(file)
  assert.ok(size < BYTES_MAX, `${name}.png has ${size} bytes`)
  console.log(`${name}.png ${Math.round(size / 1000)} KB`)
}
