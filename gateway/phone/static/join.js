/** The join page: a code from the link or typed, a name, one button. */

/** @import { Word } from "./strings.js" */

import { Refused, join, leave } from "./api.js";
import { sentenceOf } from "./dialogs.js";
import { byId } from "./elements.js";
import { forgetUnsent, startSession } from "./outbox.js";
import { language, offerLanguages, t, translatePage } from "./strings.js";

const code = byId("code");
const name = byId("name");
const fault = byId("join-error");

function readLink() {
  code.value = decodeURIComponent(location.hash.slice(1));
  byId("code-field").hidden = code.value !== "";
  (code.value ? name : code).focus();
}

/** @param {SubmitEvent} event */
async function submit(event) {
  event.preventDefault();
  if (isMissing(code, "codeMissing") || isMissing(name, "nameMissing")) return;
  checking(true);
  fault.textContent = "";
  try {
    await join(code.value.trim(), name.value.trim(), language);
    startSession();
    history.replaceState(null, "", "/join"); // the code is used up; nobody needs to see it
    location.replace("/");
  } catch (error) {
    refuse(error);
  }
}

/**
 * Ask for a field that is empty.
 *
 * @param {HTMLInputElement} field
 * @param {Word} words
 */
function isMissing(field, words) {
  if (field.value.trim()) return false;
  complain(t(words), field);
  return true;
}

/** @param {boolean} on */
function checking(on) {
  byId("go").disabled = on;
  byId("go").textContent = t(on ? "checkingCode" : "join");
}

/** @param {unknown} error */
function refuse(error) {
  checking(false);
  if (!(error instanceof Refused)) {
    fault.textContent = sentenceOf(error);
    return;
  }
  byId("code-field").hidden = false;
  complain(error.message || t("wentWrong"), code);
}

/** @param {string} text @param {HTMLInputElement} field */
function complain(text, field) {
  fault.textContent = text;
  field.setAttribute("aria-invalid", "true");
  field.focus();
}

/** Whose phone this is, and the way out for whoever is not that person. */
function showWhoIsHere() {
  const here = document.getElementById("signed-in");
  if (here === null) return;
  byId("signed-in-words").textContent = t("signedInHere", here.dataset);
  byId("join").hidden = true; // whoever opens an invite of their own stays who they are
  byId("not-mine").addEventListener("click", async () => {
    try {
      await leave();
      await forgetUnsent();
      here.remove();
      byId("join").hidden = false;
      (code.value ? name : code).focus();
    } catch (error) {
      fault.textContent = sentenceOf(error);
    }
  });
  byId("not-mine").disabled = false; // before this a tap would be lost
}

translatePage();
showWhoIsHere();
offerLanguages(byId("languages"));
/** @type {Record<string, () => string>} */
const NOTICES = {
  "?ended": () => t("sessionEnded"),
  // the window that a phone opens by itself for a captive portal keeps no session
  "?portal": () => t("portalNote", { url: `${location.origin}/join` }),
};
byId("notice").textContent = NOTICES[location.search]?.() ?? "";
byId("notice").hidden = !NOTICES[location.search];
byId("join").addEventListener("submit", submit);
// until now the browser would have sent the form itself, with name and code in the address
byId("go").disabled = false;
for (const field of [code, name]) {
  field.addEventListener("input", () => field.removeAttribute("aria-invalid"));
}
addEventListener("hashchange", readLink);
readLink();
