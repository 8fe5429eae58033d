import type {
  CaseBy,
  CaseFigures,
  CaseSheet,
  MediatorsDay,
  Name,
  NewAgreement,
  NewCase,
  NewParty,
  NewReferral,
  NewSitting,
  RecordId,
  SiteKey,
  Specialist,
  Stage,
} from "./generated.js";
import type { Said } from "./sharing.js";
import type { Desk, Query } from "./view.js";

/** Which cases; all that are here, where nothing is said. */
export interface CasesBy {
  /** Those of one site, and those that were handed to it. */
  site?: SiteKey;
  /** Those at one stage. */
  stage?: Stage;
  /** Those that somebody of this name mediates. */
  mediator?: string;
  /** Only those with which something is still to be done. */
  open_only?: boolean;
}

/** Whose duty is asked for. */
export interface DutyBy {
  /** For a case of which site: the client's own, or else the hub. */
  site?: SiteKey;
  /** When, such as `2026-12-03T08:00`; now, and from then on, where it is not said. */
  at?: string;
}

/** Whose day is asked for. */
export interface DayBy {
  /** Their name; everybody's where it is left out. */
  mediator?: string;
  /** The day: `2026-12-03`. */
  date: string;
  /** Of the cases of one site, and those that were handed to it. */
  site?: SiteKey;
}

/** Which cases are counted, and by what. */
export interface FiguresBy {
  /** That came in, or came to an outcome, on this day or later: `2026-10-01`. */
  from: string;
  /** On this day or before. */
  until: string;
  /** What rows are told apart by; several at once are crossed. */
  by: CaseBy | readonly CaseBy[];
  /** Those that one site registered. */
  site?: SiteKey;
  /** Those that are mediated so. */
  mode?: CaseSheet["case"]["mode"];
}

/** A new case. Its number is drawn where none is given, and it came in now where it does not say when. */
export type CaseForm = Omit<NewCase, "site" | "case" | "received"> & Partial<Pick<NewCase, "site" | "case" | "received">>;

/** A party to a new case. */
export type PartyForm = Omit<NewParty, "site" | "case">;

/** Whom a case is given to. */
export interface Assignee {
  /** Their name. */
  name: string;
  /** Their post. */
  post?: string;
  /** The site on whose roster they are; that of the case, where it is not said. */
  of?: SiteKey;
  /** The person. */
  person?: RecordId;
}

/** What is said with a step of a case. */
export interface CaseSaid extends Said {
  /** When it was taken: now, where it is not said. */
  at?: string;
}

/** A case, or its document's name. */
export type CaseRef = Name | Pick<CaseSheet, "document">;

/**
 * Disputes that sites mediate. A browser holds the cases of its site and those that were handed to it, and the hub's all. Of each what
 * counts is kept, so that thousands need not stay open.
 */
export class Mediation {
  #desk: Desk;
  #site: SiteKey | undefined;

  /** @internal */
  constructor(desk: Desk, site: SiteKey | undefined) {
    this.#desk = desk;
    this.#site = site;
  }

  /** Cases: what is due first comes first, what nobody waits for last, the newest first. */
  cases(by: CasesBy = {}): Query<readonly CaseSheet[]> {
    return this.#desk.query("cases", by);
  }

  /** One case; null as long as it is not here. */
  case(document: Name): Query<CaseSheet | null> {
    return this.#desk.query("case", { document });
  }

  /** The specialists on duty: who is nearest first, then who has the fewest open cases. */
  onDuty(by: DutyBy = {}): Query<readonly Specialist[]> {
    return this.#desk.query("mediatorsOnDuty", { site: this.#site, ...by });
  }

  /** The sittings of a day's week, and what is to be done by when. */
  day(by: DayBy): Query<MediatorsDay> {
    return this.#desk.query("mediatorsDay", by);
  }

  /** What came in and what came of it: cycle times, what is open and late, how often the parties agree and agreements are confirmed. */
  figures({ by, ...rest }: FiguresBy): Query<CaseFigures> {
    return this.#desk.query("caseFigures", { ...rest, by: typeof by === "string" ? [by] : by });
  }

  /**
   * Registers a case; answers its document. An emergency that comes in now is given to who is on duty, unless nobody is.
   *
   * @throws {@link YilianError} `CaseRefused` when there is one of that number, or the number cannot be one.
   */
  async open(fields: CaseForm, parties: readonly PartyForm[] = []): Promise<Name> {
    const { code } = await this.#desk.act("caseOpen", { case: { site: this.#site, ...fields }, parties });
    return code as Name;
  }

  /**
   * Takes a step: see `next` of a case. {@link assign}, {@link agree} and {@link refer} take those that bring something with them.
   *
   * @throws {@link YilianError} `CaseRefused` when it does not follow on the stage, or something is missing; the message says what.
   */
  async step(of: CaseRef, stage: Stage, said: CaseSaid = {}): Promise<void> {
    await this.#desk.act("caseStep", { ...said, document: documentOf(of), stage });
  }

  /**
   * Gives a case to somebody or, where nobody is named, to who is on duty and no party to it. One that nobody has taken up is taken up
   * with it.
   *
   * @throws {@link YilianError} `CaseRefused` when they are a party to it, it is past that, or nobody is on duty.
   */
  async assign(of: CaseRef, to?: Assignee, said: Omit<CaseSaid, "by"> = {}): Promise<void> {
    await this.#desk.act("caseAssign", { ...to, ...said, document: documentOf(of) });
  }

  /**
   * Enters a sitting; answers its id.
   *
   * @throws {@link YilianError} `CaseRefused` when it ends before it starts, or the case is over.
   */
  async sit(of: CaseRef, sitting: Omit<NewSitting, "site" | "case">): Promise<RecordId> {
    const { records } = await this.#desk.act("caseSit", { document: documentOf(of), sitting });
    return records[0] as RecordId;
  }

  /** The parties agree: on what, or on the agreement that is on the record. */
  async agree(of: CaseRef, agreement?: Partial<Omit<NewAgreement, "site" | "case">>, said: CaseSaid = {}): Promise<void> {
    await this.#desk.act("caseAgree", { ...said, document: documentOf(of), agreement });
  }

  /**
   * The agreement goes to a court or a commission to be confirmed. Of another kind, a case that could not be mediated is handed to one,
   * which is no step.
   */
  async refer(
    of: CaseRef,
    referral: Partial<Pick<NewReferral, "to" | "reference" | "note">> & { kind?: "confirmation" | "arbitration" | "court" } = {},
    said: CaseSaid = {},
  ): Promise<void> {
    await this.#desk.act("caseRefer", { ...said, document: documentOf(of), referral });
  }

  /**
   * Hands a case to another site, which reads it from then on.
   *
   * @throws {@link YilianError} `CaseRefused` when that site has it already.
   */
  async share(of: CaseRef, to: SiteKey, note = ""): Promise<void> {
    await this.#desk.act("caseShare", { document: documentOf(of), to, note });
  }
}

function documentOf(of: CaseRef): Name {
  return typeof of === "string" ? of : of.document;
}
