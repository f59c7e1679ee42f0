/** What opens in a text on a tap: hidden words, and a long quotation. Knows elements alone. */

import { t } from "./strings.js";

const SHORT_CHARS = 160;
const SHORT_LINES = 3;

/**
 * Hide the words of a `<span>` until it is tapped.
 *
 * @param {HTMLElement} span
 */
export function hideUntilTapped(span) {
  span.className = "spoiler";
  const traits = { role: "button", tabindex: "0", "aria-label": t("hiddenWords") };
  for (const [name, value] of Object.entries(traits)) span.setAttribute(name, value);
  const open = (/** @type {MouseEvent|KeyboardEvent} */ event) => {
    const other = "key" in event && !["Enter", " "].includes(event.key);
    if (other || !span.hasAttribute("role")) return;
    event.preventDefault(); // a link inside opens with the next tap
    for (const name of Object.keys(traits)) span.removeAttribute(name);
  };
  span.addEventListener("click", open);
  span.addEventListener("keydown", open);
}

/**
 * Fold a long `<blockquote>` to its first lines, with a button that shows all of it.
 *
 * @param {HTMLElement} quotation
 */
export function fold(quotation) {
  const text = quotation.textContent;
  if (text.length <= SHORT_CHARS && text.split("\n").length <= SHORT_LINES) return;
  const inside = document.createElement("div");
  inside.className = "folded";
  inside.append(...quotation.childNodes);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "unfold";
  const show = (/** @type {boolean} */ open) => {
    inside.classList.toggle("folded", !open);
    button.setAttribute("aria-expanded", String(open));
    button.textContent = t(open ? "showLess" : "showMore");
  };
  button.addEventListener("click", () => show(inside.classList.contains("folded")));
  show(false);
  quotation.append(inside, button);
}
