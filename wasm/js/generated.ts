// Made from the definitions in Rust by `cargo xtask wasm`. Do not edit.

/** A UUID. */
export type RecordId = string;
/** The key of a site: `keyun`. */
export type SiteKey = string;
/** A time on the wall, in the network's zone: `2026-12-03T08:00`. */
export type DateTime = string;
/** A day: `2026-12-03`. */
export type CivilDate = string;
/** A day of the week, from Monday. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;
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
  | "devices"
  | "drives"
  | "enrolments"
  | "entries"
  | "exceptions"
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

/** 预订: booking. */
export interface Booking {
  /** The same wherever it is. */
  readonly id: RecordId;
  /** 站点: site; needed. */
  readonly site: SiteKey;
  /** 场地: venue; needed. */
  readonly venue: RecordId | null;
  /** 开始: start; needed. */
  readonly start: DateTime;
  /** 结束: end; needed. */
  readonly end: DateTime;
  /** 预订人: name; needed. */
  readonly name: string;
  /** 电话: phone. */
  readonly phone: string;
  /** 借用站点: borrower. */
  readonly borrower: SiteKey | null;
  /** 人数: people. */
  readonly people: number | null;
  /** 用途: purpose. */
  readonly purpose: string;
  /** 状态: state. */
  readonly state: "booked" | "cancelled";
  /** 确认人: confirmed by. */
  readonly confirmed_by: string;
  /** 备注: note. */
  readonly note: string;
  /** When it was removed, if it was. */
  readonly removed_at: DateTime | null;
  /** What is wrong with its fields, if anything. */
  readonly problems?: readonly FieldProblem[];
}

/** The fields of a booking as they are set; null empties one. */
export interface BookingFields {
  /** 站点: site; needed. */
  site?: SiteKey;
  /** 场地: venue; needed. */
  venue?: RecordId;
  /** 开始: start; needed. */
  start?: DateTime;
  /** 结束: end; needed. */
  end?: DateTime;
  /** 预订人: name; needed. */
  name?: string;
  /** 电话: phone. */
  phone?: string | null;
  /** 借用站点: borrower. */
  borrower?: SiteKey | null;
  /** 人数: people. */
  people?: number | null;
  /** 用途: purpose. */
  purpose?: string | null;
  /** 状态: state. */
  state?: "booked" | "cancelled" | null;
  /** 确认人: confirmed by. */
  confirmed_by?: string | null;
  /** 备注: note. */
  note?: string | null;
}

/** A new booking. */
export type NewBooking = BookingFields & Required<Pick<BookingFields, "site" | "venue" | "start" | "end" | "name">>;

/** 设备: device. */
export interface Device {
  /** The same wherever it is. */
  readonly id: RecordId;
  /** 持有者: holder; needed. */
  readonly holder: string;
  /** 站点: site; needed. */
  readonly site: SiteKey;
  /** 名称: name. */
  readonly name: string;
  /** 常备数: keeps. */
  readonly keeps: number | null;
  /** 报失时间: lost at. */
  readonly lost_at: DateTime | null;
  /** When it was removed, if it was. */
  readonly removed_at: DateTime | null;
  /** What is wrong with its fields, if anything. */
  readonly problems?: readonly FieldProblem[];
}

/** The fields of a device as they are set; null empties one. */
export interface DeviceFields {
  /** 站点: site; needed. */
  site?: SiteKey;
  /** 名称: name. */
  name?: string | null;
  /** 常备数: keeps. */
  keeps?: number | null;
  /** 报失时间: lost at. */
  lost_at?: DateTime | null;
}

/** What a device is known by: its id follows from it, so it never changes. */
export interface DeviceIdentity {
  /** 持有者: holder; needed. */
  holder: string;
}

/** A new device. */
export type NewDevice = DeviceIdentity & DeviceFields & Required<Pick<DeviceFields, "site">>;

/** 活动: drive. */
export interface Drive {
  /** The same wherever it is. */
  readonly id: RecordId;
  /** 名称: name; needed. */
  readonly name: string;
  /** 主办站点: site. */
  readonly site: SiteKey | null;
  /** 开始日期: from. */
  readonly from: CivilDate | null;
  /** 结束日期: until. */
  readonly until: CivilDate | null;
  /** 说明: note. */
  readonly note: string;
  /** When it was removed, if it was. */
  readonly removed_at: DateTime | null;
  /** What is wrong with its fields, if anything. */
  readonly problems?: readonly FieldProblem[];
}

/** The fields of a drive as they are set; null empties one. */
export interface DriveFields {
  /** 主办站点: site. */
  site?: SiteKey | null;
  /** 开始日期: from. */
  from?: CivilDate | null;
  /** 结束日期: until. */
  until?: CivilDate | null;
  /** 说明: note. */
  note?: string | null;
}

/** What a drive is known by: its id follows from it, so it never changes. */
export interface DriveIdentity {
  /** 名称: name; needed. */
  name: string;
}

/** A new drive. */
export type NewDrive = DriveIdentity & DriveFields;

/** 例外时间: hours exception. */
export interface HoursException {
  /** The same wherever it is. */
  readonly id: RecordId;
  /** 站点: site; needed. */
  readonly site: SiteKey;
  /** 开始日期: from; needed. */
  readonly from: CivilDate | null;
  /** 结束日期: until. */
  readonly until: CivilDate | null;
  /** 开放时间: hours. */
  readonly hours: Hours | null;
  /** 原因: reason. */
  readonly reason: string;
  /** When it was removed, if it was. */
  readonly removed_at: DateTime | null;
  /** What is wrong with its fields, if anything. */
  readonly problems?: readonly FieldProblem[];
}

