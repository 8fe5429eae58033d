import type { CourseInfo, Lesson } from "@yilian/client";
import { html, nothing, type TemplateResult } from "lit/html.js";
import { icon } from "../../shell/icons.ts";
import { dayText } from "../../shell/time.ts";
import { hashOf } from "../route.ts";
import { spanText } from "../words.ts";
import { t } from "./texts.ts";

/** As many lessons are shown before the rest is counted. */
const LESSONS = 3;
const ALL = Number.POSITIVE_INFINITY;

/** A course that can be enrolled in; where it is not on its site's page, with the site. */
export function courseCard(course: CourseInfo, site?: string): TemplateResult {
  return html`<li class="course" data-course=${course.id}>
    <div class="course-head">
      <div><h3>${course.name}</h3>${site === undefined ? nothing : html`<p class="small muted">${site}</p>`}</div>
      <a class="btn btn-s btn-primary" href=${hashOf({ at: "enrol", site: course.site, course: course.id })} aria-label=${t.enrolIn(course.name)}>${t.enrol}</a>
    </div>
    ${courseFacts(course)} ${lessonList(course.sessions)}
  </li>`;
}

/** The course that somebody enrols in, above the form. */
export function wantedCourse(course: CourseInfo): TemplateResult {
  return html`<section class="stack wanted-course" aria-labelledby="course">
    <h2 id="course">${course.name}</h2>
    ${courseFacts(course)} ${lessonList(course.sessions, ALL)}
    <p class="hint">${t.enrolHint}</p>
  </section>`;
}

/** What a course leads to, who teaches, for how many, and until when people enrol. */
export function courseFacts(course: CourseInfo): TemplateResult {
  const { certificate, valid_months, teacher, capacity, enrol_until, note } = course;
  const parts = [
    ...(teacher === "" ? [] : [t.teacher(teacher)]),
    ...(capacity === null ? [] : [t.seats(capacity)]),
    ...(enrol_until === null ? [] : [t.until(dayText(enrol_until))]),
  ];
  const months = valid_months === null ? "" : ` · ${t.validFor(valid_months)}`;
  return html`${certificate === "" ? nothing : html`<p class="leads-to">${icon("award")}<span>${t.leadsTo(certificate)}<span class="muted small">${months}</span></span></p>`}
    ${parts.length === 0 ? nothing : html`<p class="small muted">${parts.join(" · ")}</p>`}
    ${note === "" ? nothing : html`<p class="small course-note">${note}</p>`}`;
}

/** When and where lessons are: the first of them. */
export function lessonList(sessions: readonly Lesson[], most = LESSONS): TemplateResult {
  if (sessions.length === 0) return html`<p class="small muted">${t.noLessons}</p>`;
  const more = sessions.length - most;
  return html`<ul class="lessons" aria-label=${t.lessons}>
    ${sessions.slice(0, most).map(
      ({ name, start, end, venue_name }) => html`<li>
        <span class="num">${spanText(start, end)}</span>
        <span class="small muted">${[name, venue_name ?? ""].filter((part) => part !== "").join(" · ")}</span>
      </li>`,
    )}
    ${more > 0 ? html`<li class="small muted">${t.moreLessons(more)}</li>` : nothing}
  </ul>`;
}
