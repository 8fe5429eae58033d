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
  | "days"
  | "devices"
  | "drives"
  | "enrolments"
  | "entries"
  | "exceptions"
  | "issues"
  | "items"
  | "ledger"
  | "mediators"
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
  | "sittings"
  | "submission"
  | "timeline"
  | "venues";

/** 调解协议: agreement. */
export interface Agreement {
  /** The same wherever it is. */
  readonly id: RecordId;
  /** 站点: site; needed. */
  readonly site: SiteKey;
  /** 案件编号: number; needed. */
  readonly case: string;
  /** 签订日期: signed; needed. */
  readonly signed: CivilDate | null;
  /** 协议金额: amount. */
  readonly amount: number | null;
  /** 协议内容: terms. */
  readonly terms: string;
  /** 申请司法确认: to be confirmed. */
  readonly confirm: boolean;
  /** 履行期限: due. */
  readonly due: CivilDate | null;
  /** 履行日期: performed. */
  readonly performed: CivilDate | null;
  /** 备注: note. */
  readonly note: string;
  /** When it was removed, if it was. */
  readonly removed_at: DateTime | null;
  /** What is wrong with its fields, if anything. */
  readonly problems?: readonly FieldProblem[];
}

/** The fields of a agreement as they are set; null empties one. */
export interface AgreementFields {
  /** 站点: site; needed. */
  site?: SiteKey;
  /** 案件编号: number; needed. */
  case?: string;
  /** 签订日期: signed; needed. */
  signed?: CivilDate;
  /** 协议金额: amount. */
  amount?: number | null;
  /** 协议内容: terms. */
  terms?: string | null;
  /** 申请司法确认: to be confirmed. */
  confirm?: boolean | null;
  /** 履行期限: due. */
  due?: CivilDate | null;
  /** 履行日期: performed. */
  performed?: CivilDate | null;
  /** 备注: note. */
  note?: string | null;
}

/** A new agreement. */
export type NewAgreement = AgreementFields & Required<Pick<AgreementFields, "site" | "case" | "signed">>;

/** 考核: assessment. */
export interface Assessment {
  /** The same wherever it is. */
  readonly id: RecordId;
  /** 课程: course; needed. */
  readonly course: RecordId | null;
  /** 姓名: name; needed. */
  readonly name: string;
  /** 电话: phone. */
  readonly phone: string;
  /** 考核日期: on; needed. */
  readonly on: CivilDate | null;
  /** 成绩: score. */
  readonly score: number | null;
  /** 结果: result. */
  readonly result: "by-score" | "passed" | "failed";
  /** 考核人: assessor. */
  readonly assessor: string;
  /** 备注: note. */
  readonly note: string;
  /** When it was removed, if it was. */
  readonly removed_at: DateTime | null;
  /** What is wrong with its fields, if anything. */
  readonly problems?: readonly FieldProblem[];
}

/** The fields of a assessment as they are set; null empties one. */
export interface AssessmentFields {
  /** 成绩: score. */
  score?: number | null;
  /** 结果: result. */
  result?: "by-score" | "passed" | "failed" | null;
  /** 考核人: assessor. */
  assessor?: string | null;
  /** 备注: note. */
  note?: string | null;
}

/** What a assessment is known by: its id follows from it, so it never changes. */
export interface AssessmentIdentity {
  /** 课程: course; needed. */
  course: RecordId;
  /** 姓名: name; needed. */
  name: string;
  /** 电话: phone. */
  phone: string | null;
  /** 考核日期: on; needed. */
  on: CivilDate;
}

/** A new assessment. */
export type NewAssessment = AssessmentIdentity & AssessmentFields;

/** 考勤: attendance. */
export interface Attendance {
  /** The same wherever it is. */
  readonly id: RecordId;
  /** 课次: session; needed. */
  readonly session: RecordId | null;
  /** 姓名: name; needed. */
  readonly name: string;
  /** 电话: phone. */
  readonly phone: string;
  /** 出勤: presence. */
  readonly state: "present" | "late" | "leave" | "absent";
  /** 备注: note. */
  readonly note: string;
  /** When it was removed, if it was. */
  readonly removed_at: DateTime | null;
  /** What is wrong with its fields, if anything. */
  readonly problems?: readonly FieldProblem[];
}

/** The fields of a attendance as they are set; null empties one. */
export interface AttendanceFields {
  /** 出勤: presence. */
  state?: "present" | "late" | "leave" | "absent" | null;
  /** 备注: note. */
  note?: string | null;
}

/** What a attendance is known by: its id follows from it, so it never changes. */
export interface AttendanceIdentity {
  /** 课次: session; needed. */
  session: RecordId;
  /** 姓名: name; needed. */
  name: string;
  /** 电话: phone. */
  phone: string | null;
}

/** A new attendance. */
export type NewAttendance = AttendanceIdentity & AttendanceFields;

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
  /** 确认内容: confirmed for. */
  readonly confirmed_for: string;
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
  /** 确认内容: confirmed for. */
  confirmed_for?: string | null;
  /** 备注: note. */
  note?: string | null;
}

/** A new booking. */
export type NewBooking = BookingFields & Required<Pick<BookingFields, "site" | "venue" | "start" | "end" | "name">>;

/** 日历日: calendar day. */
export interface CalendarDay {
  /** The same wherever it is. */
  readonly id: RecordId;
  /** 日期: date; needed. */
  readonly date: CivilDate | null;
  /** 类型: kind; needed. */
  readonly kind: "holiday" | "workday";
  /** 名称: name. */
  readonly name: string;
  /** When it was removed, if it was. */
  readonly removed_at: DateTime | null;
  /** What is wrong with its fields, if anything. */
  readonly problems?: readonly FieldProblem[];
}

/** The fields of a calendar day as they are set; null empties one. */
export interface CalendarDayFields {
  /** 类型: kind; needed. */
  kind?: "holiday" | "workday";
  /** 名称: name. */
  name?: string | null;
}

/** What a calendar day is known by: its id follows from it, so it never changes. */
export interface CalendarDayIdentity {
  /** 日期: date; needed. */
  date: CivilDate;
}

/** A new calendar day. */
export type NewCalendarDay = CalendarDayIdentity & CalendarDayFields & Required<Pick<CalendarDayFields, "kind">>;

/** 案件: case. */
export interface Case {
  /** The same wherever it is. */
  readonly id: RecordId;
  /** 站点: site; needed. */
  readonly site: SiteKey;
  /** 案件编号: number; needed. */
  readonly case: string;
  /** 方式: mode; needed. */
  readonly mode: "clinic" | "consultation" | "emergency";
  /** 来源: origin; needed. */
  readonly origin: "walk-in" | "hotline" | "court" | "arbitration" | "passed";
  /** 争议类型: claim; needed. */
  readonly claim: "wages" | "injury" | "contract" | "dismissal" | "insurance" | "hours" | "other";
  /** 金额: amount. */
  readonly amount: number | null;
  /** 人数: people. */
  readonly people: number | null;
  /** 登记时间: received; needed. */
  readonly received: DateTime;
  /** 来文号: reference. */
  readonly reference: string;
  /** 案情: facts. */
  readonly facts: string;
  /** 延期至: extended to. */
  readonly extended_to: CivilDate | null;
  /** 备注: note. */
  readonly note: string;
  /** When it was removed, if it was. */
  readonly removed_at: DateTime | null;
  /** What is wrong with its fields, if anything. */
  readonly problems?: readonly FieldProblem[];
}

/** The fields of a case as they are set; null empties one. */
export interface CaseFields {
  /** 方式: mode; needed. */
  mode?: "clinic" | "consultation" | "emergency";
  /** 来源: origin; needed. */
  origin?: "walk-in" | "hotline" | "court" | "arbitration" | "passed";
  /** 争议类型: claim; needed. */
  claim?: "wages" | "injury" | "contract" | "dismissal" | "insurance" | "hours" | "other";
  /** 金额: amount. */
  amount?: number | null;
  /** 人数: people. */
  people?: number | null;
  /** 登记时间: received; needed. */
  received?: DateTime;
  /** 来文号: reference. */
  reference?: string | null;
  /** 案情: facts. */
  facts?: string | null;
  /** 延期至: extended to. */
  extended_to?: CivilDate | null;
  /** 备注: note. */
  note?: string | null;
}