/** The fields of a hours exception as they are set; null empties one. */
export interface HoursExceptionFields {
  /** 结束日期: until. */
  until?: CivilDate | null;
  /** 开放时间: hours. */
  hours?: Hours | null;
  /** 原因: reason. */
  reason?: string | null;
}

/** What a hours exception is known by: its id follows from it, so it never changes. */
export interface HoursExceptionIdentity {
  /** 站点: site; needed. */
  site: SiteKey;
  /** 开始日期: from; needed. */
  from: CivilDate;
}

/** A new hours exception. */
export type NewHoursException = HoursExceptionIdentity & HoursExceptionFields;

/** 物资: item. */
export interface Item {
  /** The same wherever it is. */
  readonly id: RecordId;
  /** 名称: name; needed. */
  readonly name: string;
  /** 单位: unit. */
  readonly unit: string;
  /** 类别: category. */
  readonly category: string;
  /** 每次限领: at once. */
  readonly at_once: number | null;
  /** 低于则补货: low. */
  readonly low: number | null;
  /** 备注: note. */
  readonly note: string;
  /** When it was removed, if it was. */
  readonly removed_at: DateTime | null;
  /** What is wrong with its fields, if anything. */
  readonly problems?: readonly FieldProblem[];
}

/** The fields of a item as they are set; null empties one. */
export interface ItemFields {
  /** 单位: unit. */
  unit?: string | null;
  /** 类别: category. */
  category?: string | null;
  /** 每次限领: at once. */
  at_once?: number | null;
  /** 低于则补货: low. */
  low?: number | null;
  /** 备注: note. */
  note?: string | null;
}

/** What a item is known by: its id follows from it, so it never changes. */
export interface ItemIdentity {
  /** 名称: name; needed. */
  name: string;
}

/** A new item. */
export type NewItem = ItemIdentity & ItemFields;

/** 台账: ledger entry. */
export interface LedgerEntry {
  /** The same wherever it is. */
  readonly id: RecordId;
  /** 物资: item; needed. */
  readonly item: RecordId | null;
  /** 类型: kind; needed. */
  readonly kind: "contribution" | "grant" | "gift" | "transfer" | "receipt" | "correction" | "claim" | "withdrawal" | "return";
  /** 数量: count; needed. */
  readonly count: number | null;
  /** 持有者: holder; needed. */
  readonly holder: string;
  /** 转给: to. */
  readonly to: string;
  /** 转往站点: to site. */
  readonly to_site: SiteKey | null;
  /** 对应: about. */
  readonly about: RecordId | null;
  /** 活动: drive. */
  readonly drive: RecordId | null;
  /** 对方: party. */
  readonly party: string;
  /** 电话: phone. */
  readonly phone: string;
  /** 时间: at; needed. */
  readonly at: DateTime;
  /** 备注: note. */
  readonly note: string;
  /** When it was removed, if it was. */
  readonly removed_at: DateTime | null;
  /** What is wrong with its fields, if anything. */
  readonly problems?: readonly FieldProblem[];
}

/** The fields of a ledger entry as they are set; null empties one. */
export interface LedgerEntryFields {
  /** 物资: item; needed. */
  item?: RecordId;
  /** 类型: kind; needed. */
  kind?: "contribution" | "grant" | "gift" | "transfer" | "receipt" | "correction" | "claim" | "withdrawal" | "return";
  /** 数量: count; needed. */
  count?: number;
  /** 持有者: holder; needed. */
  holder?: string;
  /** 转给: to. */
  to?: string | null;
  /** 转往站点: to site. */
  to_site?: SiteKey | null;
  /** 对应: about. */
  about?: RecordId | null;
  /** 活动: drive. */
  drive?: RecordId | null;
  /** 对方: party. */
  party?: string | null;
  /** 电话: phone. */
  phone?: string | null;
  /** 时间: at; needed. */
  at?: DateTime;
  /** 备注: note. */
  note?: string | null;
}

/** A new ledger entry. */
export type NewLedgerEntry = LedgerEntryFields & Required<Pick<LedgerEntryFields, "item" | "kind" | "count" | "holder" | "at">>;

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
  /** 不限开放时间: any hours. */
  any_hours?: boolean | null;
}

/** What a post is known by: its id follows from it, so it never changes. */
export interface PostIdentity {
  /** 名称: name; needed. */
  name: string;
}

/** A new post. */
export type NewPost = PostIdentity & PostFields;

/** 服务: service. */
export interface Service {
  /** The same wherever it is. */
  readonly id: RecordId;
  /** 站点: site; needed. */
  readonly site: SiteKey;
  /** 名称: name; needed. */
  readonly name: string;
  /** 类别: category. */
  readonly category: string;
  /** 星期: days. */
  readonly days: readonly Weekday[];
  /** 时间: hours. */
  readonly hours: Hours | null;
  /** 值守岗位: post. */
  readonly post: string;
  /** 场地: venue. */
  readonly venue: RecordId | null;
  /** 状态: state. */
  readonly state: "open" | "paused" | "closed";
  /** 备注: note. */
  readonly note: string;
  /** When it was removed, if it was. */
  readonly removed_at: DateTime | null;
  /** What is wrong with its fields, if anything. */
  readonly problems?: readonly FieldProblem[];
}

/** The fields of a service as they are set; null empties one. */
export interface ServiceFields {
  /** 类别: category. */
  category?: string | null;
  /** 星期: days. */
  days?: readonly Weekday[] | null;
  /** 时间: hours. */
  hours?: Hours | null;
  /** 值守岗位: post. */
  post?: string | null;
  /** 场地: venue. */
  venue?: RecordId | null;
  /** 状态: state. */
  state?: "open" | "paused" | "closed" | null;
  /** 备注: note. */
  note?: string | null;
}

