import { texts } from "../shell/i18n.ts";
import type { ColumnKey } from "../cases/model.ts";

/** What the centre's page says of disputes. */
export const t = texts({
  tab: { zh: "调解", en: "Disputes" },
  title: { zh: "调解中心", en: "Disputes" },
  board: { zh: "办理中的案件", en: "Open cases" },
  allSites: { zh: "全部站点", en: "All sites" },
  allModes: { zh: "全部方式", en: "All modes" },
  closing: { zh: "待结案", en: "To be closed" },
  none: { zh: "没有", en: "None" },
  late: { zh: (count: number) => `超期 ${count}`, en: (count: number) => `${count} late` },
  lateAll: { zh: (count: number) => `其中 ${count} 件超期`, en: (count: number) => `${count} of them late` },
  count: { zh: (count: number) => `共 ${count} 件`, en: (count: number) => `${count} in all` },
  more: { zh: (count: number) => `还有 ${count} 件`, en: (count: number) => `${count} more` },
  nobody: { zh: "没有调解员", en: "no mediator" },
  meeting: { zh: (year: string, quarter: number) => `联席会议 · ${year}年第${quarter}季度`, en: (year: string, quarter: number) => `Joint meeting · Q${quarter} ${year}` },
  meetingLead: {
    zh: "本季度登记的和有结果的案件；未结、超期是此刻的数。成功率：达成协议占协议与不成之和；确认率：司法确认占协议",
    en: "Cases that came in or came to a result in the quarter; open and late as of now. Success: agreements among agreements and failures; confirmed: among agreements",
  },
  byMode: { zh: "按月份和方式", en: "By month and mode" },
  bySite: { zh: "按站点", en: "By site" },
  noCases: { zh: "这个季度没有案件", en: "No cases in this quarter" },
  month: { zh: "月份", en: "Month" },
  received: { zh: "收案", en: "Received" },
  concluded: { zh: "办结", en: "Concluded" },
  median: { zh: "办结天数（中位）", en: "Days (median)" },
  p90: { zh: "办结天数（九成）", en: "Days (9 of 10)" },
  medianWorking: { zh: "工作日（中位）", en: "Working days (median)" },
  open: { zh: "未结", en: "Open" },
  overdue: { zh: "超期", en: "Late" },
  success: { zh: "成功率 %", en: "Success %" },
  confirmation: { zh: "确认率 %", en: "Confirmed %" },
  people: { zh: "涉及人数", en: "People" },
  secured: { zh: "协议金额（元）", en: "Agreed on (yuan)" },
  total: { zh: "合计", en: "Total" },
  days: { zh: (days: number) => `${days} 天`, en: (days: number) => `${days} d` },
  cases: { zh: (count: number) => `${count} 件`, en: (count: number) => `${count}` },
  loading: { zh: "正在汇总…", en: "Adding up…" },
});

const COLUMN: Partial<Record<ColumnKey, () => string>> = { closing: () => t.closing };

/** A column that is no stage has a name of its own. */
export function columnText(key: ColumnKey): string | undefined {
  return COLUMN[key]?.();
}
