import { html, nothing, type TemplateResult } from "lit/html.js";
import { repeat } from "lit/directives/repeat.js";
import type { FeedItem } from "../feed.ts";
import type { Texts } from "../texts.ts";

/** What the feed shows and does. */
export interface Feed {
  readonly texts: Texts;
  /** Undefined while it is read. */
  readonly items: readonly FeedItem[] | undefined;
  /** Changes that came since the page was opened. */
  readonly fresh: ReadonlySet<string>;
  readonly hasMore: boolean;
  siteName(key: string): string;
  timeText(at: number): string;
  fullTime(at: number): string;
  more(): void;
}

export function feedList(feed: Feed): TemplateResult {
  const { texts, items, hasMore } = feed;
  if (items === undefined) {
    return html`<div class="skeleton block"></div>
      <div class="skeleton block"></div>
      <div class="skeleton block"></div>`;
  }
  if (items.length === 0) {
    return html`<div class="empty"><p><b>${texts.noFeed}</b></p><p>${texts.noFeedWhy}</p></div>`;
  }
  return html`<ol class="feed">
      ${repeat(
        items,
        ({ key }) => key,
        (item) => feedItem(item, feed),
      )}
    </ol>
    ${hasMore ? html`<button class="btn btn-s" @click=${feed.more}>${texts.moreFeed}</button>` : nothing}`;
}

function feedItem(item: FeedItem, feed: Feed): TemplateResult {
  const { texts, fresh } = feed;
  return html`<li class="feed-item" ?data-fresh=${fresh.has(item.key)}>
    <p class="feed-who">
      <b>${who(item, feed)}</b>
      <time datetime=${new Date(item.time).toISOString()} title=${feed.fullTime(item.time)}>${feed.timeText(item.time)}</time>
    </p>
    <p class="feed-subject">
      <span class="did">${item.did}</span> ${item.subject}
      ${fresh.has(item.key) ? html`<span class="fresh">${texts.fresh}</span>` : nothing}
    </p>
    ${item.details.length === 0
      ? nothing
      : html`<dl class="feed-details">
          ${item.details.map(
            ({ label, old, new: now }) =>
              html`<div>
                <dt>${label}</dt>
                <dd><del>${old}</del> <span aria-hidden="true">→</span> <ins>${now}</ins></dd>
              </div>`,
          )}
        </dl>`}
    ${item.message === undefined ? nothing : html`<p class="feed-message">${item.message}</p>`}
  </li>`;
}

function who({ name, site }: FeedItem, { texts, siteName }: Feed): string {
  if (site === undefined) return name ?? texts.unknownAuthor;
  // Whoever sits there.
  if (site === "hub") return siteName(site);
  if (name === undefined) return `${siteName(site)} · ${texts.computer}`;
  return `${siteName(site)} · ${name}`;
}