/** What a service is known by: its id follows from it, so it never changes. */
export interface ServiceIdentity {
  /** 站点: site; needed. */
  site: SiteKey;
  /** 名称: name; needed. */
  name: string;
}

/** A new service. */
export type NewService = ServiceIdentity & ServiceFields;

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
  /** 状态: state. */
  readonly state: "open" | "paused" | "closed";
  /** 公告: notice. */
  readonly notice: string;
  /** When it was removed, if it was. */
  readonly removed_at: DateTime | null;
  /** What is wrong with its fields, if anything. */
  readonly problems?: readonly FieldProblem[];
}

/** The fields of a site as they are set; null empties one. */
export interface SiteFields {
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
  /** 状态: state. */
  state?: "open" | "paused" | "closed" | null;
  /** 公告: notice. */
  notice?: string | null;
}

/** What a site is known by: its id follows from it, so it never changes. */
export interface SiteIdentity {
  /** 代码: key; needed. */
  key: SiteKey;
}

/** A new site. */
export type NewSite = SiteIdentity & SiteFields & Required<Pick<SiteFields, "name" | "level">>;

/** 进展: step. */
export interface Step {
  /** The same wherever it is. */
  readonly id: RecordId;
  /** 对象: about; needed. */
  readonly about: RecordId | null;
  /** 前一步: after. */
  readonly after: RecordId | null;
  /** 阶段: stage; needed. */
  readonly stage: "submitted" | "accepted" | "assigned" | "done" | "confirmed" | "declined" | "withdrawn";
  /** 时间: at; needed. */
  readonly at: DateTime;
  /** 经办人: by. */
  readonly by: string;
  /** 说明: note. */
  readonly note: string;
  /** 结果: made. */
  readonly made: RecordId | null;
  /** When it was removed, if it was. */
  readonly removed_at: DateTime | null;
  /** What is wrong with its fields, if anything. */
  readonly problems?: readonly FieldProblem[];
}

/** The fields of a step as they are set; null empties one. */
export interface StepFields {
  /** 对象: about; needed. */
  about?: RecordId;
  /** 前一步: after. */
  after?: RecordId | null;
  /** 阶段: stage; needed. */
  stage?: "submitted" | "accepted" | "assigned" | "done" | "confirmed" | "declined" | "withdrawn";
  /** 时间: at; needed. */
  at?: DateTime;
  /** 经办人: by. */
  by?: string | null;
  /** 说明: note. */
  note?: string | null;
  /** 结果: made. */
  made?: RecordId | null;
}

/** A new step. */
export type NewStep = StepFields & Required<Pick<StepFields, "about" | "stage" | "at">>;

/** 来件: submission. */
export interface Submission {
  /** The same wherever it is. */
  readonly id: RecordId;
  /** 站点: site; needed. */
  readonly site: SiteKey;
  /** 类型: kind; needed. */
  readonly kind: "booking" | "claim" | "request";
  /** 姓名: name; needed. */
  readonly name: string;
  /** 电话: phone. */
  readonly phone: string;
  /** 内容: text. */
  readonly text: string;
  /** 场地: venue. */
  readonly venue: RecordId | null;
  /** 开始: start. */
  readonly start: DateTime | null;
  /** 结束: end. */
  readonly end: DateTime | null;
  /** 物资: item. */
  readonly item: RecordId | null;
  /** 数量: count. */
  readonly count: number | null;
  /** 时间: at; needed. */
  readonly at: DateTime;
  /** When it was removed, if it was. */
  readonly removed_at: DateTime | null;
  /** What is wrong with its fields, if anything. */
  readonly problems?: readonly FieldProblem[];
}

/** The fields of a submission as they are set; null empties one. */
export interface SubmissionFields {
  /** 站点: site; needed. */
  site?: SiteKey;
  /** 类型: kind; needed. */
  kind?: "booking" | "claim" | "request";
  /** 姓名: name; needed. */
  name?: string;
  /** 电话: phone. */
  phone?: string | null;
  /** 内容: text. */
  text?: string | null;
  /** 场地: venue. */
  venue?: RecordId | null;
  /** 开始: start. */
  start?: DateTime | null;
  /** 结束: end. */
  end?: DateTime | null;
  /** 物资: item. */
  item?: RecordId | null;
  /** 数量: count. */
  count?: number | null;
  /** 时间: at; needed. */
  at?: DateTime;
}

/** A new submission. */
export type NewSubmission = SubmissionFields & Required<Pick<SubmissionFields, "site" | "kind" | "name" | "at">>;

/** 场地: venue. */
export interface Venue {
  /** The same wherever it is. */
  readonly id: RecordId;
  /** 站点: site; needed. */
  readonly site: SiteKey;
  /** 名称: name; needed. */
  readonly name: string;
  /** 容量: capacity. */
  readonly capacity: number | null;
  /** 开放时间: hours. */
  readonly hours: Hours | null;
  /** 设施: amenities. */
  readonly amenities: readonly string[];
  /** 状态: state. */
  readonly state: "open" | "paused" | "closed";
  /** 备注: note. */
  readonly note: string;
  /** When it was removed, if it was. */
  readonly removed_at: DateTime | null;
  /** What is wrong with its fields, if anything. */
  readonly problems?: readonly FieldProblem[];
}

/** The fields of a venue as they are set; null empties one. */
export interface VenueFields {
  /** 容量: capacity. */
  capacity?: number | null;
  /** 开放时间: hours. */
  hours?: Hours | null;
  /** 设施: amenities. */
  amenities?: readonly string[] | null;
  /** 状态: state. */
  state?: "open" | "paused" | "closed" | null;
  /** 备注: note. */
  note?: string | null;
}

