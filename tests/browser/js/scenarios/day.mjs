// A day at two stations that are not always in reach of the hub: both book one room, both give out goods of one store, and what
// somebody sent is seen to; when they meet again one booking has moved with a tap, and nothing was given twice.

import assert from "node:assert/strict"
import { writeFile } from "node:fs/promises"
import { dialog, fill, offline, online, pill, said, steady } from "../hands.mjs"
import { accessible, countShifts, inStep, until } from "../harness.mjs"

const [TODAY, NOW] = ["2026-12-09", "2026-12-09T10:30+08:00"]
// What is over has no alternatives.
const DAY = "2026-12-16"

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
  const shift = ["post=前台", `start=${TODAY}T00:00`, `end=${TODAY}T23:59`]
  await station.run("roster", "add", "name=傅玉兰", ...shift)
  await station.run("sync", "--once")
  return relay
}

/** A station's page in a device, in a section. */
async function open(device, relay, site, who, section, { width = 1280, height = 800 } = {}) {
  const page = await device.context.newPage()
  page.setDefaultTimeout(60_000)
  await page.setViewportSize({ width, height })
  if (who) await page.addInitScript(([site, who]) => localStorage.setItem(`yilian.who.${site}`, who), [site, who])
  await page.addInitScript(countShifts)
  await page.goto(`${relay.page}/station/?site=${site}&section=${section}`)
  await page.locator("nav.sections").waitFor()
  return page
}

const go = (page, name) => page.getByRole("navigation", { name: "栏目" }).getByRole("button", { name, exact: true }).click()

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

const stock = (page, item) => page.locator(`[data-item="${item}"]`)
const figures = async (page, item) => (await stock(page, item).locator("dd").allTextContents()).map(Number)

async function has(page, item, ...wanted) {
  let last
  await until(`${item} to be ${wanted}`, async () => {
    last = (await stock(page, item).count()) === 1 ? await figures(page, item) : []
    return last.join() === wanted.join()
  }).catch(error => assert.fail(`${error.message}; it is ${last}`))
}

async function give(page, item, count, whom) {
  await page.getByRole("button", { name: `发放 ${item}` }).click()
  await fill(page, { 数量: String(count), 领取人: whom }, "发放")
}

/** One device holds the goods; another of the site is refused and claims, and another site receives some. */
async function supplies(world, relay, one, two) {
  const three = await open(await world.device("three"), relay, "keyun", "张杰", "supplies")
  await pill(three, "已存到中心")
  await go(one, "物资")
  await go(two, "物资")
  await one.getByRole("button", { name: "登记捐入" }).first().click()
  await accessible(one)
  const gloves = { 名称: "手套", 单位: "双", 低于则补货: "3", 数量: "10", 捐赠人: "总工会" }
  await dialog(one).getByLabel("活动", { exact: true }).selectOption({ label: "新活动…" })
  await fill(one, { ...gloves, 新活动的名称: "冬送温暖" }, "登记")
  await said(one, "已登记捐入：手套 10双")
  await has(one, "手套", 10, 0, 0)
  await has(three, "手套", 0, 10, 0)

  // Both devices of the site give out, apart: the one that holds nothing is refused, and claims.
  await offline(one, three)
  await give(one, "手套", 4, "李师傅")
  await said(one, "已发放：手套 4双，李师傅")
  await has(one, "手套", 6, 0, 0)
  await three.getByRole("button", { name: "发放 手套" }).click()
  await dialog(three).getByLabel("数量", { exact: true }).fill("2")
  await dialog(three).getByLabel("领取人", { exact: true }).fill("王师傅")
  await dialog(three).getByRole("button", { name: "发放", exact: true }).click()
  const refusal = three.getByRole("dialog", { name: "这台设备不能发放" })
  await refusal.getByRole("alert").filter({ hasText: "手套" }).waitFor()
  await accessible(three)
  await picture(three, "refused-desktop")
  await refusal.getByRole("button", { name: "申领 手套 2双" }).click()
  await said(three, "已申领：手套 2双")
  await has(three, "手套", 0, 10, 0)
  await online(one, three)
  // The holder's browser answers the claim by itself once both have met.
  await has(one, "手套", 4, 0, 0)
  await has(three, "手套", 0, 4, 0)
  await until("the claim to be over", async () => (await three.getByRole("region", { name: "申领中" }).count()) === 0)

  // What is sent to another site is on its way until it is received there.
  await two.getByRole("button", { name: "登记捐入" }).first().click()
  await fill(two, { 名称: "矿泉水", 单位: "瓶", 数量: "24", 捐赠人: "李师傅" }, "登记")
  await has(two, "矿泉水", 24, 0, 0)
  await pill(two, "已存到中心")
  await one.getByRole("button", { name: "调出 手套" }).click()
  await fill(one, { 调往: "解放一站", 数量: "2" }, "调出")
  await said(one, "已调往解放一站：手套 2双")
  await has(one, "手套", 2, 0, 0)
  await stock(one, "手套").getByText("该补货了").waitFor()
  await stock(one, "手套").getByText("另有 2 已调出").waitFor()
  await has(two, "手套", 0, 0, 2)
  await two.getByRole("button", { name: "收货：手套 2双" }).click()
  await has(two, "手套", 2, 0, 0)
  await until("nothing to be on its way", async () => (await stock(one, "手套").getByText("已调出").count()) === 0)

  // A stocktaking says why.
  await one.getByRole("button", { name: "盘点 手套" }).click()
  await fill(one, { 本机名下实际有: "1", 原因: "破损" }, "登记")
  await has(one, "手套", 1, 0, 0)
  await has(three, "手套", 0, 1, 0)
  await accessible(one)
  await picture(one, "supplies-desktop")
  await three.close()
}

