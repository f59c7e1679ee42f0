/**
 * The buttons that a bot offers in the place of the phone's keyboard: each sends its words.
 *
 * Knows how they look and whether they are folded away. Must not know what the words mean.
 */

/** @import { OfferedKeyboard } from "../types.js" */

import { byId, element } from "./elements.js";

const USED = "edgerad.keyboard"; // the message whose one-time buttons were used

export class Keyboard {
  #place = byId("keyboard");
  #fold = byId("keyboard-fold");
  #shown = "null";
  /** @type {string|null} */
  #placeholder = null;
  #onText;
  #onFold;

  /**
   * @param {(text: string) => void} onText Receives the words of the button that was pressed.
   * @param {(placeholder: string|null) => void} onFold Receives what the field beside the buttons
   *   shall say, null for nothing of its own.
   */
  constructor(onText, onFold) {
    this.#onText = onText;
    this.#onFold = onFold;
    this.#fold.addEventListener("click", () => this.#unfold(Boolean(this.#place.hidden)));
  }

  /**
   * Offer these buttons; null, or none in it, for none.
   *
   * @param {OfferedKeyboard|null} keyboard
   */
  show(keyboard) {
    const offered = keyboard !== null && keyboard.rows.length > 0 ? keyboard : null;
    const shown = JSON.stringify(offered);
    if (this.#shown === shown) return;
    this.#shown = shown;
    this.#placeholder = offered?.placeholder ?? null;
    this.#fold.hidden = offered === null;
    const rows = offered ? offered.rows.map((row) => this.#row(row, offered)) : [];
    this.#place.replaceChildren(...rows);
    this.#unfold(offered !== null && localStorage.getItem(USED) !== String(offered.message_id));
  }

  /** @param {string[]} texts @param {OfferedKeyboard} offered */
  #row(texts, offered) {
    const press = (/** @type {string} */ text) => {
      if (offered.one_time) {
        localStorage.setItem(USED, String(offered.message_id));
        this.#unfold(false);
      }
      this.#onText(text);
    };
    const buttons = texts.map((text) =>
      element("button", { type: "button", onclick: () => press(text) }, text),
    );
    return element("div", { class: "button-row" }, ...buttons);
  }

  /** @param {boolean} open */
  #unfold(open) {
    this.#place.hidden = !open;
    this.#fold.setAttribute("aria-expanded", String(open));
    this.#onFold(open ? this.#placeholder : null);
  }
}