/** What a venue is known by: its id follows from it, so it never changes. */
export interface VenueIdentity {
  /** 站点: site; needed. */
  site: SiteKey;
  /** 名称: name; needed. */
  name: string;
}

/** A new venue. */
export type NewVenue = VenueIdentity & VenueFields;

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
export type RecordOf<C extends Collection> = C extends "bookings"
  ? Booking
  : C extends "devices"
  ? Device
  : C extends "drives"
  ? Drive
  : C extends "exceptions"
  ? HoursException
  : C extends "items"
  ? Item
  : C extends "ledger"
  ? LedgerEntry
  : C extends "persons"
  ? Person
  : C extends "posts"
  ? Post
  : C extends "services"
  ? Service
  : C extends "shifts"
  ? Shift
  : C extends "sites"
  ? Site
  : C extends "timeline"
  ? Step
  : C extends "submission"
  ? Submission
  : C extends "venues"
  ? Venue
  : UntypedRecord;

/** The fields that can be set in each collection. */
export type RecordFields<C extends Collection> = C extends "bookings"
  ? BookingFields
  : C extends "devices"
  ? DeviceFields
  : C extends "drives"
  ? DriveFields
  : C extends "exceptions"
  ? HoursExceptionFields
  : C extends "items"
  ? ItemFields
  : C extends "ledger"
  ? LedgerEntryFields
  : C extends "persons"
  ? PersonFields
  : C extends "posts"
  ? PostFields
  : C extends "services"
  ? ServiceFields
  : C extends "shifts"
  ? ShiftFields
  : C extends "sites"
  ? SiteFields
  : C extends "timeline"
  ? StepFields
  : C extends "submission"
  ? SubmissionFields
  : C extends "venues"
  ? VenueFields
  : { [field: string]: Value | null };

/** What a new record of each collection needs. */
export type NewRecord<C extends Collection> = C extends "bookings"
  ? NewBooking
  : C extends "devices"
  ? NewDevice
  : C extends "drives"
  ? NewDrive
  : C extends "exceptions"
  ? NewHoursException
  : C extends "items"
  ? NewItem
  : C extends "ledger"
  ? NewLedgerEntry
  : C extends "persons"
  ? NewPerson
  : C extends "posts"
  ? NewPost
  : C extends "services"
  ? NewService
  : C extends "shifts"
  ? NewShift
  : C extends "sites"
  ? NewSite
  : C extends "timeline"
  ? NewStep
  : C extends "submission"
  ? NewSubmission
  : C extends "venues"
  ? NewVenue
  : { [field: string]: Value | null };

/** The rules there are. */
export type Rule =
  | "backward-booking"
  | "backward-shift"
  | "booking-outside-hours"
  | "bumped-booking"
  | "double-booking"
  | "double-gift"
  | "edited-ledger-line"
  | "field-conflict"
  | "illegal-step"
  | "late-edit"
  | "late-spend"
  | "long-in-transit"
  | "low-stock"
  | "moot-booking"
  | "namesakes"
  | "orphan-site"
  | "outside-hours"
  | "over-capacity"
  | "overdrawn"
  | "overlap"
  | "parent-cycle"
  | "unentitled-confirmation"
  | "unknown-person"
  | "unknown-site"
  | "unknown-venue"
  | "unmatched-receipt"
  | "unreadable-field"
  | "unstaffed-service"
  | "waiting-submission";

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

/** A time from a start to an end. */
export interface Slot {
  /** When it starts. */
  readonly start: DateTime;
  /** When it ends. */
  readonly end: DateTime;
}

/** Where and when else a booking could be had. */
export interface Alternative {
  /** The venue. */
  readonly venue: Venue;
  /** When. */
  readonly slot: Slot;
  /** Metres from the site asked for, where it is another and both places are known. */
  readonly distance_m: number | null;
}

/** A site that was looked for. */
export interface Near {
  /** The site. */
  readonly site: Site;
  /** How far it is, where both places are known. */
  readonly distance_m: number | null;
  /** Whether it is open. */
  readonly is_open: boolean;
  /** Until when; two weeks on where it never closes. */
  readonly open_until: DateTime | null;
  /** When it opens, where it is closed and will within two months. */
  readonly opens_next: DateTime | null;
  /** The services that are offered there at the time. */
  readonly services: readonly Service[];
  /** The venues for as many people as were asked for, free or not. */
  readonly venues: readonly Venue[];
}

/** What became of a booking: worked out from all bookings of the venue, and stored nowhere. */
export type Grant =
  | "confirmed"
  | "granted"
  | "bumped"
  | "cancelled"
  | "unplaced";

/** A booking, and what became of it. */
export interface GrantedBooking extends Booking {
  /** The document it is in. */
  readonly document: Name;
  /** Whether the venue is its. */
  readonly grant: Grant;
  /** The booking that has the venue instead. */
  readonly bumped_by: RecordId | null;
}

/** What became of a claim. */
export type ClaimState =
  | "waiting"
  | "given"
  | "bumped"
  | "withdrawn";

/** How much of an item there is at a site. */
export interface Stock {
  /** The item. */
  readonly item: RecordId;
  /** What its devices may give out, together; below zero where more was given out than there was. */
  readonly held: number;
  /** On the way here. */
  readonly arriving: number;
  /** On the way to other sites. */
  readonly leaving: number;
  /** What people put in, ever. */
  readonly contributed: number;
  /** What was given out, ever. */
  readonly given: number;
}