/** Somebody without an account sends four things; three are seen to, and one is declined. */
async function inbox(world, relay, one, venueDay) {
  const site = await world.site()
  const guest = await (await world.device("guest")).tab(site, { url: relay.url })
  const codes = await guest.evaluate(async day => {
    const venues = yilian.venues()
    await venues.ready
    while (venues.value.length < 2) await new Promise(resolve => setTimeout(resolve, 50))
    const store = yilian.goods("keyun")
    let goods = await store.now()
    while (goods.items.length < 1) goods = await new Promise(resolve => setTimeout(() => resolve(store.now()), 50))
    const send = form => yilian.submit("keyun", form)
    const { id: venue } = venues.value.find(({ name }) => name === "小教室")
    const wish = { venue, start: `${day}T09:00`, end: `${day}T11:00` }
    return {
      request: await send({ kind: "request", name: "李师傅", phone: "0391-3581234", text: "空调不凉" }),
      booking: await send({ kind: "booking", name: "读书会", ...wish }),
      claim: await send({ kind: "claim", name: "孙师傅", item: goods.items[0].item, count: 1 }),
      declined: await send({ kind: "request", name: "赵师傅", text: "想要两条毛毯" }),
    }
  }, venueDay)
  await inStep(guest)
  await go(one, "来件")
  const line = name => one.locator("[data-document]", { hasText: name })
  await until("what was sent to reach the site", async () => (await one.getByRole("region", { name: "已提交" }).locator("li").count()) === 4)
  await accessible(one)

  await line("孙师傅").getByText("手套 1双").waitFor()

  await offline(one)
  await line("李师傅").getByRole("button").click()
  assert.equal(await dialog(one).getByRole("link").getAttribute("href"), "tel:03913581234")
  await accessible(one)
  await picture(one, "submission-desktop")
  await dialog(one).getByRole("button", { name: "受理", exact: true }).click()
  await said(one, "已受理：李师傅")
  const step = async (name, button, fields) => {
    await line(name).getByRole("button").click()
    await dialog(one).getByRole("button", { name: button, exact: true }).click()
    await one.getByRole("dialog", { name: button }).waitFor()
    await fill(one, fields, button)
  }
  await step("李师傅", "派办", { 交给谁办: "张杰" })
  await one.getByRole("region", { name: "已派办" }).getByText("经办：张杰").waitFor()
  await step("李师傅", "办结", { 告诉对方: "已加氟" })
  await said(one, "已办结：李师傅")
  // Who is told no is told why.
  await line("赵师傅").getByRole("button").click()
  await dialog(one).getByRole("button", { name: "不受理", exact: true }).click()
  await dialog(one).getByRole("button", { name: "不受理", exact: true }).click()
  await dialog(one).getByText("请填写").waitFor()
  await fill(one, { "原因（对方看得到）": "本站没有毛毯" }, "不受理")
  await said(one, "未受理：赵师傅")
  await line("读书会").getByRole("button").click()
  await dialog(one).getByRole("button", { name: "受理并预订场地" }).click()
  await said(one, "已受理：读书会")
  // A claim that is done is a gift of this browser.
  await line("孙师傅").getByRole("button").click()
  await dialog(one).getByRole("button", { name: "受理", exact: true }).click()
  await said(one, "已受理：孙师傅")
  await step("孙师傅", "发放并办结", {})
  await said(one, "已办结：孙师傅")
  await go(one, "物资")
  await has(one, "手套", 0, 0, 0)
  await go(one, "来件")
  await online(one)
  const heard = code => guest.evaluate(async code => (await yilian.follow(code).now())?.stage, code)
  await guest.evaluate(codes => {
    for (const code of Object.values(codes)) yilian.follow(code).subscribe(() => {})
  }, codes)
  for (const [kind, stage] of [["request", "done"], ["declined", "declined"], ["booking", "accepted"], ["claim", "done"]]) {
    await until(`the ${kind} to be ${stage}`, async () => (await heard(codes[kind])) === stage)
  }
  await one.getByRole("button", { name: /^已了结 3/ }).click()
  await picture(one, "inbox-desktop")
  await go(one, "场地")
  await room(one, "小教室").locator(".booking", { hasText: "读书会" }).getByText("已确认").waitFor()
}

