/** What came while the reader was further up or elsewhere. Knows counts, not messages. */

import { byId } from "./elements.js";
import { t } from "./strings.js";

const BUZZ_MS = 80;
const READ = "edgerad.read"; // the newest message that the reader had before them

export class News {
  #unread = 0;
  #marked = false;
  #timeline;

  /** @param {Timeline} timeline Tells where the reader is, and goes to the end. */
  constructor(timeline) {
    this.#timeline = timeline;
    byId("to-end").addEventListener("click", () => timeline.toEnd());
    byId("log").addEventListener("scroll", () => this.show(), { passive: true });
    document.addEventListener("visibilitychange", () => {
      document.title = "EdgeRad";
      this.show();
    });
  }

  /** The chat is open at its newest page: mark what came since this phone was last looked at. */
  begin(messages) {
    const read = Number(localStorage.getItem(READ) ?? Infinity);
    const first = messages.find((each) => !each.outgoing && each.message_id > read);
    this.#mark(first);
    if (first) this.#timeline.readFromMark();
    this.show();
  }

  /** These messages came; `seen` where the reader stood at the end. */
  add(messages, seen) {
    const before = seen && !document.hidden;
    if (before) this.clear();
    else if (!this.#marked) this.#mark(messages[0]);
    if (!seen) this.#unread += messages.length;
    this.show();
    if (!document.hidden) return;
    document.title = `(${Math.max(messages.length, this.#unread)}) EdgeRad`;
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(BUZZ_MS);
  }

  /** All is read: take the mark away. */
  clear() {
    this.#mark(null);
  }

  /** Forget how far the owner of this phone had read. */
  forget() {
    localStorage.removeItem(READ);
  }

  #mark(message) {
    this.#marked = Boolean(message);
    this.#timeline.markUnread(message?.message_id);
  }

  /** Show the way to the end while the reader is not there. */
  show() {
    const { atEnd } = this.#timeline;
    if (atEnd) this.#unread = 0;
    const newest = this.#timeline.ids.at(-1);
    if (atEnd && !document.hidden && newest) localStorage.setItem(READ, newest);
    byId("to-end").hidden = atEnd;
    byId("to-end-text").classList.toggle("sr-only", this.#unread === 0);
    byId("to-end-text").textContent = this.#words();
  }

  #words() {
    if (this.#unread === 0) return t("toEnd");
    return this.#unread === 1 ? t("newMessage") : t("newMessages", { n: this.#unread });
  }
}
