/**
 * The bot's signs as drawings of the page's own: not every phone or screen has emoji.
 *
 * Knows signs and drawings. Must not know messages. How urgent something is shows by shape as well as
 * by colour. A sign stays in the text, so that it is copied, found and read out.
 */

import { element, icon } from "./elements.js";

/** @type {Record<string, string>} */
const URGENCIES = {
  critical: "critical",
  urgent: "urgent",
  not_stated: "not-stated",
  routine: "routine",
  not_medical: "not-medical",
};
/** @type {Record<string, string>} */
const DRAWINGS = {
  "🔴": URGENCIES.critical,
  "🟠": URGENCIES.urgent,
  "🟡": URGENCIES.not_stated,
  "🟢": URGENCIES.routine,
  "⚪": URGENCIES.not_medical,
  "⚠": "warning",
  "⏳": "waiting",
  "🕓": "waiting",
  "✖": "close",
  "✓": "sent",
  "✗": "close",
  "☑": "ticked",
  "☒": "crossed",
  "✅": "answered",
  "👌": "answered",
  "👀": "reading",
  "👁": "reading",
  "✋": "hand",
  "🔔": "bell",
  "✏": "pen",
  "↩": "reply",
  "◀": "before",
  "▶": "after",
  "🌫": "blur",
  "✨": "glare",
  "🌑": "dark",
  "◽": "pale",
  "✂": "cut-off",
  "🔍": "too-small",
  "📐": "tilted",
  "🖥": "waves",
  "👆": "finger",
  "2\ufe0f\u20e3": "two-films",
};
const SIGN = new RegExp(`(?:${Object.keys(DRAWINGS).join("|")})\ufe0f?`, "gu");

/**
 * A text, with each sign drawn.
 *
 * @param {string} text
 * @returns {(string|Node)[]}
 */
export function withSigns(text) {
  const parts = [];
  let at = 0;
  for (const { 0: sign, index } of text.matchAll(SIGN)) {
    parts.push(text.slice(at, index), signOf(sign));
    at = index + sign.length;
  }
  parts.push(text.slice(at));
  return parts.filter((part) => part !== "");
}

/**
 * How urgent a case is.
 *
 * @param {string} urgency
 */
export function urgencySign(urgency) {
  return drawing(URGENCIES[urgency] ?? URGENCIES.not_stated);
}

/** @param {string} sign */
function signOf(sign) {
  const name = DRAWINGS[sign] ?? DRAWINGS[sign.replace("\ufe0f", "")];
  return element("span", { class: "sign" }, element("span", { class: "sr-only" }, sign), drawing(name));
}

/** @param {string} name */
function drawing(name) {
  const drawn = icon(name);
  drawn.classList.add("sign-drawing");
  return drawn;
}
