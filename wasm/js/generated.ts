// Made from the definitions in Rust by `cargo xtask wasm`. Do not edit.

/** A UUID. */
export type RecordId = string;
/** The key of a site: `keyun`. */
export type SiteKey = string;
/** A time on the wall, in the network's zone: `2026-12-03T08:00`. */
export type DateTime = string;
/** Opening hours: `07:00-12:00 13:00-18:00`. */
export type Hours = string;
/** The name of a document: `roster/keyun/2026-12`. */
export type Name = string;
/** What a field holds. */
export type Value = boolean | number | string;

/** Where records are in a document. */
export type Collection =
  | "agreements"
  | "assessments"
  | "attendance"
  | "bookings"
  | "case"
  | "certificates"
  | "contests"
  | "courses"
  | "enrolments"
  | "entries"
  | "items"
  | "ledger"
  | "parties"
  | "persons"
  | "posts"
  | "qualifications"
  | "referrals"
  | "requests"
  | "services"
  | "sessions"
  | "shifts"
  | "sites"
  | "submission"
  | "timeline"
  | "venues";

/** 人员: person. */
export interface Person {
  /** The same wherever it is. */
  readonly id: RecordId;
  /** 站点: site; needed. */
  readonly site: SiteKey;
  /** 姓名: name; needed. */
  readonly name: string;
  /** 身份: role; needed. */
  readonly role: "staff" | "coordinator" | "volunteer";
  /** 电话: phone. */
  readonly phone: string;
  /** When it was removed, if it was. */
  readonly removed_at: DateTime | null;
  /** What is wrong with its fields, if anything. */
  readonly problems?: readonly FieldProblem[];
}

/** The fields of a person as they are set; null empties one. */
export interface PersonFields {
  /** 站点: site; needed. */
  site?: SiteKey;
  /** 姓名: name; needed. */
  name?: string;
  /** 身份: role; needed. */
  role?: "staff" | "coordinator" | "volunteer";
  /** 电话: phone. */
  phone?: string | null;
}

/** A new person. */
export type NewPerson = PersonFields & Required<Pick<PersonFields, "site" | "name" | "role">>;

/** 岗位: post. */
export interface Post {
  /** The same wherever it is. */
  readonly id: RecordId;
  /** 名称: name; needed. */
  readonly name: string;
  /** 不限开放时间: any hours. */
  readonly any_hours: boolean;
  /** When it was removed, if it was. */
  readonly removed_at: DateTime | null;
  /** What is wrong with its fields, if anything. */
  readonly problems?: readonly FieldProblem[];
}

/** The fields of a post as they are set; null empties one. */
export interface PostFields {
  /** 名称: name; needed. */
  name?: string;
  /** 不限开放时间: any hours. */
  any_hours?: boolean | null;
}

/** A new post. */
export type NewPost = PostFields & Required<Pick<PostFields, "name">>;

/** 班次: shift. */
export interface Shift {
  /** The same wherever it is. */
  readonly id: RecordId;
  /** 站点: site; needed. */
  readonly site: SiteKey;
  /** 姓名: name; needed. */
  readonly name: string;
  /** 人员: person. */
  readonly person: RecordId | null;
  /** 借调自: lent by. */
  readonly lent_by: SiteKey | null;
  /** 岗位: post; needed. */
  readonly post: string;
  /** 开始: start; needed. */
  readonly start: DateTime;
  /** 结束: end; needed. */
  readonly end: DateTime;
  /** 状态: state; needed. */
  readonly state: "planned" | "confirmed" | "swapped" | "absent";
  /** 备注: note. */
  readonly note: string;
  /** When it was removed, if it was. */
  readonly removed_at: DateTime | null;
  /** What is wrong with its fields, if anything. */
  readonly problems?: readonly FieldProblem[];
}

