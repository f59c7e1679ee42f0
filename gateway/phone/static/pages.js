/**
 * The chat's entries in the document, grouped into pages: a browser skips drawing those that are far
 * away. They stay in the document for its search and for screen readers. Knows elements and their order; must not know messages.
 */

import { element } from "./elements.js";

const ENTRIES = 25; // of a page: few enough to draw at once as it comes near

export class Pages {
  /** @type {HTMLElement} */
  #place;
  #measure = new ResizeObserver((seen) => {
    for (const { target } of seen) this.#settle(/** @type {HTMLElement} */ (target));
  });

  /** @param {HTMLElement} place Where the pages go. */
  constructor(place) {
    this.#place = place;
  }

  /**
   * Put these entries here in this order; those in their place are not touched.
   *
   * @param {HTMLElement[]} entries
   */
  arrange(entries) {
    /** @type {HTMLElement|null} */
    let previous = null;
    for (const entry of entries) {
      if (!this.#follows(entry, previous)) this.#insert(entry, previous);
      previous = entry;
    }
  }

  /**
   * Take an entry out.
   *
   * @param {HTMLElement} entry
   */
  remove(entry) {
    const page = entry.parentElement;
    entry.remove();
    if (page?.childElementCount === 0) page.remove();
  }

  /** @param {HTMLElement} entry @param {HTMLElement|null} previous */
  #follows(entry, previous) {
    if (entry.previousElementSibling !== null) return entry.previousElementSibling === previous;
    const before = entry.parentElement?.previousElementSibling;
    return before !== undefined && (before?.lastElementChild ?? null) === previous;
  }

  /** @param {HTMLElement} entry @param {HTMLElement|null} previous */
  #insert(entry, previous) {
    const old = entry.parentElement;
    const page = previous?.parentElement ?? null;
    const fits = page !== null && (previous?.nextElementSibling !== null || !isFull(page));
    if (fits) previous?.after(entry);
    else this.#pageAfter(page).prepend(entry);
    if (old?.childElementCount === 0) old.remove();
  }

  /**
   * The page behind this one, or the first; a new one where it has no room.
   *
   * @param {Element|null} page
   */
  #pageAfter(page) {
    const next = page === null ? this.#place.firstElementChild : page.nextElementSibling;
    if (next !== null && !isFull(next)) return next;
    const made = element("div", { class: "page" });
    this.#place.insertBefore(made, next);
    this.#measure.observe(made);
    return made;
  }

  /**
   * A full page was drawn, so its height is known: from now on it is drawn only when it is near.
   *
   * @param {HTMLElement} page
   */
  #settle(page) {
    if (!isFull(page)) return;
    this.#measure.unobserve(page);
    page.style.containIntrinsicBlockSize = `auto ${page.offsetHeight}px`;
    page.classList.add("settled");
  }
}

/** @param {Element} page */
function isFull(page) {
  return page.childElementCount >= ENTRIES;
}
