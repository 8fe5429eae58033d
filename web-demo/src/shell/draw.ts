// Draws at most once a frame, whoever asks and how often.

import { onLang } from "./i18n.ts";

/** Makes of a function that draws one that may be called at any time. Draws at once, and when the language changes. */
export function drawing(draw: () => void): () => void {
  let asked = false;
  const soon = () => {
    if (asked) return;
    asked = true;
    const now = () => {
      if (!asked) return;
      asked = false;
      draw();
    };
    // A hidden tab has no frames.
    if (document.visibilityState === "hidden") setTimeout(now, 50);
    else requestAnimationFrame(now);
  };
  onLang(soon);
  draw();
  return soon;
}