/** The fields of a shift as they are set; null empties one. */
export interface ShiftFields {
  /** 站点: site; needed. */
  site?: SiteKey;
  /** 姓名: name; needed. */
  name?: string;
  /** 人员: person. */
  person?: RecordId | null;
  /** 借调自: lent by. */
  lent_by?: SiteKey | null;
  /** 岗位: post; needed. */
  post?: string;
  /** 开始: start; needed. */
  start?: DateTime;
  /** 结束: end; needed. */
  end?: DateTime;
  /** 状态: state; needed. */
  state?: "planned" | "confirmed" | "swapped" | "absent";
  /** 备注: note. */
  note?: string | null;
}

/** A new shift. */
export type NewShift = ShiftFields & Required<Pick<ShiftFields, "site" | "name" | "post" | "start" | "end" | "state">>;

/** 站点: site. */
export interface Site {
  /** The same wherever it is. */
  readonly id: RecordId;
  /** 代码: key; needed. */
  readonly key: SiteKey;
  /** 名称: name; needed. */
  readonly name: string;
  /** 级别: level; needed. */
  readonly level: "home" | "station" | "point";
  /** 上级: parent. */
  readonly parent: SiteKey | null;
  /** 地址: address. */
  readonly address: string;
  /** 开放时间: hours. */
  readonly hours: Hours | null;
  /** 设施: amenities. */
  readonly amenities: readonly string[];
  /** 电话: phone. */
  readonly phone: string;
  /** 纬度: latitude. */
  readonly lat: number | null;
  /** 经度: longitude. */
  readonly lng: number | null;
  /** When it was removed, if it was. */
  readonly removed_at: DateTime | null;
  /** What is wrong with its fields, if anything. */
  readonly problems?: readonly FieldProblem[];
}

/** The fields of a site as they are set; null empties one. */
export interface SiteFields {
  /** 代码: key; needed. */
  key?: SiteKey;
  /** 名称: name; needed. */
  name?: string;
  /** 级别: level; needed. */
  level?: "home" | "station" | "point";
  /** 上级: parent. */
  parent?: SiteKey | null;
  /** 地址: address. */
  address?: string | null;
  /** 开放时间: hours. */
  hours?: Hours | null;
  /** 设施: amenities. */
  amenities?: readonly string[] | null;
  /** 电话: phone. */
  phone?: string | null;
  /** 纬度: latitude. */
  lat?: number | null;
  /** 经度: longitude. */
  lng?: number | null;
}

/** A new site. */
export type NewSite = SiteFields & Required<Pick<SiteFields, "key" | "name" | "level">>;

/** A record of a collection whose fields are not typed yet: as stored. */
export interface UntypedRecord {
  /** The same wherever it is. */
  readonly id: RecordId;
  /** Where it is in its document. */
  readonly collection: Collection;
  /** When it was removed, if it was. */
  readonly removed_at?: DateTime | null;
  readonly [field: string]: unknown;
}

/** The records of each collection. */
export type RecordOf<C extends Collection> = C extends "persons"
  ? Person
  : C extends "posts"
  ? Post
  : C extends "shifts"
  ? Shift
  : C extends "sites"
  ? Site
  : UntypedRecord;

/** The fields that can be set in each collection. */
export type RecordFields<C extends Collection> = C extends "persons"
  ? PersonFields
  : C extends "posts"
  ? PostFields
  : C extends "shifts"
  ? ShiftFields
  : C extends "sites"
  ? SiteFields
  : { [field: string]: Value | null };

/** What a new record of each collection needs. */
export type NewRecord<C extends Collection> = C extends "persons"
  ? NewPerson
  : C extends "posts"
  ? NewPost
  : C extends "shifts"
  ? NewShift
  : C extends "sites"
  ? NewSite
  : { [field: string]: Value | null };

/** The rules there are. */
export type Rule =
  | "backward-booking"
  | "backward-shift"
  | "booking-outside-hours"
  | "bumped-booking"
  | "double-booking"
  | "field-conflict"
  | "late-edit"
  | "namesakes"
  | "orphan-site"
  | "outside-hours"
  | "over-capacity"
  | "overlap"
  | "parent-cycle"
  | "unentitled-confirmation"
  | "unknown-person"
  | "unknown-site"
  | "unknown-venue"
  | "unreadable-field"
  | "unstaffed-service";

/** How bad a finding is. */
export type Severity =
  | "error"
  | "warning"
  | "notice";

