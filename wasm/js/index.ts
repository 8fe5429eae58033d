export { type WireError, YilianError } from "./errors.js";
export type { Device } from "./devices.js";
export { documentId } from "./identity.js";
export type * from "./generated.js";
export { KINDS } from "./generated.js";
export type { AnyRecord, Patch, Update } from "./mirror.js";
export type { Presence } from "./presence.js";
export type { Refusal, Status, StorageStatus, Waiting } from "./status.js";
export {
  CollectionView,
  type DocumentPresence,
  DocumentView,
  type Live,
  type NewRosterShift,
  type Order,
  type OrderOf,
  PeopleView,
  RosterView,
  SitesView,
} from "./view.js";
export { type OpenOptions, Yilian } from "./yilian.js";
