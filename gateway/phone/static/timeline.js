/**
 * The messages of the chat in their order, and the scroll position while they change.
 *
 * Knows which messages are known. Must not know how one looks or where it comes from.
 */

/** @import { BubbleActions, Message, ShownMessage } from "../types.js" */

import { Bubble } from "./bubble.js";
import { Pages } from "./pages.js";

const END_PX = 48;
const FIRST_PX = 12; // more than lies between two entries
const MARKS = ["👀", "👌"]; // the bot's on what it was asked, in the order in which they come

export class Timeline {
  #log;
  #entries;
  #pages;
  #actions;
  /** @type {Map<string, Bubble>} by entry key */
  #bubbles = new Map();
  /** @type {Map<number, Message>} by message id */
  #messages = new Map();
  /** @type {Map<number, string>} entry keys by message id */
  #keys = new Map();
  /** @type {Map<string, Set<number>>} message ids by entry key */
  #members = new Map();
  /** @type {number[]|null} all of them in order; null where they are to be sorted anew */
  #ids = null;
  /** @type {Map<string, string[]>} addresses of this phone's own pictures by client id */
  #sources = new Map();
  /** @type {Bubble|null} the one that is marked */
  #unread = null;
  #stuck = true;
  #end_px = 0; // where `toEnd` went
  #height_px = 0;