/** What became of a record. */
export type RecordChange =
  | "added"
  | "changed"
  | "removed"
  | "restored"
  | "gone";

/** What a person reads, in both languages. */
export interface Text {
  /** In Chinese. */
  readonly zh: string;
  /** In English. */
  readonly en: string;
}

/** What people call something. */
export interface Label {
  /** In Chinese. */
  readonly zh: string;
  /** In English. */
  readonly en: string;
}

/** What a field holds, said to people. */
export interface Expected {
  /** In Chinese. */
  readonly zh: string;
  /** In English. */
  readonly en: string;
}

/** What is wrong with a field of a record. */
export interface FieldProblem {
  /** The name of the field. */
  readonly field: string;
  /** What is wrong with it. */
  readonly kind: ProblemKind;
}

/** What can be wrong with a field. */
export type ProblemKind = "missing" | "not_a_value" | {
      /** It holds something that does not fit. */
      readonly malformed: {
        /** What it holds. */
        readonly value: Value;
        /** What would fit. */
        readonly expected: Expected;
      };
    };

/** A record and the document it is in. */
export interface RecordRef {
  /** The document it is in. */
  readonly document: Name;
  /** Where in the document. */
  readonly collection: Collection;
  /** Its id. */
  readonly record: RecordId;
}

/** One field to write, as a repair offers it. */
export type Edit =
  | {
      /** Gives a field a value. */
      readonly set: RecordRef & {
        /** The field's name. */
        readonly field: string;
        /** What it holds then. */
        readonly value: Value;
      };
    }
  | {
      /** Empties a field. */
      readonly clear: RecordRef & {
        /** The field's name. */
        readonly field: string;
      };
    };

/** One way to put a finding right: make all of its edits. */
export interface Repair {
  /** What to call it on a button. */
  readonly label: Text;
  /** What it writes; `Yilian.repair` makes them. */
  readonly edits: readonly Edit[];
}

/** Something that the documents, taken together, make no sense of. */
export interface Finding {
  /** The same on every device that sees it. */
  readonly id: string;
  /** The rule that found it. */
  readonly rule: Rule;
  /** How bad it is. */
  readonly severity: Severity;
  /** The day it is about, `2026-12-03`, where there is one. */
  readonly date: string | null;
  /** The records it is about, by which to show it beside them. */
  readonly records: readonly RecordRef[];
  /** The field it is about, where it is one. */
  readonly field: string | null;
  /** What to tell people. */
  readonly text: Text;
  /** What would put it right, the likeliest first. */
  readonly repairs: readonly Repair[];
}

/** What a rule could not look at, because a document is not here. */
export interface NotChecked {
  /** The rule that could not look. */
  readonly rule: Rule;
  /** What is not here. */
  readonly documents: readonly Name[];
  /** What to tell people. */
  readonly text: Text;
}

/** What was found: the worst first. */
export interface Findings {
  /** What was found. */
  readonly findings: readonly Finding[];
  /** What could not be looked at. */
  readonly not_checked: readonly NotChecked[];
}

/** What changed in one field. */
export interface FieldChange {
  /** The name of the field. */
  readonly field: string;
  /** What it held; null when it was empty. */
  readonly old: Value | null;
  /** What it holds then; null when it is empty. */
  readonly new: Value | null;
}

/** What changed in one record. */
export interface RecordPatch {
  /** Where the record is in its document. */
  readonly collection: Collection;
  /** Its id. */
  readonly record: RecordId;
  /** What became of it. */
  readonly change: RecordChange;
  /** Which of its fields are others, and how. */
  readonly fields: readonly FieldChange[];
}

/** One change of a record's past; `time` is in seconds since 1970. */
export interface HistoryEntry {
  /** The hash of the change, which names it everywhere. */
  readonly hash: string;
  /** When it was made, by the clock of whoever made it: seconds since 1970. */
  readonly time: number;
  /** Who made it, as far as they said. */
  readonly author: string | null;
  /** What they said of it. */
  readonly message: string | null;
  /** The hash of the change that it takes back, if it does. */
  readonly undoes: string | null;
  /** What it did to the record. */
  readonly patch: RecordPatch;
}

