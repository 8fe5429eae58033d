import type { Alternative, CourseInfo, Goods, GrantedBooking, PlacedStep, Progress, ProofCheck, ReadCode, Stage, SubmissionView } from "@yilian/client";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { minutesBetween } from "../shell/calendar.ts";
import { attempt } from "../shell/client.ts";
import { icon, type IconName } from "../shell/icons.ts";
import { openDialog } from "../shell/dialog.ts";
import { nameOf } from "../shell/people.ts";
import { empty, skeletonLines } from "../shell/states.ts";
import { civil, dayText } from "../shell/time.ts";
import { toast } from "../shell/toasts.ts";
import { delivery } from "./delivery.ts";
import { Following } from "./following.ts";
import { backLink, type Context, type Page } from "./page-parts.ts";
import { hashOf } from "./route.ts";
import { wrongText } from "./sentPage.ts";
import { certificateLink } from "./school/learnPage.ts";
import { forgetSent, sentFromHere } from "./sentList.ts";
import { stagePill, stageText } from "./stages.ts";
import { kindText, label, spanText, t } from "./words.ts";

const BY_SENDER: ReadonlySet<Stage> = new Set(["submitted", "confirmed", "withdrawn"]);

/** What was sent under a code, and how far it has come. */
export class FollowPage implements Page {
  #context: Context;
  #code: string;
  #view: SubmissionView | undefined;
  /** What is wrong with the code. */
  #wrong: string | undefined;
  #progress: Following<Progress | null>;
  #bookings: Following<readonly GrantedBooking[]>;
  #others: Following<readonly Alternative[]>;
  #goods: Following<Goods>;
  #courses: Following<readonly CourseInfo[]>;
  #check: Following<ProofCheck>;
  /** When this device last took a step: Unix milliseconds. */
  #actedAt: number | undefined;

  constructor(context: Context, text: string) {
    this.#context = context;
    this.#code = text;
    void context.yilian.readCode(text).then((read) => this.#begin(read));
    this.#progress = new Following(context.again);
    this.#bookings = new Following(context.again);
    this.#others = new Following(context.again);
    this.#goods = new Following(context.again);
    this.#courses = new Following(context.again);
    this.#check = new Following(context.again);
  }

  #begin(read: ReadCode): void {
    if ("code" in read) {
      this.#code = read.code;
      this.#view = this.#context.yilian.follow(read.code);
    } else {
      this.#wrong = wrongText(read);
    }
    this.#context.again();
  }

  title(): string {
    return t.mine;
  }

  close(): void {
    for (const followed of [this.#progress, this.#bookings, this.#others, this.#goods, this.#courses, this.#check]) followed.close();
  }

  render(): TemplateResult {
    return html`<div class="narrow follow">${backLink(hashOf({ at: "sent" }), t.mine)} ${this.#body()}</div>`;
  }

  #body(): TemplateResult {
    if (this.#wrong !== undefined) return empty({ icon: "error", title: this.#wrong });
    const view = this.#view;
    const progress = view === undefined ? undefined : this.#progress.of(this.#code, () => view);
    if (view === undefined || progress === undefined) {
      return html`<div role="status"><h1 tabindex="-1">${t.looking}</h1>${skeletonLines(4)}</div>`;
    }
    if (progress === null) return this.#nothing();
    return html`${this.#head(progress)} ${this.#outcome(progress)} ${this.#codeCard(progress)} ${this.#timeline(progress)}
      ${this.#instead(progress)} ${this.#actions(view, progress)}`;
  }

  #nothing(): TemplateResult {
    const { connection, inStep } = this.#context.yilian.status;
    if (connection === "online" && !inStep) return html`<div role="status"><h1 tabindex="-1">${t.looking}</h1>${skeletonLines(4)}</div>`;
    const isKnown = connection === "online";
    return html`<div role="status">${empty({
      icon: isKnown ? "search" : "cloudOff",
      title: isKnown ? t.unknown : t.notHere,
      text: isKnown ? t.unknownWhy : t.notHereWhy,
    })}</div>`;
  }

  #head(progress: Progress): TemplateResult {
    const { submission, stage, assignee, overdue } = progress;
    const { directory } = this.#context;
    const isDone = stage === "done" || stage === "confirmed";
    return html`<header class="stack">
      <div class="row"><h1 tabindex="-1">${kindText(submission.kind)}</h1>${stagePill(stage, this.#delivery(progress) === "here")}</div>
      <p class="follow-about">${this.#about(progress)}</p>
      <p class="small muted">
        <a href=${hashOf({ at: "site", site: submission.site })}>${directory.siteName(submission.site)}</a>
        ${assignee === null || isDone ? nothing : html` · ${t.by(nameOf(assignee) ?? assignee)}`}
        ${overdue === null ? nothing : html` <span class="pill pill-warn">${t.overdue}</span>`}
      </p>
    </header>`;
  }

