// What stations share, between browsers that do not always have a network: of two bookings of one room one is bumped in both;
// goods are given out once, whatever browsers and tabs do apart; what is sent without an account is followed by its code.

import assert from "node:assert/strict"
import { inStep, until } from "../harness.mjs"

export default async function (world) {
  const [relay, site] = [await world.relay(), await world.site()]
  const url = relay.url
  const one = await world.device("one")
  const first = await one.tab(site, { url, site: "keyun", author: "傅玉兰" })
  const second = await (await world.device("two")).tab(site, { url, site: "jiefang-1", author: "萧平" })
  const venue = await first.evaluate(async () => {
    const directory = yilian.directory()
    await directory.ready
    await directory.add("sites", { key: "keyun", name: "客运站", level: "home", hours: "00:00-24:00" })
    await directory.add("sites", { key: "jiefang-1", name: "解放一站", level: "station", hours: "08:00-18:00" })
    return directory.add("venues", { site: "keyun", name: "一号会议室", capacity: 20 })
  })
  await second.evaluate(() => (globalThis.venues = yilian.venues()))
  await until("the venue to arrive", () => second.evaluate(() => venues.value.length === 1))

  await bookings(first, second, venue)
  const device = await goods(one, site, first, second, url)
  await submissions(world, site, device, url)
}

/** Two sites ask for one room without knowing of each other. */
async function bookings(first, second, venue) {
  const pages = [first, second]
  for (const page of pages) await page.evaluate(() => yilian.goOffline())
  for (const [page, name] of [[first, "傅玉兰"], [second, "萧平"]]) {
    const wish = { venue, name, start: "2026-12-31T14:00", end: "2026-12-31T16:00", people: 8 }
    const grants = await page.evaluate(async wish => {
      globalThis.bookings = yilian.bookings("keyun", "2026-12")
      bookings.subscribe(() => {})
      await bookings.book(wish)
      return (await bookings.now()).map(({ grant }) => grant)
    }, wish)
    assert.deepEqual(grants, ["granted"])
  }
  for (const page of pages) await page.evaluate(() => yilian.goOnline())
  const both = page =>
    until("both bookings, one of them bumped", () =>
      page.evaluate(() => {
        const grants = (bookings.value ?? []).map(({ grant }) => grant).sort()
        return grants.join() === "bumped,granted" && bookings.value
      }),
    )
  const seen = await Promise.all(pages.map(both))
  assert.deepEqual(seen[0], seen[1])
  const bumped = seen[0].find(({ grant }) => grant === "bumped")
  const granted = seen[0].find(({ grant }) => grant === "granted")
  assert.equal(bumped.bumped_by, granted.id)
  const others = await second.evaluate(of => bookings.alternatives(of).now(), bumped)
  assert.ok(others.some(({ slot }) => slot.start === "2026-12-31T16:00" || slot.start === "2026-12-31T12:00"))

  // A promise is the venue's site's to make, and turns it round.
  const refused = await second.evaluate(of => bookings.confirm(of).catch(({ name, zh }) => [name, zh]), bumped)
  assert.equal(refused[0], "NotYours")
  assert.match(refused[1], /keyun/)
  await first.evaluate(of => bookings.confirm(of), bumped)
  await until("the promise to turn it round", () =>
    second.evaluate(id => bookings.value.find(of => of.id === id).grant === "confirmed", bumped.id),
  )
  await first.evaluate(of => bookings.set(of, { start: "2027-01-04T14:00", end: "2027-01-04T16:00" }), bumped)
  await until("it to move to its month", () => second.evaluate(() => bookings.value.length === 1))
  const january = await second.evaluate(() => yilian.bookings("keyun", "2027-01").now())
  assert.deepEqual(january.map(({ id, grant }) => [id, grant]), [[bumped.id, "granted"]])
}

