/**
 * The list that a case was opened from, beside the chat where the screen is wide.
 *
 * Knows how it looks, and its keys. Must not know what a press does.
 */

/** @import { BubbleActions, Message } from "../types.js" */

import { Bubble } from "./bubble.js";
import { byId, element, icon, within } from "./elements.js";
import { t } from "./strings.js";

const STEPS = new Map([
  ["ArrowUp", -1],
  ["ArrowDown", 1],
]);

/**
 * Make the place for a list; few need it, so it comes with the first.
 *
 * @param {BubbleActions} actions
 */
export async function openBeside(actions) {
  const sheet = element("link", { rel: "stylesheet", href: "/static/beside.css" });
  const styled = new Promise((done) => sheet.addEventListener("load", done));
  document.head.append(sheet);
  await styled;
  return new Beside(actions);
}

export class Beside {
  #list = element("div", { class: "beside-list" });
  #title = element("h2", { id: "beside-title" });
  #close = element(
    "button",
    { type: "button", class: "icon-button", onclick: () => this.close() },
    icon("close"),
  );
  #place = element(
    "aside",
    { id: "beside", class: "beside", hidden: true, "aria-labelledby": "beside-title" },
    element("header", { class: "beside-bar" }, this.#title, this.#close),
    this.#list,
  );
  #actions;
  /** @type {Bubble|null} */
  #bubble = null;
  #opened = "";

  /** @param {BubbleActions} actions */
  constructor(actions) {
    this.#actions = actions;
    this.#place.addEventListener("keydown", (event) => this.#key(event));
    byId("split").prepend(this.#place);
  }

  /**
   * A row of a message was opened: the message is to stay.
   *
   * @param {Message} message
   * @param {string} data The row's button's.
   */
  keep(message, data) {
    this.#opened = data;
    this.#title.textContent = t("listBeside");
    this.#close.setAttribute("aria-label", t("close"));
    if (this.#shown !== message.message_id) {
      this.#bubble = new Bubble(this.#actions);
      this.#list.replaceChildren(this.#bubble.element);
      this.#place.hidden = false;
    }
    this.#show(message);
  }

  /**
   * Messages changed, or came.
   *
   * @param {Message[]} messages
   */
  update(messages) {
    const changed = messages.find(({ message_id: id }) => id === this.#shown);
    if (changed) this.#show(changed);
  }

  /**
   * These messages are gone.
   *
   * @param {number[]} ids
   */
  remove(ids) {
    if (this.#shown !== null && ids.includes(this.#shown)) this.close();
  }

  /** Go into it by keys. */
  focus() {
    const rows = this.#rows;
    (rows.find((row) => row.dataset.opens === this.#opened) ?? rows[0])?.focus();
  }

  /** Show no list. */
  close() {
    if (this.#place.contains(document.activeElement)) byId("log").focus();
    this.#place.hidden = true;
    this.#bubble = null;
    this.#list.replaceChildren();
  }

  get #shown() {
    return this.#bubble?.messages[0].message_id ?? null;
  }

  /** @returns {HTMLElement[]} */
  get #rows() {
    return [...this.#list.querySelectorAll("button.listed-open")].filter(
      (row) => row instanceof HTMLElement,
    );
  }

  /** @param {Message} message */
  #show(message) {
    this.#bubble?.update([message], () => []);
    for (const row of this.#rows) {
      if (row.dataset.opens === this.#opened) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = STEPS.get(event.key);
    if (event.key === "Escape") this.close();
    else if (step) {
      const rows = this.#rows;
      const at = rows.findIndex((row) => row === within(document.activeElement, "button"));
      rows[Math.min(Math.max(at + step, 0), rows.length - 1)]?.focus();
    } else return;
    event.preventDefault();
  }
}
