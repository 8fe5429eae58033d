export { type WireError, YilianError } from "./errors.js";
export type { Device } from "./devices.js";
export { documentId } from "./identity.js";
export type * from "./generated.js";
// The record of a device that holds rights to goods; `Device` is one that was heard of.
export type { Device as HoldingDevice } from "./generated.js";
export { KINDS } from "./generated.js";
export {
  type Assignee,
  type CaseForm,
  type CaseRef,
  type CaseSaid,
  type CasesBy,
  type DayBy,
  type DutyBy,
  type FiguresBy,
  Mediation,
  type PartyForm,
} from "./mediation.js";
export type { AnyRecord, Patch, Update } from "./mirror.js";
export type { Presence } from "./presence.js";
export { Reports, type SubmissionsBy, type VenuesBy } from "./reports.js";
export { type Applicant, type CoursesBy, type Enrolled, type LearnerBy, School } from "./school.js";
export type { Refusal, Status, StorageStatus, Waiting } from "./status.js";
export {
  CollectionView,
  DirectoryView,
  type DocumentPresence,
  DocumentView,
  type Live,
  type NewRosterShift,
  type Order,
  type OrderOf,
  PeopleView,
  type Query,
  RosterView,
  SitesView,
} from "./view.js";
export {
  type BookingForm,
  BookingsView,
  type GivingBy,
  GoodsView,
  type Handed,
  InboxView,
  type Said,
  type SubmissionForm,
  SubmissionView,
  type Wanted,
} from "./sharing.js";
export { type OpenOptions, Yilian } from "./yilian.js";