/** What a case is known by: its id follows from it, so it never changes. */
export interface CaseIdentity {
  /** 站点: site; needed. */
  site: SiteKey;
  /** 案件编号: number; needed. */
  case: string;
}

/** A new case. */
export type NewCase = CaseIdentity & CaseFields & Required<Pick<CaseFields, "mode" | "origin" | "claim" | "received">>;

/** 证书: certificate. */
export interface Certificate {
  /** The same wherever it is. */
  readonly id: RecordId;
  /** 课程: course; needed. */
  readonly course: RecordId | null;
  /** 姓名: name; needed. */
  readonly name: string;
  /** 电话: phone. */
  readonly phone: string;
  /** 所属站点: home. */
  readonly home: SiteKey | null;
  /** 人员: person. */
  readonly person: RecordId | null;
  /** 证书名称: certificate name; needed. */
  readonly certificate: string;
  /** 证书编号: number. */
  readonly number: string;
  /** 发证日期: issued on; needed. */
  readonly issued_on: CivilDate | null;
  /** 有效期至: expires on. */
  readonly expires_on: CivilDate | null;
  /** 发证人: issued by. */
  readonly issued_by: string;
  /** 吊销日期: revoked on. */
  readonly revoked_on: CivilDate | null;
  /** 备注: note. */
  readonly note: string;
  /** When it was removed, if it was. */
  readonly removed_at: DateTime | null;
  /** What is wrong with its fields, if anything. */
  readonly problems?: readonly FieldProblem[];
}

/** The fields of a certificate as they are set; null empties one. */
export interface CertificateFields {
  /** 所属站点: home. */
  home?: SiteKey | null;
  /** 人员: person. */
  person?: RecordId | null;
  /** 证书名称: certificate name; needed. */
  certificate?: string;
  /** 证书编号: number. */
  number?: string | null;
  /** 发证日期: issued on; needed. */
  issued_on?: CivilDate;
  /** 有效期至: expires on. */
  expires_on?: CivilDate | null;
  /** 发证人: issued by. */
  issued_by?: string | null;
  /** 吊销日期: revoked on. */
  revoked_on?: CivilDate | null;
  /** 备注: note. */
  note?: string | null;
}

/** What a certificate is known by: its id follows from it, so it never changes. */
export interface CertificateIdentity {
  /** 课程: course; needed. */
  course: RecordId;
  /** 姓名: name; needed. */
  name: string;
  /** 电话: phone. */
  phone: string | null;
}

/** A new certificate. */
export type NewCertificate = CertificateIdentity & CertificateFields & Required<Pick<CertificateFields, "certificate" | "issued_on">>;

/** 竞赛: contest. */
export interface Contest {
  /** The same wherever it is. */
  readonly id: RecordId;
  /** 站点: site; needed. */
  readonly site: SiteKey;
  /** 名称: name; needed. */
  readonly name: string;
  /** 级别: tier. */
  readonly tier: "site" | "district" | "county";
  /** 日期: on. */
  readonly on: CivilDate | null;
  /** 名次: best. */
  readonly best: "highest" | "lowest";
  /** 晋级人数: advance. */
  readonly advance: number | null;
  /** 晋级到: leads to. */
  readonly leads_to: string;
  /** 晋级到站点: leads to site. */
  readonly leads_to_site: SiteKey | null;
  /** 说明: note. */
  readonly note: string;
  /** When it was removed, if it was. */
  readonly removed_at: DateTime | null;
  /** What is wrong with its fields, if anything. */
  readonly problems?: readonly FieldProblem[];
}

/** The fields of a contest as they are set; null empties one. */
export interface ContestFields {
  /** 级别: tier. */
  tier?: "site" | "district" | "county" | null;
  /** 日期: on. */
  on?: CivilDate | null;
  /** 名次: best. */
  best?: "highest" | "lowest" | null;
  /** 晋级人数: advance. */
  advance?: number | null;
  /** 晋级到: leads to. */
  leads_to?: string | null;
  /** 晋级到站点: leads to site. */
  leads_to_site?: SiteKey | null;
  /** 说明: note. */
  note?: string | null;
}

/** What a contest is known by: its id follows from it, so it never changes. */
export interface ContestIdentity {
  /** 站点: site; needed. */
  site: SiteKey;
  /** 名称: name; needed. */
  name: string;
}

/** A new contest. */
export type NewContest = ContestIdentity & ContestFields;

/** 参赛: contest entry. */
export interface ContestEntry {
  /** The same wherever it is. */
  readonly id: RecordId;
  /** 竞赛: contest; needed. */
  readonly contest: RecordId | null;
  /** 姓名: name; needed. */
  readonly name: string;
  /** 代表站点: home. */
  readonly home: SiteKey | null;
  /** 人员: person. */
  readonly person: RecordId | null;
  /** 电话: phone. */
  readonly phone: string;
  /** 成绩: score. */
  readonly score: number | null;
  /** 状态: state. */
  readonly state: "entered" | "withdrawn" | "disqualified";
  /** 备注: note. */
  readonly note: string;
  /** When it was removed, if it was. */
  readonly removed_at: DateTime | null;
  /** What is wrong with its fields, if anything. */
  readonly problems?: readonly FieldProblem[];
}

/** The fields of a contest entry as they are set; null empties one. */
export interface ContestEntryFields {
  /** 人员: person. */
  person?: RecordId | null;
  /** 电话: phone. */
  phone?: string | null;
  /** 成绩: score. */
  score?: number | null;
  /** 状态: state. */
  state?: "entered" | "withdrawn" | "disqualified" | null;
  /** 备注: note. */
  note?: string | null;
}

/** What a contest entry is known by: its id follows from it, so it never changes. */
export interface ContestEntryIdentity {
  /** 竞赛: contest; needed. */
  contest: RecordId;
  /** 姓名: name; needed. */
  name: string;
  /** 代表站点: home. */
  home: SiteKey | null;
}

/** A new contest entry. */
export type NewContestEntry = ContestEntryIdentity & ContestEntryFields;

/** 课程: course. */
export interface Course {
  /** The same wherever it is. */
  readonly id: RecordId;
  /** 站点: site; needed. */
  readonly site: SiteKey;
  /** 名称: name; needed. */
  readonly name: string;
  /** 可得证书: certificate. */
  readonly certificate: string;
  /** 证书有效月数: valid months. */
  readonly valid_months: number | null;
  /** 名额: capacity. */
  readonly capacity: number | null;
  /** 合格分: pass mark. */
  readonly pass_mark: number | null;
  /** 出勤率要求: attendance. */
  readonly attendance: number | null;
  /** 报名截止: enrol until. */
  readonly enrol_until: CivilDate | null;
  /** 讲师: teacher. */
  readonly teacher: string;
  /** 状态: state. */
  readonly state: "open" | "closed" | "cancelled";
  /** 说明: note. */
  readonly note: string;
  /** When it was removed, if it was. */
  readonly removed_at: DateTime | null;
  /** What is wrong with its fields, if anything. */
  readonly problems?: readonly FieldProblem[];
}

/** The fields of a course as they are set; null empties one. */
export interface CourseFields {
  /** 可得证书: certificate. */
  certificate?: string | null;
  /** 证书有效月数: valid months. */
  valid_months?: number | null;
  /** 名额: capacity. */
  capacity?: number | null;
  /** 合格分: pass mark. */
  pass_mark?: number | null;
  /** 出勤率要求: attendance. */
  attendance?: number | null;
  /** 报名截止: enrol until. */
  enrol_until?: CivilDate | null;
  /** 讲师: teacher. */
  teacher?: string | null;
  /** 状态: state. */
  state?: "open" | "closed" | "cancelled" | null;
  /** 说明: note. */
  note?: string | null;
}

/** What a course is known by: its id follows from it, so it never changes. */
export interface CourseIdentity {
  /** 站点: site; needed. */
  site: SiteKey;
  /** 名称: name; needed. */
  name: string;
}

/** A new course. */
export type NewCourse = CourseIdentity & CourseFields;

