// A day at two stations that are not always in reach of the hub: both book one room, both give out goods of one store, and what
// somebody sent is seen to; when they meet again one booking has moved with a tap, and nothing was given twice.

import assert from "node:assert/strict"
import { writeFile } from "node:fs/promises"
import { accessible, countShifts, until } from "../harness.mjs"

const SHIFT_MOST = 0.02
const DAY = "2026-12-09"

async function network(world) {
  const relay = await world.relay({ web: true })
  const station = await world.station("computer", relay.url, ["--site", "keyun"])
  const table = async (kind, ...lines) => {
    const file = world.folder(`${kind}.csv`)
    await writeFile(file, lines.join("\n"))
    await station.run(kind, "import", file)
  }
  await table(
    "site",
    "key,name,level,parent,address,hours,amenities,phone,lat,lng",
    "keyun,城市客运共享职工之家,home,,,07:00-22:00,,,35.21,113.24",
    "jiefang-1,解放一站,station,,,08:00-18:00,,,35.22,113.25",
  )
  await table("person", "site,name,role,phone", "keyun,傅玉兰,staff,", "keyun,张杰,staff,", "jiefang-1,萧平,staff,")
  await table("venue", "site,name,capacity", "keyun,一号会议室,20", "keyun,小教室,12")
  await station.run("sync", "--once")
  return relay
}

/** A station's page in a device, in a section. */
async function open(device, relay, site, who, section, { width = 1280, height = 800 } = {}) {
  const page = await device.context.newPage()
  page.setDefaultTimeout(60_000)
  await page.setViewportSize({ width, height })
  await page.addInitScript(([site, who]) => localStorage.setItem(`yilian.who.${site}`, who), [site, who])
  await page.addInitScript(countShifts)
  await page.goto(`${relay.page}/station/?site=${site}&section=${section}`)
  await page.locator("nav.sections").waitFor()
  return page
}

const pill = (page, text) => page.locator("#sync", { hasText: text }).waitFor()
const said = (page, text) => page.getByRole("status").filter({ hasText: text }).first().waitFor({ state: "attached" })
const go = (page, name) => page.getByRole("navigation", { name: "栏目" }).getByRole("button", { name, exact: true }).click()
const switchOffline = page => page.getByRole("switch", { name: "离线工作" }).click()
const dialog = page => page.getByRole("dialog")

/** Fills the fields of the open dialog by their labels, and presses a button of it. */
async function fill(page, fields, button) {
  for (const [label, value] of Object.entries(fields)) {
    const field = dialog(page).getByLabel(label, { exact: true })
    const isSelect = (await field.evaluate(one => one.tagName)) === "SELECT"
    await (isSelect ? field.selectOption({ label: value }) : field.fill(value))
  }
  await dialog(page).getByRole("button", { name: button, exact: true }).click()
  await dialog(page).waitFor({ state: "detached" })
}

async function offline(...pages) {
  for (const page of pages) {
    await switchOffline(page)
    await pill(page, "离线")
  }
}

async function online(...pages) {
  for (const page of pages) await switchOffline(page)
  for (const page of pages) await pill(page, "已存到中心")
}

async function steady(page, what) {
  const shifted = await page.evaluate(() => globalThis.shifted)
  assert.ok(shifted <= SHIFT_MOST, `${what}: the layout shifts by ${shifted}`)
}

async function picture(page, name) {
  const folder = process.env.YILIAN_PICTURES
  if (folder) await page.screenshot({ path: `${folder}/${name}.png` })
}

const room = (page, name) => page.getByRole("region", { name })
const booking = (page, name) => room(page, "一号会议室").locator(".booking", { hasText: name })
const onDay = page => page.getByLabel("日期", { exact: true }).fill(DAY)

/** Both ask for one room without knowing of each other; the one that is bumped moves with a tap. */
async function bookings(one, two) {
  await two.getByLabel("站点的场地").selectOption("keyun")
  for (const page of [one, two]) {
    await onDay(page)
    await room(page, "一号会议室").getByText("空闲 07:00–22:00").waitFor()
  }
  await offline(one, two)
  for (const [page, name] of [[one, "傅玉兰"], [two, "萧平"]]) {
    await page.getByRole("button", { name: "预订 一号会议室" }).click()
    // What is missing is said beside the field.
    await dialog(page).getByRole("button", { name: "预订", exact: true }).click()
    await dialog(page).getByText("请填写").waitFor()
    await accessible(page)
    await fill(page, { 从: "14:00", 到: "16:00", 预订人: name, 人数: "8", 用途: "技能培训" }, "预订")
    await said(page, `已预订：${name} 14:00–16:00`)
    await booking(page, name).getByText("已订上").waitFor()
    await pill(page, "1 处改动待同步")
  }
  await online(one, two)
  for (const page of [one, two]) {
    await until("one of them to be bumped", async () => (await page.locator(".booking.is-bumped").count()) === 1)
    await page.locator(".booking.is-bumped").getByText("同一时间已给了").waitFor()
  }
  await accessible(one)
  await picture(one, "bookings-desktop")
  const bumped = one.locator(".booking.is-bumped")
  const others = bumped.getByRole("group").getByRole("button")
  await others.first().waitFor()
  const text = (await others.first().textContent()).trim()
  await others.first().click()
  await said(one, text)
  for (const page of [one, two]) {
    await until("nothing to be bumped", async () => (await page.locator(".booking.is-bumped").count()) === 0)
    await page.locator(".booking", { hasText: text.slice(0, 11) }).first().waitFor()
  }

  // The venue's site promises it, and the other sees so; it is not the other's to promise.
  assert.equal(await two.getByRole("button", { name: "确认", exact: false }).count(), 0)
  const promise = one.getByRole("button", { name: "确认 傅玉兰 的预订" })
  await promise.click()
  await booking(two, "傅玉兰").getByText("已确认").waitFor()
  await booking(one, "萧平").getByRole("button").first().click()
  await fill(one, {}, "取消预订")
  await booking(two, "萧平").getByText("已取消").waitFor()
  await one.locator(".toasts").getByRole("button", { name: "撤销" }).click()
  await booking(two, "萧平").getByText("已订上").waitFor()
  await booking(two, "萧平").getByRole("button").first().click()
  await fill(two, { 用途: "读书会" }, "保存")
  await booking(one, "读书会").waitFor()
}

async function onPhone(device, relay) {
  const page = await open(device, relay, "keyun", "傅玉兰", "bookings", { width: 360, height: 740 })
  await page.getByRole("region", { name: "一号会议室" }).waitFor()
  await steady(page, "on a phone")
  for (const name of ["场地"]) {
    await go(page, name)
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    assert.ok(width <= 360, `${name} is ${width} wide`)
    await accessible(page)
  }
  await page.setViewportSize({ width: 390, height: 844 })
  await onDay(page)
  await page.locator(".booking").first().waitFor()
  await picture(page, "bookings-phone")
  await page.close()
}

export default async function (world) {
  const relay = await network(world)
  const first = await world.device("one")
  const one = await open(first, relay, "keyun", "傅玉兰", "bookings")
  const two = await open(await world.device("two"), relay, "jiefang-1", "萧平", "bookings")
  for (const page of [one, two]) await pill(page, "已存到中心")
  await bookings(one, two)
  await onPhone(first, relay)
  await steady(one, "on a desk")
}