/** Goods between two sites. */
export interface Transit {
  /** The transfer. */
  readonly id: RecordId;
  /** The item. */
  readonly item: RecordId;
  /** How many. */
  readonly count: number;
  /** The site they left. */
  readonly from_site: SiteKey;
  /** The device that sent them. */
  readonly from: string;
  /** The site they are for. */
  readonly to_site: SiteKey;
  /** The device that may receive them. */
  readonly to: string;
  /** When they left. */
  readonly at: DateTime;
}

/** A claim on goods that another device holds. */
export interface Claim {
  /** Its line. */
  readonly id: RecordId;
  /** The item. */
  readonly item: RecordId;
  /** How many. */
  readonly count: number;
  /** The device that claims. */
  readonly holder: string;
  /** The device that is asked. */
  readonly to: string;
  /** Who is to receive them. */
  readonly party: string;
  /** The event. */
  readonly drive: RecordId | null;
  /** When. */
  readonly at: DateTime;
  /** What became of it. */
  readonly state: ClaimState;
}

/** What one site did with one item for one event. */
export interface GivingRow {
  /** The site. */
  readonly site: SiteKey;
  /** The event; null for what belongs to none. */
  readonly drive: RecordId | null;
  /** The item. */
  readonly item: RecordId;
  /** What people put in. */
  readonly contributed: number;
  /** What was given out. */
  readonly given: number;
  /** What was sent to other sites, received there or not. */
  readonly sent: number;
  /** What was received from other sites. */
  readonly received: number;
  /** What stocktaking found, or found missing. */
  readonly corrected: number;
}

/** What one person or body put in or received. */
export interface PartyRow {
  /** The site. */
  readonly site: SiteKey;
  /** The event. */
  readonly drive: RecordId | null;
  /** The item. */
  readonly item: RecordId;
  /** Who; empty where nobody was named. */
  readonly party: string;
  /** What they put in. */
  readonly contributed: number;
  /** What they received. */
  readonly given: number;
}

/** How much of an item there is at a site, and which of its devices may give it out. */
export interface StockedItem extends Stock {
  /** The item; null where no site has its record. */
  readonly record: Item | null;
  /** What this browser may give out. */
  readonly here: number;
  /** What the other devices of the site may. */
  readonly elsewhere: number;
  /** Each device that holds some. */
  readonly holders: readonly Holding[];
}

/** What one device may give out. */
export interface Holding {
  /** What it holds rights as. */
  readonly holder: string;
  /** What people call it. */
  readonly name: string;
  /** How much. */
  readonly count: number;
}

/** The goods of a site. */
export interface Goods {
  /** What this browser holds rights as; empty until it does. */
  readonly holder: string;
  /** Every item that the site knows of. */
  readonly items: readonly StockedItem[];
  /** Goods on their way from and to the site. */
  readonly in_transit: readonly Transit[];
  /** Claims, and what became of them. */
  readonly claims: readonly Claim[];
  /** The devices of the site. */
  readonly devices: readonly Device[];
}

/** Who gave, what went where, and what is left. */
export interface Giving {
  /** By site, event and item. */
  readonly rows: readonly GivingRow[];
  /** By site, event, item and party. */
  readonly parties: readonly PartyRow[];
  /** What is left now at each site, of everything. */
  readonly left: readonly (Stock & {
    /** The site. */
    readonly site: SiteKey;
  })[];
  /** The items that are mentioned, as one of the sites has them. */
  readonly items: readonly Item[];
}

/** How far something has come that people wait for. */
export type Stage =
  | "submitted"
  | "accepted"
  | "assigned"
  | "done"
  | "confirmed"
  | "declined"
  | "withdrawn";

/** What a step did where it was taken. */
export type Fit =
  | "moves"
  | "crosses"
  | "repeats"
  | "illegal"
  | "void";

/** What a site is late with. */
export type Overdue = "acceptance" | "completion";

/** A step, and what it did. */
export interface PlacedStep extends Step {
  /** What it did. */
  readonly fit: Fit;
}

/** How far something has come that was sent to a site. */
export interface Progress {
  /** The document it is in. */
  readonly document: Name;
  /** Its code; null where it was not sent by this package. */
  readonly code: string | null;
  /** What was sent. */
  readonly submission: Submission;
  /** The stage it is at. */
  readonly stage: Stage;
  /** Every step, in the order that is the same on every device. */
  readonly steps: readonly PlacedStep[];
  /** Where it can go from here: by its sender where it is followed, by the site where it is in the inbox. */
  readonly next: readonly Stage[];
  /** Who sees to it. */
  readonly assignee: string | null;
  /** What came of it, such as the booking that was made. */
  readonly made: RecordId | null;
  /** What became of that booking; null in an inbox once its time is over. */
  readonly grant: Grant | null;
  /** Since when its sender waits. */
  readonly waits_since: DateTime;
  /** What the site is late with, if it is. */
  readonly overdue: Overdue | null;
}

/** How a venue was used in a month: a booking counts whole on the day it starts. */
export interface VenueUse {
  /** Whose it is. */
  readonly site: SiteKey;
  /** The venue. */
  readonly venue: RecordId;
  /** What it is called. */
  readonly name: string;
  /** Its bookings. */
  readonly bookings: number;
  /** Of these, those that it was promised to. */
  readonly confirmed: number;
  /** Those that have it as long as nobody else is promised it. */
  readonly granted: number;
  /** Those that others have it instead of. */
  readonly bumped: number;
  /** Those that nobody asks for any more. */
  readonly cancelled: number;
  /** Those that have it for another site. */
  readonly borrowed: number;
  /** How many people those that have it are for. */
  readonly people: number;
  /** For how long they have it. */
  readonly minutes: number;
  /** For how long it is open; null where no hours are stated. */
  readonly open_minutes: number | null;
  /** In how much of that somebody had it. */
  readonly used_minutes: number | null;
}

