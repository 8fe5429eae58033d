// What the pages of one site and of what was sent say.

import type { Collection, Submission, Weekday } from "@yilian/client";
import { addDays } from "../shell/calendar.ts";
import { lang, say, texts } from "../shell/i18n.ts";
import { labelsOf } from "../shell/labels.ts";
import { dayText, today } from "../shell/time.ts";
import { type Otherwise, runs } from "./days.ts";

export const t = texts({
  back: { zh: "附近的驿站", en: "Stations near me" },
  toSite: { zh: (site: string) => `回到${site}`, en: (site: string) => `Back to ${site}` },
  mine: { zh: "我提交的", en: "What I sent" },
  learn: { zh: "我的课程", en: "My courses" },
  ofMine: { zh: "我的", en: "Mine" },
  noSite: { zh: "没有这个驿站", en: "There is no such station" },
  noSiteWhy: { zh: "也许已经撤销，或者资料还没有传到这台手机。", en: "It may be gone, or has not reached this phone yet." },
  book: { zh: "订场地", en: "Book a room" },
  take: { zh: "领物资", en: "Take goods" },
  ask: { zh: "提诉求", en: "Ask or report" },
  today: { zh: "今日", en: "Today" },
  week: { zh: "这一周", en: "This week" },
  closed: { zh: "关闭", en: "closed" },
  unstated: { zh: "未登记", en: "not stated" },
  closedOn: { zh: (day: string) => `${day}不开放`, en: (day: string) => `${day}: closed` },
  early: { zh: (day: string, time: string) => `${day} ${time} 提前关门`, en: (day: string, time: string) => `${day}: closes early, at ${time}` },
  late: { zh: (day: string, time: string) => `${day} ${time} 才开门`, en: (day: string, time: string) => `${day}: opens late, at ${time}` },
  other: { zh: (day: string, hours: string) => `${day}开放时间改为 ${hours}`, en: (day: string, hours: string) => `${day}: other hours, ${hours}` },
  services: { zh: "服务", en: "Services" },
  everyDay: { zh: "每天", en: "every day" },
  siteHours: { zh: "随站点开放", en: "the station's hours" },
  venues: { zh: "场地", en: "Rooms" },
  people: { zh: (count: number) => `${count} 人`, en: (count: number) => `${count} people` },
  freeOn: { zh: "空闲时间", en: "Free" },
  day: { zh: "日期", en: "Day" },
  otherDay: { zh: "其他日期", en: "Another day" },
  tomorrow: { zh: "明天", en: "Tomorrow" },
  noneFree: { zh: "这天没有空闲", en: "Nothing free that day" },
  asStored: {
    zh: "空闲和库存是上次联网时的，以驿站答复为准。",
    en: "What is free and in stock is as of the last time there was one; the station's answer counts. ",
  },
  goods: { zh: "物资", en: "Goods" },
  noGoods: { zh: "现在没有可领的物资", en: "There is nothing in stock" },
  left: { zh: (count: number, unit: string) => `还有 ${count}${unit && ` ${unit}`}`, en: (count: number, unit: string) => `${count} ${unit} left` },
  atOnce: { zh: (count: number, unit: string) => `每次最多 ${count}${unit && ` ${unit}`}`, en: (count: number, unit: string) => `up to ${count} ${unit} at once` },
  takeOne: { zh: "领取", en: "Take" },
  takeThis: { zh: (item: string) => `领取${item}`, en: (item: string) => `Take ${item}` },
  bookThis: { zh: (venue: string) => `订${venue}`, en: (venue: string) => `Book ${venue}` },
  howLong: { zh: "时长", en: "How long" },
  hours: { zh: (count: number) => `${Number(count.toFixed(2))} 小时`, en: (count: number) => (count === 1 ? "1 hour" : `${Number(count.toFixed(2))} hours`) },
  begins: { zh: "几点开始", en: "From" },
  chosen: { zh: (what: string) => `已选：${what}`, en: (what: string) => `Chosen: ${what}` },
  optional: { zh: "选填", en: "optional" },
  phoneWhy: { zh: "驿站有事好联系您；只有驿站和有查询码的人看得到。", en: "So that the station can reach you. Only it and who has the code see it." },
  askWhat: { zh: "什么事？例如：三号充电柜坏了", en: "What is it? For example: charging cabinet 3 is broken" },
  send: { zh: "提交", en: "Send" },
  sending: { zh: "正在保存…", en: "Storing…" },
  noNetwork: { zh: "现在没有网。", en: "No network. " },
  willWait: {
    zh: "提交后先存在这台手机上，联网后自动送出。",
    en: "What you send is stored on this phone, and sent by itself once there is one.",
  },
  missing: { zh: "这里要填", en: "Needed" },
  number: { zh: "请填一个整数", en: "A whole number, please" },
  most: { zh: (count: number) => `最多 ${count}`, en: (count: number) => `At most ${count}` },
  noVenues: { zh: "这个驿站没有可订的场地", en: "There is no room to book here" },
  code: { zh: "查询码", en: "Code" },
  codeWhy: {
    zh: "凭它在任何手机上查进展、撤回、确认。请记好，不要给别人。",
    en: "With it, progress can be followed, and it can be withdrawn, on any phone. Keep it to yourself.",
  },
  copy: { zh: "复制查询码", en: "Copy the code" },
  copied: { zh: "已复制", en: "Copied" },
  notCopied: { zh: "没能复制，请抄下来", en: "Could not copy: please write it down" },
  here: { zh: "已存在这台手机上，还没有送出；联网后自动送出。", en: "Stored on this phone, not sent yet. It is sent by itself once there is a network." },
  delivered: { zh: "已送到中心，等驿站受理。", en: "Sent. The station has not answered yet." },
  refused: { zh: "中心没有收下：", en: "The hub did not take it: " },
  looking: { zh: "正在查…", en: "Looking…" },
  unknown: { zh: "查不到这个来件", en: "Nothing was sent under this code" },
  unknownWhy: { zh: "码是对的，但中心没有它：也许寄出的手机还没有联网。", en: "The code is right, but the hub has nothing under it: the phone that sent it may have had no network yet." },
  notHere: { zh: "这台手机上还没有它", en: "It is not on this phone yet" },
  notHereWhy: { zh: "联网后自动查到。", en: "It shows once there is a network." },
  progress: { zh: "进展", en: "Progress" },
  by: { zh: (who: string) => `由 ${who} 经办`, en: (who: string) => `with ${who}` },
  overdue: { zh: "驿站超时未答复", en: "The station is late" },
  gotConfirmed: { zh: "场地已确认给您", en: "The room is yours" },
  gotGranted: { zh: "场地已订上，还没有最后确认", en: "The room is booked, not yet promised" },
  gotBumped: { zh: "这个时间被别的预订占了，您的预订没有订上", en: "Another booking has the room at that time: yours does not stand" },
  gotCancelled: { zh: "这个预订已取消", en: "This booking was cancelled" },
  gotUnplaced: { zh: "这个预订没有对应的场地", en: "This booking has no room" },
  instead: { zh: "还有这些空着", en: "Free instead" },
  handed: { zh: "物资已发放", en: "The goods were handed out" },
  withdraw: { zh: "撤回", en: "Withdraw" },
  withdrawSure: { zh: "撤回这个来件？", en: "Withdraw it?" },
  withdrawWhy: { zh: "撤回后不能恢复；还需要的话，可以再提交一个。", en: "That is for good; if you need it after all, send another." },
  confirm: { zh: "确认办好了", en: "Confirm it is done" },
  reopen: { zh: "没有办好，再送一次", en: "Not done: send it again" },
  again: { zh: "再送一次", en: "Send it again" },
  reopenSure: { zh: "再送一次？", en: "Send it again?" },
  keep: { zh: "不了", en: "Keep it" },
  remove: { zh: "从这台手机的列表里去掉", en: "Take it off this phone's list" },
  typeCode: { zh: "用查询码查", en: "Follow by code" },
  codeHint: { zh: "站点代码加 18 个字符；大小写、空格、横线都不要紧", en: "The site's key and 18 characters; capitals, blanks and dashes do not matter" },
  look: { zh: "查询", en: "Follow" },
  wrongForm: { zh: "还不是完整的查询码：站点代码加 18 个字符，形如 keyun-k3j-9mf-2pq-x7v-wtd-4hn", en: "Not a whole code yet: the site's key and 18 characters, like keyun-k3j-9mf-2pq-x7v-wtd-4hn" },
  wrongCharacter: { zh: (character: string) => `查询码里不会有“${character}”：没有 0、1、i、l、o`, en: (character: string) => `No code has “${character}”: there is no 0, 1, i, l or o` },
  wrongTypo: { zh: "查询码有打错的地方：校验位对不上，请再核对一遍", en: "There is a typo: the last character does not go with the others" },
  nothingSent: { zh: "这台手机还没有提交过", en: "Nothing was sent from this phone yet" },
  nothingSentWhy: { zh: "在驿站的页面订场地、领物资、报名或提诉求，之后在这里看进展。", en: "Book a room, take goods, enrol or ask for something at a station; it shows here." },
  fromHere: { zh: "从这台手机提交的", en: "Sent from this phone" },
});