/** One change of a document; `time` is in seconds since 1970. `records` are how many it may have written to, `patches` the first of them. */
export interface ChangeEntry {
  /** The hash of the change, which names it everywhere. */
  readonly hash: string;
  /** When it was made, by the clock of whoever made it: seconds since 1970. */
  readonly time: number;
  /** Who made it, as far as they said. */
  readonly author: string | null;
  /** What they said of it. */
  readonly message: string | null;
  /** The hash of the change that it takes back, if it does. */
  readonly undoes: string | null;
  /** How many records it may have written to. */
  readonly records: number;
  /** What it did to the first of them. */
  readonly patches: readonly RecordPatch[];
}

/** What people call a kind of record and its fields. */
export interface KindLabels {
  /** Of one such record. */
  readonly label: Label;
  /** Of its fields, by name. */
  readonly fields: Readonly<Record<string, FieldLabels>>;
}

/** What people call a field, and the words it may hold. */
export interface FieldLabels {
  /** Of the field. */
  readonly label: Label;
  /** Whether a record needs it. */
  readonly required: boolean;
  /** The words it may hold, where these are given. */
  readonly choices?: Readonly<Record<string, Label>>;
}

/** What people call every kind of record, by collection. */
export const KINDS = {
  persons: {
    label: { zh: "人员", en: "person" },
    fields: {
      site: { label: { zh: "站点", en: "site" }, required: true },
      name: { label: { zh: "姓名", en: "name" }, required: true },
      role: { label: { zh: "身份", en: "role" }, required: true, choices: { staff: { zh: "员工", en: "staff" }, coordinator: { zh: "负责人", en: "coordinator" }, volunteer: { zh: "志愿者", en: "volunteer" } } },
      phone: { label: { zh: "电话", en: "phone" }, required: false },
    },
  },
  posts: {
    label: { zh: "岗位", en: "post" },
    fields: {
      name: { label: { zh: "名称", en: "name" }, required: true },
      any_hours: { label: { zh: "不限开放时间", en: "any hours" }, required: false },
    },
  },
  shifts: {
    label: { zh: "班次", en: "shift" },
    fields: {
      site: { label: { zh: "站点", en: "site" }, required: true },
      name: { label: { zh: "姓名", en: "name" }, required: true },
      person: { label: { zh: "人员", en: "person" }, required: false },
      lent_by: { label: { zh: "借调自", en: "lent by" }, required: false },
      post: { label: { zh: "岗位", en: "post" }, required: true },
      start: { label: { zh: "开始", en: "start" }, required: true },
      end: { label: { zh: "结束", en: "end" }, required: true },
      state: { label: { zh: "状态", en: "state" }, required: true, choices: { planned: { zh: "计划", en: "planned" }, confirmed: { zh: "已确认", en: "confirmed" }, swapped: { zh: "已调班", en: "swapped" }, absent: { zh: "缺勤", en: "absent" } } },
      note: { label: { zh: "备注", en: "note" }, required: false },
    },
  },
  sites: {
    label: { zh: "站点", en: "site" },
    fields: {
      key: { label: { zh: "代码", en: "key" }, required: true },
      name: { label: { zh: "名称", en: "name" }, required: true },
      level: { label: { zh: "级别", en: "level" }, required: true, choices: { home: { zh: "家", en: "home" }, station: { zh: "站", en: "station" }, point: { zh: "点", en: "point" } } },
      parent: { label: { zh: "上级", en: "parent" }, required: false },
      address: { label: { zh: "地址", en: "address" }, required: false },
      hours: { label: { zh: "开放时间", en: "hours" }, required: false },
      amenities: { label: { zh: "设施", en: "amenities" }, required: false },
      phone: { label: { zh: "电话", en: "phone" }, required: false },
      lat: { label: { zh: "纬度", en: "latitude" }, required: false },
      lng: { label: { zh: "经度", en: "longitude" }, required: false },
    },
  },
} as const satisfies Partial<Record<Collection, KindLabels>>;