/** What one site had of the venues of another. */
export interface Borrowing {
  /** Whose venues. */
  readonly lender: SiteKey;
  /** Who had them. */
  readonly borrower: SiteKey;
  /** How often. */
  readonly bookings: number;
  /** For how long. */
  readonly minutes: number;
}

/** How venues were used in a month. */
export interface VenueReport {
  /** The site that speaks for the county: it may promise any venue; null where the directory has none. */
  readonly hub: SiteKey | null;
  /** Each venue, by site and name. */
  readonly venues: readonly VenueUse[];
  /** What sites borrowed of each other. */
  readonly borrowings: readonly Borrowing[];
  /** The bookings that can be promised their venue and are not over, by start. */
  readonly unconfirmed: readonly GrantedBooking[];
}

/** Some submissions, counted. */
export interface Tally {
  /** How many. */
  readonly count: number;
  /** How many are at each stage; none are at those that are left out. */
  readonly stages: { readonly [stage in Stage]?: number };
  /** With how many the site is late. */
  readonly overdue: number;
  /** How many were done, whatever became of them then. */
  readonly done: number;
  /** Half of these took no longer than so many days; null where none was done. */
  readonly median_days: number | null;
  /** Nine of ten of them took no longer than so many days. */
  readonly p90_days: number | null;
}

/** How sites deal with what they are sent. */
export interface SubmissionFigures {
  /** All sites together. */
  readonly total: Tally;
  /** Each site that was sent something, by key. */
  readonly sites: readonly (Tally & {
    /** The site. */
    readonly site: SiteKey;
  })[];
}

/** What a text that was typed says: a code, or what is wrong with it. */
export type ReadCode =
  | {
      /** The code as it is written. */
      readonly code: string;
      /** The site that it is of. */
      readonly site: SiteKey;
    }
  | {
      /** It is no site's key and 18 characters, or its last character does not go with the others. */
      readonly wrong: "form" | "typo";
    }
  | {
      /** It has a character that no code has. */
      readonly wrong: "character";
      /** Which. */
      readonly character: string;
    };

/** What people call a kind of record and its fields, and what the fields hold: all that a form needs. */
export interface KindLabels {
  /** Of one such record. */
  readonly label: Label;
  /** The fields that its id follows from, which never change; empty where ids are drawn. */
  readonly knownBy: readonly string[];
  /** The fields that say from when to when it is, where it is for a time. */
  readonly lasts?: readonly [string, string];
  /** Its fields by name, in the order people expect. */
  readonly fields: Readonly<Record<string, FieldLabels>>;
}

/** What people call a field, and what it holds. */
export interface FieldLabels {
  /** Of the field. */
  readonly label: Label;
  /** Whether a record needs it. */
  readonly required: boolean;
  /** What it holds. */
  readonly form: FieldForm;
  /** The least number it may hold. */
  readonly min?: number;
  /** The greatest number it may hold. */
  readonly max?: number;
  /** Where the record is that it names. */
  readonly refersTo?: Collection;
  /** The words it may hold, where these are given. */
  readonly choices?: Readonly<Record<string, Label>>;
}

/** What a field can hold. */
export type FieldForm =
  | "choice"
  | "date"
  | "datetime"
  | "flag"
  | "hours"
  | "number"
  | "record"
  | "site"
  | "text"
  | "weekdays"
  | "words";