  #about(progress: Progress): unknown {
    const { submission } = progress;
    const { venue, start, end, item, count, text } = submission;
    const said = text === "" ? nothing : html`<span class="said">${text}</span>`;
    if (submission.kind === "booking" && start !== null && end !== null) {
      const people = count === null ? nothing : html` <span class="whole">· ${t.people(count)}</span>`;
      return html`<b>${this.#context.directory.venue(venue)?.name} <span class="whole">${spanText(start, end)}</span></b>${people}${said}`;
    }
    if (submission.kind === "claim") {
      const { yilian } = this.#context;
      const goods = this.#goods.of(submission.site, () => yilian.goods(submission.site));
      const record = goods?.items.find((one) => one.item === item)?.record;
      return html`<b>${record?.name ?? ""} × ${count} ${record?.unit ?? ""}</b>${said}`;
    }
    if (submission.kind === "enrolment") return html`<b>${this.#course(progress)?.name ?? ""}</b>${said}`;
    return said;
  }

  #course({ submission }: Progress): CourseInfo | undefined {
    const { yilian } = this.#context;
    const courses = this.#courses.of(submission.site, () => yilian.school.courses({ site: submission.site }));
    return courses?.find(({ id }) => id === submission.course);
  }

  #delivery({ document }: Progress): ReturnType<typeof delivery> | undefined {
    const { status } = this.#context.yilian;
    const at = this.#actedAt ?? sentFromHere().find(({ code }) => code === this.#code)?.at;
    if (at !== undefined) return delivery(status, document, at);
    // What came from the hub is there, unless it was changed here.
    const found = delivery({ ...status, savedAt: 1 }, document, 0);
    return found === "sent" ? undefined : found;
  }

  #codeCard(progress: Progress): TemplateResult {
    return html`<section class="card code-card" aria-labelledby="code-label">
      <h2 id="code-label" class="small muted">${t.code}</h2>
      <p class="code" translate="no">${this.#code}</p>
      <button type="button" class="btn" @click=${() => void this.#copy()}>${t.copy}</button>
      <p class="hint">${t.codeWhy}</p>
      <div role="status">${this.#delivered(progress)}</div>
    </section>`;
  }

  #delivered(progress: Progress): unknown {
    const banner = (tone: string, name: IconName, text: string) =>
      html`<p class="banner ${tone}">${icon(name)}<span>${text}</span></p>`;
    switch (this.#delivery(progress)) {
      case "here":
        return banner("banner-warn", "cloudOff", t.here);
      case "refused": {
        const { refused } = this.#context.yilian.status;
        const why = refused.find(({ name }) => name === progress.document)?.reason ?? "";
        return banner("banner-danger", "error", `${t.refused}${why}`);
      }
      case "sent":
        return progress.stage === "submitted" ? banner("", "cloudDone", t.delivered) : nothing;
      default:
        return nothing;
    }
  }

  /** What came of it. */
  #outcome(progress: Progress): unknown {
    const { submission, stage, made } = progress;
    if (submission.kind === "claim" && made !== null && (stage === "done" || stage === "confirmed")) {
      return html`<p class="banner banner-ok" role="status">${icon("check")}<span>${t.handed}</span></p>`;
    }
    const { proof } = submission;
    if (proof !== "") return certificateLink(proof, this.#check.of(proof, () => this.#context.yilian.school.check(proof)));
    return submission.kind === "booking" ? this.#grant(progress) : nothing;
  }

  #grant({ submission, grant, made, stage }: Progress): unknown {
    if (grant === null || stage === "withdrawn") return nothing;
    const { yilian, directory } = this.#context;
    const month = (submission.start ?? civil()).slice(0, 7);
    const bookings = this.#bookings.of(month, () => yilian.bookings(submission.site, month));
    const booking = bookings?.find(({ id }) => id === made);
    const where = booking && html`<br />${directory.venue(booking.venue)?.name} <span class="whole">${spanText(booking.start, booking.end)}</span>`;
    const [tone, name, text] = {
      confirmed: ["banner-ok", "check", t.gotConfirmed],
      granted: ["banner-ok", "check", t.gotGranted],
      bumped: ["banner-danger", "warn", t.gotBumped],
      cancelled: ["banner-warn", "info", t.gotCancelled],
      unplaced: ["banner-warn", "warn", t.gotUnplaced],
    }[grant] as [string, IconName, string];
    return html`<p class="banner ${tone}" role="status" data-grant=${grant}>
      ${icon(name)}<span><b>${text}</b>${where ?? nothing}</span>
    </p>`;
  }

  /** What else could be had, where a booking does not stand. */
  #instead({ submission, grant, stage }: Progress): unknown {
    const { venue, start, end, name, count, site } = submission;
    const isLost = grant === "bumped" || grant === "unplaced" || stage === "declined";
    if (!isLost || venue === null || start === null || end === null || start < civil()) return nothing;
    const { yilian, directory } = this.#context;
    const wish = { venue, start, end, name, people: count };
    const found = this.#others.of(`${venue} ${start} ${end}`, () => yilian.bookings(site, start.slice(0, 7)).alternatives(wish));
    if (found === undefined || found.length === 0) return nothing;
    return html`<section class="stack" aria-labelledby="instead">
      <h2 id="instead">${t.instead}</h2>
      <ul class="stack">
        ${found.map(
          ({ venue, slot }) => html`<li>
            <a class="card sent" href=${hashOf({ at: "book", site: venue.site, venue: venue.id, start: slot.start, minutes: String(minutesBetween(slot.start, slot.end)) })}>
              <span class="sent-text"><b>${venue.name}</b><span class="small muted">${venue.site === site ? "" : `${directory.siteName(venue.site)} · `}${spanText(slot.start, slot.end)}</span></span>
              ${icon("right")}
            </a>
          </li>`,
        )}
      </ul>
    </section>`;
  }

  #timeline({ submission, steps }: Progress): TemplateResult {
    const site = this.#context.directory.siteName(submission.site);
    const counting = steps.filter(({ fit }) => fit !== "illegal" && fit !== "void");
    const who = ({ stage, by }: Pick<PlacedStep, "stage" | "by">) => {
      const name = nameOf(by) || undefined;
      return BY_SENDER.has(stage) ? (name ?? submission.name) : name === undefined ? site : `${name} · ${site}`;
    };
    const line = (stage: Stage, at: string, by: string, note: string) => html`<li data-stage=${stage}>
      <p><b>${stageText(stage)}</b> <span class="muted">${by}</span></p>
      <p class="small muted"><time datetime=${at}>${dayText(at.slice(0, 10))} ${at.slice(11, 16)}</time></p>
      ${note === "" ? nothing : html`<p class="note">${note}</p>`}
    </li>`;
    return html`<section class="stack" aria-labelledby="progress">
      <h2 id="progress">${t.progress}</h2>
      <ol class="timeline">
        ${line("submitted", submission.at, submission.name, "")} ${counting.map((step) => line(step.stage, step.at, who(step), step.note))}
      </ol>
    </section>`;
  }

  #actions(view: SubmissionView, { next, stage, submission }: Progress): TemplateResult {
    const { name } = submission;
    const act = (work: () => Promise<void>) => async () => {
      if (await attempt(work)) this.#actedAt = Date.now();
      this.#context.again();
    };
    const say = (title: string, why: string, ok: string, work: (note: string) => Promise<void>) => async () => {
      const note = await askNote(title, why, ok);
      if (note !== undefined) await act(() => work(note))();
    };
    const isListed = sentFromHere().some(({ code }) => code === this.#code);
    return html`<div class="row actions">
      ${next.includes("confirmed")
        ? html`<button type="button" class="btn btn-primary" @click=${act(() => view.confirm({ by: name }))}>${icon("check")}${t.confirm}</button>`
        : nothing}
      ${next.includes("submitted")
        ? html`<button type="button" class="btn" @click=${say(t.reopenSure, "", t.again, (note) => view.again({ by: name, note }))}>${stage === "declined" ? t.again : t.reopen}</button>`
        : nothing}
      ${next.includes("withdrawn")
        ? html`<button type="button" class="btn btn-danger" @click=${say(t.withdrawSure, t.withdrawWhy, t.withdraw, (note) => view.withdraw({ by: name, note }))}>${t.withdraw}</button>`
        : nothing}
      ${isListed ? html`<button type="button" class="btn btn-ghost" @click=${() => this.#forget()}>${t.remove}</button>` : nothing}
    </div>`;
  }

  #forget(): void {
    forgetSent(this.#code);
    location.hash = hashOf({ at: "sent" });
  }

  async #copy(): Promise<void> {
    const isCopied = await copy(this.#code);
    toast(isCopied ? t.copied : t.notCopied, isCopied ? {} : { kind: "problem" });
  }
}

/** Asks whether to do something, and what to say with it; undefined when it is not to be done. */
function askNote(title: string, why: string, ok: string): Promise<string | undefined> {
  let note = "";
  return openDialog<string>((dialog) => ({
    title,
    body: html`${why === "" ? nothing : html`<p>${why}</p>`}
      <div class="field">
        <label for="note">${label("timeline", "note")} <span class="muted">(${t.optional})</span></label>
        <textarea class="input" id="note" rows="3" maxlength="500" @input=${(event: Event) => (note = (event.target as HTMLTextAreaElement).value)}></textarea>
      </div>`,
    foot: html`<button type="button" class="btn" @click=${() => dialog.close()}>${t.keep}</button>
      <button type="button" class="btn btn-primary" @click=${() => dialog.close(note.trim())}>${ok}</button>`,
  }));
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyOldWay(text);
  }
}

/** Pages of a hub without TLS have no clipboard of the newer kind. */
function copyOldWay(text: string): boolean {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand("copy");
  field.remove();
  return isCopied;
}
