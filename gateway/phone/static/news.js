/** Unread messages: the mark above the first one, and their count. */

/** @import { Message } from "../types.js" */
/** @import { Timeline } from "./timeline.js" */

import { byId } from "./elements.js";
import { t } from "./strings.js";

const BUZZ_MS = 80;
const ASKED_MS = 15_000; // what comes in that time is an answer, not news
const FOLLOWED_PAGES = 20; // of older messages, over which a reader is taken up with the mark
const READ = "edgerad.read"; // with a group's id: the newest message that the reader had before them

/**
 * The newest message of a chat, null for the own one, that the reader had before them.
 *
 * @param {number|null} chatId
 * @param {number} otherwise Where this phone does not know.
 */
export function readUpTo(chatId, otherwise) {
  return Number(localStorage.getItem(placeOf(chatId)) ?? otherwise);
}

/** @param {number|null} chatId */
function placeOf(chatId) {
  return chatId === null ? READ : `${READ}.${chatId}`;
}

export class News {
  #unread = 0;
  #marked = false;
  /** @type {number|null} */
  #chat = null;
  #read = Infinity; // the newest message before those that are marked; Infinity once all is read
  #follow_pages = 0;
  #asked_ms = -Infinity;
  #asked_after = Infinity; // the newest message as something was asked
  #leads = false;
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

  /**
   * A chat is open at its newest page: mark what is unread.
   *
   * @param {number|null} chatId
   */
  begin(chatId) {
    this.#chat = chatId;
    this.#unread = 0;
    this.#read = readUpTo(chatId, Infinity);
    this.#follow_pages = FOLLOWED_PAGES;
    this.#markFirst();
    if (this.#marked) this.#timeline.readFromMark();
    else if (this.#read === Infinity) this.#timeline.readFrom(this.#timeline.ids.at(-1));
    this.show();
  }

  /**
   * Earlier messages came: some of them may be unread too. A reader who sees the mark goes up with
   * it, and stands again where still earlier ones are loaded.
   */
  extend() {
    if (this.#read === Infinity) return;
    const follows = this.#follow_pages > 0 && this.#timeline.seesMark;
    this.#follow_pages -= 1;
    if (this.#markFirst() && follows) this.#timeline.readFromMark();
  }

  /**
   * These messages came, at least one.
   *
   * @param {Message[]} messages
   * @param {boolean} seen Whether the reader stood at the end.
   */
  add(messages, seen) {
    const before = seen && !document.hidden;
    if (before) {
      this.clear();
      const newest = messages[messages.length - 1];
      this.#note(newest.message_id); // it is there from its first line, however long
    } else if (!this.#marked && !this.#isAwaited) {
      this.#read = readUpTo(this.#chat, Infinity);
      this.#mark(messages[0]);
    }
    if (!seen) this.#unread += messages.length;
    this.show();
    if (!document.hidden) return;
    document.title = `(${Math.max(messages.length, this.#unread)}) EdgeRad`;
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(BUZZ_MS);
  }

  /** The reader asks something: all above counts as read, and what comes next as an answer. */
  asked() {
    this.#asked_ms = Date.now();
    this.clear();
    const newest = this.#timeline.ids.at(-1);
    this.#asked_after = newest ?? 0;
    this.#leads = true;
    if (newest) this.#note(newest);
  }

  /**
   * Something came from the bot: is the reader taken to it, wherever they are? Once for all that was
   * asked: not where the answer was an edit of what they pressed.
   *
   * @param {boolean} isNew
   */
  leads(isNew) {
    const leads = this.#leads && this.#isAwaited;
    this.#leads = false;
    return leads && isNew;
  }

  /**
   * Did a message come in answer to what was asked?
   *
   * @param {number} messageId
   */
  awaits(messageId) {
    return this.#isAwaited && messageId > this.#asked_after;
  }

  get #isAwaited() {
    return !document.hidden && Date.now() - this.#asked_ms < ASKED_MS;
  }

  /** All is read: take the mark away. */
  clear() {
    this.#read = Infinity;
    this.#mark(undefined);
  }

  /** Forget how far the owner of this phone had read. */
  forget() {
    const places = Object.keys(localStorage).filter((place) => place.startsWith(READ));
    for (const place of places) localStorage.removeItem(place);
  }

  /** @param {number} messageId */
  #note(messageId) {
    localStorage.setItem(placeOf(this.#chat), String(messageId));
  }

  /** Mark the first unread message of those that are here; true if another one was marked. */
  #markFirst() {
    const { messages, marked } = this.#timeline;
    const own = messages.filter(({ outgoing }) => outgoing).at(-1)?.message_id ?? 0;
    const seen = Math.max(this.#read, own); // whoever wrote has seen what stands above
    const first = messages.find((each) => !each.outgoing && each.message_id > seen);
    this.#mark(first);
    return first !== undefined && first.message_id !== marked;
  }

  /** @param {Message|undefined} message */
  #mark(message) {
    this.#marked = Boolean(message);
    this.#timeline.markUnread(message?.message_id);
  }

  /** Show the way to the end while the reader is not there. */
  show() {
    const { atEnd } = this.#timeline;
    if (atEnd) this.#unread = 0;
    const newest = this.#timeline.ids.at(-1);
    if (atEnd && !document.hidden && newest) this.#note(newest);
    byId("to-end").hidden = atEnd;
    byId("to-end-count").textContent = this.#unread > 0 ? String(this.#unread) : "";
    byId("to-end-text").textContent = this.#words();
  }

  #words() {
    if (this.#unread === 0) return t("toEnd");
    return this.#unread === 1 ? t("newMessage") : t("newMessages", { n: this.#unread });
  }
}
