/**
 * The day of the messages at the top, while older ones are read: in the bar, where it covers nothing.
 *
 * Knows where entries stand and of which day they say they are. Must not know messages.
 */

import { byId } from "./elements.js";
import { dayOf } from "./strings.js";

const SHOWN_MS = 1_500;
const BELOW_TOP_PX = 24;
const AT_END_PX = 48;

/**
 * Show it while this scrolls.
 *
 * @param {HTMLElement} log
 */
export function showDayOf(log) {
  const pill = byId("day-pill");
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let ending;
  let waits = false;

  const show = () => {
    waits = false;
    const { left, top, width } = log.getBoundingClientRect();
    const there = document.elementFromPoint(left + width / 2, top + BELOW_TOP_PX);
    /** @type {HTMLElement|null} */
    const entry = there?.closest(".entry") ?? null;
    const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < AT_END_PX;
    if (entry === null || isAtEnd) return; // between two entries, the day stays as it is
    pill.textContent = dayOf(Number(entry.dataset.date));
    pill.hidden = false;
    clearTimeout(ending);
    ending = setTimeout(() => {
      pill.hidden = true;
    }, SHOWN_MS);
  };

  const scrolled = () => {
    const isLed = log.classList.contains("led");
    log.classList.remove("led");
    if (isLed) return; // nobody scrolls
    if (!waits) requestAnimationFrame(show);
    waits = true;
  };
  log.addEventListener("scroll", scrolled, { passive: true });
}