  /**
   * @param {HTMLElement} log What scrolls.
   * @param {HTMLElement} entries Where the entries stand, in what is scrolled.
   * @param {BubbleActions} actions
   */
  constructor(log, entries, actions) {
    this.#log = log;
    this.#entries = entries;
    this.#pages = new Pages(entries);
    this.#actions = actions;
    log.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    const hold = new ResizeObserver(() => this.#resized());
    hold.observe(log);
    if (entries.parentElement) hold.observe(entries.parentElement);
  }

  /** Is the reader at the newest message? */
  get atEnd() {
    return this.#isAtEnd(this.#log.clientHeight);
  }

  /** Known message ids, ascending. */
  get ids() {
    this.#ids ??= [...this.#messages.keys()].sort((a, b) => a - b);
    return this.#ids;
  }

  /** Known messages, oldest first. */
  get messages() {
    return this.#known(this.ids);
  }

  /** @param {number[]} ids */
  #known(ids) {
    return ids.flatMap((id) => this.#messages.get(id) ?? []);
  }

  /** Go to the newest message and stay there as more come. */
  toEnd() {
    this.#stuck = true;
    this.#log.scrollTop = this.#log.scrollHeight;
    this.#end_px = this.#log.scrollTop;
  }

  /**
   * Add messages, or put newer versions in place of known ones.
   *
   * @param {Message[]} messages
   */
  merge(messages) {
    this.follow(messages.map((message) => this.#newest(message)));
  }

  /**
   * Take messages from the event stream: they come in order, so the last version counts.
   *
   * @param {Message[]} messages
   */
  follow(messages) {
    this.#change(() => {
      const touched = new Set(messages.map((message) => this.#place(message)));
      for (const key of touched) this.#show(key);
    });
  }

  /**
   * Have a message alone on paper.
   *
   * @param {number} messageId
   */
  print(messageId) {
    this.#bubbleOf(messageId)?.print();
  }

  /**
   * Read a message from its first line, where it and the messages below are taller than the page.
   *
   * @param {number|undefined} messageId
   */
  readFrom(messageId) {
    const entry = messageId === undefined ? null : this.#bubbleOf(messageId)?.element;
    if (!entry) return;
    const { bottom } = this.#entries.getBoundingClientRect();
    if (bottom - entry.getBoundingClientRect().top <= this.#log.clientHeight) return;
    this.#stuck = false;
    this.#log.classList.add("led"); // it is no scrolling of the reader's
    entry.scrollIntoView({ block: "start" });
  }

  /**
   * The first of the newest messages that belong together, where the reader has its first line
   * before them.
   *
   * @param {(message: Message) => boolean} belongs
   */
  firstInView(belongs) {
    const { messages } = this;
    let at = messages.length;
    while (at > 0 && belongs(messages[at - 1])) at -= 1;
    const first = messages[at]?.message_id;
    const entry = first === undefined ? null : this.#bubbleOf(first)?.element;
    if (!entry) return undefined;
    const { top, bottom } = this.#log.getBoundingClientRect();
    const entry_px = entry.getBoundingClientRect().top;
    return entry_px > top - END_PX && entry_px < bottom ? first : undefined;
  }

  /** @param {number} messageId */
  #bubbleOf(messageId) {
    return this.#bubbles.get(this.#keys.get(messageId) ?? "");
  }

  /**
   * Mark the first unread message; undefined for none.
   *
   * @param {number} [messageId]
   */
  markUnread(messageId) {
    this.#unread?.markUnread(false);
    this.#unread = (messageId === undefined ? null : this.#bubbleOf(messageId)) ?? null;
    this.#unread?.markUnread(true);
  }

  /** The first message of the bubble that is marked; undefined for none. */
  get marked() {
    return this.#unread?.messages[0].message_id ?? undefined;
  }

  /** Is the mark in view? */
  get seesMark() {
    if (this.#unread === null) return false;
    const { top, bottom } = this.#log.getBoundingClientRect();
    const mark_px = this.#unread.element.getBoundingClientRect().top;
    return mark_px > top - END_PX && mark_px < bottom;
  }

  /** Scroll to the mark, where more stands below it than the page holds. */
  readFromMark() {
    this.readFrom(this.marked);
  }

  /**
   * Take the newest page as complete from its first message on: what is missing was deleted.
   *
   * @param {number[]} known Ids that were known when it was asked for; later ones it cannot have.
   * @param {Message[]} messages The page.
   */
  replace(known, messages) {
    const oldest = messages[0]?.message_id ?? 0;
    const kept = new Set(messages.map((message) => message.message_id));
    const gap = known.length > 0 && messages.length > 0 && oldest > known[known.length - 1] + 1;
    this.remove(known.filter((id) => !kept.has(id) && (gap || id >= oldest)));
    this.merge(messages);
  }

  /**
   * Put earlier messages above without moving what is being read.
   *
   * @param {Message[]} messages
   */
  prepend(messages) {
    this.#hold(this.#entries.querySelector("article"), () => this.merge(messages));
  }

  /**
   * Leave an element where it is on the screen, unless it goes.
   *
   * @param {Element|null} held
   * @param {() => void} change
   */
  #hold(held, change) {
    const top = () => (held?.isConnected ? held.getBoundingClientRect().top : 0);
    const before = top();
    this.#log.classList.add("steady"); // no scroll anchoring by the browser meanwhile
    change();
    if (held?.isConnected) this.#log.scrollTop += top() - before;
    this.#log.classList.remove("steady");
  }

  /** The entry at the top of what is seen; null where none is, or something lies over it. */
  get #firstSeen() {
    const { left, top, width } = this.#log.getBoundingClientRect();
    const there = document.elementFromPoint(left + width / 2, top + FIRST_PX);
    return there?.closest(".entry") ?? null;
  }

  /** Show another chat: nothing of this one is left. */
  clear() {
    this.markUnread();
    this.remove(this.ids);
    this.setPending(new Map(), () => []);
    this.#stuck = true;
  }

  /**
   * Take deleted messages out.
   *
   * @param {number[]} ids
   */
  remove(ids) {
    const held = this.#follows() ? null : this.#firstSeen;
    this.#hold(held, () => this.#change(() => this.#forget(ids)));
  }

  /** @param {number[]} ids */
  #forget(ids) {
    for (const id of ids) {
      const key = this.#keys.get(id);
      this.#messages.delete(id);
      this.#ids = null;
      this.#keys.delete(id);
      if (key === undefined) continue;
      this.#members.get(key)?.delete(id);
      this.#show(key);
    }
  }

  /**
   * Say that the bot has these messages, or not yet.
   *
   * @param {number[]} ids
   * @param {Message["state"]} state
   */
  setState(ids, state) {
    this.merge(this.#known(ids).map((message) => ({ ...message, state })));
  }

  /**
   * Show what is on its way below everything else.
   *
   * @param {Map<string, ShownMessage[]>} pending By client id.
   * @param {(clientId: string) => string[]} urlsOf Addresses of this phone's own pictures.
   */
  setPending(pending, urlsOf) {
    const arrived = new Set([...this.#messages.values()].map((message) => message.client_id));
    this.#change(() => {
      for (const key of [...this.#bubbles.keys()]) {
        const clientId = key.startsWith("p:") ? key.slice(2) : null;
        if (clientId !== null && !pending.has(clientId)) this.#drop(key);
      }
      for (const [clientId, messages] of pending) {
        if (arrived.has(clientId)) continue;
        this.#sources.set(clientId, urlsOf(clientId));
        this.#bubble(`p:${clientId}`).update(messages, this.#sourcesOf);
      }
    });
  }

  /**
   * Show how far an upload is, 0 to 1.
   *
   * @param {string} clientId
   * @param {number} done
   */
  progress(clientId, done) {
    this.#bubbles.get(`p:${clientId}`)?.progress(done);
  }

  /**
   * Bring a message into view; false where it is not known yet.
   *
   * @param {number} messageId
   */
  reveal(messageId) {
    const bubble = this.#bubbleOf(messageId);
    if (!bubble) return false;
    bubble.element.scrollIntoView({ block: "center" });
    bubble.flash();
    return true;
  }

  /** A reader at the end stays there, even if the log shrank before this event came. */
  #scrolled() {
    if (this.#log.clientHeight !== this.#height_px) return;
    this.#stuck = this.#stuck ? this.#follows() : this.atEnd;
  }

  /** A keyboard or a quote took room, or a picture came: the newest message stays in view. */
  #resized() {
    this.#height_px = this.#log.clientHeight;
    if (this.#follows()) this.toEnd();
  }

  /**
   * Does the reader follow the newest message? Moving up counts before its event has come; room
   * that was just taken below does not, nor what went away above.
   */
  #follows() {
    if (!this.#stuck) return false;
    const height_px = Math.max(this.#height_px, this.#log.clientHeight);
    return this.#log.scrollTop >= this.#end_px - 1 || this.#isAtEnd(height_px);
  }

  /** @param {number} height_px */
  #isAtEnd(height_px) {
    return this.#log.scrollHeight - this.#log.scrollTop - height_px < END_PX;
  }

  #sourcesOf = (/** @type {string|null} */ clientId) => this.#sources.get(clientId ?? "") ?? [];

  /**
   * The newer of a fetched message and the known one; a delivered one stays delivered.
   *
   * @param {Message} message
   * @returns {Message}
   */
  #newest(message) {
    const known = this.#messages.get(message.message_id);
    if (!known) return message;
    const newer = (message.edit_date ?? 0) > (known.edit_date ?? 0) ? message : known;
    const delivered = [message, known].some((each) => each.state === "delivered");
    const further = stageOf(message) >= stageOf(known) ? message : known;
    const state = delivered ? "delivered" : newer.state;
    return { ...newer, state, reaction: further.reaction };
  }

  /** @param {Message} message */
  #place(message) {
    const key = message.media_group_id ? `g:${message.media_group_id}` : `m:${message.message_id}`;
    const isNew = !this.#messages.has(message.message_id);
    this.#messages.set(message.message_id, message);
    this.#keys.set(message.message_id, key);
    if (isNew) {
      this.#ids = null;
      this.#members.set(key, (this.#members.get(key) ?? new Set()).add(message.message_id));
      this.#adopt(`p:${message.client_id}`, key);
    }
    return key;
  }

  /** @param {string} pendingKey @param {string} key */
  #adopt(pendingKey, key) {
    const pending = this.#bubbles.get(pendingKey);
    if (!pending || this.#bubbles.has(key)) return;
    this.#bubbles.delete(pendingKey);
    this.#bubbles.set(key, pending);
  }

  /** @param {string} key */
  #show(key) {
    const ids = [...(this.#members.get(key) ?? [])].sort((a, b) => a - b);
    if (ids.length === 0) {
      this.#members.delete(key);
      this.#drop(key);
      return;
    }
    this.#bubble(key).update(this.#known(ids), this.#sourcesOf);
  }

  /** @param {string} key */
  #bubble(key) {
    const bubble = this.#bubbles.get(key) ?? new Bubble(this.#actions);
    this.#bubbles.set(key, bubble);
    return bubble;
  }

  /** @param {string} key */
  #drop(key) {
    const bubble = this.#bubbles.get(key);
    if (bubble) this.#pages.remove(bubble.element);
    this.#bubbles.delete(key);
  }

  /** @param {() => void} mutate */
  #change(mutate) {
    const follows = this.#follows();
    mutate();
    this.#arrange();
    if (follows) this.toEnd();
  }

  #arrange() {
    const bubbles = [...this.#bubbles.values()].sort((a, b) => a.order - b.order || 0);
    this.#pages.arrange(bubbles.map(({ element }) => element));
    bubbles.forEach((bubble, i) => bubble.follow(bubbles[i - 1] ?? null));
  }
}

/** @param {Message} message */
function stageOf({ reaction }) {
  return MARKS.indexOf(reaction ?? "");
}