/** 课次: session. */
export interface Session {
  /** The same wherever it is. */
  readonly id: RecordId;
  /** 课程: course; needed. */
  readonly course: RecordId | null;
  /** 名称: name; needed. */
  readonly name: string;
  /** 开始: start; needed. */
  readonly start: DateTime;
  /** 结束: end; needed. */
  readonly end: DateTime;
  /** 场地: venue. */
  readonly venue: RecordId | null;
  /** 讲师: teacher. */
  readonly teacher: string;
  /** 备注: note. */
  readonly note: string;
  /** When it was removed, if it was. */
  readonly removed_at: DateTime | null;
  /** What is wrong with its fields, if anything. */
  readonly problems?: readonly FieldProblem[];
}

/** The fields of a session as they are set; null empties one. */
export interface SessionFields {
  /** 开始: start; needed. */
  start?: DateTime;
  /** 结束: end; needed. */
  end?: DateTime;
  /** 场地: venue. */
  venue?: RecordId | null;
  /** 讲师: teacher. */
  teacher?: string | null;
  /** 备注: note. */
  note?: string | null;
}

/** What a session is known by: its id follows from it, so it never changes. */
export interface SessionIdentity {
  /** 课程: course; needed. */
  course: RecordId;
  /** 名称: name; needed. */
  name: string;
}

/** A new session. */
export type NewSession = SessionIdentity & SessionFields & Required<Pick<SessionFields, "start" | "end">>;

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

/** 报名: enrolment. */
export interface Enrolment {
  /** The same wherever it is. */
  readonly id: RecordId;
  /** 课程: course; needed. */
  readonly course: RecordId | null;
  /** 姓名: name; needed. */
  readonly name: string;
  /** 电话: phone. */
  readonly phone: string;
  /** 所属站点: home. */
  readonly home: SiteKey | null;
  /** 人员: person. */
  readonly person: RecordId | null;
  /** 状态: state. */
  readonly state: "enrolled" | "withdrawn";
  /** 确认人: confirmed by. */
  readonly confirmed_by: string;
  /** 备注: note. */
  readonly note: string;
  /** When it was removed, if it was. */
  readonly removed_at: DateTime | null;
  /** What is wrong with its fields, if anything. */
  readonly problems?: readonly FieldProblem[];
}

/** The fields of a enrolment as they are set; null empties one. */
export interface EnrolmentFields {
  /** 所属站点: home. */
  home?: SiteKey | null;
  /** 人员: person. */
  person?: RecordId | null;
  /** 状态: state. */
  state?: "enrolled" | "withdrawn" | null;
  /** 确认人: confirmed by. */
  confirmed_by?: string | null;
  /** 备注: note. */
  note?: string | null;
}

/** What a enrolment is known by: its id follows from it, so it never changes. */
export interface EnrolmentIdentity {
  /** 课程: course; needed. */
  course: RecordId;
  /** 姓名: name; needed. */
  name: string;
  /** 电话: phone. */
  phone: string | null;
}

/** A new enrolment. */
export type NewEnrolment = EnrolmentIdentity & EnrolmentFields;

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

/** 发证登记: issue. */
export interface Issue {
  /** The same wherever it is. */
  readonly id: RecordId;
  /** 印记: seal; needed. */
  readonly seal: string;
  /** 站点: site; needed. */
  readonly site: SiteKey;
  /** 发证日期: issued on; needed. */
  readonly issued_on: CivilDate | null;
  /** 有效期至: expires on. */
  readonly expires_on: CivilDate | null;
  /** 吊销日期: revoked on. */
  readonly revoked_on: CivilDate | null;
  /** When it was removed, if it was. */
  readonly removed_at: DateTime | null;
  /** What is wrong with its fields, if anything. */
  readonly problems?: readonly FieldProblem[];
}

/** The fields of a issue as they are set; null empties one. */
export interface IssueFields {
  /** 站点: site; needed. */
  site?: SiteKey;
  /** 发证日期: issued on; needed. */
  issued_on?: CivilDate;
  /** 有效期至: expires on. */
  expires_on?: CivilDate | null;
  /** 吊销日期: revoked on. */
  revoked_on?: CivilDate | null;
}

/** What a issue is known by: its id follows from it, so it never changes. */
export interface IssueIdentity {
  /** 印记: seal; needed. */
  seal: string;
}

/** A new issue. */
export type NewIssue = IssueIdentity & IssueFields & Required<Pick<IssueFields, "site" | "issued_on">>;

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

/** 调解员: mediator. */
export interface Mediator {
  /** The same wherever it is. */
  readonly id: RecordId;
  /** 站点: site; needed. */
  readonly site: SiteKey;
  /** 案件编号: number; needed. */
  readonly case: string;
  /** 姓名: name; needed. */
  readonly name: string;
  /** 岗位: post. */
  readonly post: string;
  /** 所属站点: of. */
  readonly of: SiteKey | null;
  /** 人员: person. */
  readonly person: RecordId | null;
  /** 备注: note. */
  readonly note: string;
  /** When it was removed, if it was. */
  readonly removed_at: DateTime | null;
  /** What is wrong with its fields, if anything. */
  readonly problems?: readonly FieldProblem[];
}

/** The fields of a mediator as they are set; null empties one. */
export interface MediatorFields {
  /** 岗位: post. */
  post?: string | null;
  /** 所属站点: of. */
  of?: SiteKey | null;
  /** 人员: person. */
  person?: RecordId | null;
  /** 备注: note. */
  note?: string | null;
}

/** What a mediator is known by: its id follows from it, so it never changes. */
export interface MediatorIdentity {
  /** 站点: site; needed. */
  site: SiteKey;
  /** 案件编号: number; needed. */
  case: string;
  /** 姓名: name; needed. */
  name: string;
}

/** A new mediator. */
export type NewMediator = MediatorIdentity & MediatorFields;

/** 当事人: party. */
export interface Party {
  /** The same wherever it is. */
  readonly id: RecordId;
  /** 站点: site; needed. */
  readonly site: SiteKey;
  /** 案件编号: number; needed. */
  readonly case: string;
  /** 姓名或名称: name; needed. */
  readonly name: string;
  /** 身份: side; needed. */
  readonly side: "applicant" | "respondent" | "third";
  /** 电话: phone. */
  readonly phone: string;
  /** 代表人数: people. */
  readonly people: number | null;
  /** 代理人: agent. */
  readonly agent: string;
  /** 备注: note. */
  readonly note: string;
  /** When it was removed, if it was. */
  readonly removed_at: DateTime | null;
  /** What is wrong with its fields, if anything. */
  readonly problems?: readonly FieldProblem[];
}

/** The fields of a party as they are set; null empties one. */
export interface PartyFields {
  /** 身份: side; needed. */
  side?: "applicant" | "respondent" | "third";
  /** 电话: phone. */
  phone?: string | null;
  /** 代表人数: people. */
  people?: number | null;
  /** 代理人: agent. */
  agent?: string | null;
  /** 备注: note. */
  note?: string | null;
}

/** What a party is known by: its id follows from it, so it never changes. */
export interface PartyIdentity {
  /** 站点: site; needed. */
  site: SiteKey;
  /** 案件编号: number; needed. */
  case: string;
  /** 姓名或名称: name; needed. */
  name: string;
}

/** A new party. */
export type NewParty = PartyIdentity & PartyFields & Required<Pick<PartyFields, "side">>;

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
  /** 所需证书: certificates. */
  readonly certificates: readonly string[];
  /** 调解岗位: mediates. */
  readonly mediates: boolean;
  /** When it was removed, if it was. */
  readonly removed_at: DateTime | null;
  /** What is wrong with its fields, if anything. */
  readonly problems?: readonly FieldProblem[];
}

/** The fields of a post as they are set; null empties one. */
export interface PostFields {
  /** 不限开放时间: any hours. */
  any_hours?: boolean | null;
  /** 所需证书: certificates. */
  certificates?: readonly string[] | null;
  /** 调解岗位: mediates. */
  mediates?: boolean | null;
}

/** What a post is known by: its id follows from it, so it never changes. */
export interface PostIdentity {
  /** 名称: name; needed. */
  name: string;
}

/** A new post. */
export type NewPost = PostIdentity & PostFields;

/** 资质: qualification. */
export interface Qualification {
  /** The same wherever it is. */
  readonly id: RecordId;
  /** 人员: person; needed. */
  readonly person: RecordId | null;
  /** 证书名称: certificate name; needed. */
  readonly certificate: string;
  /** 发证日期: issued on. */
  readonly issued_on: CivilDate | null;
  /** 有效期至: expires on. */
  readonly expires_on: CivilDate | null;
  /** 证书编号: number. */
  readonly number: string;
  /** 发证单位: issued by. */
  readonly issued_by: string;
  /** 备注: note. */
  readonly note: string;
  /** When it was removed, if it was. */
  readonly removed_at: DateTime | null;
  /** What is wrong with its fields, if anything. */
  readonly problems?: readonly FieldProblem[];
}

