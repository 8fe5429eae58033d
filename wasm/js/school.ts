import type {
  Assessment,
  Attendance,
  CivilDate,
  ClassSheet,
  ContestSheet,
  CourseInfo,
  Learner,
  ProofCheck,
  RecordId,
  SiteKey,
} from "./generated.js";
import type { Desk, Query } from "./view.js";

/** Which courses are asked for; all that are here, where nothing is said. */
export interface CoursesBy {
  /** Of one site's school only. */
  site?: SiteKey;
  /** Only those that people can enrol in today. */
  open_only?: boolean;
  /** Not those whose last lesson was before this day. */
  from?: CivilDate;
}

/** Whom one means: somebody of a site's people, or a name with the telephone number that tells namesakes apart. */
export type LearnerBy =
  | {
      /** Of which site. */
      site: SiteKey;
      /** Which of its people. */
      person: RecordId;
    }
  | {
      /** Of which site. */
      site: SiteKey;
      /** Their name. */
      name: string;
      /** Their telephone number. */
      phone?: string;
    };

/** Who wants to take a course. */
export interface Applicant {
  /** Whose school. */
  site: SiteKey;
  /** The course. */
  course: RecordId;
  /** Their name. */
  name: string;
  /** Their telephone number, which tells namesakes apart. */
  phone?: string;
  /** The site they work at, where that is another than the school's. */
  home?: SiteKey;
  /** Which of the people of a site they are, where that is known. */
  person?: RecordId;
}

/** Somebody who enrolled. */
export interface Enrolled {
  /** Whose school. */
  site: SiteKey;
  /** The enrolment's id. */
  enrolment: RecordId;
}

/**
 * The night schools: what they offer, which everybody may read, and at a school and at the hub who takes it.
 *
 * Whoever stands at no site enrols by {@link Yilian.submit}, and finds the proof of their certificate in what they sent.
 */
export class School {
  #desk: Desk;

  /** @internal */
  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** The courses that schools offer, by when they begin; nothing in them names who takes part. */
  courses(by: CoursesBy = {}): Query<readonly CourseInfo[]> {
    return this.#desk.query("courses", by);
  }

  /** The classes of a site's school, by when they begin, with everybody who enrolled. */
  classes(site: SiteKey): Query<readonly ClassSheet[]> {
    return this.#desk.query("classes", { site });
  }

  /** What one person takes and took, and their certificates, over all schools that are held. */
  learner(by: LearnerBy): Query<Learner> {
    return this.#desk.query("learner", by);
  }

  /** The contests of a site, with their rankings. */
  contests(site: SiteKey): Query<readonly ContestSheet[]> {
    return this.#desk.query("contests", { site });
  }

  /**
   * What the code on a certificate says, and whether the school issued it, as of what is held here: that takes no network. What this
   * device has not heard of is `unknown`, as is what was made up.
   */
  check(proof: string): Query<ProofCheck> {
    return this.#desk.query("checkProof", { proof });
  }

  /**
   * Enrols somebody at the desk; answers the enrolment's id.
   *
   * @throws {@link YilianError} `SchoolRefused` when there is no name, enrolment is over, or they are enrolled already.
   */
  enrol(applicant: Applicant): Promise<RecordId> {
    return this.#act("enrol", applicant);
  }

  /** Somebody does not want to take the course any more. */
  withdraw(of: Enrolled): Promise<RecordId> {
    return this.#act("withdraw", of);
  }

  /**
   * Promises a seat.
   *
   * @throws {@link YilianError} `NotYours` unless the author is of the school's site or of the hub; `SchoolRefused` when all seats
   * are promised.
   */
  confirm(of: Enrolled): Promise<RecordId> {
    return this.#act("confirm", of);
  }

  /** Notes whether somebody was in a lesson; what was noted before is changed. */
  attend(of: Enrolled & { session: RecordId }, fields: Partial<Pick<Attendance, "state" | "note">>): Promise<RecordId> {
    const { site, enrolment, session } = of;
    return this.#act("attend", { site, enrolment, session, fields });
  }

  /** Notes how somebody did on a day, today unless said otherwise; what was noted of that day is changed. */
  assess(
    of: Enrolled & { on?: CivilDate },
    fields: Partial<Pick<Assessment, "score" | "result" | "assessor" | "note">>,
  ): Promise<RecordId> {
    const { site, enrolment, on } = of;
    return this.#act("assess", { site, enrolment, on, fields });
  }

  /**
   * Certifies somebody, from a day on, today unless said otherwise; says so where everybody can check it, and to whoever enrolled by
   * what they sent. Answers the certificate's id.
   *
   * @throws {@link YilianError} `SchoolRefused` when they have no seat, did not pass or were not there often enough; `NoAuthor`.
   */
  certify(of: Enrolled & { on?: CivilDate }): Promise<RecordId> {
    return this.#act("certify", of);
  }

  /** A certificate is valid no more from a day on, today unless said otherwise. */
  revoke(of: { site: SiteKey; certificate: RecordId; on?: CivilDate }): Promise<RecordId> {
    return this.#act("revoke", of);
  }

  /**
   * Enters the best of a contest in the next; answers the entries that were made.
   *
   * @throws {@link YilianError} `SchoolRefused` when the contest does not say how many go on, and where; `NotYours` unless the author is
   * of the site that holds the next, or of the hub.
   */
  async advance(of: { site: SiteKey; contest: RecordId }): Promise<readonly RecordId[]> {
    return (await this.#desk.act("school advance", of)).records;
  }

  async #act(act: string, args: object): Promise<RecordId> {
    return (await this.#desk.act(`school ${act}`, args)).records[0] as RecordId;
  }
}
