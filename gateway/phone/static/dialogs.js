/** Dialogs, questions and passing words. Knows `<dialog>`; must not know the chat. */

/** @import { Word } from "./strings.js" */

import { byId, within } from "./elements.js";
import { withSigns } from "./signs.js";
import { t } from "./strings.js";

const TOAST_MS = 4_000;
/** @type {ReturnType<typeof setTimeout>|undefined} */
let toastTimer;

/**
 * Open a dialog that its `data-close` buttons and a tap beside it close.
 *
 * @param {HTMLDialogElement} dialog
 */
export function openSheet(dialog) {
  if (!dialog.dataset.ready) {
    dialog.dataset.ready = "yes";
    dialog.addEventListener("click", ({ target }) => {
      if (target === dialog || within(target, "[data-close]")) dialog.close();
    });
  }
  dialog.showModal();
}

/**
 * Say something that needs an OK.
 *
 * @param {string} text
 */
export function tell(text) {
  return ask(text, t("ok"), null);
}

/**
 * Ask something.
 *
 * @param {string} text The question.
 * @param {string} yes Words of the button that agrees.
 * @param {string|null} no Words of the other button; null for none.
 * @returns {Promise<boolean>} True where the reader agreed.
 */
export function ask(text, yes, no) {
  const dialog = byId("question");
  byId("question-text").replaceChildren(...withSigns(text));
  byId("question-yes").textContent = yes;
  byId("question-no").textContent = no ?? "";
  byId("question-no").hidden = no === null;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((done) => {
    dialog.addEventListener("close", () => done(dialog.returnValue === "yes"), { once: true });
  });
}

/**
 * What went wrong, in the gateway's words where it has any.
 *
 * @param {unknown} error
 * @param {Word} otherwise
 */
export function sentenceOf(error, otherwise = "unreachable") {
  return (error instanceof Error && error.message) || t(otherwise);
}

/**
 * Say something in passing.
 *
 * @param {string} text
 */
export function toast(text) {
  const place = byId("toast");
  place.replaceChildren(...withSigns(text));
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => {
    place.textContent = "";
  }, TOAST_MS);
}
