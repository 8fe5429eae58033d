// Dragging a shift, by mouse at once and by touch after a moment, so that a finger can still scroll.

import type { App } from "./app.ts";
import * as desk from "./desk.ts";
import { overnightShare } from "./model.ts";

const NEAR_PX = 6;
const HOLD_MS = 320;
const EDGE_PX = 48;
const SCROLL_PX = 14;

interface Drag {
  id: string;
  source: HTMLElement;
  x: number;
  y: number;
  /** What follows the pointer, once it is dragged. */
  ghost?: HTMLElement;
  timer?: ReturnType<typeof setTimeout>;
  scroll?: number;
}

/** Makes the shifts below an element draggable; they land on what has `data-day`. */
export function draggable(root: HTMLElement, app: App): void {
  let drag: Drag | undefined;
  let justDragged = false;

  const end = () => {
    if (drag === undefined) return;
    clearTimeout(drag.timer);
    if (drag.scroll !== undefined) cancelAnimationFrame(drag.scroll);
    drag.ghost?.remove();
    drag.source.classList.remove("is-dragged");
    unmark();
    document.documentElement.classList.remove("dragging");
    drag = undefined;
  };

  const begin = () => {
    if (drag === undefined || drag.ghost !== undefined) return;
    const box = drag.source.getBoundingClientRect();
    const ghost = drag.source.cloneNode(true) as HTMLElement;
    ghost.classList.add("ghost");
    ghost.removeAttribute("data-shift");
    ghost.setAttribute("aria-hidden", "true");
    ghost.style.width = `${box.width}px`;
    ghost.style.height = `${box.height}px`;
    document.body.append(ghost);
    drag.source.classList.add("is-dragged");
    document.documentElement.classList.add("dragging");
    drag.ghost = ghost;
    navigator.vibrate?.(8);
    follow();
    scrollAtEdges();
  };

  const follow = () => {
    if (drag?.ghost === undefined) return;
    drag.ghost.style.translate = `${drag.x - drag.ghost.offsetWidth / 2}px ${drag.y - drag.ghost.offsetHeight / 2}px`;
    mark(targetAt(drag.x, drag.y), app, drag.id);
  };

  // Near an edge, what is behind it comes into sight.
  const scrollAtEdges = () => {
    if (drag?.ghost === undefined) return;
    const { x, y } = drag;
    const wrap = root.querySelector(".grid-wrap");
    const box = wrap?.getBoundingClientRect();
    if (wrap && box) {
      if (x > box.right - EDGE_PX) wrap.scrollLeft += SCROLL_PX;
      else if (x < box.left + EDGE_PX * 3) wrap.scrollLeft -= SCROLL_PX;
      if (y > Math.min(box.bottom, innerHeight) - EDGE_PX) wrap.scrollTop += SCROLL_PX;
      else if (y < box.top + EDGE_PX * 2) wrap.scrollTop -= SCROLL_PX;
    }
    if (y > innerHeight - EDGE_PX) scrollBy(0, SCROLL_PX);
    else if (y < EDGE_PX * 2) scrollBy(0, -SCROLL_PX);
    follow();
    drag.scroll = requestAnimationFrame(scrollAtEdges);
  };

  root.addEventListener("pointerdown", (event) => {
    const source = (event.target as Element).closest<HTMLElement>("[data-shift]");
    const id = source?.dataset.shift;
    if (!source || !id || event.button !== 0 || drag !== undefined) return;
    drag = { id, source, x: event.clientX, y: event.clientY };
    if (event.pointerType !== "mouse") drag.timer = setTimeout(begin, HOLD_MS);
  });

  addEventListener("pointermove", (event) => {
    if (drag === undefined) return;
    const far = Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > NEAR_PX;
    if (drag.ghost === undefined) {
      if (!far) return;
      // A finger that moves before its time scrolls.
      if (event.pointerType !== "mouse") return end();
      begin();
    }
    drag.x = event.clientX;
    drag.y = event.clientY;
    follow();
  });

  addEventListener("pointerup", () => {
    if (drag?.ghost === undefined) return end();
    const { id, x, y } = drag;
    const target = targetAt(x, y);
    end();
    justDragged = true;
    setTimeout(() => {
      justDragged = false;
    });
    const day = target?.dataset.day;
    if (day === undefined) return;
    const row = app.board.rows.find(({ key }) => key === target?.dataset.row);
    void desk.move(app, id, day, row);
  });

  addEventListener("pointercancel", end);
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || drag?.ghost === undefined) return;
    event.stopPropagation();
    end();
  }, true);
  // Once dragged, the finger no longer scrolls.
  root.addEventListener("touchmove", (event) => drag?.ghost && event.preventDefault(), { passive: false });
  root.addEventListener("contextmenu", (event) => drag && event.preventDefault());
  // The press that ended a drag is no press.
  root.addEventListener("click", (event) => {
    if (!justDragged) return;
    event.stopPropagation();
    event.preventDefault();
  }, true);
}

function targetAt(x: number, y: number): HTMLElement | undefined {
  for (const element of document.elementsFromPoint(x, y)) {
    const target = element.closest<HTMLElement>("[data-day]");
    if (target !== null) return target;
  }
  return undefined;
}

function unmark(): void {
  for (const one of document.querySelectorAll("[data-drop]")) one.removeAttribute("data-drop");
}

/** Shows where it would land, with the part after midnight. */
function mark(target: HTMLElement | undefined, app: App, id: string): void {
  if (target?.dataset.drop === "here") return;
  unmark();
  if (target === undefined) return;
  target.dataset.drop = "here";
  const shift = app.session?.roster?.get(id);
  const next = target.nextElementSibling;
  if (shift && overnightShare(shift) > 0 && target.tagName === "TD" && next instanceof HTMLElement) next.dataset.drop = "night";
}
