/** What came while the reader was further up or elsewhere. Knows counts, not messages. */

import { byId } from "./elements.js";
import { t } from "./strings.js";

const BUZZ_MS = 80;

export class News {
  #unread = 0;
  #timeline;

  /** @param {Timeline} timeline Tells where the reader is, and goes to the end. */
  constructor(timeline) {
    this.#timeline = timeline;
    byId("to-end").addEventListener("click", () => timeline.toEnd());
    byId("log").addEventListener("scroll", () => this.show(), { passive: true });
    document.addEventListener("visibilitychange", () => {
      document.title = "EdgeRad";
    });
  }

  /** Messages came; `seen` where the reader stood at the end. */
  add(count, seen) {
    if (!seen) this.#unread += count;
    this.show();
    if (!document.hidden) return;
    document.title = `(${Math.max(count, this.#unread)}) EdgeRad`;
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(BUZZ_MS);
  }

  /** Show the way to the end while the reader is not there. */
  show() {
    const { atEnd } = this.#timeline;
    if (atEnd) this.#unread = 0;
    byId("to-end").hidden = atEnd;
    byId("to-end-text").classList.toggle("sr-only", this.#unread === 0);
    byId("to-end-text").textContent = this.#words();
  }

  #words() {
    if (this.#unread === 0) return t("toEnd");
    return this.#unread === 1 ? t("newMessage") : t("newMessages", { n: this.#unread });
  }
}
