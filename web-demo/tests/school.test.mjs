// The night school, as far as it needs no page: what a code carries, a class's order and cells.

import assert from "node:assert/strict"
import { test } from "node:test"
import { certificateHash, fromBase64url, proofIn, toBase64url } from "../.test/shell/proof.js"
import { certified, inOrder, moved, nextLesson, nextPresence, presenceIn, seated } from "../.test/station/school/model.js"
import { hashOf, routeOf } from "../.test/workers/route.js"
import { readSent } from "../.test/workers/sent.js"
import { formOf, problems } from "../.test/workers/wish.js"

const PROOF = "YILIAN-CERT 1 jiaozuo keyun\n急救员证\n李师傅\n4f2a91c0\n2026-12-03 2028-12-02\nabcdefghjkmn"

test("a certificate's code goes into an address and back, and is found in whatever was scanned", () => {
  const hash = certificateHash(PROOF)
  assert.match(hash, /^#\/certificate\/[\w-]+$/)
  assert.deepEqual(routeOf(hash), { at: "certificate", coded: toBase64url(PROOF) })
  assert.equal(hashOf(routeOf(hash)), hash)
  assert.equal(fromBase64url(toBase64url(PROOF)), PROOF)
  assert.equal(fromBase64url("%%"), undefined)
  // Two of the three bytes of a character.
  assert.equal(fromBase64url("5bU"), undefined)
  for (const text of [PROOF, ` ${PROOF}\n`, `https://hub.example/${hash}`, `看证书 http://10.0.0.2:3030/?lang=en${hash} 谢谢`, hash]) {
    assert.equal(proofIn(text), PROOF, text)
  }
  assert.equal(proofIn("https://hub.example/#/certificate/%%"), "https://hub.example/#/certificate/%%")
  assert.equal(proofIn(" 别的 "), "别的")
})

test("the school's addresses lead to their pages", () => {
  for (const route of [{ at: "learn" }, { at: "check" }, { at: "enrol", site: "keyun", course: "0190-3" }]) {
    assert.deepEqual(routeOf(hashOf(route)), route)
  }
  assert.deepEqual(routeOf("#/site/keyun/enrol"), { at: "site", site: "keyun" })
  assert.deepEqual(routeOf("#/certificate"), { at: "near" })
})

test("an enrolment needs a name, and sends its course", () => {
  const draft = { kind: "enrolment", name: " 李师傅 ", phone: "", text: " 夜班 ", count: "", venue: "", start: "", minutes: 60, item: "", course: "0190-3" }
  assert.deepEqual(problems(draft, undefined), [])
  assert.deepEqual(problems({ ...draft, name: " " }, undefined), [{ field: "name", what: "missing" }])
  assert.deepEqual(formOf(draft), { kind: "enrolment", name: "李师傅", phone: "", text: "夜班", course: "0190-3" })
  const sent = { code: "keyun-1", kind: "enrolment", about: "急救员第3期", at: 1 }
  assert.deepEqual(readSent(JSON.stringify([sent])), [sent])
})

const lesson = (start, end) => ({ start, end })
const sheet = (name, { sessions = [], state = "open" } = {}) => ({ name, sessions, state })

test("who has a seat is called, and a revoked certificate is none", () => {
  const member = (seat, ...states) => ({ seat, certificates: states.map(state => ({ state })) })
  const members = [member("confirmed", "revoked", "valid"), member("granted", "valid", "revoked"), member("waiting"), member("withdrawn")]
  assert.deepEqual(seated(members), members.slice(0, 2))
  assert.equal(certified({ members }), 1)
})

test("classes that go on come first, by their next lesson; cancelled ones last", () => {
  const now = "2026-12-09T15:00"
  const [past, soon, later] = ["2026-12-01", "2026-12-10", "2026-12-12"].map(day => lesson(`${day}T19:00`, `${day}T21:00`))
  const on = lesson("2026-12-09T14:00", "2026-12-09T16:00")
  const classes = [
    sheet("取消的", { state: "cancelled", sessions: [soon] }),
    sheet("上完的", { sessions: [past] }),
    sheet("没排课的"),
    sheet("后天的", { sessions: [past, later] }),
    sheet("明天的", { sessions: [soon] }),
    sheet("正在上的", { sessions: [on] }),
  ]
  const names = inOrder(classes, now).map(({ name }) => name)
  assert.deepEqual(names, ["正在上的", "明天的", "后天的", "没排课的", "上完的", "取消的"])
  assert.equal(nextLesson([past, on], now), on)
  assert.equal(nextLesson([past], now), undefined)
})

test("a tap goes through what may have been, and keys move within the table", () => {
  const taps = [undefined, "present", "late", "leave", "absent"].map(nextPresence)
  assert.deepEqual(taps, ["present", "late", "leave", "absent", "present"])
  assert.equal(presenceIn({ attendance: { a: "late" } }, "a"), "late")
  assert.equal(presenceIn({ attendance: {} }, "a"), undefined)
  const at = { row: 0, column: 2 }
  assert.deepEqual(moved(at, "ArrowUp", 3, 4), at)
  assert.deepEqual(moved(at, "ArrowDown", 3, 4), { row: 1, column: 2 })
  assert.deepEqual(moved(at, "ArrowRight", 3, 4), { row: 0, column: 3 })
  assert.deepEqual(moved({ row: 0, column: 3 }, "ArrowRight", 3, 4), { row: 0, column: 3 })
  assert.deepEqual(moved(at, "Home", 3, 4), { row: 0, column: 0 })
  assert.deepEqual(moved(at, "End", 3, 4), { row: 0, column: 3 })
  assert.equal(moved(at, "Enter", 3, 4), undefined)
})