/** The fields of a qualification as they are set; null empties one. */
export interface QualificationFields {
  /** 有效期至: expires on. */
  expires_on?: CivilDate | null;
  /** 证书编号: number. */
  number?: string | null;
  /** 发证单位: issued by. */
  issued_by?: string | null;
  /** 备注: note. */
  note?: string | null;
}

/** What a qualification is known by: its id follows from it, so it never changes. */
export interface QualificationIdentity {
  /** 人员: person; needed. */
  person: RecordId;
  /** 证书名称: certificate name; needed. */
  certificate: string;
  /** 发证日期: issued on. */
  issued_on: CivilDate | null;
}

/** A new qualification. */
export type NewQualification = QualificationIdentity & QualificationFields;

/** 移送: referral. */
export interface Referral {
  /** The same wherever it is. */
  readonly id: RecordId;
  /** 站点: site; needed. */
  readonly site: SiteKey;
  /** 案件编号: number; needed. */
  readonly case: string;
  /** 事由: kind; needed. */
  readonly kind: "confirmation" | "arbitration" | "court" | "site";
  /** 移送至: to. */
  readonly to: string;
  /** 转交站点: to site. */
  readonly to_site: SiteKey | null;
  /** 移送时间: sent; needed. */
  readonly sent: DateTime;
  /** 受理案号: reference. */
  readonly reference: string;
  /** 备注: note. */
  readonly note: string;
  /** When it was removed, if it was. */
  readonly removed_at: DateTime | null;
  /** What is wrong with its fields, if anything. */
  readonly problems?: readonly FieldProblem[];
}

/** The fields of a referral as they are set; null empties one. */
export interface ReferralFields {
  /** 站点: site; needed. */
  site?: SiteKey;
  /** 案件编号: number; needed. */
  case?: string;
  /** 事由: kind; needed. */
  kind?: "confirmation" | "arbitration" | "court" | "site";
  /** 移送至: to. */
  to?: string | null;
  /** 转交站点: to site. */
  to_site?: SiteKey | null;
  /** 移送时间: sent; needed. */
  sent?: DateTime;
  /** 受理案号: reference. */
  reference?: string | null;
  /** 备注: note. */
  note?: string | null;
}

/** A new referral. */
export type NewReferral = ReferralFields & Required<Pick<ReferralFields, "site" | "case" | "kind" | "sent">>;

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

/** 调解会: sitting. */
export interface Sitting {
  /** The same wherever it is. */
  readonly id: RecordId;
  /** 站点: site; needed. */
  readonly site: SiteKey;
  /** 案件编号: number; needed. */
  readonly case: string;
  /** 开始: start; needed. */
  readonly start: DateTime;
  /** 结束: end; needed. */
  readonly end: DateTime;
  /** 场地: venue. */
  readonly venue: RecordId | null;
  /** 地点: place. */
  readonly place: string;
  /** 记录: minutes. */
  readonly minutes: string;
  /** When it was removed, if it was. */
  readonly removed_at: DateTime | null;
  /** What is wrong with its fields, if anything. */
  readonly problems?: readonly FieldProblem[];
}

/** The fields of a sitting as they are set; null empties one. */
export interface SittingFields {
  /** 站点: site; needed. */
  site?: SiteKey;
  /** 案件编号: number; needed. */
  case?: string;
  /** 开始: start; needed. */
  start?: DateTime;
  /** 结束: end; needed. */
  end?: DateTime;
  /** 场地: venue. */
  venue?: RecordId | null;
  /** 地点: place. */
  place?: string | null;
  /** 记录: minutes. */
  minutes?: string | null;
}

/** A new sitting. */
export type NewSitting = SittingFields & Required<Pick<SittingFields, "site" | "case" | "start" | "end">>;

