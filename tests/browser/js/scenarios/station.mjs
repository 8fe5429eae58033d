// A station's page, as its staff use it: the roster by keyboard, mouse and dialog, what the merge broke
// beside the cell it concerns, offline and back, printing, and opening with no network at all.

import assert from "node:assert/strict"
import { writeFile } from "node:fs/promises"
import { pill, steady } from "../hands.mjs"
import { accessible, countShifts, until } from "../harness.mjs"

const MONTH = "2026-12"
const PEOPLE = [
  ["傅玉兰", "staff"],
  ["萧平", "staff"],
  ["张杰", "volunteer"],
  ["安娜", "coordinator"],
]

/** The relay with a site, its people and a first shift. */
async function network(world) {
  const relay = await world.relay({ web: true })
  const station = await world.station("computer", relay.url, ["--site", "keyun"])
  const table = async (kind, ...lines) => {
    const file = world.folder(`${kind}.csv`)
    await writeFile(file, lines.join("\n"))
    await station.run(kind, "import", file)
  }
  const site = "keyun,城市客运共享职工之家,home,,,07:00-22:00,,,,"
  await table("site", "key,name,level,parent,address,hours,amenities,phone,lat,lng", site)
  await table("person", "site,name,role,phone", ...PEOPLE.map(([name, role]) => `keyun,${name},${role},`))
  const shift = ["name=傅玉兰", "post=前台", `start=${MONTH}-01T08:00`, `end=${MONTH}-01T14:00`]
  await station.run("roster", "add", ...shift)
  await station.run("sync", "--once")
  return { relay, station }
}

/** The station's page in a device, once its roster shows. */
async function open(device, relay, who, { width = 1280, height = 800, more = "" } = {}) {
  const page = await device.context.newPage()
  await page.setViewportSize({ width, height })
  await page.addInitScript(who => {
    localStorage.setItem("yilian.who.keyun", who)
  }, who)
  await page.addInitScript(countShifts)
  await page.goto(`${relay.page}/station/?site=keyun&month=${MONTH}${more}`)
  await page.locator("[data-shift]").first().waitFor()
  return page
}

/** What the grid shows, as `name day post hours`. */
const shown = page =>
  page.evaluate(() =>
    [...document.querySelectorAll(".grid [data-shift]")].map(one => {
      const cell = one.closest("td")
      const name = cell.closest("tr").querySelector(".who").textContent
      const [post, span] = [".post", "small"].map(part => one.querySelector(part).textContent)
      return `${name} ${cell.dataset.day.slice(8)} ${post} ${span}`
    }),
  )

async function shows(page, ...wanted) {
  const want = wanted.toSorted().join("; ")
  let last
  await until(`the grid to show ${want}`, async () => {
    last = (await shown(page)).toSorted().join("; ")
    return last === want
  }).catch(error => assert.fail(`${error.message}; it shows ${last}`))
}

/** Stands on a person's day with the keyboard. */
async function stand(page, name, day) {
  const row = page.locator("tbody tr", { has: page.locator(".who", { hasText: name }) })
  const cell = row.locator(`td[data-day="${MONTH}-${day}"]`)
  const shift = cell.locator("[data-shift]")
  await ((await shift.count()) > 0 ? shift.first() : cell).focus()
}

const said = page => page.locator("#said").textContent()
const offline = page => page.locator(".toolbar .switch input")