/** What people call a field. */
export function label(collection: Collection, field: string): string {
  const both = labelsOf(collection)?.fields[field]?.label;
  return both === undefined ? field : say(both);
}

/** What people call a choice of a field. */
export function choice(collection: Collection, field: string, value: string): string {
  const both = labelsOf(collection)?.fields[field]?.choices?.[value];
  return both === undefined ? value : say(both);
}

/** `预订`, `领物`, `诉求`. */
export function kindText(kind: Submission["kind"]): string {
  return choice("submission", "kind", kind);
}

/** `今日`, `明天`, `12月3日 周四`. */
export function dayName(day: string): string {
  if (day === today()) return t.today;
  return day === addDays(today(), 1) ? t.tomorrow : dayText(day);
}

/** `12月3日 周四 14:00–16:00`. */
export function spanText(start: string, end: string): string {
  return `${dayText(start.slice(0, 10))} ${start.slice(11, 16)}–${clockAfter(start, end)}`;
}

/** The end's time of day; midnight ends the day that began before it. */
export function clockAfter(start: string, end: string): string {
  const time = end.slice(11, 16);
  return time === "00:00" && end.slice(0, 10) > start.slice(0, 10) ? "24:00" : time;
}

/** `今日 18:00 提前关门：设备年检`. */
export function exceptionText(day: string, how: Otherwise, reason: string): string {
  const words = {
    closed: () => t.closedOn(day),
    early: () => t.early(day, how.how === "early" ? how.time : ""),
    late: () => t.late(day, how.how === "late" ? how.time : ""),
    other: () => t.other(day, how.how === "other" ? how.hours : ""),
  }[how.how]();
  return reason === "" ? words : `${words}${lang() === "zh" ? "，" : ", "}${reason}`;
}

const WEEKDAYS = {
  zh: ["一", "二", "三", "四", "五", "六", "日"],
  en: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
} as const;

/** `周一至周五`, `周三、周六`, `每天`. */
export function weekdaysText(days: readonly Weekday[]): string {
  if (days.length === 0 || days.length === 7) return t.everyDay;
  const isChinese = lang() === "zh";
  const name = (day: Weekday) => `${isChinese ? "周" : ""}${WEEKDAYS[lang()][day - 1]}`;
  const run = ([from, to]: readonly [Weekday, Weekday]) => {
    if (from === to) return name(from);
    return to === from + 1 ? [name(from), name(to)].join(isChinese ? "、" : ", ") : `${name(from)}${isChinese ? "至" : "–"}${name(to)}`;
  };
  return runs(days).map(run).join(isChinese ? "、" : ", ");
}
