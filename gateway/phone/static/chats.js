/**
 * The chats that the reader is in: their own with the bot, and groups. Knows which one is open and
 * where something new is; must not know messages.
 */

/** @import { HistoryPage } from "../types.js" */

import { byId, element, within } from "./elements.js";
import { readUpTo } from "./news.js";
import { t } from "./strings.js";

const OPEN = "edgerad.chat";

export class Chats {
  /**
   * The group that is open, by its id; null is the reader's own chat.
   *
   * @type {number|null}
   */
  open = Number(sessionStorage.getItem(OPEN)) || null;
  #own = "EdgeRad";
  /** @type {HistoryPage["chats"]} */
  #groups = [];
  /** @type {Set<number|null>} */
  #news = new Set(); // ids of chats with something new
  #onOpen;

  /** @param {(left: number|null) => void} onOpen Another chat is open; receives which was before. */
  constructor(onOpen) {
    this.#onOpen = onOpen;
  }

  /** What a request about the open chat says of it. */
  get range() {
    return this.open === null ? {} : { chat: this.open };
  }

  /**
   * Take what the gateway says: the bot's name, and the groups with their newest message.
   *
   * @param {string} botName
   * @param {HistoryPage["chats"]} groups
   */
  update(botName, groups) {
    this.#own = botName;
    this.#groups = groups;
    for (const { chat_id: id, newest_id: newest } of groups) {
      if (newest > readUpTo(id, 0)) this.#news.add(id);
    }
    this.#show();
  }

  /**
   * Go to a chat.
   *
   * @param {number|null} id
   */
  go(id) {
    if (id === this.open) return;
    const left = this.open;
    this.open = id;
    if (id === null) sessionStorage.removeItem(OPEN);
    else sessionStorage.setItem(OPEN, String(id));
    this.#show();
    this.#onOpen(left);
  }

  /**
   * Something new is in a chat that is not open.
   *
   * @param {number|null} id
   */
  mark(id) {
    this.#news.add(id);
    this.#show();
  }

  /**
   * What a chat is called.
   *
   * @param {number|null} id
   */
  titleOf(id) {
    return this.#groups.find((each) => each.chat_id === id)?.title ?? this.#own;
  }

  #show() {
    this.#news.delete(this.open);
    byId("bot-name").textContent = this.titleOf(this.open);
    const ids = [null, ...this.#groups.map(({ chat_id: id }) => id)];
    const shown = JSON.stringify(ids.map((id) => this.#lookOf(id)));
    const place = byId("chats");
    place.hidden = ids.length === 1;
    if (place.dataset.shown === shown) return;
    place.dataset.shown = shown;
    const hadFocus = place.contains(document.activeElement);
    place.replaceChildren(...ids.map((id) => this.#button(id)));
    if (hadFocus) within(place.querySelector("[aria-current]"), "button")?.focus();
  }

  /** @param {number|null} id */
  #lookOf(id) {
    return { title: this.titleOf(id), open: id === this.open, news: this.#news.has(id) };
  }

  /** @param {number|null} id */
  #button(id) {
    const { title, open, news } = this.#lookOf(id);
    const traits = {
      type: "button",
      onclick: () => this.go(id),
      "aria-current": open ? "true" : null,
      "aria-label": news ? `${title}, ${t("unread")}` : null,
    };
    const mark = news ? element("span", { class: "dot" }) : null;
    return element("button", traits, element("span", { class: "chat-title" }, title), mark);
  }
}