/** What there is to do today, and hours that are other than usual: they hold for the venues as well. */
async function today(one, two) {
  await go(one, "今日")
  const card = name => one.getByRole("region", { name, exact: true })
  await card("在岗").getByText("傅玉兰").waitFor()
  await card("待办来件").getByText("读书会").waitFor()
  await card("该补货了").getByText("现有 0双，低于 3").waitFor()
  await card("今天的预订").getByText("今天没有预订").waitFor()
  await card("今天开放").getByText("07:00–22:00").waitFor()
  await accessible(one)
  await go(two, "场地")
  await two.getByLabel("日期", { exact: true }).fill(TODAY)
  await room(two, "小教室").getByText("空闲 07:00–22:00").waitFor()

  await offline(one)
  await one.getByRole("button", { name: "今天提前关门" }).click()
  await accessible(one)
  await fill(one, { 几点关门: "12:00", "原因（大家看得到）": "停电" }, "保存")
  await card("今天开放").getByText("07:00–12:00").waitFor()
  await card("今天开放").getByText("原因：停电").waitFor()
  await one.getByRole("button", { name: "今天不开" }).click()
  await fill(one, { "原因（大家看得到）": "抢修线路" }, "保存")
  await card("今天开放").getByText("今天不开", { exact: true }).first().waitFor()
  await one.getByRole("button", { name: "改公告" }).click()
  await fill(one, { 公告: "线路抢修，明天照常开放" }, "保存")
  await card("公告").getByText("线路抢修").waitFor()
  await online(one)
  await room(two, "小教室").getByText("当天没有空闲").waitFor()
  await picture(one, "today-desktop")
  await one.getByRole("button", { name: "恢复平时时间" }).click()
  await card("今天开放").getByText("07:00–22:00").waitFor()
  await room(two, "小教室").getByText("空闲 07:00–22:00").waitFor()
  // Once more: the exception of the day is there again.
  await one.getByRole("button", { name: "今天提前关门" }).click()
  await fill(one, { 几点关门: "18:00", "原因（大家看得到）": "开会" }, "保存")
  await room(two, "小教室").getByText("空闲 07:00–18:00").waitFor()
}

/** Who never said who they are is asked first, and goes on where they were. */
async function newcomer(world, relay) {
  const page = await open(await world.device("four"), relay, "keyun", undefined, "bookings")
  await pill(page, "已存到中心")
  await page.getByRole("button", { name: "预订 小教室" }).click()
  await page.getByRole("dialog", { name: "你是谁？" }).getByRole("button", { name: "张杰" }).click()
  await page.getByRole("dialog", { name: "预订场地" }).waitFor()
  assert.equal(await dialog(page).getByLabel("场地", { exact: true }).locator(":checked").textContent(), "小教室")
  await fill(page, { 日期: DAY, 从: "19:00", 到: "21:00", 预订人: "张杰" }, "预订")
  await page.getByRole("button", { name: "后一天" }).waitFor()
  await onDay(page)
  await room(page, "小教室").locator(".booking", { hasText: "张杰" }).getByText("已订上").waitFor()
  await go(page, "物资")
  await page.getByRole("button", { name: "捐入 手套" }).click()
  await fill(page, { 数量: "5" }, "登记")
  await has(page, "手套", 5, 0, 0)
  await page.close()
}

async function onPhone(device, relay) {
  const page = await open(device, relay, "keyun", "傅玉兰", "bookings", { width: 360, height: 740 })
  await page.getByRole("region", { name: "一号会议室" }).waitFor()
  await steady(page, "on a phone")
  for (const name of ["场地", "物资", "来件", "今日"]) {
    await go(page, name)
    await page.locator(".card").first().waitFor()
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    assert.ok(width <= 360, `${name} is ${width} wide`)
    await accessible(page)
  }
  await page.setViewportSize({ width: 390, height: 844 })
  for (const [name, file] of [["今日", "today"], ["来件", "inbox"], ["物资", "supplies"], ["场地", "bookings"]]) {
    await go(page, name)
    if (name === "场地") await onDay(page)
    await page.locator(".card").first().waitFor()
    await picture(page, `${file}-phone`)
  }
  await page.emulateMedia({ colorScheme: "dark" })
  await accessible(page)
  await picture(page, "bookings-phone-dark")
  await page.emulateMedia({ colorScheme: "light" })
  // The words are there in English too.
  await page.getByRole("button", { name: "EN", exact: true }).click()
  for (const name of ["Roster", "Venues", "Supplies", "Inbox", "Today"]) {
    await page.getByRole("navigation", { name: "Sections" }).getByRole("button", { name, exact: true }).click()
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    assert.ok(width <= 390, `${name} is ${width} wide`)
  }
  await accessible(page)
  await picture(page, "today-phone-en")
  await page.close()
}

export default async function (world) {
  world.setClock(NOW)
  const relay = await network(world)
  const first = await world.device("one")
  const one = await open(first, relay, "keyun", "傅玉兰", "bookings")
  const two = await open(await world.device("two"), relay, "jiefang-1", "萧平", "bookings")
  for (const page of [one, two]) await pill(page, "已存到中心")
  await room(one, "一号会议室").waitFor()
  await steady(one, "on a desk")
  await bookings(one, two)
  await supplies(world, relay, one, two)
  await inbox(world, relay, one, DAY)
  await today(one, two)
  await newcomer(world, relay)
  await onPhone(first, relay)
}