/** What people call every kind of record, by collection. */
export const KINDS = {
  bookings: {
    label: { zh: "预订", en: "booking" },
    knownBy: [],
    lasts: ["start", "end"],
    fields: {
      site: { label: { zh: "站点", en: "site" }, required: true, form: "site" },
      venue: { label: { zh: "场地", en: "venue" }, required: true, form: "record", refersTo: "venues" },
      start: { label: { zh: "开始", en: "start" }, required: true, form: "datetime" },
      end: { label: { zh: "结束", en: "end" }, required: true, form: "datetime" },
      name: { label: { zh: "预订人", en: "name" }, required: true, form: "text" },
      phone: { label: { zh: "电话", en: "phone" }, required: false, form: "text" },
      borrower: { label: { zh: "借用站点", en: "borrower" }, required: false, form: "site" },
      people: { label: { zh: "人数", en: "people" }, required: false, form: "number", min: 1, max: 100000 },
      purpose: { label: { zh: "用途", en: "purpose" }, required: false, form: "text" },
      state: { label: { zh: "状态", en: "state" }, required: false, form: "choice", choices: { booked: { zh: "已预订", en: "booked" }, cancelled: { zh: "已取消", en: "cancelled" } } },
      confirmed_by: { label: { zh: "确认人", en: "confirmed by" }, required: false, form: "text" },
      note: { label: { zh: "备注", en: "note" }, required: false, form: "text" },
    },
  },
  devices: {
    label: { zh: "设备", en: "device" },
    knownBy: ["holder"],
    fields: {
      holder: { label: { zh: "持有者", en: "holder" }, required: true, form: "text" },
      site: { label: { zh: "站点", en: "site" }, required: true, form: "site" },
      name: { label: { zh: "名称", en: "name" }, required: false, form: "text" },
      keeps: { label: { zh: "常备数", en: "keeps" }, required: false, form: "number", min: 0, max: 1000000 },
      lost_at: { label: { zh: "报失时间", en: "lost at" }, required: false, form: "datetime" },
    },
  },
  drives: {
    label: { zh: "活动", en: "drive" },
    knownBy: ["name"],
    fields: {
      name: { label: { zh: "名称", en: "name" }, required: true, form: "text" },
      site: { label: { zh: "主办站点", en: "site" }, required: false, form: "site" },
      from: { label: { zh: "开始日期", en: "from" }, required: false, form: "date" },
      until: { label: { zh: "结束日期", en: "until" }, required: false, form: "date" },
      note: { label: { zh: "说明", en: "note" }, required: false, form: "text" },
    },
  },
  exceptions: {
    label: { zh: "例外时间", en: "hours exception" },
    knownBy: ["site", "from"],
    fields: {
      site: { label: { zh: "站点", en: "site" }, required: true, form: "site" },
      from: { label: { zh: "开始日期", en: "from" }, required: true, form: "date" },
      until: { label: { zh: "结束日期", en: "until" }, required: false, form: "date" },
      hours: { label: { zh: "开放时间", en: "hours" }, required: false, form: "hours" },
      reason: { label: { zh: "原因", en: "reason" }, required: false, form: "text" },
    },
  },
  items: {
    label: { zh: "物资", en: "item" },
    knownBy: ["name"],
    fields: {
      name: { label: { zh: "名称", en: "name" }, required: true, form: "text" },
      unit: { label: { zh: "单位", en: "unit" }, required: false, form: "text" },
      category: { label: { zh: "类别", en: "category" }, required: false, form: "text" },
      at_once: { label: { zh: "每次限领", en: "at once" }, required: false, form: "number", min: 1, max: 1000000 },
      low: { label: { zh: "低于则补货", en: "low" }, required: false, form: "number", min: 0, max: 1000000 },
      note: { label: { zh: "备注", en: "note" }, required: false, form: "text" },
    },
  },
  ledger: {
    label: { zh: "台账", en: "ledger entry" },
    knownBy: [],
    fields: {
      item: { label: { zh: "物资", en: "item" }, required: true, form: "record", refersTo: "items" },
      kind: { label: { zh: "类型", en: "kind" }, required: true, form: "choice", choices: { contribution: { zh: "捐入", en: "contribution" }, grant: { zh: "划拨", en: "grant" }, gift: { zh: "发放", en: "gift" }, transfer: { zh: "调出", en: "transfer" }, receipt: { zh: "收货", en: "receipt" }, correction: { zh: "盘点", en: "correction" }, claim: { zh: "申领", en: "claim" }, withdrawal: { zh: "撤回", en: "withdrawal" }, return: { zh: "收回", en: "return" } } },
      count: { label: { zh: "数量", en: "count" }, required: true, form: "number", min: -1000000, max: 1000000 },
      holder: { label: { zh: "持有者", en: "holder" }, required: true, form: "text" },
      to: { label: { zh: "转给", en: "to" }, required: false, form: "text" },
      to_site: { label: { zh: "转往站点", en: "to site" }, required: false, form: "site" },
      about: { label: { zh: "对应", en: "about" }, required: false, form: "record", refersTo: "ledger" },
      drive: { label: { zh: "活动", en: "drive" }, required: false, form: "record", refersTo: "drives" },
      party: { label: { zh: "对方", en: "party" }, required: false, form: "text" },
      phone: { label: { zh: "电话", en: "phone" }, required: false, form: "text" },
      at: { label: { zh: "时间", en: "at" }, required: true, form: "datetime" },
      note: { label: { zh: "备注", en: "note" }, required: false, form: "text" },
    },
  },
  persons: {
    label: { zh: "人员", en: "person" },
    knownBy: [],
    fields: {
      site: { label: { zh: "站点", en: "site" }, required: true, form: "site" },
      name: { label: { zh: "姓名", en: "name" }, required: true, form: "text" },
      role: { label: { zh: "身份", en: "role" }, required: true, form: "choice", choices: { staff: { zh: "员工", en: "staff" }, coordinator: { zh: "负责人", en: "coordinator" }, volunteer: { zh: "志愿者", en: "volunteer" } } },
      phone: { label: { zh: "电话", en: "phone" }, required: false, form: "text" },
    },
  },
  posts: {
    label: { zh: "岗位", en: "post" },
    knownBy: ["name"],
    fields: {
      name: { label: { zh: "名称", en: "name" }, required: true, form: "text" },
      any_hours: { label: { zh: "不限开放时间", en: "any hours" }, required: false, form: "flag" },
    },
  },
  services: {
    label: { zh: "服务", en: "service" },
    knownBy: ["site", "name"],
    fields: {
      site: { label: { zh: "站点", en: "site" }, required: true, form: "site" },
      name: { label: { zh: "名称", en: "name" }, required: true, form: "text" },
      category: { label: { zh: "类别", en: "category" }, required: false, form: "text" },
      days: { label: { zh: "星期", en: "days" }, required: false, form: "weekdays" },
      hours: { label: { zh: "时间", en: "hours" }, required: false, form: "hours" },
      post: { label: { zh: "值守岗位", en: "post" }, required: false, form: "text" },
      venue: { label: { zh: "场地", en: "venue" }, required: false, form: "record", refersTo: "venues" },
      state: { label: { zh: "状态", en: "state" }, required: false, form: "choice", choices: { open: { zh: "开放", en: "open" }, paused: { zh: "暂停", en: "paused" }, closed: { zh: "关闭", en: "closed" } } },
      note: { label: { zh: "备注", en: "note" }, required: false, form: "text" },
    },
  },
  shifts: {
    label: { zh: "班次", en: "shift" },
    knownBy: [],
    lasts: ["start", "end"],
    fields: {
      site: { label: { zh: "站点", en: "site" }, required: true, form: "site" },
      name: { label: { zh: "姓名", en: "name" }, required: true, form: "text" },
      person: { label: { zh: "人员", en: "person" }, required: false, form: "record", refersTo: "persons" },
      lent_by: { label: { zh: "借调自", en: "lent by" }, required: false, form: "site" },
      post: { label: { zh: "岗位", en: "post" }, required: true, form: "text" },
      start: { label: { zh: "开始", en: "start" }, required: true, form: "datetime" },
      end: { label: { zh: "结束", en: "end" }, required: true, form: "datetime" },
      state: { label: { zh: "状态", en: "state" }, required: true, form: "choice", choices: { planned: { zh: "计划", en: "planned" }, confirmed: { zh: "已确认", en: "confirmed" }, swapped: { zh: "已调班", en: "swapped" }, absent: { zh: "缺勤", en: "absent" } } },
      note: { label: { zh: "备注", en: "note" }, required: false, form: "text" },
    },
  },
  sites: {
    label: { zh: "站点", en: "site" },
    knownBy: ["key"],
    fields: {
      key: { label: { zh: "代码", en: "key" }, required: true, form: "site" },
      name: { label: { zh: "名称", en: "name" }, required: true, form: "text" },
      level: { label: { zh: "级别", en: "level" }, required: true, form: "choice", choices: { home: { zh: "家", en: "home" }, station: { zh: "站", en: "station" }, point: { zh: "点", en: "point" } } },
      parent: { label: { zh: "上级", en: "parent" }, required: false, form: "site" },
      address: { label: { zh: "地址", en: "address" }, required: false, form: "text" },
      hours: { label: { zh: "开放时间", en: "hours" }, required: false, form: "hours" },
      amenities: { label: { zh: "设施", en: "amenities" }, required: false, form: "words" },
      phone: { label: { zh: "电话", en: "phone" }, required: false, form: "text" },
      lat: { label: { zh: "纬度", en: "latitude" }, required: false, form: "number", min: -90, max: 90 },
      lng: { label: { zh: "经度", en: "longitude" }, required: false, form: "number", min: -180, max: 180 },
      state: { label: { zh: "状态", en: "state" }, required: false, form: "choice", choices: { open: { zh: "开放", en: "open" }, paused: { zh: "暂停", en: "paused" }, closed: { zh: "关闭", en: "closed" } } },
      notice: { label: { zh: "公告", en: "notice" }, required: false, form: "text" },
    },
  },
  timeline: {
    label: { zh: "进展", en: "step" },
    knownBy: [],
    fields: {
      about: { label: { zh: "对象", en: "about" }, required: true, form: "record" },
      after: { label: { zh: "前一步", en: "after" }, required: false, form: "record", refersTo: "timeline" },
      stage: { label: { zh: "阶段", en: "stage" }, required: true, form: "choice", choices: { submitted: { zh: "已提交", en: "submitted" }, accepted: { zh: "已受理", en: "accepted" }, assigned: { zh: "已派办", en: "assigned" }, done: { zh: "已办结", en: "done" }, confirmed: { zh: "已确认", en: "confirmed" }, declined: { zh: "未受理", en: "declined" }, withdrawn: { zh: "已撤回", en: "withdrawn" } } },
      at: { label: { zh: "时间", en: "at" }, required: true, form: "datetime" },
      by: { label: { zh: "经办人", en: "by" }, required: false, form: "text" },
      note: { label: { zh: "说明", en: "note" }, required: false, form: "text" },
      made: { label: { zh: "结果", en: "made" }, required: false, form: "record" },
    },
  },
  submission: {
    label: { zh: "来件", en: "submission" },
    knownBy: [],
    fields: {
      site: { label: { zh: "站点", en: "site" }, required: true, form: "site" },
      kind: { label: { zh: "类型", en: "kind" }, required: true, form: "choice", choices: { booking: { zh: "预订", en: "booking" }, claim: { zh: "领物", en: "claim" }, request: { zh: "诉求", en: "request" } } },
      name: { label: { zh: "姓名", en: "name" }, required: true, form: "text" },
      phone: { label: { zh: "电话", en: "phone" }, required: false, form: "text" },
      text: { label: { zh: "内容", en: "text" }, required: false, form: "text" },
      venue: { label: { zh: "场地", en: "venue" }, required: false, form: "record", refersTo: "venues" },
      start: { label: { zh: "开始", en: "start" }, required: false, form: "datetime" },
      end: { label: { zh: "结束", en: "end" }, required: false, form: "datetime" },
      item: { label: { zh: "物资", en: "item" }, required: false, form: "record", refersTo: "items" },
      count: { label: { zh: "数量", en: "count" }, required: false, form: "number", min: 1, max: 100000 },
      at: { label: { zh: "时间", en: "at" }, required: true, form: "datetime" },
    },
  },
  venues: {
    label: { zh: "场地", en: "venue" },
    knownBy: ["site", "name"],
    fields: {
      site: { label: { zh: "站点", en: "site" }, required: true, form: "site" },
      name: { label: { zh: "名称", en: "name" }, required: true, form: "text" },
      capacity: { label: { zh: "容量", en: "capacity" }, required: false, form: "number", min: 1, max: 100000 },
      hours: { label: { zh: "开放时间", en: "hours" }, required: false, form: "hours" },
      amenities: { label: { zh: "设施", en: "amenities" }, required: false, form: "words" },
      state: { label: { zh: "状态", en: "state" }, required: false, form: "choice", choices: { open: { zh: "开放", en: "open" }, paused: { zh: "暂停", en: "paused" }, closed: { zh: "关闭", en: "closed" } } },
      note: { label: { zh: "备注", en: "note" }, required: false, form: "text" },
    },
  },
} as const satisfies Partial<Record<Collection, KindLabels>>;