/** Goods that one browser holds; answers a tab of it. */
async function goods(one, site, first, second, url) {
  const contribute = (page, count) =>
    page.evaluate(async count => {
      globalThis.goods ??= yilian.goods("keyun")
      goods.subscribe(() => {})
      await goods.contribute({ new: { name: "手套", unit: "双" }, count, party: "总工会" })
      return (await goods.now()).items[0]
    }, count)
  const { item, here } = await contribute(first, 5)
  assert.equal(here, 5)
  const shows = (page, what, probe) =>
    until(what, () =>
      page.evaluate(probe => {
        globalThis.goods ??= (goods => (goods.subscribe(() => {}), goods))(yilian.goods("keyun"))
        const [item] = goods.value?.items ?? []
        return item && new Function("item", `return ${probe}`)(item)
      }, probe),
    )
  await shows(second, "the other's goods", "item.here === 0 && item.elsewhere === 5")

  // Apart: only the one that holds them gives them out, and its tabs give them out together.
  const again = await one.tab(site, { url, site: "keyun", author: "傅玉兰" })
  for (const page of [first, second, again]) await page.evaluate(() => yilian.goOffline())
  await shows(again, "the goods in another tab", "item.here === 5")
  const give = (page, count) =>
    page.evaluate(
      ([item, count]) => goods.give({ item, count, party: "李师傅" }).then(() => "given", ({ name, zh }) => `${name} ${zh}`),
      [item, count],
    )
  assert.match(await give(second, 1), /^GoodsRefused .*5/)
  assert.equal(await give(first, 1), "given")
  const answers = await Promise.all([give(first, 3), give(again, 3)])
  assert.deepEqual(answers.map(answer => answer.split(" ")[0]).sort(), ["GoodsRefused", "given"])
  for (const page of [first, second, again]) await page.evaluate(() => yilian.goOnline())
  await shows(second, "what was given", "item.given === 4 && item.elsewhere === 1")

  // What it lacks it asks for, and the holder's clerk gives it out.
  await second.evaluate(item => goods.claim({ item, count: 1, party: "王师傅" }), item)
  await until("the claim to be answered", () => second.evaluate(() => goods.value.claims[0]?.state === "given"))
  await shows(second, "nothing to be left", "item.held === 0 && item.given === 5")

  // A store that was restored without what the browser keeps besides holds nothing.
  await contribute(first, 4)
  await inStep(first)
  const holder = await first.evaluate(() => goods.value.holder)
  await again.close()
  await first.evaluate(() => yilian.close())
  await first.evaluate(() => localStorage.clear())
  await first.close()
  const restored = await one.tab(site, { url, site: "keyun", author: "傅玉兰" })
  await shows(restored, "a new incarnation", `item.here === 0 && item.elsewhere === 4`)
  assert.notEqual(await restored.evaluate(() => goods.value.holder), holder)
  return restored
}

/** Somebody without an account sends something, and somebody with the code follows it. */
async function submissions(world, site, station, url) {
  const guest = await (await world.device("guest")).tab(site, { url })
  const missing = await guest.evaluate(() =>
    yilian.submit("keyun", { kind: "request", name: "李师傅" }).catch(({ name, zh }) => [name, zh]),
  )
  assert.equal(missing[0], "InboxRefused")
  const code = await guest.evaluate(() => yilian.submit("keyun", { kind: "request", name: "李师傅", text: "空调不凉" }))
  await inStep(guest)
  await guest.close()

  const elsewhere = await (await world.device("elsewhere")).tab(site, { url })
  await elsewhere.evaluate(code => {
    globalThis.followed = yilian.follow(code)
    followed.subscribe(() => {})
  }, code.toUpperCase())
  await until("what was sent", () => elsewhere.evaluate(() => followed.value?.stage === "submitted"))
  await station.evaluate(() => {
    globalThis.inbox = yilian.inbox("keyun")
    inbox.subscribe(() => {})
  })
  await until("it to reach the site", () => station.evaluate(() => inbox.value?.length === 1))
  await station.evaluate(async () => {
    await inbox.step(inbox.value[0], "accepted")
    await inbox.step(inbox.value[0], "done", { note: "已加氟" })
  })
  const seen = await until("the steps to be told", () =>
    elsewhere.evaluate(() => followed.value?.stage === "done" && followed.value),
  )
  assert.deepEqual(seen.next.toSorted(), ["confirmed", "submitted"])
  assert.equal(seen.steps.at(-1).note, "已加氟")
  await elsewhere.evaluate(() => followed.confirm())
  await until("the site to hear of it", () => station.evaluate(() => inbox.value[0].stage === "confirmed"))

  // A page that shows nothing else hears of what is new; what is settled is as it was, though it is not opened any more.
  const before = await station.evaluate(() => inbox.value)
  await station.reload()
  await station.evaluate(async url => {
    const { Yilian } = await import("/pkg/dist/index.js")
    globalThis.yilian = await Yilian.open({ network: "jiaozuo", url, site: "keyun", author: "傅玉兰" })
    globalThis.inbox = yilian.inbox("keyun")
    inbox.subscribe(() => {})
  }, url)
  assert.deepEqual(await until("the inbox", () => station.evaluate(() => inbox.value)), before)
  await elsewhere.evaluate(() => yilian.submit("keyun", { kind: "request", name: "王师傅", text: "灯坏了" }))
  await until("what is new", () => station.evaluate(() => inbox.value.length === 2))
}
