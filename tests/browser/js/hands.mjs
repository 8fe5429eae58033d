// What somebody does at a station's page, in words that scenarios share.

import assert from "node:assert/strict"

/** How far a page's layout may shift in all. */
const SHIFT_MOST = 0.02

export const pill = (page, text) => page.locator("#sync", { hasText: text }).waitFor()
export const said = (page, text) => page.getByRole("status").filter({ hasText: text }).first().waitFor({ state: "attached" })
export const dialog = page => page.getByRole("dialog")
export const switchOffline = page => page.getByRole("switch", { name: "离线工作" }).click()

/** Fills the fields of the open dialog by their labels, and presses a button of it. */
export async function fill(page, fields, button) {
  for (const [label, value] of Object.entries(fields)) {
    const field = dialog(page).getByLabel(label, { exact: true })
    const isSelect = (await field.evaluate(one => one.tagName)) === "SELECT"
    await (isSelect ? field.selectOption({ label: value }) : field.fill(value))
  }
  await dialog(page).getByRole("button", { name: button, exact: true }).click()
  await dialog(page).waitFor({ state: "detached" })
}

export async function offline(...pages) {
  for (const page of pages) {
    await switchOffline(page)
    await pill(page, "离线")
  }
}

export async function online(...pages) {
  for (const page of pages) await switchOffline(page)
  for (const page of pages) await pill(page, "已存到中心")
}

/** Nothing that was there has moved. */
export async function steady(page, what) {
  const shifted = await page.evaluate(() => globalThis.shifted)
  assert.ok(shifted <= SHIFT_MOST, `${what}: the layout shifts by ${shifted}`)
}
