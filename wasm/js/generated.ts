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
  readonly id: RecordId;
  readonly site: SiteKey;
  readonly name: string;
  readonly role: "staff" | "coordinator" | "volunteer";
  readonly phone: string;
  readonly removed_at: DateTime | null;
  /** What is wrong with its fields, if anything. */
  readonly problems?: readonly FieldProblem[];
}

/** The fields of a person as they are set; null empties one. */
export interface PersonFields {
  site?: SiteKey;
  name?: string;
  role?: "staff" | "coordinator" | "volunteer";
  phone?: string | null;
}

/** A new person. */
export type NewPerson = PersonFields & Required<Pick<PersonFields, "site" | "name" | "role">>;

/** 岗位: post. */
export interface Post {
  readonly id: RecordId;
  readonly name: string;
  readonly any_hours: boolean;
  readonly removed_at: DateTime | null;
  /** What is wrong with its fields, if anything. */
  readonly problems?: readonly FieldProblem[];
}

/** The fields of a post as they are set; null empties one. */
export interface PostFields {
  name?: string;
  any_hours?: boolean | null;
}

/** A new post. */
export type NewPost = PostFields & Required<Pick<PostFields, "name">>;

/** 班次: shift. */
export interface Shift {
  readonly id: RecordId;
  readonly site: SiteKey;
  readonly name: string;
  readonly person: RecordId | null;
  readonly lent_by: SiteKey | null;
  readonly post: string;
  readonly start: DateTime;
  readonly end: DateTime;
  readonly state: "planned" | "confirmed" | "swapped" | "absent";
  readonly note: string;
  readonly removed_at: DateTime | null;
  /** What is wrong with its fields, if anything. */
  readonly problems?: readonly FieldProblem[];
}

/** The fields of a shift as they are set; null empties one. */
export interface ShiftFields {
  site?: SiteKey;
  name?: string;
  person?: RecordId | null;
  lent_by?: SiteKey | null;
  post?: string;
  start?: DateTime;
  end?: DateTime;
  state?: "planned" | "confirmed" | "swapped" | "absent";
  note?: string | null;
}

/** A new shift. */
export type NewShift = ShiftFields & Required<Pick<ShiftFields, "site" | "name" | "post" | "start" | "end" | "state">>;

/** 站点: site. */
export interface Site {
  readonly id: RecordId;
  readonly key: SiteKey;
  readonly name: string;
  readonly level: "home" | "station" | "point";
  readonly parent: SiteKey | null;
  readonly address: string;
  readonly hours: Hours | null;
  readonly amenities: readonly string[];
  readonly phone: string;
  readonly lat: number | null;
  readonly lng: number | null;
  readonly removed_at: DateTime | null;
  /** What is wrong with its fields, if anything. */
  readonly problems?: readonly FieldProblem[];
}

/** The fields of a site as they are set; null empties one. */
export interface SiteFields {
  key?: SiteKey;
  name?: string;
  level?: "home" | "station" | "point";
  parent?: SiteKey | null;
  address?: string | null;
  hours?: Hours | null;
  amenities?: readonly string[] | null;
  phone?: string | null;
  lat?: number | null;
  lng?: number | null;
}

/** A new site. */
export type NewSite = SiteFields & Required<Pick<SiteFields, "key" | "name" | "level">>;

/** A record of a collection whose fields are not typed yet: as stored. */
export interface UntypedRecord {
  readonly id: RecordId;
  readonly collection: Collection;
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
  | "backward-shift"
  | "field-conflict"
  | "late-edit"
  | "namesakes"
  | "outside-hours"
  | "overlap"
  | "unknown-person"
  | "unknown-site"
  | "unreadable-field";

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
  readonly zh: string;
  readonly en: string;
}

/** What people call something. */
export interface Label {
  readonly zh: string;
  readonly en: string;
}

/** What a field holds, said to people. */
export interface Expected {
  readonly zh: string;
  readonly en: string;
}

/** What is wrong with a field of a record. */
export interface FieldProblem {
  readonly field: string;
  readonly kind: ProblemKind;
}

/** What can be wrong with a field. */
export type ProblemKind = "missing" | "not_a_value" | { readonly malformed: { readonly value: Value; readonly expected: Expected } };

/** A record and the document it is in. */
export interface RecordRef {
  readonly document: Name;
  readonly collection: Collection;
  readonly record: RecordId;
}

/** One field to write, as a repair offers it. */
export type Edit =
  | { readonly set: RecordRef & { readonly field: string; readonly value: Value } }
  | { readonly clear: RecordRef & { readonly field: string } };

/** One way to put a finding right: make all of its edits. */
export interface Repair {
  readonly label: Text;
  readonly edits: readonly Edit[];
}

/** Something that the documents, taken together, make no sense of. */
export interface Finding {
  readonly id: string;
  readonly rule: Rule;
  readonly severity: Severity;
  readonly date: string | null;
  readonly records: readonly RecordRef[];
  readonly field: string | null;
  readonly text: Text;
  readonly repairs: readonly Repair[];
}

/** What a rule could not look at, because a document is not here. */
export interface NotChecked {
  readonly rule: Rule;
  readonly documents: readonly Name[];
  readonly text: Text;
}

/** What was found: the worst first. */
export interface Findings {
  readonly findings: readonly Finding[];
  readonly not_checked: readonly NotChecked[];
}

/** What changed in one field. */
export interface FieldChange {
  readonly field: string;
  readonly old: Value | null;
  readonly new: Value | null;
}

/** What changed in one record. */
export interface RecordPatch {
  readonly collection: Collection;
  readonly record: RecordId;
  readonly change: RecordChange;
  readonly fields: readonly FieldChange[];
}

/** One change of a record's past; `time` is in seconds since 1970. */
export interface HistoryEntry {
  readonly hash: string;
  readonly time: number;
  readonly author: string | null;
  readonly message: string | null;
  readonly undoes: string | null;
  readonly patch: RecordPatch;
}

/** One change of a document; `time` is in seconds since 1970. `records` are how many it may have written to, `patches` the first of them. */
export interface ChangeEntry {
  readonly hash: string;
  readonly time: number;
  readonly author: string | null;
  readonly message: string | null;
  readonly undoes: string | null;
  readonly records: number;
  readonly patches: readonly RecordPatch[];
}

/** What people call a kind of record and its fields. */
export interface KindLabels {
  readonly label: Label;
  readonly fields: Readonly<Record<string, FieldLabels>>;
}

/** What people call a field, and the words it may hold. */
export interface FieldLabels {
  readonly label: Label;
  readonly required: boolean;
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
