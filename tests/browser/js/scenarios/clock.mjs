// A computer's clock is set seven days ahead, and back again, while its tab is open: edits made meanwhile
// converge, the tab connects again as soon as it can, presence goes on, and nothing says a time that is not.

import assert from "node:assert/strict"
import { addShift, inStep, shows, until } from "../harness.mjs"

const DAYS_7 = 7 * 24 * 3600 * 1000

// The engine runs in a worker: its clock and the page's are set together, over a channel of their own.
const settable = `
  const channel = new BroadcastChannel("clock");
  const RealDate = Date;
  let ahead = 0;
  globalThis.Date = class extends RealDate {
    constructor(...values) { values.length === 0 ? super(RealDate.now() + ahead) : super(...values) }
    static now() { return RealDate.now() + ahead }
  };
  channel.onmessage = message => {
    ahead = message.data;
    channel.postMessage({ is: ahead });
  };`

const inWorkerAndPage = code => `
  globalThis.clocks = new BroadcastChannel("clock");
  const RealWorker = Worker;
  globalThis.Worker = class extends RealWorker {
    constructor(url, options) {
      const text = ${JSON.stringify(code)} + "const early = []; self.onmessage = message => early.push(message);" +
        "await import(" + JSON.stringify(String(url)) + "); early.forEach(message => self.onmessage(message));";
      super(URL.createObjectURL(new Blob([text], { type: "text/javascript" })), options);
    }
  };
  { const RealDate = Date; let ahead = 0;
    globalThis.setPage = to => { ahead = to };
    globalThis.Date = class extends RealDate {
      constructor(...values) { values.length === 0 ? super(RealDate.now() + ahead) : super(...values) }
      static now() { return RealDate.now() + ahead }
    } }`

/** Sets a tab's clock; resolves when its worker's is set too. */
const setClock = (page, ahead) =>
  page.evaluate(async ahead => {
    setPage(ahead)
    const done = new Promise(resolve => (clocks.onmessage = ({ data }) => data?.is === ahead && resolve()))
    clocks.postMessage(ahead)
    await done
  }, ahead)

const status = page => page.evaluate(() => yilian.status)

export default async function (world) {
  const [relay, site] = [await world.relay(), await world.site()]
  const [one, two] = [await world.device("one"), await world.device("two")]
  await one.context.addInitScript(inWorkerAndPage(settable))
  const odd = await one.tab(site, { url: relay.url, site: "keyun", author: "张三" })
  const right = await two.tab(site, { url: relay.url, site: "keyun", author: "李四" })
  await odd.evaluate(() => roster.presence.set({ looks: true }))
  const seen = () => until("presence", () => right.evaluate(() => roster.presence.value.length === 1))
  await seen()
  const shift = await addShift(odd, "张三", "01")
  await shows(right, ["张三"])
  const all = ["张三"]

  for (const [ahead, day] of [[DAYS_7, "02"], [-DAYS_7, "03"], [0, "04"]]) {
    // While the connection stands: it stays, or comes back by itself.
    await setClock(odd, ahead)
    const now = () => Date.now() + ahead
    const set = now()
    await addShift(odd, `odd${day}`, day)
    await addShift(right, `right${day}`, day)
    all.push(`odd${day}`, `right${day}`)
    for (const page of [odd, right]) await shows(page, all)
    await inStep(odd)
    // Until something is saved, the time is the one of before: of another clock, perhaps ahead of this one.
    await until("a time of saving by the clock that is set", async () => {
      const { savedAt } = await status(odd)
      return set <= savedAt && savedAt <= now()
    })
    await seen()

    // While there is none: both edit one record; then whoever tries again does so within its ordinary wait.
    await relay.kill()
    await until("both to notice", async () =>
      (await Promise.all([odd, right].map(status))).every(({ connection }) => connection === "connecting"),
    )
    await setClock(odd, -ahead)
    await odd.evaluate(([id, day]) => roster.setShift(id, { note: `odd ${day}` }), [shift, day])
    await right.evaluate(([id, day]) => roster.setShift(id, { post: `right ${day}` }), [shift, day])
    await setClock(odd, ahead)
    await relay.start()
    for (const page of [odd, right]) {
      await until("both edits to be everywhere", () =>
        page.evaluate(([id, day]) => {
          const { note, post } = roster.get(id)
          return note === `odd ${day}` && post === `right ${day}`
        }, [shift, day]),
      )
      await inStep(page)
    }
    await seen()
  }

  // What was written last is told first, whatever the clocks said.
  const histories = await Promise.all([odd, right].map(page => page.evaluate(id => roster.historyOf(id), shift)))
  assert.deepEqual(histories[0].map(({ hash }) => hash), histories[1].map(({ hash }) => hash))
  assert.equal(histories[0].length, 7)
  assert.equal(await odd.evaluate(() => roster.undo()), true)
  await until("the undoing to arrive", () =>
    right.evaluate(id => roster.get(id).note === "odd 03", shift),
  )
  assert.deepEqual(await odd.evaluate(() => problems), [])
  assert.deepEqual(await right.evaluate(() => problems), [])
}