async function byKeyboard(page) {
  // Names are in the order of their pinyin.
  const names = await page.locator("tbody .who").allTextContents()
  assert.deepEqual(names, ["安娜", "傅玉兰", "萧平", "张杰"])
  // One stop for Tab.
  assert.equal(await page.locator('.grid [tabindex="0"]').count(), 1)

  await stand(page, "傅玉兰", "01")
  for (const key of ["ArrowDown", "ArrowRight", "ArrowRight"]) await page.keyboard.press(key)
  await page.keyboard.press("Enter")
  await page.locator("#f-post").fill("热线")
  await page.locator("#f-from").fill("20:00")
  await page.locator("#f-to").fill("08:00")
  await page.locator(".summary", { hasText: "次日08:00" }).waitFor()
  await page.keyboard.press("Enter")
  await shows(page, "傅玉兰 01 前台 8–14", "萧平 03 热线 20–8")
  assert.equal(await page.locator(".overnight").count(), 1)

  await stand(page, "萧平", "03")
  await page.keyboard.press("m")
  assert.match(await said(page), /^拿起了 萧平/)
  for (const key of ["ArrowRight", "ArrowDown"]) await page.keyboard.press(key)
  assert.match(await said(page), /^张杰 12月4日/)
  await page.keyboard.press("Escape")
  await shows(page, "傅玉兰 01 前台 8–14", "萧平 03 热线 20–8")
  await page.keyboard.press("m")
  for (const key of ["ArrowRight", "ArrowDown"]) await page.keyboard.press(key)
  await page.keyboard.press("Enter")
  await shows(page, "傅玉兰 01 前台 8–14", "张杰 04 热线 20–8")
  // The keyboard goes on from where it was dropped.
  await until("the focus to be on what was moved", () =>
    page.evaluate(() => document.activeElement.textContent.includes("12月4日")),
  )

  await page.keyboard.press("Delete")
  await shows(page, "傅玉兰 01 前台 8–14")
  await page.keyboard.press("Control+z")
  await shows(page, "傅玉兰 01 前台 8–14", "张杰 04 热线 20–8")
  await page.keyboard.press("Control+z")
  await shows(page, "傅玉兰 01 前台 8–14", "萧平 03 热线 20–8")
  await page.keyboard.press("Control+Shift+z")
  await shows(page, "傅玉兰 01 前台 8–14", "张杰 04 热线 20–8")
}

async function byMouse(page) {
  const from = await page.locator(".grid .overnight").boundingBox()
  const row = page.locator("tbody tr", { has: page.locator(".who", { hasText: "安娜" }) })
  const to = await row.locator(`td[data-day="${MONTH}-10"]`).boundingBox()
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2)
  await page.mouse.down()
  await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 12 })
  assert.equal(await page.locator('[data-drop="here"]').count(), 1)
  assert.equal(await page.locator('[data-drop="night"]').count(), 1)
  await page.mouse.up()
  await shows(page, "傅玉兰 01 前台 8–14", "安娜 10 热线 20–8")
  assert.equal(await page.locator("dialog[open]").count(), 0)

  await page.locator(".grid .overnight").click()
  await page.locator("#f-from").fill("18:30")
  await page.locator("#f-note").fill("带钥匙")
  await page.locator("fieldset.states label", { hasText: "已确认" }).click()
  await accessible(page)
  await page.locator("dialog button[type=submit]").click()
  await shows(page, "傅玉兰 01 前台 8–14", "安娜 10 热线 18:30–8")

  await stand(page, "安娜", "10")
  await page.keyboard.press("h")
  const past = page.locator(".past > li")
  await past.first().waitFor()
  assert.match(await past.first().textContent(), /傅玉兰.*改了.*备注.*（空）.*带钥匙/s)
  assert.match(await past.last().textContent(), /傅玉兰.*添加了班次/s)
  await page.keyboard.press("Escape")
}

/** Somebody on two shifts at once: said beside the cell, put right with one tap. */
async function findings(page) {
  await stand(page, "安娜", "10")
  await page.keyboard.press("n")
  await page.locator("#f-post").fill("前台")
  await page.locator("#f-from").fill("19:00")
  await page.locator("#f-to").fill("21:00")
  await page.keyboard.press("Enter")
  const badges = page.locator(`td[data-day="${MONTH}-10"] .badge-danger`)
  await until("both shifts to be marked", async () => (await badges.count()) === 2)
  await page.locator("#findings .finding-danger", { hasText: "同一时间有两个班" }).waitFor()
  await accessible(page)
  await badges.last().click()
  await page.locator(".popover .repairs button", { hasText: /移除 .* 前台/ }).click()
  await shows(page, "傅玉兰 01 前台 8–14", "安娜 10 热线 18:30–8")
  await until("the finding to be gone", async () => (await badges.count()) === 0)
}

