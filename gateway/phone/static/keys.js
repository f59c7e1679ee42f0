/**
 * Keys of a desktop that do what a tap does, while nothing is typed and nothing lies over the chat.
 *
 * Knows keys and where they count. Must not know what they do, but for saying which there are.
 */

import { topmost } from "./back.js";
import { tell } from "./dialogs.js";
import { within } from "./elements.js";
import { t } from "./strings.js";

const FIELDS = "input, textarea, select, [contenteditable]";

/**
 * Let keys act; `?` says which there are.
 *
 * @param {Record<string, () => unknown>} actions By key.
 */
export function takeKeys(actions) {
  /** @type {Record<string, () => unknown>} */
  const all = { ...actions, "?": () => tell(t("keysTold")) };
  addEventListener("keydown", (event) => {
    const held = event.ctrlKey || event.metaKey || event.altKey || event.isComposing;
    if (held || topmost() || within(event.target, FIELDS) || !Object.hasOwn(all, event.key)) return;
    event.preventDefault();
    all[event.key]();
  });
}
