/** The message that the bot pinned above the open chat. Knows how it looks; must not know the chat. */

/** @import { Quote } from "../types.js" */

import { byId } from "./elements.js";
import { withSigns } from "./signs.js";
import { t } from "./strings.js";

export class Pinned {
  /** @type {Quote|null} */
  #shown = null;

  /** @param {(messageId: number) => void} onTap The reader wants to see it in its place. */
  constructor(onTap) {
    byId("pinned").addEventListener("click", () => this.#shown && onTap(this.#shown.message_id));
  }

  /**
   * Show a message; null for none.
   *
   * @param {Quote|null} message
   */
  show(message) {
    this.#shown = message;
    byId("pinned").hidden = message === null;
    if (message === null) return;
    const text = message.text || t(message.photo ? "picture" : "file");
    byId("pinned-text").replaceChildren(...withSigns(text));
  }

  /**
   * Is it one of these messages?
   *
   * @param {number[]} ids
   */
  isAmong(ids) {
    return this.#shown !== null && ids.includes(this.#shown.message_id);
  }
}