/** Two devices edit one field, both offline; both values are shown, and one is chosen. */
async function conflict(page, other) {
  await offline(page).click()
  await offline(other).click()
  for (const [where, note] of [[page, "走前门"], [other, "走后门"]]) {
    await pill(where, "离线")
    await stand(where, "傅玉兰", "01")
    await where.keyboard.press("Enter")
    await where.locator("#f-note").fill(note)
    await where.keyboard.press("Enter")
    await pill(where, "1 处改动待同步")
  }
  await offline(page).click()
  await pill(page, "已存到中心")
  await offline(other).click()
  await pill(other, "已存到中心")
  const badge = page.locator(`td[data-day="${MONTH}-01"] .badge-warn`)
  await badge.click()
  const versions = page.locator(".popover .version")
  const texts = async () => (await versions.allTextContents()).join(" ")
  await until("both values with who wrote them", async () => {
    const text = await texts()
    return ["走前门", "走后门", "傅玉兰 ·", "萧平 ·"].every(part => text.includes(part))
  })
  const lost = page.locator(".popover .version", { has: page.locator("button", { hasText: "改用这个" }) })
  const wanted = await lost.locator(".value").textContent()
  await lost.locator("button").click()
  await until("the conflict to be over", async () => (await badge.count()) === 0)
  await stand(other, "傅玉兰", "01")
  await until("the other to have it", async () =>
    (await other.locator(`td[data-day="${MONTH}-01"] [data-shift]`).first().textContent()).includes(wanted),
  )
}

/** Who else is here, and where. */
async function presence(page, other) {
  await stand(other, "张杰", "20")
  await page.locator(".faces", { hasText: "萧平" }).waitFor()
  const peer = page.locator(`td[data-day="${MONTH}-20"] .peer`)
  await until("the other's cell to be marked", async () => (await peer.textContent()) === "萧平")
}

async function onPaper(page) {
  await page.emulateMedia({ media: "print" })
  assert.ok(await page.locator(".sheet").isVisible())
  for (const chrome of ["#frame", ".toolbar", ".grid", "#findings"]) {
    assert.ok(!(await page.locator(chrome).isVisible()), `${chrome} is printed`)
  }
  const text = await page.locator(".sheet").textContent()
  for (const part of ["城市客运共享职工之家", "2026年12月排班表", "图例", "打印于", "18:30–8"]) {
    assert.ok(text.includes(part), `${part} is not on the paper`)
  }
  await page.emulateMedia({ media: "screen" })
}

/** On a phone: the list, with nothing that moves while it loads. */
async function onPhone(page) {
  assert.equal(await page.locator(".grid").count(), 0)
  assert.equal(await page.locator(".day").count(), 31)
  const width = await page.evaluate(() => document.documentElement.scrollWidth)
  assert.ok(width <= 360, `the page is ${width} wide`)
  await accessible(page)
}

async function withNoNetwork(world, device, relay, page) {
  await page.evaluate(() => navigator.serviceWorker.ready)
  await page.close()
  await relay.kill()
  const again = await open(device, relay, "傅玉兰")
  await shows(again, "傅玉兰 01 前台 8–14", "安娜 10 热线 18:30–8")
  // A page that was never opened before opens as well.
  const hub = await device.context.newPage()
  await hub.goto(`${relay.page}/hub/`)
  await hub.locator("#frame nav").waitFor()
  await hub.close()
  await stand(again, "张杰", "05")
  await again.keyboard.press("Enter")
  await again.locator("#f-post:focus").waitFor()
  await again.keyboard.press("Enter")
  await pill(again, "1 处改动待同步")
  // That nobody answers is what the browser says of it, and all it may say.
  world.errors = world.errors.filter(error => !/WebSocket connection to .* failed/.test(error))
  assert.deepEqual(world.errors, [])
  await relay.start()
  await pill(again, "已存到中心")
  world.errors = world.errors.filter(error => !/WebSocket connection to .* failed/.test(error))
}

export default async function (world) {
  const { relay } = await network(world)
  const one = await world.device("one")
  const two = await world.device("two")

  const page = await open(one, relay, "傅玉兰")
  await pill(page, "已存到中心")
  await steady(page, "first visit")
  await accessible(page)
  await byKeyboard(page)
  await byMouse(page)
  await findings(page)

  const other = await open(two, relay, "萧平")
  await pill(other, "已存到中心")
  await presence(page, other)
  await conflict(page, other)
  await onPaper(page)

  const phone = await open(two, relay, "萧平", { width: 360, height: 740, more: "&look=list" })
  await pill(phone, "已存到中心")
  await steady(phone, "on a phone")
  await onPhone(phone)
  await withNoNetwork(world, one, relay, page)
}