/** 进展: step. */
export interface Step {
  /** The same wherever it is. */
  readonly id: RecordId;
  /** 对象: about; needed. */
  readonly about: RecordId | null;
  /** 前一步: after. */
  readonly after: RecordId | null;
  /** 阶段: stage; needed. */
  readonly stage: "submitted" | "accepted" | "assigned" | "done" | "confirmed" | "declined" | "withdrawn" | "registered" | "mediating" | "agreed" | "failed" | "referred" | "ratified" | "unratified" | "closed";
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
  stage?: "submitted" | "accepted" | "assigned" | "done" | "confirmed" | "declined" | "withdrawn" | "registered" | "mediating" | "agreed" | "failed" | "referred" | "ratified" | "unratified" | "closed";
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
  readonly kind: "booking" | "claim" | "request" | "enrolment";
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
  /** 课程: course. */
  readonly course: RecordId | null;
  /** 证书核验码: proof. */
  readonly proof: string;
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
  kind?: "booking" | "claim" | "request" | "enrolment";
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
  /** 课程: course. */
  course?: RecordId | null;
  /** 证书核验码: proof. */
  proof?: string | null;
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
export type RecordOf<C extends Collection> = C extends "agreements"
  ? Agreement
  : C extends "assessments"
  ? Assessment
  : C extends "attendance"
  ? Attendance
  : C extends "bookings"
  ? Booking
  : C extends "days"
  ? CalendarDay
  : C extends "case"
  ? Case
  : C extends "certificates"
  ? Certificate
  : C extends "contests"
  ? Contest
  : C extends "entries"
  ? ContestEntry
  : C extends "courses"
  ? Course
  : C extends "sessions"
  ? Session
  : C extends "devices"
  ? Device
  : C extends "drives"
  ? Drive
  : C extends "enrolments"
  ? Enrolment
  : C extends "exceptions"
  ? HoursException
  : C extends "issues"
  ? Issue
  : C extends "items"
  ? Item
  : C extends "ledger"
  ? LedgerEntry
  : C extends "mediators"
  ? Mediator
  : C extends "parties"
  ? Party
  : C extends "persons"
  ? Person
  : C extends "posts"
  ? Post
  : C extends "qualifications"
  ? Qualification
  : C extends "referrals"
  ? Referral
  : C extends "services"
  ? Service
  : C extends "shifts"
  ? Shift
  : C extends "sites"
  ? Site
  : C extends "sittings"
  ? Sitting
  : C extends "timeline"
  ? Step
  : C extends "submission"
  ? Submission
  : C extends "venues"
  ? Venue
  : UntypedRecord;

/** The fields that can be set in each collection. */
export type RecordFields<C extends Collection> = C extends "agreements"
  ? AgreementFields
  : C extends "assessments"
  ? AssessmentFields
  : C extends "attendance"
  ? AttendanceFields
  : C extends "bookings"
  ? BookingFields
  : C extends "days"
  ? CalendarDayFields
  : C extends "case"
  ? CaseFields
  : C extends "certificates"
  ? CertificateFields
  : C extends "contests"
  ? ContestFields
  : C extends "entries"
  ? ContestEntryFields
  : C extends "courses"
  ? CourseFields
  : C extends "sessions"
  ? SessionFields
  : C extends "devices"
  ? DeviceFields
  : C extends "drives"
  ? DriveFields
  : C extends "enrolments"
  ? EnrolmentFields
  : C extends "exceptions"
  ? HoursExceptionFields
  : C extends "issues"
  ? IssueFields
  : C extends "items"
  ? ItemFields
  : C extends "ledger"
  ? LedgerEntryFields
  : C extends "mediators"
  ? MediatorFields
  : C extends "parties"
  ? PartyFields
  : C extends "persons"
  ? PersonFields
  : C extends "posts"
  ? PostFields
  : C extends "qualifications"
  ? QualificationFields
  : C extends "referrals"
  ? ReferralFields
  : C extends "services"
  ? ServiceFields
  : C extends "shifts"
  ? ShiftFields
  : C extends "sites"
  ? SiteFields
  : C extends "sittings"
  ? SittingFields
  : C extends "timeline"
  ? StepFields
  : C extends "submission"
  ? SubmissionFields
  : C extends "venues"
  ? VenueFields
  : { [field: string]: Value | null };

/** What a new record of each collection needs. */
export type NewRecord<C extends Collection> = C extends "agreements"
  ? NewAgreement
  : C extends "assessments"
  ? NewAssessment
  : C extends "attendance"
  ? NewAttendance
  : C extends "bookings"
  ? NewBooking
  : C extends "days"
  ? NewCalendarDay
  : C extends "case"
  ? NewCase
  : C extends "certificates"
  ? NewCertificate
  : C extends "contests"
  ? NewContest
  : C extends "entries"
  ? NewContestEntry
  : C extends "courses"
  ? NewCourse
  : C extends "sessions"
  ? NewSession
  : C extends "devices"
  ? NewDevice
  : C extends "drives"
  ? NewDrive
  : C extends "enrolments"
  ? NewEnrolment
  : C extends "exceptions"
  ? NewHoursException
  : C extends "issues"
  ? NewIssue
  : C extends "items"
  ? NewItem
  : C extends "ledger"
  ? NewLedgerEntry
  : C extends "mediators"
  ? NewMediator
  : C extends "parties"
  ? NewParty
  : C extends "persons"
  ? NewPerson
  : C extends "posts"
  ? NewPost
  : C extends "qualifications"
  ? NewQualification
  : C extends "referrals"
  ? NewReferral
  : C extends "services"
  ? NewService
  : C extends "shifts"
  ? NewShift
  : C extends "sites"
  ? NewSite
  : C extends "sittings"
  ? NewSitting
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
  | "edited-step"
  | "enrolled-twice"
  | "expiring-certificate"
  | "field-conflict"
  | "illegal-step"
  | "late-edit"
  | "late-spend"
  | "long-in-transit"
  | "low-stock"
  | "mediator-off-rota"
  | "missing-agreement"
  | "moot-booking"
  | "moot-enrolment"
  | "namesakes"
  | "orphan-site"
  | "outside-hours"
  | "over-capacity"
  | "over-full-course"
  | "overdrawn"
  | "overdue-case"
  | "overlap"
  | "parent-cycle"
  | "party-mediates"
  | "session-clash"
  | "session-outside-hours"
  | "stale-confirmation"
  | "unbooked-session"
  | "uncertified-shift"
  | "undelivered-certificate"
  | "unearned-certificate"
  | "unenrolled-learner"
  | "unentitled-confirmation"
  | "unknown-learner"
  | "unknown-person"
  | "unknown-site"
  | "unknown-venue"
  | "unmatched-receipt"
  | "unmediated-case"
  | "unperformed-agreement"
  | "unpublished-certificate"
  | "unreadable-field"
  | "unreferred-agreement"
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
  | "withdrawn"
  | "registered"
  | "mediating"
  | "agreed"
  | "failed"
  | "referred"
  | "ratified"
  | "unratified"
  | "closed";

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
  readonly stages: Readonly<Partial<Record<Stage, number>>>;
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

/** Whether somebody who enrolled has a seat: worked out from all enrolments in the course, and stored nowhere. */
export type Seat =
  | "confirmed"
  | "granted"
  | "waiting"
  | "withdrawn";

/** What came of somebody's assessments. */
export type Verdict =
  | "passed"
  | "failed"
  | "open";

/** What is known of a certificate that somebody shows: `elsewhere` is one of another network. */
export type Checked =
  | "valid"
  | "expired"
  | "revoked"
  | "unknown"
  | "not-held"
  | "elsewhere";

/** A lesson of a course. */
export interface Lesson {
  /** The session's id. */
  readonly id: RecordId;
  /** Its name, which no other of the course has. */
  readonly name: string;
  /** When it starts. */
  readonly start: DateTime;
  /** When it ends. */
  readonly end: DateTime;
  /** Where it takes place. */
  readonly venue: RecordId | null;
  /** What that is called; null where it is not in the directory. */
  readonly venue_name: string | null;
  /** Who teaches; may be empty. */
  readonly teacher: string;
  /** A remark; may be empty. */
  readonly note: string;
}

/** A course as everybody may see it: who takes it is not said. */
export interface CourseInfo extends Course {
  /** Its lessons, by start. */
  readonly sessions: readonly Lesson[];
  /** When the first starts; null where none is planned. */
  readonly begins: DateTime | null;
  /** The last day on which people can enrol. */
  readonly until: CivilDate | null;
  /** Whether people can enrol today; whether a seat is free is known at the school. */
  readonly is_open: boolean;
}

/** A course, and who takes it. */
export interface ClassSheet extends CourseInfo {
  /** How many seats are free; null where there is no bound. */
  readonly free: number | null;
  /** How many have a seat. */
  readonly seated: number;
  /** How many wait for one. */
  readonly waiting: number;
  /** Everybody who enrolled, in the order in which they are seated. */
  readonly members: readonly ClassMember[];
}

/** Somebody who enrolled, and what has become of them. */
export interface ClassMember {
  /** The enrolment: who, and of which site. */
  readonly enrolment: Enrolment;
  /** Whether they have a seat. */
  readonly seat: Seat;
  /** Of those who wait: how many would have to give up a seat. */
  readonly position: number | null;
  /** Whether they were there, by session; none where nobody noted it. */
  readonly attendance: Readonly<Record<RecordId, Attendance["state"]>>;
  /** In how many lessons they were. */
  readonly there: number;
  /** How many there were by now in which anybody's attendance was noted. */
  readonly held: number;
  /** Their assessments, by day. */
  readonly assessments: readonly (Assessment & {
    /** Whether it was passed; null where it does not say. */
    readonly passed: boolean | null;
  })[];
  /** What came of them together. */
  readonly verdict: Verdict;
  /** Why they cannot be certified; null where they can, or are. */
  readonly lacks: Text | null;
  /** Their certificates of the course: one, unless it was entered twice. */
  readonly certificates: readonly CertificateInfo[];
}

/** A certificate that a school issued, as of today. */
export interface CertificateInfo extends Certificate {
  /** Whose school. */
  readonly site: SiteKey;
  /** The number that is printed on it. */
  readonly shown_number: string;
  /** Whether it is valid. */
  readonly state: "valid" | "not-yet" | "expired" | "revoked";
  /** What its code says; null where the record is not whole. */
  readonly proof: string | null;
}

/** What somebody learns and has learnt, at the schools that are held. */
export interface Learner {
  /** Their name. */
  readonly name: string;
  /** Their courses, by when they begin. */
  readonly courses: readonly (CourseInfo & {
    /** What has become of them in it. */
    readonly member: ClassMember;
  })[];
  /** Their certificates, valid or not. */
  readonly certificates: readonly CertificateInfo[];
}

/** A contest, and how it stands. */
export interface ContestSheet extends Contest {
  /** The best first; those without a rank last. */
  readonly standings: readonly Standing[];
  /** The contest that the best go on to. */
  readonly next: {
    /** Who holds it. */
    readonly site: SiteKey;
    /** Its id. */
    readonly contest: RecordId;
    /** What it is called. */
    readonly name: string;
  } | null;
}

/** Where somebody stands in a contest. */
export interface Standing extends ContestEntry {
  /** From 1; those who are level share one: 1, 2, 2, 4. Null without a score, or for who does not take part any more. */
  readonly rank: number | null;
  /** Whether they go on. */
  readonly advances: boolean;
}

/** What a certificate's code says, and what is known of it here. */
export type ProofCheck =
  | {
      /** It is no code, or one that was changed or misread. */
      readonly checked: "unreadable";
      /** What is wrong, for people. */
      readonly text: Text;
    }
  | {
      /** What is known of it. */
      readonly checked: Checked;
      /** What that means, for people. */
      readonly text: Text;
      /** Its network. */
      readonly network: string;
      /** The site whose school is said to have issued it. */
      readonly site: SiteKey;
      /** What it certifies. */
      readonly certificate: string;
      /** Whose it is. */
      readonly name: string;
      /** The number on it. */
      readonly number: string;
      /** The first day on which it is valid. */
      readonly issued_on: CivilDate;
      /** The last; null where it is for ever. */
      readonly expires_on: CivilDate | null;
    };

/** What a site has to do next with a case. */
export type CaseDuty = "accept" | "assign" | "conclude" | "refer" | "close";

/** How long a case took, or how old it is. */
export interface CaseDays {
  /** In days of the calendar; none where both are on one day. */
  readonly days: number;
  /** In working days. */
  readonly working_days: number;
}

/** A specialist who is on duty. */
export interface Specialist {
  /** Their name, as the roster writes it. */
  readonly name: string;
  /** Their post. */
  readonly post: string;
  /** The site on whose roster they are. */
  readonly site: SiteKey;
  /** The person, where known. */
  readonly person: RecordId | null;
  /** Until when they are. */
  readonly until: DateTime;
  /** How many open cases they mediate, of those that are here. */
  readonly cases: number;
}

/** By when a site has to do something with a case. */
export interface CaseDeadline {
  /** What. */
  readonly duty: CaseDuty;
  /** Since when it is waited for. */
  readonly since: DateTime;
  /** The last second that is in time. */
  readonly due: DateTime;
  /** Whether that is over. */
  readonly overdue: boolean;
}

/** A case with all that belongs to it, and how far it has come. */
export interface CaseSheet {
  /** The document it is in, which begins with the site that registered it. */
  readonly document: Name;
  /** What people call it: its parties, or its number where it has none. */
  readonly title: Text;
  /** The case. */
  readonly case: Case;
  /** The stage it is at. */
  readonly stage: Stage;
  /** Every step, in the order that is the same on every device. */
  readonly steps: readonly PlacedStep[];
  /** Where it can go from here. */
  readonly next: readonly Stage[];
  /** What came of the mediation, and when: an agreement, a failure or a withdrawal. */
  readonly outcome: {
    /** Which. */
    readonly stage: Stage;
    /** When. */
    readonly at: DateTime;
  } | null;
  /** Whether it waits for an outcome. */
  readonly open: boolean;
  /** Whether nothing more is to be done with it. */
  readonly over: boolean;
  /** How many people it is about. */
  readonly people: number;
  /** The parties, applicants first. */
  readonly parties: readonly Party[];
  /** Who mediates it. */
  readonly mediators: readonly Mediator[];
  /** The sittings, by start. */
  readonly sittings: readonly Sitting[];
  /** The agreements, by the day on which they were signed. */
  readonly agreements: readonly Agreement[];
  /** To whom it was handed, by time. */
  readonly referrals: readonly Referral[];
  /** How old it is: to its outcome or, where it waits for one, to now; null where that cannot be told. */
  readonly age: CaseDays | null;
  /** What the site has to do next; null where it waits for others, or is over. */
  readonly deadline: CaseDeadline | null;
}

/** A sitting, and the case it is of. */
export interface CaseSitting extends Sitting {
  /** The document of the case. */
  readonly document: Name;
  /** What people call the case. */
  readonly title: Text;
}

/** What a mediator has to do. */
export interface MediatorsDay {
  /** The day. */
  readonly date: CivilDate;
  /** The Monday of its week. */
  readonly from: CivilDate;
  /** The Sunday of its week. */
  readonly until: CivilDate;
  /** The sittings of the week, by start. */
  readonly sittings: readonly CaseSitting[];
  /** The cases with which something is to be done, what is due first before the others. */
  readonly due: readonly CaseSheet[];
}

/** Some cases, counted: those that came in, and those that came to an outcome. */
export interface CaseTally {
  /** How many came in. */
  readonly received: number;
  /** Of those, from courts and arbitration commissions. */
  readonly referred_in: number;
  /** Of those that came in, how many were declined. */
  readonly declined: number;
  /** Of those that came in, how many wait for an outcome. */
  readonly open: number;
  /** Of those that came in, how many a site is late with, whatever it has to do. */
  readonly overdue: number;
  /** How many came to an outcome. */
  readonly concluded: number;
  /** Of those, to an agreement. */
  readonly agreed: number;
  /** Of those, to none. */
  readonly failed: number;
  /** Of those, withdrawn. */
  readonly withdrawn: number;
  /** Of the agreements, how many went to be confirmed. */
  readonly referred: number;
  /** Of the agreements, how many were confirmed. */
  readonly ratified: number;
  /** How many people those that came in are about. */
  readonly people: number;
  /** How much is claimed in those that came in, in fen. */
  readonly claimed_fen: number;
  /** How much was agreed on, in fen. */
  readonly secured_fen: number;
  /** In how many of a hundred cases that were mediated to an end the parties agreed; null where there was none. */
  readonly success_percent: number | null;
  /** How many of a hundred agreements were confirmed; null where there was none. */
  readonly confirmation_percent: number | null;
  /** Half of those that came to an agreement or failed took no longer, in days; null where there was none. */
  readonly median_days: number | null;
  /** Nine of ten of them took no longer. */
  readonly p90_days: number | null;
  /** The median in working days. */
  readonly median_working_days: number | null;
  /** What nine of ten do not exceed, in working days. */
  readonly p90_working_days: number | null;
}

/** What cases are counted by. */
export type CaseBy = "month" | "mode" | "site";

/** Cases of some days, counted. */
export interface CaseFigures {
  /** By what was asked for; what was not is null. */
  readonly rows: readonly (CaseTally & {
    /** The month: `2026-12`. */
    readonly month: string | null;
    /** How they are mediated. */
    readonly mode: Case["mode"] | null;
    /** The site that registered them. */
    readonly site: SiteKey | null;
  })[];
  /** All of them. */
  readonly total: CaseTally;
}

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
  agreements: {
    label: { zh: "调解协议", en: "agreement" },
    knownBy: [],
    fields: {
      site: { label: { zh: "站点", en: "site" }, required: true, form: "site" },
      case: { label: { zh: "案件编号", en: "number" }, required: true, form: "text" },
      signed: { label: { zh: "签订日期", en: "signed" }, required: true, form: "date" },
      amount: { label: { zh: "协议金额", en: "amount" }, required: false, form: "number", min: 0, max: 2000000000 },
      terms: { label: { zh: "协议内容", en: "terms" }, required: false, form: "text" },
      confirm: { label: { zh: "申请司法确认", en: "to be confirmed" }, required: false, form: "flag" },
      due: { label: { zh: "履行期限", en: "due" }, required: false, form: "date" },
      performed: { label: { zh: "履行日期", en: "performed" }, required: false, form: "date" },
      note: { label: { zh: "备注", en: "note" }, required: false, form: "text" },
    },
  },
  assessments: {
    label: { zh: "考核", en: "assessment" },
    knownBy: ["course", "name", "phone", "on"],
    fields: {
      course: { label: { zh: "课程", en: "course" }, required: true, form: "record", refersTo: "courses" },
      name: { label: { zh: "姓名", en: "name" }, required: true, form: "text" },
      phone: { label: { zh: "电话", en: "phone" }, required: false, form: "text" },
      on: { label: { zh: "考核日期", en: "on" }, required: true, form: "date" },
      score: { label: { zh: "成绩", en: "score" }, required: false, form: "number", min: 0, max: 1000 },
      result: { label: { zh: "结果", en: "result" }, required: false, form: "choice", choices: { "by-score": { zh: "按成绩", en: "by score" }, passed: { zh: "合格", en: "passed" }, failed: { zh: "不合格", en: "failed" } } },
      assessor: { label: { zh: "考核人", en: "assessor" }, required: false, form: "text" },
      note: { label: { zh: "备注", en: "note" }, required: false, form: "text" },
    },
  },
  attendance: {
    label: { zh: "考勤", en: "attendance" },
    knownBy: ["session", "name", "phone"],
    fields: {
      session: { label: { zh: "课次", en: "session" }, required: true, form: "record", refersTo: "sessions" },
      name: { label: { zh: "姓名", en: "name" }, required: true, form: "text" },
      phone: { label: { zh: "电话", en: "phone" }, required: false, form: "text" },
      state: { label: { zh: "出勤", en: "presence" }, required: false, form: "choice", choices: { present: { zh: "出勤", en: "present" }, late: { zh: "迟到", en: "late" }, leave: { zh: "请假", en: "leave" }, absent: { zh: "缺勤", en: "absent" } } },
      note: { label: { zh: "备注", en: "note" }, required: false, form: "text" },
    },
  },
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
      confirmed_for: { label: { zh: "确认内容", en: "confirmed for" }, required: false, form: "text" },
      note: { label: { zh: "备注", en: "note" }, required: false, form: "text" },
    },
  },
  days: {
    label: { zh: "日历日", en: "calendar day" },
    knownBy: ["date"],
    fields: {
      date: { label: { zh: "日期", en: "date" }, required: true, form: "date" },
      kind: { label: { zh: "类型", en: "kind" }, required: true, form: "choice", choices: { holiday: { zh: "放假", en: "holiday" }, workday: { zh: "补班", en: "workday" } } },
      name: { label: { zh: "名称", en: "name" }, required: false, form: "text" },
    },
  },
  case: {
    label: { zh: "案件", en: "case" },
    knownBy: ["site", "case"],
    fields: {
      site: { label: { zh: "站点", en: "site" }, required: true, form: "site" },
      case: { label: { zh: "案件编号", en: "number" }, required: true, form: "text" },
      mode: { label: { zh: "方式", en: "mode" }, required: true, form: "choice", choices: { clinic: { zh: "门诊式", en: "clinic" }, consultation: { zh: "会诊式", en: "consultation" }, emergency: { zh: "急诊式", en: "emergency" } } },
      origin: { label: { zh: "来源", en: "origin" }, required: true, form: "choice", choices: { "walk-in": { zh: "来访", en: "walk-in" }, hotline: { zh: "热线", en: "hotline" }, court: { zh: "法院委派", en: "court" }, arbitration: { zh: "仲裁委托", en: "arbitration" }, passed: { zh: "部门转交", en: "passed on" } } },
      claim: { label: { zh: "争议类型", en: "claim" }, required: true, form: "choice", choices: { wages: { zh: "欠薪", en: "wage arrears" }, injury: { zh: "工伤", en: "work injury" }, contract: { zh: "劳动合同", en: "contract" }, dismissal: { zh: "解除与补偿", en: "dismissal" }, insurance: { zh: "社会保险", en: "social insurance" }, hours: { zh: "工时休假", en: "working hours" }, other: { zh: "其他", en: "other" } } },
      amount: { label: { zh: "金额", en: "amount" }, required: false, form: "number", min: 0, max: 2000000000 },
      people: { label: { zh: "人数", en: "people" }, required: false, form: "number", min: 1, max: 100000 },
      received: { label: { zh: "登记时间", en: "received" }, required: true, form: "datetime" },
      reference: { label: { zh: "来文号", en: "reference" }, required: false, form: "text" },
      facts: { label: { zh: "案情", en: "facts" }, required: false, form: "text" },
      extended_to: { label: { zh: "延期至", en: "extended to" }, required: false, form: "date" },
      note: { label: { zh: "备注", en: "note" }, required: false, form: "text" },
    },
  },
  certificates: {
    label: { zh: "证书", en: "certificate" },
    knownBy: ["course", "name", "phone"],
    fields: {
      course: { label: { zh: "课程", en: "course" }, required: true, form: "record", refersTo: "courses" },
      name: { label: { zh: "姓名", en: "name" }, required: true, form: "text" },
      phone: { label: { zh: "电话", en: "phone" }, required: false, form: "text" },
      home: { label: { zh: "所属站点", en: "home" }, required: false, form: "site" },
      person: { label: { zh: "人员", en: "person" }, required: false, form: "record", refersTo: "persons" },
      certificate: { label: { zh: "证书名称", en: "certificate name" }, required: true, form: "text" },
      number: { label: { zh: "证书编号", en: "number" }, required: false, form: "text" },
      issued_on: { label: { zh: "发证日期", en: "issued on" }, required: true, form: "date" },
      expires_on: { label: { zh: "有效期至", en: "expires on" }, required: false, form: "date" },
      issued_by: { label: { zh: "发证人", en: "issued by" }, required: false, form: "text" },
      revoked_on: { label: { zh: "吊销日期", en: "revoked on" }, required: false, form: "date" },
      note: { label: { zh: "备注", en: "note" }, required: false, form: "text" },
    },
  },
  contests: {
    label: { zh: "竞赛", en: "contest" },
    knownBy: ["site", "name"],
    fields: {
      site: { label: { zh: "站点", en: "site" }, required: true, form: "site" },
      name: { label: { zh: "名称", en: "name" }, required: true, form: "text" },
      tier: { label: { zh: "级别", en: "tier" }, required: false, form: "choice", choices: { site: { zh: "站点初赛", en: "site" }, district: { zh: "片区复赛", en: "district" }, county: { zh: "县级决赛", en: "county" } } },
      on: { label: { zh: "日期", en: "on" }, required: false, form: "date" },
      best: { label: { zh: "名次", en: "best" }, required: false, form: "choice", choices: { highest: { zh: "高者为先", en: "highest" }, lowest: { zh: "低者为先", en: "lowest" } } },
      advance: { label: { zh: "晋级人数", en: "advance" }, required: false, form: "number", min: 1, max: 100000 },
      leads_to: { label: { zh: "晋级到", en: "leads to" }, required: false, form: "text" },
      leads_to_site: { label: { zh: "晋级到站点", en: "leads to site" }, required: false, form: "site" },
      note: { label: { zh: "说明", en: "note" }, required: false, form: "text" },
    },
  },
  entries: {
    label: { zh: "参赛", en: "contest entry" },
    knownBy: ["contest", "name", "home"],
    fields: {
      contest: { label: { zh: "竞赛", en: "contest" }, required: true, form: "record", refersTo: "contests" },
      name: { label: { zh: "姓名", en: "name" }, required: true, form: "text" },
      home: { label: { zh: "代表站点", en: "home" }, required: false, form: "site" },
      person: { label: { zh: "人员", en: "person" }, required: false, form: "record", refersTo: "persons" },
      phone: { label: { zh: "电话", en: "phone" }, required: false, form: "text" },
      score: { label: { zh: "成绩", en: "score" }, required: false, form: "number", min: -1000000, max: 1000000 },
      state: { label: { zh: "状态", en: "state" }, required: false, form: "choice", choices: { entered: { zh: "参赛", en: "entered" }, withdrawn: { zh: "弃权", en: "withdrawn" }, disqualified: { zh: "取消资格", en: "disqualified" } } },
      note: { label: { zh: "备注", en: "note" }, required: false, form: "text" },
    },
  },
  courses: {
    label: { zh: "课程", en: "course" },
    knownBy: ["site", "name"],
    fields: {
      site: { label: { zh: "站点", en: "site" }, required: true, form: "site" },
      name: { label: { zh: "名称", en: "name" }, required: true, form: "text" },
      certificate: { label: { zh: "可得证书", en: "certificate" }, required: false, form: "text" },
      valid_months: { label: { zh: "证书有效月数", en: "valid months" }, required: false, form: "number", min: 1, max: 1200 },
      capacity: { label: { zh: "名额", en: "capacity" }, required: false, form: "number", min: 1, max: 100000 },
      pass_mark: { label: { zh: "合格分", en: "pass mark" }, required: false, form: "number", min: 0, max: 1000 },
      attendance: { label: { zh: "出勤率要求", en: "attendance" }, required: false, form: "number", min: 0, max: 100 },
      enrol_until: { label: { zh: "报名截止", en: "enrol until" }, required: false, form: "date" },
      teacher: { label: { zh: "讲师", en: "teacher" }, required: false, form: "text" },
      state: { label: { zh: "状态", en: "state" }, required: false, form: "choice", choices: { open: { zh: "招生中", en: "open" }, closed: { zh: "停止报名", en: "closed" }, cancelled: { zh: "已取消", en: "cancelled" } } },
      note: { label: { zh: "说明", en: "note" }, required: false, form: "text" },
    },
  },
  sessions: {
    label: { zh: "课次", en: "session" },
    knownBy: ["course", "name"],
    lasts: ["start", "end"],
    fields: {
      course: { label: { zh: "课程", en: "course" }, required: true, form: "record", refersTo: "courses" },
      name: { label: { zh: "名称", en: "name" }, required: true, form: "text" },
      start: { label: { zh: "开始", en: "start" }, required: true, form: "datetime" },
      end: { label: { zh: "结束", en: "end" }, required: true, form: "datetime" },
      venue: { label: { zh: "场地", en: "venue" }, required: false, form: "record", refersTo: "venues" },
      teacher: { label: { zh: "讲师", en: "teacher" }, required: false, form: "text" },
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
  enrolments: {
    label: { zh: "报名", en: "enrolment" },
    knownBy: ["course", "name", "phone"],
    fields: {
      course: { label: { zh: "课程", en: "course" }, required: true, form: "record", refersTo: "courses" },
      name: { label: { zh: "姓名", en: "name" }, required: true, form: "text" },
      phone: { label: { zh: "电话", en: "phone" }, required: false, form: "text" },
      home: { label: { zh: "所属站点", en: "home" }, required: false, form: "site" },
      person: { label: { zh: "人员", en: "person" }, required: false, form: "record", refersTo: "persons" },
      state: { label: { zh: "状态", en: "state" }, required: false, form: "choice", choices: { enrolled: { zh: "已报名", en: "enrolled" }, withdrawn: { zh: "已退出", en: "withdrawn" } } },
      confirmed_by: { label: { zh: "确认人", en: "confirmed by" }, required: false, form: "text" },
      note: { label: { zh: "备注", en: "note" }, required: false, form: "text" },
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
  issues: {
    label: { zh: "发证登记", en: "issue" },
    knownBy: ["seal"],
    fields: {
      seal: { label: { zh: "印记", en: "seal" }, required: true, form: "text" },
      site: { label: { zh: "站点", en: "site" }, required: true, form: "site" },
      issued_on: { label: { zh: "发证日期", en: "issued on" }, required: true, form: "date" },
      expires_on: { label: { zh: "有效期至", en: "expires on" }, required: false, form: "date" },
      revoked_on: { label: { zh: "吊销日期", en: "revoked on" }, required: false, form: "date" },
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
  mediators: {
    label: { zh: "调解员", en: "mediator" },
    knownBy: ["site", "case", "name"],
    fields: {
      site: { label: { zh: "站点", en: "site" }, required: true, form: "site" },
      case: { label: { zh: "案件编号", en: "number" }, required: true, form: "text" },
      name: { label: { zh: "姓名", en: "name" }, required: true, form: "text" },
      post: { label: { zh: "岗位", en: "post" }, required: false, form: "text" },
      of: { label: { zh: "所属站点", en: "of" }, required: false, form: "site" },
      person: { label: { zh: "人员", en: "person" }, required: false, form: "record", refersTo: "persons" },
      note: { label: { zh: "备注", en: "note" }, required: false, form: "text" },
    },
  },
  parties: {
    label: { zh: "当事人", en: "party" },
    knownBy: ["site", "case", "name"],
    fields: {
      site: { label: { zh: "站点", en: "site" }, required: true, form: "site" },
      case: { label: { zh: "案件编号", en: "number" }, required: true, form: "text" },
      name: { label: { zh: "姓名或名称", en: "name" }, required: true, form: "text" },
      side: { label: { zh: "身份", en: "side" }, required: true, form: "choice", choices: { applicant: { zh: "申请人", en: "applicant" }, respondent: { zh: "被申请人", en: "respondent" }, third: { zh: "第三人", en: "third party" } } },
      phone: { label: { zh: "电话", en: "phone" }, required: false, form: "text" },
      people: { label: { zh: "代表人数", en: "people" }, required: false, form: "number", min: 1, max: 100000 },
      agent: { label: { zh: "代理人", en: "agent" }, required: false, form: "text" },
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
      certificates: { label: { zh: "所需证书", en: "certificates" }, required: false, form: "words" },
      mediates: { label: { zh: "调解岗位", en: "mediates" }, required: false, form: "flag" },
    },
  },
  qualifications: {
    label: { zh: "资质", en: "qualification" },
    knownBy: ["person", "certificate", "issued_on"],
    fields: {
      person: { label: { zh: "人员", en: "person" }, required: true, form: "record", refersTo: "persons" },
      certificate: { label: { zh: "证书名称", en: "certificate name" }, required: true, form: "text" },
      issued_on: { label: { zh: "发证日期", en: "issued on" }, required: false, form: "date" },
      expires_on: { label: { zh: "有效期至", en: "expires on" }, required: false, form: "date" },
      number: { label: { zh: "证书编号", en: "number" }, required: false, form: "text" },
      issued_by: { label: { zh: "发证单位", en: "issued by" }, required: false, form: "text" },
      note: { label: { zh: "备注", en: "note" }, required: false, form: "text" },
    },
  },
  referrals: {
    label: { zh: "移送", en: "referral" },
    knownBy: [],
    fields: {
      site: { label: { zh: "站点", en: "site" }, required: true, form: "site" },
      case: { label: { zh: "案件编号", en: "number" }, required: true, form: "text" },
      kind: { label: { zh: "事由", en: "kind" }, required: true, form: "choice", choices: { confirmation: { zh: "司法确认", en: "judicial confirmation" }, arbitration: { zh: "引导仲裁", en: "arbitration" }, court: { zh: "引导诉讼", en: "court" }, site: { zh: "转交站点", en: "site" } } },
      to: { label: { zh: "移送至", en: "to" }, required: false, form: "text" },
      to_site: { label: { zh: "转交站点", en: "to site" }, required: false, form: "site" },
      sent: { label: { zh: "移送时间", en: "sent" }, required: true, form: "datetime" },
      reference: { label: { zh: "受理案号", en: "reference" }, required: false, form: "text" },
      note: { label: { zh: "备注", en: "note" }, required: false, form: "text" },
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
  sittings: {
    label: { zh: "调解会", en: "sitting" },
    knownBy: [],
    lasts: ["start", "end"],
    fields: {
      site: { label: { zh: "站点", en: "site" }, required: true, form: "site" },
      case: { label: { zh: "案件编号", en: "number" }, required: true, form: "text" },
      start: { label: { zh: "开始", en: "start" }, required: true, form: "datetime" },
      end: { label: { zh: "结束", en: "end" }, required: true, form: "datetime" },
      venue: { label: { zh: "场地", en: "venue" }, required: false, form: "record", refersTo: "venues" },
      place: { label: { zh: "地点", en: "place" }, required: false, form: "text" },
      minutes: { label: { zh: "记录", en: "minutes" }, required: false, form: "text" },
    },
  },
  timeline: {
    label: { zh: "进展", en: "step" },
    knownBy: [],
    fields: {
      about: { label: { zh: "对象", en: "about" }, required: true, form: "record" },
      after: { label: { zh: "前一步", en: "after" }, required: false, form: "record", refersTo: "timeline" },
      stage: { label: { zh: "阶段", en: "stage" }, required: true, form: "choice", choices: { submitted: { zh: "已提交", en: "submitted" }, accepted: { zh: "已受理", en: "accepted" }, assigned: { zh: "已派办", en: "assigned" }, done: { zh: "已办结", en: "done" }, confirmed: { zh: "已确认", en: "confirmed" }, declined: { zh: "未受理", en: "declined" }, withdrawn: { zh: "已撤回", en: "withdrawn" }, registered: { zh: "已登记", en: "registered" }, mediating: { zh: "调解中", en: "mediating" }, agreed: { zh: "已达成协议", en: "agreed" }, failed: { zh: "调解不成", en: "failed" }, referred: { zh: "已提请确认", en: "referred for confirmation" }, ratified: { zh: "已司法确认", en: "confirmed judicially" }, unratified: { zh: "未获确认", en: "not confirmed" }, closed: { zh: "已结案", en: "closed" } } },
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
      kind: { label: { zh: "类型", en: "kind" }, required: true, form: "choice", choices: { booking: { zh: "预订", en: "booking" }, claim: { zh: "领物", en: "claim" }, request: { zh: "诉求", en: "request" }, enrolment: { zh: "报名", en: "enrolment" } } },
      name: { label: { zh: "姓名", en: "name" }, required: true, form: "text" },
      phone: { label: { zh: "电话", en: "phone" }, required: false, form: "text" },
      text: { label: { zh: "内容", en: "text" }, required: false, form: "text" },
      venue: { label: { zh: "场地", en: "venue" }, required: false, form: "record", refersTo: "venues" },
      start: { label: { zh: "开始", en: "start" }, required: false, form: "datetime" },
      end: { label: { zh: "结束", en: "end" }, required: false, form: "datetime" },
      item: { label: { zh: "物资", en: "item" }, required: false, form: "record", refersTo: "items" },
      count: { label: { zh: "数量", en: "count" }, required: false, form: "number", min: 1, max: 100000 },
      course: { label: { zh: "课程", en: "course" }, required: false, form: "record", refersTo: "courses" },
      proof: { label: { zh: "证书核验码", en: "proof" }, required: false, form: "text" },
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
